//! The memo by a board's own template, and as a document for word processors.

use crate::assembly::{book, evenhand, root};
use evenhand_analysis::decision::Decision;
use evenhand_core::document::{Document, Format};
use evenhand_core::words::English;
use evenhand_report::scorecard::{Judged, Planned, memo_model};
use std::fs;
use std::path::Path;
use std::process::Output;

const ELECTIVE: &str = "examples/proposals/c05b-haiti-elective.yaml";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::copy(root().join(ELECTIVE), at.join("elective.yaml")).unwrap();
    for name in ["decision.toml", "memo.html"] {
        let from = root().join("examples/boards/decision").join(name);
        fs::copy(from, at.join(name)).unwrap();
    }
    folder
}

fn memo(folder: &Path, args: &[&str]) -> Output {
    let fixed = [
        "memo",
        "elective.yaml",
        "--date",
        "2026-12-03",
        "--decision",
        "decision.toml",
    ];
    evenhand()
        .current_dir(folder)
        .args(fixed)
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_example_of_a_template_writes_a_memo() {
    let folder = folder();
    let output = memo(folder.path(), &["--template", "memo.html"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    for wanted in [
        "<h1>Surgical elective in Hinche, later form</h1>",
        "<h2>Recommendation: REVISE</h2>",
        "<strong>approved with conditions</strong> on 2026-12-03, 2 to 0, 0 abstaining.",
        "C. Meyer took no part",
        "A report of the first year goes to the host, in French: a person has to say",
        "People with a disability can take part, until 2027-09-01: open",
        "Content-Security-Policy",
    ] {
        assert!(page.contains(wanted), "no {wanted:?} in {page}");
    }
    assert!(!page.contains("{{") && !page.contains("{%"));
}

#[test]
fn a_proposal_writes_no_html_into_a_memo() {
    let folder = folder();
    let at = folder.path();
    let plan = fs::read_to_string(at.join("elective.yaml")).unwrap();
    let hostile = "title: '<script>alert(1)</script><b onclick=x>{{ 1 }}{% set a = 1 %}'";
    let plan = plan.replace(
        "title: \"Surgical elective in Hinche, later form\"",
        hostile,
    );
    assert!(plan.contains(hostile));
    fs::write(at.join("elective.yaml"), plan).unwrap();
    let output = memo(at, &["--template", "memo.html"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    assert!(
        !page.contains("<script>") && !page.contains("<b onclick"),
        "{page}"
    );
    assert!(page.contains("{{ 1 }}{% set a = 1 %}"), "{page}");
}

#[test]
fn a_wrong_template_is_refused_whole_with_its_places() {
    let folder = folder();
    let at = folder.path();
    let template = "<h1>{{ titel }}</h1>\n{% for one in waivers %}{{ one|safe }}{% endfor %}\n";
    fs::write(at.join("ours.html"), template).unwrap();
    let output = memo(at, &["--template", "ours.html", "-o", "out.html"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    for wanted in [
        "ours.html:1:8",
        "did you mean `title`?",
        "ours.html:2:",
        "there is no filter `safe`",
        "2 problems",
    ] {
        assert!(said.contains(wanted), "no {wanted:?} in {said}");
    }
    for (bytes, wanted) in [
        (
            &b"<script>x</script>"[..],
            "`<script>` may not stand in a memo",
        ),
        (b"\xff", "not UTF-8"),
        (b"{% include \"memo.html\" %}", "cannot be read"),
    ] {
        fs::write(at.join("ours.html"), bytes).unwrap();
        let output = memo(at, &["--template", "ours.html", "-o", "out.html"]);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains(wanted), "no {wanted:?} in {said}");
    }
    for args in [
        vec!["--template", "none.html", "-o", "out.html"],
        vec![
            "--template",
            "memo.html",
            "--format",
            "docx",
            "-o",
            "out.html",
        ],
        vec!["--template", "memo.html", "-o", "memo.html"],
        vec!["--template", "memo.html", "-o", "out.docx"],
    ] {
        assert_eq!(memo(at, &args).status.code(), Some(2), "{args:?}");
    }
    assert!(!at.join("out.html").exists() && !at.join("out.docx").exists());
}

#[test]
fn a_memo_for_word_processors_has_its_headings_and_tables() {
    let folder = folder();
    let at = folder.path();
    let output = memo(at, &["-o", "memo.docx"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let bytes = fs::read(at.join("memo.docx")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let body = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    for wanted in [
        "Memo: Surgical elective in Hinche, later form",
        "What decides",
        "What the board decided",
        "What the program has to do",
        "Receipt",
        "<w:pStyle w:val=\"Heading1\"/>",
        "<w:tbl>",
    ] {
        assert!(body.contains(wanted), "{wanted}");
    }
    let output = memo(at, &["--format", "markdown"]);
    let page = text(&output.stdout);
    assert!(
        page.starts_with("# Memo: Surgical elective in Hinche, later form\n"),
        "{page}"
    );
}

#[test]
fn the_values_of_a_memo_are_those_of_the_reference() {
    let text = fs::read_to_string(root().join("examples/boards/decision/decision.toml")).unwrap();
    let text = Document::parse("decision.toml", text.as_bytes(), Format::Toml).unwrap();
    let decision = Decision::read(&text).unwrap();
    let plan = fs::read(root().join(ELECTIVE)).unwrap();
    let proposal = Document::parse(ELECTIVE, &plan, Format::Yaml).unwrap();
    let card = book().judge(&proposal);
    let judged = Judged {
        card: &card,
        proposal: &proposal,
        schema: book().schema(),
        sources: book().sources(),
        breakdowns: book().breakdowns(),
        plan: Planned::Nothing,
        respondents: &book().info().respondents,
        words: &English,
    };
    for decision in [None, Some(&decision)] {
        let values = memo_model(judged, decision);
        assert_eq!(evenhand_memo::misfits(&values), [""; 0]);
    }
    let values = memo_model(judged, Some(&decision));
    for list in [
        "dimensions",
        "decides",
        "would_help",
        "questions",
        "discussion",
        "receipt",
    ] {
        assert!(!values[list].as_array().unwrap().is_empty(), "{list}");
    }
}
