//! The cases of a page, run as tests of its rule.

mod read;
mod rows;
#[cfg(test)]
mod tests;

use evenhand_core::finding::{Change, Finding, Outcome};
use evenhand_core::rule::Facts;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_document::document::Document;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use read::bases;

/// A program, and what its rule must find.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The base it starts from, if it starts from one.
    pub base: Option<String>,
    /// The proposal: a base with facts set and unset.
    pub proposal: Value,
    /// Parameters other than the page's.
    pub params: BTreeMap<String, Value>,
    /// What must come out.
    pub expect: Expectation,
    /// Where it stands: file, line and column.
    pub place: Option<(String, evenhand_diagnostic::source::Place)>,
    /// The row of a table that it is, if it is one.
    pub row: Option<Row>,
}

/// A row of a table of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the table shows: the name of the case that has it.
    pub table: String,
    /// What the row sets: the column and the value, as people read them.
    pub cells: Vec<(String, String)>,
}

/// What a rule must find.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// What must come out.
    pub outcome: Outcome,
    /// The degree, if it is said.
    pub degree: Option<f64>,
    /// The low end, if it is said.
    pub low: Option<f64>,
    /// The high end, if it is said.
    pub high: Option<f64>,
    /// Words the message must hold.
    pub message: Option<String>,
    /// Words the message must not hold.
    pub unsaid: Option<String>,
    /// All missing facts, if they are said.
    pub missing: Option<BTreeSet<String>>,
    /// Facts that must be among the evidence.
    pub evidence: Vec<String>,
    /// Everything the rule must propose, path and value, if it is said.
    pub remedy: Option<BTreeMap<String, Value>>,
}

/// How a case came out.
#[derive(Debug, Clone)]
pub struct CaseResult {
    /// The case.
    pub case: Case,
    /// What the rule found.
    pub finding: Finding,
    /// Every way in which that differs: what, expected, found.
    pub differences: Vec<Difference>,
}

/// One way in which a finding differs from what a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub what: &'static str,
    /// What the case expects.
    pub expected: String,
    /// What the rule found.
    pub found: String,
}

/// Numbers in cases are written with a few decimals.
const TOLERANCE: f64 = 5e-4;

/// The cases of a rule, every problem in them at once.
pub fn cases(book: &Rulebook, rule: &Rule) -> Result<Vec<Case>, Vec<Problem>> {
    read::cases(book, rule)
}

/// Runs one case.
pub fn run_case(book: &Rulebook, rule: &Rule, case: Case) -> CaseResult {
    let facts = case_facts(book, &case);
    run_case_over(book, rule, case, &facts)
}

/// The facts of a case's proposal.
pub(crate) fn case_facts(book: &Rulebook, case: &Case) -> Arc<Facts> {
    let name = format!("case `{}`", case.name);
    book.facts(&Document::from_value(&name, case.proposal.clone()))
}

pub(crate) fn run_case_over(
    book: &Rulebook,
    rule: &Rule,
    case: Case,
    facts: &Arc<Facts>,
) -> CaseResult {
    let finding = book.ask(&for_case(rule, &case), facts);
    let differences = case.expect.differences(&finding);
    CaseResult {
        case,
        finding,
        differences,
    }
}

/// Whether all cases come out as they say; on this thread, which must have room for scripts.
pub(crate) fn passes_here(book: &Rulebook, rule: &Rule, cases: &[(Case, Arc<Facts>)]) -> bool {
    // Most cases set no parameter, and a copy of the rule for each would take longer than to ask it.
    let usual = for_params(rule, &BTreeMap::new());
    cases.iter().all(|(case, facts)| {
        let own = (!case.params.is_empty()).then(|| for_case(rule, case));
        let finding = book.ask_here(own.as_ref().unwrap_or(&usual), facts);
        case.expect.differences(&finding).is_empty()
    })
}

/// The rule with the parameters of a case: a case tests the page, not what a board has set.
pub(crate) fn for_case(rule: &Rule, case: &Case) -> Rule {
    for_params(rule, &case.params)
}

fn for_params(rule: &Rule, params: &BTreeMap<String, Value>) -> Rule {
    let defaults = rule
        .page
        .params
        .iter()
        .map(|param| (param.name.clone(), param.default.clone()));
    rule.with_params(&defaults.chain(params.clone()).collect())
}

