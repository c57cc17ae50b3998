//! What analysis finds, on a terminal.

pub mod questions;

use evenhand_core::locale::Locale;
use evenhand_core::report::Look;
use evenhand_core::report::style::Tone;

/// A page that grows line by line.
pub(crate) struct Page<'a> {
    look: Look,
    locale: &'a Locale,
    lines: Vec<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(look: Look, locale: &'a Locale) -> Self {
        Self {
            look,
            locale,
            lines: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, line: impl AsRef<str>) {
        self.lines.push(line.as_ref().trim_end().to_owned());
    }

    pub(crate) fn wrap(&mut self, text: &str, first: &str, rest: &str) {
        self.lines.extend(self.look.wrap(text, first, rest));
    }

    pub(crate) fn toned(&mut self, tone: Tone, text: &str, first: &str, rest: &str) {
        for line in self.look.wrap(text, first, rest) {
            self.lines.push(self.look.paint(tone, &line));
        }
    }

    pub(crate) fn heading(&mut self, english: &str) {
        self.push("");
        let text = self.locale.word(english).to_owned();
        self.toned(Tone::Strong, &text, "", "");
    }

    pub(crate) fn finish(self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}
