//! Proposals as workbooks: begun, filled in, read back with the cell of everything that is said.

#![expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may fail, and its numbers are small"
)]

use crate::assembly::{bases, book, evenhand, examples, root, session, workbook_of as written};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, FieldId, Kind, Schema};
use evenhand_core::text::json_number;
use evenhand_core::words::Words as _;
use evenhand_locale::Locale;
use evenhand_report::start::{read_workbook, tongue};
use evenhand_tables::book::{Book, Held};
use evenhand_tables::form;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::process::Output;

const LANGUAGES: [&str; 3] = ["en", "es", "fr"];

/// What is read of a workbook by somebody who reads English.
fn read(bytes: &[u8]) -> form::Filled {
    let own = (book().schema(), Locale::english());
    let read = read_workbook("plan.xlsx", bytes, book(), own);
    read.unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What a workbook can hold of a value: no group, and no entry of a list, in which nothing is known.
fn held(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(map) => {
            let kept = map
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), held(value)?)));
            let kept: Map<String, Value> = kept.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) if items.is_empty() => Some(value.clone()),
        Value::Array(items) => {
            let kept: Vec<Value> = items.iter().filter_map(held).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        other => Some(other.clone()),
    }
}

/// Groups that have names of their own are held as they are.
fn held_of(proposal: &Value) -> Value {
    let mut kept = held(proposal).unwrap_or_default();
    for open in ["/custom"] {
        if let (Some(place), Some(value)) = (kept.pointer_mut(open), proposal.pointer(open)) {
            place.clone_from(value);
        }
    }
    kept
}

#[test]
fn every_example_comes_back_from_a_workbook_in_every_language() {
    for (name, document) in examples().into_iter().chain(bases()) {
        for tag in LANGUAGES {
            let filled = read(&written(document.value(), tag));
            assert_eq!(
                *filled.document.value(),
                held_of(document.value()),
                "{name}, {tag}"
            );
            assert_eq!(filled.unread, [], "{name}, {tag}");
            assert_eq!(book().check_document(&filled.document), [], "{name}, {tag}");
        }
    }
}

#[test]
fn a_workbook_is_judged_as_the_text_it_holds() {
    for (name, document) in examples() {
        let from_text = book().judge(&document);
        let from_cells = book().judge(&read(&written(document.value(), "fr")).document);
        assert_eq!(
            from_text.verdict.reason, from_cells.verdict.reason,
            "{name}"
        );
        assert_eq!(from_text.dimensions, from_cells.dimensions, "{name}");
        assert_eq!(
            from_text.proposal.sha256, from_cells.proposal.sha256,
            "{name}"
        );
    }
}

/// A value that fits a field, by choices that are drawn one after the other.
fn value(schema: &Schema, id: FieldId, draw: &mut dyn FnMut(usize) -> usize) -> Value {
    let field = schema.field(id);
    match field.kind {
        Kind::Boolean => json!(draw(2) == 1),
        Kind::Integer => json_number(bounded(field, draw).round()).unwrap(),
        Kind::Number => json_number(bounded(field, draw)).unwrap(),
        Kind::Text if !field.choices.is_empty() => json!(field.choices[draw(field.choices.len())]),
        Kind::Text if field.date => json!(format!(
            "{:04}-{:02}-{:02}",
            1880 + draw(300),
            1 + draw(12),
            1 + draw(28)
        )),
        Kind::Text => json!(TEXTS[draw(TEXTS.len())]),
        Kind::List => {
            let count = draw(4);
            let items = (0..count).map(|_| value(schema, field.items.unwrap(), draw));
            Value::Array(items.collect())
        }
        Kind::Object if field.properties.is_empty() => [
            json!({ "a": 1 }),
            json!({ "flows[0].weeks": [true, null, "x"], "": {} }),
        ][draw(2)]
        .clone(),
        Kind::Object => {
            let mut map = Map::new();
            for (name, below) in field
                .properties
                .iter()
                .filter(|(name, _)| name != "derived")
            {
                if draw(3) == 0 {
                    map.insert(name.clone(), value(schema, *below, draw));
                }
            }
            Value::Object(map)
        }
        Kind::Any => json!("x"),
    }
}

