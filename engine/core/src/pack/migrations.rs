//! What the versions of a pack's schema changed, so that a proposal that was written for an older one is still read.

use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::schema::Schema;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What one version of a schema changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The pack that says so.
    pub pack: String,
    /// The version that the schema had afterwards.
    pub to: u64,
    /// Fields that got another name or place: the path before and after, in which `[]` stands for every entry of a list.
    pub renamed: Vec<(Pointer, Pointer)>,
    /// Words of a field that became others: the path of the field as this version calls it, and the word now by the word before.
    pub values: Vec<(Pointer, BTreeMap<String, String>)>,
}

/// The migrations that a pack declares, from the oldest.
pub(super) fn read(pack: &Value, name: &str) -> Vec<Migration> {
    let list = pack.get("migrations").and_then(Value::as_array);
    let list = list.into_iter().flatten();
    let mut migrations: Vec<Migration> = list
        .map(|entry| Migration {
            pack: name.to_owned(),
            to: entry.get("to").and_then(Value::as_u64).unwrap_or_default(),
            renamed: table(entry, "renamed")
                .filter_map(|(old, new)| Some((path(old)?, path(new.as_str()?)?)))
                .collect(),
            values: table(entry, "values")
                .filter_map(|(field, words)| Some((path(field)?, read_words(words.as_object()?))))
                .collect(),
        })
        .collect();
    migrations.sort_by_key(|migration| migration.to);
    migrations
}

fn table<'v>(entry: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    let table = entry.get(key).and_then(Value::as_object);
    table.into_iter().flatten()
}

fn path(text: &str) -> Option<Pointer> {
    Pointer::from_dotted(text)
}

fn read_words(words: &Map<String, Value>) -> BTreeMap<String, String> {
    let words = words.iter();
    words
        .filter_map(|(old, new)| Some((old.clone(), new.as_str()?.to_owned())))
        .collect()
}

/// What is wrong with the migrations of a pack by themselves: versions that cannot be, and paths that are none.
pub(super) fn problems(document: &Document) -> Vec<Problem> {
    let at = Pointer::root().key("migrations");
    let now = document.value().pointer("/pack/schema_version");
    let now = now.and_then(Value::as_u64).unwrap_or(1);
    let mut problems = Vec::new();
    let mut seen: Vec<u64> = Vec::new();
    let list = at.of(document.value()).and_then(Value::as_array);
    for (index, entry) in list.into_iter().flatten().enumerate() {
        let here = at.index(index);
        let Some(to) = entry.get("to").and_then(Value::as_u64) else {
            let problem = Problem::error("the migration has no version that it leads to");
            problems.push(document.problem_at(&here, problem.expected("`to = 2`, or a later one")));
            continue;
        };
        if to > now {
            let message =
                format!("the migration leads to version {to}, and the schema is of version {now}");
            let problem = Problem::error(message)
                .expected("`schema_version` in `[pack]` to be that of the latest migration");
            problems.push(document.problem_at(&here.key("to"), problem));
        }
        if seen.contains(&to) {
            let message = format!("two migrations lead to version {to}");
            let problem = Problem::error(message).expected("one for each version");
            problems.push(document.problem_at(&here.key("to"), problem));
        }
        seen.push(to);
        for (key, old, new) in paths(entry) {
            let place = here.key(key).key(old);
            let own = Pointer::from_dotted(old);
            let other = new.map(Pointer::from_dotted);
            let Some(own) = own.filter(|_| other.as_ref().is_none_or(Option::is_some)) else {
                let problem = Problem::error(format!("`{old}` is no path of a field"));
                let problem = problem.expected("paths such as `host.need` or `flows[].weeks`");
                problems.push(document.problem_at_key(&place, problem));
                continue;
            };
            if other
                .flatten()
                .is_some_and(|new| lists(&own) != lists(&new))
            {
                let message = format!("`{old}` cannot go into or out of a list");
                let problem = Problem::error(message)
                    .expected("a new path with the same lists before the field");
                problems.push(document.problem_at(&place, problem));
            }
        }
    }
    problems
}

/// The paths that a migration names, and where it renames, what it renames to.
fn paths(entry: &Value) -> impl Iterator<Item = (&'static str, &str, Option<&str>)> {
    let renamed = table(entry, "renamed").map(|(old, new)| {
        let new = new.as_str().unwrap_or_default();
        ("renamed", old.as_str(), Some(new))
    });
    renamed.chain(table(entry, "values").map(|(field, _)| ("values", field.as_str(), None)))
}

/// The lists on the way to a field, by their paths.
fn lists(path: &Pointer) -> Vec<String> {
    let steps: Vec<_> = path.steps().collect();
    let last = steps.iter().rposition(|step| step == "-");
    let steps = steps.get(..last.map_or(0, |last| last + 1));
    let steps = steps.unwrap_or_default().iter();
    steps.map(|step| step.clone().into_owned()).collect()
}

