//! Slips are named where they are, and their fixes make the text readable.

use crate::document::{Document, Format};
use evenhand_diagnostic::problem::Problem;

fn refused(text: &str, format: Format) -> Vec<Problem> {
    Document::parse("p", text.as_bytes(), format).expect_err(text)
}

/// The slip's code and line, and the text with all fixes.
#[track_caller]
fn check(format: Format, text: &str, code: &str, line: usize, fixed: &str) {
    let problems = refused(text, format);
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems[0].code(), Some(code), "{text}\n{said:#?}");
    assert_eq!(
        problems[0].place.map(|place| place.line),
        Some(line),
        "{text}\n{said:#?}"
    );
    let mut edits = Vec::new();
    for problem in &problems {
        edits.extend(problem.fix.iter().flat_map(|fix| fix.edits.clone()));
    }
    let fix = evenhand_diagnostic::problem::Fix::new(edits);
    assert_eq!(fix.apply(text).as_deref(), Some(fixed), "{said:#?}");
    if fixed != text {
        assert!(
            Document::parse("p", fixed.as_bytes(), format).is_ok(),
            "{fixed}"
        );
    }
}

#[test]
fn slips_in_yaml_are_named_where_they_are() {
    for (text, code, line, fixed) in [
        (
            "a:\n\u{a0} \u{a0} b: 1\n",
            "invisible-character",
            2,
            "a:\n    b: 1\n",
        ),
        (
            "a:\n  - b\n\u{a0} - c\n",
            "invisible-character",
            3,
            "a:\n  - b\n  - c\n",
        ),
        (
            "a: 1\n\u{200b}b: 1\n",
            "invisible-character",
            2,
            "a: 1\nb: 1\n",
        ),
        (
            "l:\n  – { a: 1 }\n  – { a: 2 }\n",
            "dash-of-word-processor",
            2,
            "l:\n  - { a: 1 }\n  - { a: 2 }\n",
        ),
        (
            "l:\n  • a: 1\n    b: 2\n",
            "dash-of-word-processor",
            2,
            "l:\n  - a: 1\n    b: 2\n",
        ),
        (
            "h:\n  a: none\n  b:c\n  d: 1\n",
            "no-space-after-colon",
            3,
            "h:\n  a: none\n  b: c\n  d: 1\n",
        ),
        (
            "a:\n  - { b: 1, c: 2\n  - { b: 3 }\nd: 1\n",
            "unclosed-bracket",
            2,
            "a:\n  - { b: 1, c: 2 }\n  - { b: 3 }\nd: 1\n",
        ),
        (
            "a: [x, [y # why\nb: 1\n",
            "unclosed-bracket",
            1,
            "a: [x, [y ] ] # why\nb: 1\n",
        ),
        (
            "a: > 3 weeks # long\nb: 1\n",
            "text-needs-quotes",
            1,
            "a: \"> 3 weeks\" # long\nb: 1\n",
        ),
        (
            "a: Nursing: a course\n",
            "text-needs-quotes",
            1,
            "a: \"Nursing: a course\"\n",
        ),
        ("a: @home\n", "text-needs-quotes", 1, "a: \"@home\"\n"),
        ("h: { a: 0,5 }\n", "decimal-comma", 1, "h: { a: 0.5 }\n"),
        ("h: { a: 6,000 }\n", "decimal-comma", 1, "h: { a: 6,000 }\n"),
    ] {
        check(Format::Yaml, text, code, line, fixed);
    }
}

#[test]
fn slips_in_json_and_toml_are_named_where_they_are() {
    for (format, text, code, line, fixed) in [
        (
            Format::Json,
            "{\"a\": True,\n \"b\": None}",
            "word-of-another-language",
            1,
            "{\"a\": true,\n \"b\": null}",
        ),
        (
            Format::Json,
            "{“a”: “x”,\n “b”: 1}",
            "curly-quotes",
            1,
            "{\"a\": \"x\",\n \"b\": 1}",
        ),
        (
            Format::Json,
            "{\u{200b}\"a\": 1}",
            "invisible-character",
            1,
            "{\"a\": 1}",
        ),
        (
            Format::Json,
            "{\"a\": 0,5}",
            "decimal-comma",
            1,
            "{\"a\": 0.5}",
        ),
        (Format::Toml, "a = “x”\n", "curly-quotes", 1, "a = \"x\"\n"),
        (
            Format::Toml,
            "a = True\n",
            "word-of-another-language",
            1,
            "a = true\n",
        ),
        (
            Format::Toml,
            "a: 1\nb = 2\n",
            "colon-for-equals",
            1,
            "a = 1\nb = 2\n",
        ),
    ] {
        check(format, text, code, line, fixed);
    }
}

#[test]
fn an_unresolved_merge_is_told_alone() {
    let text = "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n";
    for format in [Format::Yaml, Format::Json, Format::Toml] {
        let problems = refused(text, format);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].code(), Some("unresolved-merge"));
        assert!(
            problems[0].message.starts_with("lines 2 to 6 hold"),
            "{}",
            problems[0]
        );
    }
    assert!(Document::parse("p", b"a: |\n  x\n  =======\n", Format::Yaml).is_ok());
}

#[test]
fn two_slips_of_different_kinds_come_at_once() {
    let text = "a: > 3\nh:\n  – x\n  – y: [1\nb: 1\n";
    let codes: Vec<_> = refused(text, Format::Yaml)
        .iter()
        .filter_map(Problem::code)
        .collect();
    assert_eq!(
        codes,
        [
            "text-needs-quotes",
            "dash-of-word-processor",
            "dash-of-word-processor",
            "unclosed-bracket"
        ]
    );
}

#[test]
fn one_number_is_one_value() {
    for (text, value) in [
        ("a: -0.0\n", "0"),
        ("a: 0\n", "0"),
        ("a: 6.0\n", "6"),
        ("a: 1e3\n", "1000"),
        ("a: 0.50\n", "0.5"),
    ] {
        let document = Document::parse("p", text.as_bytes(), Format::Yaml).unwrap();
        assert_eq!(document.value()["a"].to_string(), value, "{text}");
    }
}
