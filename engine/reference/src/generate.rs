//! Made-up packs, profiles and proposals, plausible and nasty, from a seed.

mod changes;
mod packs;

use crate::judge::{Finding, Settings, Severity};

pub use changes::{Change, changes};
pub use packs::{Check, Fault, Pack, Page, pack, proposal};

/// Draws from a seed: the same on every machine (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Draws(pub u64);

impl Draws {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `end`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % end).unwrap_or_default()
    }

    /// Yes in so many of a hundred draws.
    pub fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// A whole number from `least` to `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = usize::try_from(most - least + 1).unwrap_or(1);
        least + i64::try_from(self.below(width)).unwrap_or_default()
    }

    /// One of several; the first of them must be there.
    pub fn one<T: Clone>(&mut self, of: &[T], or: T) -> T {
        of.get(self.below(of.len())).cloned().unwrap_or(or)
    }
}

/// Degrees that people write, those beside a gate, and what a computer makes of 0.8 − 0.6.
pub fn degree(draws: &mut Draws) -> f64 {
    let nasty = [
        0.2,
        0.8 - 0.6,
        0.2 + 2e-9,
        0.3 - 0.1,
        0.199_999,
        1e-6,
        0.7,
        0.45,
        0.1 + 0.2,
    ];
    match draws.below(10) {
        0..3 => 0.0,
        3..6 => 1.0,
        6..8 => draws.one(&nasty, 0.2),
        _ => hundredths(draws.between(0, 100)),
    }
}

fn hundredths(number: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let number = number as f64;
    number / 100.0
}

/// Weights that boards write, 0 and the greatest among them.
pub fn weight(draws: &mut Draws) -> f64 {
    let some = [0.0, 0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 7.25, 100.0];
    draws.one(&some, 1.0)
}

/// Findings of no particular rules, for arithmetic alone.
pub fn findings(draws: &mut Draws, dimensions: usize) -> Vec<Finding> {
    let count = draws.below(12);
    (0..count).map(|_| finding(draws, dimensions)).collect()
}

fn finding(draws: &mut Draws, dimensions: usize) -> Finding {
    let (one, other) = (degree(draws), degree(draws));
    let open = draws.percent(35);
    let (low, high) = if open {
        (one.min(other), one.max(other))
    } else {
        (one, one)
    };
    let severity = draws.one(&Severity::ALL, Severity::Major);
    let mut found = Finding::new(draws.below(dimensions), severity, low, high);
    if draws.percent(30) {
        found.weight = weight(draws);
    }
    if draws.percent(20) {
        found.gate = degree(draws);
    }
    found.prompt = draws.percent(5);
    found.applies = !draws.percent(12);
    found.error = draws.percent(4);
    found.waived = draws.percent(8);
    found.disabled = draws.percent(8);
    found.weightless = found.weight <= 0.0 && draws.percent(50);
    if found.error {
        (found.low, found.high, found.applies) = (0.0, 1.0, true);
    }
    found
}

/// A scale of levels, from the worst on.
pub fn scale(draws: &mut Draws) -> Vec<(String, i64)> {
    let mut bounds: Vec<i64> = (0..draws.between(1, 5))
        .map(|_| draws.between(1, 100))
        .collect();
    bounds.push(0);
    bounds.sort_unstable();
    bounds.dedup();
    let named = |(index, from)| (format!("level-{index}"), from);
    bounds.into_iter().enumerate().map(named).collect()
}

/// Settings of a board.
pub fn settings(draws: &mut Draws, dimensions: usize) -> Settings {
    let mut settings = Settings::new(dimensions);
    if draws.percent(40) {
        settings.scale = scale(draws);
    }
    for threshold in &mut settings.thresholds {
        if draws.percent(40) {
            *threshold = draws.one(&[0, 1, 44, 45, 46, 69, 70, 99, 100], 45);
        }
    }
    for excused in &mut settings.not_judged {
        *excused = draws.percent(15);
    }
    settings
}
