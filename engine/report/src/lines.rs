//! A page of a terminal that grows line by line, and JSON as it is written.

use crate::Look;
use crate::style::Tone;
use evenhand_diagnostic::words::Words;
use serde_json::Value;

/// Lines for a terminal.
pub(crate) struct Lines<'a> {
    look: Look,
    pub(crate) words: &'a dyn Words,
    written: Vec<String>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(look: Look, words: &'a dyn Words) -> Self {
        Self {
            look,
            words,
            written: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, line: impl AsRef<str>) {
        self.written.push(line.as_ref().trim_end().to_owned());
    }

    pub(crate) fn wrap(&mut self, text: &str, first: &str, rest: &str) {
        self.written.extend(self.look.wrap(text, first, rest));
    }

    pub(crate) fn toned(&mut self, tone: Tone, text: &str, first: &str, rest: &str) {
        for line in self.look.wrap(text, first, rest) {
            self.written.push(self.look.paint(tone, &line));
        }
    }

    pub(crate) fn heading(&mut self, english: &str) {
        self.push("");
        let text = self.words.word(english).to_owned();
        self.toned(Tone::Strong, &text, "", "");
    }

    pub(crate) fn finish(self) -> String {
        let mut text = self.written.join("\n");
        text.push('\n');
        text
    }
}

/// A proposal's file as it can be typed into a shell.
pub(crate) fn typed(file: &str) -> String {
    if file.starts_with('<') {
        return "FILE".to_owned();
    }
    let plain = |c: char| c.is_alphanumeric() || "-_./:@+,".contains(c);
    if !file.is_empty() && file.chars().all(plain) && !file.starts_with('-') {
        return file.to_owned();
    }
    let file = if file.starts_with('-') {
        format!("./{file}")
    } else {
        file.to_owned()
    };
    format!("'{}'", file.replace('\'', "'\\''"))
}

/// A figure with no more decimals than anybody could use.
pub(crate) fn decimal(value: f64) -> Value {
    Value::from((value * 1e4).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn a_file_can_be_typed_whatever_it_is_called() {
        for (file, shown) in [
            ("plans/a.yaml", "plans/a.yaml"),
            ("día 1.yaml", "'día 1.yaml'"),
            ("it's.yaml", r"'it'\''s.yaml'"),
            ("-x.yaml", "'./-x.yaml'"),
            ("$(reboot).yaml", "'$(reboot).yaml'"),
            ("<standard input>", "FILE"),
        ] {
            assert_eq!(typed(file), shown);
        }
    }
}
