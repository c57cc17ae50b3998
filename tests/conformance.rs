//! What a judgement means, as data: each case of `tests/conformance/*.yaml` through the ordinary session.

use crate::assembly::root;
use evenhand_core::board::BundledPlugins;
use evenhand_core::date::Date;
use evenhand_core::document::{Document, Format};
use evenhand_core::executor::Sequential;
use evenhand_core::pack::PackFiles;
use evenhand_core::profile::Profile;
use evenhand_core::words::English;
use evenhand_report::json;
use evenhand_session::{Distribution, Session};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    dimensions: Vec<String>,
    #[serde(default)]
    fields: Map<String, Value>,
    cases: Vec<Case>,
}

/// A case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "shows")]
    _shows: String,
    #[serde(default)]
    rules: BTreeMap<String, Map<String, Value>>,
    #[serde(default)]
    board: BTreeMap<String, Map<String, Value>>,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    proposal: Map<String, Value>,
    expect: Value,
}

fn read(name: &str, bytes: &[u8]) -> File {
    let document = Document::parse(name, bytes, Format::Yaml);
    let document = document.unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
    let file = serde_json::from_value(document.value().clone());
    file.unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn all() -> Vec<(String, File)> {
    let folder = root().join("tests/conformance");
    let mut files: Vec<(String, File)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = std::fs::read(&path).unwrap();
            let file = read(&name, &bytes);
            (name, file)
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

/// The script of a rule that finds what a case says.
fn finds(what: &Value) -> String {
    let degree = |value: &Value| match value.as_f64() {
        Some(degree) if degree >= 1.0 => "met(\"It is so\")".to_owned(),
        Some(degree) if degree <= 0.0 => "unmet(\"It is not so\")".to_owned(),
        Some(degree) => format!("partly({degree:?}, \"It is so in part\")"),
        None => panic!("{value} is no degree"),
    };
    let body = match what {
        Value::Array(ends) => {
            let ends: Vec<String> = ends.iter().map(ToString::to_string).collect();
            let [low, high] = ends.as_slice() else {
                panic!("{what} has no two ends");
            };
            format!("between({low}, {high}, [\"asked\"], \"It is not known\", #{{}})")
        }
        Value::String(word) if word == "not_applicable" => {
            return "fn applies(program, param) { 1 > 2 }\nfn check(program, param) { met(\"It is so\") }"
                .to_owned();
        }
        Value::String(word) if word == "error" => {
            "if share(1, 0) > 1 { return met(\"It is so\"); } unmet(\"It is not so\")".to_owned()
        }
        other => degree(other),
    };
    format!("fn check(program, param) {{ {body} }}")
}

/// The page and script of a rule, from its settings.
fn rule(id: &str, settings: &Map<String, Value>, files: &mut BTreeMap<String, String>) {
    let mut front = json!({ "title": format!("Rule {id}"), "sources": [], "limits": "Made up." });
    let front = front.as_object_mut().unwrap();
    for (key, value) in settings {
        match key.as_str() {
            "finds" => {
                files.insert(format!("{id}.rhai"), finds(value));
            }
            "script" => {
                let script = value.as_str().unwrap().to_owned();
                files.insert(format!("{id}.rhai"), script);
            }
            _ => {
                front.insert(key.clone(), value.clone());
            }
        }
    }
    if front.contains_key("judge") {
        front.entry("remedy").or_insert_with(|| json!("none"));
    }
    // JSON is YAML, one key on a line.
    let mut page = "---\n".to_owned();
    for (key, value) in front {
        writeln!(page, "{key}: {value}").unwrap();
    }
    page.push_str("---\n\nMade up.\n\n## How it is judged\n\nAs it says.\n");
    files.insert(format!("{id}.md"), page);
}

fn pack(folder: &str, files: BTreeMap<String, String>, bundled: bool) -> PackFiles {
    let files = files.into_iter();
    PackFiles {
        folder: folder.to_owned(),
        files: files
            .map(|(path, text)| (path, text.into_bytes().into()))
            .collect(),
        bundled,
        reason: (!bundled).then(|| "the board's own".to_owned()),
        ..PackFiles::default()
    }
}

fn packs(file: &File, case: &Case) -> Vec<PackFiles> {
    let mut files = BTreeMap::new();
    let mut info = "[pack]\nname = \"conformance\"\n".to_owned();
    for id in &file.dimensions {
        writeln!(info, "[[dimensions]]\nid = \"{id}\"\ntitle = \"{id}\"").unwrap();
    }
    let mut fields = file.fields.clone();
    fields.insert(
        "asked".to_owned(),
        json!({ "type": "string", "title": "asked" }),
    );
    let schema = json!({ "type": "object", "additionalProperties": false, "properties": fields });
    files.insert("pack.toml".to_owned(), info);
    files.insert("schema.json".to_owned(), schema.to_string());
    for (id, settings) in &case.rules {
        rule(id, settings, &mut files);
    }
    let mut packs = vec![pack("conformance", files, true)];
    if !case.board.is_empty() {
        let mut files = BTreeMap::new();
        files.insert(
            "pack.toml".to_owned(),
            "[pack]\nname = \"board\"\n".to_owned(),
        );
        for (id, settings) in &case.board {
            rule(id, settings, &mut files);
        }
        packs.push(pack("board", files, false));
    }
    packs
}

/// The scorecard of a case as JSON.
fn judged(file: &File, case: &Case) -> Value {
    let head = "[profile]\nversion = 2\nname = \"Board\"\n";
    let text = format!("{head}{}", case.profile);
    let document = Profile::document_of("evenhand.toml", text.as_bytes()).unwrap();
    let profile = Profile::read(document).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let distribution = Distribution {
        packs: packs(file, case),
        plugins: Vec::new(),
    };
    let date = Date::read(case.date.as_deref().unwrap_or("2026-11-26"));
    let session = Session::open_on(distribution, Some(&profile), date, Arc::new(Sequential));
    let session = session.unwrap_or_else(|problems| panic!("{}: {problems:#?}", case.name));
    let proposal = Document::from_value("proposal.json", Value::Object(case.proposal.clone()));
    let problems = session.rulebook().check_document(&proposal);
    assert_eq!(problems, [], "{}", case.name);
    let card = session
        .rulebook()
        .judge_beside(&proposal, &English, &BundledPlugins);
    serde_json::from_str(&json::render(&card, &proposal)).unwrap()
}

/// What names an element of a list of the scorecard.
const NAMES: [&str; 4] = ["id", "rule", "what", "code"];

/// Where a scorecard is not what is expected of it; what is not mentioned may be anything.
fn differences(expected: &Value, actual: &Value, at: &str, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, expected) in expected {
                let actual = actual.get(key).unwrap_or(&Value::Null);
                differences(expected, actual, &format!("{at}/{key}"), found);
            }
        }
        // A list of things with names is expected as a table by name.
        (Value::Object(expected), Value::Array(actual)) => {
            for (name, expected) in expected {
                let named =
                    |one: &&Value| NAMES.iter().any(|key| one.get(key) == Some(&json!(name)));
                let actual = actual.iter().find(named).unwrap_or(&Value::Null);
                differences(expected, actual, &format!("{at}/{name}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (expected, actual)) in one.iter().zip(other).enumerate() {
                differences(expected, actual, &format!("{at}/{index}"), found);
            }
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        (one, other) if one == other => {}
        (one, other) => found.push(format!("{at}: expected {one}, and it is {other}")),
    }
}

#[test]
fn every_case_is_judged_as_it_says() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for (name, file) in all() {
        for case in &file.cases {
            let card = judged(&file, case);
            let mut found = Vec::new();
            differences(&case.expect, &card, "", &mut found);
            if !found.is_empty() {
                let failed = card["findings"].as_array().into_iter().flatten();
                found.extend(failed.filter_map(|one| Some(one["error"].as_str()?.to_owned())));
            }
            wrong.extend(
                found
                    .into_iter()
                    .map(|what| format!("{name}: {}: {what}", case.name)),
            );
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 75, "only {count} cases");
}

/// Every expectation with one value changed.
fn spoilt(expected: &Value) -> Vec<Value> {
    let each = |parts: Vec<(String, &Value)>, put: &dyn Fn(&str, Value) -> Value| {
        let parts = parts.into_iter();
        parts
            .flat_map(|(key, part)| {
                spoilt(part)
                    .into_iter()
                    .map(move |part| (key.clone(), part))
            })
            .map(|(key, part)| put(&key, part))
            .collect()
    };
    match expected {
        Value::Object(map) => each(
            map.iter().map(|(key, part)| (key.clone(), part)).collect(),
            &|key, part| {
                let mut map = map.clone();
                map.insert(key.to_owned(), part);
                Value::Object(map)
            },
        ),
        _ => vec![json!("spoilt")],
    }
}

/// No expectation is there for nothing: with any one of them spoilt, its case fails.
#[test]
fn every_expectation_is_looked_at() {
    let mut count = 0;
    for (name, file) in all() {
        for case in &file.cases {
            let card = judged(&file, case);
            for expected in spoilt(&case.expect) {
                let mut found = Vec::new();
                differences(&expected, &card, "", &mut found);
                assert_eq!(found.len(), 1, "{name}: {}: {expected}", case.name);
                count += 1;
            }
        }
    }
    assert!(count >= 150, "only {count} expectations");
}
