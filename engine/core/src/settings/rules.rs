//! What profiles say of rules: by id or by pattern, with values that hold from a day on.

use super::{RuleSettings, Settings};
use crate::date::Date;
use crate::pointer::Pointer;
use crate::rulebook::fits_pattern;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a profile says of one rule, or of all rules that fit a pattern.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleEntry {
    /// The rule's id, or a pattern in which `*` stands for anything.
    pub name: String,
    /// The id that the rule has now, where `name` is one that it had before.
    pub now: Option<String>,
    /// What it sets.
    pub own: RuleSettings,
    /// Whether it says that the rule is enabled, or disabled.
    pub enabled: Option<bool>,
    /// Parameters with values that hold from a day on, in the order of the days.
    pub dated: BTreeMap<String, Vec<Dated>>,
    /// Why a key is set, by its path in the entry, such as `params/most`.
    pub reasons: BTreeMap<String, String>,
    /// Which of several profiles it stands in, from 0.
    pub layer: usize,
}

/// A value that holds from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dated {
    /// The first day; from the beginning where none is said.
    pub from: Option<Date>,
    /// The value.
    pub value: Value,
    /// Why.
    pub reason: Option<String>,
}

/// The row in force on a day: the last one that has begun. Where the day is not known, only a row without one holds.
pub(crate) fn in_force(rows: &[Dated], date: Option<Date>) -> Option<&Dated> {
    let begun = |row: &&Dated| match (row.from, date) {
        (None, _) => true,
        (Some(from), Some(today)) => from <= today,
        (Some(_), None) => false,
    };
    rows.iter().filter(begun).max_by_key(|row| row.from)
}

impl RuleEntry {
    /// Whether it is for every rule that fits a pattern.
    pub fn is_pattern(&self) -> bool {
        self.name.contains('*')
    }

    /// Whether it is for this rule.
    pub fn fits(&self, id: &str) -> bool {
        if self.is_pattern() {
            fits_pattern(&self.name, id)
        } else {
            self.id() == id
        }
    }

    /// The id of the rule it names, as the rule is called now; or its pattern.
    pub fn id(&self) -> &str {
        self.now.as_deref().unwrap_or(&self.name)
    }

    /// Puts what it says onto the settings of a rule it is for; gives the keys it set, each with its reason.
    fn apply(&self, date: Option<Date>, to: &mut RuleSettings) -> Vec<(String, Option<String>)> {
        let own = &self.own;
        let mut keys: Vec<&str> = Vec::new();
        match self.enabled {
            Some(true) => to.disabled = None,
            Some(false) => to.disabled.clone_from(&own.disabled),
            None => {}
        }
        let mut set = |there: bool, key: &'static str| {
            if there {
                keys.push(key);
            }
        };
        set(own.weight.is_some(), "weight");
        set(own.gate.is_some(), "gate");
        set(own.severity.is_some(), "severity");
        set(own.title.is_some(), "title");
        set(own.waivable.is_some(), "waivable");
        to.weight = own.weight.or(to.weight);
        to.gate = own.gate.or(to.gate);
        to.severity = own.severity.or(to.severity);
        to.title = own.title.clone().or(to.title.take());
        to.waivable = own.waivable.or(to.waivable);
        to.overriding = own.overriding.clone().or(to.overriding.take());
        let reason = |key: &str| self.reasons.get(key).cloned();
        let mut set: Vec<(String, Option<String>)> = keys
            .into_iter()
            .map(|key| (key.to_owned(), reason(key)))
            .collect();
        for (name, value) in &own.params {
            to.params.insert(name.clone(), value.clone());
            let key = param_key(name);
            set.push((key.clone(), reason(&key)));
        }
        for (name, rows) in &self.dated {
            if let Some(row) = in_force(rows, date) {
                to.params.insert(name.clone(), row.value.clone());
                let key = param_key(name);
                set.push((key.clone(), row.reason.clone().or_else(|| reason(&key))));
            }
        }
        set
    }
}

/// The path of a parameter in the entry of a rule.
pub(crate) fn param_key(name: &str) -> String {
    let at = Pointer::root().key("params").key(name);
    at.as_str().trim_start_matches('/').to_owned()
}

