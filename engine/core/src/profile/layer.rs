//! One of the files of a profile, read by itself.

use super::extends::{self, Extend};
use super::obligations::Owed;
use super::reasons::{self, Plain};
use super::{PROFILE, entry, levels, names, obligations, points, waivers};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::settings::{RuleEntry, param_key};
use crate::text::number;
use crate::waiver::Waiver;
use evenhand_document::schemas::validate_builtin;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A file of a profile, and everything it says.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// The file, as the first one names it; empty for the first one itself.
    pub(super) path: String,
    /// What paths in it begin with, from the folder of the first one: empty, or with `/` at its end.
    pub(super) folder: String,
    pub(super) document: Document,
    pub(super) part: Part,
}

/// What a file says; nothing of what it does not say.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) name: Option<String>,
    pub(super) version: u64,
    pub(super) locale: Option<String>,
    pub(super) extends: Option<Vec<Extend>>,
    pub(super) valid_for: Option<u32>,
    pub(super) levels: levels::Said,
    pub(super) best_first: Option<bool>,
    pub(super) thresholds: BTreeMap<String, f64>,
    pub(super) weights: BTreeMap<String, f64>,
    pub(super) not_judged: BTreeMap<String, String>,
    pub(super) titles: BTreeMap<String, String>,
    pub(super) numbers: BTreeMap<String, bool>,
    pub(super) order: Vec<String>,
    pub(super) words: BTreeMap<String, String>,
    pub(super) obligations: Vec<Owed>,
    pub(super) rules: Vec<RuleEntry>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) plugins: BTreeMap<String, Map<String, Value>>,
    /// Reasons by the JSON Pointer of the key they are for; that of a table is there for each of its keys.
    pub(super) reasons: BTreeMap<String, String>,
}

impl Layer {
    /// What it says sums over many programs may be.
    pub(super) fn budgets(&self) -> impl Iterator<Item = (&String, &Value)> {
        let budgets = self.document.value().pointer("/portfolio/budgets");
        budgets.and_then(Value::as_object).into_iter().flatten()
    }

    /// Reads a file; everything wrong with its form goes to `problems`, and what is right of it is kept.
    pub(super) fn read(
        document: Document,
        path: &str,
        folder: &str,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let part = part(&document, true, problems);
        Self {
            path: path.to_owned(),
            folder: folder.to_owned(),
            document,
            part,
        }
    }

    /// Reads what the command line sets: that it does is the reason of everything in it.
    pub(super) fn set(document: Document, problems: &mut Vec<Problem>) -> Self {
        let mut part = part(&document, false, problems);
        part.explain("set with --set");
        Self {
            path: String::new(),
            folder: String::new(),
            document,
            part,
        }
    }

    /// A path in this file, from the folder of the first one.
    pub(super) fn seen_from_first(&self, path: &str) -> String {
        extends::join(&self.folder, path)
    }
}

impl Part {
    /// Gives everything that has no reason this one.
    fn explain(&mut self, reason: &str) {
        let key = |section: &str, key: &str| Pointer::root().key(section).key(key);
        let mut set = Vec::new();
        set.extend(self.levels.keys().map(|word| key("levels", word)));
        set.extend(self.thresholds.keys().map(|id| key("thresholds", id)));
        set.extend(self.weights.keys().map(|id| key("weights", id)));
        for (id, entry) in &self.plugins {
            let settings = entry.get("settings").and_then(Value::as_object);
            let at = key("plugins", id);
            let names = settings.into_iter().flatten().map(|(name, _)| name);
            set.extend(names.map(|name| at.key("settings").key(name)));
            set.push(at);
        }
        for at in set {
            let entry = self.reasons.entry(at.as_str().to_owned());
            entry.or_insert_with(|| reason.to_owned());
        }
        for entry in self.plugins.values_mut() {
            if entry.get("enabled") == Some(&Value::Bool(false)) {
                let own = entry.entry("reason");
                own.or_insert_with(|| Value::from(reason));
            }
        }
        for entry in &mut self.rules {
            let keys = ["weight", "gate", "severity", "title", "waivable"].map(str::to_owned);
            let params = entry.own.params.keys().chain(entry.dated.keys());
            for key in keys.into_iter().chain(params.map(|name| param_key(name))) {
                let own = entry.reasons.entry(key);
                own.or_insert_with(|| reason.to_owned());
            }
            if let Some(own) = entry.own.disabled.as_mut().filter(|own| own.is_empty()) {
                reason.clone_into(own);
            }
        }
    }
}

