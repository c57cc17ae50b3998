//! Numbers of which only the ends are known: what is worked out from them is an interval again, and a comparison that is not
//! certain is decided once each way.
//!
//! Every operation here rounds as it does for numbers, and rounding keeps their order: whatever a number between the ends
//! gives lies between what is computed of the ends.

use super::natives::finite;
use super::{Flow, Machine, Outcome, arithmetic, fail, number};
use crate::program::code::{Native, Sign, Than};
use crate::program::value::Value;
use crate::rule::facts::{Ends, Stop};

/// Work for each interval that is made.
const MADE: usize = 4;

/// A number that is known or an interval.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    pub(super) ends: Ends,
    pub(super) id: Option<u32>,
}

impl Amount {
    fn known(number: f64) -> Self {
        Self {
            ends: Ends::known(number),
            id: None,
        }
    }
}

/// How two numbers are compared, with the smaller one expected first.
#[derive(Clone, Copy, PartialEq)]
enum Test {
    Less,
    AtMost,
    Same,
}

impl Machine<'_> {
    /// A number, which may be an interval.
    pub(super) fn amount(&self, value: &Value, what: &str) -> Outcome<Amount> {
        match value {
            Value::Range(id) => Ok(Amount {
                ends: self.record.ends(*id),
                id: Some(*id),
            }),
            other => number(other, what).map(Amount::known),
        }
    }

    /// What is worked out from some amounts: a number where its ends are the same.
    pub(super) fn worked_out(&mut self, ends: Ends, from: &[Amount]) -> Outcome<Value> {
        self.spend(MADE)?;
        let ids: Vec<u32> = from.iter().filter_map(|amount| amount.id).collect();
        if !ends.low.is_finite() || !ends.high.is_finite() || ends.low > ends.high {
            return self.wait_for(&ids);
        }
        if ends.is_known() {
            return Ok(Value::Number(ends.low));
        }
        Ok(Value::Range(self.record.made(ends, &ids)))
    }

    /// Waits until the facts behind intervals are known as one number.
    pub(super) fn wait_for<T>(&mut self, ids: &[u32]) -> Outcome<T> {
        let stop = self.record.imprecise(ids);
        self.record.stopped(stop);
        Err(Flow::Stopped)
    }

    /// Waits where a value is, or holds, a number of which only the ends are known.
    pub(super) fn all_known(&mut self, values: &[&Value]) -> Outcome<()> {
        if !self.record.has_intervals() {
            return Ok(());
        }
        let mut ids = Vec::new();
        let mut open: Vec<&Value> = values.to_vec();
        let mut count = 0;
        while let Some(value) = open.pop() {
            count += 1;
            match value {
                Value::Range(id) => ids.push(*id),
                Value::List(list) => open.extend(&list.items),
                Value::Table(table) => open.extend(table.entries.values()),
                _ => {}
            }
        }
        self.spend(count)?;
        if ids.is_empty() {
            Ok(())
        } else {
            self.wait_for(&ids)
        }
    }

    /// A value as it is shown: with `from` and `to` in place of an interval.
    pub(super) fn shown_ends(&self, value: &Value) -> Value {
        match value {
            Value::Range(id) => {
                let ends = self.record.ends(*id);
                let ends = [("from", ends.low), ("to", ends.high)];
                let entries = ends.map(|(name, end)| (name.into(), Value::Number(end)));
                Value::table(entries.into_iter().collect()).unwrap_or(Value::Nothing)
            }
            Value::List(list) => {
                let items = list.items.iter().map(|item| self.shown_ends(item));
                Value::list(items.collect()).unwrap_or(Value::Nothing)
            }
            other => other.clone(),
        }
    }

    /// A sign between two numbers of which at least one is an interval.
    pub(super) fn interval_sum(&mut self, a: &Value, b: &Value, sign: Sign) -> Outcome<Value> {
        let a = self.amount(a, "a number beside a sign")?;
        let b = self.amount(b, "a number beside a sign")?;
        let (x, y) = (a.ends, b.ends);
        let whole = x.whole && y.whole;
        let (low, high, whole) = match sign {
            Sign::Plus => (x.low + y.low, x.high + y.high, whole),
            Sign::Minus => (x.low - y.high, x.high - y.low, whole),
            Sign::Times => {
                let (low, high) = corners(x, y, |a, b| a * b);
                (low, high, whole)
            }
            Sign::Over if y.low > 0.0 || y.high < 0.0 => {
                let (low, high) = corners(x, y, |a, b| a / b);
                (low, high, false)
            }
            Sign::Over | Sign::Rest if b.id.is_none() && y.low == 0.0 => {
                return arithmetic(0.0, 0.0, sign);
            }
            // Some number of the interval cannot be divided by, or what is left over jumps.
            Sign::Over | Sign::Rest => (f64::NEG_INFINITY, f64::INFINITY, false),
        };
        self.worked_out(Ends { low, high, whole }, &[a, b])
    }

    /// A number rounded, or without its sign.
    pub(super) fn rounded(&mut self, native: Native, value: &Value) -> Outcome<Value> {
        let by = match native {
            Native::Floor => f64::floor,
            Native::Ceiling => f64::ceil,
            Native::Round => f64::round,
            _ => f64::abs,
        };
        match value {
            Value::Range(_) if native == Native::Abs => self.without_sign(value),
            Value::Range(_) => self.risen(value, by),
            value => Ok(Value::Number(by(number(value, "the value")?))),
        }
    }

    /// A function that rises throughout.
    fn risen(&mut self, value: &Value, by: fn(f64) -> f64) -> Outcome<Value> {
        let of = self.amount(value, "the value")?;
        let ends = Ends {
            low: by(of.ends.low),
            high: by(of.ends.high),
            whole: true,
        };
        self.worked_out(ends, &[of])
    }

    fn without_sign(&mut self, value: &Value) -> Outcome<Value> {
        let of = self.amount(value, "the value")?;
        let (low, high) = (of.ends.low, of.ends.high);
        let least = if low <= 0.0 && high >= 0.0 {
            0.0
        } else {
            low.abs().min(high.abs())
        };
        let ends = Ends {
            low: least,
            high: low.abs().max(high.abs()),
            whole: of.ends.whole,
        };
        self.worked_out(ends, &[of])
    }

    pub(super) fn turned(&mut self, value: &Value) -> Outcome<Value> {
        let of = self.amount(value, "the value")?;
        let ends = Ends {
            low: -of.ends.high,
            high: -of.ends.low,
            ..of.ends
        };
        self.worked_out(ends, &[of])
    }

    /// Which of two numbers is smaller, of which at least one is an interval.
    pub(super) fn interval_order(&mut self, a: &Value, b: &Value, than: Than) -> Outcome<bool> {
        let a = self.amount(a, "what is compared")?;
        let b = self.amount(b, "what is compared")?;
        match than {
            Than::Less => self.test(a, b, Test::Less),
            Than::AtMost => self.test(a, b, Test::AtMost),
            Than::More => self.test(b, a, Test::Less),
            Than::AtLeast => self.test(b, a, Test::AtMost),
        }
    }

    /// Whether two numbers are the same, of which at least one is an interval.
    pub(super) fn interval_equal(&mut self, a: &Value, b: &Value) -> Outcome<bool> {
        let a = self.amount(a, "what is compared")?;
        let b = self.amount(b, "what is compared")?;
        self.test(a, b, Test::Same)
    }

    fn test(&mut self, a: Amount, b: Amount, test: Test) -> Outcome<bool> {
        self.spend(MADE)?;
        if a.id.is_some() && a.id == b.id {
            return Ok(test != Test::Less);
        }
        if let Some(certain) = certain(a.ends, b.ends, test) {
            return Ok(certain);
        }
        let ids: Vec<u32> = [a.id, b.id].into_iter().flatten().collect();
        let Some(decided) = self.record.next_decision() else {
            let named = self.record.sources(&ids);
            self.record.stopped(Stop::Undecided { named });
            return Err(Flow::Stopped);
        };
        self.narrow(a, b, test, decided);
        Ok(decided)
    }

    /// Leaves of both numbers what agrees with how they compare.
    fn narrow(&mut self, a: Amount, b: Amount, test: Test, holds: bool) {
        let (x, y) = (a.ends, b.ends);
        let (below, above) = (f64::NEG_INFINITY, f64::INFINITY);
        let (first, second) = match (test, holds) {
            (Test::Less, true) => ((below, y.high.next_down()), (x.low.next_up(), above)),
            (Test::Less, false) => ((y.low, above), (below, x.high)),
            (Test::AtMost, true) => ((below, y.high), (x.low, above)),
            (Test::AtMost, false) => ((y.low.next_up(), above), (below, x.high.next_down())),
            (Test::Same, true) => ((y.low, y.high), (x.low, x.high)),
            (Test::Same, false) => (without(x, y), without(y, x)),
        };
        for (amount, (low, high)) in [(a, first), (b, second)] {
            if let Some(id) = amount.id {
                self.record.narrow(id, low, high);
            }
        }
    }
}

