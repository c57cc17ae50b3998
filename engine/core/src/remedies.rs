//! What rules propose, tried: each change is made on a copy and judged, and what does not help is not shown.

use crate::document::Document;
use crate::finding::{Change, End, Finding, Outcome, TOLERANCE};
use crate::pointer::Pointer;
use crate::rule::Severity;
use crate::rulebook::Rulebook;
use crate::scorecard::Scorecard;
use evenhand_document::change::set;
use serde_json::{Value, json};
use std::collections::BTreeSet;

mod decisive;

/// Partners of the host's side whose word is tried.
const PARTNERS: usize = 4;
/// Answers of one finding that are tried one by one.
const ANSWERS: usize = 12;

/// What came of trying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rules whose remedy is shown, as they proposed it.
    pub shown: Vec<String>,
    /// Rules of which a confirmation by the host's side is the remedy.
    pub confirmations: Vec<String>,
    /// Rules whose remedy is not shown, and why.
    pub dropped: Vec<(String, Dropped)>,
}

/// Why a remedy is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dropped {
    /// The proposal would not fit the schema, or a plugin would refuse it.
    Refused,
    /// The rule is met no better.
    NoGain,
    /// A critical rule would fail.
    Fails(String),
    /// Another remedy that is shown sets the same answer otherwise.
    Contradicts(String),
}

impl Rulebook {
    /// Tries what the findings of a scorecard propose, and leaves on it what helps: nothing that the schema or a plugin refuses,
    /// that gains nothing, makes a critical rule fail, or contradicts what gains more. Where only a confirmation by the host's side is
    /// missing, that is the remedy. What would change the verdict most is then named by what came of trying.
    pub fn try_remedies(&self, proposal: &Document, card: &mut Scorecard) -> Tally {
        let mut tally = Tally::default();
        let mut kept: Vec<(usize, f64)> = Vec::new();
        for (index, finding) in card.findings.iter().enumerate() {
            if finding.remedy.is_empty() {
                continue;
            }
            match self.gain(proposal, &card.findings, finding, &finding.remedy) {
                Ok(gain) => kept.push((index, gain)),
                Err(why) => tally.dropped.push((finding.rule.clone(), why)),
            }
        }
        let contradicted = contradictions(&card.findings, &mut kept);
        tally.dropped.extend(contradicted);
        for (rule, _) in &tally.dropped {
            let findings = card.findings.iter_mut();
            for finding in findings.filter(|finding| finding.rule == *rule) {
                finding.remedy.clear();
            }
        }
        tally.shown = kept
            .iter()
            .filter_map(|(index, _)| Some(card.findings.get(*index)?.rule.clone()))
            .collect();
        for (index, change) in self.confirmations(proposal, &card.findings) {
            if let Some(finding) = card.findings.get_mut(index) {
                finding.remedy = vec![change];
                tally.confirmations.push(finding.rule.clone());
            }
        }
        card.verdict.would_help = self.what_decides(proposal, card);
        tally
    }

    /// How much better a finding is after some changes.
    fn gain(
        &self,
        proposal: &Document,
        findings: &[Finding],
        finding: &Finding,
        changes: &[Change],
    ) -> Result<f64, Dropped> {
        let changed = changed(proposal, changes).ok_or(Dropped::Refused)?;
        if !self.check_document(&changed).is_empty() {
            return Err(Dropped::Refused);
        }
        let critical: BTreeSet<&str> = findings
            .iter()
            .filter(|found| found.severity == Severity::Critical)
            .map(|found| found.rule.as_str())
            .collect();
        let wanted = |id: &str| id == finding.rule || critical.contains(id);
        let after = self.evaluate_where(&changed, wanted);
        if !after.problems.is_empty() {
            return Err(Dropped::Refused);
        }
        let fails = |found: &&Finding| {
            let mut before = findings.iter().filter(|before| before.rule == found.rule);
            let newly =
                |end| found.fails_gate(end) && !before.clone().any(|before| before.fails_gate(end));
            newly(End::Low)
                || newly(End::High)
                || (found.outcome == Outcome::Error
                    && before.any(|before| before.outcome != Outcome::Error))
        };
        if let Some(failed) = after.findings.iter().find(fails) {
            return Err(Dropped::Fails(failed.rule.clone()));
        }
        let mut own = after
            .findings
            .iter()
            .filter(|found| found.rule == finding.rule);
        let gain = own.next().map_or(0.0, worth) - worth(finding);
        if gain > TOLERANCE {
            Ok(gain)
        } else {
            Err(Dropped::NoGain)
        }
    }

