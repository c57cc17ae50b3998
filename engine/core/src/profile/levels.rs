//! A board's levels, as a profile writes them: other bounds of the program's three, or a scale of its own, and the level that
//! is required.
//!
//! ```toml
//! [levels]
//! scale    = { absent = 0, weak = 25, sound = 50, strong = 75 }     # from the worst on
//! required = "sound"
//! reason   = "Decision 7"
//! ```

use super::layer::Layer;
use super::points;
use super::reasons::value_at;
use crate::document::Document;
use crate::level::{LONGEST, MOST};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::settings::{Levels, VERDICTS};
use crate::text::{number, shorten};
use serde_json::Value;
use std::collections::BTreeMap;

/// Words that stand beside levels in a profile or a report, and that no level can be called.
const TAKEN: [&str; 9] = [
    "order",
    "reason",
    "required",
    "scale",
    "value",
    "none",
    "open",
    "not_judged",
    "not_asked",
];

/// What a file says of levels.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Said {
    /// Bounds of the program's own levels.
    pub(super) bounds: BTreeMap<String, f64>,
    /// Names and bounds from the worst level on, in the order typed.
    pub(super) scale: Option<Vec<(String, f64)>>,
    /// The level that is required.
    pub(super) required: Option<String>,
}

impl Said {
    /// The keys that it sets, in the table `levels`.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let bounds = self.bounds.keys().map(String::as_str);
        let scale = self.scale.as_ref().map(|_| "scale");
        let required = self.required.as_ref().map(|_| "required");
        bounds.chain(scale).chain(required)
    }

    /// Puts it on what the files before say. A scale stands as a whole; bounds and the required level count one by one.
    pub(super) fn put(&self, mut levels: Levels) -> Levels {
        if let Some(scale) = &self.scale {
            levels = levels.with_scale(scale);
        }
        for (word, points) in &self.bounds {
            levels.set_bound(word, *points);
        }
        if let Some(word) = &self.required {
            levels.require(word);
        }
        levels
    }
}

/// What a file says; what is wrong with it by itself goes to `problems`.
pub(super) fn read(document: &Document, problems: &mut Vec<Problem>) -> Said {
    let section = Pointer::root().key("levels");
    let mut said = Said::default();
    for word in ["good", "mixed"] {
        let at = value_at(document.value(), &section.key(word));
        match points::read(document, &at) {
            Some(Ok(points)) => {
                said.bounds.insert(word.to_owned(), points);
            }
            Some(Err(problem)) => problems.push(problem),
            None => {}
        }
    }
    let at = value_at(document.value(), &section.key("scale"));
    if let Some(value) = at.of(document.value()).filter(|value| !value.is_null()) {
        said.scale = scale(document, &at, value, problems);
    }
    let at = value_at(document.value(), &section.key("required"));
    match at.of(document.value()) {
        None | Some(Value::Null) => {}
        Some(Value::String(word)) => said.required = Some(word.clone()),
        Some(other) => {
            let shown = shorten(&other.to_string(), 40);
            let problem = Problem::error(format!("`levels.required` is {shown}"))
                .expected("the name of a level");
            problems.push(document.problem_at(&at, problem));
        }
    }
    said
}

/// The levels of a scale as they are typed, with everything that is wrong with them.
fn scale(
    document: &Document,
    at: &Pointer,
    value: &Value,
    problems: &mut Vec<Problem>,
) -> Option<Vec<(String, f64)>> {
    const EXAMPLE: &str = "levels with their lower bounds, from the worst on, such as `{ weak = 0, sound = 50, strong = 75 }`";
    if !value.is_object() {
        let shown = shorten(&value.to_string(), 40);
        let problem = Problem::error(format!("`levels.scale` is {shown}")).expected(EXAMPLE);
        problems.push(document.problem_at(at, problem));
        return None;
    }
    let names = document.keys_in_order(at);
    if !(2..=MOST).contains(&names.len()) {
        let count = crate::text::count(names.len(), "level");
        let problem = Problem::error(format!("`levels.scale` has {count}"))
            .expected(format!("from 2 to {MOST} levels, with their lower bounds"));
        problems.push(document.problem_at(at, problem));
    }
    let mut typed: Vec<(String, Option<f64>)> = Vec::new();
    for name in &names {
        let here = at.key(name);
        if let Some(problem) = misnamed(name, &names) {
            problems.push(document.problem_at_key(&here, problem));
        }
        let points = points::read(document, &here);
        let points = points.transpose().unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        typed.push((name.clone(), points));
    }
    out_of_order(document, at, &typed, problems);
    // What has no bound that can be read begins where the one before does: nothing is judged by it.
    let mut before = 0.0;
    let whole = typed.into_iter().map(|(name, points)| {
        before = points.unwrap_or(before);
        (name, before)
    });
    Some(whole.collect())
}

