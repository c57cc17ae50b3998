//! The least and most points that weights within a spread can give, exactly.

use super::{Dimension, Item, Spread};
use crate::finding::End;
use crate::score;
use crate::settings::Levels;

/// The ends of a dimension's points over all weights of a spread; whole points, rounded down as everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The worst case: least and most.
    pub low: (u8, u8),
    /// The best case: least and most.
    pub high: (u8, u8),
}

impl Bounds {
    /// The bounds of a dimension; none where no rule has a weight.
    pub(super) fn of(dimension: &Dimension, spread: Spread, levels: &Levels) -> Option<Self> {
        let points = |end: End| {
            let (least, most) = mean_bounds(&dimension.items, end, spread)?;
            let settle = |mean: f64| score::settled(100.0 * mean, dimension.capped(end), levels).0;
            Some((settle(least), settle(most)))
        };
        Some(Self {
            low: points(End::Low)?,
            high: points(End::High)?,
        })
    }
}

/// The least and greatest weighted mean of degrees, each weight anywhere within the spread.
///
/// A mean is least where every degree under it has its greatest weight and every degree above it its least. So the
/// degrees are sorted, and the best of the cuts through that order is the bound: no search, no iteration.
pub(crate) fn mean_bounds(items: &[Item], end: End, spread: Spread) -> Option<(f64, f64)> {
    let share = match spread {
        Spread::Around(share) => share,
        Spread::Simplex => {
            let degrees = || items.iter().map(|item| item.at(end));
            let least = degrees().min_by(f64::total_cmp)?;
            return Some((least, degrees().max_by(f64::total_cmp)?));
        }
    };
    let mut sorted: Vec<(f64, f64)> = items
        .iter()
        .map(|item| (item.at(end), item.weight))
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let least = cuts(&sorted, 1.0 + share, 1.0 - share).min_by(f64::total_cmp)?;
    let most = cuts(&sorted, 1.0 - share, 1.0 + share).max_by(f64::total_cmp)?;
    Some((least, most))
}

/// The weighted mean for every cut: weights up to the cut times `first`, those after it times `rest`.
fn cuts(sorted: &[(f64, f64)], first: f64, rest: f64) -> impl Iterator<Item = f64> {
    let sums = |part: &[(f64, f64)]| {
        part.iter()
            .fold((0.0, 0.0), |(sum, total), (degree, weight)| {
                (sum + degree * weight, total + weight)
            })
    };
    let all = sums(sorted);
    let mut before = (0.0, 0.0);
    (0..=sorted.len()).filter_map(move |cut| {
        if let Some((degree, weight)) = cut.checked_sub(1).and_then(|last| sorted.get(last)) {
            before = (before.0 + degree * weight, before.1 + weight);
        }
        // A part that is nothing but rounding must not be divided by.
        let after = if cut == sorted.len() {
            (0.0, 0.0)
        } else {
            (all.0 - before.0, all.1 - before.1)
        };
        let total = first * before.1 + rest * after.1;
        (total > 0.0).then(|| (first * before.0 + rest * after.0) / total)
    })
}
