//! Reading workbooks (XLSX): the filled cells of each sheet, within bounds, whatever program wrote them.
//!
//! Read here and not with a library: the one that is kept best unpacks parts of any size, makes a table of every cell between
//! the first and the last, and brings an archive library that WebAssembly cannot have (see
//! `docs/decisions/reading-workbooks.md`). Nothing is computed: of a formula the value counts that was stored with it.

mod cells;
pub(crate) mod days;
mod package;
mod styles;
pub(crate) mod xml;

use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Cell;
use package::Package;
use std::collections::BTreeMap;
use std::sync::Arc;
use xml::{Piece, walk};

/// Sheets of a workbook.
const SHEETS: usize = 200;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Text as it is.
    Text(Arc<str>),
    /// A number.
    Number(f64),
    /// A number that is shown as a percentage: 0.5 for 50 %.
    Percent(f64),
    /// A day, year-month-day.
    Date(String),
    /// A number shown as a day that there is not.
    NoDate(f64),
    /// Yes or no.
    Flag(bool),
    /// An error of the spreadsheet, such as `#DIV/0!`.
    Fault(String),
    /// A formula without a value.
    NotComputed,
    /// A formula that takes its value from another file.
    Elsewhere,
}

impl Held {
    /// The text, without blanks at its ends; nothing where it is none.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// Whether a person sees nothing in it.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// A sheet: its filled cells by row and column, both from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Tab {
    /// What its tab says.
    pub name: Arc<str>,
    /// Whether it is hidden.
    pub hidden: bool,
    /// What stands in it.
    pub cells: BTreeMap<(usize, usize), Held>,
    /// The first cell whose value a formula computes.
    pub formula: Option<(usize, usize)>,
}

impl Tab {
    /// The name of a cell.
    pub fn cell(&self, row: usize, column: usize) -> Cell {
        Cell {
            sheet: Arc::clone(&self.name),
            column,
            row,
        }
    }

    /// What a cell holds, where a person sees something in it.
    pub fn held(&self, row: usize, column: usize) -> Option<&Held> {
        self.cells
            .get(&(row, column))
            .filter(|held| !held.is_blank())
    }
}

/// A workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Book {
    /// The file's name, as people know it.
    pub name: String,
    /// Its sheets, in the order of their tabs.
    pub sheets: Vec<Tab>,
    /// The language its properties name.
    pub language: Option<String>,
    /// Parts of the file with what people add: pictures, charts, comments, tables.
    pub additions: Vec<String>,
}

/// A sheet as the workbook lists it.
struct Listed {
    name: String,
    hidden: bool,
    relation: String,
}

impl Book {
    /// Reads a workbook. What is refused, is refused in words: other formats, macros, passwords, XML that defines entities, and
    /// more than a proposal can need.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let read = Package::open(bytes).and_then(|mut package| of_package(name, &mut package));
        read.map_err(|problem| vec![problem.in_file(name)])
    }
}

fn of_package(name: &str, package: &mut Package<'_>) -> Result<Book, Problem> {
    let main = relations(package, "_rels/.rels", "")?;
    let main = main.into_iter().find(|one| one.kind == "officeDocument");
    let main = main.map_or_else(|| "xl/workbook.xml".to_owned(), |one| one.target);
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    let links = relations(package, &format!("{folder}/_rels/{file}.rels"), folder)?;
    let (listed, from_1904) = contents(&main, &needed(package, &main)?)?;
    if listed.len() > SHEETS {
        let problem = phrase!(codes::TOO_MANY_SHEETS, most = SHEETS);
        return Err(Problem::error(problem).suggest(phrase!(codes::LEAVE_OUT)));
    }
    let target = |kind: &str| links.iter().find(|one| one.kind == kind);
    let styles = match target("styles") {
        Some(link) => styles::read(&link.target, &needed(package, &link.target)?)?,
        None => Vec::new(),
    };
    let texts = match target("sharedStrings") {
        Some(link) => cells::texts(&link.target, &needed(package, &link.target)?)?,
        None => Vec::new(),
    };
    let mut sheets = Vec::new();
    let mut reader = cells::Reader::new(&styles, &texts, from_1904);
    for sheet in listed {
        // Sheets of charts and dialogs hold no cells.
        let link = links.iter().find(|one| one.id == sheet.relation);
        let Some(link) = link.filter(|link| link.kind == "worksheet" && !link.external) else {
            continue;
        };
        let xml = needed(package, &link.target)?;
        sheets.push(Tab {
            cells: reader.read(&link.target, &xml)?,
            name: sheet.name.into(),
            hidden: sheet.hidden,
            formula: reader.formula.take(),
        });
    }
    Ok(Book {
        name: name.to_owned(),
        sheets,
        language: language(package)?,
        additions: package.additions(),
    })
}

/// A part that has to be there.
fn needed(package: &mut Package<'_>, name: &str) -> Result<String, Problem> {
    package.part(name)?.ok_or_else(|| {
        let problem = phrase!(codes::MISSING_PART, part = name);
        Problem::error(problem).suggest(phrase!(codes::SAVE_AGAIN))
    })
}

/// What one part calls another.
struct Link {
    id: String,
    kind: String,
    target: String,
    external: bool,
}

/// The relations of a part; the targets from the top of the archive.
fn relations(package: &mut Package<'_>, part: &str, folder: &str) -> Result<Vec<Link>, Problem> {
    let Some(xml) = package.part(part)? else {
        return Ok(Vec::new());
    };
    let mut links = Vec::new();
    walk(part, &xml, &mut |piece| {
        if let Piece::Start("Relationship", attributes) = piece {
            let get = |name: &str| attributes.get(name).unwrap_or_default();
            let kind = get("Type");
            links.push(Link {
                id: get("Id"),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: resolved(folder, &get("Target")),
                external: get("TargetMode") == "External",
            });
        }
        Ok(())
    })?;
    Ok(links)
}

/// A target as seen from a folder of the archive.
fn resolved(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in from.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The sheets that a workbook lists, and whether it counts days from 1904.
fn contents(part: &str, xml: &str) -> Result<(Vec<Listed>, bool), Problem> {
    let mut listed = Vec::new();
    let mut from_1904 = false;
    walk(part, xml, &mut |piece| {
        match piece {
            Piece::Start("workbookPr", attributes) => {
                let set = attributes.get("date1904");
                from_1904 = set.is_some_and(|set| set == "1" || set == "true");
            }
            Piece::Start("sheet", attributes) => {
                let get = |name: &str| attributes.get(name).unwrap_or_default();
                listed.push(Listed {
                    name: get("name"),
                    hidden: get("state").to_lowercase().contains("hidden"),
                    relation: get("id"),
                });
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((listed, from_1904))
}

/// The language of a document's properties.
fn language(package: &mut Package<'_>) -> Result<Option<String>, Problem> {
    const PROPERTIES: &str = "docProps/core.xml";
    let Some(xml) = package.part(PROPERTIES)? else {
        return Ok(None);
    };
    let mut text = String::new();
    let mut within = false;
    walk(PROPERTIES, &xml, &mut |piece| {
        match piece {
            Piece::Start("language", _) => within = true,
            Piece::End("language") => within = false,
            Piece::Text(piece) if within => text.push_str(piece),
            _ => {}
        }
        Ok(())
    })?;
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests;
