//! How much a verdict depends on weights that somebody chose.
//!
//! Rule weights are drawn anew many times, and the verdict is decided each time; beside that stand exact bounds over
//! the same weights, and the smallest change of one weight that gives another verdict. Pure functions over degrees,
//! weights and thresholds: nothing is evaluated again, and the same input gives the same numbers everywhere.
//!
//! Gates and caps do not depend on weights, so a program that a critical rule stops is stopped in every draw.

pub mod bounds;
pub mod draws;
pub mod flip;
pub mod rank;

pub use bounds::Bounds;
pub use draws::{Draws, Spread};
pub use flip::Flip;

use crate::finding::{End, Finding};
use crate::score::{self, DimensionScore, Level};
use crate::settings::Levels;
use crate::verdict::Word;

/// A rule as its dimension counts it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The rule's id.
    pub rule: String,
    /// Its weight, above 0.
    pub weight: f64,
    /// The least degree that can come out, 0..=1.
    pub low: f64,
    /// The greatest degree that can come out, 0..=1.
    pub high: f64,
}

impl Item {
    fn at(&self, end: End) -> f64 {
        match end {
            End::Low => self.low,
            End::High => self.high,
        }
    }
}

/// A dimension with everything its points depend on.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// The dimension's id.
    pub id: String,
    /// Its rules that have a weight.
    pub items: Vec<Item>,
    /// Points under which the board asks for revision.
    pub threshold: f64,
    /// Whether a critical rule caps it in the worst case.
    pub capped_low: bool,
    /// Whether a critical rule caps it in the best case.
    pub capped_high: bool,
}

impl Dimension {
    fn capped(&self, end: End) -> bool {
        match end {
            End::Low => self.capped_low,
            End::High => self.capped_high,
        }
    }

    /// Σ w·s and Σ w at one end, with weights in the order of the items.
    fn sums(&self, end: End, weights: impl Iterator<Item = f64>) -> (f64, f64) {
        let pairs = self.items.iter().zip(weights);
        pairs.fold((0.0, 0.0), |(sum, total), (item, weight)| {
            (sum + weight * item.at(end), total + weight)
        })
    }
}

/// A proposal as far as weights can matter to its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its dimensions.
    pub dimensions: Vec<Dimension>,
    /// The board's levels.
    pub levels: Levels,
    /// Whether a critical rule is at or under its gate in the worst case.
    pub stops_low: bool,
    /// Whether one is in the best case as well: then it stops whatever the weights.
    pub stops_high: bool,
    /// Whether something other than points leaves it undecided: a rule that failed, a silent plugin.
    pub blocked: bool,
}

/// Points and levels of one dimension at both ends; none where nothing counts.
type Ends = Option<[(u8, Level); 2]>;

impl Model {
    /// What weights can change of a judged proposal.
    ///
    /// `word` is its verdict: where points alone would have settled it, something else must have left it open.
    pub fn of(
        findings: &[Finding],
        scores: &[DimensionScore],
        levels: &Levels,
        word: Word,
        failed: bool,
    ) -> Self {
        let dimensions = scores.iter().map(|score| {
            let own = || findings.iter().filter(|found| found.dimension == score.id);
            Dimension {
                id: score.id.clone(),
                items: own()
                    .filter(|found| found.counts())
                    .map(|found| Item {
                        rule: found.rule.clone(),
                        weight: found.weight,
                        low: found.degree.low,
                        high: found.degree.high,
                    })
                    .collect(),
                threshold: score.threshold,
                capped_low: own().any(|found| found.fails_gate(End::Low)),
                capped_high: own().any(|found| found.fails_gate(End::High)),
            }
        });
        let mut model = Self {
            dimensions: dimensions.collect(),
            levels: levels.clone(),
            stops_low: findings.iter().any(|found| found.fails_gate(End::Low)),
            stops_high: findings.iter().any(|found| found.fails_gate(End::High)),
            blocked: failed,
        };
        model.blocked |= word == Word::Incomplete && model.verdict(&model.stated()) != word;
        model
    }

