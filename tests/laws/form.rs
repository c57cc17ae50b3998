//! How a proposal is written down changes nothing: the order of keys, the format, the folder.

use super::nothing;
use crate::assembly::{book, evenhand, example_paths, examples, root};
use evenhand_core::document::{Document, Format};
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

/// Every example in every format, and with its keys in four other orders.
#[test]
fn the_order_of_keys_and_the_format_change_nothing() {
    let mut wrong = Vec::new();
    for (name, proposal) in examples() {
        let before = essence(&book().judge(&proposal));
        let value = proposal.value();
        let json = serde_json::to_string_pretty(value).unwrap();
        let toml = toml::to_string(value).unwrap();
        let mut forms = vec![
            ("JSON".to_owned(), Format::Json, json),
            ("TOML".to_owned(), Format::Toml, toml),
            ("YAML".to_owned(), Format::Yaml, yaml(value, 0)),
        ];
        forms.extend((0..4).map(|turn| {
            let text = reordered(value, turn);
            (format!("order {turn}"), Format::Json, text)
        }));
        for (form, format, text) in forms {
            let again = Document::parse(proposal.name(), text.as_bytes(), format)
                .unwrap_or_else(|problems| panic!("{name} as {form}: {problems:?}\n{text}"));
            if essence(&book().judge(&again)) != before {
                wrong.push(format!("{name} as {form}"));
            }
        }
    }
    nothing(&wrong);
}

/// Everything on a scorecard but the form of the proposal.
fn essence(card: &Scorecard) -> String {
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{}",
        card.verdict, card.dimensions, card.findings, card.derived, card.receipt.proposal
    )
}

/// JSON with the keys of every group backwards, and then as many of them moved to the end as `turn` says.
fn reordered(value: &Value, turn: usize) -> String {
    match value {
        Value::Object(map) => {
            let mut parts: Vec<String> = map
                .iter()
                .rev()
                .map(|(key, value)| {
                    format!("{}: {}", Value::String(key.clone()), reordered(value, turn))
                })
                .collect();
            let moved = turn % parts.len().max(1);
            parts.rotate_left(moved);
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| reordered(item, turn)).collect();
            format!("[{}]", items.join(", "))
        }
        plain => plain.to_string(),
    }
}

/// YAML in blocks, as people write it; texts in double quotes, which YAML shares with JSON.
fn yaml(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) if !map.is_empty() => {
            let line = |(key, value)| format!("\n{indent}{key}: {}", yaml(value, depth + 1));
            map.iter().map(line).collect::<Vec<_>>().concat()
        }
        Value::Array(items) if !items.is_empty() => {
            let line = |item| format!("\n{indent}- {}", yaml(item, depth + 1).trim_start());
            items.iter().map(line).collect::<Vec<_>>().concat()
        }
        plain => plain.to_string(),
    }
}

#[test]
fn the_same_bytes_come_out_again_and_in_any_folder() {
    let elsewhere = tempfile::tempdir().unwrap();
    let paths = example_paths();
    for path in &paths {
        let copy = elsewhere.path().join(path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(root().join(path), copy).unwrap();
    }
    for format in ["text", "json"] {
        let run = |folder: &Path| -> Output {
            let mut command = evenhand();
            command
                .current_dir(folder)
                .args(["check", "--format", format]);
            command.args(&paths).output().unwrap()
        };
        let (first, again, there) = (run(&root()), run(&root()), run(elsewhere.path()));
        assert_eq!(
            first.stderr,
            b"",
            "{}",
            String::from_utf8_lossy(&first.stderr)
        );
        assert!(first.stdout.len() > 10_000);
        assert!(first == again, "another {format} the second time");
        assert!(first == there, "another {format} in another folder");
    }
}

#[test]
fn reordered_keys_are_other_bytes_and_the_same_value() {
    let value =
        serde_json::json!({ "a": 1, "b": 2, "c": { "d": [{ "e": 1, "f": 2 }], "g": null } });
    let texts: Vec<String> = (0..3).map(|turn| reordered(&value, turn)).collect();
    let sorted = value.to_string();
    assert!(texts.iter().all(|text| *text != sorted));
    assert!(texts[0] != texts[1] && texts[1] != texts[2]);
    for text in texts {
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
