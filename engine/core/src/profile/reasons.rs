//! Reasons: that of a table, and `{ value = …, reason = "…" }` for one key.

use crate::pointer::Pointer;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A profile with `{ value = …, reason = … }` replaced by its value, and the reasons by the JSON Pointer of what they are for.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) value: Map<String, Value>,
    pub(super) reasons: BTreeMap<String, String>,
}

impl Plain {
    pub(super) fn of(profile: &Value) -> Self {
        let mut plain = Self {
            value: profile.as_object().cloned().unwrap_or_default(),
            reasons: BTreeMap::new(),
        };
        let mut reasons = BTreeMap::new();
        let root = Pointer::root();
        for name in ["levels", "thresholds", "weights"] {
            if let Some(Value::Object(section)) = plain.value.get_mut(name) {
                unwrap_all(section, &root.key(name), &mut reasons);
            }
        }
        for (name, inner) in [("rules", "params"), ("plugins", "settings")] {
            let entries = plain.value.get_mut(name).and_then(Value::as_object_mut);
            for (id, entry) in entries.into_iter().flatten() {
                let at = root.key(name).key(id);
                let Some(entry) = entry.as_object_mut() else {
                    continue;
                };
                for key in ["weight", "gate", "severity", "title", "waivable"] {
                    if let Some(value) = entry.get_mut(key) {
                        unwrap(value, &at.key(key), &mut reasons);
                    }
                }
                if let Some(Value::Object(values)) = entry.get_mut(inner) {
                    unwrap_all(values, &at.key(inner), &mut reasons);
                }
                keep(entry.get("reason"), &at, &mut reasons);
            }
        }
        plain.reasons = reasons;
        plain
    }

    /// Why a key is set as it is: its own reason, or that of the nearest table it stands in.
    pub(super) fn reason(&self, at: &Pointer) -> Option<&String> {
        let mut above = Some(at.clone());
        while let Some(at) = above {
            if let Some(reason) = self.reasons.get(at.as_str()) {
                return Some(reason);
            }
            above = at.parent();
        }
        None
    }

    /// A section of the profile; empty if it is not there.
    pub(super) fn section(&self, name: &str) -> Map<String, Value> {
        let section = self.value.get(name).and_then(Value::as_object);
        section.cloned().unwrap_or_default()
    }
}

/// Where the value of a key stands: at the key, or in its table.
pub(super) fn value_at(profile: &Value, key: &Pointer) -> Pointer {
    match key.of(profile) {
        Some(value) if wrapped(value) => key.key("value"),
        _ => key.clone(),
    }
}

fn unwrap_all(
    section: &mut Map<String, Value>,
    at: &Pointer,
    reasons: &mut BTreeMap<String, String>,
) {
    if let Some(reason) = section.remove("reason") {
        keep(Some(&reason), at, reasons);
    }
    for (key, value) in section {
        unwrap(value, &at.key(key), reasons);
    }
}

fn unwrap(value: &mut Value, at: &Pointer, reasons: &mut BTreeMap<String, String>) {
    if !wrapped(value) {
        return;
    }
    keep(value.get("reason"), at, reasons);
    if let Some(inner) = value.get_mut("value").map(Value::take) {
        *value = inner;
    }
}

fn keep(reason: Option<&Value>, at: &Pointer, reasons: &mut BTreeMap<String, String>) {
    let reason = reason.and_then(Value::as_str).map(str::trim);
    if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
        reasons.insert(at.as_str().to_owned(), reason.to_owned());
    }
}

/// Whether a table is a value with its reason, and nothing else.
fn wrapped(value: &Value) -> bool {
    value.as_object().is_some_and(|table| {
        table.contains_key("value") && table.keys().all(|key| key == "value" || key == "reason")
    })
}
