//! Every production of the grammar, with every outcome, missing facts and empty lists.

mod same;
mod wrong;

use crate::document::{Document, Format};
use crate::finding::{Finding, Outcome};
use crate::rulebook::Rulebook;
use crate::sample::book;

pub(super) const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "agreed": { "type": "boolean", "title": "Agreement" },
  "signed": { "type": "boolean", "title": "Signature" },
  "weeks": { "type": "integer", "minimum": 1, "maximum": 52, "title": "Weeks", "x-unit": "weeks" },
  "spent": { "type": "number", "minimum": 0, "title": "Money spent", "x-unit": "USD" },
  "budget": { "type": "number", "minimum": 0, "title": "Budget", "x-unit": "USD" },
  "level": { "type": "integer", "minimum": 1, "maximum": 4, "title": "Advice level" },
  "mode": { "enum": ["virtual", "in_person", "mixed"], "title": "Mode", "x-labels": { "in_person": "In person" } },
  "formats": { "type": "array", "title": "Formats", "items": { "enum": ["trip", "course", "exchange"] } },
  "begins": { "type": "string", "format": "date", "title": "First day" },
  "ends": { "type": "string", "format": "date", "title": "Last day" },
  "host": { "type": "object", "additionalProperties": false, "title": "Host", "properties": { "asked": { "type": "boolean", "title": "Host asked" } } },
  "flows": { "type": "array", "title": "Flows", "items": { "type": "object", "additionalProperties": false, "properties": {
    "name": { "type": "string", "title": "Name of the flow" },
    "who": { "enum": ["student", "staff"], "title": "Who goes" },
    "weeks": { "type": "number", "title": "Weeks of a flow", "x-unit": "weeks" },
    "persons": { "type": "integer", "minimum": 0, "title": "Persons" },
    "covered": { "type": "boolean", "title": "Insured" },
    "stops": { "type": "array", "title": "Stops", "items": { "type": "object", "additionalProperties": false, "properties": {
      "nights": { "type": "number", "title": "Nights" } } } } } } } } }"#;

/// A page that judges by `form`, the lines of its settings.
pub(super) fn page(form: &str) -> String {
    format!(
        "---\ntitle: A rule\nseverity: major\nsources: []\nlimits: None.\nparams:\n  least: {{ default: 8, unit: weeks, basis: default, about: Weeks }}\n  half: {{ default: 0.5, basis: default, about: A half }}\n  line: {{ default: [[0, 0], [4, 1]], unit: weeks, basis: default, about: A curve }}\n  worth: {{ default: {{ virtual: 1, in_person: 0.5, mixed: 0 }}, basis: default, about: A scale }}\n  who: {{ default: [student, staff], basis: default, about: Who }}\n{form}\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n\n## What helps\n\nHelp.\n"
    )
}

pub(super) fn of_page(page: &str) -> Rulebook {
    book(&[
        ("schema.json", "", SCHEMA),
        ("ethics/long-stay.md", "", page),
        ("ethics/long-stay.rhai", "", ""),
    ])
}

pub(super) fn rulebook(form: &str) -> Rulebook {
    let book = of_page(&page(form));
    let broken: Vec<String> = book
        .broken()
        .iter()
        .flat_map(|rule| rule.problems.iter().map(ToString::to_string))
        .collect();
    assert!(broken.is_empty(), "{form}\n{}", broken.join("\n"));
    let rule = &book.rules()[0];
    let wrong: Vec<String> = book
        .check_script(rule)
        .iter()
        .map(ToString::to_string)
        .filter(|problem| !problem.contains("never uses the parameter"))
        .collect();
    assert!(
        wrong.is_empty(),
        "{form}\n{}\n{}",
        rule.script_text().unwrap(),
        wrong.join("\n")
    );
    book
}

pub(super) fn ask(book: &Rulebook, proposal: &str) -> Finding {
    let proposal = Document::parse("p", proposal.as_bytes(), Format::Yaml).unwrap();
    assert_eq!(book.check_document(&proposal), []);
    book.evaluate(&proposal).findings.remove(0)
}

