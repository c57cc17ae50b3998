//! The flat values of functions: as owned [`Argument`]s, and as they are lent across the border.

#![expect(
    unsafe_code,
    reason = "reads the union of a value that came across the border"
)]

use crate::abi;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str;

/// The types of values that cross the border, as the manifest names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// Nothing.
    Unit,
    /// A truth value.
    Bool,
    /// A whole number.
    I64,
    /// A finite number.
    F64,
    /// Text.
    Str,
    /// A JSON document.
    Json,
}

impl ValueType {
    /// Every type, in the order of the tags.
    pub const ALL: [Self; 6] = [
        Self::Unit,
        Self::Bool,
        Self::I64,
        Self::F64,
        Self::Str,
        Self::Json,
    ];

    /// The name in a manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Bool => "bool",
            Self::I64 => "i64",
            Self::F64 => "f64",
            Self::Str => "str",
            Self::Json => "json",
        }
    }

    /// The type of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// The tag of such a value.
    pub const fn tag(self) -> u32 {
        match self {
            Self::Unit => abi::TAG_UNIT,
            Self::Bool => abi::TAG_BOOL,
            Self::I64 => abi::TAG_I64,
            Self::F64 => abi::TAG_F64,
            Self::Str => abi::TAG_STR,
            Self::Json => abi::TAG_JSON,
        }
    }

    /// The type of that tag.
    pub fn tagged(tag: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.tag() == tag)
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value with everything it needs: what a test gives to a function and gets from it.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// Nothing.
    Unit,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Text.
    Text(String),
    /// A JSON document.
    Json(Value),
}

impl Argument {
    /// Its type.
    pub fn value_type(&self) -> ValueType {
        match self {
            Self::Unit => ValueType::Unit,
            Self::Bool(_) => ValueType::Bool,
            Self::Integer(_) => ValueType::I64,
            Self::Number(_) => ValueType::F64,
            Self::Text(_) => ValueType::Str,
            Self::Json(_) => ValueType::Json,
        }
    }
}

impl From<bool> for Argument {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Argument {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Argument {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Value> for Argument {
    fn from(value: Value) -> Self {
        Self::Json(value)
    }
}

/// A value lent across the border for the length of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lent<'a> {
    /// Nothing.
    Unit,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Text.
    Text(&'a str),
    /// JSON text, not yet parsed.
    Json(&'a str),
}

impl Lent<'_> {
    /// Reads `value`, checking tag, truth value, finiteness and UTF-8. The error completes "argument 1 …".
    ///
    /// # Safety
    ///
    /// The payload fits the tag, and a slice in it is readable and unchanged for as long as the answer is used.
    pub unsafe fn read(value: &abi::Value) -> Result<Self, String> {
        match value.tag {
            abi::TAG_UNIT => Ok(Self::Unit),
            // SAFETY: the tag says that `b` was written.
            abi::TAG_BOOL => match unsafe { value.payload.b } {
                0 => Ok(Self::Bool(false)),
                1 => Ok(Self::Bool(true)),
                other => Err(format!("is a truth value of {other} instead of 0 or 1")),
            },
            // SAFETY: the tag says that `i` was written.
            abi::TAG_I64 => Ok(Self::Integer(unsafe { value.payload.i })),
            abi::TAG_F64 => {
                // SAFETY: the tag says that `f` was written.
                let number = unsafe { value.payload.f };
                if number.is_finite() {
                    Ok(Self::Number(number))
                } else {
                    Err(format!("is not a finite number: {number}"))
                }
            }
            abi::TAG_STR | abi::TAG_JSON => {
                // SAFETY: the tag says that `s` was written.
                let slice = unsafe { value.payload.s };
                // SAFETY: the caller promises that it is readable for so long.
                let bytes = unsafe { slice.bytes() }
                    .ok_or_else(|| "is text without an address".to_owned())?;
                let text = str::from_utf8(bytes).map_err(|error| {
                    format!("is not UTF-8 from byte {} on", error.valid_up_to())
                })?;
                Ok(if value.tag == abi::TAG_STR {
                    Self::Text(text)
                } else {
                    Self::Json(text)
                })
            }
            other => Err(format!("has the unknown tag {other}")),
        }
    }

    /// Its type.
    pub fn value_type(self) -> ValueType {
        match self {
            Self::Unit => ValueType::Unit,
            Self::Bool(_) => ValueType::Bool,
            Self::Integer(_) => ValueType::I64,
            Self::Number(_) => ValueType::F64,
            Self::Text(_) => ValueType::Str,
            Self::Json(_) => ValueType::Json,
        }
    }
}
