//! The answers a script gives and the helpers to compute them.

use super::compare::{NESTING, as_number, nested_too_deeply, script_error, text, type_word};
use crate::finding::{Degree, Message};
use crate::pointer::Pointer;
use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, Map, NativeCallContext};
use serde_json::Value;

type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// What `check` returns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) degree: Degree,
    pub(crate) message: Message,
    /// Facts to name as missing, where the degree is open.
    pub(crate) missing: Vec<Pointer>,
}

/// What `remedy` proposes: a fact to set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Proposed {
    pub(crate) path: String,
    pub(crate) value: Value,
}

/// Gives the engine the answers and helpers of rule scripts.
pub(crate) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Answer>("Answer");
    engine.register_type_with_name::<Proposed>("Change");
    answers(engine);
    curves(engine);
    lists(engine);
    numbers(engine);
    engine.register_fn("days_between", |from: &str, to: &str| -> Outcome<f64> {
        days_between(from, to).map_err(script_error)
    });
    engine.register_fn("set", |path: &str, value: Dynamic| -> Outcome<Proposed> {
        Ok(Proposed {
            path: path.to_owned(),
            value: json(&value)?,
        })
    });
    engine.register_fn(
        "set",
        |fact: super::facts::Fact, key: &str, value: Dynamic| -> Outcome<Proposed> {
            Ok(Proposed {
                path: fact.pointer().key(key).dotted(),
                value: json(&value)?,
            })
        },
    );
}

fn answers(engine: &mut Engine) {
    engine.register_fn("met", || grade(1.0, "", Map::new()));
    engine.register_fn("met", |template: &str| grade(1.0, template, Map::new()));
    engine.register_fn("met", |template: &str, args: Map| {
        grade(1.0, template, args)
    });
    engine.register_fn("unmet", |template: &str| grade(0.0, template, Map::new()));
    engine.register_fn("unmet", |template: &str, args: Map| {
        grade(0.0, template, args)
    });
    engine.register_fn("partly", |degree: Dynamic, template: &str| {
        grade(number(&degree, "the degree")?, template, Map::new())
    });
    engine.register_fn("partly", |degree: Dynamic, template: &str, args: Map| {
        grade(number(&degree, "the degree")?, template, args)
    });
    // Part of the degree is settled and the rest waits for facts that are named.
    engine.register_fn(
        "between",
        |low: Dynamic, high: Dynamic, missing: Array, template: &str, args: Map| {
            between(&low, &high, &missing, template, args)
        },
    );
}

fn between(
    low: &Dynamic,
    high: &Dynamic,
    missing: &Array,
    template: &str,
    args: Map,
) -> Outcome<Answer> {
    let (low, high) = (number(low, "the low end")?, number(high, "the high end")?);
    if !(0.0..=1.0).contains(&low) || !(low..=1.0).contains(&high) {
        return Err(script_error("between() needs 0 ≤ low ≤ high ≤ 1"));
    }
    let missing = missing
        .iter()
        .map(|path| text(path).and_then(|path| Pointer::from_dotted(&path)))
        .collect::<Option<Vec<_>>>()
        .filter(|missing| !missing.is_empty())
        .ok_or_else(|| {
            script_error("between() needs the paths of the missing facts as a list of texts")
        })?;
    Ok(Answer {
        degree: Degree { low, high },
        message: checked_message(template, arguments(args)?)?,
        missing,
    })
}

/// An answer of this degree; degrees outside 0..1 are an error, not a correction.
fn grade(degree: f64, template: &str, args: Map) -> Outcome<Answer> {
    if !(-1e-9..=1.0 + 1e-9).contains(&degree) {
        return Err(script_error(format!(
            "a degree must lie between 0 and 1, not {degree}"
        )));
    }
    let message = checked_message(template, arguments(args)?)?;
    Ok(Answer {
        degree: Degree::known(degree.clamp(0.0, 1.0)),
        message,
        missing: Vec::new(),
    })
}

