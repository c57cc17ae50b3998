//! Lists and groups in brackets, in all three formats.

use super::{Editor, Slot, Way};
use crate::document::Format;
use crate::document::spot::Spot;
use evenhand_diagnostic::problem::Edit;
use serde_json::Value;
use std::ops::Range;

impl Editor<'_> {
    pub(super) fn insert_into_flow(&self, slot: &Slot<'_>, value: &Value) -> Vec<Way> {
        let entry = self.entry(slot, &self.inline(value));
        let open = slot.spot.span().start + 1;
        let Some(last) = slot.spot.children().pop() else {
            let blank = if self.format == Format::Toml && !self.is_list(slot) {
                " "
            } else {
                ""
            };
            return vec![vec![Edit::new(
                open..open,
                format!("{blank}{entry}{blank}"),
            )]];
        };
        let end = last.span.end;
        let lead = self.before(last.start());
        let own_line =
            lead.trim().is_empty() && self.line_start(last.start()) > slot.spot.span().start;
        let separator = if own_line {
            format!("{}{lead}", self.eol)
        } else {
            " ".to_owned()
        };
        let close = slot.spot.span().end;
        let comma = self.comma(end..close);
        let after = comma.map_or(end, |comma| comma + 1);
        // A comment at the end of the line belongs to the entry that is there.
        let at = if own_line {
            self.line_end(after).min(close - 1).max(after)
        } else {
            after
        };
        let plain = match comma {
            Some(_) if own_line => vec![Edit::new(at..at, format!("{separator}{entry},"))],
            Some(_) => vec![Edit::new(at..at, format!("{separator}{entry}"))],
            None if at == end => vec![Edit::new(end..end, format!(",{separator}{entry}"))],
            None => vec![
                Edit::new(end..end, ","),
                Edit::new(at..at, format!("{separator}{entry}")),
            ],
        };
        // At the beginning, whatever stands at the end.
        vec![plain, vec![Edit::new(open..open, format!("{entry}, "))]]
    }

    pub(super) fn remove_from_flow(&self, slot: &Slot<'_>) -> Vec<Way> {
        let children = slot.spot.children();
        let Some(number) = self.number(slot) else {
            return Vec::new();
        };
        let Some(here) = children.get(number) else {
            return Vec::new();
        };
        let mut ways = Vec::new();
        if let Some(next) = children.get(number + 1) {
            ways.push(vec![Edit::new(here.start()..next.start(), "")]);
        } else if let Some(before) = number.checked_sub(1).and_then(|n| children.get(n)) {
            ways.push(vec![Edit::new(before.span.end..here.span.end, "")]);
        }
        let empty = if self.is_list(slot) { "[]" } else { "{}" };
        if children.len() == 1 {
            ways.push(vec![Edit::new(slot.spot.span(), empty)]);
        }
        ways
    }

    /// The number of the entry or item that the step names.
    pub(super) fn number(&self, slot: &Slot<'_>) -> Option<usize> {
        if self.is_list(slot) {
            return slot.step.parse().ok();
        }
        slot.spot.keys().iter().position(|key| *key == slot.step)
    }

    /// The comma after the last entry, where one stands between blanks and comments.
    fn comma(&self, range: Range<usize>) -> Option<usize> {
        let mut at = range.start;
        while at < range.end {
            let rest = self.text.get(at..range.end)?;
            let line = || rest.find('\n').unwrap_or(rest.len());
            at += match rest.chars().next()? {
                ',' => return Some(at),
                '#' if self.format != Format::Json => line(),
                '/' if rest.starts_with("//") => line(),
                '/' if rest.starts_with("/*") => rest.find("*/")? + 2,
                blank if blank.is_whitespace() => blank.len_utf8(),
                _ => return None,
            };
        }
        None
    }
}

/// An entry or item of a list or group.
pub(super) struct Child {
    pub(super) key: Option<Range<usize>>,
    pub(super) span: Range<usize>,
}

impl Child {
    /// Where it begins: at its name, if it has one.
    pub(super) fn start(&self) -> usize {
        self.key.as_ref().map_or(self.span.start, |key| key.start)
    }
}

impl Spot {
    /// The entries or items in the order typed.
    pub(super) fn children(&self) -> Vec<Child> {
        self.places()
            .map(|(key, span)| Child { key, span })
            .collect()
    }
}
