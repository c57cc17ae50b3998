//! Reading what a plugin answered: nothing in it is believed before it is checked.

use crate::checks::{Raised, Reading};
use crate::document::Document;
use crate::document::edit::Change as Write;
use crate::finding::{Change, Degree, Finding, Message, Outcome, Quote};
use crate::plugin::{FailureKind, Manifest, PluginError, PluginRule};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rule::page::citation;
use crate::rule::{Severity, page};
use crate::schema::Schema;
use evenhand_contract::{received, wire};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Facts a plugin derived, with pointers relative to its own facts.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) facts: Map<String, Value>,
    pub(super) inputs: BTreeMap<Pointer, Vec<Pointer>>,
    pub(super) missing: BTreeMap<Pointer, Vec<Pointer>>,
    pub(super) problems: Vec<Complaint>,
    pub(super) checks: Vec<Raised>,
}

/// What a plugin says cannot be right.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    at: Pointer,
    problem: Problem,
    /// What to write in its place.
    value: Option<Value>,
}

impl Complaint {
    /// The problem with its place in the proposal, and the edit where there is one.
    pub(super) fn placed(self, proposal: &Document) -> Problem {
        let mut placed = proposal.problem_at(&self.at, self.problem);
        let change = self.value.map(|value| Write::Set(self.at, value));
        placed.fix = change.and_then(|change| proposal.edit(&change).ok());
        placed
    }
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

/// The breaches of the contract in an answer, as one failure.
fn breached(manifest: &Manifest, breaches: &[String]) -> PluginError {
    const SHOWN: usize = 3;
    let more = breaches.len().saturating_sub(SHOWN);
    let shown: Vec<&str> = breaches.iter().take(SHOWN).map(String::as_str).collect();
    let mut message = shown.join("; ");
    if more > 0 {
        message.push_str(&format!("; and {more} more"));
    }
    bad(manifest, message)
}

/// Reads the answer to derive from what the plugin was handed, and checks the facts against what the manifest declares.
pub(super) fn derived(
    manifest: &Manifest,
    schema: &Schema,
    projected: &Value,
    answer: &str,
) -> Result<Part, PluginError> {
    let answer = received::derived(manifest, projected, answer)
        .map_err(|breaches| breached(manifest, &breaches))?;
    let mut under = Map::new();
    under.insert(manifest.facts_key(), Value::Object(answer.facts.clone()));
    let mut wrapped = Map::new();
    wrapped.insert("derived".to_owned(), Value::Object(under));
    let document = Document::from_value(
        &format!("answer of plugin `{}`", manifest.id),
        Value::Object(wrapped),
    );
    if let Some(problem) = evenhand_document::schema::validate(schema, &document).first() {
        return Err(bad(
            manifest,
            format!("its facts do not fit its manifest: {}", problem.message),
        ));
    }
    let pointers = |map: BTreeMap<String, Vec<String>>| {
        let pointer = |text: String| Pointer::from_json(text);
        let entries = map.into_iter();
        entries
            .map(|(at, list)| (pointer(at), list.into_iter().map(pointer).collect()))
            .collect()
    };
    Ok(Part {
        facts: answer.facts,
        inputs: pointers(answer.inputs),
        missing: pointers(answer.missing),
        problems: answer
            .problems
            .iter()
            .map(|problem| complaint(manifest, problem))
            .collect(),
        checks: answer
            .checks
            .iter()
            .map(|check| raised(manifest, check))
            .collect::<Result<_, _>>()?,
    })
}

/// What a plugin asks to be checked.
fn raised(manifest: &Manifest, check: &wire::Check) -> Result<Raised, PluginError> {
    let (template, args) = without_doubled(&check.question, &check.args);
    let question = Message::new(&template, args).map_err(|_found| {
        let code = &check.code;
        bad(
            manifest,
            format!("its check `{code}` has a question with an empty place"),
        )
    })?;
    let pointers = |paths: &[String]| {
        let pointer = |path: &String| Pointer::from_json(path.as_str());
        paths.iter().map(pointer).collect()
    };
    Ok(Raised {
        plugin: manifest.id.clone(),
        code: check.code.clone(),
        question,
        compares: pointers(&check.compares),
        doubts: pointers(&check.doubts),
        reading: check.reading.as_ref().map(|reading| Reading {
            says: reading.says.clone(),
            changes: reading.changes.iter().map(change).collect(),
        }),
    })
}

fn change(edit: &wire::Edit) -> Change {
    Change {
        path: Pointer::from_json(edit.path.as_str()),
        value: edit.value.clone(),
    }
}

/// A plugin's complaint about the proposal, in its name.
fn complaint(manifest: &Manifest, problem: &wire::Problem) -> Complaint {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let message = text(&problem.message)
        .unwrap_or_else(|| "this cannot be right, without saying why".to_owned());
    let mut made = Problem::error(format!("{message} (plugin `{}`)", manifest.id));
    if let Some(expected) = problem.expected.as_deref().and_then(text) {
        made = made.expected(expected);
    }
    if let Some(suggestion) = problem.suggestion.as_deref().and_then(text) {
        made = made.suggest(format!("did you mean {suggestion}?"));
    }
    Complaint {
        at: Pointer::from_json(problem.path.as_str()),
        problem: made,
        value: problem.value.clone(),
    }
}

impl Assessed {
    /// An empty finding of a plugin's rule.
    pub(super) fn of(manifest: &Manifest, rule: &PluginRule) -> Self {
        let severity = Severity::from_word(&rule.severity).unwrap_or(Severity::Critical);
        Self {
            finding: Finding {
                rule: rule.id.clone(),
                plugin: Some(manifest.id.clone()),
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
                imprecise: Vec::new(),
                remedy: Vec::new(),
                help: rule.helps.clone(),
                sources: rule.sources.iter().map(|text| citation(text)).collect(),
                limits: rule.limits.clone(),
                waiver: None,
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
    projected: &Value,
    answer: &str,
) -> Result<Vec<Assessed>, PluginError> {
    let answer = received::assessed(manifest, projected, answer)
        .map_err(|breaches| breached(manifest, &breaches))?;
    manifest
        .rules
        .iter()
        .map(|rule| {
            let mut found = answer
                .findings
                .iter()
                .filter(|finding| finding.rule == rule.id);
            match (found.next(), found.next()) {
                (Some(finding), None) => one(manifest, rule, finding),
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

fn one(
    manifest: &Manifest,
    rule: &PluginRule,
    found: &wire::Finding,
) -> Result<Assessed, PluginError> {
    let wrong = |what: &str| bad(manifest, format!("its finding for `{}` {what}", rule.id));
    let (outcome, degree) = match (found.outcome, found.degree) {
        (wire::Outcome::Met, _) => (Outcome::Met, Degree::known(1.0)),
        (wire::Outcome::Unmet, _) => (Outcome::Unmet, Degree::known(0.0)),
        (wire::Outcome::Partly, Some(degree)) => (Outcome::Partly, Degree::known(degree)),
        (wire::Outcome::Partly, None) => return Err(wrong("has no degree")),
        (wire::Outcome::Unknown, _) => (Outcome::Unknown, Degree::OPEN),
        (wire::Outcome::NotApplicable, _) => (Outcome::NotApplicable, Degree::OPEN),
    };
    if degree.outcome().is_some_and(|said| said != outcome) {
        return Err(wrong(
            "says one thing in its outcome and another in its degree",
        ));
    }
    let (template, args) = without_doubled(&found.message, &found.args);
    let message = Message::new(&template, args)
        .map_err(|_found| wrong("has a message with an empty place"))?;
    let mut assessed = Assessed::of(manifest, rule);
    assessed.evidence = found.evidence.iter().map(evidence).collect();
    let finding = &mut assessed.finding;
    finding.outcome = outcome;
    finding.degree = degree;
    finding.message = message;
    if let Some(help) = found.help.as_ref().filter(|help| !help.is_empty()) {
        help.clone_into(&mut finding.help);
    }
    let pointer = |path: &String| Pointer::from_json(path.as_str());
    finding.missing = found.missing.iter().map(pointer).collect();
    finding.remedy = found.remedy.iter().map(change).collect();
    finding.looked_at = manifest.reads.iter().map(pointer).collect();
    Ok(assessed)
}

/// The template and its arguments in the engine's own form, in which a brace is an argument like any other.
fn without_doubled(
    message: &str,
    args: &BTreeMap<String, Value>,
) -> (String, Vec<(String, Value)>) {
    let mut args: Vec<(String, Value)> = args.clone().into_iter().collect();
    let (mut template, mut rest) = (String::new(), message);
    let mut doubled = false;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        template.push_str(before);
        // A place is copied whole, so that what ends it is not read as the beginning of a pair.
        let taken = if after.starts_with("{{") {
            template.push_str("{opening brace}");
            2
        } else if after.starts_with("}}") {
            template.push_str("{closing brace}");
            2
        } else {
            let end = after.find('}').filter(|_| after.starts_with('{'));
            let end = end.map_or(1, |end| end + 1);
            template.push_str(after.get(..end).unwrap_or_default());
            end
        };
        doubled |= after.starts_with("{{") || after.starts_with("}}");
        rest = after.get(taken..).unwrap_or_default();
    }
    template.push_str(rest);
    if doubled {
        args.push(("opening brace".to_owned(), "{".into()));
        args.push(("closing brace".to_owned(), "}".into()));
    }
    (template, args)
}

fn evidence(item: &wire::Evidence) -> (Pointer, Option<Quote>) {
    let quote = item.quote.as_ref().map(|text| Quote {
        text: text.clone(),
        start: item.start.unwrap_or_default(),
        end: item.end.unwrap_or_default(),
    });
    (Pointer::from_json(item.path.as_str()), quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_braces_are_plain_text() {
        for (written, shown) in [
            ("no {{please}}", "no {please}"),
            ("{{{a}}}", "{1}"),
            ("{a}{{", "1{"),
            ("a } b {a} c", "a } b 1 c"),
            ("plain", "plain"),
        ] {
            let found = wire::Finding::met("a/b", written).arg("a", 1);
            let (template, args) = without_doubled(&found.message, &found.args);
            let message = Message::new(&template, args).unwrap();
            assert_eq!(message.text(), shown, "{written}");
        }
    }
}
