//! One field: its question, what an answer may be, why it is asked, and what the answer is.

use super::{View, typed};
use crate::answers::{self, Wrong, shown};
use evenhand_analysis::question::label;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, Kind};
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;

/// So many choices are shown one below the other; more are a list to choose from.
const RADIOS: usize = 8;

/// So many choices are a list to choose from; more are found by typing.
const LISTED: usize = 40;

/// Texts that may be longer than this get room.
const LONG: f64 = 1000.0;

/// What fields of a page need to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) view: &'a View<'a>,
    /// The proposal.
    pub(super) value: &'a Value,
    /// Answers that could not be taken.
    pub(super) wrong: &'a [Wrong],
    /// The requirements that wait for a fact.
    pub(super) waiting: &'a BTreeMap<Pointer, Vec<String>>,
}

/// The id of the field of a fact.
pub(super) fn id(path: &Pointer) -> String {
    format!("f{}", path.as_str().replace('/', "."))
}

/// A field of a plan that has no answer yet.
pub(super) fn bare(view: &View<'_>, path: &Pointer) -> Markup {
    let nothing = BTreeMap::new();
    let fields = Fields {
        view,
        value: &Value::Null,
        wrong: &[],
        waiting: &nothing,
    };
    fields.one(path, None)
}

impl<'a> Fields<'a> {
    pub(super) fn field(&self, path: &Pointer) -> Option<&'a Field> {
        answers::field(self.view.schema(), path)
    }

    /// The answer there is, or none where it is not known.
    pub(super) fn now(&self, path: &Pointer) -> Option<&'a Value> {
        path.of(self.value).filter(|value| !value.is_null())
    }

    fn wrong(&self, path: &Pointer) -> Option<&'a Wrong> {
        self.wrong.iter().find(|wrong| wrong.path == *path)
    }

    /// A field with its question; `about` says whom it is about, where several are asked the same.
    pub(super) fn one(&self, path: &Pointer, about: Option<&str>) -> Markup {
        let Some(field) = self.field(path) else {
            return html! {};
        };
        let (id, name) = (id(path), format!("f:{}", path.as_str()));
        let question = if field.question.is_empty() {
            &field.title
        } else {
            &field.question
        };
        let question = html! {
            @if let Some(about) = about { (typed(about)) ": " }
            (question)
        };
        let hint = self.hint(field);
        let described = format!("h{id} e{id}");
        let many = self.boxes(field);
        let invalid = self.wrong(path).map(|_| "true");
        let (note, why) = (self.note(path), self.why(field, path));
        if let Some(choices) = many {
            return html! {
                fieldset.field #(id) tabindex="-1" aria-describedby=(described) {
                    legend { (question) }
                    p.hint id={ "h" (id) } { (hint) }
                    (note)
                    (self.chosen(path, field, &name, &choices))
                    (why)
                }
            };
        }
        html! {
            div.field {
                label for=(id) { (question) }
                p.hint id={ "h" (id) } { (hint) }
                (note)
                (self.input(path, field, &id, &name, &described, invalid))
                (why)
            }
        }
    }

    /// What is wrong with the answer; the place for it is there before anything is.
    fn note(&self, path: &Pointer) -> Markup {
        let wrong = self.wrong(path);
        html! {
            p.error id={ "e" (id(path)) } data-note {
                @if let Some(wrong) = wrong { (said(self.view, wrong)) }
            }
        }
    }

    /// What an answer may be: unit and example.
    fn hint(&self, field: &Field) -> Markup {
        let words = self.view.words();
        let foreign = self.view.foreign();
        let example = field.examples.first().map(shown);
        let example = example.filter(|_| self.boxes(field).is_none() && field.choices.is_empty());
        html! {
            @match field.unit.as_deref() {
                Some("share") => { (words.word("A share, such as 0.25 or 25 %.")) " " }
                Some(unit) => { (words.word("Unit:")) " " span lang=[foreign] { (unit) } ". " }
                None => {}
            }
            @if field.kind == Kind::List && field.items.is_some() && self.boxes(field).is_none() {
                (words.word("One on each line.")) " "
            }
            @if self.boxes(field).is_some() && field.kind == Kind::List { (words.word("Choose all that apply.")) }
            @if field.choices.len() > LISTED { (words.word("Type a name or a code.")) " " }
            @if let Some(example) = example {
                (words.word("For example:")) " " span lang=[foreign] { (example) }
            }
        }
    }

    /// Why it is asked, who waits for it, and who could answer.
    fn why(&self, field: &Field, path: &Pointer) -> Markup {
        let words = self.view.words();
        let waiting = self.waiting.get(path);
        let asked = respondents(self.view, &path.dotted());
        html! {
            @if !field.description.is_empty() || waiting.is_some() {
                details.why {
                    summary { (words.word("Why this is asked")) }
                    @if !field.description.is_empty() { p lang=[self.view.foreign()] { (field.description) } }
                    @if let Some(waiting) = waiting {
                        p { (words.word("These requirements wait for it:")) }
                        ul { @for title in waiting { li { (title) } } }
                    }
                    @if !asked.is_empty() { p { (words.say("Ask: {names}.", &[("names", &asked)])) } }
                }
            }
        }
    }

    /// The choices that are shown one below the other: value and label.
    fn boxes(&self, field: &Field) -> Option<Vec<(String, String)>> {
        let words = self.view.words();
        if field.kind == Kind::Boolean {
            let choice = |value: &str, word: &str| (value.to_owned(), word.to_owned());
            return Some(vec![
                choice("true", words.word("yes")),
                choice("false", words.word("no")),
            ]);
        }
        let items = field.items.map(|items| self.view.schema().field(items));
        let field = match (field.kind, items) {
            (Kind::List, Some(items)) => items,
            (Kind::Text, _) if field.choices.len() <= RADIOS => field,
            _ => return None,
        };
        (!field.choices.is_empty()).then(|| labelled(field))
    }

    /// Boxes or buttons to choose by; *not known yet* is a choice.
    fn chosen(
        &self,
        path: &Pointer,
        field: &Field,
        name: &str,
        choices: &[(String, String)],
    ) -> Markup {
        let words = self.view.words();
        let list = field.kind == Kind::List;
        let mut ticked: Vec<String> = match self.now(path) {
            Some(Value::Array(items)) => items.iter().map(shown).collect(),
            Some(value) => vec![shown(value)],
            None => Vec::new(),
        };
        if let Some(wrong) = self.wrong(path) {
            ticked = wrong.typed.lines().map(str::to_owned).collect();
        }
        let known = |value: &String| choices.iter().any(|(choice, _)| choice == value);
        let strange: Vec<&String> = ticked.iter().filter(|value| !known(value)).collect();
        let kind = if list { "checkbox" } else { "radio" };
        let choice = |number: usize, value: &str, label: Markup, on: bool| {
            let id = format!("{}-{number}", id(path));
            html! {
                div.choice {
                    input id=(id) type=(kind) name=(name) value=(value) checked[on];
                    label for=(id) { (label) }
                }
            }
        };
        html! {
            @if list { input type="hidden" name={ "l:" (path.as_str()) } value=""; }
            @for (number, (value, label)) in choices.iter().enumerate() {
                (choice(number, value, html! { (label) }, ticked.contains(value)))
            }
            @for (number, value) in strange.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
                (choice(choices.len() + number, value, typed(value), true))
            }
            @if !list {
                (choice(choices.len() + strange.len(), "", html! { (words.word("Not known yet")) }, ticked.iter().all(String::is_empty)))
            }
        }
    }

    fn input(
        &self,
        path: &Pointer,
        field: &Field,
        id: &str,
        name: &str,
        described: &str,
        invalid: Option<&str>,
    ) -> Markup {
        let now = match self.wrong(path) {
            Some(wrong) => wrong.typed.clone(),
            None => self.now(path).map(shown).unwrap_or_default(),
        };
        if field.reference.is_some() || (1..=LISTED).contains(&field.choices.len()) {
            return self.select(field, &now, id, name, described, invalid);
        }
        let long = field.maximum.is_some_and(|most| most >= LONG) && field.kind == Kind::Text;
        if long || matches!(field.kind, Kind::List | Kind::Any | Kind::Object) {
            return html! {
                textarea id=(id) name=(name) rows="5" aria-describedby=(described) aria-invalid=[invalid] dir="auto" { (first_line_kept(&now)) }
            };
        }
        let mode = match field.kind {
            Kind::Integer => Some("numeric"),
            Kind::Number => Some("decimal"),
            _ => None,
        };
        let choices = labelled(field);
        let list = (!choices.is_empty()).then(|| format!("l{id}"));
        let label = choices.iter().find(|(choice, _)| *choice == now);
        let now = label.map_or(now.clone(), |(_, label)| label.clone());
        let dir = mode.is_none().then_some("auto");
        html! {
            input.short[mode.is_some()] id=(id) name=(name) type="text" inputmode=[mode] value=(now) list=[list.clone()]
                aria-describedby=(described) aria-invalid=[invalid] dir=[dir];
            @if let Some(list) = list {
                datalist id=(list) { @for (choice, label) in &choices { option value=(label) { (choice) } } }
            }
        }
    }

    fn select(
        &self,
        field: &Field,
        now: &str,
        id: &str,
        name: &str,
        described: &str,
        invalid: Option<&str>,
    ) -> Markup {
        let mut choices = match &field.reference {
            Some(target) => self.elements(target),
            None => labelled(field),
        };
        if !now.is_empty() && !choices.iter().any(|(choice, _)| choice == now) {
            choices.push((now.to_owned(), now.to_owned()));
        }
        html! {
            select id=(id) name=(name) aria-describedby=(described) aria-invalid=[invalid] {
                option value="" { (self.view.words().word("Not known yet")) }
                @for (choice, label) in &choices {
                    option value=(choice) selected[choice == now] { (label) }
                }
            }
        }
    }

    /// The elements that a reference such as `partners[].id` can mean, by what people call them.
    fn elements(&self, target: &str) -> Vec<(String, String)> {
        let Some((list, key)) = target.split_once("[].") else {
            return Vec::new();
        };
        let Some(list) = Pointer::from_dotted(list) else {
            return Vec::new();
        };
        let elements = list.of(self.value).and_then(Value::as_array);
        let elements = elements.map(Vec::as_slice).unwrap_or_default();
        let known = elements.iter().enumerate().filter_map(|(index, element)| {
            let key = element.get(key)?.as_str()?.to_owned();
            let label = label(self.view.schema(), self.value, &list.index(index));
            Some((key, label))
        });
        known.collect()
    }
}

