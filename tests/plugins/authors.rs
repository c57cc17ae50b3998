//! What authors do: the examples, a project of their own, the conformance suite, calls and pages.

use super::board::{Board, PROPOSAL, cargo_target, install, misbehaving, tiny, twin, word_count};
use crate::assembly::root;
use std::fs;

fn board() -> Board {
    let board = Board::with("");
    fs::remove_file(board.path("evenhand.toml")).unwrap();
    board
}

#[test]
fn the_example_in_c_keeps_the_contract_and_can_be_tried() {
    let board = board();
    let library = tiny(&board, "");
    let checked = board
        .run(&["plugin", "check", &library, "--verbose"])
        .expect(0);
    checked.shows(&[
        "ok E02 it exports its entry `evenhand_tiny_v1`",
        " 0 failed",
    ]);
    let months = board.run(&[
        "plugin", "call", "--plugin", &library, "tiny", "months", "2.5",
    ]);
    assert_eq!(months.expect(0).out, "30 mo\n");
    let wrong = [
        "plugin", "call", "--plugin", &library, "tiny", "month", "2.5",
    ];
    board
        .run(&wrong)
        .expect(2)
        .says(&["has no function `month`", "did you mean `months`?"]);
    let wrong = [
        "plugin", "call", "--plugin", &library, "tiny", "months", "two", "3",
    ];
    board.run(&wrong).expect(2).says(&[
        "`two` cannot be `years` of `months(years: f64) -> f64`",
        "expected a number",
        "takes 1 argument, 2 given",
    ]);
    let wrong = [
        "plugin", "call", "--plugin", &library, "tinny", "months", "2",
    ];
    board
        .run(&wrong)
        .expect(2)
        .says(&["no plugin `tinny` takes part", "did you mean `tiny`?"]);
}

#[test]
fn the_example_in_rust_takes_part_with_its_own_rule() {
    let board = board();
    let library = word_count(&board);
    board
        .run(&["plugin", "check", &library])
        .expect(0)
        .shows(&["0 failed"]);
    let summary = "\nprogram:\n  summary: Twelve departments meet online.\n";
    let proposal = board.read(PROPOSAL);
    board.write(PROPOSAL, &proposal.replacen("\nprogram:\n", summary, 1));
    let judged = ["check", PROPOSAL, "--plugin", &library, "--format", "json"];
    let card = board.run(&judged).expect(0).json();
    let findings = card["findings"].as_array().unwrap();
    let own = |finding: &&serde_json::Value| finding["rule"] == "ethics/summary-says-enough";
    let finding = findings.iter().find(own).unwrap();
    assert_eq!(
        finding["evidence"][0]["path"], "/program/summary",
        "{finding}"
    );
    assert_eq!(finding["outcome"], "partly");
    assert_eq!(card["derived"]["word_count"]["summary"], 4);
}

#[test]
fn a_page_says_what_the_manifest_says() {
    let board = board();
    let library = word_count(&board);
    board.run(&["plugin", "docs", &library]).expect(0).shows(&[
        "# Word count",
        "- `/program/title`",
        "| `derived.word_count.total` | integer | Words of all three, where all are given |",
        "### `count_words(text: str) -> i64`",
        "### The summary is long enough to be judged",
        "| `least_words` | integer | Words that a summary should have. At least 1. Otherwise 30 |",
    ]);
    board.run(&["plugin", "docs", "climate"]).expect(0).shows(&[
        "## Sources",
        "`great_circle_km(from: str, to: str) -> f64`",
        "The answer is in km.",
    ]);
    board
        .run(&["plugin", "docs", "plugin.json"])
        .expect(0)
        .shows(&["# Word count"]);
    board
        .run(&["plugin", "docs", "climat"])
        .expect(2)
        .says(&["did you mean `climate`?"]);
}

