//! What is judged before any reader looks: encoding, size, characters that no document has.

use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::{Place, Source};
use std::ops::Range;

/// Bytes in one document.
const SIZE_LIMIT: usize = 8 * 1024 * 1024;
/// Problems told at once; more help nobody.
const PROBLEM_LIMIT: usize = 50;
/// Characters of the document repeated in a message.
const QUOTE_LIMIT: usize = 40;
const SAVE_AGAIN: &str = "save it again with the encoding UTF-8";

/// The problems of one document while it is read.
pub(super) struct Report<'a> {
    source: &'a Source,
    range: Range<usize>,
    problems: Vec<Problem>,
    left_out: usize,
    /// Where the text is first not of its format.
    failed: Option<usize>,
}

impl<'a> Report<'a> {
    pub(super) fn new(source: &'a Source, range: Range<usize>) -> Self {
        Self {
            source,
            range,
            problems: Vec::new(),
            left_out: 0,
            failed: None,
        }
    }

    /// The text to read.
    pub(super) fn text(&self) -> &'a str {
        self.source
            .text()
            .get(self.range.clone())
            .unwrap_or_default()
    }

    /// The offset of the text in the source; spans of readers are in the source.
    pub(super) fn base(&self) -> usize {
        self.range.start
    }

    pub(super) fn add(&mut self, span: Range<usize>, problem: Problem) {
        if self.has_room() {
            self.problems.push(problem.at(self.source, span));
        }
    }

    /// Where the text is not of its format, as far as the parser can tell.
    pub(super) fn fail(&mut self, span: Range<usize>, problem: Problem) {
        let here = self.failed.unwrap_or(span.start);
        self.failed = Some(here.min(span.start));
        self.add(span, problem);
    }

    /// Where the text is first not of its format.
    pub(super) fn failed(&self) -> Option<usize> {
        self.failed
    }

    /// Whether one more problem is told; it is counted if not.
    pub(super) fn has_room(&mut self) -> bool {
        let has_room = self.problems.len() < PROBLEM_LIMIT;
        self.left_out += usize::from(!has_room);
        has_room
    }

    pub(super) fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn place(&self, offset: usize) -> Place {
        self.source.place(offset)
    }

    /// The text of the whole source.
    pub(super) fn source_text(&self) -> &'a str {
        self.source.text()
    }

    pub(super) fn slice(&self, span: &Range<usize>) -> &'a str {
        self.source.text().get(span.clone()).unwrap_or_default()
    }

    /// What is typed there, short enough for a message.
    pub(super) fn quote(&self, span: &Range<usize>) -> String {
        shorten(self.slice(span))
    }

    /// All problems in the order of their places.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems
            .sort_by_key(|problem| problem.span.as_ref().map(|span| span.start));
        if self.left_out > 0 {
            self.problems.push(
                Problem::error(format!("{} more problems are not shown", self.left_out))
                    .in_file(self.source.name()),
            );
        }
        self.problems
    }
}

/// The first line of a text, cut where it gets long.
pub(super) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(QUOTE_LIMIT).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// The text of a file: UTF-8, with or without a byte order mark.
pub(super) fn decode<'b>(name: &str, bytes: &'b [u8]) -> Result<&'b str, Box<Problem>> {
    if bytes.len() > SIZE_LIMIT {
        return Err(Box::new(too_large().in_file(name)));
    }
    if let Some(encoding) = other_encoding(bytes) {
        let problem = Problem::error(format!("the file is {encoding}, not UTF-8"));
        return Err(Box::new(problem.suggest(SAVE_AGAIN).in_file(name)));
    }
    let (content, mark) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(content) => (content, 3),
        None => (bytes, 0),
    };
    std::str::from_utf8(content).map_err(|error| {
        let good = error.valid_up_to();
        let before = content
            .get(..good)
            .map(String::from_utf8_lossy)
            .unwrap_or_default();
        let before = Source::new(name, before.into_owned());
        let line = before.place(good).line;
        let at = good + mark;
        let message = format!(
            "the file is not UTF-8: the byte at offset {at} (line {line}) begins no character"
        );
        Box::new(
            Problem::error(message)
                .at(&before, good..good)
                .suggest(SAVE_AGAIN),
        )
    })
}

/// The encoding, if it is recognisably another one: by its mark, or by the zero byte beside the first letter.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [0, first, 0, second, ..] | [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            Some("UTF-16")
        }
        _ => None,
    }
}

/// Judges size and characters; whether it makes sense to read on.
pub(super) fn check(report: &mut Report<'_>) -> bool {
    let range = report.range.clone();
    let Some(text) = report.source.text().get(range.clone()) else {
        report.add(
            range.start..range.start,
            Problem::error("the part to read does not lie inside the file"),
        );
        return false;
    };
    if text.len() > SIZE_LIMIT {
        report.add(range.start..range.start, too_large());
        return false;
    }
    for (at, byte) in text.bytes().enumerate() {
        if byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') {
            let at = range.start + at;
            report.add(
                at..at + 1,
                Problem::error(format!(
                    "the control character U+{byte:04X} has no place in a text"
                ))
                .suggest("delete the invisible character"),
            );
        }
    }
    report.is_clean()
}

fn too_large() -> Problem {
    Problem::error(format!("the document has more than {SIZE_LIMIT} bytes"))
        .suggest("leave out what the rules do not ask for")
}
