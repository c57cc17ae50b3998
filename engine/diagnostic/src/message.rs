//! Messages: a template, which is also the key of its translations, and what stands in its placeholders.

use crate::text;
use crate::words::{English, Words};
use serde_json::Value;

/// A message: a template, which is also the key of its translations, and what stands in its places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    /// Text with places such as `{ratio}`.
    pub template: String,
    /// What stands in the places, by name.
    pub args: Vec<(String, Value)>,
    /// What it says in the language of the scorecard, where that is not English.
    pub said: Option<String>,
}

impl Message {
    /// A message; the error is the name of a place of the template that has no argument.
    pub fn new(template: &str, args: Vec<(String, Value)>) -> Result<Self, String> {
        for place in places(template) {
            let (name, _) = place.split_once(':').unwrap_or((place, ""));
            if !args.iter().any(|(known, _)| known == name) {
                return Err(name.to_owned());
            }
        }
        Ok(Self {
            template: template.to_owned(),
            args,
            said: None,
        })
    }

    /// A message without places.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            template: text.into(),
            args: Vec::new(),
            said: None,
        }
    }

    /// The message as people read it.
    pub fn text(&self) -> String {
        match &self.said {
            Some(said) => said.clone(),
            None => fill(&self.template, &self.args, &English),
        }
    }
}

/// The places of a template, without the braces.
pub fn places(template: &str) -> Vec<&str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(place, _)| place))
        .collect()
}

/// Puts arguments into the places of a template, as a language writes them. `{x:percent}` shows 0.25 as `25 %`.
pub fn fill(template: &str, args: &[(String, Value)], words: &dyn Words) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((place, rest)) = part.split_once('}') else {
            text.push('{');
            text.push_str(part);
            continue;
        };
        let (name, form) = place.split_once(':').unwrap_or((place, ""));
        match args.iter().find(|(known, _)| known == name) {
            Some((_, value)) => text.push_str(&show(value, form, words)),
            None => text.push_str(&format!("{{{place}}}")),
        }
        text.push_str(rest);
    }
    text
}

fn show(value: &Value, form: &str, words: &dyn Words) -> String {
    match value {
        Value::Number(number) => one(number.as_f64().unwrap_or_default(), form, words),
        Value::String(text) => match words.value(text) {
            Some(translated) => translated.to_owned(),
            None if form == "words" => text.replace('_', " "),
            None => text.clone(),
        },
        Value::Bool(flag) => words.flag(*flag).to_owned(),
        Value::Array(items) => items
            .iter()
            .map(|item| show(item, form, words))
            .collect::<Vec<_>>()
            .join(", "),
        other => match text::ends(other) {
            Some((from, to)) => format!("{}–{}", bare(from, form, words), one(to, form, words)),
            None => other.to_string(),
        },
    }
}

fn one(number: f64, form: &str, words: &dyn Words) -> String {
    match form {
        "percent" => words.percent((number * 1000.0).round() / 10.0),
        "whole" => words.number(number.round()),
        _ => words.number(number),
    }
}

/// The first number of two, of which the second bears the sign of both.
fn bare(number: f64, form: &str, words: &dyn Words) -> String {
    match form {
        "percent" => words.number((number * 1000.0).round() / 10.0),
        form => one(number, form, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_are_filled_in_the_form_they_ask_for() {
        let args = [
            ("share".to_owned(), json!(0.2546)),
            ("tonnes".to_owned(), json!(1234.56)),
            ("yes".to_owned(), json!(true)),
            ("who".to_owned(), json!(["student", "faculty_member"])),
            ("host".to_owned(), json!("Nairobi")),
            ("people".to_owned(), json!({ "from": 20, "to": 25.5 })),
            ("part".to_owned(), json!({ "from": 0.2, "to": 0.255 })),
        ];
        for (template, expected) in [
            ("{share:percent} of it", "25.5 % of it"),
            ("{tonnes} t, {tonnes:whole} t", "1234.6 t, 1235 t"),
            ("{yes}", "yes"),
            ("{who:words}", "student, faculty member"),
            ("{who}", "student, faculty_member"),
            ("at {host}", "at Nairobi"),
            ("{people}, {people:whole}", "20–25.5, 20–26"),
            ("{part:percent}", "20–25.5 %"),
            // What nobody gave, and braces that are none, stay as they are.
            ("{nobody}", "{nobody}"),
            ("a { brace", "a { brace"),
            ("", ""),
        ] {
            assert_eq!(fill(template, &args, &English), expected);
        }
        assert_eq!(places("{a} and {b:percent} and {"), ["a", "b:percent"]);
    }

    #[test]
    fn a_message_has_what_its_places_ask_for() {
        let args = || vec![("a".to_owned(), json!(1))];
        assert!(Message::new("{a:whole}", args()).is_ok());
        assert!(Message::new("{a} {b}", args()).is_err());
    }
}
