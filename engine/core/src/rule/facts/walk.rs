//! How a script walks through the facts, with every step noted.

use super::run::{Run, Stop};
use super::{Data, Node, longest, plain};
use crate::pointer::Pointer;
use crate::schema::{FieldId, Kind};
use rhai::Dynamic;
use std::sync::Arc;

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
            Data::Range(_) => {
                self.run.stop(Stop::Missing {
                    at: node.pointer.clone(),
                    field: None,
                    named: vec![node.pointer.clone()],
                });
                Read::Stopped
            }
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
            Data::Value(_) | Data::Range(_) => self.run.note_node(id, true),
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
