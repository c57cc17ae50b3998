//! Which inputs of a record are not those that its scorecard came from, in words.

mod settings;

use self::settings::{compare, settings_words};
use super::{HeldPack, Record, digest_of};
use evenhand_analysis::since::{Cause, Input};
use evenhand_core::document::{Document, Format};
use evenhand_core::receipt::{PROFILES, SETTINGS, canonical, digest, takes_part};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::shorten;
use evenhand_diagnostic::words::{English, Words};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Places of a scorecard that are named where no input explains why it differs.
const PLACES: usize = 12;

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The record does not agree with itself.
    Inside,
    /// The program is of another version.
    Program,
    /// A plugin is another one.
    Plugin,
    /// Another input is.
    Input,
    /// Something came out otherwise.
    Outcome,
    /// No input explains it: the scorecard in the record was changed.
    Card,
}

/// How the scorecard of a record differs from `again`, which the same inputs gave here, under the `settings` in force here: the
/// inputs that are not the same, in words, then what came out otherwise. Nothing if both are the same.
pub fn differences(record: &Record, again: &Value, settings: &Value) -> Vec<String> {
    let parts = parts(record, again, settings).into_iter();
    parts.map(|(_, words)| words).collect()
}

/// What was touched in a record after it was written. `again` is what judging from it gives here with the settings then in
/// force; without it, only what the record says of itself is compared. What another version of the program or another plugin
/// explains is no trace of anybody.
pub fn touched(record: &Record, again: Option<(&Value, &Value)>) -> Vec<String> {
    let Some((again, settings)) = again else {
        return inside(record);
    };
    let parts = parts(record, again, settings);
    let has = |wanted: Part| parts.iter().any(|(part, _)| *part == wanted);
    let (other_program, other_plugin) = (has(Part::Program), has(Part::Plugin));
    let counts = |part: Part| match part {
        Part::Inside => true,
        Part::Input => !other_program,
        Part::Card => !other_program && !other_plugin,
        Part::Program | Part::Plugin | Part::Outcome => false,
    };
    let found = parts.iter().filter(|(part, _)| counts(*part));
    found.map(|(_, words)| words.clone()).collect()
}

fn parts(record: &Record, again: &Value, settings: &Value) -> Vec<(Part, String)> {
    let same = canonical(&record.scorecard) == canonical(again);
    let mut found: Vec<(Part, String)> = Vec::new();
    let mut add = |part: Part, words: Vec<String>| {
        found.extend(words.into_iter().map(|words| (part, words)));
    };
    let own = inside(record);
    if same && own.is_empty() {
        return found;
    }
    add(Part::Inside, own);
    let profile = record.profile.as_ref().map(|profile| profile.name.as_str());
    let profile = profile.unwrap_or("the options");
    let (old, new) = (receipt(&record.scorecard), receipt(again));
    for (part, key, what) in [
        (Part::Program, "engine", "the version of the engine"),
        (Part::Input, "date", DAY),
        (Part::Program, "seed", "the seed of the draws"),
    ] {
        add(
            part,
            changed(what, old.get(key), new.get(key), &English)
                .into_iter()
                .collect(),
        );
    }
    let language = |card: &Value| card.get("locale").cloned();
    let languages = (language(&record.scorecard), language(again));
    let (was, is) = (languages.0.as_ref(), languages.1.as_ref());
    let language = changed("the language", was, is, &English);
    add(Part::Input, language.into_iter().collect());
    if old.get("proposal") != new.get("proposal") {
        let facts = facts(&record.scorecard, again);
        let words = format!("the proposal is not the one that was judged{facts}");
        add(Part::Input, vec![words]);
    }
    let (was, is) = (map(&old, "files"), map(&new, "files"));
    add(Part::Input, files(&was, &is, &English));
    if map(&old, "files").get(SETTINGS) != map(&new, "files").get(SETTINGS) {
        let held = record.opened();
        let of = (profile, held.as_ref());
        let mut words = settings_words((&record.settings, settings), of, &English);
        if words.is_empty() {
            words.push("the settings in force are not those of the receipt".to_owned());
        }
        add(Part::Input, words);
    }
    add(
        Part::Plugin,
        plugins(&map(&old, "plugins"), &map(&new, "plugins"), &English),
    );
    if found.is_empty() || !same {
        let explained = !found.is_empty();
        let words = outcome(&record.scorecard, again);
        found.extend(words.into_iter().map(|words| (Part::Outcome, words)));
        if !explained {
            found.push((Part::Card, places(&record.scorecard, again)));
        }
    }
    found
}

