//! A small pack with one thing wrong at a time.

use crate::lint::lint as lint_rules;
use crate::translation::untranslated;
use evenhand_core::sample::{BASE, PAGE, book};

fn lint(changes: &[(&str, &str, &str)]) -> Vec<String> {
    lint_rules(&book(changes), &[])
        .iter()
        .map(ToString::to_string)
        .collect()
}

const RULE: &str = "ethics/long-stay.rhai";
const OWN_PAGE: &str = "ethics/long-stay.md";

const SPANISH: &str = r#"[dimensions]
ethics = "Ética"
[titles]
"ethics/long-stay" = "Las estancias son largas"
[messages]
"{weeks} weeks" = "{weeks} semanas"
"#;

#[test]
fn a_language_is_asked_for_what_it_lacks() {
    let book = book(&[("locales/es.toml", "", SPANISH)]);
    let all = untranslated(&book, "es", &[]);
    let found: Vec<(&str, Option<&str>, Option<usize>)> = all
        .iter()
        .map(|problem| {
            let line = problem.place.map(|place| place.line);
            (problem.message.as_str(), problem.file.as_deref(), line)
        })
        .collect();
    let page = Some("small/ethics/long-stay.md");
    let script = Some("small/ethics/long-stay.rhai");
    let schema = Some("small/schema.json");
    assert_eq!(
        found,
        [
            (
                "`es` does not say what helps for `ethics/long-stay`",
                page,
                None
            ),
            (
                "`es` has no message for “Only {weeks} weeks”",
                script,
                Some(4)
            ),
            ("`es` has no name for the field `weeks`", schema, None),
            ("`es` has no name for the field `mode`", schema, None),
        ]
    );
    assert!(all.iter().all(|problem| !problem.is_error()));
    let own = untranslated(&book, "es", &["ethics/long-stay".to_owned()]);
    assert_eq!(own, all[..2]);
    // English is the key of everything.
    assert_eq!(untranslated(&book, "en", &[]), []);
    let none = untranslated(&book, "de", &[]);
    assert_eq!(none.len(), 1);
    assert_eq!(none[0].message, "`de` has no texts yet");
    assert_eq!(
        untranslated(&book, "de", &["ethics/long-stay".to_owned()]).len(),
        4
    );
    assert_eq!(
        untranslated(&book, "!", &[])[0].message,
        "`!` is not a language there are texts in"
    );
}

#[test]
fn a_translation_of_what_is_not_there_is_found() {
    let wrong = SPANISH.replace("ethics/long-stay", "ethics/long-stays");
    let book = book(&[("locales/es.toml", "", &wrong)]);
    let found = lint_rules(&book, &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].is_error());
    assert_eq!(found[0].message, "`ethics/long-stays` is not a rule");
    assert_eq!(found, untranslated(&book, "es", &[]));
}

#[test]
fn a_clean_pack_is_clean() {
    assert_eq!(lint(&[]), [""; 0]);
}

#[track_caller]
fn only(changes: &[(&str, &str, &str)], expected: &str) {
    assert_eq!(lint(changes), [expected]);
}

#[test]
fn a_field_that_does_not_exist() {
    only(
        &[(RULE, "program.weeks >=", "program.week >=")],
        "small/ethics/long-stay.rhai:3:16: `week` is not a field of a proposal; did you mean `weeks`?",
    );
}

#[test]
fn a_parameter_nobody_uses() {
    only(
        &[(
            OWN_PAGE,
            "limits:",
            "  most: { default: 20, basis: default, about: \"Weeks\" }\nlimits:",
        )],
        "small/ethics/long-stay.md:7:9: the script never uses the parameter `most`; take it out of the page, or use `param.most`",
    );
}

#[test]
fn a_place_without_an_argument_and_an_argument_without_a_place() {
    only(
        &[(RULE, "Only {weeks}", "Only {week} of {weeks:whole}")],
        "small/ethics/long-stay.rhai:4:5: the message has a place {week} that nothing is given for; \
         expected `#{ week: … }` after the message; did you mean `weeks`?",
    );
    only(
        &[(RULE, "Only {weeks} weeks", "Not long enough")],
        "small/ethics/long-stay.rhai:4:5: `weeks` is given to a message that has no place for it; \
         write {weeks} in the message, or leave it out",
    );
    only(
        &[(
            RULE,
            "unmet(\"Only {weeks} weeks\", #{ weeks: program.weeks })",
            "unmet(\"Only {weeks} weeks\")",
        )],
        "small/ethics/long-stay.rhai:4:5: the message has a place {weeks} that nothing is given for; \
         expected `#{ weeks: … }` after the message",
    );
}

