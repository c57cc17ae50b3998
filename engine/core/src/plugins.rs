//! Plugins at work: what they derive from a proposal, what they assess, the functions scripts call.

mod answers;
mod functions;
pub(crate) mod names;

use crate::checks::Raised;
use crate::document::Document;
use crate::executor::{Executor, par_map};
use crate::finding::Degree;
use crate::instances::{PluginSource, Pool};
use crate::pack::{SourceEntry, Sources};
use crate::plugin::{FailureKind, Manifest, PluginError, PluginRule};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rule::facts::DerivedFacts;
use crate::schema::Schema;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use answers::Assessed;
use answers::Part;
pub(crate) use functions::NoAnswer;

/// The largest answer the engine reads, in bytes.
const ANSWER_LIMIT: usize = 4 * 1024 * 1024;

/// The plugins that take part, each with its instances.
pub(crate) struct Plugins {
    entries: Vec<Entry>,
}

struct Entry {
    manifest: Manifest,
    pool: Pool,
    derives: bool,
}

/// What the plugins said of one proposal.
#[derive(Debug, Default)]
pub(crate) struct PluginAnswers {
    pub(crate) derived: DerivedFacts,
    /// What is wrong with the proposal, says a plugin.
    pub(crate) problems: Vec<Problem>,
    /// What is odd, says a plugin.
    pub(crate) checks: Vec<Raised>,
    /// Plugins that failed.
    pub(crate) failures: Vec<PluginError>,
}

/// What plugins derived from proposals that were looked at before, by the plugin and what it was handed. A plugin gives the same
/// answer to the same document.
#[derive(Debug, Default)]
pub struct Remembered(Mutex<BTreeMap<(String, String), Part>>);

impl Remembered {
    fn get(&self, key: &(String, String)) -> Option<Part> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    fn put(&self, key: (String, String), part: Part) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, part);
    }
}

/// What is answered in a proposal: with ranges, for plugins that take them, and without.
#[derive(Clone, Copy)]
pub(crate) struct Answered<'a> {
    pub(crate) with_ranges: &'a Value,
    pub(crate) without: &'a Value,
}

impl<'a> Answered<'a> {
    /// What a plugin is handed parts of.
    fn to(self, manifest: &Manifest) -> &'a Value {
        if manifest.ranges {
            self.with_ranges
        } else {
            self.without
        }
    }
}

impl Plugins {
    /// Takes plugins in beside packs with these `rules`, and adds what they derive to the schema; a manifest that makes
    /// no sense is a problem.
    pub(crate) fn new(
        plugins: Vec<Arc<dyn PluginSource>>,
        rules: &[String],
        schema: &mut Schema,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for plugin in plugins {
            let manifest = plugin.manifest().clone();
            let file = format!("manifest of plugin `{}`", manifest.id);
            if entries.iter().any(|entry| entry.manifest.id == manifest.id) {
                let message = format!("two plugins have the id `{}`", manifest.id);
                problems.push(Problem::error(message).in_file(file));
                continue;
            }
            for read in &manifest.reads {
                let element = |step: Cow<'_, str>| step.bytes().all(|byte| byte.is_ascii_digit());
                if Pointer::from_json(read.as_str()).steps().any(element) {
                    let problem =
                        Problem::error(format!("`{read}` reads a single element of a list"))
                            .in_file(file.clone())
                            .expected("the whole list, since its elements have no fixed place");
                    problems.push(problem);
                }
            }
            let others: Vec<&Manifest> = entries.iter().map(|entry| &entry.manifest).collect();
            problems.extend(names::problems(&manifest, &others, &file));
            problems.extend(names::of_rules(&manifest, &others, rules, &file));
            let derives = manifest.provides.get("properties").is_some();
            if derives {
                let provides = Document::from_value(&file, manifest.provides.clone());
                let mounted = schema.mount_derived(&manifest.facts_key(), &provides);
                problems.extend(mounted.err().into_iter().flatten());
            }
            entries.push(Entry {
                pool: Pool::new(plugin),
                derives,
                manifest,
            });
        }
        Self { entries }
    }

