//! Asking one rule: once if every fact it needs is there; otherwise for each possible value of the missing truth
//! values and enumerations, so that what can really come out is known.

use crate::finding::{Degree, Message, Outcome};
use crate::pointer::Pointer;
use crate::rule::facts::{Facts, Run, Stop};
use crate::rule::helpers::Answer;
use crate::rule::script::{Halt, Script};
use crate::rulebook::Rulebook;
use rhai::Map;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// At most so many combinations of values are tried for one rule.
const COMBINATIONS: usize = 64;

/// One rule, asked of one proposal.
pub(super) struct Question<'a> {
    pub(super) book: &'a Rulebook,
    pub(super) script: &'a Script,
    pub(super) param: &'a Map,
    pub(super) facts: &'a Arc<Facts>,
}

/// What came out.
pub(super) struct Answered {
    pub(super) outcome: Outcome,
    pub(super) degree: Degree,
    pub(super) message: Message,
    pub(super) missing: Vec<Pointer>,
    pub(super) evidence: Vec<Pointer>,
    pub(super) looked_at: BTreeSet<Pointer>,
    pub(super) error: Option<String>,
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
    missing: Vec<Pointer>,
    evidence: Option<Vec<Pointer>>,
    looked_at: BTreeSet<Pointer>,
}

impl Question<'_> {
    pub(super) fn ask(&self) -> Answered {
        let mut explored = Explored::default();
        self.explore(&[], 1, &mut explored);
        explored.conclude()
    }

    fn explore(&self, assumed: &[(Pointer, Value)], width: usize, explored: &mut Explored) {
        let run = Arc::new(Run::new(Arc::clone(self.facts), assumed.to_vec()));
        let result = self.book.interpreter.applies(self.script, &run, self.param);
        let asking_applies = result.is_err();
        let read_before = run.reads();
        let result = match result {
            Ok(false) => Ok(None),
            Ok(true) => self
                .book
                .interpreter
                .check(self.script, &run, self.param)
                .map(Some),
            Err(halt) => Err(halt),
        };
        explored.looked_at.extend(run.looked_at());
        // What was read last decided; what only decided that the question arises comes after.
        explored.evidence.get_or_insert_with(|| {
            let evidence = run.evidence();
            let (asked, answered) = evidence.split_at(read_before.min(evidence.len()));
            answered.iter().rev().chain(asked).cloned().collect()
        });
        match result {
            Ok(None) => explored.ends.push(End::NotApplicable),
            Ok(Some(answer)) => {
                explored.name(&answer.missing);
                explored.ends.push(End::Answer(answer));
            }
            Err(Halt::Failed(reason)) => explored.ends.push(End::Failed(reason)),
            Err(Halt::Stopped(Stop::Unavailable(reason))) => {
                explored.ends.push(End::Unavailable(reason));
            }
            Err(Halt::Stopped(Stop::Missing { at, field, named })) => {
                explored.name(&named);
                let schema = self.facts.schema();
                let values = field
                    .map(|field| schema.field(field).possible_values())
                    .unwrap_or_default();
                // A derived fact cannot be assumed: its inputs decide it.
                let derived = at.as_str().starts_with("/derived/");
                if values.is_empty() || derived || width * values.len() > COMBINATIONS {
                    explored.ends.push(End::Open {
                        applies: asking_applies,
                    });
                    return;
                }
                let width = width * values.len();
                for value in values {
                    let mut assumed = assumed.to_vec();
                    assumed.push((at.clone(), value));
                    self.explore(&assumed, width, explored);
                }
            }
        }
    }
}

impl Explored {
    fn name(&mut self, missing: &[Pointer]) {
        for path in missing {
            if !self.missing.contains(path) {
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
        Answered {
            outcome,
            degree,
            message,
            missing: if open { self.missing } else { Vec::new() },
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
            return (
                outcome,
                degree,
                self.naming("Comes out the same, whatever the answer to: {missing}"),
            );
        }
        // Where it is open whether the question arises at all, anything can come out.
        let mut degree: Option<Degree> = None;
        // Only a run in which nothing was assumed may speak: it quotes what the proposal says.
        let said = match self.ends.as_slice() {
            [End::Answer(answer)] if !answer.message.template.is_empty() => {
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
        let message = said.unwrap_or_else(|| self.naming("Not known yet: {missing}"));
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

    /// A message that names what is missing.
    fn naming(&self, template: &str) -> Message {
        let names = self
            .missing
            .iter()
            .map(|path| Value::String(path.dotted()))
            .collect();
        Message {
            template: template.to_owned(),
            args: vec![("missing".to_owned(), Value::Array(names))],
            ..Message::default()
        }
    }
}
