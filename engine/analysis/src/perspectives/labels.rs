//! What readings are called: by a label, by the one partner who attests in them, or by their file.

use evenhand_core::document::Document;
use evenhand_core::schema::Schema;
use serde_json::Value;
use std::collections::BTreeSet;

/// What the documents are called, no two of them the same.
pub(super) fn labels(schema: &Schema, documents: &[Document], given: &[String]) -> Vec<String> {
    let attesters: Vec<BTreeSet<&str>> = documents.iter().map(attesters).collect();
    let by_attester = |index: usize| {
        let own = attesters.get(index)?;
        let one = own.first().filter(|_| own.len() == 1)?;
        let mut others = attesters.iter().enumerate();
        let elsewhere = others.any(|(other, keys)| other != index && keys.contains(one));
        // Where two files hold a partner's word, neither is the partner's for that.
        (!elsewhere).then(|| partner(schema, documents.get(index)?.value(), one))?
    };
    let mut labels: Vec<String> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let given = given.get(index).filter(|label| !label.trim().is_empty());
        let named = given.map(|label| label.trim().to_owned());
        let short = stem(document.name());
        let files = documents.iter().map(|other| stem(other.name()));
        let file = if files.filter(|other| *other == short).count() > 1 {
            document.name()
        } else {
            short
        };
        let named = named.or_else(|| by_attester(index));
        let mut own = named.unwrap_or_else(|| file.to_owned());
        if labels.contains(&own) {
            own = format!("{own} ({})", index + 1);
        }
        labels.push(own);
    }
    labels
}

/// The keys of those who attest something in a document.
fn attesters(document: &Document) -> BTreeSet<&str> {
    let list = document.value().get("attestations");
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| one.get("by")?.as_str()).collect()
}

/// What the partner with a key is called.
fn partner(schema: &Schema, proposal: &Value, key: &str) -> Option<String> {
    let all = crate::ask::attesters(schema, proposal).into_iter();
    let mut same = all.filter(|(own, ..)| own == key);
    same.next().map(|(_, name, _)| name)
}

/// A file's name without its folder and its ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}
