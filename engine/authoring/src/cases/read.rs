//! Reading the cases of a page: every problem in them at once, each at its place.

use super::{Case, Expectation, Row};
use evenhand_core::finding::{Degree, Outcome};
use evenhand_core::pack::PackFiles;
use evenhand_core::rule::page::Page;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_document::change::{set, unset};
use evenhand_document::document::{Document, Format};
use evenhand_document::schema::Schema;
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

static CASES: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("../cases.json")));

/// The cases of a rule, a row of a table as a case of its own; or everything wrong with them.
pub(super) fn cases(book: &Rulebook, rule: &Rule) -> Result<Vec<Case>, Vec<Problem>> {
    let page = &rule.page;
    let Some(range) = page.text().cases.clone() else {
        return Ok(Vec::new());
    };
    if page.source.slice(range.clone()).trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = CaseReader {
        book,
        rule,
        document: read_list(page, range)?,
        names: BTreeSet::new(),
        problems: Vec::new(),
    };
    let cases = reader.cases();
    if reader.problems.is_empty() {
        Ok(cases)
    } else {
        Err(reader.problems)
    }
}

/// Reads the list of cases; the engine's documents are groups, so the list is given a name.
fn read_list(page: &Page, range: Range<usize>) -> Result<Document, Vec<Problem>> {
    // The places of a list are the places of the file, so the list itself is parsed, not a copy.
    let document = Document::parse_list_part(&page.source, range, Format::Yaml, "cases")?;
    let problems = validate_builtin(CASES.as_ref(), &document);
    if problems.is_empty() {
        Ok(document)
    } else {
        Err(problems)
    }
}

/// Something a case says, and where it says it.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) at: Pointer,
    pub(super) key: String,
    pub(super) value: Value,
}

/// A path of the proposal, and where in the cases it is set.
type Typed = (Pointer, Pointer);

/// A case as it is typed. What is said later counts: a row comes after the case that has the table.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) at: Pointer,
    pub(super) name: String,
    given: Pointer,
    base: Option<String>,
    set: Vec<Said>,
    unset: Vec<Said>,
    /// What a row sets, after everything the case sets and unsets.
    pub(super) cells: Vec<Said>,
    pub(super) params: Vec<Said>,
    pub(super) expect: Vec<Said>,
    pub(super) row: Option<Row>,
}

impl Draft {
    fn read(entry: &Value, at: &Pointer) -> Self {
        let given = at.key("given");
        let group = |of: Option<&Value>, at: &Pointer| -> Vec<Said> {
            let map = of.and_then(Value::as_object).into_iter().flatten();
            map.map(|(key, value)| Said {
                at: at.key(key),
                key: key.clone(),
                value: value.clone(),
            })
            .collect()
        };
        let of_given = |key: &str| entry.get("given").and_then(|given| given.get(key));
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let place = given.key("unset");
        let unset = of_given("unset").and_then(Value::as_array);
        Self {
            name: text(entry.get("name")).unwrap_or_default(),
            base: text(of_given("base")),
            set: group(of_given("set"), &given.key("set")),
            unset: unset
                .into_iter()
                .flatten()
                .enumerate()
                .filter_map(|(index, path)| {
                    Some(Said {
                        at: place.index(index),
                        key: path.as_str()?.to_owned(),
                        value: Value::Null,
                    })
                })
                .collect(),
            cells: Vec::new(),
            params: group(of_given("params"), &given.key("params")),
            expect: group(entry.get("expect"), &at.key("expect")),
            row: None,
            at: at.clone(),
            given,
        }
    }

    /// What the case expects under this name; what a row says instead comes last.
    fn expects(&self, key: &str) -> Option<&Said> {
        let mut all = self.expect.iter().rev();
        all.find(|said| said.key == key && !said.value.is_null())
    }
}

