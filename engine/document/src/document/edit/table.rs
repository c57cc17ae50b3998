//! TOML: tables with headings, dotted names, lists of tables.

use super::flow::Child;
use super::{Editor, Slot, Way};
use crate::document::Format;
use crate::document::edit::scalar::write_name;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Edit;
use serde_json::Value;

impl Editor<'_> {
    pub(super) fn insert_into_table(&self, slot: &Slot<'_>, value: &Value) -> Vec<Way> {
        if self.is_flow(slot.spot) && !self.is_heading(slot.spot.span().start) {
            return self.insert_into_flow(slot, value);
        }
        let mut ways = Vec::new();
        let end = self.text.trim_end().len();
        let path = heading(&slot.at);
        let name = write_name(Format::Toml, &slot.step);
        let full = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        let append = |text: String| vec![Edit::new(end..end, text)];
        let gap = if end == 0 {
            String::new()
        } else {
            self.eol.repeat(2)
        };
        if self.is_list(slot) {
            if let Value::Object(map) = value {
                let lines = self.pairs(map);
                ways.push(append(format!("{gap}[[{path}]]{lines}")));
            }
            return ways;
        }
        let line = format!("{name} = {}", self.inline(value));
        // A group gets a heading of its own, unless it belongs into an element of a list.
        if let Value::Object(map) = value
            && !slot.at.steps().any(|step| step.parse::<usize>().is_ok())
        {
            ways.push(append(format!("{gap}[{full}]{}", self.pairs(map))));
        }
        let direct: Vec<Child> = self.direct(slot);
        if let Some(last) = direct.last() {
            let at = self.line_end(last.span.end);
            let lead = self.before(last.start());
            let lead = if lead.trim().is_empty() { lead } else { "" };
            // The last name may be dotted: what stands before its last part belongs to the new one too.
            ways.push(vec![Edit::new(at..at, format!("{}{lead}{line}", self.eol))]);
            let dotted = lead_of_dotted(self.before(last.start()));
            ways.push(vec![Edit::new(
                at..at,
                format!("{}{dotted}{line}", self.eol),
            )]);
        }
        let span = slot.spot.span();
        if slot.at.is_root() {
            let at = self.first_heading().unwrap_or(end);
            ways.push(vec![Edit::new(at..at, format!("{line}{}", self.eol))]);
            ways.push(vec![Edit::new(0..0, format!("{line}{}", self.eol))]);
        } else {
            let at = self.line_end(span.start);
            ways.push(vec![Edit::new(at..at, format!("{}{line}", self.eol))]);
            ways.push(append(format!("{gap}[{path}]{}{line}", self.eol)));
            let dotted = format!("{full} = {}", self.inline(value));
            let at = self.first_heading().unwrap_or(end);
            ways.push(vec![Edit::new(at..at, format!("{dotted}{}", self.eol))]);
        }
        ways
    }

    pub(super) fn remove_from_table(&self, slot: &Slot<'_>) -> Vec<Way> {
        if self.is_flow(slot.spot) && !self.is_heading(slot.spot.span().start) {
            return self.remove_from_flow(slot);
        }
        let Some(number) = self.number(slot) else {
            return Vec::new();
        };
        let children = slot.spot.children();
        let Some(here) = children.get(number) else {
            return Vec::new();
        };
        let mut ways = Vec::new();
        if self.is_heading(here.span.start) {
            let from = self.line_start(here.span.start);
            let rest = self.text.get(from..).unwrap_or_default();
            let heads = rest.match_indices('\n').map(|(at, _)| from + at + 1);
            let mut stops: Vec<usize> = heads.filter(|at| self.is_heading_line(*at)).collect();
            stops.push(self.text.len());
            ways.extend(stops.into_iter().map(|to| vec![Edit::new(from..to, "")]));
        } else {
            ways.push(vec![Edit::new(self.lines(here.start(), here.span.end), "")]);
        }
        ways
    }

    /// The entries of a table that stand as lines of it, not under headings of their own.
    fn direct(&self, slot: &Slot<'_>) -> Vec<Child> {
        let children = slot.spot.children().into_iter();
        children
            .filter(|child| !self.is_heading(child.span.start))
            .collect()
    }

    /// Whether what stands there is a heading and no value.
    fn is_heading(&self, at: usize) -> bool {
        self.is_heading_line(self.line_start(at))
            && self
                .before(at)
                .trim_start_matches([' ', '\t', '['])
                .is_empty()
    }

    fn is_heading_line(&self, start: usize) -> bool {
        let line = self.text.get(start..).unwrap_or_default();
        line.trim_start_matches([' ', '\t']).starts_with('[')
    }

    fn first_heading(&self) -> Option<usize> {
        let starts = std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1));
        starts.into_iter().find(|at| self.is_heading_line(*at))
    }

    fn pairs(&self, map: &serde_json::Map<String, Value>) -> String {
        map.iter().fold(String::new(), |lines, (key, value)| {
            let name = write_name(Format::Toml, key);
            lines + self.eol + &name + " = " + &self.inline(value)
        })
    }
}

/// The dotted path of a table in a heading; elements of lists are the last ones.
fn heading(at: &Pointer) -> String {
    let steps = at.steps().filter(|step| step.parse::<usize>().is_err());
    let names: Vec<String> = steps.map(|step| write_name(Format::Toml, &step)).collect();
    names.join(".")
}

/// The names before the last of a dotted name.
fn lead_of_dotted(before: &str) -> &str {
    if before.trim_end().ends_with('.') {
        before
    } else {
        ""
    }
}
