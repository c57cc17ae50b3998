//! Example plugin: counts the words in which a program describes itself.

use evenhand_plugin::{Derived, Error, Finding, Plugin, Value, export_plugin};

/// The texts that are counted: name of the fact, place in the proposal.
const TEXTS: [(&str, &str); 3] = [
    ("title", "/program/title"),
    ("summary", "/program/summary"),
    ("statement", "/motivation/statement"),
];
const RULE: &str = "ethics/summary-says-enough";

/// An instance: its settings.
#[derive(Debug)]
pub struct WordCount {
    least_words: i64,
}

impl Plugin for WordCount {
    fn create(settings: &Value) -> Result<Self, Error> {
        let least_words = match settings.get("least_words") {
            None => 30,
            Some(value) => value.as_i64().filter(|words| *words > 0).ok_or_else(|| {
                Error::bad_arguments("`least_words` must be a whole number above 0")
            })?,
        };
        Ok(Self { least_words })
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        let mut derived = Derived::new();
        let mut total = Some(0);
        for (name, path) in TEXTS {
            let fact = format!("/{name}");
            match proposal.pointer(path).and_then(Value::as_str) {
                Some(text) => {
                    let words = Self::count_words(text);
                    derived.fact(&fact, words, [path]);
                    total = total.map(|total| total + words);
                }
                None => {
                    derived.lacks(&fact, [path]);
                    derived.lacks("/total", [path]);
                    total = None;
                }
            }
        }
        if let Some(total) = total {
            derived.fact("/total", total, TEXTS.map(|(_, path)| path));
        }
        Ok(derived)
    }

    fn assess(&mut self, proposal: &Value) -> Result<Vec<Finding>, Error> {
        let path = "/program/summary";
        let Some(summary) = proposal.pointer(path).and_then(Value::as_str) else {
            return Ok(vec![Finding::unknown(RULE, [path], "there is no summary")]);
        };
        let (words, least) = (Self::count_words(summary), self.least_words);
        let message = "the summary has {words} words, {least} are asked for";
        let finding = match words {
            0 => Finding::unmet(RULE, message),
            words if words < least => Finding::partly(RULE, words as f64 / least as f64, message),
            _ => Finding::met(RULE, message),
        };
        Ok(vec![
            finding.arg("words", words).arg("least", least).at(path),
        ])
    }
}

impl WordCount {
    fn count_words(text: &str) -> i64 {
        let words = text
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric));
        words.count() as i64
    }
}

export_plugin! { WordCount, id = word_count, manifest = include_bytes!("../plugin.json");
    /// How many words a text has.
    pure fn count_words(text: &str) -> i64;
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_plugin::serde_json::json;
    use evenhand_plugin::testing::{Harness, assert_lawful};

    fn proposal() -> Value {
        json!({
            "program": { "title": "RIPPLE: peer groups", "summary": "Students of two schools meet online – for two weeks." },
            "motivation": { "statement": "To learn from each other." },
            "finance": { "secured_years": 2 },
        })
    }

    fn plugin(settings: &Value) -> Harness {
        Harness::new(plugin_table(), settings).unwrap()
    }

    #[test]
    fn words_are_counted_in_any_script() {
        let check = |text: &str, words: i64| {
            assert_eq!(
                plugin(&json!({})).call("count_words", &[text.into()]),
                Ok(words.into()),
                "{text}"
            );
        };
        check("", 0);
        check(" – … ", 0);
        check("don't stop", 2);
        check("Ĉu vi\u{a0}venas?\nJes, 2 fojojn.", 6);
        check("медицинский обмен", 2);
    }

    #[test]
    fn a_total_needs_all_its_parts() {
        let mut plugin = plugin(&json!({}));
        let whole = plugin.derive(&proposal()).unwrap();
        assert_eq!(
            Value::Object(whole.facts),
            json!({"title": 3, "summary": 9, "statement": 5, "total": 17})
        );
        let part = plugin
            .derive(&json!({"program": {"title": "RIPPLE"}}))
            .unwrap();
        assert_eq!(Value::Object(part.facts), json!({"title": 1}));
        assert_eq!(
            part.missing["/total"],
            ["/program/summary", "/motivation/statement"]
        );
    }

    #[test]
    fn the_rule_counts_in_proportion() {
        let degree = |least: i64, proposal: &Value| {
            let findings = plugin(&json!({ "least_words": least }))
                .assess(proposal)
                .unwrap();
            findings[0].degree
        };
        assert_eq!(degree(9, &proposal()), Some(1.0));
        assert_eq!(degree(18, &proposal()), Some(0.5));
        assert_eq!(degree(18, &json!({"program": {"summary": "…"}})), Some(0.0));
        assert_eq!(degree(18, &json!({})), None);
    }

    #[test]
    fn settings_are_checked() {
        let refused = Harness::new(plugin_table(), &json!({"least_words": 0})).unwrap_err();
        assert!(refused.message.contains("above 0"), "{refused}");
    }

    #[test]
    fn it_keeps_the_contract() {
        assert_lawful(
            plugin_table(),
            &json!({}),
            &[proposal(), json!({"program": {"title": ""}})],
        );
    }
}
