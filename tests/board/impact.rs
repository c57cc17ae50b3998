//! What other rules would change for many programs, and the list of changes that are approved.

use crate::assembly::{evenhand, root};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

/// A board that asks more of climate, counts with older factors, and lets limits that are not written down count for more.
const PROFILE: &str = r#"[profile]
version = 2
name = "Board"

[thresholds]
climate = 95

[rules."ethics/scope-of-practice"]
params = { without_policy = { value = 1, reason = "First year" } }
override = "Decision 7"

[plugins.climate]
settings = { factor_set = "DESNZ-2024" }
reason = "As in the last report"
"#;

/// A folder with a profile and a corpus of a file of each kind: good ones, two on one line each, a broken one, one that is
/// something else.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("board.toml"), PROFILE).unwrap();
    fs::create_dir_all(at("corpus/older")).unwrap();
    let examples = root().join("examples/proposals");
    fs::copy(
        examples.join("c05-haiti-camp.yaml"),
        at("corpus/older/camp.yaml"),
    )
    .unwrap();
    fs::copy(
        examples.join("home-course.toml"),
        at("corpus/home-course.toml"),
    )
    .unwrap();
    fs::write(at("corpus/broken.yaml"), "program: {\n").unwrap();
    fs::write(at("corpus/notes.yaml"), "minutes: of the meeting\n").unwrap();
    let line = r#"{"program": {"id": "dia-1", "title": "Día 1"}}"#;
    let wrong = r#"{"program": {"formats": ["outbund_elective"]}}"#;
    fs::write(at("corpus/many.jsonl"), format!("{line}\n\n{wrong}\n")).unwrap();
    folder
}

fn impact(folder: &Path, args: &[&str]) -> Output {
    let fixed = [
        "rules",
        "impact",
        "--old",
        "international-programs",
        "--new",
        "board.toml",
        "--date",
        "2026-11-26",
    ];
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

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}\n{}", text(&output.stderr));
    })
}