#[test]
fn the_list_names_what_each_reads_and_adds() {
    let board = Board::with("[plugins.word-count]\npath = \"libevenhand_plugin_word_count.so\"\n");
    word_count(&board);
    board
        .run(&["plugin", "list"])
        .expect(2)
        .shows(&["word-count 0.1.0 · isolated", "NOT PINNED"]);
    board.lock();
    let listed = board.run(&["plugin", "list"]).expect(0).shows(&[
        "ethics 0.1.0 · bundled",
        "word-count 0.1.0 · isolated",
        "(pinned)",
        "signed by nobody",
        "functions count_words",
        "rules ethics/summary-says-enough",
    ]);
    let too_long = listed.out.lines().find(|line| line.chars().count() > 80);
    assert_eq!(too_long, None);
    let rows = board
        .run(&["plugin", "list", "--format", "json"])
        .expect(0)
        .json();
    let rows = rows.as_array().unwrap();
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(
        ids,
        [
            "climate",
            "equity",
            "ethics",
            "sustainability",
            "word-count"
        ]
    );
    assert_eq!(rows[4]["pinned"], true);
    assert_eq!(rows[4]["sandbox"]["calls"], cfg!(target_os = "linux"));
}

/// Rules of plugins are listed and explained as those of packs are.
#[test]
fn rules_of_plugins_are_listed_and_explained() {
    let board = Board::with(
        "[plugins.word-count]\npath = \"libevenhand_plugin_word_count.so\"\n\n[rules.\"ethics/publicity-language\"]\nenabled = false\nreason = \"Read by hand\"\n",
    );
    word_count(&board);
    board.lock();
    board.run(&["rules", "list"]).expect(0).shows(&[
        "ethics/summary-says-enough (the plugin word-count)",
        "ethics/publicity-language (the plugin ethics) (turned off)",
    ]);
    for name in ["ethics/summary-says-enough", "summary-says-enough"] {
        board.run(&["explain", name]).expect(0).shows(&[
            "ethics/summary-says-enough · info · assessed by the plugin word-count 0.1.0",
            "Limits",
        ]);
    }
    board
        .run(&["explain", "publicity-language"])
        .expect(0)
        .shows(&["Turned off: Read by hand", "dochas-2007: "]);
    board
        .run(&["explain", "summary-says-enougth"])
        .expect(2)
        .says(&["is not a rule"]);
}

#[test]
fn the_suite_finds_what_a_plugin_does_wrong() {
    let board = board();
    for (name, id) in [
        ("counter", "D01"),
        ("type_lie", "C01"),
        ("visible_helper", "E03"),
        ("leak", "R01"),
    ] {
        let library = twin(&board, name);
        let report = board
            .run(&["plugin", "check", &library, "--format", "json"])
            .expect(1)
            .json();
        assert_eq!(report["passed"], false);
        let checks = report["checks"].as_array().unwrap();
        let failed: Vec<&str> = checks
            .iter()
            .filter(|check| check["passed"] == false)
            .filter_map(|check| check["id"].as_str())
            .collect();
        assert!(failed.contains(&id), "{name}: {failed:?}");
    }
    let library = twin(&board, "counter");
    board
        .run(&["plugin", "check", &library])
        .expect(1)
        .shows(&["FAILED D01", "passed,"]);
    board
        .run(&["plugin", "check", "nowhere.so"])
        .expect(2)
        .says(&["no such file"]);
}

/// The library of a first-party plugin, as Cargo built it, passes everything.
#[track_caller]
fn keeps_the_contract(id: &str) {
    let board = board();
    let library = std::env::current_exe()
        .unwrap()
        .with_file_name(format!("libevenhand_plugin_{id}.so"));
    let manifest = root().join(format!("plugins/{id}/plugin.json"));
    let library = install(&board, &library, &manifest);
    let name = format!("Plugin `{id}` from `{library}`");
    board
        .run(&["plugin", "check", &library])
        .expect(0)
        .shows(&[&name, " 0 failed"]);
}

#[test]
fn climate_keeps_the_contract_as_a_library() {
    keeps_the_contract("climate");
}

#[test]
fn equity_keeps_the_contract_as_a_library() {
    keeps_the_contract("equity");
}

#[test]
fn ethics_keeps_the_contract_as_a_library() {
    keeps_the_contract("ethics");
}

