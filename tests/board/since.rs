//! What has changed since a decision: conditions, answers and findings with their causes, and records that do not fit.

#![expect(clippy::indexing_slicing, reason = "a test may fail")]

use crate::assembly::{evenhand, root};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

const PROFILE: &str = "[profile]\nname = \"Board\"\n\n[rules.\"ethics/scope-of-practice\"]\nparams = { without_policy = 0.3 }\n";

const DECISION: &str = r#"[decision]
proposal = "c05-haiti-camp"
outcome = "approved_with_conditions"
date = "2026-11-26"
reasons = ["The host asked for it"]
present = ["A. Diallo", "B. Roy"]

[votes]
for = 2
against = 0
abstaining = 0

[[conditions]]
number = 1
text = "The limits are written down"
path = "supervision.scope_policy"
value = true

[[conditions]]
number = 2
text = "Nobody acts beyond the scope <allowed> at home"
rule = "ethics/scope-of-practice"
due = "2027-03-01"

[[conditions]]
number = 3
text = "Those who travel are insured"
path = "safety.insurance"
value = true

[[conditions]]
number = 4
text = "At least two hours to talk about it afterwards"
path = "preparation.debrief_hours"
at_least = 2

[[conditions]]
number = 5
text = "Report back to the host"
"#;

/// What the second version of the program says otherwise.
const CHANGES: &[(&str, &str)] = &[
    ("scope_policy: false", "scope_policy: true"),
    ("insurance: true", "insurance: false"),
    ("hands_on: beyond_home_scope", "hands_on: within_home_scope"),
];

fn run(folder: &Path, args: &[&str]) -> Output {
    evenhand().current_dir(folder).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a program, its record, the decision on it, and a second version.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("evenhand.toml"), PROFILE).unwrap();
    fs::write(at.join("decision.toml"), DECISION).unwrap();
    let first = fs::read_to_string(root().join(HAITI)).unwrap();
    let mut second = first.clone();
    for (from, to) in CHANGES {
        assert!(second.contains(from), "{from}");
        second = second.replacen(from, to, 1);
    }
    fs::write(at.join("camp.yaml"), first).unwrap();
    fs::write(at.join("v2.yaml"), second).unwrap();
    let args = [
        "check",
        "camp.yaml",
        "--record",
        "r.json",
        "--date",
        "2026-11-26",
    ];
    let output = run(at, &args);
    assert!(at.join("r.json").is_file(), "{}", text(&output.stderr));
    folder
}

/// What `check --since r.json` says on a day, with its exit code.
fn since(folder: &Path, proposal: &str, more: &[&str]) -> (String, String, Option<i32>) {
    let fixed = [
        "check",
        proposal,
        "--since",
        "r.json",
        "--date",
        "2027-03-02",
    ];
    let output = run(folder, &[&fixed, more].concat());
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code(),
    )
}

fn json_of(folder: &Path, proposal: &str, more: &[&str]) -> Value {
    let (said, wrong, _) = since(folder, proposal, &[&["--format", "json"], more].concat());
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{wrong}"))
}

#[test]
fn nothing_changed_is_a_renewal_in_one_line() {
    let folder = folder();
    fs::write(folder.path().join("again.yaml"), {
        let text = fs::read_to_string(folder.path().join("camp.yaml")).unwrap();
        format!("# said again\n{text}")
    })
    .unwrap();
    let (said, wrong, exit) = since(folder.path(), "again.yaml", &["--width", "400"]);
    assert_eq!(
        said,
        "Nothing has changed since the record of 2026-11-26: the same answers, rules and settings, and the verdict is still “stop”. \
         Conditions met: 1; open: 3; worse: 0; for a person to say: 1.\n"
    );
    assert_eq!((wrong.as_str(), exit), ("", Some(0)));
    // The exit code is that of the verdict.
    assert_eq!(
        since(folder.path(), "again.yaml", &["--fail-on", "stop"]).2,
        Some(1)
    );
    let found = json_of(folder.path(), "again.yaml", &[]);
    assert_eq!(found["renewal"], json!(true));
}