    /// For findings without a remedy, what the host's side would have to confirm, by the place of the finding.
    fn confirmations(&self, proposal: &Document, findings: &[Finding]) -> Vec<(usize, Change)> {
        if self.schema.find("attestations").is_none() {
            return Vec::new();
        }
        let mut host = self.host_side(&self.facts(proposal));
        host.sort();
        host.dedup();
        let mut found: Vec<(usize, Change)> = Vec::new();
        for partner in host.iter().take(PARTNERS) {
            let everything = everything(proposal.value());
            let Some(changed) = changed(proposal, &[attestation(proposal, partner, &everything)])
            else {
                continue;
            };
            // One judgement says which findings wait for a confirmation at all.
            let after = self.evaluate(&changed);
            for (index, finding) in findings.iter().enumerate() {
                let open = matches!(finding.outcome, Outcome::Partly | Outcome::Unmet)
                    && finding.remedy.is_empty()
                    && found.iter().all(|(known, _)| *known != index);
                let mut own = after
                    .findings
                    .iter()
                    .filter(|after| after.rule == finding.rule);
                let rises = own
                    .next()
                    .is_some_and(|after| worth(after) > worth(finding) + TOLERANCE);
                if open && rises {
                    let change = self.fewest(proposal, findings, finding, partner);
                    found.extend(change.map(|change| (index, change)));
                }
            }
        }
        found
    }

    /// The fewest answers that a partner would have to confirm for a finding to be better: one if one will do.
    fn fewest(
        &self,
        proposal: &Document,
        findings: &[Finding],
        finding: &Finding,
        partner: &str,
    ) -> Option<Change> {
        let derived = Pointer::root().key("derived");
        let given = finding.evidence.iter();
        let given: Vec<String> = given
            .filter(|fact| {
                !derived.contains(&fact.path) && fact.path.of(proposal.value()).is_some()
            })
            .map(|fact| fact.path.dotted())
            .take(ANSWERS)
            .collect();
        let ways = given.iter().map(|path| vec![path.clone()]);
        let ways = ways.chain((given.len() > 1).then(|| given.clone()));
        let changes = ways.map(|paths| attestation(proposal, partner, &paths));
        let mut best: Option<(f64, Change)> = None;
        for change in changes {
            let changes = std::slice::from_ref(&change);
            if let Ok(gain) = self.gain(proposal, findings, finding, changes)
                && best
                    .as_ref()
                    .is_none_or(|(most, _)| gain > most + TOLERANCE)
            {
                best = Some((gain, change));
            }
        }
        best.map(|(_, change)| change)
    }
}

/// The least that a finding is worth; what does not apply costs nothing.
fn worth(finding: &Finding) -> f64 {
    match finding.outcome {
        Outcome::NotApplicable => 1.0,
        Outcome::Error => 0.0,
        _ => finding.degree.low,
    }
}

/// A copy with some changes; nothing where one of them has no place.
fn changed(proposal: &Document, changes: &[Change]) -> Option<Document> {
    let mut value = proposal.value().clone();
    for change in changes {
        set(&mut value, &change.path, change.value.clone()).ok()?;
    }
    Some(Document::from_value(proposal.name(), value))
}

/// Takes out of `kept` what contradicts something that gains more: what fails a gate goes first, then what gains most points.
fn contradictions(findings: &[Finding], kept: &mut Vec<(usize, f64)>) -> Vec<(String, Dropped)> {
    let of = |index: usize| findings.get(index);
    kept.sort_by(|(a, gained), (b, gains)| {
        let rank = |index: usize, gain: f64| {
            let finding = of(index);
            let stops = finding.is_some_and(|finding| finding.fails_gate(End::High));
            (stops, finding.map_or(0.0, |finding| finding.weight * gain))
        };
        let (one, other) = (rank(*a, *gained), rank(*b, *gains));
        other
            .0
            .cmp(&one.0)
            .then(other.1.total_cmp(&one.1))
            .then(a.cmp(b))
    });
    let mut dropped = Vec::new();
    let mut shown: Vec<usize> = Vec::new();
    kept.retain(|(index, _)| {
        let Some(finding) = of(*index) else {
            return false;
        };
        let against = shown.iter().filter_map(|index| of(*index));
        let against = against
            .clone()
            .find(|other| contradict(&finding.remedy, &other.remedy));
        if let Some(other) = against {
            let why = Dropped::Contradicts(other.rule.clone());
            dropped.push((finding.rule.clone(), why));
            return false;
        }
        shown.push(*index);
        true
    });
    dropped
}

/// Whether two remedies set one answer to different values, or one sets a part of what the other replaces.
fn contradict(one: &[Change], other: &[Change]) -> bool {
    one.iter().any(|change| {
        other.iter().any(|against| {
            if change.path == against.path {
                change.value != against.value
            } else {
                change.path.contains(&against.path) || against.path.contains(&change.path)
            }
        })
    })
}

/// The entry by which a partner stands behind some answers.
fn attestation(proposal: &Document, partner: &str, covers: &[String]) -> Change {
    let entry = json!({ "by": partner, "covers": covers });
    let at = Pointer::root().key("attestations");
    match at.of(proposal.value()).and_then(Value::as_array) {
        Some(entries) => Change {
            path: at.index(entries.len()),
            value: entry,
        },
        None => Change {
            path: at,
            value: json!([entry]),
        },
    }
}

