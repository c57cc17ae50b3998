//! Reads TOML.

use super::text::Report;
use super::tree::{Data, Entry, Node, too_deep, twice};
use evenhand_diagnostic::problem::Problem;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Error};

const DUPLICATE: &str = "duplicate key";
/// Duplicates whose first place is looked for; each costs a little, and after so many nobody reads on.
const DUPLICATE_LIMIT: usize = 100;

/// The tree of the text; nothing if it has no name at all, or is not TOML.
pub(super) fn read(report: &mut Report<'_>) -> Option<Node> {
    let (text, base) = (report.text(), report.base());
    let (root, errors) = DeTable::parse_recoverable(text);
    let (twins, errors): (Vec<_>, Vec<_>) = errors
        .into_iter()
        .partition(|error| error.message() == DUPLICATE);
    for error in &errors {
        if report.has_room() {
            let span = shifted(error.span().unwrap_or(0..0), base);
            let problem = explain(error.message(), &report.quote(&span));
            if error.message().contains("recur") {
                report.add(span, problem);
            } else {
                report.fail(span, problem);
            }
        }
    }
    add_duplicates(&twins, report);
    let root = root.into_inner();
    if root.is_empty() || !report.is_clean() {
        return None;
    }
    Some(Node {
        span: base..base + text.len(),
        data: table(root, base),
    })
}

fn shifted(span: Range<usize>, base: usize) -> Range<usize> {
    base + span.start..base + span.end
}

fn node(value: Spanned<DeValue<'_>>, base: usize) -> Node {
    let span = shifted(value.span(), base);
    let data = match value.into_inner() {
        DeValue::String(text) => Data::Text(text.into_owned()),
        DeValue::Integer(number) => {
            Data::Integer(i128::from_str_radix(number.as_str(), number.radix()).ok())
        }
        // The parser lets only numbers through; were it wrong, the check of floats would refuse this.
        DeValue::Float(number) => Data::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Data::Bool(truth),
        DeValue::Datetime(date) => Data::Text(date.to_string()),
        DeValue::Array(items) => {
            Data::List(items.into_iter().map(|item| node(item, base)).collect())
        }
        DeValue::Table(entries) => table(entries, base),
    };
    Node { span, data }
}

