//! Workbooks written with changes: the same form with other answers, or a refusal that says what would be lost.

use crate::assembly::{book, evenhand, examples, root, session, workbook_of};
use evenhand_core::pointer::Pointer;
use evenhand_locale::Locale;
use evenhand_report::start::{read_workbook, rewrite_workbook};
use evenhand_tables::book::{Book, Tab};
use serde_json::{Value, json};
use std::fs;
use std::io::{Cursor, Write as _};
use std::process::{Output, Stdio};

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn rewritten(bytes: &[u8], proposal: &Value) -> Result<Vec<u8>, Vec<String>> {
    let language = session().language(Some("en")).unwrap();
    let own = (language.schema(session()), &language.locale);
    rewrite_workbook("plan.xlsx", bytes, book(), own, proposal)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn value(bytes: &[u8]) -> Value {
    let own = (book().schema(), Locale::english());
    let read = read_workbook("plan.xlsx", bytes, book(), own).unwrap();
    read.document.value().clone()
}

#[test]
fn unchanged_a_workbook_is_written_as_it_was() {
    for (index, (name, document)) in examples().into_iter().enumerate() {
        let tag = ["en", "es", "fr"][index % 3];
        let bytes = workbook_of(document.value(), tag);
        let again = rewritten(&bytes, document.value()).unwrap();
        let sheets = |bytes: &[u8]| Book::read("plan.xlsx", bytes).unwrap().sheets;
        let (again, before) = (sheets(&again), sheets(&bytes));
        let names = |sheets: &[Tab]| {
            sheets
                .iter()
                .map(|tab| tab.name.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&again), names(&before), "{name}");
        for (now, was) in again.iter().zip(&before) {
            let moved = now
                .cells
                .iter()
                .filter(|(at, held)| was.cells.get(at) != Some(held));
            let moved: Vec<_> = moved.take(3).collect();
            assert!(
                now.cells.len() == was.cells.len() && moved.is_empty(),
                "{name}, {}: {moved:?}",
                now.name
            );
        }
    }
    // Questions that are open stay, with their cells, lists and notes.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.xlsx");
    let path = file.to_str().unwrap();
    assert!(
        run(&[
            "init",
            "--kind",
            "outbound_elective",
            "--locale",
            "fr",
            "-o",
            path
        ])
        .status
        .success()
    );
    let bytes = fs::read(&file).unwrap();
    let again = rewritten(&bytes, &value(&bytes)).unwrap();
    let part = |bytes: &[u8], name: &str| {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
    };
    for sheet in 2..9 {
        let name = format!("xl/worksheets/sheet{sheet}.xml");
        assert_eq!(part(&again, &name), part(&bytes, &name), "{name}");
    }
}

#[test]
fn a_plan_is_applied_to_a_workbook_as_to_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let original = root().join("examples/proposals/c11-ampath.yaml");
    let document = examples()
        .into_iter()
        .find(|(name, _)| name.contains("c11"))
        .unwrap()
        .1;
    fs::write(at("plan.xlsx"), workbook_of(document.value(), "es")).unwrap();
    fs::copy(original, at("plan.yaml")).unwrap();
    for (from, to) in [
        ("plan.xlsx", "better.xlsx"),
        ("plan.yaml", "better.yaml"),
        ("plan.xlsx", "book.yaml"),
        ("plan.xlsx", "book.json"),
        ("plan.yaml", "text.xlsx"),
    ] {
        let done = run(&[
            "improve",
            &at(from),
            "--apply",
            &at(to),
            "--date",
            "2026-11-26",
        ]);
        assert!(done.status.success(), "{from} {to}: {}", said(&done));
    }
    let of = |name: &str| {
        let bytes = fs::read(at(name)).unwrap();
        if name.ends_with("xlsx") {
            return value(&bytes);
        }
        let format =
            evenhand_core::document::Format::from_extension(name.split('.').next_back().unwrap());
        let document = evenhand_core::document::Document::parse(name, &bytes, format.unwrap());
        document.unwrap().value().clone()
    };
    let better = of("better.yaml");
    assert_ne!(better, *document.value());
    for name in ["better.xlsx", "book.yaml", "book.json", "text.xlsx"] {
        assert_eq!(of(name), better, "{name}");
    }
    let written = Book::read("better.xlsx", &fs::read(at("better.xlsx")).unwrap()).unwrap();
    assert_eq!(evenhand_tables::form::language(&written), Some("es"));
    let refused = run(&["improve", &at("plan.yaml"), "--apply", &at("better.toml")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!folder.path().join("better.toml").exists());
}

/// A workbook with more parts, and with the text of some replaced.
fn with(bytes: &[u8], more: &[(&str, &str)], replace: Option<(&str, &str, &str)>) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for index in 0..from.len() {
        let file = from.by_index(index).unwrap();
        let name = file.name().to_owned();
        let mut text = std::io::read_to_string(file).unwrap();
        if let Some((part, old, new)) = replace
            && part == name
        {
            assert!(text.contains(old), "{text}");
            text = text.replacen(old, new, 1);
        }
        to.start_file(name, options).unwrap();
        to.write_all(text.as_bytes()).unwrap();
    }
    for (name, text) in more {
        to.start_file(*name, options).unwrap();
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn what_a_copy_would_lose_is_said() {
    let document = examples().swap_remove(0).1;
    let bytes = workbook_of(document.value(), "en");
    let lost = |bytes: &[u8]| rewritten(bytes, document.value()).unwrap_err().join("\n");
    let chart = with(
        &bytes,
        &[
            ("xl/charts/chart1.xml", "<c/>"),
            ("xl/comments1.xml", "<c/>"),
        ],
        None,
    );
    let said_of = lost(&chart);
    assert!(
        said_of.contains("a copy would lose `xl/charts/chart1.xml`"),
        "{said_of}"
    );
    assert!(
        said_of.contains("a copy would lose `xl/comments1.xml`"),
        "{said_of}"
    );
    let id = document.value()["program"]["id"].as_str().unwrap();
    let cell = format!("<is><t xml:space=\"preserve\">{id}</t></is>");
    let formula = format!("<f>A1</f>{cell}");
    let formula = with(
        &bytes,
        &[],
        Some(("xl/worksheets/sheet2.xml", &cell, &formula)),
    );
    let said_of = lost(&formula);
    assert!(
        said_of.contains(
            "!B2: the workbook cannot be written with changes: a copy would lose the formula"
        ),
        "{said_of}"
    );
    // A sheet of somebody's own, and a form whose first sheet is gone.
    let sheet = "<sheet name=\"Read me\" sheetId=\"1\" r:id=\"rId1\"/>";
    let gone = with(&bytes, &[], Some(("xl/workbook.xml", sheet, "")));
    assert!(
        lost(&gone).contains("it was not begun with evenhand init"),
        "{}",
        lost(&gone)
    );
    let renamed = sheet.replace("Read me", "Budget");
    let more = with(&bytes, &[], Some(("xl/workbook.xml", sheet, &renamed)));
    assert!(
        lost(&more).contains("was not begun with evenhand init"),
        "{}",
        lost(&more)
    );
    // An answer that has no cell.
    let mut odd = document.value().clone();
    odd["program"]["title"] = json!("x".repeat(40_000));
    assert!(rewritten(&bytes, &odd).unwrap_err()[0].contains("no cell can hold `program.title`"));
}

#[test]
fn a_command_refuses_to_write_what_would_lose_something() {
    let document = examples().swap_remove(0).1;
    let bytes = workbook_of(document.value(), "en");
    let chart = with(&bytes, &[("xl/charts/chart1.xml", "<c/>")], None);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.xlsx");
    fs::write(&file, &chart).unwrap();
    let copy = folder.path().join("better.xlsx");
    let (path, to) = (file.to_str().unwrap(), copy.to_str().unwrap());
    let refused = run(&["improve", path, "--apply", to]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains("--apply better.yaml"),
        "{}",
        said(&refused)
    );
    assert!(!copy.exists());
    let refused = run(&["questions", path, "--answer"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains("xl/charts/chart1.xml"),
        "{}",
        said(&refused)
    );
    assert_eq!(fs::read(&file).unwrap(), chart);
}

#[test]
fn answers_are_written_into_a_workbook_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.xlsx");
    let page = root().join("tests/designer/pages/surgical-team-cebu.yaml");
    let bytes = fs::read(page).unwrap();
    let format = evenhand_core::document::Format::Yaml;
    let document = evenhand_core::document::Document::parse("page", &bytes, format).unwrap();
    fs::write(&file, workbook_of(document.value(), "fr")).unwrap();
    let mut command = evenhand();
    command.args(["questions", file.to_str().unwrap(), "--answer"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"health\nq\n").unwrap();
    drop(input);
    assert!(child.wait_with_output().unwrap().status.success());
    let now = value(&fs::read(&file).unwrap());
    let at = Pointer::from_dotted("program.discipline").unwrap();
    assert_eq!(at.of(&now), Some(&json!("health")));
    let mut expected = document.value().clone();
    evenhand_core::document::edit::Change::Set(at, json!("health"))
        .apply(&mut expected)
        .unwrap();
    assert_eq!(now, expected);
}
