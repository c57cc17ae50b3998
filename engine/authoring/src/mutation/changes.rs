//! The changes that are tried.

use super::Mutant;
use evenhand_core::program::lexer::{Kind, Token, tokens};
use evenhand_core::rule::ENTRY_POINTS;
use evenhand_core::rule::form::Raw;
use evenhand_core::rulebook::Rule;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::source::Source;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A rule's script or parameter, changed.
pub(super) enum Changed {
    /// The whole text of the script.
    Script(String),
    /// The parameter at this place of the page, and its default.
    Param(usize, Value),
    /// The form of the page.
    Form(Raw),
}

/// Every change to a rule, in the order of its files.
pub(super) fn changes(rule: &Rule) -> Vec<(Mutant, Changed)> {
    let mut all = params(rule);
    if let Some(form) = &rule.page.form {
        all.extend(super::forms::changes(&rule.page, form));
    } else if let Some(script) = rule.script_source() {
        all.extend(of_script(script));
    }
    all
}

/// Numbers of the page, also inside lists and tables, one step up and one down.
fn params(rule: &Rule) -> Vec<(Mutant, Changed)> {
    let page = &rule.page;
    let mut all = Vec::new();
    for (index, param) in page.params.iter().enumerate() {
        let mut places = Vec::new();
        numbers(&param.default, &Pointer::root(), &mut places);
        let at = Pointer::root()
            .key("params")
            .key(&param.name)
            .key("default");
        let front = page.text().front.as_ref();
        let place = front.and_then(|front| front.place(&at));
        let line = place.map_or(1, |place| place.line);
        for (place, number) in places {
            for other in [number + step(number, 0.1), number - step(number, 0.1)] {
                let mut value = param.default.clone();
                let Some(slot) = value.pointer_mut(place.as_str()) else {
                    continue;
                };
                let Some(written) = evenhand_diagnostic::text::json_number(other) else {
                    continue;
                };
                *slot = written;
                let change = format!(
                    "param.{}{}: {} becomes {}",
                    param.name,
                    place.as_str(),
                    evenhand_diagnostic::text::number(number),
                    evenhand_diagnostic::text::number(other)
                );
                let mutant = Mutant {
                    file: page.source.name().to_owned(),
                    line,
                    change,
                };
                all.push((mutant, Changed::Param(index, value)));
            }
        }
    }
    all
}

/// The numbers in a value, with their places.
fn numbers(value: &Value, at: &Pointer, found: &mut Vec<(Pointer, f64)>) {
    match value {
        Value::Number(number) => found.extend(number.as_f64().map(|number| (at.clone(), number))),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                numbers(item, &at.index(index), found);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                numbers(item, &at.key(key), found);
            }
        }
        _ => {}
    }
}

/// A step that somebody would notice, in proportion to the number: one in its second digit where it has more than two
/// before the point (250 and 260, 1000 and 1100), one where it has fewer, and `least` up to one.
pub(super) fn step(number: f64, least: f64) -> f64 {
    let size = number.abs();
    if size <= 1.0 {
        return least;
    }
    let mut step = 1.0;
    while size >= 100.0 * step {
        step *= 10.0;
    }
    step
}

fn of_script(source: &Source) -> Vec<(Mutant, Changed)> {
    let all = tokens(source.text());
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let judging = judging(source, &all);
    let mut judges = false;
    for (index, token) in all.iter().enumerate() {
        let word = source.slice(token.range.clone());
        let next = all.get(index + 1);
        if word == "fn" {
            let name = next.map_or("", |next| source.slice(next.range.clone()));
            judges = judging.contains(name);
        }
        if !judges {
            continue;
        }
        if let Some(proposal) = proposal(source, &all, index) {
            edits.push((proposal, String::new()));
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| all.get(before));
        let before = before.map_or("", |before| source.slice(before.range.clone()));
        if word == "if" {
            for flag in ["true", "false"] {
                edits.extend(
                    condition(source, all.get(index + 1..).unwrap_or_default())
                        .map(|range| (range, flag.to_owned())),
                );
            }
        } else if let Some(other) = other(token, word, before) {
            edits.push((token.range.clone(), other));
        }
    }
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    edits
        .into_iter()
        .map(|(range, new)| mutant(source, &range, &new, &mut times))
        .collect()
}

