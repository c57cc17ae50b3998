//! A text with a name, and the places in it.

use crate::text;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text that somebody typed, kept to show the place of a problem or a fact. A copy costs nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source(Arc<Named>);

const STRIDE: usize = 256;

#[derive(Debug, Default)]
struct Named {
    name: String,
    text: Cow<'static, str>,
    /// Found when a place is first asked for, which is seldom.
    line_starts: OnceLock<Vec<usize>>,
    /// The number of characters before every [`STRIDE`]th byte, so that a place on a line of megabytes costs no
    /// more than one on a short line.
    characters: OnceLock<Vec<usize>>,
    /// For a text that nobody typed: what it was made of.
    origin: Option<Origin>,
    /// For a text that was made of a workbook: the cell each line comes from.
    cells: Vec<Cell>,
}

/// What a text was made of.
#[derive(Debug)]
struct Origin {
    source: Source,
    /// For each line, the part of the origin it comes from.
    spans: Vec<Range<usize>>,
}

/// A cell of a workbook, as spreadsheets name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// What the tab of the sheet says.
    pub sheet: Arc<str>,
    /// Column, from 0.
    pub column: usize,
    /// Row, from 0.
    pub row: usize,
}

impl Cell {
    /// The letters of a column, from 0: A, B, …, Z, AA, ….
    pub fn letters(column: usize) -> String {
        let mut name = Vec::new();
        let mut left = column + 1;
        while left > 0 {
            let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
            name.push(char::from(b'A' + digit));
            left = (left - 1) / 26;
        }
        name.iter().rev().collect()
    }
}

/// `Flows!C4`, in quotes where the sheet's name has more than letters and digits: what a spreadsheet goes to when it is typed.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| c.is_alphanumeric() || c == '_';
        let sheet = text::visible_line(&self.sheet);
        if sheet.chars().all(plain) {
            f.write_str(&sheet)?;
        } else {
            write!(f, "'{}'", sheet.replace('\'', "''"))?;
        }
        write!(f, "!{}{}", Self::letters(self.column), self.row + 1)
    }
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Named {}

/// A place in a source: line and column from 1, columns counted in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
}

impl Source {
    /// Keeps `text` under the `name` that people know it by (a file name, or `<standard input>`).
    pub fn new(name: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Named {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
            origin: None,
            cells: Vec::new(),
        }))
    }

    /// A text that was made of a workbook, with the cell that each line comes from. What is wrong with it is shown in the
    /// workbook, since nobody sees the text.
    pub fn of_cells(name: impl Into<String>, text: String, cells: Vec<Cell>) -> Self {
        Self(Arc::new(Named {
            name: name.into(),
            text: text.into(),
            cells,
            ..Named::default()
        }))
    }

    /// Whether this text was made of a workbook, so that its places are cells.
    pub fn has_cells(&self) -> bool {
        !self.0.cells.is_empty()
    }

    /// The cell that a byte offset comes from.
    pub fn cell(&self, offset: usize) -> Option<&Cell> {
        if !self.has_cells() {
            return None;
        }
        let line = self.place(offset).line;
        self.0.cells.get(line.checked_sub(1)?)
    }

    /// A text that was made of another, line by line: it has the other's name, and what is wrong with it is shown there.
    pub fn generated(text: String, origin: &Self, spans: Vec<Range<usize>>) -> Self {
        Self(Arc::new(Named {
            name: origin.name().to_owned(),
            text: text.into(),
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
            origin: Some(Origin {
                source: origin.clone(),
                spans,
            }),
            cells: Vec::new(),
        }))
    }

    /// For each line, the part of the text that this one was made of that it comes from; empty where somebody typed it.
    pub fn origins(&self) -> Vec<Range<usize>> {
        let origin = self.0.origin.as_ref();
        origin
            .map(|origin| origin.spans.clone())
            .unwrap_or_default()
    }

    /// Where people have typed what stands at an offset: here, unless this text was made of another.
    pub fn typed(&self, span: Range<usize>) -> (&Self, Range<usize>) {
        let Some(origin) = &self.0.origin else {
            return (self, span);
        };
        let line = self.place(span.start).line;
        let found = origin.spans.get(line - 1).cloned();
        (&origin.source, found.unwrap_or_default())
    }

    /// The name people know it by.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The byte offsets at which lines begin.
    fn line_starts(&self) -> &[usize] {
        self.0.line_starts.get_or_init(|| {
            let breaks = line_breaks(self.text()).map(|at| at + 1);
            std::iter::once(0).chain(breaks).collect()
        })
    }

    /// The place of a byte offset; offsets past the end, or inside a character, count as the nearest place before.
    pub fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text().len());
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or_default();
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        Place { line, column }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text().as_bytes();
        let known = self.0.characters.get_or_init(|| {
            let mut total = 0;
            let counts = bytes.chunks(STRIDE).map(|chunk| {
                total += characters(chunk);
                total
            });
            std::iter::once(0).chain(counts).collect()
        });
        let stride = offset / STRIDE;
        let rest = bytes.get(stride * STRIDE..offset).unwrap_or_default();
        known.get(stride).copied().unwrap_or_default() + characters(rest)
    }

    /// The byte offset of a line (from 1) and column (from 1, in characters), if there is such a line.
    pub fn offset(&self, place: Place) -> Option<usize> {
        let start = *self.line_starts().get(place.line.checked_sub(1)?)?;
        let rest = self.text().get(start..)?;
        let line = rest.split('\n').next().unwrap_or_default();
        let column = place.column.saturating_sub(1);
        let within = line
            .char_indices()
            .nth(column)
            .map_or(line.len(), |(at, _)| at);
        Some(start + within)
    }

    /// The text of a span, or nothing if it lies outside.
    pub fn slice(&self, span: Range<usize>) -> &str {
        self.text().get(span).unwrap_or_default()
    }
}

/// Counting the bytes that begin a character counts characters.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn line_breaks(text: &str) -> impl Iterator<Item = usize> {
    text.bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n')
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        for (sheet, column, row, name) in [
            ("Flows", 2, 3, "Flows!C4"),
            ("Flows of people", 0, 0, "'Flows of people'!A1"),
            ("d’Été's", 26, 9, "'d’Été''s'!AA10"),
            ("x\u{202e}y", 701, 0, "'x\u{fffd}y'!ZZ1"),
            ("東京", 702, 0, "東京!AAA1"),
        ] {
            let sheet = Arc::from(sheet);
            assert_eq!(Cell { sheet, column, row }.to_string(), name);
        }
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("x", "título: Ñandú\nb: 2");
        let at = source.text().find('d').unwrap();
        assert_eq!(
            source.place(at),
            Place {
                line: 1,
                column: 12
            }
        );
        assert_eq!(
            source.offset(Place {
                line: 1,
                column: 12
            }),
            Some(at)
        );
        assert_eq!(
            source.place(source.text().len()),
            Place { line: 2, column: 5 }
        );
        let long = Source::new("x", format!("a\n{}", "é1".repeat(1000)));
        for column in [1, 255, 256, 257, 1024, 2000, 2001] {
            let place = Place { line: 2, column };
            let offset = long.offset(place).unwrap();
            assert_eq!(long.place(offset), place);
        }
        assert_eq!(Source::new("x", "").place(10), Place { line: 1, column: 1 });
    }
}
