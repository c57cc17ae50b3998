//! In what two rulebooks differ, as far as it can change what comes out.

use super::Difference;
use crate::board::{Key, PluginChange, levels};
use crate::pack::Dimension;
use crate::rule::Severity;
use crate::rule::page::PageKind;
use crate::rulebook::{Rule, Rulebook, Version};
use crate::settings::{RuleSettings, Settings};
use crate::text::{count, number};
use crate::waiver::Waiver;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for something that one side does not have.
const NOTHING: &str = "–";

/// One difference, as something that can be switched from the old side to the new one.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// A setting, whether a profile or a rule's page gives it.
    Key(Key),
    /// A waiver that only one side has, and whether that is the new one.
    Waiver(Waiver, bool),
    /// How a rule judges, or whether there is one.
    Rule(String),
    /// A dimension that only one side has, with its rules.
    Dimension(String),
    /// The fields of proposals.
    Fields,
    /// What is to be checked.
    Checks,
    /// Something about plugins, by its place among those changes.
    Plugin(usize),
}

/// What a rule counts for on one side.
#[derive(Debug, Clone)]
pub(super) struct Terms<'a> {
    pub(super) version: Version<'a>,
    pub(super) severity: Severity,
    /// None where it is that of the severity.
    pub(super) weight: Option<f64>,
    pub(super) gate: f64,
    pub(super) disabled: bool,
    /// Whether settings leave it without the weight that its page gives.
    pub(super) weightless: bool,
    pub(super) params: BTreeMap<String, Value>,
}

/// Which differences decide what a rule counts for, by their places.
#[derive(Debug, Clone, Default)]
pub(super) struct Switches {
    pub(super) version: Option<usize>,
    pub(super) disabled: Option<usize>,
    pub(super) weight: Option<usize>,
    pub(super) gate: Option<usize>,
    pub(super) severity: Option<usize>,
    pub(super) params: BTreeMap<String, usize>,
}

/// Two rulebooks, side by side.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    pub(super) old: &'a Rulebook,
    pub(super) new: &'a Rulebook,
    pub(super) old_rules: BTreeMap<&'a str, Terms<'a>>,
    pub(super) new_rules: BTreeMap<&'a str, Terms<'a>>,
    /// Whether proposals have the same fields.
    pub(super) same_fields: bool,
    same_library: bool,
}

/// All differences, and what of a rule each of them decides.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) all: Vec<Part>,
    pub(super) rules: BTreeMap<String, Switches>,
    pub(super) fields: Option<usize>,
    pub(super) checks: Option<usize>,
    pub(super) dimensions: BTreeMap<String, usize>,
    /// The waivers that both sides have and that can hold.
    pub(super) waivers: Vec<Waiver>,
}

impl<'a> Terms<'a> {
    fn of(book: &'a Rulebook) -> BTreeMap<&'a str, Self> {
        let versions = book.all_versions();
        let versions = versions.filter(|version| version.kind() != PageKind::Check);
        let terms = |version: Version<'a>| {
            let own = book.settings().rules.get(version.id());
            let weight = own.and_then(|own| own.weight);
            let (severity, weight, gate, params) = match version {
                Version::Rule(rule, _) => (
                    rule.severity(),
                    weight.or(rule.page.weight),
                    rule.gate(),
                    rule.params.clone(),
                ),
                Version::Broken(broken, _) => (
                    own.and_then(|own| own.severity).unwrap_or(broken.severity),
                    weight.or((!broken.weight_of_severity).then_some(broken.weight)),
                    own.and_then(|own| own.gate).unwrap_or(broken.gate),
                    BTreeMap::new(),
                ),
            };
            let disabled = own.is_some_and(|own| own.disabled.is_some());
            Self {
                version,
                severity,
                weight,
                gate,
                disabled,
                weightless: !disabled && version.is_withdrawn(own),
                params,
            }
        };
        versions
            .map(|version| (version.id(), terms(version)))
            .collect()
    }

    pub(super) fn weight(&self) -> f64 {
        self.weight.unwrap_or_else(|| self.severity.weight())
    }
}

impl<'a> Sides<'a> {
    pub(super) fn new(old: &'a Rulebook, new: &'a Rulebook) -> Self {
        Self {
            old,
            new,
            old_rules: Terms::of(old),
            new_rules: Terms::of(new),
            same_fields: fields(old) == fields(new),
            same_library: library(old) == library(new),
        }
    }

