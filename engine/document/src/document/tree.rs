//! The common tree of the three readers, and what is judged on it: depth, size, duplicate names, numbers.

use super::text::Report;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use std::ops::Range;

/// Lists and groups inside each other.
pub(super) const DEPTH_LIMIT: usize = 64;
/// Values in one document.
const VALUE_LIMIT: usize = 1_000_000;
/// Beyond it, computers that keep numbers as floating point no longer tell neighbours apart.
const INTEGER_LIMIT: u128 = 1 << 53;

/// A value, and where it is typed.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) data: Data,
}

#[derive(Debug)]
pub(super) enum Data {
    Null,
    Bool(bool),
    /// Nothing if it is larger than an `i128`.
    Integer(Option<i128>),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    /// In the order typed; the readers keep duplicates.
    Table(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) node: Node,
}

/// A list, with a name that nobody typed, so that it stands in a group; anything else as it is.
pub(super) fn named(node: Node, name: &str) -> Node {
    if !matches!(node.data, Data::List(_)) {
        return node;
    }
    let span = node.span.clone();
    let entry = Entry {
        key: name.to_owned(),
        key_span: span.start..span.start,
        node,
    };
    Node {
        span,
        data: Data::Table(vec![entry]),
    }
}

impl Data {
    /// What it is, with an article.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Null => "nothing (null)",
            Self::Bool(_) => "true or false",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a group of named answers",
        }
    }
}

/// The way from the root to a value, on the stack because it is needed only where something is wrong.
struct Path<'a> {
    above: Option<(&'a Path<'a>, Step<'a>)>,
    depth: usize,
}

enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    fn down(&'a self, step: Step<'a>) -> Self {
        Path {
            above: Some((self, step)),
            depth: self.depth + 1,
        }
    }

    fn pointer(&self) -> Pointer {
        match &self.above {
            None => Pointer::root(),
            Some((above, Step::Key(key))) => above.pointer().key(key),
            Some((above, Step::Index(index))) => above.pointer().index(*index),
        }
    }
}

/// Judges a whole document.
pub(super) fn check(root: &Node, report: &mut Report<'_>) {
    let mut values = 0;
    check_node(
        root,
        &Path {
            above: None,
            depth: 1,
        },
        &mut values,
        report,
    );
    if values > VALUE_LIMIT {
        report.add(
            root.span.clone(),
            Problem::error(format!("the document has more than {VALUE_LIMIT} values"))
                .suggest("split it, or leave out what the rules do not ask for"),
        );
    }
    // What stopped a reader early may also have hidden the rest of the document.
    if !matches!(root.data, Data::Table(_)) && report.is_clean() {
        report.add(
            root.span.clone(),
            Problem::error(format!(
                "a proposal is a list of named answers, but this document is {}",
                root.data.title()
            ))
            .suggest("write answers as names with values, such as `title: …`"),
        );
    }
}

fn check_node(node: &Node, path: &Path<'_>, values: &mut usize, report: &mut Report<'_>) {
    *values = values.saturating_add(1);
    match &node.data {
        Data::Null | Data::Bool(_) | Data::Text(_) => {}
        Data::Integer(number) => {
            if number.is_none_or(|number| number.unsigned_abs() > INTEGER_LIMIT) {
                let problem = number_problem(
                    report,
                    node,
                    "is too large: whole numbers are exact up to 9007199254740992 only",
                );
                report.add(
                    node.span.clone(),
                    problem
                        .path(path.pointer())
                        .suggest("if it is a code, put it in quotes"),
                );
            }
        }
        Data::Float(number) => check_float(*number, node, path, report),
        Data::List(_) | Data::Table(_) if path.depth > DEPTH_LIMIT => {
            report.add(node.span.clone(), too_deep().path(path.pointer()));
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                check_node(item, &path.down(Step::Index(index)), values, report);
            }
        }
        Data::Table(entries) => {
            let mut fine = true;
            for entry in entries {
                fine &= super::slips::check_key(&entry.key, &entry.key_span, report);
            }
            if fine {
                check_names(entries, path, report);
            }
            for entry in entries {
                check_node(
                    &entry.node,
                    &path.down(Step::Key(&entry.key)),
                    values,
                    report,
                );
            }
        }
    }
}

fn check_float(number: f64, node: &Node, path: &Path<'_>, report: &mut Report<'_>) {
    let reason = if number.is_finite() {
        return;
    } else if number.is_nan() {
        "is not a number, and every number here has to be one"
    } else if report
        .slice(&node.span)
        .to_ascii_lowercase()
        .contains("inf")
    {
        "is infinity, and every number here has to be finite"
    } else {
        "is too large to compute with"
    };
    let problem = number_problem(report, node, reason).path(path.pointer());
    report.add(node.span.clone(), problem);
}

fn number_problem(report: &Report<'_>, node: &Node, reason: &str) -> Problem {
    let typed = report.quote(&node.span);
    Problem::error(format!("the number `{typed}` {reason}"))
}

fn check_names(entries: &[Entry], path: &Path<'_>, report: &mut Report<'_>) {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    // Stable: of equal names, the first typed stays first.
    sorted.sort_by(|one, other| one.key.cmp(&other.key));
    let mut first: Option<&Entry> = None;
    for entry in sorted {
        match first {
            Some(first) if first.key == entry.key => {
                // Placing thousands of duplicates on one long line takes minutes.
                if !report.has_room() {
                    continue;
                }
                let problem = twice(report, &entry.key, &first.key_span, &entry.key_span);
                report.add(
                    entry.key_span.clone(),
                    problem.path(path.pointer().key(&entry.key)),
                );
            }
            _ => first = Some(entry),
        }
    }
}

/// The same name twice in one group.
pub(super) fn twice(
    report: &Report<'_>,
    name: &str,
    first: &Range<usize>,
    second: &Range<usize>,
) -> Problem {
    let name = super::text::shorten(name);
    let (first, second) = (report.place(first.start), report.place(second.start));
    Problem::error(format!(
        "`{name}` is given twice: on line {}, column {} and on line {}, column {}",
        first.line, first.column, second.line, second.column
    ))
    .suggest("keep one of the two")
}

/// Too many lists and groups inside each other.
pub(super) fn too_deep() -> Problem {
    Problem::error(format!(
        "more than {DEPTH_LIMIT} lists or groups are inside each other"
    ))
    .suggest("check that every bracket is closed")
}
