//! The facts of one proposal, given and derived, as scripts walk through them; and the record of one run over them.

mod intervals;
mod record;
mod run;
mod walk;

use crate::attestation::{self, Validity};
use crate::plugin::Argument;
use crate::pointer::Pointer;
use crate::schema::{FieldId, Range, Schema};
use rhai::{Dynamic, ImmutableString};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use intervals::Ends;
pub(crate) use record::{Gone, Record, Step, step, steps};
pub(crate) use run::{Run, Stop};
pub(crate) use walk::{Fact, Lookup, Read};

/// All facts of one proposal as a tree in an arena.
pub struct Facts {
    nodes: Vec<Node>,
    schema: Arc<Schema>,
    /// The same facts as JSON, with the derived ones under `derived`.
    value: Value,
    /// For a derived fact that is missing, the given facts whose absence is the cause, by longest prefix.
    derived_missing: BTreeMap<Pointer, Vec<Pointer>>,
    /// For a derived fact, the given facts it rests on, by longest prefix.
    derived_inputs: BTreeMap<Pointer, Vec<Pointer>>,
    /// Parts of the derived facts that a failed plugin should have given.
    unavailable: BTreeMap<Pointer, String>,
    attestations: Vec<Attestation>,
    /// The facts that a partner answers otherwise: nobody's word confirms them.
    contested: Vec<Pointer>,
    /// Statements that a followed script did, by their number.
    done: Mutex<BTreeSet<usize>>,
    /// Answers of plugins' pure functions.
    memo: Mutex<BTreeMap<CallKey, Argument>>,
}

/// A plugin's place in the list, and its function and arguments as bytes.
pub(crate) type CallKey = (usize, Vec<u8>);

/// Who stands behind which facts.
struct Attestation {
    by: String,
    covers: Vec<Pointer>,
}

struct Node {
    pointer: Pointer,
    field: Option<FieldId>,
    data: Data,
}

enum Data {
    Object {
        known: Vec<(u32, u32)>,
        other: BTreeMap<String, u32>,
    },
    List(Vec<u32>),
    Value(Dynamic),
    /// A number of which only the ends are known.
    Range(Range),
}

/// What plugins derived from a proposal.
#[derive(Debug, Default, Clone)]
pub(crate) struct DerivedFacts {
    pub(crate) value: serde_json::Map<String, Value>,
    pub(crate) inputs: BTreeMap<Pointer, Vec<Pointer>>,
    pub(crate) missing: BTreeMap<Pointer, Vec<Pointer>>,
    pub(crate) unavailable: BTreeMap<Pointer, String>,
}

impl Facts {
    /// Lays out a proposal and what plugins derived from it.
    pub(crate) fn new(
        schema: Arc<Schema>,
        given: &Value,
        derived: DerivedFacts,
        validity: Validity,
    ) -> Self {
        let mut value = given.clone();
        if let Value::Object(map) = &mut value {
            map.insert("derived".to_owned(), Value::Object(derived.value));
        }
        let mut facts = Self {
            nodes: Vec::new(),
            schema,
            attestations: attestations(given, validity),
            contested: attestation::contested::said(given)
                .into_iter()
                .map(|one| one.path)
                .collect(),
            value: Value::Null,
            derived_missing: derived.missing,
            derived_inputs: derived.inputs,
            unavailable: derived.unavailable,
            done: Mutex::default(),
            memo: Mutex::default(),
        };
        let root = facts.schema.root();
        facts.lay_out(&value, &Pointer::root(), Some(root));
        facts.value = value;
        facts
    }