/// Inputs of a record that are others today, besides the proposal, each with its cause, in the language of `words`.
pub fn inputs(record: &Record, today: &Today<'_>, words: &dyn Words) -> Vec<Input> {
    let mut found = Vec::new();
    let mut add = |cause: Cause, said: Vec<String>| {
        found.extend(said.into_iter().map(|words| Input { cause, words }));
    };
    let (old, new) = (receipt(&record.scorecard), receipt(today.card));
    let engine = changed(
        words.word("the version of the engine"),
        old.get("engine"),
        new.get("engine"),
        words,
    );
    add(Cause::Program, engine.into_iter().collect());
    let (was, is) = (map(&old, "plugins"), map(&new, "plugins"));
    let bundled = |of: &Map<String, Value>| -> Map<String, Value> {
        let own = of.iter();
        let own =
            own.filter(|(_, plugin)| plugin.get("mode").and_then(Value::as_str) == Some("bundled"));
        own.map(|(id, plugin)| (id.clone(), plugin.clone()))
            .collect()
    };
    let others = |of: &Map<String, Value>, own: &Map<String, Value>| -> Map<String, Value> {
        let others = of.iter().filter(|(id, _)| !own.contains_key(*id));
        others
            .map(|(id, plugin)| (id.clone(), plugin.clone()))
            .collect()
    };
    let own = (bundled(&was), bundled(&is));
    add(Cause::Program, plugins(&own.0, &own.1, words));
    add(
        Cause::Plugins,
        plugins(&others(&was, &own.0), &others(&is, &own.1), words),
    );
    add(Cause::Rules, packs(&record.packs, today, words));
    let settings = settings_words(
        (&record.settings, &unplaced(today.settings)),
        (today.profile, None),
        words,
    );
    add(Cause::Settings, settings);
    add(
        Cause::Day,
        changed(words.word(DAY), old.get("date"), new.get("date"), words)
            .into_iter()
            .collect(),
    );
    found
}

/// What a record is compared with: the inputs of today.
#[derive(Debug, Clone, Copy)]
pub struct Today<'a> {
    /// The packs.
    pub packs: &'a [HeldPack],
    /// The settings in force.
    pub settings: &'a Value,
    /// The name of the profile's file.
    pub profile: &'a str,
    /// The scorecard, as `--format json` writes it.
    pub card: &'a Value,
}

const DAY: &str = "the day of the evaluation";

/// Settings as a record holds them: packs by the names of their folders, without those above them.
fn unplaced(settings: &Value) -> Value {
    let mut settings = settings.clone();
    if let Some(Value::Object(packs)) = settings.get_mut("packs") {
        let named = std::mem::take(packs).into_iter();
        *packs = named
            .map(|(folder, reason)| (super::last(&folder).to_owned(), reason))
            .collect();
    }
    settings
}

/// The files of packs that are others, in words; translations into other languages than today's take no part.
fn packs(old: &[HeldPack], today: &Today<'_>, words: &dyn Words) -> Vec<String> {
    let language = today
        .card
        .get("locale")
        .and_then(Value::as_str)
        .unwrap_or("en");
    let all = |packs: &[HeldPack]| -> Map<String, Value> {
        let files = packs.iter().flat_map(|pack| {
            let own = pack
                .files
                .iter()
                .filter(|(path, _)| takes_part(path, language));
            own.map(|(path, text)| {
                (
                    format!("{}/{path}", pack.folder),
                    Value::from(text.as_str()),
                )
            })
        });
        files.collect()
    };
    files(&all(old), &all(today.packs), words)
}

