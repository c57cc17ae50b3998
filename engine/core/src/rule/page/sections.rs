//! The parts of a page: settings, and what stands under each heading.

use crate::source::Source;
use std::ops::Range;

/// The range of the front matter, and where the body begins.
pub(crate) fn split_front(text: &str) -> Option<(Range<usize>, usize)> {
    let start = text.strip_prefix('\u{feff}').map_or(0, |_| 3);
    let first_end = text.get(start..)?.find('\n')? + start + 1;
    if text.get(start..first_end)?.trim_end() != "---" {
        return None;
    }
    let mut at = first_end;
    for line in text.get(first_end..)?.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((first_end..at, at + line.len()));
        }
        at += line.len();
    }
    None
}

/// The body of a page, cut at its second-level headings.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) why: String,
    pub(super) how: String,
    pub(super) helps: String,
    pub(super) more: Vec<(String, String)>,
    pub(super) cases: Option<Range<usize>>,
}

impl Sections {
    /// Cuts the text from byte `body` on.
    pub(super) fn read(source: &Source, body: usize) -> Self {
        let text = source.text();
        let mut sections = Self::default();
        let mut heading: Option<String> = None;
        let mut start = body;
        let mut at = body;
        let mut fenced = false;
        for line in text.get(body..).unwrap_or_default().split_inclusive('\n') {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if let Some(title) = line.strip_prefix("## ").filter(|_| !fenced) {
                sections.put(source, heading.take().as_deref(), start..at);
                heading = Some(title.trim().to_owned());
                start = at + line.len();
            }
            at += line.len();
        }
        sections.put(source, heading.as_deref(), start..at);
        sections
    }

    fn put(&mut self, source: &Source, heading: Option<&str>, range: Range<usize>) {
        let text = source.slice(range.clone()).trim().to_owned();
        match heading {
            None => self.why = text,
            Some("How it is judged") => self.how = text,
            Some("What helps") => self.helps = text,
            Some("Cases") => self.cases = fence(source.text(), range),
            Some(other) => self.more.push((other.to_owned(), text)),
        }
    }
}

/// The inside of the first fenced block in a range.
fn fence(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut at = range.start;
    let mut start = None;
    for line in text.get(range)?.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            match start {
                None => start = Some(at + line.len()),
                Some(start) => return Some(start..at),
            }
        }
        at += line.len();
    }
    None
}
