//! The scorecard as people see it first: one screen, whatever the program and the language.

use crate::assembly::{book, examples, root, session};
use evenhand_analysis::plan::{FIRST, first_steps};
use evenhand_core::board::BundledPlugins;
use evenhand_core::document::{Document, Format};
use evenhand_core::verdict::Word;
use evenhand_report::text::{TextOptions, render};
use serde_json::json;

/// The languages with the lines that a screen may have in them.
const LANGUAGES: [(&str, usize); 3] = [("en", 60), ("es", 75), ("fr", 75)];

fn screen(document: &Document, tag: &str, options: TextOptions<'_>) -> String {
    let language = session().language(Some(tag)).unwrap();
    let card = book().judge_beside(document, &language.locale, &BundledPlugins);
    let schema = language.schema(session());
    let steps = first_steps(session().rulebook(), document, &card, FIRST);
    let options = TextOptions {
        steps: &steps,
        ..options
    };
    render(&card, document, schema, &language.locale, options)
}

/// The programs of which somebody wants to know: the examples, the pages, and an early idea.
fn programs() -> Vec<(String, Document)> {
    let mut programs = examples();
    let folder = root().join("tests/designer");
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.push(folder.join("idea.yaml"));
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let document = Document::parse(&name, &bytes, Format::Yaml).unwrap();
        assert_eq!(book().check_document(&document), [], "{name}");
        programs.push((name, document));
    }
    assert!(programs.len() >= 25, "{} programs", programs.len());
    programs
}

#[track_caller]
fn fits(name: &str, tag: &str, most: usize, text: &str) {
    let count = text.lines().count();
    assert!(count <= most, "{name}, {tag}: {count} lines\n{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{name}, {tag}: {line}");
    }
}

#[test]
fn every_program_fits_one_screen_in_every_language() {
    for (name, document) in programs() {
        for (tag, most) in LANGUAGES {
            let text = screen(&document, tag, TextOptions::default());
            fits(&name, tag, most, &text);
        }
    }
}

#[test]
fn a_screen_says_what_decides_and_how_to_see_the_rest() {
    for (name, document) in programs() {
        let text = screen(&document, "en", TextOptions::default());
        let card = book().judge(&document);
        for score in &card.dimensions {
            let begins = |line: &str| line.starts_with(&score.title);
            assert_eq!(
                text.lines().filter(|line| begins(line)).count(),
                1,
                "{name}"
            );
        }
        // The rule that stops a program, and the first question of what is not decided, are never left out.
        if card.verdict.word == Word::Stop {
            let (_, deciding) = text.split_once("\nWhat decides\n").unwrap();
            assert!(deciding.contains(&card.verdict.decided_by[0]), "{name}");
        }
        if card.verdict.word == Word::Incomplete {
            assert!(text.contains("\nThe next questions\n 1. "), "{name}");
        }
        // A plan begins where something stands in the way that a rule proposes to change.
        let steps = first_steps(book(), &document, &card, FIRST);
        assert_eq!(
            text.contains("\nThe plan's first steps\n 1. "),
            !steps.is_empty(),
            "{name}"
        );
        assert!(
            steps.is_empty() || card.verdict.word != Word::Proceed,
            "{name}"
        );
        assert!(
            card.verdict.word != Word::Stop || !steps.is_empty(),
            "{name}"
        );
        assert!(text.contains("\nNext: evenhand "), "{name}");
        assert!(text.contains("--findings"), "{name}");
        let options = TextOptions {
            findings: true,
            ..TextOptions::default()
        };
        let all = screen(&document, "en", options);
        assert!(all.lines().count() > text.lines().count(), "{name}");
    }
}

/// Texts that nobody expected, and more partners than anybody has, leave room for what decides.
#[test]
fn no_text_of_a_proposal_pushes_the_rest_off_the_screen() {
    let word = "endless ".repeat(900);
    let partners: Vec<_> = (0..150)
        .map(|index| json!({ "id": format!("p{index}"), "name": word, "country": "KE" }))
        .collect();
    let flows: Vec<_> = (1..60)
        .map(|index| json!({ "from": "p0", "to": format!("p{index}"), "mode": "in_person" }))
        .collect();
    let proposal = json!({
        "program": { "title": word, "summary": word },
        "partners": partners,
        "flows": flows,
    });
    let document = Document::from_value("long.yaml", proposal);
    for (tag, most) in LANGUAGES {
        let text = screen(&document, tag, TextOptions::default());
        fits("long", tag, most, &text);
    }
}
