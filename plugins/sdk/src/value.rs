//! The flat values of functions, as Rust types.

use crate::plugin::Error;
use serde_json::Value;

pub use evenhand_contract::value::{Argument, Lent, ValueType};

/// A Rust type that a function of a plugin may take: `bool`, `i64`, `f64`, `&str` or `&Value`.
pub trait Parameter<'a>: Sized {
    /// The type in the manifest.
    const TYPE: ValueType;
    /// What is kept while the function runs.
    type Held;
    /// Takes the value from across the border.
    fn hold(lent: Lent<'a>) -> Result<Self::Held, Error>;
    /// Hands it to the function.
    fn pass(held: &'a Self::Held) -> Self;
}

fn mismatch<T>(wanted: ValueType, got: Lent<'_>) -> Result<T, Error> {
    Err(Error::bad_arguments(format!(
        "expected {wanted}, got {}",
        got.value_type()
    )))
}

macro_rules! scalar {
    ($type:ty, $value_type:ident, $variant:ident) => {
        impl Parameter<'_> for $type {
            const TYPE: ValueType = ValueType::$value_type;
            type Held = Self;

            fn hold(lent: Lent<'_>) -> Result<Self, Error> {
                match lent {
                    Lent::$variant(value) => Ok(value),
                    other => mismatch(ValueType::$value_type, other),
                }
            }

            fn pass(held: &Self) -> Self {
                *held
            }
        }
    };
}

scalar!(bool, Bool, Bool);
scalar!(i64, I64, Integer);
scalar!(f64, F64, Number);

impl<'a> Parameter<'a> for &'a str {
    const TYPE: ValueType = ValueType::Str;
    type Held = Self;

    fn hold(lent: Lent<'a>) -> Result<Self, Error> {
        match lent {
            Lent::Text(text) => Ok(text),
            other => mismatch(ValueType::Str, other),
        }
    }

    fn pass(held: &'a Self) -> Self {
        held
    }
}

impl<'a> Parameter<'a> for &'a Value {
    const TYPE: ValueType = ValueType::Json;
    type Held = Value;

    fn hold(lent: Lent<'a>) -> Result<Value, Error> {
        match lent {
            Lent::Json(text) => serde_json::from_str(text)
                .map_err(|error| Error::bad_arguments(format!("not valid JSON: {error}"))),
            other => mismatch(ValueType::Json, other),
        }
    }

    fn pass(held: &'a Value) -> Self {
        held
    }
}

/// A Rust type that a function of a plugin may return: `()`, `bool`, `i64`, `f64`, `String`, [`Value`], or a `Result` of one.
pub trait Answer {
    /// The type in the manifest.
    const TYPE: ValueType;
    /// The value to send back.
    fn answer(self) -> Result<Argument, Error>;
}

impl Answer for () {
    const TYPE: ValueType = ValueType::Unit;

    fn answer(self) -> Result<Argument, Error> {
        Ok(Argument::Unit)
    }
}

impl Answer for bool {
    const TYPE: ValueType = ValueType::Bool;

    fn answer(self) -> Result<Argument, Error> {
        Ok(Argument::Bool(self))
    }
}

impl Answer for i64 {
    const TYPE: ValueType = ValueType::I64;

    fn answer(self) -> Result<Argument, Error> {
        Ok(Argument::Integer(self))
    }
}

impl Answer for f64 {
    const TYPE: ValueType = ValueType::F64;

    fn answer(self) -> Result<Argument, Error> {
        if self.is_finite() {
            Ok(Argument::Number(self))
        } else {
            Err(Error::failed(format!(
                "the answer is not a finite number: {self}"
            )))
        }
    }
}

impl Answer for String {
    const TYPE: ValueType = ValueType::Str;

    fn answer(self) -> Result<Argument, Error> {
        Ok(Argument::Text(self))
    }
}

impl Answer for Value {
    const TYPE: ValueType = ValueType::Json;

    fn answer(self) -> Result<Argument, Error> {
        Ok(Argument::Json(self))
    }
}

impl<T: Answer, E: Into<Error>> Answer for Result<T, E> {
    const TYPE: ValueType = T::TYPE;

    fn answer(self) -> Result<Argument, Error> {
        self.map_err(Into::into)?.answer()
    }
}
