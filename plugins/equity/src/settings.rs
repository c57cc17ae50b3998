//! What a board may set: which income groups are South, and the income that stands for each group.

use crate::countries::{Bloc, Country, Group};
use serde::Deserialize;
use serde_json::Value;

/// The board's settings with the defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    south: Vec<Group>,
    gni_proxy_usd: Proxies,
}

/// As written in the profile.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    south: Vec<String>,
    gni_proxy_usd: Proxies,
}

/// Gross national income a head that stands for a country of the group, USD a year.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Proxies {
    low: f64,
    lower_middle: f64,
    upper_middle: f64,
    high: f64,
    unclassified: f64,
}

impl Default for Written {
    fn default() -> Self {
        let south = Group::ALL.into_iter().filter(|group| *group != Group::High);
        Self {
            south: south.map(|group| group.name().to_owned()).collect(),
            gni_proxy_usd: Proxies::default(),
        }
    }
}

impl Default for Proxies {
    fn default() -> Self {
        Self {
            low: 700.0,
            lower_middle: 2500.0,
            upper_middle: 8500.0,
            high: 40_000.0,
            unclassified: 2500.0,
        }
    }
}

impl Settings {
    /// Reads the settings; every problem is named in one message.
    pub(crate) fn parse(settings: &Value) -> Result<Self, String> {
        let written = match settings {
            Value::Null => Written::default(),
            given => Written::deserialize(given).map_err(|error| error.to_string())?,
        };
        let mut problems = Vec::new();
        let mut south = Vec::new();
        for name in &written.south {
            match Group::named(name) {
                Some(group) => south.push(group),
                None => problems.push(format!(
                    "`south` names `{name}`, which is no income group; the groups are {}",
                    Group::ALL.map(Group::name).join(", ")
                )),
            }
        }
        let settings = Self {
            south,
            gni_proxy_usd: written.gni_proxy_usd,
        };
        for group in Group::ALL {
            let usd = settings.income_of(group);
            if !(1.0..=1e6).contains(&usd) {
                let name = group.name();
                problems.push(format!(
                    "`gni_proxy_usd.{name}` is {usd}; expected 1 to 1000000 USD"
                ));
            }
        }
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems.join("; "))
        }
    }

    /// The side a country counts on.
    pub(crate) fn bloc(&self, country: &Country) -> Bloc {
        if self.south.contains(&country.group) {
            Bloc::South
        } else {
            Bloc::North
        }
    }

    /// The income a head that stands for the country, USD a year.
    pub(crate) fn income(&self, country: &Country) -> f64 {
        self.income_of(country.group)
    }

    fn income_of(&self, group: Group) -> f64 {
        let proxies = &self.gni_proxy_usd;
        match group {
            Group::Low => proxies.low,
            Group::LowerMiddle => proxies.lower_middle,
            Group::UpperMiddle => proxies.upper_middle,
            Group::High => proxies.high,
            Group::Unclassified => proxies.unclassified,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::countries::country;
    use serde_json::json;

    #[test]
    fn a_board_moves_a_group_and_an_income() {
        let settings =
            Settings::parse(&json!({"south": ["low"], "gni_proxy_usd": {"low": 900}})).unwrap();
        assert_eq!(settings.bloc(country("KE").unwrap()), Bloc::North);
        assert_eq!(settings.bloc(country("MW").unwrap()), Bloc::South);
        assert!((settings.income(country("MW").unwrap()) - 900.0).abs() < 1e-9);
        assert!((settings.income(country("US").unwrap()) - 40_000.0).abs() < 1e-9);
        let usual = Settings::parse(&json!({})).unwrap();
        assert_eq!(usual, Settings::parse(&Value::Null).unwrap());
        assert_eq!(usual.bloc(country("ET").unwrap()), Bloc::South);
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let error =
            Settings::parse(&json!({"south": ["poor", "rich"], "gni_proxy_usd": {"low": 0}}))
                .unwrap_err();
        for part in ["`poor`", "`rich`", "gni_proxy_usd.low", "lower_middle"] {
            assert!(error.contains(part), "{error}");
        }
        assert!(
            Settings::parse(&json!({"south_groups": []}))
                .unwrap_err()
                .contains("south")
        );
    }
}
