//! Reading what a plugin answered: nothing in it is believed before it is checked.

use crate::document::Document;
use crate::finding::{Change, Degree, Finding, Message, Outcome, Quote};
use crate::plugin::{FailureKind, Manifest, PluginError, PluginRule};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rule::page::citation;
use crate::rule::{Severity, page};
use crate::schema::Schema;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Facts a plugin derived, with pointers relative to its own facts.
pub(super) struct Part {
    pub(super) facts: Map<String, Value>,
    pub(super) inputs: BTreeMap<Pointer, Vec<Pointer>>,
    pub(super) missing: BTreeMap<Pointer, Vec<Pointer>>,
    pub(super) problems: Vec<(Pointer, Problem)>,
}

/// What a plugin's own rule found; the evidence has paths, and the values are looked up later.
#[derive(Debug, Clone)]
pub(crate) struct Assessed {
    pub(crate) finding: Finding,
    pub(crate) evidence: Vec<(Pointer, Option<Quote>)>,
}

fn bad(manifest: &Manifest, message: impl Into<String>) -> PluginError {
    PluginError {
        plugin: manifest.id.clone(),
        kind: FailureKind::BadAnswer,
        message: message.into(),
    }
}

/// Reads the answer to derive, and checks the facts against what the manifest declares.
pub(super) fn derived(
    manifest: &Manifest,
    schema: &Schema,
    answer: &Map<String, Value>,
) -> Result<Part, PluginError> {
    let Some(Value::Object(facts)) = answer.get("facts") else {
        return Err(bad(manifest, "the answer has no `facts`"));
    };
    let key = manifest.facts_key();
    let mut wrapped = Map::new();
    let mut under = Map::new();
    under.insert(key, Value::Object(facts.clone()));
    wrapped.insert("derived".to_owned(), Value::Object(under));
    let document = Document::from_value(
        &format!("answer of plugin `{}`", manifest.id),
        Value::Object(wrapped),
    );
    if let Some(problem) = crate::schema::validate(schema, &document).first() {
        return Err(bad(
            manifest,
            format!("its facts do not fit its manifest: {}", problem.message),
        ));
    }
    Ok(Part {
        facts: facts.clone(),
        inputs: pointers(manifest, answer, "inputs")?,
        missing: pointers(manifest, answer, "missing")?,
        problems: problems(answer),
    })
}

fn pointers(
    manifest: &Manifest,
    answer: &Map<String, Value>,
    key: &str,
) -> Result<BTreeMap<Pointer, Vec<Pointer>>, PluginError> {
    let entries = answer
        .get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    entries
        .map(|(at, list)| {
            let list = list.as_array().and_then(|list| {
                list.iter()
                    .map(|path| path.as_str().map(Pointer::from_json))
                    .collect::<Option<Vec<_>>>()
            });
            match list {
                Some(list) if at.is_empty() || at.starts_with('/') => {
                    Ok((Pointer::from_json(at.as_str()), list))
                }
                _ => Err(bad(
                    manifest,
                    format!("`{key}` must map pointers to lists of pointers"),
                )),
            }
        })
        .collect()
}

fn problems(answer: &Map<String, Value>) -> Vec<(Pointer, Problem)> {
    let list = answer.get("problems").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|entry| {
            let text = |key: &str| {
                entry
                    .get(key)
                    .and_then(Value::as_str)
                    .filter(|text| !text.is_empty())
            };
            let mut problem =
                Problem::error(text("message").unwrap_or("a plugin found a problem here"));
            if let Some(expected) = text("expected") {
                problem = problem.expected(expected);
            }
            if let Some(suggestion) = text("suggestion") {
                problem = problem.suggest(format!("did you mean {suggestion}?"));
            }
            (
                Pointer::from_json(text("path").unwrap_or_default()),
                problem,
            )
        })
        .collect()
}

impl Assessed {
    /// An empty finding of a plugin's rule.
    pub(super) fn of(rule: &PluginRule) -> Self {
        let severity = Severity::from_word(&rule.severity).unwrap_or(Severity::Critical);
        Self {
            finding: Finding {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                kind: "rule",
                dimension: rule.dimension.clone(),
                severity,
                weight: severity.weight(),
                gate: page::DEFAULT_GATE,
                outcome: Outcome::Unknown,
                degree: Degree::OPEN,
                message: Message::default(),
                evidence: Vec::new(),
                missing: Vec::new(),
                remedy: Vec::new(),
                help: rule.helps.clone(),
                sources: rule.sources.iter().map(|text| citation(text)).collect(),
                limits: rule.limits.clone(),
                error: None,
                looked_at: BTreeSet::new(),
            },
            evidence: Vec::new(),
        }
    }
}

