//! Signatures of records: what fits, what was changed, and what is no signature.

use crate::assembly::{evenhand, root};
use std::fs;
use std::path::Path;
use std::process::Output;

const FILES: [&str; 3] = ["record.json", "record.json.minisig", "board.pub"];
/// Another key, which is worth nothing either.
const OTHER: &str = "RWS0Wa/ds6CWIeIJaHXCaKCZPyD6S2bhX/ZR6eVc0sCN+7JOH0B5wUW6\n";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in FILES {
        let from = root().join("tests/board/signed").join(name);
        fs::copy(from, folder.path().join(name)).unwrap();
    }
    folder
}

fn verify(folder: &Path, args: &[&str]) -> Output {
    evenhand()
        .current_dir(folder)
        .args(["verify", "record.json"])
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_signature_that_fits_is_said_with_its_comment() {
    let folder = folder();
    let at = folder.path();
    let fits = "The signature fits the record and the key: signed by a board that is made up\n";
    let named = [
        "--public-key",
        "board.pub",
        "--signature",
        "record.json.minisig",
    ];
    for args in [&named[..2], &named[..]] {
        let output = verify(at, args);
        assert!(
            text(&output.stdout).starts_with(fits),
            "{}",
            text(&output.stderr)
        );
    }
    let output = verify(at, &["--public-key", "board.pub", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["signature"]["state"], "fits");
    let without: serde_json::Value =
        serde_json::from_slice(&verify(at, &["--format", "json"]).stdout).unwrap();
    assert!(without["signature"].is_null());
}

/// What is said, and the exit code, where a byte of a file is another one.
#[track_caller]
fn flipped(file: &str, from: &str, to: &str, exit: i32, wanted: &str) {
    let folder = folder();
    let at = folder.path().join(file);
    let whole = fs::read_to_string(&at).unwrap();
    assert!(whole.contains(from), "{file} has no {from}");
    fs::write(&at, whole.replacen(from, to, 1)).unwrap();
    let output = verify(folder.path(), &["--public-key", "board.pub"]);
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(said.contains(wanted), "no {wanted:?} in {said}");
    assert_eq!(output.status.code(), Some(exit), "{said}");
}

#[test]
fn a_byte_that_was_flipped_is_noticed_in_each_file() {
    let unfit = "The signature does not fit: the record was changed after it was signed";
    flipped("record.json", "Small board", "Small bored", 1, unfit);
    flipped(
        "record.json.minisig",
        "that is made up",
        "that is made Up",
        1,
        unfit,
    );
    flipped("record.json.minisig", "636qR", "636qQ", 1, unfit);
    flipped(
        "record.json.minisig",
        "RUSLcux4",
        "RUSLcux5",
        1,
        "made with another key",
    );
    flipped(
        "record.json.minisig",
        "636qR",
        "636q",
        2,
        "this is no signature",
    );
    flipped("board.pub", "qRHcdNT", "qRHcdNU", 1, unfit);
    flipped(
        "board.pub",
        "RWSLcux4",
        "RWSLcux5",
        1,
        "made with another key",
    );
    flipped("board.pub", "qRHcdNT", "qRHc", 2, "this is no public key");
}

#[test]
fn what_is_no_signature_or_key_is_refused() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("other.pub"), OTHER).unwrap();
    let output = verify(at, &["--public-key", "other.pub"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).starts_with("The signature was made with another key.\n"));
    fs::write(at.join("large"), "x".repeat(20_000)).unwrap();
    fs::write(at.join("bytes"), b"\xff\xfe").unwrap();
    for (args, wanted) in [
        (&["--public-key", "none.pub"][..], "cannot read `none.pub`"),
        (&["--public-key", "large"], "the file has 20000 bytes"),
        (&["--public-key", "bytes"], "not UTF-8"),
        (&["--public-key", "record.json"], "this is no public key"),
        (
            &["--public-key", "board.pub", "--signature", "board.pub"],
            "this is no signature",
        ),
        (
            &["--public-key", "board.pub", "--signature", "none.minisig"],
            "cannot read `none.minisig`",
        ),
        (&["--signature", "record.json.minisig"], "--public-key"),
        (
            &[
                "record.json",
                "--public-key",
                "board.pub",
                "--signature",
                "record.json.minisig",
            ],
            "several are named",
        ),
    ] {
        let output = verify(at, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = text(&output.stderr);
        assert!(said.contains(wanted), "{args:?}: no {wanted:?} in {said}");
    }
}