#[test]
fn broken_files_are_rows_among_the_others_and_others_are_passed_over() {
    let folder = folder();
    let output = impact(folder.path(), &["corpus", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let found = json(&output);
    let places: Vec<&str> = found["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["place"].as_str().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "corpus/broken.yaml",
            "corpus/home-course.toml",
            "corpus/many.jsonl:1",
            "corpus/many.jsonl:3",
            "corpus/older/camp.yaml",
        ]
    );
    assert_eq!(
        found["passed_over"],
        serde_json::json!(["corpus/notes.yaml"])
    );
    assert_eq!(found["counts"]["broken"], 2);
    let problem = &found["rows"][3]["problems"]["new"][0];
    assert_eq!(
        (&problem["file"], &problem["line"]),
        (&"corpus/many.jsonl".into(), &3.into())
    );
    assert!(
        problem["suggestion"]
            .as_str()
            .unwrap()
            .contains("outbound_elective")
    );
    assert!(text(&output.stderr).contains("corpus/notes.yaml"));
}

#[test]
fn each_change_names_the_differences_that_make_it() {
    let folder = folder();
    let output = impact(
        folder.path(),
        &[
            "corpus/older",
            "corpus/home-course.toml",
            "--format",
            "json",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let found = json(&output);
    let differences: Vec<String> = found["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let part = |key: &str| one[key].as_str().unwrap().to_owned();
            format!("{}: {} → {}", part("what"), part("from"), part("to"))
        })
        .collect();
    assert_eq!(
        differences,
        [
            "thresholds.climate: 45 → 95",
            "rules.ethics/scope-of-practice.params.without_policy: 0.6 → 1",
            "plugins.climate.settings.factor_set: the plugin's own → DESNZ-2024",
        ]
    );
    assert_eq!(found["differences"][2]["reason"], "As in the last report");
    // Whatever changes has a cause.
    let changes = found["rows"].as_array().unwrap().iter();
    let changes: Vec<&Value> = changes
        .flat_map(|row| row["changes"].as_array().unwrap())
        .collect();
    assert!(!changes.is_empty());
    for change in changes {
        let causes = |key: &str| change[key].as_array().unwrap().len();
        assert!(causes("by") + causes("together") > 0, "{change}");
    }
    // The same bytes every time.
    let again = impact(
        folder.path(),
        &[
            "corpus/older",
            "corpus/home-course.toml",
            "--format",
            "json",
        ],
    );
    assert_eq!(again.stdout, output.stdout);
}

#[test]
fn a_change_that_nobody_approved_fails_and_a_stale_approval_is_said() {
    let folder = folder();
    let good = ["corpus/older", "corpus/home-course.toml"];
    let with = |more: &[&str]| {
        let args: Vec<&str> = good.iter().chain(more).copied().collect();
        impact(folder.path(), &args)
    };
    assert_eq!(with(&["--fail-on-change"]).status.code(), Some(1));
    // Without a list there is nothing to hold changes against, and it is said how to write one.
    let missing = with(&["--approved", "approved.toml"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        text(&missing.stderr).contains("--approve"),
        "{}",
        text(&missing.stderr)
    );
    let list = ["--approved", "approved.toml", "--fail-on-change"];
    let written = with(&[
        "--approve",
        "--approved",
        "approved.toml",
        "--fail-on-change",
    ]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert_eq!(with(&list).status.code(), Some(0));
    let path = folder.path().join("approved.toml");
    let approved = fs::read_to_string(&path).unwrap();
    // A reason stays when the list is written again; what happens no more goes away.
    let gone = "\n[[approved]]\nproposal = \"c05-haiti-camp\"\nwhat = \"verdict\"\nfrom = \"stop\"\nto = \"proceed\"\nreason = \"never\"\n";
    let reasoned = approved.replacen("to = ", "reason = \"so decided\"\nto = ", 1);
    fs::write(&path, format!("{reasoned}{gone}")).unwrap();
    let stale = with(&list);
    assert_eq!(stale.status.code(), Some(0), "{}", text(&stale.stderr));
    assert!(
        text(&stale.stdout).contains("c05-haiti-camp · verdict: stop → proceed"),
        "{}",
        text(&stale.stdout)
    );
    assert_eq!(
        with(&["--approve", "--approved", "approved.toml"])
            .status
            .code(),
        Some(0)
    );
    let again = fs::read_to_string(&path).unwrap();
    assert!(
        again.contains("reason = \"so decided\"") && !again.contains("never"),
        "{again}"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn everything_wrong_is_said_at_once_and_nothing_is_written() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(
        at("approved.toml"),
        "version = 2\n[[approved]]\nproposl = \"x\"\nwhat = \"colour\"\nfrom = 3\n",
    )
    .unwrap();
    fs::create_dir(at("empty")).unwrap();
    let run = |args: &[&str]| {
        let output = evenhand()
            .current_dir(folder.path())
            .args(["rules", "impact"])
            .args(args)
            .output()
            .unwrap();
        (output.status.code(), text(&output.stderr))
    };
    let core = "international-programs";
    for (args, said) in [
        (
            vec!["--old", "no-such.toml", "--new", "nowhere", "corpus"],
            vec!["no-such.toml", "nowhere"],
        ),
        (
            vec!["--old", core, "--new", "empty", "corpus"],
            vec!["neither a profile nor a pack", "evenhand.toml"],
        ),
        (
            vec!["--old", core, "--new", core, "empty"],
            vec!["no proposal"],
        ),
        (
            vec![
                "--old",
                core,
                "--new",
                "board.toml",
                "corpus/home-course.toml",
                "--approved",
                "approved.toml",
            ],
            vec![
                "proposl",
                "did you mean `proposal`",
                "colour",
                "version = 1",
                "`from`",
                "`to`",
            ],
        ),
        (
            vec![
                "--old",
                core,
                "--new",
                "board.toml",
                "corpus",
                "--output",
                "corpus/home-course.toml",
            ],
            vec!["not overwritten"],
        ),
        (
            vec!["--old", core, "--new", core, "corpus", "--approve"],
            vec!["--approved"],
        ),
    ] {
        let (code, shown) = run(&args);
        assert_eq!(code, Some(2), "{args:?}: {shown}");
        for part in said {
            assert!(shown.contains(part), "{args:?}: {part}\n{shown}");
        }
    }
    // What is named and cannot be read is a row.
    let (code, _) = run(&[
        "--old",
        core,
        "--new",
        core,
        "no-such.yaml",
        "corpus/home-course.toml",
    ]);
    assert_eq!(code, Some(2));
}

#[test]
fn the_page_has_every_change_and_stands_for_itself() {
    let folder = folder();
    let args = [
        "corpus",
        "--format",
        "html",
        "--locale",
        "es",
        "--output",
        "impact.html",
    ];
    assert_eq!(impact(folder.path(), &args).status.code(), Some(2));
    let page = fs::read_to_string(folder.path().join("impact.html")).unwrap();
    for part in [
        "lang=\"es\"",
        "Qué cambiarían otras reglas",
        "DESNZ-2024",
        "corpus/broken.yaml",
        "<caption",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("src=") && !page.contains("<script"));
    let shown = text(&impact(folder.path(), &["corpus", "--verbose"]).stdout);
    let wide = shown.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "{shown}");
}

/// A pack in another version is compared with the one that is built in.
#[test]
fn a_version_of_the_core_pack_is_compared_rule_by_rule() {
    let folder = folder();
    let pack = root().join("rules/international-programs");
    let copy = folder.path().join("next");
    copy_folder(&pack, &copy);
    let page = copy.join("ethics/scope-of-practice.md");
    let text = fs::read_to_string(&page).unwrap();
    fs::write(
        &page,
        text.replacen("severity: critical", "severity: major", 1),
    )
    .unwrap();
    let output = evenhand()
        .current_dir(folder.path())
        .args([
            "rules",
            "impact",
            "--old",
            "international-programs",
            "--new",
            "next",
        ])
        .args(["corpus/older", "--format", "json", "--date", "2026-11-26"])
        .output()
        .unwrap();
    let found = json(&output);
    let what: Vec<&str> = found["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["rules.ethics/scope-of-practice.severity"]);
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
