//! Scales of a choice: a degree for every value.

use super::{Node, Reader, lift, listed, shown};
use crate::problem::{Problem, did_you_mean};
use crate::rule::form::raw::RawData;
use crate::rule::form::{Arm, Deg, FormKind, Path, Template, Value};
use crate::schema::Kind;

impl<'a> Reader<'a> {
    pub(super) fn choice(&mut self, node: &Node<'a>) -> Option<FormKind> {
        let fine = self.keys(node, "`choice`", &["of", "scale"], &["of", "scale"]);
        let target = node.get("of")?;
        let of = self.path(&target)?;
        let field = of.field.map(|field| self.schema.field(field));
        let chosen =
            field.is_some_and(|field| field.kind == Kind::Text && !field.choices.is_empty());
        let levels = field.and_then(|field| match (field.kind, field.minimum, field.maximum) {
            (Kind::Integer, Some(low), Some(high)) if high - low < 100.0 => Some((low, high)),
            _ => None,
        });
        if !chosen && levels.is_none() {
            let name = of.steps.join(".");
            let suggestion = match field.map(|field| field.kind) {
                Some(Kind::Boolean) => Some("`yes_no` judges it"),
                Some(Kind::Number | Kind::Integer) => Some("`number` judges it"),
                Some(Kind::List) => {
                    Some("`each` judges its elements, and `checklist` can ask what it includes")
                }
                _ => None,
            };
            let problem = Problem::error(format!("`{name}` has no list of values"))
                .expected("a field with a list of words, or a whole number between two limits")
                .suggest_maybe(suggestion);
            self.at_node(&target, problem);
            return None;
        }
        let at = node.get("scale")?;
        let scale = match levels {
            Some((low, high)) => self.level_scale(&at, low, high),
            None => self.word_scale(&at, &of),
        }?;
        fine.then_some(FormKind::Choice { of, scale })
    }

    /// A degree for each word of an enumeration.
    fn word_scale(&mut self, node: &Node<'a>, of: &Path) -> Option<Vec<Arm>> {
        let field = self.schema.field(of.field?);
        let label = |word: &str| field.labels.get(word).cloned().unwrap_or_default();
        let arm = |word: &str, degree: Deg, span| Arm {
            first: Value::Text(word.to_owned()),
            last: None,
            label: label(word),
            degree,
            say: None,
            span,
        };
        if let Some(text) = node.text().filter(|text| text.starts_with('$')) {
            let mut arms = Vec::new();
            for word in &field.choices {
                let entry = format!("{text}.{word}");
                let (param, value) = self.parameter(node, &entry)?;
                let degree = value.as_f64().filter(|degree| (0.0..=1.0).contains(degree));
                let Some(degree) = degree else {
                    let problem = Problem::error(format!("`{entry}` is no degree"));
                    self.at_node(node, problem.expected("a degree from 0 to 1"));
                    return None;
                };
                arms.push(arm(word, Deg::Param(param, degree), node.span()));
            }
            return Some(arms);
        }
        self.table(node)?;
        let mut arms = Vec::new();
        let mut fine = true;
        for (key, entry) in node.entries() {
            if !field.choices.iter().any(|choice| choice == key) {
                let known = field.choices.iter().map(String::as_str);
                let problem = Problem::error(format!("`{}` is never `{key}`", field.path))
                    .expected(crate::schema::expectation(field))
                    .suggest_maybe(did_you_mean(key, known));
                self.at_name(&entry, problem);
                fine = false;
            }
            match self.graded(&entry) {
                Some((degree, say)) => arms.push((
                    key,
                    Arm {
                        say,
                        ..arm(key, degree, entry.span())
                    },
                )),
                None => fine = false,
            }
        }
        let absent: Vec<&str> = field
            .choices
            .iter()
            .map(String::as_str)
            .filter(|choice| node.get(choice).is_none())
            .collect();
        if !absent.is_empty() {
            let problem = Problem::error(format!("the scale has nothing for {}", listed(&absent)))
                .expected(format!("a degree for every value of `{}`", field.path));
            self.at_name(node, problem);
            fine = false;
        }
        let place = |key: &str| field.choices.iter().position(|choice| choice == key);
        arms.sort_by_key(|(key, _)| place(key));
        fine.then(|| arms.into_iter().map(|(_, arm)| arm).collect())
    }