/// What a form finds: each proposal with the outcome, the degree or the missing facts, words of the message, and the
/// remedy.
#[track_caller]
fn check(form: &str, expected: &[(&str, &str)]) {
    let book = rulebook(form);
    let script = book.rules()[0].script_text().unwrap();
    for (proposal, wanted) in expected {
        let found = ask(&book, proposal);
        assert_eq!(
            told(&found),
            *wanted,
            "{proposal}\n{script}\n{:?}",
            found.error
        );
    }
}

/// A finding in one line.
fn told(found: &Finding) -> String {
    let mut parts = vec![found.outcome.word().to_owned()];
    match found.outcome {
        Outcome::Partly => parts.push(crate::text::number(found.degree.low)),
        Outcome::Unknown => {
            let missing: Vec<String> = found
                .missing
                .iter()
                .map(crate::pointer::Pointer::dotted)
                .collect();
            let (low, high) = (
                crate::text::number(found.degree.low),
                crate::text::number(found.degree.high),
            );
            parts.push(format!("{low}..{high} for {}", missing.join(" ")));
            return parts.join(" ");
        }
        Outcome::NotApplicable => return parts.join(" "),
        _ => {}
    }
    parts.push(format!("“{}”", found.message.text()));
    for change in &found.remedy {
        parts.push(format!("{} = {}", change.path.dotted(), change.value));
    }
    parts.join(" ")
}

#[test]
fn a_choice_has_a_degree_for_each_value() {
    check(
        "judge:\n  choice: { of: mode, scale: { virtual: 1, in_person: { degree: 0.4, say: \"They travel\" }, mixed: 0 } }\nsay: { unmet: \"It is {value}\" }",
        &[
            ("mode: virtual", "met “Mode: virtual”"),
            (
                "mode: in_person",
                "partly 0.4 “They travel” mode = \"virtual\"",
            ),
            ("mode: mixed", "unmet “It is mixed” mode = \"virtual\""),
            ("{}", "unknown 0..1 for mode"),
        ],
    );
    check(
        "judge:\n  choice: { of: level, scale: { \"1\": 1, 2..3: $half, \"4\": 0 } }\nsay: { unmet: \"Level {value}\" }",
        &[
            ("level: 1", "met “Advice level: 1”"),
            ("level: 2", "partly 0.5 “Advice level: 2” level = 1"),
            ("level: 3", "partly 0.5 “Advice level: 3” level = 1"),
            ("level: 4", "unmet “Level 4” level = 1"),
            ("{}", "unknown 0..1 for level"),
        ],
    );
    check(
        "judge: { choice: { of: mode, scale: $worth } }\nsay: { met: Online, partly: Away, unmet: Both }",
        &[
            ("mode: virtual", "met “Online”"),
            ("mode: in_person", "partly 0.5 “Away” mode = \"virtual\""),
            ("mode: mixed", "unmet “Both” mode = \"virtual\""),
        ],
    );
}

#[test]
fn yes_and_no_have_a_degree_each() {
    check(
        "judge: { yes_no: { of: agreed } }\nsay: { met: There is one, unmet: There is none }",
        &[
            ("agreed: true", "met “There is one”"),
            ("agreed: false", "unmet “There is none” agreed = true"),
            ("{}", "unknown 0..1 for agreed"),
        ],
    );
    check(
        "judge: { yes_no: { of: host.asked, yes: 0.8, no: 1 } }\nremedy: none",
        &[
            ("host: { asked: true }", "partly 0.8 “Host asked: yes”"),
            ("host: { asked: false }", "met “Host asked: no”"),
            ("{}", "unknown 0.8..1 for host.asked"),
        ],
    );
    check(
        "applies: { mode: [in_person, mixed] }\njudge: { yes_no: { of: agreed, yes: 1, no: $half } }",
        &[
            ("{ mode: virtual, agreed: true }", "not_applicable"),
            (
                "{ mode: mixed, agreed: false }",
                "partly 0.5 “Agreement: no” agreed = true",
            ),
        ],
    );
}

