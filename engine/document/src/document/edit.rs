//! Writing into a document: the data changes, and every byte that the change does not touch stays as it was,
//! comments, order, quotes and line ends included.
//!
//! A change can be written in more than one way, by the layout around it. The ways are tried in turn, and the first
//! is taken that reads back as exactly the changed data, so that no layout that nobody thought of can spoil a file.

mod block;
mod flow;
mod scalar;
mod table;

pub(crate) use scalar::quoted;
pub use scalar::write_inline;
pub(super) use scalar::write_name;

use super::spot::Spot;
use super::{Document, Format};
use evenhand_diagnostic::pointer::{Pointer, index};
use evenhand_diagnostic::problem::{Edit, Fix};
use serde_json::{Map, Value};

/// One change of the data of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Gives the value at a path, and makes the groups above it where they are absent. In a list, the index after
    /// the last appends.
    Set(Pointer, Value),
    /// Takes the value away, with its name.
    Remove(Pointer),
    /// Gives the value at a path another name.
    Rename(Pointer, String),
}

/// Why a change cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such value, or nothing that it could be put into.
    #[error("there is nothing at `{0}`")]
    Absent(String),
    /// The name is taken.
    #[error("`{0}` is there already")]
    Taken(String),
    /// The data can be changed, but not in the text: it is made of parts that stand elsewhere, such as YAML aliases.
    #[error("`{0}` cannot be changed without rewriting what is around it")]
    Layout(String),
}

impl Change {
    /// Where.
    pub fn pointer(&self) -> &Pointer {
        match self {
            Self::Set(at, _) | Self::Remove(at) | Self::Rename(at, _) => at,
        }
    }

    /// Changes the data.
    pub fn apply(&self, data: &mut Value) -> Result<(), EditError> {
        let at = self.pointer();
        let absent = || EditError::Absent(at.dotted());
        let parent = at.parent().ok_or_else(absent)?;
        let step = at.steps().last().ok_or_else(absent)?.into_owned();
        if let Self::Set(_, value) = self {
            let here = groups(data, &parent).ok_or_else(absent)?;
            return put(here, &step, value.clone()).ok_or_else(absent);
        }
        let here = data.pointer_mut(parent.as_str()).ok_or_else(absent)?;
        match (self, here) {
            (Self::Remove(_), Value::Array(items)) => {
                let index = index(&step).filter(|index| *index < items.len());
                items.remove(index.ok_or_else(absent)?);
            }
            (Self::Remove(_), Value::Object(map)) => {
                map.remove(&step).ok_or_else(absent)?;
            }
            (Self::Rename(_, name), Value::Object(map)) => {
                if *name != step && map.contains_key(name) {
                    return Err(EditError::Taken(parent.key(name).dotted()));
                }
                let value = map.remove(&step).ok_or_else(absent)?;
                map.insert(name.clone(), value);
            }
            _ => return Err(absent()),
        }
        Ok(())
    }
}

/// The value at the path; what is absent or null on the way becomes a group.
fn groups<'v>(data: &'v mut Value, at: &Pointer) -> Option<&'v mut Value> {
    let mut here = data;
    for step in at.steps() {
        here = match here {
            Value::Array(items) => items.get_mut(index(&step)?)?,
            other => {
                if other.is_null() {
                    *other = Value::Object(Map::new());
                }
                other
                    .as_object_mut()?
                    .entry(step.as_ref())
                    .or_insert(Value::Null)
            }
        };
    }
    if here.is_null() {
        *here = Value::Object(Map::new());
    }
    Some(here)
}

fn put(here: &mut Value, step: &str, value: Value) -> Option<()> {
    match here {
        Value::Array(items) => match index(step)? {
            at if at < items.len() => *items.get_mut(at)? = value,
            at if at == items.len() => items.push(value),
            _ => return None,
        },
        Value::Object(map) => {
            map.insert(step.to_owned(), value);
        }
        _ => return None,
    }
    Some(())
}

impl Document {
    /// The edits of the text that make the change.
    pub fn edit(&self, change: &Change) -> Result<Fix, EditError> {
        self.edit_with(change).map(|(fix, _)| fix)
    }

    /// The document with the changes made, one after the other.
    pub fn edited(&self, changes: &[Change]) -> Result<Self, EditError> {
        if let Some(document) = self.edited_at_once(changes) {
            return Ok(document);
        }
        let mut document = self.clone();
        for change in changes {
            document = document.edit_with(change)?.1;
        }
        Ok(document)
    }

    /// The same where every change is of a name or a value that is there: such changes stand apart in the text, so that a thousand of
    /// them are written and read back once. Nothing where that does not give the changed data.
    fn edited_at_once(&self, changes: &[Change]) -> Option<Self> {
        let is_there = |change: &Change| {
            let value = change.pointer().of(self.value());
            !matches!(change, Change::Remove(_)) && value.is_some_and(|value| !value.is_null())
        };
        if changes.len() < 2 || !changes.iter().all(is_there) {
            return None;
        }
        let mut data = self.value().clone();
        for change in changes {
            change.apply(&mut data).ok()?;
        }
        let editor = Editor::new(self)?;
        let ways = changes
            .iter()
            .map(|change| editor.ways(change).into_iter().next());
        let edits: Option<Vec<Way>> = ways.collect();
        let text = Fix::new(edits?.concat()).apply(editor.text)?;
        let read = Self::parse(self.name(), text.as_bytes(), editor.format).ok()?;
        same(read.value(), &data).then_some(read)
    }

