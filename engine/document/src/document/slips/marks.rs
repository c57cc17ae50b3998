//! Marks and words that are nearly right.

use super::{
    COLON_FOR_EQUALS, CURLY_QUOTES, DASH_OF_WORD_PROCESSOR, DECIMAL_COMMA, INVISIBLE_CHARACTER,
    NO_SPACE_AFTER_COLON, ONE_OF_TWO_NUMBERS, PLAIN_DASH, PUT_IN_QUOTES, STRAIGHT_QUOTES, Slip,
    TEXT_NEEDS_QUOTES, WORD_OF_ANOTHER_LANGUAGE, WRITE_INSTEAD, WRITE_SPACE, line_at, lines,
};
use crate::document::Format;
use crate::document::edit::quoted;
use crate::schema::{code_point, is_invisible};
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::{Edit, Problem};

/// Invisible characters outside of texts in quotes; in YAML, before the first sign of a line.
pub(super) fn invisible(text: &str, format: Format, _: usize) -> Vec<Slip> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let mut in_quotes = false;
        let mut edits = Vec::new();
        for (at, c) in line.char_indices() {
            in_quotes ^= c == '"';
            if format == Format::Yaml && !c.is_whitespace() && !is_invisible(c) && c != '-' {
                break;
            }
            if is_invisible(c) && !in_quotes {
                let span = start + at..start + at + c.len_utf8();
                edits.push((
                    span.clone(),
                    c,
                    Edit::new(span, if c.is_whitespace() { " " } else { "" }),
                ));
            }
        }
        if let Some((span, c, _)) = edits.first() {
            let problem = Problem::error(phrase!(INVISIBLE_CHARACTER, character = code_point(*c)))
                .suggest(phrase!(WRITE_SPACE));
            let span = span.clone();
            found.push(Slip::new(
                span,
                problem,
                edits.into_iter().map(|(_, _, edit)| edit).collect(),
            ));
        }
    }
    found
}

/// Typographic quotes around a text in JSON and TOML, outside of straight ones.
pub(super) fn curly_quotes(text: &str, format: Format, _: usize) -> Vec<Slip> {
    let mut found = Vec::new();
    if format == Format::Yaml {
        return found;
    }
    for (start, line) in lines(text) {
        let mut straight = false;
        let mut open: Option<usize> = None;
        for (at, c) in line.char_indices() {
            match (c, open) {
                ('"', None) => straight = !straight,
                ('“' | '”' | '„' | '«' | '‟', None) if !straight => open = Some(at),
                ('“' | '”' | '»' | '‟' | '"', Some(from)) => {
                    let end = at + c.len_utf8();
                    let typed = line.get(from..end).unwrap_or_default();
                    let content = typed.trim_matches(['“', '”', '„', '«', '»', '‟', '"']);
                    let value = quoted(content);
                    let span = start + from..start + end;
                    let problem = Problem::error(phrase!(CURLY_QUOTES, typed = typed))
                        .suggest(phrase!(STRAIGHT_QUOTES, value = value.as_str()));
                    found.push(Slip::new(
                        span.clone(),
                        problem,
                        vec![Edit::new(span, value)],
                    ));
                    open = None;
                }
                _ => {}
            }
        }
    }
    found
}

/// Dashes and bullets of a word processor at the beginning of lines of YAML.
pub(super) fn bullets(text: &str, format: Format, _: usize) -> Vec<Slip> {
    let mut found = Vec::new();
    if format != Format::Yaml {
        return found;
    }
    for (start, line) in lines(text) {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let typed = line.trim_start_matches(' ');
        found.extend(bullet(typed, start + blanks));
    }
    found
}

/// The mark of a word processor at the beginning of what stands at this offset.
pub(in crate::document) fn bullet(typed: &str, at: usize) -> Option<Slip> {
    let mark = typed.chars().next()?;
    if !matches!(mark, '–' | '—' | '•' | '‣' | '·' | '−' | '‐' | '‑') {
        return None;
    }
    let span = at..at + mark.len_utf8();
    let after = typed.get(mark.len_utf8()..).unwrap_or_default();
    let dash = if after.starts_with(' ') { "-" } else { "- " };
    let problem = Problem::error(phrase!(DASH_OF_WORD_PROCESSOR, mark = mark.to_string()))
        .suggest(phrase!(PLAIN_DASH));
    Some(Slip::new(
        span.clone(),
        problem,
        vec![Edit::new(span, dash)],
    ))
}

/// `0,5` as a value of JSON or TOML, at the end of which the parser gave up.
pub(super) fn decimal_comma(text: &str, format: Format, failed: usize) -> Vec<Slip> {
    if format == Format::Yaml {
        return Vec::new();
    }
    let (start, line) = line_at(text, failed);
    let bytes = line.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let Some(comma) = (1..bytes.len()).find(|at| {
        let mut from = *at;
        while from > 0 && digit(from - 1) {
            from -= 1;
        }
        let before = line.get(..from).unwrap_or_default().trim_end();
        bytes.get(*at) == Some(&b',') && from < *at && digit(at + 1) && before.ends_with([':', '='])
    }) else {
        return Vec::new();
    };
    let from = (0..comma)
        .rev()
        .find(|at| !digit(*at))
        .map_or(0, |at| at + 1);
    let to = (comma + 1..=bytes.len())
        .find(|at| !digit(*at))
        .unwrap_or(bytes.len());
    vec![comma_slip(text, start + from, start + comma, start + to)]
}

