//! How often each of several proposals ranks where, over weights of the dimensions.

use super::Spread;

/// How points of dimensions become one number, where proposals have to be ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mean {
    /// Weighted geometric mean: what is very low cannot be bought back (OECD and JRC 2008, "Handbook on Constructing
    /// Composite Indicators", 6).
    #[default]
    Geometric,
    /// Weighted arithmetic mean: every point counts the same.
    Arithmetic,
    /// The lowest dimension, whatever the weights; those without a weight do not count.
    Minimum,
}

impl Mean {
    /// One number, 0..=100, of points 0..=100 and their weights; none where no dimension with a weight has points.
    pub fn of(self, points: &[Option<f64>], weights: &[f64]) -> Option<f64> {
        let counted = || {
            let pairs = points.iter().zip(weights);
            pairs
                .filter_map(|(points, weight)| Some(((*points)?, *weight)))
                .filter(|(_, weight)| *weight > 0.0)
        };
        let total: f64 = counted().map(|(_, weight)| weight).sum();
        if total <= 0.0 {
            return None;
        }
        Some(match self {
            Self::Geometric => {
                let product = counted().fold(1.0, |product, (points, weight)| {
                    product * libm::pow(points / 100.0, weight / total)
                });
                100.0 * product
            }
            Self::Arithmetic => {
                counted()
                    .map(|(points, weight)| points * weight)
                    .sum::<f64>()
                    / total
            }
            Self::Minimum => counted().map(|(points, _)| points).fold(100.0, f64::min),
        })
    }
}

/// How often each proposal takes each rank, in draws: `acceptability[proposal][rank]`, the first rank first.
///
/// SMAA-2 (Lahdelma and Salminen 2001, Operations Research 49:444–454): the rank is one more than the number of
/// proposals that are better, so proposals that are equal share the better rank. `points[proposal][dimension]` are the
/// certain points. One without a number ranks behind all that have one.
pub fn rank_acceptability(
    points: &[Vec<Option<f64>>],
    weights: &[f64],
    mean: Mean,
    draws: super::Draws,
) -> Vec<Vec<u32>> {
    let mut counts = vec![vec![0_u32; points.len()]; points.len()];
    let mut drawn = Vec::new();
    let mut overall = Vec::with_capacity(points.len());
    for draw in 0..u64::from(draws.count) {
        let spread: Spread = draws.spread;
        spread.draw(weights, draws.seed, draw * weights.len() as u64, &mut drawn);
        overall.clear();
        overall.extend(
            points
                .iter()
                .map(|points| mean.of(points, &drawn).unwrap_or(-1.0)),
        );
        for (own, counts) in overall.iter().zip(&mut counts) {
            // Rounding of powers is no difference.
            let better = overall.iter().filter(|other| **other > own + 1e-9).count();
            if let Some(count) = counts.get_mut(better) {
                *count += 1;
            }
        }
    }
    counts
}
