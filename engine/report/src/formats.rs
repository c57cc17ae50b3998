//! The formats a scorecard can be written in. One file and one line here make a format.

use super::paper::{docx as to_docx, html as to_html, markdown as to_markdown};
use super::{csv, json, junit, sarif, scorecard, xlsx};
use evenhand_diagnostic::problem::Problem;

pub use super::scorecard::{Judged, Planned};

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
    /// The ending of a file in it, without the dot.
    pub extension: &'static str,
    /// Its media type, as browsers and mail know it.
    pub media_type: &'static str,
    /// Whether it shows a plan for a proposal, so that one is to be looked for.
    pub has_plan: bool,
    /// Writes the entries, in their order; deterministic. Nothing is computed here.
    pub write: fn(&[Entry<'_>]) -> Vec<u8>,
}

impl Format {
    /// Whether it is text, which a terminal can show.
    pub fn is_text(&self) -> bool {
        self.media_type.starts_with("text/") || ["json", "sarif", "xml"].contains(&self.extension)
    }
}

/// All formats but text for the terminal, which depends on its width and colours.
pub const FORMATS: &[Format] = &[
    Format {
        name: "json",
        about: "everything, for programs; see `evenhand schema`",
        extension: "json",
        media_type: "application/json",
        has_plan: false,
        write: |entries| json::render_entries(entries).into_bytes(),
    },
    Format {
        name: "markdown",
        about: "for minutes and pull requests",
        extension: "md",
        media_type: "text/markdown",
        has_plan: true,
        write: |entries| to_markdown(&scorecard::paper(entries)).into_bytes(),
    },
    Format {
        name: "html",
        about: "one file to read, print and hand in",
        extension: "html",
        media_type: "text/html",
        has_plan: true,
        write: |entries| {
            to_html(&scorecard::paper(entries), scorecard::speech(entries)).into_bytes()
        },
    },
    Format {
        name: "docx",
        about: "for word processors, to comment on and to hand in",
        extension: "docx",
        media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        has_plan: true,
        write: |entries| to_docx(&scorecard::paper(entries), scorecard::speech(entries)),
    },
    Format {
        name: "xlsx",
        about: "a workbook: a row for each proposal, each finding and each open question",
        extension: "xlsx",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        has_plan: false,
        write: xlsx::render,
    },
    Format {
        name: "csv",
        about: "a row for each proposal, for spreadsheets",
        extension: "csv",
        media_type: "text/csv",
        has_plan: false,
        write: |entries| csv::render(entries).into_bytes(),
    },
    Format {
        name: "sarif",
        about: "findings at the lines of a file, for code hosting",
        extension: "sarif",
        media_type: "application/sarif+json",
        has_plan: false,
        write: |entries| sarif::render(entries).into_bytes(),
    },
    Format {
        name: "junit",
        about: "a suite for each proposal, for continuous integration",
        extension: "xml",
        media_type: "application/xml",
        has_plan: false,
        write: |entries| junit::render(entries).into_bytes(),
    },
];
