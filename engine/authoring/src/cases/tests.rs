//! Cases that cannot be right, and cases that come out otherwise.

#[test]
fn a_case_that_cannot_be_right_is_a_problem_with_its_place() {
    for (from, to, said) in [
        (
            "{ base: usual }",
            "{ base: unusual }",
            "did you mean `usual`?",
        ),
        (
            "set: { weeks: 2 }",
            "set: { week: 2 }",
            "did you mean `weeks`?",
        ),
        (
            "set: { weeks: 2 }",
            "set: { weeks: 200 }",
            "between 1 and 52",
        ),
        (
            "unset: [weeks]",
            "unset: [mode, mode]",
            "is not set in the first place",
        ),
        ("name: short", "name: long", "two cases are named `long`"),
        (
            "{ outcome: unmet }",
            "{ outcom: unmet }",
            "did you mean `outcome`?",
        ),
        (
            "{ outcome: unmet }",
            "{ missing: [weeks] }",
            "does not say which `outcome`",
        ),
        (
            "{ outcome: unmet }",
            "{ outcome: unmet, evidence: [wekes] }",
            "did you mean `weeks`?",
        ),
        (
            "{ base: usual, set: { weeks: 2 } }",
            "{ base: usual, params: { lest: 2 } }",
            "did you mean `least`?",
        ),
        (
            "{ base: usual, set: { weeks: 2 } }",
            "{ base: usual, params: { least: x } }",
            "expected a number",
        ),
    ] {
        let book = evenhand_core::sample::book(&[("ethics/long-stay.md", from, to)]);
        let run = crate::ruletest::test(&book, |_| true);
        let problems: Vec<String> = run.problems.iter().map(ToString::to_string).collect();
        assert!(
            problems.iter().any(|problem| problem.contains(said)),
            "{to}: {problems:?}"
        );
        assert!(
            problems[0].starts_with("small/ethics/long-stay.md:"),
            "{problems:?}"
        );
    }
}

#[test]
fn a_case_that_comes_out_otherwise_says_how() {
    for (from, to, what) in [
        ("{ outcome: unmet }", "{ outcome: met }", "outcome"),
        (
            "{ outcome: unmet }",
            "{ outcome: unmet, degree: 0.1 }",
            "degree",
        ),
        (
            "{ outcome: unmet }",
            "{ outcome: unmet, message: three }",
            "message",
        ),
        (
            "{ outcome: unmet }",
            "{ outcome: unmet, missing: [mode] }",
            "missing",
        ),
        (
            "{ outcome: unknown }",
            "{ outcome: unknown, high: 0.5 }",
            "high",
        ),
        (
            "{ outcome: unknown }",
            "{ outcome: unknown, degree: 0 }",
            "degree",
        ),
        (
            "{ outcome: not_applicable }",
            "{ outcome: not_applicable, evidence: [weeks] }",
            "evidence",
        ),
    ] {
        let book = evenhand_core::sample::book(&[("ethics/long-stay.md", from, to)]);
        let run = crate::ruletest::test(&book, |_| true);
        assert_eq!((run.failed(), run.passed()), (1, 3), "{to}");
        let results = run.rules.iter().flat_map(|rule| &rule.results);
        let found: Vec<&str> = results
            .flat_map(|result| &result.differences)
            .map(|found| found.what)
            .collect();
        assert_eq!(found, [what], "{to}");
    }
}

const PAGE: &str = "ethics/long-stay.md";

/// The small pack with these cases more, and what is wrong with them or comes out otherwise.
fn tried(cases: &str) -> (Vec<String>, Vec<String>) {
    let cases = format!("{cases}\n- name: online");
    let run = crate::ruletest::test(
        &evenhand_core::sample::book(&[(PAGE, "- name: online", &cases)]),
        |_| true,
    );
    let problems = run.problems.iter().map(ToString::to_string).collect();
    let results = run.rules.iter().flat_map(|rule| &rule.results);
    let tried = results
        .filter(|result| result.case.row.is_some())
        .map(|result| match result.differences.as_slice() {
            [] => result.case.name.clone(),
            [first, ..] => format!(
                "{} ✗ {}: {} ≠ {}",
                result.case.name, first.what, first.expected, first.found
            ),
        });
    (problems, tried.collect())
}

#[test]
fn each_row_of_a_table_is_a_case_with_a_name_and_a_place() {
    let (problems, rows) = tried(
        "- name: by weeks\n  given: { base: usual }\n  rows:\n    \
         - [weeks, expect.degree, expect.message]\n    \
         - [7, 0, Only 7]\n    \
         - [8, 0, ~]\n\
         - name: by both\n  given: { base: usual }\n  expect: { outcome: met }\n  rows:\n    \
         - [weeks, params.least, expect.outcome]\n    \
         - [5, 5, ~]\n    \
         - [~, 5, unknown]\n\
         - name: last of all\n  given: { base: usual, set: { weeks: 2 }, unset: [weeks] }\n  rows: [[weeks, expect.degree], [9, 1]]",
    );
    assert_eq!(problems, [""; 0]);
    assert_eq!(
        rows,
        [
            "by weeks: 7",
            "by weeks: 8 ✗ outcome: unmet ≠ met",
            "by both: weeks = 5, params.least = 5",
            "by both: weeks = not known, params.least = 5",
            "last of all: 9",
        ]
    );
    let book = evenhand_core::sample::book(&[(
        PAGE,
        "- name: online",
        "- name: by weeks\n  rows:\n    - [weeks, mode, expect.degree]\n    - [9, in_person, 1]\n- name: online",
    )]);
    let cases = crate::cases::cases(&book, &book.rules()[0]).unwrap();
    let row = cases.iter().find(|case| case.row.is_some()).unwrap();
    let (file, place) = row.place.clone().unwrap();
    assert_eq!(file, "small/ethics/long-stay.md");
    let line = book.rules()[0]
        .page
        .source
        .text()
        .lines()
        .nth(place.line - 1);
    assert_eq!(line, Some("    - [9, in_person, 1]"));
    assert_eq!(row.row.as_ref().unwrap().table, "by weeks");
    assert_eq!(row.proposal["weeks"], 9);
    // The case that has the table is no case besides its rows.
    assert!(cases.iter().all(|case| case.name != "by weeks"));
}

