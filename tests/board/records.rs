//! A record holds everything: judged again it gives the same scorecard, and each input that was touched is named.

use crate::assembly::{evenhand, root};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

const PROFILE: &str = r#"[profile]
name = "Board"
extends = ["international-programs", { pack = "rules/ours", reason = "our own" }]
locale = "es"

[rules."ethics/scope-of-practice"]
params = { without_policy = 0.3 }

[plugins.climate]
settings = { factor_set = "DESNZ-2025" }
reason = "the year of the flights"

[[waivers]]
rule = "ethics/short-stay"
proposal = "*"
reason = "asked for"
by = "Decision 14"
until = "2027-06-30"
"#;

const PAGE: &str = "---\ntitle: Somebody is named\nseverity: minor\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n\n## What helps\n\nName somebody.\n";

fn run(folder: &Path, args: &[&str]) -> Output {
    evenhand().current_dir(folder).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a record of the Haiti camp, judged by a board with a pack of its own, a waiver and a plugin's setting.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let pack = at.join("rules/ours");
    fs::create_dir_all(pack.join("ethics")).unwrap();
    fs::write(pack.join("pack.toml"), "[pack]\nname = \"ours\"\n").unwrap();
    fs::write(pack.join("ethics/named.md"), PAGE).unwrap();
    let script = "fn check(program, param) { if program.partners.len() > 0 { met() } else { unmet(\"Nobody\") } }\n";
    fs::write(pack.join("ethics/named.rhai"), script).unwrap();
    fs::write(at.join("evenhand.toml"), PROFILE).unwrap();
    fs::create_dir(at.join("2027")).unwrap();
    fs::copy(root().join(HAITI), at.join("2027/camp.yaml")).unwrap();
    let args = [
        "check",
        "2027/camp.yaml",
        "--record",
        "camp.record.json",
        "--date",
        "2026-11-26",
    ];
    let output = run(at, &args);
    assert!(
        at.join("camp.record.json").is_file(),
        "{}",
        text(&output.stderr)
    );
    folder
}

fn record(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("camp.record.json")).unwrap()).unwrap()
}

