//! Makes the documents of [`wire`](crate::wire) without writing out every field.

use crate::wire::{Check, Derived, Edit, Evidence, Finding, Outcome, Problem, Reading};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::mem;
use std::ops::Range;

impl Derived {
    /// No facts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `value` at `pointer` of the facts, as resting on the `inputs` of the proposal.
    ///
    /// What is not there on the way is made: an array for a number, else an object. An array is filled with empty objects up to
    /// the index, since arrays of facts run parallel to those of the proposal.
    pub fn fact<S: Into<String>>(
        &mut self,
        pointer: &str,
        value: impl Into<Value>,
        inputs: impl IntoIterator<Item = S>,
    ) {
        let mut facts = Value::Object(mem::take(&mut self.facts));
        put(&mut facts, pointer, value.into());
        if let Value::Object(facts) = facts {
            self.facts = facts;
        }
        let inputs: Vec<String> = inputs.into_iter().map(Into::into).collect();
        if !inputs.is_empty() {
            self.inputs.insert(pointer.to_owned(), inputs);
        }
    }

    /// Notes that the fact at `pointer` could not be computed for want of `inputs`.
    pub fn lacks<S: Into<String>>(&mut self, pointer: &str, inputs: impl IntoIterator<Item = S>) {
        let wanted = self.missing.entry(pointer.to_owned()).or_default();
        for input in inputs.into_iter().map(Into::into) {
            if !wanted.contains(&input) {
                wanted.push(input);
            }
        }
    }
}

/// Walks to `pointer` below `root`, making what is missing, and sets the value there.
fn put(root: &mut Value, pointer: &str, value: Value) {
    let mut place = root;
    for (depth, token) in pointer.split('/').skip(1).enumerate() {
        let key = token.replace("~1", "/").replace("~0", "~");
        let index = key.parse::<usize>().ok();
        if let (Value::Object(object), Some(_)) = (&*place, index)
            && object.is_empty()
            && depth > 0
        {
            *place = Value::Array(Vec::new());
        }
        place = match (place, index) {
            (Value::Array(items), Some(index)) => {
                while items.len() <= index {
                    items.push(Value::Object(Map::new()));
                }
                let Some(item) = items.get_mut(index) else {
                    return;
                };
                item
            }
            (Value::Object(object), _) => object
                .entry(key)
                .or_insert_with(|| Value::Object(Map::new())),
            (other, _) => {
                *other = Value::Object(Map::new());
                let Value::Object(object) = other else { return };
                object
                    .entry(key)
                    .or_insert_with(|| Value::Object(Map::new()))
            }
        };
    }
    *place = value;
}

impl Problem {
    /// Something is wrong at `path`.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
            expected: None,
            suggestion: None,
            value: None,
        }
    }

    /// Says what would be right.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says what was probably meant.
    #[must_use]
    pub fn suggesting(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// Gives the value to write in place of the one that cannot be right.
    #[must_use]
    pub fn writing(mut self, value: impl Into<Value>) -> Self {
        self.value = Some(value.into());
        self
    }
}

