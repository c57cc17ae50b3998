//! A value as a cell of its field holds it.

use super::{Ask, Tongue};
use crate::book::days;
use crate::workbook::grid::Content;
use evenhand_diagnostic::text::visible_json;
use evenhand_document::schema::{Field, Kind, Range};
use serde_json::Value;

/// What separates the values of a list in one cell.
pub(super) const SEPARATORS: [char; 2] = ['\n', ';'];

/// The label of a choice, where it is read back as this choice and no other; else the choice itself.
pub(super) fn label<'f>(field: &'f Field, choice: &'f str) -> &'f str {
    let Some(label) = field.labels.get(choice) else {
        return choice;
    };
    if chosen(field, label) == Some(choice) {
        label
    } else {
        choice
    }
}

/// The choice that a text names: by itself, or by the label that only one has.
pub(super) fn chosen<'f>(field: &'f Field, text: &str) -> Option<&'f str> {
    let exact = field.choices.iter().find(|choice| *choice == text);
    if let Some(exact) = exact {
        return Some(exact);
    }
    let folded = text.to_lowercase();
    let mut same = field.choices.iter().filter(|choice| {
        let label = field.labels.get(*choice);
        label.is_some_and(|label| label.trim().to_lowercase() == folded)
    });
    match (same.next(), same.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// The cells of an answer: one for each value of a list that has cells of its own, else one.
pub(super) fn cells(
    ask: &Ask<'_>,
    value: &Value,
    slots: bool,
    tongue: &Tongue<'_>,
) -> Vec<Content> {
    match value {
        Value::Array(items) if is_flat(ask, items) => {
            if items.is_empty() {
                return vec![Content::Exact(tongue.none.to_owned())];
            }
            let texts: Vec<String> = items
                .iter()
                .map(|item| text(ask.one, item, tongue))
                .collect();
            // In every language the mark of an empty list stands in brackets, and a reader may know it in another one.
            let marked = |text: &str| text.starts_with('(') && text.ends_with(')');
            let whole = texts.iter().all(|text| is_whole(text) && !marked(text));
            match (whole, slots) {
                (true, true) => texts.into_iter().map(Content::Exact).collect(),
                (true, false) => vec![Content::Exact(texts.join("\n"))],
                (false, _) => vec![Content::Exact(visible_json(&value.to_string()))],
            }
        }
        Value::Array(_) | Value::Object(_) => {
            vec![Content::Exact(visible_json(&value.to_string()))]
        }
        single => vec![content(ask.field, single, tongue)],
    }
}

/// Whether a list is one of single values.
fn is_flat(ask: &Ask<'_>, items: &[Value]) -> bool {
    let single = |item: &Value| item.is_string() || item.is_number() || item.is_boolean();
    ask.field.items.is_some() && ask.one.kind != Kind::Any && items.iter().all(single)
}

/// Whether a text is read back as one value of a list.
fn is_whole(text: &str) -> bool {
    text.trim() == text
        && !text.is_empty()
        && !text.contains(SEPARATORS)
        && !text.starts_with(['[', '"'])
}

fn content(field: &Field, value: &Value, tongue: &Tongue<'_>) -> Content {
    match (field.kind, value) {
        (Kind::Any, Value::Bool(flag)) => Content::Flag(*flag),
        (_, Value::Number(number)) => Content::Number(number.as_f64().unwrap_or_default()),
        (Kind::Text, Value::String(date)) if field.date => {
            let serial = days::serial(date);
            let same = serial.filter(|serial| days::date(*serial, false).as_ref() == Some(date));
            same.map_or_else(|| Content::Exact(date.clone()), Content::Number)
        }
        _ => Content::Exact(text(field, value, tongue)),
    }
}

/// A single value as text.
fn text(field: &Field, value: &Value, tongue: &Tongue<'_>) -> String {
    match value {
        Value::Array(_) | Value::Object(_) if field.range => match Range::written(field, value) {
            Some(range) => range.typed(),
            None => value.to_string(),
        },
        Value::String(text) if field.kind == Kind::Any => quoted_if_needed(text),
        Value::String(text) => label(field, text).to_owned(),
        Value::Bool(true) => tongue.yes.to_owned(),
        Value::Bool(false) => tongue.no.to_owned(),
        other => other.to_string(),
    }
}

/// A text of a field that holds anything: in quotes where it would be read as something else.
fn quoted_if_needed(text: &str) -> String {
    if text.starts_with(['{', '[', '"']) || text.trim() != text {
        visible_json(&Value::from(text).to_string())
    } else {
        text.to_owned()
    }
}
