//! Questionnaires as workbooks: what is answered in one is merged as the same answers in a file of text.

#![expect(clippy::indexing_slicing, reason = "a test may fail")]

use crate::assembly::{book, evenhand, examples, root, session};
use evenhand_analysis::ask::{Item, Questionnaire, ask};
use evenhand_analysis::merge::{Accept, File, Merged, merge};
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::schema::{Field, Kind, Schema};
use evenhand_core::words::Words as _;
use evenhand_locale::Locale;
use evenhand_report::questionnaire::{read_book, read_workbook, render, workbook};
use evenhand_tables::book::{Book, Held};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::process::Output;

const LANGUAGES: [&str; 3] = ["en", "es", "fr"];

/// A questionnaire in a language, as a workbook and as text.
struct Asked {
    proposal: Document,
    questions: Questionnaire,
    bytes: Vec<u8>,
    text: Value,
}

fn asked(example: usize, respondent: usize, tag: &str) -> Asked {
    let (_, proposal) = examples().swap_remove(example);
    let card = book().judge(&proposal);
    let partners = proposal.value()["partners"].as_array().unwrap();
    let by = partners[respondent % partners.len()]["id"]
        .as_str()
        .unwrap();
    let questions = ask(book(), &proposal, &card, by, 12).unwrap();
    let language = session().language(Some(tag)).unwrap();
    let schema = language.schema(session());
    let written = workbook(&questions, schema, &language.locale);
    assert_eq!(written.left_out, []);
    let text = render(&questions, schema, &language.locale);
    let text = Document::parse("answers.yaml", text.as_bytes(), Format::Yaml).unwrap();
    Asked {
        text: text.value().clone(),
        proposal,
        questions,
        bytes: written.bytes,
    }
}

/// What a person writes into a cell, and into the text.
#[derive(Debug, Clone)]
struct Typed {
    held: Held,
    text: Value,
}

fn same(text: &str) -> Typed {
    Typed {
        held: Held::Text(text.into()),
        text: json!(text),
    }
}

/// A value of a field as people type it, in the language of the workbook.
fn typed(
    schema: &Schema,
    field: &Field,
    locale: &Locale,
    draw: &mut dyn FnMut(usize) -> usize,
) -> Typed {
    let is_share = field.unit.as_deref() == Some("share");
    match field.kind {
        Kind::Boolean => same(locale.word(["yes", "no"][draw(2)])),
        Kind::Integer | Kind::Number if is_share && draw(2) == 0 => Typed {
            held: Held::Percent(0.25),
            text: json!("25 %"),
        },
        Kind::Integer | Kind::Number => {
            let number = field.minimum.unwrap_or(0.0) + if is_share { 0.5 } else { 1.0 };
            Typed {
                held: Held::Number(number),
                text: evenhand_core::text::json_number(number).unwrap(),
            }
        }
        Kind::Text if field.date => Typed {
            held: Held::Date("2026-03-04".to_owned()),
            text: json!("2026-03-04"),
        },
        Kind::Text if !field.choices.is_empty() => {
            let choice = &field.choices[draw(field.choices.len())];
            same(field.labels.get(choice).unwrap_or(choice))
        }
        Kind::List => {
            let items = schema.field(field.items.unwrap());
            if items.choices.is_empty() {
                return same("x");
            }
            let chosen: Vec<&String> = (0..=draw(2))
                .map(|_| &items.choices[draw(items.choices.len())])
                .collect();
            let label = |choice: &&String| items.labels.get(*choice).unwrap_or(choice).clone();
            let labels: Vec<String> = chosen.iter().map(label).collect();
            Typed {
                held: Held::Text(labels.join("\n").into()),
                text: json!(chosen),
            }
        }
        _ => same("a text, with a comma"),
    }
}

/// Puts what is typed into a cell of the row that goes by a name.
fn put(read: &mut Book, name: &str, column: usize, held: Held) {
    let tab = &mut read.sheets[1];
    let row = tab
        .cells
        .iter()
        .find(|((_, column), held)| *column == 6 && held.text() == Some(name));
    let row = row.unwrap_or_else(|| panic!("no row `{name}`")).0.0;
    tab.cells.insert((row, column), held);
}

/// The names of the rows of an item.
fn rows(item: &Item) -> Vec<String> {
    match item.at.as_slice() {
        [one] => vec![one.clone()],
        all if item.alike => vec![json!(all).to_string()],
        all => all.to_vec(),
    }
}

