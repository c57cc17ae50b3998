//! From the parser's events to a list of values, in which aliases are not yet followed.

use super::places::Places;
use super::scalar;
use crate::document::text::Report;
use crate::document::tree::{DEPTH_LIMIT, Data, too_deep};
use evenhand_diagnostic::problem::Problem;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// All values of a document; they refer to each other by number.
#[derive(Default)]
pub(super) struct Stream {
    pub(super) values: Vec<Value>,
    /// The values with anchors.
    pub(super) anchors: BTreeMap<usize, usize>,
    pub(super) root: Option<usize>,
}

pub(super) struct Value {
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

pub(super) enum Content {
    Scalar(Scalar),
    List(Vec<usize>),
    Table(Vec<(usize, usize)>),
    Alias(usize),
}

/// Text with what it stands for.
pub(super) struct Scalar {
    pub(super) data: Data,
    /// Whether it is `<<` without quotes.
    pub(super) merges: bool,
}

/// A list or group that is not closed yet.
struct Open {
    value: usize,
    is_table: bool,
    in_brackets: bool,
    items: Vec<usize>,
}

struct Reader<'r, 'a> {
    report: &'r mut Report<'a>,
    places: Places<'a>,
    stream: Stream,
    open: Vec<Open>,
    documents: usize,
}

/// Reads as far as the text is YAML.
pub(super) fn read(report: &mut Report<'_>) -> Stream {
    let text = report.text();
    let places = Places::new(text, report.base());
    let mut reader = Reader {
        report,
        places,
        stream: Stream::default(),
        open: Vec::new(),
        documents: 0,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let goes_on = match event {
            Ok((event, span)) => reader.take(event, span),
            Err(error) => {
                reader.fail(&error);
                false
            }
        };
        if !goes_on {
            break;
        }
    }
    while let Some(open) = reader.open.pop() {
        reader.close(open, None);
    }
    reader.stream
}

impl Reader<'_, '_> {
    /// Takes an event; whether to go on.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let span = self.places.span(self.places.range(span));
                    self.report.add(
                        span,
                        Problem::error(
                            "a second document begins here, and only one is read per file",
                        )
                        .suggest("delete the line `---`, or put each document in its own file"),
                    );
                    return false;
                }
            }
            Event::Alias(anchor) => {
                let span = self.places.span(self.places.range(span));
                self.push(
                    Value {
                        span,
                        content: Content::Alias(anchor),
                    },
                    0,
                );
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span);
            }
            Event::SequenceStart(anchor, tag) => {
                return self.begin(false, anchor, tag.as_ref(), span);
            }
            Event::MappingStart(anchor, tag) => {
                return self.begin(true, anchor, tag.as_ref(), span);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.close(open, Some(span));
                }
            }
            Event::DocumentEnd | Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
        true
    }

    /// Adds a value to what is open.
    fn push(&mut self, value: Value, anchor: usize) -> usize {
        let number = self.stream.values.len();
        self.stream.values.push(value);
        if anchor > 0 {
            self.stream.anchors.insert(anchor, number);
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(number),
            None => self.stream.root = Some(number),
        }
        number
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let is_plain = style == ScalarStyle::Plain;
        let absent = is_plain && text.is_empty();
        let local = if absent {
            self.places.absent(span)
        } else if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            self.places.lines(span)
        } else {
            self.places.scalar(span)
        };
        // `---` alone is an empty document, not one that says null.
        if absent && anchor == 0 && tag.is_none() && self.open.is_empty() {
            return;
        }
        let data = match tag {
            None if is_plain => scalar::plain(text),
            None => Data::Text(text.to_owned()),
            Some(tag) => match tagged(text, tag) {
                Ok(data) => data,
                Err(problem) => {
                    self.report
                        .add(self.places.span(self.places.range(span)), *problem);
                    Data::Null
                }
            },
        };
        let merges = is_plain && tag.is_none() && text == "<<";
        let span = self.places.span(local);
        self.push(
            Value {
                span,
                content: Content::Scalar(Scalar { data, merges }),
            },
            anchor,
        );
    }

    fn begin(
        &mut self,
        is_table: bool,
        anchor: usize,
        tag: Option<&Cow<'_, Tag>>,
        span: Span,
    ) -> bool {
        let opening = self.places.opening(span);
        let in_brackets = !opening.is_empty();
        let opening = if in_brackets || is_table {
            opening
        } else {
            self.places.first_dash(opening)
        };
        let kind = if is_table { "map" } else { "seq" };
        if let Some(tag) = tag.filter(|tag| !is_neutral(tag) && core_kind(tag) != Some(kind)) {
            self.report
                .add(self.places.span(self.places.range(span)), foreign(tag));
        }
        // Inside brackets, indentation is free.
        if !in_brackets && !self.open.iter().any(|open| open.in_brackets) {
            let tabs = self.places.tab_on_line(opening.start);
            if let Some(tabs) = tabs.filter(|tabs| tabs.end >= opening.start) {
                self.report.add(self.places.span(tabs), tab_problem());
            }
        }
        let content = if is_table {
            Content::Table(Vec::new())
        } else {
            Content::List(Vec::new())
        };
        let opening = self.places.span(opening);
        let value = self.push(
            Value {
                span: opening.clone(),
                content,
            },
            anchor,
        );
        self.open.push(Open {
            value,
            is_table,
            in_brackets,
            items: Vec::new(),
        });
        if self.open.len() > DEPTH_LIMIT {
            self.report.add(opening, too_deep());
            return false;
        }
        true
    }

    /// Closes a list or group; without a span, the text broke off inside.
    fn close(&mut self, open: Open, span: Option<Span>) {
        let last = open
            .items
            .last()
            .and_then(|item| self.stream.values.get(*item));
        let last = last.map(|value| value.span.end);
        // The parser's span of a closing bracket goes on to what follows.
        let bracket = span.filter(|_| open.in_brackets).map(|span| {
            let end = self.places.closing(self.places.local(span.start));
            self.places.span(end..end).end
        });
        let Some(value) = self.stream.values.get_mut(open.value) else {
            return;
        };
        value.span.end = bracket.or(last).unwrap_or_default().max(value.span.end);
        value.content = if open.is_table {
            let (pairs, _) = open.items.as_chunks();
            Content::Table(pairs.iter().map(|[key, value]| (*key, *value)).collect())
        } else {
            Content::List(open.items)
        };
    }

    /// Where the text is not YAML.
    fn fail(&mut self, error: &ScanError) {
        let at = self.places.local(*error.marker());
        let info = error.info();
        let tabs = if info.contains("tab") {
            self.places.tab_from(at)
        } else if self.open.iter().any(|open| open.in_brackets) {
            None
        } else {
            self.places.tab_on_line(at)
        };
        if let Some(tabs) = tabs {
            self.report.add(self.places.span(tabs), tab_problem());
            return;
        }
        let rest = self.places.text(at..self.report.text().len());
        let length = rest
            .chars()
            .next()
            .filter(|next| !next.is_whitespace())
            .map_or(0, char::len_utf8);
        let span = self.places.span(at..at + length);
        self.report.fail(span, explain(info));
    }
}

