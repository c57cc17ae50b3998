use super::*;
use serde_json::json;

fn manifest() -> Manifest {
    serde_json::from_value(json!({
        "manifest_version": 1, "id": "air", "title": "Air", "version": "0.1.0", "abi": "1.0", "engine": "*",
        "licence": "MIT", "reads": ["/summary", "/flows"],
        "provides": { "type": "object", "properties": {
            "days": { "type": "integer" },
            "flows": { "type": "array", "items": { "type": "object", "properties": { "kg": { "type": "number" } } } } } },
        "rules": [{ "id": "ethics/air", "title": "Air", "dimension": "ethics", "severity": "minor" }],
    }))
    .unwrap()
}

fn document() -> Value {
    json!({ "summary": "Für hilflose Waisen", "flows": [{ "weeks": 2, "note": "" }] })
}

fn derive(answer: &Value) -> Vec<String> {
    derived(&manifest(), &document(), &answer.to_string())
        .err()
        .unwrap_or_default()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what is made on the spot"
)]
fn assess(change: Value) -> Vec<String> {
    let mut finding = json!({ "rule": "ethics/air", "outcome": "unmet", "message": "x" });
    finding
        .as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    let answer = json!({ "findings": [finding] });
    assessed(&manifest(), &document(), &answer.to_string())
        .err()
        .unwrap_or_default()
}

#[track_caller]
fn said(found: &[String], words: &str) {
    assert!(
        found.iter().any(|breach| breach.contains(words)),
        "`{words}` is not in {found:#?}"
    );
}

#[test]
fn what_keeps_the_contract_is_taken() {
    let answer = json!({ "facts": { "days": 14, "flows": [{}] }, "inputs": { "/days": ["/flows/0/weeks"] },
        "missing": { "/flows/0/kg": ["/flows"] }, "problems": [{ "path": "/flows/0/weeks", "message": "x" }] });
    assert_eq!(derive(&answer), [""; 0]);
    let evidence = [
        json!({ "path": "/summary", "quote": "hilflose", "start": 4, "end": 12 }),
        json!({ "path": "/summary", "quote": "Waisen" }),
        json!({ "path": "/flows" }),
    ];
    assert_eq!(
        assess(
            json!({ "message": "{a} and {a:percent}", "args": { "a": 1 }, "evidence": evidence })
        ),
        [""; 0]
    );
}

#[test]
fn quotes_are_compared_with_the_text() {
    for quote in [
        json!({ "path": "/summary", "quote": "words never written" }),
        json!({ "path": "/summary", "quote": "hilflose", "start": 5, "end": 13 }),
        json!({ "path": "/summary", "quote": "hilflose", "start": 4, "end": 4000 }),
        json!({ "path": "/summary", "quote": "hilflose", "start": 12, "end": 4 }),
        json!({ "path": "/summary", "quote": "hilflose", "start": 4 }),
        json!({ "path": "/summary", "quote": "", "start": 4, "end": 4 }),
        json!({ "path": "/summary", "quote": "" }),
        json!({ "path": "/summary", "start": 0, "end": 3 }),
        json!({ "path": "/flows/0/weeks", "quote": "2" }),
        json!({ "path": "/flows/0/note", "quote": "x" }),
    ] {
        assert_eq!(assess(json!({ "evidence": [quote] })).len(), 1, "{quote}");
    }
}

