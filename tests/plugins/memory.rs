//! What the program's memory grows to, whatever a plugin answers: isolated and in-process, against the table in
//! `docs/assurance.md`.
#![cfg(target_os = "linux")]

use super::board::{Board, PROPOSAL};
use crate::assembly::root;
use serde_json::{Value, json};
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// Most MiB over what the same judging takes without the plugin.
const MOST: u64 = 256;
/// Bytes of the longest answer that is taken.
const ANSWER: usize = 4 << 20;

/// What a plugin answers to `derive` and to `assess`.
#[derive(Clone)]
struct Flood {
    name: &'static str,
    derived: Vec<u8>,
    assessed: Vec<u8>,
}

fn manifest() -> Value {
    let list = |items: Value| json!({ "type": "array", "items": items });
    let number = json!({ "type": "number" });
    json!({
        "manifest_version": 1, "id": "flood", "title": "Flood", "version": "0.1.0", "abi": "1.0",
        "engine": ">=0.1, <0.2", "licence": "MIT", "reads": ["/program", "/partners"],
        "provides": { "type": "object", "additionalProperties": false, "properties": {
            "numbers": list(number.clone()), "text": { "type": "string" }, "texts": list(json!({ "type": "string" })),
            "objects": list(json!({ "type": "object", "properties": { "a": number } })),
            "free": { "type": "object", "additionalProperties": list(number) } } },
        "functions": [],
        "rules": [{ "id": "ethics/flood", "title": "Flood", "dimension": "ethics", "severity": "minor" }],
    })
}

const NO_FACTS: &str = r#"{"facts":{}}"#;

fn derives(name: &'static str, answer: impl Into<Vec<u8>>) -> Flood {
    Flood {
        name,
        derived: answer.into(),
        assessed: finding(&json!({})),
    }
}

fn assesses(name: &'static str, answer: impl Into<Vec<u8>>) -> Flood {
    Flood {
        name,
        derived: NO_FACTS.into(),
        assessed: answer.into(),
    }
}

/// An answer with one finding that has these fields.
fn finding(fields: &Value) -> Vec<u8> {
    let mut finding = json!({ "rule": "ethics/flood", "outcome": "met", "message": "x" });
    let (Some(into), Some(fields)) = (finding.as_object_mut(), fields.as_object()) else {
        panic!("a finding is an object");
    };
    into.extend(fields.clone());
    json!({ "findings": [finding] }).to_string().into()
}

/// `part` as often as given, with commas.
fn list(part: &str, count: usize) -> String {
    vec![part; count].join(",")
}

