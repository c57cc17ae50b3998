//! Weights drawn from a seed: the same on every machine, with any number of threads.
//!
//! The generator is kept here because a receipt promises its bytes for years: `SplitMix64` (Steele, Lea and Flood 2014,
//! "Fast splittable pseudorandom number generators", OOPSLA) is a dozen lines and passes `BigCrush`. It is used as a
//! counter: the n-th number needs none before it, so a draw is the same wherever the work is split.

use super::{Ends, Model};
use crate::finding::End;

/// How weights are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draws {
    /// How many.
    pub count: u32,
    /// Where the generator starts.
    pub seed: u64,
    /// How far from the stated weights.
    pub spread: Spread,
}

impl Default for Draws {
    fn default() -> Self {
        Self {
            count: 10_000,
            seed: 0,
            spread: Spread::default(),
        }
    }
}

/// How far drawn weights lie from the stated ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// Each by itself, uniformly within this share of it, 0..=1: 0.3 draws 2.1 to 3.9 for 3.
    Around(f64),
    /// Any weights at all: uniformly over all that add up to one, whatever is stated.
    Simplex,
}

impl Default for Spread {
    /// 30 % each way.
    fn default() -> Self {
        Self::Around(0.3)
    }
}

/// The generator's n-th number for a seed.
fn number(seed: u64, at: u64) -> u64 {
    let mut mixed = seed.wrapping_add(at.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The n-th number in 0..1, in steps of 2⁻⁵³.
fn uniform(seed: u64, at: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let share = (number(seed, at) >> 11) as f64;
    share / 9_007_199_254_740_992.0
}

impl Spread {
    /// One draw of weights, from the generator's numbers that begin at `at`; it uses as many as there are weights.
    ///
    /// On the simplex the weights are the gaps between sorted uniform numbers, which is uniform and needs no logarithm
    /// (Devroye 1986, "Non-Uniform Random Variate Generation", V.2).
    pub(crate) fn draw(self, stated: &[f64], seed: u64, at: u64, into: &mut Vec<f64>) {
        into.clear();
        let numbers = (at..).map(|at| uniform(seed, at));
        match self {
            Self::Around(share) => {
                let weights = stated.iter().zip(numbers);
                into.extend(weights.map(|(weight, u)| weight * (1.0 + share * (2.0 * u - 1.0))));
            }
            Self::Simplex => {
                into.extend(numbers.take(stated.len().saturating_sub(1)));
                into.sort_by(f64::total_cmp);
                let mut before = 0.0;
                for gap in into.iter_mut() {
                    let edge = *gap;
                    *gap = edge - before;
                    before = edge;
                }
                into.extend((!stated.is_empty()).then_some(1.0 - before));
            }
        }
    }
}

/// Calls `seen` with the points of all dimensions under each draw.
pub(super) fn each(model: &Model, draws: Draws, mut seen: impl FnMut(&[Ends])) {
    let stated: Vec<Vec<f64>> = model
        .dimensions
        .iter()
        .map(|dimension| dimension.items.iter().map(|item| item.weight).collect())
        .collect();
    let each: u64 = stated.iter().map(|weights| weights.len() as u64).sum();
    let mut weights = Vec::new();
    let mut drawn = Vec::with_capacity(stated.len());
    for draw in 0..u64::from(draws.count) {
        drawn.clear();
        let mut at = draw * each;
        for (dimension, stated) in model.dimensions.iter().zip(&stated) {
            draws.spread.draw(stated, draws.seed, at, &mut weights);
            at += stated.len() as u64;
            let (low, total) = dimension.sums(End::Low, weights.iter().copied());
            let (high, _) = dimension.sums(End::High, weights.iter().copied());
            drawn.push(model.ends(dimension, low, high, total));
        }
        seen(&drawn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published first numbers of `SplitMix64` for the seed 1234567 (Rosetta Code, "Pseudo-random numbers/Splitmix64").
    #[test]
    fn the_generator_gives_the_published_numbers() {
        let numbers: Vec<u64> = (0..5).map(|at| number(1_234_567, at)).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn weights_around_the_stated_ones_stay_within_the_share() {
        let stated = [3.0, 1.0, 4.0];
        let mut weights = Vec::new();
        let mut sum = [0.0; 3];
        for draw in 0..1000 {
            Spread::Around(0.3).draw(&stated, 7, draw * 3, &mut weights);
            for ((sum, weight), stated) in sum.iter_mut().zip(&weights).zip(stated) {
                assert!((0.7 * stated..=1.3 * stated).contains(weight), "{weight}");
                *sum += weight / stated;
            }
        }
        // 0.6 / √12 / √1000 is the standard error of a mean of 1000.
        for sum in sum {
            assert!((sum / 1000.0 - 1.0_f64).abs() < 4.0 * 0.0055, "{sum}");
        }
    }

    #[test]
    fn weights_of_the_simplex_add_up_to_one() {
        let mut weights = Vec::new();
        for count in 1..6 {
            let stated = vec![2.0; count];
            Spread::Simplex.draw(&stated, 3, 0, &mut weights);
            assert_eq!(weights.len(), count);
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(weights.iter().all(|weight| *weight >= 0.0));
        }
        Spread::Simplex.draw(&[], 3, 0, &mut weights);
        assert_eq!(weights, [0.0; 0]);
    }
}
