//! Which inputs of a record are not those that its scorecard came from, in words.

use super::{Record, digest_of};
use evenhand_core::receipt::{SETTINGS, canonical, digest};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::shorten;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Places of a scorecard that are named where no input explains why it differs.
const PLACES: usize = 12;

/// How the scorecard of a record differs from `again`, which the same inputs gave here, under the `settings` in force here: the
/// inputs that are not the same, in words, then what came out otherwise. Nothing if both are the same.
pub fn differences(record: &Record, again: &Value, settings: &Value) -> Vec<String> {
    let same = canonical(&record.scorecard) == canonical(again);
    let mut found = own(record);
    if same && found.is_empty() {
        return found;
    }
    let profile = record.profile.as_ref().map(|profile| profile.name.as_str());
    let profile = profile.unwrap_or("the options");
    let (old, new) = (receipt(&record.scorecard), receipt(again));
    for (key, what) in [
        ("engine", "the version of the engine"),
        ("date", "the day of the evaluation"),
        ("seed", "the seed of the draws"),
    ] {
        found.extend(changed(what, old.get(key), new.get(key)));
    }
    let language = |card: &Value| card.get("locale").cloned();
    let languages = (language(&record.scorecard), language(again));
    found.extend(changed(
        "the language",
        languages.0.as_ref(),
        languages.1.as_ref(),
    ));
    if old.get("proposal") != new.get("proposal") {
        found.push(format!(
            "the proposal is not the one that was judged{}",
            facts(&record.scorecard, again)
        ));
    }
    found.extend(files(&map(&old, "files"), &map(&new, "files")));
    if map(&old, "files").get(SETTINGS) != map(&new, "files").get(SETTINGS) {
        let words = settings_words(&record.settings, settings, profile);
        if words.is_empty() {
            found.push("the settings in force are not those of the receipt".to_owned());
        }
        found.extend(words);
    }
    found.extend(plugins(&map(&old, "plugins"), &map(&new, "plugins")));
    if found.is_empty() || !same {
        found.extend(outcome(&record.scorecard, again, found.is_empty()));
    }
    found
}

/// What does not agree within the record itself.
fn own(record: &Record) -> Vec<String> {
    let files = map(&receipt(&record.scorecard), "files");
    let settings = digest(&[&canonical(&record.settings)]);
    let stated = files.get(SETTINGS).and_then(Value::as_str);
    let mut found = Vec::new();
    if stated.is_some_and(|stated| stated != settings) {
        found.push("the settings that the record lists are not those of its receipt".to_owned());
    }
    for pack in &record.packs {
        for (path, text) in &pack.files {
            let stated = files.get(&format!("{}/{path}", pack.folder));
            let stated = stated.and_then(Value::as_str);
            // Files of other languages take no part, and have no digest.
            if stated.is_some_and(|stated| stated != digest_of(text)) {
                found.push(format!(
                    "{} in the record is not the one of its receipt",
                    named(&format!("{}/{path}", pack.folder))
                ));
            }
        }
    }
    found
}

fn receipt(card: &Value) -> Value {
    card.get("receipt").cloned().unwrap_or_default()
}

fn map(value: &Value, key: &str) -> Map<String, Value> {
    let map = value.get(key).and_then(Value::as_object);
    map.cloned().unwrap_or_default()
}

fn changed(what: &str, old: Option<&Value>, new: Option<&Value>) -> Option<String> {
    (old.unwrap_or(&Value::Null) != new.unwrap_or(&Value::Null))
        .then(|| format!("{what}: {} → {}", shown(old), shown(new)))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "not set".to_owned(),
        Some(Value::String(text)) => shorten(text, 60),
        Some(Value::Number(number)) => {
            evenhand_diagnostic::text::number(number.as_f64().unwrap_or_default())
        }
        Some(other) => shorten(&other.to_string(), 60),
    }
}

/// The answers that findings rest on and that are others now.
fn facts(old: &Value, new: &Value) -> String {
    let (old, new) = (evidence(old), evidence(new));
    let differ = old.iter().filter_map(|(path, value)| {
        let now = new.get(path)?;
        let dotted = Pointer::from_json(path.as_str()).dotted();
        (now != value).then(|| format!("{dotted} {} → {}", shown(Some(value)), shown(Some(now))))
    });
    let list: Vec<String> = differ.take(PLACES).collect();
    if list.is_empty() {
        String::new()
    } else {
        format!(": {}", list.join(", "))
    }
}

fn evidence(card: &Value) -> Map<String, Value> {
    let findings = card.get("findings").and_then(Value::as_array);
    let mut found = Map::new();
    for finding in findings.into_iter().flatten() {
        let facts = finding.get("evidence").and_then(Value::as_array);
        for fact in facts.into_iter().flatten() {
            if let Some(path) = fact.get("path").and_then(Value::as_str) {
                found.insert(
                    path.to_owned(),
                    fact.get("value").cloned().unwrap_or_default(),
                );
            }
        }
    }
    found
}

