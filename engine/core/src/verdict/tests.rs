//! What is recommended, and why.

use super::*;
use crate::finding::Degree;
use crate::finding::tests::sample;
use crate::pack::Dimension;
use crate::rule::Severity;
use crate::score;
use crate::settings::Settings;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn verdict(findings: &[Finding]) -> Verdict {
    verdict_without(findings, &[])
}

fn verdict_without(findings: &[Finding], silent: &[&str]) -> Verdict {
    let dimensions = [Dimension {
        id: "ethics".to_owned(),
        title: "Ethics".to_owned(),
        weight: 1.0,
        about: String::new(),
    }];
    let scores = score::dimensions(
        findings,
        &dimensions,
        &Settings::default(),
        &BTreeSet::new(),
    );
    decide(findings, &scores, silent, &crate::words::English)
}

fn major(rule: &str, low: f64, high: f64) -> Finding {
    sample(rule, Degree { low, high })
}

fn critical(rule: &str, low: f64, high: f64) -> Finding {
    let mut finding = major(rule, low, high);
    finding.severity = Severity::Critical;
    finding.weight = 4.0;
    finding
}

#[track_caller]
fn check(findings: &[Finding], word: Word, decided_by: &[&str]) {
    let verdict = verdict(findings);
    assert_eq!(verdict.word, word, "{}", verdict.reason);
    assert_eq!(verdict.decided_by, decided_by, "{}", verdict.reason);
    // A sentence to be read aloud, which names what decided.
    assert!(verdict.reason.ends_with('.'), "{}", verdict.reason);
    let beginning = verdict.reason.to_lowercase();
    assert!(beginning.starts_with(word.word()), "{}", verdict.reason);
}

#[test]
fn a_plugin_without_an_answer_settles_nothing_but_a_stop() {
    let good = [major("ethics/good", 1.0, 1.0)];
    assert_eq!(verdict(&good).word, Word::Proceed);
    let open = verdict_without(&good, &["air-quality"]);
    assert_eq!(open.word, Word::Incomplete);
    assert_eq!(
        open.reason,
        "Incomplete: a plugin gave no answer (air-quality)."
    );
    let bad = [critical("ethics/bad", 0.1, 0.1)];
    assert_eq!(verdict_without(&bad, &["air-quality"]).word, Word::Stop);
}

#[test]
fn stop_comes_before_everything() {
    let mut failed = major("ethics/failed", 0.0, 1.0);
    failed.outcome = Outcome::Error;
    let bad = || critical("ethics/bad", 0.1, 0.1);
    check(&[bad()], Word::Stop, &["ethics/bad"]);
    check(
        &[bad(), failed, major("ethics/open", 0.0, 1.0)],
        Word::Stop,
        &["ethics/bad"],
    );
    check(
        &[bad(), critical("ethics/worse", 0.0, 0.0)],
        Word::Stop,
        &["ethics/bad", "ethics/worse"],
    );
}

#[test]
fn incomplete_where_the_ends_differ_or_a_rule_failed() {
    check(
        &[critical("ethics/open", 0.0, 1.0)],
        Word::Incomplete,
        &["ethics/open", "ethics"],
    );
    check(
        &[major("ethics/a", 0.4, 0.5)],
        Word::Incomplete,
        &["ethics"],
    );
    let mut failed = major("ethics/failed", 0.0, 1.0);
    failed.outcome = Outcome::Error;
    // Even where everything else is so good that it makes no difference.
    let mut findings: Vec<Finding> = (0..9).map(|_| major("ethics/a", 1.0, 1.0)).collect();
    findings.push(failed);
    check(&findings, Word::Incomplete, &["ethics/failed"]);
}

#[test]
fn what_is_open_and_decides_nothing_does_not_hold_up() {
    check(
        &[major("ethics/a", 1.0, 1.0), major("ethics/open", 0.0, 1.0)],
        Word::Proceed,
        &[],
    );
    check(
        &[major("ethics/a", 0.0, 0.0), major("ethics/open", 0.0, 0.5)],
        Word::Revise,
        &["ethics"],
    );
}

#[test]
fn readings_that_differ_settle_nothing_and_readings_that_stop_do() {
    use Word::{Incomplete, Proceed, Revise, Stop};
    let joint = |together: Word, own: &[Word]| {
        let together = Verdict {
            word: together,
            reason: String::new(),
            decided_by: Vec::new(),
            would_help: Vec::new(),
        };
        decide_jointly(together, own, &crate::words::English)
    };
    for (together, own, word) in [
        (Proceed, &[Proceed, Proceed][..], Proceed),
        (Incomplete, &[Stop, Stop], Stop),
        (Incomplete, &[Revise, Proceed], Incomplete),
        (Incomplete, &[Revise, Revise], Incomplete),
        // One reading is open for another reason, such as an answer to be checked.
        (Proceed, &[Proceed, Incomplete], Incomplete),
        (Incomplete, &[Incomplete, Incomplete], Incomplete),
        (Revise, &[Incomplete, Incomplete], Incomplete),
        (Stop, &[Stop], Stop),
    ] {
        assert_eq!(joint(together, own).word, word, "{together} {own:?}");
    }
    let said = joint(Incomplete, &[Revise, Stop, Proceed]).reason;
    assert!(said.ends_with("between “stop” and “proceed”."), "{said}");
}