/// Why a level cannot be called so.
fn misnamed(name: &str, names: &[String]) -> Option<Problem> {
    let shown = shorten(name, 40);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let fits = |name: &str| !name.is_empty() && name.len() <= LONGEST && name.chars().all(plain);
    let taken = |name: &str| VERDICTS.contains(&name) || TAKEN.contains(&name);
    if fits(name) {
        return taken(name).then(|| {
            Problem::error(format!("`{shown}` means something else already"))
                .expected("another name for the level; what people read stands in `words`")
        });
    }
    let meant = name.trim().to_ascii_lowercase().replace(' ', "_");
    let free = fits(&meant) && !taken(&meant) && !names.contains(&meant);
    let problem = Problem::error(format!("`{shown}` cannot be the name of a level")).expected(
        format!(
            "at most {LONGEST} small letters, digits, `_` and `-`; what people read stands in `words`"
        ),
    );
    Some(problem.suggest_maybe(free.then(|| format!("write `{meant}`"))))
}

/// Levels that do not begin above the one before, and a worst one that does not begin at 0.
fn out_of_order(
    document: &Document,
    at: &Pointer,
    typed: &[(String, Option<f64>)],
    problems: &mut Vec<Problem>,
) {
    let bounds: Option<Vec<f64>> = typed.iter().map(|(_, points)| *points).collect();
    let mut sorted: Vec<&(String, Option<f64>)> = typed.iter().collect();
    sorted.sort_by(|one, other| {
        let points = |of: &(String, Option<f64>)| of.1.unwrap_or_default();
        points(one).total_cmp(&points(other))
    });
    // To put them in order helps only where they then are a scale.
    let ordered = bounds.is_some_and(|_| {
        let begins = sorted.first().and_then(|(_, points)| *points) == Some(0.0);
        let apart = |pair: &[&(String, Option<f64>)]| match pair {
            [one, other] => one.1 < other.1,
            _ => true,
        };
        begins && sorted.windows(2).all(apart)
    });
    let order: Vec<&str> = sorted.iter().map(|(name, _)| name.as_str()).collect();
    let order = ordered.then(|| format!("write them in the order {}", order.join(", ")));
    let mut before: Option<(&String, f64)> = None;
    for (index, (name, points)) in typed.iter().enumerate() {
        let Some(points) = *points else { continue };
        let shown = number(points);
        let wrong = match before {
            None if index == 0 && points > 0.0 => Some(
                Problem::error(format!("the worst level, `{name}`, begins at {shown}"))
                    .expected("0, so that every dimension has a level")
                    .suggest_maybe(order.clone()),
            ),
            Some((other, from)) if points <= from => Some(
                Problem::error(format!(
                    "`{name}` begins at {shown}, and `{other}` before it at {}",
                    number(from)
                ))
                .expected("levels from the worst to the best, each from more points on")
                .suggest_maybe(order.clone()),
            ),
            _ => None,
        };
        problems.extend(wrong.map(|problem| document.problem_at(&at.key(name), problem)));
        before = Some((name, points));
    }
}

/// The levels in force when the files up to one have been read.
pub(super) fn up_to(layers: &[Layer], last: usize) -> Levels {
    let layers = layers.iter().take(last + 1);
    layers.fold(Levels::default(), |levels, layer| {
        layer.part.levels.put(levels)
    })
}

/// What a file says of levels that are not those of the scale in force there: the file, the key, and what is wrong.
pub(super) fn unknown(layers: &[Layer]) -> Vec<(usize, Pointer, Problem)> {
    let mut found = Vec::new();
    let section = Pointer::root().key("levels");
    for (index, layer) in layers.iter().enumerate() {
        let said = &layer.part.levels;
        let levels = up_to(layers, index);
        for word in said.bounds.keys().filter(|_| levels.is_own()) {
            let problem = Problem::error(format!("`{word}` stands beside a scale"))
                .expected("its lower bound in `levels.scale`, or no `levels.scale`");
            found.push((index, section.key(word), problem));
        }
        let required = said.required.as_ref();
        if let Some(word) = required.filter(|word| levels.named(word).is_none()) {
            let problem = no_level(word, &levels);
            found.push((index, section.key("required"), problem));
        }
    }
    found
}

/// That there is no level of this name.
pub(super) fn no_level(word: &str, levels: &Levels) -> Problem {
    let names: Vec<String> = levels.words().map(|word| format!("`{word}`")).collect();
    // From the best on, as people say them.
    let names: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    let expected = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    };
    Problem::error(format!("`{}` is not a level", shorten(word, 40)))
        .expected(expected)
        .suggest_maybe(did_you_mean(word, levels.words()))
}