impl Settings {
    /// Puts what profiles say onto the rules with these ids, on the day of the evaluation. Done again it changes nothing.
    pub(crate) fn settle(&mut self, ids: &[String]) {
        let entries = std::mem::take(&mut self.entries);
        for entry in &entries {
            let named: Vec<&str> = if entry.is_pattern() {
                let fit = ids.iter().map(String::as_str);
                fit.filter(|id| entry.fits(id)).collect()
            } else {
                vec![entry.id()]
            };
            for id in named {
                let own = self.rules.entry(id.to_owned()).or_default();
                let at = Pointer::root().key("rules").key(id);
                for (key, reason) in entry.apply(self.date, own) {
                    let at = format!("{}/{key}", at.as_str());
                    match reason {
                        Some(reason) => self.reasons.insert(at, reason),
                        None => self.reasons.remove(&at),
                    };
                }
            }
        }
        self.entries = entries;
    }

    /// The names of single rules that settings have something for: as entries and waivers write them.
    pub(crate) fn named(&self) -> impl Iterator<Item = &str> {
        let entries = self.entries.iter().filter(|entry| !entry.is_pattern());
        let entries = entries.map(|entry| entry.name.as_str());
        entries.chain(self.waivers.iter().map(|waiver| waiver.rule.as_str()))
    }

    /// Takes what names a rule as it was called before for what names it now; `now` has the ids of now by those of before.
    pub(crate) fn rename(&mut self, now: &BTreeMap<String, String>) {
        for (former, id) in now {
            self.rules.remove(former);
            let at = Pointer::root().key("rules").key(former);
            let inside = format!("{}/", at.as_str());
            self.reasons
                .retain(|key, _| key != at.as_str() && !key.starts_with(&inside));
            let entries = self.entries.iter_mut();
            for entry in entries.filter(|entry| entry.name == *former) {
                entry.now = Some(id.clone());
            }
            let waivers = self.waivers.iter_mut();
            for waiver in waivers.filter(|waiver| waiver.rule == *former) {
                waiver.rule.clone_from(id);
            }
        }
    }

    /// Whether a parameter of a rule is set under the rule's own name.
    pub(crate) fn names_exactly(&self, id: &str, param: &str) -> bool {
        let mut exact = self.entries.iter().filter(|entry| entry.id() == id);
        // Settings that nobody read from a profile have no entries.
        let none = !self.entries.iter().any(|entry| entry.fits(id));
        none || exact
            .any(|entry| entry.own.params.contains_key(param) || entry.dated.contains_key(param))
    }

    /// Drops what only patterns say of a rule, and what it does not have: parameters its page does not name, and a decision to
    /// override where nothing needs one.
    pub(crate) fn fit(&mut self, id: &str, params: &BTreeSet<&str>, waivable: bool) {
        let Some(own) = self.rules.get_mut(id) else {
            return;
        };
        let exact = || self.entries.iter().filter(|entry| entry.id() == id);
        let patterns = self.entries.iter().filter(|entry| entry.is_pattern());
        let patterns: Vec<&RuleEntry> = patterns.filter(|entry| entry.fits(id)).collect();
        let of_pattern = |name: &str| {
            let sets = |entry: &&RuleEntry| {
                entry.own.params.contains_key(name) || entry.dated.contains_key(name)
            };
            patterns.iter().any(sets) && !exact().any(|entry| sets(&entry))
        };
        let at = Pointer::root().key("rules").key(id);
        let reasons = &mut self.reasons;
        own.params.retain(|name, _| {
            let kept = params.contains(name.as_str()) || !of_pattern(name);
            if !kept {
                reasons.remove(&format!("{}/{}", at.as_str(), param_key(name)));
            }
            kept
        });
        let overridden = |entry: &RuleEntry| entry.own.overriding.is_some();
        if waivable && patterns.iter().any(|entry| overridden(entry)) && !exact().any(overridden) {
            own.overriding = None;
        }
        if *own == RuleSettings::default() {
            self.rules.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[(Option<&str>, i64)]) -> Vec<Dated> {
        let row = |(from, value): &(Option<&str>, i64)| Dated {
            from: from.and_then(Date::read),
            value: Value::from(*value),
            reason: None,
        };
        texts.iter().map(row).collect()
    }

    #[test]
    fn the_last_row_that_has_begun_is_in_force() {
        let dated = rows(&[(None, 4), (Some("2027-01-01"), 3), (Some("2028-01-01"), 2)]);
        for (date, value) in [
            (None, Some(4)),
            (Some("2026-12-31"), Some(4)),
            (Some("2027-01-01"), Some(3)),
            (Some("2029-05-05"), Some(2)),
        ] {
            let found = in_force(&dated, date.and_then(Date::read));
            assert_eq!(found.and_then(|row| row.value.as_i64()), value, "{date:?}");
        }
        let later = rows(&[(Some("2027-01-01"), 3)]);
        assert_eq!(in_force(&later, Date::read("2026-12-31")), None);
        assert_eq!(in_force(&later, None), None);
    }
}
