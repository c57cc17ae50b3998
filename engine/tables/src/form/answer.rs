//! What stands in a cell, as the value of its field.

use super::Tongue;
use super::entry::{SEPARATORS, chosen};
use crate::book::Held;
use crate::codes;
use evenhand_contract::strict_json;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::{Phrase, Problem};
use evenhand_diagnostic::text::json_number;
use evenhand_document::schema::{Field, FieldId, Kind, certain};
use serde_json::Value;

/// Values in one cell.
const VALUES: usize = 10_000;

/// What a cell answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    One(Value),
    /// Values of a list; none where the list is known to be empty.
    Many(Vec<Value>),
}

/// Reads the cells of one field.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) tongues: &'a [Tongue<'a>],
    pub(super) id: FieldId,
    pub(super) field: &'a Field,
    /// How the field is named in a problem.
    pub(super) name: &'a str,
}

impl<'a> Cells<'a> {
    /// Reads a cell. What is no value of the field is kept as it stands, for the schema to say what was expected.
    pub(super) fn read(&self, held: &Held) -> Result<Answer, Problem> {
        match held {
            Held::Fault(fault) => {
                let problem = phrase!(codes::CELL_FAULT, fault = fault.as_str());
                return Err(Problem::error(problem).suggest(phrase!(codes::WRITE_THE_VALUE)));
            }
            Held::NotComputed => {
                let problem = Problem::error(phrase!(codes::NOT_COMPUTED));
                return Err(problem.suggest(phrase!(codes::SAVE_AGAIN)));
            }
            Held::Elsewhere => {
                let problem = Problem::error(phrase!(codes::FROM_ELSEWHERE));
                return Err(problem.suggest(phrase!(codes::WRITE_THE_VALUE)));
            }
            _ => {}
        }
        match (self.field.kind, self.field.items) {
            (Kind::List, Some(items)) => self.list(items, held),
            (Kind::List | Kind::Object, _) => self.written(held).map(Answer::One),
            _ => self.single(self.id, self.field, held).map(Answer::One),
        }
    }

    /// Values of a list: one, or several that line breaks or semicolons set apart, or a list as JSON writes it.
    fn list(&self, items: FieldId, held: &Held) -> Result<Answer, Problem> {
        let first = self.tongues.first();
        let one = first.map_or(self.field, |tongue| tongue.schema.field(items));
        let Some(text) = held.text() else {
            return Ok(Answer::Many(vec![self.single(items, one, held)?]));
        };
        if is_none(self.tongues, text) {
            return Ok(Answer::Many(Vec::new()));
        }
        if text.starts_with('[') {
            return Ok(match self.json(text)? {
                Value::Array(items) => Answer::Many(items),
                other => Answer::One(other),
            });
        }
        let whole = self.choice(items, text).is_some();
        let parts: Vec<&str> = if whole {
            vec![text]
        } else {
            text.split(SEPARATORS).map(str::trim).collect()
        };
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let read = parts.map(|part| self.single(items, one, &Held::Text(part.into())));
        read.collect::<Result<_, _>>().map(Answer::Many)
    }

    /// A group or list as JSON writes it.
    fn written(&self, held: &Held) -> Result<Value, Problem> {
        match held.text() {
            Some(text) if text.starts_with(['[', '{']) => self.json(text),
            Some(text) => Ok(Value::from(text)),
            None => Ok(plain(held, self.tongues)),
        }
    }

    fn json(&self, text: &str) -> Result<Value, Problem> {
        // Where in the cell it breaks off says nothing to people who do not write JSON.
        strict_json::read(text, VALUES).map_err(|_error| {
            let field = self.name();
            Problem::error(phrase!(codes::BROKEN_BRACKETS, field = field))
        })
    }

    fn name(&self) -> Phrase {
        phrase!(codes::FIELD_NAME, path = self.name)
    }