fn files(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let names = names.into_iter().filter(|name| *name != SETTINGS);
    let differ = names.filter(|name| old.get(*name) != new.get(*name));
    differ
        .map(|name| match (old.get(name), new.get(name)) {
            (Some(_), Some(_)) => format!("{} is not the one that took part", named(name)),
            (Some(_), None) => format!("{} took part, and is missing", named(name)),
            _ => format!("{} took no part, and is there", named(name)),
        })
        .collect()
}

/// What a file of a pack is.
fn named(name: &str) -> String {
    let (folder, path) = name.split_once('/').unwrap_or(("", name));
    let whole = |what: &str| format!("the {what} of the pack {folder}");
    if let Some(id) = path.strip_prefix("lib/") {
        return format!("the library {id} of the pack {folder}");
    }
    if let Some(path) = path.strip_prefix("locales/") {
        return format!("the translations {path} of the pack {folder}");
    }
    match path {
        "schema.json" => whole("schema"),
        "sources.toml" => whole("source list"),
        "pack.toml" => whole("declaration"),
        _ => match path.rsplit_once('.') {
            Some((id, "md")) => format!("the page of {id} in the pack {folder}"),
            Some((id, "rhai")) => format!("the script of {id} in the pack {folder}"),
            _ => format!("the file {path} of the pack {folder}"),
        },
    }
}

fn settings_words(old: &Value, new: &Value, profile: &str) -> Vec<String> {
    let mut leaves = Vec::new();
    compare(old, new, &mut Vec::new(), &mut leaves);
    leaves
        .into_iter()
        .map(|(path, old, new)| {
            let steps: Vec<&str> = path.iter().map(String::as_str).collect();
            let what = setting(&steps);
            format!(
                "{what} {} → {} in {profile}",
                shown(old.as_ref()),
                shown(new.as_ref())
            )
        })
        .collect()
}

fn setting(steps: &[&str]) -> String {
    match steps {
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

type Leaf = (Vec<String>, Option<Value>, Option<Value>);

/// The places where two values differ, as deep as both have them.
fn compare(old: &Value, new: &Value, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
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

fn plugins(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut found = Vec::new();
    for id in ids {
        let part = |of: &Map<String, Value>, key: &str| {
            let value = of.get(id).and_then(|plugin| plugin.get(key));
            value.and_then(Value::as_str).unwrap_or("none").to_owned()
        };
        match (old.get(id), new.get(id)) {
            (Some(was), Some(is)) if was == is => {}
            (Some(_), Some(_)) => {
                for (key, what) in [
                    ("version", "version"),
                    ("sha256", "digest"),
                    ("mode", "mode"),
                    ("signer", "signer"),
                ] {
                    let (was, is) = (part(old, key), part(new, key));
                    if was != is {
                        let (was, is) = (shorten(&was, 16), shorten(&is, 16));
                        found.push(format!("the {what} of the plugin {id}: {was} → {is}"));
                    }
                }
            }
            (Some(_), None) => found.push(format!("the plugin {id} took part, and is missing")),
            _ => found.push(format!("the plugin {id} took no part, and is there")),
        }
    }
    found
}

/// What came out otherwise: verdict, points, findings; and, where no input explains it, where else the scorecards differ.
fn outcome(old: &Value, new: &Value, unexplained: bool) -> Vec<String> {
    let at = |card: &Value, pointer: &str| card.pointer(pointer).cloned();
    let mut found = Vec::new();
    let words = (at(old, "/verdict/word"), at(new, "/verdict/word"));
    found.extend(changed(
        "then the verdict is",
        words.0.as_ref(),
        words.1.as_ref(),
    ));
    for (list, name, key, what) in [
        ("dimensions", "id", "low", "points of"),
        ("findings", "rule", "outcome", "the finding of"),
    ] {
        let (old, new) = (by(old, list, name, key), by(new, list, name, key));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            found.extend(changed(
                &format!("then {what} {name}"),
                old.get(name),
                new.get(name),
            ));
        }
    }
    if unexplained {
        let mut leaves = Vec::new();
        compare(old, new, &mut Vec::new(), &mut leaves);
        let places = leaves.iter().take(PLACES).map(|(path, ..)| path.join("/"));
        let places: Vec<String> = places.collect();
        found.push(format!(
            "no input differs, so the scorecard in the record was changed: {}",
            places.join(", ")
        ));
    }
    found
}

fn by(card: &Value, list: &str, name: &str, key: &str) -> Map<String, Value> {
    let list = card.get(list).and_then(Value::as_array);
    let entries = list.into_iter().flatten().filter_map(|entry| {
        let name = entry.get(name)?.as_str()?.to_owned();
        Some((name, entry.get(key).cloned().unwrap_or_default()))
    });
    entries.collect()
}
