//! What differs between two profiles, and which way it goes.

use super::effective::{Effective, effective};
use super::shares::{self, Shares};
use super::{Origin, Profile};
use crate::date::Date;
use crate::rule::Severity;
use crate::rule::page::Parameter;
use crate::rulebook::Rulebook;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A value that two profiles do not have alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The key; of a rule that only one of them has, the rule.
    pub path: Vec<String>,
    /// What the first says; none where it does not have it.
    pub from: Option<Value>,
    /// What the second says.
    pub to: Option<Value>,
    /// Where the second has it from; where it does not have it, where the first has it from.
    pub origin: Origin,
    /// Which way it goes.
    pub bearing: Bearing,
    /// Of a weight: what it does to shares, where that can be known.
    pub shares: Option<Shares>,
}

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// More is asked for, or nothing less passes.
    Stricter,
    /// Less is asked for.
    Looser,
    /// Nothing else comes out: words, order, language.
    Neutral,
    /// It depends on the program. A reason is asked for as if it were looser.
    Either,
}

impl Bearing {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stricter => "stricter",
            Self::Looser => "looser",
            Self::Neutral => "neutral",
            Self::Either => "either",
        }
    }

    /// Of a number, where more of it asks for more.
    fn raised(from: &Value, to: &Value) -> Self {
        match (from.as_f64(), to.as_f64()) {
            (Some(from), Some(to)) if to > from => Self::Stricter,
            (Some(_), Some(_)) => Self::Looser,
            _ => Self::Either,
        }
    }

    /// Of yes and no, where yes asks for more.
    fn asked(to: &Value) -> Self {
        if to == &Value::Bool(true) {
            Self::Stricter
        } else {
            Self::Looser
        }
    }
}

/// Every difference from one profile to another, each with its rulebook, in the order of their keys.
pub fn differences(
    (old_book, old): (&Rulebook, Option<&Profile>),
    (new_book, new): (&Rulebook, Option<&Profile>),
) -> Vec<Difference> {
    let (old, new) = (
        keyed(effective(old_book, old)),
        keyed(effective(new_book, new)),
    );
    let mut order: Vec<&Vec<String>> = new.iter().map(|(path, _)| path).collect();
    order.extend(old.iter().map(|(path, _)| path));
    let by_path = |list: &[(Vec<String>, Effective)]| -> BTreeMap<Vec<String>, Effective> {
        list.iter().cloned().collect()
    };
    let (old, new) = (by_path(&old), by_path(&new));
    let (old_rules, new_rules) = (old_book.rule_ids(), new_book.rule_ids());
    let mut found: Vec<Difference> = Vec::new();
    for path in order {
        if found.iter().any(|known| known.path == *path) {
            continue;
        }
        if let [rules, id, ..] = path.as_slice()
            && rules == "rules"
            && old_rules.contains(id) != new_rules.contains(id)
        {
            let whole = vec![rules.clone(), id.clone()];
            if found.iter().all(|known| known.path != whole) {
                found.push(whole_rule(whole, &old, &new));
            }
            continue;
        }
        let (from, to) = (old.get(path), new.get(path));
        let value = |side: Option<&Effective>| side.map(|side| side.value.clone());
        if value(from) == value(to) {
            continue;
        }
        let param = param(new_book, path).or_else(|| param(old_book, path));
        let null = Value::Null;
        let (old_value, new_value) = (
            from.map_or(&null, |from| &from.value),
            to.map_or(&null, |to| &to.value),
        );
        let Some(here) = to.or(from) else { continue };
        let way = match path.as_slice() {
            [levels, required] if levels == "levels" && required == "required" => {
                // Levels of two scales are compared by the points that they ask for.
                let asked = |book: &Rulebook| book.settings().levels.threshold();
                match asked(old_book).total_cmp(&asked(new_book)) {
                    Ordering::Less => Bearing::Stricter,
                    Ordering::Equal => Bearing::Neutral,
                    Ordering::Greater => Bearing::Looser,
                }
            }
            _ => bearing(path, old_value, new_value, param),
        };
        found.push(Difference {
            bearing: way,
            shares: shares::of(path, old_book, new_book),
            from: value(from),
            to: value(to),
            origin: here.origin.clone(),
            path: path.clone(),
        });
    }
    found
}

