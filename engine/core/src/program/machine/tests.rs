//! What scripts give: each as the page for authors says it.

use crate::document::{Document, Format};
use crate::finding::{Finding, Outcome};
use crate::sample::scripted;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "weeks": { "type": "number" }, "level": { "type": "integer" }, "title": { "type": "string" },
  "agreed": { "type": "boolean" }, "signed": { "type": "boolean" },
  "mode": { "enum": ["virtual", "in_person"] },
  "host": { "type": "object", "properties": { "seats": { "type": "integer" } } },
  "flows": { "type": "array", "items": { "type": "object", "properties": {
    "weeks": { "type": "number" }, "who": { "type": "string" } } } },
  "others": { "type": "array", "items": { "type": "object", "properties": { "km": { "type": "number" } } } },
  "attestations": { "type": "array", "items": { "type": "object", "additionalProperties": true } } } }"#;

const WHOLE: &str = "{ weeks: 6, level: 4, title: A title, agreed: true, mode: virtual, host: { seats: 2 }, \
    flows: [{ weeks: 5, who: a }, { weeks: 2, who: b }, { weeks: 5, who: c }], others: [{ km: 1 }, { km: 2 }, { km: 3 }] }";

fn ask(script: &str, proposal: &str) -> Finding {
    let book = scripted(SCHEMA, script);
    let proposal = Document::parse("p", proposal.as_bytes(), Format::Yaml).unwrap();
    book.evaluate(&proposal).findings.remove(0)
}

/// What an expression comes to, as a message shows it.
#[track_caller]
fn gives(expression: &str, expected: &str) {
    let found = ask(&format!("met(\"{{x}}\", #{{ x: {expression} }})"), WHOLE);
    assert_eq!(found.error, None, "{expression}");
    assert_eq!(found.message.text(), expected, "{expression}");
}

/// Why an expression comes to nothing.
#[track_caller]
fn fails(expression: &str, why: &str) {
    let found = ask(&format!("met(\"{{x}}\", #{{ x: {expression} }})"), WHOLE);
    assert_eq!(found.outcome, Outcome::Error, "{expression}");
    let error = found.error.unwrap();
    assert!(error.contains(why), "{expression}: {error}");
    assert!(
        error.starts_with("small/ethics/long-stay.rhai:1:"),
        "{error}"
    );
}

#[test]
fn numbers_are_of_one_type() {
    gives(
        "switch program.level { 4 => \"four\", _ => \"other\" }",
        "four",
    );
    gives(
        "switch program.weeks { 1..6 => \"below\", 6..=7 => \"six\", _ => \"other\" }",
        "six",
    );
    gives(
        "switch program.weeks { 3 if program.agreed => 1, 6 if !program.agreed => 2, 6 if program.agreed => 3, _ => 4 }",
        "3",
    );
    gives("1 / 2", "0.5");
    gives("7 % 4 + 2 * 3 - -1", "10");
    gives("`${program.weeks} and ${1.5}`", "6 and 1.5");
    gives("[10, 20, 30][program.host.seats]", "30");
    gives("[10, 20, 30][-1]", "30");
    gives(
        "[round(2.5), floor(2.5), ceiling(2.5), abs(-2)]",
        "3, 2, 3, 2",
    );
    gives(
        "[min(1, 2), max(1, 2), [3, 1].min(), [3, 1].max()]",
        "1, 2, 1, 3",
    );
    fails(
        "1e308 * program.weeks * 10",
        "too large to be reckoned with",
    );
    fails("program.weeks / (program.weeks - 6)", "division by zero");
    fails(
        "[10, 20][program.weeks]",
        "the list has 2 elements, and no `[6]`",
    );
    fails("[10, 20][program.weeks - 7]", "no `[-1]`");
    fails("[10, 20][program.weeks / 4]", "no `[1.5]`");
}

