//! The tables that a pack adds to the report of one program, declared in `report.toml`: data of the pack, so that the
//! engine knows no field by its name.

mod read;
#[cfg(test)]
mod tests;

use crate::declared::declared;
use crate::problem::Problem;
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

/// The file of a pack that declares them.
pub const FILE: &str = "report.toml";

/// A table with a row for each element of a list that a plugin derives or a proposal gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// Its id; a later pack's table takes the place of one of the same id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it shows and how to read it, if the pack says so.
    pub about: String,
    /// The lists that the rows are elements of, from the outermost: the path of the first, and of each other within an
    /// element of the one before.
    pub rows: Vec<String>,
    /// The list of the proposal, such as `flows[]`, whose elements name those of the outermost list, in the same order.
    pub named: Option<String>,
    /// Texts of a row that tell it from others of the same name.
    pub label: Vec<String>,
    /// What is shown of each row.
    pub columns: Vec<Column>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it is called.
    pub title: String,
    /// The path of its value within a row.
    pub value: String,
    /// The paths of the low and the high end within a row, where the value has a range.
    pub ends: Option<(String, String)>,
    /// The unit of the value, as the fields say.
    pub unit: Option<String>,
    /// Whether the sum stands under the rows.
    pub sum: bool,
    /// What the picture shows of it.
    pub picture: Option<Mark>,
}

/// How a picture shows a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As a bar with its range.
    Bar,
    /// As a line across the bar.
    Line,
}

impl Rulebook {
    /// The tables that the packs add to reports, those of later packs in place of those of the same id. They are read when
    /// first asked for, where the packs were checked before.
    pub fn breakdowns(&self) -> &[Breakdown] {
        self.breakdowns
            .get_or_init(|| self.read_breakdowns().unwrap_or_default())
    }

    /// The same; or everything that is wrong with a declaration.
    pub(crate) fn read_breakdowns(&self) -> Result<Vec<Breakdown>, Vec<Problem>> {
        declared(
            self.packs(),
            |pack| read::tables(self, pack),
            |table| &table.id,
        )
    }

    /// The texts of these tables, for translations.
    pub(crate) fn breakdown_texts(&self) -> BTreeSet<String> {
        let texts = self.breakdowns().iter().flat_map(|table| {
            let columns = table.columns.iter().map(|column| column.title.clone());
            columns.chain([table.title.clone(), table.about.clone()])
        });
        texts.filter(|text| !text.is_empty()).collect()
    }
}
