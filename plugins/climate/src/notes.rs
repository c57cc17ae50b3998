//! What is noted down while a proposal is reckoned with: what was used, what was assumed, what is wrong.

use crate::proposal::{Flow, Proposal};
use crate::reach::Reach;
use evenhand_plugin::wire::{Check, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// Notes of one derivation.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Assumptions made, in words.
    defaults: BTreeSet<String>,
    /// Values that cannot be right.
    problems: Vec<Problem>,
    /// Values that are odd.
    checks: Vec<Check>,
    /// Places of the proposal used since [`Notes::take_used`].
    used: BTreeSet<String>,
    /// How far apart two countries are, worked out once for all flows between them.
    apart: BTreeMap<(String, String), Option<Reach>>,
}

impl Notes {
    /// Notes that something was assumed.
    pub(crate) fn assume(&mut self, text: &str) {
        if !self.defaults.contains(text) {
            self.defaults.insert(text.to_owned());
        }
    }

    /// Notes that a place of the proposal was used.
    pub(crate) fn rests_on(&mut self, pointer: String) {
        self.used.insert(pointer);
    }

    /// Notes that the countries of both partners of a flow were used.
    pub(crate) fn rests_on_partners(&mut self, proposal: &Proposal<'_>, flow: &Flow<'_>) {
        for (field, id) in [("from", flow.from), ("to", flow.to)] {
            if let Some(partner) = proposal.partner(id) {
                self.used.insert(format!("{}/{field}", flow.pointer));
                self.used.insert(format!("{}/country", partner.pointer));
            }
        }
    }

    /// How far apart two countries are: as found before, or as it is worked out now.
    pub(crate) fn countries_apart(
        &mut self,
        from: &str,
        to: &str,
        work_out: impl FnOnce() -> Option<Reach>,
    ) -> Option<Reach> {
        *self
            .apart
            .entry((from.to_owned(), to.to_owned()))
            .or_insert_with(work_out)
    }

    /// Notes a value that cannot be right.
    pub(crate) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes values that are odd.
    pub(crate) fn check(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// The places used since the last call.
    pub(crate) fn take_used(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.used)
    }

    /// Assumptions in order; problems and what is odd as they came.
    pub(crate) fn into_parts(self) -> (BTreeSet<String>, Vec<Problem>, Vec<Check>) {
        (self.defaults, self.problems, self.checks)
    }
}