fn curves(engine: &mut Engine) {
    engine.register_fn("ramp", |x: Dynamic, ends: Map| ramp(&x, &ends));
    engine.register_fn(
        "ramp",
        |x: Dynamic, ends: Map, template: &str, args: Map| grade(ramp(&x, &ends)?, template, args),
    );
    engine.register_fn("curve", |x: Dynamic, points: Array| curve(&x, &points));
    engine.register_fn(
        "curve",
        |x: Dynamic, points: Array, template: &str, args: Map| {
            grade(curve(&x, &points)?, template, args)
        },
    );
    engine.register_fn("share", |part: Dynamic, whole: Dynamic| -> Outcome<f64> {
        let (part, whole) = (number(&part, "the part")?, number(&whole, "the whole")?);
        if whole <= 0.0 {
            return Err(script_error("share() of a whole that is not above zero"));
        }
        Ok(part / whole)
    });
}

/// Linear between the value that counts in full and the value that counts nothing, in either direction.
fn ramp(x: &Dynamic, ends: &Map) -> Outcome<f64> {
    let x = number(x, "the value")?;
    let end = |key: &str| {
        let value = ends
            .get(key)
            .ok_or_else(|| script_error("ramp() needs #{ full: …, zero: … }"))?;
        number(value, key)
    };
    between_ends(x, end("full")?, end("zero")?).map_err(script_error)
}

/// The degree of `x` between the value that counts in full and the value that counts nothing.
pub(crate) fn between_ends(x: f64, full: f64, zero: f64) -> Result<f64, &'static str> {
    if (full - zero).abs() < f64::EPSILON {
        return Err("ramp() needs different values for `full` and `zero`");
    }
    Ok(((x - zero) / (full - zero)).clamp(0.0, 1.0))
}

/// Piecewise linear through `[x, y]` points, flat outside them.
fn curve(x: &Dynamic, points: &Array) -> Outcome<f64> {
    let x = number(x, "the value")?;
    let points = points
        .iter()
        .map(|point| {
            let pair = point.as_array_ref().ok()?;
            let [a, b] = pair.as_slice() else { return None };
            Some((as_number(a)?, as_number(b)?))
        })
        .collect::<Option<Vec<(f64, f64)>>>()
        .ok_or_else(|| script_error("curve() needs a list of [value, degree] pairs"))?;
    on_curve(x, &points).map_err(script_error)
}

/// The height of a curve through these points at `x`; flat outside them.
pub(crate) fn on_curve(x: f64, points: &[(f64, f64)]) -> Result<f64, &'static str> {
    if points.is_empty() {
        return Err("curve() needs a list of [value, degree] pairs");
    }
    if points
        .windows(2)
        .any(|pair| matches!(pair, [(a, _), (b, _)] if a >= b))
    {
        return Err("the points of a curve must have rising values");
    }
    let after = points.partition_point(|(at, _)| *at <= x);
    let before = after.checked_sub(1).and_then(|at| points.get(at));
    Ok(match (before, points.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => 0.0,
    })
}

fn lists(engine: &mut Engine) {
    engine.register_fn("sum", |list: Array| total(&list));
    engine.register_fn(
        "sum",
        |ctx: NativeCallContext<'_>, list: Array, of: FnPtr| -> Outcome<f64> {
            total(&mapped(&ctx, &list, &of)?)
        },
    );
    engine.register_fn("count", |list: Array| length(&list));
    engine.register_fn(
        "count",
        |ctx: NativeCallContext<'_>, list: Array, of: FnPtr| -> Outcome<f64> {
            let mut count = 0.0;
            for answer in mapped(&ctx, &list, &of)? {
                let flag = answer.as_bool().map_err(|found| {
                    script_error(format!(
                        "count() needs true or false for each element, not {found}"
                    ))
                })?;
                count += if flag { 1.0 } else { 0.0 };
            }
            Ok(count)
        },
    );
    ends(engine);
    engine.register_fn("mean", |list: Array| -> Outcome<f64> {
        if list.is_empty() {
            return Err(script_error("mean() of an empty list"));
        }
        Ok(total(&list)? / length(&list))
    });
    // The mean of one thing weighted by another: flows by persons, say.
    engine.register_fn(
        "mean",
        |ctx: NativeCallContext<'_>, list: Array, of: FnPtr, weight: FnPtr| -> Outcome<f64> {
            weighted_mean(&mapped(&ctx, &list, &of)?, &mapped(&ctx, &list, &weight)?)
        },
    );
}

