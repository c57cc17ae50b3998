//! The published schema is whole: it says of every field what it is and how to ask for it, and null is not known yet.

mod fits;
mod published;
mod words;

use crate::assembly::{book, evenhand, examples};
use evenhand_core::document::Document;
use serde_json::Value;

fn published() -> Value {
    let output = evenhand().arg("schema").output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A schema with what a local reference adds to it.
fn resolved(schema: &Value, whole: &Value) -> Value {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
        return schema.clone();
    };
    let target = reference.strip_prefix('#').and_then(|at| whole.pointer(at));
    let target = target.unwrap_or_else(|| panic!("{reference}"));
    let mut whole = target.as_object().unwrap().clone();
    whole.extend(schema.as_object().unwrap().clone());
    Value::Object(whole)
}

/// Calls `check` for each property below, with its path, and for each element of a list with `[]`.
fn walk(schema: &Value, whole: &Value, path: &str, check: &mut impl FnMut(&str, &Value)) {
    let schema = resolved(schema, whole);
    for (name, below) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        check(&path, &resolved(below, whole));
        walk(below, whole, &path, check);
    }
    if let Some(items) = schema.get("items") {
        let path = format!("{path}[]");
        check(&path, &resolved(items, whole));
        walk(items, whole, &path, check);
    }
}

/// Whether it is an end of a range, which is asked for with the number: as `from` or `to`, or in a list of two.
fn is_end(path: &str, field: &Value) -> bool {
    let end = matches!(path.rsplit('.').next(), Some("from" | "to")) || path.ends_with("[]");
    let plain = field.as_object().is_some_and(|keys| keys.len() == 1);
    end && plain && matches!(field["type"].as_str(), Some("number" | "integer"))
}

#[test]
fn every_field_has_a_title_a_question_and_a_need() {
    let schema = published();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let (mut fields, mut wrong) = (0, Vec::new());
    walk(&schema, &schema, "", &mut |path, field| {
        if path.ends_with("[]") || is_end(path, field) {
            return;
        }
        fields += 1;
        for key in ["title", "x-question", "description"] {
            if field[key]
                .as_str()
                .is_none_or(|text| text.trim().is_empty())
            {
                wrong.push(format!("{path} has no {key}"));
            }
        }
        let need = field["x-need"].as_str().unwrap_or("none");
        match need {
            "essential" | "optional" => {}
            "conditional"
                if field["x-when"]
                    .as_str()
                    .is_some_and(|when| !when.is_empty()) => {}
            "conditional" => wrong.push(format!(
                "{path} is needed on a condition, but has no x-when"
            )),
            _ => wrong.push(format!("{path} has the need {need}")),
        }
        let question = field["x-question"].as_str().unwrap_or_default();
        if !question.ends_with('?') {
            wrong.push(format!("{path} asks no question: {question}"));
        }
        for choice in field["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if field["x-labels"].get(choice).is_none() {
                wrong.push(format!("{path} has no label for {choice}"));
            }
        }
    });
    assert!(fields > 150, "{fields} fields");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_published_schema_takes_null_for_what_is_not_known() {
    let schema = published();
    let mut wrong = Vec::new();
    walk(&schema, &schema, "", &mut |path, field| {
        let null = |list: &Value| {
            list.as_array()
                .is_none_or(|list| list.iter().any(|one| one.is_null() || one == "null"))
        };
        // A range has two ends, and both are needed.
        if is_end(path, field) {
            return;
        }
        let range = field["required"] == serde_json::json!(["from", "to"]);
        if !field["type"].is_array() || !null(&field["type"]) || !null(&field["enum"]) {
            wrong.push(path.to_owned());
        }
        if field.get("required").is_some() && !range {
            wrong.push(format!("{path} requires something"));
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every answer of every example in turn is not known yet: that is never a mistake of form. Only what others refer to
/// has to stay (the key of a partner that a flow begins at).
#[test]
fn the_program_takes_null_for_what_is_not_known() {
    fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map
                .iter()
                .for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), found)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, value)| leaves(value, &format!("{at}/{index}"), found)),
            _ => found.push(at.to_owned()),
        }
    }
    let mut count = 0;
    for (name, proposal) in examples() {
        let mut found = Vec::new();
        leaves(proposal.value(), "", &mut found);
        for at in found {
            if at.starts_with("/partners/") && at.ends_with("/id") {
                continue;
            }
            let mut value = proposal.value().clone();
            *value.pointer_mut(&at).unwrap() = Value::Null;
            let problems = book().check_document(&Document::from_value("null", value));
            assert_eq!(problems, [], "{name}: {at}");
            count += 1;
        }
    }
    assert!(count > 2000, "{count} answers");
}

/// What plugins derive is described as well, and is not for people to fill in.
#[test]
fn derived_facts_are_described_and_not_published() {
    let schema = book().schema();
    let derived: Vec<&str> = schema
        .walk()
        .into_iter()
        .map(|id| schema.field(id))
        .filter(|field| field.path.starts_with("derived."))
        .map(|field| field.path.as_str())
        .collect();
    assert!(derived.len() > 50);
    assert!(schema.find("derived.climate.travellers").is_some());
    assert!(published()["properties"].get("derived").is_none());
}
