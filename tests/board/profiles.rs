//! A university's profile, a faculty's that extends it, and what every report, record and command says of both.

use crate::assembly::{evenhand, root};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

const HAITI: &str = "examples/proposals/c05-haiti-camp.yaml";

const UNIVERSITY: &str = r#"[profile]
version = 2
name    = "University of X"

[thresholds]
ethics = 60

[rules."climate/*"]
weight = 2
reason = "decided in 2026"

[words]
stop = "Not approved in this form"
poor = "Level 1"

[obligations]
stop = "The dean <b>is told"
equity.poor = ["Somebody visits the host"]
"#;

const FACULTY: &str = r#"[profile]
version = 2
name    = "Faculty of Y"
extends = ["../university.toml"]
dimensions = ["ethics", "climate"]

[thresholds]
ethics = 70

[levels]
order = "best_first"

[dimensions.equity]
title   = "Fairness"
numbers = false

[rules."ethics/short-stay"]
title    = "Nobody goes for a fortnight"
waivable = false
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("university.toml"), UNIVERSITY).unwrap();
    fs::create_dir(at.join("faculty")).unwrap();
    fs::write(at.join("faculty/evenhand.toml"), FACULTY).unwrap();
    fs::copy(root().join(HAITI), at.join("faculty/camp.yaml")).unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    evenhand().current_dir(folder).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn check(folder: &Path, args: &[&str]) -> Output {
    let common = ["check", "faculty/camp.yaml", "--date", "2026-11-26"];
    run(folder, &[common.as_slice(), args].concat())
}

#[test]
fn what_the_board_calls_things_and_what_follows_stands_in_every_format_and_language() {
    let folder = folder();
    let at = folder.path();
    for (args, dean) in [
        (vec![], "The dean <b>is told"),
        (vec!["--verbose"], "The dean <b>is told"),
        (vec!["--locale", "es"], "The dean <b>is told"),
        (
            vec!["--locale", "fr", "--format", "html"],
            "The dean &lt;b&gt;is told",
        ),
        (vec!["--format", "html"], "The dean &lt;b&gt;is told"),
        (vec!["--format", "markdown"], "is told"),
        (vec!["--format", "json"], "The dean <b>is told"),
        (vec!["--format", "csv"], "The dean <b>is told"),
        (vec!["--format", "junit"], "The dean &lt;b&gt;is told"),
        (vec!["--format", "sarif"], "The dean <b>is told"),
    ] {
        let text = said(&check(at, &args));
        for wanted in [
            dean,
            "Not approved in this form",
            "Somebody visits the host",
        ] {
            assert!(text.contains(wanted), "{args:?}: no {wanted}\n{text}");
        }
    }
    let text = said(&check(at, &[]));
    assert!(
        text.contains("Verdict: Not approved in this form"),
        "{text}"
    );
    assert!(text.contains("Level 1"), "{text}");
    let memo = said(&run(
        at,
        &["memo", "faculty/camp.yaml", "--date", "2026-11-26"],
    ));
    for wanted in [
        "What follows",
        "is told",
        "Not approved in this form",
        "Fairness",
    ] {
        assert!(memo.contains(wanted), "{wanted}");
    }
}

