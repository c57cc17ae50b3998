//! What an answer may hold: facts that fit the schema, pointers that point somewhere, findings that agree with the manifest.

use super::{Checked, Found, Subject};
use crate::abi::{self, Status};
use evenhand_contract::manifest::Manifest;
use evenhand_contract::received;
use serde_json::{Map, Value, json};

pub(super) fn check(subject: &Subject<'_>, found: &mut Found) -> Checked {
    let mut instance = subject.fresh()?;
    let manifest = instance.manifest.clone();
    let Some(typed) = typed(&manifest) else {
        found.add("the manifest has fields of another type than the contract says".to_owned());
        return Ok(());
    };
    for (document, projected) in subject.documents.iter().zip(subject.projected()?) {
        let view = View { document };
        let handed = serde_json::from_slice(&projected).unwrap_or_default();
        match instance.run(abi::OP_DERIVE, &projected) {
            (abi::STATUS_OK, answer) => {
                let answer = String::from_utf8_lossy(&answer);
                add(
                    found,
                    "derive",
                    received::derived(&typed, &handed, &answer).err(),
                );
            }
            (status, _) => view.no_answer("derive", status, manifest.get("provides"), found),
        }
        match instance.run(abi::OP_ASSESS, &projected) {
            (abi::STATUS_OK, answer) => {
                let answer = String::from_utf8_lossy(&answer);
                add(
                    found,
                    "assess",
                    received::assessed(&typed, &handed, &answer).err(),
                );
            }
            (status, _) => view.no_answer("assess", status, manifest.get("rules"), found),
        }
    }
    Ok(())
}

fn add(found: &mut Found, operation: &str, breaches: Option<Vec<String>>) {
    for breach in breaches.into_iter().flatten() {
        found.add(format!("{operation}: {breach}"));
    }
}

/// What of the manifest an answer is compared with. A test's own may leave out the rest, which no answer depends on.
fn typed(manifest: &Value) -> Option<Manifest> {
    let rules = manifest.get("rules").and_then(Value::as_array);
    let ids = rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule.get("id"));
    let rules: Vec<Value> = ids
        .map(|id| json!({ "id": id, "title": "", "dimension": "", "severity": "info" }))
        .collect();
    let part = |key: &str| manifest.get(key).cloned();
    serde_json::from_value(
        json!({ "manifest_version": 1, "id": "tested", "title": "Tested", "version": "0.0.0",
        "abi": "1.0", "engine": "*", "licence": "none", "rules": rules,
        "reads": part("reads").unwrap_or_else(|| json!([])), "provides": part("provides") }),
    )
    .ok()
}

/// A proposal.
struct View<'a> {
    document: &'a Value,
}

impl View<'_> {
    /// A plugin that declares facts or rules must answer for every proposal, the empty one too.
    fn no_answer(&self, name: &str, status: Status, declared: Option<&Value>, found: &mut Found) {
        let declares = declared.is_some_and(|declared| match declared {
            Value::Array(rules) => !rules.is_empty(),
            schema => schema
                .get("properties")
                .is_some_and(|properties| properties != &Value::Object(Map::new())),
        });
        if declares || status != abi::STATUS_UNKNOWN {
            let empty = self.document.as_object().is_some_and(Map::is_empty);
            let which = if empty {
                "the empty proposal"
            } else {
                "a proposal"
            };
            found.add(format!("{name}: status {status} for {which}"));
        }
    }
}
