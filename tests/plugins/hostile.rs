//! Plugins that misbehave, through `check`: the program is still there afterwards, and says which plugin did what.

use super::board::{Board, PROPOSAL, misbehaving, twin};
use serde_json::Value;

fn board(at: &str, deed: &str) -> Board {
    let board = Board::with("");
    let library = misbehaving(&board);
    board.write(
        "evenhand.toml",
        &format!("[plugins.misbehaving]\npath = \"{library}\"\nsettings = {{ at = \"{at}\", do = \"{deed}\" }}\n"),
    );
    board.lock();
    board
}

/// What is judged without the plugin stays as it is; the report names the plugin and the cause, and the exit code says that
/// something could not be decided.
fn check(at: &str, deed: &str, cause: &[&str]) {
    let board = board(at, deed);
    let mut parts = vec!["! plugin `misbehaving`"];
    parts.extend(cause);
    let shown = board.run(&["check", PROPOSAL]).expect(3).shows(&parts);
    assert!(!shown.out.contains('\u{1b}'), "{deed}: {}", shown.out);

    let card = board
        .run(&["check", PROPOSAL, "--format", "json"])
        .expect(3)
        .json();
    let findings = card.pointer("/findings").and_then(Value::as_array).unwrap();
    let field = |finding: &Value, name: &str| finding.get(name).cloned().unwrap_or_default();
    let rule = |finding: &&Value| field(finding, "rule") == "ethics/misbehaving";
    let own = findings.iter().find(rule).unwrap();
    assert_eq!(field(own, "outcome"), "unknown", "{deed}: {own}");
    assert_eq!(field(own, "degree"), Value::Null, "{deed}: {own}");
    let judged = |finding: &&Value| field(finding, "outcome") != "unknown";
    let others = findings.iter().filter(judged).count();
    assert!(others > 10, "{deed}: the other rules were judged");
}

#[test]
fn a_plugin_that_dies_while_it_derives_is_named_with_the_cause() {
    check("derive", "segfault", &["died", "SIGSEGV"]);
    check("derive", "exit_zero", &["died", "exit status 0"]);
    check(
        "derive",
        "endless_loop",
        &["reached a limit", "500 ms", "stopped"],
    );
    check("derive", "panic", &["panicked"]);
    check(
        "derive",
        "undeclared_facts",
        &["breaks the contract", "`/undeclared` is not declared"],
    );
}

#[test]
fn a_plugin_that_dies_while_it_assesses_is_named_with_the_cause() {
    check("assess", "abort", &["died", "SIGABRT"]);
    check("assess", "stack_overflow", &["died", "signal"]);
    check("assess", "foreign_rule", &["breaks the contract"]);
    check("assess", "hostile_text", &["breaks the contract"]);
}

#[test]
fn what_a_dead_plugin_leaves_open_keeps_a_critical_rule_from_passing() {
    let board = board("derive", "segfault");
    std::fs::create_dir_all(board.path("pack/ethics")).unwrap();
    board.write("pack/pack.toml", "[pack]\nname = \"days\"\ntitle = \"Days\"\nversion = \"0.1.0\"\nlicence = \"MIT\"\nengine = \">=0.1, <0.2\"\n");
    board.write(
        "pack/ethics/enough-days.rhai",
        "fn check(program, param) {\n\
             if program.derived.misbehaving.days >= 1 { met(\"Long enough\") } else { unmet(\"Too short\") }\n\
         }\n",
    );
    board.write("pack/ethics/enough-days.md", RULE);
    let judged = ["check", PROPOSAL, "--pack", "pack", "--format", "json"];
    let card = board.run(&judged).expect(3).json();
    assert_eq!(card["verdict"]["word"], "incomplete", "{}", card["verdict"]);
    let findings = card["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["rule"] == "ethics/enough-days")
        .unwrap();
    assert_eq!(finding["outcome"], "unknown", "{finding}");
}

const RULE: &str = "\
---
title: The program has days
severity: critical
sources: [crump-2010]
limits: A test.
---

A program without days is none.

## How it is judged

By the days that a plugin counts.

## What helps

Days.
";

#[test]
fn what_a_plugin_prints_is_no_part_of_the_report() {
    let board = board("derive", "print_stdout");
    // Not an answer either, so it counts as failed; but the scorecard is whole.
    let card = board
        .run(&["check", PROPOSAL, "--format", "json"])
        .expect(3);
    assert!(card.json()["findings"].is_array());
}

#[test]
fn a_plugin_that_cannot_start_is_a_matter_of_configuration() {
    board("create", "segfault")
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["plugin `misbehaving`", "SIGSEGV", "evenhand.toml:1:10"]);
    board("create", "null_instance")
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["plugin `misbehaving`"]);
}

