//! Scorecards as SARIF 2.1.0 (OASIS, 2020), for platforms that show findings at the lines of a file.

use super::formats::{Entry, Judged};
use super::{obligations, waivers};
use evenhand_core::checks::Check;
use evenhand_core::finding::{Evidence, Finding, Outcome};
use evenhand_core::rule::Severity;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::{Cell, Place};
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::English;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The rule that stands for a proposal which could not be judged.
const REFUSED: &str = "proposal-refused";

/// All entries as one run.
pub fn render(entries: &[Entry<'_>]) -> String {
    let rules = rules(entries);
    let index: BTreeMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(index, (id, _))| (*id, index))
        .collect();
    let mut results = Vec::new();
    for entry in entries {
        match entry {
            Entry::Judged(judged) => {
                let found = judged.card.findings.iter();
                let found = found.filter(|finding| finding.kind != "prompt");
                results.extend(found.map(|finding| result(judged, finding, &index)));
                let checks = judged.card.checks.iter();
                results.extend(checks.map(|check| to_check(judged, check, &index)));
            }
            Entry::Refused { name, problems } => {
                results.extend(
                    problems
                        .iter()
                        .map(|problem| refused(name, problem, &index)),
                );
            }
        }
    }
    let refused = entries
        .iter()
        .any(|entry| matches!(entry, Entry::Refused { .. }));
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Evenhand",
                "semanticVersion": evenhand_core::VERSION,
                "rules": rules.into_values().collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": !refused }],
            "results": results,
        }],
    });
    let properties = properties(entries);
    if let Some(run) = log.pointer_mut("/runs/0").and_then(Value::as_object_mut)
        && !properties.is_empty()
    {
        run.insert("properties".to_owned(), json!({ "proposals": properties }));
    }
    pretty_json(&log)
}

/// Of each proposal for which the board has a word of its own or something follows: both, beside the code of the verdict.
fn properties(entries: &[Entry<'_>]) -> Vec<Value> {
    let judged = entries.iter().filter_map(|entry| match entry {
        Entry::Judged(judged) => Some(judged),
        Entry::Refused { .. } => None,
    });
    judged
        .filter_map(|judged| {
            let card = judged.card;
            let word = card.names.verdict(card.verdict.word);
            let obligations = obligations::lines(card, judged.words);
            (word.is_some() || !obligations.is_empty()).then(|| {
                json!({
                    "file": card.proposal.file,
                    "verdict": card.verdict.word.word(),
                    "verdictWord": word,
                    "obligations": obligations,
                })
            })
        })
        .collect()
}

/// What is said of each rule that has a result, by id.
fn rules<'a>(entries: &[Entry<'a>]) -> BTreeMap<&'a str, Value> {
    let mut rules = BTreeMap::new();
    for entry in entries {
        match entry {
            Entry::Judged(judged) => {
                for finding in &judged.card.findings {
                    if finding.kind != "prompt" {
                        rules
                            .entry(finding.rule.as_str())
                            .or_insert_with(|| rule(finding));
                    }
                }
                for check in &judged.card.checks {
                    rules.entry(check.code.as_str()).or_insert_with(|| {
                        json!({
                            "id": check.code,
                            "shortDescription": { "text": "Please check" },
                            "defaultConfiguration": { "level": "note" },
                        })
                    });
                }
            }
            Entry::Refused { .. } => {
                rules.entry(REFUSED).or_insert_with(|| {
                    json!({
                        "id": REFUSED,
                        "shortDescription": { "text": "The proposal can be read and judged" },
                        "defaultConfiguration": { "level": "error" },
                    })
                });
            }
        }
    }
    rules
}

fn rule(finding: &Finding) -> Value {
    let mut rule = json!({
        "id": finding.rule,
        "shortDescription": { "text": text_or(&finding.title, &finding.rule) },
        "defaultConfiguration": { "level": level(finding.severity) },
        "properties": { "tags": [finding.dimension, finding.severity.word()] },
    });
    if let (Value::Object(map), false) = (&mut rule, finding.help.is_empty()) {
        let plain = super::text::plain(&finding.help);
        map.insert(
            "help".to_owned(),
            json!({ "text": plain, "markdown": finding.help }),
        );
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "error",
        Severity::Major => "warning",
        Severity::Minor | Severity::Info => "note",
    }
}

