//! Texts of spreadsheets that stand for a number, a date or a truth beyond doubt.

use super::typed::{self, Reading};
use crate::schema::{Field, Kind};
use serde_json::Value;

/// What a text stands for in a field, where that can be only one thing: `0,5`, `50 %` or `1 200` in the place of a number,
/// `1 May 2026` in that of a date, `sí` in that of a yes or no.
///
/// Nothing where it is read in two ways or in none, or where words say more than the value would (`about 20`): that is for
/// [`validate`](super::validate) to ask about.
pub fn certain(field: &Field, text: &str) -> Option<Value> {
    match field.kind {
        Kind::Boolean => typed::flag(text).map(Value::Bool),
        Kind::Number | Kind::Integer => {
            let clean = typed::cleaned(text);
            let first = clean.chars().next()?;
            if first.is_alphabetic() || "~≈<>".contains(first) {
                return None;
            }
            match typed::number(field, &clean) {
                Reading::One(number) => evenhand_diagnostic::text::json_number(number),
                _ => None,
            }
        }
        Kind::Text if field.date => match typed::dates(text).as_slice() {
            [one] => Some(Value::from(one.as_str())),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_certain_is_read() {
        let share = Field {
            kind: Kind::Number,
            minimum: Some(0.0),
            maximum: Some(1.0),
            unit: Some("share".to_owned()),
            ..Field::default()
        };
        let count = Field {
            kind: Kind::Integer,
            unit: Some("persons/year".to_owned()),
            ..Field::default()
        };
        let yes = Field {
            kind: Kind::Boolean,
            ..Field::default()
        };
        let day = Field {
            kind: Kind::Text,
            date: true,
            ..Field::default()
        };
        let any = Field {
            kind: Kind::Text,
            ..Field::default()
        };
        for (field, text, value) in [
            (&share, "0,5", json!(0.5)),
            (&share, " 50 % ", json!(0.5)),
            (&share, "12,5%", json!(0.125)),
            (&share, "half", Value::Null),
            (&share, "20 to 30 %", Value::Null),
            (&count, "1\u{a0}200", json!(1200)),
            (&count, "about 20", Value::Null),
            (&count, "~20", Value::Null),
            (&count, "-", Value::Null),
            (&count, "", Value::Null),
            (&yes, "Sí", json!(true)),
            (&yes, "non", json!(false)),
            (&yes, "perhaps", Value::Null),
            (&day, "1 May 2026", json!("2026-05-01")),
            (&day, "2026-05-01T00:00:00", json!("2026-05-01")),
            (&day, "3/4/2026", Value::Null),
            (&any, "0,5", Value::Null),
        ] {
            let found = certain(field, text);
            assert_eq!(found.unwrap_or_default(), value, "{text}");
        }
    }
}
