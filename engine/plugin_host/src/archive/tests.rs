//! Archives that somebody made to be believed.

use super::*;

const PLUGIN: &str = r#"{
  "manifest_version": 1, "id": "sites", "title": "Sites", "version": "0.1.0", "abi": "1.0",
  "engine": ">=0.1, <0.2", "licence": "CC0-1.0",
  "sources": [{ "key": "s", "title": "The register" }],
  "table": { "data": "sites.csv", "key": "partner", "list": "/partners", "by": "id", "year": 2026, "source": "s",
    "columns": [{ "name": "places", "type": "integer", "unit": "1" }] } }"#;
const ROWS: &str = "partner,places\nkisumu,4\n";

fn contents() -> Contents {
    Contents {
        manifest: PLUGIN.into(),
        libraries: vec![Library {
            system: None,
            name: "sites.csv".to_owned(),
            bytes: ROWS.into(),
        }],
        signature: None,
    }
}

/// An archive of these files, with the digests of them all.
fn archive(files: &[(&str, &str)]) -> Result<Archive, Vec<String>> {
    let mut files: BTreeMap<String, &[u8]> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes()))
        .collect();
    let sums = sums(&digests(&files));
    files.entry(SUMS.to_owned()).or_insert(sums.as_bytes());
    Archive::of(container::write(&files))
}

#[test]
fn what_is_packed_is_what_is_read() {
    let packed = pack(&contents()).unwrap();
    assert_eq!(
        packed.bytes,
        pack(&contents()).unwrap().bytes,
        "the same bytes"
    );
    let archive = Archive::of(packed.bytes.clone()).unwrap();
    assert_eq!(archive.manifest(), PLUGIN.as_bytes());
    let library = archive.library(Path::new("sites.zip")).unwrap();
    assert_eq!(library, (ANY, "sites.csv", ROWS.as_bytes()));
    assert_eq!(archive.about, packed.archived);
    assert_eq!(archive.about.sha256, file::sha256(&packed.bytes));
    assert_eq!(archive.about.libraries[ANY], file::sha256(ROWS.as_bytes()));
    let lines: Vec<&str> = packed.sums.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[1],
        format!("{}  plugin.json", file::sha256(PLUGIN.as_bytes()))
    );
}

/// `expected` is said of an archive with the usual files and `more`.
#[track_caller]
fn check(more: &[(&str, &str)], expected: &[&str]) {
    let mut files = vec![("plugin.json", PLUGIN), ("any/sites.csv", ROWS)];
    files.extend(more);
    let problems = archive(&files).map(|archive| archive.about).unwrap_err();
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (problem, expected) in problems.iter().zip(expected) {
        assert!(
            problem.contains(expected),
            "`{expected}` is not in `{problem}`"
        );
    }
}

