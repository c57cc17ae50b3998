//! What an element of a list is called: a partner's name, who goes where.

use super::field;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::Schema;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What each path is about, where the paths lie in elements of a list.
pub(super) fn about(schema: &Schema, proposal: &Value, paths: &[Pointer]) -> Vec<String> {
    let elements: Option<Vec<Pointer>> = paths.iter().map(|path| element(schema, path)).collect();
    if let Some(elements) = elements {
        return elements
            .iter()
            .map(|element| label(schema, proposal, element))
            .collect();
    }
    // Numbers that add up are told apart by their titles.
    if paths.len() > 1 {
        let title = |path: &Pointer| {
            let title = field(schema, path).map(|field| field.title.clone());
            title.unwrap_or_else(|| path.dotted())
        };
        return paths.iter().map(title).collect();
    }
    Vec::new()
}

/// The innermost list element that a path lies in, if the list is of objects.
pub(crate) fn element(schema: &Schema, path: &Pointer) -> Option<Pointer> {
    let mut at = path.parent();
    while let Some(here) = at {
        let above = here.parent()?;
        if field(schema, &above).is_some_and(|field| field.items.is_some()) {
            return Some(here);
        }
        at = Some(above);
    }
    None
}

/// The same fact of other elements of the list, where it is not known either and the element is like one that is
/// asked about: every answer that elements usually share is the same.
///
/// A rule that tries each possible value of a fact gives up after a few elements, and would ask for the next few later.
pub(super) fn likes(schema: &Schema, proposal: &Value, paths: &[Pointer]) -> Vec<Pointer> {
    // The elements of a list are gone through once for each fact, however many elements are asked about.
    let mut asked: BTreeMap<(Pointer, &str), BTreeSet<String>> = BTreeMap::new();
    for path in paths {
        let Some(own) = element(schema, path) else {
            continue;
        };
        let below = path.as_str().strip_prefix(own.as_str()).unwrap_or_default();
        let Some(list) = own.parent() else { continue };
        let shared = shared(schema, proposal, &own);
        asked.entry((list, below)).or_default().insert(shared);
    }
    let mut found = Vec::new();
    for ((list, below), like) in asked {
        let elements = list.of(proposal).and_then(Value::as_array);
        for index in 0..elements.map_or(0, Vec::len) {
            let other = list.index(index);
            let fact = Pointer::from_json(format!("{}{below}", other.as_str()));
            let open = fact.of(proposal).is_none_or(Value::is_null);
            if open && like.contains(&shared(schema, proposal, &other)) {
                found.push(fact);
            }
        }
    }
    found
}

/// The answers of an element that its list's elements usually share, as text: two that are alike have the same.
fn shared(schema: &Schema, proposal: &Value, one: &Pointer) -> String {
    let properties = field(schema, one).map(|field| field.properties.as_slice());
    let shared = properties.unwrap_or_default().iter().filter(|(_, id)| {
        let field = schema.field(*id);
        field.alike && !field.possible_values().is_empty()
    });
    let element = one.of(proposal);
    let known = |name: &str| element.and_then(|element| element.get(name));
    let mut text = String::new();
    for (name, _) in shared {
        text.push_str(&known(name).unwrap_or(&Value::Null).to_string());
        text.push(',');
    }
    text
}

/// What people call an element of a list: its name, or its place among the others (`Flow 2`).
pub fn label(schema: &Schema, proposal: &Value, element: &Pointer) -> String {
    named(schema, proposal, element).unwrap_or_else(|| placed(schema, element))
}

/// What an element is called that has no name: what each of them is called, and its number.
fn placed(schema: &Schema, element: &Pointer) -> String {
    let title = field(schema, element).map(|field| field.title.as_str());
    let title = title.filter(|title| !title.trim().is_empty());
    let step = element.steps().last();
    let index = step.and_then(|step| evenhand_core::pointer::index(&step));
    match title.zip(index) {
        Some((title, index)) => format!("{title} {}", index.saturating_add(1)),
        None => element.dotted(),
    }
}

/// The name of an element of a list, where it has one: its name or title, the names of what it refers to (`A → B`), or its
/// key.
pub fn named(schema: &Schema, proposal: &Value, element: &Pointer) -> Option<String> {
    let text = |name: &str| {
        let value = element.key(name).of(proposal)?.as_str()?.to_owned();
        Some(value).filter(|value| !value.trim().is_empty())
    };
    if let Some(name) = text("name").or_else(|| text("title")) {
        return Some(name);
    }
    let properties = field(schema, element).map(|field| field.properties.as_slice());
    let ends: Vec<String> = properties
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, id)| {
            let target = schema.field(*id).reference.as_deref()?;
            let key = text(name)?;
            Some(referred(schema, proposal, target, &key).unwrap_or(key))
        })
        .collect();
    if !ends.is_empty() {
        return Some(ends.join(" → "));
    }
    let list = element.parent();
    let key = list.and_then(|list| field(schema, &list)?.unique_key.clone());
    text(key.as_deref().unwrap_or("id"))
}

/// The label of the element whose key is `key`, where `target` is such as `partners[].id`.
fn referred(schema: &Schema, proposal: &Value, target: &str, key: &str) -> Option<String> {
    let (list, name) = target.split_once("[].")?;
    let list = Pointer::from_dotted(list)?;
    let elements = list.of(proposal)?.as_array()?;
    let same = |element: &Value| element.get(name).and_then(Value::as_str) == Some(key);
    let index = elements.iter().position(same)?;
    Some(label(schema, proposal, &list.index(index)))
}
