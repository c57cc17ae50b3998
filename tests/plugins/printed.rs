//! Characters that do not show but do something to what stands around them: whatever a plugin, a profile, a proposal or a
//! partner writes, no command prints one.

use super::board::Board;
use serde_json::{Value, json};
use std::process::{Command, Stdio};

/// One of each kind: turns of direction, separators of lines, control characters, colours of a terminal, no width, tags.
const HIDDEN: &str =
    "\u{202e}\u{2066}\u{61c}\u{2028}\u{85}\u{7}\u{1b}[31m\u{9b}2J\u{200b}\u{feff}\u{e0041}";

fn hidden(text: &str) -> String {
    format!("{text}{HIDDEN}x")
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || (HIDDEN.contains(c) && !c.is_ascii())
        || c == '\u{2029}'
}

/// A register whose every text is hostile.
fn manifest() -> Value {
    json!({
        "manifest_version": 1, "id": "loud", "title": hidden("Loud"), "version": "0.1.0", "abi": "1.0",
        "engine": ">=0.1, <0.2", "licence": hidden("CC0"), "about": hidden("About"),
        "sources": [{ "key": "k", "title": hidden("Source") }],
        "table": { "data": "loud.csv", "key": "partner", "list": "/partners", "by": "id", "year": 2026, "source": "k",
            "columns": [
                { "name": "good", "type": "boolean", "about": hidden("Good"), "otherwise": false },
                { "name": "seats", "type": "integer", "unit": hidden("u"), "about": hidden("Seats") },
                { "name": "note", "type": "text", "about": hidden("Note") } ] }
    })
}

fn proposal(summary: &str) -> Value {
    json!({
        "program": { "title": hidden("Title"), "summary": hidden(summary), "formats": ["outbound_elective"] },
        "partners": [
            { "id": "leiden", "name": hidden("Leiden"), "country": "NL", "role": "lead" },
            { "id": "blantyre", "name": hidden("Blantyre"), "country": "MW", "role": "host_site" } ],
        "attestations": [{ "by": "blantyre", "on": "2026-10-01", "how": hidden("by mail"),
            "covers": ["program.title"], "comments": { "program.title": hidden("yes") } }]
    })
}

fn board() -> Board {
    let text = |text: &str| Value::from(hidden(text)).to_string();
    // JSON leaves as they are what TOML wants as escapes.
    let toml = |text: &str| {
        let escaped = evenhand_core::text::visible_json(&Value::from(hidden(text)).to_string());
        escaped.replace("\\udb40\\udc41", "\\U000e0041")
    };
    assert!(text("a").contains('\u{202e}'));
    let profile = |name: &str, reason: &str| {
        format!(
            "[profile]\nname = {}\n[plugins.loud]\npath = \"loud/loud.csv\"\n\
             [rules.\"equity/co-design\"]\nenabled = false\nreason = {}\n\
             [[waivers]]\nrule = \"ethics/debrief\"\nproposal = \"*\"\nreason = {}\nby = {}\nuntil = 2099-01-01\n",
            toml(name),
            toml(reason),
            toml("waived"),
            toml("Chair")
        )
    };
    let board = Board::with(&profile("Board", "why"));
    board.write("other.toml", &profile("Other", "because"));
    for folder in ["loud", "corpus"] {
        std::fs::create_dir(board.path(folder)).unwrap();
    }
    board.write("loud/plugin.json", &manifest().to_string());
    board.write(
        "loud/loud.csv",
        "partner,good,seats,note\nleiden,true,3,n\u{202e}\u{2028}\u{200b}\u{e0041}y\n",
    );
    let one = proposal("We save the poor");
    for name in ["plan.json", "corpus/plan.json"] {
        board.write(name, &one.to_string());
    }
    board.write("seen.json", &proposal("They save the poor").to_string());
    let mut wrong = one;
    let program = wrong.pointer_mut("/program").unwrap();
    program.as_object_mut().unwrap().extend([
        ("formats".to_owned(), json!([hidden("camp")])),
        ("duration_years".to_owned(), json!(hidden("3"))),
        (hidden("progrm"), json!({ hidden("a"): hidden("b") })),
    ]);
    board.write("wrong.json", &wrong.to_string());
    board
}

