//! The cases of a page, run as tests of its rule.

use super::facts::Facts;
use super::page::{Page, check_form, form};
use crate::document::{Document, Format};
use crate::finding::{Finding, Outcome};
use crate::pack::PackFiles;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rulebook::{Rule, Rulebook};
use crate::schema::Schema;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

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
    pub place: Option<(String, crate::source::Place)>,
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
    /// All missing facts, if they are said.
    pub missing: Option<BTreeSet<String>>,
    /// Facts that must be among the evidence.
    pub evidence: Vec<String>,
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

static CASES: LazyLock<Option<Schema>> =
    LazyLock::new(|| form(include_str!("../forms/cases.json")));

/// Degrees in cases are written with a few decimals.
const TOLERANCE: f64 = 5e-4;

impl Rulebook {
    /// The cases of a rule, every problem in them at once.
    pub fn cases(&self, rule: &Rule) -> Result<Vec<Case>, Vec<Problem>> {
        let page = &rule.page;
        let Some(range) = page.text().cases.clone() else {
            return Ok(Vec::new());
        };
        let text = page.source.slice(range.clone());
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut reader = CaseReader {
            book: self,
            rule,
            document: read_list(page, range)?,
            problems: Vec::new(),
        };
        let cases = reader.cases();
        if reader.problems.is_empty() {
            Ok(cases)
        } else {
            Err(reader.problems)
        }
    }

    /// Runs one case.
    pub fn run_case(&self, rule: &Rule, case: Case) -> CaseResult {
        let facts = self.case_facts(&case);
        self.run_case_over(rule, case, &facts)
    }

    /// The facts of a case's proposal.
    pub(crate) fn case_facts(&self, case: &Case) -> Arc<Facts> {
        let name = format!("case `{}`", case.name);
        self.facts(&Document::from_value(&name, case.proposal.clone()))
    }

    pub(crate) fn run_case_over(&self, rule: &Rule, case: Case, facts: &Arc<Facts>) -> CaseResult {
        let finding = self.ask(&rule.for_case(&case), facts);
        let differences = case.expect.differences(&finding);
        CaseResult {
            case,
            finding,
            differences,
        }
    }
}

impl Rule {
    /// The rule with the parameters of a case: a case tests the page, not what a board has set.
    pub(crate) fn for_case(&self, case: &Case) -> Self {
        let defaults = self
            .page
            .params
            .iter()
            .map(|param| (param.name.clone(), param.default.clone()));
        self.with_params(&defaults.chain(case.params.clone()).collect())
    }
}

/// Reads the list of cases; the engine's documents are groups, so the list is given a name.
fn read_list(page: &Page, range: std::ops::Range<usize>) -> Result<Document, Vec<Problem>> {
    // The places of a list are the places of the file, so the list itself is parsed, not a copy.
    let document = Document::parse_list_part(&page.source, range, Format::Yaml, "cases")?;
    let problems = check_form(CASES.as_ref(), &document);
    if problems.is_empty() {
        Ok(document)
    } else {
        Err(problems)
    }
}

struct CaseReader<'a> {
    book: &'a Rulebook,
    rule: &'a Rule,
    document: Document,
    problems: Vec<Problem>,
}

