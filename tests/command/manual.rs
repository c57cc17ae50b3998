//! The manual: a page for every command, from the same definitions as the help.

use crate::assembly::evenhand;
use std::process::Output;

fn run(args: &[&str]) -> Output {
    evenhand().args(args).output().unwrap()
}

#[test]
fn every_command_has_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("new/man1");
    let output = run(&["man", "--folder", pages.to_str().unwrap()]);
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{output:?}"
    );
    let mut names: Vec<String> = std::fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in [
        "evenhand.1",
        "evenhand-check.1",
        "evenhand-rules-test.1",
        "evenhand-man.1",
    ] {
        assert!(names.contains(&name.to_owned()), "{names:?}");
    }
    for name in names {
        let text = std::fs::read_to_string(pages.join(&name)).unwrap();
        let title = name.trim_end_matches(".1");
        assert!(text.contains(&format!(".TH {title} 1")), "{name}: {text}");
        for section in [".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", ".SH OPTIONS"] {
            assert_eq!(text.matches(section).count(), 1, "{name}: {section}");
        }
    }
}

#[test]
fn one_page_is_shown_and_what_is_no_command_is_named() {
    let page = run(&["man", "rules", "test"]);
    assert!(page.status.success());
    assert!(
        String::from_utf8(page.stdout)
            .unwrap()
            .contains("evenhand rules test")
    );
    let wrong = run(&["man", "chekc"]);
    assert_eq!(wrong.status.code(), Some(2));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("did you mean `check`?"), "{said}");
}
