//! YAML without brackets: lines and their indentation.

use super::flow::Child;
use super::{Editor, Slot, Way};
use crate::document::Format;
use crate::document::edit::scalar::{write_inline, write_name};
use crate::document::spot::Spot;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Edit;
use serde_json::Value;

impl Editor<'_> {
    /// Another value in place of one that is there.
    pub(super) fn replace_yaml(&self, at: &Pointer, spot: &Spot, value: &Value) -> Vec<Way> {
        let span = spot.span();
        let inline = self.inline(value);
        let mut ways = Vec::new();
        let key_end = self.document.key_span(at).map(|key| key.end);
        let mark = match key_end {
            Some(end) => self
                .text
                .get(end..span.end.max(end))
                .and_then(|rest| Some(end + rest.find(':')? + 1)),
            None => self.dash_before(at).map(|dash| dash + 1),
        };
        let wide = is_wide(value) && mark.is_some() && !self.in_brackets(at);
        if wide && let Some(mark) = mark {
            let name = self.document.key_span(at).map(|key| key.start);
            let indent = self.column(name.unwrap_or(mark - 1)) + 2;
            ways.push(vec![Edit::new(mark..span.end, self.below(value, indent))]);
        }
        if span.is_empty() {
            ways.push(vec![Edit::new(span.clone(), format!(" {inline}"))]);
            ways.push(vec![Edit::new(span.clone(), format!(": {inline}"))]);
        }
        ways.push(vec![Edit::new(span.clone(), inline.clone())]);
        // With a tag, the sign of a block of text, or indentation that fits no other value, before it.
        if let Some(mark) = mark {
            ways.push(vec![Edit::new(mark..span.end, format!(" {inline}"))]);
        }
        ways
    }

    pub(super) fn insert_into_block(&self, slot: &Slot<'_>, value: &Value) -> Vec<Way> {
        let children = slot.spot.children();
        let (Some(first), Some(last)) = (children.first(), children.last()) else {
            return Vec::new();
        };
        let at = self.line_end(last.span.end);
        let write = |value: &str| vec![Edit::new(at..at, value)];
        let inline = self.inline(value);
        if self.is_list(slot) {
            let indent = self.column(slot.spot.span().start);
            let lead = format!("{}{}- ", self.eol, " ".repeat(indent));
            return vec![
                write(&format!("{lead}{}", self.entry_lines(value, indent + 2))),
                write(&format!("{lead}{inline}")),
            ];
        }
        let indent = self.column(first.start());
        let name = write_name(Format::Yaml, &slot.step);
        let lead = format!("{}{}{name}:", self.eol, " ".repeat(indent));
        let mut ways = Vec::new();
        if is_wide(value) {
            ways.push(write(&format!("{lead}{}", self.below(value, indent + 2))));
        }
        ways.push(write(&format!("{lead} {inline}")));
        // Before the first, where what is last lets nothing follow.
        let start = first.start();
        let gap = format!("{}{}", self.eol, " ".repeat(indent));
        ways.push(vec![Edit::new(
            start..start,
            format!("{name}: {inline}{gap}"),
        )]);
        ways
    }

    pub(super) fn remove_from_block(&self, slot: &Slot<'_>) -> Vec<Way> {
        let children = slot.spot.children();
        let Some(number) = self.number(slot) else {
            return Vec::new();
        };
        let Some(here) = children.get(number) else {
            return Vec::new();
        };
        if children.len() == 1 {
            let empty = if self.is_list(slot) { "[]" } else { "{}" };
            return self.empty(slot, empty);
        }
        let start = self.begin(slot, number, here);
        let mut ways = Vec::new();
        if self.before(start).trim().is_empty() {
            ways.push(vec![Edit::new(self.lines(start, here.span.end), "")]);
        }
        if let Some(next) = children.get(number + 1) {
            let next = self.begin(slot, number + 1, next);
            ways.push(vec![Edit::new(start..next, "")]);
        }
        if let Some(before) = number.checked_sub(1).and_then(|n| children.get(n)) {
            let from = self.line_end(before.span.end);
            ways.push(vec![Edit::new(from..self.line_end(here.span.end), "")]);
        }
        ways
    }

    /// A list or group without anything in it, in place of one in lines.
    fn empty(&self, slot: &Slot<'_>, empty: &str) -> Vec<Way> {
        let span = slot.spot.span();
        let mut ways = vec![vec![Edit::new(span.clone(), empty)]];
        if let Some(key) = self.document.key_span(&slot.at) {
            ways.push(vec![Edit::new(key.end..span.end, format!(": {empty}"))]);
        }
        ways
    }

    /// Where an entry begins: at its name, or at its dash.
    fn begin(&self, slot: &Slot<'_>, number: usize, child: &Child) -> usize {
        if self.is_list(slot) {
            self.dash(slot.spot, number).unwrap_or(child.start())
        } else {
            child.start()
        }
    }

    /// The dash before the item at a path.
    fn dash_before(&self, at: &Pointer) -> Option<usize> {
        let list = self.root.find(&at.parent()?)?;
        let number = at.steps().last()?.parse().ok()?;
        (!self.is_flow(list)).then(|| self.dash(list, number))?
    }

    /// The dash before an item of a list in lines: all stand in the column of the first.
    fn dash(&self, list: &Spot, number: usize) -> Option<usize> {
        let first = list.span().start;
        let Some(before) = number.checked_sub(1) else {
            return Some(first);
        };
        let column = first - self.line_start(first);
        let mut start = self.line_end(list.children().get(before)?.span.end);
        loop {
            start += self.text.get(start..)?.find('\n')? + 1;
            let line = self.text.get(start..)?;
            let blanks = line.len() - line.trim_start_matches(' ').len();
            if blanks == column && line.get(blanks..)?.starts_with('-') {
                return Some(start + column);
            }
        }
    }

    /// How many characters stand before this offset on its line.
    fn column(&self, at: usize) -> usize {
        self.before(at).chars().count()
    }

    fn in_brackets(&self, at: &Pointer) -> bool {
        let mut above = at.parent();
        while let Some(at) = above {
            if self.root.find(&at).is_some_and(|spot| self.is_flow(spot)) {
                return true;
            }
            above = at.parent();
        }
        false
    }

    /// A value on the lines below its name.
    fn below(&self, value: &Value, indent: usize) -> String {
        let pad = format!("{}{}", self.eol, " ".repeat(indent));
        match value {
            Value::Object(map) if !map.is_empty() => {
                format!("{pad}{}", self.entry_lines(value, indent))
            }
            Value::Array(items) if is_wide(value) => {
                let mark = format!("{pad}- ");
                items.iter().fold(String::new(), |lines, item| {
                    lines + &mark + &self.entry_lines(item, indent + 2)
                })
            }
            other => format!(" {}", write_inline(Format::Yaml, other)),
        }
    }

    /// A group as lines of which the first stands behind what is there already; anything else on one line.
    fn entry_lines(&self, value: &Value, indent: usize) -> String {
        let Value::Object(map) = value else {
            return write_inline(Format::Yaml, value);
        };
        if map.is_empty() {
            return "{}".to_owned();
        }
        let pad = format!("{}{}", self.eol, " ".repeat(indent));
        let lines: Vec<String> = map
            .iter()
            .map(|(key, value)| {
                let name = write_name(Format::Yaml, key);
                format!("{name}:{}", self.below(value, indent + 2))
            })
            .collect();
        lines.join(&pad)
    }
}

/// Whether a value reads better on lines of its own.
fn is_wide(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    }
}
