//! The generated pages are what the program and the packs say today. `UPDATE_DOCS=1` writes them anew.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail"
)]

mod agreement;
mod board;
mod book;
mod contrast;
mod founding;
mod hostile;
mod markup;
mod published;
mod templates;
mod truth;
mod validation;

use crate::assembly::{evenhand, root};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Compares a generated page with the one in the repository, or writes it.
fn compare(path: &str, generated: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE_DOCS").is_some_and(|update| update == "1") {
        std::fs::write(file, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = committed
        .lines()
        .zip(generated.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| committed.lines().count().min(generated.lines().count()));
    assert!(
        committed == generated,
        "{path} is not what is generated today, from line {}:\n- {}\n+ {}\nUPDATE_DOCS=1 cargo test -p evenhand --test e2e docs writes it anew",
        differs + 1,
        committed.lines().nth(differs).unwrap_or("(end)"),
        generated.lines().nth(differs).unwrap_or("(end)"),
    );
}

/// What `evenhand rules docs` writes.
fn rulebook(args: &[&str]) -> String {
    let mut command = evenhand();
    command.args(["rules", "docs"]).args(args);
    if !args.contains(&"--profile") {
        command.arg("--no-profile");
    }
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The rulebook of the pack's own settings, in both forms.
static MARKDOWN: LazyLock<String> = LazyLock::new(|| rulebook(&["--format", "markdown"]));
static HTML: LazyLock<String> = LazyLock::new(|| rulebook(&["--format", "html"]));

/// The places of a Markdown page that links can go to.
fn anchors(markdown: &str) -> BTreeSet<&str> {
    markdown
        .split("<a id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

#[test]
fn the_rulebook_is_current() {
    compare("docs/rulebook.md", &MARKDOWN);
}

#[test]
fn every_link_within_the_rulebook_leads_somewhere() {
    let text = &MARKDOWN;
    let anchors = anchors(text);
    let mut links = 0;
    for link in text.split("](#").skip(1) {
        let id = link.split(')').next().unwrap();
        assert!(anchors.contains(id), "there is no `{id}`");
        links += 1;
    }
    assert!(links > 1000, "{links} links");
}

#[test]
fn the_format_follows_the_ending_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [("book.html", "<!doctype html>"), ("book.md", "# Rulebook")] {
        let file = folder.path().join(name);
        rulebook(&["--output", file.to_str().unwrap()]);
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.starts_with(start), "{name}");
    }
}
