//! The steps of `action.yml`, run as a workflow runs them.

#![expect(clippy::indexing_slicing, reason = "a test may fail")]

use crate::assembly::root;
use evenhand_document::document::{Document, Format};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

fn action() -> Value {
    let bytes = fs::read(root().join("action.yml")).unwrap();
    let document = Document::parse("action.yml", &bytes, Format::Yaml).unwrap();
    document.value().clone()
}

/// What stands between `${{` and `}}`, looked up in what the inputs and earlier steps say.
fn filled(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (name, after) = after.split_once("}}").unwrap();
        filled.push_str(before);
        filled.push_str(
            known
                .get(name.trim())
                .unwrap_or_else(|| panic!("{name} is not known")),
        );
        rest = after;
    }
    filled + rest
}

/// Runs the action with inputs: the exit code of its last step, its output, and the summary of the run.
fn run(inputs: &[(&str, &str)], folder: &Path) -> (i32, BTreeMap<String, String>, String) {
    let action = action();
    let mut known = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().unwrap() {
        let given = inputs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value);
        let value = given.or(input["default"].as_str());
        known.insert(format!("inputs.{name}"), value.unwrap().to_owned());
    }
    let summary = folder.join("summary.md");
    let mut code = 0;
    for step in action["runs"]["steps"].as_array().unwrap() {
        let output = folder.join("output");
        fs::write(&output, "").unwrap();
        let env = step["env"].as_object().unwrap();
        let env = env
            .iter()
            .map(|(key, value)| (key, filled(value.as_str().unwrap(), &known)));
        let status = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
            .arg(step["run"].as_str().unwrap())
            .current_dir(folder)
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("RUNNER_TEMP", folder)
            .envs(env)
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        code = status.code().unwrap();
        for line in fs::read_to_string(&output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            let step = step["id"].as_str().unwrap();
            known.insert(format!("steps.{step}.outputs.{name}"), value.to_owned());
        }
    }
    let outputs = action["outputs"].as_object().unwrap().iter();
    let outputs = outputs.map(|(name, output)| {
        (
            name.clone(),
            filled(output["value"].as_str().unwrap(), &known),
        )
    });
    (
        code,
        outputs.collect(),
        fs::read_to_string(&summary).unwrap_or_default(),
    )
}

#[test]
fn the_action_fails_where_the_board_says_so_and_shows_the_report() {
    let example = |name: &str| {
        root()
            .join("examples/proposals")
            .join(name)
            .display()
            .to_string()
    };
    let (camp, exchange) = (example("c05-haiti-camp.yaml"), example("c11-ampath.yaml"));
    let both = format!("{camp}\n\n{exchange}\n");
    for (proposals, fail_on, code, exit) in [
        (&camp, "stop", 1, "1"),
        (&both, "stop", 1, "1"),
        (&exchange, "stop", 0, "0"),
        (&exchange, "revise", 1, "1"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let inputs = [
            ("proposals", proposals.as_str()),
            ("fail-on", fail_on),
            ("evenhand", env!("CARGO_BIN_EXE_evenhand")),
            ("sarif", "findings.sarif"),
        ];
        let (ended, outputs, summary) = run(&inputs, folder.path());
        assert_eq!(
            (ended, outputs["exit-code"].as_str()),
            (code, exit),
            "{proposals} {fail_on}"
        );
        assert!(summary.contains("# "), "{summary}");
        let sarif = fs::read(folder.path().join("findings.sarif")).unwrap();
        let log: Value = serde_json::from_slice(&sarif).unwrap();
        assert_eq!(log["version"], "2.1.0");
    }
}

#[test]
fn an_open_question_fails_the_action_only_where_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let early = folder.path().join("an early idea; $(false).yaml");
    fs::write(
        &early,
        "program: { title: An early idea, formats: [outbound_elective] }\n",
    )
    .unwrap();
    let program = env!("CARGO_BIN_EXE_evenhand");
    let early = early.display().to_string();
    for (fail_on, code, exit) in [("stop", 0, "3"), ("incomplete", 1, "1")] {
        let inputs = [
            ("proposals", early.as_str()),
            ("fail-on", fail_on),
            ("evenhand", program),
        ];
        let (ended, outputs, summary) = run(&inputs, folder.path());
        assert_eq!(
            (ended, outputs["exit-code"].as_str()),
            (code, exit),
            "{fail_on}"
        );
        assert!(summary.contains("An early idea"), "{summary}");
    }
    let missing = [("proposals", "no-such-file.yaml"), ("evenhand", program)];
    assert_eq!(run(&missing, folder.path()).0, 2);
}
