//! The schemas of profiles, pages and scorecards describe what there is, and notice what there cannot be.

use super::fits::misfits;
use crate::assembly::{core_pack, evenhand, example_paths, root};
use evenhand_core::document::{Document, Format};
use evenhand_core::source::Source;
use serde_json::{Value, json};
use std::fs;

fn schema(of: &str) -> Value {
    let output = evenhand().args(["schema", of]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What `check --format json` writes of some proposals.
fn scorecards(args: &[&str]) -> Value {
    let mut command = evenhand();
    command
        .current_dir(root())
        .args(["check", "--format", "json"]);
    let output = command.args(args).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn scorecards_of_every_kind_fit_the_published_form() {
    let schema = schema("scorecard");
    let examples = example_paths();
    let refused = "tests/cli/undecided.yaml";
    let mut all: Vec<&str> = examples.iter().map(String::as_str).collect();
    all.extend([
        "--no-profile",
        "--date",
        "2026-06-01",
        "Cargo.toml",
        refused,
    ]);
    let cards = scorecards(&all);
    assert!(cards.as_array().unwrap().len() > 15);
    let nothing: Vec<String> = Vec::new();
    assert_eq!(misfits(&cards, &schema), nothing);
    let text = cards.to_string();
    for part in ["\"diagnostics\":[{", "\"remedy\":[{", "\"inputs\":[{"] {
        assert!(text.contains(part), "no example has {part}");
    }
    // What only a board, a workbook of confirmations or a question brings.
    let own = "examples/boards/four-levels/evenhand.toml";
    let waivers = "tests/cli/waivers.in/evenhand.toml";
    let mut seen = String::new();
    for (profile, proposal) in [
        (own, "examples/boards/four-levels/plans/hill-clinic.yaml"),
        (
            "tests/cli/levels/evenhand.toml",
            "examples/proposals/c05b-haiti-elective.yaml",
        ),
        (waivers, "examples/proposals/c01-anatomy-12.yaml"),
    ] {
        let args = [
            "--verbose",
            "--date",
            "2026-06-01",
            "--profile",
            profile,
            proposal,
        ];
        let card = scorecards(&args);
        assert_eq!(misfits(&card, &schema), nothing, "{profile}");
        seen.push_str(&card.to_string());
    }
    for part in [
        "\"obligations\":[{",
        "\"levels\":[{",
        "\"waivers\":[{",
        "\"board_changes\":{",
    ] {
        assert!(seen.contains(part), "no board has {part}");
    }
}

#[test]
fn a_scorecard_that_is_another_does_not_fit() {
    let schema = schema("scorecard");
    let whole = &schema["$defs"]["scorecard"];
    let mut one = whole.clone();
    one["$defs"] = schema["$defs"].clone();
    let card = scorecards(&["--no-profile", "examples/proposals/c05-haiti-camp.yaml"]);
    let nothing: Vec<String> = Vec::new();
    assert_eq!(misfits(&card, &one), nothing);
    let breaks: [(&str, Value); 6] = [
        ("/schema_version", json!(3)),
        ("/verdict/word", json!("pass")),
        ("/dimensions/0/low", json!("12")),
        ("/dimensions/0/completeness", json!(1.5)),
        ("/findings/0", json!({ "rule": "a/b" })),
        ("/findings/0/evidence/0/line", json!(1.5)),
    ];
    for (at, value) in breaks {
        let mut broken = card.clone();
        *broken.pointer_mut(at).unwrap() = value;
        assert_ne!(misfits(&broken, &one), nothing, "{at}");
    }
    let mut more = card;
    more["score"] = json!(80);
    assert_eq!(misfits(&more, &one), ["/score is not in the schema"]);
}

#[test]
fn profiles_fit_the_published_form() {
    let schema = schema("profile");
    let read = |path: &str| {
        let text = fs::read(root().join(path)).unwrap();
        Document::parse(path, &text, Format::Toml).unwrap()
    };
    let nothing: Vec<String> = Vec::new();
    for path in [
        "examples/boards/four-levels/evenhand.toml",
        "tests/cli/profile.in/good.toml",
        "tests/cli/levels/evenhand.toml",
        "tests/cli/waivers.in/evenhand.toml",
    ] {
        assert_eq!(misfits(read(path).value(), &schema), nothing, "{path}");
    }
    let wrong = [
        (json!({ "profil": {} }), "/profil is not in the schema"),
        (
            json!({ "rules": { "ethics/host-need": { "wieght": 2 } } }),
            "/rules/ethics/host-need/wieght is not in the schema",
        ),
        (
            json!({ "rules": { "own/rule": { "enabled": 1 } } }),
            "/rules/own/rule/enabled is 1, not \"boolean\"",
        ),
    ];
    for (profile, said) in wrong {
        assert_eq!(misfits(&profile, &schema), [said]);
    }
    // An editor says what a rule and its parameters are.
    let need = &schema["properties"]["rules"]["properties"]["ethics/host-need"];
    assert!(need["title"].is_string(), "{need}");
    let described =
        |schema: &Value| schema["description"].is_string() && schema["examples"].is_array();
    let rule = &schema["$defs"]["rules"]["properties"];
    for key in ["enabled", "weight", "gate", "severity"] {
        assert!(described(&rule[key]), "{key}");
    }
}

#[test]
fn pages_of_rules_fit_the_published_form() {
    let schema = schema("page");
    let pack = core_pack(false);
    let nothing: Vec<String> = Vec::new();
    let mut count = 0;
    for id in pack.rule_ids() {
        let source: Source = pack.source(&format!("{id}.md")).unwrap().unwrap();
        let text = source.text();
        let end = text.find("\n---").unwrap();
        let front = Document::parse_part(&source, 4..end, Format::Yaml).unwrap();
        assert_eq!(misfits(front.value(), &schema), nothing, "{id}");
        count += 1;
    }
    assert!(count > 80, "{count} pages");
    assert_eq!(misfits(&json!({ "severity": "grave" }), &schema).len(), 1);
}
