//! Judges one proposal by mixtures of two rulebooks, asking each rule once for each set of its parameters.

use super::parts::{Part, Switches, Terms};
use super::{Between, Held, Judged, Side, State};
use crate::attestation::Validity;
use crate::board::bench::{decided, lowest};
use crate::board::{Judgement, Key};
use crate::checks;
use crate::document::Document;
use crate::evaluate;
use crate::executor::Executor;
use crate::finding::Finding;
use crate::rulebook::{Looked, Rulebook, Version};
use crate::scorecard::proposal_id;
use crate::settings::Settings;
use crate::waiver::{self, Occasion};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A proposal, and what was asked of it already.
pub(super) struct Bench<'a, 'b> {
    between: &'a Between<'b>,
    proposal: &'a Document,
    id: String,
    executor: &'a dyn Executor,
    looked: BTreeMap<Ground, Rc<Vec<Reading>>>,
    asked: BTreeMap<(Ground, usize), BTreeMap<String, Finding>>,
    judged: BTreeMap<Vec<bool>, Option<Rc<Judged>>>,
}

/// What the facts and the ways to read a proposal depend on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Ground {
    /// Which changes about plugins are in it.
    plugins: Vec<bool>,
    /// The side whose fields and plugins' rules count.
    base: Side,
    /// The side whose checks count.
    checks: Side,
    /// For how many days attestations count.
    days: Option<u32>,
}

/// One way to read the proposal, over the fields of both sides; one of them stands for both where these are the same.
struct Reading {
    old: Looked,
    new: Option<Looked>,
}

impl Reading {
    fn of(&self, side: Side) -> &Looked {
        match (side, &self.new) {
            (Side::New, Some(looked)) => looked,
            _ => &self.old,
        }
    }
}

impl<'a, 'b> Bench<'a, 'b> {
    pub(super) fn new(
        between: &'a Between<'b>,
        proposal: &'a Document,
        executor: &'a dyn Executor,
    ) -> Self {
        Self {
            between,
            proposal,
            id: proposal_id(proposal.value()),
            executor,
            looked: BTreeMap::new(),
            asked: BTreeMap::new(),
            judged: BTreeMap::new(),
        }
    }

    /// What comes out with the differences whose place holds `true` as on the new side, the others as on the old one. None if
    /// there is no such rulebook.
    pub(super) fn judge(&mut self, new: &[bool]) -> Option<Rc<Judged>> {
        if let Some(known) = self.judged.get(new) {
            return known.clone();
        }
        let judged = self.mixed(new).map(Rc::new);
        self.judged.insert(new.to_vec(), judged.clone());
        judged
    }

    fn mixed(&mut self, new: &[bool]) -> Option<Judged> {
        let between = self.between;
        let mix = Mix {
            between,
            new,
            settings: between.settings(new),
        };
        let ground = mix.ground();
        let old = between.book(Side::Old, &ground.plugins)?;
        let other = between.book(Side::New, &ground.plugins)?;
        let books = Books { old, new: other };
        let known = self.looked.get(&ground).map(Rc::clone);
        let readings = known.unwrap_or_else(|| Rc::new(self.look(&ground, &books)));
        self.looked.insert(ground.clone(), Rc::clone(&readings));
        let mut given = BTreeMap::new();
        let mut judged = Vec::new();
        for (index, reading) in readings.iter().enumerate() {
            let asked = self.asked.entry((ground.clone(), index)).or_default();
            let (mut findings, withdrawn) = mix.findings(&books, reading, &ground, asked);
            let occasion = Occasion {
                proposal: &self.id,
                date: mix.settings.date,
                may_be_waived: &|_| true,
            };
            waiver::apply(&mix.settings.waivers, &occasion, &mut findings);
            if index == 0 {
                given = states(&findings);
            }
            let dimensions = between.parts.counted(&between.sides, new);
            let silent = &reading.of(ground.base).silent;
            judged.push(decided(
                &findings,
                &dimensions,
                &mix.settings,
                &withdrawn,
                silent,
            ));
        }
        let (word, scores) = lowest(judged.into_iter());
        Some(Judged {
            judgement: Judgement::of(word, &scores),
            findings: given,
        })
    }

