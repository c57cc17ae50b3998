//! Rules over ranges, against every value in them.

use crate::document::{Document, Format};
use crate::finding::{Finding, Outcome};
use crate::rulebook::Rulebook;
use crate::sample::scripted;
use proptest::prelude::*;
use serde_json::{Value, json};

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "n": { "type": "integer", "minimum": 0, "maximum": 40 },
  "x": { "type": "number", "minimum": 0, "maximum": 40 },
  "y": { "type": "number", "minimum": 0, "maximum": 40 },
  "agreed": { "type": "boolean" },
  "title": { "type": "string" },
  "year": { "type": "integer", "x-range": "no" },
  "groups": { "type": "array", "items": { "type": "object", "additionalProperties": false, "properties": {
    "people": { "type": "integer", "minimum": 0 }, "weeks": { "type": "number", "minimum": 0 } } } } } }"#;

fn rulebook(script: &str) -> Rulebook {
    let book = scripted(SCHEMA, script);
    assert!(book.broken().is_empty(), "{script}: {:?}", book.broken());
    book
}

fn judged(book: &Rulebook, proposal: &Value) -> Finding {
    let text = proposal.to_string();
    let proposal = Document::parse("p", text.as_bytes(), Format::Json).unwrap();
    assert_eq!(book.check_document(&proposal), [], "{text}");
    book.evaluate(&proposal).findings.remove(0)
}

#[track_caller]
fn check(script: &str, proposal: &Value, expected: (Outcome, f64, f64), waits: [&[&str]; 2]) {
    let found = judged(&rulebook(script), proposal);
    let names = |paths: &[crate::pointer::Pointer]| -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        (
            (found.outcome, found.degree.low, found.degree.high),
            [names(&found.missing), names(&found.imprecise)]
        ),
        (
            expected,
            waits.map(|names| names.iter().map(|one| (*one).to_owned()).collect())
        ),
        "{script}\n{proposal}\n{:?}",
        found.error
    );
}

const LONG: &str =
    r#"ramp(program.x, #{ full: 20, zero: 10 }, "Stays of {weeks} weeks", #{ weeks: program.x })"#;

#[test]
fn a_range_gives_every_degree_between_its_ends() {
    use Outcome::{Met, Partly, Unknown, Unmet};
    let x = |range: &str| json!({ "x": range });
    check(LONG, &x("12..14"), (Unknown, 0.2, 0.4), [&[], &["x"]]);
    check(LONG, &x("20..30"), (Met, 1.0, 1.0), [&[], &[]]);
    check(LONG, &x("2..9"), (Unmet, 0.0, 0.0), [&[], &[]]);
    check(LONG, &x("12..12"), (Partly, 0.2, 0.2), [&[], &[]]);
    let found = judged(&rulebook(LONG), &x("12..14"));
    assert_eq!(found.message.text(), "Stays of 12–14 weeks");
    assert_eq!(found.evidence[0].value, json!({ "from": 12, "to": 14 }));
}

#[test]
fn a_comparison_that_is_not_certain_is_tried_both_ways() {
    use Outcome::{Partly, Unknown, Unmet};
    let steps = r#"if program.n < 4 { unmet("Few") } else if program.n < 8 { partly(0.5, "Some") } else { met("Many") }"#;
    let n = |from: u8, to: u8| json!({ "n": [from, to] });
    check(steps, &n(1, 3), (Unmet, 0.0, 0.0), [&[], &[]]);
    check(steps, &n(4, 7), (Partly, 0.5, 0.5), [&[], &[]]);
    check(steps, &n(5, 9), (Unknown, 0.5, 1.0), [&[], &["n"]]);
    check(steps, &n(1, 9), (Unknown, 0.0, 1.0), [&[], &["n"]]);
    // The number is narrowed in each branch, also where it was read before.
    let narrowed =
        r#"let n = program.n; if n < 5 { partly(0.4, "") } else { partly(min(1.0, 0.1 * n), "") }"#;
    check(narrowed, &n(3, 7), (Unknown, 0.4, 0.1 * 7.0), [&[], &["n"]]);
    let same = r#"if program.n < 5 { partly(0.4, "Few") } else { partly(0.4, "Many") }"#;
    let found = judged(&rulebook(same), &n(3, 7));
    assert_eq!((found.outcome, found.degree.low), (Partly, 0.4));
    assert_eq!(
        found.message.text(),
        "Whatever the exact number, this comes out the same; known as a range: n"
    );
}

