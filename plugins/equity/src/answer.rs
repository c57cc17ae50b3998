//! Collects facts, what they rest on and what they lack, in the form the engine reads.

use crate::known::Known;
use crate::reader::Reader;
use evenhand_plugin::wire::Derived;
use serde_json::{Map, Value};

/// A fact that is written under its name: `(name, value)`.
pub(crate) type Fact = (&'static str, Known<Value>);

/// A known value as JSON.
pub(crate) fn fact<T: Into<Value>>(name: &'static str, value: Known<T>) -> Fact {
    (name, value.map(Into::into))
}

/// Writes top-level facts. One that rests on no single value, such as a sum over nothing, rests on `list`.
pub(crate) fn write(derived: &mut Derived, reader: &Reader, list: &str, facts: Vec<Fact>) {
    let written = object(derived, reader, "", list, facts);
    derived.facts.extend(written);
}

/// Writes one object for each entry of the proposal's list `key`, parallel to it.
pub(crate) fn write_list(derived: &mut Derived, reader: &Reader, key: &str, list: Vec<Vec<Fact>>) {
    let mut entries = Vec::with_capacity(list.len());
    for (index, facts) in list.into_iter().enumerate() {
        let pointer = format!("/{key}/{index}");
        entries.push(Value::Object(object(
            derived, reader, &pointer, &pointer, facts,
        )));
    }
    derived.facts.insert(key.to_owned(), Value::Array(entries));
}

/// Writes facts that share one cause for being missing.
pub(crate) fn write_missing(derived: &mut Derived, names: &[&str], pointer: &str) {
    for name in names {
        derived
            .missing
            .insert(format!("/{name}"), vec![pointer.to_owned()]);
    }
}

fn object(
    derived: &mut Derived,
    reader: &Reader,
    pointer: &str,
    list: &str,
    facts: Vec<Fact>,
) -> Map<String, Value> {
    let pointers = |places: &crate::known::Places| {
        let pointers = reader.pointers(places);
        if pointers.is_empty() {
            vec![list.to_owned()]
        } else {
            pointers
        }
    };
    let mut object = Map::new();
    for (name, value) in facts {
        let at = format!("{pointer}/{name}");
        match value {
            Known::Value(value, places) => {
                derived.inputs.insert(at, pointers(&places));
                object.insert(name.to_owned(), value);
            }
            Known::Missing(places) => {
                derived.missing.insert(at, pointers(&places));
            }
            Known::Void(_) => {}
        }
    }
    object
}