#[test]
fn a_number_counts_on_a_line() {
    check(
        "judge: { number: { of: weeks, full: $least, zero: 2 } }\nsay: { met: \"{value} weeks\", partly: \"{value} weeks; {full} are asked for\", unmet: \"{value} of {full}, {zero} count nothing\" }",
        &[
            ("weeks: 9", "met “9 weeks”"),
            ("weeks: 8", "met “8 weeks”"),
            (
                "weeks: 5",
                "partly 0.5 “5 weeks; 8 are asked for” weeks = 8",
            ),
            ("weeks: 1", "unmet “1 of 8, 2 count nothing” weeks = 8"),
            ("{}", "unknown 0..1 for weeks"),
        ],
    );
    check(
        "judge: { number: { of: weeks, curve: [[2, 0], [4, 0.5], [10, 1]] } }",
        &[
            ("weeks: 2", "unmet “Weeks: 2; 10 counts in full” weeks = 10"),
            (
                "weeks: 3",
                "partly 0.25 “Weeks: 3; 10 counts in full” weeks = 10",
            ),
            ("weeks: 12", "met “Weeks: 12; 10 counts in full”"),
        ],
    );
    check(
        "judge: { number: { of: weeks, curve: [[2, 1], [4, $half]] } }\nremedy: [{ set: agreed, to: true }, { set: weeks, to: full }]\nsay: { partly: \"{value:whole}\" }",
        &[
            ("weeks: 3", "partly 0.75 “3” agreed = true weeks = 2"),
            ("weeks: 2", "met “Weeks: 2; 2 counts in full”"),
        ],
    );
    check(
        "judge: { number: { of: weeks, curve: $line } }",
        &[
            ("weeks: 4", "met “Weeks: 4; 4 counts in full”"),
            (
                "weeks: 1",
                "partly 0.25 “Weeks: 1; 4 counts in full” weeks = 4",
            ),
        ],
    );
}

#[test]
fn numbers_are_worked_out_of_others() {
    let number = |of: &str| {
        format!(
            "judge: {{ number: {{ of: {of}, full: 10, zero: 0 }} }}\nremedy: none\nsay: {{ met: \"{{value}}\", partly: \"{{value}}\", unmet: \"{{value}}\" }}"
        )
    };
    let flows = "flows: [{ who: student, weeks: 2, persons: 3 }, { who: staff, weeks: 4, persons: 1 }, { who: student, weeks: 6, persons: 3 }]";
    for (of, expected) in [
        ("{ sum: weeks, in: flows }", "met “12”"),
        (
            "{ sum: weeks, in: flows, where: { who: staff } }",
            "partly 0.4 “4”",
        ),
        ("{ mean: weeks, in: flows, if_none: 0 }", "partly 0.4 “4”"),
        ("{ min: weeks, in: flows, if_none: 0 }", "partly 0.2 “2”"),
        ("{ max: weeks, in: flows, if_none: 0 }", "partly 0.6 “6”"),
        ("{ count: flows }", "partly 0.3 “3”"),
        (
            "{ count: flows, where: { weeks: { above: 2 } } }",
            "partly 0.2 “2”",
        ),
        ("{ count: flows, distinct: persons }", "partly 0.2 “2”"),
        ("{ times: [2, { count: flows }] }", "partly 0.6 “6”"),
        ("{ plus: [1, { count: flows }] }", "partly 0.4 “4”"),
        (
            "{ share: [{ count: flows }, 2], if_zero: 0 }",
            "partly 0.15 “1.5”",
        ),
        (
            "{ share: [1, { times: [0, 1] }], if_zero: 5 }",
            "partly 0.5 “5”",
        ),
        (
            "{ mean: weeks, in: flows, where: { weeks: { above: 9 } }, if_none: 7 }",
            "partly 0.7 “7”",
        ),
        (
            "{ mean: weeks, in: flows, where: { weeks: { above: 9 } }, if_none: not_applicable }",
            "not_applicable",
        ),
        (
            "{ share: [1, { sum: weeks, in: flows, where: { weeks: { below: 2 } } }], if_zero: not_applicable }",
            "not_applicable",
        ),
        (
            "{ plus: [1, { min: weeks, in: flows, where: { persons: 9 }, if_none: not_applicable }] }",
            "not_applicable",
        ),
    ] {
        check(&number(of), &[(flows, expected)]);
    }
    check(
        &number("{ sum: weeks, in: flows }"),
        &[("flows: []", "unmet “0”"), ("{}", "unknown 0..1 for flows")],
    );
    check(
        &number("{ max: weeks, in: flows, if_none: 3 }"),
        &[
            ("flows: []", "partly 0.3 “3”"),
            ("flows: [{ who: staff }]", "unknown 0..1 for flows[0].weeks"),
        ],
    );
    check(
        "judge: { number: { of: { share: [spent, budget], if_zero: 1 }, full: 0.5, zero: 1 } }\nremedy: none\nsay: { met: \"{value:percent}\", partly: \"{value:percent}\", unmet: \"{value:percent}\" }",
        &[
            ("{ spent: 3, budget: 4 }", "partly 0.5 “75 %”"),
            ("{ spent: 0, budget: 0 }", "unmet “100 %”"),
        ],
    );
}

