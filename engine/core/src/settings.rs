//! What a board has set: thresholds, weights, parameters, names, what follows, rules turned off.

mod names;
mod obligations;
mod rules;

use crate::attestation::Validity;
use crate::board::Key;
use crate::date::Date;
use crate::pointer::Pointer;
use crate::rule::Severity;
use crate::waiver::Waiver;
use crate::words::Section;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::level::Levels;
pub use names::{Names, VERDICTS};
pub use obligations::{Cause, Obligation, Obliged};
pub use rules::{Dated, RuleEntry};
pub(crate) use rules::{in_force, param_key};

/// The settings in force; by default the program's own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// The profile's name, shown on every report; empty for the pack's own settings.
    pub name: String,
    /// What points are called, and the level that is required.
    pub levels: Levels,
    /// Points under which a dimension asks for revision, where they are not those of the required level.
    pub thresholds: BTreeMap<String, f64>,
    /// Dimensions that may go unjudged, and why.
    pub not_judged: BTreeMap<String, String>,
    /// Weights of dimensions, where proposals are ranked.
    pub weights: BTreeMap<String, f64>,
    /// Dimensions in the order in which they are shown; those not named come after, as the packs order them.
    pub order: Vec<String>,
    /// Dimensions of which no numbers are shown.
    pub hidden: BTreeSet<String>,
    /// The board's words.
    pub names: Names,
    /// What follows from a verdict or a level.
    pub obligations: Vec<Obligation>,
    /// Settings of single rules, by id: `entries` put on the rules there are, on the day of the evaluation.
    pub rules: BTreeMap<String, RuleSettings>,
    /// What profiles say of rules, by id or by pattern; the later one wins.
    pub entries: Vec<RuleEntry>,
    /// Why keys are set as they are: reasons by the JSON Pointer of a key, or of a table above it.
    pub reasons: BTreeMap<String, String>,
    /// Which programs are let off which rules.
    pub waivers: Vec<Waiver>,
    /// Settings of plugins, by plugin. Plugins are loaded with them before there is a rulebook; here they are for the receipt.
    pub plugins: BTreeMap<String, Map<String, Value>>,
    /// For how many days an attestation counts; for ever where that is not set.
    pub attestations_valid_for: Option<u32>,
    /// The day of the evaluation, by which waivers and attestations are old; whoever judges says which it is.
    pub date: Option<Date>,
    /// Digests of the profiles that took part, by name, where there are several.
    pub profiles: BTreeMap<String, String>,
}

/// What a board has set for one rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleSettings {
    /// Turned off, for this reason.
    pub disabled: Option<String>,
    /// Whether the command line left it out for this one run.
    pub left_out: bool,
    /// Another weight.
    pub weight: Option<f64>,
    /// Another gate.
    pub gate: Option<f64>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Another title.
    pub title: Option<String>,
    /// Whether it may be waived.
    pub waivable: Option<bool>,
    /// The decision by which it was changed although it may not be waived.
    pub overriding: Option<String>,
    /// Other parameters.
    pub params: BTreeMap<String, Value>,
}

impl RuleSettings {
    /// Whether it takes a plugin's rule of this weight away: the rule is disabled, or left without a weight.
    pub(crate) fn takes_away(&self, weight: f64) -> bool {
        let own = self.weight.or(self.severity.map(Severity::weight));
        self.disabled.is_some() || (weight > 0.0 && own.is_some_and(|own| own <= 0.0))
    }
}

impl Settings {
    /// What the board calls things, as texts of a language: verdicts, levels, dimensions and rules.
    pub fn texts(&self) -> Vec<(Section, String, String)> {
        let mut texts = self.names.texts();
        let rules = self.rules.iter().filter_map(|(id, own)| {
            let title = own.title.clone()?;
            Some((Section::Titles, id.clone(), title))
        });
        texts.extend(rules);
        texts
    }

    /// Why a key of the profile is set as it is: its own reason, or that of a table it stands in.
    pub(crate) fn reason(&self, key: &Key) -> Option<String> {
        match key {
            Key::NotJudged(id) => return self.not_judged.get(id).cloned(),
            Key::LeftOut(reason) => return Some(reason.clone()),
            Key::Waiver(index, _) => {
                let waiver = self.waivers.get(*index)?;
                return Some(format!("{}, {}", waiver.reason, waiver.by));
            }
            Key::Disabled(id) => return self.rules.get(id)?.disabled.clone(),
            _ => {}
        }
        let mut at = Pointer::root();
        let mut reason = None;
        for step in key.path() {
            at = at.key(step);
            reason = self.reasons.get(at.as_str()).or(reason);
        }
        reason.cloned()
    }

    /// How long attestations count.
    pub(crate) fn validity(&self) -> Validity {
        Validity {
            date: self.date,
            days: self.attestations_valid_for,
        }
    }

    /// Points under which a dimension asks for revision.
    pub fn threshold(&self, dimension: &str) -> f64 {
        self.thresholds
            .get(dimension)
            .copied()
            .unwrap_or_else(|| self.levels.threshold())
    }
}
