//! A document somebody typed: its data, and the place of every key and value in it.
//!
//! YAML, JSON (with comments and trailing commas) and TOML are read by one reader each into one common
//! tree; limits, duplicate names and numbers are judged there, once for all three formats.

pub mod edit;
mod filled;
mod json;
mod slips;
mod spot;
#[cfg(test)]
mod tests;
mod text;
mod toml;
mod tree;
mod yaml;

use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Edit, Fix, Problem};
use evenhand_diagnostic::source::{Cell, Place, Source};
pub use filled::Filled;
use serde_json::Value;
pub use slips::SLIP_CODES;
use spot::Spot;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use text::Report;

/// Slips of different kinds that are looked for one behind the other.
const ROUNDS: usize = 12;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML 1.2 with its core schema: `yes` and `no` are text.
    Yaml,
    /// JSON; comments and trailing commas are allowed.
    Json,
    /// TOML 1.1.
    Toml,
}

/// A name that is none of the formats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a format of documents; expected yaml, json or toml")]
pub struct UnknownFormat(String);

impl Format {
    /// The format of files with this extension, without the dot; upper and lower case are the same.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" | "jsonc" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// The name in sentences.
    fn title(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Toml => "TOML",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
            Self::Toml => "toml",
        })
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_extension(name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The data of a document, the text it was typed as, and where in the text everything is.
///
/// The value is always an object.
#[derive(Debug, Clone)]
pub struct Document {
    source: Source,
    value: Value,
    /// Nothing for values that nobody typed.
    spot: Option<Spot>,
    /// The format, where the document is a whole file.
    whole: Option<Format>,
}

impl Document {
    /// Reads a whole file.
    ///
    /// Everything wrong with it comes back at once, as far as the format's parser can go on after a mistake.
    pub fn parse(name: &str, bytes: &[u8], format: Format) -> Result<Self, Vec<Problem>> {
        let text = text::decode(name, bytes).map_err(|problem| vec![*problem])?;
        let source = Source::new(name, text.to_owned());
        let range = 0..source.text().len();
        Self::read(source, range, format, None, 0)
    }

    /// Reads a document inside another file, such as the front matter of a page.
    ///
    /// `source` is the whole file and `range` the bytes of the part; all places refer to the whole file.
    pub fn parse_part(
        source: &Source,
        range: Range<usize>,
        format: Format,
    ) -> Result<Self, Vec<Problem>> {
        Self::read(source.clone(), range, format, None, 0)
    }

    /// Reads a part that is a list, and gives it `name`, so that it can be walked like any document.
    pub fn parse_list_part(
        source: &Source,
        range: Range<usize>,
        format: Format,
        name: &str,
    ) -> Result<Self, Vec<Problem>> {
        Self::read(source.clone(), range, format, Some(name), 0)
    }

    fn read(
        source: Source,
        range: Range<usize>,
        format: Format,
        list_name: Option<&str>,
        round: usize,
    ) -> Result<Self, Vec<Problem>> {
        let whole = range == (0..source.text().len());
        let merges = slips::merges(source.text().get(range.clone()).unwrap_or_default());
        if !merges.is_empty() {
            let base = range.start;
            return Err(merges
                .into_iter()
                .map(|slip| {
                    slip.problem
                        .at(&source, base + slip.span.start..base + slip.span.end)
                })
                .collect());
        }
        let mut report = Report::new(&source, range.clone());
        let node = if text::check(&mut report) {
            match format {
                Format::Yaml => yaml::read(&mut report),
                Format::Json => json::read(&mut report),
                Format::Toml => toml::read(&mut report),
            }
        } else {
            None
        };
        let node = match list_name {
            Some(name) => node.map(|node| tree::named(node, name)),
            None => node,
        };
        if let Some(node) = &node {
            tree::check(node, &mut report);
        }
        if node.is_none() && report.is_clean() {
            let format = format.title();
            report.add(
                range.start..range.start,
                Problem::error("the document is empty")
                    .suggest(format!("write the answers as {format}")),
            );
        }
        let failed = report.failed();
        match (report.finish(), node) {
            (problems, Some(node)) if problems.is_empty() => {
                let (value, spot) = spot::split(node);
                Ok(Self {
                    source,
                    value,
                    spot: Some(spot),
                    whole: (whole && list_name.is_none()).then_some(format),
                })
            }
            (problems, _) => Err(match failed {
                Some(failed) if round < ROUNDS => {
                    Self::explained(&source, range, format, failed, problems, round)
                }
                _ => problems,
            }),
        }
    }

    /// The slips behind a text that cannot be read, and what cannot be read once they are fixed; the problems as
    /// they are where there is no slip.
    fn explained(
        source: &Source,
        range: Range<usize>,
        format: Format,
        failed: usize,
        problems: Vec<Problem>,
        round: usize,
    ) -> Vec<Problem> {
        /// Larger texts are not read again and again.
        const SLIP_LIMIT: usize = 256 * 1024;
        let text = source.slice(range.clone());
        if text.len() > SLIP_LIMIT {
            return problems;
        }
        let here = failed - range.start;
        let slips = slips::explain(text, format, here, &|fix| {
            fix.apply(text).is_some_and(|fixed| {
                let after = |at: usize| {
                    fix.origin(at) > here || fix.written().iter().all(|wrote| at > wrote.end)
                };
                Self::failure(&fixed, format).is_none_or(after)
            })
        });
        if slips.is_empty() {
            return problems;
        }
        let edits = slips
            .iter()
            .filter_map(|slip| slip.problem.fix.clone())
            .flat_map(|fix| fix.edits);
        let all = Fix::new(edits.collect());
        let base = range.start;
        let shifted = |fix: Fix, by: usize| {
            Fix::new(
                fix.edits
                    .into_iter()
                    .map(|edit| Edit::new(by + edit.span.start..by + edit.span.end, edit.text))
                    .collect(),
            )
        };
        let mut found: Vec<Problem> = slips
            .into_iter()
            .map(|slip| {
                let mut problem = slip
                    .problem
                    .at(source, base + slip.span.start..base + slip.span.end);
                problem.fix = problem.fix.map(|fix| shifted(fix, base));
                problem
            })
            .collect();
        let Some(fixed) = (!all.edits.is_empty()).then(|| all.apply(text)).flatten() else {
            return found;
        };
        // What is wrong besides, placed in the text as it was typed.
        let part = Source::new(source.name(), fixed.clone());
        let range = 0..fixed.len();
        if let Err(others) = Self::read(part, range, format, None, round + 1) {
            found.extend(others.into_iter().map(|mut other| {
                let origin =
                    |span: Range<usize>| base + all.origin(span.start)..base + all.origin(span.end);
                other.fix = other.fix.map(|fix| {
                    Fix::new(
                        fix.edits
                            .into_iter()
                            .map(|edit| Edit::new(origin(edit.span), edit.text))
                            .collect(),
                    )
                });
                match other.span.clone() {
                    Some(span) => other.at(source, origin(span)),
                    None => other,
                }
            }));
        }
        found.sort_by_key(|problem| problem.span.as_ref().map(|span| span.start));
        found
    }

    /// Where a text is first not of its format.
    fn failure(text: &str, format: Format) -> Option<usize> {
        let source = Source::new("", text.to_owned());
        let mut report = Report::new(&source, 0..text.len());
        match format {
            Format::Yaml => drop(yaml::read(&mut report)),
            Format::Json => drop(json::read(&mut report)),
            Format::Toml => drop(toml::read(&mut report)),
        }
        report.failed()
    }

    /// A document that nobody typed: its values have no places.
    pub fn from_value(name: &str, value: Value) -> Self {
        Self {
            source: Source::new(name, ""),
            value,
            spot: None,
            whole: None,
        }
    }

    /// How it is written, where it is a whole file.
    pub fn format(&self) -> Option<Format> {
        self.whole
    }

    /// The data.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The text, of the whole file if the document is a part of one.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The name people know the document by.
    pub fn name(&self) -> &str {
        self.source.name()
    }

    /// Where the value is typed, in bytes of the source.
    ///
    /// A value that comes from a YAML alias is where the alias is; the span of a TOML table is its header.
    pub fn value_span(&self, pointer: &Pointer) -> Option<Range<usize>> {
        Some(self.spot.as_ref()?.find(pointer)?.span())
    }

    /// Where the key of the value is typed; nothing for elements of lists and the whole document.
    pub fn key_span(&self, pointer: &Pointer) -> Option<Range<usize>> {
        let step = pointer.steps().last()?;
        self.spot
            .as_ref()?
            .find(&pointer.parent()?)?
            .key_span(&step)
    }

    /// The place of the value; nothing in a workbook, where it is a [`cell`](Self::cell).
    pub fn place(&self, pointer: &Pointer) -> Option<Place> {
        if self.source.has_cells() {
            return None;
        }
        self.value_span(pointer)
            .map(|span| self.source.place(span.start))
    }

    /// The cell of the value, where the document was filled in as a workbook.
    pub fn cell(&self, pointer: &Pointer) -> Option<&Cell> {
        if !self.source.has_cells() {
            return None;
        }
        self.source.cell(self.value_span(pointer)?.start)
    }

    /// The problem with file, place and path; a value that is absent is placed where it should have been,
    /// at the nearest value above it.
    #[must_use]
    pub fn problem_at(&self, pointer: &Pointer, problem: Problem) -> Problem {
        let problem = problem.path(pointer.clone());
        let mut above = Some(pointer.clone());
        while let Some(at) = above {
            if let Some(span) = self.value_span(&at) {
                return problem.at(&self.source, span);
            }
            above = at.parent();
        }
        problem.in_file(self.name())
    }

    /// The same at the key, where the key and not the value is wrong.
    #[must_use]
    pub fn problem_at_key(&self, pointer: &Pointer, problem: Problem) -> Problem {
        match self.key_span(pointer) {
            Some(span) => problem.path(pointer.clone()).at(&self.source, span),
            None => self.problem_at(pointer, problem),
        }
    }

    /// The keys of the object there, in the order typed; none if there is no object.
    ///
    /// In a document that nobody typed, keys are in alphabetical order.
    pub fn keys_in_order(&self, pointer: &Pointer) -> Vec<String> {
        match &self.spot {
            Some(spot) => spot.find(pointer).map(Spot::keys).unwrap_or_default(),
            None => self
                .value
                .pointer(pointer.as_str())
                .and_then(Value::as_object)
                .map(|object| object.keys().cloned().collect())
                .unwrap_or_default(),
        }
    }
}
