//! One file for a plugin: packed, pinned, judged with, signed, and refused.

use super::board::{Board, PROPOSAL, tiny};
use std::fs;

const PROFILE: &str = "[plugins.tiny]\npath = \"tiny-0.1.0.zip\"\n";

/// A board whose plugin is an archive, with nothing beside it.
fn packed() -> Board {
    let board = Board::with(PROFILE);
    let library = tiny(&board, "");
    board
        .run(&["plugin", "pack", &library, "--sums", "SHA256SUMS"])
        .expect(0)
        .shows(&[
            "tiny 0.1.0 · packed",
            "tiny-0.1.0.zip",
            "by nobody yet; sign SHA256SUMS",
        ]);
    for name in [&library, "plugin.json", "tiny.c", "manifest.inc"] {
        fs::remove_file(board.path(name)).unwrap();
    }
    board
}

#[test]
fn an_archive_is_taken_wherever_a_library_is() {
    let board = packed();
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["is not pinned", "evenhand plugin lock tiny"]);
    board
        .run(&["plugin", "lock", "--yes"])
        .expect(0)
        .shows(&["archive tiny-0.1.0.zip", "in the archive, for "]);
    let lock = board.read("evenhand.lock");
    assert!(lock.contains("\narchive = \"sha256:"), "{lock}");
    board
        .run(&["plugin", "verify"])
        .expect(0)
        .shows(&["as pinned", "in an archive with sha256:"]);
    let judged = board
        .run(&["check", PROPOSAL, "--format", "json"])
        .expect(0);
    assert_eq!(
        judged.json()["derived"]["tiny"]["months"].as_f64(),
        Some(36.0)
    );
    board
        .run(&["plugin", "list"])
        .expect(0)
        .shows(&["(pinned)"]);
    // Without a profile.
    let archive = "tiny-0.1.0.zip";
    let call = [
        "plugin",
        "call",
        "--no-profile",
        "--plugin",
        archive,
        "tiny",
        "months",
        "2.5",
    ];
    assert_eq!(board.run(&call).expect(0).out, "30 mo\n");
    board
        .run(&["plugin", "check", archive])
        .expect(0)
        .shows(&[" 0 failed"]);
    board
        .run(&["plugin", "docs", archive])
        .expect(0)
        .shows(&["`months(years: f64) -> f64`"]);
    // Nothing was unpacked.
    let there = fs::read_dir(board.path(".")).unwrap();
    assert!(
        !there
            .map(|entry| entry.unwrap().file_name())
            .any(|name| name.to_string_lossy().ends_with(".so"))
    );
}

#[test]
fn another_archive_is_refused_until_the_difference_is_accepted() {
    let board = packed();
    board.lock();
    let library = tiny(&board, "-g");
    board.run(&["plugin", "pack", &library]).expect(0);
    for command in [&["plugin", "verify"][..], &["check", PROPOSAL]] {
        board.run(command).expect(2).says(&[
            "the library of plugin `tiny` is not the one in the lock file",
            "the archive of plugin `tiny` is not the one in the lock file",
            "evenhand plugin lock --update tiny",
        ]);
    }
    board
        .run(&["plugin", "lock", "--update", "--yes"])
        .expect(0)
        .shows(&["archive was, and would be:", "library was, and would be:"]);
    board.run(&["plugin", "verify"]).expect(0);
    // One byte of it, in the library or not.
    let path = board.path("tiny-0.1.0.zip");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["tiny-0.1.0.zip", "was damaged"]);
}

#[test]
fn a_profile_names_no_manifest_beside_an_archive() {
    let board = packed();
    board.write(
        "evenhand.toml",
        &format!("{PROFILE}manifest = \"plugin.json\"\n"),
    );
    board
        .run(&["check", PROPOSAL])
        .expect(2)
        .says(&["is an archive, which holds its own manifest"]);
}

