//! What the form carries from page to page: the text of the proposal, and where the person is in it.

use crate::form::Form;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_document::document::{Document, Format};
use serde_json::{Value, json};
use std::fmt;

/// The version of the form's fields; a page of another version is refused by name.
pub(crate) const VERSION: &str = "1";

/// Steps back that are kept.
const UNDO: usize = 20;

/// A plan as the form carries it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The text of the proposal.
    pub(crate) source: String,
    /// What its file is called, without folders.
    pub(crate) name: String,
    /// How it is written.
    pub(crate) format: Format,
    /// How to get back to the texts before this one, the last change last.
    pub(crate) undo: Vec<Undo>,
    /// Questions that were left open.
    pub(crate) left: Vec<String>,
    /// Where the person is.
    pub(crate) at: At,
}

/// Where a person is in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum At {
    /// One group of fields, or a list.
    Group(Pointer),
    /// A question by its id, or whichever comes next.
    Ask(Option<String>),
    /// The text of the proposal.
    Text,
    /// All answers.
    Review,
    /// Reports and files to take away.
    HandIn,
}

/// A piece of text to put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Undo {
    start: usize,
    length: usize,
    text: String,
}

impl At {
    /// Reads a place as it is written in the form; none where it is no place.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "ask" => Self::Ask(None),
            "text" => Self::Text,
            "review" => Self::Review,
            "hand-in" => Self::HandIn,
            _ => match text.split_once(':')? {
                ("ask", id) => Self::Ask(Some(id.to_owned())),
                ("at", path) if path.starts_with('/') => Self::Group(Pointer::from_json(path)),
                _ => return None,
            },
        })
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(path) => write!(f, "at:{}", path.as_str()),
            Self::Ask(None) => f.write_str("ask"),
            Self::Ask(Some(id)) => write!(f, "ask:{id}"),
            Self::Text => f.write_str("text"),
            Self::Review => f.write_str("review"),
            Self::HandIn => f.write_str("hand-in"),
        }
    }
}

impl Plan {
    /// A plan that begins with this text.
    pub(crate) fn new(name: &str, format: Format, source: String, at: At) -> Self {
        Self {
            source,
            name: base_name(name),
            format,
            undo: Vec::new(),
            left: Vec::new(),
            at,
        }
    }

    /// Reads what a form carries; nothing where it carries no plan.
    pub(crate) fn read(form: &Form, start: &At) -> Option<Self> {
        let source = form.get("source")?;
        let format = form.get("format").unwrap_or_default();
        let at = form.get("at").and_then(At::read);
        let left = form.get("left").unwrap_or_default().split_whitespace();
        Some(Self {
            source: source.to_owned(),
            name: base_name(form.get("name").unwrap_or_default()),
            format: format.parse().unwrap_or(Format::Yaml),
            undo: read_undo(form.get("undo").unwrap_or_default()),
            left: left.map(str::to_owned).collect(),
            at: at.unwrap_or_else(|| start.clone()),
        })
    }

    /// The proposal, or everything that keeps it from being read.
    pub(crate) fn document(&self) -> Result<Document, Vec<Problem>> {
        Document::parse(&self.name, self.source.as_bytes(), self.format)
    }

    /// Takes another text, and remembers how to get back.
    pub(crate) fn write(&mut self, text: &str) {
        if text == self.source {
            return;
        }
        self.undo.push(Undo::between(text, &self.source));
        let more = self.undo.len().saturating_sub(UNDO);
        self.undo.drain(..more);
        text.clone_into(&mut self.source);
    }

    /// Goes back by one change; whether there was one.
    pub(crate) fn back(&mut self) -> bool {
        let before = self.undo.pop().and_then(|undo| undo.apply(&self.source));
        let found = before.is_some();
        if let Some(before) = before {
            self.source = before;
        } else {
            // What does not fit the text is of no use.
            self.undo.clear();
        }
        found
    }

    /// The steps back, as the form carries them.
    pub(crate) fn undo_text(&self) -> String {
        let step = |undo: &Undo| json!([undo.start, undo.length, undo.text]);
        Value::Array(self.undo.iter().map(step).collect()).to_string()
    }

    /// The file's name without its ending.
    pub(crate) fn stem(&self) -> &str {
        let stem = self.name.rsplit_once('.').map(|(stem, _)| stem);
        stem.filter(|stem| !stem.is_empty()).unwrap_or("plan")
    }
}

impl Undo {
    /// What makes `before` of `now`.
    fn between(now: &str, before: &str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let head: usize = now
            .chars()
            .zip(before.chars())
            .take_while(same)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let (rest_now, rest_before) = (
            now.get(head..).unwrap_or_default(),
            before.get(head..).unwrap_or_default(),
        );
        let tail: usize = rest_now
            .chars()
            .rev()
            .zip(rest_before.chars().rev())
            .take_while(same)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let end = rest_before.len() - tail;
        Self {
            start: head,
            length: rest_now.len() - tail,
            text: rest_before.get(..end).unwrap_or_default().to_owned(),
        }
    }

    fn apply(&self, now: &str) -> Option<String> {
        let end = self.start.checked_add(self.length)?;
        let (head, tail) = (now.get(..self.start)?, now.get(end..)?);
        Some(format!("{head}{}{tail}", self.text))
    }
}

fn read_undo(text: &str) -> Vec<Undo> {
    let steps: Vec<(usize, usize, String)> = serde_json::from_str(text).unwrap_or_default();
    let steps = steps.into_iter().map(|(start, length, text)| Undo {
        start,
        length,
        text,
    });
    steps.take(UNDO).collect()
}

/// The name of a file without folders, of either system; never empty.
fn base_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let base: String = base.chars().filter(|c| !c.is_control()).take(200).collect();
    if base.trim().is_empty() {
        "plan.yaml".to_owned()
    } else {
        base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        for text in [
            "ask",
            "ask:host.need",
            "text",
            "review",
            "hand-in",
            "at:/a/0/b",
        ] {
            assert_eq!(At::read(text).unwrap().to_string(), text);
        }
        for text in ["", "at:", "at:x", "go:/a", "nowhere"] {
            assert_eq!(At::read(text), None, "{text}");
        }
    }

    #[test]
    fn files_are_named_without_their_folders() {
        for (name, base) in [
            ("a/b.yaml", "b.yaml"),
            ("C:\\x\\y.toml", "y.toml"),
            ("..", ".."),
            ("a/", "plan.yaml"),
            (" \n", "plan.yaml"),
        ] {
            assert_eq!(base_name(name), base);
        }
    }

    proptest! {
        #[test]
        fn each_step_back_gives_the_text_before(texts in proptest::collection::vec("[aé\n😀]{0,6}", 1..12)) {
            let first = texts.first().cloned().unwrap_or_default();
            let mut plan = Plan::new("a.yaml", Format::Yaml, first, At::Text);
            let mut before = vec![];
            for text in &texts {
                if *text != plan.source {
                    before.push(plan.source.clone());
                }
                plan.write(text);
            }
            for text in before.iter().rev() {
                plan.undo = read_undo(&plan.undo_text());
                prop_assert!(plan.back());
                prop_assert_eq!(&plan.source, text);
            }
            prop_assert!(!plan.back());
        }

        #[test]
        fn a_step_back_that_somebody_made_up_breaks_nothing(start in 0usize..9, length in any::<usize>(), text in ".{0,3}") {
            let mut plan = Plan::new("a", Format::Yaml, "é😀x".to_owned(), At::Text);
            plan.undo = vec![Undo { start, length, text }];
            plan.back();
        }
    }
}
