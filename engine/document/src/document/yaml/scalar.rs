//! What a scalar is: the core schema of YAML 1.2.

use crate::document::tree::Data;

/// A scalar without quotes and without a tag.
///
/// Only what the core schema names is no text: `yes`, `no`, `on`, `off`, dates and times are texts.
pub(in crate::document) fn plain(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "true" | "True" | "TRUE" => Data::Bool(true),
        "false" | "False" | "FALSE" => Data::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Data::Float(f64::NAN),
        _ => number(text).unwrap_or_else(|| Data::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Data> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") {
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        return Some(Data::Float(sign * f64::INFINITY));
    }
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.is_empty() && all_digits(digits) {
        return Some(Data::Integer(text.parse().ok()));
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.strip_prefix(['-', '+']).unwrap_or(exponent),
        ),
        None => (digits, "0"),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = mantissa.bytes().any(|byte| byte.is_ascii_digit()) && !exponent.is_empty();
    let float = some && all_digits(whole) && all_digits(fraction) && all_digits(exponent);
    float.then(|| text.parse().ok().map(Data::Float)).flatten()
}

/// `0x` and `0o` have no sign in the core schema.
fn radix(digits: &str, radix: u32) -> Option<Data> {
    let known = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    known.then(|| Data::Integer(i128::from_str_radix(digits, radix).ok()))
}

/// A scalar with a tag of the core schema; nothing if it is not what the tag says, or the tag is another.
pub(super) fn tagged(text: &str, kind: &str) -> Option<Data> {
    if kind == "str" {
        return Some(Data::Text(text.to_owned()));
    }
    match (kind, plain(text)) {
        ("null", data @ Data::Null)
        | ("bool", data @ Data::Bool(_))
        | ("int", data @ Data::Integer(_))
        | ("float", data @ Data::Float(_)) => Some(data),
        #[expect(
            clippy::cast_precision_loss,
            reason = "the tag asks for a floating-point number"
        )]
        ("float", Data::Integer(Some(number))) => Some(Data::Float(number as f64)),
        _ => None,
    }
}
