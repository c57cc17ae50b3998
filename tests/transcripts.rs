//! What a person types and what they see, as the console blocks of `cli/*.md` and of the README say it.
//!
//! `TRYCMD=overwrite cargo test -p evenhand --test e2e transcripts` accepts what has changed.

use crate::assembly::root;
use std::fs;
use std::path::Path;

/// The program for transcripts, at 80 columns, without colour.
fn cases() -> trycmd::TestCases {
    // The blocks name files from the top of the repository; no other test depends on where the process stands.
    std::env::set_current_dir(root()).unwrap();
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("evenhand", Path::new(env!("CARGO_BIN_EXE_evenhand")))
        .env("NO_COLOR", "1");
    cases
}

#[test]
fn the_console_blocks_of_the_transcripts_run() {
    let folder = root().join("tests/cli");
    let count = fs::read_dir(&folder)
        .unwrap()
        .filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|end| end == "md")
        })
        .count();
    assert!(count >= 5, "{count} transcripts");
    cases().case(folder.join("*.md")).run();
}

/// Every block of the README marked `console` runs, and what is shortened there with `...` may be anything.
#[test]
fn the_console_blocks_of_the_readme_run() {
    let readme = root().join("README.md");
    let blocks = fs::read_to_string(&readme)
        .unwrap()
        .matches("\n```console\n")
        .count();
    assert!(blocks >= 1, "no block of the README is run");
    cases().case(readme).run();
}

/// Every block of the guide for boards marked `console` runs, one after the other in an empty folder: a board member who types
/// them ends with the same rules.
#[test]
fn the_console_blocks_of_the_guide_for_boards_run() {
    // Files that the guide tells its readers to take from the examples.
    let examples = [
        ("proposals/c05b-haiti-elective.yaml", "elective.yaml"),
        ("boards/decision/elective-v2.yaml", "elective-v2.yaml"),
        ("boards/decision/decision.toml", "decision.toml"),
        ("boards/decision/memo.html", "memo.html"),
    ];
    guide("boards", 9, &examples);
}

/// The same for the guide on what to ask the host, which begins with the files beside it.
#[test]
fn the_console_blocks_of_the_guide_for_hosts_run() {
    guide("host", 5, &[]);
}

/// The same for the workbook in the guide for people who design programs.
#[test]
fn the_console_blocks_of_the_guide_for_designers_run() {
    guide("designers", 1, &[]);
}

/// The same for the guide to a first program.
#[test]
fn the_console_blocks_of_the_guide_to_a_first_program_run() {
    guide("first-program", 5, &[]);
}

/// The same for the guide to registers.
#[test]
fn the_console_blocks_of_the_guide_to_registers_run() {
    guide("registers", 3, &[]);
}

/// Runs the blocks of a guide, at least so many, in a folder with the files that stand beside it, and some of the examples
/// under other names.
fn guide(name: &str, least: usize, examples: &[(&str, &str)]) {
    let guides = root().join("docs/guides");
    let guide = guides.join(format!("{name}.md"));
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(format!("{name}.md"));
    fs::copy(&guide, &copy).unwrap();
    // A folder of what comes in and one of what goes out make it run in a place of its own.
    let coming = folder.path().join(format!("{name}.in"));
    fs::create_dir(&coming).unwrap();
    fs::create_dir(folder.path().join(format!("{name}.out"))).unwrap();
    for (from, to) in examples {
        fs::copy(root().join("examples").join(from), coming.join(to)).unwrap();
    }
    let beside = fs::read_dir(guides.join(format!("{name}.in")));
    for entry in beside.into_iter().flatten() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), coming.join(entry.file_name())).unwrap();
    }
    // A block behind "Save this as `NAME`:" is that file from the beginning.
    let text = fs::read_to_string(&guide).unwrap();
    for part in text.split("Save this as").skip(1) {
        let file = part.split('`').nth(1).unwrap();
        let (_, block) = part.split_once("```").unwrap();
        let (kind, block) = block.split_once('\n').unwrap();
        assert!(
            ["yaml", "toml", "csv", "json"].contains(&kind),
            "{file}: {kind}"
        );
        let (block, _) = block.split_once("```").unwrap();
        fs::write(coming.join(file), block).unwrap();
    }
    let blocks = text.matches("\n```console\n").count();
    assert!(blocks >= least, "{blocks} blocks");
    cases().case(&copy).run();
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        fs::copy(&copy, &guide).unwrap();
    }
}
