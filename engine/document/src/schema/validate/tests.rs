//! What is said of a proposal that does not fit.

use super::*;
use crate::document::Format;

const SCHEMA: &str = r#"{
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "title": { "type": "string", "minLength": 2, "maxLength": 8 },
    "id": { "type": "string", "pattern": "^[a-z-]+$", "examples": ["nairobi-2027"] },
    "on": { "type": "string", "format": "date" },
    "weeks": { "type": "number", "minimum": 0, "maximum": 52, "x-unit": "weeks" },
    "ratio": { "type": "number", "exclusiveMinimum": 0 },
    "people": { "type": "integer", "minimum": 1 },
    "share": { "type": "number", "minimum": 0, "maximum": 1 },
    "agreed": { "type": "boolean" },
    "level": { "type": "string", "enum": ["clinical", "preclinical"], "x-labels": { "clinical": "On the wards" } },
    "credit": { "type": "string", "enum": ["yes", "no", "partly"] },
    "topics": { "type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 3, "items": { "type": "string" } },
    "partners": {
      "type": "array",
      "x-unique": "id",
      "items": { "type": "object", "additionalProperties": false, "properties": { "id": { "type": "string" } } }
    },
    "flows": {
      "type": "array",
      "items": { "type": "object", "additionalProperties": false, "properties": {
        "from": { "type": "string", "x-ref": "partners[].id" },
        "duration": { "type": "number" }
      } }
    },
    "motives": {
      "type": "object",
      "x-sum": { "of": ["a", "b"], "is": 1, "within": 0.05 },
      "properties": { "a": { "type": "number" }, "b": { "type": "number" } }
    },
    "counts": { "type": "object", "additionalProperties": { "type": "number" } }
  }
}"#;

/// The problems of a proposal, each as `line:column: message; expected …; suggestion`.
fn problems(yaml: &str) -> Vec<String> {
    let schema = Document::parse("schema", SCHEMA.as_bytes(), Format::Json).unwrap();
    let schema = crate::schema::parse(&schema).unwrap();
    let document = Document::parse("p", yaml.as_bytes(), Format::Yaml).unwrap();
    validate(&schema, &document)
        .iter()
        .map(|problem| problem.to_string().trim_start_matches("p:").to_owned())
        .collect()
}

#[track_caller]
fn check(yaml: &str, expected: &str) {
    assert_eq!(problems(yaml), [expected], "{yaml}");
}

#[test]
fn what_fits_has_no_problem() {
    for yaml in [
        "{}",
        "{ title: null, weeks: null, level: null, topics: null, flows: [null], motives: { a: null, b: 7 } }",
        "{ title: Ñandú!, id: a-b, on: 2028-02-29, weeks: 52, ratio: 0.001, people: 1, share: 1, agreed: false }",
        "{ weeks: 0, people: 3.0, level: clinical, credit: 'no', topics: [a, b, c], counts: { anything: 3 } }",
        "{ partners: [{ id: a }, { id: b }, {}, {}], flows: [{ from: b }, {}] }",
        "{ motives: { a: 0.52, b: 0.5 } }",
    ] {
        assert_eq!(problems(yaml), [""; 0], "{yaml}");
    }
}

#[test]
fn bounds_are_named_with_their_unit() {
    check(
        "weeks: 53",
        "1:8: `weeks` is 53; expected a number between 0 and 52 (weeks)",
    );
    check(
        "weeks: -0.5",
        "1:8: `weeks` is -0.5; expected a number between 0 and 52 (weeks)",
    );
    check("ratio: 0", "1:8: `ratio` is 0; expected a number above 0");
    check(
        "people: 0",
        "1:9: `people` is 0; expected a whole number of 1 or more",
    );
    check(
        "people: 1.5",
        "1:9: `people` is 1.5; expected a whole number",
    );
    check(
        "title: A",
        "1:8: `title` has 1 characters; expected between 2 and 8 characters",
    );
    check(
        "topics: []",
        "1:9: `topics` has 0 entries; expected between 1 and 3 entries",
    );
}