pub(super) struct CaseReader<'a> {
    pub(super) book: &'a Rulebook,
    pub(super) rule: &'a Rule,
    document: Document,
    names: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl CaseReader<'_> {
    /// Once, though all rows of a table may have the same problem.
    pub(super) fn report(&mut self, at: &Pointer, problem: Problem) {
        let problem = self.document.problem_at(at, problem);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn cases(&mut self) -> Vec<Case> {
        let list = self.document.value().get("cases");
        let list = list.and_then(Value::as_array).cloned().unwrap_or_default();
        let mut cases = Vec::new();
        for (index, entry) in list.iter().enumerate() {
            let at = Pointer::root().key("cases").index(index);
            let draft = Draft::read(entry, &at);
            if draft.name.is_empty() {
                self.report(&at, Problem::error("the case has no `name`"));
            } else if !self.names.insert(draft.name.clone()) {
                let problem = Problem::error(format!("two cases are named `{}`", draft.name));
                self.report(&at.key("name"), problem);
            }
            match entry.get("rows").and_then(Value::as_array) {
                None => cases.extend(self.case(draft)),
                Some(rows) => {
                    for row in self.rows(&draft, rows) {
                        if !self.names.insert(row.name.clone()) {
                            let problem = Problem::error(format!("two rows are `{}`", row.name))
                                .suggest("take one of them out");
                            self.report(&row.at, problem);
                        }
                        cases.extend(self.case(row));
                    }
                }
            }
        }
        cases
    }

    fn case(&mut self, draft: Draft) -> Option<Case> {
        let proposal = self.proposal(&draft);
        let expect = self.expect(&draft);
        let params = self.params(&draft);
        let place = self.document.place(&draft.at);
        Some(Case {
            proposal: proposal?,
            params,
            expect: expect?,
            place: place.map(|place| (self.document.name().to_owned(), place)),
            name: draft.name,
            base: draft.base,
            row: draft.row,
        })
    }

    fn params(&mut self, draft: &Draft) -> BTreeMap<String, Value> {
        for said in &draft.params {
            let known = self.rule.page.params.iter();
            let problem = match known.clone().find(|param| param.name == said.key) {
                Some(param) => param.refuses(&said.value),
                None => Some(unknown_param(&self.rule.page, &said.key)),
            };
            if let Some(problem) = problem {
                self.report(&said.at, problem);
            }
        }
        let all = draft.params.iter();
        all.map(|said| (said.key.clone(), said.value.clone()))
            .collect()
    }

    fn proposal(&mut self, draft: &Draft) -> Option<Value> {
        let mut proposal = match &draft.base {
            Some(base) => self.base(base, &draft.given.key("base"))?,
            None => Value::Object(Map::new()),
        };
        let mut typed = Vec::new();
        let mut fine = true;
        for said in &draft.set {
            fine &= self.put(&mut proposal, said, &mut typed);
        }
        for said in &draft.unset {
            let Some(pointer) = self.path(&said.key, &said.at) else {
                fine = false;
                continue;
            };
            if !unset(&mut proposal, &pointer) {
                let problem =
                    Problem::error(format!("`{}` is not set in the first place", said.key));
                self.report(&said.at, problem);
                fine = false;
            }
        }
        for said in &draft.cells {
            fine &= self.put(&mut proposal, said, &mut typed);
        }
        let document = Document::from_value("case", proposal);
        for found in self.book.check_document(&document) {
            let path = found.path.unwrap_or_default();
            let mut problem = Problem::error(found.message);
            problem.expected = found.expected;
            problem.suggestion = found.suggestion;
            let place = place_of(&path, &typed).unwrap_or_else(|| draft.given.clone());
            self.report(&place, problem);
            fine = false;
        }
        fine.then(|| document.value().clone())
    }

    /// Sets a fact and keeps its place; whether it can be set.
    fn put(&mut self, proposal: &mut Value, said: &Said, typed: &mut Vec<Typed>) -> bool {
        let Some(pointer) = self.path(&said.key, &said.at) else {
            return false;
        };
        let done = set(proposal, &pointer, said.value.clone());
        typed.push((pointer, said.at.clone()));
        match done {
            Ok(()) => true,
            Err(problem) => {
                self.report(&said.at, problem);
                false
            }
        }
    }

    pub(super) fn path(&mut self, path: &str, place: &Pointer) -> Option<Pointer> {
        let found = self.book.schema().find(path).is_some();
        let custom = path.starts_with("custom.") || path.starts_with("custom[");
        let pointer = Pointer::from_dotted(path).filter(|_| found || custom);
        if pointer.is_none() {
            let problem = evenhand_document::schema::unknown_path(self.book.schema(), path);
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

    fn expect(&mut self, draft: &Draft) -> Option<Expectation> {
        let number = |key: &str| draft.expects(key).and_then(|said| said.value.as_f64());
        let text = |key: &str| draft.expects(key).and_then(|said| said.value.as_str());
        let degree = number("degree");
        // Where only the degree is said, there is one outcome it can have.
        let outcome = match text("outcome") {
            Some(word) => Outcome::from_word(word),
            None => degree.and_then(|degree| Degree::known(degree).outcome()),
        };
        let missing = self.paths(draft, "missing");
        let evidence = self.paths(draft, "evidence");
        let remedy = self.remedy(draft);
        let Some(outcome) = outcome else {
            let problem = Problem::error("the case does not say which `outcome` it expects");
            self.report(&draft.at.key("expect"), problem);
            return None;
        };
        Some(Expectation {
            outcome,
            degree,
            low: number("low"),
            high: number("high"),
            message: text("message").map(str::to_owned),
            unsaid: text("unsaid").map(str::to_owned),
            missing: missing.map(|paths| paths.into_iter().collect()),
            evidence: evidence.unwrap_or_default(),
            remedy,
        })
    }

    /// A list of facts that a case expects, each of which has to be one.
    fn paths(&mut self, draft: &Draft, key: &str) -> Option<Vec<String>> {
        let said = draft.expects(key)?;
        let list = said.value.as_array()?;
        let paths = list.iter().filter_map(Value::as_str);
        for (index, path) in paths.clone().enumerate() {
            self.path(path, &said.at.index(index));
        }
        Some(paths.map(str::to_owned).collect())
    }

    fn remedy(&mut self, draft: &Draft) -> Option<BTreeMap<String, Value>> {
        let said = draft.expects("remedy")?;
        let mut remedy = BTreeMap::new();
        for (path, value) in said.value.as_object()? {
            if let Some(pointer) = self.path(path, &said.at.key(path)) {
                remedy.insert(pointer.dotted(), value.clone());
            }
        }
        Some(remedy)
    }
}

/// Where in the cases stands what is wrong at a path of the proposal they make: at the last value set there or above.
fn place_of(path: &Pointer, typed: &[Typed]) -> Option<Pointer> {
    let (pointer, at) = typed
        .iter()
        .rev()
        .find(|(pointer, _)| pointer.contains(path))?;
    let rest = path.as_str().strip_prefix(pointer.as_str())?;
    Some(Pointer::from_json(format!("{}{rest}", at.as_str())))
}

pub(super) fn unknown_param(page: &Page, name: &str) -> Problem {
    let names = page.params.iter().map(|param| param.name.as_str());
    Problem::error(format!("`{name}` is not a parameter of this rule"))
        .suggest_maybe(did_you_mean(name, names))
}

/// The names of a pack's bases.
pub(crate) fn bases(pack: &PackFiles) -> Vec<String> {
    let names = pack
        .files
        .keys()
        .filter_map(|path| path.strip_prefix("bases/")?.strip_suffix(".yaml"));
    names.map(str::to_owned).collect()
}
