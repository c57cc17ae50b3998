//! One proposal from its file to the exit code: a week of surgical camp, which the program says to stop.

use crate::assembly::evenhand;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Output, Stdio};

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";
const HOME: &str = "examples/proposals/home-course.toml";
const UNDECIDED: &str = "tests/cli/undecided.yaml";

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

fn shown(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(
        output.stderr,
        b"",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn scorecard_at_80_columns() {
    let text = shown(&["check", HAITI, "--width", "80"]);
    insta::assert_snapshot!("haiti", text);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn all_findings_at_80_columns() {
    let text = shown(&["check", HAITI, "--width", "80", "--findings"]);
    insta::assert_snapshot!("haiti_findings", text);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
        assert_eq!(line, line.trim_end());
    }
    assert!(text.lines().count() > 700);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let args = ["check", HAITI, "--width", "80", "--color", "always"];
    for more in [&[][..], &["--findings"]] {
        let coloured = shown(&[&args[..], more].concat());
        if more.is_empty() {
            insta::assert_snapshot!("haiti_coloured", coloured.replace('\u{1b}', "␛"));
        }
        assert!(coloured.contains('\u{1b}'));
        let plain = shown(&[&args[..4], more].concat());
        assert_eq!(without_colour(&coloured), plain);
    }
}

/// The text without the escapes that set a colour: ESC, `[`, digits and semicolons, `m`.
fn without_colour(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (escape, rest) = piece.split_once('m').unwrap();
        let escape = escape.strip_prefix('[').unwrap();
        assert!(
            escape.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{escape}"
        );
        plain.push_str(rest);
    }
    plain
}

#[test]
fn scorecard_as_json() {
    let dated = ["check", HAITI, "--format", "json", "--date", "2026-11-26"];
    let text = shown(&dated);
    let mut card: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(card["verdict"]["word"], "stop");
    let decided = card["verdict"]["decided_by"].as_array().unwrap();
    assert!(decided.contains(&Value::from("ethics/scope-of-practice")));
    redact(&mut card);
    // All rules with their texts are many pages; two findings and the frame show the form.
    let findings = card["findings"].as_array_mut().unwrap();
    assert!(findings.len() > 60);
    findings.retain(|finding| {
        ["ethics/scope-of-practice", "climate/carbon-per-traveller"]
            .iter()
            .any(|rule| finding["rule"] == *rule)
    });
    assert_eq!(findings.len(), 2);
    card["derived"] = Value::from("[derived]");
    insta::assert_snapshot!("haiti_json", serde_json::to_string_pretty(&card).unwrap());
}

/// Digests change with every comma of a rule.
fn redact(value: &mut Value) {
    match value {
        Value::String(text)
            if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            "[sha256]".clone_into(text);
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(map) => {
            if let Some(files) = map.get_mut("files") {
                let digests = files.as_object().unwrap();
                assert!(digests.contains_key("international-programs/ethics/supervision.md"));
                assert!(
                    digests
                        .values()
                        .all(|digest| digest.as_str().unwrap().len() == 64)
                );
                *files = Value::from("[digests]");
            }
            map.values_mut().for_each(redact);
        }
        _ => {}
    }
}

#[test]
fn the_exit_code_says_how_it_went_in_every_format() {
    for format in ["text", "json"] {
        for (args, code) in [
            // Nothing was asked for, or nothing that grave was found.
            (&["check", HAITI][..], 0),
            (&["check", HOME], 0),
            (&["check", HOME, "--fail-on", "revise"], 0),
            // What was asked for was found.
            (&["check", HAITI, "--fail-on", "stop"], 1),
            (&["check", HAITI, "--fail-on", "incomplete"], 1),
            (&["check", HAITI, "--fail-on", "revise"], 1),
            (&["check", UNDECIDED, "--fail-on", "incomplete"], 1),
            (&["check", HOME, HAITI, "--fail-on", "stop"], 1),
            // The input is wrong, whatever else was found.
            (&["check", "examples/proposals/no-such-file.yaml"], 2),
            (&["check", "README.md"], 2),
            (
                &["check", HAITI, "no-such-file.yaml", "--fail-on", "stop"],
                2,
            ),
            (&["check", HAITI, "--fail-on", "halt"], 2),
            // It could not be decided.
            (&["check", UNDECIDED], 3),
            (&["check", UNDECIDED, "--fail-on", "stop"], 3),
            (&["check", HOME, UNDECIDED], 3),
        ] {
            let args = [args, &["--format", format]].concat();
            let output = run(&args);
            assert_eq!(output.status.code(), Some(code), "{args:?}");
            // What is wrong stands on standard error alone, and a report on standard output alone.
            assert_eq!(output.stderr.is_empty(), code != 2, "{args:?}");
        }
    }
}

#[test]
fn standard_input_is_judged_like_a_file() {
    let text = std::fs::read_to_string(crate::assembly::root().join(HAITI)).unwrap();
    let mut child = evenhand()
        .args(["check", "-", "--fail-on", "stop", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let from_file = shown(&["check", HAITI, "--format", "json"]);
    let from_input = String::from_utf8(output.stdout).unwrap();
    assert_eq!(from_input.replace("<standard input>", HAITI), from_file);
}

#[test]
fn a_report_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("card.json");
    let path = file.to_str().unwrap();
    let output = run(&["check", HAITI, "--format", "json", "--output", path]);
    assert!(output.stdout.is_empty() && output.status.success());
    let written = std::fs::read(&file).unwrap();
    assert_eq!(
        written,
        shown(&["check", HAITI, "--format", "json"]).into_bytes()
    );
    // A second report takes the place of the first; nothing else is left in the folder.
    assert!(run(&["check", HAITI, "--output", path]).status.success());
    assert_ne!(std::fs::read(&file).unwrap(), written);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = folder.path().join("no/such/folder.txt");
    let output = run(&["check", HAITI, "--output", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!output.stderr.is_empty());
}
