//! Reading a form: what is written becomes types, and everything wrong is said at once, each with its place.

mod cond;
mod forms;
mod num;
mod path;
mod says;
mod scale;
mod value;

pub(super) use says::{title_of, title_of_num};

use super::raw::{Raw, RawData};
use super::{Cond, Each, Form, FormKind, Num, PageForm, Remedy, Set};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rule::page::PageKind;
use crate::rule::{Page, Parameter};
use crate::schema::{FieldId, Schema};
use std::ops::Range;

/// Forms and conditions inside each other.
const DEPTH: usize = 12;
/// Entries of one list in a form.
const ENTRIES: usize = 200;

pub(super) struct Reader<'a> {
    schema: &'a Schema,
    page: &'a Page,
    problems: Vec<Problem>,
    /// The elements that are being asked, the innermost last.
    scopes: Vec<Option<FieldId>>,
    depth: usize,
}

/// A value of the form, and its path on the page.
#[derive(Clone)]
struct Node<'a> {
    raw: &'a Raw,
    /// Where its name is written, if it has one.
    name: Option<Range<usize>>,
    at: Pointer,
}

impl<'a> Node<'a> {
    fn get(&self, key: &str) -> Option<Self> {
        self.entries()
            .into_iter()
            .find_map(|(own, node)| (own == key).then_some(node))
    }

    fn entries(&self) -> Vec<(&'a str, Self)> {
        let RawData::Table(entries) = &self.raw.data else {
            return Vec::new();
        };
        let entries = entries.iter().map(|entry| {
            let node = Self {
                raw: &entry.value,
                name: Some(entry.span.clone()),
                at: self.at.key(&entry.key),
            };
            (entry.key.as_str(), node)
        });
        entries.collect()
    }

    fn items(&self) -> Option<Vec<Self>> {
        let RawData::List(items) = &self.raw.data else {
            return None;
        };
        let items = items.iter().enumerate().map(|(index, raw)| Self {
            raw,
            name: None,
            at: self.at.index(index),
        });
        Some(items.collect())
    }

    fn text(&self) -> Option<&'a str> {
        match &self.raw.data {
            RawData::Text(text) => Some(text),
            _ => None,
        }
    }

    fn span(&self) -> Range<usize> {
        self.raw.span.clone()
    }
}

/// Reads the whole form of a page.
pub(super) fn page(schema: &Schema, page: &Page, raw: &Raw) -> Result<PageForm, Vec<Problem>> {
    let mut reader = Reader {
        schema,
        page,
        problems: Vec::new(),
        scopes: Vec::new(),
        depth: 0,
    };
    let form = reader.page(&Node {
        raw,
        name: None,
        at: Pointer::root(),
    });
    match form {
        Some(form) if reader.problems.is_empty() => Ok(form),
        _ => Err(reader.problems),
    }
}

impl<'a> Reader<'a> {
    fn page(&mut self, node: &Node<'a>) -> Option<PageForm> {
        let applies = node.get("applies").map(|node| self.cond(&node));
        let judge = node.get("judge").map(|node| self.form(&node));
        let say = node.get("say").map(|node| self.says(&node));
        if let (Some(None), Some(node)) = (&judge, node.get("remedy")) {
            self.remedy_word(&node);
        }
        let applies = lift(applies)?;
        let judge = lift(judge)?;
        let say = lift(say)?.unwrap_or_default();
        if self.page.kind != PageKind::Rule {
            let kind = self.page.kind.word();
            for key in ["judge", "say", "remedy"] {
                if let Some(found) = node.get(key) {
                    let problem = Problem::error(format!("a {kind} has no `{key}`")).expected(
                        format!("`applies` alone: a {kind} is a question without points"),
                    );
                    self.at_name(&found, problem);
                }
            }
        } else if judge.is_none() {
            let problem = Problem::error("the page does not say how it judges").expected(
                "`judge` beside it, such as `judge: { yes_no: { of: host.capacity_cap } }`",
            );
            self.at_node(node, problem);
            return None;
        }
        if let Some(judge) = &judge {
            self.check_says(judge, &say, node.get("say").as_ref());
        }
        let remedy = self.remedy(node, judge.as_ref());
        Some(PageForm {
            applies,
            judge,
            say,
            remedy,
        })
    }

