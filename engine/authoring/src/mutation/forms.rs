//! The changes that are tried of a form: numbers a step up and down, comparisons and choices turned round, and each
//! part that can be spared left out.

#[cfg(test)]
mod tests;

use super::Mutant;
use super::changes::{Changed, step};
use evenhand_core::rule::Page;
use evenhand_core::rule::form::{Raw, RawData, RawEntry};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::number;
use std::ops::Range;

/// Names that have an opposite, or a neighbour.
const NAMES: [(&str, &str); 14] = [
    ("at_least", "above"),
    ("above", "at_least"),
    ("at_most", "below"),
    ("below", "at_most"),
    ("is", "is_not"),
    ("is_not", "is"),
    ("includes", "includes_none"),
    ("includes_none", "includes"),
    ("includes_all", "includes"),
    ("any", "all"),
    ("all", "any"),
    ("and", "or"),
    ("or", "and"),
    ("not", "and"),
];

/// Words that have an opposite, or a neighbour.
const WORDS: [(&str, &[&str]); 8] = [
    ("worst", &["best", "mean"]),
    ("best", &["worst", "mean"]),
    ("mean", &["worst", "best"]),
    ("yes", &["no"]),
    ("no", &["yes"]),
    ("not_applicable", &["0", "1"]),
    ("at_least", &["above"]),
    ("at_most", &["below"]),
];

/// Lists of which a part can be left out.
const LISTS: [&str; 9] = [
    "items", "first", "all_of", "any_of", "mean_of", "at_most", "and", "or", "remedy",
];
/// Parts that can be left out.
const PARTS: [&str; 6] = ["where", "applies", "weigh", "distinct", "full", "at_most"];
/// Conditions, of several of which one can be left out.
const CONDITIONS: [&str; 6] = ["applies", "where", "is", "if", "unless", "not"];

/// Every change to a form, in the order of the page.
pub(super) fn changes(page: &Page, form: &Raw) -> Vec<(Mutant, Changed)> {
    let mut found = Vec::new();
    let mut walk = Walk {
        page,
        form,
        found: &mut found,
    };
    walk.value(form, &Pointer::root(), "");
    found
}

struct Walk<'a> {
    page: &'a Page,
    form: &'a Raw,
    found: &'a mut Vec<(Mutant, Changed)>,
}

