//! Settings that are typed as `key=value`, on top of a profile for one run.

use crate::document::{Document, Format};
use crate::pointer::Pointer;
use crate::problem::Problem;

/// What such settings are called where a file would be named.
const NAME: &str = "--set";

/// Keys that only a file may set: what takes part, and what one proposal is let off.
const FILE_ONLY: [&str; 3] = ["profile.extends", "profile.version", "waivers"];

/// Reads settings such as `thresholds.ethics=70` or `rules.ethics/short-stay.params.aim=6`, one a line, as a profile; nothing
/// where there are none. A value that is no TOML is text.
pub fn set(typed: &[String]) -> Result<Option<Document>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    for one in typed {
        match line(one) {
            Ok(line) => lines.push(line),
            Err(problem) => problems.push(problem.in_file(NAME)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let text = lines.join("\n");
    Document::parse(NAME, text.as_bytes(), Format::Toml).map(Some)
}

/// A setting as a line of TOML.
fn line(typed: &str) -> Result<String, Problem> {
    let example = "a key and a value, such as `thresholds.ethics=70`";
    let Some((key, value)) = split(typed) else {
        let shown = crate::text::shorten(typed, 60);
        return Err(Problem::error(format!("`{shown}` has no `=`")).expected(example));
    };
    let steps = steps(key);
    if steps.is_empty() || steps.iter().any(String::is_empty) {
        let shown = crate::text::shorten(key, 60);
        return Err(Problem::error(format!("`{shown}` is no key of a profile")).expected(example));
    }
    let dotted = steps.join(".");
    let only = FILE_ONLY.iter().find(|only| {
        dotted == **only
            || dotted
                .strip_prefix(**only)
                .is_some_and(|rest| rest.starts_with('.'))
    });
    if let Some(only) = only {
        let problem = Problem::error(format!("`{only}` cannot be set on the command line"));
        return Err(problem.expected("it in a profile, where it stays and can be seen"));
    }
    let quoted: Vec<String> = steps.iter().map(|step| text_of(step)).collect();
    let key = quoted.join(".");
    let value = value.trim();
    let plain = format!("{key} = {value}");
    let one_line = !value.contains(['\n', '\r', '#']);
    let read = Document::parse(NAME, plain.as_bytes(), Format::Toml);
    let at = steps.iter().fold(Pointer::root(), |at, step| at.key(step));
    if one_line && read.is_ok_and(|read| at.of(read.value()).is_some()) {
        return Ok(plain);
    }
    Ok(format!("{key} = {}", text_of(value)))
}

/// A text as TOML; what JSON escapes, TOML escapes alike.
fn text_of(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Key and value: at the first `=` outside quotes.
fn split(typed: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = typed.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '=' && !quoted).then_some(at)
    })?;
    Some((typed.get(..at)?, typed.get(at + 1..)?))
}

/// The steps of a key, which dots part; what stands in quotes is one.
fn steps(key: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut quoted = false;
    for c in key.trim().chars() {
        match c {
            '"' => quoted = !quoted,
            '.' if !quoted => steps.push(String::new()),
            c => {
                if let Some(step) = steps.last_mut() {
                    step.push(c);
                }
            }
        }
    }
    steps
        .into_iter()
        .map(|step| step.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_toml_or_else_text() {
        let typed = [
            "thresholds.ethics=70",
            "rules.ethics/short-stay.params.aim = 6.5",
            "rules.\"climate/*\".enabled=false",
            "profile.name=Faculty of Law",
            "profile.locale=es",
            "words.stop=\"No = no\"",
        ]
        .map(str::to_owned);
        let document = set(&typed).unwrap().unwrap();
        assert_eq!(
            *document.value(),
            json!({
                "thresholds": { "ethics": 70 },
                "rules": {
                    "ethics/short-stay": { "params": { "aim": 6.5 } },
                    "climate/*": { "enabled": false }
                },
                "profile": { "name": "Faculty of Law", "locale": "es" },
                "words": { "stop": "No = no" }
            })
        );
        assert!(set(&[]).unwrap().is_none());
    }

    #[test]
    fn what_is_no_setting_is_said_at_once() {
        let typed = [
            "thresholds.ethics",
            "=7",
            "waivers=[]",
            "profile.extends=[]",
            "a..b=1",
        ];
        let problems = set(&typed.map(str::to_owned)).unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 5, "{said:?}");
        assert!(said[0].contains("has no `=`"), "{said:?}");
        assert!(
            said[3].contains("cannot be set on the command line"),
            "{said:?}"
        );
        // A key twice is the mistake of somebody who typed it twice.
        let twice = ["thresholds.ethics=7", "thresholds.ethics=8"].map(str::to_owned);
        assert!(set(&twice).is_err());
        // Nothing that is typed as a value becomes a second line.
        let document = set(&["profile.name=x\nwaivers = 3".to_owned()])
            .unwrap()
            .unwrap();
        assert_eq!(
            document.value(),
            &json!({ "profile": { "name": "x\nwaivers = 3" } })
        );
    }
}
