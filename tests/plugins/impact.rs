//! What a plugin of somebody else changes for many programs.

use super::board::{Board, PROPOSAL, misbehaving, word_count};
use serde_json::Value;

const PLUGIN: &str = "[plugins.word-count]\npath = \"libevenhand_plugin_word_count.so\"\n";
const RULE: &str = "ethics/summary-says-enough";
/// What the plugin that misbehaves prints.
const PRINTED: &str = "a plugin's last words";

/// What comes out between two profiles of the board, each a text.
fn impact(board: &Board, old: &str, new: &str) -> Value {
    board.write("old.toml", old);
    board.write("new.toml", new);
    let args = ["rules", "impact", "--old", "old.toml", "--new", "new.toml"];
    let rest = [PROPOSAL, "--date", "2026-11-27", "--format", "json"];
    board
        .run(&[args.as_slice(), &rest].concat())
        .expect(0)
        .json()
}

fn what(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one["what"].as_str().unwrap()).collect()
}

#[test]
fn a_plugin_that_is_added_or_set_otherwise_is_a_cause() {
    let board = Board::with(PLUGIN);
    word_count(&board);
    board.lock();
    let added = impact(&board, "[profile]\nname = \"Old\"\n", PLUGIN);
    assert_eq!(what(&added["differences"]), ["plugins.word-count"]);
    let changes = &added["rows"][0]["changes"];
    let finding = format!("finding.{RULE}");
    assert!(what(changes).contains(&finding.as_str()), "{added:#}");
    let gone = impact(&board, PLUGIN, "[profile]\nname = \"New\"\n");
    assert_eq!(what(&gone["rows"][0]["changes"]), what(changes), "{gone:#}");
    let off = format!("{PLUGIN}[rules.\"{RULE}\"]\nenabled = false\nreason = \"r\"\n");
    let turned_off = impact(&board, PLUGIN, &off);
    assert_eq!(
        what(&turned_off["differences"]),
        [format!("rules.{RULE}.enabled").as_str()]
    );
    assert!(
        what(&turned_off["rows"][0]["changes"]).contains(&finding.as_str()),
        "{turned_off:#}"
    );
    let same = impact(&board, PLUGIN, PLUGIN);
    assert_eq!(what(&same["rows"][0]["changes"]), [""; 0]);
}

/// An author sees what a plugin does to a folder of proposals before any board takes it in.
#[test]
fn an_author_sees_what_a_plugin_changes() {
    let board = Board::with("[profile]\nname = \"Board\"\n");
    let library = word_count(&board);
    board.write(
        "corpus.jsonl",
        "{\"program\": {\"id\": \"a\", \"title\": \"A\"}}\n{\n",
    );
    let test = ["plugin", "test", &library, "--corpus", PROPOSAL];
    let common = ["--date", "2026-11-27"];
    let json = ["--format", "json"];
    let found = board.run(&[test.as_slice(), &common, &json].concat());
    let found = found.expect(0).json();
    assert_eq!(what(&found["differences"]), ["plugins.word-count"]);
    let finding = format!("finding.{RULE}");
    assert!(
        what(&found["rows"][0]["changes"]).contains(&finding.as_str()),
        "{found:#}"
    );
    let shown = board.run(&[test.as_slice(), &common, &["--verbose"]].concat());
    shown.expect(0).shows(&["without libevenhand", RULE]);
    // A broken line among good ones is a row.
    let both = ["--corpus", "corpus.jsonl"];
    let shown = board.run(&[test.as_slice(), &both, &common, &json].concat());
    let shown = shown.expect(2).json();
    assert_eq!(
        (&shown["programs"], &shown["counts"]["broken"]),
        (&3.into(), &1.into())
    );
    // The profile names the plugin already: the library is compared with that version, and nothing changes.
    board.write("evenhand.toml", PLUGIN);
    board.lock();
    let same = board.run(&[test.as_slice(), &common, &json].concat());
    let same = same.expect(0).json();
    assert_eq!(what(&same["rows"][0]["changes"]), [""; 0], "{same:#}");
    board
        .run(&["plugin", "test", "libgone.so", "--corpus", PROPOSAL])
        .expect(2)
        .says(&["cannot read `libgone.so`"]);
}

/// What an isolated plugin logs reaches its author.
#[test]
fn logs_reach_the_author() {
    let board = Board::with("[profile]\nname = \"Board\"\n");
    let library = misbehaving(&board);
    let call = |more: &[&str]| {
        let args = ["plugin", "call", "--plugin", &library];
        board.run(&[args.as_slice(), more].concat())
    };
    let quiet = call(&["misbehaving", "print_stderr"]).expect(0);
    assert!(!quiet.err.contains(PRINTED), "{}", quiet.err);
    for option in ["--log", "--trace"] {
        let loud = call(&[option, "misbehaving", "print_stderr"]).expect(0);
        assert!(loud.err.contains(PRINTED), "{option}: {}", loud.err);
        assert_eq!(loud.out, quiet.out);
    }
    let args = ["--log", "misbehaving", "panic", "nothing is left"];
    let failed = call(&args);
    assert_eq!(failed.code, Some(3), "{}", failed.err);
    assert!(failed.err.contains("nothing is left"), "{}", failed.err);
}

/// A library that is another one than the board accepted is not loaded, and nothing is compared.
#[test]
fn a_plugin_that_is_not_pinned_is_refused_on_either_side() {
    let board = Board::with(PLUGIN);
    word_count(&board);
    board.write("old.toml", "[profile]\nname = \"Old\"\n");
    for (old, new) in [("old.toml", "evenhand.toml"), ("evenhand.toml", "old.toml")] {
        let args = ["rules", "impact", "--old", old, "--new", new, PROPOSAL];
        let ran = board.run(&args).expect(2).says(&["word-count"]);
        assert_eq!(ran.out, "");
    }
}
