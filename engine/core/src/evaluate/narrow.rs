//! Asking one rule: once if every fact it needs is there; otherwise for each possible value of the missing truth
//! values and enumerations, and each way in which a comparison of a range comes out, so that what can really come out is known.

use super::runs::{Given, Runs};
use crate::finding::{Degree, Message, Outcome};
use crate::pointer::Pointer;
use crate::rule::facts::{Facts, Stop};
use crate::rule::helpers::Answer;
use crate::rule::script::Halt;
use crate::schema::Schema;
use serde_json::Value;
use std::collections::BTreeSet;

/// At most so many combinations of values and of comparisons are tried for one rule.
const COMBINATIONS: usize = 64;

/// Said where the answers that are missing change nothing.
const SAME: &str = "Whatever the answer, this comes out the same; not known yet: {missing}";
/// Said where they decide.
const OPEN: &str = "Not known yet: {missing}";
/// The same two where the answers that are not known are known to lie in a range.
const SAME_RANGED: &str =
    "Whatever the exact number, this comes out the same; known as a range: {imprecise}";
const OPEN_RANGED: &str = "Not known exactly enough: {imprecise}";
/// And where some are missing and some are ranges.
const SAME_BOTH: &str = "Whatever the answer, this comes out the same; not known yet: {missing}; known as a range: {imprecise}";
const OPEN_BOTH: &str = "Not known yet: {missing}; not known exactly enough: {imprecise}";
/// What is said with the missing facts in it.
pub(crate) const NAMING: [&str; 7] = [
    SAME,
    OPEN,
    SAME_RANGED,
    OPEN_RANGED,
    SAME_BOTH,
    OPEN_BOTH,
    crate::attestation::contested::WHOSE,
];

/// One rule, asked of one proposal.
pub(super) struct Question<'a> {
    pub(super) runs: &'a mut dyn Runs,
    pub(super) schema: &'a Schema,
    pub(super) facts: &'a Facts,
}

/// What came out.
pub(super) struct Answered {
    pub(super) outcome: Outcome,
    pub(super) degree: Degree,
    pub(super) message: Message,
    pub(super) missing: Vec<Pointer>,
    /// Facts that are known as a range, which is not enough.
    pub(super) imprecise: Vec<Pointer>,
    pub(super) evidence: Vec<Pointer>,
    pub(super) looked_at: BTreeSet<Pointer>,
    pub(super) error: Option<String>,
}

/// What a run takes as given: values for missing facts, and how comparisons come out that are not certain.
#[derive(Debug, Clone, Default)]
struct Way {
    assumed: Vec<(Pointer, Value)>,
    decisions: Vec<bool>,
}

/// How one run ended.
#[derive(Debug, PartialEq)]
enum End {
    NotApplicable,
    Answer(Answer),
    /// A fact with too many possible values is missing; whether while asking if the rule applies.
    Open {
        applies: bool,
    },
    Unavailable(String),
    Failed(String),
}

#[derive(Default)]
struct Explored {
    ends: Vec<End>,
    /// How many ways are tried, those still to come included.
    ways: usize,
    /// Whether anything was assumed.
    assumed: bool,
    missing: Vec<Pointer>,
    /// The same again, to look a fact up.
    named: BTreeSet<Pointer>,
    imprecise: Vec<Pointer>,
    evidence: Option<Vec<Pointer>>,
    looked_at: BTreeSet<Pointer>,
}

