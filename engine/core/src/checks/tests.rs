use super::*;
use crate::finding::Outcome;
use crate::sample;
use crate::score::Level;
use crate::scorecard::Scorecard;
use crate::verdict::Word;
use serde_json::json;

const PAGE: &str = "---\ntitle: A stay ends\nkind: check\ndoubts: [weeks]\nasks: \"{weeks} weeks: is that so?\"\n---\n\nLong stays.\n\n## How it is judged\n\nBy weeks.\n";
const SCRIPT: &str =
    "fn applies(program, param) { program.mode == \"in_person\" && program.weeks > 40 }\n";

fn book(changes: &[(&str, &str, &str)]) -> Rulebook {
    let mut all = vec![
        (
            "pack.toml",
            "name = \"small\"",
            "name = \"small\"\nhost_side = \"hosts\"",
        ),
        ("lib/hosts.rhai", "", "fn hosts(program) { [\"host\"] }\n"),
        ("checks/long.md", "", PAGE),
        ("checks/long.rhai", "", SCRIPT),
    ];
    all.extend(changes);
    sample::book(&all)
}

fn judge(book: &Rulebook, proposal: Value) -> Scorecard {
    book.judge(&Document::from_value("odd", proposal))
}

/// Verdict, the one as given where that is another, and the ends of the only dimension.
fn result(card: &Scorecard) -> (Word, Option<Word>, Option<u8>, Option<u8>) {
    let score = &card.dimensions[0];
    (card.verdict.word, card.as_given, score.low, score.high)
}

#[test]
fn an_odd_answer_buys_nothing_until_it_is_settled() {
    let book = book(&[]);
    let usual = judge(&book, json!({ "weeks": 40, "mode": "in_person" }));
    assert_eq!(result(&usual), (Word::Proceed, None, Some(100), Some(100)));
    assert_eq!(usual.checks, []);

    let odd = judge(&book, json!({ "weeks": 50, "mode": "in_person" }));
    assert_eq!(
        result(&odd),
        (Word::Incomplete, Some(Word::Proceed), Some(0), Some(100))
    );
    assert_eq!(odd.dimensions[0].level_low, Some(Level::POOR));
    assert_eq!(odd.verdict.decided_by, ["checks/long"]);
    assert!(
        odd.verdict.reason.contains("“proceed”"),
        "{}",
        odd.verdict.reason
    );
    let [check] = odd.checks.as_slice() else {
        panic!("{:?}", odd.checks)
    };
    assert_eq!(check.question.text(), "50 weeks: is that so?");
    let values: Vec<String> = check.values().into_keys().collect();
    assert_eq!(values, ["mode", "weeks"]);
    assert_eq!(check.doubts, [Pointer::from_json("/weeks")]);
    // What was found is what was found: only the score is lower.
    assert_eq!(
        odd.findings,
        judge(
            &sample::book(&[]),
            json!({ "weeks": 50, "mode": "in_person" })
        )
        .findings
    );
}

#[test]
fn nothing_odd_is_asked_of_what_is_not_known() {
    let book = book(&[]);
    for proposal in [
        json!({}),
        json!({ "weeks": 50 }),
        json!({ "mode": "in_person" }),
    ] {
        assert_eq!(judge(&book, proposal).checks, []);
    }
}

#[test]
fn an_entry_settles_it_while_every_value_is_the_same() {
    let book = book(&[]);
    let with = |values: Value, by: &str| {
        let entry =
            json!({ "code": "checks/long", "values": values, "by": by, "on": "2026-05-01" });
        let proposal =
            json!({ "weeks": 50, "mode": "in_person", "title": "x", "checked": [entry] });
        let card = judge(&book, proposal);
        let check = card.checks[0].clone();
        (card.verdict.word, check.settled, check.outdated)
    };
    let settled = |by: &str, self_declared| {
        Some(Settled {
            by: by.to_owned(),
            on: "2026-05-01".to_owned(),
            self_declared,
        })
    };
    let full = || json!({ "weeks": 50.0, "mode": "in_person" });
    assert_eq!(
        with(full(), "host"),
        (Word::Proceed, settled("host", false), false)
    );
    assert_eq!(
        with(full(), "sender"),
        (Word::Proceed, settled("sender", true), false)
    );
    for (values, why) in [
        (json!({ "weeks": 49, "mode": "in_person" }), "another value"),
        (json!({ "weeks": 50 }), "a value is not named"),
        (
            json!({ "weeks": 50, "mode": "in_person", "title": "y" }),
            "a further value is another",
        ),
        (
            json!({ "weeks": "50", "mode": "in_person" }),
            "another type",
        ),
        (json!({}), "nothing is named"),
    ] {
        assert_eq!(
            with(values, "host"),
            (Word::Incomplete, None, true),
            "{why}"
        );
    }
    let other = json!({ "code": "checks/other", "values": full(), "by": "host" });
    let card = judge(
        &book,
        json!({ "weeks": 50, "mode": "in_person", "checked": [other] }),
    );
    assert!(card.checks[0].is_open() && !card.checks[0].outdated);
}

