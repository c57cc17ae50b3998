//! What only people at a terminal are told: what takes so long, and what to type next.

// `script` gives a command a terminal; it has these options where util-linux has it.
#![cfg(target_os = "linux")]

use crate::assembly::root;
use std::process::{Command, Stdio};

/// What a command says at a terminal; none where nothing here can give it one.
fn at_a_terminal(args: &str) -> Option<String> {
    let command = format!("{} {args}", env!("CARGO_BIN_EXE_evenhand"));
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(root())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).replace('\r', ""))
}

/// What a command says to another program.
fn to_a_program(args: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(args.split(' '))
        .current_dir(root())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

/// Something is said at a terminal, and nowhere else.
#[track_caller]
fn check(args: &str, told: &str) {
    // Where nothing gives a terminal, only the rest can be tried.
    let Some(said) = at_a_terminal(args) else {
        return not_told(args, told);
    };
    let words: Vec<&str> = said.split_whitespace().collect();
    let words = words.join(" ");
    assert!(words.contains(told), "{args}: {said}");
    not_told(args, told);
}

#[track_caller]
fn not_told(args: &str, told: &str) {
    let piped = to_a_program(args);
    assert!(!piped.contains(told), "{args}: {piped}");
}

#[test]
fn what_takes_long_is_said_before_it_begins() {
    const COURSE: &str = "examples/proposals/home-course.toml";
    for (args, told) in [
        (
            format!("improve {COURSE} --no-profile"),
            "Looking for a way …",
        ),
        (
            format!("portfolio {COURSE} --no-profile"),
            "Reading and judging programs …",
        ),
        (
            format!(
                "rules impact --old international-programs --new international-programs {COURSE}"
            ),
            "Reading and judging programs …",
        ),
        (
            format!("perspectives {COURSE} {COURSE} --no-profile"),
            "Trying the answers of each in the others …",
        ),
        (
            "rules test ethics/host-need --no-profile".to_owned(),
            "Trying the cases of rules …",
        ),
        (
            "rules test ethics/host-need --no-profile --mutate".to_owned(),
            "Changing rules to see whether their cases notice …",
        ),
    ] {
        check(&args, told);
    }
}

#[test]
fn a_result_is_followed_by_what_to_type_next() {
    const COURSE: &str = "examples/proposals/home-course.toml";
    const BOARD: &str = "examples/boards/four-levels/evenhand.toml";
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let record = at("record.json");
    to_a_program(&format!("check {COURSE} --no-profile --record {record}"));
    for (args, next) in [
        (format!("portfolio {COURSE} --no-profile"), "--format html"),
        (
            format!("rules impact --old international-programs --new {BOARD} {COURSE}"),
            "--approved FILE",
        ),
        (
            format!("verify {record}"),
            "evenhand check PROPOSAL --since",
        ),
        (
            format!("memo {COURSE} --no-profile --output {}", at("memo.html")),
            "evenhand check examples/proposals/home-course.toml --record",
        ),
        (
            format!("profile check {BOARD}"),
            "evenhand rules impact --old international-programs",
        ),
        (
            format!("profile diff {BOARD} {BOARD}"),
            "evenhand rules impact --old",
        ),
        (
            format!("profile show --profile {BOARD}"),
            "evenhand explain",
        ),
        (
            format!("compare {COURSE} {COURSE} --no-profile"),
            "evenhand improve",
        ),
        (
            format!("what-if {COURSE} --no-profile --unset program.title"),
            "write what should stay",
        ),
    ] {
        check(&args, &format!("Next: {next}"));
    }
    // A program that reads JSON from a terminal's window is not told.
    let json = format!("compare {COURSE} {COURSE} --no-profile --format json");
    let said = at_a_terminal(&json).unwrap_or_default();
    assert!(!said.contains("Next:"), "{said}");
}
