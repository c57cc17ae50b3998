//! An answer as people type it, read into the value of a field.

use crate::Judge;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::schema::{Field, Kind, Schema};
use serde_json::Value;

/// Choices that are listed one by one; longer lists are described.
const LISTED: usize = 24;

/// What an answer may be, for a person.
pub fn expects(field: &Field) -> String {
    let unit = match field.unit.as_deref() {
        Some("share") => return "a share, such as 0.25 or 25 %".to_owned(),
        Some(unit) => format!(" ({unit})"),
        None => String::new(),
    };
    let choices = |field: &Field| {
        let known: Vec<String> = field.choices.iter().map(|one| choice(field, one)).collect();
        known.join(", ")
    };
    match field.kind {
        Kind::Boolean => "yes or no".to_owned(),
        Kind::Integer => format!("a whole number{unit}"),
        Kind::Number => format!("a number{unit}"),
        Kind::Text if field.date => "a date such as 2026-05-01".to_owned(),
        Kind::Text if (1..=LISTED).contains(&field.choices.len()) => choices(field),
        Kind::Text if !field.choices.is_empty() => match field.examples.first() {
            Some(Value::String(example)) => format!("one of a list, such as {example}"),
            _ => "one of a list".to_owned(),
        },
        Kind::Text => "text".to_owned(),
        Kind::List => "a list".to_owned(),
        Kind::Object if field.sum.is_some() => "one number for each".to_owned(),
        Kind::Object => "several answers".to_owned(),
        Kind::Any => "a value".to_owned(),
    }
}

/// A choice with its label, where the label says more.
fn choice(field: &Field, one: &str) -> String {
    match field.labels.get(one) {
        Some(label) if label.to_lowercase() != one.replace('_', " ") => {
            format!("{one} ({label})")
        }
        _ => one.to_owned(),
    }
}

/// Reads what was typed into the value of the field at `path`; what it may be is checked by [`place`].
pub fn read(schema: &Schema, path: &Pointer, typed: &str) -> Value {
    let field = crate::question::field(schema, path);
    match field {
        Some(field) => of_field(schema, field, typed.trim()),
        None => Value::String(typed.trim().to_owned()),
    }
}

fn of_field(schema: &Schema, field: &Field, typed: &str) -> Value {
    let text = || Value::String(typed.to_owned());
    match field.kind {
        Kind::Boolean => match typed.to_lowercase().as_str() {
            "y" | "yes" | "true" | "sí" | "si" | "s" | "oui" | "o" => Value::Bool(true),
            "n" | "no" | "false" | "non" => Value::Bool(false),
            _ => text(),
        },
        Kind::Integer | Kind::Number => number(typed).unwrap_or_else(text),
        Kind::Text if !field.choices.is_empty() => {
            Value::String(chosen(field, typed).unwrap_or_else(|| typed.to_owned()))
        }
        Kind::Text => text(),
        Kind::List | Kind::Object | Kind::Any => match (written(typed), field.items) {
            (Some(value), _) => value,
            (None, Some(items)) if !typed.is_empty() => {
                let items = schema.field(items);
                let parts = typed.split(',').map(str::trim);
                let parts = parts.filter(|part| !part.is_empty());
                Value::Array(parts.map(|part| of_field(schema, items, part)).collect())
            }
            _ => text(),
        },
    }
}

/// A list or a group as YAML or JSON writes it on one line.
fn written(typed: &str) -> Option<Value> {
    if !typed.starts_with(['[', '{']) && !matches!(typed, "null" | "true" | "false") {
        return None;
    }
    let text = format!("value: {typed}\n");
    let format = evenhand_core::document::Format::Yaml;
    let document = Document::parse("answer", text.as_bytes(), format).ok()?;
    document.value().get("value").cloned()
}

/// A number, with a decimal comma or a percent sign if somebody writes so.
fn number(typed: &str) -> Option<Value> {
    let bare = typed.trim_end_matches('%').trim_end();
    let mut figure: f64 = match bare.matches(',').count() {
        1 if !bare.contains('.') && !thousands(bare) => bare.replace(',', ".").parse().ok()?,
        _ => bare.parse().ok()?,
    };
    if typed.ends_with('%') {
        figure /= 100.0;
    }
    if figure.fract().abs() <= 0.0 && figure.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number under 9e15")]
        return Some(Value::from(figure as i64));
    }
    serde_json::Number::from_f64(figure).map(Value::Number)
}

/// Whether a comma may as well set off thousands: `6,000` is no number that one could be sure of.
fn thousands(bare: &str) -> bool {
    bare.split_once(',')
        .is_some_and(|(before, after)| after.len() == 3 && before != "0")
}

/// The choice that was typed: itself, its label, or its place in the list.
fn chosen(field: &Field, typed: &str) -> Option<String> {
    let same = |known: &str| {
        let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
        plain(known) == plain(typed)
    };
    let by_place = || {
        let place: usize = typed.parse().ok()?;
        let listed = field.choices.len() <= LISTED;
        field.choices.get(place.checked_sub(1)?).filter(|_| listed)
    };
    let by_label = || {
        let label = field.labels.iter().find(|(_, label)| same(label));
        label.and_then(|(one, _)| field.choices.iter().find(|known| *known == one))
    };
    let found = field.choices.iter().find(|known| same(known));
    found.or_else(by_label).or_else(by_place).cloned()
}

/// The proposal with an answer in its place, or what is wrong with the answer.
pub fn place(
    judge: &dyn Judge,
    proposal: &Value,
    answers: &[(Pointer, Value)],
) -> Result<Value, Vec<Problem>> {
    let mut changed = proposal.clone();
    for (path, value) in answers {
        crate::change::set(&mut changed, path, value.clone());
    }
    let problems = judge.check(&Document::from_value("answer", changed.clone()));
    let before = judge.check(&Document::from_value("answer", proposal.clone()));
    let fresh = |problem: &Problem| {
        problem.is_error() && !before.iter().any(|known| known.message == problem.message)
    };
    // An answer stands in no file yet.
    let nowhere = |problem: Problem| Problem {
        file: None,
        ..problem
    };
    let problems: Vec<Problem> = problems.into_iter().filter(fresh).map(nowhere).collect();
    if problems.is_empty() {
        Ok(changed)
    } else {
        Err(problems)
    }
}
