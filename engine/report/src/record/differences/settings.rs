//! Settings that differ, in words, with the file that says them.

use super::shown;
use evenhand_core::profile::{Origin, Profile};
use evenhand_core::receipt::canonical;
use evenhand_diagnostic::words::Words;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The settings that differ, each with the file that says it; `profile` is the board's own, by its name and with those it extends.
pub(super) fn settings_words(
    (old, new): (&Value, &Value),
    (profile, held): (&str, Option<&Profile>),
    words: &dyn Words,
) -> Vec<String> {
    let file_of = |path: &[&str]| match held?.origin(path)? {
        Origin::Profile(file, _) => Some(file),
        _ => None,
    };
    let mut leaves = Vec::new();
    compare(old, new, &mut Vec::new(), &mut leaves);
    leaves
        .into_iter()
        .map(|(path, old, new)| {
            let steps: Vec<&str> = path.iter().map(String::as_str).collect();
            let what = setting(&steps, words);
            let file = file_of(&key(&steps)).unwrap_or_else(|| profile.to_owned());
            let (old, new) = (shown(old.as_ref(), words), shown(new.as_ref(), words));
            let parts = [("what", what.as_str()), ("old", &old), ("new", &new)];
            words.say(
                "{what} {old} → {new} in {file}",
                &[parts[0], parts[1], parts[2], ("file", &file)],
            )
        })
        .collect()
}

/// Where a setting stands in a profile.
fn key<'a>(steps: &[&'a str]) -> Vec<&'a str> {
    match steps {
        ["not_judged", id] => vec!["dimensions", id, "not_judged"],
        ["titles", id] => vec!["dimensions", id, "title"],
        ["dimensions", ..] => vec!["profile", "dimensions"],
        ["order"] => vec!["levels", "order"],
        ["plugins", id, name, ..] => vec!["plugins", id, "settings", name],
        ["name"] => vec!["profile", "name"],
        ["attestations_valid_for"] => vec!["profile", "attestations_valid_for"],
        ["rules", id, "disabled"] => vec!["rules", id, "enabled"],
        ["rules", id, "params", name, ..] => vec!["rules", id, "params", name],
        [
            "obligations" | "waivers" | "no_numbers" | "packs" | "fields_only" | "reasons",
            ..,
        ] => Vec::new(),
        other => other.to_vec(),
    }
}

fn setting(steps: &[&str], words: &dyn Words) -> String {
    let of = |template: &str, name: &str| words.say(template, &[("name", name)]);
    let waiver = |index: &str| {
        let number = index.parse::<usize>().map_or(0, |index| index + 1);
        words.say("waiver {number}", &[("number", &number.to_string())])
    };
    match steps {
        ["weights", id] => of("weight of {name}", id),
        ["titles", id] => of("title of {name}", id),
        ["words", code] => of("word for {name}", code),
        ["order"] => words.word("order of levels").to_owned(),
        ["dimensions", ..] => words.word("order of dimensions").to_owned(),
        ["no_numbers", ..] => words.word("dimensions without numbers").to_owned(),
        ["obligations", ..] => words.word("an obligation").to_owned(),
        ["fields_only", name] => of("rules of the pack {name}", name),
        ["rules", id, "params", key, ..] => {
            words.say("parameter {key} of {name}", &[("key", key), ("name", id)])
        }
        ["rules", id, key, ..] => words.say("{key} of {name}", &[("key", key), ("name", id)]),
        ["thresholds", id] => of("threshold of {name}", id),
        ["levels", level] => of("points of the level {name}", level),
        ["not_judged", id] => of("why {name} is not judged", id),
        ["plugins", id, key, ..] => words.say(
            "setting {key} of the plugin {name}",
            &[("key", key), ("name", id)],
        ),
        ["reasons", path] => {
            let path = path.trim_start_matches('/').replace('/', ".");
            of("reason of {name}", &path)
        }
        ["packs", name] => of("reason of the pack {name}", name),
        ["waivers", index, key] => {
            let waiver = waiver(index);
            let key = format!("`{key}`");
            words.say("{key} of {name}", &[("key", &key), ("name", &waiver)])
        }
        ["waivers", index] => waiver(index),
        other => other.join("."),
    }
}

pub(super) type Leaf = (Vec<String>, Option<Value>, Option<Value>);

/// The places where two values differ, as deep as both have them.
pub(super) fn compare(old: &Value, new: &Value, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let pairs: Vec<(String, Option<&Value>, Option<&Value>)> = match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let pair = |name: &String| (name.clone(), old.get(name), new.get(name));
            names.into_iter().map(pair).collect()
        }
        (Value::Array(old), Value::Array(new)) => (0..old.len().max(new.len()))
            .map(|index| (index.to_string(), old.get(index), new.get(index)))
            .collect(),
        _ => {
            if canonical(old) != canonical(new) {
                leaves.push((path.clone(), Some(old.clone()), Some(new.clone())));
            }
            return;
        }
    };
    for (name, old, new) in pairs {
        path.push(name);
        match (old, new) {
            (Some(old), Some(new)) => compare(old, new, path, leaves),
            // A table that is there on one side only is named by what stands in it.
            (Some(table @ Value::Object(_)), None) if path.len() < 4 => {
                compare(table, &Value::Object(Map::new()), path, leaves);
            }
            (None, Some(table @ Value::Object(_))) if path.len() < 4 => {
                compare(&Value::Object(Map::new()), table, path, leaves);
            }
            (old, new) => leaves.push((path.clone(), old.cloned(), new.cloned())),
        }
        path.pop();
    }
}
