use crate::mutation::mutate;
use crate::ruletest::test;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::sample::{PAGE, book};

/// The small pack, in which a form judges.
fn with(form: &str, cases: &str) -> Rulebook {
    let (front, rest) = PAGE.split_once("limits:").unwrap();
    let front = front.replace(
        "params:\n  least: { default: 8, basis: default, about: \"Weeks that count in full\" }\n",
        "",
    );
    let (before, _) = rest.split_once("```yaml").unwrap();
    let page = format!("{front}{form}\nlimits:{before}```yaml\n{cases}\n```\n");
    let schema = r#"{ "type": "object", "additionalProperties": false, "properties": {
      "weeks": { "type": "number", "minimum": 1, "maximum": 52, "title": "Weeks" },
      "insured": { "type": "boolean", "title": "Insured" },
      "mode": { "enum": ["virtual", "in_person"], "title": "Mode" } } }"#;
    let book = book(&[
        ("schema.json", "", schema),
        ("ethics/long-stay.md", "", &page),
        ("ethics/long-stay.rhai", "", ""),
    ]);
    let broken: Vec<String> = book
        .broken()
        .iter()
        .flat_map(|rule| rule.problems.iter().map(ToString::to_string))
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
    book
}

const FORM: &str =
    "applies: { mode: in_person }\njudge: { number: { of: weeks, full: 8, zero: 2 } }";

#[test]
fn what_no_case_notices_is_named_by_its_place_on_the_page() {
    let book = with(
        FORM,
        "- { name: long, given: { base: usual, set: { weeks: 9 } }, expect: { outcome: met } }",
    );
    let run = mutate(&book, |_| true);
    assert!(run.problems.is_empty(), "{:?}", run.problems);
    let rule = &run.rules[0];
    let left: Vec<String> = rule
        .survivors
        .iter()
        .map(|mutant| format!("{}:{} {}", mutant.file, mutant.line, mutant.change))
        .collect();
    assert_eq!(
        left,
        [
            "small/ethics/long-stay.md:5 applies is left out",
            "small/ethics/long-stay.md:6 judge.number.full: 8 becomes 9",
            "small/ethics/long-stay.md:6 judge.number.full: 8 becomes 7",
            "small/ethics/long-stay.md:6 judge.number.zero: 2 becomes 3",
            "small/ethics/long-stay.md:6 judge.number.zero: 2 becomes 1",
        ]
    );
    // The condition is the only one that is noticed: another value is another answer.
    assert_eq!(rule.tried, 5);
}

#[test]
fn cases_for_every_end_leave_nothing() {
    let cases = "- { name: long, given: { base: usual, set: { weeks: 8 } }, expect: { degree: 1 } }
- { name: nearly, given: { base: usual, set: { weeks: 7.4 } }, expect: { degree: 0.9 } }
- { name: short, given: { base: usual, set: { weeks: 2.6 } }, expect: { degree: 0.1 } }
- { name: too short, given: { base: usual, set: { weeks: 2 } }, expect: { degree: 0, remedy: { weeks: 8 } } }
- { name: online, given: { base: usual, set: { mode: virtual } }, expect: { outcome: not_applicable } }
- { name: open, given: { base: usual, unset: [weeks] }, expect: { outcome: unknown, missing: [weeks] } }";
    let book = with(FORM, cases);
    let run = mutate(&book, |_| true);
    assert!(run.problems.is_empty(), "{:?}", run.problems);
    assert_eq!(run.rules[0].survivors, []);
    let run = test(&book, |_| true);
    assert_eq!(
        (run.failed(), run.coverage(), run.line_coverage()),
        (0, 100, 100)
    );
}

#[test]
fn outcomes_and_lines_that_no_case_reaches_are_those_of_the_page() {
    let form = "judge:\n  first:\n    - { if: { mode: virtual }, then: 1, say: Online }\n    - { if: { weeks: { at_least: 8 } }, then: 0.5, say: Long }\n    - { else: 0, say: Short }\nremedy: none";
    let book = with(
        form,
        "- { name: long, given: { base: usual }, expect: { degree: 0.5 } }",
    );
    let run = test(&book, |_| true);
    let rule = &run.rules[0];
    let words: Vec<&str> = rule
        .unreached
        .iter()
        .map(|outcome| outcome.word())
        .collect();
    assert_eq!(words, ["met", "unmet", "unknown"]);
    assert_eq!(rule.unreached_lines, [7, 9].into());
    let mutants = mutate(&book, |_| true);
    let left: Vec<&str> = mutants.rules[0]
        .survivors
        .iter()
        .map(|mutant| mutant.change.as_str())
        .collect();
    assert!(left.contains(&"judge.first[0] is left out"), "{left:?}");
    assert!(
        left.contains(&"judge.first[1].if.weeks.at_least becomes above"),
        "{left:?}"
    );
    assert!(!left.contains(&"judge.first[1] is left out"), "{left:?}");
}

#[test]
fn a_yes_or_no_is_tried_the_other_way_round() {
    let form = "judge:\n  yes_no: { of: insured }";
    let open = "- { name: open, given: { base: usual }, expect: { outcome: unknown, missing: [insured] } }";
    let yes =
        "- { name: yes, given: { base: usual, set: { insured: true } }, expect: { outcome: met } }";
    for (cases, left) in [(open.to_owned(), 1), (format!("{open}\n{yes}"), 0)] {
        let run = mutate(&with(form, &cases), |_| true);
        assert!(run.problems.is_empty(), "{:?}", run.problems);
        let rule = &run.rules[0];
        assert_eq!((rule.tried, rule.survivors.len()), (1, left), "{cases}");
        for mutant in &rule.survivors {
            assert_eq!(mutant.change, "judge.yes_no: yes and no change places");
        }
    }
}