#[test]
fn nothing_points_outside_of_what_is_read() {
    for path in [
        "",
        "/",
        "/budget",
        "/summaryx",
        "/derived",
        "/derived/other/x",
        "summary",
        "/flows2/0",
    ] {
        let outside = format!("`{path}` is outside");
        said(&assess(json!({ "evidence": [{ "path": path }] })), &outside);
        said(
            &assess(json!({ "remedy": [{ "path": path, "value": 1 }] })),
            &outside,
        );
        let unknown = json!({ "outcome": "unknown", "missing": [path] });
        said(&assess(unknown), &outside);
        let facts = json!({ "days": 1 });
        said(
            &derive(&json!({ "facts": facts, "inputs": { "/days": [path] } })),
            &outside,
        );
        said(
            &derive(&json!({ "facts": {}, "missing": { "/days": [path] } })),
            &outside,
        );
        let complaint = json!([{ "path": path, "message": "x" }]);
        said(
            &derive(&json!({ "facts": facts, "problems": complaint })),
            &outside,
        );
    }
    said(
        &assess(json!({ "evidence": [{ "path": "/flows/7" }] })),
        "there is no evidence",
    );
}

#[test]
fn facts_are_those_that_the_manifest_provides() {
    said(
        &derive(&json!({ "facts": { "other": 1 } })),
        "`/other` is not declared",
    );
    said(
        &derive(&json!({ "facts": { "flows": [{ "x": 1 }] } })),
        "`/flows/0/x` is not declared",
    );
    said(
        &derive(&json!({ "facts": { "days": 1.5 } })),
        "expected integer",
    );
    let missing =
        |facts: Value, at: &str| derive(&json!({ "facts": facts, "missing": { at: ["/flows"] } }));
    said(
        &missing(json!({ "days": 1 }), "/days"),
        "the fact `/days` is there",
    );
    said(
        &missing(json!({ "days": 1 }), "/days/x"),
        "the fact `/days/x` is there",
    );
    said(
        &missing(json!({ "flows": [{ "kg": 1 }] }), "/flows"),
        "the fact `/flows` is there",
    );
    said(&missing(json!({}), "/other"), "`/other` is not declared");
    said(
        &derive(&json!({ "facts": {}, "missing": { "/days": [] } })),
        "names nothing",
    );
    said(
        &derive(&json!({ "facts": {}, "inputs": { "/days": ["/flows"] } })),
        "there is no fact `/days`",
    );
}

#[test]
fn the_form_is_strict() {
    for text in [
        r#"{"facts": {"days": 1}, "facts": {"days": 2}}"#,
        r#"{"facts": {"days": 1, "days": 2}}"#,
        "{\"facts\": {}, \"problems\": [{\"path\": \"/flows\", \"message\": \"a\\u0000b\"}]}",
        r#"{"facts": {"days": 1e999}}"#,
        r#"{"facts": {}, "extra": 1}"#,
        "{}",
        "[]",
    ] {
        let found = derived(&manifest(), &document(), text).unwrap_err();
        said(&found, "malformed");
    }
}

#[test]
fn a_message_is_bounded_with_everything_filled_in() {
    let long = "x".repeat(3_000);
    let places = "{a}".repeat(30_000);
    said(
        &assess(json!({ "message": places, "args": { "a": "x" } })),
        "at most",
    );
    said(
        &assess(json!({ "message": "{a}{a}", "args": { "a": long } })),
        "with its arguments",
    );
    said(
        &assess(json!({ "message": "x".repeat(2_001) })),
        "a `message` has 2001",
    );
    said(
        &assess(json!({ "message": "{nobody}" })),
        "no such argument",
    );
    let args: serde_json::Map<_, _> = (0..40).map(|n| (format!("a{n}"), n.into())).collect();
    said(&assess(json!({ "args": args })), "`args` has 40");
    said(
        &assess(json!({ "args": { "a": vec![1; 4_000] } })),
        "an argument",
    );
}

/// What is said of an answer stays short, however long the answer is and however often it is wrong.
#[test]
fn what_is_said_of_an_answer_does_not_grow_with_it() {
    let long = "x".repeat(200_000);
    let places = vec![format!("/{long}"); 60];
    let quote = json!({ "path": "/summary", "quote": long });
    let mut wrong = serde_json::Map::new();
    wrong.extend((0..200).map(|number| (format!("{number}{long}"), json!(1))));
    for found in [
        assess(json!({ "rule": long, "missing": places })),
        assess(json!({ "evidence": vec![quote; 60], "message": format!("{{{long}}}") })),
        derive(&json!({ "facts": wrong })),
        derive(&json!({ "facts": { "flows": vec![long.as_str(); 5_000] } })),
        derive(&json!({ "facts": {}, "inputs": { "/days": places } })),
    ] {
        let size: usize = found.iter().map(String::len).sum();
        assert!(
            !found.is_empty() && found.len() <= 60 && size < 40_000,
            "{size}"
        );
    }
}