fn bounded(field: &Field, draw: &mut dyn FnMut(usize) -> usize) -> f64 {
    let least = field.minimum.unwrap_or(-1e6);
    let most = field.maximum.unwrap_or(1e6);
    let whole = least.ceil().max(-1e6) + (draw(1000) as f64).min(most - least);
    match draw(3) {
        0 if field.kind == Kind::Number => least + (most - least) * (draw(1_000_000) as f64 / 1e6),
        1 => most,
        _ => whole,
    }
}

/// Texts that formulas, lists, XML or YAML would take for something else, and texts of every script.
const TEXTS: [&str; 22] = [
    "a",
    "=1+1",
    "@x",
    "-5",
    "007",
    "1e3",
    "0,5",
    "yes",
    "(none)",
    "[]",
    "[x",
    "{\"a\": 1}",
    "a;b",
    "a\nb",
    " x ",
    "_x000D_",
    "<&>\"'",
    "María\u{301} 東京 \u{202e}",
    "a\r\nb\tc",
    "\u{7}\u{ffff}",
    "flows[]",
    "Kenya",
];

/// No blanks alone, and no entry of a list that is known to have nothing in it.
fn can_be_held(proposal: &Value) -> bool {
    !proposal.to_string().contains("[{}") && !proposal.to_string().contains("{}]")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(debug_assertions) { 12 } else { 200 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever a proposal says comes back, in whatever language the workbook is.
    #[test]
    fn whatever_a_proposal_says_comes_back(draws in prop::collection::vec(any::<u32>(), 400), language in 0..3_usize) {
        let mut draws = draws.into_iter().cycle();
        let mut count = 0_u32;
        let schema = book().schema();
        let proposal = value(schema, schema.root(), &mut |most| {
            count = count.wrapping_add(1);
            (draws.next().unwrap().wrapping_add(count.wrapping_mul(2_654_435_761)) as usize) % most.max(1)
        });
        let proposal = without_empty_entries(proposal);
        prop_assert!(can_be_held(&proposal));
        prop_assume!(proposal.as_object().is_some_and(|map| !map.is_empty()) && held(&proposal).is_some());
        let bytes = written(&proposal, LANGUAGES[language]);
        let filled = read(&bytes);
        prop_assert_eq!(filled.document.value(), &expected(schema, schema.root(), &proposal).unwrap());
    }

    /// Bytes of a workbook that somebody damaged are refused or read, and never end the program.
    #[test]
    fn no_damage_ends_the_program(at in 0..20_000_usize, byte in any::<u8>()) {
        static BYTES: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| written(examples()[4].1.value(), "en"));
        let mut bytes = BYTES.clone();
        let length = bytes.len();
        bytes[at % length] = byte;
        let own = (book().schema(), Locale::english());
        drop(read_workbook("plan.xlsx", &bytes, book(), own));
        bytes.truncate(at % length);
        prop_assert!(read_workbook("plan.xlsx", &bytes, book(), own).is_err());
    }
}

/// Entries of lists of groups with something in them.
fn without_empty_entries(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let map = map
                .into_iter()
                .map(|(name, value)| (name, without_empty_entries(value)));
            Value::Object(map.collect())
        }
        Value::Array(items) => {
            let items = items.into_iter().map(without_empty_entries);
            Value::Array(items.filter(|item| held(item).is_some()).collect())
        }
        other => other,
    }
}

