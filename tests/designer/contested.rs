//! The scorecard lists what partners answer otherwise: both answers, and who gave them.

use crate::assembly::evenhand;
use serde_json::{Value, json};
use std::path::Path;

/// A program that one partner confirms in one point, and two contest.
fn plan(folder: &Path) -> String {
    let plan = json!({
        "program": { "id": "p", "title": "A plan", "formats": ["outbound_elective"] },
        "partners": [
            { "id": "leiden", "name": "Leiden School", "country": "NL", "role": "lead" },
            { "id": "blantyre", "name": "Blantyre <Hospital>", "country": "MW", "role": "host_site" },
        ],
        "host": { "need": "host_led", "cost_covered": 1 },
        "attestations": [
            { "by": "leiden", "on": "2026-05-01", "covers": ["host"] },
            { "by": "blantyre", "on": "2026-06-01", "contests": { "host.need": "assumed_by_sender", "host.cost_covered": 0.25, "host.voice": "none" },
              "comments": { "host.need": "nobody asked" } },
        ],
    });
    let file = folder.join("plan.json");
    std::fs::write(&file, plan.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

fn check(file: &str, args: &[&str]) -> String {
    let mut command = evenhand();
    command
        .args(["check", file, "--date", "2026-11-26"])
        .args(args);
    let output = command.output().unwrap();
    assert!(
        !output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn both_answers_and_who_gave_them_stand_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let file = plan(folder.path());
    let lines = [
        "the proposal says The host led it, and so does Leiden School; Blantyre <Hospital> says The sender assumed it (2026-06-01)",
        "the proposal says 100 %, and so does Leiden School; Blantyre <Hospital> says 25 % (2026-06-01)",
        "the proposal says not known, and so does",
    ];
    // As it is wrapped on a terminal.
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for args in [["--format", "text"], ["--findings", "--verbose"]] {
        let text = flat(&check(&file, &args));
        assert!(text.contains("Contested answers"), "{text}");
        for line in &lines[..2] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains(lines[2]), "{text}");
        assert!(
            text.contains("(host.voice): the proposal says not known; Blantyre <Hospital> says"),
            "{text}"
        );
    }
    let html = check(&file, &["--format", "html"]);
    assert!(html.contains("Blantyre &lt;Hospital&gt; says The sender assumed it (2026-06-01)"));
    let markdown = check(&file, &["--format", "markdown"]);
    assert!(markdown.contains("## Contested answers"), "{markdown}");
    let spanish = flat(&check(&file, &["--locale", "es"]));
    assert!(spanish.contains("Respuestas discutidas"), "{spanish}");
    assert!(
        spanish.contains("la propuesta dice 100 %, y también Leiden School"),
        "{spanish}"
    );
}

#[test]
fn programs_get_both_values_and_nothing_where_nobody_contests() {
    let folder = tempfile::tempdir().unwrap();
    let file = plan(folder.path());
    let card: Value = serde_json::from_str(&check(&file, &["--format", "json"])).unwrap();
    let need = card["contested"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fact| fact["path"] == "host.need");
    assert_eq!(
        need.unwrap(),
        &json!({
            "path": "host.need", "value": "host_led", "confirmed_by": ["leiden"],
            "otherwise": [{ "by": "blantyre", "on": "2026-06-01", "value": "assumed_by_sender", "comment": "nobody asked" }],
        })
    );
    let quiet = check(
        "examples/proposals/c01-anatomy-12.yaml",
        &["--format", "json"],
    );
    let quiet: Value = serde_json::from_str(&quiet).unwrap();
    assert_eq!(quiet.get("contested"), None);
}
