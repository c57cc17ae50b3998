//! The smallest change of one weight that gives another verdict.

use super::{Dimension, Model};
use crate::finding::End;
use crate::verdict::Word;

/// A change of one weight that gives another verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The rule whose weight changes.
    pub rule: String,
    /// Its weight as it stands.
    pub from: f64,
    /// The nearest weight in steps of 0.01 that gives another verdict, 0..=100.
    pub to: f64,
    /// The verdict that comes out then.
    pub verdict: Word,
}

/// What points may be off by, as in `score`.
const TOLERANCE: f64 = 1e-9;

/// The greatest weight that a profile may give a rule.
const MOST: f64 = 100.0;

impl Flip {
    /// How far the weight moves, as a share of what it is.
    pub fn share(&self) -> f64 {
        (self.to - self.from).abs() / self.from
    }

    /// The smallest in proportion, of all rules with a weight; the first by id where several are equal.
    ///
    /// With one weight free, a mean reaches a threshold at one weight at most, in closed form; between those weights
    /// the verdict is the same, so trying each of them finds the smallest.
    pub(super) fn smallest(model: &Model) -> Option<Self> {
        let stated = model.stated();
        let word = model.verdict(&stated);
        let mut found: Vec<Self> = Vec::new();
        for (place, dimension) in model.dimensions.iter().enumerate() {
            for (which, item) in dimension.items.iter().enumerate() {
                let verdict_at = |weight: f64| {
                    let weights = || {
                        let own = dimension.items.iter().enumerate();
                        own.map(|(at, item)| if at == which { weight } else { item.weight })
                    };
                    let (low, total) = dimension.sums(End::Low, weights());
                    let (high, _) = dimension.sums(End::High, weights());
                    let mut ends = stated.clone();
                    if let Some(own) = ends.get_mut(place) {
                        *own = model.ends(dimension, low, high, total);
                    }
                    model.verdict(&ends)
                };
                for turn in turns(dimension, which) {
                    let Some((to, verdict)) = beyond(turn, item.weight, word, verdict_at) else {
                        continue;
                    };
                    found.push(Self {
                        rule: item.rule.clone(),
                        from: item.weight,
                        to,
                        verdict,
                    });
                }
            }
        }
        found.into_iter().min_by(|a, b| {
            let nearer = a.share().total_cmp(&b.share());
            nearer.then_with(|| a.rule.cmp(&b.rule))
        })
    }
}

/// The weights of one item at which an end of its dimension reaches the threshold.
fn turns(dimension: &Dimension, which: usize) -> impl Iterator<Item = f64> {
    // Points are rounded down, so it is the whole number at or above the threshold that counts.
    let asked = (dimension.threshold.ceil() - TOLERANCE) / 100.0;
    [End::Low, End::High].into_iter().filter_map(move |end| {
        let item = dimension.items.get(which)?;
        let weights = dimension.items.iter().map(|item| item.weight);
        let (sum, total) = dimension.sums(end, weights);
        let (sum, total) = (sum - item.weight * item.at(end), total - item.weight);
        let slope = item.at(end) - asked;
        let turn = (asked * total - sum) / slope;
        (slope.abs() > f64::EPSILON && (0.0..=MOST).contains(&turn)).then_some(turn)
    })
}

/// The first weight in steps of 0.01, beyond a turning point as seen from the stated weight, that gives another verdict.
fn beyond(
    turn: f64,
    stated: f64,
    word: Word,
    verdict_at: impl Fn(f64) -> Word,
) -> Option<(f64, Word)> {
    let up = turn >= stated;
    let step = if up {
        (turn * 100.0 - 1e-6).ceil()
    } else {
        (turn * 100.0 + 1e-6).floor()
    };
    // At the turning point itself both sides are possible, by the tolerance; one step further it is settled.
    let further = if up { step + 1.0 } else { step - 1.0 };
    [step, further]
        .into_iter()
        .map(|step| step / 100.0)
        .filter(|to| (0.0..=MOST).contains(to) && (to - stated).abs() > f64::EPSILON)
        .map(|to| (to, verdict_at(to)))
        .find(|(_, verdict)| *verdict != word)
}