#[test]
fn names_in_braces() {
    assert_eq!(placeholders("{a} and {{b}} and {c"), ["a"]);
    assert_eq!(placeholders("none"), [""; 0]);
}

#[test]
fn everything_else_is_bounded() {
    let evidence = vec![json!({ "path": "/flows" }); 101];
    said(
        &assess(json!({ "evidence": evidence })),
        "`evidence` has 101",
    );
    let remedy = vec![json!({ "path": "/flows", "value": 1 }); 51];
    said(&assess(json!({ "remedy": remedy })), "`remedy` has 51");
    let change = json!([{ "path": "/flows", "value": "x".repeat(5_000) }]);
    said(
        &assess(json!({ "remedy": change })),
        "the value of a change",
    );
    said(&assess(json!({ "help": "x".repeat(2_001) })), "a `help`");
    let missing = vec!["/flows"; 101];
    said(
        &assess(json!({ "outcome": "unknown", "missing": missing })),
        "`missing` has 101",
    );
    let complaints = vec![json!({ "path": "/flows", "message": "x" }); 101];
    said(
        &derive(&json!({ "facts": {}, "problems": complaints })),
        "`problems` has 101",
    );
    let inputs = vec!["/flows"; 20_001];
    said(
        &derive(&json!({ "facts": { "days": 1 }, "inputs": { "/days": inputs } })),
        "`inputs` with",
    );
    let flows = vec![json!({ "kg": 1 }); 30_000];
    said(
        &derive(&json!({ "facts": { "flows": flows } })),
        "more values than allowed",
    );
}

#[test]
fn what_is_to_be_checked_says_what_it_compares_and_doubts() {
    let check = |change: Value| {
        let mut check = json!({ "code": "weeks-2", "compares": ["/flows/0/weeks"], "doubts": ["/flows/0/weeks"],
            "question": "{weeks} weeks?", "args": { "weeks": 2 } });
        check
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        derive(&json!({ "facts": {}, "checks": [check] }))
    };
    assert_eq!(check(json!({})), [""; 0]);
    let reading = json!({ "says": "once", "changes": [{ "path": "/flows/0/weeks", "value": 1 }] });
    assert_eq!(check(json!({ "doubts": [], "reading": reading })), [""; 0]);
    for (change, words) in [
        (json!({ "code": "Weeks" }), "is no code of a check"),
        (json!({ "code": "a--b" }), "is no code of a check"),
        (json!({ "compares": [] }), "says not what it compares"),
        (
            json!({ "compares": ["/flows/7/weeks"] }),
            "there is nothing at `/flows/7/weeks`",
        ),
        (json!({ "compares": ["/budget"] }), "`/budget` is outside"),
        (json!({ "doubts": ["/budget"] }), "`/budget` is outside"),
        (
            json!({ "doubts": [] }),
            "doubts nothing and reads nothing otherwise",
        ),
        (json!({ "args": {} }), "no such argument"),
        (
            json!({ "reading": { "says": "x", "changes": [{ "path": "/budget", "value": 1 }] } }),
            "`/budget` is outside",
        ),
    ] {
        said(&check(change), words);
    }
    let many: Vec<Value> = (0..101)
        .map(|_| json!({ "code": "a", "compares": ["/summary"], "doubts": ["/summary"], "question": "?" }))
        .collect();
    said(
        &derive(&json!({ "facts": {}, "checks": many })),
        "at most 100",
    );
}