/// SARIF wants some text in every message.
fn text_or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn result(judged: &Judged<'_>, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    // A level other than `none` belongs to results of the kind `fail` alone (section 3.27.10).
    let (kind, level) = match finding.outcome {
        Outcome::Met => ("pass", "none"),
        Outcome::NotApplicable => ("notApplicable", "none"),
        Outcome::Unknown => ("open", "none"),
        Outcome::Error => ("fail", "error"),
        Outcome::Partly | Outcome::Unmet => ("fail", level(finding.severity)),
    };
    let message = match &finding.error {
        Some(error) => error.clone(),
        None => finding.message.text(),
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index.get(finding.rule.as_str()),
        "kind": kind,
        "level": level,
        "message": { "text": text_or(&message, &finding.title) },
        "properties": {
            "outcome": finding.outcome.word(),
            "low": finding.degree.low,
            "high": finding.degree.high,
        },
    });
    if let (Value::Object(map), Some(waiver)) = (&mut result, &finding.waiver) {
        // Section 3.35: accepted by somebody, outside of the file.
        let suppression = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": waivers::of_finding(waiver, &English),
        }]);
        map.insert("suppressions".to_owned(), suppression);
    }
    put_locations(&mut result, judged, &finding.evidence);
    result
}

/// What is to be checked is for people to review; what somebody has checked passes.
fn to_check(judged: &Judged<'_>, check: &Check, index: &BTreeMap<&str, usize>) -> Value {
    let mut result = json!({
        "ruleId": check.code,
        "ruleIndex": index.get(check.code.as_str()),
        "kind": if check.is_open() { "review" } else { "pass" },
        "level": "none",
        "message": { "text": check.question.text() },
    });
    put_locations(&mut result, judged, &check.compares);
    result
}

/// Where the answers stand: the first location is where it is shown, the others are what else it rests on.
fn put_locations(result: &mut Value, judged: &Judged<'_>, evidence: &[Evidence]) {
    let file = &judged.card.proposal.file;
    let mut locations: Vec<Value> = Vec::new();
    let given = evidence
        .iter()
        .flat_map(|fact| std::iter::once(fact).chain(&fact.inputs));
    for fact in given {
        let place = judged.proposal.place(&fact.path);
        let cell = judged.proposal.cell(&fact.path);
        if place.is_some() || cell.is_some() {
            let location = location(file, place, cell);
            if !locations.contains(&location) {
                locations.push(location);
            }
        }
    }
    let mut locations = locations.into_iter();
    let first = locations
        .next()
        .unwrap_or_else(|| location(file, None, None));
    if let Value::Object(map) = result {
        map.insert("locations".to_owned(), json!([first]));
        let related: Vec<Value> = locations.collect();
        if !related.is_empty() {
            map.insert("relatedLocations".to_owned(), Value::Array(related));
        }
    }
}

fn refused(name: &str, problem: &Problem, index: &BTreeMap<&str, usize>) -> Value {
    let mut text = problem.message.as_str().to_owned();
    if let Some(expected) = &problem.expected {
        text.push_str(&format!("; expected {expected}"));
    }
    if let Some(suggestion) = &problem.suggestion {
        text.push_str(&format!("; {suggestion}"));
    }
    let file = problem.file.as_deref().unwrap_or(name);
    json!({
        "ruleId": REFUSED,
        "ruleIndex": index.get(REFUSED),
        "kind": "fail",
        "level": if problem.is_error() { "error" } else { "warning" },
        "message": { "text": text },
        "locations": [location(file, problem.place, problem.cell.as_ref())],
    })
}

/// A place in a file; a cell of a workbook has no line, and is named as a part of it.
fn location(file: &str, place: Option<Place>, cell: Option<&Cell>) -> Value {
    let mut physical = Map::new();
    physical.insert("artifactLocation".to_owned(), json!({ "uri": uri(file) }));
    if let Some(Place { line, column }) = place {
        physical.insert(
            "region".to_owned(),
            json!({ "startLine": line, "startColumn": column }),
        );
    }
    match cell {
        Some(cell) => json!({
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": cell.to_string(), "kind": "cell" }],
        }),
        None => json!({ "physicalLocation": physical }),
    }
}

/// A file's name as a relative reference (RFC 3986): every byte that may not stand for itself is percent-encoded.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_references_and_never_schemes() {
        assert_eq!(uri("a/b c.yaml"), "a/b%20c.yaml");
        assert_eq!(uri("javascript:alert(1)"), "javascript%3Aalert%281%29");
        assert_eq!(uri("<standard input>"), "%3Cstandard%20input%3E");
        assert_eq!(uri("añ.yaml"), "a%C3%B1.yaml");
    }
}