#[test]
fn a_prompt_never_changes_a_verdict() {
    let mut prompt = critical("ethics/prompt", 0.0, 1.0);
    prompt.kind = "prompt";
    check(&[major("ethics/a", 1.0, 1.0), prompt], Word::Proceed, &[]);
}

#[test]
fn nothing_evaluated_is_no_pass() {
    check(&[], Word::Incomplete, &["ethics"]);
    let mut absent = major("ethics/a", 0.0, 1.0);
    absent.outcome = Outcome::NotApplicable;
    check(&[absent.clone()], Word::Incomplete, &["ethics"]);
    let mut prompt = critical("ethics/prompt", 0.0, 1.0);
    prompt.kind = "prompt";
    check(&[absent, prompt], Word::Incomplete, &["ethics"]);
}

/// A judged dimension beside one, climate, of which no rule was evaluated.
fn beside(withdrawn: bool, not_judged: Option<&str>, degree: f64) -> Verdict {
    let dimensions = ["ethics", "climate"].map(|id| Dimension {
        id: id.to_owned(),
        title: id.to_uppercase(),
        weight: 1.0,
        about: String::new(),
    });
    let withdrawn = withdrawn
        .then(|| "climate".to_owned())
        .into_iter()
        .collect();
    let reason = not_judged.map(|reason| ("climate".to_owned(), reason.to_owned()));
    let settings = Settings {
        not_judged: reason.into_iter().collect(),
        ..Settings::default()
    };
    let findings = [major("ethics/a", degree, degree)];
    let scores = score::dimensions(&findings, &dimensions, &settings, &withdrawn);
    decide(&findings, &scores, &[], &crate::words::English)
}

#[test]
fn a_dimension_that_was_disabled_holds_up_unless_the_board_says_why() {
    let open = beside(true, None, 1.0);
    assert_eq!(open.word, Word::Incomplete);
    assert_eq!(open.decided_by, ["climate"]);
    assert!(
        open.reason.contains("nothing was judged of climate"),
        "{}",
        open.reason
    );
    // At best incomplete: a revision stays open as well.
    assert_eq!(beside(true, None, 0.0).word, Word::Incomplete);
    for (verdict, said) in [
        (
            beside(true, Some("levy"), 1.0),
            "climate is not judged, as the board decided.",
        ),
        (
            beside(false, None, 1.0),
            "climate is not judged, since none of its rules applies.",
        ),
    ] {
        assert_eq!(verdict.word, Word::Proceed, "{}", verdict.reason);
        assert!(verdict.reason.ends_with(said), "{}", verdict.reason);
    }
    assert_eq!(beside(false, None, 0.0).word, Word::Revise);
}

#[test]
fn what_would_help_most_comes_first_and_is_three_at_most() {
    let helps = verdict(&[
        major("ethics/d", 0.9, 0.9),
        major("ethics/c", 0.5, 0.5),
        major("ethics/b", 0.5, 0.5),
        critical("ethics/z", 0.2, 0.2),
        major("ethics/met", 1.0, 1.0),
    ])
    .would_help;
    assert_eq!(helps, ["ethics/z", "ethics/b", "ethics/c"]);
}

#[test]
fn the_rule_that_stops_is_never_left_out_of_what_would_help() {
    // Beside critical rules that are merely open, and without any weight.
    let mut stops = critical("ethics/z-stops", 0.1, 0.1);
    stops.weight = 0.0;
    let open = ["ethics/a", "ethics/b", "ethics/c"].map(|rule| critical(rule, 0.0, 1.0));
    let helps = verdict(&[&open[..], &[stops]].concat()).would_help;
    assert_eq!(helps, ["ethics/z-stops", "ethics/a", "ethics/b"]);
}

proptest! {
    /// To know less of one rule makes the verdict no better.
    #[test]
    fn silence_never_helps(
        degrees in proptest::collection::vec((0.0..=1.0_f64, any::<bool>()), 1..8),
        which in 0..8_usize,
    ) {
        let findings: Vec<Finding> = degrees
            .iter()
            .map(|(degree, grave)| {
                let make = if *grave { critical } else { major };
                make("ethics/x", *degree, *degree)
            })
            .collect();
        let mut silent = findings.clone();
        let which = which % silent.len();
        silent[which].degree = Degree::OPEN;
        silent[which].outcome = Outcome::Unknown;
        let (before, after) = (verdict(&findings).word, verdict(&silent).word);
        let no_better = match before {
            Word::Stop => matches!(after, Word::Stop | Word::Incomplete),
            Word::Revise => after != Word::Proceed,
            Word::Incomplete => false,
            Word::Proceed => true,
        };
        prop_assert!(no_better, "from {} to {}", before, after);
    }
}
