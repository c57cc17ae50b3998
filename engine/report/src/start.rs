//! A proposal to be filled in, as a file in YAML: each question stands above the place for its answer.

mod filled;
mod sheets;

use crate::respondents;
use crate::style::Look;
use evenhand_core::pack::Respondent;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, FieldId, Kind, Schema};
use evenhand_diagnostic::words::Words;
use evenhand_document::document::Format;
use evenhand_document::document::edit::write_inline;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub use filled::{checked_workbook, read_workbook, rewrite_workbook};
pub use sheets::{tongue, workbook};

/// Columns of the comments.
const WIDTH: usize = 88;
/// With more choices than these one is given as an example.
const CHOICES: usize = 24;

/// What is written of a proposal.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// The fields, in the language in force.
    pub schema: &'a Schema,
    /// What is known of every such program.
    pub proposal: &'a Value,
    /// What is asked.
    pub wanted: &'a BTreeSet<Pointer>,
    /// What kind of program it is.
    pub title: &'a str,
    /// The file's name, for what to do next.
    pub file: &'a str,
    /// Who can answer what.
    pub respondents: &'a [Respondent],
    /// The language.
    pub words: &'a dyn Words,
}

/// The file: valid as it is, with nothing said yet that is not known.
pub fn render(start: &Start<'_>) -> String {
    let mut page = Page {
        start,
        explained: BTreeSet::new(),
    };
    let words = start.words;
    let mut lines = vec!["# yaml-language-server: $schema=proposal.schema.json".to_owned()];
    let head = [
        start.title.to_owned(),
        words
            .word("Write what you know after each colon. Leave empty what you do not know yet: that never counts as no, and it never helps.")
            .to_owned(),
        words.say(
            "Then evenhand check {file} says what follows, and evenhand questions {file} asks what matters next.",
            &[("file", start.file)],
        ),
        words
            .word("With evenhand schema > proposal.schema.json beside this file, an editor explains every field as you type.")
            .to_owned(),
    ];
    for text in head {
        lines.extend(comment(&text, 0));
    }
    let top = start.schema.root();
    let none = Map::new();
    let value = start.proposal.as_object().unwrap_or(&none);
    for part in page.parts(top, value, &Pointer::root(), 0) {
        lines.push(String::new());
        lines.extend(part);
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

struct Page<'a> {
    start: &'a Start<'a>,
    /// Fields whose question stands already.
    explained: BTreeSet<String>,
}

impl Page<'_> {
    /// The lines of each property that is known or asked, in the order of the schema.
    fn parts(
        &mut self,
        id: FieldId,
        value: &Map<String, Value>,
        at: &Pointer,
        indent: usize,
    ) -> Vec<Vec<String>> {
        let schema = self.start.schema;
        let properties = &schema.field(id).properties;
        properties
            .iter()
            .map(|(name, child)| {
                let own = value.get(name).filter(|value| !value.is_null());
                self.part(name, *child, own, &at.key(name), indent)
            })
            .filter(|lines| !lines.is_empty())
            .collect()
    }

    fn part(
        &mut self,
        name: &str,
        id: FieldId,
        own: Option<&Value>,
        at: &Pointer,
        indent: usize,
    ) -> Vec<String> {
        let schema = self.start.schema;
        let field = schema.field(id);
        let space = " ".repeat(indent);
        let elements = field
            .items
            .filter(|items| !schema.field(*items).properties.is_empty());
        match (own, elements) {
            (Some(Value::Array(list)), Some(items)) if !list.is_empty() => {
                let mut lines = self.question(field, indent);
                lines.push(format!("{space}{name}:"));
                for (index, item) in list.iter().enumerate() {
                    lines.extend(self.element(items, item, &at.index(index), indent));
                }
                lines
            }
            _ if !field.properties.is_empty() => {
                let none = Map::new();
                let below = own.and_then(Value::as_object).unwrap_or(&none);
                let parts = self.parts(id, below, at, indent + 2);
                if parts.is_empty() {
                    return Vec::new();
                }
                let mut lines = self.question(field, indent);
                lines.push(format!("{space}{name}:"));
                lines.extend(parts.into_iter().flatten());
                lines
            }
            (Some(value), _) => {
                let shown = format!("{space}{name}: {}", write_inline(Format::Yaml, value));
                vec![match self.labels(id, value) {
                    Some(labels) => format!("{shown}  # {labels}"),
                    None => shown,
                }]
            }
            (None, _) if self.start.wanted.contains(at) => {
                let mut lines = self.question(field, indent);
                lines.push(format!("{space}{name}:"));
                lines
            }
            (None, _) => Vec::new(),
        }
    }

    /// An element of a list, with its dash before the first name.
    fn element(&mut self, id: FieldId, item: &Value, at: &Pointer, indent: usize) -> Vec<String> {
        let none = Map::new();
        let below = item.as_object().unwrap_or(&none);
        let parts = self.parts(id, below, at, indent + 4);
        let mut lines: Vec<String> = parts.into_iter().flatten().collect();
        let first = lines
            .iter_mut()
            .find(|line| !line.trim_start().starts_with('#'));
        if let Some(first) = first {
            *first = format!("{}  - {}", " ".repeat(indent), first.trim_start());
        }
        lines
    }

    /// The question of a field as comments, with what may be answered; nothing where it stands already.
    fn question(&mut self, field: &Field, indent: usize) -> Vec<String> {
        if !self.explained.insert(field.path.clone()) {
            return Vec::new();
        }
        let mut lines = Vec::new();
        if !field.question.is_empty() {
            let (words, schema) = (self.start.words, self.start.schema);
            lines.extend(comment(&field.question, indent));
            lines.extend(may(field, schema, words, indent, Reader::Editor));
        }
        lines.extend(self.who(field, indent));
        lines
    }

    /// Who can answer, where that is another than for what is around.
    fn who(&self, field: &Field, indent: usize) -> Vec<String> {
        let Start {
            words, respondents, ..
        } = *self.start;
        let names = respondents::names(&field.asks, respondents, words);
        if names.is_empty() {
            return Vec::new();
        }
        let line = words.say("Ask: {names}.", &[("names", &names)]);
        comment(&format!("→ {line}"), indent)
    }

    /// What a choice that is there is called.
    fn labels(&self, id: FieldId, value: &Value) -> Option<String> {
        let field = self.start.schema.field(id);
        let one = field
            .items
            .map_or(field, |items| self.start.schema.field(items));
        let values = match value {
            Value::Array(items) => items.iter().collect(),
            other => vec![other],
        };
        let labels: Option<Vec<&str>> = values
            .into_iter()
            .map(|value| one.labels.get(value.as_str()?).map(String::as_str))
            .collect();
        labels
            .filter(|all| !all.is_empty())
            .map(|all| all.join(", "))
    }
}