impl Expectation {
    fn differences(&self, finding: &Finding) -> Vec<Difference> {
        let mut found = Differences(Vec::new());
        found.texts("outcome", self.outcome.word(), finding.outcome.word());
        let degree = finding.degree;
        let known = degree.is_known() && finding.outcome != Outcome::NotApplicable;
        found.numbers("degree", self.degree, known.then_some(degree.low));
        found.numbers("low", self.low, Some(degree.low));
        found.numbers("high", self.high, Some(degree.high));
        let text = finding.message.text();
        if let Some(words) = self
            .message
            .as_ref()
            .filter(|words| !text.contains(words.as_str()))
        {
            found.texts("message", &format!("… {words} …"), &text);
        }
        if let Some(words) = self
            .unsaid
            .as_ref()
            .filter(|words| text.contains(words.as_str()))
        {
            found.texts("message", &format!("nothing of “{words}”"), &text);
        }
        let missing: BTreeSet<String> = finding.asked_for().map(Pointer::dotted).collect();
        if let Some(expected) = &self.missing {
            found.texts("missing", &list(expected), &list(&missing));
        }
        let read: BTreeSet<String> = finding
            .evidence
            .iter()
            .map(|evidence| evidence.path.dotted())
            .collect();
        let lacking: BTreeSet<String> = self
            .evidence
            .iter()
            .filter(|path| !read.contains(*path))
            .cloned()
            .collect();
        if !lacking.is_empty() {
            found.texts("evidence", &list(&lacking), &list(&read));
        }
        if let Some(expected) = &self.remedy {
            found.changes(expected, &finding.remedy);
        }
        if let Some(error) = finding
            .error
            .as_ref()
            .filter(|_| self.outcome != Outcome::Error)
        {
            found.texts("error", "none", error);
        }
        found.0
    }
}

/// Collects what differs.
struct Differences(Vec<Difference>);

impl Differences {
    fn texts(&mut self, what: &'static str, expected: &str, found: &str) {
        if expected != found {
            self.0.push(Difference {
                what,
                expected: expected.to_owned(),
                found: found.to_owned(),
            });
        }
    }

    /// Nothing expected is nothing to differ from.
    fn numbers(&mut self, what: &'static str, expected: Option<f64>, found: Option<f64>) {
        let Some(expected) = expected else { return };
        if found.is_none_or(|found| (expected - found).abs() > TOLERANCE) {
            let found = found.map_or_else(|| "none".to_owned(), evenhand_diagnostic::text::number);
            self.texts(what, &evenhand_diagnostic::text::number(expected), &found);
        }
    }

    /// What a rule proposes, in any order; the same path twice is not the same as once.
    fn changes(&mut self, expected: &BTreeMap<String, Value>, found: &[Change]) {
        let dotted = |change: &Change| change.path.dotted();
        let paths: BTreeSet<String> = found.iter().map(dotted).collect();
        let all = paths.len() == found.len()
            && paths.len() == expected.len()
            && found.iter().all(|change| {
                let value = expected.get(&dotted(change));
                value.is_some_and(|value| same(value, &change.value))
            });
        if !all {
            let said = expected
                .iter()
                .map(|(path, value)| (path.clone(), value.clone()));
            let proposed = found
                .iter()
                .map(|change| (dotted(change), change.value.clone()));
            let text = settings(said);
            self.0.push(Difference {
                what: "remedy",
                expected: text,
                found: settings(proposed),
            });
        }
    }
}

/// Whether two values are the same, numbers as near as cases write them.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let near = |a: f64, b: f64| (a - b).abs() <= TOLERANCE;
            a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| near(a, b))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// Facts and what they are set to, as one line.
fn settings(changes: impl Iterator<Item = (String, Value)>) -> String {
    let all: BTreeSet<String> = changes
        .map(|(path, value)| format!("{path} = {}", shown(&value)))
        .collect();
    list(&all)
}

/// A value as people type it.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "not known".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), evenhand_diagnostic::text::number),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn list(items: &BTreeSet<String>) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.iter().cloned().collect::<Vec<_>>().join(", ")
    }
}
