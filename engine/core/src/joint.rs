//! Several readings of one program, taken together: disagreement widens ranges, and nothing is averaged.
//!
//! The interval of a rule is the smallest that holds its intervals in all readings. A rule that applies in some of them
//! only, or is waived in some only, counts as a rule of which it is not known whether it applies: with `[0, 1]`. Points,
//! levels and verdict follow from these findings as from any others, so that no low end lies above that of any reading.

use crate::finding::{Degree, Finding, Message, Outcome};
use crate::plugin::PluginError;
use crate::pointer::Pointer;
use crate::rulebook::Rulebook;
use crate::score::{self, DimensionScore};
use crate::scorecard::Scorecard;
use crate::verdict::{self, Verdict, Word};
use crate::words::Words;
use std::collections::BTreeSet;

/// What comes out of several readings of one program, taken together.
#[derive(Debug, Clone)]
pub struct Joint {
    /// What is recommended, and why.
    pub verdict: Verdict,
    /// The result for each dimension, in the pack's order.
    pub dimensions: Vec<DimensionScore>,
    /// What each rule found, over all readings.
    pub findings: Vec<Finding>,
}

impl Rulebook {
    /// Takes the scorecards of several readings of one program together. They have to be of this rulebook.
    pub fn joint(&self, readings: &[Scorecard], words: &dyn Words) -> Joint {
        let findings: Vec<&[Finding]> = readings.iter().map(|card| &*card.findings).collect();
        let differs = "The readings do not agree on this";
        let mut findings = hull(&findings, &|_| Message {
            said: Some(words.word(differs).to_owned()),
            ..Message::plain(differs)
        });
        self.sort(&mut findings);
        let mut dimensions = self.scores_in(&findings, words);
        for card in readings {
            // What is to be checked in one reading buys nothing here either.
            score::lower(&mut dimensions, &card.dimensions);
        }
        let failures: Vec<&PluginError> = readings.iter().flat_map(|card| &card.failures).collect();
        let silent: BTreeSet<&str> = failures.iter().map(|one| one.plugin.as_str()).collect();
        let silent: Vec<&str> = silent.into_iter().collect();
        let own: Vec<Word> = readings.iter().map(|card| card.verdict.word).collect();
        let decided = verdict::decide(&findings, &dimensions, &silent, words);
        let verdict = verdict::decide_jointly(decided, &own, words);
        Joint {
            verdict,
            dimensions,
            findings,
        }
    }
}

/// The findings of several readings as one list: each rule once, in the order in which it is first met. `differs` says
/// what a finding says on which the readings do not agree.
pub(crate) fn hull(
    readings: &[&[Finding]],
    differs: &dyn Fn(&[&Finding]) -> Message,
) -> Vec<Finding> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut joint = Vec::new();
    for finding in readings.iter().copied().flatten() {
        if !seen.insert(&finding.rule) {
            continue;
        }
        let own = readings.iter().filter_map(|findings| {
            let mut findings = findings.iter();
            findings.find(|one| one.rule == finding.rule)
        });
        let own: Vec<&Finding> = own.collect();
        joint.push(joined(finding, &own, readings.len(), differs));
    }
    joint
}

/// One rule over `readings` readings, first met as `first`; a reading that has no finding for it leaves it open.
fn joined(
    first: &Finding,
    own: &[&Finding],
    readings: usize,
    differs: &dyn Fn(&[&Finding]) -> Message,
) -> Finding {
    // The reading with the least degree speaks for what is shown of the rule.
    let lowest = own.iter().copied().fold(first, |low, one| {
        if one.degree.low < low.degree.low {
            one
        } else {
            low
        }
    });
    let alike = |one: &&Finding| {
        one.outcome == lowest.outcome
            && one.degree == lowest.degree
            && one.waiver == lowest.waiver
            && one.kind == lowest.kind
    };
    let counted = own.iter().filter(|one| counts(one)).count();
    let mut joint = lowest.clone();
    for other in own {
        for (own, others) in [
            (&mut joint.missing, &other.missing),
            (&mut joint.imprecise, &other.imprecise),
        ] {
            let known: BTreeSet<&Pointer> = own.iter().collect();
            let fresh = others.iter().filter(|path| !known.contains(path));
            let fresh: Vec<_> = fresh.cloned().collect();
            own.extend(fresh);
        }
        let known = joint.evidence.iter().map(|known| known.path.clone());
        let mut known: BTreeSet<Pointer> = known.collect();
        let fresh = other.evidence.iter();
        let fresh = fresh.filter(|evidence| known.insert(evidence.path.clone()));
        joint.evidence.extend(fresh.cloned());
        joint.looked_at.extend(other.looked_at.iter().cloned());
    }
    if own.len() == readings && own.iter().all(alike) {
        return joint;
    }
    joint.remedy.clear();
    joint.message = differs(own);
    if own.len() == readings && counted == 0 {
        // Waived where it applies, and it counts nowhere.
        joint.degree = own
            .iter()
            .fold(lowest.degree, |all, one| all.or(one.degree));
        return joint;
    }
    joint.waiver = None;
    joint.degree = if counted == readings {
        own.iter()
            .fold(lowest.degree, |all, one| all.or(one.degree))
    } else {
        Degree::OPEN
    };
    joint.error = own.iter().find_map(|one| one.error.clone());
    joint.outcome = if own.iter().any(|one| one.outcome == Outcome::Error) {
        Outcome::Error
    } else {
        joint.degree.outcome().unwrap_or(Outcome::Unknown)
    };
    joint
}