/// Who reads what an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Somebody who writes a proposal, as its format has it.
    Editor,
    /// Somebody who answers a few questions, as people say it.
    Respondent,
}

/// What an answer may be.
pub(crate) fn may(
    field: &Field,
    schema: &Schema,
    words: &dyn Words,
    indent: usize,
    reader: Reader,
) -> Vec<String> {
    let one = field.items.map_or(field, |items| schema.field(items));
    if !field.properties.is_empty() || !one.properties.is_empty() {
        return Vec::new();
    }
    let said = |text: &str| comment(&format!("→ {text}"), indent);
    if !one.choices.is_empty() && one.choices.len() <= CHOICES {
        let mut lines = said(words.word(if field.kind == Kind::List {
            "any of these, as [one, other]:"
        } else {
            "one of these:"
        }));
        lines.extend(choices(one, indent));
        return lines;
    }
    let is_plain = reader == Reader::Respondent;
    let mut parts: Vec<String> = match (field.kind, field.unit.as_deref()) {
        (Kind::Boolean, _) if is_plain => return said(words.word("yes or no")),
        (Kind::Boolean, _) => return said(words.word("true for yes, false for no")),
        (Kind::Number, Some("share")) if is_plain => {
            return said(words.word("a share, such as 25 %"));
        }
        (Kind::Number | Kind::Integer, Some(unit)) => {
            vec![words.value(unit).unwrap_or(unit).to_owned()]
        }
        (Kind::Number | Kind::Integer, None) => vec![words.word("a number").to_owned()],
        (Kind::Text, _) if field.date => vec![words.word("a date, the year first").to_owned()],
        _ => Vec::new(),
    };
    if let Some(example) = field.examples.first() {
        let example = write_inline(Format::Yaml, example);
        parts.push(words.say("for example {example}", &[("example", &example)]));
    }
    if parts.is_empty() {
        Vec::new()
    } else {
        said(&parts.join("; "))
    }
}

/// Choices with their labels, a line each.
fn choices(field: &Field, indent: usize) -> Vec<String> {
    let longest = field.choices.iter().map(|choice| choice.chars().count());
    let longest = longest.max().unwrap_or_default();
    let lines = field.choices.iter().map(|choice| {
        let text = match field.labels.get(choice) {
            Some(label) => format!("{choice:longest$}  {label}"),
            None => choice.clone(),
        };
        format!("{}#   {text}", " ".repeat(indent))
    });
    lines.collect()
}

/// Lines of a comment.
pub(crate) fn comment(text: &str, indent: usize) -> Vec<String> {
    let look = Look {
        width: WIDTH,
        colour: false,
    };
    let first = format!("{}# ", " ".repeat(indent));
    look.wrap(text, &first, &first)
}