fn part(document: &Document, needs_reasons: bool, problems: &mut Vec<Problem>) -> Part {
    problems.extend(validate_builtin(PROFILE.as_ref(), document));
    let plain = Plain::of(document.value());
    let profile = plain.section("profile");
    let text = |key: &str| profile.get(key).and_then(Value::as_str).map(str::to_owned);
    let levels = levels::read(document, problems);
    let thresholds = thresholds(document, &plain, problems);
    let best_first = names::best_first(document, problems);
    let weights = weights(document, &plain, problems);
    let not_judged = not_judged(document, &plain, problems);
    if needs_reasons {
        problems.extend(disabled_without_reason(document, &plain));
    }
    let section = plain.section("rules");
    let mut rules = Vec::new();
    for id in document.keys_in_order(&Pointer::root().key("rules")) {
        if let Some(entry) = section.get(&id).and_then(Value::as_object) {
            rules.push(entry::read(document, &plain, &id, entry, problems));
        }
    }
    // Within one file a rule's own name says more than a pattern.
    rules.sort_by_key(|entry| !entry.is_pattern());
    let (titles, numbers) = names::dimensions(document, &plain, problems);
    Part {
        name: text("name"),
        version: profile.get("version").and_then(Value::as_u64).unwrap_or(1),
        locale: text("locale"),
        extends: extends::read(document, problems),
        valid_for: valid_for(document, &profile, problems),
        levels,
        best_first,
        thresholds,
        weights,
        not_judged,
        titles,
        numbers,
        order: names::order(document, problems),
        words: names::words(document, &plain, problems),
        obligations: obligations::read(document, problems),
        rules,
        waivers: waivers::read(document, problems),
        plugins: plain
            .section("plugins")
            .into_iter()
            .filter_map(|(id, entry)| Some((id, entry.as_object()?.clone())))
            .collect(),
        reasons: leaf_reasons(&plain),
    }
}

/// The thresholds of dimensions.
fn thresholds(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, f64> {
    let mut thresholds = BTreeMap::new();
    for id in plain.section("thresholds").keys() {
        let at = Pointer::root().key("thresholds").key(id);
        let at = reasons::value_at(document.value(), &at);
        match points::read(document, &at) {
            Some(Ok(points)) => {
                thresholds.insert(id.clone(), points);
            }
            Some(Err(problem)) => problems.push(problem),
            None => {}
        }
    }
    thresholds
}

/// The reason of every key that has one, by the key itself. Those of rules stand in their entries.
fn leaf_reasons(plain: &Plain) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut add = |at: Pointer| {
        if let Some(reason) = plain.reason(&at) {
            found.insert(at.as_str().to_owned(), reason.clone());
        }
    };
    for section in ["levels", "thresholds", "weights"] {
        for key in plain.section(section).keys() {
            add(Pointer::root().key(section).key(key));
        }
    }
    for (id, entry) in plain.section("plugins") {
        let at = Pointer::root().key("plugins").key(&id);
        let settings = entry.get("settings").and_then(Value::as_object);
        for name in settings.into_iter().flat_map(Map::keys) {
            add(at.key("settings").key(name));
        }
        add(at);
    }
    found
}

/// Weights of dimensions: numbers from 0, of which one at least is more.
fn weights(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, f64> {
    const MOST: f64 = 100.0;
    let section = Pointer::root().key("weights");
    let mut weights = BTreeMap::new();
    for (id, value) in plain.section("weights") {
        if let Some(weight) = value.as_f64().filter(|typed| (0.0..=MOST).contains(typed)) {
            weights.insert(id, weight);
            continue;
        }
        let at = reasons::value_at(document.value(), &section.key(&id));
        let shown = crate::text::shorten(&value.to_string(), 40);
        let problem = Problem::error(format!("`weights.{id}` is {shown}"))
            .expected(format!("a number between 0 and {}", number(MOST)));
        problems.push(document.problem_at(&at, problem));
    }
    weights
}

/// For how many days attestations count.
fn valid_for(
    document: &Document,
    profile: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Option<u32> {
    const KEY: &str = "attestations_valid_for";
    let value = profile.get(KEY).filter(|value| !value.is_null())?;
    let days = value.as_u64().and_then(|days| u32::try_from(days).ok());
    if days.is_none_or(|days| days == 0) {
        let at = Pointer::root().key("profile").key(KEY);
        let shown = crate::text::shorten(&value.to_string(), 40);
        let problem = Problem::error(format!("`profile.{KEY}` is {shown}"))
            .expected("a whole number of days from 1, such as 730");
        problems.push(document.problem_at(&at, problem));
    }
    days
}

/// The dimensions that may go unjudged, each with the reason.
fn not_judged(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let mut reasons = BTreeMap::new();
    for (id, entry) in plain.section("dimensions") {
        let Some(reason) = entry.get("not_judged").and_then(Value::as_str) else {
            continue;
        };
        if reason.trim().is_empty() {
            let at = Pointer::root().key("dimensions").key(&id).key("not_judged");
            let problem = Problem::error(format!("`{id}` is left unjudged without a reason"))
                .expected("a reason, which stands at the top of every report");
            problems.push(document.problem_at(&at, problem));
        }
        reasons.insert(id, reason.trim().to_owned());
    }
    reasons
}

fn disabled_without_reason(document: &Document, plain: &Plain) -> Vec<Problem> {
    let mut problems = Vec::new();
    for kind in ["rules", "plugins"] {
        for (id, entry) in &plain.section(kind) {
            let off = entry.get("enabled") == Some(&Value::Bool(false));
            let reason = entry.get("reason").and_then(Value::as_str);
            if off && reason.is_none_or(|reason| reason.trim().is_empty()) {
                let problem = Problem::error(format!("`{id}` is disabled without a reason"))
                    .expected("`reason = \"…\"`, which every report shows");
                problems.push(document.problem_at(&Pointer::root().key(kind).key(id), problem));
            }
        }
    }
    problems
}
