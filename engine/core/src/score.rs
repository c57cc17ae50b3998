//! From findings to ranges, levels and a verdict.
//!
//! For each dimension, over the rules that apply, with weight w and degree s in 0..=1: the low end is
//! 100 · Σ w·s / Σ w with the least s that can come out, the high end the same with the greatest. There is no score "over what is known": leaving a fact out must never help.

use crate::finding::{End, Finding, TOLERANCE};
pub use crate::level::Level;
use crate::level::Levels;
use crate::pack::Dimension;
use crate::settings::Settings;
use crate::words::{English, Words};
use std::collections::BTreeSet;

/// The result for one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionScore {
    /// The dimension's id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Whether any of its rules was evaluated.
    pub state: State,
    /// Whole points 0..=100 in the worst case; none if no rule with a weight was evaluated.
    pub low: Option<u8>,
    /// Whole points in the best case.
    pub high: Option<u8>,
    /// Level in the worst case.
    pub level_low: Option<Level>,
    /// Level in the best case.
    pub level_high: Option<Level>,
    /// The share of the weight that is settled, 0..=1: a range of 0.2 to 0.6 counts for 0.6 of its rule's weight.
    pub completeness: f64,
    /// Points under which the board asks for revision.
    pub threshold: f64,
    /// The critical rule that caps it, in the worst case.
    pub capped_by: Option<String>,
    /// Whether rules of it were disabled, waived, or left without a weight, by settings. A prompt is no rule.
    pub withdrawn: bool,
    /// Why the board lets it go unjudged.
    pub not_judged: Option<String>,
    /// Whether the board shows no numbers of it.
    pub no_numbers: bool,
    /// Whether a range of levels is written from the best to the worst.
    pub best_first: bool,
}

/// Whether a dimension was judged at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// At least one of its rules was evaluated.
    Judged,
    /// None was.
    NotJudged,
}

impl State {
    /// The word for it, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::NotJudged => "not_judged",
        }
    }
}

impl DimensionScore {
    /// The level, where both ends agree.
    pub fn level(&self) -> Option<Level> {
        self.level_low.filter(|low| Some(*low) == self.level_high)
    }

    /// The level in words: `poor`, or `poor to mixed`.
    pub fn level_words(&self) -> String {
        self.level_words_in(&English)
    }

    /// The level in the words of a language.
    pub fn level_words_in(&self, locale: &dyn Words) -> String {
        match (self.level_low, self.level_high) {
            (Some(low), Some(high)) if low == high => low.text_in(locale).to_owned(),
            (Some(low), Some(high)) => {
                let (first, last) = if self.best_first {
                    (high, low)
                } else {
                    (low, high)
                };
                locale.say(
                    "{low} to {high}",
                    &[
                        ("low", first.text_in(locale)),
                        ("high", last.text_in(locale)),
                    ],
                )
            }
            _ => locale.word("not asked").to_owned(),
        }
    }

    /// The points at both ends, where the board shows them.
    pub fn shown(&self) -> Option<(u8, u8)> {
        self.low.zip(self.high).filter(|_| !self.no_numbers)
    }

    /// Whether it has no points, or nothing of them is settled.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.low.is_none() || self.completeness <= 0.0
    }

    /// Points at one end.
    pub fn points(&self, end: End) -> Option<u8> {
        match end {
            End::Low => self.low,
            End::High => self.high,
        }
    }
}

