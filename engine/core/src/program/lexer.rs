//! A script cut into its words, without its comments: to follow which lines run, and to change one word at a time.

use std::ops::Range;

/// One word, number, text or sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its place in the script, in bytes.
    pub range: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a word of the language.
    Word,
    /// A number without its sign.
    Number,
    /// Text in any quotes, with everything in it.
    Text,
    /// Anything else.
    Sign,
}

/// Signs of more than one character, longer ones first.
const SIGNS: [&str; 18] = [
    "..=", "#{", "&&", "||", "==", "!=", "<=", ">=", "=>", "..", "::", "+=", "-=", "*=", "/=",
    "%=", "**", "<<",
];

/// The tokens of a script that compiles.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = first(rest);
        if let Some(kind) = kind {
            found.push(Token {
                kind,
                range: at..at + length,
            });
        }
        at += length;
    }
    found
}

/// What a text begins with, and its length; white space and comments are nothing.
fn first(rest: &str) -> (Option<Kind>, usize) {
    let Some(c) = rest.chars().next() else {
        return (None, 0);
    };
    let run = |holds: fn(char) -> bool| rest.find(|c| !holds(c)).unwrap_or(rest.len());
    if c.is_whitespace() {
        return (None, run(char::is_whitespace));
    }
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (None, comment(rest));
    }
    if c == '"' || c == '\'' || c == '`' {
        return (Some(Kind::Text), quoted(rest, c));
    }
    if c.is_ascii_digit() {
        return (Some(Kind::Number), number(rest));
    }
    if c.is_alphabetic() || c == '_' {
        return (Some(Kind::Word), run(|c| c.is_alphanumeric() || c == '_'));
    }
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    (
        Some(Kind::Sign),
        sign.map_or(c.len_utf8(), |sign| sign.len()),
    )
}

/// The length of a block comment, with those in it.
fn comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a quoted text; what stands in `${…}` belongs to it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        let c = here.chars().next().unwrap_or_default();
        if c == '\\' && quote != '`' {
            at += 1 + here.chars().nth(1).map_or(0, char::len_utf8);
        } else if quote == '`' && here.starts_with("${") {
            at += 2 + inserted(here.get(2..).unwrap_or_default());
        } else {
            at += c.len_utf8();
            if c == quote {
                return at;
            }
        }
    }
    rest.len()
}

/// The length of what is inserted into a text, with its closing brace.
fn inserted(rest: &str) -> usize {
    let mut depth = 1_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        let (_, length) = first(here);
        match here.get(..length) {
            Some("{" | "#{") => depth += 1,
            Some("}") => depth -= 1,
            _ => {}
        }
        at += length;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a number; `1..5` holds two.
fn number(rest: &str) -> usize {
    let digits = |text: &str| {
        text.find(|c: char| !c.is_ascii_digit() && c != '_')
            .unwrap_or(text.len())
    };
    let whole = digits(rest);
    let after = rest.get(whole..).unwrap_or_default();
    match after.strip_prefix('.') {
        Some(part) if part.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits(part),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_taken_whole() {
        let text = r#"let a = #{ x: 1.5, y: "a { \" b" }; // { if
            /* a /* b */ c */ if a.x>=2 && 1..3 { `n ${ if b { "}" } else { `${c}` } } m` }"#;
        let found: Vec<&str> = tokens(text)
            .into_iter()
            .filter_map(|token| text.get(token.range))
            .collect();
        assert_eq!(
            found,
            [
                "let",
                "a",
                "=",
                "#{",
                "x",
                ":",
                "1.5",
                ",",
                "y",
                ":",
                r#""a { \" b""#,
                "}",
                ";",
                "if",
                "a",
                ".",
                "x",
                ">=",
                "2",
                "&&",
                "1",
                "..",
                "3",
                "{",
                r#"`n ${ if b { "}" } else { `${c}` } } m`"#,
                "}"
            ]
        );
    }
}
