//! Checking a proposal against the schema: every problem at once, in words a person who fills in forms understands.

mod certain;
mod choice;
mod layout;
mod ranges;
mod repair;
pub(crate) mod typed;
mod words;

use super::codes;
use super::{Field, FieldId, Kind, Schema};
use crate::document::Document;
use crate::document::edit::Change;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Phrase, Problem, nearest};
use repair::{Found, Repair};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use words::{describe, fields_of, name, range};

pub use certain::certain;
pub use choice::meant;
pub(crate) use repair::code_point;
pub(crate) use typed::is_invisible;
pub use words::{expectation, unknown_path};

/// Every way in which the document does not fit the schema, in the order of the document; after
/// `repair::LIMIT` the rest is counted.
///
/// A fact that is absent or `null` is *not known yet* and never a problem here.
pub fn validate(schema: &Schema, document: &Document) -> Vec<Problem> {
    let mut check = Check {
        schema,
        document,
        found: Found::default(),
    };
    check.value(schema.root(), document.value(), &Pointer::root());
    check.references();
    check.found.finish(document)
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a Document,
    found: Found,
}

impl Check<'_> {
    fn report(&mut self, at: &Pointer, problem: Problem, repair: Repair) {
        let problem = self.document.problem_at(at, problem);
        self.found.add(problem, repair);
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
            (Kind::Number | Kind::Integer, _) if self.range(id, value, at) => {}
            _ => self.wrong_type(id, value, at),
        }
    }

    /// Whether a value could stand in a field, whatever else the document says.
    fn fits(&self, id: FieldId, value: &Value) -> bool {
        let nowhere = Document::from_value("", Value::Null);
        let mut check = Check {
            schema: self.schema,
            document: &nowhere,
            found: Found::default(),
        };
        check.value(id, value, &Pointer::root());
        check.found.is_empty()
    }

    fn wrong_type(&mut self, id: FieldId, value: &Value, at: &Pointer) {
        let field = self.schema.field(id);
        let (advice, repair) = self.conversion(id, value, at);
        let problem = Problem::error(phrase!(
            codes::WRONG_TYPE,
            field = name(at),
            found = describe(value)
        ))
        .expected(expectation(field))
        .suggest_maybe(advice);
        self.report(at, problem, repair);
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
                let (problem, repair) = self.unknown_key(id, key, value, at);
                let problem = self.document.problem_at_key(&at.key(key), problem);
                self.found.add(problem, repair);
            }
        }
        let Some(sum) = &field.sum else { return };
        let parts = sum
            .of
            .iter()
            .map(|key| map.get(key).and_then(Value::as_f64));
        let Some(parts) = parts.collect::<Option<Vec<f64>>>() else {
            return;
        };
        let total: f64 = parts.iter().sum();
        if (total - sum.is).abs() > sum.within + 1e-9 {
            let problem = Problem::error(phrase!(
                codes::WRONG_TOTAL,
                fields = sum.of.clone(),
                total = total
            ))
            .expected(phrase!(
                codes::EXPECT_TOTAL,
                total = sum.is,
                within = sum.within
            ));
            self.report(at, problem, Repair::None);
        }
    }

    /// What the document is: proposals have an id; the engine's own forms do not.
    fn place(&self, at: &Pointer, field: &Field) -> Phrase {
        if !at.is_root() {
            phrase!(codes::FIELD, path = field.path.as_str())
        } else if self.schema.find("program.id").is_some() {
            phrase!(codes::A_PROPOSAL)
        } else {
            phrase!(codes::THIS_FILE)
        }
    }

    fn unknown_key(
        &self,
        id: FieldId,
        key: &str,
        value: &Value,
        at: &Pointer,
    ) -> (Problem, Repair) {
        let field = self.schema.field(id);
        let place = self.place(at, field);
        let problem = Problem::error(phrase!(
            codes::UNKNOWN_FIELD,
            name = key,
            place = place.clone()
        ));
        let here = at.key(key);
        if let Some((name, rest)) = key.split_once(':')
            && value.is_null()
            && self.schema.property(id, name.trim()).is_some()
        {
            let advice = phrase!(codes::SPACE_AFTER_COLON, name = name, value = rest);
            return (problem.suggest(advice), Repair::AfterColon(here));
        }
        let names = || field.properties.iter().map(|(name, _)| name.as_str());
        let folded = choice::folded(key);
        let same = names().find(|name| choice::folded(name) == folded);
        // A name that is right in another section was hardly mistyped in this one.
        let elsewhere = self
            .schema
            .walk()
            .into_iter()
            .map(|id| self.schema.field(id))
            .find(|other| other.name == key && !other.path.starts_with("derived."));
        match (same, elsewhere) {
            (None, Some(other)) if other.path == key => (
                problem.suggest(phrase!(codes::BELONGS_AT_TOP, name = key, place = place)),
                Repair::None,
            ),
            (None, Some(other)) => {
                let advice = phrase!(codes::DID_YOU_MEAN_NAME, name = other.path.as_str());
                (problem.suggest(advice), Repair::None)
            }
            _ => match same.or_else(|| nearest(key, names())) {
                Some(found) => {
                    let repair = Repair::Change(vec![Change::Rename(here, found.to_owned())]);
                    (
                        problem.suggest(phrase!(codes::DID_YOU_MEAN_NAME, name = found)),
                        repair,
                    )
                }
                None => (problem.expected(fields_of(field)), Repair::None),
            },
        }
    }

    fn list(&mut self, field: &Field, items: &[Value], at: &Pointer) {
        if let Some(item) = field.items {
            for (index, value) in items.iter().enumerate() {
                self.value(item, value, &at.index(index));
            }
        }
        if out_of_range(field, count(items.len())) {
            let problem = Problem::error(phrase!(
                codes::WRONG_COUNT,
                field = name(at),
                count = items.len()
            ))
            .expected(phrase!(codes::EXPECT_ENTRIES, range = range(field)));
            self.report(at, problem, Repair::None);
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
                let problem = Problem::error(phrase!(
                    codes::REPEATED_ENTRY,
                    what = what,
                    field = name(at),
                    first = first + 1,
                    second = index + 1
                ))
                .expected(phrase!(codes::EXPECT_ONCE));
                let remove = field
                    .unique_key
                    .is_none()
                    .then(|| Change::Remove(place.clone()));
                self.report(
                    &place,
                    problem,
                    remove.map_or(Repair::None, |change| Repair::Change(vec![change])),
                );
            }
        }
    }

    fn text(&mut self, field: &Field, text: &str, at: &Pointer) {
        if !field.choices.is_empty() {
            if !field.choices.iter().any(|choice| choice == text) {
                self.wrong_choice(field, text, at);
            }
            return;
        }
        let length = text.chars().count();
        if out_of_range(field, count(length)) {
            let problem = Problem::error(phrase!(
                codes::WRONG_LENGTH,
                field = name(at),
                count = length
            ))
            .expected(phrase!(codes::EXPECT_CHARACTERS, range = range(field)));
            self.report(at, problem, Repair::None);
        }
        if let Some(pattern) = &field.pattern
            && !pattern.0.is_match(text)
        {
            self.wrong_shape(field, text, at);
        } else if field.is_path && !self.is_path(text) {
            self.unknown_path(text, at);
        }
        if field.date && !is_date(text) {
            self.wrong_date(text, at);
        }
        if field.pattern.is_none() && !field.date {
            self.layout(field, at);
        }
    }

    fn not_whole(&mut self, number: f64, at: &Pointer) {
        let problem = Problem::error(phrase!(codes::NOT_WHOLE, field = name(at), value = number))
            .expected(phrase!(codes::EXPECT_WHOLE));
        self.report(at, problem, Repair::None);
    }

    fn number(&mut self, field: &Field, number: f64, at: &Pointer) {
        if field.kind == Kind::Integer && number.fract() != 0.0 {
            self.not_whole(number, at);
        } else if out_of_range(field, number) {
            let share = field
                .maximum
                .is_some_and(|most| (most - 1.0).abs() < f64::EPSILON)
                && field.minimum.is_some_and(|least| least >= 0.0);
            let percent = (share && (1.0..=100.0).contains(&number)).then_some(number / 100.0);
            let problem = Problem::error(phrase!(
                codes::OUT_OF_RANGE,
                field = name(at),
                value = number
            ))
            .expected(expectation(field))
            .suggest_maybe(percent.map(|share| {
                phrase!(
                    codes::IF_PERCENT,
                    percent = words::short(number),
                    value = words::short(share)
                )
            }));
            let repair = percent.map_or(Repair::None, |share| Repair::set(at, share));
            self.report(at, problem, repair);
        } else {
            self.thousands(field, number, at);
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
                let Some(text) = value.as_str().filter(|text| !names.contains(text)) else {
                    continue;
                };
                let expected = if names.is_empty() {
                    phrase!(codes::EXPECT_ONE_OF_NONE, target = target.as_str())
                } else {
                    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
                    phrase!(codes::EXPECT_ONE_OF, names = names)
                };
                let folded = choice::folded(text);
                let same = names
                    .iter()
                    .find(|name| choice::folded(name) == folded)
                    .copied();
                let found = same.or_else(|| nearest(text, names.iter().copied()));
                let problem = Problem::error(phrase!(
                    codes::UNKNOWN_REFERENCE,
                    field = name(&at),
                    typed = text,
                    target = target.as_str()
                ))
                .expected(expected)
                .suggest_maybe(found.map(|found| phrase!(codes::DID_YOU_MEAN_NAME, name = found)));
                let repair = found.map_or(Repair::None, |found| Repair::set(&at, found));
                self.report(&at, problem, repair);
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