/// Scores every dimension, in the order of the pack; `withdrawn` are those of which settings took rules away.
pub fn dimensions(
    findings: &[Finding],
    dimensions: &[Dimension],
    settings: &Settings,
    withdrawn: &BTreeSet<String>,
) -> Vec<DimensionScore> {
    dimensions
        .iter()
        .map(|dimension| {
            let evaluated: Vec<&Finding> = findings
                .iter()
                .filter(|finding| finding.dimension == dimension.id && finding.is_evaluated())
                .collect();
            let low = at(End::Low, &evaluated, &settings.levels);
            let high = at(End::High, &evaluated, &settings.levels);
            DimensionScore {
                id: dimension.id.clone(),
                title: dimension.title.clone(),
                state: if evaluated.is_empty() {
                    State::NotJudged
                } else {
                    State::Judged
                },
                low: low.map(|(points, _)| points),
                high: high.map(|(points, _)| points),
                level_low: low.map(|(_, level)| level),
                level_high: high.map(|(_, level)| level),
                completeness: completeness(&evaluated),
                threshold: settings.threshold(&dimension.id),
                capped_by: evaluated
                    .iter()
                    .find(|finding| finding.fails_gate(End::Low))
                    .map(|f| f.rule.clone()),
                withdrawn: withdrawn.contains(&dimension.id)
                    || findings.iter().any(|finding| {
                        finding.dimension == dimension.id
                            && finding.kind == "rule"
                            && finding.waiver.is_some()
                    }),
                not_judged: settings.not_judged.get(&dimension.id).cloned(),
                no_numbers: settings.hidden.contains(&dimension.id),
                best_first: settings.names.best_first,
            }
        })
        .collect()
}

/// Takes the lower end of several scores of one proposal: an answer that is to be checked buys nothing.
pub(crate) fn lower(scores: &mut [DimensionScore], others: &[DimensionScore]) {
    for score in scores {
        let Some(other) = others.iter().find(|other| other.id == score.id) else {
            continue;
        };
        let (Some(low), Some(level)) = (other.low, other.level_low) else {
            continue;
        };
        if score.low.is_none_or(|own| low < own) {
            score.low = Some(low);
            score.capped_by = score.capped_by.take().or_else(|| other.capped_by.clone());
        }
        if score.level_low.is_none_or(|own| level < own) {
            score.level_low = Some(level);
        }
        if score.high.is_none() {
            score.state = other.state;
            score.high = other.high;
            score.level_high = other.level_high;
        }
        score.completeness = score.completeness.min(other.completeness);
    }
}

/// Points and level at one end; nothing where no rule has a weight and none fails.
///
/// A critical rule caps whatever its weight is. Where only such rules are left, there is nothing to take the mean of:
/// then the capped end is 0, and an end that is still open 100.
fn at(end: End, evaluated: &[&Finding], levels: &Levels) -> Option<(u8, Level)> {
    let weight: f64 = evaluated.iter().map(|finding| finding.weight).sum();
    let fails = |end: End| evaluated.iter().any(|finding| finding.fails_gate(end));
    let mean = if weight > 0.0 {
        let sum: f64 = evaluated
            .iter()
            .map(|finding| finding.weight * end.of(finding.degree))
            .sum();
        100.0 * sum / weight
    } else if fails(End::Low) {
        if fails(end) { 0.0 } else { 100.0 }
    } else {
        return None;
    };
    Some(settled(mean, fails(end), levels))
}

/// The share of the weight that is settled; of nothing, all.
fn completeness(evaluated: &[&Finding]) -> f64 {
    let weight: f64 = evaluated.iter().map(|finding| finding.weight).sum();
    let settled: f64 = evaluated
        .iter()
        .map(|finding| finding.weight * (1.0 - (finding.degree.high - finding.degree.low)))
        .sum();
    if weight > 0.0 { settled / weight } else { 1.0 }
}

/// Whole points, rounded down so that a number shown never reaches a threshold the score does not.
fn points(score: f64) -> u8 {
    // A hair above the floor is the rounding of sums, not a point.
    let whole = (score + TOLERANCE).floor().clamp(0.0, 100.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100"
    )]
    let whole = whole as u8;
    whole
}

