//! `--watch`: judged again after each change, until nobody reads it any more.

use crate::assembly::{evenhand, root};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Stdio};

/// A run that is ended when the test is over, however that comes.
struct Run(Child);

impl Drop for Run {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn start(args: &[&str]) -> (Run, BufReader<ChildStdout>) {
    let mut child = evenhand()
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (Run(child), out)
}

/// The next line that begins so; the test hangs, and is ended by its runner, if there is none.
fn next(out: &mut BufReader<ChildStdout>, begins: &str) -> String {
    let mut line = String::new();
    while out.read_line(&mut line).unwrap() > 0 {
        if line.starts_with(begins) {
            return line.trim_end().to_owned();
        }
        line.clear();
    }
    panic!("the run ended without `{begins}`");
}

#[test]
fn a_proposal_is_judged_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.toml");
    let text = std::fs::read_to_string(root().join("examples/proposals/home-course.toml")).unwrap();
    std::fs::write(&file, &text).unwrap();
    let (run, mut out) = start(&["check", file.to_str().unwrap(), "--watch", "--no-profile"]);
    assert_eq!(next(&mut out, "Verdict:"), "Verdict: PROCEED");
    std::fs::write(&file, "[program]\ntitle = \"An idea\"\n").unwrap();
    assert_eq!(next(&mut out, "An idea"), "An idea");
    assert_eq!(next(&mut out, "Verdict:"), "Verdict: INCOMPLETE");
    // A file that cannot be read for a while ends nothing.
    std::fs::write(&file, "[program\n").unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    std::fs::write(&file, &text).unwrap();
    assert_eq!(next(&mut out, "Verdict:"), "Verdict: PROCEED");
    drop(run);
}

#[test]
fn standard_input_cannot_be_watched() {
    let output = evenhand().args(["check", "-", "--watch"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("standard input cannot be watched"), "{said}");
}
