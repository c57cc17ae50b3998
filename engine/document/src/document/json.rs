//! Reads JSON with comments and trailing commas.

use super::text::Report;
use super::tree::{DEPTH_LIMIT, Data, Entry, Node, too_deep};
use evenhand_diagnostic::problem::Problem;
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::errors::{ParseError, ParseErrorKind as Kind};
use jsonc_parser::{CollectOptions, ParseOptions, ParseStringErrorKind, parse_to_ast};
use std::ops::Range;

/// Comments and trailing commas, and nothing else that JSON does not have.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The tree of the text; nothing if it has no value or is not JSON.
pub(super) fn read(report: &mut Report<'_>) -> Option<Node> {
    if !scan(report) {
        return None;
    }
    match parse_to_ast(report.text(), &CollectOptions::default(), &OPTIONS) {
        Ok(parsed) => parsed.value.map(|value| node(value, report.base())),
        Err(error) => {
            let (span, problem) = explain(&error, report);
            report.fail(span, problem);
            None
        }
    }
}

/// Looks at brackets and quotes only: the parser recurses, and takes the line break after a forgotten
/// quote for a part of the text, so that it complains far away from the mistake.
fn scan(report: &mut Report<'_>) -> bool {
    let (bytes, base) = (report.text().as_bytes(), report.base());
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = scan_string(bytes, at, report),
            b'/' => at = comment_end(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    report.add(base + at..base + at + 1, too_deep());
                    return false;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    report.is_clean()
}

/// The offset of the closing quote, or of the line break that comes before it.
fn scan_string(bytes: &[u8], start: usize, report: &mut Report<'_>) -> usize {
    let base = report.base();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\n' | b'\r' => {
                report.add(base + start..base + at, open_quote());
                return at;
            }
            b'\t' => report.add(
                base + at..base + at + 1,
                Problem::error("a tab inside quotes has to be written as `\\t` in JSON"),
            ),
            b'\\' => at += usize::from(!matches!(bytes.get(at + 1), Some(b'\n' | b'\r'))),
            _ => {}
        }
        at += 1;
    }
    report.add(base + start..base + bytes.len(), open_quote());
    at
}

/// The offset of the last byte of the comment, or `start` if none begins there.
fn comment_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = match rest {
        [b'/', b'/', ..] => rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')),
        // The parser takes `/*/` for a whole comment; both have to see the same brackets.
        [b'/', b'*', ..] => rest
            .windows(2)
            .skip(1)
            .position(|pair| pair == b"*/")
            .map(|end| end + 3),
        _ => return start,
    };
    start + length.unwrap_or(rest.len()) - 1
}

fn open_quote() -> Problem {
    Problem::error("the quote that opens here is not closed on the same line")
        .suggest("close the quote, and write a line break inside a text as `\\n`")
}

fn node(value: Value<'_>, base: usize) -> Node {
    let span = base + value.start()..base + value.end();
    let data = match value {
        Value::NullKeyword(_) => Data::Null,
        Value::BooleanLit(literal) => Data::Bool(literal.value),
        Value::StringLit(literal) => Data::Text(literal.value.into_owned()),
        Value::NumberLit(literal) => number(literal.value),
        Value::Array(array) => Data::List(
            array
                .elements
                .into_iter()
                .map(|value| node(value, base))
                .collect(),
        ),
        Value::Object(object) => Data::Table(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let (key, key_span) = match property.name {
                        ObjectPropName::String(name) => (name.value.into_owned(), name.range),
                        ObjectPropName::Word(name) => (name.value.to_owned(), name.range),
                    };
                    Entry {
                        key,
                        key_span: base + key_span.start..base + key_span.end,
                        node: node(property.value, base),
                    }
                })
                .collect(),
        ),
    };
    Node { span, data }
}

/// A number that is JSON already.
fn number(text: &str) -> Data {
    if text.contains(['.', 'e', 'E']) {
        // The parser lets only numbers through; were it wrong, the check of floats would refuse this.
        Data::Float(text.parse().unwrap_or(f64::NAN))
    } else {
        Data::Integer(text.parse().ok())
    }
}

/// The place of a mistake, in the source, and what it is in plain words.
fn explain(error: &ParseError, report: &Report<'_>) -> (Range<usize>, Problem) {
    let range = error.range();
    let span = report.base() + range.start..report.base() + range.end.max(range.start);
    let typed = report.quote(&span);
    let problem = match error.kind() {
        Kind::ExpectedComma => Problem::error("a comma is missing here")
            .suggest("put a comma between one value and the next"),
        Kind::ExpectedColonAfterObjectKey => Problem::error("a colon is missing after the name"),
        Kind::ExpectedObjectValue => Problem::error("the name has no value")
            .suggest("write a value after the colon, or `null` for none"),
        Kind::ExpectedStringObjectProperty => {
            Problem::error(format!("the name `{typed}` has no quotes"))
                .suggest(format!("write `\"{typed}\"`"))
        }
        Kind::UnexpectedWord => word(&typed),
        Kind::UnexpectedToken if typed.starts_with(char::is_alphabetic) => word(&typed),
        Kind::MultipleRootJsonValues => Problem::error(format!(
            "the document goes on with `{typed}` after its last closing bracket"
        )),
        Kind::SingleQuotedStringsNotAllowed => {
            Problem::error("JSON knows no single quotes").suggest("use double quotes `\"`")
        }
        Kind::HexadecimalNumbersNotAllowed => Problem::error("JSON knows no hexadecimal numbers")
            .suggest("write the number in digits 0 to 9"),
        Kind::UnaryPlusNumbersNotAllowed => {
            Problem::error("a number has no plus sign in JSON").suggest("leave out the `+`")
        }
        Kind::BareDecimalPointNumbersNotAllowed => {
            Problem::error("a decimal point needs digits before and after it")
                .suggest("write `0.5`, not `.5`, and `5.0` or `5`, not `5.`")
        }
        Kind::NonFiniteNumbersNotAllowed => Problem::error(format!(
            "`{typed}` is not a number, and every number here has to be one"
        )),
        Kind::ExpectedDigit
        | Kind::ExpectedDigitFollowingNegativeSign
        | Kind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            Problem::error("a digit is missing in this number")
        }
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => open_quote(),
        Kind::String(_) => Problem::error("the text has a backslash that begins no known sign")
            .suggest("write a backslash as `\\\\`, and other signs simply as they are"),
        Kind::UnexpectedCloseBrace => Problem::error("this `}` closes nothing"),
        Kind::UnexpectedCloseBracket => Problem::error("this `]` closes nothing"),
        Kind::UnexpectedColon => Problem::error("a colon is not expected here")
            .suggest("names with values stand in `{` and `}`"),
        Kind::UnexpectedComma => Problem::error("a value is missing before this comma"),
        Kind::UnterminatedArray => Problem::error("the `[` that opens here is not closed"),
        Kind::UnterminatedObject => Problem::error("the `{` that opens here is not closed"),
        Kind::UnterminatedCommentBlock => {
            Problem::error("the comment that opens here is not closed")
                .suggest("close it with `*/`")
        }
        Kind::NestingDepthExceeded => too_deep(),
        _ => Problem::error(format!("`{typed}` is not expected here")),
    };
    (span, problem)
}

fn word(typed: &str) -> Problem {
    Problem::error(format!(
        "`{typed}` is neither a number, `true`, `false` nor `null`"
    ))
    .suggest(format!("if it is a text, write `\"{typed}\"`"))
}