#[test]
fn a_checklist_weighs_what_holds() {
    let list = "judge:\n  checklist:\n    items:\n      - { is: { agreed: true }, weight: 2 }\n      - { is: { weeks: { at_least: 4 } }, label: four weeks }\n      - { is: { formats: { includes: [course, trip] } } }";
    check(
        list,
        &[
            (
                "{ agreed: true, weeks: 4, formats: [trip] }",
                "met “4 of 4: Agreement, four weeks, Formats”",
            ),
            (
                "{ agreed: true, weeks: 3, formats: [exchange] }",
                "partly 0.5 “2 of 4; lacking: four weeks, Formats” weeks = 4 formats = [\"exchange\",\"course\"]",
            ),
            (
                "{ agreed: false, weeks: 3, formats: [] }",
                "unmet “0 of 4; lacking: Agreement, four weeks, Formats” agreed = true weeks = 4 formats = [\"course\"]",
            ),
            ("{ weeks: 3, formats: [] }", "unknown 0..0.5 for agreed"),
        ],
    );
    check(
        &format!("{list}\n    full: 2\nsay: {{ met: \"{{held}}\", partly: \"{{open}} open\" }}"),
        &[
            ("{ agreed: true, weeks: 3, formats: [] }", "met “Agreement”"),
            (
                "{ agreed: false, weeks: 5, formats: [] }",
                "partly 0.5 “2 open” agreed = true formats = [\"course\"]",
            ),
        ],
    );
}

#[test]
fn days_lie_between_two_dates() {
    check(
        "judge: { dates: { from: begins, to: ends, full: 10, zero: 0 } }\nremedy: none",
        &[
            (
                "{ begins: 2027-02-25, ends: 2027-03-02 }",
                "partly 0.5 “5 days; 10 count in full”",
            ),
            (
                "{ begins: 2028-02-25, ends: 2028-03-06 }",
                "met “10 days; 10 count in full”",
            ),
            (
                "{ begins: 2028-02-25, ends: 2028-02-01 }",
                "unmet “-24 days; 10 count in full”",
            ),
            ("begins: 2027-01-01", "unknown 0..1 for ends"),
        ],
    );
}

