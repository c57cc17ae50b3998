//! One run over the facts: what it read, what it missed, what it was told to assume.

use super::intervals::{Ends, Intervals};
use super::{Data, Facts, Node, Stop, longest};
use crate::pointer::Pointer;
use crate::program::value::Value;
use crate::schema::{FieldId, Kind, Range, Schema};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The record of one run.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) facts: &'a Facts,
    /// Values to stand for missing facts, while the possible outcomes are being tried.
    assumed: &'a [(Pointer, Json)],
    /// Facts read, by their nodes, in order, each once.
    read: Vec<u32>,
    /// For each node, whether it was looked at and whether it was read.
    seen: Vec<(bool, bool)>,
    /// Places looked at where there is nothing.
    absent: BTreeSet<Pointer>,
    /// Why the script waits, if it asked for something that is not there.
    pub(crate) stop: Option<Stop>,
    pub(super) intervals: Intervals<'a>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) name: Box<str>,
    pub(crate) symbol: Option<u32>,
    /// Its number, where it is an element of a list.
    index: Option<usize>,
}

/// Why there is no value.
#[derive(Debug, PartialEq)]
pub(crate) enum Gone {
    /// The record says what is missing.
    Stopped,
    /// The script asks for what cannot be.
    Wrong(String),
}

/// A place among the facts.
enum Place {
    Node(u32),
    Absent(Arc<(Pointer, Option<FieldId>)>),
}

impl Step {
    /// The entry of a table.
    pub(crate) fn plain(name: &str) -> Self {
        Self {
            name: name.into(),
            symbol: None,
            index: None,
        }
    }
}

/// One step of a path.
pub(crate) fn step(schema: &Schema, name: &str) -> Step {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    Step {
        symbol: schema.symbols().get(name),
        index: name.parse().ok().filter(|_| digits),
        name: name.into(),
    }
}

/// The steps of a dotted path; nothing where it is none.
pub(crate) fn steps(schema: &Schema, dotted: &str) -> Option<Vec<Step>> {
    let path = Pointer::from_dotted(dotted)?;
    Some(path.steps().map(|name| step(schema, &name)).collect())
}

impl<'a> Record<'a> {
    pub(crate) fn new(
        facts: &'a Facts,
        assumed: &'a [(Pointer, Json)],
        decisions: &'a [bool],
    ) -> Self {
        Self {
            facts,
            assumed,
            read: Vec::new(),
            seen: vec![(false, false); facts.nodes.len()],
            absent: BTreeSet::new(),
            stop: None,
            intervals: Intervals::new(decisions),
        }
    }

    /// How many facts were read so far.
    pub(crate) fn reads(&self) -> usize {
        self.read.len()
    }

    /// Takes back what was read from the one number of reads to the other: it decided nothing. It stays among what was
    /// looked at.
    pub(crate) fn take_back(&mut self, from: usize, to: usize) {
        let to = to.min(self.read.len());
        for id in self.read.drain(from.min(to)..to) {
            if let Some(seen) = self.seen.get_mut(id as usize) {
                seen.1 = false;
            }
        }
    }

