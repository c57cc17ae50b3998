//! The tables over many programs that a pack declares in `portfolio.toml`: data of the pack, so that the engine knows no
//! field by its name.

mod read;
#[cfg(test)]
mod tests;

use crate::declared::declared;
use crate::finding::Outcome;
use crate::problem::Problem;
use crate::rule::Citation;
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;

/// The file of a pack that declares its tables.
pub const FILE: &str = "portfolio.toml";

/// A table over many programs.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSpec {
    /// Its id; a later pack's table takes the place of one of the same id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it shows and how to read it, if the pack says so.
    pub about: String,
    /// What is counted.
    pub kind: TableKind,
}

/// What a table counts.
#[derive(Debug, Clone, PartialEq)]
pub enum TableKind {
    /// Programs by verdict, and by the level of each dimension.
    Levels,
    /// Rules by how often they come out so, the most frequent first.
    Findings {
        /// What comes out.
        outcome: Outcome,
        /// The most rules that are shown.
        at_most: usize,
    },
    /// Facts by how often they are not known and missed by a rule, the most frequent first.
    Missing {
        /// The most facts that are shown.
        at_most: usize,
    },
    /// Programs by one to three properties.
    Groups(Groups),
    /// A number of every program and the sum, beside a budget.
    Total {
        /// The path of the number.
        value: String,
        /// The path of its low end, where it has one.
        low: Option<String>,
        /// The path of its high end, where it has one.
        high: Option<String>,
        /// The path of what the program itself says it may be.
        stated: Option<String>,
    },
    /// The sum of a part over the sum of the whole, of programs that say both.
    Share {
        /// The path of the part.
        part: String,
        /// The path of the whole.
        whole: String,
    },
}

/// Programs by properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// What names the rows.
    pub rows: Category,
    /// What names the columns.
    pub columns: Option<Category>,
    /// What the table is split by: one for each choice.
    pub split: Option<Category>,
    /// Published figures to compare with.
    pub published: Option<Published>,
}

/// A property that sorts programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Category {
    /// A choice, a list of choices, or a yes or no; a program with several choices counts for each.
    Field(String),
    /// Which of several numbers is the largest; none where one of them is not known.
    Largest(Vec<String>),
}

/// Published figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Where they stand.
    pub source: Citation,
    /// Of how many they are.
    pub of: u64,
    /// How they may differ from what is counted here.
    pub note: String,
    /// The figures.
    pub groups: Vec<PublishedGroup>,
}

/// A published figure, and which programs of a portfolio it is compared with: those that are in one of the rows, the columns
/// and the splits, as far as any are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedGroup {
    /// What was counted.
    pub title: String,
    /// Choices of the rows.
    pub rows: Vec<String>,
    /// Choices of the columns.
    pub columns: Vec<String>,
    /// Choices of the split.
    pub split: Vec<String>,
    /// How many there were.
    pub count: u64,
}

impl Rulebook {
    /// The tables that the packs declare, those of later packs in place of those of the same id; or everything that is
    /// wrong with a declaration.
    pub fn portfolio(&self) -> Result<Vec<TableSpec>, Vec<Problem>> {
        declared(
            self.packs(),
            |pack| read::tables(self, pack),
            |table| &table.id,
        )
    }

    /// The texts of the tables that packs declare, for translations.
    pub(crate) fn portfolio_texts(&self) -> BTreeSet<String> {
        let tables = self.portfolio().unwrap_or_default();
        let texts = tables.into_iter().flat_map(|table| {
            let mut texts = vec![table.title, table.about];
            if let TableKind::Groups(Groups {
                published: Some(published),
                ..
            }) = table.kind
            {
                texts.push(published.note);
                texts.extend(published.groups.into_iter().map(|group| group.title));
            }
            texts
        });
        texts.filter(|text| !text.is_empty()).collect()
    }
}
