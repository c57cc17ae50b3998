//! What a board can set.

use crate::language::Language;
use crate::lexicon::Lexicon;
use evenhand_plugin::{Error, Value};
use std::collections::BTreeSet;

/// The settings with their defaults; `plugin.json` describes them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    /// Entries of the lexicons that the board does not want marked.
    pub(crate) ignore: BTreeSet<String>,
    /// Points per 100 words at which the degree reaches 0.
    pub(crate) density_at_zero: f64,
    /// Shorter texts without a mark are not judged.
    pub(crate) minimum_words: usize,
    /// Whether a proposal without text is `unknown`; otherwise the rule does not concern it.
    pub(crate) silence_is_unknown: bool,
    /// Learners that one supervisor can watch over.
    pub(crate) learners_per_supervisor: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ignore: BTreeSet::new(),
            density_at_zero: 6.0,
            minimum_words: 12,
            silence_is_unknown: true,
            learners_per_supervisor: 4.0,
        }
    }
}

impl Settings {
    /// Reads the settings; the error names everything that is wrong with them.
    pub(crate) fn read(value: &Value) -> Result<Self, Error> {
        let mut this = Self::default();
        let mut wrong = Vec::new();
        let Some(object) = value.as_object() else {
            return Err(Error::bad_arguments("the settings must be an object"));
        };
        for (key, value) in object {
            if value.is_null() {
                continue;
            }
            let taken = match key.as_str() {
                "ignore" => this.read_ignored(value),
                "density_at_zero" => number(value, 0.5, 100.0).map(|it| this.density_at_zero = it),
                "minimum_words" => whole(value, 10_000).map(|it| this.minimum_words = it),
                "when_no_text" => choice(value).map(|it| this.silence_is_unknown = it),
                "learners_per_supervisor" => {
                    number(value, 0.5, 98.0).map(|it| this.learners_per_supervisor = it)
                }
                _ => Err("is not a setting; there are density_at_zero, ignore, learners_per_supervisor, minimum_words and when_no_text".to_owned()),
            };
            if let Err(why) = taken {
                wrong.push(format!("`{key}` {why}"));
            }
        }
        if wrong.is_empty() {
            Ok(this)
        } else {
            Err(Error::bad_arguments(wrong.join("; ")))
        }
    }

    fn read_ignored(&mut self, value: &Value) -> Result<(), String> {
        let list = value.as_array().ok_or("must be a list of entries")?;
        let mut wrong = Vec::new();
        for item in list {
            match item.as_str() {
                Some(id) if is_entry(id)? => {
                    self.ignore.insert(id.to_owned());
                }
                _ => wrong.push(item.to_string()),
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            let wrong = wrong.join(", ");
            Err(format!(
                "names {wrong}, which no lexicon has; each marked place names its entry"
            ))
        }
    }
}

fn is_entry(id: &str) -> Result<bool, String> {
    for language in Language::ALL {
        if Lexicon::of(language)?
            .entries
            .iter()
            .any(|entry| entry.id == id)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn number(value: &Value, least: f64, most: f64) -> Result<f64, String> {
    value
        .as_f64()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("must be a number from {least} to {most}"))
}

fn choice(value: &Value) -> Result<bool, String> {
    match value.as_str() {
        Some("not_applicable") => Ok(false),
        Some("unknown") => Ok(true),
        _ => Err("must be \"not_applicable\" or \"unknown\"".to_owned()),
    }
}

fn whole(value: &Value, most: usize) -> Result<usize, String> {
    value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| *number <= most)
        .ok_or_else(|| format!("must be a whole number from 0 to {most}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let error = Settings::read(&json!({
            "ignore": ["developing-world", "no-such"], "density_at_zero": "much", "colour": 1, "when_no_text": "met"
        }))
        .unwrap_err();
        for part in [
            "no-such",
            "`density_at_zero`",
            "`colour` is not a setting",
            "`when_no_text`",
        ] {
            assert!(error.message().contains(part), "{part}: {error}");
        }
        assert!(!error.message().contains("developing-world"));
        assert!(Settings::read(&json!([])).is_err());
    }

    #[test]
    fn the_manifest_states_the_defaults() {
        let manifest: Value = serde_json::from_slice(include_bytes!("../plugin.json")).unwrap();
        let declared = manifest["settings"]["properties"].as_object().unwrap();
        let defaults: serde_json::Map<_, _> = declared
            .iter()
            .map(|(key, schema)| (key.clone(), schema["default"].clone()))
            .collect();
        assert_eq!(defaults.len(), 5);
        assert_eq!(
            Settings::read(&Value::Object(defaults)).unwrap(),
            Settings::default()
        );
    }
}