/// Reads the answer to assess: exactly one finding for each rule of the manifest.
pub(super) fn assessed(
    manifest: &Manifest,
    answer: &Map<String, Value>,
) -> Result<Vec<Assessed>, PluginError> {
    let list = answer
        .get("findings")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    for entry in list {
        let id = entry
            .get("rule")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !manifest.rules.iter().any(|rule| rule.id == id) {
            return Err(bad(
                manifest,
                format!("it assessed `{id}`, which its manifest does not name"),
            ));
        }
    }
    manifest
        .rules
        .iter()
        .map(|rule| {
            let mut found = list
                .iter()
                .filter(|entry| entry.get("rule").and_then(Value::as_str) == Some(&rule.id));
            match (found.next(), found.next()) {
                (Some(entry), None) => one(manifest, rule, entry),
                (None, _) => Err(bad(
                    manifest,
                    format!("it gave no finding for its rule `{}`", rule.id),
                )),
                (Some(_), Some(_)) => Err(bad(
                    manifest,
                    format!("it gave two findings for `{}`", rule.id),
                )),
            }
        })
        .collect()
}

fn one(manifest: &Manifest, rule: &PluginRule, entry: &Value) -> Result<Assessed, PluginError> {
    let wrong = |what: &str| bad(manifest, format!("its finding for `{}` {what}", rule.id));
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
    let outcome = Outcome::from_word(text("outcome")).ok_or_else(|| wrong("has no outcome"))?;
    let degree = entry.get("degree").and_then(Value::as_f64);
    let degree = match (outcome, degree) {
        (Outcome::Met, None) => Degree::known(1.0),
        (Outcome::Unmet, None) => Degree::known(0.0),
        (Outcome::Met | Outcome::Partly | Outcome::Unmet, Some(degree))
            if (0.0..=1.0).contains(&degree) =>
        {
            Degree::known(degree)
        }
        (Outcome::Unknown | Outcome::NotApplicable, _) => Degree::OPEN,
        _ => return Err(wrong("has no degree between 0 and 1")),
    };
    if degree.outcome().is_some_and(|said| said != outcome) {
        return Err(wrong(
            "says one thing in its outcome and another in its degree",
        ));
    }
    let args = entry
        .get("args")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let args: Vec<(String, Value)> = args
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let message = Message::new(text("message"), args)
        .map_err(|_found| wrong("has a message with an empty place"))?;
    let mut assessed = Assessed::of(rule);
    assessed.evidence = evidence(entry);
    let finding = &mut assessed.finding;
    finding.outcome = outcome;
    finding.degree = degree;
    finding.message = message;
    if !text("help").is_empty() {
        text("help").clone_into(&mut finding.help);
    }
    let missing = entry
        .get("missing")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    finding.missing = missing
        .filter_map(|path| path.as_str().map(Pointer::from_json))
        .collect();
    let remedy = entry
        .get("remedy")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    finding.remedy = remedy
        .filter_map(|change| {
            let path = Pointer::from_json(change.get("path")?.as_str()?);
            Some(Change {
                path,
                value: change.get("value")?.clone(),
            })
        })
        .collect();
    finding.looked_at = manifest
        .reads
        .iter()
        .map(|read| Pointer::from_json(read.as_str()))
        .collect();
    Ok(assessed)
}

fn evidence(entry: &Value) -> Vec<(Pointer, Option<Quote>)> {
    let list = entry
        .get("evidence")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    list.filter_map(|item| {
        if let Some(path) = item.as_str() {
            return Some((Pointer::from_json(path), None));
        }
        let path = Pointer::from_json(item.get("path")?.as_str()?);
        let number = |key: &str| {
            item.get(key)
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok())
        };
        let quote = item.get("quote").and_then(Value::as_str).map(|text| Quote {
            text: text.to_owned(),
            start: number("start").unwrap_or_default(),
            end: number("end").unwrap_or_default(),
        });
        Some((path, quote))
    })
    .collect()
}