    /// The choice that a text names, in any of the languages.
    fn choice(&self, id: FieldId, text: &str) -> Option<&'a str> {
        let fields = self.tongues.iter().map(|tongue| tongue.schema.field(id));
        let mut found = fields.filter_map(|field| chosen(field, text));
        found.next()
    }

    fn single(&self, id: FieldId, field: &Field, held: &Held) -> Result<Value, Problem> {
        match (field.kind, held) {
            (Kind::Any, Held::Text(text)) if text.starts_with(['{', '[', '"']) => self.json(text),
            (Kind::Boolean, Held::Text(text)) => Ok(self.flag(field, text)),
            (Kind::Boolean, Held::Number(number)) if flag_of(*number).is_some() => {
                Ok(Value::from(flag_of(*number)))
            }
            (Kind::Number | Kind::Integer, Held::Date(date)) => {
                let field = self.name();
                let problem = phrase!(codes::DATE_FOR_NUMBER, field = field, date = date.as_str());
                Err(Problem::error(problem)
                    .expected(evenhand_document::schema::expectation(
                        self.tongues
                            .first()
                            .map_or(self.field, |tongue| tongue.schema.field(id)),
                    ))
                    .suggest(phrase!(codes::WRITE_THE_NUMBER)))
            }
            (Kind::Number | Kind::Integer, Held::Number(number) | Held::NoDate(number)) => {
                Ok(figure(field, *number))
            }
            (Kind::Number | Kind::Integer, Held::Percent(number)) => {
                Ok(figure(field, *number * hundred(field)))
            }
            (Kind::Number | Kind::Integer, Held::Text(text)) => {
                Ok(certain(field, text).unwrap_or_else(|| Value::from(text.trim())))
            }
            (Kind::Text, Held::NoDate(number)) if field.date => {
                let field = self.name();
                let problem = phrase!(codes::NO_DATE, field = field, value = *number);
                Err(Problem::error(problem))
            }
            (Kind::Text, Held::Text(text)) if field.date => {
                Ok(certain(field, text).unwrap_or_else(|| Value::from(text.trim())))
            }
            (Kind::Text, Held::Flag(flag)) if !field.choices.is_empty() => {
                let word = if *flag { "yes" } else { "no" };
                Ok(Value::from(word))
            }
            (Kind::Text, held) if !field.choices.is_empty() => {
                let shown = shown(held, self.tongues);
                let text = shown.trim();
                Ok(Value::from(self.choice(id, text).unwrap_or(text)))
            }
            (Kind::Text, held) => Ok(Value::from(shown(held, self.tongues))),
            (_, held) => Ok(plain(held, self.tongues)),
        }
    }

    fn flag(&self, field: &Field, text: &str) -> Value {
        let text = text.trim();
        let folded = text.to_lowercase();
        let said = |word: &str| word.to_lowercase() == folded;
        if self.tongues.iter().any(|tongue| said(tongue.yes)) {
            return Value::Bool(true);
        }
        if self.tongues.iter().any(|tongue| said(tongue.no)) {
            return Value::Bool(false);
        }
        certain(field, text).unwrap_or_else(|| Value::from(text))
    }
}

/// Whether a text says that a list is empty, and known to be.
pub(super) fn is_none(tongues: &[Tongue<'_>], text: &str) -> bool {
    text == "[]"
        || tongues
            .iter()
            .any(|tongue| tongue.none.to_lowercase() == text.to_lowercase())
}

/// A number on the scale of its field. Formulas leave traces behind the comma that nobody sees.
fn figure(field: &Field, number: f64) -> Value {
    let near = number.round();
    let whole = field.kind == Kind::Integer && (near - number).abs() < 1e-9;
    json_number(if whole { near } else { number }).unwrap_or(Value::Null)
}

/// What a percentage is multiplied by where the field counts percents and not shares.
fn hundred(field: &Field) -> f64 {
    let unit = field.unit.as_deref().unwrap_or_default();
    if unit == "%" || unit == "percent" {
        100.0
    } else {
        1.0
    }
}

/// A cell as a value of the kind it holds.
fn plain(held: &Held, tongues: &[Tongue<'_>]) -> Value {
    match held {
        Held::Flag(flag) => Value::Bool(*flag),
        Held::Number(number) | Held::Percent(number) | Held::NoDate(number) => {
            json_number(*number).unwrap_or(Value::Null)
        }
        held => Value::from(shown(held, tongues)),
    }
}

/// A cell as a person sees it.
fn shown(held: &Held, tongues: &[Tongue<'_>]) -> String {
    match held {
        Held::Text(text) => (**text).to_owned(),
        Held::Number(number) | Held::NoDate(number) => number.to_string(),
        Held::Percent(share) => format!("{} %", (share * 1e11).round() / 1e9),
        Held::Date(date) => date.clone(),
        Held::Flag(flag) => {
            let words = tongues
                .first()
                .map_or(("yes", "no"), |tongue| (tongue.yes, tongue.no));
            if *flag { words.0 } else { words.1 }.to_owned()
        }
        Held::Fault(fault) => fault.clone(),
        Held::NotComputed | Held::Elsewhere => String::new(),
    }
}

/// Yes or no as a spreadsheet counts it.
#[expect(clippy::float_cmp, reason = "only 0 and 1 themselves are meant")]
fn flag_of(number: f64) -> Option<bool> {
    [(0.0, false), (1.0, true)]
        .into_iter()
        .find_map(|(is, flag)| (number == is).then_some(flag))
}
