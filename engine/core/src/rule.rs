//! A rule: one question of a proposal, as a page that people read and a script that computes the answer.

pub(crate) mod bindings;
pub(crate) mod compare;
pub(crate) mod compiler;
pub(crate) mod facts;
pub mod form;
pub(crate) mod helpers;
pub mod page;
pub(crate) mod script;

use serde::{Deserialize, Serialize};
use std::fmt;

pub use bindings::TRACE_FN;
pub use compiler::ENTRY_POINTS;
pub use facts::Facts;
pub use page::{Basis, Citation, Page, PageKind, Parameter};
pub use script::at;

/// How much a rule matters, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Its failure stops a program.
    Critical,
    /// Counts three.
    Major,
    /// Counts one.
    Minor,
    /// Described, never counted.
    Info,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Major, Self::Minor, Self::Info];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Info => "info",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.word() == word)
    }

    /// The weight a rule of this severity has unless somebody sets another.
    pub fn weight(self) -> f64 {
        match self {
            Self::Critical => 4.0,
            Self::Major => 3.0,
            Self::Minor => 1.0,
            Self::Info => 0.0,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
