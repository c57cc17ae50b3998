//! Settings that differ, in words, with the file that says them.

use super::shown;
use evenhand_core::profile::{Origin, Profile};
use evenhand_core::receipt::canonical;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The settings that differ, each with the file that says it; `profile` is the board's own, by its name and with those it extends.
pub(super) fn settings_words(
    old: &Value,
    new: &Value,
    (profile, held): (&str, Option<&Profile>),
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
            let what = setting(&steps);
            let file = file_of(&key(&steps)).unwrap_or_else(|| profile.to_owned());
            format!(
                "{what} {} → {} in {file}",
                shown(old.as_ref()),
                shown(new.as_ref())
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

fn setting(steps: &[&str]) -> String {
    match steps {
        ["weights", id] => format!("weight of {id}"),
        ["titles", id] => format!("title of {id}"),
        ["words", code] => format!("word for {code}"),
        ["order"] => "order of levels".to_owned(),
        ["dimensions", ..] => "order of dimensions".to_owned(),
        ["no_numbers", ..] => "dimensions without numbers".to_owned(),
        ["obligations", ..] => "an obligation".to_owned(),
        ["fields_only", name] => format!("rules of the pack {name}"),
        ["rules", id, "params", name, ..] => format!("parameter {name} of {id}"),
        ["rules", id, key, ..] => format!("{key} of {id}"),
        ["thresholds", id] => format!("threshold of {id}"),
        ["levels", level] => format!("points of the level {level}"),
        ["not_judged", id] => format!("why {id} is not judged"),
        ["plugins", id, name, ..] => format!("setting {name} of the plugin {id}"),
        ["reasons", path] => format!(
            "reason of {}",
            path.trim_start_matches('/').replace('/', ".")
        ),
        ["packs", name] => format!("reason of the pack {name}"),
        ["waivers", index, key] => {
            let number = index.parse::<usize>().map_or(0, |index| index + 1);
            format!("`{key}` of waiver {number}")
        }
        ["waivers", index] => {
            let number = index.parse::<usize>().map_or(0, |index| index + 1);
            format!("waiver {number}")
        }
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
