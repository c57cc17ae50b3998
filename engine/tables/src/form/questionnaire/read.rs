//! A questionnaire that came back, as a document of answers.

use super::{FACT, FIELD, HEAD, OF, SAYS};
use crate::book::{Book, Held, Tab};
use crate::codes;
use crate::form::answer::{Answer, Cells};
use crate::form::entry::SEPARATORS;
use crate::form::read::{Filled, SHOWN, all, sheets};
use crate::form::{Tongue, marks};
use evenhand_contract::strict_json;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Cell;
use evenhand_document::document::{self, Document};
use evenhand_document::schema::Kind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Names on the hidden sheet under which the headings of columns stand.
pub(super) const ANSWER: &str = "answer";
pub(super) const INSTEAD: &str = "instead";
pub(super) const COMMENT: &str = "comment";
pub(super) const FIELD_NAME: &str = "field";
/// Rows in which the headings are looked for.
const TOP: usize = 20;
/// Rows of the hidden sheet that say something of the questionnaire.
const MARKED: usize = 60;
/// Values in one list or group.
const VALUES: usize = 10_000;

/// What the hidden sheet says of a question.
struct Known {
    field: String,
    of: Value,
    says: Option<Value>,
    row: usize,
}

/// Whether a workbook is a questionnaire, and no form of a proposal.
pub fn is_questionnaire(book: &Book) -> bool {
    hidden(book).is_some()
}

/// The hidden sheet, where it is that of a questionnaire.
fn hidden(book: &Book) -> Option<&Tab> {
    let tab = book.sheets.iter().find(|tab| marks::is_lists(tab))?;
    let mut names = (0..MARKED).filter_map(|row| tab.held(row, 0)?.text());
    names
        .any(|name| name.starts_with("questionnaire."))
        .then_some(tab)
}

/// Reads a questionnaire as the document of answers that its text form would be: `questionnaire` with what is known of it, and
/// `questions`. Everything wrong comes back at once, each with its cell.
///
/// `tongues` are the languages it may be filled in in, that of the workbook first; all have the same fields.
pub fn read(book: &Book, tongues: &[Tongue<'_>]) -> Result<Filled, Vec<Problem>> {
    let Some(tab) = hidden(book) else {
        let problem = Problem::error(phrase!(codes::NO_QUESTIONNAIRE)).in_file(&book.name);
        return Err(vec![problem.suggest(phrase!(codes::ASK_AGAIN))]);
    };
    let mut reading = Reading {
        book,
        tongues,
        hidden: tab,
        known: known(tab),
        head: Vec::new(),
        questions: Vec::new(),
        problems: Vec::new(),
        unread: Vec::new(),
        found: false,
    };
    reading.marks();
    for tab in sheets(book) {
        reading.sheet(tab);
    }
    reading.finish()
}

/// What each row is about, by its name.
fn known(tab: &Tab) -> BTreeMap<String, Known> {
    let rows: BTreeSet<usize> = tab.cells.keys().map(|(row, _)| *row).collect();
    let text = |row: usize, column: usize| tab.held(row, column).and_then(Held::text);
    let json = |row: usize, column: usize| {
        text(row, column).and_then(|text| strict_json::read(text, VALUES).ok())
    };
    let each = rows.into_iter().filter_map(|row| {
        let name = text(row, FACT)?.to_owned();
        let known = Known {
            field: text(row, FIELD).unwrap_or_default().to_owned(),
            of: json(row, OF).unwrap_or_default(),
            says: json(row, SAYS),
            row,
        };
        Some((name, known))
    });
    each.collect()
}

/// Where the columns of a sheet are.
struct Columns {
    row: usize,
    answer: usize,
    instead: Option<usize>,
    comment: Option<usize>,
    field: usize,
}

struct Reading<'a> {
    book: &'a Book,
    tongues: &'a [Tongue<'a>],
    hidden: &'a Tab,
    known: BTreeMap<String, Known>,
    head: Vec<(String, document::Filled)>,
    questions: Vec<document::Filled>,
    problems: Vec<Problem>,
    unread: Vec<Problem>,
    /// Whether a sheet has questions.
    found: bool,
}