    /// Every way to read the proposal: as given, then as it may be meant.
    fn look(&self, ground: &Ground, books: &Books<'_>) -> Vec<Reading> {
        let validity = Validity {
            date: self.between.sides.old.settings().date,
            days: ground.days,
        };
        let look = |side: Side, document: &Document| {
            books.of(side).evidence(document, validity, self.executor)
        };
        let both = self.between.looks_at_both();
        let read = |document: &Document| Reading {
            old: look(Side::Old, document),
            new: both.then(|| look(Side::New, document)),
        };
        let given = read(self.proposal);
        let checks = if both {
            given.of(ground.checks).checks.clone()
        } else {
            match ground.checks {
                Side::Old => given.old.checks.clone(),
                Side::New => look(Side::New, self.proposal).checks,
            }
        };
        let others = checks::other_readings(self.proposal, &checks);
        std::iter::once(given)
            .chain(others.iter().map(read))
            .collect()
    }
}

/// The rulebooks of both sides with one set of plugins.
struct Books<'a> {
    old: Held<'a>,
    new: Held<'a>,
}

impl Books<'_> {
    fn of(&self, side: Side) -> &Rulebook {
        match side {
            Side::Old => self.old.book(),
            Side::New => self.new.book(),
        }
    }
}

/// One set of differences.
struct Mix<'m, 'b> {
    between: &'m Between<'b>,
    new: &'m [bool],
    settings: Settings,
}

impl Mix<'_, '_> {
    /// The side of a difference; of none where there is no such difference.
    fn side(&self, place: Option<usize>) -> Option<Side> {
        let new = self.new.get(place?)?;
        Some(if *new { Side::New } else { Side::Old })
    }

    fn ground(&self) -> Ground {
        let parts = &self.between.parts;
        let plugins = parts.all.iter().zip(self.new);
        let base = self.side(parts.fields).unwrap_or(Side::Old);
        Ground {
            plugins: plugins
                .filter(|(part, _)| matches!(part, Part::Plugin(_)))
                .map(|(_, new)| *new)
                .collect(),
            base,
            checks: self.side(parts.checks).unwrap_or(base),
            days: self.settings.attestations_valid_for,
        }
    }

    /// What every rule finds over one way to read the proposal, and the dimensions of which settings took rules away.
    fn findings(
        &self,
        books: &Books<'_>,
        reading: &Reading,
        ground: &Ground,
        asked: &mut BTreeMap<String, Finding>,
    ) -> (Vec<Finding>, BTreeSet<String>) {
        let mut findings = Vec::new();
        let mut withdrawn = BTreeSet::new();
        for (id, switches) in &self.between.parts.rules {
            let found = self.rule(id, switches, books, (reading, ground), asked);
            let Some((found, taken)) = found else {
                continue;
            };
            if taken {
                withdrawn.insert(dimension(id));
            }
            findings.extend(found);
        }
        let looked = reading.of(ground.base);
        let manifests = books.of(ground.base).manifests();
        for rule in manifests.flat_map(|(manifest, _)| &manifest.rules) {
            let own = self.settings.rules.get(&rule.id);
            if own.is_some_and(|own| own.disabled.is_some() || own.weight == Some(0.0)) {
                withdrawn.insert(dimension(&rule.id));
            }
        }
        for found in &looked.assessed {
            let own = self.settings.rules.get(&found.rule);
            if own.is_none_or(|own| own.disabled.is_none()) {
                let mut found = found.clone();
                if let Some(own) = own {
                    evaluate::settle(&mut found, own);
                }
                findings.push(found);
            }
        }
        (findings, withdrawn)
    }

