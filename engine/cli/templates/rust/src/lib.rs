//! Evenhand plugin: {{title}}.

use evenhand_plugin::{Derived, Error, Plugin, Value, export_plugin};

/// What is read of a proposal; `plugin.json` names it under `reads`, and nothing else is handed in.
const DURATION: &str = "/program/duration_years";

/// An instance. What its settings say, and data it needs, are fields.
#[derive(Debug)]
pub struct Instance;

impl Plugin for Instance {
    fn create(_settings: &Value) -> Result<Self, Error> {
        Ok(Self)
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        let mut derived = Derived::new();
        let years = proposal.pointer(DURATION).and_then(Value::as_f64);
        match years.filter(|years| (0.0..1000.0).contains(years)) {
            // A fact, with the places it rests on.
            Some(years) => derived.fact("/months", months(years), [DURATION]),
            // What cannot be computed is named, with what prevented it. Never a guess.
            None => derived.lacks("/months", [DURATION]),
        };
        Ok(derived)
    }
}

impl Instance {
    fn {{symbol}}_months(years: f64) -> Result<f64, Error> {
        let months = months(years);
        if months.is_finite() {
            Ok(months)
        } else {
            Err(Error::failed("so many years cannot be counted"))
        }
    }
}

fn months(years: f64) -> f64 {
    12.0 * years
}

export_plugin! { Instance, id = {{symbol}}, manifest = include_bytes!(concat!(env!("OUT_DIR"), "/plugin.json"));
    /// The months in so many years.
    pure fn {{symbol}}_months(years: f64) -> Result<f64, Error>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_plugin::serde_json::json;
    use evenhand_plugin::testing::{Harness, assert_lawful};

    fn plugin() -> Harness {
        Harness::new(plugin_table(), &json!({})).unwrap()
    }

    #[test]
    fn a_year_has_twelve_months() {
        let years = json!({ "program": { "duration_years": 2.5 } });
        let derived = plugin().derive(&years).unwrap();
        assert_eq!(Value::Object(derived.facts), json!({ "months": 30.0 }));
        let answer = plugin().call("{{symbol}}_months", &[2.5.into()]);
        assert_eq!(answer, Ok(30.0.into()));
    }

    #[test]
    fn what_is_not_known_is_named() {
        let derived = plugin().derive(&json!({})).unwrap();
        assert!(derived.facts.is_empty());
        assert_eq!(derived.missing["/months"], [DURATION]);
    }

    #[test]
    fn it_keeps_the_contract() {
        let proposal = json!({ "program": { "duration_years": 3, "title": "x" } });
        assert_lawful(plugin_table(), &json!({}), &[proposal]);
    }
}
