//! Facts being written down, with what was missing for those that could not be.

use crate::emission::Range;
use crate::proposal::Known;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Facts under one pointer.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pointer: String,
    pub(crate) facts: Map<String, Value>,
    /// Pointer into the facts → places of the proposal that would have to be known.
    pub(crate) missing: BTreeMap<String, Vec<String>>,
}

impl Record {
    /// An empty record for the facts under `pointer`.
    pub(crate) fn new(pointer: String) -> Self {
        Self {
            pointer,
            ..Self::default()
        }
    }

    /// Writes a fact, or what is missing for it.
    pub(crate) fn set(&mut self, name: &str, value: Known<Value>) {
        match value {
            Ok(value) => {
                self.facts.insert(name.to_owned(), value);
            }
            Err(gaps) => {
                let pointer = format!("{}/{name}", self.pointer);
                self.missing.insert(pointer, gaps.into_iter().collect());
            }
        }
    }

    /// Writes a fact that need not exist: there is nothing to ask for where it does not.
    pub(crate) fn set_if(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.facts.insert(name.to_owned(), value);
        }
    }
}

/// km, to 0.1.
pub(crate) fn km(value: f64) -> Value {
    rounded(value, 10.0)
}

/// kg CO2e, to the gram.
pub(crate) fn kg(value: f64) -> Value {
    rounded(value, 1000.0)
}

/// t CO2e, to the gram.
pub(crate) fn tonnes(value: f64) -> Value {
    rounded(value, 1_000_000.0)
}

/// The three figures of a range, written with `unit`.
pub(crate) fn range(value: Range, unit: fn(f64) -> Value) -> Value {
    json!({ "low": unit(value.low), "central": unit(value.central), "high": unit(value.high) })
}

/// Rounding takes off what only the order of additions put there.
fn rounded(value: f64, steps: f64) -> Value {
    Value::from(libm::round(value * steps) / steps)
}
