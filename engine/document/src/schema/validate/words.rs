//! What a problem says: what stands there, what was expected, and what was probably meant.

use crate::schema::{Field, Kind, Schema};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean, nearest};
use serde_json::Value;

pub(super) fn wrong_choice(field: &Field, text: &str, at: &Pointer) -> Problem {
    let problem = Problem::error(format!("{} is `{text}`", name(at)));
    let choices = || field.choices.iter().map(String::as_str);
    // A label, or the name of a country, is as good a hint as a mistyped value.
    let by_label = field
        .labels
        .iter()
        .find(|(_, label)| label.to_lowercase() == text.to_lowercase())
        .map(|(choice, _)| choice.as_str())
        .or_else(|| {
            let label = nearest(text, field.labels.values().map(String::as_str))?;
            field
                .labels
                .iter()
                .find(|(_, known)| *known == label)
                .map(|(choice, _)| choice.as_str())
        });
    let found = choices()
        .find(|choice| choice.to_lowercase() == text.to_lowercase())
        .or_else(|| {
            if text.chars().count() > 2 {
                by_label
            } else {
                None
            }
        })
        .or_else(|| nearest(text, choices()))
        .or(by_label);
    let suggestion = found.map(|choice| match field.labels.get(choice) {
        Some(label) => format!("did you mean `{choice}` ({label})?"),
        None => format!("did you mean `{choice}`?"),
    });
    problem
        .expected(expectation(field))
        .suggest_maybe(suggestion)
}

/// What a field may hold, for a person.
pub fn expectation(field: &Field) -> String {
    let unit = field
        .unit
        .as_deref()
        .map(|unit| format!(" ({unit})"))
        .unwrap_or_default();
    match field.kind {
        Kind::Any => "a value".to_owned(),
        Kind::Object => format!("named answers: {}", fields_of(field)),
        Kind::List => "a list".to_owned(),
        Kind::Boolean => "`true` or `false`".to_owned(),
        Kind::Integer | Kind::Number => {
            let what = if field.kind == Kind::Integer {
                "a whole number"
            } else {
                "a number"
            };
            match (field.minimum, field.maximum) {
                (None, None) => format!("{what}{unit}"),
                _ => format!("{what} {}{unit}", range(field)),
            }
        }
        Kind::Text if field.choices.len() > 24 => {
            format!("one of {} values{}", field.choices.len(), example(field))
        }
        Kind::Text if !field.choices.is_empty() => {
            format!(
                "one of {}",
                quoted(&field.choices.iter().map(String::as_str).collect::<Vec<_>>())
            )
        }
        Kind::Text if field.date => "a date such as 2026-05-01".to_owned(),
        Kind::Text => format!("text{}", example(field)),
    }
}

fn example(field: &Field) -> String {
    match field.examples.first() {
        Some(Value::String(text)) => format!(", such as `{text}`"),
        Some(other) => format!(", such as `{other}`"),
        None => String::new(),
    }
}

pub(super) fn conversion(field: &Field, value: &Value) -> Option<String> {
    match (field.kind, value) {
        (Kind::Boolean, Value::String(text)) => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "on" | "ja" | "oui" | "sí" | "si" => {
                Some("write `true`, without quotes".to_owned())
            }
            "no" | "n" | "false" | "off" | "nein" | "non" => {
                Some("write `false`, without quotes".to_owned())
            }
            _ => Some("leave it out if it is not known yet".to_owned()),
        },
        (Kind::Number | Kind::Integer, Value::String(text)) => {
            let digits = text.trim().trim_end_matches('%').trim().replace(',', ".");
            let number: f64 = digits.parse().ok().filter(|n: &f64| n.is_finite())?;
            Some(if text.trim().ends_with('%') {
                format!("write {}", short(number / 100.0))
            } else {
                format!("write {} without quotes", short(number))
            })
        }
        (Kind::Text, Value::Bool(flag)) if !field.choices.is_empty() => {
            let word = if *flag { "yes" } else { "no" };
            field
                .choices
                .iter()
                .any(|choice| choice == word)
                .then(|| format!("write \"{word}\" in quotes"))
        }
        (Kind::Text, Value::Number(number)) => Some(format!("write \"{number}\" in quotes")),
        (Kind::List, _) => Some("write it as a list, one entry a line after `- `".to_owned()),
        _ => None,
    }
}

pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(flag) => format!("`{flag}` (yes or no)"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!(
            "the text `{}`",
            evenhand_diagnostic::text::shorten(text, 40)
        ),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a group of named answers".to_owned(),
    }
}

pub(super) fn name(at: &Pointer) -> String {
    if at.is_root() {
        "the proposal".to_owned()
    } else {
        format!("`{}`", at.dotted())
    }
}

pub(super) fn fields_of(field: &Field) -> String {
    let names: Vec<&str> = field
        .properties
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| *name != "derived")
        .collect();
    format!("one of {}", quoted(&names))
}

pub(super) fn quoted(names: &[&str]) -> String {
    const SHOWN: usize = 24;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}

pub(super) fn list_names(names: &[String]) -> String {
    quoted(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

pub(super) fn range(field: &Field) -> String {
    let least = field.minimum.map(short);
    match (least, field.maximum.map(short)) {
        (Some(least), Some(most)) => format!("between {least} and {most}"),
        (Some(least), None) if field.exclusive_minimum => format!("above {least}"),
        (Some(least), None) => format!("of {least} or more"),
        (None, Some(most)) => format!("of {most} or less"),
        (None, None) => "of any size".to_owned(),
    }
}

pub(super) fn short(number: f64) -> String {
    evenhand_diagnostic::text::number(number)
}

/// What to say of a path that is no field.
pub fn unknown_path(schema: &Schema, path: &str) -> Problem {
    let paths: Vec<String> = schema
        .walk()
        .into_iter()
        .map(|id| schema.field(id).path.clone())
        .collect();
    let plain: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
    Problem::error(format!("`{path}` is not a field of a proposal"))
        .expected("a path such as `flows[0].weeks`")
        .suggest_maybe(did_you_mean(&plain, paths.iter().map(String::as_str)))
}