impl CaseReader<'_> {
    fn report(&mut self, at: &Pointer, problem: Problem) {
        let problem = self.document.problem_at(at, problem);
        self.problems.push(problem);
    }

    fn cases(&mut self) -> Vec<Case> {
        let list = self
            .document
            .value()
            .get("cases")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut names = BTreeSet::new();
        let mut cases = Vec::new();
        for (index, entry) in list.iter().enumerate() {
            let at = Pointer::root().key("cases").index(index);
            let name = entry
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            if name.is_empty() {
                self.report(&at, Problem::error("the case has no `name`"));
            } else if !names.insert(name.clone()) {
                self.report(
                    &at.key("name"),
                    Problem::error(format!("two cases are named `{name}`")),
                );
            }
            let proposal = self.given(entry, &at);
            let expect = self.expect(entry, &at);
            let params = self.params(entry, &at);
            if let (Some(proposal), Some(expect)) = (proposal, expect) {
                let place = self
                    .document
                    .place(&at)
                    .map(|place| (self.document.name().to_owned(), place));
                let base = entry.get("given").and_then(|given| given.get("base"));
                cases.push(Case {
                    name,
                    base: base.and_then(Value::as_str).map(str::to_owned),
                    proposal,
                    params,
                    expect,
                    place,
                });
            }
        }
        cases
    }

    fn params(&mut self, entry: &Value, at: &Pointer) -> BTreeMap<String, Value> {
        let place = at.key("given").key("params");
        let set = entry
            .get("given")
            .and_then(|given| given.get("params"))
            .and_then(Value::as_object);
        let set = set.cloned().unwrap_or_default();
        for (name, value) in &set {
            let known = self.rule.page.params.iter();
            let problem = match known.clone().find(|param| param.name == *name) {
                Some(param) => param.refuses(value),
                None => Some(
                    Problem::error(format!("`{name}` is not a parameter of this rule"))
                        .suggest_maybe(did_you_mean(name, known.map(|param| param.name.as_str()))),
                ),
            };
            if let Some(problem) = problem {
                self.report(&place.key(name), problem);
            }
        }
        set.into_iter().collect()
    }

    fn given(&mut self, entry: &Value, at: &Pointer) -> Option<Value> {
        let at = at.key("given");
        let given = entry.get("given").cloned().unwrap_or_default();
        let mut proposal = match given.get("base").and_then(Value::as_str) {
            Some(base) => self.base(base, &at.key("base"))?,
            None => Value::Object(Map::new()),
        };
        let before = self.problems.len();
        for (path, value) in given
            .get("set")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let place = at.key("set").key(path);
            if let Some(pointer) = self.path(path, &place)
                && let Err(problem) = set(&mut proposal, &pointer, value.clone())
            {
                self.report(&place, problem);
            }
        }
        for (index, path) in given
            .get("unset")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let place = at.key("unset").index(index);
            let Some(path) = path.as_str() else { continue };
            if let Some(pointer) = self.path(path, &place)
                && !unset(&mut proposal, &pointer)
            {
                let problem = Problem::error(format!("`{path}` is not set in the first place"));
                self.report(&place, problem);
            }
        }
        let document = Document::from_value("case", proposal);
        for problem in self.book.check_document(&document) {
            let mut message = Problem::error(problem.message);
            message.expected = problem.expected;
            message.suggestion = problem.suggestion;
            self.report(&at, message);
        }
        (self.problems.len() == before).then(|| document.value().clone())
    }

    fn path(&mut self, path: &str, place: &Pointer) -> Option<Pointer> {
        let found = self.book.schema().find(path).is_some();
        let custom = path.starts_with("custom.") || path.starts_with("custom[");
        let pointer = Pointer::from_dotted(path).filter(|_| found || custom);
        if pointer.is_none() {
            let problem = unknown_path(self.book.schema(), path);
            self.report(place, problem);
        }
        pointer
    }

    fn base(&mut self, name: &str, place: &Pointer) -> Option<Value> {
        let packs = self.book.packs();
        let found = packs
            .iter()
            .rev()
            .find_map(|pack| pack.document(&format!("bases/{name}.yaml")));
        match found {
            Some(Ok(document)) => Some(document.value().clone()),
            Some(Err(problems)) => {
                self.problems.extend(problems);
                None
            }
            None => {
                let names: BTreeSet<String> = packs.iter().flat_map(bases).collect();
                let problem = Problem::error(format!("`{name}` is not a base of the pack"))
                    .expected(format!(
                        "one of {}",
                        names.iter().cloned().collect::<Vec<_>>().join(", ")
                    ))
                    .suggest_maybe(did_you_mean(name, names.iter().map(String::as_str)));
                self.report(place, problem);
                None
            }
        }
    }

    fn expect(&mut self, entry: &Value, at: &Pointer) -> Option<Expectation> {
        let at = at.key("expect");
        let expect = entry.get("expect").cloned().unwrap_or_default();
        let number = |key: &str| expect.get(key).and_then(Value::as_f64);
        let texts = |key: &str| -> Option<Vec<String>> {
            let list = expect.get(key)?.as_array()?;
            Some(
                list.iter()
                    .filter_map(|item| item.as_str().map(str::to_owned))
                    .collect(),
            )
        };
        let Some(outcome) = expect
            .get("outcome")
            .and_then(Value::as_str)
            .and_then(Outcome::from_word)
        else {
            self.report(
                &at,
                Problem::error("the case does not say which `outcome` it expects"),
            );
            return None;
        };
        for key in ["missing", "evidence"] {
            for (index, path) in texts(key).into_iter().flatten().enumerate() {
                self.path(&path, &at.key(key).index(index));
            }
        }
        Some(Expectation {
            outcome,
            degree: number("degree"),
            low: number("low"),
            high: number("high"),
            message: expect
                .get("message")
                .and_then(Value::as_str)
                .map(str::to_owned),
            missing: texts("missing").map(|list| list.into_iter().collect()),
            evidence: texts("evidence").unwrap_or_default(),
        })
    }
}