/// A number that a comma takes apart; in groups of three it can be thousands or decimals.
pub(in crate::document) fn comma_slip(text: &str, from: usize, comma: usize, to: usize) -> Slip {
    let typed = text.get(from..to).unwrap_or_default();
    let decimal = typed.replace(',', ".");
    let problem = Problem::error(phrase!(DECIMAL_COMMA, typed = typed));
    if to - comma == 4 && !typed.starts_with('0') {
        let problem = problem.suggest(phrase!(
            ONE_OF_TWO_NUMBERS,
            one = typed.replace(',', ""),
            other = decimal
        ));
        return Slip {
            span: from..to,
            problem,
        };
    }
    let problem = problem.suggest(phrase!(WRITE_INSTEAD, value = decimal.as_str()));
    Slip::new(from..to, problem, vec![Edit::new(from..to, decimal)])
}

/// `True`, `None` and their like in JSON and TOML, where the parser gave up.
pub(super) fn foreign_words(text: &str, format: Format, failed: usize) -> Vec<Slip> {
    if format == Format::Yaml {
        return Vec::new();
    }
    let rest = text.get(failed..).unwrap_or_default();
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && !"_/?".contains(c))
        .unwrap_or(rest.len());
    let typed = rest.get(..length).unwrap_or_default();
    let value = match typed.to_ascii_lowercase().as_str() {
        "true" => "true",
        "false" => "false",
        "null" | "none" | "nil" | "undefined" | "na" | "tbd" | "tba" | "n/a" | "unknown" | "?"
            if format == Format::Json =>
        {
            "null"
        }
        _ => return Vec::new(),
    };
    let span = failed..failed + length;
    let problem = Problem::error(phrase!(
        WORD_OF_ANOTHER_LANGUAGE,
        typed = typed,
        value = value
    ))
    .suggest(phrase!(WRITE_INSTEAD, value = value));
    vec![Slip::new(
        span.clone(),
        problem,
        vec![Edit::new(span, value)],
    )]
}

/// `name: value` in TOML.
pub(super) fn colon_for_equals(text: &str, format: Format, failed: usize) -> Vec<Slip> {
    let (start, line) = line_at(text, failed);
    let name = line.trim_start().split(':').next().unwrap_or_default();
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if format != Format::Toml || name.is_empty() || !name.chars().all(bare) || !line.contains(':') {
        return Vec::new();
    }
    let at = start + line.find(':').unwrap_or_default();
    let problem = Problem::error(phrase!(COLON_FOR_EQUALS))
        .suggest(phrase!(WRITE_INSTEAD, value = format!("{name} =")));
    vec![Slip::new(
        at..at + 1,
        problem,
        vec![Edit::new(at..at + 1, " =")],
    )]
}

/// `name:value` in YAML, on the line where the parser gave up or on one shortly before.
pub(super) fn no_space(text: &str, format: Format, failed: usize) -> Vec<Slip> {
    const LOOKED_BACK: usize = 4;
    if format != Format::Yaml {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = lines(text)
        .take_while(|(start, _)| *start <= failed)
        .collect();
    near.reverse();
    let mut found = Vec::new();
    for (start, line) in near.into_iter().take(LOOKED_BACK) {
        let bare = line.trim_start_matches([' ', '-']);
        let Some((name, value)) = bare.split_once(':') else {
            continue;
        };
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_name && !value.is_empty() && !value.starts_with([' ', '/', '\t']) {
            let colon = start + line.len() - bare.len() + name.len();
            let problem =
                Problem::error(phrase!(NO_SPACE_AFTER_COLON, name = name)).suggest(phrase!(
                    WRITE_INSTEAD,
                    value = format!("{name}: {}", value.trim_end())
                ));
            found.push(Slip::new(
                colon..colon + 1,
                problem,
                vec![Edit::new(colon + 1..colon + 1, " ")],
            ));
        }
    }
    found.reverse();
    found
}

/// A text of YAML that has to stand in quotes, on the line where the parser gave up.
pub(super) fn unquoted(text: &str, format: Format, failed: usize) -> Vec<Slip> {
    if format != Format::Yaml {
        return Vec::new();
    }
    let (start, line) = line_at(text, failed);
    let Some((name, value)) = line.split_once(": ") else {
        return Vec::new();
    };
    let bare = name.trim_start_matches([' ', '-']);
    let is_name = !bare.is_empty() && bare.chars().all(|c| c.is_alphanumeric() || c == '_');
    let typed = value.split(" #").next().unwrap_or(value).trim();
    if !is_name || typed.is_empty() || typed.starts_with(['[', '{', '&', '*', '"', '\'']) {
        return Vec::new();
    }
    let from = start + name.len() + 2 + (value.len() - value.trim_start().len());
    let span = from..from + typed.len();
    let value = quoted(typed);
    let problem = Problem::error(phrase!(
        TEXT_NEEDS_QUOTES,
        typed = evenhand_diagnostic::text::shorten(typed, 40)
    ))
    .suggest(phrase!(
        PUT_IN_QUOTES,
        value = evenhand_diagnostic::text::shorten(&value, 60)
    ));
    vec![Slip::new(
        span.clone(),
        problem,
        vec![Edit::new(span, value)],
    )]
}
