//! The values of a running script.

use crate::pointer::Pointer;
use crate::rule::helpers::{Answer, Proposed};
use crate::schema::FieldId;
use rhai::{Dynamic, ImmutableString};
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How deep lists, tables and closures may nest.
pub(crate) const NESTING: u8 = 32;

/// A value. Copies share what is large.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Nothing,
    YesNo(bool),
    Number(f64),
    /// A number of which only the ends are known, by its place in the record of the run.
    Range(u32),
    Text(ImmutableString),
    List(Arc<List>),
    Table(Arc<Table>),
    /// A list of groups of facts, by its node.
    Facts(u32),
    /// A group of facts, by its node.
    Fact(u32),
    /// A group of which nothing is known.
    Absent(Arc<(Pointer, Option<FieldId>)>),
    Closure(Arc<Captured>),
    Answer(Arc<Answer>),
    Change(Arc<Proposed>),
}

/// A list that the script made, and how deep it nests.
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    pub(crate) items: Vec<Value>,
    pub(crate) depth: u8,
}

/// A table that the script made, and how deep it nests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) entries: BTreeMap<ImmutableString, Value>,
    pub(crate) depth: u8,
}

/// A closure: the number of its function, and what it captured.
#[derive(Debug)]
pub(crate) struct Captured {
    pub(crate) function: usize,
    pub(crate) values: Vec<Value>,
    pub(crate) depth: u8,
}

impl Value {
    /// A list; nothing where it would nest too deeply.
    pub(crate) fn list(items: Vec<Self>) -> Option<Self> {
        let depth = deeper(items.iter())?;
        Some(Self::List(Arc::new(List { items, depth })))
    }

    /// A table; nothing where it would nest too deeply.
    pub(crate) fn table(entries: BTreeMap<ImmutableString, Self>) -> Option<Self> {
        let depth = deeper(entries.values())?;
        Some(Self::Table(Arc::new(Table { entries, depth })))
    }

    /// A closure; nothing where it would nest too deeply.
    pub(crate) fn closure(function: usize, values: Vec<Self>) -> Option<Self> {
        let depth = deeper(values.iter())?;
        Some(Self::Closure(Arc::new(Captured {
            function,
            values,
            depth,
        })))
    }

    pub(crate) fn text(text: impl Into<ImmutableString>) -> Self {
        Self::Text(text.into())
    }

    /// How deep it nests.
    pub(crate) fn depth(&self) -> u8 {
        match self {
            Self::List(list) => list.depth,
            Self::Table(table) => table.depth,
            Self::Closure(closure) => closure.depth,
            _ => 0,
        }
    }

    /// What it is, in the words of authors.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::YesNo(_) => "yes or no",
            Self::Number(_) => "a number",
            Self::Range(_) => "a range",
            Self::Text(_) => "text",
            Self::List(_) | Self::Facts(_) => "a list",
            Self::Table(_) => "a table",
            Self::Fact(_) | Self::Absent(_) => "a group of facts",
            Self::Closure(_) => "a function",
            Self::Answer(_) => "a finding",
            Self::Change(_) => "a proposal to set a fact",
        }
    }

    /// A fact's plain value.
    pub(crate) fn of_fact(value: &Dynamic) -> Self {
        if let Ok(number) = value.as_float() {
            Self::Number(number)
        } else if let Ok(flag) = value.as_bool() {
            Self::YesNo(flag)
        } else if let Ok(text) = value.as_immutable_string_ref() {
            Self::Text(text.clone())
        } else {
            Self::Nothing
        }
    }

    /// A value from JSON; nothing where it nests too deeply.
    pub(crate) fn of_json(value: &Json) -> Option<Self> {
        Some(match value {
            Json::Null => Self::Nothing,
            Json::Bool(flag) => Self::YesNo(*flag),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::text(text.as_str()),
            Json::Array(items) => {
                let items = items.iter().map(Self::of_json);
                Self::list(items.collect::<Option<_>>()?)?
            }
            Json::Object(map) => {
                let entries = map.iter().map(|(key, value)| {
                    Some((ImmutableString::from(key.as_str()), Self::of_json(value)?))
                });
                Self::table(entries.collect::<Option<_>>()?)?
            }
        })
    }

    /// As JSON; the word for what cannot be shown where there is any. Whole numbers stay whole.
    pub(crate) fn json(&self) -> Result<Json, &'static str> {
        Ok(match self {
            Self::YesNo(flag) => Json::Bool(*flag),
            Self::Number(number) => {
                crate::text::json_number(*number).ok_or("a number that is not finite")?
            }
            Self::Text(text) => Json::String(text.to_string()),
            Self::List(list) => {
                let items = list.items.iter().map(Self::json);
                Json::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Table(table) => {
                let entry = |(key, value): (&ImmutableString, &Self)| {
                    value.json().map(|value| (key.to_string(), value))
                };
                let entries = table.entries.iter().map(entry);
                Json::Object(entries.collect::<Result<_, _>>()?)
            }
            other => return Err(other.word()),
        })
    }

    /// How many bytes it takes where it is written out.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 2,
            Self::List(list) => list.items.iter().map(|item| item.size() + 2).sum(),
            Self::Table(table) => {
                let entries = table.entries.iter();
                entries
                    .map(|(key, value)| key.len() + value.size() + 4)
                    .sum()
            }
            _ => 24,
        }
    }
}