    /// The manifests, in the order the plugins were given.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&Manifest, &crate::plugin::Origin)> {
        self.entries
            .iter()
            .map(|entry| (&entry.manifest, entry.pool.source().origin()))
    }

    /// Adds the plugins' sources to the bibliography; the pack's own win.
    pub(crate) fn add_sources(&self, sources: &mut Sources) {
        for source in self
            .entries
            .iter()
            .flat_map(|entry| &entry.manifest.sources)
        {
            if sources.get(&source.key).is_none() {
                sources.insert(source.key.clone(), SourceEntry::from(source.clone()));
            }
        }
    }

    /// Asks every plugin to derive facts from what is answered in a proposal.
    pub(crate) fn derive(
        &self,
        proposal: &Document,
        answered: Answered<'_>,
        schema: &Schema,
        executor: &dyn Executor,
        remembered: Option<&Remembered>,
    ) -> PluginAnswers {
        let mut answers = PluginAnswers::default();
        let deriving: Vec<&Entry> = self.entries.iter().filter(|entry| entry.derives).collect();
        let parts = par_map(executor, &deriving, |entry| {
            let (projected, document) = entry.projected(answered.to(&entry.manifest))?;
            let key = (entry.manifest.id.clone(), document);
            if let Some(part) = remembered.and_then(|memo| memo.get(&key)) {
                return Ok::<Part, PluginError>(part);
            }
            let answer = entry.pool.with(|plugin| plugin.derive(&key.1))?;
            entry.bounded(&answer)?;
            let part = answers::derived(&entry.manifest, schema, &projected, &answer)?;
            if let Some(memo) = remembered {
                memo.put(key, part.clone());
            }
            Ok(part)
        });
        for (entry, answer) in deriving.into_iter().zip(parts) {
            let key = entry.manifest.facts_key();
            match answer {
                Ok(part) => {
                    let at = Pointer::root().key("derived").key(&key);
                    answers.derived.value.insert(key, Value::Object(part.facts));
                    let below =
                        |(path, inputs): (Pointer, Vec<Pointer>)| (join(&at, &path), inputs);
                    answers
                        .derived
                        .inputs
                        .extend(part.inputs.into_iter().map(below));
                    answers
                        .derived
                        .missing
                        .extend(part.missing.into_iter().map(below));
                    answers.checks.extend(part.checks);
                    let complaints = part.problems.into_iter();
                    answers
                        .problems
                        .extend(complaints.map(|complaint| complaint.placed(proposal)));
                }
                Err(failure) => {
                    let at = Pointer::root().key("derived").key(&key);
                    answers.derived.unavailable.insert(at, failure.to_string());
                    answers.failures.push(failure);
                }
            }
        }
        answers
    }

    /// Asks every plugin that has rules of its own to assess a proposal.
    pub(crate) fn assess(&self, answered: Answered<'_>) -> (Vec<Assessed>, Vec<PluginError>) {
        let mut findings = Vec::new();
        let mut failures = Vec::new();
        for entry in self
            .entries
            .iter()
            .filter(|entry| !entry.manifest.rules.is_empty())
        {
            match entry.assess(answered.to(&entry.manifest)) {
                Ok(found) => findings.extend(found),
                Err(failure) => {
                    // Every rule of a failed plugin is open, never passed.
                    let open = |rule: &PluginRule| {
                        Assessed::failed(&entry.manifest, rule, &failure.to_string())
                    };
                    findings.extend(entry.manifest.rules.iter().map(open));
                    failures.push(failure);
                }
            }
        }
        (findings, failures)
    }
}

impl Entry {
    fn failure(&self, kind: FailureKind, message: impl Into<String>) -> PluginError {
        PluginError {
            plugin: self.manifest.id.clone(),
            kind,
            message: message.into(),
        }
    }

    /// The proposal with only what the manifest says the plugin reads, and the same as JSON.
    fn projected(&self, proposal: &Value) -> Result<(Value, String), PluginError> {
        let projected = project(proposal, &self.manifest.reads);
        let text = serde_json::to_string(&projected)
            .map_err(|error| self.failure(FailureKind::BadArguments, error.to_string()))?;
        Ok((projected, text))
    }

    fn assess(&self, proposal: &Value) -> Result<Vec<Assessed>, PluginError> {
        let (projected, document) = self.projected(proposal)?;
        let answer = self.pool.with(|plugin| plugin.assess(&document))?;
        self.bounded(&answer)?;
        answers::assessed(&self.manifest, &projected, &answer)
    }

    /// Refuses an answer that is longer than any is.
    fn bounded(&self, answer: &str) -> Result<(), PluginError> {
        if answer.len() <= ANSWER_LIMIT {
            return Ok(());
        }
        let message = format!(
            "the answer has {} bytes; at most {ANSWER_LIMIT} are read",
            answer.len()
        );
        Err(self.failure(FailureKind::Limit, message))
    }
}

impl fmt::Debug for Plugins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.entries.iter().map(|entry| &entry.manifest.id))
            .finish()
    }
}

/// Only what the pointers name.
fn project(proposal: &Value, reads: &[String]) -> Value {
    let mut projected = Value::Object(Map::new());
    for read in reads {
        if let Some(found) = proposal.pointer(read).filter(|found| !found.is_null()) {
            let pointer = Pointer::from_json(read.as_str());
            let steps: Vec<Cow<'_, str>> = pointer.steps().collect();
            put(&mut projected, &steps, found);
        }
    }
    projected
}

fn put(into: &mut Value, steps: &[Cow<'_, str>], value: &Value) {
    let Some((first, rest)) = steps.split_first() else {
        *into = value.clone();
        return;
    };
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    if let Some(map) = into.as_object_mut() {
        put(
            map.entry(first.as_ref()).or_insert(Value::Null),
            rest,
            value,
        );
    }
}

fn join(at: &Pointer, below: &Pointer) -> Pointer {
    Pointer::from_json(format!("{}{}", at.as_str(), below.as_str()))
}

/// A finding of a plugin's own rule, before the proposal's places are known.
impl Assessed {
    pub(crate) fn failed(manifest: &Manifest, rule: &PluginRule, reason: &str) -> Self {
        let mut finding = Self::of(manifest, rule);
        finding.finding.degree = Degree::OPEN;
        finding.finding.error = Some(reason.to_owned());
        finding
    }
}

#[cfg(test)]
mod tests;