#[test]
fn what_is_missing_and_what_is_a_range_are_named_apart() {
    use Outcome::{Met, Partly, Unknown};
    let both = r#"if program.agreed { partly(0.9, "") } else if program.n > 5 { partly(0.5, "") } else { partly(0.2, "") }"#;
    let open = json!({ "n": [3, 7] });
    check(both, &open, (Unknown, 0.2, 0.9), [&["agreed"], &["n"]]);
    let agreed = json!({ "n": [3, 7], "agreed": true });
    check(both, &agreed, (Partly, 0.9, 0.9), [&[], &[]]);
    let either = r#"if program.agreed || program.n > 2 { met("") } else { unmet("") }"#;
    check(either, &open, (Met, 1.0, 1.0), [&[], &[]]);
}

#[test]
fn what_needs_one_number_waits() {
    for script in [
        r#"switch program.x { 3 => met(""), _ => unmet("") }"#,
        r#"partly((program.x % 2) / 2, "")"#,
        r#"if `${program.x}` == "3" { met("") } else { unmet("") }"#,
        r#"if program.x in [3, 4] { met("") } else { unmet("") }"#,
        r#"partly(1 / (program.x - 5), "")"#,
        r#"partly(program.x / 5, "")"#,
    ] {
        let x = json!({ "x": [3, 7] });
        check(script, &x, (Outcome::Unknown, 0.0, 1.0), [&[], &["x"]]);
    }
}

#[test]
fn there_is_an_end_to_ranges_that_are_compared() {
    let many = r#"let points = 0.0;
        for group in program.groups { if group.weeks > 4 { points += 0.1; } }
        partly(points, "")"#;
    let groups = |count: usize| {
        let groups: Vec<Value> = (0..count).map(|_| json!({ "weeks": [3, 5] })).collect();
        json!({ "groups": groups })
    };
    let low_and_high = |count| {
        let degree = judged(&rulebook(many), &groups(count)).degree;
        (degree.low, degree.high)
    };
    assert_eq!(low_and_high(3), (0.0, 0.1 + 0.1 + 0.1));
    assert_eq!(low_and_high(7), (0.0, 1.0));
}

