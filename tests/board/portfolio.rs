//! Many programs in the tables that the packs declare.

use crate::assembly::{evenhand, root};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

/// A folder with three programs, a broken one, and something else.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("programs");
    fs::create_dir_all(corpus.join("older")).unwrap();
    let examples = root().join("examples/proposals");
    for (from, to) in [
        ("c05-haiti-camp.yaml", "older/camp.yaml"),
        ("c09-erasmus.yaml", "erasmus.yaml"),
        ("home-course.toml", "home-course.toml"),
    ] {
        fs::copy(examples.join(from), corpus.join(to)).unwrap();
    }
    fs::write(corpus.join("broken.json"), "{ \"program\": ").unwrap();
    fs::write(corpus.join("notes.yaml"), "minutes: of the meeting\n").unwrap();
    folder
}

fn portfolio(folder: &Path, args: &[&str]) -> Output {
    evenhand()
        .current_dir(folder)
        .args(["portfolio", "programs", "--date", "2026-11-26"])
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

fn table<'a>(found: &'a Value, id: &str) -> &'a Value {
    let tables = found["tables"].as_array().unwrap().iter();
    tables.into_iter().find(|table| table["id"] == id).unwrap()
}

/// One table is by one board's settings, and programs of another board are named.
#[test]
fn programs_near_another_profile_are_named() {
    let folder = folder();
    let other = folder.path().join("programs/older/evenhand.toml");
    fs::write(&other, "[profile]\nname = \"Earlier board\"\n").unwrap();
    let note = "note: `programs/older/camp.yaml` is near another profile; here all are judged by that of the first";
    let said = text(&portfolio(folder.path(), &[]).stderr);
    assert_eq!(said.matches("near another profile").count(), 1, "{said}");
    assert!(said.contains(note), "{said}");
    let named = portfolio(folder.path(), &["--profile", other.to_str().unwrap()]);
    let said = text(&named.stderr);
    assert!(!said.contains("near another profile"), "{said}");
}

