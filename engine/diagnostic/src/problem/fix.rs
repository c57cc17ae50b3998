//! What a machine can do about a problem: replace some bytes of the text by others.

use std::ops::Range;

/// Bytes of a text, and what takes their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go away, in the text as it was; empty to insert.
    pub span: Range<usize>,
    /// What takes their place.
    pub text: String,
}

/// Edits that together remove a problem; they do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fix {
    /// In the order of their places.
    pub edits: Vec<Edit>,
}

impl Edit {
    /// Replaces the bytes of the span.
    pub fn new(span: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }
}

impl Fix {
    /// These edits, in the order of their places.
    pub fn new(mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        Self { edits }
    }

    /// One edit.
    pub fn replace(span: Range<usize>, text: impl Into<String>) -> Self {
        Self::new(vec![Edit::new(span, text)])
    }

    /// The text with the edits made; every byte outside their spans stays as it is.
    ///
    /// Nothing where the edits overlap, lie outside the text, or cut a character.
    pub fn apply(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for edit in &self.edits {
            out.push_str(text.get(at..edit.span.start)?);
            out.push_str(&edit.text);
            text.get(edit.span.clone())?;
            at = edit.span.end;
        }
        out.push_str(text.get(at..)?);
        Some(out)
    }

    /// Where in the text as it was an offset of the edited text comes from; what an edit wrote comes from where
    /// the edit begins.
    pub fn origin(&self, offset: usize) -> usize {
        let (mut before, mut after) = (0, 0);
        for edit in &self.edits {
            let start = after + (edit.span.start - before);
            if offset < start {
                break;
            }
            let end = start + edit.text.len();
            if offset < end {
                return edit.span.start;
            }
            (before, after) = (edit.span.end, end);
        }
        before + offset.saturating_sub(after)
    }

    /// Where in the edited text what each edit wrote stands.
    pub fn written(&self) -> Vec<Range<usize>> {
        let (mut before, mut after) = (0, 0);
        let mut spans = Vec::with_capacity(self.edits.len());
        for edit in &self.edits {
            let start = after + (edit.span.start - before);
            (before, after) = (edit.span.end, start + edit.text.len());
            spans.push(start..after);
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_where_they_say_and_nowhere_else() {
        let fix = Fix::new(vec![Edit::new(6..6, "!"), Edit::new(0..1, "ab")]);
        let text = "x23456é";
        let edited = fix.apply(text).unwrap();
        assert_eq!(edited, "ab23456!é");
        assert_eq!(fix.written(), [0..2, 7..8]);
        for (offset, origin) in [(0, 0), (1, 0), (2, 1), (6, 5), (7, 6), (8, 6), (10, 8)] {
            assert_eq!(fix.origin(offset), origin, "{offset}");
        }
        assert_eq!(Fix::replace(7..7, "").apply(text), None);
        assert_eq!(Fix::replace(9..12, "").apply(text), None);
        let overlap = Fix::new(vec![Edit::new(0..3, ""), Edit::new(2..4, "")]);
        assert_eq!(overlap.apply(text), None);
    }
}