#[test]
fn everything_wrong_with_a_table_is_said_at_once_each_at_its_place() {
    let (problems, rows) = tried(
        "- name: by weeks\n  given: { base: usual }\n  rows:\n    \
         - [week, degree, params.lest, expect.degre, expect.outcome, 5, mode, mode]\n    \
         - [7, 0]\n\
         - name: bad cells\n  given: { base: usual }\n  rows:\n    \
         - [weeks, expect.outcome, expect.degree, expect.message]\n    \
         - [90, unmett, 2, 3]\n    \
         - [7, unmet]\n    \
         - [6, unmet, ~, ~]\n    \
         - [6, unmet, 0, ~]\n    \
         - [5, ~, ~, ~]\n\
         - name: no columns\n  rows: []\n\
         - name: no rows\n  rows: [[weeks]]\n\
         - name: sets nothing\n  rows: [[expect.degree], [1]]",
    );
    assert_eq!(rows, [""; 0]);
    let places: Vec<String> = problems
        .iter()
        .map(|problem| problem.replace("small/ethics/long-stay.md:", ""))
        .collect();
    assert_eq!(
        places,
        [
            "35:8: `week` is not a field of a proposal; expected a path such as `flows[0].weeks`; did you mean `weeks`?",
            "35:14: `degree` is not a field of a proposal; did you mean `expect.degree`?",
            "35:22: `lest` is not a parameter of this rule; did you mean `least`?",
            "35:35: `expect.degre` is nothing that a row can expect; expected expect.outcome, expect.degree, expect.low, \
             expect.high, expect.message, expect.unsaid; did you mean `expect.degree`?",
            "35:65: the name of a column is text; expected a path such as `flows[0].weeks`, `params.NAME` or `expect.degree`",
            "35:74: two columns are named `mode`",
            "36:7: the row has 2 cells; expected 8, one for each column",
            "41:12: `expect.outcome` is unmett; expected one of `met`, `partly`, `unmet`, `unknown`, `not_applicable`, `error`; \
             did you mean `unmet`?",
            "41:20: `expect.degree` is 2; expected a number between 0 and 1",
            "41:23: `expect.message` is 3; expected text",
            "42:7: the row has 2 cells; expected 4, one for each column",
            "41:8: `weeks` is 90; expected a whole number between 1 and 52",
            "41:7: the case does not say which `outcome` it expects",
            "44:7: two rows are `bad cells: 6`; take one of them out",
            "45:7: the case does not say which `outcome` it expects",
            "47:9: the table has no columns; expected a first row that names them, such as [weeks, expect.degree]",
            "49:9: the table has no row under the names of its columns",
            "51:10: no column of the table sets anything; expected a path such as `flows[0].weeks`, or `params.NAME`",
        ]
    );
}

#[test]
fn a_value_that_cannot_be_is_said_where_it_is_set() {
    let book = evenhand_core::sample::book(&[(PAGE, "set: { weeks: 2 }", "set: { weeks: 200 }")]);
    let run = crate::ruletest::test(&book, |_| true);
    let problem = &run.problems[0];
    let typed = book.rules()[0]
        .page
        .source
        .slice(problem.span.clone().unwrap());
    assert_eq!(typed, "200");
}

#[test]
fn what_a_rule_proposes_is_compared_as_a_whole() {
    for (remedy, differs) in [
        ("{ weeks: 8 }", None),
        ("{ weeks: 8.0001 }", None),
        ("{ weeks: 9 }", Some(("weeks = 9", "weeks = 8"))),
        ("{}", Some(("none", "weeks = 8"))),
        (
            "{ weeks: 8, mode: virtual }",
            Some(("mode = virtual, weeks = 8", "weeks = 8")),
        ),
    ] {
        let to = format!("{{ outcome: unmet, remedy: {remedy} }}");
        let run = crate::ruletest::test(
            &evenhand_core::sample::book(&[(PAGE, "{ outcome: unmet }", &to)]),
            |_| true,
        );
        assert!(run.problems.is_empty(), "{remedy}");
        let results = run.rules.iter().flat_map(|rule| &rule.results);
        let found: Vec<_> = results.flat_map(|result| &result.differences).collect();
        let found = found
            .first()
            .map(|found| (found.expected.as_str(), found.found.as_str()));
        assert_eq!(found, differs, "{remedy}");
    }
    let to = "{ outcome: unmet, remedy: { week: 8 } }";
    let run = crate::ruletest::test(
        &evenhand_core::sample::book(&[(PAGE, "{ outcome: unmet }", to)]),
        |_| true,
    );
    assert!(
        run.problems[0]
            .to_string()
            .contains("did you mean `weeks`?"),
        "{:?}",
        run.problems
    );
}

#[test]
fn a_message_can_be_said_to_leave_something_out() {
    for (unsaid, failed) in [("three", 0), ("Only", 1)] {
        let to = format!("{{ outcome: unmet, unsaid: {unsaid} }}");
        let run = crate::ruletest::test(
            &evenhand_core::sample::book(&[(PAGE, "{ outcome: unmet }", &to)]),
            |_| true,
        );
        assert_eq!(run.failed(), failed, "{unsaid}");
    }
}
