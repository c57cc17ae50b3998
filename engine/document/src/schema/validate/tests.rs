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
    "level": { "type": "string", "enum": ["clinical", "preclinical"], "x-labels": { "clinical": "On the wards" },
      "x-synonyms": { "clinical": ["clerkship", "años clínicos", "rotation"], "preclinical": ["first years", "rotation"] } },
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
    "cost": { "type": "number", "minimum": 0, "maximum": 1000000, "x-unit": "USD/year" },
    "airport": { "type": "string", "pattern": "^[A-Z]{3}$", "x-shape": "three capital letters", "examples": ["NBO"] },
    "covers": { "type": "array", "items": { "type": "string", "x-path": true } },
    "summary": { "type": "string" },
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
        "1:8: `title` has 1 character; expected between 2 and 8 characters",
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
        "1:5: `id` is `Nairobi`; expected text, such as `nairobi-2027`; write `nairobi`",
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

/// The problems with what they say, and the text after each fix.
fn fixed(text: &str, format: Format) -> Vec<(String, Option<String>)> {
    let schema = Document::parse("schema", SCHEMA.as_bytes(), Format::Json).unwrap();
    let schema = crate::schema::parse(&schema).unwrap();
    let document = Document::parse("p", text.as_bytes(), format).unwrap();
    let problems = validate(&schema, &document);
    problems
        .iter()
        .map(|problem| {
            (
                problem.to_string(),
                problem.fix.as_ref().map(|fix| fix.apply(text).unwrap()),
            )
        })
        .collect()
}

/// What people type in a field, and what the fix makes of it.
#[test]
fn what_people_type_becomes_what_was_meant() {
    for (typed, meant) in [
        ("level: clerkship\n", "level: clinical\n"),
        ("level: Clerkships # c\n", "level: clinical # c\n"),
        ("level: anos clinicos\n", "level: clinical\n"),
        ("level: clincal\n", "level: clinical\n"),
        ("level: \"On the Wards\"\n", "level: clinical\n"),
        ("level: tbd\n", "level: null\n"),
        ("weeks: TBD\n", "weeks: null\n"),
        ("weeks: n/a\n", "weeks: null\n"),
        ("on: to be decided\n", "on: null\n"),
        ("agreed: '?'\n", "agreed: null\n"),
        ("agreed: Sí\n", "agreed: true\n"),
        ("agreed: 0\n", "agreed: false\n"),
        ("weeks: 6 weeks\n", "weeks: 6\n"),
        ("weeks: 4,5\n", "weeks: 4.5\n"),
        ("share: 7.5 %\n", "share: 0.075\n"),
        ("share: 40\n", "share: 0.4\n"),
        ("cost: $6000\n", "cost: 6000\n"),
        ("cost: 1,234,567.5\n", ""),
        ("cost: 12 500\n", "cost: 12500\n"),
        ("on: 1 May 2026\n", "on: \"2026-05-01\"\n"),
        ("on: 2026/5/1\n", "on: \"2026-05-01\"\n"),
        ("airport: lhr\n", "airport: LHR\n"),
        ("airport: 'L\u{200b}HR'\n", "airport: LHR\n"),
        ("id: Umeå exchange\n", "id: umea-exchange\n"),
        ("id: 日本\n", ""),
        ("title: 007\n", "title: \"007\"\n"),
        ("topics: safety\n", "topics: [safety]\n"),
        ("topics: safety, ethics\n", "topics: [\"safety, ethics\"]\n"),
        (
            "topics:\n  – safety\n  – ethics\n",
            "topics:\n  - safety\n  - ethics\n",
        ),
        (
            "topics:\n  -safety\n  -ethics\n",
            "topics:\n  - safety\n  - ethics\n",
        ),
        ("flows: { duration: 1 }\n", "flows:\n  - duration: 1\n"),
        ("Weeks: 3\n", "weeks: 3\n"),
        ("titel: Ab\n", "title: Ab\n"),
        ("{weeks:3}\n", "{weeks: 3}\n"),
        ("motives:\n  a:1\n", "motives:\n  a: 1\n"),
        (
            "summary: Twelve\n  weeks:3\n",
            "summary: Twelve\n  weeks: 3\n",
        ),
        (
            "summary: Program #3 Blantyre\n",
            "summary: \"Program #3 Blantyre\"\n",
        ),
        ("covers: [motive.a]\n", "covers: [motives.a]\n"),
    ] {
        let found = fixed(typed, Format::Yaml);
        assert_eq!(found.len(), 1, "{typed}: {found:?}");
        assert_eq!(
            found[0].1.as_deref().unwrap_or_default(),
            meant,
            "{typed}: {found:?}"
        );
    }
    let found = fixed("weeks = \"tbd\"\nshare = 1\n", Format::Toml);
    assert_eq!(found[0].1.as_deref(), Some("share = 1\n"));
}

