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

    /// The extent of a text in lines of its own, after `|` or `>`.
    pub(super) fn lines(&self, span: Span) -> Range<usize> {
        let range = self.range(span);
        let start = range.start;
        start..start + self.text(range).trim_end().len()
    }

    /// The place of a value that is not there: the parser gives that of what follows, people look after the
    /// colon or the dash.
    pub(super) fn absent(&self, span: Span) -> Range<usize> {
        let before = without_comments(self.text(0..self.local(span.start))).len();
        let rest = self.text(before..self.text.len());
        let after = rest.trim_start_matches(' ').strip_prefix(':');
        let at = after.map_or(before, |after| self.text.len() - after.len());
        at..at
    }

    /// The extent of the opening of a list or group: its bracket, or the empty span where its first line begins.
    pub(super) fn opening(&self, span: Span) -> Range<usize> {
        let range = self.range(span);
        // Tags and anchors stand before the bracket; blanks and comments after it are in the parser's span.
        let start = range.start + properties(self.text(range.clone()));
        if self.text(start..range.end).starts_with(['[', '{']) {
            start..start + 1
        } else {
            range.end..range.end
        }
    }

    /// The first dash of a list in lines: where the list is no further right than its name, the parser tells the
    /// place after it.
    pub(super) fn first_dash(&self, opening: Range<usize>) -> Range<usize> {
        let column = |at: usize| at - self.text(0..at).rfind('\n').map_or(0, |at| at + 1);
        let mut start = opening.start;
        loop {
            let rest = self.text(start..self.text.len()).strip_prefix('-');
            let at_dash = rest
                .is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace));
            let before = without_comments(self.text(0..start)).strip_suffix('-');
            match before.map(str::len) {
                // The dash of an item that is nothing, or the one that the list begins behind.
                Some(dash) if !at_dash || column(dash) == column(start) => start = dash,
                _ => return start..start,
            }
        }
    }

    /// Where the bracket that closes a list or group ends: the parser may tell the place of a comma before it.
    pub(super) fn closing(&self, local: usize) -> usize {
        let mut at = local;
        let mut in_comment = false;
        for c in self.text(local..self.text.len()).chars() {
            at += c.len_utf8();
            in_comment = (in_comment || c == '#') && c != '\n';
            if !in_comment && matches!(c, ']' | '}') {
                return at;
            }
        }
        local
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

/// A text that ends after a colon, a dash or a bracket, without the comments and blanks that follow.
fn without_comments(text: &str) -> &str {
    let mut text = text.trim_end();
    loop {
        let start = text.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..).unwrap_or_default();
        let comment = line.match_indices('#').map(|(at, _)| at).find(|at| {
            let before = line.get(..*at).unwrap_or_default();
            let opens = before.trim_end().ends_with([':', '-', ',', '[', '{', '?']);
            before.trim().is_empty() || (opens && before.ends_with(char::is_whitespace))
        });
        match comment.and_then(|at| text.get(..start + at)) {
            Some(before) => text = before.trim_end(),
            None => return text,
        }
    }
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
