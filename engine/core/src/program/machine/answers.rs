//! Findings and remedies.

use super::natives::one;
use super::ranges::Amount;
use super::{Machine, Outcome, bounded, fail, limits, number, text};
use crate::finding::{Degree, Message, places};
use crate::pointer::Pointer;
use crate::program::code::Native;
use crate::program::value::Value;
use crate::rule::facts::Ends;
use crate::rule::helpers::{self, Answer, Proposed};
use std::sync::Arc;

impl Machine<'_> {
    pub(super) fn answer(&mut self, native: Native, args: &[Value]) -> Outcome<Value> {
        let mut missing = Vec::new();
        let (degree, rest) = match (native, args) {
            (Native::Met, rest) => (Degree::known(1.0), rest),
            (Native::Unmet, rest) => (Degree::known(0.0), rest),
            (Native::Partly, [degree @ Value::Range(_), rest @ ..]) => {
                let degree = self.amount(degree, "the degree")?;
                (self.graded(degree, &mut missing)?, rest)
            }
            (Native::Partly, [degree, rest @ ..]) => (grade(number(degree, "the degree")?)?, rest),
            (Native::Between, [low, high, missing, rest @ ..]) => {
                return self.between([low, high, missing], rest);
            }
            (_, [x @ Value::Range(_), shape, rest @ ..]) => {
                self.all_known(&[shape])?;
                let x = self.amount(x, "the value")?;
                let found = self.shaped(native, x, shape)?;
                if rest.is_empty() {
                    return self.worked_out(found, &[x]);
                }
                let found = Amount { ends: found, ..x };
                (self.graded(found, &mut missing)?, rest)
            }
            (_, [x, shape, rest @ ..]) => {
                self.all_known(&[shape])?;
                let x = number(x, "the value")?;
                let found = if native == Native::Ramp {
                    Self::ramp(x, shape)?
                } else {
                    self.curve(x, shape)?
                };
                if rest.is_empty() {
                    return Ok(Value::Number(found));
                }
                (grade(found)?, rest)
            }
            _ => return fail("a finding needs more values"),
        };
        let message = self.message(rest)?;
        Ok(Value::Answer(Arc::new(Answer {
            degree,
            message,
            missing,
        })))
    }

    /// The degrees that come out between the ends, with the facts behind them named where there is more than one.
    fn graded(&mut self, degree: Amount, missing: &mut Vec<Pointer>) -> Outcome<Degree> {
        let ids: Vec<u32> = degree.id.into_iter().collect();
        let (low, high) = (degree.ends.low, degree.ends.high);
        // What lies outside would be an error for some number between the ends, and not for others.
        if low < -1e-9 || high > 1.0 + 1e-9 {
            return self.wait_for(&ids);
        }
        let degree = Degree {
            low: low.clamp(0.0, 1.0),
            high: high.clamp(0.0, 1.0),
        };
        if !degree.is_known() {
            *missing = self.record.sources(&ids);
        }
        Ok(degree)
    }

    /// What a ramp or a curve gives between two ends. Within a segment it rises or falls throughout, so its least and its most
    /// stand at the ends or where segments meet.
    fn shaped(&mut self, native: Native, x: Amount, shape: &Value) -> Outcome<Ends> {
        let (low, high) = (x.ends.low, x.ends.high);
        let mut tried = vec![low, high];
        if let (Native::Curve, Value::List(points)) = (native, shape) {
            let meets = points.items.iter().filter_map(|point| match point {
                Value::List(pair) => match pair.items.first() {
                    Some(Value::Number(at)) => Some(*at),
                    _ => None,
                },
                _ => None,
            });
            let beside = meets.flat_map(|at| [at.next_down(), at, at.next_up()]);
            tried.extend(beside.filter(|at| low < *at && *at < high));
        }
        let mut ends: Option<(f64, f64)> = None;
        for x in tried {
            let found = if native == Native::Ramp {
                Self::ramp(x, shape)?
            } else {
                self.curve(x, shape)?
            };
            let (low, high) = ends.unwrap_or((found, found));
            ends = Some((low.min(found), high.max(found)));
        }
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        Ok(Ends {
            low,
            high,
            whole: false,
        })
    }

    fn between(&mut self, [low, high, missing]: [&Value; 3], rest: &[Value]) -> Outcome<Value> {
        let (low, high) = (number(low, "the low end")?, number(high, "the high end")?);
        if !(0.0..=1.0).contains(&low) || !(low..=1.0).contains(&high) {
            return fail("between() needs 0 ≤ low ≤ high ≤ 1");
        }
        let count = self.count(missing)?;
        self.spend(count)?;
        let mut paths = Vec::with_capacity(count);
        for at in 0..count {
            let item = self.item(missing, at)?;
            paths.extend(
                text(&item, "a path")
                    .ok()
                    .and_then(|path| Pointer::from_dotted(path)),
            );
        }
        if paths.len() != count || count == 0 {
            return fail("between() needs the paths of the missing facts as a list of texts");
        }
        let message = self.message(rest)?;
        Ok(Value::Answer(Arc::new(Answer {
            degree: Degree { low, high },
            message,
            missing: paths,
        })))
    }

    /// A message in which every place has its argument, and which is not too long when it is filled in.
    fn message(&mut self, args: &[Value]) -> Outcome<Message> {
        let Some(template) = args.first() else {
            return Ok(Message::plain(""));
        };
        let template = text(template, "the message")?;
        let mut given = Vec::new();
        let mut length = template.len();
        if let Some(args) = args.get(1) {
            let Value::Table(table) = args else {
                return fail(format!(
                    "what stands in a message is a table, not {}",
                    args.word()
                ));
            };
            let size = args.size();
            self.spend_bytes(size)?;
            bounded(size, limits::TEXT, "bytes given to a message")?;
            for (name, value) in &table.entries {
                match self.shown_ends(value).json() {
                    Ok(value) => given.push((name.to_string(), value)),
                    Err(word) => return fail(format!("{word} cannot be part of an answer")),
                }
            }
            for place in places(template) {
                let name = place.split_once(':').map_or(place, |(name, _)| name);
                length += table.entries.get(name).map_or(0, Value::size);
            }
            self.spend_bytes(template.len())?;
        }
        bounded(
            length,
            limits::TEXT,
            "bytes of a message when it is filled in",
        )?;
        Message::new(template, given).or_else(|name| {
            fail(format!(
                "the message has a place {{{name}}} that nothing was given for"
            ))
        })
    }

    /// Linear between the value that counts in full and the value that counts nothing, in either direction.
    fn ramp(x: f64, ends: &Value) -> Outcome<f64> {
        let end = |key: &str| match ends {
            Value::Table(table) => match table.entries.get(key) {
                Some(value) => number(value, key),
                None => fail("ramp() needs #{ full: …, zero: … }"),
            },
            _ => fail("ramp() needs #{ full: …, zero: … }"),
        };
        helpers::between_ends(x, end("full")?, end("zero")?).or_else(fail)
    }

    /// Piecewise linear through `[x, y]` points, flat outside them.
    fn curve(&mut self, x: f64, points: &Value) -> Outcome<f64> {
        let wrong = || fail("curve() needs a list of [value, degree] pairs");
        let Value::List(points) = points else {
            return wrong();
        };
        self.spend(points.items.len())?;
        let mut pairs = Vec::with_capacity(points.items.len());
        for point in &points.items {
            let Value::List(pair) = point else {
                return wrong();
            };
            let [Value::Number(a), Value::Number(b)] = pair.items.as_slice() else {
                return wrong();
            };
            pairs.push((*a, *b));
        }
        helpers::on_curve(x, &pairs).or_else(fail)
    }

    pub(super) fn change(&mut self, args: &[Value]) -> Outcome<Value> {
        let first = one(args)?;
        let (path, value) = match args {
            [path, value] => (text(path, "a path")?.to_string(), value),
            [_, key, value] => {
                let key = text(key, "the name of a field")?;
                (self.record.pointer_of(first)?.key(key).dotted(), value)
            }
            _ => return fail("set() needs a path and a value"),
        };
        self.all_known(&[value])?;
        let size = value.size();
        self.spend_bytes(path.len() + size)?;
        bounded(size, limits::TEXT, "bytes of a remedy")?;
        match value.json() {
            Ok(value) => Ok(Value::Change(Arc::new(Proposed { path, value }))),
            Err(word) => fail(format!("{word} cannot be part of an answer")),
        }
    }
}

/// A degree outside 0..1 is an error, not a correction.
fn grade(degree: f64) -> Outcome<Degree> {
    if (-1e-9..=1.0 + 1e-9).contains(&degree) {
        Ok(Degree::known(degree.clamp(0.0, 1.0)))
    } else {
        fail(format!("a degree must lie between 0 and 1, not {degree}"))
    }
}