fn table(entries: DeTable<'_>, base: usize) -> Data {
    let mut entries: Vec<Entry> = entries
        .into_iter()
        .map(|(key, value)| Entry {
            key_span: shifted(key.span(), base),
            key: key.into_inner().into_owned(),
            node: node(value, base),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Data::Table(entries)
}

/// Duplicate names. The parser tells only the second place. To learn the first, the text is read once more
/// with each second name replaced by one that nobody has: the sibling with the old name is the first.
fn add_duplicates(errors: &[Error], report: &mut Report<'_>) {
    let (text, base) = (report.text(), report.base());
    let mut spans: Vec<Range<usize>> = errors.iter().filter_map(Error::span).collect();
    spans.sort_by_key(|span| span.start);
    spans.dedup();
    let mut changed = String::with_capacity(text.len());
    let mut copied = 0;
    let mut renamed = Vec::new();
    for span in spans.iter().take(DUPLICATE_LIMIT) {
        changed.push_str(text.get(copied..span.start).unwrap_or_default());
        let start = changed.len();
        // A character that no script has, and a number that no other name has.
        for part in ["\"\u{F8FF}", &span.start.to_string(), "\""] {
            changed.push_str(part);
        }
        renamed.push(Renamed {
            old: span.clone(),
            new: start..changed.len(),
        });
        copied = span.end;
    }
    // A duplicate that keeps its name would take the place of the first.
    let end = spans
        .get(DUPLICATE_LIMIT)
        .map_or(text.len(), |span| span.start);
    changed.push_str(text.get(copied..end).unwrap_or_default());
    let (root, _) = DeTable::parse_recoverable(&changed);
    for span in &spans {
        if !report.has_room() {
            continue;
        }
        let name = name(text.get(span.clone()).unwrap_or_default());
        let here = renamed.iter().find(|renamed| renamed.old == *span);
        let first = here.and_then(|here| sibling(root.get_ref(), &here.new, &name));
        let problem = match first.map(|first| original(&first, &renamed)) {
            Some(first) => twice(
                report,
                &name,
                &shifted(first, base),
                &shifted(span.clone(), base),
            ),
            None => {
                Problem::error(format!("`{name}` is given twice")).suggest("keep one of the two")
            }
        };
        report.add(shifted(span.clone(), base), problem);
    }
}

struct Renamed {
    old: Range<usize>,
    new: Range<usize>,
}

/// The name that a key as typed stands for.
fn name(key: &str) -> String {
    let line = format!("{key} = 0");
    let (table, _) = DeTable::parse_recoverable(&line);
    table
        .get_ref()
        .keys()
        .next()
        .map_or_else(|| key.to_owned(), |key| key.get_ref().to_string())
}

/// Where, in the group of the key at `span`, the key `name` is.
fn sibling(table: &DeTable<'_>, span: &Range<usize>, name: &str) -> Option<Range<usize>> {
    if table.keys().any(|key| key.span() == *span) {
        let of_name = |key: &&Spanned<DeString<'_>>| key.get_ref() == name;
        return table.keys().find(of_name).map(Spanned::span);
    }
    table
        .values()
        .find_map(|value| sibling_below(value.get_ref(), span, name))
}

fn sibling_below(value: &DeValue<'_>, span: &Range<usize>, name: &str) -> Option<Range<usize>> {
    match value {
        DeValue::Table(table) => sibling(table, span, name),
        DeValue::Array(items) => items
            .iter()
            .find_map(|item| sibling_below(item.get_ref(), span, name)),
        _ => None,
    }
}

/// The span in the text as typed of a span in the changed text.
fn original(span: &Range<usize>, renamed: &[Renamed]) -> Range<usize> {
    let before = renamed
        .iter()
        .rev()
        .find(|renamed| renamed.new.end <= span.start);
    let (old, new) = before.map_or((0, 0), |renamed| (renamed.old.end, renamed.new.end));
    old + (span.start - new)..old + (span.end - new)
}

/// What the parser says, in plain words.
fn explain(message: &str, typed: &str) -> Problem {
    let has = |part: &str| message.contains(part);
    if has("recur") {
        too_deep()
    } else if has("string values must be quoted") {
        Problem::error(format!(
            "`{typed}` is neither a number, `true`, `false` nor a date"
        ))
        .suggest(format!("if it is a text, write `\"{typed}\"`"))
    } else if has("key with no value") || has("missing value") {
        Problem::error("the name has no value")
            .suggest("write a value after the `=`, or leave out the name")
    } else if has("missing assignment") || has("invalid key-value") {
        Problem::error("an `=` is missing between the name and its value")
    } else if has("missing comma") {
        Problem::error("a comma is missing here")
            .suggest("put a comma between one value and the next")
    } else if has("extra comma") {
        Problem::error("a value is missing before this comma")
    } else if has("unclosed array table") || has("unclosed table") {
        Problem::error("the `[` of this heading is not closed")
    } else if has("unclosed array") {
        Problem::error("the `[` that opens here is not closed")
    } else if has("unclosed inline table") {
        Problem::error("the `{` that opens here is not closed")
    } else if has("leading zero") {
        Problem::error("a number does not begin with a zero")
            .suggest("leave out the zero, or put a code in quotes")
    } else if has("invalid unquoted key") || has("keys cannot be empty") {
        Problem::error(format!("the name `{typed}` needs quotes"))
            .suggest("names without quotes have letters a to z, digits, `_` and `-` only")
    } else if has("cannot extend value") {
        Problem::error(format!(
            "`{typed}` is already given as a value, so nothing can be added below it"
        ))
        .suggest("give all its parts in one place")
    } else {
        Problem::error(format!("this is not TOML: {message}"))
    }
}