/// The names of a pack's bases.
pub(crate) fn bases(pack: &PackFiles) -> Vec<String> {
    let names = pack
        .files
        .keys()
        .filter_map(|path| path.strip_prefix("bases/")?.strip_suffix(".yaml"));
    names.map(str::to_owned).collect()
}

/// What to say of a path that is no field.
pub(crate) fn unknown_path(schema: &Schema, path: &str) -> Problem {
    let paths: Vec<String> = schema
        .walk()
        .into_iter()
        .map(|id| schema.field(id).path.clone())
        .collect();
    let plain: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
    Problem::error(format!("`{path}` is not a field of a proposal"))
        .expected("a path such as `flows[0].weeks`")
        .suggest_maybe(did_you_mean(&plain, paths.iter().map(String::as_str)))
}

/// Sets a value in a document, making the groups on the way; lists grow by one element at most.
pub fn set(document: &mut Value, at: &Pointer, value: Value) -> Result<(), Problem> {
    let mut here = document;
    for step in at.steps() {
        if here.is_null() {
            *here = Value::Object(Map::new());
        }
        here = match here {
            Value::Object(map) => map.entry(step).or_insert(Value::Null),
            Value::Array(list) => {
                let index: Option<usize> = step.parse().ok();
                let length = list.len();
                match index {
                    Some(index) if index <= length => {
                        if index == length {
                            list.push(Value::Null);
                        }
                        list.get_mut(index)
                            .ok_or_else(|| Problem::error("an element that does not exist"))?
                    }
                    _ => {
                        return Err(Problem::error(format!("there is no `{at}`")).expected(
                            format!("an element between 0 and {}", length.saturating_sub(1)),
                        ));
                    }
                }
            }
            _ => return Err(Problem::error(format!("`{at}` lies below a plain value"))),
        };
    }
    *here = value;
    Ok(())
}

/// Takes a value out of a document; whether there was one.
pub fn unset(document: &mut Value, at: &Pointer) -> bool {
    let (Some(parent), Some(last)) = (at.parent(), at.steps().last()) else {
        return false;
    };
    match document.pointer_mut(parent.as_str()) {
        Some(Value::Object(map)) => map.remove(last.as_ref()).is_some(),
        Some(Value::Array(list)) => match last
            .parse::<usize>()
            .ok()
            .filter(|index| *index < list.len())
        {
            Some(index) => {
                list.remove(index);
                true
            }
            None => false,
        },
        _ => false,
    }
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
        let missing: BTreeSet<String> = finding.missing.iter().map(Pointer::dotted).collect();
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
            let found = found.map_or_else(|| "none".to_owned(), crate::text::number);
            self.texts(what, &crate::text::number(expected), &found);
        }
    }
}

