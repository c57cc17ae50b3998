//! Where several descriptions of one program differ.
//!
//! Groups are compared field by field. Lists of objects are compared element by element: by their key, where the schema
//! says which field is one (`x-unique`), by their place otherwise. All other lists are one answer; the order counts only
//! where an element may stand twice. Numbers that have to add up are one answer too.

use super::{Effect, said};
use crate::change;
use crate::question::{element, label};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, FieldId, Schema};
use evenhand_core::source::Place;
use serde_json::{Map, Value};

/// What a proposal says of its own answers: who stands behind them, and not what the program is.
pub(crate) const STANDING: [&str; 2] = ["attestations", "checked"];

/// One point in which descriptions differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where, for a person: `host.need`, or `partners[nbo].role` for an element that has a key.
    pub at: String,
    /// The field, with `[]` for elements of lists.
    pub field: String,
    /// The question that asks for it, in the language of the schema.
    pub question: String,
    /// What the element of a list is called that it belongs to; empty where there is none.
    pub about: String,
    /// What each reading says, in their order; none where it says nothing.
    pub answers: Vec<Option<Answer>>,
    /// What comes of it if one reading takes the answer of another; what moves nothing is left out.
    pub effects: Vec<Effect>,
    /// Whether every answer was tried; if not, one of them does not fit by itself, or there were too many.
    pub is_tried: bool,
    /// Whether it is a whole element of a list, which some have and others do not.
    pub is_element: bool,
    /// Whether the order of a list says nothing.
    pub unordered: bool,
    /// The numbers that have to add up, where it is those.
    pub parts: Vec<String>,
    /// Where the answer stands, or would stand, in each reading; none where there is nothing that could hold it.
    pub paths: Vec<Option<Pointer>>,
}

/// What one reading says.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// Line and column in the file.
    pub place: Option<Place>,
}

impl Difference {
    /// Puts an answer into a reading; false where it has nothing that could hold it.
    pub(super) fn put(&self, reading: &mut Value, index: usize, answer: &Value) -> bool {
        let Some(path) = self.paths.get(index).and_then(Option::as_ref) else {
            return false;
        };
        if self.parts.is_empty() {
            change::set(reading, path, answer.clone());
        } else {
            for part in &self.parts {
                let value = answer.get(part).cloned().unwrap_or_default();
                change::set(reading, &path.key(part), value);
            }
        }
        true
    }
}

/// Whether two answers say the same: `1` and `1.0` do, and the order of some lists makes no difference.
pub(crate) fn same_answer(one: &Value, other: &Value, unordered: bool) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) if unordered => {
            let holds = |list: &[Value], item: &Value| {
                list.iter().any(|known| same_answer(known, item, false))
            };
            a.len() == b.len() && a.iter().all(|item| holds(b, item))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_answer(a, b, false))
        }
        (Value::Object(a), Value::Object(b)) => {
            let said_in =
                |map: &Map<String, Value>| map.values().filter(|value| !value.is_null()).count();
            let holds = |(key, a): (&String, &Value)| {
                a.is_null() || b.get(key).is_some_and(|b| same_answer(a, b, false))
            };
            said_in(a) == said_in(b) && a.iter().all(holds)
        }
        (a, b) => a == b,
    }
}

/// Where the documents differ, in the order of the schema.
pub(super) fn differences(schema: &Schema, documents: &[Document]) -> Vec<Difference> {
    let mut walk = Walk {
        schema,
        documents,
        found: Vec::new(),
    };
    let roots: Vec<Option<Pointer>> = documents.iter().map(|_| Some(Pointer::root())).collect();
    walk.group(schema.root(), "", &roots);
    walk.found
}

struct Walk<'a> {
    schema: &'a Schema,
    documents: &'a [Document],
    found: Vec<Difference>,
}

