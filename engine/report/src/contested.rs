//! What partners answer otherwise than the proposal, with both answers and who gave them, for every report.

use crate::answers::shown;
use evenhand_analysis::question::{field, label};
use evenhand_core::attestation::contested;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::words::Words;
use evenhand_document::document::Document;
use evenhand_document::schema::Schema;
use serde::Serialize;
use serde_json::Value;

/// What stands over them.
pub(crate) const HEADING: &str = "Contested answers";

/// A fact that somebody answers otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Fact {
    /// Where it stands.
    pub(crate) path: String,
    /// What the proposal says; null where it says nothing.
    pub(crate) value: Value,
    /// The keys of the partners who confirm that.
    pub(crate) confirmed_by: Vec<String>,
    /// What others say.
    pub(crate) otherwise: Vec<Otherwise>,
    #[serde(skip)]
    at: Pointer,
}

/// What a partner says instead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Otherwise {
    /// The partner's key.
    pub(crate) by: String,
    /// The day, where it is given.
    pub(crate) on: Option<String>,
    /// What is so by this partner.
    pub(crate) value: Value,
    /// What the partner wrote beside it.
    pub(crate) comment: Option<String>,
}

/// Every contested fact, in the order in which partners contest them.
pub(crate) fn facts(proposal: &Document) -> Vec<Fact> {
    let value = proposal.value();
    let mut facts: Vec<Fact> = Vec::new();
    for one in contested(value) {
        let entry = one.at.parent().and_then(|contests| contests.parent());
        let entry = entry.and_then(|entry| entry.of(value));
        let path = one.path.dotted();
        let text = |found: Option<&Value>| found.and_then(Value::as_str).map(str::to_owned);
        let otherwise = Otherwise {
            by: one.by,
            on: text(entry.and_then(|entry| entry.get("on"))),
            value: one.value,
            comment: text(entry.and_then(|entry| entry.get("comments")?.get(&path))),
        };
        match facts.iter_mut().find(|fact| fact.at == one.path) {
            Some(known) => known.otherwise.push(otherwise),
            None => facts.push(Fact {
                // Nobody stands behind what is not said.
                confirmed_by: match one.path.of(value) {
                    None | Some(Value::Null) => Vec::new(),
                    Some(_) => confirmed_by(value, &one.path),
                },
                value: one.path.of(value).cloned().unwrap_or_default(),
                otherwise: vec![otherwise],
                at: one.path,
                path,
            }),
        }
    }
    facts
}

/// Who stands behind what the proposal says.
fn confirmed_by(proposal: &Value, path: &Pointer) -> Vec<String> {
    let entries = proposal.get("attestations").and_then(Value::as_array);
    let mut found: Vec<String> = Vec::new();
    for entry in entries.into_iter().flatten() {
        let covers = entry.get("covers").and_then(Value::as_array);
        let mut covers = covers.into_iter().flatten().filter_map(Value::as_str);
        let is_covered = covers.any(|covered| {
            Pointer::from_dotted(covered).is_some_and(|covered| covered.contains(path))
        });
        let by = entry.get("by").and_then(Value::as_str).unwrap_or_default();
        if is_covered && !by.is_empty() && !found.iter().any(|known| known == by) {
            found.push(by.to_owned());
        }
    }
    found
}

/// Each fact in a sentence: what the proposal says and who confirms it, and what each of the others says.
pub(crate) fn lines(proposal: &Document, schema: &Schema, words: &dyn Words) -> Vec<String> {
    let facts = facts(proposal).into_iter();
    facts
        .map(|fact| line(&fact, proposal.value(), schema, words))
        .collect()
}

fn line(fact: &Fact, proposal: &Value, schema: &Schema, words: &dyn Words) -> String {
    let own = field(schema, &fact.at);
    let answer = |value: &Value| match own {
        Some(own) => shown(schema, &own.path, value, words),
        None => shown(schema, &fact.path, value, words),
    };
    let title = own.map(|own| own.title.as_str());
    let title = title.filter(|title| !title.is_empty());
    let name = match title {
        Some(title) => format!("{title} ({})", fact.path),
        None => fact.path.clone(),
    };
    let value = answer(&fact.value);
    let mut parts = vec![if fact.confirmed_by.is_empty() {
        words.say("the proposal says {answer}", &[("answer", &value)])
    } else {
        let names = fact.confirmed_by.iter();
        let names: Vec<String> = names.map(|key| partner(key, proposal, schema)).collect();
        let args = [("answer", value.as_str()), ("names", &names.join(", "))];
        words.say("the proposal says {answer}, and so does {names}", &args)
    }];
    for other in &fact.otherwise {
        let by = if other.by.is_empty() {
            words.word("somebody unnamed").to_owned()
        } else {
            partner(&other.by, proposal, schema)
        };
        let value = answer(&other.value);
        let mut args = vec![("name", by.as_str()), ("answer", value.as_str())];
        parts.push(match &other.on {
            Some(on) => {
                args.push(("on", on));
                words.say("{name} says {answer} ({on})", &args)
            }
            None => words.say("{name} says {answer}", &args),
        });
    }
    format!("{name}: {}", parts.join("; "))
}

/// What people call a partner, by its key.
fn partner(key: &str, proposal: &Value, schema: &Schema) -> String {
    let by = Pointer::root().key("attestations").index(0).key("by");
    let target = field(schema, &by).and_then(|field| field.reference.clone());
    let element = target.and_then(|target| {
        let (list, name) = target.split_once("[].")?;
        let list = Pointer::from_dotted(list)?;
        let items = list.of(proposal)?.as_array()?;
        let index = items
            .iter()
            .position(|item| item.get(name).and_then(Value::as_str) == Some(key))?;
        Some(list.index(index))
    });
    element.map_or_else(|| key.to_owned(), |at| label(schema, proposal, &at))
}
