//! A board's words: what verdicts, levels and dimensions are called, and in which order they stand.

use super::layer::Layer;
use super::levels;
use super::reasons::Plain;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::settings::{Levels, Names, VERDICTS};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a word; more is a sentence.
const WORD: usize = 40;
/// Characters of a dimension's title.
const TITLE: usize = 60;

/// What is wrong with a text, once it is known what it is for.
pub(super) type Refusal = Box<dyn Fn(&str) -> Problem>;

/// A text of one line that is not too long.
pub(super) fn line(value: &Value, most: usize) -> Result<String, Refusal> {
    let Some(text) = value.as_str() else {
        let shown = crate::text::shorten(&value.to_string(), 40);
        return Err(Box::new(move |key| {
            Problem::error(format!("`{key}` is {shown}")).expected("a text")
        }));
    };
    let text = text.trim();
    if text.is_empty() {
        return Err(Box::new(|key| {
            Problem::error(format!("`{key}` is empty")).expected("a text")
        }));
    }
    let count = text.chars().count();
    if count > most || text.chars().any(char::is_control) {
        return Err(Box::new(move |key| {
            Problem::error(format!("`{key}` is no text of one short line"))
                .expected(format!("one line of at most {most} characters"))
        }));
    }
    Ok(text.to_owned())
}

/// Which way a range of levels is written, where it is said.
pub(super) fn best_first(document: &Document, problems: &mut Vec<Problem>) -> Option<bool> {
    let at = Pointer::root().key("levels").key("order");
    let value = at.of(document.value()).filter(|value| !value.is_null())?;
    match value.as_str() {
        Some("worst_first") => Some(false),
        Some("best_first") => Some(true),
        other => {
            let words = ["worst_first", "best_first"];
            let meant = other.and_then(|other| did_you_mean(other, words));
            let problem = Problem::error(format!("`levels.order` is {value}"))
                .expected("`worst_first`, as in “poor to good”, or `best_first`")
                .suggest_maybe(meant);
            problems.push(document.problem_at(&at, problem));
            None
        }
    }
}

/// The words for verdicts and levels.
pub(super) fn words(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, String> {
    let section = Pointer::root().key("words");
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for (code, value) in plain.section("words") {
        let at = section.key(&code);
        match line(&value, WORD) {
            Ok(word) => {
                words.insert(code, word);
            }
            Err(problem) => {
                problems.push(document.problem_at(&at, problem(&format!("words.{code}"))));
            }
        }
    }
    words
}

/// Words that say what another word says: two of the same kind alike, or one that is the program's word for another.
pub(super) fn confusing(names: &Names, levels: &Levels) -> Vec<(String, Problem)> {
    let mut found = Vec::new();
    // From the best on, like the verdicts.
    let mut levels: Vec<&str> = levels.words().collect();
    levels.reverse();
    for group in [&VERDICTS[..], &levels] {
        let shown = |code: &str| {
            let own = names.words.get(code).map_or(code, String::as_str);
            own.to_lowercase()
        };
        for code in group.iter().filter(|code| names.words.contains_key(**code)) {
            let same = |other: &&&str| {
                *other != code && (shown(other) == shown(code) || **other == shown(code))
            };
            if let Some(other) = group.iter().find(same) {
                let word = names.words.get(*code).map_or("", String::as_str);
                let problem = Problem::error(format!(
                    "“{word}” is the word for `{other}`, and cannot be the one for `{code}` as well"
                ));
                let problem =
                    problem.expected("a word of its own for each, not to be mistaken for another");
                found.push(((*code).to_owned(), problem));
            }
        }
    }
    found
}

/// Words for what is neither a verdict nor a level: the file, the key, and what is wrong. A level that a later file leaves out
/// may have a word in the file that has it.
pub(super) fn unknown(layers: &[Layer], levels: &Levels) -> Vec<(usize, Pointer, Problem)> {
    let mut found = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let there = levels::up_to(layers, index);
        let known = |code: &str| {
            let level = levels.named(code).or_else(|| there.named(code));
            VERDICTS.contains(&code) || level.is_some()
        };
        for code in layer.part.words.keys().filter(|code| !known(code)) {
            let names = VERDICTS.into_iter().chain(levels.words());
            let problem = Problem::error(format!("nothing comes out as `{code}`"))
                .expected("a verdict or a level")
                .suggest_maybe(did_you_mean(code, names));
            found.push((index, Pointer::root().key("words").key(code), problem));
        }
    }
    found
}

/// Titles of dimensions, and those of which no numbers are shown.
pub(super) fn dimensions(
    document: &Document,
    plain: &Plain,
    problems: &mut Vec<Problem>,
) -> (BTreeMap<String, String>, BTreeMap<String, bool>) {
    let (mut titles, mut numbers) = (BTreeMap::new(), BTreeMap::new());
    for (id, entry) in plain.section("dimensions") {
        let at = Pointer::root().key("dimensions").key(&id);
        if let Some(value) = entry.get("title").filter(|value| !value.is_null()) {
            match line(value, TITLE) {
                Ok(title) => {
                    titles.insert(id.clone(), title);
                }
                Err(problem) => {
                    let problem = problem(&format!("dimensions.{id}.title"));
                    problems.push(document.problem_at(&at.key("title"), problem));
                }
            }
        }
        if let Some(shown) = entry.get("numbers").and_then(Value::as_bool) {
            numbers.insert(id, shown);
        }
    }
    (titles, numbers)
}

/// The order of dimensions; one named twice is an error.
pub(super) fn order(document: &Document, problems: &mut Vec<Problem>) -> Vec<String> {
    let at = Pointer::root().key("profile").key("dimensions");
    let list = at.of(document.value()).and_then(Value::as_array);
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    for (index, item) in list.into_iter().flatten().enumerate() {
        let Some(id) = item.as_str() else {
            continue;
        };
        if seen.insert(id) {
            order.push(id.to_owned());
        } else {
            let problem = Problem::error(format!("`{id}` is named twice"))
                .expected("each dimension once, in the order in which they are shown");
            problems.push(document.problem_at(&at.index(index), problem));
        }
    }
    order
}
