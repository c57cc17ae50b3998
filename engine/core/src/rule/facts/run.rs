//! The record of one run of a script over the facts.

use super::Facts;
use crate::pointer::Pointer;
use crate::schema::FieldId;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One run of one script over the facts: what it read, what it missed, what it was told to assume.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) facts: Arc<Facts>,
    /// Values to stand for missing facts, while the possible outcomes are being tried.
    pub(super) assumed: Vec<(Pointer, Value)>,
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
    /// A comparison of a number of which only the ends are known comes out either way; the facts behind it.
    Undecided { named: Vec<Pointer> },
    /// A plugin gave no answer.
    Unavailable(String),
}

impl Stop {
    /// What is missing for either.
    pub(crate) fn and(mut self, other: Option<Self>) -> Self {
        if let (Self::Missing { named, .. }, Some(Self::Missing { named: others, .. })) =
            (&mut self, other)
        {
            named.extend(others);
        }
        self
    }
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

    pub(super) fn note_node(&self, id: u32, read: bool) {
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

    pub(super) fn note_absent(&self, pointer: &Pointer) {
        self.state().absent.insert(pointer.clone());
    }

    pub(crate) fn stop(&self, stop: Stop) {
        let mut state = self.state();
        if state.stop.is_none() {
            state.stop = Some(stop);
        }
    }
}
