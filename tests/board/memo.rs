//! The memo a board decides by, with room for a decision or with one.

use crate::assembly::{evenhand, root};
use std::fs;
use std::path::Path;
use std::process::Output;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

const DECISION: &str = r#"[decision]
proposal = "c05-haiti-camp"
outcome = "approved_with_conditions"
date = "2026-11-26"
review = "2027-11-26"
reasons = ["The <host> asked for it"]
present = ["A. Diallo", "B. Roy"]
issues = ["Whether a week is enough"]

[[recused]]
name = "B. Roy"
reason = "teaches in the program"

[votes]
for = 1
against = 0
abstaining = 0

[[conditions]]
number = 1
text = "Nobody acts beyond the scope allowed at home"
rule = "ethics/scope-of-practice"
due = "2027-03-01"

[[conditions]]
number = 2
text = "Report back to the host"
"#;

const PROFILE: &str = r#"[profile]
name = "Board"

[[waivers]]
rule = "ethics/short-stay"
proposal = "*"
reason = "asked for"
by = "Decision 14"
until = "2027-06-30"
"#;

fn folder(decision: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("decision.toml"), decision).unwrap();
    fs::write(folder.path().join("evenhand.toml"), PROFILE).unwrap();
    fs::copy(root().join(HAITI), folder.path().join("camp.yaml")).unwrap();
    folder
}

fn memo(folder: &Path, args: &[&str]) -> Output {
    let fixed = ["memo", "camp.yaml", "--date", "2026-11-26"];
    evenhand()
        .current_dir(folder)
        .args(fixed)
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_memo_holds_what_a_board_decides_by_and_room_for_the_rest() {
    let folder = folder(DECISION);
    let output = memo(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    for wanted in [
        "Memo: Student surgical camp in Hinche",
        "Verdict: STOP",
        "What decides",
        "ethics/scope-of-practice",
        "What this board changed",
        "The board waived ethics/short-stay",
        "Receipt",
        "2026-11-26",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(page.matches("class=\"room\"").count() > 6);
    assert!(!page.contains("Votes against"));
    // What prints has nothing folded away.
    assert!(!page.contains("<details"));
}

#[test]
fn a_decision_stands_in_the_memo_with_how_its_conditions_stand() {
    let folder = folder(DECISION);
    let output = memo(
        folder.path(),
        &["--decision", "decision.toml", "-o", "memo.html"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = fs::read_to_string(folder.path().join("memo.html")).unwrap();
    for wanted in [
        "approved with conditions",
        "The &lt;host&gt; asked for it",
        "teaches in the program",
        "Whether a week is enough",
        "2027-03-01",
        ">open<",
        ">a person has to say<",
        "Votes against",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    for language in ["es", "fr"] {
        let output = memo(
            folder.path(),
            &["--decision", "decision.toml", "--locale", language],
        );
        let page = text(&output.stdout);
        for english in ["What decides", "Votes against", ">open<", "Conditions<"] {
            let same = english == "Conditions<" && language == "fr";
            assert!(same || !page.contains(english), "{language} {english}");
        }
    }
}

#[test]
fn a_wrong_decision_is_refused_whole_and_nothing_is_written() {
    let folder = folder(
        &DECISION
            .replace("c05-haiti-camp", "c05")
            .replace("scope-of-practice", "scope"),
    );
    let output = memo(
        folder.path(),
        &["--decision", "decision.toml", "-o", "memo.html"],
    );
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    for wanted in [
        "the decision is on `c05`",
        "`ethics/scope` is not a rule",
        "2 problems",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    fs::write(
        folder.path().join("decision.toml"),
        "[decision]\noutcome = 3\n",
    )
    .unwrap();
    let output = memo(
        folder.path(),
        &["--decision", "decision.toml", "-o", "memo.html"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is no `votes.for`"));
    for taken in ["camp.yaml", "decision.toml", "evenhand.toml"] {
        let output = memo(folder.path(), &["--decision", "decision.toml", "-o", taken]);
        assert_eq!(output.status.code(), Some(2), "{taken}");
    }
    assert!(!folder.path().join("memo.html").exists());
}