#[test]
fn a_rule_without_cases() {
    let cases = PAGE.split("## Cases").nth(1).unwrap();
    assert_eq!(
        lint(&[(OWN_PAGE, cases, "\n")]),
        [
            "small/bases/usual.yaml: no case starts from the base `usual`; use it in a case, or take it out",
            "small/ethics/long-stay.md:1:1: no case tries the rule; expected a section `## Cases` with a list in a fenced block",
        ]
    );
}

#[test]
fn an_outcome_that_no_case_reaches() {
    only(
        &[(
            OWN_PAGE,
            "set: { weeks: 2 } }\n  expect: { outcome: unmet",
            "set: { weeks: 20 } }\n  expect: { outcome: met",
        )],
        "small/ethics/long-stay.md:22:8: no case comes out as unmet; add a case, or take out what cannot happen",
    );
}

#[test]
fn a_remedy_that_sets_an_unknown_field_or_what_the_schema_refuses() {
    only(
        &[(RULE, "set(\"weeks\"", "set(\"week\"")],
        "small/ethics/long-stay.rhai:6:30: `week` is not a field of a proposal; \
         expected a path such as `flows[0].weeks`; did you mean `weeks`?",
    );
    only(
        &[(RULE, "param.least)]", "10 * param.least)]")],
        "small/ethics/long-stay.md:26:3: in the case `short`, the remedy sets `weeks` to what it cannot be: \
         `weeks` is 80; expected a whole number between 1 and 52",
    );
    only(
        &[(
            RULE,
            "set(\"weeks\", param.least)",
            "set(\"mode\", \"hybrid\")",
        )],
        "small/ethics/long-stay.rhai:6:30: `mode` is never `hybrid`; expected one of `virtual`, `in_person`",
    );
}

#[test]
fn a_page_that_does_not_say_what_helps_or_what_it_cannot_see() {
    only(
        &[(OWN_PAGE, "Stay longer.", "")],
        "small/ethics/long-stay.md:1:1: the page does not say what helps; \
         expected a section `## What helps`; its first paragraph stands in every finding",
    );
    only(
        &[(
            OWN_PAGE,
            "limits: Counts weeks, not what happens in them.",
            "limits: \"\"",
        )],
        "small/ethics/long-stay.md:7:9: the page does not say how the rule may be wrong; \
         expected `limits`: what it over- or under-reports, and what it cannot see",
    );
}

#[test]
fn a_sourced_parameter_without_its_source() {
    only(
        &[(OWN_PAGE, "basis: default", "basis: sourced")],
        "small/ethics/long-stay.md:6:10: parameter `least` is sourced, and does not say from where; \
         add `source: KEY`, or write `basis: default` for a judgement",
    );
}

#[test]
fn files_that_nothing_needs() {
    assert_eq!(
        lint(&[
            ("bases/other.yaml", "", BASE),
            (
                "sources.toml",
                "seen = true\n",
                "seen = true\n[b-2021]\ntitle = \"Another\"\nseen = true\n"
            ),
        ]),
        [
            "small/bases/other.yaml: no case starts from the base `other`; use it in a case, or take it out",
            "small/sources.toml:4:1: nothing cites the source `b-2021`; cite it where it counts, or take it out",
        ]
    );
}

#[test]
fn everything_at_once_and_only_what_is_asked_for() {
    let changes = [
        (RULE, "program.weeks >=", "program.week >="),
        (OWN_PAGE, "sources: [a-2020]", "sources: [a-2020]\ntags: []"),
        (OWN_PAGE, "Stay longer.", ""),
        ("bases/other.yaml", "", BASE),
    ];
    let all = lint(&changes);
    assert!(all.len() >= 3, "{all:#?}");
    let one = lint_rules(&book(&changes), &["ethics/long-stay".to_owned()]);
    assert_eq!(one.len(), all.len() - 1, "{one:#?}");
    assert_eq!(
        lint_rules(&book(&changes), &["ethics/other".to_owned()]),
        []
    );
}
