//! The fields of one group, or the elements of one list.

use super::field::Fields;
use super::typed;
use evenhand_analysis::question::label;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, Kind, Need};
use maud::{Markup, html};
use serde_json::Value;

impl Fields<'_> {
    /// The heading of a group: its title, or what people call the element.
    pub(super) fn heading(&self, path: &Pointer) -> Markup {
        let Some(field) = self.field(path) else {
            return html! {};
        };
        let of_list = path.parent().and_then(|parent| self.field(&parent));
        if of_list.is_some_and(|list| list.items.is_some()) {
            return html! { (field.title) ": " (typed(&label(self.view.schema(), self.value, path))) };
        }
        html! { (field.title) }
    }

    /// Everything that is asked of a group, or the elements of a list; what helps but need not be known is folded away.
    pub(super) fn group(&self, path: &Pointer) -> Markup {
        let words = self.view.words();
        let Some(field) = self.field(path) else {
            return html! { p { (words.word("There is nothing here any more.")) } };
        };
        if self.is_list_of_groups(field) {
            return self.list(path);
        }
        if field.kind != Kind::Object {
            return self.one(path, None);
        }
        let (mut asked, mut more) = (Vec::new(), Vec::new());
        for (name, id) in &field.properties {
            let below = path.key(name);
            match self.place(&below, self.view.schema().field(*id)) {
                Place::Asked => asked.push(below),
                Place::More => more.push(below),
                Place::Nowhere => {}
            }
        }
        html! {
            @for below in &asked { (self.below(below)) }
            @if !more.is_empty() {
                details.more open[asked.is_empty()] {
                    summary { (words.word("More that can be said")) }
                    @for below in &more { (self.below(below)) }
                }
            }
        }
    }

    /// A field, or a group in the group.
    fn below(&self, path: &Pointer) -> Markup {
        match self.field(path) {
            Some(field) if field.kind == Kind::Object && !self.is_list_of_groups(field) => html! {
                section.inner aria-labelledby={ "g" (super::field::id(path)) } {
                    h2 id={ "g" (super::field::id(path)) } { (field.title) }
                    (self.group(path))
                }
            },
            Some(field) if self.is_list_of_groups(field) => html! {
                section.inner aria-labelledby={ "g" (super::field::id(path)) } {
                    h2 id={ "g" (super::field::id(path)) } { (field.title) }
                    (self.list(path))
                }
            },
            _ => self.one(path, None),
        }
    }

    fn is_list_of_groups(&self, field: &Field) -> bool {
        let items = field.items.map(|items| self.view.schema().field(items));
        items.is_some_and(|items| items.kind == Kind::Object)
    }

    /// Whether a field is asked here: what must be known, what is known, and what a rule waits for.
    fn place(&self, path: &Pointer, field: &Field) -> Place {
        if field.kind == Kind::Object && field.properties.is_empty() {
            return Place::Nowhere;
        }
        let waited = self
            .waiting
            .keys()
            .any(|waited| path.contains(waited) || waited.contains(path));
        // What people call an element is how every other page names it.
        let element = path.parent().and_then(|above| above.parent());
        let element = element.and_then(|list| self.field(&list));
        let named = element.is_some_and(|list| list.items.is_some())
            && ["name", "title"].contains(&field.name.as_str());
        let wrong = self.wrong.iter().any(|wrong| path.contains(&wrong.path));
        if field.need == Need::Essential || self.now(path).is_some() || waited || wrong || named {
            Place::Asked
        } else if field.need == Need::Optional {
            Place::More
        } else {
            Place::Nowhere
        }
    }

    /// The elements of a list: what they are called, and what can be done with each.
    pub(super) fn list(&self, path: &Pointer) -> Markup {
        let words = self.view.words();
        let count = self.now(path).and_then(Value::as_array).map_or(0, Vec::len);
        let item = self.field(&path.key("0")).map(|item| item.title.as_str());
        let item = item.unwrap_or_default();
        let elements: Vec<(Pointer, String)> = (0..count)
            .map(|index| path.index(index))
            .map(|at| {
                let name = label(self.view.schema(), self.value, &at);
                (at, name)
            })
            .collect();
        let button = |action: &str, at: &Pointer, word: &str, name: &str| {
            let value = format!("{action}{}", at.as_str());
            html! { button.small name="do" value=(value) { (word) span.hidden { ": " (typed(name)) } } }
        };
        html! {
            @if elements.is_empty() { p { (words.word("None yet.")) } }
            ul.plain.items {
                @for (at, name) in &elements {
                    li {
                        span.item { (typed(name)) }
                        span.buttons {
                            (button("go:at:", at, words.word("Change"), name))
                            (button("copy:", at, words.word("Copy"), name))
                            (button("remove:", at, words.word("Remove"), name))
                        }
                    }
                }
            }
            button name="do" value={ "add:" (path.as_str()) } { (words.say("Add: {name}", &[("name", item)])) }
        }
    }
}

/// Where a field stands on the page of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Asked,
    More,
    Nowhere,
}