fn list(items: &BTreeSet<String>) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.iter().cloned().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(path: &str) -> Pointer {
        Pointer::from_dotted(path).unwrap()
    }

    #[test]
    fn values_are_set_in_groups_and_lists_that_may_not_be_there() {
        for (before, path, after) in [
            (json!({}), "a.b", json!({ "a": { "b": 1 } })),
            (json!({ "a": null }), "a.b", json!({ "a": { "b": 1 } })),
            (
                json!({ "a": { "c": 2 } }),
                "a.b",
                json!({ "a": { "b": 1, "c": 2 } }),
            ),
            (
                json!({ "a": [{ "b": 0 }] }),
                "a[0].b",
                json!({ "a": [{ "b": 1 }] }),
            ),
            (json!({ "a": [] }), "a[0].b", json!({ "a": [{ "b": 1 }] })),
            (json!({ "a": [5] }), "a[1]", json!({ "a": [5, 1] })),
        ] {
            let mut value = before.clone();
            set(&mut value, &at(path), json!(1)).unwrap();
            assert_eq!(value, after, "{before} {path}");
        }
        for (before, path) in [
            (json!({ "a": [] }), "a[1]"),
            (json!({ "a": [1] }), "a.b"),
            (json!({ "a": 3 }), "a.b"),
        ] {
            assert!(
                set(&mut before.clone(), &at(path), json!(1)).is_err(),
                "{before} {path}"
            );
        }
    }

    #[test]
    fn values_are_taken_out_where_there_are_any() {
        let whole = json!({ "a": { "b": 1 }, "c": [1, 2], "d": null });
        for (path, there) in [
            ("a.b", true),
            ("a", true),
            ("c[1]", true),
            ("d", true),
            ("c[2]", false),
            ("e", false),
            ("a.b.c", false),
            ("a.x", false),
        ] {
            let mut value = whole.clone();
            assert_eq!(unset(&mut value, &at(path)), there, "{path}");
            assert_eq!(value != whole, there, "{path}");
        }
    }

    #[test]
    fn a_case_that_cannot_be_right_is_a_problem_with_its_place() {
        for (from, to, said) in [
            (
                "{ base: usual }",
                "{ base: unusual }",
                "did you mean `usual`?",
            ),
            (
                "set: { weeks: 2 }",
                "set: { week: 2 }",
                "did you mean `weeks`?",
            ),
            (
                "set: { weeks: 2 }",
                "set: { weeks: 200 }",
                "between 1 and 52",
            ),
            (
                "unset: [weeks]",
                "unset: [mode, mode]",
                "is not set in the first place",
            ),
            ("name: short", "name: long", "two cases are named `long`"),
            (
                "{ outcome: unmet }",
                "{ outcom: unmet }",
                "did you mean `outcome`?",
            ),
            (
                "{ outcome: unmet }",
                "{ missing: [weeks] }",
                "does not say which `outcome`",
            ),
            (
                "{ outcome: unmet }",
                "{ outcome: unmet, evidence: [wekes] }",
                "did you mean `weeks`?",
            ),
            (
                "{ base: usual, set: { weeks: 2 } }",
                "{ base: usual, params: { lest: 2 } }",
                "did you mean `least`?",
            ),
            (
                "{ base: usual, set: { weeks: 2 } }",
                "{ base: usual, params: { least: x } }",
                "expected a number",
            ),
        ] {
            let book = crate::lint::tests::book(&[("ethics/long-stay.md", from, to)]);
            let run = book.test(|_| true);
            let problems: Vec<String> = run.problems.iter().map(ToString::to_string).collect();
            assert!(
                problems.iter().any(|problem| problem.contains(said)),
                "{to}: {problems:?}"
            );
            assert!(
                problems[0].starts_with("small/ethics/long-stay.md:"),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn a_case_that_comes_out_otherwise_says_how() {
        for (from, to, what) in [
            ("{ outcome: unmet }", "{ outcome: met }", "outcome"),
            (
                "{ outcome: unmet }",
                "{ outcome: unmet, degree: 0.1 }",
                "degree",
            ),
            (
                "{ outcome: unmet }",
                "{ outcome: unmet, message: three }",
                "message",
            ),
            (
                "{ outcome: unmet }",
                "{ outcome: unmet, missing: [mode] }",
                "missing",
            ),
            (
                "{ outcome: unknown }",
                "{ outcome: unknown, high: 0.5 }",
                "high",
            ),
            (
                "{ outcome: unknown }",
                "{ outcome: unknown, degree: 0 }",
                "degree",
            ),
            (
                "{ outcome: not_applicable }",
                "{ outcome: not_applicable, evidence: [weeks] }",
                "evidence",
            ),
        ] {
            let book = crate::lint::tests::book(&[("ethics/long-stay.md", from, to)]);
            let run = book.test(|_| true);
            assert_eq!((run.failed(), run.passed()), (1, 3), "{to}");
            let results = run.rules.iter().flat_map(|rule| &rule.results);
            let found: Vec<&str> = results
                .flat_map(|result| &result.differences)
                .map(|found| found.what)
                .collect();
            assert_eq!(found, [what], "{to}");
        }
    }
}
