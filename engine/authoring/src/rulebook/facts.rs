//! What a proposal states: every field with its question, what may be answered, and when it is needed.

use super::Writer;
use evenhand_diagnostic::text::number;
use evenhand_document::schema::{Field, FieldId, Kind, Need, Schema};
use evenhand_report::paper::{Block, Inline, Section, Term, code, joined, prose, prose_line, text};

/// What links to a field are called.
pub(super) fn id(path: &str) -> String {
    format!("fact-{path}")
}

impl Writer<'_> {
    pub(super) fn facts(&self) -> Section {
        let schema = self.book.schema();
        let root = schema.field(schema.root());
        let mut sections = Vec::new();
        let mut plain = Vec::new();
        for (name, field) in root.properties.iter().filter(|(name, _)| name != "derived") {
            if schema.field(*field).properties.is_empty() && schema.field(*field).items.is_none() {
                plain.push(*field);
            } else {
                sections.push(group(schema, name, *field));
            }
        }
        let mut blocks = prose(
            "Each fact with the question that asks for it. A fact that is left out is not known yet; `null` means the same.",
        );
        if !plain.is_empty() {
            blocks.push(terms(schema, &plain));
        }
        Section {
            id: "facts".to_owned(),
            title: vec![text("What a proposal states")],
            blocks,
            sections,
        }
    }
}

fn group(schema: &Schema, name: &str, top: FieldId) -> Section {
    let field = schema.field(top);
    let title = if field.title.is_empty() {
        name
    } else {
        &field.title
    };
    Section {
        id: id(name),
        title: vec![text(title)],
        blocks: [
            prose(&field.description),
            vec![terms(schema, &below(schema, top))],
        ]
        .concat(),
        sections: Vec::new(),
    }
}

/// The fields below one, groups before what is in them, in the order written.
pub(super) fn below(schema: &Schema, top: FieldId) -> Vec<FieldId> {
    let field = schema.field(top);
    let field = field.items.map_or(field, |items| schema.field(items));
    if field.properties.is_empty() {
        return vec![top];
    }
    let mut found = Vec::new();
    for (_, id) in &field.properties {
        let inner = below(schema, *id);
        if inner != [*id] {
            found.push(*id);
        }
        found.extend(inner);
    }
    found
}

/// Each field as a term.
pub(super) fn terms(schema: &Schema, fields: &[FieldId]) -> Block {
    let terms = fields.iter().map(|field| {
        let field = schema.field(*field);
        let path = field.path.trim_end_matches("[]");
        let mut blocks = Vec::new();
        let about = meaning(field);
        if !about.is_empty() {
            blocks.push(Block::Paragraph(about));
        }
        blocks.push(Block::Paragraph(answers(schema, field)));
        Term {
            id: Some(id(path)),
            name: vec![code(path)],
            blocks,
        }
    });
    Block::Terms(terms.collect())
}

/// The question or the title, what it means, and when it is needed.
fn meaning(field: &Field) -> Vec<Inline> {
    let first = if field.question.is_empty() {
        &field.title
    } else {
        &field.question
    };
    let mut line = Vec::new();
    if !first.is_empty() {
        let stop = if first.ends_with(['.', '?', '!']) {
            ""
        } else {
            "."
        };
        line.push(text(format!("{first}{stop} ")));
    }
    line.extend(prose_line(&field.description));
    match (field.need, &field.when) {
        (Need::Essential, _) => line.push(text(" Asked of everybody.")),
        (Need::Conditional, Some(when)) => line.push(text(format!(" Asked where {when}."))),
        (Need::Conditional, None) | (Need::Optional, _) => {}
    }
    line
}

fn answers(schema: &Schema, field: &Field) -> Vec<Inline> {
    let one = field.items.map_or(field, |items| schema.field(items));
    let list = field.items.is_some();
    if one.choices.is_empty() {
        let kind = kind(one);
        return vec![text(if list {
            format!("A list, each {kind}.")
        } else {
            format!("{}.", capital(&kind))
        })];
    }
    let mut line = vec![text(if list { "Any of " } else { "One of " })];
    line.extend(joined(
        one.choices.iter().map(|choice| {
            let mut shown = vec![code(choice.clone())];
            if let Some(label) = one.labels.get(choice) {
                shown.push(text(format!(" {label}")));
            }
            shown
        }),
        ", ",
    ));
    line.push(text("."));
    line
}

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

fn kind(field: &Field) -> String {
    let word = match field.kind {
        Kind::Boolean => return "yes or no".to_owned(),
        Kind::Text if field.date => return "a date".to_owned(),
        Kind::Text => return "text".to_owned(),
        Kind::Object => return "a group of facts".to_owned(),
        Kind::List => return "a list".to_owned(),
        Kind::Any => return "anything".to_owned(),
        Kind::Number => "a number",
        Kind::Integer => "a whole number",
    };
    let unit = field
        .unit
        .as_deref()
        .map(|unit| format!(", {unit}"))
        .unwrap_or_default();
    let bounds = match (field.minimum, field.maximum) {
        (Some(low), Some(high)) => format!(", {} to {}", number(low), number(high)),
        (Some(low), None) if field.exclusive_minimum => format!(", above {}", number(low)),
        (Some(low), None) => format!(", {} or more", number(low)),
        (None, Some(high)) => format!(", {} or less", number(high)),
        (None, None) => String::new(),
    };
    format!("{word}{unit}{bounds}")
}
