//! What was typed into the fields of a page, put into the text of the proposal.

use crate::form::Form;
use evenhand_analysis::{Judge, answer};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::schema::{Field, Kind, Schema};
use evenhand_document::document::edit::Change;
use serde_json::Value;
use std::collections::BTreeMap;

/// An answer that cannot be taken, as it was typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wrong {
    /// The fact.
    pub(crate) path: Pointer,
    /// What was typed.
    pub(crate) typed: String,
    /// What is wrong with it.
    pub(crate) problem: Problem,
}

/// The proposal with the answers that can be taken, and those that cannot.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) document: Document,
    pub(crate) wrong: Vec<Wrong>,
}

/// Puts the answers of a form into a proposal. An answer that does not fit is left out and given back; one that says what
/// the proposal says already changes no byte.
pub(crate) fn take(judge: &dyn Judge, document: &Document, form: &Form) -> Taken {
    let schema = judge.schema();
    let mut answers = Vec::new();
    for (path, typed) in typed(form) {
        let Some(field) = field(schema, &path) else {
            continue;
        };
        let now = path.of(document.value()).filter(|now| !now.is_null());
        let value = read(schema, &path, field, &typed);
        let value = value.map(|value| in_known_order(schema, field, now, value));
        let change = match value {
            None => now.map(|_| Change::Remove(path.clone())),
            Some(_) if now.is_some_and(|now| typed == shown_parts(now)) => None,
            Some(value) if now == Some(&value) => None,
            Some(value) => Some(Change::Set(path.clone(), value)),
        };
        if let Some(change) = change {
            answers.push((change, typed.join("\n")));
        }
    }
    let mut wrong = Vec::new();
    // What is left out can make something else wrong, such as shares that have to add up.
    for _ in 0..3 {
        let found = misfits(judge, document, &answers);
        if found.is_empty() {
            break;
        }
        answers.retain(|(change, _)| !found.iter().any(|one| one.path == *change.pointer()));
        wrong.extend(found);
    }
    write(document, answers, wrong)
}

/// The answers of a form by path, in its order.
fn typed(form: &Form) -> Vec<(Pointer, Vec<String>)> {
    let mut order: Vec<&str> = Vec::new();
    let mut values: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, value) in form.fields() {
        // A list of boxes of which none is ticked sends nothing: `l:` says that it was there.
        let Some(path) = name
            .strip_prefix("f:")
            .or_else(|| name.strip_prefix("l:"))
            .filter(|path| path.starts_with('/'))
        else {
            continue;
        };
        let known = values.entry(path).or_insert_with(|| {
            order.push(path);
            Vec::new()
        });
        if name.starts_with("f:") {
            known.push(value.to_owned());
        }
    }
    // One answer for all.
    for (name, from) in form.fields() {
        if let Some(path) = name.strip_prefix("same:")
            && let Some(same) = values.get(from).cloned()
            && path.starts_with('/')
        {
            order.push(path);
            values.insert(path, same);
        }
    }
    let of = |path: &str| {
        (
            Pointer::from_json(path),
            values.get(path).cloned().unwrap_or_default(),
        )
    };
    order.into_iter().map(of).collect()
}

/// The value of an answer; none where it is not known.
fn read(schema: &Schema, path: &Pointer, field: &Field, typed: &[String]) -> Option<Value> {
    let typed = typed.iter().map(|text| text.trim());
    let mut parts: Vec<&str> = typed.filter(|text| !text.is_empty()).collect();
    if field.kind == Kind::List {
        parts = parts.iter().flat_map(|part| part.lines()).collect();
        let items: Vec<Value> = parts
            .into_iter()
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| answer::read(schema, &path.key("0"), part))
            .collect();
        return (!items.is_empty()).then_some(Value::Array(items));
    }
    let text = parts.first()?;
    Some(answer::read(schema, path, text))
}

/// Boxes come back in the order of the page; those that were ticked before keep the order in which somebody wrote them.
fn in_known_order(schema: &Schema, field: &Field, now: Option<&Value>, value: Value) -> Value {
    let boxes = field
        .items
        .is_some_and(|items| !schema.field(items).choices.is_empty());
    match (now, value) {
        (Some(Value::Array(now)), Value::Array(new)) if boxes => {
            let kept = now.iter().filter(|item| new.contains(item)).cloned();
            let more = new.iter().filter(|item| !now.contains(item)).cloned();
            Value::Array(kept.chain(more).collect())
        }
        (_, value) => value,
    }
}

/// A value as a field shows it, and as it comes back when nobody touched it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            items.join("\n")
        }
        other => other.to_string(),
    }
}

/// The same as the parts in which a form sends it.
fn shown_parts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) if items.len() > 1 => items.iter().map(shown).collect(),
        other => vec![shown(other)],
    }
}

/// The answers that make something wrong which was not wrong before.
fn misfits(judge: &dyn Judge, document: &Document, answers: &[(Change, String)]) -> Vec<Wrong> {
    let name = document.name();
    let mut value = document.value().clone();
    let mut found = Vec::new();
    for (change, typed) in answers {
        if let Err(error) = change.apply(&mut value) {
            found.push(Wrong {
                path: change.pointer().clone(),
                typed: typed.clone(),
                problem: Problem::error(error.to_string()),
            });
        }
    }
    let before = judge.check(document);
    let known = |problem: &Problem| {
        let same = |one: &Problem| one.message == problem.message && one.path == problem.path;
        before.iter().any(same)
    };
    for problem in judge.check(&Document::from_value(name, value)) {
        if !problem.is_error() || known(&problem) {
            continue;
        }
        let Some(at) = problem.path.clone() else {
            continue;
        };
        for (change, typed) in answers {
            let path = change.pointer();
            if (at.contains(path) || path.contains(&at))
                && !found.iter().any(|one| one.path == *path)
            {
                found.push(Wrong {
                    path: path.clone(),
                    typed: typed.clone(),
                    problem: problem.clone(),
                });
            }
        }
    }
    found
}

/// Writes what fits, one change after the other, so that one that cannot be written spoils no other.
fn write(document: &Document, answers: Vec<(Change, String)>, mut wrong: Vec<Wrong>) -> Taken {
    let mut document = document.clone();
    for (change, typed) in answers {
        match document.edited(std::slice::from_ref(&change)) {
            Ok(edited) => document = edited,
            Err(error) => wrong.push(Wrong {
                path: change.pointer().clone(),
                typed,
                problem: Problem::error(error.to_string()),
            }),
        }
    }
    Taken { document, wrong }
}

/// The field behind a path, which is a part of the proposal and nothing derived.
pub(crate) fn field<'a>(schema: &'a Schema, path: &Pointer) -> Option<&'a Field> {
    if path.as_str().starts_with("/derived") {
        return None;
    }
    schema.find(&path.dotted()).map(|id| schema.field(id))
}