    /// The points under the weights as they stand.
    fn stated(&self) -> Vec<Ends> {
        let ends = self.dimensions.iter().map(|dimension| {
            let weights = || dimension.items.iter().map(|item| item.weight);
            let low = dimension.sums(End::Low, weights());
            let high = dimension.sums(End::High, weights());
            self.ends(dimension, low.0, high.0, low.1)
        });
        ends.collect()
    }

    /// Points and levels from Σ w·s at both ends and Σ w.
    fn ends(&self, dimension: &Dimension, low: f64, high: f64, total: f64) -> Ends {
        (total > 0.0).then(|| {
            [(End::Low, low), (End::High, high)].map(|(end, sum)| {
                score::settled(100.0 * sum / total, dimension.capped(end), &self.levels)
            })
        })
    }

    /// The verdict for points of all dimensions, in the order of `verdict::decide`.
    fn verdict(&self, ends: &[Ends]) -> Word {
        if self.stops_high {
            return Word::Stop;
        }
        if self.blocked {
            return Word::Incomplete;
        }
        let under = |end: usize| {
            self.dimensions.iter().zip(ends).any(|(dimension, ends)| {
                ends.as_ref()
                    .and_then(|ends| ends.get(end))
                    .is_some_and(|(points, _)| f64::from(*points) < dimension.threshold)
            })
        };
        let at = |end: usize| {
            if under(end) {
                Word::Revise
            } else {
                Word::Proceed
            }
        };
        let worst = if self.stops_low { Word::Stop } else { at(0) };
        let best = at(1);
        if worst == best {
            best
        } else {
            Word::Incomplete
        }
    }
}

/// How much of a scorecard depends on weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Robustness {
    /// How weights were drawn.
    pub draws: Draws,
    /// The draws that gave the same verdict.
    pub same_verdict: u32,
    /// How many draws gave each verdict, of those that came out.
    pub verdicts: Vec<(Word, u32)>,
    /// Each dimension, in the order of the scorecard.
    pub dimensions: Vec<DimensionRobustness>,
    /// The smallest change of one weight, all others as they are, that gives another verdict.
    pub flip: Option<Flip>,
}

/// How much of one dimension depends on weights.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionRobustness {
    /// The dimension's id.
    pub id: String,
    /// The draws that gave the same level at both ends.
    pub same_level: u32,
    /// The least and most points that any weights of the spread can give; none where no rule has a weight.
    pub bounds: Option<Bounds>,
}

impl Robustness {
    /// Draws weights for a model, and finds bounds and the smallest change.
    pub fn of(model: &Model, draws: Draws) -> Self {
        let stated = model.stated();
        let word = model.verdict(&stated);
        let levels = |ends: &Ends| ends.map(|ends| ends.map(|(_, level)| level));
        let mut verdicts =
            [Word::Proceed, Word::Revise, Word::Incomplete, Word::Stop].map(|word| (word, 0_u32));
        let mut same_levels = vec![0_u32; model.dimensions.len()];
        draws::each(model, draws, |drawn| {
            let word = model.verdict(drawn);
            for (known, count) in &mut verdicts {
                *count += u32::from(*known == word);
            }
            for ((count, own), stated) in same_levels.iter_mut().zip(drawn).zip(&stated) {
                *count += u32::from(levels(own) == levels(stated));
            }
        });
        let dimensions = model.dimensions.iter().zip(same_levels);
        Self {
            draws,
            same_verdict: verdicts
                .iter()
                .find(|(known, _)| *known == word)
                .map_or(0, |(_, count)| *count),
            verdicts: verdicts
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .collect(),
            dimensions: dimensions
                .map(|(dimension, same_level)| DimensionRobustness {
                    id: dimension.id.clone(),
                    same_level,
                    bounds: Bounds::of(dimension, draws.spread, &model.levels),
                })
                .collect(),
            flip: Flip::smallest(model),
        }
    }
}

/// A share of draws in whole per cents, rounded down: 100 means every draw.
pub fn percent(count: u32, of: u32) -> u8 {
    let share = u64::from(count) * 100 / u64::from(of.max(1));
    u8::try_from(share).unwrap_or(100).min(100)
}

#[cfg(test)]
mod tests;