/// What does not fit the schema as it is now: a former name that is still in use, or one that leads nowhere.
pub(crate) fn misfits(
    document: &Document,
    migrations: &[Migration],
    schema: &Schema,
) -> Vec<Problem> {
    let list = Pointer::root().key("migrations");
    let entries = list.of(document.value()).and_then(Value::as_array);
    let entries: Vec<&Value> = entries.into_iter().flatten().collect();
    let mut problems = Vec::new();
    for (number, migration) in migrations.iter().enumerate() {
        let to = |entry: &&Value| entry.get("to").and_then(Value::as_u64) == Some(migration.to);
        let Some(index) = entries.iter().position(to) else {
            continue;
        };
        let at = list.index(index);
        let later = migrations.get(number + 1..).unwrap_or_default();
        for (old, new) in &migration.renamed {
            let place = at.key("renamed").key(&old.dotted());
            if schema.find(&old.dotted()).is_some() {
                let message = format!("`{}` is a field of the schema still", old.dotted());
                let problem = Problem::error(message).expected("a name that no field has now");
                problems.push(document.problem_at_key(&place, problem));
            }
            let now = now(new, later).dotted();
            if schema.find(&now).is_none() {
                let message = format!("`{now}` is not a field of the schema");
                let ids = schema.walk();
                let known = ids.iter().map(|id| schema.field(*id).path.as_str());
                let problem = Problem::error(message).suggest_maybe(did_you_mean(&now, known));
                problems.push(document.problem_at(&place, problem));
            }
        }
        for (field, words) in &migration.values {
            let place = at.key("values").key(&field.dotted());
            problems.extend(unknown_words(
                document,
                schema,
                &place,
                (field, words),
                later,
            ));
        }
    }
    problems
}

fn unknown_words(
    document: &Document,
    schema: &Schema,
    place: &Pointer,
    (field, words): (&Pointer, &BTreeMap<String, String>),
    later: &[Migration],
) -> Vec<Problem> {
    let name = now(field, later).dotted();
    let choices = schema.find(&name).map(|id| &schema.field(id).choices);
    let Some(choices) = choices.filter(|choices| !choices.is_empty()) else {
        let problem = Problem::error(format!("`{name}` is not a field with a list of words"));
        return vec![document.problem_at_key(place, problem)];
    };
    let mut problems = Vec::new();
    for (old, new) in words {
        let at = place.key(old);
        let renamed = later.iter().flat_map(|migration| &migration.values);
        let mut renamed = renamed.filter(|(at, _)| now(at, later).dotted() == name);
        if choices.contains(old) {
            let problem = Problem::error(format!("`{old}` is a word of `{name}` still"));
            problems.push(document.problem_at_key(&at, problem));
        }
        let known =
            choices.contains(new) || renamed.any(|(_, words)| words.contains_key(new.as_str()));
        if !known {
            let problem = Problem::error(format!("`{new}` is not a word of `{name}`"))
                .suggest_maybe(did_you_mean(new, choices.iter().map(String::as_str)));
            problems.push(document.problem_at(&at, problem));
        }
    }
    problems
}

/// What a path is called after some migrations.
fn now(path: &Pointer, later: &[Migration]) -> Pointer {
    let renames = later.iter().flat_map(|migration| &migration.renamed);
    renames.fold(path.clone(), |path, (old, new)| {
        moved(&path, old, new).unwrap_or(path)
    })
}

/// A path after a field above it, or itself, got another one; nothing where it lies elsewhere. The entries of lists stay.
pub(crate) fn moved(path: &Pointer, old: &Pointer, new: &Pointer) -> Option<Pointer> {
    let steps: Vec<_> = path.steps().collect();
    let pattern: Vec<_> = old.steps().collect();
    let (own, below) = steps.split_at_checked(pattern.len())?;
    let is_entry = |step: &str| step == "-" || step.bytes().all(|byte| byte.is_ascii_digit());
    let fits = own.iter().zip(&pattern).all(|(step, wanted)| {
        if wanted == "-" {
            is_entry(step)
        } else {
            step == wanted
        }
    });
    if !fits {
        return None;
    }
    let entries = own.iter().zip(&pattern);
    let mut entries = entries.filter_map(|(step, wanted)| (wanted == "-").then_some(step));
    let above = new.steps().map(|step| match step.as_ref() {
        "-" => entries
            .next()
            .map_or_else(|| "-".to_owned(), ToString::to_string),
        name => name.to_owned(),
    });
    let below = below.iter().map(ToString::to_string);
    let steps: Vec<String> = above.chain(below).collect();
    Some(steps.iter().fold(Pointer::root(), |at, step| at.key(step)))
}

/// Every place that a path with `[]` stands for in a document.
pub(crate) fn places(path: &Pointer, document: &Value) -> Vec<Pointer> {
    let mut found = vec![Pointer::root()];
    for step in path.steps() {
        let next = found.iter().flat_map(|at| {
            if step != "-" {
                return vec![at.key(&step)];
            }
            let list = at.of(document).and_then(Value::as_array);
            let count = list.map_or(0, Vec::len);
            (0..count).map(|index| at.index(index)).collect()
        });
        found = next.collect();
    }
    found.retain(|at| at.of(document).is_some());
    found
}
