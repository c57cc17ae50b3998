//! What the scorecard in a record says, read from its JSON.

use super::Record;
use evenhand_analysis::since::{DimensionState, RuleState, Snapshot};
use evenhand_analysis::what_if::State;
use evenhand_core::finding::Outcome;
use evenhand_core::score::Level;
use evenhand_core::verdict::Word;
use serde_json::Value;

impl Record {
    /// What its scorecard says; nothing where it is not a whole scorecard.
    pub fn snapshot(&self) -> Option<Snapshot> {
        let list = |key: &str| self.scorecard.get(key)?.as_array();
        let dimensions = list("dimensions")?.iter().map(dimension);
        let carries_points = |finding: &&Value| text(finding, "kind") != Some("prompt");
        let findings = list("findings")?.iter().filter(carries_points);
        Some(Snapshot {
            verdict: Word::from_word(self.said("/verdict/word"))?,
            dimensions: dimensions.collect::<Option<_>>()?,
            findings: findings.map(finding).collect::<Option<_>>()?,
        })
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

fn dimension(value: &Value) -> Option<DimensionState> {
    let points = |key: &str| match value.get(key)? {
        Value::Null => Some(None),
        points => u8::try_from(points.as_u64()?).ok().map(Some),
    };
    let level = |key: &str| match value.get(key)? {
        Value::Null => Some(None),
        level => Level::from_word(level.as_str()?).map(Some),
    };
    let id = text(value, "id")?.to_owned();
    Some(DimensionState {
        // A scorecard in JSON has no titles; that of today is shown.
        title: id.clone(),
        id,
        low: points("low")?,
        high: points("high")?,
        level_low: level("level_low")?,
        level_high: level("level_high")?,
    })
}

fn finding(value: &Value) -> Option<RuleState> {
    let degree = |key: &str| value.get(key)?.as_f64();
    Some(RuleState {
        rule: text(value, "rule")?.to_owned(),
        title: text(value, "title")?.to_owned(),
        message: text(value, "message")?.to_owned(),
        state: State {
            outcome: Outcome::from_word(text(value, "outcome")?)?,
            low: degree("low")?,
            high: degree("high")?,
        },
        waived: !value.get("waiver")?.is_null(),
    })
}
