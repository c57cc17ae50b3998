//! The settings of a form as written: a tree in the order typed, with the place of everything.

use crate::document::Document;
use crate::pointer::{Pointer, index};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::Range;

/// A value, and where it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Raw {
    /// In bytes of the page.
    pub span: Range<usize>,
    /// What it is.
    pub data: RawData,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RawData {
    /// `null`, or nothing.
    Nothing,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Raw>),
    /// Named values, in the order typed.
    Table(Vec<RawEntry>),
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawEntry {
    /// Its name.
    pub key: String,
    /// Where the name is written.
    pub span: Range<usize>,
    /// The value.
    pub value: Raw,
}

impl Raw {
    /// What a page says of how it judges, if it says anything.
    pub(crate) fn of_page(front: &Document) -> Option<Self> {
        let root = Pointer::root();
        let written = front.keys_in_order(&root);
        let keys = written
            .into_iter()
            .filter(|key| super::KEYS.contains(&key.as_str()));
        let entries: Vec<RawEntry> = keys.map(|key| entry(front, &root, key)).collect();
        let first = entries.first()?;
        Some(Self {
            span: first.span.clone(),
            data: RawData::Table(entries),
        })
    }

    fn of(front: &Document, at: &Pointer) -> Self {
        let data = match at.of(front.value()) {
            None | Some(Value::Null) => RawData::Nothing,
            Some(Value::Bool(flag)) => RawData::Flag(*flag),
            Some(Value::Number(number)) => RawData::Number(number.as_f64().unwrap_or_default()),
            Some(Value::String(text)) => RawData::Text(text.clone()),
            Some(Value::Array(items)) => RawData::List(
                (0..items.len())
                    .map(|item| Self::of(front, &at.index(item)))
                    .collect(),
            ),
            Some(Value::Object(_)) => RawData::Table(
                front
                    .keys_in_order(at)
                    .into_iter()
                    .map(|key| entry(front, at, key))
                    .collect(),
            ),
        };
        Self {
            span: front.value_span(at).unwrap_or_default(),
            data,
        }
    }

    /// The entry of a table.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let RawData::Table(entries) = &self.data else {
            return None;
        };
        let entry = entries.iter().find(|entry| entry.key == key)?;
        Some(&entry.value)
    }

    /// The value at a pointer, to be changed.
    pub fn at_mut(&mut self, pointer: &Pointer) -> Option<&mut Self> {
        pointer
            .steps()
            .try_fold(self, |raw, step| match &mut raw.data {
                RawData::List(items) => items.get_mut(index(&step)?),
                RawData::Table(entries) => entries
                    .iter_mut()
                    .find(|entry| entry.key == step)
                    .map(|entry| &mut entry.value),
                _ => None,
            })
    }

    /// What it is, with an article.
    pub(crate) fn title(&self) -> &'static str {
        match self.data {
            RawData::Nothing => "nothing",
            RawData::Flag(_) => "true or false",
            RawData::Number(_) => "a number",
            RawData::Text(_) => "text",
            RawData::List(_) => "a list",
            RawData::Table(_) => "named values",
        }
    }
}

fn entry(front: &Document, at: &Pointer, key: String) -> RawEntry {
    let below = at.key(&key);
    RawEntry {
        span: front.key_span(&below).unwrap_or_default(),
        value: Raw::of(front, &below),
        key,
    }
}