fn deeper<'v>(values: impl Iterator<Item = &'v Value>) -> Option<u8> {
    let depth = values.map(Value::depth).max().unwrap_or(0) + 1;
    (depth <= NESTING).then_some(depth)
}

/// Whether two values of one type are equal; how they differ in type where they do.
pub(crate) fn equal(a: &Value, b: &Value) -> Result<bool, String> {
    match (a, b) {
        #[expect(clippy::float_cmp, reason = "a script's `==` means exactly equal")]
        (Value::Number(a), Value::Number(b)) => Ok(a == b),
        (Value::YesNo(a), Value::YesNo(b)) => Ok(a == b),
        (Value::Text(a), Value::Text(b)) => Ok(a == b),
        (Value::List(a), Value::List(b)) => {
            if a.items.len() != b.items.len() {
                return Ok(false);
            }
            for (a, b) in a.items.iter().zip(&b.items) {
                if !equal(a, b)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        _ => Err(mismatch(a, b)),
    }
}

/// How two numbers or two texts are ordered.
pub(crate) fn order(a: &Value, b: &Value) -> Result<Ordering, String> {
    match (a, b) {
        (Value::Number(left), Value::Number(right)) => {
            left.partial_cmp(right).ok_or_else(|| mismatch(a, b))
        }
        (Value::Text(left), Value::Text(right)) => Ok(left.cmp(right)),
        _ => Err(mismatch(a, b)),
    }
}

fn mismatch(a: &Value, b: &Value) -> String {
    format!("cannot compare {} with {}", a.word(), b.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_go_to_json_and_back() {
        for value in [
            json!(true),
            json!(2),
            json!(2.5),
            json!("a"),
            json!([1, ["a"], []]),
            json!({ "a": [1], "b": { "c": false } }),
        ] {
            assert_eq!(Value::of_json(&value).unwrap().json(), Ok(value));
        }
        assert_eq!(
            Value::Number(f64::INFINITY).json(),
            Err("a number that is not finite")
        );
        assert_eq!(Value::Fact(1).json(), Err("a group of facts"));
    }

    #[test]
    fn what_nests_too_deeply_is_not_made() {
        let mut value = Value::Nothing;
        for _ in 0..NESTING {
            value = Value::list(vec![value]).unwrap();
        }
        assert!(Value::list(vec![value.clone()]).is_none());
        assert!(Value::closure(0, vec![value]).is_none());
    }

    #[test]
    fn values_of_one_type_are_compared_and_others_are_not() {
        let of = |value| Value::of_json(&value).unwrap();
        for (a, b, same) in [
            (json!(1), json!(1.0), Ok(true)),
            (json!("a"), json!("b"), Ok(false)),
            (json!([1, 2]), json!([1, 2]), Ok(true)),
            (json!([1, 2]), json!([1]), Ok(false)),
            (
                json!([1, "b"]),
                json!([1, 2]),
                Err("cannot compare text with a number".to_owned()),
            ),
            (
                json!(true),
                json!(1),
                Err("cannot compare yes or no with a number".to_owned()),
            ),
            (
                json!({}),
                json!({}),
                Err("cannot compare a table with a table".to_owned()),
            ),
        ] {
            assert_eq!(equal(&of(a.clone()), &of(b.clone())), same, "{a} {b}");
        }
        assert!(order(&Value::Number(1.0), &Value::Number(f64::NAN)).is_err());
        assert_eq!(
            order(&Value::text("a"), &Value::text("b")),
            Ok(Ordering::Less)
        );
    }
}