const MANIFEST: &str = r#"{
  "manifest_version": 1, "id": "sites", "title": "Sites", "version": "0.1.0", "abi": "1.0",
  "engine": ">=0.1, <0.2", "licence": "CC0-1.0",
  "sources": [{ "key": "s", "title": "The register" }],
  "table": { "data": "sites.csv", "key": "partner", "list": "/partners", "by": "id", "year": 2026, "source": "s",
    "columns": [{ "name": "places", "type": "integer", "unit": "1" }] }
}
"#;
// Made once with a key that is worth nothing.
const KEY: &str = "RWQ2uDUzQ4KjFYoLaGk2NsL8s9Bmn0JYD6f8/r3jWW7X/gtYo4xu6D59";
const SIGNATURE: &str = "untrusted comment: signature from a test key\n\
    RUQ2uDUzQ4KjFeq5fQMUit+M1B2tH/sF5vgFAUI5GTuNSzensTPst1xv0iYcGPwRI5nzf34ppY3dtD9xXGyhcRu/EpNonboMVwk=\n\
    trusted comment: sites 0.1.0\n\
    uKEbyk9cVFEywZc0bLGK33cPb3BeqPFVrLXfkDgT0qv9mgh6lnVP+faWlOCLcYUxKCG4q6493oglVOAFyql1AA==\n";

fn register() -> Board {
    let board = Board::with(&format!(
        "[plugins.sites]\npath = \"sites-0.1.0.zip\"\nkeys = [\"{KEY}\"]\n"
    ));
    board.write("plugin.json", MANIFEST);
    board.write("sites.csv", "partner,places\nkisumu,4\n");
    board.write("SHA256SUMS.minisig", SIGNATURE);
    board
}

#[test]
fn a_register_is_packed_for_every_system_and_signed() {
    let board = register();
    let pack = [
        "plugin",
        "pack",
        "sites.csv",
        "--signature",
        "SHA256SUMS.minisig",
        "--key",
    ];
    let with = |key: &'static str| [&pack[..], &[key]].concat();
    board
        .run(&with(KEY))
        .expect(0)
        .shows(&["for every system", &format!("by {KEY}")]);
    let bytes = fs::read(board.path("sites-0.1.0.zip")).unwrap();
    board.run(&with(KEY)).expect(0);
    assert_eq!(
        fs::read(board.path("sites-0.1.0.zip")).unwrap(),
        bytes,
        "the same bytes"
    );
    board.lock();
    let lock = board.read("evenhand.lock");
    assert!(
        lock.contains(&format!("signer = \"{KEY}\"")) && lock.contains("\"any\" = "),
        "{lock}"
    );
    board
        .run(&["plugin", "verify"])
        .expect(0)
        .shows(&["signed by"]);
    // The same without the signature is another archive, and has no signer.
    board.run(&["plugin", "pack", "sites.csv"]).expect(0);
    board
        .run(&["plugin", "verify"])
        .expect(2)
        .says(&["the archive of plugin `sites` is not"]);
    // A signature of other rows is not packed.
    board.write("sites.csv", "partner,places\nkisumu,5\n");
    board.run(&with(KEY)).expect(2).says(&[
        "the signature is not of the digests of what is packed",
        "`--sums SHA256SUMS`",
    ]);
    board
        .run(&with("RWnonsense"))
        .expect(2)
        .says(&["`--key RWnonsense` is no public key"]);
}

#[test]
fn what_cannot_be_packed_is_said_all_at_once() {
    let board = register();
    board
        .run(&["plugin", "pack", "sites.csv", "missing.so", "none.so"])
        .expect(2)
        .says(&["missing.so", "none.so"]);
    board.write("other.csv", "partner\n");
    board
        .run(&[
            "plugin",
            "pack",
            "sites.csv",
            "other.csv",
            "--output",
            "x.zip",
        ])
        .expect(2)
        .says(&["`other.csv`: the manifest says that the rows are in `sites.csv`"]);
    assert!(!board.path("x.zip").exists());
    board
        .run(&["plugin", "pack", "sites.csv", "--output", "sites.tar"])
        .expect(2)
        .says(&[
            "`sites.tar` does not end in `.zip`",
            "`--output sites-0.1.0.zip`",
        ]);
    board.write("x.zip", "PK no archive");
    board
        .run(&["plugin", "check", "x.zip"])
        .expect(1)
        .shows(&["it is cut short, or no ZIP file"]);
    board
        .run(&["plugin", "docs", "x.zip"])
        .expect(2)
        .says(&["x.zip", "it is cut short, or no ZIP file"]);
}