    /// A degree for each whole number from `low` to `high`.
    fn level_scale(&mut self, node: &Node<'a>, low: f64, high: f64) -> Option<Vec<Arm>> {
        self.table(node)?;
        let mut arms: Vec<(f64, f64, Arm)> = Vec::new();
        let mut fine = true;
        for (key, entry) in node.entries() {
            let range = levels_of(key)
                .filter(|(first, last)| *first >= low && *last <= high && first <= last);
            let Some((first, last)) = range else {
                let (low, high) = (crate::text::number(low), crate::text::number(high));
                let problem =
                    Problem::error(format!("`{key}` is no value here")).expected(format!(
                        "whole numbers from {low} to {high}, such as `{low}` or `{low}..{high}`"
                    ));
                self.at_name(&entry, problem);
                fine = false;
                continue;
            };
            if arms
                .iter()
                .any(|(other, end, _)| first <= *end && *other <= last)
            {
                let problem = Problem::error(format!("`{key}` is in the scale twice"));
                self.at_name(
                    &entry,
                    problem.suggest("let every number stand in one place"),
                );
                fine = false;
            }
            let Some((degree, say)) = self.graded(&entry) else {
                fine = false;
                continue;
            };
            let arm = Arm {
                first: Value::Number(first),
                last: (last > first).then_some(last),
                label: String::new(),
                degree,
                say,
                span: entry.span(),
            };
            arms.push((first, last, arm));
        }
        arms.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut absent = Vec::new();
        let mut level = low;
        while level <= high {
            if !arms
                .iter()
                .any(|(first, last, _)| *first <= level && level <= *last)
            {
                absent.push(crate::text::number(level));
            }
            level += 1.0;
        }
        if fine && !absent.is_empty() {
            let names: Vec<&str> = absent.iter().map(String::as_str).collect();
            let problem = Problem::error(format!("the scale has nothing for {}", listed(&names)));
            self.at_name(node, problem.expected("a degree for every number"));
            fine = false;
        }
        fine.then(|| arms.into_iter().map(|(.., arm)| arm).collect())
    }

    fn table(&mut self, node: &Node<'a>) -> Option<()> {
        if matches!(&node.raw.data, RawData::Table(entries) if !entries.is_empty()) {
            return Some(());
        }
        let problem = Problem::error(format!("the scale is {}", shown(node.raw)));
        self.at_node(
            node,
            problem.expected("every value with its degree, such as `{ public: 1, none: 0 }`"),
        );
        None
    }

    /// A degree, with what is said.
    fn graded(&mut self, node: &Node<'a>) -> Option<(Deg, Option<Template>)> {
        if !matches!(node.raw.data, RawData::Table(_)) {
            return Some((self.degree(node)?, None));
        }
        let fine = self.keys(
            node,
            "a value of the scale",
            &["degree", "say"],
            &["degree"],
        );
        let degree = node.get("degree").and_then(|node| self.degree(&node));
        let say = lift(node.get("say").map(|node| self.template(&node)))?;
        fine.then_some((degree?, say))
    }
}

/// The whole numbers that a key of a scale stands for.
fn levels_of(key: &str) -> Option<(f64, f64)> {
    let whole = |text: &str| text.trim().parse::<i32>().ok().map(f64::from);
    match key.split_once("..") {
        Some((first, last)) => Some((whole(first)?, whole(last)?)),
        None => whole(key).map(|level| (level, level)),
    }
}
