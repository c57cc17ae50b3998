//! Text for a terminal: headings, and fields whose values stand in one column.

use evenhand_report::Look;

/// Columns of the names of fields.
const NAMES: usize = 11;
/// Columns before them.
const INDENT: usize = 2;

/// Lines, laid out as they are added.
#[derive(Debug)]
pub(super) struct Sheet {
    look: Look,
    lines: Vec<String>,
}

impl Sheet {
    pub(super) fn new(look: Look) -> Self {
        Self {
            look,
            lines: Vec::new(),
        }
    }

    /// A line that stands out.
    pub(super) fn heading(&mut self, text: &str) {
        let bold = anstyle::Style::new().bold();
        for line in self.wrapped(text, "", "  ") {
            self.lines.push(if self.look.colour {
                format!("{bold}{line}{bold:#}")
            } else {
                line
            });
        }
    }

    /// A name and what there is under it.
    pub(super) fn field(&mut self, name: &str, value: &str) {
        let first = format!("{:INDENT$}{name:<NAMES$}", "");
        let rest = " ".repeat(INDENT + NAMES);
        let lines = self.wrapped(value, &first, &rest);
        self.lines.extend(lines);
    }

    /// A paragraph, its lines indented by so many columns.
    pub(super) fn text(&mut self, indent: usize, text: &str) {
        let indent = " ".repeat(indent);
        let lines = self.wrapped(text, &indent, &indent);
        self.lines.extend(lines);
    }

    /// A paragraph behind a mark; its further lines stand under its first word.
    pub(super) fn item(&mut self, mark: &str, text: &str) {
        let rest = " ".repeat(mark.chars().count());
        let lines = self.wrapped(text, mark, &rest);
        self.lines.extend(lines);
    }

    pub(super) fn blank(&mut self) {
        self.lines.push(String::new());
    }

    fn wrapped(&self, text: &str, first: &str, rest: &str) -> Vec<String> {
        let options = textwrap::Options::new(self.look.width.max(40))
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let text = clean(text);
        textwrap::wrap(&text, options)
            .into_iter()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }

    /// All lines, each ended.
    pub(super) fn finish(self) -> String {
        let mut text = self.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }
}

/// What a plugin's author wrote does nothing on the terminal of whoever reads it.
pub(super) use evenhand_diagnostic::text::{visible_line as clean, visible_lines as clean_lines};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_one_column_and_keep_within_the_width() {
        let mut sheet = Sheet::new(Look {
            width: 40,
            colour: false,
        });
        sheet.heading("tiny 0.1.0");
        sheet.field(
            "reads",
            "/program/title, /program/summary, /motivation/statement",
        );
        sheet.item("    + ", "a\u{1b}[2J");
        assert_eq!(
            sheet.finish(),
            "tiny 0.1.0\n  reads      /program/title,\n             /program/summary,\n             /motivation/statement\n    + a\u{fffd}[2J\n"
        );
    }
}
