//! What a profile says of rules by the ids that they had before.

use super::Profile;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rulebook::Rulebook;
use crate::settings::RuleEntry;
use crate::waiver::Waiver;
use std::collections::BTreeMap;

impl Profile {
    /// The profile with what it says by former ids taken as for the rules of now.
    pub(super) fn named_in(&self, book: &Rulebook) -> Self {
        let mut named = self.clone();
        named.settings.rename(&book.renamed_in(&self.settings));
        named
    }

    /// That an id is a former one, wherever the profile uses one; and where a file names a rule by both.
    pub(super) fn former_names(&self, book: &Rulebook) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut seen: BTreeMap<(usize, &str), &RuleEntry> = BTreeMap::new();
        for entry in self.settings.entries.iter().filter(|one| !one.is_pattern()) {
            let at = Pointer::root().key("rules").key(&entry.name);
            if let Some(now) = &entry.now {
                problems.push(self.at_key_in(entry.layer, &at, former(&entry.name, now)));
            }
            let Some(other) = seen.insert((entry.layer, entry.id()), entry) else {
                continue;
            };
            let message = format!("`{}` and `{}` are the same rule", other.name, entry.name);
            let problem = Problem::error(message).expected("one table for each rule");
            problems.push(self.at_key_in(entry.layer, &at, problem));
        }
        for (index, layer) in self.layers.iter().enumerate() {
            for (place, waiver) in layer.part.waivers.iter().enumerate() {
                if let Some(now) = book.renamed(&waiver.rule) {
                    let at = Pointer::root().key("waivers").index(place).key("rule");
                    problems.push(self.at_in(index, &at, former(&waiver.rule, now)));
                }
            }
        }
        problems
    }

    /// Whether a waiver, as a file has it, is this one but for the id, which is a former one.
    pub(super) fn is_former(&self, written: &Waiver, waiver: &Waiver) -> bool {
        let rest = |waiver: &Waiver| {
            let Waiver {
                proposal,
                reason,
                by,
                until,
                ..
            } = waiver.clone();
            (proposal, reason, by, until)
        };
        let as_written = self.settings.waivers.contains(written);
        !as_written && rest(written) == rest(waiver)
    }
}

fn former(name: &str, now: &str) -> Problem {
    let message = format!("`{name}` is called `{now}` now, and is taken for it");
    Problem::warning(message).suggest(format!("write `{now}`"))
}
