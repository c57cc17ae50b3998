//! JSON from somebody who is not trusted: every key once, no NUL, not deeper or larger than allowed.
//!
//! Two readers of a document with a key twice may see two documents. A count of values bounds the memory of whoever
//! keeps them: a brace of three bytes is an allocation of hundreds.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// Deepest nesting.
pub const DEPTH: usize = 64;
/// Most values in an answer or a manifest: every number, text, list and object counts.
pub const VALUES: usize = 50_000;

/// Reads `text`, in which there may be at most `most` values.
pub fn read(text: &str, most: usize) -> Result<Value, serde_json::Error> {
    let left = Cell::new(most);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict {
        left: &left,
        depth: DEPTH,
    }
    .deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads one value, with what is left of the whole.
#[derive(Clone, Copy)]
struct Strict<'a> {
    left: &'a Cell<usize>,
    depth: usize,
}

impl Strict<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| E::custom(format_args!("it is nested more than {DEPTH} deep")))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1);
        let left = left.ok_or_else(|| D::Error::custom("it holds more values than allowed"))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

fn clean<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        return Err(E::custom("a text holds the character NUL"));
    }
    Ok(())
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        serde_json::Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        clean(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        clean(&value)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            clean(&key)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "the key {key:?} stands twice"
                )));
            }
            let value = fields.next_value_seed(inner)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(text: &str, words: &str) {
        let message = read(text, VALUES).unwrap_err().to_string();
        assert!(message.contains(words), "{text}: {message}");
    }

    #[test]
    fn ordinary_documents_are_read() {
        let value = json!({ "a": [1, -2, 0.5, null, true, "ü"], "b": {} });
        assert_eq!(read(&value.to_string(), 10).unwrap(), value);
    }

    #[test]
    fn what_readers_disagree_about_is_refused() {
        refused(r#"{"a": 1, "a": 2}"#, "the key \"a\" stands twice");
        refused(r#"[{"b": {"x": 1, "x": 1}}]"#, "stands twice");
        // The same key, written with an escape.
        refused(r#"{"a": 1, "\u0061": 2}"#, "stands twice");
        refused(r#"{"a": "x\u0000y"}"#, "NUL");
        refused(r#"{"x\u0000": 1}"#, "NUL");
        refused("1e999", "out of range");
        refused("{} {}", "trailing");
        refused("{\"a\": NaN}", "expected");
        refused(&"[".repeat(100_000), "deep");
    }

    #[test]
    fn values_are_counted() {
        assert!(read("[1, 2, 3]", 4).is_ok());
        assert!(read("[1, 2, 3]", 3).is_err());
        assert!(read("{\"a\": {}}", 2).is_ok());
        assert!(read("{\"a\": {}}", 1).is_err());
    }
}