impl<'a> Walk<'a> {
    /// What each document says at its path.
    fn values(&self, paths: &[Option<Pointer>]) -> Vec<Option<&'a Value>> {
        let each = self.documents.iter().zip(paths);
        each.map(|(document, path)| said(path.as_ref()?.of(document.value())))
            .collect()
    }

    fn group(&mut self, id: FieldId, at: &str, paths: &[Option<Pointer>]) {
        let field = self.schema.field(id);
        let below = |name: &str| -> Vec<Option<Pointer>> {
            let each = paths.iter();
            each.map(|path| path.as_ref().map(|path| path.key(name)))
                .collect()
        };
        let parts = field.sum.as_ref().map(|sum| sum.of.as_slice());
        let parts = parts.unwrap_or_default();
        if !parts.is_empty() {
            self.sum(id, at, parts, paths);
        }
        for (name, child) in &field.properties {
            let standing = at.is_empty() && STANDING.contains(&name.as_str());
            if !standing && !parts.contains(name) {
                self.field(Some(*child), &joined(at, name), &below(name));
            }
        }
        // Fields that no schema names, in the order of their names.
        let mut others: Vec<&str> = Vec::new();
        for value in self.values(paths).into_iter().flatten() {
            let names = value.as_object().into_iter().flat_map(Map::keys);
            others.extend(names.map(String::as_str));
        }
        others.sort_unstable();
        others.dedup();
        let known = |name: &str| field.properties.iter().any(|(known, _)| known == name);
        for name in others.into_iter().filter(|name| !known(name)) {
            self.field(field.values, &joined(at, name), &below(name));
        }
    }

    fn field(&mut self, id: Option<FieldId>, at: &str, paths: &[Option<Pointer>]) {
        let values = self.values(paths);
        let told: Vec<&Value> = values.iter().copied().flatten().collect();
        if told.is_empty() {
            return;
        }
        let field = id.map(|id| self.schema.field(id));
        let groups = field.is_some_and(|field| !field.properties.is_empty());
        if let (Some(id), true) = (id, groups) {
            return self.group(id, at, paths);
        }
        let items = field.and_then(|field| field.items);
        let items = items.filter(|items| !self.schema.field(*items).properties.is_empty());
        if let (Some(items), Some(field), true) = (items, field, told.len() == values.len()) {
            return self.list(field, items, at, paths);
        }
        let unordered = field.is_some_and(|field| field.unique);
        self.answer(at, paths, unordered);
    }

    /// A list of objects that every document has.
    fn list(&mut self, field: &Field, items: FieldId, at: &str, paths: &[Option<Pointer>]) {
        let values = self.values(paths);
        let lists = values.iter().map(|value| value.and_then(Value::as_array));
        let lists: Vec<&[Value]> = lists
            .map(|list| list.map_or(&[][..], Vec::as_slice))
            .collect();
        let key = |item: &Value| {
            let key = item.get(field.unique_key.as_deref()?)?;
            key.as_str().map(str::to_owned)
        };
        let keyed = lists
            .iter()
            .all(|list| list.iter().all(|item| key(item).is_some()));
        let mut names: Vec<String> = Vec::new();
        if keyed {
            for name in lists.iter().flat_map(|list| list.iter().filter_map(key)) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        } else {
            let longest = lists
                .iter()
                .map(|list| list.len())
                .max()
                .unwrap_or_default();
            names.extend((0..longest).map(|index| index.to_string()));
        }
        for name in &names {
            let place = |list: &&[Value]| {
                if keyed {
                    list.iter()
                        .position(|item| key(item).as_ref() == Some(name))
                } else {
                    let index = name.parse().ok();
                    index.filter(|index| *index < list.len())
                }
            };
            let each = paths.iter().zip(&lists);
            let inner: Vec<Option<Pointer>> = each
                .map(|(path, list)| Some(path.as_ref()?.index(place(list)?)))
                .collect();
            let at = format!("{at}[{name}]");
            if inner.iter().all(Option::is_some) {
                self.group(items, &at, &inner);
                continue;
            }
            // Where it is absent it would be added behind the others.
            let each = inner.into_iter().zip(paths.iter().zip(&lists));
            let inner: Vec<Option<Pointer>> = each
                .map(|(own, (path, list))| own.or_else(|| Some(path.as_ref()?.index(list.len()))))
                .collect();
            self.answer(&at, &inner, false);
            if let Some(last) = self.found.last_mut() {
                last.is_element = true;
            }
        }
    }

    /// Numbers that have to add up, as one answer.
    fn sum(&mut self, id: FieldId, at: &str, parts: &[String], paths: &[Option<Pointer>]) {
        let own = |value: Option<&Value>| {
            let value = value?;
            let each = parts.iter().filter_map(|part| {
                let number = said(value.get(part))?;
                Some((part.clone(), number.clone()))
            });
            let own: Map<String, Value> = each.collect();
            (!own.is_empty()).then_some(Value::Object(own))
        };
        let values = self.values(paths).into_iter().map(own).collect();
        let places = paths.iter().map(|path| {
            let path = path.as_ref()?;
            parts.first().map(|part| path.key(part))
        });
        let places: Vec<Option<Pointer>> = places.collect();
        let field = self.schema.field(id).path.clone();
        self.add(at, &field, paths, &places, values);
        if let Some(last) = self.found.last_mut().filter(|last| last.at == at) {
            last.parts = parts.to_vec();
        }
    }

    fn answer(&mut self, at: &str, paths: &[Option<Pointer>], unordered: bool) {
        let values = self.values(paths).into_iter().map(Option::<&Value>::cloned);
        let values = values.collect();
        let before = self.found.len();
        let generic = paths.iter().flatten().next();
        let generic = generic.map(|path| crate::question::generic(self.schema, path));
        self.add(at, &generic.unwrap_or_default(), paths, paths, values);
        if let Some(last) = self.found.get_mut(before) {
            last.unordered = unordered;
            if last.positions().len() == 1 && last.answers.iter().all(Option::is_some) {
                self.found.truncate(before);
            }
        }
    }

    /// Adds what differs; `places` are what is pointed at in each file.
    fn add(
        &mut self,
        at: &str,
        field: &str,
        paths: &[Option<Pointer>],
        places: &[Option<Pointer>],
        values: Vec<Option<Value>>,
    ) {
        let mut told = values.iter();
        let first = told.next();
        if first.is_none_or(|first| told.all(|other| other == first)) {
            return;
        }
        let each = values.into_iter().zip(self.documents.iter().zip(places));
        let answers = each.map(|(value, (document, place))| {
            let place = place.as_ref().and_then(|place| document.place(place));
            value.map(|value| Answer { value, place })
        });
        let about = self
            .documents
            .iter()
            .zip(paths)
            .find_map(|(document, path)| {
                let path = path.as_ref()?;
                said(path.of(document.value()))?;
                let list = path.parent().filter(|list| is_list(self.schema, list));
                let element =
                    list.map_or_else(|| element(self.schema, path), |_| Some(path.clone()));
                Some(label(self.schema, document.value(), &element?))
            });
        let question = self.schema.find(field);
        let question = question.map(|id| self.schema.field(id).question.clone());
        self.found.push(Difference {
            at: at.to_owned(),
            field: field.to_owned(),
            question: question.unwrap_or_default(),
            about: about.unwrap_or_default(),
            answers: answers.collect(),
            effects: Vec::new(),
            is_tried: false,
            is_element: false,
            unordered: false,
            parts: Vec::new(),
            paths: paths.to_vec(),
        });
    }
}

fn is_list(schema: &Schema, path: &Pointer) -> bool {
    let field = schema.find(&path.dotted()).map(|id| schema.field(id));
    field.is_some_and(|field| field.items.is_some())
}

fn joined(at: &str, name: &str) -> String {
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    match (at.is_empty(), plain && !name.is_empty()) {
        (true, true) => name.to_owned(),
        (false, true) => format!("{at}.{name}"),
        (_, false) => format!("{at}[\"{name}\"]"),
    }
}
