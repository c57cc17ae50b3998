//! What a profile says of one rule.

use super::reasons::{Plain, value_at};
use super::{dated, names};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, nearest};
use crate::rule::Severity;
use crate::settings::{RuleEntry, RuleSettings, param_key};
use crate::text::number;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads the entry of a rule, or of a pattern; what is wrong with it goes to `problems`.
pub(super) fn read(
    document: &Document,
    plain: &Plain,
    id: &str,
    entry: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> RuleEntry {
    let at = Pointer::root().key("rules").key(id);
    let mut within = |key: &str, most: f64| {
        let value = entry.get(key).filter(|value| !value.is_null())?;
        let typed = value.as_f64().filter(|typed| (0.0..=most).contains(typed));
        if typed.is_none() {
            let place = value_at(document.value(), &at.key(key));
            problems.push(document.problem_at(&place, out_of_range(id, key, value, most)));
        }
        typed
    };
    let (weight, gate) = (within("weight", 100.0), within("gate", 1.0));
    let severity = severity(document, id, entry, problems);
    let title = title(document, id, entry, problems);
    let waivable = waivable(document, id, entry, problems);
    let text = |key: &str| {
        let text = entry.get(key).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let enabled = entry.get("enabled").and_then(Value::as_bool);
    let mut found = RuleEntry {
        name: id.to_owned(),
        own: RuleSettings {
            disabled: (enabled == Some(false)).then(|| text("reason").unwrap_or_default()),
            left_out: false,
            weight,
            gate,
            severity,
            title,
            waivable,
            overriding: text("override"),
            params: BTreeMap::new(),
        },
        enabled,
        ..RuleEntry::default()
    };
    let params = entry.get("params").and_then(Value::as_object);
    for (name, value) in params.into_iter().flatten() {
        let place = at.key("params").key(name);
        match dated::read(document, &place, value, problems) {
            Some(rows) => {
                found.dated.insert(name.clone(), rows);
            }
            None => {
                found.own.params.insert(name.clone(), value.clone());
            }
        }
    }
    let keys = ["weight", "gate", "severity", "title", "waivable"];
    let params = params
        .into_iter()
        .flatten()
        .map(|(name, _)| param_key(name));
    for key in keys.map(str::to_owned).into_iter().chain(params) {
        let at = Pointer::from_json(format!("{}/{key}", at.as_str()));
        let reason = plain.reason(&at).cloned();
        found.reasons.extend(reason.map(|reason| (key, reason)));
    }
    found
}

fn severity(
    document: &Document,
    id: &str,
    entry: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<Severity> {
    let value = entry.get("severity").filter(|value| !value.is_null())?;
    let word = value.as_str().unwrap_or_default();
    let known = Severity::from_word(word);
    if known.is_none() {
        let at = Pointer::root().key("rules").key(id).key("severity");
        let place = value_at(document.value(), &at);
        let words = Severity::ALL.map(Severity::word);
        let problem = Problem::error(format!("`rules.{id}.severity` is {value}"))
            .expected("`critical`, `major`, `minor` or `info`")
            .suggest_maybe(nearest(word, words).map(|word| format!("did you mean `{word}`?")));
        problems.push(document.problem_at(&place, problem));
    }
    known
}

/// Another title; one for many rules says nothing of any of them.
fn title(
    document: &Document,
    id: &str,
    entry: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let value = entry.get("title").filter(|value| !value.is_null())?;
    let at = Pointer::root().key("rules").key(id).key("title");
    let place = value_at(document.value(), &at);
    if id.contains('*') {
        let problem = Problem::error(format!(
            "`{id}` is a pattern, and gives many rules one title"
        ))
        .expected("`title` in the table of one rule");
        problems.push(document.problem_at_key(&at, problem));
        return None;
    }
    match names::line(value, TITLE) {
        Ok(title) => Some(title),
        Err(problem) => {
            problems.push(document.problem_at(&place, problem(&format!("rules.{id}.title"))));
            None
        }
    }
}

fn waivable(
    document: &Document,
    id: &str,
    entry: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<bool> {
    let value = entry.get("waivable").filter(|value| !value.is_null())?;
    if value.as_bool().is_none() {
        let at = Pointer::root().key("rules").key(id).key("waivable");
        let place = value_at(document.value(), &at);
        let problem =
            Problem::error(format!("`rules.{id}.waivable` is {value}")).expected("true or false");
        problems.push(document.problem_at(&place, problem));
    }
    value.as_bool()
}

/// Characters of a title; more is no title.
const TITLE: usize = 200;

fn out_of_range(id: &str, key: &str, value: &Value, most: f64) -> Problem {
    let what = match value {
        Value::Number(typed) => number(typed.as_f64().unwrap_or_default()),
        Value::String(text) => format!("the text `{text}`"),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Array(_) => "a list".to_owned(),
        _ => "a table".to_owned(),
    };
    let typed = value
        .as_str()
        .and_then(|text| text.trim().parse::<f64>().ok());
    let typed = typed.filter(|typed| (0.0..=most).contains(typed));
    Problem::error(format!("`rules.{id}.{key}` is {what}"))
        .expected(format!("a number between 0 and {}", number(most)))
        .suggest_maybe(typed.map(|typed| format!("write {} without quotes", number(typed))))
}