#[test]
fn both_ends_of_a_range_are_checked() {
    for (typed, said, meant) in [
        ("weeks: 8..6", "write `6..8`", Some("weeks: \"6..8\"")),
        ("weeks: [8, 6]", "write `6..8`", Some("weeks: \"6..8\"")),
        (
            "weeks: 6 to 8 weeks",
            "write `6..8`",
            Some("weeks: \"6..8\""),
        ),
        (
            "weeks: [6, 8, 9]",
            "a range is written with two dots: `20..25`",
            None,
        ),
        (
            "weeks: { from: 6 }",
            "a range is written with two dots: `20..25`",
            None,
        ),
    ] {
        let found = fixed(typed, Format::Yaml);
        assert_eq!(found.len(), 1, "{typed}: {found:?}");
        assert!(found[0].0.ends_with(said), "{typed}: {found:?}");
        assert_eq!(found[0].1.as_deref(), meant, "{typed}");
    }
    // Each end has a place and a problem of its own.
    assert_eq!(fixed("weeks: [-1, -2]", Format::Yaml).len(), 2);
}

#[test]
fn what_can_be_meant_in_two_ways_is_not_guessed() {
    for (typed, advice) in [
        ("cost: 6,000", "write 6000 or 6.0, whichever is meant"),
        (
            "cost: 6.000",
            "if 6000 is meant, write 6000; otherwise write 6",
        ),
        (
            "level: rotation",
            "did you mean one of `clinical`, `preclinical`?",
        ),
        ("level: cli", "expected one of `clinical`, `preclinical`"),
        ("cost: 500 €", "give it in USD/year"),
        (
            "on: 01/05/2026",
            "write 2026-05-01 or 2026-01-05, whichever is meant",
        ),
        ("credit: perhaps", "expected one of `yes`, `no`, `partly`"),
        ("covers: [hosts.needs]", "expected a path such as `counts`"),
    ] {
        let found = fixed(typed, Format::Yaml);
        assert_eq!(found.len(), 1, "{typed}: {found:?}");
        assert!(found[0].0.ends_with(advice), "{typed}: {found:?}");
        assert_eq!(found[0].1, None, "{typed}");
    }
    // A comment with a space, a note behind a number, texts in quotes or lines of their own are what they seem.
    for fine in [
        "summary: Program # three\n",
        "weeks: 3 #approx\n",
        "weeks: 6-8\n",
        "weeks: [6, 8]\n",
        "weeks: { from: 6, to: 8 }\n",
        "summary: 'Program #3'\n",
        "summary: |\n  weeks:3\n  – x #3\n",
        "summary: >-\n  a\n  weeks:3\n",
        "summary: at 10:30\n  or http://x.org\n",
        "ratio: 0.125\n",
        "share: 1.000\n",
        "covers: [flows, 'flows[0].from', 'partners[a].id', motives.a]\n",
    ] {
        assert_eq!(fixed(fine, Format::Yaml), [], "{fine}");
    }
}

/// Applying a fix removes its problem; what appears then is not of the text and not in what the fix wrote.
#[test]
fn a_fix_removes_its_problem_and_makes_no_other() {
    let collection = [
        "weeks: 99\ntitel: x\nagreed: 1\nflows:\n  - durations: 3\nlevel: rotation\n",
        "partners: [{ id: Umeå }, { id: b }]\nflows: [{ from: umea, duration: tbd }, { from: Umeå }]\n",
        "topics: [a, a, b]\ncounts: { a: 1 k, b: '2 %', c: 'n/a' }\n",
        "id: A b\nshare: '70%'\ncost: '1.234,5'\non: '2026.5.1'\ncredit: true\nlevel: On the wards\n",
        "{ \"share\": \"7 %\", \"agreed\": \"oui\", \"Title\": \"abc\", \"people\": \"3 persons\" }",
        "motives: { a: 0.5, b: '50 %' }\nsummary: x #y\nairport: lhr\ncovers: [motives.c, titles]\n",
    ];
    let schema = Document::parse("schema", SCHEMA.as_bytes(), Format::Json).unwrap();
    let schema = crate::schema::parse(&schema).unwrap();
    let check = |text: &str| {
        let document = Document::parse("p", text.as_bytes(), Format::Yaml).expect(text);
        validate(&schema, &document)
    };
    let mut fixes = 0;
    for text in collection {
        let before = check(text);
        let known: Vec<String> = before
            .iter()
            .map(|problem| problem.message.to_string())
            .collect();
        for problem in &before {
            assert!(problem.code().is_some(), "{problem}");
            let Some(fix) = &problem.fix else {
                assert!(
                    problem.suggestion.is_some() || problem.expected.is_some(),
                    "{problem}"
                );
                continue;
            };
            fixes += 1;
            let after = check(&fix.apply(text).unwrap());
            let written = fix.written();
            assert!(
                !after
                    .iter()
                    .any(|other| other.message == problem.message && other.path == problem.path),
                "{problem}"
            );
            for other in after
                .iter()
                .filter(|other| !known.contains(&other.message.to_string()))
            {
                let span = other.span.clone().unwrap();
                let apart = written
                    .iter()
                    .all(|wrote| span.end <= wrote.start || wrote.end <= span.start);
                assert!(apart, "{problem}\nmakes\n{other}");
            }
        }
    }
    assert!(fixes >= 20, "{fixes}");
}

#[test]
fn many_problems_are_counted_and_cost_no_time() {
    let items: Vec<String> = (0..20_000).map(|n| format!("\"k{n}\": \"x\"")).collect();
    let text = format!("{{ \"counts\": {{ {} }} }}", items.join(", "));
    let found = problems(&text);
    assert_eq!(found.len(), 51);
    assert!(
        found[0].starts_with("1:21: `counts.k0` is the text `x`"),
        "{}",
        found[0]
    );
    assert_eq!(found[50], " 19950 more problems are not shown");
}