/// Points and level of a mean in 0..=100, under a cap where there is one.
pub(crate) fn settled(mean: f64, capped: bool, levels: &Levels) -> (u8, Level) {
    if capped {
        let points = points(mean).min(points(levels.cap()));
        (points, levels.lowest())
    } else {
        let points = points(mean);
        (points, levels.of(f64::from(points)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::tests::sample;
    use crate::finding::{Degree, Outcome};
    use crate::rule::Severity;
    use proptest::prelude::*;

    fn ethics() -> Vec<Dimension> {
        vec![Dimension {
            id: "ethics".to_owned(),
            title: "Ethics".to_owned(),
            weight: 1.0,
            about: String::new(),
        }]
    }

    fn score(findings: &[Finding]) -> DimensionScore {
        let mut scores = dimensions(findings, &ethics(), &Settings::default(), &BTreeSet::new());
        assert_eq!(scores.len(), 1);
        scores.remove(0)
    }

    fn known(degree: f64) -> Finding {
        sample("ethics/x", Degree::known(degree))
    }

    #[test]
    fn points_are_weighted_means_of_degrees() {
        let mut minor = known(0.0);
        minor.weight = 1.0;
        let of = |findings: &[Finding]| {
            let score = score(findings);
            (score.low, score.high, score.level_words())
        };
        let (good, mixed, poor) = ("good".to_owned(), "mixed".to_owned(), "poor".to_owned());
        assert_eq!(of(&[known(1.0)]), (Some(100), Some(100), good));
        // (3 · 1 + 1 · 0) / 4
        assert_eq!(
            of(&[known(1.0), minor.clone()]),
            (Some(75), Some(75), "good".to_owned())
        );
        assert_eq!(of(&[known(0.5)]), (Some(50), Some(50), mixed));
        assert_eq!(of(&[minor]), (Some(0), Some(0), poor));
        assert_eq!(of(&[]), (None, None, "not asked".to_owned()));
        // What is open widens the range: 3 · (0.5 to 1) and 3 · 0.
        let open = sample(
            "ethics/open",
            Degree {
                low: 0.5,
                high: 1.0,
            },
        );
        assert_eq!(
            of(&[open, known(0.0)]),
            (Some(25), Some(50), "poor to mixed".to_owned())
        );
    }

    #[test]
    fn points_never_reach_what_the_score_does_not() {
        assert_eq!(
            (points(69.999), points(70.0), points(69.999_999_999_9)),
            (69, 70, 70)
        );
        assert_eq!((points(-1.0), points(101.0)), (0, 100));
    }

    #[test]
    fn prompts_and_what_does_not_arise_do_not_count() {
        let mut prompt = sample("ethics/prompt", Degree::OPEN);
        prompt.kind = "prompt";
        let mut elsewhere = known(0.0);
        elsewhere.dimension = "equity".to_owned();
        let mut absent = sample("ethics/absent", Degree::OPEN);
        absent.outcome = Outcome::NotApplicable;
        let mut info = known(0.0);
        info.weight = 0.0;
        let score = score(&[prompt, elsewhere, absent, info, known(1.0)]);
        assert_eq!(
            (score.low, score.high, score.completeness),
            (Some(100), Some(100), 1.0)
        );
    }

    #[test]
    fn what_failed_is_open_and_not_known() {
        let mut failed = sample("ethics/failed", Degree::OPEN);
        failed.outcome = Outcome::Error;
        let score = score(&[failed, known(1.0)]);
        assert_eq!((score.low, score.high), (Some(50), Some(100)));
        assert!((score.completeness - 0.5).abs() < 1e-12);
        assert_eq!(score.level(), None);
    }

    #[test]
    fn a_failing_critical_rule_caps_each_end_for_itself() {
        let critical = |low, high| {
            let mut finding = sample("ethics/critical", Degree { low, high });
            finding.severity = Severity::Critical;
            finding.weight = 4.0;
            finding
        };
        let others = || (0..20).map(|_| known(1.0)).collect::<Vec<_>>();
        let with = |finding: Finding| {
            let score = score(&[others(), vec![finding]].concat());
            (score.low, score.high, score.capped_by)
        };
        let by = Some("ethics/critical".to_owned());
        assert_eq!(with(critical(0.2, 0.2)), (Some(44), Some(44), by.clone()));
        assert_eq!(with(critical(0.0, 1.0)), (Some(44), Some(100), by));
        // Just above the gate: (60 + 4 · 0.21) / 64.
        assert_eq!(with(critical(0.21, 0.21)), (Some(95), Some(95), None));
    }

    #[test]
    fn a_cap_holds_whatever_the_weight() {
        let critical = |low, high, weight| {
            let mut finding = sample("ethics/critical", Degree { low, high });
            finding.severity = Severity::Critical;
            finding.weight = weight;
            finding
        };
        let with = |findings: &[Finding]| {
            let score = score(findings);
            (score.low, score.high, score.level_words(), score.state)
        };
        let poor = || "poor".to_owned();
        let judged = State::Judged;
        assert_eq!(
            with(&[known(1.0), critical(0.0, 0.0, 0.0)]),
            (Some(44), Some(44), poor(), judged)
        );
        assert_eq!(
            with(&[known(1.0), critical(0.0, 1.0, 0.0)]),
            (Some(44), Some(100), "poor to good".to_owned(), judged)
        );
        // Nothing to take the mean of: the cap alone speaks.
        assert_eq!(
            with(&[critical(0.1, 0.1, 0.0)]),
            (Some(0), Some(0), poor(), judged)
        );
        assert_eq!(
            with(&[critical(0.1, 0.9, 0.0)]),
            (Some(0), Some(100), "poor to good".to_owned(), judged)
        );
        assert_eq!(
            with(&[critical(1.0, 1.0, 0.0)]),
            (None, None, "not asked".to_owned(), judged)
        );
        assert_eq!(
            with(&[]),
            (None, None, "not asked".to_owned(), State::NotJudged)
        );
    }

    #[test]
    fn a_cap_is_the_lowest_level_wherever_the_levels_lie() {
        let mut critical = sample("ethics/critical", Degree::known(0.0));
        critical.severity = Severity::Critical;
        for (mixed, most) in [(0.0, 0), (1.0, 0), (60.0, 59), (100.0, 99)] {
            let mut settings = Settings::default();
            settings.levels.set_bound("good", 100.0);
            settings.levels.set_bound("mixed", mixed);
            let mut findings: Vec<Finding> = (0..900).map(|_| known(1.0)).collect();
            findings.push(critical.clone());
            let score = &dimensions(&findings, &ethics(), &settings, &BTreeSet::new())[0];
            assert_eq!(
                (score.low, score.level()),
                (Some(most), Some(Level::POOR)),
                "{mixed}"
            );
        }
    }

    #[test]
    fn what_is_settled_of_a_range_counts() {
        let open = sample(
            "ethics/open",
            Degree {
                low: 0.2,
                high: 0.6,
            },
        );
        assert!((score(std::slice::from_ref(&open)).completeness - 0.6).abs() < 1e-12);
        assert!((score(&[open, known(1.0)]).completeness - 0.8).abs() < 1e-12);
    }

    fn degrees() -> impl Strategy<Value = Degree> {
        prop_oneof![
            (0.0..=1.0_f64).prop_map(Degree::known),
            (0.0..=1.0_f64, 0.0..=1.0_f64).prop_map(|(a, b)| Degree::known(a).or(Degree::known(b))),
            Just(Degree::OPEN),
        ]
    }

    fn findings() -> impl Strategy<Value = Vec<Finding>> {
        let finding = (degrees(), 0..4_usize).prop_map(|(degree, severity)| {
            let mut finding = sample("ethics/x", degree);
            finding.severity = Severity::ALL[severity];
            finding.weight = finding.severity.weight();
            finding
        });
        proptest::collection::vec(finding, 1..12)
    }

    proptest! {
        #[test]
        fn the_low_end_lies_under_the_high_one(findings in findings()) {
            let score = score(&findings);
            prop_assert!(score.low <= score.high && score.high <= Some(100));
            prop_assert!(score.level_low <= score.level_high);
            prop_assert!((0.0..=1.0).contains(&score.completeness));
        }

        #[test]
        fn the_order_of_findings_does_not_matter(findings in findings(), turn in 0..12_usize) {
            let mut others = findings.clone();
            others.reverse();
            let turn = turn % others.len();
            others.rotate_left(turn);
            let (one, other) = (score(&findings), score(&others));
            prop_assert_eq!((one.low, one.high, one.level_words()), (other.low, other.high, other.level_words()));
        }

        /// To know less of one rule never lifts the low end, and never lowers the high one.
        #[test]
        fn silence_never_helps(findings in findings(), which in 0..12_usize, wider in degrees()) {
            let mut silent = findings.clone();
            let which = which % silent.len();
            silent[which].degree = silent[which].degree.or(wider);
            silent[which].outcome = Outcome::Unknown;
            let (before, after) = (score(&findings), score(&silent));
            prop_assert!(after.low <= before.low && after.level_low <= before.level_low);
            prop_assert!(after.high >= before.high && after.level_high >= before.level_high);
            prop_assert!(after.completeness <= before.completeness);
        }
    }
}