/// The least and the most of what an operation that rises or falls in each number gives at the ends.
fn corners(a: Ends, b: Ends, by: fn(f64, f64) -> f64) -> (f64, f64) {
    let all = [
        by(a.low, b.low),
        by(a.low, b.high),
        by(a.high, b.low),
        by(a.high, b.high),
    ];
    if all.iter().any(|one| one.is_nan()) {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let low = all.into_iter().fold(f64::INFINITY, f64::min);
    (low, all.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// How a comparison comes out, where it comes out the same for all numbers between the ends.
fn certain(a: Ends, b: Ends, test: Test) -> Option<bool> {
    let apart = a.high < b.low || b.high < a.low;
    match test {
        Test::Less if a.high < b.low => Some(true),
        Test::Less if a.low >= b.high => Some(false),
        Test::AtMost if a.high <= b.low => Some(true),
        Test::AtMost if a.low > b.high => Some(false),
        Test::Same if apart => Some(false),
        Test::Same if a.is_known() && b.is_known() => Some(true),
        Test::Same
            if (a.is_known() && b.whole || b.is_known() && a.whole) && (a.whole != b.whole) =>
        {
            Some(false)
        }
        _ => None,
    }
}

/// What is left of a number that is not the same as a known one at one of its ends.
fn without(of: Ends, other: Ends) -> (f64, f64) {
    let same = |end: f64| other.is_known() && other.low.total_cmp(&end).is_eq();
    let low = if same(of.low) {
        of.low.next_up()
    } else {
        of.low
    };
    let high = if same(of.high) {
        of.high.next_down()
    } else {
        of.high
    };
    (low, high)
}

/// Numbers of a list; their larger ends stand beside them only where one of them is an interval.
#[derive(Default)]
pub(super) struct Measured {
    pub(super) low: Vec<f64>,
    high: Vec<f64>,
    from: Vec<Amount>,
}

impl Measured {
    pub(super) fn push(&mut self, machine: &Machine<'_>, value: &Value, what: &str) -> Outcome<()> {
        let amount = machine.amount(value, what)?;
        if amount.id.is_some() && !self.is_ranged() {
            self.high.clone_from(&self.low);
        }
        self.low.push(amount.ends.low);
        if amount.id.is_some() {
            self.from.push(amount);
        }
        if self.is_ranged() {
            self.high.push(amount.ends.high);
        }
        Ok(())
    }

    pub(super) fn is_ranged(&self) -> bool {
        !self.from.is_empty()
    }

    fn high(&self) -> &[f64] {
        if self.is_ranged() {
            &self.high
        } else {
            &self.low
        }
    }

    /// Ends worked out from all smaller and from all larger ends.
    fn ends(&self, by: impl Fn(&[f64]) -> f64) -> Ends {
        Ends {
            low: by(&self.low),
            high: by(self.high()),
            whole: false,
        }
    }
}

impl Machine<'_> {
    pub(super) fn share_of(&mut self, part: &Value, whole: &Value) -> Outcome<Value> {
        if !super::is_range(part, whole) {
            let (part, whole) = (number(part, "the part")?, number(whole, "the whole")?);
            if whole <= 0.0 {
                return fail("share() of a whole that is not above zero");
            }
            return finite(part / whole);
        }
        let part = self.amount(part, "the part")?;
        let whole = self.amount(whole, "the whole")?;
        if whole.ends.high <= 0.0 {
            return fail("share() of a whole that is not above zero");
        }
        let (low, high) = if whole.ends.low > 0.0 {
            corners(part.ends, whole.ends, |a, b| a / b)
        } else {
            (f64::NEG_INFINITY, f64::INFINITY)
        };
        let ends = Ends {
            low,
            high,
            whole: false,
        };
        self.worked_out(ends, &[part, whole])
    }

    /// The smaller or the larger of two numbers.
    pub(super) fn extreme_of(&mut self, a: &Value, b: &Value, least: bool) -> Outcome<Value> {
        if !super::is_range(a, b) {
            let (a, b) = (
                number(a, "the first value")?,
                number(b, "the second value")?,
            );
            return Ok(Value::Number(if least { a.min(b) } else { a.max(b) }));
        }
        let a = self.amount(a, "the first value")?;
        let b = self.amount(b, "the second value")?;
        let pick = if least { f64::min } else { f64::max };
        let ends = Ends {
            low: pick(a.ends.low, b.ends.low),
            high: pick(a.ends.high, b.ends.high),
            whole: a.ends.whole && b.ends.whole,
        };
        self.worked_out(ends, &[a, b])
    }

    pub(super) fn extreme(&mut self, values: &Measured, least: bool) -> Outcome<Value> {
        let pick = if least { f64::min } else { f64::max };
        let ends = values.ends(|all| all.iter().copied().reduce(pick).unwrap_or(f64::NAN));
        self.worked_out(ends, &values.from)
    }

    pub(super) fn summed(&mut self, values: &Measured) -> Outcome<Value> {
        let ends = values.ends(|all| all.iter().sum());
        self.worked_out(ends, &values.from)
    }

    pub(super) fn average(&mut self, values: &Measured) -> Outcome<Value> {
        #[expect(clippy::cast_precision_loss, reason = "lists are bounded")]
        let ends = values.ends(|all| all.iter().sum::<f64>() / all.len() as f64);
        self.worked_out(ends, &values.from)
    }

    /// The mean of values by weights. Where a weight is an interval, it may lie anywhere between the least and the largest value.
    pub(super) fn weighed(&mut self, values: &Measured, weights: &Measured) -> Outcome<Value> {
        if !values.is_ranged() && !weights.is_ranged() {
            let whole: f64 = weights.low.iter().sum();
            if whole <= 0.0 {
                return fail("mean() with weights that add up to nothing");
            }
            let products = values.low.iter().zip(&weights.low);
            let sum: f64 = products.map(|(value, weight)| value * weight).sum();
            return finite(sum / whole);
        }
        let from: Vec<Amount> = values.from.iter().chain(&weights.from).copied().collect();
        let below = weights.low.iter().any(|weight| *weight < 0.0);
        let least: f64 = weights.low.iter().sum();
        if weights.high().iter().sum::<f64>() <= 0.0 {
            return fail("mean() with weights that add up to nothing");
        }
        let ends = if below || least <= 0.0 {
            Ends {
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
                whole: false,
            }
        } else if weights.is_ranged() {
            let low = values.low.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values
                .high()
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            // Sums of rounded products may lie a little beside.
            let beside = (low.abs().max(high.abs())) * 1e-9;
            Ends {
                low: low - beside,
                high: high + beside,
                whole: false,
            }
        } else {
            let weighed = |all: &[f64]| {
                let products = all.iter().zip(&weights.low);
                products.map(|(value, weight)| value * weight).sum::<f64>() / least
            };
            values.ends(weighed)
        };
        self.worked_out(ends, &from)
    }
}