/// Every group of a proposal, by its name.
fn everything(proposal: &Value) -> Vec<String> {
    let groups = proposal.as_object().into_iter().flatten();
    groups.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::words::English;

    /// What is shown and dropped with a script and a proposal.
    fn tally(script: &str, proposal: Value) -> (Tally, Vec<Change>) {
        let book = sample::book(&[
            ("ethics/long-stay.rhai", "", script),
            ("ethics/gate.md", "", &sample::PAGE.replace("major", "critical").replace("Stays are long", "Gate").replace("param", "x").replace("xs:\n  least: { default: 8, basis: default, about: \"Weeks that count in full\" }\n", "")),
            ("ethics/gate.rhai", "", "fn check(program, param) { if program.weeks > 30 { unmet(\"too long\") } else { met(\"x\") } }"),
        ]);
        assert_eq!(book.broken().len(), 0, "{:?}", book.broken());
        let document = Document::from_value("p", proposal);
        let mut card = book.judge_in(&document, &English);
        let tally = book.try_remedies(&document, &mut card);
        let own = card
            .findings
            .into_iter()
            .find(|found| found.rule == "ethics/long-stay");
        (tally, own.map(|found| found.remedy).unwrap_or_default())
    }

    fn script(remedy: &str) -> String {
        format!(
            "fn check(program, param) {{ if program.weeks >= param.least {{ met(\"x\") }} else {{ unmet(\"y\") }} }}\nfn remedy(program, param) {{ {remedy} }}"
        )
    }

    #[test]
    fn what_helps_is_shown_and_what_does_not_is_left_out() {
        for (remedy, why) in [
            ("[set(\"weeks\", param.least)]", None),
            ("[set(\"weeks\", 3)]", Some(Dropped::NoGain)),
            ("[set(\"mode\", \"virtual\")]", Some(Dropped::NoGain)),
            ("[set(\"weeks\", 53)]", Some(Dropped::Refused)),
            (
                "[set(\"weeks\", 40)]",
                Some(Dropped::Fails("ethics/gate".to_owned())),
            ),
        ] {
            let (tally, shown) = tally(&script(remedy), json!({ "weeks": 2, "mode": "in_person" }));
            let found = tally.dropped.into_iter().map(|(_, why)| why).next();
            assert_eq!(found, why, "{remedy}");
            assert_eq!(shown.is_empty(), why.is_some(), "{remedy}");
        }
    }

    #[test]
    fn of_two_that_contradict_each_other_the_one_that_gains_more_stays() {
        let finding = |rule: &str, weight: f64, path: &str, value: i32| {
            let degree = crate::finding::Degree::known(0.0);
            let mut finding = crate::finding::tests::sample(rule, degree);
            finding.weight = weight;
            finding.remedy = vec![Change {
                path: Pointer::from_json(path),
                value: json!(value),
            }];
            finding
        };
        let findings = [
            finding("a/light", 1.0, "/weeks", 8),
            finding("a/heavy", 3.0, "/weeks", 9),
            finding("a/same", 1.0, "/weeks", 9),
            finding("a/below", 1.0, "/weeks/x", 9),
            finding("a/other", 1.0, "/week", 1),
        ];
        let mut kept: Vec<(usize, f64)> = (0..findings.len()).map(|index| (index, 1.0)).collect();
        let dropped = contradictions(&findings, &mut kept);
        let by = Dropped::Contradicts("a/heavy".to_owned());
        assert_eq!(
            dropped,
            [
                ("a/light".to_owned(), by.clone()),
                ("a/below".to_owned(), by)
            ]
        );
        let kept: Vec<usize> = kept.into_iter().map(|(index, _)| index).collect();
        assert_eq!(kept, [1, 2, 4]);
    }

    #[test]
    fn where_only_a_confirmation_is_missing_it_is_the_remedy() {
        let book = sample::book(&[
            (
                "pack.toml",
                "name = \"small\"",
                "name = \"small\"\nhost_side = \"hosts\"",
            ),
            ("lib/hosts.rhai", "", "fn hosts(program) { [\"host\"] }\n"),
            (
                "schema.json",
                "\"weeks\":",
                "\"attestations\": { \"type\": \"array\", \"items\": { \"type\": \"object\" } }, \"weeks\":",
            ),
            (
                "ethics/long-stay.rhai",
                "",
                "fn check(program, param) { if program.weeks >= param.least && \"host\" in program.attested_by(\"weeks\") { met(\"x\") } else { unmet(\"y\") } }\nfn remedy(program, param) { [set(\"weeks\", param.least)] }",
            ),
        ]);
        assert_eq!(book.broken().len(), 0, "{:?}", book.broken());
        for (before, path, value) in [
            (
                json!({ "weeks": 9 }),
                "/attestations",
                json!([{ "by": "host", "covers": ["weeks"] }]),
            ),
            (
                json!({ "weeks": 9, "attestations": [{ "by": "host", "covers": ["mode"] }] }),
                "/attestations/1",
                json!({ "by": "host", "covers": ["weeks"] }),
            ),
        ] {
            let document = Document::from_value("p", before);
            let mut card = book.judge_in(&document, &English);
            let tally = book.try_remedies(&document, &mut card);
            assert_eq!(tally.confirmations, ["ethics/long-stay"]);
            let path = Pointer::from_json(path);
            assert_eq!(card.findings[0].remedy, [Change { path, value }]);
        }
    }
}