#[test]
fn lists_are_put_in_order() {
    gives(
        "{ let a = [5, 2, 9, 1]; a.sort(|x, y| x - y); a }",
        "1, 2, 5, 9",
    );
    gives(
        "{ let a = [5, 2, 9, 1]; a.sort(|x, y| x > y); a }",
        "9, 5, 2, 1",
    );
    gives("{ let a = [5, 2, 9, 1]; a.sort(); a }", "1, 2, 5, 9");
    gives(
        "program.flows.order_by(|a, b| a.weeks - b.weeks).map(|flow| flow.who)",
        "b, a, c",
    );
    gives(
        "program.flows.order_by(|a, b| b.weeks - a.weeks).map(|flow| flow.who)",
        "a, c, b",
    );
    gives("[\"b\", \"a\"].order()", "a, b");
    gives("[3, 1, 3, 1].distinct()", "3, 1");
    gives("[[1], [], [2, 3]].flatten()", "1, 2, 3");
    gives("[[1, 2, 3].first(), [1, 2, 3].last()]", "1, 3");
    fails(
        "[2, 1].order_by(|a, b| a.no_such)",
        "a number has no field `no_such`",
    );
    fails(
        "[2, 1].order_by(|a, b| \"x\")",
        "what puts elements in order must be a number, not text",
    );
    fails("[2, \"a\"].order()", "cannot compare");
}

#[test]
fn lists_are_asked_and_changed() {
    gives("program.flows.filter(|flow| flow.weeks > 2).len()", "2");
    gives(
        "[program.flows.some(|flow| flow.weeks > 8), program.flows.all(|flow| flow.weeks > 1)]",
        "no, yes",
    );
    gives("[].all(|x| x, false)", "no");
    gives("[].all(|x| x, true)", "yes");
    gives(
        "[program.flows.sum(|flow| flow.weeks), [1, 2].sum()]",
        "12, 3",
    );
    gives(
        "[program.flows.count(), program.flows.count(|flow| flow.weeks == 5)]",
        "3, 2",
    );
    gives(
        "program.flows.mean(|flow| flow.weeks, |flow| if flow.who == \"b\" { 2 } else { 1 })",
        "3.5",
    );
    gives("[1, 2, 6].mean()", "3");
    gives("{ let a = [1]; let b = a; b.push(2); a + b }", "1, 1, 2");
    gives(
        "{ let a = program.flows; a.push(program.flows[0]); a.len() }",
        "4",
    );
    gives(
        "{ let n = 0; for x in [1, 2, 3, 4] { if x == 2 { continue; } if x == 4 { break; } n += x; } n }",
        "4",
    );
    gives(
        "{ let t = #{ a: 1 }; t.b = 2; t[\"c\"] = 3; [t.a, t.b, t[\"c\"], \"c\" in t] }",
        "1, 2, 3, yes",
    );
    gives(
        "{ let k = 2; let f = |x| x * k; k = 3; [1, 2].map(f) }",
        "2, 4",
    );
    gives(
        "[[1, 2] == [1, 2], 2 in [1, 2], \"x\" in [\"y\"]]",
        "yes, yes, no",
    );
    gives(
        "program.flows.map(|flow| flow.beside(\"others\").km)",
        "1, 2, 3",
    );
    gives(
        "program.flows.map(|flow| `${flow.path()} ${flow.index()}`)",
        "flows[0] 0, flows[1] 1, flows[2] 2",
    );
    fails("[].first()", "need an element");
    fails("#{ a: 1 }.b", "there is no field or parameter `b`");
}

#[test]
fn texts_are_texts() {
    gives("\"a\" + \"b\"", "ab");
    gives(
        "[\"abc\".len(), \"abc\".sub_string(1), \"abc\".sub_string(0, 2)]",
        "3, bc, ab",
    );
    gives("\"a, b\".split(\", \")", "a, b");
    gives(
        "[\"abc\".starts_with(\"ab\"), \"abc\".ends_with(\"ab\"), \"abc\".contains(\"b\"), \"\".is_empty()]",
        "yes, no, yes, yes",
    );
    gives(
        "[\"aB\".to_upper(), \"aB\".to_lower(), \"NS\"[1]]",
        "AB, ab, S",
    );
    fails("\"a\" + 1", "a sign stands between text and a number");
    fails("\"a\" < 1", "cannot compare text with a number");
}

/// The outcome, and what is missing.
#[track_caller]
fn waits(script: &str, proposal: &str, outcome: Outcome, missing: &[&str], evidence: &[&str]) {
    let found = ask(script, proposal);
    let named: Vec<String> = found.missing.iter().map(ToString::to_string).collect();
    let read: Vec<String> = found
        .evidence
        .iter()
        .map(|fact| fact.path.dotted())
        .collect();
    assert_eq!(
        found.outcome, outcome,
        "{script} {proposal} {:?}",
        found.error
    );
    assert_eq!(named, missing, "{script} {proposal}");
    assert_eq!(read, evidence, "{script} {proposal}");
}

