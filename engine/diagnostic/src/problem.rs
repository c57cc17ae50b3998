//! The one type for everything that is wrong with something a person wrote, with its place.

mod fix;
mod phrase;

use crate::pointer::Pointer;
use crate::source::{Cell, Place, Source};
use std::fmt;
use std::ops::Range;

pub use fix::{Edit, Fix};
pub use phrase::{Arg, Code, Phrase, Speak, placeholders};

/// Something wrong in a proposal, a rule, a profile or a plugin, with its place and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stops the work.
    pub severity: ProblemSeverity,
    /// What is wrong, in a sentence without a full stop.
    pub message: Phrase,
    /// The file, as people know it.
    pub file: Option<String>,
    /// Line and column; nothing in a workbook.
    pub place: Option<Place>,
    /// The cell, in a workbook.
    pub cell: Option<Cell>,
    /// The same place as a span of bytes, to underline it.
    pub span: Option<Range<usize>>,
    /// The path in the document.
    pub path: Option<Pointer>,
    /// What was expected there.
    pub expected: Option<Phrase>,
    /// What the person probably meant, or can do.
    pub suggestion: Option<Phrase>,
    /// The same as edits, where a machine can do it.
    pub fix: Option<Fix>,
}

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemSeverity {
    /// The work cannot go on with this.
    Error,
    /// The work goes on.
    Warning,
}

impl Problem {
    /// An error without a place yet.
    pub fn error(message: impl Into<Phrase>) -> Self {
        Self {
            severity: ProblemSeverity::Error,
            message: message.into(),
            file: None,
            place: None,
            cell: None,
            span: None,
            path: None,
            expected: None,
            suggestion: None,
            fix: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(message: impl Into<Phrase>) -> Self {
        Self {
            severity: ProblemSeverity::Warning,
            ..Self::error(message)
        }
    }

    /// In this source, at this span of bytes; in a text that was made of another, where that one says it.
    #[must_use]
    pub fn at(mut self, source: &Source, span: Range<usize>) -> Self {
        let (source, span) = source.typed(span);
        self.file = Some(source.name().to_owned());
        self.cell = source.cell(span.start).cloned();
        self.place = match self.cell {
            Some(_) => None,
            None => Some(source.place(span.start)),
        };
        self.span = Some(span);
        self
    }

    /// In this cell of a workbook.
    #[must_use]
    pub fn in_cell(mut self, file: impl Into<String>, cell: Cell) -> Self {
        self.file = Some(file.into());
        self.cell = Some(cell);
        self
    }

    /// In this file, without a closer place.
    #[must_use]
    pub fn in_file(mut self, name: impl Into<String>) -> Self {
        self.file = Some(name.into());
        self
    }

    /// At this path of the document.
    #[must_use]
    pub fn path(mut self, path: Pointer) -> Self {
        self.path = Some(path);
        self
    }

    /// What was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<Phrase>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// What the person probably meant, or can do.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<Phrase>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// The same with a suggestion, if there is one.
    #[must_use]
    pub fn suggest_maybe(mut self, suggestion: Option<impl Into<Phrase>>) -> Self {
        self.suggestion = suggestion.map(Into::into).or(self.suggestion);
        self
    }

    /// The edits that remove it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The same problem without a place in a text, and without the edit that belongs to one: it is said of another place.
    #[must_use]
    pub fn unplaced(self) -> Self {
        Self {
            file: None,
            place: None,
            span: None,
            fix: None,
            ..self
        }
    }

    /// The stable name of what is wrong, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        self.message.code().map(|code| code.id)
    }

    /// Whether it stops the work.
    pub fn is_error(&self) -> bool {
        self.severity == ProblemSeverity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            f.write_str(file)?;
            if let Some(cell) = &self.cell {
                write!(f, ", {cell}")?;
            }
            f.write_str(":")?;
            if let Some(place) = self.place {
                write!(f, "{}:{}:", place.line, place.column)?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; {suggestion}")?;
        }
        Ok(())
    }
}

/// The candidate nearest to what was typed, if one is near enough to be worth naming.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let allowed = match typed.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        length => length / 3 + 1,
    };
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&typed, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            *distance <= allowed && *distance < candidate.chars().count()
        })
        // The first of equals, so that the answer does not depend on luck.
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `did you mean …?` for the nearest candidate.
pub fn did_you_mean<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(typed, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_names_what_was_meant_and_nothing_far_fetched() {
        let fields = ["weeks", "n_per_year", "duration_weeks", "mode"];
        assert_eq!(nearest("week", fields), Some("weeks"));
        assert_eq!(nearest("duration_week", fields), Some("duration_weeks"));
        assert_eq!(nearest("WEEKS", fields), Some("weeks"));
        assert_eq!(nearest("colour", fields), None);
        assert_eq!(nearest("", fields), None);
    }
}