#[test]
fn a_name_leads_nowhere_else() {
    for name in [
        "../evil.so",
        "/etc/evil.so",
        "any/../../evil.so",
        "./evil.so",
        "any//evil.so",
        "any\\evil.so",
        "C:evil.so",
        "",
    ] {
        check(
            &[(name, "x")],
            &["leads to another place than into the archive"],
        );
    }
    for name in ["any/\u{202e}so", "any/a\nb", " any/x"] {
        check(
            &[(name, "x")],
            &["is a name with characters that no file has here"],
        );
    }
    for name in [
        "evil.so",
        "any/more/evil.so",
        "linux/evil.so",
        "x86_64-unknown-linux-gnu/.evil.so",
        "x86_64-unknown-linux-gnu/-o",
        "x86_64-unknown-linux-gnu/a b",
        "X86_64-unknown-linux-gnu/evil.so",
    ] {
        check(
            &[(name, "x")],
            &["is neither `plugin.json`, `SHA256SUMS` nor a library"],
        );
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    check(
        &[
            ("any/plugin.json", "{}"),
            ("../x", ""),
            ("any/other.csv", ""),
        ],
        &[
            "`../x` leads to another place",
            "`any/plugin.json` is a second manifest",
            "it holds two libraries for `any`",
        ],
    );
    check(
        &[("PLUGIN.JSON", "{}")],
        &["`PLUGIN.JSON` and `plugin.json` differ only in capitals"],
    );
    let problems = archive(&[("SHA256SUMS.minisig", "")]).map(|archive| archive.about);
    assert_eq!(
        problems.unwrap_err(),
        ["it has no `plugin.json`", "it holds no library"]
    );
}

#[test]
fn digests_must_be_those_of_what_is_there() {
    let good = pack(&contents()).unwrap().sums;
    let digest = file::sha256(ROWS.as_bytes());
    for (sums, expected) in [
        (
            good.replace(&digest, &"0".repeat(64)),
            "`any/sites.csv` is not what was packed: `SHA256SUMS` says sha256:00",
        ),
        (
            good.split_inclusive('\n').skip(1).collect(),
            "`any/sites.csv` is not in `SHA256SUMS`",
        ),
        (
            format!("{good}{digest}  any/more\n"),
            "`SHA256SUMS` lists `any/more`, which is not there",
        ),
        (
            format!("{good}\n"),
            "is not written as `evenhand plugin pack` does",
        ),
        (String::new(), "`any/sites.csv` is not in `SHA256SUMS`"),
    ] {
        let problems = archive(&[
            ("plugin.json", PLUGIN),
            ("any/sites.csv", ROWS),
            (SUMS, &sums),
        ]);
        let problems = problems.map(|archive| archive.about).unwrap_err();
        assert!(problems[0].contains(expected), "{problems:?}");
    }
}

#[test]
fn an_archive_without_this_system_says_which_it_has() {
    let other = "x86_64-unknown-elsewhere";
    let archive = archive(&[
        ("plugin.json", PLUGIN),
        ("x86_64-unknown-elsewhere/libsites.so", "x"),
        ("aarch64-unknown-elsewhere/libsites.so", "y"),
    ]);
    let error = archive
        .unwrap()
        .library(Path::new("sites.zip"))
        .unwrap_err()
        .to_string();
    let expected = format!(
        "`sites.zip` holds libraries for `aarch64-unknown-elsewhere`, `{other}`; none for this system, {}",
        target()
    );
    assert!(error.starts_with(&expected), "{error}");
}

/// What is said when contents are packed after `change`.
#[track_caller]
fn refused(change: impl FnOnce(&mut Contents), expected: &str) {
    let mut contents = contents();
    change(&mut contents);
    let problems = pack(&contents).map(|packed| packed.sums).unwrap_err();
    assert!(
        problems.iter().any(|problem| problem.contains(expected)),
        "{problems:#?}"
    );
}

#[test]
fn what_would_be_refused_is_not_packed() {
    let library = |contents: &mut Contents, name: &str| {
        contents.libraries[0].name = name.to_owned();
    };
    refused(
        |contents| library(contents, "other.csv"),
        "the rows are in `sites.csv`",
    );
    refused(
        |contents| library(contents, "a b.csv"),
        "the name of a library may hold letters",
    );
    refused(
        |contents| contents.libraries[0].bytes = b"partner\nx\n".to_vec(),
        "`sites.csv`: ",
    );
    refused(
        |contents| contents.manifest = b"{}".to_vec(),
        "missing field",
    );
    refused(
        |contents| contents.libraries.clear(),
        "there is no library to pack",
    );
    refused(
        |contents| contents.libraries[0].system = Some("x86_64-unknown-linux-gnu".to_owned()),
        "`sites.csv` is a register, which is for every system",
    );
    refused(
        |contents| contents.libraries.push(contents.libraries[0].clone()),
        "`sites.csv` and `sites.csv` are both for any",
    );
    let code = PLUGIN.split(",\n  \"table\"").next().unwrap().to_owned() + "}";
    refused(
        |contents| contents.manifest = code.clone().into(),
        "`sites.csv` is no library",
    );
}
