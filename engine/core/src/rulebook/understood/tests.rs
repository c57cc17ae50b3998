use crate::document::{Document, Format};
use crate::problem::Problem;
use crate::rulebook::Rulebook;
use crate::sample;
use serde_json::{Value, json};

const SCHEMA: &str = r#""properties": {
  "host": { "type": "object", "additionalProperties": false, "title": "Host", "properties": {
    "need": { "enum": ["none", "host_led"], "title": "Need" } } },
  "flows": { "type": "array", "title": "Flows", "items": { "type": "object", "additionalProperties": false, "properties": {
    "nights": { "type": "integer", "minimum": 0, "maximum": 99, "title": "Nights" } } } },
  "attestations": { "type": "array", "title": "Attestations", "items": { "type": "object" } },
  "checked": { "type": "array", "title": "Checked", "items": { "type": "object" } },"#;

/// Two versions: what was `needs` is `want` since the second, and `host.need` since the third, with another word.
const MIGRATIONS: &str = "[pack]\nschema_version = 3\n[[migrations]]\nto = 3\n\
    renamed = { want = \"host.need\", \"flows[].nights_away\" = \"flows[].nights\" }\n\
    values = { \"host.need\" = { community = \"host_led\" } }\n\
    [[migrations]]\nto = 2\nrenamed = { needs = \"want\" }\n[pack_]\n";

fn book() -> Rulebook {
    let pack = MIGRATIONS
        .replace("[pack_]\n", "")
        .replace("[pack]\n", "[pack]\nname = \"small\"\n");
    sample::book(&[
        ("schema.json", "\"properties\": {", SCHEMA),
        ("pack.toml", "[pack]\nname = \"small\"\n", &pack),
    ])
}

fn read(text: &str) -> Result<(Document, Vec<Problem>), Vec<Problem>> {
    let document = Document::parse("old.yaml", text.as_bytes(), Format::Yaml).unwrap();
    book().understood(document)
}

fn check(before: &str, after: &str, said: &[(usize, &str)]) {
    let (document, understood) = read(before).unwrap();
    assert_eq!(document.source().text(), after);
    let understood: Vec<(usize, String)> = understood
        .iter()
        .map(|problem| (problem.place.unwrap().line, problem.message.to_string()))
        .collect();
    let said: Vec<(usize, String)> = said
        .iter()
        .map(|(line, said)| (*line, (*said).to_owned()))
        .collect();
    assert_eq!(understood, said);
    assert_eq!(book().check_document(&document), []);
}

#[test]
fn names_and_words_of_older_versions_are_read_as_those_of_today() {
    check("weeks: 9\n", "weeks: 9\n", &[]);
    check(
        "flows: # who goes\n  - nights_away: 3\n  - nights: 4\n",
        "flows: # who goes\n  - nights: 3\n  - nights: 4\n",
        &[(
            2,
            "`flows[0].nights_away` is read as `flows[0].nights`, its name since version 3 of `small`",
        )],
    );
    check(
        "host:\n  need: community # asked\n",
        "host:\n  need: host_led # asked\n",
        &[(
            2,
            "`community` in `host.need` is read as `host_led`, the word since version 3 of `small`",
        )],
    );
}

#[test]
fn what_changed_twice_is_followed_through_both_versions() {
    let (document, said) = read("weeks: 9\nneeds: community\n").unwrap();
    assert_eq!(
        *document.value(),
        json!({ "weeks": 9, "host": { "need": "host_led" } })
    );
    // All of it stands where it was typed.
    let said: Vec<(usize, String)> = said
        .iter()
        .map(|problem| (problem.place.unwrap().line, problem.message.to_string()))
        .collect();
    let name = "`needs` is read as `host.need`, its name since version 3 of `small`";
    let word = "`community` in `needs` is read as `host_led`, the word since version 3 of `small`";
    assert_eq!(said, [(2, name.to_owned()), (2, word.to_owned())]);
}