/// The functions that answer for the rule: those the engine calls, and what these call.
fn judging<'a>(source: &'a Source, all: &[Token]) -> BTreeSet<&'a str> {
    let mut words: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut own = "";
    let mut begins = false;
    for token in all {
        let word = source.slice(token.range.clone());
        if begins {
            own = word;
        }
        begins = word == "fn";
        words.entry(own).or_default().insert(word);
    }
    let mut found = BTreeSet::new();
    let mut open = ENTRY_POINTS.to_vec();
    while let Some(name) = open.pop() {
        if let Some((name, called)) = words.get_key_value(name)
            && found.insert(*name)
        {
            open.extend(called.iter().filter(|word| words.contains_key(*word)));
        }
    }
    found
}

/// What a word becomes, if it is changed at all.
fn other(token: &Token, word: &str, before: &str) -> Option<String> {
    if token.kind == Kind::Number {
        let number: f64 = word.replace('_', "").parse().ok()?;
        // What a script writes without a point is counted, and half a person is no change.
        let least = if word.contains('.') { 0.1 } else { 1.0 };
        return Some(evenhand_diagnostic::text::number(
            number + step(number, least),
        ));
    }
    let other = match word {
        "<" => "<=",
        "<=" => "<",
        ">" => ">=",
        ">=" => ">",
        "==" => "!=",
        "!=" => "==",
        "&&" => "||",
        // A closure without arguments begins with the same sign.
        "||" if !["(", ",", "="].contains(&before) => "&&",
        "true" => "false",
        "false" => "true",
        _ => return None,
    };
    Some(other.to_owned())
}

/// A proposal that can be left out: `set(…)` as an element of a list, or all of `changes.push(set(…));`.
fn proposal(source: &Source, all: &[Token], index: usize) -> Option<Range<usize>> {
    let word = |index: usize| {
        all.get(index)
            .map(|token| source.slice(token.range.clone()))
    };
    let back = |steps: usize| index.checked_sub(steps).and_then(word);
    if word(index) != Some("set") || word(index + 1) != Some("(") {
        return None;
    }
    let end = closing(source, all, index + 1)?;
    let place = |index: usize| all.get(index).map(|token| token.range.clone());
    let after = word(end + 1)?;
    match back(1)? {
        "[" | "," if after == "," => Some(place(index)?.start..place(end + 1)?.end),
        "[" if after == "]" => Some(place(index)?.start..place(end)?.end),
        "," if after == "]" => Some(place(index - 1)?.start..place(end)?.end),
        "(" if after == ")" && back(2) == Some("push") && word(end + 2) == Some(";") => {
            Some(place(index.checked_sub(4)?)?.start..place(end + 2)?.end)
        }
        _ => None,
    }
}

/// The token that closes the bracket at `open`.
fn closing(source: &Source, all: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in all.iter().enumerate().skip(open) {
        match source.slice(token.range.clone()) {
            "(" | "[" | "#{" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

/// The condition of an `if`, up to its block.
fn condition(source: &Source, rest: &[Token]) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let mut end = rest.first()?.range.end;
    for token in rest {
        match source.slice(token.range.clone()) {
            "{" if depth == 0 => return Some(rest.first()?.range.start..end),
            "(" | "[" | "#{" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        end = token.range.end;
    }
    None
}

/// The change as people read it; the second of the same words on lines that look the same has a number.
fn mutant(
    source: &Source,
    range: &Range<usize>,
    new: &str,
    times: &mut BTreeMap<String, usize>,
) -> (Mutant, Changed) {
    let words = source.slice(range.clone()).split_whitespace();
    let old = words.collect::<Vec<_>>().join(" ");
    let line = source.place(range.start).line;
    let text = source
        .text()
        .lines()
        .nth(line - 1)
        .unwrap_or_default()
        .trim();
    let becomes = match new {
        "" => "is left out".to_owned(),
        _ => format!("becomes {new}"),
    };
    let mut change = format!("{old} {becomes} in: {text}");
    let time = times.entry(change.clone()).or_default();
    *time += 1;
    if *time > 1 {
        change = format!("{change} ({time})");
    }
    let mut changed = source.text().to_owned();
    changed.replace_range(range.clone(), new);
    let mutant = Mutant {
        file: source.name().to_owned(),
        line,
        change,
    };
    (mutant, Changed::Script(changed))
}
