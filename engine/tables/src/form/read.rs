//! A form that came back, as a document.

use super::answer::{Answer, Cells, is_none};
use super::questionnaire::is_questionnaire;
use super::{Shape, Tongue, marks, shape};
use crate::book::{Book, Held, Tab};
use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Cell;
use evenhand_document::document::{self, Document};
use evenhand_document::schema::{FieldId, Schema, unknown_path, validate};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

mod layout;
mod lists;
mod tree;

use layout::Layout;

/// What the answers may hold together.
const TEXT: usize = 8 << 20;
/// Problems told at once; more help nobody.
pub(super) const SHOWN: usize = 50;

/// A proposal as it was filled in.
#[derive(Debug, Clone)]
pub struct Filled {
    /// The proposal; its places are cells.
    pub document: Document,
    /// What was left unread: sheets, columns and rows that are no part of the form.
    pub unread: Vec<Problem>,
}

/// Reads a form. `tongues` are the languages it may be filled in in, that of the workbook first; all have the same fields.
///
/// Everything wrong comes back at once, each with its cell, and with it what does not fit the schema.
pub fn read(book: &Book, tongues: &[Tongue<'_>]) -> Result<Filled, Vec<Problem>> {
    let Some(first) = tongues.first() else {
        return Err(Vec::new());
    };
    if is_questionnaire(book) {
        let problem = Problem::error(phrase!(codes::A_QUESTIONNAIRE)).in_file(&book.name);
        return Err(vec![problem.suggest(phrase!(codes::MERGE_IT))]);
    }
    let mut reading = Reading {
        book,
        tongues,
        schema: first.schema,
        answers: BTreeMap::new(),
        tables: Vec::new(),
        problems: Vec::new(),
        unread: Vec::new(),
        room: TEXT,
        forms: 0,
    };
    for tab in sheets(book) {
        reading.sheet(tab);
    }
    reading.finish()
}

/// What a form asks, answered or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Single questions, by their paths.
    pub fields: BTreeSet<Pointer>,
    /// Lists by their paths with `[]`, with the paths within an entry that are columns.
    pub lists: BTreeMap<String, BTreeSet<Pointer>>,
}

/// What a form that came back asks.
pub fn asked(book: &Book, tongues: &[Tongue<'_>]) -> Asked {
    let mut found = Asked::default();
    let Some(first) = tongues.first() else {
        return found;
    };
    for tab in sheets(book) {
        match layout::of(first.schema, tongues, tab) {
            Some(Layout::Fields { names, head, .. }) => {
                let names = tab
                    .cells
                    .iter()
                    .filter(|((row, column), _)| *row >= head && *column == names);
                let paths = names.filter_map(|(_, held)| field(first.schema, held.text()?));
                found.fields.extend(paths.map(|(at, _)| at));
            }
            Some(Layout::Table(table)) => {
                let columns = table.columns.into_iter().map(|(_, at, _)| at);
                found.lists.entry(table.list).or_default().extend(columns);
            }
            None => {}
        }
    }
    found
}

/// The first line of the sheet that explains a form, which is its title; nothing where the form is none that was written here.
pub fn guide(book: &Book) -> Option<&str> {
    let name = marks::of(book)?.guide?;
    let tab = book.sheets.iter().find(|tab| *tab.name == *name)?;
    tab.held(0, 0)?.text()
}

/// The sheets in which answers may stand.
pub(super) fn sheets(book: &Book) -> impl Iterator<Item = &Tab> {
    let guide = marks::of(book).and_then(|marks| marks.guide);
    book.sheets.iter().filter(move |tab| {
        let is_guide = guide.is_some_and(|guide| *guide == *tab.name);
        !(tab.cells.is_empty() || is_guide || marks::is_lists(tab))
    })
}

/// The field that a name in a form means, where it is one that a cell can answer.
fn field(schema: &Schema, name: &str) -> Option<(Pointer, FieldId)> {
    let at = Pointer::from_dotted(name)?;
    let id = schema.find(name)?;
    let cell = shape(schema, schema.field(id)) == Shape::Cell;
    let placed = at.steps().all(|step| step != "-") && !name.starts_with("derived");
    (cell && placed).then_some((at, id))
}

/// An answer to a single question, or the values of a list from several cells.
struct Given {
    answer: Answer,
    cells: Vec<Cell>,
}

struct Reading<'a> {
    book: &'a Book,
    tongues: &'a [Tongue<'a>],
    schema: &'a Schema,
    answers: BTreeMap<Pointer, Given>,
    tables: Vec<lists::Entries>,
    problems: Vec<Problem>,
    unread: Vec<Problem>,
    /// Bytes that answers may still hold.
    room: usize,
    /// Sheets that are part of the form.
    forms: usize,
}

impl<'a> Reading<'a> {
    fn sheet(&mut self, tab: &'a Tab) {
        match layout::of(self.schema, self.tongues, tab) {
            Some(Layout::Fields {
                names,
                answers,
                head,
            }) => {
                self.forms += 1;
                self.fields(tab, names, answers, head);
            }
            Some(Layout::Table(table)) => {
                self.forms += 1;
                let entries = self.entries(tab, &table);
                self.tables.push(entries);
            }
            None => {
                let sheet = &*tab.name;
                let problem = Problem::warning(phrase!(codes::EXTRA_SHEET, sheet = sheet));
                self.unread.push(problem.in_file(&self.book.name));
            }
        }
    }

    fn problem(&mut self, cell: Cell, problem: Problem) {
        self.problems.push(problem.in_cell(&self.book.name, cell));
    }