#[test]
fn conditions_answers_and_findings_are_followed() {
    let folder = folder();
    let found = json_of(folder.path(), "v2.yaml", &[]);
    let standings = found["conditions"].as_array().unwrap().iter();
    let standings: Vec<(&str, bool)> = standings
        .map(|one| {
            (
                one["standing"].as_str().unwrap(),
                one["overdue"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        standings,
        [
            ("met", false),
            ("met", false),
            ("worse", false),
            ("open", false),
            ("for_people", false)
        ],
        "{found:#}"
    );
    assert_eq!(found["renewal"], json!(false));
    let answers = found["answers"].as_array().unwrap();
    let paths: Vec<&str> = answers
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "/flows/0/hands_on",
            "/supervision/scope_policy",
            "/safety/insurance"
        ]
    );
    let line = fs::read_to_string(folder.path().join("v2.yaml")).unwrap();
    let line = line
        .lines()
        .position(|line| line.contains("scope_policy"))
        .unwrap()
        + 1;
    assert_eq!(answers[1]["line"], json!(line));
    let moved = |rule: &str| {
        let findings = found["findings"].as_array().unwrap().iter();
        let mut found = findings.filter(|one| one["rule"] == rule);
        found.next().cloned().unwrap_or_default()
    };
    assert_eq!(moved("ethics/scope-of-practice")["better"], json!(true));
    assert_eq!(
        moved("ethics/scope-of-practice")["causes"],
        json!(["answers"])
    );
    let worse = found["findings"].as_array().unwrap().iter();
    assert!(
        worse.clone().any(|one| one["better"] == json!(false)),
        "{found:#}"
    );
    assert!(
        worse.clone().all(|one| one["causes"] == json!(["answers"])),
        "{found:#}"
    );
    assert_eq!(found["verdict"]["before"], "stop");
    assert_eq!(
        found["inputs"][0]["what"],
        "the day of the evaluation: 2026-11-26 → 2027-03-02"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_format_says_the_same_in_every_language() {
    let folder = folder();
    let at = folder.path();
    let (said, _, _) = since(at, "v2.yaml", &[]);
    for wanted in [
        "Since the record of 2026-11-26: Student surgical camp in Hinche",
        "Decided on 2026-11-26: approved with conditions.",
        "3. worse than it was",
        "supervision.scope_policy = true: no → yes",
        "4. open",
        "preparation.debrief_hours ≥ 2: 1",
        "5. a person has to say",
        "safety.insurance: yes → no",
        "v2.yaml:",
        "· cause: the answers",
        "Worse",
        "Better",
    ] {
        assert!(said.contains(wanted), "no {wanted:?} in\n{said}");
    }
    for format in ["markdown", "html"] {
        let (page, wrong, exit) = since(at, "v2.yaml", &["--format", format]);
        assert_eq!(
            (wrong.as_str(), exit),
            ("", since(at, "v2.yaml", &[]).2),
            "{format}"
        );
        for wanted in [
            "What moved",
            "Answers that changed",
            "worse than it was",
            "approved with conditions",
        ] {
            assert!(page.contains(wanted), "{format}: no {wanted:?}");
        }
        assert!(!page.contains("<allowed>"), "{format}");
    }
    let (page, _, _) = since(at, "v2.yaml", &["--format", "html"]);
    assert!(
        page.contains("<g class=\"was\">") && page.contains("<figcaption>Above: in the record.")
    );
    for (language, wanted) in [
        ("es", "Respuestas que cambiaron"),
        ("fr", "Réponses qui ont changé"),
    ] {
        let (page, _, _) = since(at, "v2.yaml", &["--format", "html", "--locale", language]);
        assert!(page.contains(wanted), "{language}");
        for english in [
            "Answers that changed",
            "What moved",
            "worse than",
            "a person has to say",
            "Decided on",
            "the answers",
        ] {
            assert!(!page.contains(english), "{language}: {english}");
        }
    }
    let output = run(
        at,
        &[
            "check", "v2.yaml", "--since", "r.json", "--format", "docx", "-o", "s.docx",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let bytes = fs::read(at.join("s.docx")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let body = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    assert!(body.contains("Answers that changed") && body.contains("<w:tbl>"));
    for format in ["xlsx", "csv", "sarif", "junit"] {
        let (_, wrong, exit) = since(at, "v2.yaml", &["--format", format, "-o", "x"]);
        assert_eq!(exit, Some(2));
        assert!(
            wrong.contains(&format!("is not written as {format}")),
            "{wrong}"
        );
        assert!(!at.join("x").exists());
    }
}

/// The causes of what moved where nothing but an input is another one.
#[track_caller]
fn causes(folder: &Path, more: &[&str], cause: &str, input: &str) {
    let found = json_of(folder, "camp.yaml", more);
    let inputs = found["inputs"].to_string();
    assert!(inputs.contains(input), "no {input:?} in {inputs}");
    let findings = found["findings"].as_array().unwrap();
    assert!(!findings.is_empty(), "{found:#}");
    for one in findings {
        assert_eq!(one["causes"], json!([cause]), "{one:#}");
    }
    assert_eq!(found["renewal"], json!(false));
}

#[test]
fn what_moved_by_settings_and_days_has_that_cause() {
    let folder = folder();
    let at = folder.path();
    fs::write(
        at.join("stricter.toml"),
        PROFILE.replace(
            "[rules.",
            "[rules.\"ethics/short-stay\"]\nenabled = false\nreason = \"r\"\n\n[rules.",
        ),
    )
    .unwrap();
    causes(
        at,
        &["--profile", "stricter.toml"],
        "settings",
        "disabled of ethics/short-stay not set → r in stricter.toml",
    );
    let waived = format!(
        "{PROFILE}\n[[waivers]]\nrule = \"ethics/short-stay\"\nproposal = \"*\"\nreason = \"r\"\nby = \"b\"\nuntil = \"2026-12-31\"\n"
    );
    fs::write(at.join("evenhand.toml"), waived).unwrap();
    let output = run(
        at,
        &[
            "check",
            "camp.yaml",
            "--record",
            "r.json",
            "--date",
            "2026-11-26",
        ],
    );
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    causes(
        at,
        &[],
        "day",
        "the day of the evaluation: 2026-11-26 → 2027-03-02",
    );
    for (language, input) in [
        ("es", "el día de la evaluación: 2026-11-26 → 2027-03-02"),
        ("fr", "le jour de l’évaluation : 2026-11-26 → 2027-03-02"),
    ] {
        causes(at, &["--locale", language], "day", input);
    }
}

#[test]
fn what_moved_by_rules_has_that_cause() {
    let folder = folder();
    let at = folder.path();
    let date = ["--date", "2027-03-02"];
    let pack = at.join("ours");
    fs::create_dir_all(pack.join("ethics")).unwrap();
    fs::write(pack.join("pack.toml"), "[pack]\nname = \"ours\"\n").unwrap();
    let page =
        "---\ntitle: Nobody goes\nseverity: minor\nsources: []\nlimits: None.\n---\n\nWhy.\n";
    fs::write(pack.join("ethics/nobody.md"), page).unwrap();
    fs::write(
        pack.join("ethics/nobody.rhai"),
        "fn check(program, param) { unmet(\"Somebody goes\") }\n",
    )
    .unwrap();
    let output = run(
        at,
        &["check", "camp.yaml", "--record", "r.json", date[0], date[1]],
    );
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    causes(
        at,
        &["--pack", "ours"],
        "rules",
        "the page of ethics/nobody in the pack ours took no part, and is there",
    );
    causes(
        at,
        &["--pack", "ours", "--locale", "es"],
        "rules",
        "la página de ethics/nobody en el paquete ours: no se usó y ahora está",
    );
}

/// What is said where the record is another one.
#[track_caller]
fn refused(folder: &Path, touch: impl Fn(&mut Value), wanted: &[&str]) {
    let mut record: Value =
        serde_json::from_slice(&fs::read(folder.join("r.json")).unwrap()).unwrap();
    touch(&mut record);
    fs::write(folder.join("touched.json"), record.to_string()).unwrap();
    let output = run(
        folder,
        &[
            "check",
            "v2.yaml",
            "--since",
            "touched.json",
            "-o",
            "out.txt",
        ],
    );
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in wanted {
        assert!(said.contains(wanted), "no {wanted:?} in:\n{said}");
    }
    assert!(!folder.join("out.txt").exists());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn records_that_do_not_fit_are_named() {
    let folder = folder();
    let at = folder.path();
    refused(
        at,
        |r| r["record_version"] = json!(7),
        &["the record is of version 7"],
    );
    refused(
        at,
        |r| r["scorecard"]["proposal"]["id"] = json!("c99"),
        &["the record is of `c99`, and this proposal is `c05-haiti-camp`"],
    );
    refused(
        at,
        |r| r["scorecard"]["verdict"]["word"] = json!("fine"),
        &["the scorecard of the record is not whole"],
    );
    let changed = "the record was changed after it was written";
    refused(
        at,
        |r| r["scorecard"]["verdict"]["word"] = json!("proceed"),
        &[
            changed,
            "no input differs, so the scorecard in the record was changed: verdict/word",
        ],
    );
    refused(
        at,
        |r| {
            let text = r["proposal"]["text"].as_str().unwrap();
            r["proposal"]["text"] = json!(text.replace("decision_seats: 4", "decision_seats: 3"));
        },
        &[
            changed,
            "the proposal in the record is not the one of its receipt",
        ],
    );
    refused(
        at,
        |r| {
            let text = r["profile"]["text"].as_str().unwrap();
            r["profile"]["text"] = json!(text.replace("0.3", "0.4"));
        },
        &[
            changed,
            "parameter without_policy of ethics/scope-of-practice 0.3 → 0.4",
        ],
    );
    refused(
        at,
        |r| {
            let page = &mut r["packs"][0]["files"]["ethics/short-stay.md"];
            *page = json!(
                page.as_str()
                    .unwrap()
                    .replace("severity: major", "severity: minor")
            );
        },
        &[
            changed,
            "the page of ethics/short-stay in the pack international-programs",
        ],
    );
    fs::write(at.join("touched.json"), "no record").unwrap();
    for (record, said) in [
        ("touched.json", "this is no JSON"),
        ("none.json", "cannot read `none.json`"),
        (".", "cannot read"),
    ] {
        let output = run(at, &["check", "v2.yaml", "--since", record]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(said),
            "{}",
            text(&output.stderr)
        );
    }
    for args in [
        vec!["check", "v2.yaml", "camp.yaml", "--since", "r.json"],
        vec!["check", "v2.yaml", "--since", "r.json", "-o", "r.json"],
        vec![
            "check",
            "v2.yaml",
            "--since",
            "r.json",
            "-o",
            "decision.toml",
        ],
        vec![
            "check", "v2.yaml", "--since", "r.json", "--record", "r.json",
        ],
        vec!["check", "v2.yaml", "--decision", "decision.toml"],
    ] {
        assert_eq!(run(at, &args).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(
        fs::read_to_string(at.join("decision.toml")).unwrap(),
        DECISION
    );
}

#[test]
fn a_record_of_another_version_of_the_program_is_judged_again() {
    let folder = folder();
    let at = folder.path();
    let mut record: Value = serde_json::from_slice(&fs::read(at.join("r.json")).unwrap()).unwrap();
    record["scorecard"]["receipt"]["engine"] = json!("0.0.9");
    record["scorecard"]["verdict"]["word"] = json!("revise");
    let findings = record["scorecard"]["findings"].as_array_mut().unwrap();
    let short = findings
        .iter_mut()
        .find(|one| one["rule"] == "ethics/short-stay")
        .unwrap();
    short["outcome"] = json!("met");
    (short["low"], short["high"]) = (json!(1), json!(1));
    fs::write(at.join("r.json"), record.to_string()).unwrap();
    causes(at, &[], "program", "the version of the engine: 0.0.9 → ");
    let found = json_of(at, "camp.yaml", &[]);
    assert_eq!(found["verdict"]["causes"], json!(["program"]));
    assert_eq!(found["findings"][0]["rule"], "ethics/short-stay");
}

#[test]
fn a_decision_that_does_not_fit_is_named() {
    let folder = folder();
    let at = folder.path();
    // One beside the record that is on another proposal is left alone, and said to be so; one that was named is wrong.
    fs::write(
        at.join("decision.toml"),
        DECISION.replace("c05-haiti-camp", "c06"),
    )
    .unwrap();
    let (said, wrong, exit) = since(at, "v2.yaml", &[]);
    assert!(
        wrong.contains("`decision.toml` is on `c06`, and is not followed here"),
        "{wrong}"
    );
    assert!(said.contains("No decision is known"), "{said}");
    assert_eq!(exit, Some(0));
    let (_, wrong, exit) = since(at, "v2.yaml", &["--decision", "decision.toml"]);
    assert_eq!(exit, Some(2));
    assert!(wrong.contains("the decision is on `c06`"), "{wrong}");
    for (from, to, said) in [
        (
            "supervision.scope_policy",
            "supervision.scope_police",
            "did you mean `supervision.scope_policy`?",
        ),
        ("value = true", "value = \"often\"", "decision.toml:17:9"),
        (
            "ethics/scope-of-practice",
            "ethics/scope-of-practise",
            "did you mean `ethics/scope-of-practice`?",
        ),
    ] {
        assert!(DECISION.contains(from), "{from}");
        fs::write(at.join("decision.toml"), DECISION.replacen(from, to, 1)).unwrap();
        let (_, wrong, exit) = since(at, "v2.yaml", &["--width", "200"]);
        assert_eq!(exit, Some(2), "{to}: {wrong}");
        assert!(wrong.contains(said), "{to}: {wrong}");
    }
}
