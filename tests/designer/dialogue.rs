//! `questions --answer`: what a person types ends in the file, and nothing else of the file changes.

use crate::assembly::{evenhand, root};
use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

/// A copy of a page in a folder of its own, with a comment in the middle.
fn page(folder: &Path) -> std::path::PathBuf {
    let text = std::fs::read_to_string(root().join("tests/designer/pages/surgical-team-cebu.yaml"));
    let text = text
        .unwrap()
        .replace("flows:\n", "# who goes where\nflows:\n");
    let file = folder.join("plan.yaml");
    std::fs::write(&file, text).unwrap();
    file
}

fn answer(file: &str, typed: &str) -> Output {
    let mut child = evenhand()
        .args(["questions", "--answer", "--no-profile", file])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let written = child.stdin.take().unwrap().write_all(typed.as_bytes());
    written.unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn answers_are_checked_and_written_and_the_rest_of_the_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = page(folder.path());
    let before = std::fs::read_to_string(&file).unwrap();
    let output = answer(
        file.to_str().unwrap(),
        "verified\nconsulted\nperhaps\n2\nq\n",
    );
    assert!(output.status.success());
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("`perhaps`"), "{complaint}");
    assert!(!complaint.contains("-->"), "{complaint}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("Ethics") && shown.contains(" → "), "{shown}");
    assert!(
        shown
            .lines()
            .all(|line| line.chars().count() <= 80 || line.contains('/'))
    );
    let after = std::fs::read_to_string(&file).unwrap();
    let added: Vec<&str> = after
        .lines()
        .filter(|line| !before.contains(line))
        .collect();
    assert_eq!(
        added,
        [
            "supervision:",
            "  legal_permission: verified",
            "host:",
            "  need: consulted",
            "safety:",
            "  advisory_level: 2"
        ]
    );
    for line in before.lines() {
        assert!(after.contains(line), "lost: {line}");
    }
}

#[test]
fn a_run_that_ends_in_the_middle_is_taken_up_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = page(folder.path());
    let path = file.to_str().unwrap();
    // Standard input ends after one answer, as when somebody closes the window.
    assert!(answer(path, "verified\n").status.success());
    let first = std::fs::read_to_string(&file).unwrap();
    assert!(first.contains("legal_permission: verified"));
    let again = answer(path, "");
    let shown = String::from_utf8(again.stdout).unwrap();
    assert!(
        shown.contains("(host.need)") && !shown.contains("legal_permission"),
        "{shown}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    assert_eq!(answer("-", "").status.code(), Some(2));
}