fn tagged(text: &str, tag: &Tag) -> Result<Data, Box<Problem>> {
    if is_neutral(tag) {
        return Ok(Data::Text(text.to_owned()));
    }
    match core_kind(tag) {
        Some(kind @ ("str" | "null" | "bool" | "int" | "float")) => {
            let short = crate::document::text::shorten(text);
            scalar::tagged(text, kind).ok_or_else(|| {
                let message = format!("`{short}` is not what its tag `!!{kind}` says");
                Box::new(Problem::error(message).suggest("delete the tag"))
            })
        }
        _ => Err(Box::new(foreign(tag))),
    }
}

/// The tag `!` alone: whatever it is, without a guess.
fn is_neutral(tag: &Tag) -> bool {
    format!("{}{}", tag.handle, tag.suffix) == "!"
}

fn core_kind(tag: &Tag) -> Option<&str> {
    tag.is_yaml_core_schema().then_some(tag.suffix.as_str())
}

fn foreign(tag: &Tag) -> Problem {
    let (handle, suffix) = (&tag.handle, &tag.suffix);
    let handle = if tag.is_yaml_core_schema() {
        "!!"
    } else {
        handle
    };
    Problem::error(format!("the tag `{handle}{suffix}` means nothing here"))
        .suggest("delete the tag; a text that begins with `!` needs quotes")
}

fn tab_problem() -> Problem {
    Problem::error("this line is indented with a tab, and YAML allows spaces only")
        .suggest("replace each tab at the beginning of a line by two spaces")
}

/// What the parser says, in plain words.
fn explain(info: &str) -> Problem {
    let has = |part: &str| info.contains(part);
    if has("recursion limit") {
        too_deep()
    } else if has("mapping values are not allowed") {
        Problem::error("a name with a colon is not expected here").suggest(
            "check the indentation; a text that has a colon followed by a space needs quotes",
        )
    } else if has("simple key expect") || has("illegal placement of ':'") {
        Problem::error("a name without a colon, or a colon without a name, ends here")
            .suggest("write `name: value`, and close brackets before the next name")
    } else if has("did not find expected key") || has("'-' indicator") || has("<document start>") {
        Problem::error("this line does not belong to what comes before it")
            .suggest("indent it as far as the lines that it belongs to")
    } else if has("block sequence entries are not allowed") {
        Problem::error("a list cannot begin here")
            .suggest("begin the list on a line of its own, below its name")
    } else if has("unknown anchor") {
        Problem::error("this `*` refers to a name that no `&` gives")
            .suggest("a text that begins with `*` needs quotes")
    } else if has("quoted scalar, found unknown escape") {
        Problem::error("the backslash inside double quotes begins no known sign")
            .suggest("write a backslash as `\\\\`, or use single quotes")
    } else if has("end of stream") || has("in quoted scalar") || has("document indicator") {
        Problem::error("the quote that opens here is not closed")
            .suggest("close the quote; an apostrophe inside single quotes is written twice")
    } else if has("trailing content after") {
        Problem::error("something follows the closing quote").suggest(
            "put the whole text in quotes; an apostrophe inside single quotes is written twice",
        )
    } else if has("unexpected character") || has("start with '-'") {
        Problem::error("a text without quotes cannot begin with this character")
            .suggest("put the text in quotes")
    } else if has("expected ',' or") || has("flow construct") || has("node content") {
        Problem::error("a comma or a closing bracket is missing here")
    } else {
        Problem::error(format!("this is not YAML: {info}"))
    }
}
