//! What a board may set: how far to look, with how many draws, from which seed, and the rates.

use crate::rates::Rates;
use serde_json::{Map, Value};

/// Settings with the defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    pub(crate) horizon_years: usize,
    pub(crate) draws: u32,
    pub(crate) seed: u64,
    pub(crate) rates: Rates,
}

const NAMES: [&str; 4] = ["draws", "horizon_years", "rates", "seed"];
/// The largest whole number that JSON readers everywhere agree on.
const LARGEST_SEED: u64 = (1 << 53) - 1;

impl Settings {
    /// Reads the settings; every problem is named in one message.
    pub(crate) fn parse(settings: &Value) -> Result<Self, String> {
        let none = Map::new();
        let given = match settings {
            Value::Null => &none,
            Value::Object(given) => given,
            other => return Err(format!("the settings are {other}; expected an object")),
        };
        let mut problems = Vec::new();
        for name in given.keys().filter(|name| !NAMES.contains(&name.as_str())) {
            problems.push(format!(
                "`{name}` is no setting; the settings are {}",
                NAMES.join(", ")
            ));
        }
        let mut whole = |name: &str, least: u64, most: u64, default: u64| match given.get(name) {
            None | Some(Value::Null) => default,
            Some(value) => value
                .as_u64()
                .filter(|value| (least..=most).contains(value))
                .unwrap_or_else(|| {
                    problems.push(format!(
                        "`{name}` is {value}; expected a whole number from {least} to {most}"
                    ));
                    default
                }),
        };
        let horizon = whole("horizon_years", 1, 20, 5);
        let draws = whole("draws", 1000, 20_000, 10_000);
        let seed = whole("seed", 0, LARGEST_SEED, 20_260_101);
        let rates = match given.get("rates") {
            None | Some(Value::Null) => Rates::default(),
            Some(Value::Object(own)) => Rates::with(own, &mut problems),
            Some(other) => {
                problems.push(format!("`rates` is {other}; expected an object of rates"));
                Rates::default()
            }
        };
        if !problems.is_empty() {
            return Err(problems.join("; "));
        }
        Ok(Self {
            horizon_years: usize::try_from(horizon).unwrap_or(5),
            draws: u32::try_from(draws).unwrap_or(10_000),
            seed,
            rates,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn defaults_own_values_and_mistakes() {
        let usual = Settings::parse(&Value::Null).unwrap();
        assert_eq!((usual.horizon_years, usual.draws), (5, 10_000));
        assert_eq!(usual, Settings::parse(&json!({})).unwrap());
        let own = Settings::parse(&json!({"horizon_years": 10, "draws": 2000, "seed": 7})).unwrap();
        assert_eq!((own.horizon_years, own.draws, own.seed), (10, 2000, 7));
        let error =
            Settings::parse(&json!({"horizon": 3, "draws": 1.5, "seed": -1, "rates": {"luck": 0}}));
        let error = error.unwrap_err();
        for part in [
            "`horizon` is no setting",
            "`draws` is 1.5",
            "`seed` is -1",
            "`rates.luck`",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }
}