#[test]
fn a_call_that_kills_its_plugin_ends_the_call_only() {
    let board = Board::with("");
    let library = misbehaving(&board);
    let call = |arguments: &[&str]| {
        let mut args = vec![
            "plugin",
            "call",
            "--no-profile",
            "--plugin",
            &library,
            "misbehaving",
        ];
        args.extend(arguments);
        board.run(&args)
    };
    assert_eq!(call(&["ok", "Ñandú 東京"]).expect(0).out, "Ñandú 東京\n");
    // What the program itself has reserved is no part of the 512 MiB.
    let eaten = call(&["reserve_memory"]).expect(0).out;
    let mebibytes: u32 = eaten.trim_end().trim_end_matches(" MiB").parse().unwrap();
    assert!((384..=512).contains(&mebibytes), "{eaten}");
    call(&["segfault"])
        .expect(3)
        .says(&["plugin `misbehaving` died", "SIGSEGV"]);
    call(&["endless_loop"]).expect(3).says(&["500 ms"]);
    call(&["not_finite"])
        .expect(3)
        .says(&["breaks the contract"]);
    call(&["fail", "no such town"])
        .expect(2)
        .says(&["no such town"]);
    let target = board.path("written");
    call(&["write_file", target.to_str().unwrap()]).expect(2);
    assert!(!target.exists(), "the fence refuses writing");
}

#[test]
fn libraries_that_misbehave_before_they_are_asked_are_refused() {
    let board = Board::with("");
    std::fs::remove_file(board.path("evenhand.toml")).unwrap();
    for (name, cause) in [
        ("evil_rpath", "/opt/evil"),
        ("needs_library", "libresolv"),
        ("fast_math", "-ffast-math"),
        ("load_crash", "SIGSEGV"),
        ("load_exit", "exit status 0"),
        ("manifest_differs", "the manifest inside it"),
        ("wrong_abi", "update"),
        ("undefined_symbol", "cannot be linked"),
    ] {
        let library = twin(&board, name);
        board
            .run(&["check", PROPOSAL, "--plugin", &library])
            .expect(2)
            .says(&["twin", cause]);
    }
    let library = twin(&board, "load_file");
    board.run(&["check", PROPOSAL, "--plugin", &library]);
    assert!(
        !board.path("made-by-plugin").exists(),
        "code that runs at load is fenced too"
    );
}

/// Whatever it waits for, a run ends soon, and the message names the limit that was met.
#[test]
fn a_run_with_a_waiting_plugin_ends_within_twenty_seconds() {
    let waiting = Board::with("");
    let library = twin(&waiting, "load_waits");
    waiting.write(
        "evenhand.toml",
        &format!("[plugins.twin]\npath = \"{library}\"\n"),
    );
    waiting.lock();
    let began = std::time::Instant::now();
    let ran = waiting.run(&["check", PROPOSAL]);
    assert!(ran.code == Some(2), "{ran:?}");
    let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("without computing"), "{said}");
    assert!(began.elapsed().as_secs() < 20);
    for at in ["create", "derive", "assess", "destroy"] {
        let board = Board::with("");
        let library = misbehaving(&board);
        board.write(
            "evenhand.toml",
            &format!(
                "[plugins.misbehaving]\npath = \"{library}\"\n\
                 settings = {{ at = \"{at}\", do = \"slow\", with = \"1000000\" }}\n"
            ),
        );
        board.lock();
        let began = std::time::Instant::now();
        let ran = board.run(&["check", PROPOSAL]);
        assert!(
            began.elapsed().as_secs() < 20,
            "{at}: {:?}",
            began.elapsed()
        );
        if at != "destroy" {
            assert!([Some(2), Some(3)].contains(&ran.code), "{at}: {ran:?}");
            let said = format!("{}{}", ran.out, ran.err);
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                said.contains("misbehaving") && said.contains("without computing"),
                "{at}: {said}"
            );
        }
    }
}