#[test]
fn elements_are_taken_together() {
    let each = |take: &str, more: &str| {
        format!(
            "judge:\n  each:\n    in: flows\n    where: {{ who: student }}\n    judge: {{ number: {{ of: weeks, full: 4, zero: 0 }} }}\n    take: {take}\n    {more}\nsay: {{ partly: \"{{worst}} of {{count}}, {{open}}: {{lacking}}\" }}\nremedy: [{{ set: weeks, to: full }}, {{ set: covered, to: true }}]"
        )
    };
    let flows = "flows: [{ who: student, weeks: 1, name: A, persons: 3, covered: true }, { who: staff, weeks: 1 }, { who: student, weeks: 3, persons: 1 }, { who: student, weeks: 8, persons: 4 }]";
    let sets = "flows[0].weeks = 4 flows[2].weeks = 4 flows[2].covered = true";
    check(
        &each("worst", "if_none: not_applicable"),
        &[
            (flows, &format!("partly 0.25 “A of 3, 2: A, 3” {sets}")),
            ("flows: []", "not_applicable"),
            ("flows: [{ who: staff }]", "not_applicable"),
            (
                "flows: [{ who: student, weeks: 5 }]",
                "met “Flows: 1 in order”",
            ),
            (
                "flows: [{ who: student }]",
                "unknown 0..1 for flows[0].weeks",
            ),
            ("{}", "unknown 0..1 for flows"),
        ],
    );
    check(
        &each("best", "if_none: 0"),
        &[
            (flows, "met “Flows: 3 in order”"),
            ("flows: []", "unmet “Flows: 0 of 0 not in order: ”"),
        ],
    );
    check(
        &each("mean", "if_none: 1"),
        &[
            (flows, &format!("partly 0.6667 “A of 3, 2: A, 3” {sets}")),
            ("flows: []", "met “Flows: 0 in order”"),
        ],
    );
    check(
        &each("mean", "if_none: 1\n    weigh: persons"),
        &[
            (flows, &format!("partly 0.6875 “A of 3, 2: A, 3” {sets}")),
            (
                "flows: [{ who: student, weeks: 1, persons: 0 }]",
                "met “Flows: 0 in order”",
            ),
        ],
    );
}

#[test]
fn elements_have_elements_and_look_up() {
    check(
        "judge:\n  each:\n    in: flows\n    judge:\n      each:\n        in: stops\n        where: { nights: { above: 0 } }\n        judge: { number: { of: { share: [nights, ^^.weeks], if_zero: not_applicable }, full: ^.level, zero: 0 } }\n        take: worst\n        if_none: not_applicable\n    take: mean\n    if_none: not_applicable\nremedy: none",
        &[
            (
                "{ level: 2, flows: [{ weeks: 2, stops: [{ nights: 2 }, { nights: 8 }] }, { weeks: 1, stops: [{ nights: 2 }] }, { weeks: 3, stops: [] }] }",
                "partly 0.75 “Flows: 1 of 2 not in order: 1”",
            ),
            (
                "{ level: 2, flows: [{ weeks: 0, stops: [{ nights: 2 }] }] }",
                "not_applicable",
            ),
            ("{ flows: [] }", "not_applicable"),
        ],
    );
    check(
        "judge:\n  each:\n    in: formats\n    judge: { first: [{ if: { .: [course, exchange] }, then: 1 }, { else: 0 }] }\n    take: worst\n    if_none: 1\nremedy: none",
        &[
            ("formats: [course]", "met “Formats: 1 in order”"),
            (
                "formats: [course, trip]",
                "unmet “Formats: 1 of 2 not in order: trip”",
            ),
        ],
    );
}