fn ends(engine: &mut Engine) {
    engine.register_fn("first", |list: Array| -> Outcome<Dynamic> {
        let first = list.into_iter().next();
        first.ok_or_else(|| script_error("first() of an empty list"))
    });
    engine.register_fn("last", |mut list: Array| -> Outcome<Dynamic> {
        list.pop()
            .ok_or_else(|| script_error("last() of an empty list"))
    });
    engine.register_fn("flatten", |list: Array| -> Outcome<Array> {
        let mut flat = Array::new();
        for item in list {
            let inner = item.into_array();
            flat.extend(inner.map_err(|_found| script_error("flatten() needs a list of lists"))?);
        }
        Ok(flat)
    });
    engine.register_fn("distinct", |list: Array| -> Outcome<Array> {
        let mut once = Array::new();
        for item in list {
            let mut known = false;
            for other in &once {
                known = known || super::compare::equal(other, &item)?;
            }
            if !known {
                once.push(item);
            }
        }
        Ok(once)
    });
    for (name, wanted) in [
        ("min", std::cmp::Ordering::Less),
        ("max", std::cmp::Ordering::Greater),
    ] {
        engine.register_fn(name, move |list: Array| -> Outcome<f64> {
            let mut best: Option<f64> = None;
            for item in &list {
                let here = number(item, "an element")?;
                if best.is_none_or(|best| here.total_cmp(&best) == wanted) {
                    best = Some(here);
                }
            }
            best.ok_or_else(|| script_error(format!("{name}() of an empty list")))
        });
    }
    // What holds for all of nobody is what the rule says.
    engine.register_fn(
        "all",
        |ctx: NativeCallContext<'_>, list: Array, of: FnPtr, if_empty: bool| -> Outcome<bool> {
            if list.is_empty() {
                return Ok(if_empty);
            }
            for item in list {
                let answer: Dynamic = of.call_within_context(&ctx, (item,))?;
                let holds = answer.as_bool().map_err(|found| {
                    script_error(format!(
                        "all() needs true or false for each element, not {found}"
                    ))
                })?;
                if !holds {
                    return Ok(false);
                }
            }
            Ok(true)
        },
    );
}

fn weighted_mean(values: &Array, weights: &Array) -> Outcome<f64> {
    let whole = total(weights)?;
    if whole <= 0.0 {
        return Err(script_error("mean() with weights that add up to nothing"));
    }
    let mut sum = 0.0;
    for (value, weight) in values.iter().zip(weights) {
        sum += number(value, "an element")? * number(weight, "a weight")?;
    }
    Ok(sum / whole)
}

fn mapped(ctx: &NativeCallContext<'_>, list: &Array, of: &FnPtr) -> Outcome<Array> {
    list.iter()
        .map(|item| of.call_within_context(ctx, (item.clone(),)))
        .collect()
}

fn total(list: &Array) -> Outcome<f64> {
    list.iter()
        .try_fold(0.0, |sum, item| Ok(sum + number(item, "an element")?))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the sandbox limits the length of lists"
)]
fn length(list: &Array) -> f64 {
    list.len() as f64
}

fn numbers(engine: &mut Engine) {
    for (name, function) in [
        ("floor", f64::floor as fn(f64) -> f64),
        ("ceiling", f64::ceil),
        ("round", f64::round),
        ("abs", f64::abs),
    ] {
        engine.register_fn(name, move |x: Dynamic| -> Outcome<f64> {
            Ok(function(number(&x, "the value")?))
        });
    }
    for (name, function) in [("min", f64::min as fn(f64, f64) -> f64), ("max", f64::max)] {
        engine.register_fn(name, move |a: Dynamic, b: Dynamic| -> Outcome<f64> {
            Ok(function(
                number(&a, "the first value")?,
                number(&b, "the second value")?,
            ))
        });
    }
    // `1 / 2` is a half in a rule, and nothing is ever divided by zero in silence.
    engine.register_fn("/", |a: Dynamic, b: Dynamic| -> Outcome<f64> {
        let (a, b) = (number(&a, "what is divided")?, number(&b, "the divisor")?);
        if b == 0.0 {
            return Err(script_error("division by zero"));
        }
        Ok(a / b)
    });
}

/// The days from one calendar date to another; an error says which is none.
pub(crate) fn days_between(from: &str, to: &str) -> Result<f64, String> {
    Ok(days(to)? - days(from)?)
}

