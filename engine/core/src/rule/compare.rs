//! Comparing values strictly: Rhai's own comparison of different types is silently `false`, and a rule must never
//! pass on that. Here it is an error that names both types.

use rhai::{Dynamic, EvalAltResult, Position};
use std::cmp::Ordering;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// An error of a script, for people.
pub(crate) fn script_error(message: impl Into<String>) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorRuntime(
        message.into().into(),
        Position::NONE,
    ))
}

/// What a value is, in the words of rule authors.
pub(crate) fn type_word(value: &Dynamic) -> &'static str {
    if value.is_float() || value.is_int() {
        "a number"
    } else if value.is_bool() {
        "true or false"
    } else if value.is_string() || value.is_char() {
        "text"
    } else if value.is_array() {
        "a list"
    } else if value.is_map() {
        "a table"
    } else if value.is_unit() {
        "nothing"
    } else if value.is_fnptr() {
        "a function"
    } else {
        "a group of facts"
    }
}

/// A number of either kind.
pub(crate) fn as_number(value: &Dynamic) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "script literals are small; larger ones lose no order that matters"
    )]
    value
        .as_float()
        .ok()
        .or_else(|| value.as_int().ok().map(|number| number as f64))
}

fn mismatch(a: &Dynamic, b: &Dynamic) -> Box<EvalAltResult> {
    script_error(format!(
        "cannot compare {} with {}",
        type_word(a),
        type_word(b)
    ))
}

/// How deep lists and tables may nest where the engine itself walks them.
pub(crate) const NESTING: usize = 32;

/// Says that a value is nested deeper than [`NESTING`].
pub(crate) fn nested_too_deeply() -> Box<EvalAltResult> {
    script_error(format!("a value is nested more than {NESTING} deep"))
}

/// Whether two values of one type are equal.
pub(crate) fn equal(a: &Dynamic, b: &Dynamic) -> Outcome<bool> {
    equal_within(a, b, NESTING)
}

fn equal_within(a: &Dynamic, b: &Dynamic, levels: usize) -> Outcome<bool> {
    if let (Some(a), Some(b)) = (as_number(a), as_number(b)) {
        #[expect(clippy::float_cmp, reason = "a script's `==` means exactly equal")]
        return Ok(a == b);
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return Ok(a == b);
    }
    if let (Some(left), Some(right)) = (text(a), text(b)) {
        return Ok(left == right);
    }
    if let (Ok(left), Ok(right)) = (a.as_array_ref(), b.as_array_ref()) {
        if left.len() != right.len() {
            return Ok(false);
        }
        let below = levels.checked_sub(1).ok_or_else(nested_too_deeply)?;
        for (a, b) in left.iter().zip(right.iter()) {
            if !equal_within(a, b, below)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    Err(mismatch(a, b))
}

/// How two numbers or two texts are ordered.
pub(crate) fn order(a: &Dynamic, b: &Dynamic) -> Outcome<Ordering> {
    if let (Some(left), Some(right)) = (as_number(a), as_number(b)) {
        return left.partial_cmp(&right).ok_or_else(|| mismatch(a, b));
    }
    if let (Some(left), Some(right)) = (text(a), text(b)) {
        return Ok(left.cmp(&right));
    }
    Err(mismatch(a, b))
}

pub(crate) fn text(value: &Dynamic) -> Option<String> {
    value
        .as_immutable_string_ref()
        .ok()
        .map(|text| text.to_string())
        .or_else(|| value.as_char().ok().map(String::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rhai::{Array, Map};

    fn list(items: &[i64]) -> Dynamic {
        Dynamic::from_array(items.iter().map(|item| Dynamic::from(*item)).collect())
    }

    #[test]
    fn values_of_one_type_are_compared() {
        let text = || Dynamic::from("b");
        for (a, b, same) in [
            (Dynamic::from(1_i64), Dynamic::from(1.0), true),
            (Dynamic::from(0.1 + 0.2), Dynamic::from(0.3), false),
            (Dynamic::from(true), Dynamic::from(false), false),
            (text(), text(), true),
            (Dynamic::from('b'), text(), true),
            (list(&[1, 2]), list(&[1, 2]), true),
            (list(&[1, 2]), list(&[1]), false),
            (list(&[]), list(&[]), true),
        ] {
            assert_eq!(equal(&a, &b).unwrap(), same, "{a:?} {b:?}");
            assert_eq!(equal(&b, &a).unwrap(), same, "{b:?} {a:?}");
        }
        assert_eq!(
            order(&Dynamic::from(1_i64), &Dynamic::from(1.5)).unwrap(),
            Ordering::Less
        );
        assert_eq!(
            order(&text(), &Dynamic::from("a")).unwrap(),
            Ordering::Greater
        );
    }

    #[test]
    fn values_of_different_types_are_an_error_that_names_both() {
        let values = || {
            [
                (Dynamic::from(1_i64), "a number"),
                (Dynamic::from(true), "true or false"),
                (Dynamic::from("1"), "text"),
                (list(&[1]), "a list"),
                (Dynamic::from_map(Map::new()), "a table"),
                (Dynamic::UNIT, "nothing"),
            ]
        };
        for (i, (a, one)) in values().into_iter().enumerate() {
            for (j, (b, other)) in values().into_iter().enumerate() {
                let found = equal(&a, &b);
                // Tables and nothing are not compared even with their like.
                if i == j && i < 4 {
                    assert!(found.unwrap(), "{one}");
                    continue;
                }
                let said = found.unwrap_err().to_string();
                assert!(
                    said.contains(&format!("cannot compare {one} with {other}")),
                    "{said}"
                );
                assert!(order(&a, &b).is_err(), "{one} {other}");
            }
        }
    }

    #[test]
    fn what_has_no_order_has_none() {
        for (a, b) in [
            (Dynamic::from(f64::NAN), Dynamic::from(1.0)),
            (Dynamic::from(true), Dynamic::from(false)),
            (list(&[1]), list(&[2])),
        ] {
            assert!(order(&a, &b).is_err(), "{a:?} {b:?}");
        }
    }

    #[test]
    fn nesting_has_an_end() {
        let nested = |depth: usize| {
            (0..depth).fold(Dynamic::from(1_i64), |inner, _| {
                Dynamic::from_array(Array::from([inner]))
            })
        };
        assert!(equal(&nested(NESTING), &nested(NESTING)).unwrap());
        assert!(equal(&nested(NESTING + 1), &nested(NESTING + 1)).is_err());
    }
}