#[test]
fn sustainability_keeps_the_contract_as_a_library() {
    keeps_the_contract("sustainability");
}

#[test]
fn a_bundled_plugin_is_checked_as_it_is_part_of_the_program() {
    let board = board();
    let report = board
        .run(&["plugin", "check", "equity", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(report["plugin"], "equity");
    assert_eq!(report["library"], serde_json::Value::Null);
    let checks = report["checks"].as_array().unwrap();
    let ids: Vec<&str> = checks
        .iter()
        .filter_map(|check| check["id"].as_str())
        .collect();
    // Everything but what concerns a file.
    assert_eq!(ids[..3], ["M01", "M02", "L01"]);
    for id in ["C01", "V02", "D03", "D06", "R02", "A02"] {
        assert!(ids.contains(&id), "{id} is not in {ids:?}");
    }
    // With the settings of the profile.
    board.write(
        "evenhand.toml",
        "[plugins.equity]\nsettings = { south = [\"poor\"] }\n",
    );
    board
        .run(&["plugin", "check", "equity"])
        .expect(1)
        .shows(&["FAILED L01", "\"poor\", expected one of"]);
    board
        .run(&["plugin", "check", "equit", "--profile", "evenhand.toml"])
        .expect(2)
        .says(&["did you mean `equity`?"]);
}

/// What only the engine can say of a plugin is part of the report: it must not pass here and be refused in `check`.
#[test]
fn the_suite_says_what_the_engine_refuses() {
    let board = board();
    tiny(&board, "");
    let manifest = board.read("plugin.json");
    let check = |from: &str, to: &str, words: &[&str]| {
        assert!(manifest.contains(from), "{from}");
        board.write("plugin.json", &manifest.replace(from, to));
        let page = fs::read_to_string(root().join("examples/plugins/tiny-c/README.md")).unwrap();
        let line = page
            .lines()
            .skip_while(|line| !line.starts_with("```sh"))
            .nth(1);
        let include = root().join("plugins/sdk/include");
        let line = line
            .unwrap()
            .replace("../../../plugins/sdk/include", include.to_str().unwrap());
        board.build_in(".", "sh", &["-c", &line]);
        board
            .run(&["plugin", "check", "libtiny.so"])
            .expect(1)
            .shows(words);
    };
    check(
        "\"months\",",
        "\"share\",",
        &[
            "FAILED A01",
            "a function `share`, which every script has already",
        ],
    );
    check(
        "[\"/program/duration_years\"]",
        "[\"/program/duration_years\", \"/flows/0/weeks\"]",
        &["FAILED A01", "reads a single element of a list"],
    );
}

#[test]
fn a_new_project_in_c_builds_passes_its_test_and_is_checked() {
    let board = board();
    board
        .run(&["plugin", "new", "air-quality", "--lang", "c"])
        .expect(0)
        .shows(&["make test"]);
    board
        .build_in("air-quality", "make", &["test"])
        .shows(&["all is as expected"]);
    board.build_in("air-quality", "make", &[]);
    // The manifest beside the library follows the one that is written, as soon as it is built again, and not before.
    let built = "air-quality/build/plugin.json";
    assert_eq!(board.read(built), board.read("air-quality/plugin.json"));
    let changed = board.read(built).replace("Air quality", "The air");
    board.write("air-quality/plugin.json", &changed);
    board
        .run_in(
            "air-quality",
            &["plugin", "check", "build/libair_quality.so"],
        )
        .expect(0);
    board.build_in("air-quality", "make", &[]);
    assert_eq!(board.read(built), changed);
    board
        .run_in(
            "air-quality",
            &["plugin", "check", "build/libair_quality.so"],
        )
        .expect(0);
    let call = [
        "plugin",
        "call",
        "--plugin",
        "air-quality/build/libair_quality.so",
        "air-quality",
        "air_quality_months",
        "-1.5",
    ];
    assert_eq!(board.run(&call).expect(0).out, "-18 mo\n");
    let header = root().join("plugins/sdk/include/evenhand_plugin.h");
    assert_eq!(
        board.read("air-quality/evenhand_plugin.h"),
        fs::read_to_string(header).unwrap()
    );
}

#[test]
fn a_new_project_in_rust_builds_passes_its_tests_and_is_checked() {
    let board = board();
    board
        .run(&["plugin", "new", "air-quality"])
        .expect(0)
        .shows(&["cargo test", "libevenhand_plugin_air_quality"]);
    board
        .build_in("air-quality", env!("CARGO"), &["test", "--offline"])
        .shows(&["0 failed"]);
    board.build_in("air-quality", env!("CARGO"), &["build", "--offline"]);
    // The build writes the manifest beside the library.
    let folder = cargo_target().join("debug");
    let manifest = folder.join("evenhand_plugin_air_quality.json");
    let written = fs::read_to_string(&manifest).unwrap();
    assert_eq!(written, board.read("air-quality/plugin.json"));
    let library = folder.join("libevenhand_plugin_air_quality.so");
    let library = install(&board, &library, &manifest);
    board.run(&["plugin", "check", &library]).expect(0);
    let judged = ["check", PROPOSAL, "--plugin", &library, "--format", "json"];
    let card = board.run(&judged).expect(0).json();
    assert_eq!(
        card["derived"]["air_quality"]["months"].as_f64(),
        Some(36.0)
    );
}

/// A project builds wherever it lies: it takes the SDK along, byte for byte, and names nothing outside itself.
#[test]
fn a_new_project_in_rust_takes_the_sdk_along() {
    let board = board();
    board
        .run(&["plugin", "new", "air"])
        .expect(0)
        .shows(&["with the SDK in `air/vendor`"]);
    for (package, folder) in [
        ("evenhand-plugin", "plugins/sdk"),
        ("evenhand-contract", "plugins/contract"),
    ] {
        for file in ["Cargo.toml", "src/lib.rs"] {
            let source = fs::read_to_string(root().join(folder).join(file)).unwrap();
            assert_eq!(board.read(&format!("air/vendor/{package}/{file}")), source);
        }
    }
    let sources = fs::read_dir(root().join("plugins/sdk/src/testing/laws")).unwrap();
    let vendored = fs::read_dir(board.path("air/vendor/evenhand-plugin/src/testing/laws")).unwrap();
    assert_eq!(vendored.count(), sources.count());
    let manifest = board.read("air/Cargo.toml");
    for line in manifest.lines().filter(|line| line.contains("path = ")) {
        assert!(line.contains("path = \"vendor/"), "{line}");
    }
    assert!(manifest.contains("\nserde = "), "{manifest}");
    assert!(!manifest.contains("{{"), "{manifest}");
}

#[test]
fn a_new_project_never_touches_what_is_there() {
    let board = board();
    fs::create_dir(board.path("air")).unwrap();
    board.write("air/mine", "mine");
    board
        .run(&["plugin", "new", "air"])
        .expect(2)
        .says(&["`air` is here already"]);
    assert_eq!(fs::read_dir(board.path("air")).unwrap().count(), 1);
    let wrong = board
        .run(&["plugin", "new", "Air_Quality", "--lang", "c"])
        .expect(2);
    wrong.says(&["did you mean `air-quality`?"]);
    board
        .run(&["plugin", "new", "climate"])
        .expect(2)
        .says(&["comes with evenhand"]);
    let here = fs::read_dir(board.path(".")).unwrap();
    let names: Vec<_> = here
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "nothing was left behind: {names:?}");
}

#[test]
fn the_text_of_a_manifest_cannot_move_the_cursor() {
    let board = board();
    let library = misbehaving(&board);
    let manifest = board
        .read("plugin.json")
        .replace("\"Misbehaving\"", "\"Mis\\u001b[2J|\\u202ebehaving\"");
    board.write("plugin.json", &manifest);
    for args in [
        &["plugin", "docs", library.as_str()][..],
        &["plugin", "list", "--plugin", library.as_str()],
    ] {
        let ran = board.run(args);
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{}", ran.out);
        assert!(!ran.err.contains(['\u{1b}', '\u{202e}']), "{}", ran.err);
    }
}
