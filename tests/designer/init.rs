//! Beginning a proposal: every kind, in every language, gives a file that fits and can be judged at once.

use crate::assembly::{book, evenhand};
use evenhand_core::document::{Document, Format};
use std::process::Output;

fn init(args: &[&str]) -> Output {
    evenhand().arg("init").args(args).output().unwrap()
}

fn text(args: &[&str]) -> String {
    let output = init(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The file that is written, checked against the schema.
fn begun(args: &[&str]) -> (String, Document) {
    let text = text(args);
    let document = Document::parse("plan.yaml", text.as_bytes(), Format::Yaml)
        .unwrap_or_else(|problems| panic!("{args:?}: {problems:?}\n{text}"));
    assert_eq!(book().check_document(&document), [], "{args:?}\n{text}");
    (text, document)
}

#[test]
fn every_kind_begins_with_a_file_that_can_be_judged() {
    let schema = book().schema();
    let formats = schema.field(schema.find("program.formats[]").unwrap());
    for kind in &formats.choices {
        let (text, document) = begun(&["--kind", kind, "--discipline", "health"]);
        let own = document.value().pointer("/program/formats/0");
        assert_eq!(own.and_then(|own| own.as_str()), Some(kind.as_str()));
        assert!(text.contains("# What is the program called?"), "{text}");
        let card = book().judge(&document);
        assert!(card.problems.is_empty(), "{kind}: {:?}", card.problems);
    }
}

#[test]
fn a_kind_is_asked_only_what_it_needs() {
    let (elective, _) = begun(&["--kind", "elective", "--discipline", "health"]);
    for asked in [
        "supervision:",
        "scope_policy:",
        "insurance:",
        "n_per_year:",
        "weeks:",
    ] {
        assert!(elective.contains(asked), "{asked}\n{elective}");
    }
    let (wells, _) = begun(&["--kind", "service_trip", "--discipline", "engineering"]);
    assert!(!wells.contains("patient_informed:"), "{wells}");
    let (home, _) = begun(&["--kind", "iah_course", "--discipline", "health"]);
    for travel in ["insurance:", "advisory_level:", "transport:", "displaced:"] {
        assert!(!home.contains(travel), "{travel}\n{home}");
    }
    let (online, _) = begun(&["--kind", "coil", "--discipline", "law"]);
    assert!(
        online.contains("facilitated:") && !online.contains("evacuation:"),
        "{online}"
    );
}

#[test]
fn questions_units_and_choices_are_in_the_language_asked_for() {
    for (tag, parts) in [
        (
            "en",
            [
                "# How many people is that a year?",
                "# → people a year; for example 8",
                "Coursework",
            ],
        ),
        (
            "es",
            [
                "→ personas al año; por ejemplo 8",
                "→ true si es sí, false si es no",
                "uno de estos:",
            ],
        ),
        (
            "fr",
            [
                "→ personnes par an; par exemple 8",
                "→ true pour oui, false pour non",
                "au choix\u{a0}:",
            ],
        ),
    ] {
        let (text, _) = begun(&["--kind", "outbound_elective", "--locale", tag]);
        for part in parts {
            assert!(text.contains(part), "{tag}: {part}\n{text}");
        }
        assert!(text.starts_with("# yaml-language-server: $schema=proposal.schema.json\n"));
    }
}

#[test]
fn nothing_is_overwritten_and_what_is_no_kind_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.yaml");
    let file = file.to_str().unwrap();
    assert!(init(&["--kind", "elective", "-o", file]).status.success());
    let first = std::fs::read(file).unwrap();
    let again = init(&["--kind", "coil", "-o", file]);
    assert_eq!(again.status.code(), Some(2));
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.contains("is here already"), "{said}");
    assert_eq!(std::fs::read(file).unwrap(), first);
    for (args, part) in [
        (
            ["--kind", "holiday", "--discipline", "health"],
            "is not a kind of program",
        ),
        (
            ["--kind", "elective", "--discipline", "astrology"],
            "is not a field of study",
        ),
    ] {
        let output = init(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(part), "{said}");
    }
    let kinds = text(&[]);
    assert!(kinds.contains("outbound_elective"), "{kinds}");
    assert!(kinds.contains("engineering"), "{kinds}");
}
