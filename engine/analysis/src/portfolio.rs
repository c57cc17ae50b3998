//! Many programs at once, in the tables that the packs declare.

mod tables;
#[cfg(test)]
mod tests;

use crate::impact::Entry;
use evenhand_core::executor::{Executor, Sequential, par_map};
use evenhand_core::finding::Outcome;
use evenhand_core::impact::Levels;
use evenhand_core::portfolio::{Category, Groups, TableKind, TableSpec};
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_core::words::English;
use serde_json::Value;
use std::collections::BTreeMap;

pub use tables::{
    Amount, Beside, Body, Counted, Label, LevelCounts, Page, Ranked, Standing, Table, Total,
};

/// Many programs, and the tables over them.
#[derive(Debug, Clone, PartialEq)]
pub struct Portfolio {
    /// The dimensions: id and title.
    pub dimensions: Vec<(String, String)>,
    /// The programs in their order, those among them that cannot be judged.
    pub rows: Vec<Row>,
    /// The tables in the order in which they are declared.
    pub tables: Vec<Table>,
}

/// One program.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it stands.
    pub place: String,
    /// Its id; empty where it has none, or cannot be read.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The verdict; none where it cannot be judged.
    pub verdict: Option<Word>,
    /// The level of each dimension at both ends, in the order of the dimensions.
    pub levels: Vec<Levels>,
    /// What keeps it from being judged.
    pub problems: Vec<Problem>,
}

/// What one table needs of one program.
#[derive(Debug, Clone, PartialEq)]
enum Taken {
    Nothing,
    /// The choices by which it is sorted: of the rows, the columns and the split; none where they are not known.
    Groups([Option<Vec<String>>; 3]),
    /// Value, low end, high end, and what the program states.
    Amounts([Option<f64>; 4]),
}

/// Collects programs for tables: of each only what the tables need is kept.
#[derive(Debug)]
pub struct Collector<'a> {
    book: &'a Rulebook,
    specs: &'a [TableSpec],
    rows: Vec<Row>,
    taken: Vec<Vec<Taken>>,
    /// How often each rule came out as each outcome, over the programs that could be judged.
    outcomes: BTreeMap<String, BTreeMap<Outcome, usize>>,
    /// In how many programs each fact was missed.
    missing: BTreeMap<String, usize>,
}

/// What came of one program.
struct One {
    row: Row,
    taken: Vec<Taken>,
    outcomes: Vec<(String, Outcome)>,
    missing: Vec<String>,
}

impl<'a> Collector<'a> {
    /// For tables of a rulebook.
    pub fn new(book: &'a Rulebook, specs: &'a [TableSpec]) -> Self {
        Self {
            book,
            specs,
            rows: Vec::new(),
            taken: Vec::new(),
            outcomes: BTreeMap::new(),
            missing: BTreeMap::new(),
        }
    }

    /// Judges some programs, side by side where the executor has threads for it.
    pub fn add(&mut self, entries: &[Entry], executor: &dyn Executor) {
        let ones = par_map(executor, entries, |entry| one(self.book, self.specs, entry));
        for one in ones {
            for (rule, outcome) in one.outcomes {
                *self
                    .outcomes
                    .entry(rule)
                    .or_default()
                    .entry(outcome)
                    .or_default() += 1;
            }
            for path in one.missing {
                *self.missing.entry(path).or_default() += 1;
            }
            self.rows.push(one.row);
            self.taken.push(one.taken);
        }
    }

    /// How many programs there are so far.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The tables; `schema` has titles and labels in the language, `budgets` what totals may be, by the table's id.
    pub fn finish(self, schema: &Schema, budgets: &BTreeMap<String, f64>) -> Portfolio {
        let dimensions = self.book.info().dimensions.iter();
        let dimensions: Vec<(String, String)> = dimensions
            .map(|one| (one.id.clone(), one.title.clone()))
            .collect();
        let tables = self.specs.iter().enumerate();
        let tables = tables.map(|(index, spec)| self.table(index, spec, (schema, budgets)));
        Portfolio {
            tables: tables.collect(),
            dimensions,
            rows: self.rows,
        }
    }
}

