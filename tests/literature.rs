//! What the literature says of published programs: which does better than which, and what has to be found.
//!
//! The expectations in `examples/proposals/expected.toml` were written down before the rules were run, by the person who
//! also filled in what the publications leave open. They show that the rules are consistent, not that they are right;
//! so an order and a finding are enforced here. Levels, which depend on thresholds that are a judgement, are only
//! compared, in `docs/validation.md`.

use crate::assembly::{book, examples, root};
use evenhand_core::finding::Outcome;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::settings::Levels;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Orderings {
    ordering: Vec<Ordering>,
}

/// One program has to be above another, at both ends of what can come out for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ordering {
    dimension: String,
    higher: String,
    lower: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Checked to be levels; how far they agree is in the documentation.
    levels: BTreeMap<String, String>,
    must_fire: Vec<String>,
    #[serde(default)]
    shown: Vec<String>,
    why: String,
}

/// Differences with a reason that is written down; what stands there and what is found is compared with the page.
#[derive(Deserialize)]
struct Mismatches {
    mismatch: Vec<Mismatch>,
}

#[derive(Deserialize)]
struct Mismatch {
    kind: String,
    what: String,
}

fn read<T: for<'a> Deserialize<'a>>(name: &str) -> T {
    let text = fs::read_to_string(root().join("examples").join(name)).unwrap();
    toml::from_str(&text).unwrap()
}

fn cards() -> BTreeMap<String, Scorecard> {
    examples()
        .into_iter()
        .map(|(name, proposal)| (name, book().judge(&proposal)))
        .collect()
}

#[test]
fn the_orders_that_have_to_hold_do() {
    let cards = cards();
    let Orderings { ordering } = read("proposals/orderings.toml");
    assert!(ordering.len() > 20);
    let mut wrong = Vec::new();
    for order in ordering {
        let range = |name: &str| {
            let card = cards
                .get(name)
                .unwrap_or_else(|| panic!("no example {name}"));
            let scores = &card.dimensions;
            let score = scores.iter().find(|score| score.id == order.dimension);
            let score = score.unwrap_or_else(|| panic!("no dimension {}", order.dimension));
            (score.low.unwrap(), score.high.unwrap())
        };
        let (higher, lower) = (range(&order.higher), range(&order.lower));
        // Where the ranges overlap, the better program has to be better at both ends.
        if higher.0 <= lower.0 || higher.1 <= lower.1 {
            wrong.push(format!(
                "{}: {} {higher:?} is not above {} {lower:?} ({})",
                order.dimension, order.higher, order.lower, order.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_to_be_found_is_found_or_the_reason_is_written_down() {
    let cards = cards();
    let explained: Mismatches = read("validation/mismatches.toml");
    let explained = |kind: &str, what: &str| {
        let mut all = explained.mismatch.iter();
        all.any(|mismatch| mismatch.kind == kind && mismatch.what == what)
    };
    let expected: BTreeMap<String, Expected> = read("proposals/expected.toml");
    assert_eq!(expected.len(), 14);
    let mut wrong = Vec::new();
    for (name, expected) in &expected {
        assert!(!expected.why.is_empty());
        let known = |level: &String| Levels::default().named(level).is_some();
        assert!(
            expected.levels.len() == 4 && expected.levels.values().all(known),
            "{name}"
        );
        let card = &cards[name];
        for rule in &expected.must_fire {
            let found = card.findings.iter().find(|finding| finding.rule == *rule);
            let fired = found.is_some_and(|finding| {
                matches!(finding.outcome, Outcome::Partly | Outcome::Unmet)
                    && finding.degree.high <= 0.5
            });
            if !fired && !explained("must_fire", &format!("{name} {rule}")) {
                let what = found.map_or_else(
                    || "is no rule".to_owned(),
                    |found| format!("{} at {:?}", found.outcome, found.degree),
                );
                wrong.push(format!("{name}: {rule} does not fire, but is {what}"));
            }
        }
        for rule in &expected.shown {
            let found = card.findings.iter().find(|finding| finding.rule == *rule);
            if found.is_none_or(|found| found.outcome == Outcome::NotApplicable || found.counts()) {
                wrong.push(format!("{name}: {rule} is not shown, or counts"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