    fn remedy(&mut self, page: &Node<'a>, judge: Option<&Form>) -> Remedy {
        let Some(judge) = judge else {
            return Remedy::None;
        };
        let Some(node) = page.get("remedy") else {
            if let Err(reason) = Self::can_auto(judge) {
                let problem =
                    Problem::error(format!("the page does not say what would help: {reason}"))
                        .expected("`remedy: none`, or `remedy: [{ set: PATH, to: VALUE }]`");
                if let Some(node) = page.get("judge") {
                    self.at_name(&node, problem);
                }
            }
            return Remedy::Auto;
        };
        match (&node.raw.data, node.text()) {
            (_, Some("none")) => Remedy::None,
            (_, Some("auto")) => {
                if let Err(reason) = Self::can_auto(judge) {
                    let problem =
                        Problem::error(format!("`auto` finds nothing to propose: {reason}"))
                            .expected("`none`, or `[{ set: PATH, to: VALUE }]`");
                    self.at_node(&node, problem);
                }
                Remedy::Auto
            }
            (RawData::List(_), _) => Remedy::Set(self.sets(&node, judge)),
            _ => {
                self.remedy_word(&node);
                Remedy::None
            }
        }
    }

    /// Says what a remedy can be, where it is none of it.
    fn remedy_word(&mut self, node: &Node<'a>) {
        if matches!(node.raw.data, RawData::List(_)) || matches!(node.text(), Some("none" | "auto"))
        {
            return;
        }
        let problem = Problem::error(format!("`remedy` is {}", shown(node.raw)))
            .expected("`auto`, `none`, or a list such as `[{ set: host.capacity_cap, to: true }]`")
            .suggest_maybe(
                node.text()
                    .and_then(|text| did_you_mean(text, ["auto", "none"])),
            );
        self.at_node(node, problem);
    }

    /// Why a form does not say itself what would help, where it does not.
    fn can_auto(form: &Form) -> Result<(), String> {
        match &form.kind {
            FormKind::Choice { of, scale } => {
                let full = scale.iter().any(|arm| super::lower::is_full(&arm.degree));
                Self::settable(of)?;
                full.then_some(())
                    .ok_or_else(|| "no value counts in full".to_owned())
            }
            FormKind::YesNo { of, yes, no } => {
                Self::settable(of)?;
                (super::lower::is_full(yes) || super::lower::is_full(no))
                    .then_some(())
                    .ok_or_else(|| "neither yes nor no counts in full".to_owned())
            }
            FormKind::Number {
                of: Num::Path(path),
                line,
            } => {
                Self::settable(path)?;
                super::lower::has_full(line)
                    .then_some(())
                    .ok_or_else(|| "nothing counts in full".to_owned())
            }
            FormKind::Number { .. } => Err("the number is worked out of several facts".to_owned()),
            FormKind::Checklist { items, .. } => items
                .iter()
                .any(|item| super::lower::settings(&item.is).is_some())
                .then_some(())
                .ok_or_else(|| "no item is one fact that can be set".to_owned()),
            _ => Err("this form cannot tell".to_owned()),
        }
    }

    fn settable(path: &super::Path) -> Result<(), String> {
        if path.scope == 0 && path.steps.first().is_some_and(|step| step == "derived") {
            return Err(format!(
                "`{}` is worked out by a plugin",
                path.steps.join(".")
            ));
        }
        Ok(())
    }

    fn sets(&mut self, node: &Node<'a>, judge: &Form) -> Vec<Set> {
        let inside = match &judge.kind {
            FormKind::Each(each) => Some(&**each),
            _ => None,
        };
        if let Some(each) = inside {
            self.enter(&each.list);
        }
        let mut sets = Vec::new();
        for item in self.list(node, "changes") {
            sets.extend(self.set(&item, judge, inside));
        }
        if inside.is_some() {
            self.scopes.pop();
        }
        sets
    }

    fn set(&mut self, node: &Node<'a>, judge: &Form, each: Option<&Each>) -> Option<Set> {
        if !self.keys(node, "a change", &["set", "to"], &["set", "to"]) {
            return None;
        }
        let target = node.get("set")?;
        let path = self.path(&target)?;
        if let Err(reason) = Self::settable(&path) {
            let problem = Problem::error(format!("nobody can set this: {reason}"))
                .expected("a field of the proposal");
            self.at_node(&target, problem);
            return None;
        }
        let to = node.get("to")?;
        let to = if to.text() == Some("full") && !self.has_choice(&path, "full") {
            let form = each.map_or(judge, |each| &each.judge);
            let full = match &form.kind {
                FormKind::Number { line, .. } => super::lower::has_full(line),
                _ => false,
            };
            if !full {
                let problem = Problem::error("nothing counts in full here")
                    .expected("a value: `full` is for a form of kind `number`");
                self.at_node(&to, problem);
                return None;
            }
            None
        } else {
            Some(self.value(&to, &path)?)
        };
        Some(Set {
            path,
            to,
            span: node.span(),
        })
    }

