//! Workbooks among many programs, and where a plugin is tried out.

use crate::assembly::{evenhand, examples, workbook_of};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

/// A folder with three programs as text, and one with the same as workbooks among other files.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("text")).unwrap();
    fs::create_dir(at("books")).unwrap();
    for (tag, (name, document)) in ["en", "es", "fr"].into_iter().zip(examples()) {
        let name = name.split('.').next().unwrap().to_owned();
        let json = document.value().to_string();
        fs::write(at(&format!("text/{name}.json")), json).unwrap();
        let book = workbook_of(document.value(), tag);
        fs::write(at(&format!("books/{name}.xlsx")), book).unwrap();
    }
    let first = fs::read_dir(at("text"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let report = run(
        folder.path(),
        &[
            "check",
            first.to_str().unwrap(),
            "--format",
            "xlsx",
            "-o",
            "books/report.xlsx",
        ],
    );
    assert_ne!(report.status.code(), Some(2), "{}", said(&report));
    fs::write(at("books/~$plan.xlsx"), "somebody has it open").unwrap();
    fs::write(at("books/other.ods"), "a table of another program").unwrap();
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = evenhand();
    command.current_dir(folder).args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    let read = serde_json::from_slice(&output.stdout);
    read.unwrap_or_else(|error| panic!("{error}\n{}", said(output)))
}

#[test]
fn a_portfolio_of_workbooks_is_that_of_the_same_texts() {
    let folder = folder();
    let of = |name: &str| {
        run(
            folder.path(),
            &[
                "portfolio",
                name,
                "--format",
                "json",
                "--date",
                "2026-11-26",
            ],
        )
    };
    let (books, texts) = (of("books"), of("text"));
    assert!(books.status.success(), "{}", said(&books));
    assert!(said(&books).contains("books/other.ods"), "{}", said(&books));
    let (books, texts) = (json(&books), json(&texts));
    let tables = books["tables"].to_string();
    let tables = tables.replace("books/", "text/").replace(".xlsx", ".json");
    assert_eq!(tables, texts["tables"].to_string());
    assert_eq!(
        books["passed_over"],
        serde_json::json!(["books/report.xlsx"])
    );
    assert_eq!(books["programs"].as_array().unwrap().len(), 3);
}

#[test]
fn what_is_wrong_in_a_workbook_is_a_row_with_its_cell() {
    let folder = folder();
    let mut wrong = examples().swap_remove(0).1.value().clone();
    wrong["program"]["level"] = "doctorat".into();
    let book = workbook_of(&wrong, "en");
    fs::write(folder.path().join("books/wrong.xlsx"), book).unwrap();
    let of = [
        "portfolio",
        "books",
        "--format",
        "json",
        "--date",
        "2026-11-26",
    ];
    let output = run(folder.path(), &of);
    assert_eq!(output.status.code(), Some(2));
    let found = json(&output);
    let rows = found["programs"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["place"] == "books/wrong.xlsx")
        .unwrap();
    assert_eq!(row["verdict"], Value::Null);
    let cell = row["problems"][0]["cell"].as_str().unwrap();
    assert!(cell.contains('!'), "{cell}");
    // A file that was named is no other file.
    let named = run(folder.path(), &["portfolio", "books/report.xlsx"]);
    assert_eq!(named.status.code(), Some(2));
}

#[test]
fn other_rules_are_tried_on_workbooks() {
    let folder = folder();
    let profile = "[profile]\nname = \"Board\"\n\n[thresholds]\nclimate = 95\n";
    fs::write(folder.path().join("board.toml"), profile).unwrap();
    let of = |corpus: &str| {
        let args = [
            "rules",
            "impact",
            "--old",
            "international-programs",
            "--new",
            "board.toml",
        ];
        let more = [corpus, "--format", "json", "--date", "2026-11-26"];
        json(&run(folder.path(), &[args.as_slice(), &more].concat()))
    };
    let (books, texts) = (of("books"), of("text"));
    assert_eq!(books["counts"], texts["counts"]);
    assert!(
        books["counts"].to_string().contains('3'),
        "{}",
        books["counts"]
    );
}

#[test]
fn a_plugin_is_tried_with_a_workbook() {
    let folder = folder();
    let first = fs::read_dir(folder.path().join("text"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let book = Path::new("books").join(first.path().with_extension("xlsx").file_name().unwrap());
    let checked = run(
        folder.path(),
        &[
            "plugin",
            "check",
            "climate",
            "--proposal",
            book.to_str().unwrap(),
        ],
    );
    assert!(checked.status.success(), "{}", said(&checked));
    let refused = run(
        folder.path(),
        &[
            "plugin",
            "check",
            "climate",
            "--proposal",
            "books/report.xlsx",
        ],
    );
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains("no sheet of the workbook is a form"),
        "{}",
        said(&refused)
    );
}