#[test]
fn the_core_pack_declares_what_a_board_asks_of_its_year() {
    let folder = folder();
    let output = portfolio(folder.path(), &["--format", "json", "--budget", "1"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let found = json(&output);
    let places: Vec<&str> = found["programs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["place"].as_str().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "programs/broken.json",
            "programs/erasmus.yaml",
            "programs/home-course.toml",
            "programs/older/camp.yaml"
        ]
    );
    assert_eq!(found["programs"][0]["verdict"], Value::Null);
    assert!(found["programs"][0]["problems"][0]["line"].is_number());
    assert_eq!(
        found["passed_over"],
        serde_json::json!(["programs/notes.yaml"])
    );
    assert_eq!(table(&found, "levels")["programs"], 3);
    assert!(table(&found, "fails")["entries"].as_array().unwrap().len() <= 10);
    let formats = table(&found, "formats");
    assert_eq!(formats["published"]["source"], "wu-2022#results");
    // The review's pairs of countries add up to its partnerships.
    let figures = formats["published"]["figures"].as_array().unwrap();
    let published = |title: &str| {
        let figure = figures.iter().find(|figure| figure["title"] == title);
        figure.unwrap()["published"].as_u64().unwrap()
    };
    let pairs = ["of North and South", "within the South", "within the North"];
    let pairs: u64 = pairs
        .iter()
        .map(|pair| published(&format!("Partnerships {pair}")))
        .sum();
    assert_eq!(pairs, published("International partnerships"));
    let tonnes = table(&found, "tonnes");
    assert_eq!(
        (&tonnes["budget"], &tonnes["stands"]),
        (&1.0.into(), &"over".into())
    );
    assert!(table(&found, "at-home")["known"].as_u64().unwrap() > 0);
    assert_eq!(
        portfolio(folder.path(), &["--format", "json", "--budget", "1"]).stdout,
        output.stdout
    );
}

#[test]
fn every_form_has_every_table_in_the_language() {
    let folder = folder();
    let shown = |args: &[&str]| text(&portfolio(folder.path(), args).stdout);
    let terminal = shown(&["--budget", "tonnes=100000"]);
    for part in [
        "Emissions of a year",
        "published",
        "Wu A,",
        "Cannot be judged",
        "programs/broken.json",
    ] {
        assert!(terminal.contains(part), "{part}\n{terminal}");
    }
    assert!(
        terminal.lines().all(|line| line.chars().count() <= 80),
        "{terminal}"
    );
    let page = shown(&["--format", "html", "--locale", "fr"]);
    for part in [
        "lang=\"fr\"",
        "Émissions d’une année",
        "<svg",
        "<caption",
        "Wu A,",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script") && !page.contains("src="));
    // Every column has a heading, that of the names included.
    assert!(!page.contains("<th scope=\"col\"></th>"));
    // Beside every picture stands the table.
    assert!(page.matches("<table").count() > page.matches("<svg").count());
    let rows = shown(&["--format", "csv", "--locale", "es"]);
    assert!(rows.starts_with("table,part,row,column,value"), "{rows}");
    assert!(rows.contains("Emisiones de un año"), "{rows}");
}

#[test]
fn a_profile_declares_budgets_and_a_wrong_one_is_named() {
    let folder = folder();
    let profile = folder.path().join("evenhand.toml");
    fs::write(
        &profile,
        "[profile]\nversion = 2\nname = \"Board\"\n[portfolio.budgets]\ntonnes = 100000\n",
    )
    .unwrap();
    let found = json(&portfolio(folder.path(), &["--format", "json"]));
    assert_eq!(found["profile"], "Board");
    assert_eq!(table(&found, "tonnes")["budget"], 100_000.0);
    // What is typed wins.
    let found = json(&portfolio(
        folder.path(),
        &["--format", "json", "--budget", "2"],
    ));
    assert_eq!(table(&found, "tonnes")["budget"], 2.0);
    fs::write(&profile, "[portfolio.budgets]\ntones = 5\nlevels = 3\n").unwrap();
    let refused = portfolio(folder.path(), &[]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    for part in [
        "evenhand.toml:2:1",
        "did you mean `tonnes`",
        "evenhand.toml:3:1",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
}

#[test]
fn wrong_input_is_refused() {
    let folder = folder();
    fs::create_dir(folder.path().join("empty")).unwrap();
    for (args, said) in [
        (vec!["portfolio", "empty"], "no proposal"),
        (vec!["portfolio"], "required"),
        (
            vec!["portfolio", "programs", "--budget", "much"],
            "expected an amount",
        ),
        (
            vec!["portfolio", "programs", "--budget", "tones=3"],
            "did you mean `tonnes`",
        ),
        (
            vec!["portfolio", "programs", "--output", "programs/erasmus.yaml"],
            "not overwritten",
        ),
    ] {
        let output = evenhand()
            .current_dir(folder.path())
            .args(&args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let shown = text(&output.stderr);
        assert!(shown.contains(said), "{args:?}: {shown}");
    }
}

/// A pack with another schema declares tables of its own, and a wrong path is refused with its place, by the lint as well.
#[test]
fn a_boards_pack_declares_its_own_tables() {
    let folder = folder();
    let pack = folder.path().join("ours");
    fs::create_dir_all(&pack).unwrap();
    fs::write(pack.join("pack.toml"), "[pack]\nname = \"ours\"\n").unwrap();
    let declared = |path: &str| {
        let text = format!(
            "[[tables]]\nid = \"people\"\ntitle = \"People\"\nkind = \"total\"\nvalue = \"{path}\"\n"
        );
        fs::write(pack.join("portfolio.toml"), text).unwrap();
    };
    declared("access.reached");
    let run = |args: &[&str]| {
        let output = evenhand()
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (_, shown, _) = run(&["portfolio", "programs", "--pack", "ours"]);
    assert!(
        shown.contains("People") && shown.contains("Verdicts and levels"),
        "{shown}"
    );
    declared("access.reach");
    for args in [
        vec!["portfolio", "programs", "--pack", "ours"],
        vec!["rules", "lint", "--pack", "ours"],
        vec!["check", "programs/erasmus.yaml", "--pack", "ours"],
    ] {
        let (code, _, said) = run(&args);
        assert_eq!(code, Some(2), "{args:?}");
        for part in ["ours/portfolio.toml:5:", "access.reached"] {
            assert!(said.contains(part), "{args:?}: {said}");
        }
    }
}