    /// Steps into the elements of a list.
    fn enter(&mut self, list: &super::Path) {
        let element = list.field.and_then(|field| self.schema.field(field).items);
        self.scopes.push(element);
    }

    /// Reads something of the elements of a list.
    fn inside<T>(&mut self, list: &super::Path, read: impl FnOnce(&mut Self) -> T) -> T {
        self.enter(list);
        let found = read(self);
        self.scopes.pop();
        found
    }

    fn param(&self, name: &str) -> Option<&'a Parameter> {
        let page: &'a Page = self.page;
        page.params.iter().find(|param| param.name == name)
    }

    /// Whether the keys of a table are those it can have, and has to have; says which are not.
    fn keys(&mut self, node: &Node<'a>, what: &str, known: &[&str], needed: &[&str]) -> bool {
        if !matches!(node.raw.data, RawData::Table(_)) {
            let problem =
                Problem::error(format!("{what} is {}", shown(node.raw))).expected(format!(
                    "named values: {}",
                    listed(if needed.is_empty() { known } else { needed })
                ));
            self.at_node(node, problem);
            return false;
        }
        let mut fine = true;
        for (key, entry) in node.entries() {
            if !known.contains(&key) {
                let problem = Problem::error(format!("`{key}` is no part of {what}"))
                    .expected(format!("one of {}", listed(known)))
                    .suggest_maybe(did_you_mean(key, known.iter().copied()));
                self.at_name(&entry, problem);
                fine = false;
            }
        }
        for key in needed {
            if node.get(key).is_none() {
                let problem = Problem::error(format!("{what} has no `{key}`"));
                self.at_node(node, problem.expected(format!("`{key}: …`")));
                fine = false;
            }
        }
        fine
    }

    /// The items of a list, which has some.
    fn list(&mut self, node: &Node<'a>, what: &str) -> Vec<Node<'a>> {
        let items = node.items();
        let problem = match items {
            None => Problem::error(format!("this is {}", shown(node.raw)))
                .expected(format!("a list of {what}")),
            Some(items) if items.is_empty() => {
                Problem::error("the list is empty").expected(format!("a list of {what}"))
            }
            Some(items) if items.len() > ENTRIES => {
                Problem::error(format!("the list has {} entries", items.len()))
                    .expected(format!("{ENTRIES} at most"))
            }
            Some(items) => return items,
        };
        self.at_node(node, problem);
        Vec::new()
    }

    /// One level deeper, if there may be one.
    fn deeper<T>(
        &mut self,
        node: &Node<'a>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        if self.depth >= DEPTH {
            let problem =
                Problem::error(format!("forms and conditions are more than {DEPTH} deep"))
                    .suggest("split the rule in two, or write it as a script");
            self.at_node(node, problem);
            return None;
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn at_node(&mut self, node: &Node<'a>, problem: Problem) {
        self.report(node.span(), &node.at, problem);
    }

    fn at_name(&mut self, node: &Node<'a>, problem: Problem) {
        let span = node.name.clone().unwrap_or_else(|| node.span());
        self.report(span, &node.at, problem);
    }

    fn report(&mut self, span: Range<usize>, at: &Pointer, problem: Problem) {
        let problem = problem.path(at.clone()).at(&self.page.source, span);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

impl<'a> Reader<'a> {
    /// What `where` says.
    #[expect(
        clippy::option_option,
        reason = "unreadable, absent and a condition are three things"
    )]
    fn filter(&mut self, node: &Node<'a>) -> Option<Option<Cond>> {
        lift(node.get("where").map(|node| self.cond(&node)))
    }
}

/// What was read of something that may be absent; nothing where it is there and could not be read.
#[expect(
    clippy::option_option,
    reason = "absent, unreadable and read are three things"
)]
fn lift<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

/// Names in backticks.
fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// What was written, shortly.
fn shown(raw: &Raw) -> String {
    match &raw.data {
        RawData::Text(text) => {
            let short: String = text.chars().take(40).collect();
            format!("the text `{short}`")
        }
        RawData::Number(number) => format!("the number {}", crate::text::number(*number)),
        RawData::Flag(flag) => format!("`{flag}`"),
        _ => raw.title().to_owned(),
    }
}
