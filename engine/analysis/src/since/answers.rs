//! Which answers of a proposal are others than they were.

use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::source::Place;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An answer that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Where it stands today, or stood where it is gone.
    pub path: Pointer,
    /// The answer as it was; none where there was none.
    pub was: Option<Value>,
    /// The answer as it is; none where there is none any more.
    pub is: Option<Value>,
    /// Its place in the file of today, or in the one that was recorded where it is gone.
    pub place: Option<Place>,
}

/// The answers that changed, in the order of the file; those that are gone stand last. What is absent, `null` or an empty group
/// is no answer, and 2 is the same as 2.0.
pub(super) fn changed(old: &Document, new: &Document) -> Vec<Answer> {
    let mut found = Found {
        old,
        new,
        answers: Vec::new(),
    };
    let root = Pointer::root();
    found.compare(old.value(), new.value(), (&root, &root));
    let mut answers = found.answers;
    let line = |place: &Option<Place>| place.map(|place| (place.line, place.column));
    answers.sort_by_key(|answer| (answer.is.is_none(), line(&answer.place)));
    answers
}

/// Whether two values are the same answer.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other
                || one
                    .as_f64()
                    .zip(other.as_f64())
                    .is_some_and(|(one, other)| (one - other).abs() <= 0.0)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            names.into_iter().all(|name| {
                let value = |map: &serde_json::Map<String, Value>| map.get(name).cloned();
                is_same(
                    &value(one).unwrap_or_default(),
                    &value(other).unwrap_or_default(),
                )
            })
        }
        _ => one == other,
    }
}

struct Found<'a> {
    old: &'a Document,
    new: &'a Document,
    answers: Vec<Answer>,
}

/// Where a value stood, and where it stands.
type Places<'a> = (&'a Pointer, &'a Pointer);

impl Found<'_> {
    fn compare(&mut self, old: &Value, new: &Value, at: Places<'_>) {
        match (old, new) {
            (Value::Object(before), Value::Object(after)) => {
                let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                for name in names {
                    let (was, is) = (before.get(name), after.get(name));
                    let at = (at.0.key(name), at.1.key(name));
                    self.compare(
                        was.unwrap_or(&Value::Null),
                        is.unwrap_or(&Value::Null),
                        (&at.0, &at.1),
                    );
                }
            }
            (Value::Array(before), Value::Array(after))
                if has_groups(before) || has_groups(after) =>
            {
                self.elements(before, after, at);
            }
            _ if is_same(old, new) => {}
            (Value::Null, _) => self.only(new, at.1, false),
            (_, Value::Null) => self.only(old, at.0, true),
            _ => self.answers.push(Answer {
                path: at.1.clone(),
                was: Some(old.clone()),
                is: Some(new.clone()),
                place: self.new.place(at.1),
            }),
        }
    }

    /// Elements of a list: by their ids where each has one; otherwise those that are the same at both ends of the list are left
    /// out, and the others compared in their order.
    fn elements(&mut self, old: &[Value], new: &[Value], at: Places<'_>) {
        if let Some((before, after)) = ids(old).zip(ids(new)) {
            for (id, (index, value)) in &after {
                let here = at.1.index(*index);
                match before.get(id) {
                    Some((was_at, was)) => self.compare(was, value, (&at.0.index(*was_at), &here)),
                    None => self.only(value, &here, false),
                }
            }
            for (id, (index, value)) in &before {
                if !after.contains_key(id) {
                    self.only(value, &at.0.index(*index), true);
                }
            }
            return;
        }
        let same = |(one, other): &(&Value, &Value)| is_same(one, other);
        let first = old.iter().zip(new).take_while(same).count();
        let rest = old.len().min(new.len()) - first;
        let last = old.iter().rev().zip(new.iter().rev()).take(rest);
        let last = last.take_while(same).count();
        let middle = |list: &[Value]| first..list.len() - last;
        let (mut before, mut after) = (middle(old), middle(new));
        loop {
            match (before.next(), after.next()) {
                (Some(was_at), Some(is_at)) => {
                    if let (Some(was), Some(is)) = (old.get(was_at), new.get(is_at)) {
                        self.compare(was, is, (&at.0.index(was_at), &at.1.index(is_at)));
                    }
                }
                (Some(was_at), None) => {
                    if let Some(was) = old.get(was_at) {
                        self.only(was, &at.0.index(was_at), true);
                    }
                }
                (None, Some(is_at)) => {
                    if let Some(is) = new.get(is_at) {
                        self.only(is, &at.1.index(is_at), false);
                    }
                }
                (None, None) => return,
            }
        }
    }

    /// Every answer of a value that is there on one side only.
    fn only(&mut self, value: &Value, at: &Pointer, gone: bool) {
        match value {
            Value::Null => {}
            Value::Object(map) => {
                for (name, value) in map {
                    self.only(value, &at.key(name), gone);
                }
            }
            Value::Array(items) if has_groups(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.only(item, &at.index(index), gone);
                }
            }
            _ => {
                let value = Some(value.clone());
                let (was, is) = if gone { (value, None) } else { (None, value) };
                let document = if gone { self.old } else { self.new };
                self.answers.push(Answer {
                    path: at.clone(),
                    was,
                    is,
                    place: document.place(at),
                });
            }
        }
    }
}

fn has_groups(items: &[Value]) -> bool {
    items.iter().any(Value::is_object)
}

/// The elements of a list by their ids; nothing unless each has one of its own.
fn ids(items: &[Value]) -> Option<BTreeMap<&str, (usize, &Value)>> {
    let mut found = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let id = item.get("id")?.as_str()?;
        if found.insert(id, (index, item)).is_some() {
            return None;
        }
    }
    Some(found)
}
