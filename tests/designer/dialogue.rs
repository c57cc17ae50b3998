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
        .replace("  level:", "  discipline: health\n  level:")
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

/// The question that comes first now.
fn first(file: &str) -> String {
    let output = evenhand()
        .args(["questions", "--format", "json", "--no-profile", file])
        .output()
        .unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = listed.pointer("/questions/0/id");
    first.and_then(|id| id.as_str()).unwrap().to_owned()
}

#[test]
fn answers_are_checked_and_written_and_the_rest_of_the_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = page(folder.path());
    let path = file.to_str().unwrap();
    let before = std::fs::read_to_string(&file).unwrap();
    let asked = first(path);
    let choices = [
        "host.need",
        "supervision.legal_permission",
        "safety.advisory_level",
    ];
    let right = match asked.as_str() {
        "host.need" => "consulted",
        "supervision.legal_permission" => "verified",
        "safety.advisory_level" => "2",
        other => panic!("`{other}` comes first, none of {choices:?}"),
    };
    // What does not fit is refused, and the same question comes again.
    let output = answer(path, &format!("perhaps\n{right}\nq\n"));
    assert!(output.status.success());
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("`perhaps`"), "{complaint}");
    assert!(!complaint.contains("-->"), "{complaint}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.matches(&format!("({asked})")).count() == 2, "{shown}");
    assert!(
        shown.contains(" → ") || shown.contains("stay as they are"),
        "{shown}"
    );
    let after = std::fs::read_to_string(&file).unwrap();
    let (group, name) = asked.split_once('.').unwrap();
    assert_eq!(after, format!("{before}{group}:\n  {name}: {right}\n"));
}

#[test]
fn a_run_that_ends_in_the_middle_is_taken_up_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = page(folder.path());
    let path = file.to_str().unwrap();
    let asked = first(path);
    let right = match asked.as_str() {
        "host.need" => "host_led",
        "supervision.legal_permission" => "not_needed",
        _ => "1",
    };
    // Standard input ends after one answer, as when somebody closes the window.
    assert!(answer(path, &format!("{right}\n")).status.success());
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains(right));
    let again = answer(path, "");
    let shown = String::from_utf8(again.stdout).unwrap();
    assert!(!shown.contains(&format!("({asked})")), "{shown}");
    assert!(shown.contains(&format!("({})", first(path))), "{shown}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), kept);
    assert_eq!(answer("-", "").status.code(), Some(2));
}
