//! Checking a proposal against the schema: every problem at once, in words a person who fills in forms understands.

mod words;

use super::{Field, FieldId, Kind, Schema};
use crate::document::Document;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use words::{
    conversion, describe, fields_of, list_names, name, quoted, range, short, wrong_choice,
};

pub use words::{expectation, unknown_path};

/// Every way in which the document does not fit the schema, in the order of the document.
///
/// A fact that is absent or `null` is *not known yet* and never a problem here.
pub fn validate(schema: &Schema, document: &Document) -> Vec<Problem> {
    let mut check = Check {
        schema,
        document,
        problems: Vec::new(),
    };
    check.value(schema.root(), document.value(), &Pointer::root());
    check.references();
    check
        .problems
        .sort_by_key(|problem| (problem.place, problem.path.clone()));
    check.problems
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a Document,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn report(&mut self, at: &Pointer, problem: Problem) {
        self.problems.push(self.document.problem_at(at, problem));
    }

    fn value(&mut self, id: FieldId, value: &Value, at: &Pointer) {
        let field = self.schema.field(id);
        match (field.kind, value) {
            (_, Value::Null) | (Kind::Any, _) | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Object, Value::Object(map)) => self.object(id, map, at),
            (Kind::List, Value::Array(items)) => self.list(field, items, at),
            (Kind::Text, Value::String(text)) => self.text(field, text, at),
            (Kind::Number | Kind::Integer, Value::Number(number)) => {
                self.number(field, number.as_f64().unwrap_or(f64::NAN), at);
            }
            _ => self.wrong_type(field, value, at),
        }
    }

    fn wrong_type(&mut self, field: &Field, value: &Value, at: &Pointer) {
        let problem = Problem::error(format!("{} is {}", name(at), describe(value)))
            .expected(expectation(field))
            .suggest_maybe(conversion(field, value));
        self.report(at, problem);
    }

    fn object(&mut self, id: FieldId, map: &Map<String, Value>, at: &Pointer) {
        let schema = self.schema;
        let field = schema.field(id);
        for (key, value) in map {
            if let Some(child) = schema.property(id, key) {
                self.value(child, value, &at.key(key));
            } else if let Some(values) = field.values {
                self.value(values, value, &at.key(key));
            } else if !field.open {
                let problem = self.unknown_key(field, key, at);
                self.problems
                    .push(self.document.problem_at_key(&at.key(key), problem));
            }
        }
        if let Some(sum) = &field.sum {
            let parts: Option<Vec<f64>> = sum
                .of
                .iter()
                .map(|key| map.get(key).and_then(Value::as_f64))
                .collect();
            if let Some(parts) = parts {
                let total: f64 = parts.iter().sum();
                if (total - sum.is).abs() > sum.within + 1e-9 {
                    let problem = Problem::error(format!(
                        "{} add up to {}",
                        list_names(&sum.of),
                        short(total)
                    ))
                    .expected(format!(
                        "a total of {} (within {})",
                        short(sum.is),
                        short(sum.within)
                    ));
                    self.report(at, problem);
                }
            }
        }
    }

    /// What the document is: proposals have an id; the engine's own forms do not.
    fn document_word(&self) -> &'static str {
        if self.schema.find("program.id").is_some() {
            "a proposal"
        } else {
            "this file"
        }
    }

    fn unknown_key(&self, field: &Field, key: &str, at: &Pointer) -> Problem {
        let here = if at.is_root() {
            self.document_word().to_owned()
        } else {
            format!("`{}`", field.path)
        };
        let problem = Problem::error(format!("`{key}` is not a field of {here}"));
        // A name that is right in another section was hardly mistyped in this one.
        let elsewhere = self
            .schema
            .walk()
            .into_iter()
            .map(|id| self.schema.field(id))
            .find(|other| other.name == key && !other.path.starts_with("derived."));
        let near = || did_you_mean(key, field.properties.iter().map(|(name, _)| name.as_str()));
        match elsewhere {
            Some(other) => problem.suggest(format!("did you mean `{}`?", other.path)),
            None => match near() {
                Some(found) => problem.suggest(found),
                None => problem.expected(fields_of(field)),
            },
        }
    }

    fn list(&mut self, field: &Field, items: &[Value], at: &Pointer) {
        if let Some(item) = field.items {
            for (index, value) in items.iter().enumerate() {
                self.value(item, value, &at.index(index));
            }
        }
        let count = count(items.len());
        if out_of_range(field, count) {
            let problem = Problem::error(format!("{} has {} entries", name(at), short(count)))
                .expected(format!("{} entries", range(field)));
            self.report(at, problem);
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (index, value) in items.iter().enumerate() {
            let (place, key) = match &field.unique_key {
                Some(key) => (
                    at.index(index).key(key),
                    value.get(key).filter(|v| !v.is_null()),
                ),
                None if field.unique => (at.index(index), Some(value)),
                None => return,
            };
            let Some(key) = key else { continue };
            if let Some(first) = seen.insert(key.to_string(), index) {
                let what = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                let problem = Problem::error(format!(
                    "`{what}` stands twice in {}, as number {} and number {}",
                    name(at),
                    first + 1,
                    index + 1
                ))
                .expected("each only once");
                self.report(&place, problem);
            }
        }
    }

    fn text(&mut self, field: &Field, text: &str, at: &Pointer) {
        if !field.choices.is_empty() {
            if !field.choices.iter().any(|choice| choice == text) {
                self.report(at, wrong_choice(field, text, at));
            }
            return;
        }
        if out_of_range(field, count(text.chars().count())) {
            let problem = Problem::error(format!(
                "{} has {} characters",
                name(at),
                text.chars().count()
            ))
            .expected(format!("{} characters", range(field)));
            self.report(at, problem);
        }
        if let Some(pattern) = &field.pattern
            && !pattern.0.is_match(text)
        {
            let problem =
                Problem::error(format!("{} is `{text}`", name(at))).expected(expectation(field));
            self.report(at, problem);
        }
        if field.date && !is_date(text) {
            let problem = Problem::error(format!("{} is `{text}`", name(at)))
                .expected("a date written year-month-day, such as 2026-05-01");
            self.report(at, problem);
        }
    }

    fn number(&mut self, field: &Field, number: f64, at: &Pointer) {
        if field.kind == Kind::Integer && number.fract() != 0.0 {
            let problem = Problem::error(format!("{} is {}", name(at), short(number)))
                .expected("a whole number");
            self.report(at, problem);
        } else if out_of_range(field, number) {
            let percent = field
                .maximum
                .is_some_and(|most| (most - 1.0).abs() < f64::EPSILON)
                && (1.0..=100.0).contains(&number);
            let problem = Problem::error(format!("{} is {}", name(at), short(number)))
                .expected(expectation(field))
                .suggest_maybe(percent.then(|| {
                    format!(
                        "if {} % is meant, write {}",
                        short(number),
                        short(number / 100.0)
                    )
                }));
            self.report(at, problem);
        }
    }

    /// Checks values that must name something elsewhere in the proposal.
    fn references(&mut self) {
        for id in self.schema.walk() {
            let field = self.schema.field(id);
            let Some(target) = &field.reference else {
                continue;
            };
            let known = values_at(self.document.value(), target);
            let mut names: Vec<&str> = known
                .iter()
                .filter_map(|(_, value)| value.as_str())
                .collect();
            // One that is there twice is a problem of its own.
            names.dedup();
            for (at, value) in values_at(self.document.value(), &field.path) {
                let Some(text) = value.as_str() else { continue };
                if !names.contains(&text) {
                    let problem = Problem::error(format!(
                        "{} is `{text}`, which is no `{target}`",
                        name(&at)
                    ))
                    .expected(if names.is_empty() {
                        format!("one of `{target}`, of which there are none")
                    } else {
                        format!("one of {}", quoted(&names))
                    })
                    .suggest_maybe(did_you_mean(text, names.iter().copied()));
                    self.report(&at, problem);
                }
            }
        }
    }
}