#[test]
fn forms_are_taken_together() {
    let parts = "[{ yes_no: { of: agreed, no: 0.2 } }, { number: { of: weeks, full: 4, zero: 0 } }, { each: { in: flows, judge: { yes_no: { of: covered } }, take: worst, if_none: not_applicable } }]";
    let say = "\nremedy: none\nsay: { met: \"{count}\", partly: \"{worst}: {open} of {count}\" }";
    check(
        &format!("judge: {{ all_of: {parts} }}{say}"),
        &[
            ("{ agreed: true, weeks: 4, flows: [] }", "met “2”"),
            (
                "{ agreed: false, weeks: 3, flows: [] }",
                "partly 0.2 “Agreement: 2 of 2”",
            ),
            (
                "{ agreed: true, weeks: 3, flows: [{ covered: true }] }",
                "partly 0.75 “Weeks: 1 of 3”",
            ),
            (
                "{ agreed: true, weeks: 3, flows: [{ covered: false }] }",
                "unmet “2 of 3 points are not in order; weakest: Flows”",
            ),
            ("{ weeks: 1, flows: [] }", "unknown 0.2..0.25 for agreed"),
        ],
    );
    check(
        &format!("judge: {{ any_of: {parts} }}{say}"),
        &[
            (
                "{ agreed: false, weeks: 1, flows: [] }",
                "partly 0.25 “Agreement: 2 of 2”",
            ),
            (
                "{ agreed: false, weeks: 1, flows: [{ covered: true }] }",
                "met “3”",
            ),
        ],
    );
    check(
        &format!(
            "judge: {{ mean_of: [{{ form: {{ yes_no: {{ of: agreed }} }}, weight: 3 }}, {{ form: {{ yes_no: {{ of: signed }} }} }}] }}{say}"
        ),
        &[
            ("{ agreed: true, signed: true }", "met “2”"),
            (
                "{ agreed: true, signed: false }",
                "partly 0.75 “Signature: 1 of 2”",
            ),
            (
                "{ agreed: false, signed: false }",
                "unmet “2 of 2 points are not in order; weakest: Agreement”",
            ),
            ("{ agreed: true }", "unknown 0.75..1 for signed"),
        ],
    );
    // All parts drop out.
    check(
        "judge: { all_of: [{ each: { in: flows, judge: { yes_no: { of: covered } }, take: worst, if_none: not_applicable } }] }\nremedy: none",
        &[("flows: []", "not_applicable")],
    );
    // The part that decides has words of its own.
    check(
        "judge: { all_of: [{ yes_no: { of: agreed } }, { choice: { of: mode, scale: { virtual: 1, in_person: 0.5, mixed: { degree: 0, say: Mixed up } } } }] }\nremedy: none\nsay: { met: Fine, partly: Half, unmet: No }",
        &[
            ("{ agreed: true, mode: mixed }", "unmet “Mixed up”"),
            ("{ agreed: false, mode: mixed }", "unmet “No”"),
            ("{ agreed: true, mode: in_person }", "partly 0.5 “Half”"),
            ("{ agreed: true, mode: virtual }", "met “Fine”"),
        ],
    );
}

#[test]
fn the_first_branch_that_holds_is_taken() {
    check(
        "judge:\n  first:\n    - { if: { agreed: true }, then: 1, say: Agreed }\n    - { if: { weeks: { above: 4 } }, then: { number: { of: weeks, full: 10, zero: 0 } } }\n    - { if: { signed: true }, then: $half, say: Signed }\n    - { else: 0, say: Nothing }\nremedy: none\nsay: { partly: \"{value} weeks\" }",
        &[
            ("agreed: true", "met “Agreed”"),
            ("{ agreed: false, weeks: 5 }", "partly 0.5 “5 weeks”"),
            (
                "{ agreed: false, weeks: 4, signed: true }",
                "partly 0.5 “Signed”",
            ),
            (
                "{ agreed: false, weeks: 4, signed: false }",
                "unmet “Nothing”",
            ),
            ("{ weeks: 4, signed: true }", "unknown 0.5..1 for agreed"),
        ],
    );
    check(
        "judge:\n  first:\n    - { if: { agreed: true }, then: { number: { of: { mean: weeks, in: flows, if_none: not_applicable }, full: 10, zero: 0 } } }\n    - { else: 1 }\nremedy: none\nsay: { met: Fine, partly: Half, unmet: No }",
        &[
            ("{ agreed: true, flows: [] }", "not_applicable"),
            ("{ agreed: false }", "met “Fine”"),
        ],
    );
}