impl Walk<'_> {
    /// Changes of a value that stands under `name`.
    fn value(&mut self, raw: &Raw, at: &Pointer, name: &str) {
        match &raw.data {
            RawData::Nothing => {}
            RawData::Flag(flag) => {
                self.replaced(
                    raw,
                    at,
                    &flag.to_string(),
                    &RawData::Flag(!flag),
                    &(!flag).to_string(),
                );
            }
            RawData::Number(found) => {
                for other in [found + step(*found, 0.1), found - step(*found, 0.1)] {
                    self.replaced(
                        raw,
                        at,
                        &number(*found),
                        &RawData::Number(other),
                        &number(other),
                    );
                }
            }
            RawData::Text(text) => self.text(raw, at, text, name),
            RawData::List(items) => {
                let several = items.len() > 1 || ["at_most", "remedy"].contains(&name);
                let spared = LISTS.contains(&name) && several;
                let values = !LISTS.contains(&name)
                    && items.len() > 1
                    && name != "curve"
                    && items
                        .iter()
                        .all(|item| matches!(item.data, RawData::Text(_)))
                    && !["share", "times", "plus", "compare"].contains(&name);
                for (index, item) in items.iter().enumerate() {
                    let below = at.index(index);
                    let last = name == "first" && index + 1 == items.len();
                    if (spared && !last) || values {
                        self.left_out(&item.span, &below, &Removal::Item(at.clone(), index));
                    }
                    let inner = if name == "compare" && index == 1 {
                        "operator"
                    } else {
                        ""
                    };
                    self.value(item, &below, inner);
                }
            }
            RawData::Table(entries) => self.entries(entries, at, name),
        }
    }

    fn text(&mut self, raw: &Raw, at: &Pointer, text: &str, name: &str) {
        // Words for people are not judged by; a path that is another is another rule.
        let chosen = match name {
            "take" | "if_none" | "if_zero" | "operator" => text,
            _ => return,
        };
        let others = WORDS.iter().find(|(word, _)| *word == chosen);
        for other in others.map_or(&[][..], |(_, others)| others) {
            let data = match other.parse::<f64>() {
                Ok(number) => RawData::Number(number),
                Err(_) => RawData::Text((*other).to_owned()),
            };
            self.replaced(raw, at, text, &data, other);
        }
    }

    fn entries(&mut self, entries: &[RawEntry], at: &Pointer, name: &str) {
        let condition = CONDITIONS.contains(&name)
            && entries.len() > 1
            && !entries
                .iter()
                .any(|entry| ["any", "all"].contains(&entry.key.as_str()));
        for entry in entries {
            if entry.key == "say" || entry.key == "label" {
                continue;
            }
            let below = at.key(&entry.key);
            // A number has to say what counts in full; a checklist need not.
            let line = entry.key == "full" && !entries.iter().any(|entry| entry.key == "items");
            if (PARTS.contains(&entry.key.as_str()) && !line) || condition {
                self.left_out(
                    &entry.span,
                    &below,
                    &Removal::Entry(at.clone(), entry.key.clone()),
                );
            }
            let other = NAMES.iter().find(|(name, _)| *name == entry.key);
            if let Some((_, other)) = other.filter(|_| !is_item(entries, &entry.key)) {
                self.renamed(entry, at, other);
            }
            if entry.key == "yes_no" {
                self.swapped(entry, &below);
            }
            self.value(&entry.value, &below, &entry.key);
        }
    }

    /// Yes and no change places where the page leaves both to their defaults, 1 and 0: there is no number to shift.
    fn swapped(&mut self, entry: &RawEntry, at: &Pointer) {
        let mut form = self.form.clone();
        let Some(RawData::Table(parts)) = form.at_mut(at).map(|raw| &mut raw.data) else {
            return;
        };
        if parts
            .iter()
            .any(|part| ["yes", "no"].contains(&part.key.as_str()))
        {
            return;
        }
        for (key, degree) in [("yes", 0.0), ("no", 1.0)] {
            parts.push(RawEntry {
                key: key.to_owned(),
                span: entry.span.clone(),
                value: Raw {
                    span: entry.span.clone(),
                    data: RawData::Number(degree),
                },
            });
        }
        let change = format!("{}: yes and no change places", at.dotted());
        self.add(&entry.span, change, form);
    }

    fn replaced(&mut self, raw: &Raw, at: &Pointer, old: &str, data: &RawData, new: &str) {
        let mut form = self.form.clone();
        let Some(place) = form.at_mut(at) else { return };
        place.data = data.clone();
        let change = format!("{}: {old} becomes {new}", at.dotted());
        self.add(&raw.span, change, form);
    }

    fn renamed(&mut self, entry: &RawEntry, at: &Pointer, new: &str) {
        let mut form = self.form.clone();
        let Some(RawData::Table(entries)) = form.at_mut(at).map(|raw| &mut raw.data) else {
            return;
        };
        let Some(own) = entries.iter_mut().find(|own| own.key == entry.key) else {
            return;
        };
        new.clone_into(&mut own.key);
        if entry.key == "not" {
            // A list of one condition is the condition.
            let inner = own.value.clone();
            own.value.data = RawData::List(vec![inner]);
        }
        let change = if entry.key == "not" {
            format!("{} is left out", at.key("not").dotted())
        } else {
            format!("{} becomes {new}", at.key(&entry.key).dotted())
        };
        self.add(&entry.span, change, form);
    }

    fn left_out(&mut self, span: &Range<usize>, at: &Pointer, removal: &Removal) {
        let mut form = self.form.clone();
        match removal {
            Removal::Item(list, index) => {
                let Some(RawData::List(items)) = form.at_mut(list).map(|raw| &mut raw.data) else {
                    return;
                };
                if *index < items.len() {
                    items.remove(*index);
                }
            }
            Removal::Entry(table, key) => {
                let Some(RawData::Table(entries)) = form.at_mut(table).map(|raw| &mut raw.data)
                else {
                    return;
                };
                entries.retain(|entry| entry.key != *key);
            }
        }
        // Nothing to propose is said in a word.
        if let Removal::Item(list, _) = removal
            && let Some(raw) = form.at_mut(list)
            && list.as_str() == "/remedy"
            && matches!(&raw.data, RawData::List(items) if items.is_empty())
        {
            raw.data = RawData::Text("none".to_owned());
        }
        let change = format!("{} is left out", at.dotted());
        self.add(span, change, form);
    }

    fn add(&mut self, span: &Range<usize>, change: String, form: Raw) {
        let mutant = Mutant {
            file: self.page.source.name().to_owned(),
            line: self.page.source.place(span.start).line,
            change,
        };
        self.found.push((mutant, Changed::Form(form)));
    }
}

/// What is taken out.
enum Removal {
    Item(Pointer, usize),
    Entry(Pointer, String),
}

/// The condition of a checklist's item has the name of a comparison.
fn is_item(entries: &[RawEntry], key: &str) -> bool {
    key == "is"
        && entries
            .iter()
            .all(|entry| ["is", "weight", "label"].contains(&entry.key.as_str()))
        && entries
            .iter()
            .any(|entry| entry.key == "is" && matches!(entry.value.data, RawData::Table(_)))
}