#[test]
fn a_range_that_was_checked_may_be_written_in_any_way() {
    let book = book(&[]);
    for (written, settles) in [
        (json!("45..50"), true),
        (json!("45–50"), true),
        (json!([45, 50]), true),
        (json!({ "from": 45, "to": 50 }), true),
        (json!("45..51"), false),
        (json!(45), false),
    ] {
        let values = json!({ "weeks": written, "mode": "in_person" });
        let entry =
            json!({ "code": "checks/long", "values": values, "by": "host", "on": "2026-05-01" });
        let proposal = json!({ "weeks": "45-50", "mode": "in_person", "checked": [entry] });
        let card = judge(&book, proposal);
        assert_eq!(!card.checks[0].is_open(), settles, "{written}");
    }
}

#[test]
fn what_the_host_has_checked_as_well_is_not_self_declared() {
    let entry = |by: &str| json!({ "code": "checks/long", "values": { "weeks": 50, "mode": "in_person" }, "by": by });
    for order in [["host", "sender"], ["sender", "host"]] {
        let checked = order.map(entry);
        let card = judge(
            &book(&[]),
            json!({ "weeks": 50, "mode": "in_person", "checked": checked }),
        );
        let settled = card.checks[0].settled.clone().unwrap();
        assert_eq!(
            (settled.by.as_str(), settled.self_declared),
            ("host", false)
        );
    }
}

#[test]
fn a_check_of_elements_doubts_those_that_are_odd() {
    let schema = r#""mode": { "enum": ["virtual", "in_person"], "title": "Mode" },
      "flows": { "type": "array", "items": { "type": "object", "properties": {
        "n": { "type": "number" }, "from": { "type": "string" } } } }"#;
    let book = book(&[
        (
            "schema.json",
            r#""mode": { "enum": ["virtual", "in_person"], "title": "Mode" }"#,
            schema,
        ),
        (
            "checks/parts.md",
            "",
            "---\ntitle: Whole\nkind: check\ndoubts: [\"flows[].n\"]\nasks: \"{flows[].n} from {flows[].from}?\"\n---\n\nWhole.\n",
        ),
        (
            "checks/parts.rhai",
            "",
            "fn applies(program, param) { program.flows.filter(|flow| flow.has(\"n\") && flow.n % 1 != 0) }\n",
        ),
    ]);
    let card = judge(
        &book,
        json!({ "flows": [{ "n": 0.5, "from": "a" }, { "n": 2, "from": "b" }, {}, { "n": 1.5, "from": "c" }] }),
    );
    let found: Vec<(String, Vec<String>, Vec<String>)> = card
        .checks
        .iter()
        .map(|check| {
            let doubts = check.doubts.iter().map(Pointer::dotted).collect();
            (
                check.question.text(),
                check.values().into_keys().collect(),
                doubts,
            )
        })
        .collect();
    let one = |question: &str, path: &str| {
        (
            question.to_owned(),
            vec![path.to_owned()],
            vec![path.to_owned()],
        )
    };
    assert_eq!(
        found,
        [
            one("0.5 from a?", "flows[0].n"),
            one("1.5 from c?", "flows[3].n")
        ]
    );
}

#[test]
fn a_check_that_fails_passes_nobody() {
    for script in [
        "fn applies(program, param) { 3 }\n",
        "fn applies(program, param) { no_such_thing(program) }\n",
    ] {
        let book = book(&[("checks/long.rhai", "", script)]);
        let card = judge(&book, json!({ "weeks": 20, "mode": "in_person" }));
        assert_eq!(card.verdict.word, Word::Incomplete, "{script}");
        let failed = card
            .findings
            .iter()
            .find(|found| found.rule == "checks/long")
            .unwrap();
        assert_eq!(failed.outcome, Outcome::Error);
    }
}

/// What is wrong with the pack where one of its files says something else.
fn problems(path: &str, from: &str, to: &str) -> Vec<String> {
    let pick = |own: &str, text: &str| {
        if path == own {
            text.replace(from, to)
        } else {
            text.to_owned()
        }
    };
    let (page, script) = (
        pick("checks/long.md", PAGE),
        pick("checks/long.rhai", SCRIPT),
    );
    let mut all = vec![
        ("checks/long.md", "", page.as_str()),
        ("checks/long.rhai", "", script.as_str()),
    ];
    if path == "pack.toml" {
        all.push((path, from, to));
    }
    match std::panic::catch_unwind(|| book(&all)) {
        Ok(book) => {
            assert_eq!(book.broken().len(), 1, "{to}");
            let problems = book.broken()[0].problems.iter();
            problems.map(ToString::to_string).collect()
        }
        Err(cause) => vec![cause.downcast_ref::<String>().cloned().unwrap_or_default()],
    }
}

