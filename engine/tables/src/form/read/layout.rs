//! Where the answers of a sheet stand, by the names of fields in it.

use super::{Shape, shape};
use crate::book::{Held, Tab};
use crate::form::Tongue;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_document::schema::{FieldId, Schema};
use std::collections::BTreeMap;

/// Rows in which a list is looked for.
const TOP: usize = 20;
/// Columns between the answers and the names of fields, where no heading says where the answers are.
const APART: usize = 3;

/// What a sheet is.
pub(super) enum Layout {
    /// Questions: the columns of names and of answers, and the first row of them.
    Fields {
        names: usize,
        answers: usize,
        head: usize,
    },
    /// A list.
    Table(Table),
}

/// Where the parts of a list stand.
pub(super) struct Table {
    /// Its path with `[]`.
    pub(super) list: String,
    /// The row with the names of fields.
    pub(super) row: usize,
    /// The column of the numbers.
    pub(super) numbers: usize,
    /// The list that this one's entries belong to, and the column that says to which.
    pub(super) parent: Option<(String, usize)>,
    /// The columns by the paths within an entry.
    pub(super) columns: Vec<(usize, Pointer, FieldId)>,
    /// Columns with a name that is none of a field.
    pub(super) unknown: Vec<(usize, String)>,
}

pub(super) fn of(schema: &Schema, tongues: &[Tongue<'_>], tab: &Tab) -> Option<Layout> {
    if let Some(table) = table(schema, tab) {
        return Some(Layout::Table(table));
    }
    // The column with the most names of fields.
    let mut counts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for ((row, column), held) in &tab.cells {
        let is_name = held.text().is_some_and(|text| is_field(schema, text));
        if is_name {
            let entry = counts.entry(*column).or_insert((0, *row));
            entry.0 += 1;
        }
    }
    let (names, (_, head)) = counts
        .into_iter()
        .max_by_key(|(column, (count, _))| (*count, *column))?;
    let said = tab.cells.iter().find(|((row, _), held)| {
        let text = held.text().unwrap_or_default();
        *row < head && tongues.iter().any(|tongue| tongue.answer == text)
    });
    let answers = match said {
        Some(((_, column), _)) => *column,
        None => names.checked_sub(APART)?,
    };
    Some(Layout::Fields {
        names,
        answers,
        head,
    })
}

fn is_field(schema: &Schema, text: &str) -> bool {
    let known = |id| shape(schema, schema.field(id)) == Shape::Cell;
    text.contains('.') && !text.contains(' ') && schema.find(text).is_some_and(known)
        || schema.property(schema.root(), text).is_some_and(known)
}

/// The path with `[]` that a cell names, where it is one of a list.
fn list(schema: &Schema, held: &Held) -> Option<String> {
    let text = held.text()?;
    let field = schema.find(text.strip_suffix("[]")?)?;
    let rows = shape(schema, schema.field(field)) == Shape::Rows;
    rows.then(|| text.to_owned())
}

/// The list whose entries the rows of a sheet are.
fn table(schema: &Schema, tab: &Tab) -> Option<Table> {
    let mut top = tab.cells.range(..(TOP, 0));
    top.find_map(|((row, column), held)| {
        let found = headed(schema, tab, (*row, *column), list(schema, held)?);
        // An answer can be a text that reads like a list; it stands beside the field that it answers.
        let mut beside = tab.cells.range((*row, 0)..(row + 1, 0));
        let answers =
            beside.any(|(_, held)| held.text().is_some_and(|text| is_field(schema, text)));
        let is_list = !found.columns.is_empty() || found.parent.is_some() || !answers;
        is_list.then_some(found)
    })
}

/// The list that a row with the names of fields is the head of.
fn headed(schema: &Schema, tab: &Tab, (row, numbers): (usize, usize), path: String) -> Table {
    let mut found = Table {
        list: path,
        row,
        numbers,
        parent: None,
        columns: Vec::new(),
        unknown: Vec::new(),
    };
    for ((_, column), held) in tab.cells.range((row, numbers + 1)..(row + 1, 0)) {
        let Some(text) = held.text() else { continue };
        if found.list.starts_with(&format!("{text}.")) && list(schema, held).is_some() {
            found.parent = Some((text.to_owned(), *column));
            continue;
        }
        let field = schema.find(&format!("{}.{text}", found.list));
        let field = field.filter(|id| shape(schema, schema.field(*id)) == Shape::Cell);
        match (field, Pointer::from_dotted(text)) {
            (Some(id), Some(at)) => found.columns.push((*column, at, id)),
            _ => found.unknown.push((*column, text.to_owned())),
        }
    }
    found
}