/// The days from a day long past to a calendar date (Hinnant 2013, `days_from_civil`).
fn days(date: &str) -> Result<f64, String> {
    let wrong = || format!("`{date}` is no date such as 2027-01-31");
    let mut parts = date.splitn(3, '-');
    let mut part = || parts.next()?.parse::<u16>().ok().map(f64::from);
    let (Some(year), Some(month), Some(day)) = (part(), part(), part()) else {
        return Err(wrong());
    };
    if !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) {
        return Err(wrong());
    }
    // The year begins in March, so that its odd day comes last.
    let year = if month > 2.0 { year } else { year - 1.0 };
    let month = (month + 9.0) % 12.0;
    let leap = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    Ok(365.0 * year + leap + ((153.0 * month + 2.0) / 5.0).floor() + day - 1.0)
}

fn number(value: &Dynamic, what: &str) -> Outcome<f64> {
    as_number(value)
        .filter(|number| number.is_finite())
        .ok_or_else(|| script_error(format!("{what} must be a number, not {}", type_word(value))))
}

fn arguments(args: Map) -> Outcome<Vec<(String, Value)>> {
    args.into_iter()
        .map(|(key, value)| Ok((key.to_string(), json(&value)?)))
        .collect()
}

/// A script's value as JSON; whole numbers stay whole.
pub(crate) fn json(value: &Dynamic) -> Outcome<Value> {
    json_within(value, NESTING)
}

fn json_within(value: &Dynamic, levels: usize) -> Outcome<Value> {
    let below = || levels.checked_sub(1).ok_or_else(nested_too_deeply);
    if let Ok(flag) = value.as_bool() {
        return Ok(Value::Bool(flag));
    }
    if let Some(found) = as_number(value) {
        return crate::text::json_number(found)
            .ok_or_else(|| script_error("a number in an answer is not finite"));
    }
    if let Some(found) = text(value) {
        return Ok(Value::String(found));
    }
    if let Ok(list) = value.as_array_ref() {
        let below = below()?;
        return list
            .iter()
            .map(|value| json_within(value, below))
            .collect::<Outcome<Vec<Value>>>()
            .map(Value::Array);
    }
    if let Ok(map) = value.as_map_ref() {
        let below = below()?;
        return map
            .iter()
            .map(|(key, value)| Ok((key.to_string(), json_within(value, below)?)))
            .collect::<Outcome<serde_json::Map<String, Value>>>()
            .map(Value::Object);
    }
    Err(script_error(format!(
        "{} cannot be part of an answer",
        type_word(value)
    )))
}