/// What comes back of a proposal: groups without answers are absent.
fn expected(schema: &Schema, id: FieldId, value: &Value) -> Option<Value> {
    let field = schema.field(id);
    match value {
        Value::Null => None,
        Value::Object(map) if !field.properties.is_empty() => {
            let kept = map.iter().filter_map(|(name, value)| {
                let below = schema.property(id, name)?;
                Some((name.clone(), expected(schema, below, value)?))
            });
            let kept: Map<String, Value> = kept.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(items) => {
            let kept = items
                .iter()
                .filter_map(|item| expected(schema, field.items?, item));
            Some(Value::Array(kept.collect()))
        }
        other => Some(other.clone()),
    }
}

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn every_kind_begins_as_a_workbook_that_can_be_judged_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let formats = book().schema().find("program.formats[]").unwrap();
    for (index, kind) in book().schema().field(formats).choices.iter().enumerate() {
        let tag = LANGUAGES[index % LANGUAGES.len()];
        let file = folder.path().join(format!("{kind}.xlsx"));
        let path = file.to_str().unwrap();
        let begun = run(&[
            "init", "--kind", kind, "--xlsx", "-o", path, "--locale", tag,
        ]);
        assert!(begun.status.success(), "{kind}: {}", said(&begun));
        let filled = read(&std::fs::read(&file).unwrap());
        assert_eq!(filled.unread, [], "{kind}");
        assert_eq!(book().check_document(&filled.document), [], "{kind}");
        let own = filled.document.value().pointer("/program/formats/0");
        assert_eq!(own.and_then(Value::as_str), Some(kind.as_str()));
        // The same as the file in YAML.
        let text = run(&["init", "--kind", kind, "--locale", tag]);
        let yaml = evenhand_core::document::Document::parse(
            "plan.yaml",
            &text.stdout,
            evenhand_core::document::Format::Yaml,
        );
        assert_eq!(
            *filled.document.value(),
            held_of(yaml.unwrap().value()),
            "{kind}"
        );
    }
}

/// Fills in cells of a workbook by the name of their field; a list's by its name and the row of the entry.
fn fill(
    path: &Path,
    cells: &[(&str, usize, Held)],
    tag: &str,
) -> Result<form::Filled, Vec<evenhand_core::problem::Problem>> {
    let bytes = std::fs::read(path).unwrap();
    let mut book_read = Book::read("plan.xlsx", &bytes).unwrap();
    assert_eq!(form::language(&book_read), Some(tag));
    for (name, row, held) in cells {
        let found = book_read.sheets.iter_mut().find_map(|tab| {
            let place = tab
                .cells
                .iter()
                .find(|(_, cell)| cell.text() == Some(name))
                .map(|(at, _)| *at)?;
            Some((tab, place))
        });
        let (tab, (named, column)) = found.unwrap_or_else(|| panic!("{name}"));
        let at = if *row == 0 {
            (named, 1)
        } else {
            (named + row, column)
        };
        tab.cells.insert(at, held.clone());
    }
    let language = session().language(Some(tag)).unwrap();
    form::read(
        &book_read,
        &[tongue(language.schema(session()), &language.locale)],
    )
}

#[test]
fn a_workbook_is_filled_in_in_its_language() {
    let folder = tempfile::tempdir().unwrap();
    for (tag, yes, share) in [
        ("en", "yes", "25%"),
        ("es", "sí", "25 %"),
        ("fr", "Oui", "25 %"),
    ] {
        let file = folder.path().join(format!("{tag}.xlsx"));
        let begun = run(&[
            "init",
            "--kind",
            "elective",
            "-o",
            file.to_str().unwrap(),
            "--locale",
            tag,
        ]);
        assert!(begun.status.success(), "{}", said(&begun));
        let text = |text: &str| Held::Text(text.into());
        let language = session().language(Some(tag)).unwrap();
        let schema = language.schema(session());
        let label = |path: &str, choice: &str| {
            schema.field(schema.find(path).unwrap()).labels[choice].clone()
        };
        let filled = fill(
            &file,
            &[
                ("supervision.scope_policy", 0, text(yes)),
                ("host.cost_covered", 0, text(share)),
                ("country", 2, text(&label("partners[].country", "KE"))),
                ("who", 1, text(&label("flows[].who", "student"))),
                ("weeks", 1, Held::Number(6.0)),
            ],
            tag,
        );
        let filled = filled.unwrap_or_else(|problems| panic!("{tag}: {problems:?}"));
        let value = filled.document.value();
        for (at, expected) in [
            ("/supervision/scope_policy", json!(true)),
            ("/host/cost_covered", json!(0.25)),
            ("/partners/1/country", json!("KE")),
            ("/flows/0/who", json!("student")),
            ("/flows/0/weeks", json!(6)),
        ] {
            assert_eq!(value.pointer(at), Some(&expected), "{tag} {at}");
        }
        let weeks = Pointer::from_json("/flows/0/weeks");
        let cell = filled.document.cell(&weeks).unwrap();
        assert_eq!(cell.row, 3, "{cell}");
        assert_eq!(book().check_document(&filled.document), []);
    }
}

