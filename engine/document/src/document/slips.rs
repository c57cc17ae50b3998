//! Slips of typing behind a text that is not YAML, JSON or TOML.
//!
//! A parser tells where it gave up, which is often far behind the slip. Here the text is looked at for the slips that
//! people make, each kind by itself; one is believed only if the text can be read further with its fix.

mod brackets;
mod marks;

use super::Format;
use super::text::Report;
use crate::schema::{code_point, is_invisible};
use evenhand_diagnostic::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::{Edit, Fix, Problem};
use std::ops::Range;

codes! {
    /// What is said of slips in the text of a document.
    pub static SLIP_CODES;

    /// Two versions of some lines were merged and nobody chose between them.
    UNRESOLVED_MERGE = "unresolved-merge": "lines {first} to {last} hold two versions of an unresolved merge";
    /// A character that looks like a space, or like nothing, stands where the format takes it for a part of the text.
    INVISIBLE_CHARACTER = "invisible-character": "an invisible character ({character}) stands here";
    /// A word processor has put typographic quotes in place of straight ones.
    CURLY_QUOTES = "curly-quotes": "these are quotes of a word processor: `{typed}`";
    /// A word processor has put a dash or a bullet in place of the `-` that begins an entry of a list.
    DASH_OF_WORD_PROCESSOR = "dash-of-word-processor": "`{mark}` is a mark of a word processor and begins no entry of a list";
    /// YAML needs a space after the colon, or takes the line for a part of the text before it.
    NO_SPACE_AFTER_COLON = "no-space-after-colon": "the colon after `{name}` has no space behind it";
    /// The bracket that opens here is closed nowhere before something begins that cannot stand in it.
    UNCLOSED_BRACKET = "unclosed-bracket": "the `{bracket}` that opens here is not closed";
    /// The text has a sign that means something else to YAML at the beginning or inside.
    TEXT_NEEDS_QUOTES = "text-needs-quotes": "the text `{typed}` needs quotes";
    /// The word stands for a truth or for nothing in another language.
    WORD_OF_ANOTHER_LANGUAGE = "word-of-another-language": "`{typed}` is written `{value}` here";
    /// TOML has an equals sign between a name and its value.
    COLON_FOR_EQUALS = "colon-for-equals": "an `=` stands between a name and its value, not a colon";
    /// A comma ends a value, so the decimals are taken for the next one.
    DECIMAL_COMMA = "decimal-comma": "the comma ends the value here, and `{typed}` is taken apart";

    KEEP_ONE_VERSION = "keep-one-version": "keep one of the two versions, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`";
    WRITE_SPACE = "write-space": "write plain spaces, or nothing, in its place";
    STRAIGHT_QUOTES = "straight-quotes": "use straight quotes: `{value}`";
    PLAIN_DASH = "plain-dash": "begin the entry with a plain `-` and a space";
    WRITE_INSTEAD = "write-instead": "write `{value}`";
    CLOSE_BRACKET = "close-bracket": "close it with `{bracket}` at the end of this line";
    PUT_IN_QUOTES = "put-in-quotes": "put it in quotes: {value}";
    ONE_OF_TWO_NUMBERS = "one-of-two-numbers": "write {one} or {other}, whichever is meant";
}

/// A slip: where it stands, what it is, and what a machine can do about it.
pub(super) struct Slip {
    pub(super) span: Range<usize>,
    pub(super) problem: Problem,
}

impl Slip {
    fn new(span: Range<usize>, problem: Problem, edits: Vec<Edit>) -> Self {
        Self {
            span,
            problem: problem.fix(Fix::new(edits)),
        }
    }
}