/// Values by their keys; several under one key, such as obligations, get a number.
fn keyed(list: Vec<Effective>) -> Vec<(Vec<String>, Effective)> {
    let mut keyed: Vec<(Vec<String>, Effective)> = Vec::new();
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for one in list {
        let count = counts.entry(one.path.clone()).or_default();
        *count += 1;
        let mut path = one.path.clone();
        if *count > 1 {
            path.push(count.to_string());
        }
        keyed.push((path, one));
    }
    keyed
}

/// A rule that only one of two rulebooks has.
fn whole_rule(
    path: Vec<String>,
    old: &BTreeMap<Vec<String>, Effective>,
    new: &BTreeMap<Vec<String>, Effective>,
) -> Difference {
    let of = |side: &BTreeMap<Vec<String>, Effective>| {
        let mut entries = side.iter().filter(|(own, _)| own.starts_with(&path));
        let titled = [path.clone(), vec!["title".to_owned()]].concat();
        let named = side.get(&titled).cloned();
        named.or_else(|| entries.next().map(|(_, one)| one.clone()))
    };
    let (from, to) = (of(old), of(new));
    let there = |side: &Option<Effective>| side.as_ref().map(|one| one.value.clone());
    Difference {
        from: there(&from),
        to: there(&to),
        bearing: if to.is_some() {
            Bearing::Either
        } else {
            Bearing::Looser
        },
        origin: to.or(from).map_or(Origin::Program, |one| one.origin),
        shares: None,
        path,
    }
}

fn param<'b>(book: &'b Rulebook, path: &[String]) -> Option<&'b Parameter> {
    let [rules, id, params, name, ..] = path else {
        return None;
    };
    if rules != "rules" || params != "params" {
        return None;
    }
    let rule = book.rules().iter().find(|rule| rule.page.id == *id)?;
    rule.page.params.iter().find(|param| param.name == *name)
}

fn bearing(path: &[String], from: &Value, to: &Value, param: Option<&Parameter>) -> Bearing {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    match steps.as_slice() {
        ["levels", "good" | "mixed"] | ["thresholds", _] | ["rules", _, "gate"] => {
            Bearing::raised(from, to)
        }
        ["levels", "scale", _]
        | ["profile", "extends"]
        | ["weights", _]
        | ["rules", _, "weight"]
        | ["plugins", ..] => Bearing::Either,
        ["profile", "attestations_valid_for"] => match (from.is_null(), to.is_null()) {
            (true, _) => Bearing::Stricter,
            (_, true) => Bearing::Looser,
            _ => Bearing::raised(to, from),
        },
        ["dimensions", _, "not_judged"] => match (from.is_null(), to.is_null()) {
            (true, _) => Bearing::Looser,
            (_, true) => Bearing::Stricter,
            _ => Bearing::Neutral,
        },
        ["rules", _, "enabled"] => Bearing::asked(to),
        ["rules", _, "waivable"] => Bearing::asked(from),
        ["rules", _, "severity"] => {
            let severity = |value: &Value| value.as_str().and_then(Severity::from_word);
            match (severity(from), severity(to)) {
                // The graver severity comes first.
                (Some(from), Some(to)) if to < from => Bearing::Stricter,
                (Some(_), Some(_)) => Bearing::Looser,
                _ => Bearing::Either,
            }
        }
        ["rules", _, "params", ..] => of_param(param, from, to),
        ["waivers", ..] => of_waiver(from, to),
        // Words, titles, order, language, and what follows.
        _ => Bearing::Neutral,
    }
}

/// Of a parameter, as its page says which way is stricter.
fn of_param(param: Option<&Parameter>, from: &Value, to: &Value) -> Bearing {
    let numbers = from.is_number() && to.is_number();
    let Some(param) = param.filter(|param| param.stricter.is_some() && numbers) else {
        return Bearing::Either;
    };
    let from = Parameter {
        default: from.clone(),
        ..param.clone()
    };
    if from.is_stricter(to) {
        Bearing::Stricter
    } else {
        Bearing::Looser
    }
}

/// Of the last day of a waiver; one that cannot be read waives nothing.
fn of_waiver(from: &Value, to: &Value) -> Bearing {
    let day = |value: &Value| value.as_str().and_then(Date::read);
    match (day(from), day(to)) {
        (Some(from), Some(to)) if to < from => Bearing::Stricter,
        (_, Some(_)) => Bearing::Looser,
        (Some(_), None) => Bearing::Stricter,
        (None, None) => Bearing::Neutral,
    }
}
