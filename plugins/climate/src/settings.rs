//! What a board may set: which factors, which multiplier, which limits.

use crate::factors::{self, FactorSet};
use serde::Deserialize;
use serde_json::Value;

/// The settings in force.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) factors: &'static FactorSet,
    pub(crate) rf: Multiplier,
    pub(crate) wtt: Upstream,
    pub(crate) haul_limits_km: HaulLimits,
    pub(crate) detour: Detour,
    pub(crate) car_shared_occupants: f64,
    pub(crate) hotel_occupants: f64,
    pub(crate) hostel_beds: f64,
    pub(crate) virtual_hours_per_week: f64,
    pub(crate) rail_limit_km: f64,
}

/// Multiplier on the CO2 of flights for contrails and other non-CO2 effects.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Multiplier {
    pub(crate) low: f64,
    pub(crate) central: f64,
    pub(crate) high: f64,
}

impl Default for Multiplier {
    fn default() -> Self {
        Self {
            low: 1.0,
            central: 1.7,
            high: 3.0,
        }
    }
}

/// Which upstream emissions ("well to tank") are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Upstream {
    /// In keeping with the direct figures.
    #[default]
    Consistent,
    /// As published, though out of step for flights since 2025.
    Published,
    /// Not counted.
    None,
}

/// Up to which length a flight counts as domestic or short-haul, in km; at the limit the longer kind begins.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HaulLimits {
    pub(crate) domestic: f64,
    pub(crate) short: f64,
}

impl Default for HaulLimits {
    fn default() -> Self {
        Self {
            domestic: 700.0,
            short: 3700.0,
        }
    }
}

/// How much longer the way on the ground is than the great circle.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Detour {
    pub(crate) rail: f64,
    pub(crate) road: f64,
    pub(crate) sea: f64,
}

impl Default for Detour {
    fn default() -> Self {
        Self {
            rail: 1.2,
            road: 1.5,
            sea: 1.0,
        }
    }
}

/// The settings as written.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    factor_set: String,
    rf: Multiplier,
    wtt: Upstream,
    haul_limits_km: HaulLimits,
    detour: Detour,
    car_shared_occupants: f64,
    hotel_occupants: f64,
    hostel_beds: f64,
    virtual_hours_per_week: f64,
    rail_limit_km: f64,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            factor_set: "DESNZ-2026".to_owned(),
            rf: Multiplier::default(),
            wtt: Upstream::default(),
            haul_limits_km: HaulLimits::default(),
            detour: Detour::default(),
            car_shared_occupants: 3.0,
            hotel_occupants: 1.0,
            hostel_beds: 6.0,
            virtual_hours_per_week: 37.0,
            rail_limit_km: 800.0,
        }
    }
}

impl Settings {
    /// Reads settings; what is left out keeps its default. The error names everything that is wrong.
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        let written = match value {
            Value::Null => Written::default(),
            _ => Written::deserialize(value).map_err(|error| format!("settings: {error}"))?,
        };
        let mut wrong = written.out_of_range();
        let factors = factors::sets()
            .iter()
            .find(|set| set.id == written.factor_set);
        if factors.is_none() {
            wrong.push(unknown_set(&written.factor_set));
        }
        match factors {
            Some(factors) if wrong.is_empty() => Ok(written.with(factors)),
            _ => Err(wrong.join("; ")),
        }
    }
}