/// What is wrong with an answer, in one line; the summary says the same.
pub(super) fn said(view: &View<'_>, wrong: &Wrong) -> Markup {
    let words = view.words();
    let expected = wrong.problem.expected.as_deref();
    html! {
        span.hidden { (words.word("Error:")) " " }
        span lang=[view.foreign()] { (typed(&wrong.problem.message)) }
        @if let Some(expected) = expected {
            "; " (words.word("expected:")) " " span lang=[view.foreign()] { (typed(expected)) }
        }
    }
}

/// Choices with what people call them.
fn labelled(field: &Field) -> Vec<(String, String)> {
    let choices = field.choices.iter().map(|choice| {
        let label = field.labels.get(choice).cloned();
        (
            choice.clone(),
            label.unwrap_or_else(|| choice.replace('_', " ")),
        )
    });
    choices.collect()
}

/// The names of those who can answer a question.
pub(super) fn respondents(view: &View<'_>, path: &str) -> String {
    let known = &view.app.session().rulebook().info().respondents;
    let asked = view.schema().respondents(path);
    evenhand_report::respondents::names(asked, known, view.words())
}

/// A browser drops a line break at the beginning of a text field; one more keeps it.
pub(super) fn first_line_kept(text: &str) -> String {
    if text.starts_with('\n') {
        format!("\n{text}")
    } else {
        text.to_owned()
    }
}