#[test]
fn a_record_gives_the_same_scorecard_anywhere_and_names_no_place() {
    let folder = folder();
    let whole = fs::read_to_string(folder.path().join("camp.record.json")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("r.json"), &whole).unwrap();
    let output = run(elsewhere.path(), &["verify", "r.json"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    let said = text(&output.stdout);
    assert!(
        said.starts_with("The same scorecard comes out: Student surgical camp in Hinche, stop"),
        "{said}"
    );
    for place in [
        folder.path().to_str().unwrap(),
        "2027/camp.yaml",
        "rules/ours/",
    ] {
        assert!(!whole.contains(place), "{place}");
    }
    // What was printed and what is kept say the same; only the pack's folder, which stands among the changes, is left out.
    let args = [
        "check",
        "2027/camp.yaml",
        "--format",
        "json",
        "--date",
        "2026-11-26",
    ];
    let printed: Value = serde_json::from_slice(&run(folder.path(), &args).stdout).unwrap();
    let kept = record(folder.path());
    for key in ["verdict", "dimensions", "findings", "waivers", "locale"] {
        assert_eq!(printed[key], kept["scorecard"][key], "{key}");
    }
}

/// What `verify` says of a record in which something is another.
#[track_caller]
fn touched(folder: &Path, touch: impl Fn(&mut Value), wanted: &[&str]) {
    let mut changed = record(folder);
    touch(&mut changed);
    assert_ne!(changed, record(folder));
    fs::write(folder.join("changed.json"), changed.to_string()).unwrap();
    let output = run(folder, &["verify", "changed.json"]);
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert_ne!(output.status.code(), Some(0), "{said}");
    assert_ne!(output.status.code(), Some(101), "{said}");
    for wanted in wanted {
        assert!(said.contains(wanted), "no {wanted:?} in:\n{said}");
    }
}

/// Texts of a record, by pointer, in which something is replaced, and what is said of it.
const TOUCHED: &[(&str, &str, &str, &[&str])] = &[
    (
        "/profile/text",
        "without_policy = 0.3",
        "without_policy = 0.25",
        &["parameter without_policy of ethics/scope-of-practice 0.3 → 0.25 in evenhand.toml"],
    ),
    (
        "/profile/text",
        "DESNZ-2025",
        "DESNZ-2026",
        &["setting factor_set of the plugin climate DESNZ-2025 → DESNZ-2026 in evenhand.toml"],
    ),
    (
        "/profile/text",
        "2027-06-30",
        "2026-06-30",
        &["`until` of waiver 1 2027-06-30 → 2026-06-30 in evenhand.toml"],
    ),
    (
        "/profile/text",
        "our own",
        "ours",
        &["reason of the pack ours our own → ours in evenhand.toml"],
    ),
    (
        "/proposal/text",
        "decision_seats: 4",
        "decision_seats: 3",
        &[
            "the proposal is not the one that was judged: ",
            "decision_seats 4 → 3",
        ],
    ),
    (
        "/packs/1/files/ethics~1named.md",
        "Why.",
        "Why not.",
        &["the page of ethics/named in the pack ours is not the one that took part"],
    ),
    (
        "/packs/1/files/ethics~1named.rhai",
        "> 0",
        "> 9",
        &[
            "the script of ethics/named in the pack ours is not the one",
            "then the finding of ethics/named: met → unmet",
        ],
    ),
    (
        "/packs/0/files/ethics~1short-stay.md",
        "severity: major",
        "severity: minor",
        &["the page of ethics/short-stay in the pack international-programs"],
    ),
    (
        "/packs/0/files/sources.toml",
        "title",
        "title ",
        &["the source list of the pack international-programs"],
    ),
    (
        "/options/date",
        "2026-11-26",
        "2026-11-27",
        &["the day of the evaluation: 2026-11-26 → 2026-11-27"],
    ),
    ("/options/locale", "es", "en", &["the language: es → en"]),
];

#[test]
fn each_input_that_was_touched_is_named() {
    let folder = folder();
    for (pointer, from, to, wanted) in TOUCHED {
        let replace = |record: &mut Value| {
            let value = record.pointer_mut(pointer).unwrap();
            let text = value.as_str().unwrap();
            assert!(text.contains(from), "{pointer} has no {from}");
            *value = json!(text.replacen(from, to, 1));
        };
        touched(folder.path(), replace, wanted);
    }
    touched(
        folder.path(),
        |r| r["options"]["skip"] = json!(["ethics/short-stay"]),
        &["disabled of ethics/short-stay not set → left out by --skip"],
    );
}

#[test]
fn a_record_that_was_changed_itself_is_found_out() {
    let folder = folder();
    let at = folder.path();
    touched(
        at,
        |r| r["scorecard"]["verdict"]["word"] = json!("proceed"),
        &[
            "then the verdict is: proceed → stop",
            "no input differs, so the scorecard in the record was changed: verdict/word",
        ],
    );
    touched(
        at,
        |r| r["scorecard"]["receipt"]["engine"] = json!("0.0.9"),
        &["the version of the engine: 0.0.9 → "],
    );
    touched(
        at,
        |r| r["scorecard"]["receipt"]["plugins"]["climate"]["sha256"] = json!("00"),
        &["the digest of the plugin climate: 00 → "],
    );
    touched(
        at,
        |r| r["scorecard"]["receipt"]["proposal"] = json!("00"),
        &["the proposal is not the one that was judged"],
    );
    touched(
        at,
        |r| r["settings"]["name"] = json!("Bored"),
        &["the settings that the record lists are not those of its receipt"],
    );
    touched(
        at,
        |r| r["record_version"] = json!(2),
        &["the record is of version 2", "expected version 1"],
    );
    touched(at, |r| r["packs"] = json!([]), &["cannot be judged again"]);
    touched(
        at,
        |r| r["more"] = json!(1),
        &["the record is not whole: unknown field `more`"],
    );
    touched(
        at,
        |r| r["options"]["date"] = json!("soon"),
        &["`options.date` is `soon`"],
    );
    touched(
        at,
        |r| r["options"]["locale"] = json!("xx"),
        &["cannot be judged again"],
    );
    touched(
        at,
        |r| r["proposal"]["format"] = json!("exe"),
        &["`exe` is not a format of documents"],
    );
    touched(
        at,
        |r| r["proposal"]["text"] = json!("program: ["),
        &["cannot be judged again"],
    );
}

#[test]
fn what_is_no_record_is_refused() {
    let folder = folder();
    let at = folder.path();
    for (bytes, said) in [
        (&b""[..], "this is no JSON"),
        (b"[]", "it has no `record_version`"),
        (
            b"{\"record_version\": 1, \"record_version\": 1}",
            "this is no JSON",
        ),
        (
            b"{\"record_version\": 1}",
            "the record is not whole: missing field",
        ),
        (b"\xff\xfe", "not UTF-8"),
    ] {
        fs::write(at.join("wrong.json"), bytes).unwrap();
        let output = run(at, &["verify", "wrong.json"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(said),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_hostile_record_and_a_place_that_is_taken_are_refused() {
    let folder = folder();
    let at = folder.path();
    let deep = format!(
        "{{\"record_version\": 1, \"settings\": {}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    fs::write(at.join("wrong.json"), deep).unwrap();
    assert_eq!(run(at, &["verify", "wrong.json"]).status.code(), Some(2));
    let missing = run(at, &["verify", "none.json"]);
    assert_eq!(missing.status.code(), Some(2));
    for args in [
        vec![
            "check",
            "2027/camp.yaml",
            "2027/camp.yaml",
            "--record",
            "x.json",
        ],
        vec!["check", "2027/camp.yaml", "--record", "2027/camp.yaml"],
        vec!["check", "2027/camp.yaml", "--record", "evenhand.toml"],
        vec![
            "check",
            "2027/camp.yaml",
            "--record",
            "rules/ours/pack.toml",
        ],
        vec![
            "check",
            "2027/camp.yaml",
            "--record",
            "x.json",
            "-o",
            "x.json",
        ],
        vec![
            "check",
            "2027/camp.yaml",
            "--record",
            "no/such/folder/x.json",
        ],
    ] {
        let output = run(at, &args);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?} {}",
            text(&output.stderr)
        );
        assert!(!at.join("x.json").exists(), "{args:?}");
    }
    assert_eq!(
        fs::read_to_string(at.join("evenhand.toml")).unwrap(),
        PROFILE
    );
}