    /// Every difference; those about plugins are handed in, since the engine does not know how plugins are loaded.
    pub(super) fn parts(&self, plugins: &[PluginChange]) -> Parts {
        let mut found = Parts::default();
        found.settings(self.old.settings(), self.new.settings());
        found.dimensions(self);
        let ids: BTreeSet<&str> = self
            .old_rules
            .keys()
            .chain(self.new_rules.keys())
            .copied()
            .collect();
        for id in &ids {
            found.rule(id, self);
        }
        found.rules_of_plugins(self, &ids);
        found.waivers(self);
        if !self.same_fields {
            found.fields = Some(found.push(Part::Fields));
        }
        if !self.same_checks() {
            found.checks = Some(found.push(Part::Checks));
        }
        for index in 0..plugins.len() {
            found.push(Part::Plugin(index));
        }
        found
    }

    /// Whether a rule of both sides is asked the same, whatever it counts for.
    fn same(&self, old: Version<'_>, new: Version<'_>) -> bool {
        match (old, new) {
            (Version::Rule(old, _), Version::Rule(new, _)) => {
                old.page.kind == new.page.kind
                    && old.params.keys().eq(new.params.keys())
                    && self.same_script(old, new)
            }
            (Version::Broken(..), Version::Broken(..)) => true,
            _ => false,
        }
    }

    fn same_script(&self, old: &Rule, new: &Rule) -> bool {
        if old.script_text() != new.script_text() {
            return false;
        }
        let program = |book: &Rulebook, rule: &Rule| {
            let program = rule.script.as_ref().map(|script| book.program(script));
            format!("{program:?}")
        };
        self.same_library || program(self.old, old) == program(self.new, new)
    }

    fn same_checks(&self) -> bool {
        let checks = |book: &'a Rulebook| -> Vec<&'a Rule> {
            book.rules().iter().filter(|rule| rule.is_check()).collect()
        };
        let (old, new) = (checks(self.old), checks(self.new));
        let same = |(old, new): (&&Rule, &&Rule)| {
            let (page, other) = (&old.page, &new.page);
            (&page.id, &page.doubts, &page.asks) == (&other.id, &other.doubts, &other.asks)
                && old.params == new.params
                && self.same_script(old, new)
        };
        old.len() == new.len() && old.iter().zip(&new).all(same)
    }

    /// A difference as people are told of it.
    pub(super) fn shown(&self, part: &Part, plugins: &[PluginChange]) -> Difference {
        let packs = |book: &Rulebook| -> String {
            let folders = book.packs().iter().map(|pack| pack.folder.as_str());
            folders.collect::<Vec<_>>().join(", ")
        };
        let plain = |what: &str, from: String, to: String| Difference {
            what: what.to_owned(),
            rule: None,
            from,
            to,
            reason: None,
        };
        match part {
            Part::Key(key) => self.shown_key(key),
            Part::Waiver(waiver, new) => {
                let until = format!("waived until {}", waiver.until);
                let (from, to) = swapped("not waived".to_owned(), until, *new);
                Difference {
                    rule: Some(waiver.rule.clone()),
                    reason: Some(format!("{}, {}", waiver.reason, waiver.by)),
                    ..plain(&format!("waivers.{}", waiver.rule), from, to)
                }
            }
            Part::Rule(id) => {
                let of = |book: &Rulebook, there: bool| {
                    let pack = book.pack_of(id).filter(|_| there);
                    pack.unwrap_or(NOTHING).to_owned()
                };
                let from = of(self.old, self.old_rules.contains_key(id.as_str()));
                let to = of(self.new, self.new_rules.contains_key(id.as_str()));
                Difference {
                    rule: Some(id.clone()),
                    ..plain(id, from, to)
                }
            }
            Part::Dimension(id) => {
                let there = self.new.dimension(id).is_some();
                let (from, to) = swapped(NOTHING.to_owned(), "judged".to_owned(), there);
                plain(&format!("dimensions.{id}"), from, to)
            }
            Part::Fields => plain("schema.json", packs(self.old), packs(self.new)),
            Part::Checks => plain("checks", packs(self.old), packs(self.new)),
            Part::Plugin(index) => {
                let change = plugins.get(*index).cloned();
                change.map_or_else(
                    || plain("plugins", String::new(), String::new()),
                    |change| Difference {
                        what: change.what,
                        rule: None,
                        from: change.from,
                        to: change.to,
                        reason: change.reason,
                    },
                )
            }
        }
    }

    fn shown_key(&self, key: &Key) -> Difference {
        let rule = key.rule().map(str::to_owned);
        Difference {
            what: key.path().join("."),
            from: value(key, self.old, &self.old_rules),
            to: value(key, self.new, &self.new_rules),
            reason: self.new.settings().reason(key),
            rule,
        }
    }
}

/// One order or the other.
fn swapped(without: String, with: String, new: bool) -> (String, String) {
    if new {
        (without, with)
    } else {
        (with, without)
    }
}