/// A message of a script, in which every placeholder has its argument.
fn checked_message(
    template: &str,
    args: Vec<(String, Value)>,
) -> Result<Message, Box<EvalAltResult>> {
    Message::new(template, args).map_err(|name| {
        script_error(format!(
            "the message has a place {{{name}}} that nothing was given for"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ends(full: f64, zero: f64) -> Map {
        Map::from([("full".into(), full.into()), ("zero".into(), zero.into())])
    }

    fn points(pairs: &[(f64, f64)]) -> Array {
        let pair = |(x, y): &(f64, f64)| Dynamic::from_array(vec![(*x).into(), (*y).into()]);
        pairs.iter().map(pair).collect()
    }

    fn at(x: f64) -> Dynamic {
        x.into()
    }

    #[test]
    fn a_ramp_runs_either_way() {
        for (full, zero, x, expected) in [
            (4.0, 8.0, 6.0, 0.5),
            (4.0, 8.0, 3.0, 1.0),
            (4.0, 8.0, 9.0, 0.0),
            (8.0, 4.0, 5.0, 0.25),
            (1.0, 0.0, 1.0, 1.0),
        ] {
            let found = ramp(&at(x), &ends(full, zero)).unwrap();
            assert!((found - expected).abs() < 1e-12, "{x}: {found}");
        }
        assert!(ramp(&at(1.0), &ends(4.0, 4.0)).is_err());
        assert!(ramp(&Dynamic::from("1"), &ends(4.0, 8.0)).is_err());
        assert!(ramp(&at(f64::NAN), &ends(4.0, 8.0)).is_err());
        assert!(ramp(&at(1.0), &Map::new()).is_err());
    }

    #[test]
    fn a_curve_is_flat_outside_its_points() {
        let curved = |x| curve(&at(x), &points(&[(0.0, 0.0), (0.25, 0.6), (0.5, 1.0)])).unwrap();
        for (x, expected) in [
            (-1.0, 0.0),
            (0.0, 0.0),
            (0.125, 0.3),
            (0.25, 0.6),
            (0.5, 1.0),
            (2.0, 1.0),
        ] {
            assert!((curved(x) - expected).abs() < 1e-12, "{x}: {}", curved(x));
        }
        for wrong in [
            points(&[]),
            points(&[(1.0, 0.0), (1.0, 1.0)]),
            points(&[(2.0, 0.0), (1.0, 1.0)]),
            vec![at(1.0)],
        ] {
            assert!(curve(&at(1.0), &wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_degree_lies_between_0_and_1() {
        assert_eq!(
            grade(1.0 + 1e-12, "", Map::new()).unwrap().degree,
            Degree::known(1.0)
        );
        for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(grade(wrong, "", Map::new()).is_err(), "{wrong}");
        }
        assert!(grade(1.0, "{lost}", Map::new()).is_err());
    }

    #[test]
    fn between_names_what_is_missing() {
        let missing: Array = vec!["flows[0].weeks".into()];
        let found = between(&at(0.2), &at(0.7), &missing, "", Map::new()).unwrap();
        assert_eq!((found.degree.low, found.degree.high), (0.2, 0.7));
        assert_eq!(found.missing, [Pointer::from_json("/flows/0/weeks")]);
        for (low, high, missing) in [
            (0.7, 0.2, missing.clone()),
            (-0.1, 0.2, missing.clone()),
            (0.0, 1.1, missing),
            (0.2, 0.7, vec![]),
            (0.2, 0.7, vec!["a..b".into()]),
            (0.2, 0.7, vec![at(1.0)]),
        ] {
            assert!(between(&at(low), &at(high), &missing, "", Map::new()).is_err());
        }
    }

    #[test]
    fn weighted_means_need_weight() {
        let of = |values: &[f64], weights: &[f64]| {
            let list = |items: &[f64]| items.iter().copied().map(at).collect::<Array>();
            weighted_mean(&list(values), &list(weights))
        };
        let found = of(&[1.0, 4.0], &[2.0, 1.0]).unwrap();
        assert!((found - 2.0).abs() < 1e-12, "{found}");
        assert!(of(&[1.0], &[0.0]).is_err());
        assert!(of(&[], &[]).is_err());
    }

    #[test]
    fn values_become_json_and_whole_numbers_stay_whole() {
        let list = Dynamic::from_array(vec![at(2.0), at(0.5), "a".into(), true.into()]);
        assert_eq!(json(&list).unwrap(), serde_json::json!([2, 0.5, "a", true]));
        assert_eq!(
            json(&Dynamic::from_map(ends(1.0, 0.0))).unwrap(),
            serde_json::json!({ "full": 1, "zero": 0 })
        );
        assert!(json(&at(f64::INFINITY)).is_err());
        assert!(json(&Dynamic::UNIT).is_err());
        let nested =
            |depth: usize| (0..depth).fold(at(1.0), |inner, _| Dynamic::from_array(vec![inner]));
        assert!(json(&nested(NESTING)).is_ok());
        assert!(json(&nested(NESTING + 1)).is_err());
    }

    proptest! {
        #[test]
        fn ramps_and_curves_stay_within_their_ends(x in -1e6..1e6_f64, a in -1e3..1e3_f64, b in -1e3..1e3_f64) {
            prop_assume!((a - b).abs() > 1e-6);
            let ramped = ramp(&at(x), &ends(a, b)).unwrap();
            prop_assert!((0.0..=1.0).contains(&ramped));
            let (low, high) = (a.min(b), a.max(b));
            let curved = curve(&at(x), &points(&[(low, 0.0), (high, 1.0)])).unwrap();
            prop_assert!((0.0..=1.0).contains(&curved));
            // A curve through the ends of a ramp is the ramp.
            let same = ramp(&at(x), &ends(high, low)).unwrap();
            prop_assert!((curved - same).abs() < 1e-9);
        }
    }
}
