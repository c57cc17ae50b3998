//! What the scorecard in a record says, read from its JSON.

use super::Record;
use evenhand_analysis::since::{DimensionState, RuleState, Snapshot};
use evenhand_analysis::what_if::State;
use evenhand_core::finding::Outcome;
use evenhand_core::settings::Levels;
use evenhand_core::verdict::Word;
use serde_json::Value;

impl Record {
    /// What its scorecard says; nothing where it is not a whole scorecard.
    pub fn snapshot(&self) -> Option<Snapshot> {
        let list = |key: &str| self.scorecard.get(key)?.as_array();
        let levels = self.levels();
        let dimensions = list("dimensions")?.iter();
        let dimensions = dimensions.map(|value| dimension(value, &levels));
        let carries_points = |finding: &&Value| text(finding, "kind") != Some("prompt");
        let findings = list("findings")?.iter().filter(carries_points);
        Some(Snapshot {
            verdict: Word::from_word(self.said("/verdict/word"))?,
            dimensions: dimensions.collect::<Option<_>>()?,
            findings: findings.map(finding).collect::<Option<_>>()?,
        })
    }
}

impl Record {
    /// The levels of the board that judged: the scorecard in the record lists them where the board has its own.
    fn levels(&self) -> Levels {
        let scale = self.scorecard.get("levels").and_then(Value::as_array);
        let scale = scale.into_iter().flatten();
        let scale = scale.filter_map(|step| {
            let from = step.get("from").and_then(Value::as_f64)?;
            Some((text(step, "level")?.to_owned(), from))
        });
        let scale: Vec<(String, f64)> = scale.collect();
        Levels::default().with_scale(&scale)
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

fn dimension(value: &Value, levels: &Levels) -> Option<DimensionState> {
    let points = |key: &str| match value.get(key)? {
        Value::Null => Some(None),
        points => u8::try_from(points.as_u64()?).ok().map(Some),
    };
    let level = |key: &str| match value.get(key)? {
        Value::Null => Some(None),
        level => levels.named(level.as_str()?).map(Some),
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