#[test]
fn what_was_probably_meant_is_said() {
    check(
        "share: 40",
        "1:8: `share` is 40; expected a number between 0 and 1; if 40 % is meant, write 0.4",
    );
    check(
        "share: \"40 %\"",
        "1:8: `share` is the text `40 %`; expected a number between 0 and 1; write 0.4",
    );
    check(
        "weeks: \"4,5\"",
        "1:8: `weeks` is the text `4,5`; expected a number between 0 and 52 (weeks); write 4.5 without quotes",
    );
    check(
        "agreed: \"yes\"",
        "1:9: `agreed` is the text `yes`; expected `true` or `false`; write `true`, without quotes",
    );
    check(
        "agreed: perhaps",
        "1:9: `agreed` is the text `perhaps`; expected `true` or `false`; leave it out if it is not known yet",
    );
    check(
        "credit: true",
        "1:9: `credit` is `true` (yes or no); expected one of `yes`, `no`, `partly`; write \"yes\" in quotes",
    );
    check(
        "level: Clinical",
        "1:8: `level` is `Clinical`; expected one of `clinical`, `preclinical`; did you mean `clinical` (On the wards)?",
    );
    check(
        "level: on the wards",
        "1:8: `level` is `on the wards`; expected one of `clinical`, `preclinical`; did you mean `clinical` (On the wards)?",
    );
    check(
        "titel: x",
        "1:1: `titel` is not a field of this file; did you mean `title`?",
    );
    // The right field in the wrong place.
    check(
        "duration: 3",
        "1:1: `duration` is not a field of this file; did you mean `flows[].duration`?",
    );
    check(
        "topics: safety",
        "1:9: `topics` is the text `safety`; expected a list; write it as a list, one entry a line after `- `",
    );
    check(
        "title: 20",
        "1:8: `title` is the number 20; expected text; write \"20\" in quotes",
    );
    check(
        "id: Nairobi",
        "1:5: `id` is `Nairobi`; expected text, such as `nairobi-2027`",
    );
}

#[test]
fn sums_keys_and_references_hold_together() {
    check(
        "motives: { a: 0.5, b: 0.6 }",
        "1:10: `a`, `b` add up to 1.1; expected a total of 1 (within 0.05)",
    );
    check(
        "topics: [a, b, a]",
        "1:16: `a` stands twice in `topics`, as number 1 and number 3; expected each only once",
    );
    check(
        "{ partners: [{ id: a }, { id: a }] }",
        "1:31: `a` stands twice in `partners`, as number 1 and number 2; expected each only once",
    );
    check(
        "{ partners: [{ id: ume }], flows: [{ from: umea }] }",
        "1:44: `flows[0].from` is `umea`, which is no `partners[].id`; expected one of `ume`; did you mean `ume`?",
    );
    check(
        "flows: [{ from: a }]",
        "1:17: `flows[0].from` is `a`, which is no `partners[].id`; expected one of `partners[].id`, of which there are none",
    );
    check(
        "counts: { a: b }",
        "1:14: `counts.a` is the text `b`; expected a number",
    );
}

#[test]
fn every_problem_comes_at_once_in_the_order_of_the_document() {
    let found = problems("weeks: 99\ntitel: x\nagreed: 1\nflows:\n  - durations: 3\n");
    let lines: Vec<&str> = found
        .iter()
        .map(|text| text.split(':').next().unwrap())
        .collect();
    assert_eq!(lines, ["1", "2", "3", "5"]);
}

#[test]
fn dates_are_those_of_the_calendar() {
    for (text, real) in [
        ("2026-05-01", true),
        ("2024-02-29", true),
        ("2000-02-29", true),
        ("1900-02-29", false),
        ("2026-02-29", false),
        ("2026-04-31", false),
        ("2026-13-01", false),
        ("2026-00-10", false),
        ("2026-01-00", false),
        ("2026-1-1", false),
        ("26-01-01", false),
        ("2026/01/01", false),
        ("2026-01-01T00:00", false),
        ("", false),
        ("２０２６-01-01", false),
    ] {
        assert_eq!(is_date(text), real, "{text}");
    }
}
