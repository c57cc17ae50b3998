//! What is pinned is what runs, and a person accepts it.

use super::board::{Board, PROPOSAL, tiny, word_count};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

const TINY: &str = "[plugins.tiny]\npath = \"libtiny.so\"\n";

fn board_with_tiny() -> Board {
    let board = Board::with(TINY);
    tiny(&board, "");
    board
}

fn sha256(board: &Board, name: &str) -> String {
    let sum = board.build_in(".", "sha256sum", &[name]);
    sum.out.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn nothing_of_a_profile_runs_before_it_is_pinned() {
    let board = board_with_tiny();
    let digest = sha256(&board, "libtiny.so");
    for command in [&["check", PROPOSAL][..], &["rules", "list"], &["schema"]] {
        board.run(command).expect(2).says(&[
            "plugin `tiny` is not pinned",
            "no evenhand.lock beside the profile",
            &digest,
            "`evenhand plugin lock tiny`",
            "evenhand.toml:1:10",
        ]);
    }
    board
        .run(&["plugin", "verify"])
        .expect(2)
        .says(&["not pinned"]);
}

#[test]
fn a_pin_shows_what_is_asked_for_and_needs_a_persons_yes() {
    let board = board_with_tiny();
    let digest = sha256(&board, "libtiny.so");
    let shown = [
        "tiny 0.1.0 · new",
        &format!("sha256:{digest}"),
        &format!("sha256:{}", sha256(&board, "plugin.json")),
        "signed by nobody",
        "reads these parts of a proposal, with everything below them + /program/duration_years",
        "provides these facts about a proposal + /months",
        "functions + months",
    ];
    let asked = board.run(&["plugin", "lock"]).expect(2).shows(&shown);
    asked.says(&["nothing was written", "--yes"]);
    assert!(!board.path("evenhand.lock").exists());
    board
        .run(&["plugin", "lock", "--yes"])
        .expect(0)
        .shows(&shown);
    assert!(board.read("evenhand.lock").contains(&digest));
    board
        .run(&["plugin", "lock"])
        .expect(0)
        .shows(&["Nothing to do"]);
    board
        .run(&["plugin", "verify"])
        .expect(0)
        .shows(&["as pinned, unsigned", &digest]);

    let card = board
        .run(&["check", PROPOSAL, "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(card["derived"]["tiny"]["months"], 36);
    let receipt = &card["receipt"]["plugins"]["tiny"];
    assert_eq!(receipt["sha256"], digest.as_str());
    assert_eq!(receipt["mode"], "isolated");
}

#[test]
fn other_bytes_are_refused_until_the_difference_is_accepted() {
    let board = board_with_tiny();
    board.lock();
    let before = sha256(&board, "libtiny.so");
    tiny(&board, "-DOTHER -O0");
    let after = sha256(&board, "libtiny.so");
    assert_ne!(before, after);
    let said = [
        "the library of plugin `tiny` is not the one in the lock file",
        &before,
        &after,
        "plugin lock --update tiny",
    ];
    for command in [
        &["check", PROPOSAL][..],
        &["plugin", "verify"],
        &["plugin", "lock", "--yes"],
        &["plugin", "call", "tiny", "months", "1"],
        &["plugin", "list"],
    ] {
        board.run(command).expect(2).says(&said);
    }
    let update = ["plugin", "lock", "--update", "tiny", "--yes"];
    board.run(&update).expect(0).shows(&[
        "tiny 0.1.0 · changed",
        &format!("- sha256:{before}"),
        &format!("+ sha256:{after}"),
        "It reads and adds what it did before.",
    ]);
    board.run(&["check", PROPOSAL]).expect(0);
}

#[test]
fn an_update_shows_what_is_asked_for_more() {
    let board = board_with_tiny();
    board.lock();
    let manifest = board.read("plugin.json");
    let more = manifest.replace(
        "\"reads\": [\"/program/duration_years\"]",
        "\"reads\": [\"/program/duration_years\", \"/finance\"]",
    );
    assert_ne!(manifest, more);
    board.write("plugin.json", &more);
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["the manifest of plugin `tiny`"]);
    board
        .run(&["plugin", "lock", "--update", "--yes"])
        .expect(0)
        .shows(&[
            "manifest was, and would be:",
            "everything below them + /finance",
        ]);
    // Accepted or not: the manifest inside is another, and is not believed.
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["the manifest inside it"]);
}

#[test]
fn every_problem_of_a_profile_is_said_at_once_and_in_its_place() {
    let board = Board::with(
        "[plugins.climat]\nsettings = {}\n\
         [plugins.ethics]\nisolation = \"none\"\n\
         [plugins.equity]\nsettings = { south = 3 }\n\
         [plugins.gone]\npath = \"gone.so\"\n\
         [plugins.other]\npath = \"libtiny.so\"\n",
    );
    tiny(&board, "");
    board.run(&["check", PROPOSAL]).expect(2).says(&[
        "`climat` is not a plugin that comes with evenhand",
        "did you mean `climate`?",
        "`ethics` is part of evenhand",
        "settings of plugin `equity`: `/south` is 3, expected array",
        "evenhand.toml:6:22",
        "cannot read `gone.so`: there is no such file",
        "`libtiny.so` is plugin `tiny`",
        "write `[plugins.tiny]`",
        "5 problems",
    ]);
}

#[test]
fn a_broken_lock_file_is_no_empty_one() {
    let board = board_with_tiny();
    board.write("evenhand.lock", "[[plugin]]\nid = 1\n");
    for command in [
        &["check", PROPOSAL][..],
        &["plugin", "lock", "--yes"],
        &["plugin", "verify"],
    ] {
        board
            .run(command)
            .expect(2)
            .says(&["evenhand.lock", "line 2", "expected a string"]);
    }
    assert_eq!(board.read("evenhand.lock"), "[[plugin]]\nid = 1\n");
}

#[test]
fn files_that_others_can_change_are_refused() {
    let board = board_with_tiny();
    board.lock();
    let library = board.path("libtiny.so");
    fs::set_permissions(&library, fs::Permissions::from_mode(0o666)).unwrap();
    for command in [&["plugin", "verify"][..], &["check", PROPOSAL]] {
        board
            .run(command)
            .expect(2)
            .says(&["can be changed by others (mode 0666)", "chmod go-w"]);
    }
}

#[test]
fn a_signature_by_a_key_of_the_profile_must_fit_the_bytes() {
    const KEY: &str = "RWSlYUUnDOazvqhI7kg/YPVoddUPmpaibX1s2Mi8HkTpHj40tuyX4ITG";
    // Made once with a key that is worth nothing, of other bytes.
    const SIGNATURE: &str = "untrusted comment: signature from a test key\n\
        RUSlYUUnDOazvlOdjPfqJZydhnDgea9HkQOwLJ+bcSaKOrsu4WcnyPH366JVhe80iCHWiKE83PzscJ1wLa6SzW7bZga5zuVfoQ0=\n\
        trusted comment: test\n\
        hPzNt5t+Z3Vze1UEKWpDIhNJLyy9AowM6RbR/HVezx/YIzjpn34lLwNQGnSYha3ld5v5pQW1a6e1WIsRanbEBg==\n";
    let board = board_with_tiny();
    board.write("libtiny.so.minisig", SIGNATURE);
    board.lock();
    let stranger = "signed with a key that the profile does not list";
    board
        .run(&["plugin", "verify"])
        .expect(0)
        .shows(&[stranger]);
    board.write("evenhand.toml", &format!("{TINY}keys = [\"{KEY}\"]\n"));
    for command in [
        &["plugin", "verify"][..],
        &["check", PROPOSAL],
        &["plugin", "lock", "--yes"],
    ] {
        let refused = board.run(command).expect(2);
        refused.says(&["signature of plugin `tiny` does not fit its library"]);
    }
}

#[test]
fn the_fence_is_taken_away_by_a_person_in_two_places() {
    let board = board_with_tiny();
    board.write("evenhand.toml", &format!("{TINY}isolation = \"none\"\n"));
    board
        .run(&["plugin", "lock", "--yes"])
        .expect(0)
        .shows(&["mode = \"in-process\""]);
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["a person must write `mode = \"in-process\"`"]);
    let lock = board
        .read("evenhand.lock")
        .replace("\"isolated\"", "\"in-process\"");
    board.write("evenhand.lock", &lock);
    let card = board
        .run(&["check", PROPOSAL, "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(card["receipt"]["plugins"]["tiny"]["mode"], "in-process");
    // Locking again keeps what the person wrote.
    tiny(&board, "-O0");
    board
        .run(&["plugin", "lock", "--update", "--yes"])
        .expect(0);
    assert!(
        board
            .read("evenhand.lock")
            .contains("mode = \"in-process\"")
    );
}

#[test]
fn what_the_command_line_names_runs_isolated_and_is_said_to_be_unpinned() {
    let board = Board::with("");
    fs::remove_file(board.path("evenhand.toml")).unwrap();
    tiny(&board, "");
    let digest = sha256(&board, "libtiny.so");
    let checked = [
        "check",
        PROPOSAL,
        "--plugin",
        "libtiny.so",
        "--format",
        "json",
    ];
    let card = board.run(&checked).expect(0).says(&[
        "plugin `tiny` 0.1.0 from `libtiny.so` runs because --plugin names it; it is not pinned",
        &digest,
    ]);
    let card = card.json();
    assert_eq!(card["derived"]["tiny"]["months"], 36);
    assert_eq!(card["receipt"]["plugins"]["tiny"]["mode"], "isolated");
    let twice = [
        "check",
        PROPOSAL,
        "--plugin",
        "libtiny.so",
        "--plugin",
        "./libtiny.so",
    ];
    board
        .run(&twice)
        .expect(2)
        .says(&["names plugin `tiny` twice"]);
    let missing = ["check", PROPOSAL, "--plugin", "nowhere.so"];
    board
        .run(&missing)
        .expect(2)
        .says(&["cannot read `nowhere.so`: there is no such file"]);
}

#[test]
fn a_profile_turns_bundled_plugins_off_and_sets_them_up() {
    let board = Board::with(
        "[plugins.climate]\nenabled = false\nreason = \"our own register counts\"\n\
         [plugins.equity]\nsettings = { south = [\"low\"] }\n",
    );
    board.run(&["plugin", "list"]).expect(0).shows(&[
        "climate 0.1.0 · bundled, turned off",
        "reason our own register counts",
    ]);
    let card = board.run(&["check", PROPOSAL, "--format", "json"]);
    let plugins = card.json()["receipt"]["plugins"].clone();
    assert!(plugins["climate"].is_null(), "{plugins}");
    assert_eq!(plugins["equity"]["mode"], "bundled");
    // What counts as South is asked of the plugin with the profile's settings.
    let bloc = |args: &[&str]| board.run(args).expect(0).out;
    assert_eq!(bloc(&["plugin", "call", "equity", "bloc", "BR"]), "north\n");
    let usual = bloc(&["plugin", "call", "--no-profile", "equity", "bloc", "BR"]);
    assert_eq!(usual, "south\n");
    let off = board.run(&["plugin", "call", "climate", "great_circle_km", "FRA", "NBO"]);
    off.expect(2)
        .says(&["turns `climate` off: our own register counts"]);
}

#[test]
fn pins_that_the_profile_no_longer_needs_are_removed() {
    let board = board_with_tiny();
    board.lock();
    board.write(
        "evenhand.toml",
        "[plugins.word-count]\npath = \"libevenhand_plugin_word_count.so\"\n",
    );
    word_count(&board);
    board
        .run(&["plugin", "lock", "tiny"])
        .expect(2)
        .says(&["the profile names no plugin `tiny`"]);
    board
        .run(&["plugin", "lock", "climate"])
        .expect(2)
        .says(&["nothing to pin"]);
    board.run(&["plugin", "lock", "--yes"]).expect(0).shows(&[
        "word-count 0.1.0 · new",
        "rules + ethics/summary-says-enough",
        "No longer in the profile, and removed from evenhand.lock: `tiny`",
    ]);
    let lock = board.read("evenhand.lock");
    assert!(
        lock.contains("id = \"word-count\"") && !lock.contains("id = \"tiny\""),
        "{lock}"
    );
}

#[test]
fn locking_does_not_say_that_all_fits_where_check_refuses() {
    let board = board_with_tiny();
    board.lock();
    board.write("evenhand.toml", &format!("{TINY}isolation = \"none\"\n"));
    let said = [
        "evenhand.lock says `isolated`, the profile says `isolation = \"none\"`",
        "a person must write `mode = \"in-process\"`",
    ];
    for command in [
        &["check", PROPOSAL][..],
        &["plugin", "verify"],
        &["plugin", "lock"],
        &["plugin", "lock", "--update", "--yes"],
    ] {
        board.run(command).expect(2).says(&said);
    }
    let lock = board.read("evenhand.lock");
    board.write(
        "evenhand.lock",
        &lock.replace("mode = \"isolated\"", "mode = \"in-process\""),
    );
    board
        .run(&["plugin", "lock"])
        .expect(0)
        .shows(&["Nothing to do"]);
    board.run(&["check", PROPOSAL]).expect(0);
}
