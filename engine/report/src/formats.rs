//! The formats a scorecard can be written in. One file and one line here make a format.

use super::paper::{html as to_html, markdown as to_markdown};
use super::{csv, json, junit, sarif, scorecard};
use evenhand_diagnostic::problem::Problem;

pub use super::scorecard::Judged;

/// What came of one proposal that was asked for.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// It was judged.
    Judged(Judged<'a>),
    /// It could not be judged: what it is called, and everything that is wrong.
    Refused {
        /// The file, as it was named.
        name: &'a str,
        /// What is wrong.
        problems: &'a [Problem],
    },
}

/// A format.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// What it is called where a format is asked for.
    pub name: &'static str,
    /// What it is for, in a line.
    pub about: &'static str,
    /// Writes the entries, in their order; deterministic. Nothing is computed here.
    pub write: fn(&[Entry<'_>]) -> String,
}

/// All formats but text for the terminal, which depends on its width and colours.
pub const FORMATS: &[Format] = &[
    Format {
        name: "json",
        about: "everything, for programs; see `evenhand schema`",
        write: json::render_entries,
    },
    Format {
        name: "markdown",
        about: "for minutes and pull requests",
        write: |entries| to_markdown(&scorecard::paper(entries)),
    },
    Format {
        name: "html",
        about: "one file to read, print and hand in",
        write: |entries| to_html(&scorecard::paper(entries), scorecard::speech(entries)),
    },
    Format {
        name: "csv",
        about: "a row for each proposal, for spreadsheets",
        write: csv::render,
    },
    Format {
        name: "sarif",
        about: "findings at the lines of a file, for code hosting",
        write: sarif::render,
    },
    Format {
        name: "junit",
        about: "a suite for each proposal, for continuous integration",
        write: junit::render,
    },
];
