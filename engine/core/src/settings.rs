//! What a board has set: thresholds, weights, parameters, rules turned off.

use serde_json::Value;
use std::collections::BTreeMap;

/// The settings in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The profile's name, shown on every report; empty for the pack's own settings.
    pub name: String,
    /// From how many points a dimension is `good` and `mixed`.
    pub levels: Levels,
    /// Points under which a dimension asks for revision, where they are not those of `mixed`.
    pub thresholds: BTreeMap<String, f64>,
    /// Dimensions that may go unjudged, and why.
    pub not_judged: BTreeMap<String, String>,
    /// Settings of single rules, by id.
    pub rules: BTreeMap<String, RuleSettings>,
}

/// From how many points a dimension is called `good` and `mixed`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// At least this many: good.
    pub good: f64,
    /// At least this many: mixed; fewer: poor.
    pub mixed: f64,
}

/// What a board has set for one rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleSettings {
    /// Turned off, for this reason.
    pub disabled: Option<String>,
    /// Another weight.
    pub weight: Option<f64>,
    /// Other parameters.
    pub params: BTreeMap<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            levels: Levels {
                good: 70.0,
                mixed: 45.0,
            },
            thresholds: BTreeMap::new(),
            not_judged: BTreeMap::new(),
            rules: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Points under which a dimension asks for revision.
    pub fn threshold(&self, dimension: &str) -> f64 {
        self.thresholds
            .get(dimension)
            .copied()
            .unwrap_or(self.levels.mixed)
    }
}
