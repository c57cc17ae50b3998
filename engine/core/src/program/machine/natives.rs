//! The functions that every script has, as they run.

use super::facts::whole;
use super::ranges::Measured;
use super::{Machine, Outcome, bounded, fail, limits, number, text};
use crate::program::code::{Native, Node};
use crate::program::value::{Value, equal};
use crate::rule::helpers::days_between;

impl<'a> Machine<'a> {
    pub(super) fn native(&mut self, native: Native, nodes: &'a [Node]) -> Outcome<Value> {
        let args = self.all(nodes)?;
        match native {
            Native::Met
            | Native::Unmet
            | Native::Partly
            | Native::Ramp
            | Native::Curve
            | Native::Between => self.answer(native, &args),
            Native::Set => self.change(&args),
            Native::Path => self.path_of(one(&args)?),
            Native::Place => {
                let index = self.record.index(one(&args)?)?;
                #[expect(clippy::cast_precision_loss, reason = "lists are bounded")]
                Ok(Value::Number(index as f64))
            }
            Native::Filter | Native::Some | Native::All | Native::Map => {
                self.by_element(native, &args)
            }
            Native::Sum | Native::Count | Native::Mean | Native::Min | Native::Max => {
                self.numbers(native, &args)
            }
            Native::First
            | Native::Last
            | Native::Order
            | Native::OrderBy
            | Native::Distinct
            | Native::Flatten => self.arranged(native, &args),
            Native::Len
            | Native::IsEmpty
            | Native::StartsWith
            | Native::EndsWith
            | Native::ToUpper
            | Native::ToLower
            | Native::SubString
            | Native::Split => self.texts(native, &args),
            Native::Share => {
                let [part, whole] = two(&args)?;
                self.share_of(part, whole)
            }
            Native::Floor | Native::Ceiling | Native::Round | Native::Abs => {
                self.rounded(native, one(&args)?)
            }
            Native::DaysBetween => match two(&args)? {
                [Value::Text(from), Value::Text(to)] => {
                    days_between(from, to).map_or_else(fail, |days| Ok(Value::Number(days)))
                }
                _ => fail("days_between() needs two dates"),
            },
            Native::Print => {
                if let Ok(json) = self.shown_ends(one(&args)?).json() {
                    tracing::debug!(target: "evenhand::rule", "{json}");
                }
                Ok(Value::Nothing)
            }
            Native::Call => match args.split_first() {
                Some((Value::Closure(closure), rest)) => {
                    self.call_closure(closure, rest.iter().cloned())
                }
                _ => fail("only a function can be called"),
            },
        }
    }

    /// What asks a function about each element.
    fn by_element(&mut self, native: Native, args: &[Value]) -> Outcome<Value> {
        let (Some(list), Some(by)) = (args.first(), args.get(1)) else {
            return fail("a function is needed");
        };
        match native {
            Native::Map => {
                let mut made = Vec::new();
                self.each(list, by, |_, _, gives| {
                    made.push(gives);
                    Ok(true)
                })?;
                self.new_list(made)
            }
            Native::Filter => {
                let mut kept = Vec::new();
                self.each(list, by, |_, item, gives| {
                    if flag(&gives)? {
                        kept.push(item);
                    }
                    Ok(true)
                })?;
                self.new_list(kept)
            }
            _ => {
                if let (Native::All, Some(if_empty), 0) = (native, args.get(2), self.count(list)?) {
                    return Ok(if_empty.clone());
                }
                self.one_decides(list, by, native == Native::Some)
            }
        }
    }

    /// Whether a function says of one element what decides. The order of the elements does not matter: one that waits for a fact
    /// lets the others be tried.
    fn one_decides(&mut self, list: &Value, by: &Value, decides: bool) -> Outcome<Value> {
        let Value::Closure(by) = by else {
            return fail(format!("a function is needed, not {}", by.word()));
        };
        let mut asked = self.sides(decides);
        for at in 0..self.count(list)? {
            let ask = |machine: &mut Self| {
                let item = machine.item(list, at)?;
                flag(&machine.call_closure(by, [item])?)
            };
            if self.side(&mut asked, ask)? {
                return Ok(Value::YesNo(decides));
            }
        }
        self.undecided(asked)
    }

    /// The numbers of a list, or what a function makes of its elements.
    fn measured(&mut self, list: &Value, by: Option<&Value>, what: &str) -> Outcome<Measured> {
        let mut all = Measured::default();
        if let Some(by) = by {
            self.each(list, by, |machine, _, gives| {
                all.push(machine, &gives, what)?;
                Ok(true)
            })?;
            return Ok(all);
        }
        let count = self.count(list)?;
        self.spend(count)?;
        for at in 0..count {
            let item = self.item(list, at)?;
            all.push(self, &item, what)?;
        }
        Ok(all)
    }

