//! From the parser's places, counted in characters, to bytes; and the exact extent of a scalar.

use saphyr_parser::{Marker, Span};
use std::ops::Range;

/// Characters between two known offsets.
const STRIDE: usize = 64;

/// Byte offsets of characters.
pub(super) struct Places<'a> {
    text: &'a str,
    base: usize,
    /// The offset of every 64th character; nothing if all characters are one byte.
    offsets: Option<Vec<usize>>,
}

impl<'a> Places<'a> {
    /// `base` is where the text begins in its source.
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        let offsets = (!text.is_ascii()).then(|| {
            text.char_indices()
                .step_by(STRIDE)
                .map(|(at, _)| at)
                .collect()
        });
        Self {
            text,
            base,
            offsets,
        }
    }

    /// The offset in the text; the parser's end may lie after the text.
    pub(super) fn local(&self, marker: Marker) -> usize {
        let index = marker.index();
        let Some(offsets) = &self.offsets else {
            return index.min(self.text.len());
        };
        let Some(known) = offsets.get(index / STRIDE) else {
            return self.text.len();
        };
        let rest = self.text.get(*known..).unwrap_or_default();
        rest.char_indices()
            .nth(index % STRIDE)
            .map_or(self.text.len(), |(at, _)| known + at)
    }

    pub(super) fn text(&self, local: Range<usize>) -> &'a str {
        self.text.get(local).unwrap_or_default()
    }

    /// The span in the source of a span in the text.
    pub(super) fn span(&self, local: Range<usize>) -> Range<usize> {
        self.base + local.start..self.base + local.end.max(local.start)
    }

    /// The span in the text of an event.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        self.local(span.start)..self.local(span.end)
    }

    /// The extent of a scalar: the parser includes tags and anchors before it, and blanks and comments after.
    pub(super) fn scalar(&self, span: Span) -> Range<usize> {
        let range = self.range(span);
        let start = range.start + properties(self.text(range.clone()));
        let typed = self.text(start..range.end);
        match typed.chars().next() {
            Some('"') => start..start + quoted(typed, b'"'),
            Some('\'') => start..start + quoted(typed, b'\''),
            _ => start..start + typed.trim_end().len(),
        }
    }

    /// The place of a value that is not there: the parser gives that of what follows, people look after the
    /// colon or the dash.
    pub(super) fn absent(&self, span: Span) -> Range<usize> {
        let before = self.text(0..self.local(span.start)).trim_end().len();
        let rest = self.text(before..self.text.len());
        let after = rest.trim_start_matches(' ').strip_prefix(':');
        let at = after.map_or(before, |after| self.text.len() - after.len());
        at..at
    }

    /// The extent of the opening of a list or group: its bracket, or the empty span where its first line begins.
    pub(super) fn opening(&self, span: Span) -> Range<usize> {
        let range = self.range(span);
        let bracket = range.start < range.end && self.text(range.clone()).ends_with(['[', '{']);
        if bracket {
            range.end - 1..range.end
        } else {
            range.end..range.end
        }
    }

    /// The first line, from the one at this offset on, that begins with a tab after blanks: the span of its blanks.
    pub(super) fn tab_from(&self, local: usize) -> Option<Range<usize>> {
        let mut start = self.text(0..local).rfind('\n').map_or(0, |at| at + 1);
        for line in self.text(start..self.text.len()).split_inclusive('\n') {
            if let Some(tabs) = leading_tab(line) {
                return Some(start..start + tabs);
            }
            start += line.len();
        }
        None
    }

    /// The same for the line at this offset only.
    pub(super) fn tab_on_line(&self, local: usize) -> Option<Range<usize>> {
        let start = self.text(0..local).rfind('\n').map_or(0, |at| at + 1);
        let blank = leading_tab(self.text(start..self.text.len()))?;
        Some(start..start + blank)
    }
}

/// The length of the blanks at the beginning of a line, if there is a tab among them and something after them.
fn leading_tab(line: &str) -> Option<usize> {
    let content = line.trim_start_matches([' ', '\t']);
    let length = line.len() - content.len();
    let empty = content.starts_with(['\n', '\r', '#']) || content.is_empty();
    (!empty && line.get(..length)?.contains('\t')).then_some(length)
}

/// The length of the tags and anchors before a scalar, with the blanks and comments after them.
fn properties(typed: &str) -> usize {
    let mut rest = typed;
    while rest.starts_with(['&', '!', '#']) {
        let end = if rest.starts_with('#') {
            rest.find(['\n', '\r'])
        } else {
            rest.find(char::is_whitespace)
        };
        let (_, after) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or_default();
        rest = after.trim_start();
    }
    typed.len() - rest.len()
}

/// The length of a quoted scalar at the beginning, with its quotes.
fn quoted(typed: &str, quote: u8) -> usize {
    let bytes = typed.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        let twice = quote == b'\'' && bytes.get(at + 1) == Some(&quote);
        match byte {
            b'\\' if quote == b'"' => at += 1,
            _ if *byte == quote && twice => at += 1,
            _ if *byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    typed.len()
}
