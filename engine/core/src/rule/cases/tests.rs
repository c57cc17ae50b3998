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
        let book = crate::lint::tests::book(&[("ethics/long-stay.md", from, to)]);
        let run = book.test(|_| true);
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
        let book = crate::lint::tests::book(&[("ethics/long-stay.md", from, to)]);
        let run = book.test(|_| true);
        assert_eq!((run.failed(), run.passed()), (1, 3), "{to}");
        let results = run.rules.iter().flat_map(|rule| &rule.results);
        let found: Vec<&str> = results
            .flat_map(|result| &result.differences)
            .map(|found| found.what)
            .collect();
        assert_eq!(found, [what], "{to}");
    }
}
