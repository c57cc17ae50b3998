//! Names and values as the three formats write them.

use super::Editor;
use crate::document::Format;
use crate::document::tree::Data;
use crate::document::yaml::plain;
use evenhand_diagnostic::text::{is_hidden, visible_json};
use serde_json::Value;

impl Editor<'_> {
    /// A name before a value.
    pub(super) fn name(&self, name: &str) -> String {
        write_name(self.format, name)
    }

    /// A value on one line, with brackets where it is a list or group.
    pub(super) fn inline(&self, value: &Value) -> String {
        write_inline(self.format, value)
    }
}

pub(in crate::document) fn write_name(format: Format, name: &str) -> String {
    match format {
        Format::Json => quoted_in(Some(format), name),
        Format::Yaml => yaml_text(name),
        Format::Toml => {
            let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            if !name.is_empty() && name.chars().all(bare) {
                name.to_owned()
            } else {
                quoted_in(Some(format), name)
            }
        }
    }
}

/// A value as a format writes it on one line, with brackets where it is a list or group.
pub fn write_inline(format: Format, value: &Value) -> String {
    match (format, value) {
        (_, Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| write_inline(format, item))
                .collect();
            format!("[{}]", items.join(", "))
        }
        (_, Value::Object(map)) => {
            let mark = if format == Format::Toml { " = " } else { ": " };
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| {
                    format!(
                        "{}{mark}{}",
                        write_name(format, key),
                        write_inline(format, value)
                    )
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        (Format::Yaml, Value::String(text)) if !is_answer(text) => yaml_text(text),
        (_, Value::String(text)) => quoted_in(Some(format), text),
        (Format::Toml, Value::Number(number)) => number.to_string().replace("e+", "e"),
        (_, other) => other.to_string(),
    }
}

/// Whether readers of YAML 1.1 take a value for yes or no, Norway among them. Names of fields are read as they stand.
fn is_answer(text: &str) -> bool {
    const ANSWERS: [&str; 4] = ["yes", "no", "on", "off"];
    ANSWERS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A text without quotes where YAML reads it as that text wherever it stands, and in double quotes otherwise.
fn yaml_text(text: &str) -> String {
    let first = |c: char| c.is_alphabetic() || c == '_';
    let within = |c: char| c.is_alphanumeric() || " _-./+()'’".contains(c);
    let calm = text.starts_with(first) && text.chars().all(within) && !text.ends_with(' ');
    if calm && matches!(plain(text), Data::Text(_)) {
        text.to_owned()
    } else {
        quoted_in(Some(Format::Yaml), text)
    }
}

/// Double quotes with the escapes that all three formats know.
pub(crate) fn quoted(text: &str) -> String {
    quoted_in(None, text)
}

/// Double quotes with the escapes of a format; what a reader would not see is always escaped.
fn quoted_in(format: Option<Format>, text: &str) -> String {
    let json = Value::String(text.to_owned()).to_string();
    if format == Some(Format::Json) {
        return visible_json(&json);
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let number = u32::from(c);
        match format {
            _ if !is_hidden(c) && !matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(c),
            _ if number <= 0xffff => out.push_str(&format!("\\u{number:04x}")),
            Some(_) => out.push_str(&format!("\\U{number:08x}")),
            None => out.push(c),
        }
    }
    out
}
