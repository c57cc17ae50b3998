//! Reads single values of the proposal and remembers where they stand.
//!
//! Types and ranges are the schema's business: a value of the wrong type counts as not known here.

use crate::known::{Known, Places};
use evenhand_plugin::wire::Problem;
use serde_json::Value;

/// Larger amounts are no people, weeks or dollars of a program; the limit keeps every sum finite.
const LARGEST: f64 = 1e9;

/// Hands out a number for each place it reads, so that sets of places stay small.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    places: Vec<String>,
    /// Values that cannot be right.
    pub(crate) problems: Vec<Problem>,
}

impl Reader {
    /// The place of a pointer.
    pub(crate) fn place(&mut self, pointer: String) -> u32 {
        self.places.push(pointer);
        u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
    }

    /// The value under `key`, as `read` understands it.
    fn field<'a, T>(
        &mut self,
        of: &'a Value,
        pointer: &str,
        key: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Known<T> {
        let place = self.place(format!("{pointer}/{key}"));
        match of.get(key).and_then(read) {
            Some(value) => Known::Value(value, vec![place]),
            None => Known::Missing(vec![place]),
        }
    }

    /// A text.
    pub(crate) fn text<'a>(&mut self, of: &'a Value, pointer: &str, key: &str) -> Known<&'a str> {
        self.field(of, pointer, key, Value::as_str)
    }

    /// A text that is one of `choices`; anything else counts as not known.
    pub(crate) fn choice<'a>(
        &mut self,
        of: &'a Value,
        pointer: &str,
        key: &str,
        choices: &[&str],
    ) -> Known<&'a str> {
        self.field(of, pointer, key, |value| {
            value.as_str().filter(|text| choices.contains(text))
        })
    }

    /// A truth value.
    pub(crate) fn truth(&mut self, of: &Value, pointer: &str, key: &str) -> Known<bool> {
        self.field(of, pointer, key, Value::as_bool)
    }

    /// An amount of at least 0.
    pub(crate) fn amount(&mut self, of: &Value, pointer: &str, key: &str) -> Known<f64> {
        self.field(of, pointer, key, |value| {
            value
                .as_f64()
                .filter(|amount| (0.0..=LARGEST).contains(amount))
        })
    }

    /// What one participant pays in the end, in US dollars: as given, or else the amount in another currency at the rate given
    /// beside it. No rate is looked up. What is missing is the amount in dollars, whichever way it would be told.
    pub(crate) fn net_cost(&mut self, of: &Value, pointer: &str) -> Known<f64> {
        let dollars = self.amount(of, pointer, "net_cost_usd");
        let Some(other) = of.get("net_cost").filter(|_| dollars.get().is_none()) else {
            return dollars;
        };
        let at = format!("{pointer}/net_cost");
        let amount = self.amount(other, &at, "amount");
        let rate = self.field(other, &at, "per_usd", |rate| {
            rate.as_f64().filter(|rate| *rate > 0.0)
        });
        let converted = amount
            .zip(rate)
            .map(|(amount, rate)| (amount / rate).min(LARGEST));
        if converted.get().is_some() {
            converted
        } else {
            dollars
        }
    }

    /// A share from 0 to 1.
    pub(crate) fn share(&mut self, of: &Value, pointer: &str, key: &str) -> Known<f64> {
        self.field(of, pointer, key, |value| {
            value.as_f64().filter(|share| (0.0..=1.0).contains(share))
        })
    }

    /// The entries of a list; `null` entries are kept, as entries of which nothing is known.
    pub(crate) fn list<'a>(&mut self, of: &'a Value, key: &str) -> Known<&'a Vec<Value>> {
        self.field(of, "", key, Value::as_array)
    }

    /// The pointers of places, each once, in the order in which they were read.
    pub(crate) fn pointers(&self, places: &Places) -> Vec<String> {
        let mut places = places.clone();
        places.sort_unstable();
        places.dedup();
        places
            .iter()
            .filter_map(|place| self.places.get(*place as usize))
            .cloned()
            .collect()
    }
}
