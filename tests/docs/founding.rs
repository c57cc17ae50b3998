//! Everything the founding documents name is answered by something that exists.

use super::{MARKDOWN, anchors, compare};
use crate::assembly::{bases, book, core_pack, examples, plugins};
use evenhand_authoring::report::traceability as founding;
use evenhand_authoring::traceability::{Answer, AnswerKind, Example, Row};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Kind;
use evenhand_core::settings::Settings;
use evenhand_report::paper;
use serde_json::Value;
use std::collections::BTreeSet;

fn known() -> Vec<Example> {
    examples()
        .into_iter()
        .map(|(name, document)| Example {
            path: format!("../{}", document.name()),
            title: document
                .value()
                .pointer("/program/title")
                .and_then(Value::as_str)
                .unwrap_or(&name)
                .to_owned(),
            name,
        })
        .collect()
}

fn rows() -> Vec<Row> {
    evenhand_authoring::traceability::trace(book(), &known()).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

#[test]
fn the_page_is_current() {
    let found = moved();
    let moves = |answer: &Answer| found.contains(&answer.name);
    let page = founding::paper(&rows(), &known(), "rulebook.md", &moves);
    compare("docs/founding-documents.md", &paper::markdown(&page));
}

/// The facts and values in the answers of which a change changes a finding of some example or base.
fn moved() -> BTreeSet<String> {
    let programs: Vec<(Value, Findings)> = examples()
        .into_iter()
        .chain(bases())
        .map(|(_, document)| (document.value().clone(), findings(document.value())))
        .collect();
    let asked: BTreeSet<String> = rows()
        .into_iter()
        .flat_map(|row| row.answers)
        .filter(|answer| matches!(answer.kind, AnswerKind::Field | AnswerKind::Value))
        .map(|answer| answer.name)
        .collect();
    asked
        .into_iter()
        .filter(|name| {
            let changes = |(value, before): &(Value, Findings)| {
                changed(value, name)
                    .iter()
                    .any(|other| findings(other) != *before)
            };
            programs.iter().any(changes)
        })
        .collect()
}

type Findings = Vec<(String, String, String)>;

fn findings(value: &Value) -> Findings {
    let card = book().judge(&Document::from_value("changed", value.clone()));
    card.findings
        .into_iter()
        .map(|one| (one.rule, format!("{:?}", one.degree), one.message.text()))
        .collect()
}

/// The program with the fact otherwise: each value it could have, one at a time, in the first place where it can stand.
fn changed(program: &Value, name: &str) -> Vec<Value> {
    let (path, value) = name
        .split_once('=')
        .map_or((name, None), |(path, value)| (path, Some(value)));
    let schema = book().schema();
    let Some(id) = schema.find(path) else {
        return Vec::new();
    };
    let field = schema.field(id);
    if !field.properties.is_empty() {
        let below = field.properties.iter();
        return below
            .flat_map(|(key, _)| changed(program, &format!("{path}.{key}")))
            .collect();
    }
    let one = field.items.map_or(field, |items| schema.field(items));
    let mut values: Vec<Value> = match one.kind {
        Kind::Boolean => vec![Value::from(true), Value::from(false)],
        Kind::Number | Kind::Integer => {
            let most = one.maximum.unwrap_or(1e6).min(1000.0);
            vec![Value::from(one.minimum.unwrap_or(0.0)), Value::from(most)]
        }
        _ => one
            .choices
            .iter()
            .map(|choice| Value::from(choice.as_str()))
            .collect(),
    };
    if let Some(value) = value {
        values.retain(|one| one == value);
    }
    let list = field.kind == Kind::List || path.ends_with("[]");
    if list {
        values = values
            .into_iter()
            .map(|one| Value::from(vec![one]))
            .collect();
    }
    let dotted = path.strip_suffix("[]").unwrap_or(path).replace("[]", "[0]");
    let Some(at) = Pointer::from_dotted(&dotted) else {
        return Vec::new();
    };
    let set = |value: Value| {
        let mut other = program.clone();
        evenhand_document::change::set(&mut other, &at, value).ok()?;
        Some(other)
    };
    let fits = |other: &Value| {
        let document = Document::from_value("changed", other.clone());
        book().check_document(&document).is_empty()
    };
    values.into_iter().filter_map(set).filter(fits).collect()
}

#[test]
fn every_item_from_the_first_to_the_last_has_an_answer() {
    let rows = rows();
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let wanted: Vec<String> = (1..=157).map(|number| format!("A{number:03}")).collect();
    assert_eq!(ids, wanted);
    for row in &rows {
        assert!(!row.answers.is_empty(), "{}", row.id);
    }
}

#[test]
fn every_link_of_the_page_leads_to_something() {
    let page = paper::markdown(&founding::paper(&rows(), &known(), "rulebook.md", &|_| {
        false
    }));
    let anchors = anchors(&MARKDOWN);
    let folder = crate::assembly::root().join("docs");
    let mut links = 0;
    for link in page.split("](").skip(1) {
        let address = link.split(')').next().unwrap();
        match address.strip_prefix("rulebook.md#") {
            Some(id) => assert!(anchors.contains(id), "the rulebook has no `{id}`"),
            None => assert!(folder.join(address).is_file(), "there is no `{address}`"),
        }
        links += 1;
    }
    assert!(links > 157, "{links} links");
}

#[test]
fn what_does_not_exist_is_named_with_what_was_meant() {
    let mut pack = core_pack(true);
    let rows = r#"
[[rows]]
id = "A001"
item = "one"
answered_by = ["rule:ethics/short-sta", "value:program.formats=iah_cours", "field:program.format", "glossary:brain-drane", "example:c05-haiti-cam"]

[[rows]]
id = "A001"
item = "two"
answered_by = []

[[rows]]
id = "A003"
item = "three"
answered_by = ["data:derived.equity.reciprocit", "source:wu-2022#motive", "prompt:ethics/short-stay", "rul:ethics/short-stay", "field:derived.equity.reciprocity"]
"#;
    pack.files.insert(
        "founding-documents.toml".to_owned(),
        rows.as_bytes().to_vec().into(),
    );
    pack.digests.clear();
    let book = Rulebook::load(vec![pack], plugins(), Settings::default()).unwrap();
    let found = evenhand_authoring::traceability::trace(&book, &known()).unwrap_err();
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    for words in [
        "did you mean `ethics/short-stay`?",
        "did you mean `iah_course`?",
        "did you mean `program.formats`?",
        "did you mean `brain-drain`?",
        "did you mean `c05-haiti-camp`?",
        "two rows are `A001`",
        "nothing answers `A001`",
        "did you mean `derived.equity.reciprocity`?",
        "did you mean `motives`?",
        "`ethics/short-stay` is a rule, not a prompt",
        "did you mean `rule`?",
        "`data:` for a derived fact, `field:` for a given one",
    ] {
        assert!(
            lines.iter().any(|line| line.contains(words)),
            "{words}\n{}",
            lines.join("\n")
        );
    }
    assert_eq!(lines.len(), 12, "{}", lines.join("\n"));
}
