//! An answer as people read it: choices by their labels, shares as percentages, numbers as the language writes them.

use evenhand_core::schema::{Field, Range, Schema};
use evenhand_diagnostic::text::shorten;
use evenhand_diagnostic::words::Words;
use serde_json::Value;

/// Characters of a text that are shown.
const LONGEST: usize = 160;

/// An answer of the field at a dotted path; `field` may be one that no schema has.
pub(crate) fn shown(schema: &Schema, field: &str, value: &Value, words: &dyn Words) -> String {
    let field = schema.find(field).map(|id| schema.field(id));
    shorten(&plain(schema, field, value, words), LONGEST)
}

/// A range, with the sign or the unit of both behind the second number.
fn between(range: Range, field: Option<&Field>, words: &dyn Words) -> String {
    let unit = field.and_then(|field| field.unit.as_deref());
    let scale = if unit == Some("share") { 100.0 } else { 1.0 };
    let from = words.number((range.from * scale * 10.0).round() / 10.0);
    match field {
        _ if range.from >= range.to => words.number(range.to),
        Some(_) if unit == Some("share") => {
            format!(
                "{from}–{}",
                words.percent((range.to * 1000.0).round() / 10.0)
            )
        }
        _ => match unit.map(|unit| words.value(unit).unwrap_or(unit)) {
            Some(unit) => format!("{from}–{} {unit}", words.number(range.to)),
            None => format!("{from}–{}", words.number(range.to)),
        },
    }
}

fn plain(schema: &Schema, field: Option<&Field>, value: &Value, words: &dyn Words) -> String {
    let range = match field.filter(|field| field.range) {
        Some(field) => Range::written(field, value),
        None => Range::of(value),
    };
    if let Some(range) = range {
        return between(range, field, words);
    }
    match value {
        Value::Null => words.word("not known").to_owned(),
        Value::Bool(flag) => words.flag(*flag).to_owned(),
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            match field.and_then(|field| field.unit.as_deref()) {
                Some("share") => words.percent((number * 1000.0).round() / 10.0),
                Some(unit) => {
                    let unit = words.value(unit).unwrap_or(unit);
                    format!("{} {unit}", words.number(number))
                }
                None => words.number(number),
            }
        }
        Value::String(text) => {
            let label = field.and_then(|field| field.labels.get(text));
            label.unwrap_or(text).clone()
        }
        Value::Array(items) if items.is_empty() => words.word("none").to_owned(),
        Value::Array(items) => {
            let below = field
                .and_then(|field| field.items)
                .map(|id| schema.field(id));
            let items = items.iter().map(|item| plain(schema, below, item, words));
            items.collect::<Vec<_>>().join(", ")
        }
        Value::Object(map) => {
            let named = |name: &str| {
                let known = field?.properties.iter().find(|(own, _)| own == name);
                known.map(|(_, id)| schema.field(*id))
            };
            let parts = map.iter().filter(|(_, value)| !value.is_null());
            let parts = parts.map(|(name, value)| {
                let below = named(name);
                let title = below.map(|field| field.title.as_str());
                let title = title.filter(|title| !title.is_empty()).unwrap_or(name);
                format!("{title} {}", plain(schema, below, value, words))
            });
            parts.collect::<Vec<_>>().join("; ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::document::{Document, Format};
    use evenhand_diagnostic::words::English;
    use serde_json::json;

    #[test]
    fn answers_read_as_people_would_say_them() {
        let text = r#"{ "type": "object", "additionalProperties": false, "properties": {
            "how": { "type": "string", "enum": ["a_b"], "x-labels": { "a_b": "Both" } },
            "part": { "type": "number", "x-unit": "share" },
            "weeks": { "type": "number", "x-unit": "weeks" },
            "list": { "type": "array", "items": { "type": "string" } },
            "group": { "type": "object", "additionalProperties": false,
              "properties": { "x": { "title": "Ours", "type": "boolean" } } } } }"#;
        let document = Document::parse("schema.json", text.as_bytes(), Format::Json).unwrap();
        let schema = evenhand_core::schema::parse(&document).unwrap();
        for (field, value, said) in [
            ("how", json!("a_b"), "Both"),
            ("part", json!(0.255), "25.5 %"),
            ("weeks", json!(6), "6 weeks"),
            ("list", json!(["x", "y"]), "x, y"),
            ("list", json!([]), "none"),
            ("group", json!({ "x": true, "y": null }), "Ours yes"),
            ("nowhere", json!("text"), "text"),
        ] {
            assert_eq!(shown(&schema, field, &value, &English), said);
        }
    }
}
