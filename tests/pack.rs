//! The built-in pack has no fault. At every start it is taken to be checked; this is where it is.

use crate::assembly::{book, core_pack, evenhand, example_paths, plugins};
use evenhand_core::board::BundledPlugins;
use evenhand_core::document::{Document, Format};
use evenhand_core::robustness::Draws;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use evenhand_report::json;

#[test]
fn every_rule_can_be_asked_and_every_case_passes() {
    let book = Rulebook::load(vec![core_pack(false)], plugins(), Settings::default()).unwrap();
    let broken: Vec<String> = book
        .broken()
        .iter()
        .flat_map(|rule| rule.problems.iter().map(ToString::to_string))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let run = evenhand_authoring::ruletest::test(&book, |_| true);
    let problems: Vec<String> = run.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let failed: Vec<String> = run
        .rules
        .iter()
        .flat_map(|rule| {
            let failed = rule
                .results
                .iter()
                .filter(|result| !result.differences.is_empty());
            failed.map(|result| {
                format!(
                    "{}: {}: {:?}",
                    rule.id, result.case.name, result.differences
                )
            })
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let without: Vec<&str> = run
        .rules
        .iter()
        .filter(|rule| rule.results.is_empty())
        .map(|rule| rule.id.as_str())
        .collect();
    assert!(without.is_empty(), "no case of {without:?}");
    let unreached: Vec<String> = run
        .rules
        .iter()
        .filter(|rule| !rule.unreached.is_empty())
        .map(|rule| format!("{}: {:?}", rule.id, rule.unreached))
        .collect();
    assert!(
        unreached.is_empty(),
        "outcomes that no case reaches: {unreached:?}"
    );
    assert!(run.passed() > 500 && run.rules.len() > 60);
}

/// In a debug build one answer in so many is left out of each case; `evenhand rules test` leaves out all.
const SILENCE_STEP: usize = if cfg!(debug_assertions) { 40 } else { 1 };

#[test]
fn silence_helps_in_no_case_but_where_a_page_says_why() {
    let book = Rulebook::load(vec![core_pack(false)], plugins(), Settings::default()).unwrap();
    let run = evenhand_authoring::silence::silence_every(&book, |_| true, SILENCE_STEP);
    let rises: Vec<String> = run
        .rises
        .iter()
        .map(|rise| format!("{}: {}: {}", rise.rule, rise.case, rise.path.dotted()))
        .collect();
    assert!(rises.is_empty(), "{}", rises.join("\n"));
    assert!(run.tried > 100, "{}", run.tried);
    // Of a few answers only, an exception may seem to be for nothing.
    assert!(SILENCE_STEP > 1 || run.holds(), "{:?}", run.unused);
}

/// A number, a comparison, a condition or a proposal that could change without a case noticing is one that nobody
/// tests; where it cannot matter, the page says why.
#[test]
fn no_change_to_a_rule_goes_unnoticed() {
    let run = evenhand_authoring::mutation::mutate(book(), |_| true);
    let problems: Vec<String> = run.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let left: Vec<String> = run
        .rules
        .iter()
        .flat_map(|rule| &rule.survivors)
        .map(|mutant| format!("{}:{}: {}", mutant.file, mutant.line, mutant.change))
        .collect();
    assert!(
        left.is_empty(),
        "changes that no case notices; `evenhand rules test --mutate` lists them:\n{}",
        left.join("\n")
    );
    let tried: usize = run.rules.iter().map(|rule| rule.tried).sum();
    assert!(tried > 1500 && run.rules.len() > 60, "{tried} changes");
}

/// What these tests judge with is what people use: the pack in the binary, and the same plugins.
#[test]
fn the_program_has_the_same_pack() {
    let path = example_paths()
        .into_iter()
        .find(|path| path.contains("c05-"))
        .unwrap();
    let bytes = std::fs::read(crate::assembly::root().join(&path)).unwrap();
    let proposal = Document::parse(&path, &bytes, Format::Yaml).unwrap();
    // English has words of the pack too.
    let english = evenhand_locale::open("en", &book().catalogs(), &|| book().originals()).unwrap();
    let mut card = book().judge_beside(&proposal, &english, &BundledPlugins);
    book().add_robustness(&mut card, Draws::default());
    // The rulebook of the tests knows no day.
    card.receipt.date = Some("2026-11-26".to_owned());
    let here = json::render(&card, &proposal);
    let there = evenhand()
        .args(["check", &path, "--format", "json", "--date", "2026-11-26"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(there.stdout).unwrap(), here);
}
