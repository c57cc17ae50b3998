//! Cases that notice, and cases that do not.

use evenhand_core::sample::book;

const PAGE: &str = "ethics/long-stay.md";

fn survivors(changes: &[(&str, &str, &str)]) -> Vec<String> {
    let run = crate::mutation::mutate(&book(changes), |_| true);
    assert_eq!(run.problems, []);
    assert_eq!(run.rules[0].tried, 7);
    let rule = run.rules.into_iter().next().unwrap();
    rule.survivors
        .into_iter()
        .map(|mutant| format!("{}:{}: {}", mutant.file, mutant.line, mutant.change))
        .collect()
}

const SHIFTED: [&str; 4] = [
    "small/ethics/long-stay.md:6: param.least: 8 becomes 9",
    "small/ethics/long-stay.md:6: param.least: 8 becomes 7",
    "small/ethics/long-stay.rhai:3: >= becomes > in: if program.weeks >= param.least { return met(\"{weeks} weeks\", #{ weeks: program.weeks }); }",
    LEFT_OUT,
];

const LEFT_OUT: &str = "small/ethics/long-stay.rhai:6: set(\"weeks\", param.least) is left out in: fn remedy(program, param) { [set(\"weeks\", param.least)] }";

#[test]
fn a_threshold_that_no_case_touches_survives() {
    assert_eq!(survivors(&[]), SHIFTED);
}

#[test]
fn cases_on_both_sides_of_a_threshold_notice() {
    let cases = "- name: at the threshold\n  given: { base: usual, set: { weeks: 8 } }\n  expect: { outcome: met }\n\
                 - name: just below\n  given: { base: usual, set: { weeks: 7 } }\n  expect: { outcome: unmet }\n- name: online";
    assert_eq!(survivors(&[(PAGE, "- name: online", cases)]), [LEFT_OUT]);
}

#[test]
fn a_case_that_states_what_is_proposed_notices_when_it_is_not() {
    let stated = "{ outcome: unmet, remedy: { weeks: 8 } }";
    let left = survivors(&[(PAGE, "{ outcome: unmet }", stated)]);
    // The parameter is what is proposed, too.
    assert_eq!(left, SHIFTED[2..3]);
}

/// The changes to a rule with this function in its script, each as its words.
fn changed(function: &str) -> Vec<String> {
    let script = format!("fn applies(program, param) {{ true }}\n{function}");
    let book = book(&[
        ("ethics/other.rhai", "", &script),
        ("ethics/other.md", "", OTHER),
    ]);
    let rules = book.rules().iter();
    let rule = rules
        .into_iter()
        .find(|rule| rule.page.id == "ethics/other");
    let all = super::changes::changes(rule.unwrap()).into_iter();
    all.map(|(mutant, _)| mutant.change)
        .filter(|change| !change.starts_with("true"))
        .map(|change| change.split(" in: ").next().unwrap().to_owned())
        .collect()
}

const OTHER: &str = "---\ntitle: Other\nseverity: minor\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n";

#[test]
fn a_step_is_in_proportion_to_the_number() {
    for (number, next) in [
        ("0", "1"),
        ("0.5", "0.6"),
        ("1.0", "1.1"),
        ("1", "2"),
        ("1.5", "2.5"),
        ("26", "27"),
        ("99", "100"),
        ("100", "110"),
        ("250", "260"),
        ("1000", "1100"),
        ("40_000", "41000"),
    ] {
        let function = format!("fn check(program, param) {{ partly({number}, \"x\") }}");
        assert_eq!(changed(&function), [format!("{number} becomes {next}")]);
    }
}

#[test]
fn the_steps_of_a_parameter_go_both_ways() {
    for (default, steps) in [
        ("0.25", ["0.25 becomes 0.35", "0.25 becomes 0.15"]),
        ("0", ["0 becomes 0.1", "0 becomes -0.1"]),
        ("8", ["8 becomes 9", "8 becomes 7"]),
        ("2500", ["2500 becomes 2600", "2500 becomes 2400"]),
    ] {
        let run = book(&[(PAGE, "default: 8", &format!("default: {default}"))]);
        let all = super::changes::changes(&run.rules()[0]);
        let words: Vec<&str> = all
            .iter()
            .filter_map(|(mutant, _)| mutant.change.strip_prefix("param.least: "))
            .collect();
        assert_eq!(words, steps);
    }
}

#[test]
fn each_proposal_is_left_out_once() {
    let function = "fn check(program, param) { unmet(\"x\") }\n\
        fn remedy(program, param) {\n    let changes = [set(\"weeks\", 9), set(\"mode\",\n \"virtual\")];\n    \
        if program.weeks < 3 { changes.push(set(\"weeks\", f(2, 3))); }\n    changes\n}\nfn f(a, b) { a }";
    assert_eq!(
        changed(function),
        [
            "set(\"weeks\", 9), is left out",
            "9 becomes 10",
            ", set(\"mode\", \"virtual\") is left out",
            "program.weeks < 3 becomes true",
            "program.weeks < 3 becomes false",
            "< becomes <=",
            "3 becomes 4",
            "changes.push(set(\"weeks\", f(2, 3))); is left out",
            "2 becomes 3",
            "3 becomes 4",
        ]
    );
    // Not a proposal of its own: without it the function would give nothing at all.
    let mapped = "fn check(program, param) { unmet(\"x\") }\nfn remedy(program, param) { [1].map(|x| set(\"weeks\", x)) }";
    assert_eq!(changed(mapped), ["1 becomes 2"]);
}

#[test]
fn a_reason_explains_and_a_stale_one_is_reported() {
    let with = |change: &str| {
        let limits = format!("mutants: [{{ change: \"{change}\", reason: \"why\" }}]\nlimits:");
        crate::mutation::mutate(&book(&[(PAGE, "limits:", &limits)]), |_| true)
    };
    let run = with("param.least: 8 becomes 9");
    assert_eq!(run.problems, []);
    assert_eq!(run.rules[0].explained.len(), 1);
    assert_eq!(run.rules[0].survivors.len(), 3);
    let run = with("param.least: 8 becomes 80");
    assert!(run.problems[0].message.contains("does not survive"));
}

#[test]
fn cases_that_fail_anyway_tell_nothing() {
    let run = crate::mutation::mutate(&book(&[(PAGE, "outcome: unmet", "outcome: met")]), |_| true);
    assert!(run.rules.is_empty());
    assert!(
        run.problems[0]
            .message
            .contains("before anything is changed")
    );
}