    /// Notes that a followed script does this statement.
    pub(crate) fn note_done(&self, statement: usize) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.insert(statement);
    }

    /// The statements noted so far.
    pub fn done(&self) -> BTreeSet<usize> {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.clone()
    }

    /// The answer that a pure function gave to the same arguments before.
    pub(crate) fn remembered(&self, call: &CallKey) -> Option<Argument> {
        let memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        memo.get(call).cloned()
    }

    /// Keeps the answer of a pure function.
    pub(crate) fn remember(&self, call: CallKey, answer: Argument) {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        memo.insert(call, answer);
    }

    /// The number of a property name, if the schema has it.
    pub(crate) fn symbol(&self, name: &str) -> Option<u32> {
        self.schema.symbols().get(name)
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// All facts as JSON.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// The fact at a pointer, as JSON; `null` counts as absent.
    pub(crate) fn value_at(&self, pointer: &Pointer) -> Option<&Value> {
        pointer.of(&self.value).filter(|value| !value.is_null())
    }

    /// Whether what is told at a pointer is a range.
    pub(crate) fn is_range(&self, pointer: &Pointer) -> bool {
        self.value_at(pointer)
            .is_some_and(|value| Range::of(value).is_some())
    }

    /// The partners who stand behind the fact at a pointer.
    pub(crate) fn attested_by(&self, pointer: &Pointer) -> Vec<String> {
        let is_contested = |one: &Pointer| one.contains(pointer) || pointer.contains(one);
        if self.contested.iter().any(is_contested) {
            return Vec::new();
        }
        let mut by: Vec<String> = self
            .attestations
            .iter()
            .filter(|attestation| {
                attestation
                    .covers
                    .iter()
                    .any(|covered| covers(covered, pointer))
            })
            .map(|attestation| attestation.by.clone())
            .collect();
        by.sort();
        by.dedup();
        by
    }

    /// The given facts a derived one rests on.
    pub(crate) fn inputs_of(&self, pointer: &Pointer) -> &[Pointer] {
        longest(&self.derived_inputs, pointer).map_or(&[], Vec::as_slice)
    }

    /// What to name as missing when there is no fact at `pointer`: for a derived fact, its inputs.
    fn missing_for(&self, pointer: &Pointer) -> Vec<Pointer> {
        longest(&self.derived_missing, pointer)
            .filter(|inputs| !inputs.is_empty())
            .cloned()
            .unwrap_or_else(|| vec![pointer.clone()])
    }

    fn lay_out(&mut self, value: &Value, pointer: &Pointer, field: Option<FieldId>) -> u32 {
        let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let data = Data::Value(Dynamic::UNIT);
        self.nodes.push(Node {
            pointer: pointer.clone(),
            field,
            data,
        });
        let range = field.and_then(|field| self.schema.range_at(field, value));
        let data = match value {
            _ if range.is_some() => range.map_or(Data::Value(Dynamic::UNIT), Data::Range),
            Value::Object(map) => {
                let mut known = Vec::new();
                let mut other = BTreeMap::new();
                for (key, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                    let child_field = field.and_then(|field| self.schema.property(field, key));
                    let child = self.lay_out(value, &pointer.key(key), child_field);
                    match self.schema.symbols().get(key) {
                        Some(symbol) => known.push((symbol, child)),
                        None => {
                            other.insert(key.clone(), child);
                        }
                    }
                }
                known.sort_unstable();
                Data::Object { known, other }
            }
            Value::Array(items) => {
                let item_field = field.and_then(|field| self.schema.field(field).items);
                Data::List(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| self.lay_out(item, &pointer.index(index), item_field))
                        .collect(),
                )
            }
            Value::Null => Data::Value(Dynamic::UNIT),
            Value::Bool(flag) => Data::Value((*flag).into()),
            Value::Number(number) => Data::Value(number.as_f64().unwrap_or(f64::NAN).into()),
            Value::String(text) => Data::Value(ImmutableString::from(text.as_str()).into()),
        };
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.data = data;
        }
        id
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Facts({} nodes)", self.nodes.len())
    }
}

/// A JSON value as scripts see it: numbers as floats.
pub(crate) fn plain(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => number.as_f64().unwrap_or(f64::NAN).into(),
        Value::String(text) => ImmutableString::from(text.as_str()).into(),
        Value::Array(items) => Dynamic::from_array(items.iter().map(plain).collect()),
        Value::Object(map) => Dynamic::from_map(
            map.iter()
                .map(|(key, value)| (key.as_str().into(), plain(value)))
                .collect(),
        ),
    }
}

/// The entry whose pointer lies nearest above `pointer`.
fn longest<'a, T>(map: &'a BTreeMap<Pointer, T>, pointer: &Pointer) -> Option<&'a T> {
    let mut at = Some(pointer.as_str());
    while let Some(here) = at {
        if let Some(found) = map.get(here) {
            return Some(found);
        }
        at = here.rsplit_once('/').map(|(above, _)| above);
    }
    None
}

/// The attestations that count on the day of the evaluation.
fn attestations(given: &Value, validity: Validity) -> Vec<Attestation> {
    let list = given.get("attestations").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter(|entry| validity.holds(attestation::day(entry)))
        .filter_map(|entry| {
            let covers = entry.get("covers")?.as_array()?;
            Some(Attestation {
                by: entry.get("by")?.as_str()?.to_owned(),
                covers: covers
                    .iter()
                    .filter_map(|path| Pointer::from_dotted(path.as_str()?))
                    .collect(),
            })
        })
        .collect()
}

/// Whether an attested path covers a fact: the same or above it, `[]` standing for any element.
fn covers(covered: &Pointer, pointer: &Pointer) -> bool {
    let mut steps = pointer.steps();
    covered.steps().all(|step| {
        steps.next().is_some_and(|here| {
            step == here || (step == "-" && here.bytes().all(|byte| byte.is_ascii_digit()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attestation_covers_what_lies_below_it() {
        let check = |covered: &str, fact: &str, expected: bool| {
            let covered = Pointer::from_dotted(covered).unwrap();
            let fact = Pointer::from_dotted(fact).unwrap();
            assert_eq!(covers(&covered, &fact), expected, "{covered} over {fact}");
        };
        check("host", "host.need", true);
        check("host.need", "host.need", true);
        check("host.need", "host", false);
        check("flows[].weeks", "flows[3].weeks", true);
        check("flows[1].weeks", "flows[3].weeks", false);
        check("host.ne", "host.need", false);
    }
}
