//! Every deed does what it says. Each runs in a process of its own, which the parent watches.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use evenhand_plugin::testing::{Harness, document_breaches, function_differences};
use evenhand_plugin::{Argument, ValueType, abi};
use evenhand_plugin_misbehaving::tame::Tame;
use evenhand_plugin_misbehaving::{MANIFEST, deeds, misbehaving_table};
use serde_json::{Value, json};
use std::env;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What becomes of the process that does the deed.
#[derive(Debug, PartialEq)]
enum End {
    /// It is still at it after a second.
    Hangs,
    /// A signal ends it.
    Signal(i32),
    /// It ends with this code, and says nothing more.
    Silent(i32),
    /// The call returns; this is what the harness makes of it.
    Returns(String),
}

const ABORT: i32 = 6;
const SEGFAULT: i32 = 11;

/// The child's part: does one deed, and says what came of it.
#[test]
#[ignore = "run by the other tests as a process of its own"]
fn child() {
    let order: Value = serde_json::from_str(&env::var("EVENHAND_DEED").unwrap()).unwrap();
    let (name, with) = (
        order["do"].as_str().unwrap(),
        order["with"].as_str().unwrap_or_default(),
    );
    let result = if order.get("at").is_some() {
        let made = Harness::new(misbehaving_table(), &order);
        let derived = made.and_then(|mut plugin| plugin.derive(&json!({"weeks": 2})));
        derived.map(|derived| format!("{:?}", derived.facts))
    } else {
        let mut plugin = Harness::new(misbehaving_table(), &json!({})).unwrap();
        let takes = deeds::named(name).is_none_or(|deed| deed.takes_text);
        let args: Vec<Argument> = if takes { vec![with.into()] } else { Vec::new() };
        let first = plugin.call(name, &args);
        let repeated = name == "late_sink";
        let last = if repeated {
            plugin.call(name, &args)
        } else {
            first
        };
        if name == "late_crash" {
            thread::sleep(Duration::from_secs(2));
        }
        last.map(|answer| format!("{answer:?}"))
    };
    let text = result.unwrap_or_else(|failure| failure.to_string());
    eprintln!("RETURNS {text}");
}

fn end_of(order: &Value) -> End {
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("EVENHAND_DEED", order.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    });
    let patience = Duration::from_secs(if order["do"] == "endless_loop" { 1 } else { 60 });
    let started = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if started.elapsed() > patience => {
                child.kill().unwrap();
                child.wait().unwrap();
                return End::Hangs;
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let text = reader.join().unwrap();
    match (
        status.signal(),
        text.lines().find_map(|line| line.split_once("RETURNS ")),
    ) {
        (Some(signal), _) => End::Signal(signal),
        (None, Some((_, said))) => End::Returns(said.to_owned()),
        (None, None) => End::Silent(status.code().unwrap()),
    }
}

fn end(name: &str) -> End {
    end_of(&json!({ "do": name }))
}

