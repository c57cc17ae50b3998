//! Contested facts: what a partner says otherwise than the proposal.
//!
//! Both answers stand. The proposal is judged with each of them, and every finding holds all that comes out: so a contested
//! fact counts as not confirmed, widens ranges, and never lifts a low end.

use crate::document::Document;
use crate::finding::{Finding, Message};
use crate::joint;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::{Schema, validate};
use evenhand_document::change;
use serde_json::Value;
use std::collections::BTreeMap;

/// Combinations of contested answers that a proposal is judged with. Of further facts no answer counts.
const READINGS: usize = 16;

/// What a finding says that depends on whose answer holds.
pub(crate) const WHOSE: &str = "It depends on whose answer holds: {paths}";

/// A fact that a partner answers otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Contested {
    /// The fact.
    pub path: Pointer,
    /// The partner.
    pub by: String,
    /// What the partner says instead.
    pub value: Value,
    /// Where that stands in the proposal.
    pub at: Pointer,
}

/// Every answer that a partner gives otherwise than the proposal, in its order. What has become the same is not contested
/// any more.
pub fn contested(proposal: &Value) -> Vec<Contested> {
    let given = said(proposal).into_iter();
    let differs = |one: &Contested| {
        let own = one.path.of(proposal).unwrap_or(&Value::Null);
        !same(own, &one.value)
    };
    given.filter(differs).collect()
}

/// Every answer that stands under `contests`, whether it is another than the proposal's or not.
pub(crate) fn said(proposal: &Value) -> Vec<Contested> {
    let list = proposal.get("attestations").and_then(Value::as_array);
    let list = list.into_iter().flatten().enumerate();
    list.flat_map(|(index, entry)| {
        let by = entry.get("by").and_then(Value::as_str);
        let by = by.unwrap_or_default().to_owned();
        let at = Pointer::root()
            .key("attestations")
            .index(index)
            .key("contests");
        let own = entry.get("contests").and_then(Value::as_object);
        own.into_iter().flatten().filter_map(move |(path, value)| {
            Some(Contested {
                path: Pointer::from_dotted(path)?,
                by: by.clone(),
                value: value.clone(),
                at: at.key(path),
            })
        })
    })
    .filter(|one| !one.value.is_null())
    .collect()
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

/// The proposal with every combination of the contested answers but the one it is given with; where there are too many,
/// with the answers of some facts left out instead.
pub(crate) fn readings(proposal: &Document) -> Vec<Document> {
    let mut facts: BTreeMap<Pointer, Vec<Value>> = BTreeMap::new();
    for one in contested(proposal.value()) {
        let known = facts.entry(one.path).or_default();
        if !known.iter().any(|value| same(value, &one.value)) {
            known.push(one.value);
        }
    }
    let mut values = vec![proposal.value().clone()];
    for (path, others) in facts {
        if values.len() * (others.len() + 1) > READINGS {
            for value in &mut values {
                change::unset(value, &path);
            }
            continue;
        }
        let before = values.clone();
        for other in others {
            for mut value in before.clone() {
                // A place that cannot hold it was refused before anything is judged.
                if change::set(&mut value, &path, other.clone()).is_ok() {
                    values.push(value);
                }
            }
        }
    }
    let others = values.into_iter().filter(|value| value != proposal.value());
    others
        .map(|value| Document::from_value(proposal.name(), value))
        .collect()
}

/// What several readings of one proposal found, as one list: what comes out differently names the contested facts.
pub(crate) fn together(readings: &[&[Finding]], proposal: &Value) -> Vec<Finding> {
    let contested = contested(proposal);
    joint::hull(readings, &|own| {
        let mut paths: Vec<Value> = Vec::new();
        let looked_at = |path: &Pointer| {
            let mut all = own.iter().flat_map(|finding| {
                let evidence = finding.evidence.iter().map(|evidence| &evidence.path);
                finding.looked_at.iter().chain(evidence)
            });
            all.any(|seen| seen.contains(path) || path.contains(seen))
        };
        for one in &contested {
            let path = Value::from(one.path.dotted());
            if looked_at(&one.path) && !paths.contains(&path) {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            // A derived fact stands between.
            let all = contested.iter().map(|one| Value::from(one.path.dotted()));
            paths.extend(all);
            paths.dedup();
        }
        Message {
            template: WHOSE.to_owned(),
            args: vec![("paths".to_owned(), Value::Array(paths))],
            said: None,
        }
    })
}

/// What is wrong with contested answers: a path that means no single fact, or a value that its field cannot hold.
pub(crate) fn problems(schema: &Schema, document: &Document) -> Vec<Problem> {
    let mut found = Vec::new();
    let list = document
        .value()
        .get("attestations")
        .and_then(Value::as_array);
    for (index, entry) in list.into_iter().flatten().enumerate() {
        for name in ["contests", "replaced", "comments"] {
            let at = Pointer::root().key("attestations").index(index).key(name);
            let paths = entry.get(name).and_then(Value::as_object);
            for path in paths.into_iter().flatten().map(|(path, _)| path) {
                let known = Pointer::from_dotted(path).filter(|pointer| {
                    let single = !pointer.steps().any(|step| step == "-");
                    single && schema.find(&pointer.dotted()).is_some()
                });
                let is_own = path.starts_with("attestations") || path.starts_with("derived");
                if known.is_none() || is_own {
                    let message = format!("`{path}` is not a fact of the proposal");
                    let problem = Problem::error(message)
                        .expected("the path of one fact, such as `flows[0].weeks`");
                    found.push(document.problem_at_key(&at.key(path), problem));
                }
            }
        }
    }
    if !found.is_empty() {
        return found;
    }
    let before: Vec<String> = messages(&validate(schema, document));
    for one in said(document.value()) {
        let mut value = document.value().clone();
        if change::set(&mut value, &one.path, one.value.clone()).is_err() {
            let message = format!("nothing can stand at `{}`", one.path.dotted());
            found.push(document.problem_at(&one.at, Problem::error(message)));
            continue;
        }
        let changed = Document::from_value(document.name(), value);
        let fresh = validate(schema, &changed).into_iter();
        let fresh = fresh.filter(|problem| !before.contains(&problem.message.to_string()));
        found.extend(fresh.map(|problem| document.problem_at(&one.at, problem.unplaced())));
    }
    found
}

/// A problem of the proposal with a contested answer, at the place of that answer.
pub(crate) fn placed(document: &Document, problem: Problem) -> Problem {
    let all = contested(document.value());
    let path = problem.path.clone().unwrap_or_default();
    let near = |one: &&Contested| one.path.contains(&path) || path.contains(&one.path);
    let Some(own) = all.iter().find(near).or_else(|| all.first()) else {
        return problem;
    };
    document.problem_at(&own.at, problem.unplaced())
}

fn messages(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| problem.message.to_string())
        .collect()
}