impl Question<'_> {
    pub(super) fn ask(&mut self) -> Answered {
        let mut explored = Explored {
            ways: 1,
            ..Explored::default()
        };
        self.explore(&Way::default(), 1, false, &mut explored);
        let all = std::mem::take(&mut explored.missing);
        let ranged = |path: &Pointer| self.facts.is_range(path);
        (explored.imprecise, explored.missing) = all.into_iter().partition(ranged);
        explored.conclude()
    }

    /// Asks with some values assumed; `applies` says that the question is known to arise without them.
    fn explore(&mut self, way: &Way, width: usize, applies: bool, explored: &mut Explored) {
        let given = Given {
            assumed: &way.assumed,
            decisions: &way.decisions,
        };
        let ran = self.runs.run(given, applies);
        explored.looked_at.extend(ran.looked_at);
        explored.evidence.get_or_insert(ran.evidence);
        // What `applies` decided of a range is decided again, since it holds for the check as well.
        let arises = if way.decisions.is_empty() {
            !ran.asking
        } else {
            applies
        };
        let asking = ran.asking;
        match ran.result {
            Ok(None) => explored.ends.push(End::NotApplicable),
            Ok(Some(answer)) => {
                explored.name(&answer.missing);
                explored.ends.push(End::Answer(answer));
            }
            Err(Halt::Failed(reason)) => explored.ends.push(End::Failed(reason)),
            Err(Halt::Stopped(Stop::Unavailable(reason))) => {
                explored.ends.push(End::Unavailable(reason));
            }
            Err(Halt::Stopped(Stop::Undecided { named })) => {
                explored.name(&named);
                if !explored.may_part(2) {
                    explored.ends.push(End::Open { applies: asking });
                    return;
                }
                for holds in [true, false] {
                    self.explore(&way.deciding(holds), width, applies, explored);
                }
            }
            Err(Halt::Stopped(Stop::Missing { at, field, named })) => {
                explored.name(&named);
                // A derived fact cannot be assumed: its inputs decide it.
                let derived = at.as_str().starts_with("/derived/");
                let values = field
                    .filter(|_| !derived)
                    .map(|field| self.schema.field(field).possible_values())
                    .unwrap_or_default();
                let width = width * values.len();
                if values.is_empty() || width > COMBINATIONS || !explored.may_part(values.len()) {
                    explored.ends.push(End::Open { applies: asking });
                    return;
                }
                explored.assumed = true;
                for value in values {
                    self.explore(&way.assuming(&at, value), width, arises, explored);
                }
            }
        }
    }
}

impl Way {
    /// The same with a missing fact assumed. Which comparisons are met may be others then, so they are decided anew.
    fn assuming(&self, at: &Pointer, value: Value) -> Self {
        let mut assumed = self.assumed.clone();
        assumed.push((at.clone(), value));
        Self {
            assumed,
            decisions: Vec::new(),
        }
    }

    /// The same with the next comparison that is not certain decided.
    fn deciding(&self, holds: bool) -> Self {
        let mut way = self.clone();
        way.decisions.push(holds);
        way
    }
}

impl Explored {
    /// Whether one way may part into so many.
    fn may_part(&mut self, into: usize) -> bool {
        let ways = (self.ways + into).saturating_sub(1);
        if ways > COMBINATIONS {
            return false;
        }
        self.ways = ways;
        true
    }

    fn name(&mut self, missing: &[Pointer]) {
        for path in missing {
            if !self.named.contains(path) {
                self.named.insert(path.clone());
                self.missing.push(path.clone());
            }
        }
    }

    fn conclude(mut self) -> Answered {
        let evidence = self.evidence.take().unwrap_or_default();
        let failed = self.ends.iter().find_map(|end| match end {
            End::Failed(reason) => Some(reason.clone()),
            _ => None,
        });
        let unavailable = self.ends.iter().find_map(|end| match end {
            End::Unavailable(reason) => Some(reason.clone()),
            _ => None,
        });
        let (outcome, degree, message) = if failed.is_some() {
            let message = Message::plain("This rule failed, so nobody passes it");
            (Outcome::Error, Degree::OPEN, message)
        } else if unavailable.is_some() {
            (
                Outcome::Unknown,
                Degree::OPEN,
                Message::plain("A plugin this rests on gave no answer"),
            )
        } else {
            self.agree()
        };
        // Where every possible value leads to the same finding, nothing that matters is missing.
        let open = matches!(outcome, Outcome::Unknown | Outcome::Error);
        if !open {
            self.missing.clear();
            self.imprecise.clear();
        }
        Answered {
            outcome,
            degree,
            message,
            missing: self.missing,
            imprecise: self.imprecise,
            evidence,
            looked_at: self.looked_at,
            error: failed.or(unavailable),
        }
    }