impl Written {
    fn out_of_range(&self) -> Vec<String> {
        let ranges = [
            ("rf.low", self.rf.low, 1.0, 5.0),
            ("rf.central", self.rf.central, 1.0, 5.0),
            ("rf.high", self.rf.high, 1.0, 5.0),
            (
                "haul_limits_km.domestic",
                self.haul_limits_km.domestic,
                0.0,
                20_100.0,
            ),
            (
                "haul_limits_km.short",
                self.haul_limits_km.short,
                0.0,
                20_100.0,
            ),
            ("detour.rail", self.detour.rail, 1.0, 3.0),
            ("detour.road", self.detour.road, 1.0, 3.0),
            ("detour.sea", self.detour.sea, 1.0, 3.0),
            ("car_shared_occupants", self.car_shared_occupants, 1.0, 9.0),
            ("hotel_occupants", self.hotel_occupants, 1.0, 10.0),
            ("hostel_beds", self.hostel_beds, 1.0, 50.0),
            (
                "virtual_hours_per_week",
                self.virtual_hours_per_week,
                0.0,
                100.0,
            ),
            ("rail_limit_km", self.rail_limit_km, 0.0, 5000.0),
        ];
        let mut wrong: Vec<String> = ranges
            .into_iter()
            .filter(|(_, value, least, most)| !(least..=most).contains(&value))
            .map(|(name, value, least, most)| {
                format!("setting `{name}` is {value}, but must lie between {least} and {most}")
            })
            .collect();
        if self.rf.low > self.rf.central || self.rf.central > self.rf.high {
            wrong.push("setting `rf`: low, central and high must not fall".to_owned());
        }
        // Closer together, the ways from one kind of flight to the next would overlap.
        if 2.0 * self.haul_limits_km.domestic > self.haul_limits_km.short {
            wrong
                .push("setting `haul_limits_km`: short must be at least twice domestic".to_owned());
        }
        wrong
    }

    fn with(self, factors: &'static FactorSet) -> Settings {
        Settings {
            factors,
            rf: self.rf,
            wtt: self.wtt,
            haul_limits_km: self.haul_limits_km,
            detour: self.detour,
            car_shared_occupants: self.car_shared_occupants,
            hotel_occupants: self.hotel_occupants,
            hostel_beds: self.hostel_beds,
            virtual_hours_per_week: self.virtual_hours_per_week,
            rail_limit_km: self.rail_limit_km,
        }
    }
}

fn unknown_set(written: &str) -> String {
    let known: Vec<&str> = factors::sets().iter().map(|set| set.id).collect();
    let likely = (written.chars().count() <= 64)
        .then(|| {
            known
                .iter()
                .min_by_key(|id| strsim::osa_distance(id, &written.to_uppercase()))
        })
        .flatten()
        .map(|id| format!(" (did you mean `{id}`?)"))
        .unwrap_or_default();
    let shown: String = written.chars().take(40).collect();
    format!(
        "setting `factor_set`: `{shown}` is not one of {}{likely}",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_written_means_the_defaults() {
        for value in [Value::Null, json!({})] {
            let settings = Settings::parse(&value).unwrap();
            assert_eq!(settings.factors.id, "DESNZ-2026");
            assert_eq!(
                settings.rf,
                Multiplier {
                    low: 1.0,
                    central: 1.7,
                    high: 3.0
                }
            );
            assert_eq!(settings.wtt, Upstream::Consistent);
        }
    }

    #[test]
    fn one_key_leaves_the_others_alone() {
        let settings = Settings::parse(&json!({ "rf": { "high": 2.0 } })).unwrap();
        assert_eq!(
            settings.rf,
            Multiplier {
                low: 1.0,
                central: 1.7,
                high: 2.0
            }
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_a_suggestion() {
        let error = Settings::parse(&json!({
            "factor_set": "desnz-2205", "rf": { "central": 0.5 }, "detour": { "rail": 99.0 }
        }))
        .unwrap_err();
        assert_eq!(
            error,
            "setting `rf.central` is 0.5, but must lie between 1 and 5; \
             setting `detour.rail` is 99, but must lie between 1 and 3; \
             setting `rf`: low, central and high must not fall; \
             setting `factor_set`: `desnz-2205` is not one of DESNZ-2024, DESNZ-2025, DESNZ-2026 \
             (did you mean `DESNZ-2025`?)"
        );
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let error = Settings::parse(&json!({ "factorset": "DESNZ-2025" })).unwrap_err();
        assert!(error.contains("factorset"), "{error}");
    }
}