/// What a record's proposal says, with ranges as the schemas of its packs read them.
fn told(record: &Record, proposal: &Document) -> Value {
    let schemas = record.packs.iter().filter_map(|pack| {
        let text = pack.files.get("schema.json")?;
        let document = Document::parse("schema.json", text.as_bytes(), Format::Json).ok()?;
        evenhand_core::schema::parse(&document).ok()
    });
    schemas.fold(proposal.value().clone(), |value, schema| {
        schema.with_ranges(&value).into_owned()
    })
}

/// What does not agree within the record itself.
fn inside(record: &Record) -> Vec<String> {
    let files = map(&receipt(&record.scorecard), "files");
    let settings = digest(&[&canonical(&record.settings)]);
    let stated = files.get(SETTINGS).and_then(Value::as_str);
    let mut found = Vec::new();
    if stated.is_some_and(|stated| stated != settings) {
        found.push("the settings that the record lists are not those of its receipt".to_owned());
    }
    let proposal = record.proposal.document().ok();
    let proposal = proposal.map(|document| digest(&[&canonical(&told(record, &document))]));
    let receipt = receipt(&record.scorecard);
    let judged = receipt.get("proposal").and_then(Value::as_str);
    if proposal
        .zip(judged)
        .is_some_and(|(held, judged)| held != judged)
    {
        found.push("the proposal in the record is not the one of its receipt".to_owned());
    }
    for pack in &record.packs {
        for (path, text) in &pack.files {
            let stated = files.get(&format!("{}/{path}", pack.folder));
            let stated = stated.and_then(Value::as_str);
            // Files of other languages take no part, and have no digest.
            if stated.is_some_and(|stated| stated != digest_of(text)) {
                found.push(format!(
                    "{} in the record is not the one of its receipt",
                    named(&format!("{}/{path}", pack.folder), &English)
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

fn changed(
    what: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    words: &dyn Words,
) -> Option<String> {
    (old.unwrap_or(&Value::Null) != new.unwrap_or(&Value::Null))
        .then(|| moved(what, &shown(old, words), &shown(new, words), words))
}

/// What something was and is.
fn moved(what: &str, old: &str, new: &str, words: &dyn Words) -> String {
    let parts = [("what", what), ("old", old), ("new", new)];
    words.say("{what}: {old} → {new}", &parts)
}

fn shown(value: Option<&Value>, words: &dyn Words) -> String {
    match value {
        None | Some(Value::Null) => words.word("not set").to_owned(),
        Some(Value::String(text)) => shorten(text, 60),
        Some(Value::Number(number)) => words.number(number.as_f64().unwrap_or_default()),
        Some(other) => match evenhand_diagnostic::text::ends(other) {
            Some((from, to)) => format!("{}–{}", words.number(from), words.number(to)),
            None => shorten(&other.to_string(), 60),
        },
    }
}

/// The answers that findings rest on and that are others now.
fn facts(old: &Value, new: &Value) -> String {
    let (old, new) = (evidence(old), evidence(new));
    let differ = old.iter().filter_map(|(path, value)| {
        let now = new.get(path)?;
        let dotted = Pointer::from_json(path.as_str()).dotted();
        let (was, is) = (shown(Some(value), &English), shown(Some(now), &English));
        (now != value).then(|| format!("{dotted} {was} → {is}"))
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

fn files(old: &Map<String, Value>, new: &Map<String, Value>, words: &dyn Words) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let names = names.into_iter().filter(|name| *name != SETTINGS);
    let differ = names.filter(|name| old.get(*name) != new.get(*name));
    differ
        .map(|name| {
            let what = named(name, words);
            match (old.get(name), new.get(name)) {
                (Some(_), Some(_)) => {
                    words.say("{what} is not the one that took part", &[("what", &what)])
                }
                (was, _) => there(&what, was.is_some(), words),
            }
        })
        .collect()
}

/// That something is there only then, or only now.
fn there(what: &str, then: bool, words: &dyn Words) -> String {
    let template = if then {
        "{what} took part, and is missing"
    } else {
        "{what} took no part, and is there"
    };
    words.say(template, &[("what", what)])
}

/// What a file is.
fn named(name: &str, words: &dyn Words) -> String {
    if let Some(profile) = name.strip_prefix(PROFILES) {
        return words.say("the profile {name}", &[("name", profile)]);
    }
    let (folder, path) = name.split_once('/').unwrap_or(("", name));
    let (template, name) = match (path.split_once('/'), path.rsplit_once('.')) {
        (Some(("lib", id)), _) => ("the library {name} of the pack {folder}", id),
        (Some(("locales", path)), _) => ("the translations {name} of the pack {folder}", path),
        _ if path == "schema.json" => ("the schema of the pack {folder}", ""),
        _ if path == "sources.toml" => ("the source list of the pack {folder}", ""),
        _ if path == "pack.toml" => ("the declaration of the pack {folder}", ""),
        (_, Some((id, "md"))) => ("the page of {name} in the pack {folder}", id),
        (_, Some((id, "rhai"))) => ("the script of {name} in the pack {folder}", id),
        _ => ("the file {name} of the pack {folder}", path),
    };
    words.say(template, &[("name", name), ("folder", folder)])
}

fn plugins(old: &Map<String, Value>, new: &Map<String, Value>, words: &dyn Words) -> Vec<String> {
    let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut found = Vec::new();
    for id in ids {
        let part = |of: &Map<String, Value>, key: &str| {
            let value = of.get(id).and_then(|plugin| plugin.get(key));
            let none = words.word("none");
            value.and_then(Value::as_str).unwrap_or(none).to_owned()
        };
        match (old.get(id), new.get(id)) {
            (Some(was), Some(is)) if was == is => {}
            (Some(_), Some(_)) => {
                for (key, what) in [
                    ("version", "the version of the plugin {id}"),
                    ("sha256", "the digest of the plugin {id}"),
                    ("mode", "the mode of the plugin {id}"),
                    ("signer", "the signer of the plugin {id}"),
                ] {
                    let (was, is) = (part(old, key), part(new, key));
                    if was != is {
                        let (was, is) = (shorten(&was, 16), shorten(&is, 16));
                        let what = words.say(what, &[("id", id)]);
                        found.push(moved(&what, &was, &is, words));
                    }
                }
            }
            (was, _) => {
                let what = words.say("the plugin {plugin}", &[("plugin", id)]);
                found.push(there(&what, was.is_some(), words));
            }
        }
    }
    found
}

/// What came out otherwise: verdict, points, findings.
fn outcome(old: &Value, new: &Value) -> Vec<String> {
    let at = |card: &Value, pointer: &str| card.pointer(pointer).cloned();
    let mut found = Vec::new();
    let words = (at(old, "/verdict/word"), at(new, "/verdict/word"));
    found.extend(changed(
        "then the verdict is",
        words.0.as_ref(),
        words.1.as_ref(),
        &English,
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
                &English,
            ));
        }
    }
    found
}

/// Where two scorecards differ that no input explains.
fn places(old: &Value, new: &Value) -> String {
    let mut leaves = Vec::new();
    compare(old, new, &mut Vec::new(), &mut leaves);
    let places = leaves.iter().take(PLACES).map(|(path, ..)| path.join("/"));
    let places: Vec<String> = places.collect();
    format!(
        "no input differs, so the scorecard in the record was changed: {}",
        places.join(", ")
    )
}

fn by(card: &Value, list: &str, name: &str, key: &str) -> Map<String, Value> {
    let list = card.get(list).and_then(Value::as_array);
    let entries = list.into_iter().flatten().filter_map(|entry| {
        let name = entry.get(name)?.as_str()?.to_owned();
        Some((name, entry.get(key).cloned().unwrap_or_default()))
    });
    entries.collect()
}
