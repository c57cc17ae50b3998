//! What a profile says of one rule.

use super::reasons::value_at;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, nearest};
use crate::rule::Severity;
use crate::settings::RuleSettings;
use crate::text::number;
use serde_json::{Map, Value};

/// Reads the entry of a rule; what is wrong with it goes to `problems`.
pub(super) fn read(
    document: &Document,
    id: &str,
    entry: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> RuleSettings {
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
    let severity = entry.get("severity").filter(|value| !value.is_null());
    let severity = severity.and_then(|value| {
        let word = value.as_str().unwrap_or_default();
        let known = Severity::from_word(word);
        if known.is_none() {
            let place = value_at(document.value(), &at.key("severity"));
            let words = Severity::ALL.map(Severity::word);
            let problem = Problem::error(format!("`rules.{id}.severity` is {value}"))
                .expected("`critical`, `major`, `minor` or `info`")
                .suggest_maybe(nearest(word, words).map(|word| format!("did you mean `{word}`?")));
            problems.push(document.problem_at(&place, problem));
        }
        known
    });
    let text = |key: &str| {
        let text = entry.get(key).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let disabled = entry.get("enabled") == Some(&Value::Bool(false));
    let params = entry.get("params").and_then(Value::as_object);
    RuleSettings {
        disabled: disabled.then(|| text("reason").unwrap_or_default()),
        left_out: false,
        weight,
        gate,
        severity,
        overriding: text("override"),
        params: params.cloned().unwrap_or_default().into_iter().collect(),
    }
}

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