/// Scripts; and whether what comes out of a range equals what comes out of the values in it, since the number is read once and
/// every operation rises or falls throughout.
const SCRIPTS: &[(&str, bool)] = &[
    (LONG, true),
    (r#"ramp(program.x, #{ full: 5, zero: 25 }, "")"#, true),
    (
        r#"partly(max(0.0, min(1.0, (program.x - 8) / 20)), "")"#,
        true,
    ),
    (r#"partly(min(1.0, round(program.x / 4) / 10), "")"#, true),
    (r#"partly(floor(program.n / 7) / 10, "")"#, true),
    (
        r#"if program.n >= 12 { met("") } else { partly(0.3, "") }"#,
        true,
    ),
    (
        r#"curve(program.x, [[0, 0], [10, 1], [20, 0.2], [30, 0.6]], "")"#,
        false,
    ),
    (
        r#"curve(program.x * program.y / 20, [[0, 0], [10, 0.7], [50, 1]], "")"#,
        false,
    ),
    (
        r#"partly(share(program.x, program.x + program.y + 1), "")"#,
        false,
    ),
    (
        r#"if program.x > program.y { partly(0.2, "") } else if program.x == program.n { met("") } else { partly(0.6, "") }"#,
        false,
    ),
    (
        r#"if program.x != 12 && !(program.n < 10) { met("") } else { ramp(program.x - program.y, #{ full: 20, zero: 0 }, "") }"#,
        false,
    ),
    (
        r#"if program.n == 7 { met("") } else if program.n <= 7 { partly(0.1, "") } else { partly(0.2, "") }"#,
        false,
    ),
    (
        r#"let t = [program.x, program.y, program.n].sum(); partly(t / (t + 10), "")"#,
        false,
    ),
    (
        r#"let m = [program.x, program.y, 4].mean(); if m > 9 { ramp(m, #{ full: 40, zero: 9 }, "") } else { unmet("") }"#,
        false,
    ),
    (
        r#"partly(min(program.x, program.y) / max(program.x, max(program.y, 30)), "")"#,
        false,
    ),
    (
        r#"partly([program.x, program.y, program.n].count(|v| v > 11) / 3, "")"#,
        false,
    ),
    (
        r#"if program.x > 20 || program.agreed { met("") } else { ramp(abs(program.x - program.y), #{ full: 0, zero: 15 }, "") }"#,
        false,
    ),
    (
        r#"fn applies(program, param) { program.n > 5 }
        fn check(program, param) { if program.agreed { ramp(program.n, #{ full: 15, zero: 5 }, "") } else { partly(1 / program.n, "") } }"#,
        false,
    ),
    (
        r#"let t = -program.x; if t * t > 100 { partly(0.7, "") } else { partly(program.x * program.x / 100, "") }"#,
        false,
    ),
    (
        r#"let part = program.groups.sum(|g| g.people * g.weeks); partly(part / (part + 3), "")"#,
        false,
    ),
    (
        r#"partly(program.groups.mean(|g| g.weeks, |g| g.people + 1) / 41, "")"#,
        false,
    ),
];

/// Values in a range: whole ones, halves, and those beside them, where scripts may change their mind.
fn samples((from, to): (u8, u8), whole: bool) -> Vec<f64> {
    let steps = if whole { 1_u32 } else { 2 };
    let count = u32::from(to - from) * steps;
    let at = |step: u32| f64::from(from) + f64::from(step) / f64::from(steps);
    let mut all: Vec<f64> = (0..=count).map(at).collect();
    if !whole {
        let beside = all.iter().flat_map(|at| [at.next_up(), at.next_down()]);
        let inside = beside.filter(|at| f64::from(from) < *at && *at < f64::from(to));
        let inside: Vec<f64> = inside.collect();
        all.extend(inside);
    }
    all
}

/// Whether what came out of a range holds what came out of one value in it.
fn contains(of: &Finding, one: &Finding) -> bool {
    let open = of.degree.low <= 0.0 && of.degree.high >= 1.0;
    if one.outcome == Outcome::NotApplicable {
        return of.outcome == Outcome::NotApplicable || open;
    }
    of.outcome != Outcome::NotApplicable
        && of.degree.low <= one.degree.low
        && of.degree.high >= one.degree.high
}

fn ends() -> impl Strategy<Value = (u8, u8)> {
    (0_u8..36, 0_u8..5).prop_map(|(from, width)| (from, from + width))
}

/// A proposal with two groups.
fn proposal(n: &Value, x: &Value, y: &Value, agreed: Option<bool>) -> Value {
    let groups = json!([{ "people": n, "weeks": x }, { "people": 3, "weeks": y }]);
    json!({ "n": n, "x": x, "y": y, "agreed": agreed, "groups": groups })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    /// Whatever a range gives holds what every value in it gives, and is no wider where the number is read once.
    #[test]
    fn a_range_holds_what_every_value_in_it_gives(
        (n, x, y) in (ends(), ends(), ends()),
        agreed in proptest::option::of(any::<bool>()),
        only in 0_usize..3,
        script in 0..SCRIPTS.len(),
    ) {
        let (script, exact) = SCRIPTS[script];
        let written = |index: usize, (from, to): (u8, u8)| {
            if index == only { json!(from) } else { json!([from, to]) }
        };
        let all = |index: usize, ends: (u8, u8)| {
            let one = if index == only { (ends.0, ends.0) } else { ends };
            samples(one, index == 0)
        };
        let book = rulebook(script);
        let ranged = proposal(&written(0, n), &written(1, x), &written(2, y), agreed);
        let found = judged(&book, &ranged);
        let mut hull: Option<(f64, f64)> = None;
        for a in all(0, n) {
            for b in all(1, x) {
                for c in all(2, y) {
                    let point = proposal(&json!(a), &json!(b), &json!(c), agreed);
                    let single = judged(&book, &point);
                    prop_assert!(contains(&found, &single), "{script}\n{ranged} {found:?}\n{point} {single:?}");
                    let (low, high) = hull.unwrap_or((1.0, 0.0));
                    hull = Some((low.min(single.degree.low), high.max(single.degree.high)));
                }
            }
        }
        if exact {
            prop_assert_eq!(hull, Some((found.degree.low, found.degree.high)), "{}\n{}", script, ranged);
        }
    }
}
