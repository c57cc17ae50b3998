//! How text looks on a terminal: width, colour, wrapping. No information is carried by colour alone.

use anstyle::{AnsiColor, Style};

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether to colour.
    pub colour: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
        }
    }
}

/// What a piece of text is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Not well.
    Bad,
    /// In between, or open.
    Fair,
    /// Well.
    Good,
    /// Of less weight.
    Faint,
    /// A heading.
    Strong,
}

impl Look {
    /// Text in a tone.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let style = match tone {
            Tone::Bad => Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
            Tone::Fair => Style::new().fg_color(Some(AnsiColor::Yellow.into())),
            Tone::Good => Style::new().fg_color(Some(AnsiColor::Green.into())),
            Tone::Faint => Style::new().dimmed(),
            Tone::Strong => Style::new().bold(),
        };
        format!("{style}{text}{style:#}")
    }

    /// Wraps text, the first line behind `first`, the others behind as many spaces as `rest` has columns.
    pub fn wrap(self, text: &str, first: &str, rest: &str) -> Vec<String> {
        let text = clean(text);
        // Most lines are short and plain, and are one line however they are wrapped.
        let plain = text.is_ascii() && !text.starts_with(' ') && !text.is_empty();
        if plain && !text.contains("  ") && columns(first) + text.len() <= self.width.max(20) {
            return vec![format!("{first}{}", text.trim_end())];
        }
        // Scripts without spaces are broken where Unicode allows; ids and paths of others stay whole.
        let separator = if text.chars().any(|c| c >= '\u{2e80}') {
            textwrap::WordSeparator::UnicodeBreakProperties
        } else {
            textwrap::WordSeparator::AsciiSpace
        };
        let options = textwrap::Options::new(self.width.max(20))
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_separator(separator)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(true);
        textwrap::wrap(&text, options)
            .into_iter()
            .map(std::borrow::Cow::into_owned)
            .collect()
    }
}

/// Columns a text takes on a terminal.
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// Text padded with spaces to a number of columns, or cut to it.
pub fn pad(text: &str, width: usize) -> String {
    let mut shown = String::new();
    let mut used = 0;
    let fits = columns(text) <= width;
    for character in text.chars() {
        let wide = unicode_width::UnicodeWidthChar::width(character).unwrap_or_default();
        if !fits && used + wide + 1 > width {
            shown.push('…');
            used += 1;
            break;
        }
        shown.push(character);
        used += wide;
    }
    shown.push_str(&" ".repeat(width.saturating_sub(used)));
    shown
}

/// Control characters of a proposal do nothing on the terminal of whoever reads the report.
pub fn clean(text: &str) -> String {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    evenhand_diagnostic::text::visible_line(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_counts_columns_of_every_script() {
        assert_eq!(columns(&pad("東京医大", 10)), 10);
        assert_eq!(pad("Ñandú", 4), "Ñan…");
        assert_eq!(pad("東京医大", 5), "東京…");
        assert_eq!(pad("a", 3), "a  ");
    }

    #[test]
    fn a_name_cannot_move_the_cursor() {
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
    }
}
