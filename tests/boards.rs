//! A board's own rubric, as a pack under `examples/boards`, judged alone.

use crate::assembly::root;
use evenhand_core::document::{Document, Format};
use evenhand_core::finding::Outcome;
use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn pack(name: &str) -> PackFiles {
    let folder = root().join("examples/boards").join(name);
    let mut files = BTreeMap::new();
    let mut open = vec![folder.clone()];
    while let Some(here) = open.pop() {
        for entry in fs::read_dir(here).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let own = path.strip_prefix(&folder).unwrap();
                files.insert(
                    own.to_str().unwrap().to_owned(),
                    fs::read(&path).unwrap().into(),
                );
            }
        }
    }
    PackFiles {
        folder: name.to_owned(),
        files,
        ..PackFiles::default()
    }
}

fn rubric() -> Rulebook {
    let book = Rulebook::load(vec![pack("four-levels")], Vec::new(), Settings::default());
    let book = book.unwrap();
    let broken: Vec<String> = book
        .broken()
        .iter()
        .flat_map(|rule| rule.problems.iter().map(ToString::to_string))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    book
}

#[test]
fn most_rules_of_a_board_need_no_script() {
    let book = rubric();
    let (forms, scripts): (Vec<_>, Vec<_>) = book
        .rules()
        .iter()
        .partition(|rule| rule.page.form.is_some());
    assert!(
        forms.len() + scripts.len() >= 12 && scripts.len() <= 2,
        "{} forms",
        forms.len()
    );
    let dimensions: Vec<&str> = book
        .info()
        .dimensions
        .iter()
        .map(|own| own.id.as_str())
        .collect();
    assert_eq!(dimensions, ["people", "host", "money", "learning"]);
}

#[test]
fn its_cases_pass_and_notice_every_change() {
    let book = rubric();
    let run = evenhand_authoring::ruletest::test(&book, |_| true);
    let failed: Vec<String> = run
        .rules
        .iter()
        .flat_map(|rule| rule.results.iter().map(move |result| (rule, result)))
        .filter(|(_, result)| !result.differences.is_empty())
        .map(|(rule, result)| format!("{}: {} {:?}", rule.id, result.case.name, result.differences))
        .collect();
    assert!(
        failed.is_empty() && run.problems.is_empty(),
        "{failed:#?} {:?}",
        run.problems
    );
    assert_eq!((run.coverage(), run.line_coverage()), (100, 100));
    let mutants = evenhand_authoring::mutation::mutate(&book, |_| true);
    let left: Vec<String> = mutants
        .rules
        .iter()
        .flat_map(|rule| {
            rule.survivors
                .iter()
                .map(move |mutant| format!("{}: {}", rule.id, mutant.change))
        })
        .collect();
    assert!(
        left.is_empty() && mutants.problems.is_empty(),
        "{left:#?} {:?}",
        mutants.problems
    );
}

#[test]
fn a_plan_is_judged_in_the_words_of_the_board() {
    let book = rubric();
    let plan = root().join("examples/boards/four-levels/plans/hill-clinic.yaml");
    let document = Document::parse(&name(&plan), &fs::read(plan).unwrap(), Format::Yaml).unwrap();
    assert_eq!(book.check_document(&document), []);
    let findings = book.evaluate(&document).findings;
    let said: BTreeMap<&str, (Outcome, String)> = findings
        .iter()
        .map(|finding| {
            (
                finding.rule.as_str(),
                (finding.outcome, finding.message.text()),
            )
        })
        .collect();
    for (rule, outcome, message) in [
        (
            "people/images",
            Outcome::Partly,
            "Level 3: patients agree before a picture is taken",
        ),
        (
            "people/complaints",
            Outcome::Partly,
            "Between level 1 and 4: complaints lack an answer within a month",
        ),
        (
            "host/notice",
            Outcome::Partly,
            "Between level 1 and 4: the host was asked 75 days ahead; 120 count in full",
        ),
        (
            "money/books",
            Outcome::Met,
            "Level 4: partners may see the books",
        ),
        (
            "money/price",
            Outcome::Unmet,
            "Level 1: only those who can pay can go",
        ),
        (
            "learning/report",
            Outcome::Partly,
            "Level 2: the host gets the results, but not in its language",
        ),
        (
            "learning/both-ways",
            Outcome::Partly,
            "Both ways: 6 go, 2 come back",
        ),
    ] {
        assert_eq!(
            said.get(rule),
            Some(&(outcome, message.to_owned())),
            "{rule}"
        );
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