/// Answers, in the workbook and in the text.
fn fill(own: &mut Asked, read: &mut Book, tag: &str, draw: &mut dyn FnMut(usize) -> usize) {
    let language = session().language(Some(tag)).unwrap();
    let (schema, locale) = (language.schema(session()), &language.locale);
    put(
        read,
        "questionnaire.date",
        2,
        Held::Date("2026-05-01".to_owned()),
    );
    put(read, "questionnaire.name", 2, Held::Text("Ngozi".into()));
    own.text["questionnaire"]["date"] = json!("2026-05-01");
    own.text["questionnaire"]["name"] = json!("Ngozi");
    for (index, item) in own.questions.items.iter().enumerate() {
        let field = schema.field(schema.find(&item.field).unwrap());
        let entry = &mut own.text["questions"][index];
        if draw(3) == 0 {
            entry["comment"] = json!("= as agreed");
            for name in rows(item).iter().take(1) {
                put(read, name, 4, Held::Text("= as agreed".into()));
            }
            // A comment to one of several rows is one to this fact alone.
            if rows(item).len() > 1 {
                entry["comment"] = Value::Null;
                put(read, &rows(item)[0], 4, Held::Text(" ".into()));
            }
        }
        let mut answers = Vec::new();
        let not_known = draw(4) == 0;
        let nothing = draw(6) == 0;
        for name in rows(item) {
            if nothing {
                continue;
            }
            if not_known {
                put(
                    read,
                    &name,
                    2,
                    Held::Text(locale.word("do not know").into()),
                );
                entry["answer"] = json!(locale.word("do not know"));
                continue;
            }
            match (&item.claim, draw(2)) {
                (Some(_), 0) => {
                    put(read, &name, 2, Held::Text(locale.word("right").into()));
                    entry["answer"] = json!(locale.word("right"));
                }
                (Some(_), _) => {
                    let typed = typed(schema, field, locale, draw);
                    put(read, &name, 2, Held::Text(locale.word("not so").into()));
                    put(read, &name, 3, typed.held);
                    entry["answer"] = json!(locale.word("not so"));
                    entry["instead"] = typed.text;
                }
                (None, _) => {
                    let typed = typed(schema, field, locale, draw);
                    put(read, &name, 2, typed.held);
                    answers.push(typed.text);
                }
            }
        }
        match answers.len() {
            0 => {}
            1 => entry["answer"] = answers.remove(0),
            _ => entry["answer"] = Value::Array(answers),
        }
    }
}

