//! The facts of one proposal, given and derived, as scripts walk through them; and the record of one run over them.

use crate::pointer::Pointer;
use crate::schema::{FieldId, Kind, Schema};
use rhai::{Dynamic, ImmutableString};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All facts of one proposal as a tree in an arena.
pub(crate) struct Facts {
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
    /// Statements that a followed script did, by their number.
    done: Mutex<BTreeSet<usize>>,
}

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
    pub(crate) fn new(schema: Arc<Schema>, given: &Value, derived: DerivedFacts) -> Self {
        let mut value = given.clone();
        if let Value::Object(map) = &mut value {
            map.insert("derived".to_owned(), Value::Object(derived.value));
        }
        let mut facts = Self {
            nodes: Vec::new(),
            schema,
            attestations: attestations(given),
            value: Value::Null,
            derived_missing: derived.missing,
            derived_inputs: derived.inputs,
            unavailable: derived.unavailable,
            done: Mutex::default(),
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
    pub(crate) fn done(&self) -> BTreeSet<usize> {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.clone()
    }

    /// The number of a property name, if the schema has it.
    pub(crate) fn symbol(&self, name: &str) -> Option<u32> {
        self.schema.symbols().get(name)
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The fact at a pointer, as JSON; `null` counts as absent.
    pub(crate) fn value_at(&self, pointer: &Pointer) -> Option<&Value> {
        pointer.of(&self.value).filter(|value| !value.is_null())
    }

    /// The partners who stand behind the fact at a pointer.
    pub(crate) fn attested_by(&self, pointer: &Pointer) -> Vec<String> {
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
        let data = match value {
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

/// One run of one script over the facts: what it read, what it missed, what it was told to assume.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) facts: Arc<Facts>,
    /// Values to stand for missing facts, while the possible outcomes are being tried.
    assumed: Vec<(Pointer, Value)>,
    state: Mutex<RunState>,
}

/// What happened in a run.
#[derive(Debug, Default, Clone)]
pub(crate) struct RunState {
    /// Facts read, by their nodes, in order, each once.
    read: Vec<u32>,
    /// For each node, whether it was looked at and whether it was read.
    seen: Vec<(bool, bool)>,
    /// Places looked at where there is nothing.
    absent: BTreeSet<Pointer>,
    /// Why the script was stopped, if it asked for something that is not there.
    pub(crate) stop: Option<Stop>,
}

/// Why a script cannot go on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stop {
    /// A fact is missing: where it was looked for, its field, and what to name as missing.
    Missing {
        at: Pointer,
        field: Option<FieldId>,
        named: Vec<Pointer>,
    },
    /// A plugin gave no answer.
    Unavailable(String),
}

impl Run {
    pub(crate) fn new(facts: Arc<Facts>, assumed: Vec<(Pointer, Value)>) -> Self {
        Self {
            facts,
            assumed,
            state: Mutex::default(),
        }
    }

    /// The state, also after a panic elsewhere: a run is used by one thread.
    pub(crate) fn state(&self) -> MutexGuard<'_, RunState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many facts were read so far.
    pub(crate) fn reads(&self) -> usize {
        self.state().read.len()
    }

    /// The facts read, in order.
    pub(crate) fn evidence(&self) -> Vec<Pointer> {
        let node = |id: &u32| Some(self.facts.nodes.get(*id as usize)?.pointer.clone());
        self.state().read.iter().filter_map(node).collect()
    }

    /// Everything looked at, present or not: what the finding depends on.
    pub(crate) fn looked_at(&self) -> BTreeSet<Pointer> {
        let state = self.state();
        let nodes = self.facts.nodes.iter().zip(&state.seen);
        let present = nodes
            .filter(|(_, (looked, _))| *looked)
            .map(|(node, _)| node.pointer.clone());
        present.chain(state.absent.iter().cloned()).collect()
    }

    fn note_node(&self, id: u32, read: bool) {
        let mut state = self.state();
        if state.seen.is_empty() {
            state.seen = vec![(false, false); self.facts.nodes.len()];
        }
        let Some(seen) = state.seen.get_mut(id as usize) else {
            return;
        };
        let first = read && !seen.1;
        *seen = (true, seen.1 || read);
        if first {
            state.read.push(id);
        }
    }

    fn note_absent(&self, pointer: &Pointer) {
        self.state().absent.insert(pointer.clone());
    }

    pub(crate) fn stop(&self, stop: Stop) {
        let mut state = self.state();
        if state.stop.is_none() {
            state.stop = Some(stop);
        }
    }
}

/// A place among the facts, as a script holds it.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) run: Arc<Run>,
    at: At,
}

#[derive(Debug, Clone)]
enum At {
    Node(u32),
    /// A group of which nothing is known.
    Absent(Arc<(Pointer, Option<FieldId>)>),
}

/// What a read gives.
#[derive(Debug)]
pub(crate) enum Read {
    /// A value, a list or a group.
    Found(Dynamic),
    /// Nothing; the run has been told to stop.
    Stopped,
    /// The place is a plain value and has nothing below it.
    NotAGroup(String),
}

/// What a script finds that asks whether a fact is there.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// The node.
    Found(u32),
    /// Nothing is known there.
    Absent,
    /// A plugin should have said; the run has been told to stop.
    Stopped,
}

impl Fact {
    pub(crate) fn root(run: Arc<Run>) -> Self {
        Self {
            run,
            at: At::Node(0),
        }
    }

    fn node(&self) -> Option<&Node> {
        match &self.at {
            At::Node(id) => self.run.facts.nodes.get(*id as usize),
            At::Absent(_) => None,
        }
    }

    pub(crate) fn pointer(&self) -> Pointer {
        match &self.at {
            At::Absent(place) => place.0.clone(),
            At::Node(_) => self
                .node()
                .map(|node| node.pointer.clone())
                .unwrap_or_default(),
        }
    }

    fn field(&self) -> Option<FieldId> {
        match &self.at {
            At::Absent(place) => place.1,
            At::Node(_) => self.node().and_then(|node| node.field),
        }
    }

    /// Reads the property with this name and number.
    pub(crate) fn read(&self, symbol: Option<u32>, name: &str) -> Read {
        match self.child(symbol, name) {
            Err(pointer) => Read::NotAGroup(pointer.dotted()),
            Ok(Some(child)) => self.give(child),
            Ok(None) => self.read_absent(name),
        }
    }

    /// The node of a property, without recording anything; an error where the place is a plain value.
    fn child(&self, symbol: Option<u32>, name: &str) -> Result<Option<u32>, Pointer> {
        let Some(node) = self.node() else {
            return Ok(None);
        };
        match &node.data {
            Data::Object { known, other } => Ok(match symbol {
                Some(symbol) => known
                    .binary_search_by_key(&symbol, |(symbol, _)| *symbol)
                    .ok()
                    .and_then(|at| known.get(at))
                    .map(|(_, child)| *child),
                None => other.get(name).copied(),
            }),
            _ => Err(node.pointer.clone()),
        }
    }

    fn read_absent(&self, name: &str) -> Read {
        let facts = &self.run.facts;
        let pointer = self.pointer().key(name);
        let field = self
            .field()
            .and_then(|field| facts.schema.property(field, name));
        self.run.note_absent(&pointer);
        if let Some((_, value)) = self.run.assumed.iter().find(|(at, _)| *at == pointer) {
            return Read::Found(plain(value));
        }
        if let Some(reason) = longest(&facts.unavailable, &pointer) {
            self.run.stop(Stop::Unavailable(reason.clone()));
            return Read::Stopped;
        }
        if field.is_some_and(|field| facts.schema.field(field).kind == Kind::Object) {
            let at = At::Absent(Arc::new((pointer, field)));
            return Read::Found(Dynamic::from(Self {
                run: Arc::clone(&self.run),
                at,
            }));
        }
        let named = facts.missing_for(&pointer);
        self.run.stop(Stop::Missing {
            at: pointer,
            field,
            named,
        });
        Read::Stopped
    }

    /// Hands a node to the script: a plain value is recorded as evidence, a group is walked further.
    pub(crate) fn give(&self, id: u32) -> Read {
        let Some(node) = self.run.facts.nodes.get(id as usize) else {
            return Read::Found(Dynamic::UNIT);
        };
        self.note(id);
        match &node.data {
            Data::Value(value) => Read::Found(value.clone()),
            Data::Object { .. } => Read::Found(Dynamic::from(Self {
                run: Arc::clone(&self.run),
                at: At::Node(id),
            })),
            Data::List(items) => {
                if let Some(at) = self.unknown_value(node, items) {
                    self.run.stop(Stop::Missing {
                        named: vec![at.clone()],
                        at,
                        field: None,
                    });
                    return Read::Stopped;
                }
                let of_values = items.iter().all(|item| self.is_value(*item));
                let list: Vec<Dynamic> = items
                    .iter()
                    .map(|item| self.element(*item, of_values))
                    .collect();
                Read::Found(Dynamic::from_array(list))
            }
        }
    }

    /// Records that a node was looked at, and as evidence if it is an answer.
    pub(crate) fn note(&self, id: u32) {
        let Some(node) = self.run.facts.nodes.get(id as usize) else {
            return;
        };
        match &node.data {
            Data::Value(_) => self.run.note_node(id, true),
            // A list of plain values is one answer.
            Data::List(items) if items.iter().all(|item| self.is_value(*item)) => {
                self.run.note_node(id, true);
            }
            Data::List(_) => self.run.note_node(id, false),
            Data::Object { .. } => {}
        }
    }

    /// An element that is not known yet in a list of plain values: the list as a whole is not known then, since
    /// anything may stand there.
    fn unknown_value(&self, list: &Node, items: &[u32]) -> Option<Pointer> {
        let groups = list
            .field
            .and_then(|field| self.run.facts.schema.field(field).items)
            .is_some_and(|item| self.run.facts.schema.field(item).kind == Kind::Object);
        let nodes = || {
            items
                .iter()
                .filter_map(|item| self.run.facts.nodes.get(*item as usize))
        };
        if groups || nodes().any(|node| matches!(node.data, Data::Object { .. })) {
            return None;
        }
        nodes()
            .find(|node| matches!(&node.data, Data::Value(value) if value.is_unit()))
            .map(|node| node.pointer.clone())
    }

    fn is_value(&self, id: u32) -> bool {
        let node = self.run.facts.nodes.get(id as usize);
        node.is_some_and(|node| matches!(&node.data, Data::Value(value) if !value.is_unit()))
    }

    fn element(&self, id: u32, plain: bool) -> Dynamic {
        let Some(node) = self.run.facts.nodes.get(id as usize) else {
            return Dynamic::UNIT;
        };
        match &node.data {
            Data::Value(value) if plain => value.clone(),
            Data::Value(value) if value.is_unit() => {
                let at = At::Absent(Arc::new((node.pointer.clone(), node.field)));
                Dynamic::from(Self {
                    run: Arc::clone(&self.run),
                    at,
                })
            }
            _ => match self.give(id) {
                Read::Found(value) => value,
                // The run has been told to stop, whatever the script does with this.
                Read::Stopped | Read::NotAGroup(_) => Dynamic::UNIT,
            },
        }
    }

    /// Follows a dotted path below this place; `Err` names the step that is no field of the schema.
    pub(crate) fn lookup(&self, dotted: &str) -> Result<Lookup, String> {
        let Some(path) = Pointer::from_dotted(dotted) else {
            return Err(dotted.to_owned());
        };
        let facts = Arc::clone(&self.run.facts);
        let mut place = Some(self.clone());
        let mut field = self.field();
        let mut pointer = self.pointer();
        let steps: Vec<_> = path.steps().collect();
        for (index, step) in steps.iter().enumerate() {
            let last = index + 1 == steps.len();
            pointer = pointer.key(step);
            let open = field.is_some_and(|field| facts.schema.field(field).open);
            let next = field.and_then(|field| {
                let is_index = step.bytes().all(|byte| byte.is_ascii_digit());
                if is_index {
                    facts.schema.field(field).items
                } else {
                    facts.schema.property(field, step)
                }
            });
            if next.is_none() && !open {
                return Err(pointer.dotted());
            }
            let symbol = facts.schema.symbols().get(step);
            let child = match &place {
                Some(fact) => fact.step(symbol, step),
                None => None,
            };
            if last {
                return Ok(if let Some(child) = child {
                    self.run.note_node(child, false);
                    Lookup::Found(child)
                } else {
                    self.run.note_absent(&pointer);
                    self.lookup_absent(&pointer)
                });
            }
            place = child.map(|child| Self {
                run: Arc::clone(&self.run),
                at: At::Node(child),
            });
            field = next;
        }
        Ok(Lookup::Absent)
    }

    /// The element of another list that stands at the same place as this one in its own: what a plugin derived for a
    /// flow, say. The other list is not laid out for it, so asking for every flow stays linear in the flows.
    pub(crate) fn beside(&self, dotted: &str) -> Result<Read, String> {
        let index = self
            .pointer()
            .steps()
            .last()
            .and_then(|step| step.parse::<usize>().ok());
        let Some(index) = index else {
            return Err(self.pointer().dotted());
        };
        let path = Pointer::from_dotted(dotted).ok_or_else(|| dotted.to_owned())?;
        let steps: Vec<_> = path.steps().collect();
        let Some((list, groups)) = steps.split_last() else {
            return Err(dotted.to_owned());
        };
        let symbols = self.run.facts.schema.symbols();
        let mut at = Self::root(Arc::clone(&self.run));
        for step in groups {
            match at.read(symbols.get(step), step) {
                Read::Found(value) => {
                    at = value.try_cast::<Self>().ok_or_else(|| dotted.to_owned())?;
                }
                other => return Ok(other),
            }
        }
        let element = at.step(symbols.get(list), list).and_then(|found| {
            self.run.note_node(found, false);
            match &self.run.facts.nodes.get(found as usize)?.data {
                Data::List(items) => items.get(index).copied(),
                _ => None,
            }
        });
        Ok(match element {
            Some(element) => at.give(element),
            None => at.read_absent(list),
        })
    }

    /// What a plugin failed to say is not the same as what nobody has said.
    fn lookup_absent(&self, pointer: &Pointer) -> Lookup {
        match longest(&self.run.facts.unavailable, pointer) {
            Some(reason) => {
                self.run.stop(Stop::Unavailable(reason.clone()));
                Lookup::Stopped
            }
            None => Lookup::Absent,
        }
    }

    fn step(&self, symbol: Option<u32>, name: &str) -> Option<u32> {
        match &self.node()?.data {
            Data::List(items) => items.get(name.parse::<usize>().ok()?).copied(),
            _ => self.child(symbol, name).ok().flatten(),
        }
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

fn attestations(given: &Value) -> Vec<Attestation> {
    let list = given.get("attestations").and_then(Value::as_array);
    list.into_iter()
        .flatten()
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
