//! The map from pointers to places, the same for every format.

use super::tree::{Data, Node};
use evenhand_diagnostic::pointer::{Pointer, index};
use evenhand_diagnostic::text::json_number;
use serde_json::{Map, Number, Value};
use std::ops::Range;

/// Where a value is typed, and everything below it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    span: Range<usize>,
    below: Below,
}

#[derive(Debug, Clone)]
enum Below {
    Nothing,
    List(Vec<Spot>),
    Table {
        /// In the order typed.
        entries: Vec<(String, Range<usize>, Spot)>,
        /// Numbers of the entries, in the order of their names, to find them quickly.
        sorted: Vec<usize>,
    },
}

impl Spot {
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn find(&self, pointer: &Pointer) -> Option<&Self> {
        // A pointer that is neither empty nor begins with a slash points nowhere.
        if !pointer.is_root() && !pointer.as_str().starts_with('/') {
            return None;
        }
        pointer
            .steps()
            .try_fold(self, |spot, step| match &spot.below {
                Below::Nothing => None,
                Below::List(items) => items.get(index(&step)?),
                Below::Table { .. } => spot.entry(&step).map(|(_, _, spot)| spot),
            })
    }

    pub(super) fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entry(key).map(|(_, span, _)| span.clone())
    }

    pub(super) fn keys(&self) -> Vec<String> {
        match &self.below {
            Below::Table { entries, .. } => entries.iter().map(|(key, ..)| key.clone()).collect(),
            Below::Nothing | Below::List(_) => Vec::new(),
        }
    }

    /// The name, if there is one, and the value of everything directly below, in the order typed.
    pub(super) fn places(&self) -> impl Iterator<Item = (Option<Range<usize>>, Range<usize>)> + '_ {
        let (items, entries) = match &self.below {
            Below::Nothing => (&[][..], &[][..]),
            Below::List(items) => (items.as_slice(), &[][..]),
            Below::Table { entries, .. } => (&[][..], entries.as_slice()),
        };
        let items = items.iter().map(|spot| (None, spot.span()));
        let entries = entries
            .iter()
            .map(|(_, key, spot)| (Some(key.clone()), spot.span()));
        items.chain(entries)
    }

    fn entry(&self, key: &str) -> Option<&(String, Range<usize>, Self)> {
        let Below::Table { entries, sorted } = &self.below else {
            return None;
        };
        let name = |at: &usize| entries.get(*at).map_or("", |(name, ..)| name.as_str());
        let found = sorted.binary_search_by(|at| name(at).cmp(key)).ok()?;
        entries.get(*sorted.get(found)?)
    }
}

/// Takes a checked tree apart into the value and the places.
pub(super) fn split(node: Node) -> (Value, Spot) {
    let mut below = Below::Nothing;
    let value = match node.data {
        Data::Null => Value::Null,
        Data::Bool(truth) => Value::Bool(truth),
        Data::Integer(number) => number
            .and_then(|number| i64::try_from(number).ok())
            .map_or(Value::Null, |number| Value::Number(Number::from(number))),
        // One number is one value, however it is written: `-0.0`, `0.0` and `0` have one digest.
        Data::Float(number) => json_number(number).unwrap_or(Value::Null),
        Data::Text(text) => Value::String(text),
        Data::List(items) => {
            let (values, spots) = items.into_iter().map(split).unzip();
            below = Below::List(spots);
            Value::Array(values)
        }
        Data::Table(table) => {
            let mut values = Map::new();
            let mut entries = Vec::with_capacity(table.len());
            for entry in table {
                let (value, spot) = split(entry.node);
                values.insert(entry.key.clone(), value);
                entries.push((entry.key, entry.key_span, spot));
            }
            let mut sorted: Vec<(usize, &str)> = entries
                .iter()
                .map(|(key, ..)| key.as_str())
                .enumerate()
                .collect();
            sorted.sort_by_key(|(_, key)| *key);
            let sorted = sorted.into_iter().map(|(at, _)| at).collect();
            below = Below::Table { entries, sorted };
            Value::Object(values)
        }
    };
    (
        value,
        Spot {
            span: node.span,
            below,
        },
    )
}