/// What a command wrote, part by part where it is an archive.
fn written(board: &Board, args: &[&str]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.args(args).current_dir(board.path("."));
    let output = command
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!errors.contains("panicked at"), "{args:?}: {errors}");
    // A command that was refused would show that nothing is shown.
    let refused = errors.contains("Usage:") || errors.contains("unexpected argument");
    assert!(!refused, "{args:?}: {errors}");
    let mut texts = vec![errors];
    if output.stdout.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(output.stdout)).unwrap();
        for index in 0..archive.len() {
            let part = archive.by_index(index).unwrap();
            texts.push(std::io::read_to_string(part).unwrap());
        }
    } else {
        texts.push(String::from_utf8(output.stdout).unwrap());
    }
    texts
}

#[track_caller]
fn check(board: &Board, args: &[&str]) {
    for text in written(board, args) {
        let text = text.replace("\r\n", "\n");
        if let Some((before, from)) = text
            .find(is_hidden)
            .and_then(|at| text.split_at_checked(at))
        {
            let before: String = before.chars().rev().take(60).collect();
            let before: String = before.chars().rev().collect();
            let from: String = from.chars().take(20).collect();
            panic!("{args:?}: {before:?} {from:?}");
        }
    }
}

#[test]
fn no_report_prints_a_hidden_character() {
    let board = board();
    board.lock();
    for plan in ["plan.json", "wrong.json"] {
        for format in [
            "text", "json", "markdown", "html", "csv", "sarif", "junit", "docx", "xlsx",
        ] {
            check(&board, &["check", plan, "--format", format]);
        }
        check(&board, &["check", plan, "--findings", "--trace", "--trace"]);
    }
    for (command, formats) in [
        (&["questions", "plan.json"][..], &["text", "json"][..]),
        (&["improve", "plan.json"], &["text", "json"]),
        (
            &["what-if", "plan.json", "--set", "program.duration_years=2"],
            &["text", "json"],
        ),
        (&["compare", "plan.json", "seen.json"], &["text", "json"]),
        (
            &["perspectives", "plan.json", "seen.json"],
            &["text", "json", "html", "docx"],
        ),
        (
            &["ask", "plan.json", "--as", "blantyre"],
            &["yaml", "markdown", "html", "xlsx"],
        ),
        (&["memo", "plan.json"], &["markdown", "html", "docx"]),
        (&["portfolio", "corpus"], &["text", "json", "html", "csv"]),
    ] {
        for format in formats {
            check(&board, &[command, &["--format", format]].concat());
        }
    }
}

#[test]
fn no_command_for_plugins_boards_and_records_prints_a_hidden_character() {
    let board = board();
    check(&board, &["plugin", "lock", "--yes"]);
    let impact = [
        "rules",
        "impact",
        "--old",
        "evenhand.toml",
        "--new",
        "other.toml",
        "corpus",
    ];
    for command in [
        &["plugin", "list"][..],
        &["plugin", "list", "--format", "json"],
        &["plugin", "verify"],
        &["plugin", "docs", "loud"],
        &["plugin", "docs", "loud/plugin.json"],
        &["plugin", "call", "loud", "loud_note", "leiden"],
        &[
            "plugin",
            "call",
            "loud",
            "loud_note",
            "leiden",
            "--format",
            "json",
        ],
        &["plugin", "check", "loud/loud.csv"],
        &["plugin", "check", "loud/loud.csv", "--format", "json"],
        &["plugin", "test", "loud/loud.csv", "--corpus", "corpus"],
        &["profile", "show"],
        &["profile", "show", "--format", "json"],
        &["profile", "check"],
        &["profile", "waivers"],
        &["profile", "waivers", "--format", "json"],
        &["profile", "diff", "evenhand.toml", "other.toml"],
        &["rules", "list"],
        &["rules", "docs"],
        &["schema"],
        &impact,
        &[&impact[..], &["--format", "json"]].concat(),
        &["check", "plan.json", "--record", "record.json"],
        &["verify", "record.json"],
        &["verify", "record.json", "--format", "json"],
        &["check", "seen.json", "--since", "record.json"],
    ] {
        check(&board, command);
    }
    let record = board.read("record.json");
    assert!(!record.contains(is_hidden));
}