fn one(book: &Rulebook, specs: &[TableSpec], entry: &Entry) -> One {
    let refused = |problems: Vec<Problem>| One {
        row: Row {
            place: entry.place.clone(),
            id: String::new(),
            title: entry.place.clone(),
            verdict: None,
            levels: Vec::new(),
            problems,
        },
        taken: Vec::new(),
        outcomes: Vec::new(),
        missing: Vec::new(),
    };
    let document = match &entry.document {
        Ok(document) => document,
        Err(problems) => return refused(problems.clone()),
    };
    let problems = book.check_document(document);
    if !problems.is_empty() {
        return refused(problems);
    }
    let card = book.judge_with(document, &English, &Sequential);
    if card.problems.iter().any(Problem::is_error) {
        return refused(card.problems);
    }
    let rules = card
        .findings
        .iter()
        .filter(|finding| finding.kind == "rule");
    let mut missing: Vec<String> = card
        .findings
        .iter()
        .filter(|finding| finding.kind == "rule" && finding.waiver.is_none())
        .flat_map(evenhand_core::finding::Finding::asked_for)
        .map(|path| generic(&path.dotted()))
        .collect();
    missing.sort();
    missing.dedup();
    let facts = Facts {
        given: document.value(),
        card: &card,
    };
    One {
        taken: specs.iter().map(|spec| facts.taken(&spec.kind)).collect(),
        outcomes: rules
            .map(|finding| (finding.rule.clone(), finding.outcome))
            .collect(),
        missing,
        row: Row {
            place: entry.place.clone(),
            id: card.proposal.id.clone(),
            title: card.proposal.title.clone(),
            verdict: Some(card.verdict.word),
            levels: levels(book, &card),
            problems: Vec::new(),
        },
    }
}

fn levels(book: &Rulebook, card: &Scorecard) -> Vec<Levels> {
    let dimensions = book.info().dimensions.iter();
    dimensions
        .map(|dimension| {
            let mut scores = card.dimensions.iter();
            let score = scores.find(|score| score.id == dimension.id)?;
            score.level_low.zip(score.level_high)
        })
        .collect()
}

/// A path without the places of elements: what is missing of one flow is missing of flows.
fn generic(path: &str) -> String {
    let mut shown = String::new();
    let mut inside = false;
    for character in path.chars() {
        match character {
            '[' => {
                inside = true;
                shown.push_str("[]");
            }
            ']' => inside = false,
            _ if inside => {}
            other => shown.push(other),
        }
    }
    shown
}

/// What is known of one program.
struct Facts<'a> {
    given: &'a Value,
    card: &'a Scorecard,
}

impl Facts<'_> {
    fn at(&self, path: &str) -> Option<&Value> {
        let (root, path) = match path.strip_prefix("derived.") {
            Some(rest) => (&self.card.derived, rest),
            None => (self.given, path),
        };
        let pointer = format!("/{}", path.replace('.', "/"));
        root.pointer(&pointer).filter(|value| !value.is_null())
    }

    fn number(&self, path: &str) -> Option<f64> {
        self.at(path).and_then(Value::as_f64)
    }

    fn taken(&self, kind: &TableKind) -> Taken {
        match kind {
            TableKind::Levels | TableKind::Findings { .. } | TableKind::Missing { .. } => {
                Taken::Nothing
            }
            TableKind::Groups(Groups {
                rows,
                columns,
                split,
                ..
            }) => {
                let of = |category: &Option<Category>| self.sorted(category.as_ref()?);
                Taken::Groups([self.sorted(rows), of(columns), of(split)])
            }
            TableKind::Total {
                value,
                low,
                high,
                stated,
            } => {
                let of = |path: &Option<String>| self.number(path.as_deref()?);
                Taken::Amounts([self.number(value), of(low), of(high), of(stated)])
            }
            TableKind::Share { part, whole } => {
                Taken::Amounts([self.number(part), self.number(whole), None, None])
            }
        }
    }

    /// The choices by which a property sorts the program; none where they are not known.
    fn sorted(&self, category: &Category) -> Option<Vec<String>> {
        match category {
            Category::Field(path) => {
                let name = |value: &Value| match value {
                    Value::String(text) => Some(text.clone()),
                    Value::Bool(flag) => Some(flag.to_string()),
                    _ => None,
                };
                match self.at(path)? {
                    Value::Array(list) => {
                        let names: Vec<String> = list.iter().filter_map(name).collect();
                        (!names.is_empty()).then_some(names)
                    }
                    value => name(value).map(|name| vec![name]),
                }
            }
            Category::Largest(paths) => {
                let numbers: Option<Vec<f64>> =
                    paths.iter().map(|path| self.number(path)).collect();
                let numbers = numbers?;
                let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let largest = paths.iter().zip(&numbers);
                let largest = largest.filter(|(_, number)| most - **number <= f64::EPSILON);
                // Of several that are equal none is the largest, and the program counts for each.
                Some(largest.map(|(path, _)| path.clone()).collect())
            }
        }
    }
}
