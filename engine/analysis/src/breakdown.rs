//! The tables that packs add to the report of one program, filled with what is known of it.

#[cfg(test)]
mod tests;

use crate::question::named;
use evenhand_core::breakdown::{Breakdown, Column};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::text::shorten;
use serde_json::Value;

/// The most rows of a table that are kept; sums are over all.
pub const ROWS: usize = 500;

/// Characters of a text in a cell.
const TEXT: usize = 120;

/// A table with its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The rows.
    pub rows: Vec<Row>,
    /// How many rows there are besides.
    pub more: usize,
    /// The sum of each column that has one; none where it is not known of every row, or too large to be told.
    pub sums: Vec<Option<Amount>>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The element of the proposal that it belongs to.
    pub element: Option<Element>,
    /// What tells it from other rows of that element.
    pub label: Vec<String>,
    /// Its number among the elements of the innermost list.
    pub number: usize,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// An element of a list of the proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What each element of the list is called, such as `Flow`.
    pub title: String,
    /// Its number in the list, from 1.
    pub number: usize,
    /// What it is called itself, where it has a name.
    pub name: Option<String>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not known.
    Unknown,
    /// A text, a choice for example.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Amount(Amount),
}

/// A number, with its range where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// The number.
    pub value: f64,
    /// Its low and its high end; the number lies between them.
    pub ends: Option<(f64, f64)>,
}

/// Fills a table; `schema` has titles in the language. A table without rows has nothing to show.
pub fn filled(table: &Breakdown, card: &Scorecard, proposal: &Value, schema: &Schema) -> Filled {
    let mut filling = Filling {
        table,
        proposal,
        schema,
        filled: Filled {
            rows: Vec::new(),
            more: 0,
            sums: table.columns.iter().map(start).collect(),
        },
    };
    let mut lists = table.rows.iter();
    if let Some(first) = lists.next() {
        let (root, path) = match first.strip_prefix("derived.") {
            Some(path) => (&card.derived, path),
            None => (proposal, first.as_str()),
        };
        let inner: Vec<&str> = lists.map(String::as_str).collect();
        for (index, row) in elements(root, path).iter().enumerate() {
            filling.add(row, &inner, (index, index));
        }
    }
    for sum in &mut filling.filled.sums {
        *sum = sum.filter(Amount::is_finite);
    }
    filling.filled
}

/// Where a sum begins.
fn start(column: &Column) -> Option<Amount> {
    column.sum.then(|| Amount {
        value: 0.0,
        ends: column.ends.as_ref().map(|_| (0.0, 0.0)),
    })
}

impl Amount {
    fn is_finite(&self) -> bool {
        let ends = self.ends.unwrap_or_default();
        [self.value, ends.0, ends.1]
            .iter()
            .all(|one| one.is_finite())
    }

    fn plus(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            ends: self
                .ends
                .zip(other.ends)
                .map(|(own, other)| (own.0 + other.0, own.1 + other.1)),
        }
    }
}

struct Filling<'a> {
    table: &'a Breakdown,
    proposal: &'a Value,
    schema: &'a Schema,
    filled: Filled,
}

impl Filling<'_> {
    /// Adds a row, or those of the lists within it; its number is that of the outermost element and of its own.
    fn add(&mut self, row: &Value, inner: &[&str], (outer, own): (usize, usize)) {
        if let Some((list, inner)) = inner.split_first() {
            for (index, row) in elements(row, list).iter().enumerate() {
                self.add(row, inner, (outer, index));
            }
            return;
        }
        let columns = self.table.columns.iter();
        let cells: Vec<Cell> = columns.map(|column| cell(row, column)).collect();
        for (sum, cell) in self.filled.sums.iter_mut().zip(&cells) {
            *sum = match (*sum, cell) {
                (Some(sum), Cell::Amount(amount)) => Some(sum.plus(*amount)),
                _ => None,
            };
        }
        if self.filled.rows.len() >= ROWS {
            self.filled.more += 1;
            return;
        }
        let labels = self.table.label.iter();
        let labels =
            labels.filter_map(|path| at(row, path)?.as_str().map(|text| shorten(text, TEXT)));
        let row = Row {
            element: self.element(outer),
            label: labels.collect(),
            number: own + 1,
            cells,
        };
        self.filled.rows.push(row);
    }

    /// The element of the proposal that names a row.
    fn element(&self, index: usize) -> Option<Element> {
        let path = self.table.named.as_deref()?;
        let field = self.schema.field(self.schema.find(path)?);
        let list = Pointer::from_dotted(path.strip_suffix("[]")?)?;
        let name = named(self.schema, self.proposal, &list.index(index));
        Some(Element {
            title: field.title.clone(),
            number: index + 1,
            name: name.map(|name| shorten(&name, TEXT)),
        })
    }
}

fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let found = Pointer::from_dotted(path)?.of(value)?;
    (!found.is_null()).then_some(found)
}

fn elements<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    let list = at(value, path).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn cell(row: &Value, column: &Column) -> Cell {
    match at(row, &column.value) {
        Some(Value::String(text)) => Cell::Text(shorten(text, TEXT)),
        Some(Value::Bool(flag)) => Cell::Flag(*flag),
        Some(Value::Number(number)) => {
            let value = number.as_f64().unwrap_or_default();
            let end = |path: &str| at(row, path).and_then(Value::as_f64);
            let ends = match &column.ends {
                None => None,
                // A plugin may say anything: what it takes for the middle lies between the ends all the same.
                Some((low, high)) => match (end(low), end(high)) {
                    (Some(low), Some(high)) => Some((low.min(value), high.max(value))),
                    _ => return Cell::Unknown,
                },
            };
            Cell::Amount(Amount { value, ends })
        }
        _ => Cell::Unknown,
    }
}
