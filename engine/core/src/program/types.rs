//! The types of a script's values.

use crate::schema::{FieldId, Kind, Schema};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// At most so many texts that a value can be are kept apart.
const WORDS: usize = 64;

/// What a value is known to be without running anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    /// No value: the function has returned.
    Never,
    /// Known only when it is there: a board's own field, a plugin's document.
    Unknown,
    /// No value, as of a loop.
    Nothing,
    Number,
    YesNo,
    Text(Words),
    /// Elements of one type; whether there may be none.
    List(Box<Type>, bool),
    /// A literal list of mixed types.
    Row(Vec<Type>),
    Table(BTreeMap<String, Type>),
    /// A group of facts: one of these fields.
    Group(BTreeSet<FieldId>),
    /// The rule's parameters.
    Params,
    Finding,
    /// A proposal to set a fact.
    Change,
    /// A closure with the types of what it captured.
    Closure(String, Vec<Type>),
}

/// What is known of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Words {
    /// The enumeration it comes from.
    pub(crate) field: Option<FieldId>,
    /// All texts it can be.
    pub(crate) set: Option<BTreeSet<String>>,
    /// Whether it is the path of a fact in which `[]` stands for any element.
    pub(crate) path: bool,
}

impl Words {
    pub(crate) fn one(text: impl Into<String>) -> Self {
        Self {
            set: Some(BTreeSet::from([text.into()])),
            ..Self::default()
        }
    }

    fn or(self, other: Self) -> Self {
        let set = match (self.set, other.set) {
            (Some(mut a), Some(b)) => {
                a.extend(b);
                Some(a).filter(|set| set.len() <= WORDS)
            }
            _ => None,
        };
        Self {
            field: self.field.filter(|field| other.field == Some(*field)),
            set,
            path: self.path || other.path,
        }
    }

    /// One text after another.
    pub(crate) fn then(&self, other: &Self) -> Self {
        let set = match (&self.set, &other.set) {
            (Some(a), Some(b)) if a.len() * b.len() <= WORDS => {
                let pairs = a
                    .iter()
                    .flat_map(|a| b.iter().map(move |b| format!("{a}{b}")));
                Some(pairs.collect())
            }
            _ => None,
        };
        Self {
            field: None,
            set,
            path: self.path || other.path,
        }
    }
}

impl Type {
    pub(crate) fn text() -> Self {
        Self::Text(Words::default())
    }

    pub(crate) fn group(field: FieldId) -> Self {
        Self::Group(BTreeSet::from([field]))
    }

    pub(crate) fn list(element: Self) -> Self {
        Self::List(Box::new(element), true)
    }

    /// The type of the fact at a field.
    pub(crate) fn of_field(schema: &Schema, id: FieldId) -> Self {
        let field = schema.field(id);
        match field.kind {
            Kind::Any => Self::Unknown,
            Kind::Object => Self::group(id),
            Kind::Number | Kind::Integer => Self::Number,
            Kind::Boolean => Self::YesNo,
            Kind::Text => {
                let choices = field.choices.iter().cloned().collect::<BTreeSet<_>>();
                let known = !choices.is_empty();
                Self::Text(Words {
                    field: known.then_some(id),
                    set: known.then_some(choices),
                    path: false,
                })
            }
            Kind::List => {
                let element = field
                    .items
                    .map_or(Self::Unknown, |items| Self::of_field(schema, items));
                let some = field.minimum.is_some_and(|least| least >= 1.0);
                Self::List(Box::new(element), !some)
            }
        }
    }