impl<'a> Reading<'a> {
    /// A text of the hidden sheet, by its name.
    fn mark(&self, name: &str) -> Option<&'a str> {
        let tab = self.hidden;
        let row = (0..MARKED).find(|row| {
            let held = tab.held(*row, 0).and_then(Held::text);
            held == Some(name)
        })?;
        tab.held(row, 1)?.text()
    }

    /// What the questionnaire says of itself.
    fn marks(&mut self) {
        let tab = self.hidden;
        for row in 0..MARKED {
            let Some(name) = tab.held(row, 0).and_then(Held::text) else {
                continue;
            };
            let name = match name.strip_prefix("questionnaire.") {
                Some(name) => name,
                None if name == marks::MARKS[1] => name,
                None => continue,
            };
            let value = tab.held(row, 1).and_then(Held::text);
            let value = Value::from(value.unwrap_or_default());
            let value = document::Filled::Value(value, tab.cell(row, 1));
            self.head.push((name.to_owned(), value));
        }
    }

    fn sheet(&mut self, tab: &'a Tab) {
        let Some(columns) = self.columns(tab) else {
            let sheet = &*tab.name;
            let problem = Problem::warning(phrase!(codes::EXTRA_SHEET, sheet = sheet));
            self.unread.push(problem.in_file(&self.book.name));
            return;
        };
        self.found = true;
        let below = tab.cells.range((columns.row + 1, 0)..);
        let rows: BTreeSet<usize> = below.map(|((row, _), _)| *row).collect();
        for row in rows {
            self.row(tab, row, &columns);
        }
    }

    /// The row with the headings: the first that has that of the answers and that of the names.
    fn columns(&self, tab: &Tab) -> Option<Columns> {
        let (answer, field) = (self.mark(ANSWER)?, self.mark(FIELD_NAME)?);
        let (instead, comment) = (self.mark(INSTEAD), self.mark(COMMENT));
        (0..TOP).find_map(|row| {
            let headed = |heading: &str| {
                let mut cells = tab.cells.range((row, 0)..(row + 1, 0));
                let found = cells.find(|(_, held)| held.text() == Some(heading));
                found.map(|((_, column), _)| *column)
            };
            Some(Columns {
                row,
                answer: headed(answer)?,
                instead: instead.and_then(headed),
                comment: comment.and_then(headed),
                field: headed(field)?,
            })
        })
    }

    fn row(&mut self, tab: &'a Tab, row: usize, columns: &Columns) {
        let Some(name) = tab.held(row, columns.field).and_then(Held::text) else {
            let cells = [Some(columns.answer), columns.instead, columns.comment];
            let mut cells = cells.into_iter().flatten();
            if let Some(column) = cells.find(|column| tab.held(row, *column).is_some()) {
                let problem = Problem::warning(phrase!(codes::EXTRA_ROW));
                self.unread
                    .push(problem.in_cell(&self.book.name, tab.cell(row, column)));
            }
            return;
        };
        let at = |column: usize| (tab.held(row, column), tab.cell(row, column));
        if let Some(own) = name.strip_prefix("questionnaire.") {
            let (held, cell) = at(columns.answer);
            let value = self.plain(held, &cell);
            self.head
                .push((own.to_owned(), document::Filled::Value(value, cell)));
            return;
        }
        let Some(known) = self.known.get(name) else {
            let problem = Problem::error(phrase!(codes::UNKNOWN_QUESTION, name = name));
            let problem = problem.suggest(phrase!(codes::RESTORE_THE_NAME));
            self.problem(tab.cell(row, columns.field), problem);
            return;
        };
        let fact = match strict_json::read(name, VALUES) {
            Ok(list @ Value::Array(_)) => list,
            _ => Value::from(name),
        };
        let (field, says, of) = (known.field.clone(), known.says.clone(), known.of.clone());
        let hidden = |column: usize| self.hidden.cell(known.row, column);
        let (of_cell, says_cell) = (hidden(OF), hidden(SAYS));
        let value = document::Filled::Value;
        let mut entry = vec![("fact".to_owned(), value(fact, tab.cell(row, columns.field)))];
        if !of.is_null() {
            entry.push(("of".to_owned(), value(of, of_cell)));
        }
        let is_claim = says.is_some();
        if let Some(says) = says {
            entry.push(("says".to_owned(), value(says, says_cell)));
        }
        let (held, cell) = at(columns.answer);
        let answer = if is_claim {
            self.plain(held, &cell)
        } else {
            self.answered(held, &field, &cell)
        };
        entry.push((ANSWER.to_owned(), value(answer, cell)));
        if let Some((held, cell)) = columns.instead.map(at) {
            let instead = self.answered(held, &field, &cell);
            // What is written there under an open question is seen, and refused.
            if is_claim || !instead.is_null() {
                entry.push((INSTEAD.to_owned(), value(instead, cell)));
            }
        }
        if let Some((held, cell)) = columns.comment.map(at) {
            let comment = self.plain(held, &cell);
            entry.push((COMMENT.to_owned(), value(comment, cell)));
        }
        let first = tab.cell(row, columns.field);
        self.questions.push(document::Filled::Group(entry, first));
    }

    fn problem(&mut self, cell: Cell, problem: Problem) {
        self.problems.push(problem.in_cell(&self.book.name, cell));
    }

    /// What stands in a cell, as text where it is none of a field.
    fn plain(&mut self, held: Option<&Held>, cell: &Cell) -> Value {
        let shown = match held {
            None => return Value::Null,
            Some(Held::Text(text)) => return Value::from(text.trim()),
            Some(Held::Date(date)) => return Value::from(date.as_str()),
            Some(other) => other,
        };
        // As the engine's text form of a number or a flag.
        self.of_field(shown, "", cell)
    }

    /// An answer to a field. Text is left as it was typed, for the same reading as in a file of text; but several values of a
    /// list stand on lines of their own, or between semicolons.
    fn answered(&mut self, held: Option<&Held>, field: &str, cell: &Cell) -> Value {
        match held {
            None => Value::Null,
            Some(Held::Text(text)) if !self.is_list(field, text.trim()) => Value::from(text.trim()),
            Some(other) => self.of_field(other, field, cell),
        }
    }

    /// Whether a text is a list whose values need to be told apart here.
    fn is_list(&self, field: &str, text: &str) -> bool {
        let Some(schema) = self.tongues.first().map(|tongue| tongue.schema) else {
            return false;
        };
        let found = schema.find(field).map(|id| schema.field(id));
        let Some((Kind::List, Some(items))) = found.map(|field| (field.kind, field.items)) else {
            return false;
        };
        let is_choice = self.tongues.iter().any(|tongue| {
            let one = tongue.schema.field(items);
            crate::form::entry::chosen(one, text).is_some()
        });
        is_choice || text.contains(SEPARATORS) || text.starts_with('[')
    }

    fn of_field(&mut self, held: &Held, field: &str, cell: &Cell) -> Value {
        let first = self.tongues.first().map(|tongue| tongue.schema);
        let id = first.and_then(|schema| schema.find(field));
        let read = match (first, id) {
            (Some(schema), Some(id)) => Cells {
                tongues: self.tongues,
                id,
                field: schema.field(id),
                name: field,
            }
            .read(held),
            (Some(schema), None) => Cells {
                tongues: self.tongues,
                id: schema.root(),
                field: schema.field(schema.root()),
                name: field,
            }
            .read(held),
            _ => return Value::Null,
        };
        match read {
            Ok(Answer::One(value)) => value,
            Ok(Answer::Many(values)) => Value::Array(values),
            Err(problem) => {
                self.problem(cell.clone(), problem);
                Value::Null
            }
        }
    }

    fn finish(self) -> Result<Filled, Vec<Problem>> {
        let mut problems = self.problems;
        let name = &self.book.name;
        if !self.found {
            let problem = Problem::error(phrase!(codes::NO_QUESTIONS)).in_file(name);
            problems.insert(0, problem.suggest(phrase!(codes::ASK_AGAIN)));
        }
        if !problems.is_empty() {
            return Err(all(problems, name));
        }
        let mut head: Vec<(String, document::Filled)> = Vec::new();
        for (own, value) in self.head {
            if head.len() < SHOWN && !head.iter().any(|(known, _)| *known == own) {
                head.push((own, value));
            }
        }
        let top = self.hidden.cell(0, 0);
        let root = vec![
            (HEAD.to_owned(), document::Filled::Group(head, top.clone())),
            (
                "questions".to_owned(),
                document::Filled::List(self.questions, top),
            ),
        ];
        Ok(Filled {
            document: Document::from_cells(name, &root)?,
            unread: self.unread,
        })
    }
}
