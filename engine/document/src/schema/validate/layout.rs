//! What the layout of YAML makes of a text: lines that are taken into it, parts that are lost, marks of lists.

use super::repair::Repair;
use super::words::{name, short};
use super::{Check, out_of_range};
use crate::document::Format;
use crate::document::edit::quoted;
use crate::schema::codes;
use crate::schema::{Field, Kind};
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Edit, Phrase, Problem};
use std::ops::Range;

impl Check<'_> {
    /// `6.000` is six, and may be meant as six thousand.
    pub(super) fn thousands(&mut self, field: &Field, number: f64, at: &Pointer) {
        let span = self.document.value_span(at).unwrap_or(0..0);
        let typed = self.document.source().slice(span);
        let groups = typed.strip_suffix(".000").is_some_and(|head| {
            (1..=3).contains(&head.len())
                && head.bytes().all(|b| b.is_ascii_digit())
                && !head.starts_with('0')
        });
        if groups && !out_of_range(field, number * 1000.0) {
            let (thousands, value) = (short(number * 1000.0), short(number));
            let problem = Problem::error(phrase!(
                codes::POINT_OF_THOUSANDS,
                field = name(at),
                typed = typed,
                value = number
            ))
            .suggest(phrase!(
                codes::IF_THOUSANDS,
                thousands = thousands,
                value = value
            ));
            self.report(at, problem, Repair::None);
        }
    }

    /// What the layout of YAML made of a text without quotes.
    pub(super) fn layout(&mut self, field: &Field, at: &Pointer) {
        if let Some((_, edit)) = self.swallowed(at) {
            let source = self.document.source();
            let line = source
                .text()
                .get(..edit.span.start)
                .and_then(|before| before.rfind('\n'))
                .map_or(0, |at| at + 1);
            let typed = source
                .slice(line..source.text().len())
                .lines()
                .next()
                .unwrap_or_default()
                .trim();
            let (key, value) = typed.split_once(':').unwrap_or((typed, ""));
            let problem = Problem::error(phrase!(
                codes::SWALLOWED_LINE,
                field = name(at),
                line = typed
            ))
            .suggest(phrase!(codes::SPACE_AFTER_COLON, name = key, value = value));
            let problem = problem.path(at.clone()).at(source, line..edit.span.end);
            self.found.add(problem, Repair::Edits(vec![edit]));
        } else if field.kind == Kind::Text
            && let Some(rest) = self.lost_comment(at)
        {
            let Some(span) = self.document.value_span(at) else {
                return;
            };
            let source = self.document.source();
            let shown = evenhand_diagnostic::text::shorten(source.slice(rest.clone()), 40);
            let problem = Problem::error(phrase!(
                codes::CUT_BY_COMMENT,
                field = name(at),
                rest = shown
            ))
            .suggest(phrase!(codes::QUOTE_COMMENT));
            let whole = span.start..rest.end;
            let text = quoted(source.slice(whole.clone()));
            let problem = problem.path(at.clone()).at(source, whole.clone());
            self.found
                .add(problem, Repair::Edits(vec![Edit::new(whole, text)]));
        }
    }

    /// A later line of a text without quotes that is a field whose colon has no space after it.
    pub(super) fn swallowed(&self, at: &Pointer) -> Option<(Phrase, Edit)> {
        if self.document.format()? != Format::Yaml {
            return None;
        }
        let span = self.document.value_span(at)?;
        let typed = self.document.source().slice(span.clone());
        if typed.starts_with(['"', '\'', '[', '{']) || self.is_block_text(at, &span) {
            return None;
        }
        let parent = self
            .schema
            .find(&at.parent()?.dotted())
            .unwrap_or(self.schema.root());
        let mut start = span.start;
        for line in typed.split_inclusive('\n') {
            let blanks = line.len() - line.trim_start().len();
            let (name, value) = line.trim().split_once(':').unwrap_or((line.trim(), ""));
            let known = self
                .schema
                .property(parent, name)
                .or_else(|| self.schema.property(self.schema.root(), name));
            if known.is_some() && !value.starts_with(' ') && start > span.start {
                let colon = start + blanks + name.len() + 1;
                let advice = phrase!(codes::SPACE_AFTER_COLON, name = name, value = value);
                return Some((advice, Edit::new(colon..colon, " ")));
            }
            start += line.len();
        }
        None
    }

    /// Whether the text stands after `|` or `>`.
    fn is_block_text(&self, at: &Pointer, span: &Range<usize>) -> bool {
        let before = self
            .document
            .source()
            .text()
            .get(..span.start)
            .unwrap_or_default();
        let key = self.document.key_span(at).map_or(0, |key| key.end);
        before
            .get(key..)
            .is_some_and(|between| between.contains(['|', '>']))
    }

    /// What stands after ` #` without a space behind the `#`: hardly a comment.
    fn lost_comment(&self, at: &Pointer) -> Option<Range<usize>> {
        if self.document.format()? != Format::Yaml {
            return None;
        }
        let span = self.document.value_span(at)?;
        let source = self.document.source();
        let typed = source.slice(span.clone());
        if typed.is_empty()
            || typed.starts_with(['"', '\'', '|', '>', '*'])
            || self.is_block_text(at, &span)
        {
            return None;
        }
        let rest = source.slice(span.end..source.text().len());
        let line = rest.lines().next()?.trim_end();
        let comment = line.trim_start_matches([' ', '\t']);
        let is_text = comment
            .strip_prefix('#')?
            .starts_with(|c: char| c.is_alphanumeric());
        (is_text && comment.len() < line.len()).then_some(span.end..span.end + line.len())
    }
}

/// The edits that make plain dashes of what a word processor, or a hurry, put at the beginning of lines.
pub(super) fn bullets(text: &str, span: &Range<usize>) -> Option<Vec<Edit>> {
    let typed = text.get(span.clone())?;
    let mut edits = Vec::new();
    let mut start = span.start;
    for line in typed.split_inclusive('\n') {
        let at = start + line.len() - line.trim_start().len();
        let mut rest = line.trim_start().chars();
        match rest.next()? {
            mark @ ('–' | '—' | '•' | '‣' | '·' | '−' | '‐') => {
                let after = if rest.next() == Some(' ') { "-" } else { "- " };
                edits.push(Edit::new(at..at + mark.len_utf8(), after));
            }
            '-' if rest.next().is_some_and(char::is_alphanumeric) => {
                edits.push(Edit::new(at + 1..at + 1, " "));
            }
            _ => return None,
        }
        start += line.len();
    }
    Some(edits)
}
