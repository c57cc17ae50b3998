//! Several proposals, and the profile of each.

use crate::assembly::{evenhand, root};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let examples = root().join("examples/proposals");
    for (board, profile) in [
        (
            "lenient",
            "[profile]\nname = \"Lenient\"\n[levels]\nmixed = 1\n",
        ),
        (
            "strict",
            "[profile]\nname = \"Strict\"\n[thresholds]\nequity = 100\nethics = 100\n",
        ),
        ("none", ""),
    ] {
        let at = folder.path().join(board);
        fs::create_dir_all(at.join("2027")).unwrap();
        fs::copy(
            examples.join("home-course.toml"),
            at.join("2027/course.toml"),
        )
        .unwrap();
        if !profile.is_empty() {
            fs::write(at.join("evenhand.toml"), profile).unwrap();
        }
    }
    fs::write(
        folder.path().join("none/2027/wrong.yaml"),
        "program:\n  titel: x\n",
    )
    .unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    evenhand().current_dir(folder).args(args).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const FILES: [&str; 3] = [
    "lenient/2027/course.toml",
    "strict/2027/course.toml",
    "none/2027/course.toml",
];

#[test]
fn each_proposal_is_judged_by_the_profile_above_it_in_whatever_order() {
    let folder = folder();
    let alone = FILES.map(|file| json(&run(folder.path(), &["check", file, "--format", "json"])));
    assert_eq!(alone[0]["profile"], "Lenient");
    assert_eq!(alone[1]["profile"], "Strict");
    assert_eq!(alone[1]["verdict"]["word"], "revise");
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut args = vec!["check", "--format", "json"];
        args.extend(order.map(|index: usize| FILES[index]));
        let output = run(folder.path(), &args);
        let together = json(&output);
        for (at, index) in order.into_iter().enumerate() {
            assert_eq!(together[at], alone[index], "{order:?}");
        }
        let said = error(&output);
        assert!(
            said.contains("note: `strict/2027/course.toml` is judged by `strict/evenhand.toml`"),
            "{said}"
        );
    }
    // From elsewhere: the folder of the proposal counts, not where one stands.
    let from = folder.path().join("lenient");
    let output = run(
        &from,
        &["check", "../strict/2027/course.toml", "--format", "json"],
    );
    assert_eq!(json(&output)["profile"], "Strict");
}

#[test]
fn a_list_is_what_several_get_and_an_object_what_one_gets() {
    let folder = folder();
    let both = [
        "check",
        FILES[2],
        "none/2027/wrong.yaml",
        "--format",
        "json",
    ];
    let output = run(folder.path(), &both);
    assert_eq!(output.status.code(), Some(2));
    let list = json(&output);
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert!(list[0]["verdict"]["word"].is_string());
    assert_eq!(list[1]["proposal"]["file"], "none/2027/wrong.yaml");
    assert_eq!(list[1]["verdict"], Value::Null);
    let diagnostics = list[1]["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics[0]["line"], 2);
    // Though none of them can be read.
    let none = [
        "check",
        "none/2027/wrong.yaml",
        "missing.yaml",
        "--format",
        "json",
    ];
    let list = json(&run(folder.path(), &none));
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(list[1]["proposal"]["file"], "missing.yaml");
    // One that was asked for is no list.
    let one = json(&run(
        folder.path(),
        &["check", "none/2027/wrong.yaml", "--format", "json"],
    ));
    assert!(one["diagnostics"].is_array());
}

#[test]
fn a_profile_that_is_there_and_cannot_be_read_is_an_error() {
    let folder = folder();
    let profile = folder.path().join("none/evenhand.toml");
    let check = || run(folder.path(), &["check", FILES[2]]);
    symlink("nowhere.toml", &profile).unwrap();
    let output = check();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error(&output).contains("cannot read `none/evenhand.toml`"),
        "{}",
        error(&output)
    );
    fs::remove_file(&profile).unwrap();
    fs::create_dir(&profile).unwrap();
    let output = check();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error(&output).contains("it is a folder"),
        "{}",
        error(&output)
    );
    fs::remove_dir(&profile).unwrap();
    for nothing in ["", "\n", "# to be decided\n\n   # soon\n"] {
        fs::write(&profile, nothing).unwrap();
        let output = run(folder.path(), &["check", FILES[2], "--format", "json"]);
        assert_ne!(output.status.code(), Some(2), "{}", error(&output));
        assert_eq!(json(&output)["profile"], "evenhand.toml");
    }
    // The others of the run are judged all the same.
    fs::remove_file(&profile).unwrap();
    fs::create_dir(&profile).unwrap();
    let list = json(&run(
        folder.path(),
        &["check", FILES[0], FILES[2], "--format", "json"],
    ));
    assert!(list[0]["verdict"]["word"].is_string());
    assert!(
        list[1]["diagnostics"][0]["message"]
            .as_str()
            .unwrap()
            .contains("it is a folder")
    );
}

#[test]
fn rules_can_be_chosen_and_what_is_left_out_is_said() {
    let folder = folder();
    let args = ["check", FILES[2], "--format", "json"];
    let whole = json(&run(folder.path(), &args));
    let with = |more: &[&str]| json(&run(folder.path(), &[&args[..], more].concat()));
    let count = |card: &Value| card["findings"].as_array().unwrap().len();
    let only = with(&["--only", "ethics"]);
    assert!(count(&only) > 1 && count(&only) < count(&whole));
    assert_eq!(only["verdict"]["word"], "incomplete");
    assert_eq!(only["dimensions"][0]["state"], "not_judged");
    let skipped = with(&["--skip", "scope-of-practice"]);
    assert_eq!(count(&skipped), count(&whole) - 1);
    assert_eq!(skipped["disabled"][0]["rule"], "ethics/scope-of-practice");
    assert_eq!(skipped["disabled"][0]["reason"], "left out by --skip");
    let wrong = run(
        folder.path(),
        &["check", FILES[2], "--only", "climat", "--skip", "x"],
    );
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        error(&wrong).contains("did you mean `climate`?"),
        "{}",
        error(&wrong)
    );
    assert!(
        error(&wrong).contains("`x` fits no rule"),
        "{}",
        error(&wrong)
    );
}

#[test]
fn a_rule_is_explained_by_its_end() {
    let folder = folder();
    let whole = run(folder.path(), &["explain", "ethics/scope-of-practice"]);
    let end = run(folder.path(), &["explain", "scope-of-practice"]);
    assert!(!whole.stdout.is_empty());
    assert_eq!(whole.stdout, end.stdout);
}
