//! How far a program is from where it can proceed.

use super::settle;
use evenhand_core::finding::{End, Finding};
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;

/// What a critical rule at or under its gate weighs: more than all points of all dimensions.
const GATE: f64 = 10_000.0;

/// What an answer that is to be checked weighs: a program cannot proceed on it, however good its points are.
const CHECK: f64 = 1.0;

/// How much less is worth nothing: what sums of decimals may be off by.
const HAIR: f64 = 1e-6;

/// How far a program is from where it can proceed, in points that are missing to the thresholds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Distance {
    /// If everything that is open comes out badly.
    pub(super) low: f64,
    /// If everything that is open comes out well.
    pub(super) high: f64,
    /// How much is open: weights of findings times what can still come out.
    pub(super) open: f64,
}

impl Distance {
    /// Whether it is nearer than another: for certain, then at best, then with less that is open.
    pub(super) fn is_nearer(self, other: Self) -> bool {
        let less = |one: f64, other: f64| one < other - HAIR;
        let same = |one: f64, other: f64| (one - other).abs() <= HAIR;
        less(self.low, other.low)
            || same(self.low, other.low)
                && (less(self.high, other.high)
                    || same(self.high, other.high) && less(self.open, other.open))
    }
}

/// How far a program is from where it can proceed.
pub(super) fn distance(card: &Scorecard) -> Distance {
    let open = card.findings.iter().filter(|finding| finding.counts());
    Distance {
        low: at(card, End::Low) + CHECK * as_f64(settle::open(card)),
        high: at(card, End::High),
        open: open
            .map(|finding| finding.weight * (finding.degree.high - finding.degree.low))
            .sum(),
    }
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn at(card: &Scorecard, end: End) -> f64 {
    let gates = card.findings.iter().filter(|one| one.fails_gate(end));
    let gates: f64 = gates
        .map(|finding| GATE + 100.0 * (finding.gate - end.of(finding.degree)))
        .sum();
    let short: f64 = card
        .dimensions
        .iter()
        .map(|score| shortfall(card, score, end))
        .sum();
    gates + short
}

/// Points that a dimension misses to its threshold; points are whole, so a threshold between two means the next.
pub(super) fn shortfall(card: &Scorecard, score: &DimensionScore, end: End) -> f64 {
    let total = weight(card, &score.id);
    if total <= 0.0 {
        return 0.0;
    }
    let own = card.findings.iter();
    let own = own.filter(|finding| finding.dimension == score.id && finding.counts());
    let points: f64 = own
        .map(|finding| 100.0 * finding.weight * end.of(finding.degree))
        .sum();
    (score.threshold.ceil() - points / total).max(0.0)
}

/// The weights of a dimension's findings.
pub(super) fn weight(card: &Scorecard, dimension: &str) -> f64 {
    let own = card.findings.iter();
    let own = own.filter(|finding| finding.dimension == dimension && finding.counts());
    own.map(|finding| finding.weight).sum()
}

/// The dimensions that are not certain to reach their threshold, with what they miss.
pub(super) fn short(card: &Scorecard) -> Vec<(&str, f64)> {
    let each = card.dimensions.iter();
    each.map(|score| (score.id.as_str(), shortfall(card, score, End::Low)))
        .filter(|(_, points)| *points > HAIR)
        .collect()
}

/// Whether a finding is one that a plan has to do something about.
pub(super) fn matters(finding: &Finding, short: &[(&str, f64)]) -> bool {
    finding.fails_gate(End::Low)
        || finding.counts() && short.iter().any(|(id, _)| *id == finding.dimension)
}

/// Critical rules and dimensions that stand between a program and its proceeding.
pub(super) fn in_the_way(card: &Scorecard) -> Vec<String> {
    let gates = card.findings.iter().filter(|one| one.fails_gate(End::Low));
    let rules = gates.map(|finding| finding.rule.clone());
    let dimensions = short(card).into_iter().map(|(id, _)| id.to_owned());
    let found: Vec<String> = rules.chain(dimensions).collect();
    if found.is_empty() {
        // Something else: a rule that failed, a dimension of which nothing was judged.
        return card.verdict.decided_by.clone();
    }
    found
}
