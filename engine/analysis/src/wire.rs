//! What analysis finds, as JSON.

pub mod questions;

use serde::Serialize;
use serde_json::Value;

/// Version of the JSON forms; it rises with any break.
pub const SCHEMA_VERSION: u32 = 1;

/// Indented JSON with a line break at the end.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A figure with no more decimals than anybody could use.
pub(crate) fn decimal(value: f64) -> Value {
    Value::from((value * 1e4).round() / 1e4)
}