    /// Whether the script was stopped by a fact that somebody may still tell.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.stop, Some(Stop::Missing { .. }))
    }

    /// The facts read, in order.
    pub(crate) fn evidence(&self) -> Vec<Pointer> {
        let node = |id: &u32| Some(self.node(*id)?.pointer.clone());
        self.read.iter().filter_map(node).collect()
    }

    /// Everything looked at, present or not: what the finding depends on.
    pub(crate) fn looked_at(&self) -> BTreeSet<Pointer> {
        let nodes = self.facts.nodes.iter().zip(&self.seen);
        let present = nodes
            .filter(|(_, (looked, _))| *looked)
            .map(|(node, _)| node.pointer.clone());
        present.chain(self.absent.iter().cloned()).collect()
    }

    fn node(&self, id: u32) -> Option<&'a Node> {
        self.facts.nodes.get(id as usize)
    }

    fn note_node(&mut self, id: u32, read: bool) {
        let Some(seen) = self.seen.get_mut(id as usize) else {
            return;
        };
        let first = read && !seen.1;
        *seen = (true, seen.1 || read);
        if first {
            self.read.push(id);
        }
    }

    /// Records that a node was looked at, and as evidence if it is an answer.
    fn note(&mut self, id: u32) {
        let Some(node) = self.node(id) else { return };
        match &node.data {
            Data::Value(_) | Data::Range(_) => self.note_node(id, true),
            // A list of plain values is one answer.
            Data::List(items) => {
                let plain = items.iter().all(|item| self.is_value(*item));
                self.note_node(id, plain);
            }
            Data::Object { .. } => {}
        }
    }

    /// Says why the script cannot go on, unless it was said before.
    pub(crate) fn stopped(&mut self, stop: Stop) -> Gone {
        self.stop.get_or_insert(stop);
        Gone::Stopped
    }

    /// Hands a node to the script: a plain value is recorded as evidence, a group is walked further.
    fn give(&mut self, id: u32) -> Result<Value, Gone> {
        let Some(node) = self.node(id) else {
            return Ok(Value::Nothing);
        };
        self.note(id);
        match &node.data {
            Data::Value(value) => Ok(Value::of_fact(value)),
            Data::Range(range) => Ok(self.interval(&node.pointer, node.field, *range)),
            Data::Object { .. } => Ok(Value::Fact(id)),
            Data::List(items) => {
                if let Some(at) = self.unknown_value(node, items) {
                    return Err(self.stopped(Stop::Missing {
                        named: vec![at.clone()],
                        at,
                        field: None,
                    }));
                }
                if items.iter().all(|item| self.is_group(*item)) {
                    return Ok(Value::Facts(id));
                }
                let plain = items.iter().all(|item| self.is_value(*item));
                let items = items.iter().map(|item| self.element(*item, plain));
                let items = items.collect::<Result<_, _>>()?;
                Value::list(items).ok_or_else(|| {
                    Gone::Wrong("a list of the proposal nests too deeply".to_owned())
                })
            }
        }
    }

    /// An element that is not known yet in a list of plain values: the list as a whole is not known then, since
    /// anything may stand there.
    fn unknown_value(&self, list: &Node, items: &[u32]) -> Option<Pointer> {
        let schema = &self.facts.schema;
        let groups = list
            .field
            .and_then(|field| schema.field(field).items)
            .is_some_and(|item| schema.field(item).kind == Kind::Object);
        if groups || items.iter().any(|item| self.is_group(*item)) {
            return None;
        }
        let nodes = items.iter().filter_map(|item| self.node(*item));
        nodes
            .into_iter()
            .find(|node| matches!(&node.data, Data::Value(value) if value.is_unit()))
            .map(|node| node.pointer.clone())
    }

    fn is_group(&self, id: u32) -> bool {
        self.node(id)
            .is_some_and(|node| matches!(node.data, Data::Object { .. }))
    }

    fn is_value(&self, id: u32) -> bool {
        let node = self.node(id);
        node.is_some_and(|node| match &node.data {
            Data::Value(value) => !value.is_unit(),
            Data::Range(_) => true,
            Data::Object { .. } | Data::List(_) => false,
        })
    }

    /// A fact of which only the ends are known.
    fn interval(&mut self, at: &Pointer, field: Option<FieldId>, range: Range) -> Value {
        let schema = &self.facts.schema;
        let whole = field.is_some_and(|field| schema.field(field).kind == Kind::Integer);
        let ends = Ends {
            low: range.from,
            high: range.to,
            whole,
        };
        Value::Range(self.interval_of(at, ends))
    }

    fn element(&mut self, id: u32, plain: bool) -> Result<Value, Gone> {
        let Some(node) = self.node(id) else {
            return Ok(Value::Nothing);
        };
        match &node.data {
            Data::Value(value) if plain => Ok(Value::of_fact(value)),
            Data::Range(range) if plain => Ok(self.interval(&node.pointer, node.field, *range)),
            Data::Value(value) if value.is_unit() => {
                Ok(Value::Absent(Arc::new((node.pointer.clone(), node.field))))
            }
            _ => self.give(id),
        }
    }

    /// How many groups there are in a list of groups.
    pub(crate) fn count(&self, list: u32) -> usize {
        match self.node(list).map(|node| &node.data) {
            Some(Data::List(items)) => items.len(),
            _ => 0,
        }
    }

    /// A group of a list of groups.
    pub(crate) fn group(&self, list: u32, index: usize) -> Option<Value> {
        match &self.node(list)?.data {
            Data::List(items) => items.get(index).map(|id| Value::Fact(*id)),
            _ => None,
        }
    }

    fn pointer(&self, place: &Place) -> Pointer {
        match place {
            Place::Absent(place) => place.0.clone(),
            Place::Node(id) => self
                .node(*id)
                .map(|node| node.pointer.clone())
                .unwrap_or_default(),
        }
    }

    fn field(&self, place: &Place) -> Option<FieldId> {
        match place {
            Place::Absent(place) => place.1,
            Place::Node(id) => self.node(*id).and_then(|node| node.field),
        }
    }

    fn place(of: &Value) -> Result<Place, Gone> {
        match of {
            Value::Fact(id) => Ok(Place::Node(*id)),
            Value::Absent(place) => Ok(Place::Absent(Arc::clone(place))),
            other => Err(Gone::Wrong(format!(
                "{} is no group of facts",
                other.word()
            ))),
        }
    }

    /// The pointer of a group.
    pub(crate) fn pointer_of(&self, of: &Value) -> Result<Pointer, Gone> {
        Ok(self.pointer(&Self::place(of)?))
    }

    /// Reads a property of a group.
    pub(crate) fn read(&mut self, of: &Value, step: &Step) -> Result<Value, Gone> {
        match of {
            Value::Fact(id) => match self.child(*id, step) {
                Some(child) => self.give(child),
                None => self.read_absent(&Place::Node(*id), &step.name),
            },
            _ => self.read_absent(&Self::place(of)?, &step.name),
        }
    }

    /// The node of a property, or of an element, without recording anything.
    fn child(&self, id: u32, step: &Step) -> Option<u32> {
        match &self.node(id)?.data {
            Data::Object { known, other } => match step.symbol {
                Some(symbol) => known
                    .binary_search_by_key(&symbol, |(symbol, _)| *symbol)
                    .ok()
                    .and_then(|at| known.get(at))
                    .map(|(_, child)| *child),
                None => other.get(&*step.name).copied(),
            },
            Data::List(items) => items.get(step.index?).copied(),
            Data::Value(_) | Data::Range(_) => None,
        }
    }

    fn read_absent(&mut self, place: &Place, name: &str) -> Result<Value, Gone> {
        let facts = self.facts;
        let pointer = self.pointer(place).key(name);
        let field = self
            .field(place)
            .and_then(|field| facts.schema.property(field, name));
        self.absent.insert(pointer.clone());
        if let Some((_, value)) = self.assumed.iter().find(|(at, _)| *at == pointer) {
            if let Some(range) = Range::of(value) {
                return Ok(self.interval(&pointer, field, range));
            }
            return Ok(Value::of_json(value).unwrap_or(Value::Nothing));
        }
        if let Some(reason) = longest(&facts.unavailable, &pointer) {
            return Err(self.stopped(Stop::Unavailable(reason.clone())));
        }
        if field.is_some_and(|field| facts.schema.field(field).kind == Kind::Object) {
            return Ok(Value::Absent(Arc::new((pointer, field))));
        }
        let named = facts.missing_for(&pointer);
        Err(self.stopped(Stop::Missing {
            at: pointer,
            field,
            named,
        }))
    }

    /// Follows a path below a group: the node there, or nothing.
    fn lookup(&mut self, of: &Value, path: &[Step]) -> Result<Option<u32>, Gone> {
        let facts = self.facts;
        let schema = &facts.schema;
        let start = Self::place(of)?;
        let mut field = self.field(&start);
        let mut node = match start {
            Place::Node(id) => Some(id),
            Place::Absent(_) => None,
        };
        for step in path {
            let next = field.and_then(|field| match step.index {
                Some(_) => schema.field(field).items,
                None => schema.property(field, &step.name),
            });
            if next.is_none() && !field.is_some_and(|field| schema.field(field).open) {
                let here = self.below(of, path)?;
                return Err(Gone::Wrong(format!(
                    "`{}` is not a field of the proposal",
                    here.dotted()
                )));
            }
            node = node.and_then(|node| self.child(node, step));
            field = next;
        }
        if let Some(node) = node {
            self.note_node(node, false);
            return Ok(Some(node));
        }
        let pointer = self.below(of, path)?;
        self.absent.insert(pointer.clone());
        // What a plugin failed to say is not the same as what nobody has said.
        if let Some(reason) = longest(&facts.unavailable, &pointer) {
            return Err(self.stopped(Stop::Unavailable(reason.clone())));
        }
        // Nor is what it cannot say of a range: with any number in it, there would be a fact.
        let named = facts.missing_for(&pointer);
        if named.iter().any(|input| facts.is_range(input)) {
            return Err(self.stopped(Stop::Missing {
                at: pointer,
                field: None,
                named,
            }));
        }
        Ok(None)
    }

    fn below(&self, of: &Value, path: &[Step]) -> Result<Pointer, Gone> {
        let start = self.pointer_of(of)?;
        Ok(path.iter().fold(start, |at, step| at.key(&step.name)))
    }

    /// Whether there is a fact at a path below a group.
    pub(crate) fn has(&mut self, of: &Value, path: &[Step]) -> Result<bool, Gone> {
        let found = self.lookup(of, path)?;
        if let Some(id) = found {
            self.note(id);
        }
        Ok(found.is_some())
    }

    /// The fact at a path below a group, if it is known.
    pub(crate) fn get(&mut self, of: &Value, path: &[Step]) -> Result<Option<Value>, Gone> {
        match self.lookup(of, path)? {
            Some(id) => self.give(id).map(Some),
            None => Ok(None),
        }
    }

    /// Who stands behind the fact at a path below a group.
    pub(crate) fn attested_by(&self, of: &Value, path: &[Step]) -> Result<Vec<String>, Gone> {
        if self.facts.attestations.is_empty() {
            Self::place(of)?;
            return Ok(Vec::new());
        }
        Ok(self.facts.attested_by(&self.below(of, path)?))
    }

    /// The place of an element in its list.
    pub(crate) fn index(&self, of: &Value) -> Result<usize, Gone> {
        let pointer = self.pointer_of(of)?;
        let last = pointer.as_str().rsplit('/').next();
        last.and_then(|step| step.parse().ok()).ok_or_else(|| {
            Gone::Wrong("a group that is no element of a list has no place in one".to_owned())
        })
    }

    /// The element of another list that stands at the same place as this one in its own: what a plugin derived for a
    /// flow, say. The other list is not laid out for it, so asking for every flow stays linear in the flows.
    pub(crate) fn beside(&mut self, of: &Value, path: &[Step]) -> Result<Value, Gone> {
        let index = self.index(of)?;
        let wrong = || Gone::Wrong("`beside` needs the path of a list".to_owned());
        let (list, groups) = path.split_last().ok_or_else(wrong)?;
        let mut at = Value::Fact(0);
        for step in groups {
            at = self.read(&at, step)?;
        }
        let found = match at {
            Value::Fact(id) => self.child(id, list),
            Value::Absent(_) => None,
            _ => return Err(wrong()),
        };
        let element = found.and_then(|found| {
            self.note_node(found, false);
            match &self.node(found)?.data {
                Data::List(items) => items.get(index).copied(),
                _ => None,
            }
        });
        if let Some(element) = element {
            return self.give(element);
        }
        let place = Self::place(&at)?;
        self.read_absent(&place, &list.name)
    }
}