#[track_caller]
fn returns(name: &str, with: &str, words: &str) {
    match end_of(&json!({"do": name, "with": with})) {
        End::Returns(said) => assert!(said.contains(words), "{name}: {said}"),
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn crashes_crash() {
    assert_eq!(end("panic_bare"), End::Signal(ABORT));
    assert_eq!(end("abort"), End::Signal(ABORT));
    assert_eq!(end("segfault"), End::Signal(SEGFAULT));
    assert_eq!(
        end("stack_overflow"),
        End::Signal(ABORT),
        "Rust's guard page reports, then aborts"
    );
    assert_eq!(end("failed_allocation"), End::Signal(ABORT));
    assert_eq!(end("endless_loop"), End::Hangs);
    assert_eq!(end("exit_zero"), End::Silent(0));
    assert_eq!(end("late_crash"), End::Signal(ABORT));
    for name in ["heap_damage", "double_free"] {
        let end = end(name);
        assert!(matches!(end, End::Signal(_)), "{name}: {end:?}");
    }
}

#[test]
fn memory_is_eaten_up_to_a_limit() {
    let limited = Command::new("sh")
        .args([
            "-c",
            "ulimit -v 600000; exec \"$0\" --ignored --exact child --nocapture",
        ])
        .arg(env::current_exe().unwrap())
        .env("EVENHAND_DEED", r#"{"do": "eat_memory"}"#)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&limited.stderr).into_owned();
    let (_, eaten) = text
        .split_once("RETURNS Text(\"")
        .unwrap_or_else(|| panic!("{text}"));
    let mebibytes: u32 = eaten.split(' ').next().unwrap().parse().unwrap();
    assert!((100..600).contains(&mebibytes), "{mebibytes} MiB");
}

#[test]
fn bad_answers_are_bad() {
    returns("bad_utf8", "", "the answer is not UTF-8");
    returns("bad_json", "", "is not JSON");
    returns("deep_json", "", "recursion limit");
    returns("huge_number", "", "out of range");
    returns("null_answer", "", "status 4");
    returns("long_claim", "", "status 4");
    returns("impossible_length", "", "status 4");
    returns("long_answer", "", "status 4");
    returns("stubborn_answer", "", "status 4");
    returns("text_in_value", "", "Text(\"\")");
    returns("bogus_tag", "", "unknown tag 77");
    returns("bogus_status", "", "status 77");
    returns("negative_status", "", "status -1");
    returns("no_answer", "", "gave unit, the manifest declares i64");
    returns("wrong_type", "", "gave f64, the manifest declares i64");
    returns("not_finite", "", "not a finite number: NaN");
    returns("infinite", "", "not a finite number: inf");
    returns("bad_bool", "", "truth value of 7");
    assert_eq!(end("dangling_answer"), End::Signal(SEGFAULT));
    assert_ne!(end("late_sink"), End::Hangs, "anything may come of it");
}

#[test]
fn the_world_outside_is_reached() {
    let folder = env!("CARGO_TARGET_TMPDIR");
    let path = format!("{folder}/written-by-a-plugin");
    returns("write_file", &path, "written");
    returns("read_file", &path, "a plugin was here");
    returns("delete_file", &path, "deleted");
    returns("read_file", &path, "status 1");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    returns(
        "connect",
        &listener.local_addr().unwrap().to_string(),
        "connected",
    );
    returns("open_socket", "", "bound");
    returns("spawn_process", "true", "ran: exit status: 0");
    returns("fork", "", "forked");
    returns("read_environment", "EVENHAND_DEED", "read_environment");
    returns("print_stderr", "", "printed");
    let mut plugin = Harness::new(misbehaving_table(), &json!({})).unwrap();
    assert_eq!(plugin.call("print_stdout", &[]), Ok("printed".into()));
    let started = Instant::now();
    assert_eq!(plugin.call("slow", &["30".into()]), Ok(Argument::Unit));
    assert!(started.elapsed() >= Duration::from_millis(30));
}

#[test]
fn drifting_answers_drift() {
    for name in ["clock", "counter"] {
        let mut plugin = Harness::new(misbehaving_table(), &json!({})).unwrap();
        assert_ne!(
            plugin.call(name, &[]).unwrap(),
            plugin.call(name, &[]).unwrap(),
            "{name}"
        );
    }
    for name in ["address", "hash_order"] {
        let ends: Vec<End> = (0..4).map(|_| end(name)).collect();
        assert!(ends.iter().any(|end| *end != ends[0]), "{name}: {ends:?}");
    }
}

#[test]
fn deeds_can_be_ordered_for_other_moments() {
    let at = |at: &str, deed: &str| end_of(&json!({"at": at, "do": deed}));
    for moment in ["create", "derive", "destroy"] {
        assert_eq!(at(moment, "abort"), End::Signal(ABORT), "{moment}");
        assert_eq!(at(moment, "segfault"), End::Signal(SEGFAULT), "{moment}");
    }
    let said = |moment: &str, deed: &str, words: &str| match at(moment, deed) {
        End::Returns(said) => assert!(said.contains(words), "{moment} {deed}: {said}"),
        other => panic!("{moment} {deed}: {other:?}"),
    };
    said("assess", "abort", "14"); // deriving is not concerned
    said("create", "null_instance", "gave no instance");
    said("create", "panic", "status 5: panicked: as ordered");
    said("create", "fail", "status 1: as ordered");
    said("derive", "panic", "status 5: panicked: as ordered");
    said("derive", "bad_utf8", "breaks the contract");
    said("derive", "wrong_shape", "unknown field `fact`");
    said("derive", "undeclared_facts", "undeclared");
    said("destroy", "panic", "14"); // caught: nobody hears of it
}

#[test]
fn documents_break_what_they_should() {
    let expected = [
        ("wrong_shape", "derive", "malformed: unknown field `fact`"),
        ("array_document", "derive", "malformed"),
        (
            "undeclared_facts",
            "derive",
            "`/undeclared` is not declared",
        ),
        ("wrong_facts", "derive", "`/days` is text, expected integer"),
        ("foreign_input", "derive", "`/budget` is outside"),
        ("fact_and_missing", "derive", "the fact `/days` is there"),
        (
            "foreign_rule",
            "assess",
            "no rule `ethics/of-somebody-else`",
        ),
        ("bad_degree", "assess", "degree Some(7.0) does not fit"),
        (
            "bad_outcome",
            "assess",
            "malformed: unknown variant `splendid`",
        ),
        (
            "false_quote",
            "assess",
            "`/weeks` is no text, and cannot be quoted",
        ),
        ("hostile_text", "assess", "`{nobody}`, but no such argument"),
    ];
    assert_eq!(
        expected.map(|(name, ..)| name).to_vec(),
        names(deeds::document::DEEDS)
    );
    for (name, moment, words) in expected {
        let settings = json!({"at": moment, "do": name});
        let found = document_breaches(misbehaving_table(), &settings, &[json!({"weeks": 2})]);
        assert!(
            found.iter().any(|breach| breach.contains(words)),
            "{name}: {found:#?}"
        );
    }
}

fn names(deeds: &[deeds::Deed]) -> Vec<&'static str> {
    deeds.iter().map(|deed| deed.name).collect()
}

#[test]
fn the_tame_part_is_lawful() {
    let proposals = [json!({"weeks": 2}), json!({"weeks": 0, "other": 1})];
    assert_eq!(
        function_differences::<Tame>().len(),
        deeds::all().count(),
        "the rest are deeds"
    );
    let mut plugin = Harness::new(misbehaving_table(), &json!({})).unwrap();
    assert_eq!(plugin.call("ok", &["text".into()]), Ok("text".into()));
    assert_eq!(
        plugin.call("fail", &["why".into()]).unwrap_err().status,
        abi::STATUS_FAILED
    );
    assert_eq!(
        plugin.call("panic", &["why".into()]).unwrap_err().status,
        abi::STATUS_PANIC
    );
    assert_eq!(
        document_breaches(misbehaving_table(), &json!({}), &proposals),
        [""; 0]
    );
}

#[test]
fn the_manifest_lists_every_deed() {
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let functions = manifest["functions"].as_array().unwrap();
    let deeds: Vec<_> = deeds::all().collect();
    assert_eq!(functions.len(), 3 + deeds.len());
    for (function, deed) in functions[3..].iter().zip(deeds) {
        assert_eq!(function["name"], deed.name);
        assert_eq!(
            ValueType::named(function["returns"].as_str().unwrap()),
            Some(deed.returns)
        );
        let takes: Vec<_> = function["params"]
            .as_array()
            .unwrap()
            .iter()
            .map(|param| &param["type"])
            .collect();
        assert_eq!(
            takes,
            if deed.takes_text { vec!["str"] } else { vec![] },
            "{}",
            deed.name
        );
    }
    let readme = include_str!("../README.md");
    for deed in deeds::all() {
        assert!(
            readme.contains(&format!("`{}`", deed.name)),
            "the README says nothing of `{}`",
            deed.name
        );
    }
}