    fn edit_with(&self, change: &Change) -> Result<(Fix, Self), EditError> {
        let mut data = self.value().clone();
        change.apply(&mut data)?;
        let refused = || EditError::Layout(change.pointer().dotted());
        let editor = Editor::new(self).ok_or_else(refused)?;
        for edits in editor.ways(change) {
            let fix = Fix::new(edits);
            let Some(text) = fix.apply(editor.text) else {
                continue;
            };
            let read = Self::parse(self.name(), text.as_bytes(), editor.format);
            if let Ok(document) = read
                && same(document.value(), &data)
            {
                return Ok((fix, document));
            }
        }
        Err(refused())
    }
}

/// Whether two values are the same data; `1` and `1.0` are one number.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_f64().is_some_and(|a| b.as_f64() == Some(a))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// A list or group that stands in the text, and the step into it.
struct Slot<'a> {
    spot: &'a Spot,
    at: Pointer,
    step: String,
}

/// What the ways of writing need to know of the document.
struct Editor<'a> {
    document: &'a Document,
    text: &'a str,
    format: Format,
    root: &'a Spot,
    eol: &'static str,
}

/// One way of writing a change.
type Way = Vec<Edit>;

impl<'a> Editor<'a> {
    /// Nothing for a document that nobody typed, or that is a part of a file.
    fn new(document: &'a Document) -> Option<Self> {
        let text = document.source().text();
        Some(Self {
            document,
            text,
            format: document.whole?,
            root: document.spot.as_ref()?,
            eol: if text.contains("\r\n") { "\r\n" } else { "\n" },
        })
    }

    fn ways(&self, change: &Change) -> Vec<Way> {
        match change {
            Change::Set(at, value) => self.set(at, value),
            Change::Remove(at) => self
                .slot(at)
                .map_or_else(Vec::new, |slot| match self.format {
                    Format::Toml => self.remove_from_table(&slot),
                    _ if self.is_flow(slot.spot) => self.remove_from_flow(&slot),
                    _ => self.remove_from_block(&slot),
                }),
            Change::Rename(at, name) => {
                let span = self.document.key_span(at);
                span.map_or_else(Vec::new, |span| {
                    vec![vec![Edit::new(span, self.name(name))]]
                })
            }
        }
    }

    fn slot(&self, at: &Pointer) -> Option<Slot<'a>> {
        let parent = at.parent()?;
        Some(Slot {
            spot: self.root.find(&parent)?,
            at: parent,
            step: at.steps().last()?.into_owned(),
        })
    }

    fn set(&self, at: &Pointer, value: &Value) -> Vec<Way> {
        if let Some(spot) = self.root.find(at) {
            return match self.format {
                Format::Yaml => self.replace_yaml(at, spot, value),
                Format::Json | Format::Toml => {
                    vec![vec![Edit::new(spot.span(), self.inline(value))]]
                }
            };
        }
        // The nearest value above that is there gets everything between as one value.
        let (mut at, mut value) = (at.clone(), value.clone());
        loop {
            let Some(parent) = at.parent() else {
                return Vec::new();
            };
            let step = at.steps().last().unwrap_or_default().into_owned();
            if let Some(spot) = self.root.find(&parent) {
                let here = parent.of(self.document.value());
                if here.is_some_and(Value::is_null) {
                    return self.set(&parent, &Value::Object(Map::from_iter([(step, value)])));
                }
                let slot = Slot {
                    spot,
                    at: parent,
                    step,
                };
                return self.insert(&slot, &value);
            }
            value = Value::Object(Map::from_iter([(step, value)]));
            at = parent;
        }
    }

    fn insert(&self, slot: &Slot<'_>, value: &Value) -> Vec<Way> {
        match self.format {
            Format::Toml => self.insert_into_table(slot, value),
            _ if self.is_flow(slot.spot) => self.insert_into_flow(slot, value),
            _ => self.insert_into_block(slot, value),
        }
    }

    /// Whether a list or group stands in brackets.
    fn is_flow(&self, spot: &Spot) -> bool {
        let typed = self.text.get(spot.span()).unwrap_or_default();
        typed.starts_with(['[', '{'])
    }

    fn is_list(&self, slot: &Slot<'_>) -> bool {
        slot.at
            .of(self.document.value())
            .is_some_and(Value::is_array)
    }

    /// What stands in a list or group: the name with its value, or the value alone.
    fn entry(&self, slot: &Slot<'_>, value: &str) -> String {
        if self.is_list(slot) {
            return value.to_owned();
        }
        let mark = if self.format == Format::Toml {
            " = "
        } else {
            ": "
        };
        format!("{}{mark}{value}", self.name(&slot.step))
    }

    /// The end of the line at this offset, before its line break.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len()
    }

    /// The beginning of the line at this offset.
    fn line_start(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.rfind('\n').map_or(0, |at| at + 1)
    }

    /// What stands before this offset on its line.
    fn before(&self, at: usize) -> &'a str {
        self.text.get(self.line_start(at)..at).unwrap_or_default()
    }

    /// From the beginning of the line of one offset to that of the line after another.
    fn lines(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let end = self.line_end(to);
        let rest = self.text.get(end..).unwrap_or_default();
        let length = if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(rest.starts_with('\n'))
        };
        self.line_start(from)..end + length
    }
}

#[cfg(test)]
mod tests;