impl Check {
    /// Something to check, by its code, with the question that people are asked.
    pub fn new(code: &str, question: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            question: question.into(),
            ..Self::default()
        }
    }

    /// Gives the argument `{name}` of the question.
    #[must_use]
    pub fn arg(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// Names a place that was compared.
    #[must_use]
    pub fn comparing(mut self, path: impl Into<String>) -> Self {
        self.compares.push(path.into());
        self
    }

    /// Names a place that was compared, and counts as not known until this is settled.
    #[must_use]
    pub fn doubting(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.compares.push(path.clone());
        self.doubts.push(path);
        self
    }

    /// Says what may have been meant, and what the proposal would say then at `path`.
    #[must_use]
    pub fn read_as(mut self, says: &str, path: impl Into<String>, value: impl Into<Value>) -> Self {
        let reading = self.reading.get_or_insert_with(|| Reading {
            says: says.to_owned(),
            changes: Vec::new(),
        });
        reading.changes.push(Edit {
            path: path.into(),
            value: value.into(),
        });
        self
    }

    /// What is wrong with it in itself, if anything.
    pub fn check(&self) -> Result<(), String> {
        let words = || self.code.split('-');
        let plain = |word: &str| {
            let mut bytes = word.bytes();
            !word.is_empty() && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if !words().all(plain) {
            return Err(format!(
                "`{}` is no code of a check: small letters and digits with single dashes",
                self.code
            ));
        }
        if self.compares.is_empty() || self.question.is_empty() {
            return Err(format!(
                "the check `{}` says not what it compares, or asks nothing",
                self.code
            ));
        }
        let reads = self.reading.as_ref();
        if self.doubts.is_empty() && reads.is_none_or(|reading| reading.changes.is_empty()) {
            return Err(format!(
                "the check `{}` doubts nothing and reads nothing otherwise",
                self.code
            ));
        }
        Ok(())
    }
}

impl Finding {
    /// The rule is fully met.
    pub fn met(rule: &str, message: impl Into<String>) -> Self {
        Self::new(rule, Outcome::Met, Some(1.0), message.into())
    }

    /// The rule is met to the degree given, between 0 and 1.
    pub fn partly(rule: &str, degree: f64, message: impl Into<String>) -> Self {
        Self::new(rule, Outcome::Partly, Some(degree), message.into())
    }

    /// The rule is not met.
    pub fn unmet(rule: &str, message: impl Into<String>) -> Self {
        Self::new(rule, Outcome::Unmet, Some(0.0), message.into())
    }

    /// It cannot be told, because the places `missing` are not filled in.
    pub fn unknown<S: Into<String>>(
        rule: &str,
        missing: impl IntoIterator<Item = S>,
        message: impl Into<String>,
    ) -> Self {
        let mut made = Self::new(rule, Outcome::Unknown, None, message.into());
        made.missing = missing.into_iter().map(Into::into).collect();
        made
    }

    /// The rule does not concern this proposal.
    pub fn not_applicable(rule: &str, message: impl Into<String>) -> Self {
        Self::new(rule, Outcome::NotApplicable, None, message.into())
    }

    fn new(rule: &str, outcome: Outcome, degree: Option<f64>, message: String) -> Self {
        Self {
            rule: rule.to_owned(),
            outcome,
            degree,
            message,
            args: BTreeMap::new(),
            evidence: Vec::new(),
            missing: Vec::new(),
            help: None,
            remedy: Vec::new(),
        }
    }

    /// Gives the argument `{name}` of the message.
    #[must_use]
    pub fn arg(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// Names a place it rests on.
    #[must_use]
    pub fn at(self, path: impl Into<String>) -> Self {
        self.evidence(Evidence {
            path: path.into(),
            ..Evidence::default()
        })
    }

    /// Adds a piece of evidence, as from [`Evidence::quoting`].
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Says what helps here.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a change that would help to meet the rule.
    #[must_use]
    pub fn remedy(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.remedy.push(Edit {
            path: path.into(),
            value: value.into(),
        });
        self
    }

    /// What contradicts itself in this finding, if anything: the degree belongs to the outcome, and `unknown` names what is
    /// missing.
    pub fn check(&self) -> Result<(), String> {
        let fits = match (self.outcome, self.degree) {
            (Outcome::Met, degree) => degree.is_none_or(|degree| degree >= 1.0),
            (Outcome::Partly, degree) => degree.is_some(),
            (Outcome::Unmet, degree) => degree.is_none_or(|degree| degree <= 0.0),
            (Outcome::Unknown | Outcome::NotApplicable, degree) => degree.is_none(),
        };
        let within = self
            .degree
            .is_none_or(|degree| (0.0..=1.0).contains(&degree));
        if !fits || !within {
            return Err(format!(
                "rule `{}`: the degree {:?} does not fit the outcome {:?}",
                self.rule, self.degree, self.outcome
            ));
        }
        if self.outcome == Outcome::Unknown && self.missing.is_empty() {
            return Err(format!(
                "rule `{}` is unknown, but names nothing that is missing",
                self.rule
            ));
        }
        Ok(())
    }
}

impl Evidence {
    /// The words of `text`, which stands at `path`, in a range of bytes; `None` where the range does not fit the text.
    pub fn quoting(path: impl Into<String>, text: &str, bytes: Range<usize>) -> Option<Self> {
        let quote = text.get(bytes.clone())?;
        let start = text.get(..bytes.start)?.chars().count();
        Some(Self {
            path: path.into(),
            quote: Some(quote.to_owned()),
            start: Some(start),
            end: Some(start + quote.chars().count()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn facts_make_their_own_places() {
        let mut derived = Derived::new();
        derived.fact("/flows/1/kg", 2.5, ["/flows/1/from"]);
        derived.fact("/total", 2.5, Vec::<String>::new());
        derived.fact("/by~1way/0", "x", [] as [&str; 0]);
        assert_eq!(
            Value::Object(derived.facts),
            json!({"by/way": ["x"], "flows": [{}, {"kg": 2.5}], "total": 2.5})
        );
        assert_eq!(
            derived.inputs,
            BTreeMap::from([("/flows/1/kg".into(), vec!["/flows/1/from".into()])])
        );
    }

    #[test]
    fn what_is_lacking_is_named_once() {
        let mut derived = Derived::new();
        derived.lacks("/total", ["/a", "/b"]);
        derived.lacks("/total", ["/b", "/c"]);
        assert_eq!(derived.missing["/total"], ["/a", "/b", "/c"]);
    }

    #[test]
    fn quotes_count_characters() {
        let text = "Für hilflose Waisen";
        let start = text.find("hilflose").unwrap();
        let found = Evidence::quoting("/p", text, start..start + 8).unwrap();
        assert_eq!((found.start, found.end), (Some(4), Some(12)));
        assert_eq!(found.quote.as_deref(), Some("hilflose"));
        assert_eq!(Evidence::quoting("/p", text, 2..3), None, "inside the ü");
    }

    #[test]
    fn a_finding_may_not_contradict_itself() {
        assert_eq!(Finding::partly("a/b", 0.4, "x").check(), Ok(()));
        assert_eq!(Finding::unknown("a/b", ["/x"], "x").check(), Ok(()));
        for wrong in [
            Finding::partly("a/b", f64::NAN, "x"),
            Finding::partly("a/b", 1.5, "x"),
            Finding::unknown("a/b", [] as [&str; 0], "x"),
            Finding {
                degree: Some(0.5),
                ..Finding::met("a/b", "x")
            },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