#[test]
fn a_form_counts_at_most_so_much() {
    check(
        "judge:\n  yes_no: { of: agreed }\n  at_most: [{ degree: 0.9, unless: { signed: true } }, { degree: $half, unless: { mode: { is_not: mixed } } }]\nsay: { met: All, partly: Some, unmet: None }",
        &[
            ("{ agreed: true, signed: true, mode: virtual }", "met “All”"),
            (
                "{ agreed: true, signed: false, mode: virtual }",
                "partly 0.9 “Some”",
            ),
            (
                "{ agreed: true, signed: true, mode: mixed }",
                "partly 0.5 “Some”",
            ),
            ("{ agreed: false }", "unmet “None” agreed = true"),
        ],
    );
    check(
        "judge:\n  first: [{ if: { agreed: true }, then: 1, say: A }, { else: { yes_no: { of: signed } }, say: B }]\n  at_most: [{ degree: 0.5, unless: { mode: virtual } }]\nremedy: none",
        &[
            ("{ agreed: true, mode: virtual }", "met “A”"),
            ("{ agreed: true, mode: mixed }", "partly 0.5 “A”"),
            (
                "{ agreed: false, signed: true, mode: mixed }",
                "partly 0.5 “B”",
            ),
        ],
    );
    check(
        "judge:\n  choice: { of: mode, scale: { virtual: 1, in_person: 0.4, mixed: 0 } }\n  at_most: [{ degree: 0.5, unless: { attested: mode } }]\nremedy: none",
        &[
            ("mode: virtual", "partly 0.5 “Mode: virtual”"),
            ("mode: in_person", "partly 0.4 “Mode: In person”"),
        ],
    );
}

/// Conditions, each with a proposal for which it holds and one for which it does not.
const CONDITIONS: &[(&str, &str, &str)] = &[
    ("{ mode: mixed }", "mode: mixed", "mode: virtual"),
    (
        "{ mode: [mixed, virtual] }",
        "mode: virtual",
        "mode: in_person",
    ),
    ("{ mode: { is: mixed } }", "mode: mixed", "mode: virtual"),
    (
        "{ mode: { is_not: mixed } }",
        "mode: virtual",
        "mode: mixed",
    ),
    (
        "{ mode: { one_of: [mixed] } }",
        "mode: mixed",
        "mode: virtual",
    ),
    ("{ weeks: 4 }", "weeks: 4", "weeks: 5"),
    ("{ weeks: [4, $least] }", "weeks: 8", "weeks: 5"),
    ("{ weeks: { at_least: 4 } }", "weeks: 4", "weeks: 3"),
    ("{ weeks: { at_most: 4 } }", "weeks: 4", "weeks: 5"),
    ("{ weeks: { above: 4 } }", "weeks: 5", "weeks: 4"),
    ("{ weeks: { below: $least } }", "weeks: 7", "weeks: 8"),
    ("{ weeks: { above: 4, below: 6 } }", "weeks: 5", "weeks: 6"),
    ("{ agreed: false }", "agreed: false", "agreed: true"),
    (
        "{ agreed: true, signed: true }",
        "{ agreed: true, signed: true }",
        "{ agreed: true, signed: false }",
    ),
    (
        "{ and: [{ agreed: true }, { or: [{ signed: true }, { weeks: 2 }] }] }",
        "{ agreed: true, signed: false, weeks: 2 }",
        "{ agreed: true, signed: false, weeks: 3 }",
    ),
    (
        "{ or: [{ agreed: true }, { and: [{ signed: true }, { weeks: 2 }] }] }",
        "{ agreed: false, signed: true, weeks: 2 }",
        "{ agreed: false, signed: true, weeks: 3 }",
    ),
    ("{ not: { agreed: true } }", "agreed: false", "agreed: true"),
    (
        "{ not: { not: { weeks: { above: 3 } } } }",
        "weeks: 4",
        "weeks: 3",
    ),
    ("{ not: { weeks: { above: 3 } } }", "weeks: 3", "weeks: 4"),
    (
        "{ formats: { includes: trip } }",
        "formats: [course, trip]",
        "formats: []",
    ),
    (
        "{ formats: { includes: [trip, exchange] } }",
        "formats: [exchange]",
        "formats: [course]",
    ),
    (
        "{ formats: { includes_none: [trip, exchange] } }",
        "formats: [course]",
        "formats: [trip]",
    ),
    (
        "{ formats: { includes_all: [trip, course] } }",
        "formats: [course, trip]",
        "formats: [trip]",
    ),
    (
        "{ compare: [spent, at_most, budget] }",
        "{ spent: 1, budget: 1 }",
        "{ spent: 2, budget: 1 }",
    ),
    (
        "{ compare: [{ count: flows }, above, 0] }",
        "flows: [{}]",
        "flows: []",
    ),
    (
        "{ any: flows, where: { who: staff }, if_none: no }",
        "flows: [{ who: student }, { who: staff }]",
        "flows: []",
    ),
    (
        "{ any: flows, where: { who: staff }, if_none: yes }",
        "flows: []",
        "flows: [{ who: student }]",
    ),
    (
        "{ all: flows, where: { who: { one_of: $who }, weeks: { above: ^.level } }, if_none: no }",
        "{ level: 1, flows: [{ who: student, weeks: 2 }] }",
        "{ level: 1, flows: [] }",
    ),
    (
        "{ all: flows, where: { who: staff }, if_none: yes }",
        "flows: []",
        "flows: [{ who: staff }, { who: student }]",
    ),
    (
        "{ any: flows, where: { any: stops, where: { compare: [nights, above, ^^.weeks] }, if_none: no }, if_none: no }",
        "flows: [{ weeks: 2, stops: [{ nights: 3 }] }]",
        "flows: [{ weeks: 3, stops: [{ nights: 3 }] }]",
    ),
];