/// Every value in the document at a dotted path with `[]` for list elements.
fn values_at<'a>(document: &'a Value, path: &str) -> Vec<(Pointer, &'a Value)> {
    let mut found = vec![(Pointer::root(), document)];
    let Some(pointer) = Pointer::from_dotted(path) else {
        return Vec::new();
    };
    for step in pointer.steps() {
        found = found
            .into_iter()
            .flat_map(|(at, value)| match (step.as_ref(), value) {
                ("-", Value::Array(items)) => items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| (at.index(i), item))
                    .collect(),
                (key, Value::Object(map)) => map
                    .get(key)
                    .map(|value| (at.key(key), value))
                    .into_iter()
                    .collect::<Vec<_>>(),
                _ => Vec::new(),
            })
            .collect();
    }
    found
}

fn out_of_range(field: &Field, number: f64) -> bool {
    let low = field
        .minimum
        .is_some_and(|least| number < least || (field.exclusive_minimum && number <= least));
    low || field.maximum.is_some_and(|most| number > most) || number.is_nan()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts in a document of 8 MiB are far below 2^53"
)]
fn count(count: usize) -> f64 {
    count as f64
}

/// Whether the text is a date of the Gregorian calendar, `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (
        year.parse::<u32>(),
        month.parse::<u32>(),
        day.parse::<u32>(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests;
