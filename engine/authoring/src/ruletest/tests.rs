//! What cases reach of a script.

use evenhand_core::sample::book;

const RULE: &str = "ethics/long-stay.rhai";

#[test]
fn cases_that_reach_everything_leave_no_line_open() {
    let run = crate::ruletest::test(&book(&[]), |_| true);
    assert_eq!((run.passed(), run.failed()), (4, 0));
    assert_eq!((run.coverage(), run.line_coverage()), (100, 100));
    assert_eq!(run.rules[0].lines, [1, 3, 4, 6].into());
}

#[test]
fn a_branch_that_no_case_enters_is_open() {
    let run = crate::ruletest::test(
        &book(&[(
            RULE,
            "fn check(program, param) {",
            "fn check(program, param) {\n    if program.weeks > 50 {\n        return met();\n    }",
        )]),
        |_| true,
    );
    assert_eq!(run.failed(), 0);
    assert_eq!(run.rules[0].unreached_lines, [4].into());
    assert_eq!(run.line_coverage(), 83);
}

#[test]
fn a_closure_that_is_never_called_is_open() {
    let run = crate::ruletest::test(
        &book(&[(
            RULE,
            "fn check(program, param) {",
            "fn check(program, param) {\n    let none = [].map(|x| {\n        x + 1\n    });",
        )]),
        |_| true,
    );
    assert_eq!(run.failed(), 0);
    assert_eq!(run.rules[0].unreached_lines, [4].into());
}