    /// The type of a parameter with this value; another value of the same shape may take its place.
    pub(crate) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Bool(_) => Self::YesNo,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::text(),
            Value::Array(items) => Self::of_items(items.iter().map(Self::of_value).collect()),
            Value::Object(map) => Self::Table(
                map.iter()
                    .map(|(key, value)| (key.clone(), Self::of_value(value)))
                    .collect(),
            ),
        }
    }

    /// A literal list of these.
    pub(crate) fn of_items(items: Vec<Self>) -> Self {
        let mut common = Self::Never;
        for item in &items {
            match common.or(item) {
                Some(joined) => common = joined,
                None => return Self::Row(items),
            }
        }
        Self::List(Box::new(common), items.is_empty())
    }

    /// The type of a value that is of either; none where they have nothing in common.
    pub(crate) fn or(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (a, b) if a == b => a.clone(),
            (Self::Never, one) | (one, Self::Never) => one.clone(),
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Text(a), Self::Text(b)) => Self::Text(a.clone().or(b.clone())),
            (Self::List(a, none), Self::List(b, neither)) => {
                Self::List(Box::new(a.or(b)?), *none || *neither)
            }
            (Self::Row(a), Self::Row(b)) if a.len() == b.len() => {
                let both = a.iter().zip(b).map(|(a, b)| a.or(b));
                Self::Row(both.collect::<Option<_>>()?)
            }
            (Self::Table(a), Self::Table(b)) => {
                let mut both = BTreeMap::new();
                for (key, a) in a {
                    if let Some(b) = b.get(key) {
                        both.insert(key.clone(), a.or(b)?);
                    }
                }
                Self::Table(both)
            }
            (Self::Group(a), Self::Group(b)) => Self::Group(a.union(b).copied().collect()),
            _ => return None,
        })
    }

    /// The type of a name that something else may be assigned to.
    pub(crate) fn widened(self) -> Self {
        match self {
            Self::Text(_) => Self::text(),
            Self::List(element, _) => Self::List(Box::new(element.widened()), true),
            other => other,
        }
    }

    /// Whether a finding or a proposal to set a fact is in it, and which.
    pub(crate) fn answer(&self) -> Option<&Self> {
        match self {
            Self::Finding | Self::Change => Some(self),
            Self::List(element, _) => element.answer(),
            Self::Row(items) => items.iter().find_map(Self::answer),
            Self::Table(entries) => entries.values().find_map(Self::answer),
            _ => None,
        }
    }

    /// Whether nothing more can be said of it.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Unknown | Self::Never)
    }

    /// What it is, in the words of authors.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Never | Self::Unknown => "something not known before it is there",
            Self::Nothing => "nothing",
            Self::Number => "a number",
            Self::YesNo => "yes or no",
            Self::Text(_) => "text",
            Self::List(..) => "a list",
            Self::Row(_) => "a list of mixed types",
            Self::Table(_) | Self::Params => "a table",
            Self::Group(_) => "a group of facts",
            Self::Finding => "a finding",
            Self::Change => "a proposal to set a fact",
            Self::Closure(..) => "a function",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_two_types_have_in_common() {
        let of = |value| Type::of_value(&value);
        let number = || Type::Number;
        for (a, b, both) in [
            (number(), number(), Some(number())),
            (number(), Type::YesNo, None),
            (number(), Type::Never, Some(number())),
            (number(), Type::Unknown, Some(Type::Unknown)),
            (of(json!([])), of(json!([1])), Some(Type::list(number()))),
            (of(json!([1])), of(json!(["a"])), None),
            (
                of(json!([1, "a"])),
                of(json!([2, "b"])),
                Some(of(json!([1, "a"]))),
            ),
            (of(json!([1, "a"])), of(json!([1, "a", 2])), None),
            (
                of(json!({ "a": 1, "b": 2 })),
                of(json!({ "a": 1 })),
                Some(of(json!({ "a": 1 }))),
            ),
            (of(json!({ "a": 1 })), of(json!({ "a": "x" })), None),
        ] {
            assert_eq!(a.or(&b), both, "{a:?} {b:?}");
            assert_eq!(b.or(&a), both, "{b:?} {a:?}");
        }
        let words = |text: &str| Type::Text(Words::one(text));
        let Some(Type::Text(both)) = words("a").or(&words("b")) else {
            panic!("text and text are text");
        };
        assert_eq!(both.set.map(|set| set.len()), Some(2));
    }

    #[test]
    fn texts_are_put_together() {
        let path = Words {
            path: true,
            ..Words::one("flows[]")
        };
        let whole = path.then(&Words::one(".weeks"));
        assert_eq!(whole.set, Some(["flows[].weeks".to_owned()].into()));
        assert!(whole.path);
        assert_eq!(path.then(&Words::default()).set, None);
    }
}