    fn unread(&mut self, cell: Cell, problem: Problem) {
        self.unread.push(problem.in_cell(&self.book.name, cell));
    }

    /// A sheet of questions.
    fn fields(&mut self, tab: &'a Tab, names: usize, answers: usize, head: usize) {
        let rows: BTreeSet<usize> = tab.cells.keys().map(|(row, _)| *row).collect();
        for row in rows.into_iter().filter(|row| *row >= head) {
            let Some(held) = tab.held(row, answers) else {
                continue;
            };
            let cell = tab.cell(row, answers);
            let Some(name) = tab.held(row, names).and_then(Held::text) else {
                self.unread(cell, Problem::warning(phrase!(codes::EXTRA_ROW)));
                continue;
            };
            if let Some((at, id)) = field(self.schema, name) {
                self.answer(at, id, held, cell);
            } else {
                let problem = unknown_path(self.schema, name);
                self.problem(tab.cell(row, names), problem);
            }
        }
    }

    /// What a cell answers; nothing, with the problem noted, where it cannot be read.
    fn value(&mut self, at: &Pointer, id: FieldId, held: &Held, cell: &Cell) -> Option<Answer> {
        let length = held.text().map_or(8, str::len);
        let Some(room) = self.room.checked_sub(length) else {
            if self.room > 0 {
                let most = TEXT >> 20;
                let problem = Problem::error(phrase!(codes::TOO_MUCH_TEXT, most = most));
                self.problem(cell.clone(), problem.suggest(phrase!(codes::LEAVE_OUT)));
            }
            self.room = 0;
            return None;
        };
        self.room = room;
        let cells = Cells {
            tongues: self.tongues,
            id,
            field: self.schema.field(id),
            name: &at.dotted(),
        };
        match cells.read(held) {
            Ok(answer) => Some(answer),
            Err(problem) => {
                self.problem(cell.clone(), problem.path(at.clone()));
                None
            }
        }
    }

    /// Takes the answer to a question.
    fn answer(&mut self, at: Pointer, id: FieldId, held: &Held, cell: Cell) {
        let Some(answer) = self.value(&at, id, held, &cell) else {
            return;
        };
        let count = match &answer {
            Answer::Many(values) => values.len().max(1),
            Answer::One(_) => 1,
        };
        let cells = vec![cell.clone(); count];
        let Some(known) = self.answers.get_mut(&at) else {
            self.answers.insert(at, Given { answer, cells });
            return;
        };
        match (&mut known.answer, answer) {
            (Answer::Many(before), Answer::Many(after))
                if before.is_empty() == after.is_empty() =>
            {
                if !before.is_empty() {
                    before.extend(after);
                    known.cells.extend(cells);
                }
            }
            (Answer::Many(_), Answer::Many(_)) => {
                let problem = Problem::error(phrase!(codes::NONE_AND_SOME));
                self.problem(cell, problem.suggest(phrase!(codes::CHOOSE_ONE)));
            }
            _ => {
                let other = known.cells.first().map(Cell::to_string).unwrap_or_default();
                let field = phrase!(codes::FIELD_NAME, path = at.dotted());
                let problem = phrase!(codes::ANSWERED_TWICE, field = field, other = other);
                let problem = Problem::error(problem).suggest(phrase!(codes::KEEP_ONE));
                self.problem(cell, problem);
            }
        }
    }

    fn finish(mut self) -> Result<Filled, Vec<Problem>> {
        if self.forms == 0 {
            let problem = Problem::error(phrase!(codes::NO_FORM)).in_file(&self.book.name);
            return Err(vec![problem.suggest(phrase!(codes::KEEP_THE_FORM))]);
        }
        let mut root = Vec::new();
        let tables = std::mem::take(&mut self.tables);
        self.place_lists(tables, &mut root);
        for (at, given) in std::mem::take(&mut self.answers) {
            tree::put(&mut root, &at, filled(given));
        }
        tree::order(self.schema, self.schema.root(), &mut root);
        let name = &self.book.name;
        let document = Document::from_cells(name, &root);
        let mut problems = self.problems;
        match document {
            Ok(document) if problems.is_empty() => Ok(Filled {
                document,
                unread: self.unread,
            }),
            Ok(document) => {
                problems.extend(validate(self.schema, &document));
                Err(all(problems, name))
            }
            // Where nothing at all could be read, the reasons have been said.
            Err(_) if !problems.is_empty() => Err(all(problems, name)),
            Err(problems) => Err(problems),
        }
    }
}

/// The first problems, and how many more there are.
pub(super) fn all(mut problems: Vec<Problem>, name: &str) -> Vec<Problem> {
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    if more > 0 {
        let problem = Problem::error(phrase!(codes::MORE_PROBLEMS, count = more));
        problems.push(problem.in_file(name));
    }
    problems
}

/// An answer with its cells.
fn filled(given: Given) -> document::Filled {
    let mut cells = given.cells.into_iter();
    let first = cells.next();
    let Some(first) = first else {
        // An answer has at least the cell that it was read from.
        return document::Filled::Value(Value::Null, nowhere());
    };
    match given.answer {
        Answer::One(value) => document::Filled::Value(value, first),
        Answer::Many(values) => {
            let cells = std::iter::once(first.clone()).chain(cells);
            let values = values.into_iter().zip(cells);
            let values = values.map(|(value, cell)| document::Filled::Value(value, cell));
            document::Filled::List(values.collect(), first)
        }
    }
}

fn nowhere() -> Cell {
    Cell {
        sheet: "".into(),
        column: 0,
        row: 0,
    }
}
