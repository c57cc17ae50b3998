//! Questionnaires as workbooks: written with lists to choose from and a note at every cell, and read back with the cell of
//! every answer.
//!
//! The same module serves whoever asks: a new proposal, or a short questionnaire for one respondent.
//!
//! - [`write()`] takes a [`Form`]: sheets of single questions ([`Body::Fields`]) and sheets of lists ([`Body::Table`]), each question
//!   an [`Ask`] with its field of the schema and, where it is answered already, the value. Texts come from the caller, in its
//!   language; what the answers look like follows from the schema.
//! - [`Book::read`] takes the bytes of a workbook that came back, within bounds; [`language`] says in which language it was
//!   written; [`read()`] makes a [`Document`](evenhand_document::document::Document) of it, whose problems and evidence name the
//!   cell, and says what it left unread.
//!
//! Answers are recognised by the names of fields, which stand in the last column of a sheet of questions and in the third row of
//! a sheet with a list. Rows and columns may be moved, and sheets renamed.
//!
//! What a workbook cannot hold: groups, and entries of a list, in which nothing is known (they are the same as absent); a text of
//! blanks alone; a text longer than 32,767 UTF-16 units, which [`write()`] leaves out and names.

mod answer;
mod copy;
mod entry;
mod grids;
mod marks;
pub mod questionnaire;
mod read;
mod table;

use crate::book::Book;
use crate::workbook;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_document::schema::{Field, FieldId, Kind, Schema};
use serde_json::Value;

pub use copy::{lost, no_cell};
pub use read::{Asked, Filled, asked, guide, read};

/// The name of the hidden sheet with the lists to choose from and what the form says of itself.
const LISTS: &str = "evenhand";
/// The version of the layout.
const VERSION: f64 = 1.0;

/// A language in which a form is written or filled in.
#[derive(Debug, Clone, Copy)]
pub struct Tongue<'a> {
    /// Its tag, such as `es`.
    pub tag: &'a str,
    /// The schema in it.
    pub schema: &'a Schema,
    /// Yes.
    pub yes: &'a str,
    /// No.
    pub no: &'a str,
    /// What stands in the first cell of a list that is empty, and known to be: `(none)`.
    pub none: &'a str,
    /// The heading over answers.
    pub answer: &'a str,
}

/// A questionnaire.
#[derive(Debug, Clone)]
pub struct Form<'a> {
    /// Its title, as the properties of the file have it.
    pub title: &'a str,
    /// The language.
    pub tongue: Tongue<'a>,
    /// The name of the first sheet, and how to fill in the others, line by line.
    pub guide: (&'a str, Vec<String>),
    /// Headings of the sheets of questions, but for that over the answers: the question, what to write, who can answer, the
    /// name of the field.
    pub headings: [&'a str; 4],
    /// The sheets.
    pub sheets: Vec<FormSheet<'a>>,
}

/// A sheet of a form.
#[derive(Debug, Clone)]
pub struct FormSheet<'a> {
    /// What its tab says.
    pub name: String,
    /// What it asks.
    pub body: Body<'a>,
}

/// What a sheet asks.
#[derive(Debug, Clone)]
pub enum Body<'a> {
    /// One question below the other, by their paths from the top.
    Fields(Vec<(Pointer, Ask<'a>)>),
    /// The entries of a list, one a row.
    Table(Table<'a>),
}

/// A list of which every entry is a row.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// Its path with `[]` for entries, such as `flows[]`.
    pub list: String,
    /// The list whose entries these belong to, as `flows[]` for `flows[].legs[]`, and the heading over the number of its row.
    pub parent: Option<(String, String)>,
    /// The columns, by their path within an entry, such as `place.city`.
    pub columns: Vec<(Pointer, Ask<'a>)>,
    /// The entries that are known.
    pub rows: Vec<Row<'a>>,
    /// Rows for more entries.
    pub spare: usize,
}

/// An entry of a list that is known, or a list that is known to be empty.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The row of the parent's sheet it belongs to, counted from 1 among its entries.
    pub parent: usize,
    /// The entry; nothing marks the list as empty.
    pub entry: Option<&'a Value>,
}

/// A question, and the answer where there is one.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// The field.
    pub field: &'a Field,
    /// An element, where the field is a list of single values; else the field.
    pub one: &'a Field,
    /// What an answer may be, with unit and example.
    pub what: String,
    /// Who can answer.
    pub who: String,
    /// The answer.
    pub value: Option<&'a Value>,
}

impl<'a> Ask<'a> {
    /// The question of a field that is not answered yet.
    pub fn new(schema: &'a Schema, id: FieldId, what: String, who: String) -> Self {
        let field = schema.field(id);
        Self {
            field,
            one: field.items.map_or(field, |items| schema.field(items)),
            what,
            who,
            value: None,
        }
    }
}

/// How a field is asked for in a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A group whose fields are asked one by one.
    Group,
    /// A list whose entries are rows of a sheet.
    Rows,
    /// A single answer, or a list of single answers.
    Cell,
}

/// How a field is asked for. Groups with names of their own choice, and lists of lists, stand in one cell as JSON.
pub fn shape(schema: &Schema, field: &Field) -> Shape {
    let is_group = |field: &Field| field.kind == Kind::Object && !field.properties.is_empty();
    if is_group(field) {
        return Shape::Group;
    }
    match field.items {
        Some(items) if field.kind == Kind::List && is_group(schema.field(items)) => Shape::Rows,
        _ => Shape::Cell,
    }
}

/// A form as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// Answers that no cell can hold, which were left out.
    pub left_out: Vec<Pointer>,
}

/// Writes a form. The same form is the same bytes.
pub fn write(form: &Form<'_>) -> Written {
    let (grids, left_out) = grids::of(form);
    Written {
        bytes: workbook::package_of(form.title, form.tongue.tag, &grids),
        left_out,
    }
}

/// The language a form was written in, as its hidden sheet says, or else its properties.
pub fn language(book: &Book) -> Option<&str> {
    let marked = marks::of(book).and_then(|marks| marks.language);
    marked.or(book.language.as_deref())
}

#[cfg(test)]
mod tests;