    /// What one rule finds, unless it is disabled, and whether settings took it away; nothing where there is no such rule.
    fn rule(
        &self,
        id: &str,
        switches: &Switches,
        books: &Books<'_>,
        (reading, ground): (&Reading, &Ground),
        asked: &mut BTreeMap<String, Finding>,
    ) -> Option<(Option<Finding>, bool)> {
        let sides = &self.between.sides;
        let side = self.side(switches.version).unwrap_or(ground.base);
        let terms = |side: Side| match side {
            Side::Old => sides.old_rules.get(id),
            Side::New => sides.new_rules.get(id),
        };
        let own = terms(side)?;
        let by = |place: Option<usize>| self.side(place).and_then(terms).unwrap_or(own);
        let (disabled, weight) = (by(switches.disabled), by(switches.weight));
        let is_rule = own.version.kind() == crate::rule::page::PageKind::Rule;
        let taken = is_rule && (disabled.disabled || weight.weightless);
        if disabled.disabled {
            return Some((None, taken));
        }
        let params = own.params.iter().map(|(name, value)| {
            let place = switches.params.get(name).copied();
            let value = by(place).params.get(name).unwrap_or(value);
            (name.clone(), value.clone())
        });
        let params: BTreeMap<String, Value> = params.collect();
        let shown = serde_json::to_string(&params).unwrap_or_default();
        let key = format!("{id} {side:?} {shown}");
        let found = asked
            .entry(key)
            .or_insert_with(|| ask(books.of(side), own, &params, reading.of(side)));
        let mut found = found.clone();
        found.severity = by(switches.severity).severity;
        found.weight = weight.weight.unwrap_or_else(|| found.severity.weight());
        found.gate = by(switches.gate).gate;
        Some((Some(found), taken))
    }
}

/// Asks a rule, as the rulebook with these plugins has it.
fn ask(
    book: &Rulebook,
    terms: &Terms<'_>,
    params: &BTreeMap<String, Value>,
    looked: &Looked,
) -> Finding {
    let id = terms.version.id();
    let here = book.all_versions().find(|version| version.id() == id);
    match here.unwrap_or(terms.version) {
        Version::Rule(rule, _) => book.ask_here(&rule.with_params(params), &looked.facts),
        Version::Broken(broken, _) => broken.finding(),
    }
}

fn dimension(rule: &str) -> String {
    rule.split('/').next().unwrap_or_default().to_owned()
}

/// How far each requirement is satisfied.
pub(super) fn states(findings: &[Finding]) -> BTreeMap<String, State> {
    let rules = findings.iter().filter(|finding| finding.kind == "rule");
    rules
        .map(|finding| (finding.rule.clone(), State::of(finding)))
        .collect()
}

impl Between<'_> {
    /// The settings of a set of differences. Those of rules of packs are looked up one by one.
    fn settings(&self, new: &[bool]) -> Settings {
        let from = self.sides.new.settings();
        let mut mixed = self.sides.old.settings().clone();
        mixed.waivers.clone_from(&self.parts.waivers);
        let switched = self.parts.all.iter().zip(new);
        for (part, new) in switched {
            match part {
                Part::Key(key) if *new => take(key, from, &mut mixed),
                Part::Waiver(waiver, of_new) if of_new == new => mixed.waivers.push(waiver.clone()),
                _ => {}
            }
        }
        mixed
    }
}

/// Takes a key over, also where it is not set.
fn take(key: &Key, from: &Settings, to: &mut Settings) {
    match key {
        Key::Threshold(id) if !from.thresholds.contains_key(id) => {
            to.thresholds.remove(id);
        }
        Key::NotJudged(id) if !from.not_judged.contains_key(id) => {
            to.not_judged.remove(id);
        }
        Key::Disabled(id) | Key::Weight(id) | Key::Gate(id) | Key::Severity(id)
            if !from.rules.contains_key(id) =>
        {
            // Of a plugin's rule that the new side says nothing of.
            let own = to.rules.entry(id.clone()).or_default();
            match key {
                Key::Disabled(_) => own.disabled = None,
                Key::Weight(_) => own.weight = None,
                Key::Gate(_) => own.gate = None,
                _ => own.severity = None,
            }
        }
        key => key.copy(from, to),
    }
}