/// Whether it is asked in this reading and counts.
fn counts(finding: &Finding) -> bool {
    finding.outcome != Outcome::NotApplicable && finding.waiver.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::tests::sample;
    use crate::rule::Severity;
    use proptest::prelude::*;

    fn together(readings: &[Vec<Finding>]) -> Vec<Finding> {
        let readings: Vec<&[Finding]> = readings.iter().map(Vec::as_slice).collect();
        hull(&readings, &|_| Message::plain("differs"))
    }

    fn absent(rule: &str) -> Finding {
        let mut finding = sample(rule, Degree::OPEN);
        finding.outcome = Outcome::NotApplicable;
        finding
    }

    #[test]
    fn the_interval_holds_every_reading_and_what_applies_in_some_only_is_open() {
        let known = |degree: f64| vec![sample("ethics/x", Degree::known(degree))];
        let silent = vec![absent("ethics/x")];
        for (readings, outcome, low, high) in [
            (vec![known(0.25), known(0.25)], Outcome::Partly, 0.25, 0.25),
            (vec![known(1.0), known(0.25)], Outcome::Unknown, 0.25, 1.0),
            (vec![known(1.0), silent.clone()], Outcome::Unknown, 0.0, 1.0),
            (vec![known(1.0), Vec::new()], Outcome::Unknown, 0.0, 1.0),
            (
                vec![silent.clone(), silent],
                Outcome::NotApplicable,
                0.0,
                1.0,
            ),
        ] {
            let joint = together(&readings);
            let [one] = joint.as_slice() else {
                panic!("one rule, not {joint:?}")
            };
            let found = (one.outcome, one.degree.low, one.degree.high);
            assert_eq!(found, (outcome, low, high), "{readings:?}");
        }
    }

    #[test]
    fn what_fails_in_one_reading_has_failed() {
        let mut failed = sample("ethics/x", Degree::OPEN);
        failed.outcome = Outcome::Error;
        failed.error = Some("too long".to_owned());
        let joint = together(&[vec![sample("ethics/x", Degree::known(1.0))], vec![failed]]);
        assert!(joint.iter().all(Finding::is_failure), "{joint:?}");
        assert_eq!(joint[0].error.as_deref(), Some("too long"));
    }

    /// A finding by a number: not applicable, or a degree; critical or not.
    fn drawn(index: usize, (kind, degree, critical): (u8, f64, bool)) -> Finding {
        let rule = format!("ethics/r{index}");
        let mut finding = match kind {
            0 => absent(&rule),
            1 => sample(
                &rule,
                Degree {
                    low: degree / 2.0,
                    high: degree,
                },
            ),
            _ => sample(&rule, Degree::known(degree)),
        };
        if critical {
            finding.severity = Severity::Critical;
            finding.weight = 4.0;
        }
        finding
    }

    proptest! {
        /// Points of a dimension over all readings: never above the low end of one, nor below its high end.
        #[test]
        fn the_joint_range_holds_the_range_of_every_reading(
            grave in proptest::collection::vec(any::<bool>(), 1..6),
            drawn_all in proptest::collection::vec(
                proptest::collection::vec((0..4_u8, 0.0..=1.0_f64), 6), 1..4),
        ) {
            let readings: Vec<Vec<Finding>> = drawn_all
                .iter()
                .map(|one| {
                    let rules = grave.iter().zip(one).enumerate();
                    rules
                        .map(|(index, (grave, (kind, degree)))| drawn(index, (*kind, *degree, *grave)))
                        .collect()
                })
                .collect();
            let dimension = crate::pack::Dimension {
                id: "ethics".to_owned(),
                title: "Ethics".to_owned(),
                weight: 1.0,
                about: String::new(),
            };
            let score = |findings: &[Finding]| {
                let settings = crate::settings::Settings::default();
                let scores = score::dimensions(
                    findings, std::slice::from_ref(&dimension), &settings, &BTreeSet::new());
                (scores[0].low, scores[0].high, scores[0].level_low, scores[0].level_high)
            };
            let (low, high, level_low, level_high) = score(&together(&readings));
            for own in &readings {
                let (own_low, own_high, own_level_low, own_level_high) = score(own);
                if own_low.is_some() {
                    prop_assert!(low <= own_low && own_high <= high);
                    prop_assert!(level_low <= own_level_low && own_level_high <= level_high);
                }
            }
        }
    }
}