    /// The finding all runs agree on, or what they leave open.
    fn agree(&self) -> (Outcome, Degree, Message) {
        let first = self.ends.first();
        if first.is_some_and(|first| self.ends.iter().all(|end| end == first)) {
            match first {
                Some(End::NotApplicable) => {
                    return (
                        Outcome::NotApplicable,
                        Degree::OPEN,
                        Message::plain("Does not arise for this program"),
                    );
                }
                Some(End::Answer(answer)) if answer.degree.outcome().is_some() => {
                    let outcome = answer.degree.outcome().unwrap_or(Outcome::Unknown);
                    return (outcome, answer.degree, answer.message.clone());
                }
                _ => {}
            }
        }
        if let Some(degree) = self.common_degree()
            && let Some(outcome) = degree.outcome()
        {
            return (outcome, degree, self.naming([SAME, SAME_RANGED, SAME_BOTH]));
        }
        // Where it is open whether the question arises at all, anything can come out.
        let mut degree: Option<Degree> = None;
        // Only a run in which nothing was assumed may speak: it quotes what the proposal says.
        let said = match self.ends.as_slice() {
            [End::Answer(answer)] if !self.assumed && !answer.message.template.is_empty() => {
                Some(answer.message.clone())
            }
            _ => None,
        };
        for end in &self.ends {
            let here = match end {
                End::Answer(answer) => answer.degree,
                _ => Degree::OPEN,
            };
            degree = Some(degree.map_or(here, |known| known.or(here)));
        }
        let message = said.unwrap_or_else(|| self.naming([OPEN, OPEN_RANGED, OPEN_BOTH]));
        (Outcome::Unknown, degree.unwrap_or(Degree::OPEN), message)
    }

    /// The degree that every run gave, where each gave an answer and the answers differ only in their words.
    fn common_degree(&self) -> Option<Degree> {
        let mut degrees = self.ends.iter().map(|end| match end {
            End::Answer(answer) => Some(answer.degree),
            _ => None,
        });
        let first = degrees.next()??;
        degrees.all(|degree| degree == Some(first)).then_some(first)
    }

