//! Several programs side by side: by dimension and rule, and whether one is at least as good as another in everything.

use crate::what_if::{State, Summary, state};
use evenhand_core::robustness::Draws;
use evenhand_core::robustness::rank::{Mean, rank_acceptability};
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use std::collections::BTreeSet;

/// Several programs, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The programs, in the order in which they were named.
    pub programs: Vec<Program>,
    /// Which program is at least as good as which other.
    pub dominance: Vec<Dominance>,
    /// The rules that do not come out the same for all, in the order of the rulebook.
    pub rules: Vec<Row>,
}

/// One of the programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Its title.
    pub title: String,
    /// Its file, as it was named.
    pub file: String,
    /// Verdict and ranges.
    pub summary: Summary,
    /// In which share of draws of the dimensions' weights it ranks first by its certain points; those that are equal
    /// share the rank. In 0..=1.
    pub first: f64,
}

/// One program is at least as good as another in verdict and every dimension, and better in something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dominance {
    /// The better program, by its place.
    pub better: usize,
    /// The other, by its place.
    pub worse: usize,
    /// Whether that is so whatever comes of what is open.
    pub certain: bool,
}

/// One rule over all programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The rule's id.
    pub rule: String,
    /// The requirement in one line.
    pub title: String,
    /// The dimension it counts in.
    pub dimension: String,
    /// What came out for each program; none where it was not asked.
    pub states: Vec<Option<State>>,
}

/// Puts scorecards of one rulebook side by side; `weights` are those of the dimensions, in their order.
pub fn compare(cards: &[Scorecard], weights: &[f64], draws: Draws) -> Comparison {
    let points: Vec<Vec<Option<f64>>> = cards
        .iter()
        .map(|card| {
            card.dimensions
                .iter()
                .map(|one| one.low.map(f64::from))
                .collect()
        })
        .collect();
    let ranks = rank_acceptability(&points, weights, Mean::default(), draws);
    let programs = cards.iter().zip(ranks).map(|(card, ranks)| Program {
        title: card.proposal.title.clone(),
        file: card.proposal.file.clone(),
        summary: Summary::of(card),
        first: f64::from(ranks.first().copied().unwrap_or_default())
            / f64::from(draws.count.max(1)),
    });
    Comparison {
        programs: programs.collect(),
        dominance: dominance(cards),
        rules: rules(cards),
    }
}

fn dominance(cards: &[Scorecard]) -> Vec<Dominance> {
    let mut found = Vec::new();
    for (better, one) in cards.iter().enumerate() {
        for (worse, other) in cards.iter().enumerate() {
            if better != worse && is_as_good(one, other) && !is_as_good(other, one) {
                let certain = is_certainly_as_good(one, other);
                found.push(Dominance {
                    better,
                    worse,
                    certain,
                });
            }
        }
    }
    found
}

/// From the worst to the best: what stops is worse than what is not decided.
fn place(word: Word) -> u8 {
    match word {
        Word::Stop => 0,
        Word::Incomplete => 1,
        Word::Revise => 2,
        Word::Proceed => 3,
    }
}

/// At both ends of what can come out; a dimension that was not judged is as good as no other.
fn is_as_good(one: &Scorecard, other: &Scorecard) -> bool {
    place(one.verdict.word) >= place(other.verdict.word)
        && pairs(one, other).all(|((low, high), (other_low, other_high))| {
            low >= other_low && high >= other_high && low.is_some() == other_low.is_some()
        })
}

/// As good in everything and better in something, even if everything open comes out badly for the one and well for the other.
fn is_certainly_as_good(one: &Scorecard, other: &Scorecard) -> bool {
    let open = [one, other]
        .iter()
        .any(|card| card.verdict.word == Word::Incomplete);
    // Where the other could come out as good in everything, nothing is better for certain.
    let better = place(one.verdict.word) > place(other.verdict.word)
        || pairs(one, other).any(|((low, _), (_, other_high))| low > other_high);
    !open
        && better
        && is_as_good(one, other)
        && pairs(one, other).all(|((low, _), (_, other_high))| low >= other_high)
}

type Ends = (Option<u8>, Option<u8>);

fn pairs<'a>(one: &'a Scorecard, other: &'a Scorecard) -> impl Iterator<Item = (Ends, Ends)> + 'a {
    one.dimensions
        .iter()
        .zip(&other.dimensions)
        .map(|(own, other)| ((own.low, own.high), (other.low, other.high)))
}

/// The rules that do not come out the same on all scorecards, in the order of the rulebook.
pub(crate) fn rules(cards: &[Scorecard]) -> Vec<Row> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut rows = Vec::new();
    for finding in cards.iter().flat_map(|card| &card.findings) {
        if finding.kind != "rule" || !seen.insert(&finding.rule) {
            continue;
        }
        let states = cards.iter().map(|card| {
            let mut findings = card.findings.iter();
            findings.find(|one| one.rule == finding.rule).map(state)
        });
        let states: Vec<Option<State>> = states.collect();
        let differs = states.windows(2).any(|pair| pair.first() != pair.last());
        if differs {
            rows.push(Row {
                rule: finding.rule.clone(),
                title: finding.title.clone(),
                dimension: finding.dimension.clone(),
                states,
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::book;
    use evenhand_core::document::{Document, Format};

    fn compared(yaml: &[&str]) -> Comparison {
        let cards: Vec<Scorecard> = yaml
            .iter()
            .map(|yaml| {
                let document = Document::parse("a.yaml", yaml.as_bytes(), Format::Yaml).unwrap();
                assert_eq!(book().check_document(&document), []);
                book().judge(&document)
            })
            .collect();
        compare(&cards, &[1.0, 1.0], Draws::default())
    }

    const GOOD: &str =
        "groups: []\nsafe: true\nplan: true\nshares: { ours: 0.5, theirs: 0.5 }\nnote: a\n";
    const OPEN: &str = "groups: []\nsafe: true\nshares: { ours: 0.5, theirs: 0.5 }\nnote: a\n";
    const BAD: &str =
        "groups: []\nsafe: false\nplan: true\nshares: { ours: 0.5, theirs: 0.5 }\nnote: a\n";

    #[test]
    fn what_is_better_in_everything_dominates_and_what_is_open_is_not_certain() {
        let found = compared(&[BAD, GOOD, OPEN]);
        let pair = |better: usize, worse: usize| {
            let mut all = found.dominance.iter();
            all.find(|one| (one.better, one.worse) == (better, worse))
                .map(|one| one.certain)
        };
        assert_eq!(pair(1, 0), Some(true));
        assert_eq!(pair(0, 1), None);
        // Whether there is a plan is open, and could make them equal.
        assert_eq!(pair(1, 2), Some(false));
        let rules: Vec<&str> = found.rules.iter().map(|row| row.rule.as_str()).collect();
        assert_eq!(rules, ["care/safe", "order/plan"]);
        assert!(
            (found.programs[1].first - 1.0).abs() < 1e-9,
            "{:?}",
            found.programs
        );
    }

    #[test]
    fn equals_dominate_nobody_and_differ_in_nothing() {
        let found = compared(&[GOOD, GOOD]);
        assert_eq!((found.dominance, found.rules), (Vec::new(), Vec::new()));
        assert!(
            found
                .programs
                .iter()
                .all(|one| (one.first - 1.0).abs() < 1e-9)
        );
        assert_eq!(compared(&[]).programs, []);
    }
}