fn facts(name: &str, value: &str) -> String {
    format!(r#"{{"facts":{{"{name}":{value}}}}}"#)
}

fn floods_of_facts() -> Vec<Flood> {
    let long = |part: &str| part.repeat((ANSWER - 100) / part.len());
    let keys = |count| {
        let keys: Vec<String> = (0..count).map(|key| format!("\"k{key}\":1")).collect();
        format!("{{\"facts\":{{{}}}}}", keys.join(","))
    };
    vec![
        derives(
            "400 000 facts",
            facts("numbers", &format!("[{}]", list("1", 400_000))),
        ),
        derives(
            "2 000 000 zeros",
            facts("numbers", &format!("[{}0]", long("0,"))),
        ),
        derives(
            "49 000 numbers, as many as are taken",
            facts("numbers", &format!("[{}]", list("1", 49_000))),
        ),
        derives(
            "24 000 objects, as many as are taken",
            facts("objects", &format!("[{}]", list("{\"a\":1}", 24_000))),
        ),
        derives(
            "48 000 texts",
            facts(
                "texts",
                &format!("[{}]", list(&format!("\"{}\"", "t".repeat(80)), 48_000)),
            ),
        ),
        derives(
            "a text of 4 MB",
            facts("text", &format!("\"{}\"", long("<"))),
        ),
        derives(
            "a text of 700 000 control characters",
            facts("text", &format!("\"{}\"", long("\\u0001"))),
        ),
        derives(
            "a text that does not end",
            format!("{{\"facts\":{{\"text\":\"{}", long("a")),
        ),
        derives("bytes that are no text", vec![0xff; ANSWER]),
        derives("more than is taken", vec![b'x'; ANSWER + 1]),
        derives("49 000 facts that are not declared", keys(49_000)),
        derives(
            "one key 400 000 times",
            format!("{{\"facts\":{{{}}}}}", list("\"text\":\"a\"", 300_000)),
        ),
    ]
}

fn floods_of_places() -> Vec<Flood> {
    let long = |part: &str| part.repeat((ANSWER - 100) / part.len());
    let key = "k".repeat(900);
    vec![
        derives(
            "a long key over 48 000 numbers",
            facts("free", &format!("{{\"{key}\":[{}]}}", list("1", 48_000))),
        ),
        derives(
            "a key of 1 MB over 48 000 wrong values",
            facts(
                "free",
                &format!("{{\"{}\":[{}]}}", "k".repeat(1 << 20), list("\"\"", 48_000)),
            ),
        ),
        derives("lists 4 000 000 deep", format!("{{\"facts\":{}", long("["))),
        derives(
            "objects 600 000 deep",
            format!("{{\"facts\":{}", long("{\"a\":")),
        ),
        derives(
            "a fact that rests on 200 000 places",
            format!(
                r#"{{"facts":{{"text":""}},"inputs":{{"/text":[{}]}}}}"#,
                list("\"/program/title\"", 200_000)
            ),
        ),
        derives(
            "places of 80 000 letters outside of what is read",
            format!(
                r#"{{"facts":{{"text":""}},"inputs":{{"/text":[{}]}}}}"#,
                list(&format!("\"/{}\"", "x".repeat(80_000)), 50)
            ),
        ),
    ]
}

fn floods_of_words() -> Vec<Flood> {
    let title = json!({ "path": "/program/title" });
    let many = |value: &Value, count: usize| Value::Array(vec![value.clone(); count]);
    let complaint = json!({ "path": "/program/title", "message": "m".repeat(1900), "expected": "e".repeat(1900),
        "suggestion": "s".repeat(1900), "value": "v".repeat(4000) });
    let change = json!({ "path": "/program/title", "value": "v".repeat(4000) });
    let check = json!({ "code": "c", "question": "{a}".repeat(32), "args": { "a": "q".repeat(120) },
        "compares": ["/program/title", "/program/summary"], "doubts": many(&json!("/program/title"), 90),
        "reading": { "says": "s".repeat(1900), "changes": many(&change, 50) } });
    let with = |what: &str, list: Value| json!({ "facts": {}, what: list }).to_string();
    let quote = json!({ "path": "/program/title", "quote": "q".repeat(40_000) });
    let elsewhere = Value::String(format!("/{}", "x".repeat(20_000)));
    let fields = |fields: Value| finding(&fields);
    vec![
        derives("450 complaints", with("problems", many(&complaint, 450))),
        derives("100 complaints, as many as are taken", with("problems", many(&complaint, 100))),
        derives("16 checks of 200 kB", with("checks", many(&check, 16))),
        assesses("30 000 places in a message, a long argument in each",
            fields(json!({ "message": "{a}".repeat(30_000), "args": { "a": "y".repeat(4_000) } }))),
        assesses("1 000 places in a message, an argument of 3 MB in each",
            fields(json!({ "message": "{a}".repeat(1_000), "args": { "a": "y".repeat(3_000_000) } }))),
        assesses("1 000 000 places in a message, without an argument",
            fields(json!({ "message": "{a}".repeat(1_000_000) }))),
        assesses("40 000 findings", json!({ "findings": vec![json!({ "rule": "ethics/flood", "outcome": "met", "message": "" }); 40_000] }).to_string()),
        assesses("1 000 000 findings that are empty", format!("{{\"findings\":[{}]}}", list("{}", 1_000_000))),
        assesses("24 000 places as evidence", fields(json!({ "evidence": many(&title, 24_000) }))),
        assesses("90 quotes of 40 000 letters", fields(json!({ "evidence": many(&quote, 90) }))),
        assesses("900 changes", fields(json!({ "outcome": "unmet", "remedy": many(&change, 900) }))),
        assesses("50 changes, as many as are taken", fields(json!({ "outcome": "unmet", "remedy": many(&change, 50) }))),
        assesses("a rule with a name of 2 MB and 90 places outside of what is read",
            fields(json!({ "rule": "r".repeat(2_000_000), "missing": many(&elsewhere, 90) }))),
        assesses("a help of 4 MB", fields(json!({ "help": "h".repeat(4_000_000) }))),
    ]
}

/// The board with a plugin that answers so.
fn board(flood: &Flood) -> Board {
    let board = Board::with("[plugins.flood]\npath = \"libflood.so\"\nisolation = \"none\"\n");
    board.write("plugin.json", &manifest().to_string());
    fs::write(board.path("derive.json"), &flood.derived).unwrap();
    fs::write(board.path("assess.json"), &flood.assessed).unwrap();
    let here = board.path(".");
    let mut compiler = Command::new("cc");
    compiler.args([
        "-std=c99",
        "-O1",
        "-shared",
        "-fPIC",
        "-fvisibility=hidden",
        "-I",
    ]);
    compiler.arg(root().join("plugins/sdk/include"));
    compiler.arg(format!("-DFOLDER=\"{}\"", here.display()));
    compiler.arg(root().join("tests/plugins/flood.c"));
    let built = compiler.arg("-o").arg(board.path("libflood.so")).status();
    assert!(built.unwrap().success(), "{}", flood.name);
    board.lock();
    let lock = board.read("evenhand.lock");
    board.write(
        "evenhand.lock",
        &lock.replace("\"isolated\"", "\"in-process\""),
    );
    board
}

/// Runs the program with this, and gives the most MiB that it held at a time. It may refuse, and must not break.
fn peak(board: &Board, args: &[&str]) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.args(args).current_dir(board.path("."));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let error = fs::File::create(board.path("said")).unwrap();
    let mut child = command.stderr(error).spawn().unwrap();
    let mut most = 0;
    let status = loop {
        // It only grows, so that the last look before the end counts.
        most = held(child.id()).unwrap_or(0).max(most);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        thread::sleep(Duration::from_millis(1));
    };
    let said = board.read("said");
    let code = status
        .code()
        .unwrap_or_else(|| panic!("{args:?}: {status} {said}"));
    assert!(
        [0, 1, 2, 3].contains(&code) && !said.contains("panicked"),
        "{args:?}: {code} {said}"
    );
    // What is said of a plugin is for people to read.
    assert!(
        said.len() < 1_000_000,
        "{} bytes on standard error",
        said.len()
    );
    most
}

