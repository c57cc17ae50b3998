//! Before and after: what a change to a proposal does to verdict, ranges and findings.

use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::settings::Names;
use evenhand_core::verdict::Word;
use std::collections::BTreeSet;

/// Verdict and ranges of one scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The verdict.
    pub verdict: Word,
    /// Its reason.
    pub reason: String,
    /// The dimensions, in the pack's order.
    pub dimensions: Vec<DimensionScore>,
    /// The board's words.
    pub names: Names,
}

/// What differs between two scorecards of one program.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// As it was.
    pub before: Summary,
    /// As it would be.
    pub after: Summary,
    /// The findings that differ, in the order of the rulebook.
    pub findings: Vec<Moved>,
}

/// A finding that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The rule's id.
    pub rule: String,
    /// The requirement in one line.
    pub title: String,
    /// The finding before; none where the rule is new.
    pub before: Option<State>,
    /// The finding after; none where the rule is gone.
    pub after: Option<State>,
}

/// How far a requirement is satisfied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// What came out.
    pub outcome: Outcome,
    /// The least degree, 0..=1.
    pub low: f64,
    /// The greatest degree, 0..=1.
    pub high: f64,
}

impl Moved {
    /// Whether the requirement is satisfied better (`Some(true)`), worse (`Some(false)`), or neither for certain.
    ///
    /// A rule that stops or begins to apply is neither.
    pub fn better(&self) -> Option<bool> {
        let (before, after) = (self.before?, self.after?);
        let applies = |state: State| state.outcome != Outcome::NotApplicable;
        if !applies(before) || !applies(after) {
            return None;
        }
        let (low, high) = (after.low - before.low, after.high - before.high);
        match (low, high) {
            (low, high) if low >= 0.0 && high >= 0.0 => Some(true),
            (low, high) if low <= 0.0 && high <= 0.0 => Some(false),
            _ => None,
        }
    }
}

impl Difference {
    /// Whether verdict, ranges and findings are the same before and after.
    pub fn is_nothing(&self) -> bool {
        let same = |(was, is): (&DimensionScore, &DimensionScore)| {
            (was.low, was.high) == (is.low, is.high)
        };
        let dimensions = self.before.dimensions.iter();
        self.findings.is_empty()
            && self.before.verdict == self.after.verdict
            && dimensions.zip(&self.after.dimensions).all(same)
    }
}

impl Summary {
    /// Verdict and ranges of a scorecard.
    pub fn of(card: &Scorecard) -> Self {
        Self {
            verdict: card.verdict.word,
            reason: card.verdict.reason.clone(),
            dimensions: card.dimensions.clone(),
            names: card.names.clone(),
        }
    }
}

/// What differs between two scorecards of one program.
pub fn difference(before: &Scorecard, after: &Scorecard) -> Difference {
    let rules: BTreeSet<&str> = before
        .findings
        .iter()
        .chain(&after.findings)
        .map(|finding| finding.rule.as_str())
        .collect();
    let find = |card: &'_ Scorecard, rule: &str| -> Option<Finding> {
        let mut found = card.findings.iter();
        found.find(|finding| finding.rule == rule).cloned()
    };
    // In the order of the scorecards, which is the rulebook's.
    let mut order: Vec<&str> = Vec::new();
    for finding in after.findings.iter().chain(&before.findings) {
        if rules.contains(finding.rule.as_str()) && !order.contains(&finding.rule.as_str()) {
            order.push(&finding.rule);
        }
    }
    let mut findings = Vec::new();
    for rule in order {
        let (was, is) = (find(before, rule), find(after, rule));
        let title = is.as_ref().or(was.as_ref()).map(|one| one.title.clone());
        let (was, is) = (was.as_ref().map(state), is.as_ref().map(state));
        if was != is {
            findings.push(Moved {
                rule: rule.to_owned(),
                title: title.unwrap_or_default(),
                before: was,
                after: is,
            });
        }
    }
    Difference {
        before: Summary::of(before),
        after: Summary::of(after),
        findings,
    }
}

/// How far a finding's requirement is satisfied.
pub(crate) fn state(finding: &Finding) -> State {
    State {
        outcome: finding.outcome,
        low: finding.degree.low,
        high: finding.degree.high,
    }
}