#[test]
fn a_page_of_a_check_is_held_to_its_form() {
    let as_rule = "severity: minor\nsources: []\nlimits: x\n";
    for (path, from, to, said) in [
        (
            "checks/long.md",
            "doubts: [weeks]\n",
            "",
            "the page has no `doubts`",
        ),
        (
            "checks/long.md",
            "doubts: [weeks]",
            "doubts: [week]",
            "did you mean `weeks`?",
        ),
        ("checks/long.md", "{weeks} weeks", "{week} weeks", "`week`"),
        (
            "checks/long.md",
            "kind: check\n",
            as_rule,
            "holds pages of `kind: check` only",
        ),
        (
            "checks/long.rhai",
            SCRIPT,
            "fn check(program, param) { met(\"x\") }\n",
            "judges nothing",
        ),
        (
            "pack.toml",
            "\"hosts\"",
            "\"host\"",
            "the library has no such function",
        ),
    ] {
        let problems = problems(path, from, to);
        assert!(
            problems.iter().any(|problem| problem.contains(said)),
            "{said}: {problems:?}"
        );
    }
}

#[test]
fn lists_in_doubt_are_not_known_as_a_whole() {
    let mut value = json!({ "a": { "b": [1, 2], "c": [{ "d": 1, "e": 2 }] } });
    leave_out(&mut value, &Pointer::from_json("/a/c/0/d"));
    assert_eq!(value, json!({ "a": { "b": [1, 2], "c": [{ "e": 2 }] } }));
    leave_out(&mut value, &Pointer::from_json("/a/b/1"));
    assert_eq!(value, json!({ "a": { "c": [{ "e": 2 }] } }));
    leave_out(&mut value, &Pointer::from_json("/a/c/0"));
    leave_out(&mut value, &Pointer::from_json("/nowhere/0"));
    assert_eq!(value, json!({ "a": {} }));
}

#[test]
fn another_reading_is_judged_with_and_without_what_else_is_in_doubt() {
    let check = |doubts: &[&str], reading: Option<(&str, Value)>| Check {
        code: "x/y".to_owned(),
        plugin: None,
        question: Message::plain("?"),
        compares: Vec::new(),
        doubts: doubts
            .iter()
            .map(|path| Pointer::from_json(*path))
            .collect(),
        reading: reading.map(|(path, value)| Reading {
            says: "once".to_owned(),
            changes: vec![Change {
                path: Pointer::from_json(path),
                value,
            }],
        }),
        settled: None,
        outdated: false,
    };
    let proposal = Document::from_value("p", json!({ "a": 1, "b": 2 }));
    let read = |checks: &[Check]| -> Vec<Value> {
        let others = other_readings(&proposal, checks);
        others.iter().map(|other| other.value().clone()).collect()
    };
    assert_eq!(read(&[]), [] as [Value; 0]);
    assert_eq!(read(&[check(&["/a"], None)]), [json!({ "b": 2 })]);
    let once = || check(&[], Some(("/b", json!(1))));
    assert_eq!(read(&[once()]), [json!({ "a": 1, "b": 1 })]);
    assert_eq!(
        read(&[check(&["/a"], None), once()]),
        [
            json!({ "b": 2 }),
            json!({ "a": 1, "b": 1 }),
            json!({ "b": 1 })
        ]
    );
    let settled = Check {
        settled: Some(Settled {
            by: String::new(),
            on: String::new(),
            self_declared: true,
        }),
        ..check(&["/a"], None)
    };
    assert_eq!(read(&[settled]), [] as [Value; 0]);
}

#[test]
fn the_lower_verdict_counts_and_nobody_who_goes_on_is_stopped_by_a_doubt() {
    use crate::verdict::lower;
    use Word::{Incomplete, Proceed, Revise, Stop};
    for (given, other, counts) in [
        (Proceed, Proceed, Proceed),
        (Proceed, Revise, Incomplete),
        (Proceed, Incomplete, Incomplete),
        (Proceed, Stop, Incomplete),
        (Revise, Proceed, Revise),
        (Revise, Stop, Incomplete),
        (Incomplete, Proceed, Incomplete),
        (Incomplete, Stop, Stop),
        (Stop, Proceed, Stop),
    ] {
        assert_eq!(lower(given, [other].into_iter()), counts, "{given} {other}");
    }
}
