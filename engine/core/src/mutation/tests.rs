//! Cases that notice, and cases that do not.

use crate::lint::tests::book;

const PAGE: &str = "ethics/long-stay.md";

fn survivors(changes: &[(&str, &str, &str)]) -> Vec<String> {
    let run = book(changes).mutate(|_| true);
    assert_eq!(run.problems, []);
    assert_eq!(run.rules[0].tried, 6);
    let rule = run.rules.into_iter().next().unwrap();
    rule.survivors
        .into_iter()
        .map(|mutant| format!("{}:{}: {}", mutant.file, mutant.line, mutant.change))
        .collect()
}

const SHIFTED: [&str; 3] = [
    "small/ethics/long-stay.md:6: param.least: 8 becomes 9",
    "small/ethics/long-stay.md:6: param.least: 8 becomes 7",
    "small/ethics/long-stay.rhai:3: >= becomes > in: if program.weeks >= param.least { return met(\"{weeks} weeks\", #{ weeks: program.weeks }); }",
];

#[test]
fn a_threshold_that_no_case_touches_survives() {
    assert_eq!(survivors(&[]), SHIFTED);
}

#[test]
fn cases_on_both_sides_of_a_threshold_notice() {
    let cases = "- name: at the threshold\n  given: { base: usual, set: { weeks: 8 } }\n  expect: { outcome: met }\n\
                 - name: just below\n  given: { base: usual, set: { weeks: 7 } }\n  expect: { outcome: unmet }\n- name: online";
    assert_eq!(survivors(&[(PAGE, "- name: online", cases)]), [""; 0]);
}

#[test]
fn a_reason_explains_and_a_stale_one_is_reported() {
    let with = |change: &str| {
        let limits = format!("mutants: [{{ change: \"{change}\", reason: \"why\" }}]\nlimits:");
        book(&[(PAGE, "limits:", &limits)]).mutate(|_| true)
    };
    let run = with("param.least: 8 becomes 9");
    assert_eq!(run.problems, []);
    assert_eq!(run.rules[0].explained.len(), 1);
    assert_eq!(run.rules[0].survivors.len(), 2);
    let run = with("param.least: 8 becomes 80");
    assert!(run.problems[0].message.contains("does not survive"));
}

#[test]
fn cases_that_fail_anyway_tell_nothing() {
    let run = book(&[(PAGE, "outcome: unmet", "outcome: met")]).mutate(|_| true);
    assert!(run.rules.is_empty());
    assert!(
        run.problems[0]
            .message
            .contains("before anything is changed")
    );
}