#[test]
fn the_side_that_is_known_decides() {
    let either = "if program.weeks > 5 || program.agreed { met() } else { unmet(\"\") }";
    waits(either, "{ agreed: true }", Outcome::Met, &[], &["agreed"]);
    waits(
        either,
        "{ agreed: false }",
        Outcome::Unknown,
        &["weeks"],
        &["agreed"],
    );
    waits(either, "{ weeks: 6 }", Outcome::Met, &[], &["weeks"]);
    waits(
        either,
        "{ weeks: 5, agreed: true }",
        Outcome::Met,
        &[],
        &["agreed", "weeks"],
    );
    waits(either, "{}", Outcome::Unknown, &["weeks", "agreed"], &[]);
    let both = "if program.weeks > 5 && program.agreed { met() } else { unmet(\"\") }";
    waits(both, "{ agreed: false }", Outcome::Unmet, &[], &["agreed"]);
    waits(
        both,
        "{ agreed: true }",
        Outcome::Unknown,
        &["weeks"],
        &["agreed"],
    );
    // What was read on the way to a fact that is missing decided nothing.
    let read =
        "if program.host.seats > program.weeks || program.agreed { met() } else { unmet(\"\") }";
    waits(
        read,
        "{ host: { seats: 2 }, agreed: true }",
        Outcome::Met,
        &[],
        &["agreed"],
    );
    // An error of a side that is only tried does not decide, and does not hide.
    let wrong = "if program.weeks > 5 || 1 / (program.level - 4) > 0 || program.agreed { met() } else { unmet(\"\") }";
    waits(
        wrong,
        "{ level: 4, agreed: true }",
        Outcome::Met,
        &[],
        &["agreed"],
    );
    waits(
        wrong,
        "{ level: 4, agreed: false }",
        Outcome::Unknown,
        &["weeks"],
        &["agreed", "level"],
    );
    assert_eq!(ask(wrong, "{ level: 4, weeks: 1 }").outcome, Outcome::Error);
}

#[test]
fn what_a_finding_must_be() {
    for (script, why) in [
        (
            "partly(2, \"\")",
            "a degree must lie between 0 and 1, not 2",
        ),
        ("partly(-0.1, \"\")", "between 0 and 1"),
        (
            "between(0.5, 0.2, [\"weeks\"], \"\", #{})",
            "between() needs 0 ≤ low ≤ high ≤ 1",
        ),
        ("between(0, 1, [], \"\", #{})", "needs the paths"),
        ("between(0, 1, [\"a..b\"], \"\", #{})", "needs the paths"),
        (
            "met(\"{a}\", #{ b: 1 })",
            "the message has a place {a} that nothing was given for",
        ),
        (
            "met(\"{a}\", #{ a: program.host })",
            "a group of facts cannot be part of an answer",
        ),
        (
            "ramp(1, #{ full: 1, zero: 1 }, \"\", #{})",
            "needs different values",
        ),
        (
            "curve(1, [[1, 0], [1, 1]], \"\", #{})",
            "must have rising values",
        ),
        ("5", "`check` must return met(…)"),
        ("while true { } met()", "not part of the language"),
        (
            "fn f(x) { f(x) } fn check(program, param) { f(1) }",
            "nest more than 32 deep",
        ),
    ] {
        let found = ask(script, WHOLE);
        assert_eq!(found.outcome, Outcome::Error, "{script}");
        let error = found.error.unwrap();
        assert!(error.contains(why), "{script}: {error}");
    }
    for script in [
        "ramp(4, #{ full: 8, zero: 0 }, \"{a}\", #{ a: 1 })",
        "curve(4, [[0, 0], [8, 1]], \"{a}\", #{ a: 1 })",
    ] {
        let degree = ask(script, WHOLE).degree;
        assert_eq!(degree, crate::finding::Degree::known(0.5), "{script}");
    }
}

#[test]
fn those_who_stand_behind_a_fact_are_known() {
    let script = "let by = program.attested_by(\"host.seats\"); met(\"{by}\", #{ by: by })";
    let found = ask(
        script,
        "{ attestations: [{ by: b, covers: [host] }, { by: a, covers: [host.seats] }, { by: c, covers: [weeks] }] }",
    );
    assert_eq!(found.message.text(), "a, b");
    assert_eq!(ask(script, "{}").message.text(), "");
}