#[test]
fn every_command_reads_a_workbook_and_names_its_cells() {
    let folder = tempfile::tempdir().unwrap();
    let (_, document) = examples()
        .into_iter()
        .find(|(name, _)| name == "c05-haiti-camp")
        .unwrap();
    let file = folder.path().join("plan.xlsx");
    std::fs::write(&file, written(document.value(), "en")).unwrap();
    let path = file.to_str().unwrap();
    let out = |args: &[&str]| {
        let output = run(args);
        assert_eq!(said(&output), "", "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let findings = out(&["check", path, "--findings"]);
    assert!(
        findings.contains("'Flows of people'!") && !findings.contains(".xlsx:"),
        "{findings}"
    );
    let screen = out(&["check", path]);
    assert!(screen.contains("('Flows of people'!I4)"), "{screen}");
    let json: Value = serde_json::from_str(&out(&["check", path, "--format", "json"])).unwrap();
    let first = json.pointer("/findings/0/evidence/0/inputs/0").unwrap();
    assert!(
        first["line"].is_null() && first["cell"] == json!("Partners!G6"),
        "{first}"
    );
    let sarif = out(&["check", path, "--format", "sarif"]);
    assert!(
        sarif.contains("\"fullyQualifiedName\": \"'Flows of people'!"),
        "{sarif}"
    );
    for command in ["questions", "improve", "compare", "what-if", "memo"] {
        let mut args = vec![command, path];
        if command == "compare" {
            args.push("examples/proposals/c05b-haiti-elective.yaml");
        }
        if command == "what-if" {
            args.extend(["--set", "host.need=host_led"]);
        }
        assert!(out(&args).len() > 200, "{command}");
    }
    // A record is judged again from the text that it holds.
    let record = folder.path().join("plan.record.json");
    let record = record.to_str().unwrap();
    out(&["check", path, "--record", record]);
    let verified = run(&["verify", record]);
    assert!(verified.status.success(), "{}", said(&verified));
}

#[test]
fn what_is_wrong_with_a_workbook_is_said_at_once_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let plan = in_folder("plan.xlsx");
    assert!(
        run(&["init", "--kind", "elective", "-o", &plan])
            .status
            .success()
    );
    for (name, bytes, words) in [
        (
            "old.xls",
            &[0xd0, 0xcf, 0x11, 0xe0][..],
            "has a password, or is a workbook of before 2007",
        ),
        (
            "text.xlsx",
            b"program:".as_slice(),
            "is no workbook that can be read",
        ),
        (
            "empty.xlsx",
            b"".as_slice(),
            "is no workbook that can be read",
        ),
    ] {
        let path = in_folder(name);
        std::fs::write(&path, bytes).unwrap();
        let output = run(&["check", &path]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(
            said(&output).contains(words) && said(&output).contains("save it as an Excel workbook"),
            "{}",
            said(&output)
        );
    }
    for (args, words) in [
        (vec!["check", "nowhere.xlsx"], "there is no such file"),
        (
            vec!["init", "--kind", "elective", "-o", &plan],
            "is here already",
        ),
        (
            vec!["init", "--kind", "elective", "--xlsx", "-o", "plan.yaml"],
            "does not end as a workbook does",
        ),
    ] {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
    }
    assert!(!root().join("plan.yaml").exists());
}

#[test]
fn the_language_of_a_workbook_survives_that_its_hidden_sheet_is_deleted() {
    let bytes = written(
        &json!({ "partners": [{ "id": "a", "country": "KE" }] }),
        "es",
    );
    let mut read = Book::read("plan.xlsx", &bytes).unwrap();
    read.sheets.retain(|tab| !tab.hidden);
    assert_eq!(form::language(&read), Some("es"));
    let language = session().language(Some("es")).unwrap();
    assert_eq!(language.locale.tag(), "es");
    let filled = form::read(
        &read,
        &[tongue(language.schema(session()), &language.locale)],
    )
    .unwrap();
    assert_eq!(
        filled.document.value()["partners"][0]["country"],
        json!("KE")
    );
}
