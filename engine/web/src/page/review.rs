//! All answers on one page, each group with a way back to it.

use super::field::Fields;
use super::turn::groups;
use super::typed;
use crate::answers::shown;
use evenhand_analysis::question::label;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, Kind, Range};
use maud::{Markup, html};
use serde_json::Value;

impl Fields<'_> {
    /// Every answer there is, group by group.
    pub(super) fn review(&self) -> Markup {
        let words = self.view.words();
        html! {
            @for group in groups(self.view.schema()) {
                section.answers aria-labelledby={ "r" (super::field::id(&group)) } {
                    h2 id={ "r" (super::field::id(&group)) } { (self.heading(&group)) }
                    @let answers = self.answers(&group);
                    @if answers.is_empty() {
                        p { (words.word("Not known yet")) }
                    } @else {
                        dl { @for (question, answer) in &answers { div { dt { (question) } dd { (answer) } } } }
                    }
                    button.small name="do" value={ "go:at:" (group.as_str()) } { (words.word("Change")) span.hidden { ": " (self.heading(&group)) } }
                }
            }
        }
    }

    /// The answers below a path with what they answer.
    fn answers(&self, path: &Pointer) -> Vec<(Markup, Markup)> {
        let (Some(field), Some(value)) = (self.field(path), self.now(path)) else {
            return Vec::new();
        };
        match value {
            Value::Object(_) => field
                .properties
                .iter()
                .flat_map(|(name, _)| self.answers(&path.key(name)))
                .collect(),
            Value::Array(items) if self.is_group(field) => {
                let elements = (0..items.len()).map(|index| path.index(index));
                elements
                    .map(|at| {
                        let name = label(self.view.schema(), self.value, &at);
                        (html! { (typed(&name)) }, self.element(&at))
                    })
                    .collect()
            }
            _ => vec![(html! { (field.title) }, self.answer(field, value))],
        }
    }

    fn is_group(&self, field: &Field) -> bool {
        let items = field.items.map(|items| self.view.schema().field(items));
        items.is_some_and(|items| items.kind == Kind::Object)
    }

    /// The answers about one element, in a line.
    fn element(&self, at: &Pointer) -> Markup {
        let answers = self.answers(at);
        html! {
            @for (number, (question, answer)) in answers.iter().enumerate() {
                @if number > 0 { "; " }
                (question) ": " (answer)
            }
        }
    }

    /// An answer in words.
    fn answer(&self, field: &Field, value: &Value) -> Markup {
        let words = self.view.words();
        let range = Some(field).filter(|field| field.range);
        if let Some(range) = range.and_then(|field| Range::written(field, value)) {
            return html! { (words.number(range.from)) "–" (words.number(range.to)) };
        }
        let items = field.items.map(|items| self.view.schema().field(items));
        let labels = items.unwrap_or(field);
        let word = |value: &Value| -> Markup {
            match value {
                Value::Bool(flag) => html! { (words.flag(*flag)) },
                Value::Number(number) => {
                    html! { (words.number(number.as_f64().unwrap_or_default())) }
                }
                Value::String(text) => match labels.labels.get(text) {
                    Some(label) => html! { (label) },
                    None => typed(text),
                },
                other => typed(&shown(other)),
            }
        };
        match value {
            Value::Array(items) => html! {
                @for (number, item) in items.iter().enumerate() { @if number > 0 { ", " } (word(item)) }
            },
            other => word(other),
        }
    }
}