fn held(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes >> 10)
}

const ISOLATED: [&str; 7] = [
    "check",
    PROPOSAL,
    "--no-profile",
    "--format",
    "json",
    "--plugin",
    "libflood.so",
];
const IN_PROCESS: [&str; 4] = ["check", PROPOSAL, "--format", "json"];

/// What stands round the table in the page.
const BEGIN: &str = "<!-- floods -->\n";
const END: &str = "<!-- end of floods -->";

#[test]
fn no_answer_takes_more_than_256_mb() {
    let all = [floods_of_facts(), floods_of_places(), floods_of_words()].concat();
    let plain = ["check", PROPOSAL, "--no-profile", "--format", "json"];
    let base = peak(&board(&derives("nothing", NO_FACTS)), &plain);
    let half = |part: usize| {
        let mut rows = Vec::new();
        for (number, flood) in all.iter().enumerate().skip(part).step_by(2) {
            let board = board(flood);
            let more = [&ISOLATED[..], &IN_PROCESS].map(|args| peak(&board, args));
            let [isolated, inside] = more.map(|most| most.saturating_sub(base));
            let row = format!("| {} | {isolated} | {inside} |", flood.name);
            assert!(isolated.max(inside) <= MOST, "{row} over {base} MiB");
            rows.push((number, row));
        }
        rows
    };
    let mut rows = thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        let mut rows = half(0);
        rows.extend(other.join().unwrap());
        rows
    });
    rows.sort();
    let rows: Vec<String> = rows.into_iter().map(|(_, row)| row).collect();
    told(&rows);
}

/// The page has these lines; the figures of its own are those of the day that stands there.
fn told(rows: &[String]) {
    let path = root().join("docs/assurance.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (table, after) = rest.split_once(END).unwrap();
    let head: Vec<&str> = table.lines().take(2).collect();
    let lines: Vec<&str> = table.lines().skip(2).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let table = format!("{}\n{}", head.join("\n"), rows.join("\n"));
        fs::write(&path, format!("{before}{BEGIN}{table}\n{END}{after}")).unwrap();
        return;
    }
    let names = |lines: &[&str]| -> Vec<String> {
        let name = |line: &&str| line.split('|').nth(1).unwrap_or_default().trim().to_owned();
        lines.iter().map(name).collect()
    };
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(
        names(&lines),
        names(&rows),
        "`UPDATE_DOCS=1` writes the table"
    );
}