    /// A message that names what is missing, what is known as a range only, or both.
    fn naming(&self, templates: [&str; 3]) -> Message {
        let [missing, ranged, both] = templates;
        let names = |paths: &[Pointer]| {
            let names = paths.iter().map(|path| Value::String(path.dotted()));
            Value::Array(names.collect())
        };
        let missing_names = ("missing".to_owned(), names(&self.missing));
        let ranged_names = ("imprecise".to_owned(), names(&self.imprecise));
        let (template, args) = match (self.missing.is_empty(), self.imprecise.is_empty()) {
            (_, true) => (missing, vec![missing_names]),
            (true, false) => (ranged, vec![ranged_names]),
            (false, false) => (both, vec![missing_names, ranged_names]),
        };
        Message {
            template: template.to_owned(),
            args,
            ..Message::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, Format};
    use crate::finding::{Finding, Outcome};
    use crate::sample::scripted;

    const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
      "weeks": { "type": "number" },
      "title": { "type": "string" },
      "agreed": { "type": "boolean" },
      "signed": { "type": "boolean" },
      "mode": { "enum": ["virtual", "in_person", "mixed"] },
      "many": { "enum": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s",
        "t", "u", "v"] },
      "group": { "type": "object", "properties": { "yes": { "type": "boolean" } } } } }"#;

    /// What a rule finds; its script may also have `applies`.
    fn ask(script: &str, proposal: &str) -> Finding {
        let book = scripted(SCHEMA, script);
        assert!(book.broken().is_empty(), "{:?}", book.broken());
        let proposal = Document::parse("p", proposal.as_bytes(), Format::Yaml).unwrap();
        assert_eq!(book.check_document(&proposal), []);
        book.evaluate(&proposal).findings.remove(0)
    }

    #[track_caller]
    fn check(
        script: &str,
        proposal: &str,
        outcome: Outcome,
        low: f64,
        high: f64,
        missing: &[&str],
    ) {
        let found = ask(script, proposal);
        let named: Vec<String> = found.missing.iter().map(ToString::to_string).collect();
        assert_eq!(
            (
                found.outcome,
                found.degree.low,
                found.degree.high,
                named.iter().map(String::as_str).collect::<Vec<_>>()
            ),
            (outcome, low, high, missing.to_vec()),
            "{script}\n{proposal}\n{:?}",
            found.error
        );
    }

    const AGREED: &str =
        r#"if program.agreed { partly(0.8, "Agreed") } else { partly(0.3, "Not agreed") }"#;

    #[test]
    fn a_missing_truth_value_is_tried_both_ways() {
        check(AGREED, "agreed: true", Outcome::Partly, 0.8, 0.8, &[]);
        check(AGREED, "{}", Outcome::Unknown, 0.3, 0.8, &["agreed"]);
        check(
            AGREED,
            "agreed: null",
            Outcome::Unknown,
            0.3,
            0.8,
            &["agreed"],
        );
        // In a group that is not there at all, too.
        let group = r#"if program.group.yes { met("Yes") } else { partly(0.5, "No") }"#;
        check(group, "{}", Outcome::Unknown, 0.5, 1.0, &["group.yes"]);
    }

    #[test]
    fn every_choice_of_an_enumeration_is_tried() {
        let mode = r#"switch program.mode {
            "virtual" => met("Online"), "in_person" => partly(0.4, "There"), _ => partly(0.6, "Both") }"#;
        check(mode, "{}", Outcome::Unknown, 0.4, 1.0, &["mode"]);
        check(mode, "mode: mixed", Outcome::Partly, 0.6, 0.6, &[]);
    }

    #[test]
    fn several_missing_facts_are_tried_together() {
        let both = r#"let points = 0.2;
            if program.agreed { points += 0.3; }
            if program.signed { points += 0.4; }
            partly(points, "So far")"#;
        check(
            both,
            "{}",
            Outcome::Unknown,
            0.2,
            0.9,
            &["agreed", "signed"],
        );
        check(
            both,
            "signed: false",
            Outcome::Unknown,
            0.2,
            0.5,
            &["agreed"],
        );
        // A fact that is only asked for in one branch is named as well.
        let later = r#"if program.agreed { met("Yes") } else if program.signed { partly(0.5, "Half") } else { unmet("No") }"#;
        check(
            later,
            "{}",
            Outcome::Unknown,
            0.0,
            1.0,
            &["agreed", "signed"],
        );
        check(
            later,
            "signed: true",
            Outcome::Unknown,
            0.5,
            1.0,
            &["agreed"],
        );
    }

    #[test]
    fn what_makes_no_difference_is_not_missing() {
        let same = r#"if program.agreed { partly(0.5, "Half") } else { partly(0.5, "Half") }"#;
        check(same, "{}", Outcome::Partly, 0.5, 0.5, &[]);
        // Only the words differ: it is settled, and the message does not pretend to know the fact.
        let words =
            r#"if program.agreed { partly(0.5, "Agreed") } else { partly(0.5, "Not agreed") }"#;
        let found = ask(words, "{}");
        assert_eq!((found.outcome, found.degree.low), (Outcome::Partly, 0.5));
        assert!(
            found
                .message
                .text()
                .contains("comes out the same; not known yet: agreed"),
            "{}",
            found.message.text()
        );
    }

    #[test]
    fn a_missing_number_or_text_leaves_everything_open() {
        check(
            r#"partly(program.weeks / 10, "Weeks")"#,
            "{}",
            Outcome::Unknown,
            0.0,
            1.0,
            &["weeks"],
        );
        check(
            r#"if program.title == "x" { met("") } else { partly(0.9, "") }"#,
            "{}",
            Outcome::Unknown,
            0.0,
            1.0,
            &["title"],
        );
        // In one branch of two: the other branch cannot make up for it.
        let branch =
            r#"if program.agreed { partly(0.5, "") } else { partly(program.weeks / 10, "") }"#;
        check(
            branch,
            "{}",
            Outcome::Unknown,
            0.0,
            1.0,
            &["agreed", "weeks"],
        );
        check(branch, "weeks: 2", Outcome::Unknown, 0.2, 0.5, &["agreed"]);
    }

    #[test]
    fn there_is_an_end_to_trying() {
        // 22 choices by 3 are more than 64: what is asked for later stays open.
        let wide = r#"let many = program.many; let mode = program.mode; partly(0.5, "Either way")"#;
        check(wide, "{}", Outcome::Unknown, 0.0, 1.0, &["many", "mode"]);
        check(wide, "mode: mixed", Outcome::Partly, 0.5, 0.5, &[]);
        let narrow = r#"let mode = program.mode; let a = program.agreed; let b = program.signed; partly(0.5, "So")"#;
        check(narrow, "{}", Outcome::Partly, 0.5, 0.5, &[]);
    }

    #[test]
    fn whether_a_question_arises_may_be_open() {
        let script = r#"fn applies(program, param) { program.mode == "in_person" }
            fn check(program, param) { if program.weeks > 3 { met("Long") } else { unmet("Short") } }"#;
        check(
            script,
            "{ mode: virtual }",
            Outcome::NotApplicable,
            0.0,
            1.0,
            &[],
        );
        check(
            script,
            "{ mode: in_person, weeks: 4 }",
            Outcome::Met,
            1.0,
            1.0,
            &[],
        );
        check(
            script,
            "{ weeks: 4 }",
            Outcome::Unknown,
            0.0,
            1.0,
            &["mode"],
        );
        check(script, "{}", Outcome::Unknown, 0.0, 1.0, &["mode", "weeks"]);
    }

    #[test]
    fn a_rule_that_fails_for_one_value_fails() {
        let script = r#"if program.agreed { met("Yes") } else { unmet("{nobody}", #{}) }"#;
        assert_eq!(ask(script, "agreed: true").outcome, Outcome::Met);
        check(script, "{}", Outcome::Error, 0.0, 1.0, &["agreed"]);
    }

    #[test]
    fn a_finding_looked_at_what_it_missed_and_at_what_would_help() {
        let script = r#"fn check(program, param) { if program.agreed { met("Yes") } else { unmet("No") } }
            fn remedy(program, param) { if program.signed { [set("agreed", true)] } else { [set("mode", "mixed")] } }"#;
        let found = ask(script, "{ agreed: false, signed: false }");
        let looked: Vec<&str> = found
            .looked_at
            .iter()
            .map(crate::pointer::Pointer::as_str)
            .collect();
        assert_eq!(looked, ["/agreed", "/mode", "/signed"]);
        assert_eq!(found.remedy[0].path.as_str(), "/mode");
        // What is so already is no remedy; what would help is not said before more is known.
        assert!(
            ask(script, "{ agreed: false, signed: false, mode: mixed }")
                .remedy
                .is_empty()
        );
        assert!(ask(script, "{ agreed: false }").remedy.is_empty());
    }

    #[test]
    fn what_decided_is_the_first_evidence() {
        let script = r#"fn applies(program, param) { program.mode == "in_person" }
            fn check(program, param) {
                let weeks = program.weeks;
                if program.agreed { met("Yes") } else { unmet("No") }
            }"#;
        let found = ask(script, "{ mode: in_person, weeks: 4, agreed: false }");
        let read: Vec<&str> = found
            .evidence
            .iter()
            .map(|fact| fact.path.as_str())
            .collect();
        assert_eq!(read, ["/agreed", "/weeks", "/mode"]);
    }
}

#[cfg(test)]
mod ranged;