fn merged(proposal: &Document, answers: &Document, tag: &str) -> Result<Merged, Vec<Problem>> {
    let language = session().language(Some(tag)).unwrap();
    let file = File {
        document: answers,
        words: &language.locale,
        schema: language.schema(session()),
    };
    let card = book().judge(proposal);
    let none = Accept::Paths(&[]);
    merge(book(), proposal, &card, &[file], none, &language.locale).map_err(|wrong| {
        wrong
            .into_iter()
            .flat_map(|(_, problems)| problems)
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(debug_assertions) { 12 } else { 200 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever is answered in a workbook comes to the same as the same answers in text, refusals included.
    #[test]
    fn answers_in_a_workbook_are_merged_as_the_same_in_text(
        draws in prop::collection::vec(any::<u16>(), 80),
        example in 0..21_usize,
        respondent in 0..4_usize,
        language in 0..3_usize,
    ) {
        let tag = LANGUAGES[language];
        let mut own = asked(example % examples().len(), respondent, tag);
        let mut read = Book::read("answers.xlsx", &own.bytes).unwrap();
        let mut draws = draws.into_iter().cycle();
        fill(&mut own, &mut read, tag, &mut |most| usize::from(draws.next().unwrap()) % most.max(1));
        let filled = read_book(&read, book()).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        prop_assert_eq!(&filled.unread, &[]);
        let text = Document::from_value("answers.yaml", own.text.clone());
        match (merged(&own.proposal, &filled.document, tag), merged(&own.proposal, &text, tag)) {
            (Ok(cells), Ok(lines)) => {
                prop_assert_eq!(cells.document.source().text(), lines.document.source().text());
            }
            (Err(cells), Err(lines)) => {
                let said = |problems: &[Problem]| {
                    let mut said: Vec<String> = problems.iter().map(|one| one.message.to_string()).collect();
                    said.sort();
                    said.dedup();
                    said
                };
                prop_assert_eq!(said(&cells), said(&lines));
                for problem in &cells {
                    prop_assert!(problem.to_string().starts_with("answers.xlsx, "), "{}", problem);
                }
            }
            (cells, lines) => prop_assert!(false, "{cells:?}\n{lines:?}"),
        }
    }

    /// Bytes of a workbook that somebody damaged are refused or read, and never end the program.
    #[test]
    fn no_damage_ends_the_program(at in 0..20_000_usize, byte in any::<u8>()) {
        static BYTES: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| asked(4, 0, "es").bytes);
        let mut bytes = BYTES.clone();
        let length = bytes.len();
        bytes[at % length] = byte;
        drop(read_workbook("answers.xlsx", &bytes, book()));
        bytes.truncate(at % length);
        prop_assert!(read_workbook("answers.xlsx", &bytes, book()).is_err());
    }
}

#[test]
fn an_empty_workbook_is_the_empty_questionnaire_in_every_language() {
    for tag in LANGUAGES {
        for example in [0, 4, 10] {
            let own = asked(example, 1, tag);
            let read = read_workbook("answers.xlsx", &own.bytes, book()).unwrap();
            assert_eq!(read.unread, []);
            let cells = merged(&own.proposal, &read.document, tag).unwrap();
            assert_eq!(cells.document.source().text(), own.proposal.source().text());
            assert_eq!(
                read.document.value()["questionnaire"]["language"],
                json!(tag)
            );
        }
    }
}

#[test]
fn rows_and_columns_may_be_moved_and_what_is_no_question_is_said() {
    let own = asked(4, 0, "en");
    let mut read = Book::read("answers.xlsx", &own.bytes).unwrap();
    let tab = &mut read.sheets[1];
    let moved = std::mem::take(&mut tab.cells).into_iter();
    // A row above everything, and the columns the other way round.
    tab.cells = moved
        .map(|((row, column), held)| ((row + 1, 9 - column), held))
        .collect();
    let last = tab.cells.keys().map(|(row, _)| *row).max().unwrap();
    tab.cells.insert((last + 2, 7), Held::Text("more".into()));
    let filled = read_book(&read, book()).unwrap();
    let unread: Vec<String> = filled.unread.iter().map(ToString::to_string).collect();
    assert_eq!(
        unread,
        [format!(
            "answers.xlsx, Questions!H{}: the row has no name of a field, and its answer is not read",
            last + 3
        )]
    );
    let untouched = read_workbook("answers.xlsx", &own.bytes, book()).unwrap();
    let rows = |document: &Document| document.value()["questions"].clone();
    assert_eq!(rows(&filled.document), rows(&untouched.document));

    let tab = &mut read.sheets[1];
    tab.cells.insert((last, 3), Held::Text("host.neeed".into()));
    tab.cells
        .insert((last - 1, 7), Held::Fault("#DIV/0!".to_owned()));
    let problems = read_book(&read, book()).unwrap_err();
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains(&format!(
            "Questions!H{last}: the cell shows the error `#DIV/0!`"
        )),
        "{said:?}"
    );
    assert!(
        said[1].contains(&format!(
            "Questions!D{}: `host.neeed` is not a question",
            last + 1
        )),
        "{said:?}"
    );
}

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_ending_of_the_output_says_what_is_written_and_each_kind_of_workbook_goes_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let plan = root().join("examples/proposals/c01-anatomy-12.yaml");
    let plan = plan.to_str().unwrap();
    let by = examples()[0].1.value()["partners"][1]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = folder.path().join("questions.xlsx");
    let path = file.to_str().unwrap();
    let asked = run(&["ask", plan, "--as", &by, "--locale", "fr", "-o", path]);
    assert!(asked.status.success(), "{}", said(&asked));
    assert!(said(&asked).contains("evenhand merge"), "{}", said(&asked));
    let again = run(&[
        "ask", plan, "--as", &by, "--locale", "fr", "--format", "xlsx",
    ]);
    assert_eq!(std::fs::read(&file).unwrap(), again.stdout);
    let merged = run(&["merge", plan, path]);
    assert!(merged.status.success(), "{}", said(&merged));

    // A questionnaire is no proposal, and a proposal no questionnaire.
    let checked = run(&["check", path]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(
        said(&checked).contains("is a questionnaire with answers, and no proposal"),
        "{}",
        said(&checked)
    );
    let form = folder.path().join("plan.xlsx");
    let form = form.to_str().unwrap();
    assert!(
        run(&["init", "--kind", "outbound_elective", "--xlsx", "-o", form])
            .status
            .success()
    );
    let merged = run(&["merge", plan, form]);
    assert_eq!(merged.status.code(), Some(2));
    assert!(
        said(&merged).contains("is not a questionnaire as `evenhand ask` writes it"),
        "{}",
        said(&merged)
    );

    // A name and a format that do not go together.
    for (format, name) in [("xlsx", "q.yaml"), ("yaml", "q.xlsx")] {
        let path = folder.path().join(name);
        let refused = run(&[
            "ask",
            plan,
            "--as",
            &by,
            "--format",
            format,
            "-o",
            path.to_str().unwrap(),
        ]);
        assert_eq!(refused.status.code(), Some(2), "{format}");
        assert!(!path.exists(), "{format}");
    }
}