#[test]
fn conditions_hold_or_not() {
    for (cond, holds, fails) in CONDITIONS {
        check(
            &format!(
                "judge: {{ first: [{{ if: {cond}, then: 1, say: Yes }}, {{ else: 0, say: No }}] }}\nremedy: none"
            ),
            &[(holds, "met “Yes”"), (fails, "unmet “No”")],
        );
    }
}

#[test]
fn a_prompt_is_asked_where_it_arises() {
    let page = "---\ntitle: Who gains?\nkind: prompt\nsources: []\napplies: { mode: [in_person, mixed] }\n---\n\nThink.\n";
    let book = of_page(page);
    assert!(book.broken().is_empty(), "{:?}", book.broken());
    assert_eq!(ask(&book, "mode: virtual").outcome, Outcome::NotApplicable);
    assert_eq!(ask(&book, "mode: mixed").outcome, Outcome::Unknown);
}

#[test]
fn a_check_asks_where_it_arises() {
    let page = "---\ntitle: Long online\nkind: check\ndoubts: [weeks]\nasks: Is that so?\napplies: { mode: virtual, weeks: { above: 40 } }\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";
    let asking = book(&[
        ("schema.json", "", SCHEMA),
        ("checks/long-online.md", "", page),
    ]);
    let broken = asking
        .broken()
        .iter()
        .find(|rule| rule.id.starts_with("checks/"));
    assert!(broken.is_none(), "{broken:?}");
    let judged = page.replace("applies:", "judge: { yes_no: { of: agreed } }\napplies:");
    let judging = book(&[
        ("schema.json", "", SCHEMA),
        ("checks/long-online.md", "", &judged),
    ]);
    let said = judging
        .broken()
        .iter()
        .find(|rule| rule.id.starts_with("checks/"))
        .unwrap();
    assert!(
        said.problems[0]
            .to_string()
            .contains("a check has no `judge`"),
        "{:?}",
        said.problems
    );
}

#[test]
fn what_goes_wrong_while_judging_is_told_of_the_page() {
    let book = of_page(&page(
        "judge: { number: { of: weeks, full: $least, zero: { plus: [4, 4] } } }",
    ));
    let found = ask(&book, "weeks: 3");
    assert_eq!(found.outcome, Outcome::Error);
    let said = found.error.unwrap();
    assert!(said.starts_with("small/ethics/long-stay.md:12:"), "{said}");
}