/// What a key is on one side, in force.
fn value(key: &Key, book: &Rulebook, rules: &BTreeMap<&str, Terms<'_>>) -> String {
    let settings = book.settings();
    let terms = |id: &String| rules.get(id.as_str());
    let own = |id: &String| settings.rules.get(id);
    // A plugin's rule has its severity and weight from the plugin, unless settings say otherwise.
    let or_own = |shown: Option<String>| shown.unwrap_or_else(|| NOTHING.to_owned());
    match key {
        Key::Level(word) => number(settings.levels.bound(word).unwrap_or_default()),
        Key::Scale => settings.levels.shown(),
        Key::Required => settings.levels.required_shown(),
        Key::Threshold(id) => number(settings.threshold(id)),
        Key::NotJudged(id) if settings.not_judged.contains_key(id) => "not judged".to_owned(),
        Key::NotJudged(_) => "judged".to_owned(),
        Key::Disabled(id) => {
            let disabled = own(id).is_some_and(|own| own.disabled.is_some());
            if disabled { "disabled" } else { "enabled" }.to_owned()
        }
        Key::Weight(id) => {
            let set = || own(id)?.weight;
            let weight = terms(id).map(Terms::weight).or_else(set);
            or_own(weight.map(number))
        }
        Key::Gate(id) => {
            let set = || own(id)?.gate;
            or_own(terms(id).map(|terms| terms.gate).or_else(set).map(number))
        }
        Key::Severity(id) => {
            let set = || own(id)?.severity;
            let severity = terms(id).map(|terms| terms.severity).or_else(set);
            or_own(severity.map(|severity| severity.word().to_owned()))
        }
        Key::Param(id, name) => or_own(terms(id).and_then(|terms| {
            terms.params.get(name).map(|value| match value {
                Value::Number(typed) => number(typed.as_f64().unwrap_or_default()),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
        })),
        Key::Attestations => settings.attestations_valid_for.map_or_else(
            || "of any age".to_owned(),
            |days| count(usize::try_from(days).unwrap_or(usize::MAX), "day"),
        ),
        Key::Waivable(id) => {
            let word = if book.may_be_waived(id) {
                "may be waived"
            } else {
                "may not be waived"
            };
            word.to_owned()
        }
        Key::DimensionWeight(id) => {
            let weight = book.dimension(id).map(|dimension| number(dimension.weight));
            or_own(weight)
        }
        // Words, titles, order and what follows change nothing that comes out.
        _ => String::new(),
    }
}

/// What is only said of a field.
const SAID: [&str; 9] = [
    "title",
    "description",
    "question",
    "examples",
    "labels",
    "synonyms",
    "shape",
    "asks",
    "effort",
];

/// The fields that proposals have, without what plugins derive from them and what is only said of them.
fn fields(book: &Rulebook) -> Vec<Value> {
    let schema = book.schema();
    let given = schema.walk().into_iter().map(|id| schema.field(id));
    let given = given.filter(|field| !is_derived(&field.path));
    let plain = given.map(|field| {
        let mut field = field.clone();
        field.properties.retain(|(name, _)| !is_derived(name));
        let mut plain = serde_json::to_value(field).unwrap_or_default();
        if let Some(keys) = plain.as_object_mut() {
            keys.retain(|key, _| !SAID.contains(&key.as_str()));
        }
        plain
    });
    plain.collect()
}

fn is_derived(path: &str) -> bool {
    path.split(['.', '[']).next() == Some("derived")
}

/// The functions that all rules can call, each with the file it stands in.
fn library(book: &Rulebook) -> BTreeMap<&str, &str> {
    let functions = book.compiler.library_files();
    functions
        .map(|(name, source)| (name, source.text()))
        .collect()
}

fn differs(one: f64, other: f64) -> bool {
    (one - other).abs() > f64::EPSILON
}

impl Parts {
    fn push(&mut self, part: Part) -> usize {
        self.all.push(part);
        self.all.len() - 1
    }

    fn key(&mut self, differs: bool, key: Key) -> Option<usize> {
        differs.then(|| self.push(Part::Key(key)))
    }

    fn settings(&mut self, old: &Settings, new: &Settings) {
        for key in levels(&old.levels, &new.levels) {
            self.key(true, key);
        }
        let ids: BTreeSet<&String> = old.thresholds.keys().chain(new.thresholds.keys()).collect();
        for id in ids {
            let other = old.thresholds.get(id) != new.thresholds.get(id);
            self.key(other, Key::Threshold(id.clone()));
        }
        let ids: BTreeSet<&String> = old.not_judged.keys().chain(new.not_judged.keys()).collect();
        for id in ids {
            let other = old.not_judged.contains_key(id) != new.not_judged.contains_key(id);
            self.key(other, Key::NotJudged(id.clone()));
        }
        let other = old.attestations_valid_for != new.attestations_valid_for;
        self.key(other, Key::Attestations);
    }

    /// The dimensions that only one side has.
    fn dimensions(&mut self, sides: &Sides<'_>) {
        let of = |book: &Rulebook, other: &Rulebook| -> Vec<String> {
            let dimensions = book.info().dimensions.iter();
            let alone = dimensions.filter(|one| other.dimension(&one.id).is_none());
            alone.map(|one| one.id.clone()).collect()
        };
        let gone = of(sides.old, sides.new);
        for id in gone.into_iter().chain(of(sides.new, sides.old)) {
            let index = self.push(Part::Dimension(id.clone()));
            self.dimensions.insert(id, index);
        }
    }

    fn rule(&mut self, id: &str, sides: &Sides<'_>) {
        let (old, new) = (sides.old_rules.get(id), sides.new_rules.get(id));
        let mut switches = Switches::default();
        if let (Some(old), Some(new)) = (old, new) {
            let own = id.to_owned();
            switches.disabled = self.key(old.disabled != new.disabled, Key::Disabled(own.clone()));
            let weight = match (old.weight, new.weight) {
                (None, None) => false,
                (Some(old), Some(new)) => differs(old, new),
                _ => differs(old.weight(), new.weight()) || old.severity != new.severity,
            };
            let weight = weight || old.weightless != new.weightless;
            switches.weight = self.key(weight, Key::Weight(own.clone()));
            switches.gate = self.key(differs(old.gate, new.gate), Key::Gate(own.clone()));
            let severity = old.severity != new.severity;
            switches.severity = self.key(severity, Key::Severity(own.clone()));
            for (name, value) in &old.params {
                let other = new.params.get(name).is_some_and(|other| other != value);
                let place = self.key(other, Key::Param(own.clone(), name.clone()));
                switches
                    .params
                    .extend(place.map(|place| (name.clone(), place)));
            }
            if !sides.same(old.version, new.version) {
                switches.version = Some(self.push(Part::Rule(own)));
            }
        } else {
            let dimension = id.split('/').next().unwrap_or_default();
            let with_dimension = self.dimensions.get(dimension).copied();
            let place = with_dimension.unwrap_or_else(|| self.push(Part::Rule(id.to_owned())));
            switches.version = Some(place);
        }
        self.rules.insert(id.to_owned(), switches);
    }

    /// What settings say of rules that plugins assess by themselves.
    fn rules_of_plugins(&mut self, sides: &Sides<'_>, known: &BTreeSet<&str>) {
        let (old, new) = (&sides.old.settings().rules, &sides.new.settings().rules);
        let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let blank = RuleSettings::default();
        for id in ids.into_iter().filter(|id| !known.contains(id.as_str())) {
            let (old, new) = (old.get(id), new.get(id));
            let (old, new) = (old.unwrap_or(&blank), new.unwrap_or(&blank));
            let disabled = old.disabled.is_some() != new.disabled.is_some();
            let switches = Switches {
                version: None,
                disabled: self.key(disabled, Key::Disabled(id.clone())),
                weight: self.key(old.weight != new.weight, Key::Weight(id.clone())),
                gate: self.key(old.gate != new.gate, Key::Gate(id.clone())),
                severity: self.key(old.severity != new.severity, Key::Severity(id.clone())),
                params: BTreeMap::new(),
            };
            self.rules.insert(id.clone(), switches);
        }
    }

    /// The waivers that can hold: those of both sides, and those of one.
    fn waivers(&mut self, sides: &Sides<'_>) {
        let of = |book: &Rulebook| -> Vec<Waiver> {
            let waivers = book.settings().waivers.iter();
            let may = waivers.filter(|waiver| book.may_be_waived(&waiver.rule));
            may.cloned().collect()
        };
        let (old, new) = (of(sides.old), of(sides.new));
        for waiver in &old {
            if new.contains(waiver) {
                self.waivers.push(waiver.clone());
            } else {
                self.push(Part::Waiver(waiver.clone(), false));
            }
        }
        for waiver in new.into_iter().filter(|waiver| !old.contains(waiver)) {
            self.push(Part::Waiver(waiver, true));
        }
    }

    /// The dimensions of both sides, the old side's first; which of them count, the set of differences says.
    pub(super) fn counted(&self, sides: &Sides<'_>, new: &[bool]) -> Vec<Dimension> {
        let is_new = |id: &str| {
            let place = self.dimensions.get(id);
            place.is_some_and(|place| new.get(*place) == Some(&true))
        };
        let old = sides.old.info().dimensions.iter();
        let added = sides.new.info().dimensions.iter();
        let old = old.filter(|one| !is_new(&one.id));
        let added = added.filter(|one| sides.old.dimension(&one.id).is_none() && is_new(&one.id));
        old.chain(added).cloned().collect()
    }
}