/// Marks of a merge in a text, which no format has.
pub(super) fn merges(text: &str) -> Vec<Slip> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut divided = false;
    let mut start = 0;
    for (line, number) in text.split_inclusive('\n').zip(1_usize..) {
        let typed = line.trim_end();
        if typed == "<<<<<<<" || typed.starts_with("<<<<<<< ") {
            (open, divided) = (Some((start, number)), false);
        } else if typed == "=======" {
            divided = open.is_some();
        } else if (typed == ">>>>>>>" || typed.starts_with(">>>>>>> ")) && divided {
            if let Some((from, first)) = open.take() {
                let problem =
                    Problem::error(phrase!(UNRESOLVED_MERGE, first = first, last = number))
                        .suggest(phrase!(KEEP_ONE_VERSION));
                found.push(Slip {
                    span: from..from + 7,
                    problem,
                });
            }
            divided = false;
        }
        start += line.len();
    }
    found
}

/// The slips of one kind that explain why the text cannot be read from this offset on; `goes_further` says whether
/// the text with edits can.
pub(super) fn explain(
    text: &str,
    format: Format,
    failed: usize,
    goes_further: &dyn Fn(&Fix) -> bool,
) -> Vec<Slip> {
    type Kind = fn(&str, Format, usize) -> Vec<Slip>;
    let kinds: [Kind; 9] = [
        marks::invisible,
        marks::curly_quotes,
        marks::bullets,
        marks::decimal_comma,
        marks::foreign_words,
        marks::colon_for_equals,
        marks::no_space,
        brackets::unclosed,
        marks::unquoted,
    ];
    for kind in kinds {
        let found = kind(text, format, failed);
        if found.is_empty() {
            continue;
        }
        let edits = found
            .iter()
            .filter_map(|slip| slip.problem.fix.clone())
            .flat_map(|fix| fix.edits);
        let fix = Fix::new(edits.collect());
        if fix.edits.is_empty() || goes_further(&fix) {
            return found;
        }
    }
    Vec::new()
}

/// Tells a name with an invisible character in it, or with a mark of a word processor before it; whether it is fine.
pub(super) fn check_key(key: &str, span: &Range<usize>, report: &mut Report<'_>) -> bool {
    if let Some(slip) = marks::bullet(report.slice(span), span.start) {
        report.add(slip.span, slip.problem);
        return false;
    }
    let Some(hidden) = key.chars().find(|c| is_invisible(*c)) else {
        return true;
    };
    let (line, _) = line_at(report.source_text(), span.start);
    let before = report.slice(&(line..span.start)).trim().is_empty();
    let typed = report.slice(span);
    let mut leading = before;
    let mut edits = Vec::new();
    for (at, c) in typed.char_indices() {
        if is_invisible(c) {
            let inside = !leading && !typed.get(at..).unwrap_or_default().trim().is_empty();
            let blank = c.is_whitespace() && (leading || inside);
            let at = span.start + at;
            edits.push(Edit::new(
                at..at + c.len_utf8(),
                if blank { " " } else { "" },
            ));
        }
        leading &= c.is_whitespace() || is_invisible(c);
    }
    let problem = Problem::error(phrase!(INVISIBLE_CHARACTER, character = code_point(hidden)))
        .suggest(phrase!(WRITE_SPACE));
    let problem = if edits.is_empty() {
        problem
    } else {
        problem.fix(Fix::new(edits))
    };
    report.add(span.clone(), problem);
    false
}

/// A name that is a number right behind a comma and digits: a decimal comma in braces.
pub(super) fn decimal_key(
    report: &Report<'_>,
    key: &Range<usize>,
) -> Option<(Range<usize>, Problem)> {
    let text = report.source_text();
    let before = text.get(..key.start)?.strip_suffix(',')?;
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let all_digits = text.get(key.clone())?.bytes().all(|b| b.is_ascii_digit());
    (digits > 0 && all_digits).then(|| {
        let slip = marks::comma_slip(text, before.len() - digits, before.len(), key.end);
        (slip.span, slip.problem)
    })
}

/// The lines of a text with the offset of each, without their breaks.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let here = start;
        start += line.len();
        (here, line.trim_end_matches(['\n', '\r']))
    })
}

/// The line with this offset, and where it begins.
fn line_at(text: &str, at: usize) -> (usize, &str) {
    let start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let line = text.get(start..).unwrap_or_default();
    (start, line.lines().next().unwrap_or_default())
}

#[cfg(test)]
mod tests;