#[test]
fn fields_that_a_proposal_names_have_the_names_of_today_too() {
    check(
        "flows: [{ nights: 3 }]\nattestations:\n  - covers: [weeks, 'flows[0].nights_away']\n    contests: { want: none }\nchecked:\n  - values: { 'flows[0].nights_away': 3 }\n",
        "flows: [{ nights: 3 }]\nattestations:\n  - covers: [weeks, \"flows[0].nights\"]\n    contests: { host.need: none }\nchecked:\n  - values: { \"flows[0].nights\": 3 }\n",
        &[
            (
                3,
                "`flows[0].nights_away` is read as `flows[0].nights`, its name since version 3 of `small`",
            ),
            (
                4,
                "`want` is read as `host.need`, its name since version 3 of `small`",
            ),
            (
                6,
                "`flows[0].nights_away` is read as `flows[0].nights`, its name since version 3 of `small`",
            ),
        ],
    );
}

#[test]
fn a_field_under_both_names_is_for_people_to_settle() {
    let problems = read("flows:\n  - nights: 3\n    nights_away: 4\n").unwrap_err();
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.place.unwrap().line, 3);
    assert_eq!(
        problem.message,
        "`flows[0].nights_away` is a former name of `flows[0].nights`, and both are given"
    );
}

#[test]
fn a_group_that_is_no_more_goes_with_what_it_held() {
    let pack = "[pack]\nname = \"small\"\nschema_version = 2\n[[migrations]]\nto = 2\nrenamed = { \"stay.long.weeks\" = \"weeks\", \"stay.mode\" = \"mode\" }\n";
    let book = sample::book(&[("pack.toml", "[pack]\nname = \"small\"\n", pack)]);
    for (before, after) in [
        ("stay:\n  long:\n    weeks: 3\n", "weeks: 3\n"),
        (
            "stay: { long: { weeks: 3 }, mode: virtual }\n",
            "weeks: 3\nmode: virtual\n",
        ),
    ] {
        let document = Document::parse("old.yaml", before.as_bytes(), Format::Yaml).unwrap();
        let (document, _) = book.understood(document).unwrap();
        assert_eq!(document.source().text(), after);
        assert_eq!(book.check_document(&document), []);
    }
    // What is no field and stands beside it is left, and complained of as anywhere.
    let text = "stay: { long: { weeks: 3, days: 2 } }\n";
    let document = Document::parse("old.yaml", text.as_bytes(), Format::Yaml).unwrap();
    let (document, _) = book.understood(document).unwrap();
    assert_eq!(book.check_document(&document).len(), 1);
}

#[test]
fn a_document_that_nobody_typed_is_understood_as_well() {
    let document = Document::from_value("p", json!({ "want": "none" }));
    let (document, said) = book().understood(document).unwrap();
    assert_eq!(*document.value(), json!({ "host": { "need": "none" } }));
    assert_eq!(said.len(), 1);
}

#[test]
fn what_cannot_be_written_so_is_said_and_not_guessed() {
    // The entry stands once in the text, and twice in the data.
    let text = "flows:\n  - &one { nights_away: 3 }\n  - *one\n";
    let read = read(text);
    match read {
        Ok((document, _)) => assert_eq!(book().check_document(&document), []),
        Err(problems) => {
            let code = problems.first().and_then(Problem::code);
            assert_eq!(code, Some("former-layout"));
        }
    }
}