    fn numbers(&mut self, native: Native, args: &[Value]) -> Outcome<Value> {
        if let (Native::Min | Native::Max, [a, b]) = (native, args) {
            return self.extreme_of(a, b, native == Native::Min);
        }
        let Some(list) = args.first() else {
            return fail("a list is needed");
        };
        match (native, args.get(1), args.get(2)) {
            (Native::Count, None, _) => self.length(list),
            (Native::Count, Some(by), _) => {
                let mut count = 0.0;
                self.each(list, by, |_, _, gives| {
                    count += if flag(&gives)? { 1.0 } else { 0.0 };
                    Ok(true)
                })?;
                Ok(Value::Number(count))
            }
            (Native::Sum, by, _) => {
                let values = self.measured(list, by, "an element")?;
                if values.is_ranged() {
                    return self.summed(&values);
                }
                finite(values.low.iter().sum())
            }
            (Native::Mean, by, Some(weight)) => {
                let values = self.measured(list, by, "an element")?;
                let weights = self.measured(list, Some(weight), "a weight")?;
                self.weighed(&values, &weights)
            }
            (Native::Mean, _, None) => {
                let values = self.measured(list, None, "an element")?;
                if values.is_ranged() {
                    return self.average(&values);
                }
                let values = values.low;
                if values.is_empty() {
                    return fail("mean() of an empty list");
                }
                #[expect(clippy::cast_precision_loss, reason = "lists are bounded")]
                finite(values.iter().sum::<f64>() / values.len() as f64)
            }
            _ => {
                let values = self.measured(list, None, "an element")?;
                if values.is_ranged() {
                    return self.extreme(&values, native == Native::Min);
                }
                let values = values.low;
                let pick = if native == Native::Min {
                    f64::min
                } else {
                    f64::max
                };
                let found = values.into_iter().reduce(pick);
                found.map_or_else(
                    || fail("min() and max() need an element"),
                    |found| Ok(Value::Number(found)),
                )
            }
        }
    }

    fn arranged(&mut self, native: Native, args: &[Value]) -> Outcome<Value> {
        let Some(list) = args.first() else {
            return fail("a list is needed");
        };
        let count = self.count(list)?;
        match native {
            Native::First | Native::Last => {
                let at = if native == Native::First {
                    Some(0)
                } else {
                    count.checked_sub(1)
                };
                match at.filter(|at| *at < count) {
                    Some(at) => self.item(list, at),
                    None => fail("first() and last() need an element"),
                }
            }
            Native::Order | Native::OrderBy => self.sorted(list, args.get(1)),
            Native::Distinct => {
                let mut once: Vec<Value> = Vec::new();
                self.all_known(&[list])?;
                for item in self.items(list.clone())? {
                    self.spend(once.len() * (1 + super::small(&item) / limits::BYTES))?;
                    let mut known = false;
                    for other in &once {
                        known = known || equal(other, &item).or_else(fail)?;
                    }
                    if !known {
                        once.push(item);
                    }
                }
                self.new_list(once)
            }
            _ => {
                let mut flat = Vec::new();
                for inner in self.items(list.clone())? {
                    flat.extend(self.items(inner)?);
                    bounded(flat.len(), limits::LIST, "elements of a list")?;
                }
                self.new_list(flat)
            }
        }
    }

    fn texts(&mut self, native: Native, args: &[Value]) -> Outcome<Value> {
        let of = one(args)?;
        match native {
            Native::Len | Native::IsEmpty => {
                self.spend_bytes(super::small(of))?;
                let length = self.length(of)?;
                if native == Native::Len {
                    return Ok(length);
                }
                return Ok(Value::YesNo(
                    matches!(length, Value::Number(length) if length == 0.0),
                ));
            }
            _ => {}
        }
        let whole_text = text(of, "the first value")?;
        self.spend_bytes(whole_text.len())?;
        let part = || {
            args.get(1)
                .map_or_else(|| fail("a part is needed"), |part| text(part, "the part"))
        };
        Ok(match native {
            Native::StartsWith => Value::YesNo(whole_text.starts_with(part()?.as_str())),
            Native::EndsWith => Value::YesNo(whole_text.ends_with(part()?.as_str())),
            Native::ToUpper | Native::ToLower => {
                let upper = native == Native::ToUpper;
                let made = if upper {
                    whole_text.to_uppercase()
                } else {
                    whole_text.to_lowercase()
                };
                bounded(made.len(), limits::TEXT, "bytes of text")?;
                Value::text(made)
            }
            Native::SubString => {
                let at = |value: Option<&Value>| match value {
                    Some(value) => match whole(number(value, "a place")?) {
                        Some(at) => Ok(at),
                        None => fail("a place in a text is a whole number from 0"),
                    },
                    None => Ok(usize::MAX),
                };
                let (start, length) = (at(args.get(1))?, at(args.get(2))?);
                Value::text(
                    whole_text
                        .chars()
                        .skip(start)
                        .take(length)
                        .collect::<String>(),
                )
            }
            _ => {
                let part = part()?;
                let parts: Vec<Value> = whole_text.split(part.as_str()).map(Value::text).collect();
                return self.new_list(parts);
            }
        })
    }
}

pub(super) fn one(args: &[Value]) -> Outcome<&Value> {
    args.first().map_or_else(|| fail("a value is needed"), Ok)
}

fn two(args: &[Value]) -> Outcome<[&Value; 2]> {
    match args {
        [a, b] => Ok([a, b]),
        _ => fail("two values are needed"),
    }
}

fn flag(value: &Value) -> Outcome<bool> {
    match value {
        Value::YesNo(flag) => Ok(*flag),
        other => fail(format!(
            "the function must give yes or no for each element, not {}",
            other.word()
        )),
    }
}

pub(super) fn finite(number: f64) -> Outcome<Value> {
    if number.is_finite() {
        Ok(Value::Number(number))
    } else {
        fail("the number is too large to be reckoned with")
    }
}