#[test]
fn codes_stay_in_json_and_no_number_of_a_dimension_is_shown_that_the_board_hides() {
    let folder = folder();
    let output = check(folder.path(), &["--format", "json"]);
    let card: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(card["verdict"]["word"], "stop");
    assert_eq!(card["verdict"]["title"], "Not approved in this form");
    let dimensions = card["dimensions"].as_array().unwrap();
    let ids: Vec<&str> = dimensions
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["ethics", "climate", "equity", "sustainability"]);
    let equity = &dimensions[2];
    assert_eq!(equity["title"], "Fairness");
    assert_eq!(
        (&equity["low"], &equity["threshold"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(equity["level_low"], "poor");
    assert_eq!(equity["level_low_title"], "Level 1");
    assert!(dimensions[0]["low"].is_u64());
    assert_eq!(card["robustness"]["dimensions"][2]["low"], Value::Null);
    assert_eq!(card["obligations"][0]["verdict"], "stop");
    assert_eq!(card["obligations"][1]["dimension"], "equity");
    let changes = card["board_changes"]["changes"].as_array().unwrap();
    let what: Vec<&str> = changes
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    for wanted in [
        "thresholds.ethics",
        "rules.ethics/short-stay.title",
        "rules.ethics/short-stay.waivable",
        "dimensions.equity.title",
        "dimensions.equity.numbers",
        "words.stop",
        "obligations",
        "levels.order",
        "profile.dimensions",
    ] {
        assert!(what.contains(&wanted), "{wanted}: {what:?}");
    }
    assert!(
        what.iter().any(|what| what.starts_with("rules.climate/")),
        "{what:?}"
    );
}

#[test]
fn a_record_holds_all_profiles_and_verify_names_the_one_that_differs() {
    let folder = folder();
    let at = folder.path();
    let args = [
        "--record",
        "camp.record.json",
        "--set",
        "thresholds.climate=50",
    ];
    check(at, &args);
    let whole = fs::read_to_string(at.join("camp.record.json")).unwrap();
    assert!(
        !whole.contains(at.to_str().unwrap()),
        "a place of the machine"
    );
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("r.json"), &whole).unwrap();
    let output = run(elsewhere.path(), &["verify", "r.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let record: Value = serde_json::from_str(&whole).unwrap();
    let touched = |pointer: &str, from: &str, to: &str, wanted: &[&str]| {
        let mut changed = record.clone();
        let text = changed.pointer_mut(pointer).unwrap();
        let other = text.as_str().unwrap().replace(from, to);
        assert_ne!(Value::from(other.as_str()), *text);
        *text = Value::from(other);
        fs::write(elsewhere.path().join("changed.json"), changed.to_string()).unwrap();
        let output = run(elsewhere.path(), &["verify", "changed.json"]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        for wanted in wanted {
            assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
        }
    };
    touched(
        "/extended/0/profile/text",
        "stop = \"Not approved",
        "stop = \"Nearly approved",
        &["../university.toml", "word for stop"],
    );
    touched(
        "/extended/0/profile/text",
        "weight = 2",
        "weight = 3",
        &[
            "the profile ../university.toml is not the one that took part",
            "in ../university.toml",
        ],
    );
    touched(
        "/profile/text",
        "ethics = 70",
        "ethics = 71",
        &[
            "threshold of ethics 70 → 71 in evenhand.toml",
            "the profile evenhand.toml",
        ],
    );
    touched(
        "/options/set/0",
        "50",
        "51",
        &["threshold of climate 50 → 51 in --set"],
    );
}

#[test]
fn set_is_on_top_for_one_run_and_is_a_change_with_its_reason() {
    let folder = folder();
    let at = folder.path();
    let set = ["--set", "thresholds.ethics=10", "--format", "json"];
    let card: Value = serde_json::from_slice(&check(at, &set).stdout).unwrap();
    let changes = card["board_changes"]["changes"].as_array().unwrap();
    let own = changes
        .iter()
        .find(|one| one["what"] == "thresholds.ethics")
        .unwrap();
    assert_eq!(own["to"], "10");
    assert_eq!(own["reason"], "set with --set");
    // Also where there is no profile.
    let args = [
        "check",
        "faculty/camp.yaml",
        "--no-profile",
        "--set",
        "words.stop=No",
        "--format",
        "json",
    ];
    let card: Value = serde_json::from_slice(&run(at, &args).stdout).unwrap();
    assert_eq!(card["verdict"]["title"], "No");
    for args in [
        vec!["--set", "thresholds.ethic=10"],
        vec!["--set", "thresholds.ethics=1000"],
        vec!["--set", "waivers=[]"],
        vec!["--set", "thresholds.ethics"],
        vec!["--set", "rules.ethics/supervision.enabled=false"],
    ] {
        let output = check(at, &args);
        assert_eq!(output.status.code(), Some(2), "{args:?} {}", said(&output));
    }
    // In what-if, --set is for facts of the proposal.
    for command in ["questions", "improve", "memo"] {
        let output = run(
            at,
            &[command, "faculty/camp.yaml", "--set", "words.stop=No"],
        );
        assert_ne!(output.status.code(), Some(2), "{command} {}", said(&output));
    }
    let args = [
        "what-if",
        "faculty/camp.yaml",
        "--set",
        "host.need=host_led",
        "--setting",
        "words.stop=No way",
    ];
    let output = run(at, &args);
    assert!(said(&output).contains("No way"), "{}", said(&output));
}

#[test]
fn every_value_in_force_has_its_place() {
    let folder = folder();
    let at = folder.path().join("faculty");
    let output = run(&at, &["profile", "show", "--format", "json"]);
    let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let of = |key: &str| {
        let found = list.iter().find(|one| one["key"] == key);
        found.unwrap_or_else(|| panic!("no {key}")).clone()
    };
    let from = |key: &str| {
        let from = of(key)["from"].clone();
        let place = |key: &str| from[key].as_str().map(str::to_owned);
        (place("kind").unwrap(), place("file"), from["line"].as_u64())
    };
    let university = || Some("../university.toml".to_owned());
    let own = || Some("evenhand.toml".to_owned());
    for (key, kind, file, line) in [
        ("thresholds.ethics", "profile", own(), Some(8)),
        ("thresholds.climate", "program", None, None),
        ("words.stop", "profile", university(), Some(13)),
        (
            "rules.climate/premium-cabin.weight",
            "profile",
            university(),
            Some(9),
        ),
        ("rules.climate/premium-cabin.severity", "pack", None, None),
        ("rules.ethics/short-stay.title", "profile", own(), Some(18)),
        ("profile.extends", "profile", own(), Some(4)),
        ("levels.good", "program", None, None),
        ("obligations.stop", "profile", university(), Some(17)),
    ] {
        assert_eq!(from(key), (kind.to_owned(), file, line), "{key}");
    }
    assert_eq!(
        of("rules.climate/premium-cabin.weight")["reason"],
        "decided in 2026"
    );
    let text = said(&run(&at, &["profile", "show"]));
    for wanted in [
        "Settings of Faculty of Y",
        "../university.toml, line 9",
        "the pack international-programs",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let spanish = said(&run(&at, &["profile", "show", "--locale", "es"]));
    assert!(spanish.contains("evenhand.toml, línea 8"), "{spanish}");
}

#[test]
fn a_difference_says_which_way_it_goes() {
    let folder = folder();
    let at = folder.path();
    let other = UNIVERSITY
        .replace("ethics = 60", "ethics = 50\nreason = \"first year\"")
        .replace("weight = 2", "weight = 1")
        .replace("Level 1", "Level one")
        + "[rules.\"ethics/short-stay\"]\nseverity = \"critical\"\n";
    fs::write(at.join("other.toml"), other).unwrap();
    let output = run(
        at,
        &[
            "profile",
            "diff",
            "university.toml",
            "other.toml",
            "--format",
            "json",
        ],
    );
    let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let bearing = |key: &str| {
        let found = list.iter().find(|one| one["key"] == key);
        found.map(|one| one["bearing"].as_str().unwrap().to_owned())
    };
    for (key, wanted) in [
        ("thresholds.ethics", Some("looser")),
        ("rules.climate/premium-cabin.weight", Some("either")),
        ("words.poor", Some("neutral")),
        ("rules.ethics/short-stay.severity", Some("stricter")),
        ("levels.good", None),
    ] {
        assert_eq!(bearing(key).as_deref(), wanted, "{key}");
    }
    let text = said(&run(
        at,
        &["profile", "diff", "university.toml", "other.toml"],
    ));
    assert!(text.contains("thresholds.ethics: 60 → 50"), "{text}");
    // A weight says which way it goes, and not only that it may go either way.
    let weights = list
        .iter()
        .filter(|one| one["key"].as_str().unwrap().ends_with(".weight"));
    for one in weights {
        let shares = &one["shares"];
        let dimension = one["path"][1].as_str().and_then(|id| id.split('/').next());
        assert_eq!(shares["dimension"].as_str(), dimension, "{one}");
        assert!(shares["before"].as_f64() > Some(0.0), "{one}");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let one_line = words.join(" ");
    for way in [
        "counts more: 4.8 % → 6.3 % of ethics; what keeps its weight counts less;",
        // A pattern that halves every weight of a dimension changes no share.
        "counts as much as before: 11.1 % of climate;",
    ] {
        assert!(one_line.contains(way), "{text}");
    }
    let same = said(&run(
        at,
        &["profile", "diff", "university.toml", "university.toml"],
    ));
    assert_eq!(same, "No setting differs.\n");
    let output = run(at, &["profile", "diff", "gone.toml", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
    for name in ["gone.toml", "nowhere.toml"] {
        assert!(said(&output).contains(name), "{}", said(&output));
    }
}

/// Where a board shows no numbers, no command shows points: neither of a dimension, nor of what would move it.
#[test]
fn hidden_numbers_are_shown_by_no_command() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let given = fs::read_to_string(root().join(HAITI)).unwrap();
    fs::write(at.join("a.yaml"), &given).unwrap();
    let other = given.replacen("decision_seats: 0", "decision_seats: 3", 1);
    assert_ne!(given, other);
    fs::write(at.join("b.yaml"), other).unwrap();
    let hidden: Vec<String> = ["equity", "ethics", "climate", "sustainability"]
        .map(|id| format!("[dimensions.{id}]\nnumbers = false\n"))
        .to_vec();
    let profile = format!("[profile]\nversion = 2\n{}", hidden.concat());
    fs::write(at.join("evenhand.toml"), profile).unwrap();
    let shown = |args: &[&str], hidden: bool| {
        let more: &[&str] = if hidden { &[] } else { &["--no-profile"] };
        let date = ["--date", "2026-11-26"];
        said(&run(at, &[args, more, &date].concat()))
    };
    let card: Value =
        serde_json::from_str(&shown(&["check", "a.yaml", "--format", "json"], false)).unwrap();
    let ends = card["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["low"], &one["high"]));
    let ranges: Vec<String> = ends
        .filter(|(low, high)| low != high)
        .map(|(low, high)| format!("{low}–{high}"))
        .collect();
    assert!(ranges.len() > 1, "{card}");
    let tells = |text: &str| {
        let range = ranges.iter().any(|range| text.contains(range));
        range || text.contains(" of 100,") || text.contains("About ")
    };
    let seats = "partners[2].decision_seats=3";
    for args in [
        &["check", "a.yaml"][..],
        &["check", "a.yaml", "--verbose"],
        &["check", "a.yaml", "--format", "html"],
        &["check", "a.yaml", "--format", "markdown"],
        &["check", "a.yaml", "--format", "csv"],
        &["questions", "a.yaml"],
        &["improve", "a.yaml"],
        &["compare", "a.yaml", "b.yaml"],
        &["what-if", "a.yaml", "--set", seats],
        &["perspectives", "a.yaml", "b.yaml"],
        &["perspectives", "a.yaml", "b.yaml", "--format", "html"],
    ] {
        let (plain, text) = (shown(args, false), shown(args, true));
        // A CSV has each end in a column of its own.
        assert!(args.contains(&"csv") || tells(&plain), "{args:?}\n{plain}");
        assert!(!tells(&text), "{args:?}\n{text}");
    }
    let asked: Value =
        serde_json::from_str(&shown(&["questions", "a.yaml", "--format", "json"], true)).unwrap();
    for question in asked["questions"].as_array().unwrap() {
        assert!(question["points"].is_null(), "{question}");
        assert!(question["waiting"][0]["points"].is_null(), "{question}");
    }
}

#[test]
fn a_pack_that_is_not_there_is_said_where_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let profile = "[profile]\nversion = 2\nextends = [\"international-programs\", { pack = \"gone\", reason = \"ours\" }]\n";
    fs::write(at.join("evenhand.toml"), profile).unwrap();
    let output = run(at, &["profile", "check"]);
    assert_eq!(output.status.code(), Some(2));
    let text = said(&output);
    assert!(text.contains("cannot read the folder `gone`"), "{text}");
    assert!(text.contains("evenhand.toml:3:"), "{text}");
}

#[test]
fn a_new_profile_is_valid_as_it_is_and_with_everything_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let output = run(at, &["profile", "new"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let written = fs::read_to_string(at.join("evenhand.toml")).unwrap();
    assert_eq!(run(at, &["profile", "check"]).status.code(), Some(0));
    let again = run(at, &["profile", "new"]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(at.join("evenhand.toml")).unwrap(),
        written
    );
    // A comment that is a setting begins with `# ` and a word or a bracket; take all of them in.
    let setting = |line: &str| {
        let rest = line.strip_prefix("# ")?;
        let key = rest.split(" = ").next().unwrap_or_default();
        let is_key = rest.contains(" = ") && !key.contains(' ') && !key.starts_with('{');
        (is_key || rest.starts_with('[')).then(|| rest.to_owned())
    };
    let all: Vec<String> = written
        .lines()
        .map(|line| setting(line).unwrap_or_else(|| line.to_owned()))
        .collect();
    fs::write(at.join("evenhand.toml"), all.join("\n")).unwrap();
    let output = run(at, &["profile", "check"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}\n{}",
        said(&output),
        all.join("\n")
    );
    assert!(!said(&output).contains("warning"), "{}", said(&output));
    let show = run(at, &["profile", "show"]);
    assert!(
        said(&show).contains("Not approved in this form"),
        "{}",
        said(&show)
    );
    // A name that is no plain word, and a profile that is not there.
    let args = [
        "profile",
        "new",
        "b.toml",
        "--name",
        "Board \"A\"\n[waivers]",
    ];
    assert_eq!(run(at, &args).status.code(), Some(0));
    let output = run(at, &["profile", "new", "c.toml", "--extends", "gone.toml"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(!at.join("c.toml").exists());
}

#[test]
fn everything_wrong_with_several_profiles_is_said_at_once() {
    let folder = folder();
    let at = folder.path();
    for pack in ["one", "two"] {
        fs::create_dir_all(at.join(pack).join("ethics")).unwrap();
        fs::write(
            at.join(pack).join("pack.toml"),
            format!("[pack]\nname = \"{pack}\"\n"),
        )
        .unwrap();
        let page = "---\ntitle: Named\nseverity: minor\nsources: []\nlimits: None.\njudge:\n  yes_no: { of: host.capacity_cap }\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";
        fs::write(at.join(pack).join("ethics/named.md"), page).unwrap();
    }
    let bad = "[profile]\nversion = 2\nextends = [\"university.toml\", \"bad.toml\", \"gone.toml\"]\n\
               [thresholds]\nethic = 70\nequity = 170\n\
               [rules.\"climat/*\"]\nweight = 1\n[rules.\"ethics/supervision\"]\nenabled = false\nreason = \"x\"\n";
    fs::write(at.join("bad.toml"), bad).unwrap();
    let output = run(at, &["profile", "check", "bad.toml"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    for wanted in [
        "`bad.toml` extends itself",
        "cannot read `gone.toml`",
        "`thresholds.equity` is 170",
        "`ethic` is not a dimension",
        "did you mean `climate/*`?",
        "`ethics/supervision` may not be waived",
        "bad.toml:3:",
    ] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
    let twins = "[profile]\nextends = [\"international-programs\", \"one\", \"two\"]\n";
    fs::write(at.join("twins.toml"), twins).unwrap();
    let output = run(at, &["profile", "check", "twins.toml"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains("the rule `ethics/named` is one of the pack `one` already"),
        "{text}"
    );
    assert!(text.contains("two/ethics/named.md:1:1"), "{text}");
}

#[test]
fn fields_without_rules_are_a_change_that_needs_a_decision() {
    let folder = folder();
    let at = folder.path();
    fs::create_dir_all(at.join("ours/host")).unwrap();
    let pack = "[pack]\nname = \"ours\"\n[[dimensions]]\nid = \"host\"\ntitle = \"The host\"\n";
    fs::write(at.join("ours/pack.toml"), pack).unwrap();
    let page = "---\ntitle: The host sets the ceiling\nseverity: major\nsources: []\nlimits: None.\njudge:\n  yes_no: { of: host.capacity_cap }\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";
    fs::write(at.join("ours/host/ceiling.md"), page).unwrap();
    let profile = |table: &str| {
        format!(
            "[profile]\nversion = 2\nname = \"Host board\"\nextends = [{{ pack = \"international-programs\", fields_only = true{table} }}, {{ pack = \"ours\", reason = \"our rubric\" }}]\n"
        )
    };
    for (table, wanted) in [
        ("", "are left out without a"),
        (
            ", reason = \"ours is enough\"",
            "rules that may not be waived are left out",
        ),
    ] {
        fs::write(at.join("host.toml"), profile(table)).unwrap();
        let output = run(at, &["profile", "check", "host.toml"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(wanted), "{}", said(&output));
    }
    let table = ", reason = \"ours is enough\", override = \"Decision 3\"";
    fs::write(at.join("host.toml"), profile(table)).unwrap();
    let output = check(at, &["--profile", "host.toml", "--format", "json"]);
    let card: Value = serde_json::from_slice(&output.stdout).unwrap();
    let dimensions = card["dimensions"].as_array().unwrap();
    assert_eq!(dimensions.len(), 1, "{dimensions:?}");
    let rules: Vec<&str> = card["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["rule"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["host/ceiling"]);
    assert_eq!(card["board_changes"]["baseline"]["verdict"], "stop");
    assert_eq!(card["board_changes"]["differs"], true);
    let changes = card["board_changes"]["changes"].as_array().unwrap();
    let own = changes
        .iter()
        .find(|one| one["what"] == "international-programs")
        .unwrap();
    assert_eq!(own["to"], "fields without rules");
    assert_eq!(own["without"]["verdict"], "stop", "{own}");
    assert_eq!(card["overrides"][0]["decision"], "Decision 3");
    check(at, &["--profile", "host.toml", "--record", "host.json"]);
    let output = run(at, &["verify", "host.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn a_parameter_changes_on_its_day() {
    let folder = folder();
    let at = folder.path();
    let profile = "[profile]\nversion = 2\n[rules.\"ethics/community-voice\"]\nparams = { consulted = [{ value = 0.4 }, { value = 0.3, from = \"2027-01-01\" }] }\n";
    fs::write(at.join("dated.toml"), profile).unwrap();
    let consulted = |date: &str| {
        let args = [
            "profile",
            "show",
            "--profile",
            "dated.toml",
            "--format",
            "json",
            "--date",
            date,
        ];
        let output = run(at, &args);
        let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let of = |key: &str| {
            let found = list.iter().find(|one| one["key"] == key);
            found.map(|one| one["value"].clone())
        };
        (
            of("rules.ethics/community-voice.params.consulted"),
            of("rules.ethics/community-voice.params.consulted.from 2027-01-01"),
        )
    };
    assert_eq!(
        consulted("2026-12-31"),
        (Some(0.4.into()), Some(0.3.into()))
    );
    assert_eq!(consulted("2027-01-01"), (Some(0.3.into()), None));
}

/// A board wrote its settings before the core pack gave a rule another name: they hold, and the board is told.
#[test]
fn a_former_id_is_honoured_everywhere_a_board_uses_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (former, now) = (
        "climate/distance-duration",
        "climate/carbon-per-person-week",
    );
    let profile = format!(
        "[profile]\nversion = 2\n\n[rules.\"{former}\"]\nweight = 0.5\nreason = \"r\"\n\n[[waivers]]\nrule = \"{former}\"\nproposal = \"haiti-surgical-camp\"\nreason = \"Once\"\nby = \"Board\"\nuntil = \"2027-06-30\"\n"
    );
    fs::write(at.join("evenhand.toml"), profile).unwrap();
    fs::copy(root().join(HAITI), at.join("camp.yaml")).unwrap();
    let json = ["--format", "json", "--date", "2026-11-27"];
    let checked = run(at, &[&["check", "camp.yaml"], json.as_slice()].concat());
    let told = String::from_utf8_lossy(&checked.stderr).into_owned();
    let told: Vec<&str> = told.split_whitespace().collect();
    let told = told.join(" ");
    let warning = format!("`{former}` is called `{now}` now, and is taken for it");
    assert_eq!(told.matches(&warning).count(), 2, "{told}");
    let card: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let findings = card["findings"].as_array().unwrap();
    let finding = findings.iter().find(|one| one["rule"] == now).unwrap();
    assert_eq!(finding["weight"], 0.5);
    let shown = run(at, &[&["profile", "show"], json.as_slice()].concat());
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let text = shown.to_string();
    assert!(text.contains(now) && !text.contains(former), "{text}");
    let explained = said(&run(at, &["explain", former]));
    assert!(explained.contains(now), "{explained}");
    let listed = said(&run(at, &["profile", "waivers", "--date", "2026-11-27"]));
    assert!(listed.contains(now), "{listed}");
}