/// What is wrong with a pack of which a part is written otherwise.
fn refused(from: &str, to: &str) -> Vec<String> {
    let pack = MIGRATIONS
        .replace("[pack_]\n", "")
        .replace("[pack]\n", "[pack]\nname = \"small\"\n");
    assert!(pack.contains(from), "{from}");
    let pack = format!(
        "{}[[dimensions]]\nid = \"ethics\"\ntitle = \"Ethics\"\n",
        pack.replace(from, to)
    );
    let files = crate::pack::PackFiles {
        folder: "small".to_owned(),
        files: [
            ("pack.toml".to_owned(), pack.into_bytes().into()),
            (
                "schema.json".to_owned(),
                format!("{{ \"type\": \"object\", {SCHEMA} \"weeks\": {{ \"type\": \"integer\", \"title\": \"Weeks\" }} }} }}")
                    .into_bytes()
                    .into(),
            ),
        ]
        .into(),
        ..Default::default()
    };
    let loaded = Rulebook::load(
        vec![files],
        Vec::new(),
        crate::settings::Settings::default(),
    );
    let problems = loaded.map_or_else(|problems| problems, |_| Vec::new());
    problems
        .iter()
        .map(|problem| problem.message.to_string())
        .collect()
}

#[test]
fn migrations_that_cannot_be_are_refused_with_the_pack() {
    for (from, to, said) in [
        ("to = 2", "to = 2", None),
        (
            "schema_version = 3",
            "schema_version = 2",
            Some("the migration leads to version 3, and the schema is of version 2"),
        ),
        ("to = 2", "to = 3", Some("two migrations lead to version 3")),
        (
            "to = 2\n",
            "\n",
            Some("the migration has no version that it leads to"),
        ),
        (
            "needs = ",
            "weeks = ",
            Some("`weeks` is a field of the schema still"),
        ),
        (
            "want = \"host.need\"",
            "want = \"host.needs\"",
            Some("`host.needs` is not a field of the schema"),
        ),
        (
            "\"flows[].nights\"",
            "\"host.need\"",
            Some("`flows[].nights_away` cannot go into or out of a list"),
        ),
        (
            "community = ",
            "none = ",
            Some("`none` is a word of `host.need` still"),
        ),
        (
            "\"host_led\"",
            "\"hosts\"",
            Some("`hosts` is not a word of `host.need`"),
        ),
        (
            "{ \"host.need\" = {",
            "{ weeks = {",
            Some("`weeks` is not a field with a list of words"),
        ),
        (
            "needs = ",
            "\"a..b\" = ",
            Some("`a..b` is no path of a field"),
        ),
    ] {
        let found = refused(from, to);
        let first = found.first().map(String::as_str);
        assert_eq!(first, said, "{to}: {found:?}");
    }
}

#[test]
fn a_pack_without_migrations_reads_every_document_as_it_stands() {
    let book = sample::book(&[]);
    let document = Document::from_value("p", Value::Null);
    let (document, said) = book.understood(document).unwrap();
    assert!(said.is_empty() && document.value().is_null());
}

#[test]
fn a_long_list_of_an_older_version_is_read_at_once_and_the_first_places_are_named() {
    let flows = |name: &str| format!("flows:\n{}", format!("  - {name}: 3\n").repeat(400));
    let (document, said) = read(&flows("nights_away")).unwrap();
    assert_eq!(document.source().text(), flows("nights"));
    let [first, .., last_named, more] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!(said.len(), 51);
    assert_eq!(
        (first.place.unwrap().line, last_named.place.unwrap().line),
        (2, 51)
    );
    assert_eq!(
        more.message,
        "350 more places are of an older version and read so too"
    );
}

#[test]
fn one_layout_that_cannot_be_rewritten_does_not_hide_the_other_places() {
    let text = "flows:\n  - &one { nights_away: 3 }\n  - *one\n  - nights_away: 4\n  - { nights_away: 5, nights: 6 }\n";
    let said = read(text).unwrap_err();
    let said: Vec<(usize, &str)> = said
        .iter()
        .map(|problem| (problem.place.unwrap().line, problem.code().unwrap()))
        .collect();
    assert!(said.contains(&(5, "both-names")), "{said:?}");
    assert!(
        said.iter().any(|(_, code)| *code == "former-layout"),
        "{said:?}"
    );
}
