//! From findings to ranges, levels and a verdict.
//!
//! For each dimension, over the rules that apply, with weight w and degree s in 0..=1: the low end is
//! 100 · Σ w·s / Σ w with the least s that can come out, the high end the same with the greatest. There is no score "over what is known": leaving a fact out must never help.

use crate::finding::{End, Finding, Outcome};
use crate::locale::Locale;
use crate::pack::Dimension;
use crate::settings::{Levels, Settings};
use std::fmt;

/// How good a dimension is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Under the board's limit for `mixed`.
    Poor,
    /// Between.
    Mixed,
    /// At or above the board's limit for `good`.
    Good,
}

impl Level {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::Mixed => "mixed",
            Self::Good => "good",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Poor, Self::Mixed, Self::Good]
            .into_iter()
            .find(|level| level.word() == word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The result for one dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionScore {
    /// The dimension's id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Whole points 0..=100 in the worst case; none if no rule applies.
    pub low: Option<u8>,
    /// Whole points in the best case.
    pub high: Option<u8>,
    /// Level in the worst case.
    pub level_low: Option<Level>,
    /// Level in the best case.
    pub level_high: Option<Level>,
    /// The share of the weight whose outcome is known, 0..=1.
    pub completeness: f64,
    /// Points under which the board asks for revision.
    pub threshold: f64,
    /// The critical rule that caps it, in the worst case.
    pub capped_by: Option<String>,
}

impl DimensionScore {
    /// The level, where both ends agree.
    pub fn level(&self) -> Option<Level> {
        self.level_low.filter(|low| Some(*low) == self.level_high)
    }

    /// The level in words: `poor`, or `poor to mixed`.
    pub fn level_words(&self) -> String {
        self.level_words_in(Locale::english())
    }

    /// The level in the words of a language.
    pub fn level_words_in(&self, locale: &Locale) -> String {
        match (self.level_low, self.level_high) {
            (Some(low), Some(high)) if low == high => locale.word(low.word()).to_owned(),
            (Some(low), Some(high)) => locale.say(
                "{low} to {high}",
                &[
                    ("low", locale.word(low.word())),
                    ("high", locale.word(high.word())),
                ],
            ),
            _ => locale.word("not asked").to_owned(),
        }
    }

    /// Points at one end.
    pub fn points(&self, end: End) -> Option<u8> {
        match end {
            End::Low => self.low,
            End::High => self.high,
        }
    }
}

/// Scores every dimension, in the order of the pack.
pub fn dimensions(
    findings: &[Finding],
    dimensions: &[Dimension],
    settings: &Settings,
) -> Vec<DimensionScore> {
    dimensions
        .iter()
        .map(|dimension| {
            let counted: Vec<&Finding> = findings
                .iter()
                .filter(|finding| finding.dimension == dimension.id && finding.counts())
                .collect();
            let weight: f64 = counted.iter().map(|finding| finding.weight).sum();
            let known: f64 = counted
                .iter()
                .filter(|finding| !matches!(finding.outcome, Outcome::Unknown | Outcome::Error))
                .map(|finding| finding.weight)
                .sum();
            let at = |end: End| {
                (weight > 0.0).then(|| {
                    let sum: f64 = counted
                        .iter()
                        .map(|finding| finding.weight * end.of(finding.degree))
                        .sum();
                    capped(points(100.0 * sum / weight), &counted, end, settings.levels)
                })
            };
            let (low, high) = (at(End::Low), at(End::High));
            let level =
                |points: Option<u8>| points.map(|points| level(f64::from(points), settings.levels));
            DimensionScore {
                id: dimension.id.clone(),
                title: dimension.title.clone(),
                low,
                high,
                level_low: level(low),
                level_high: level(high),
                completeness: if weight > 0.0 { known / weight } else { 1.0 },
                threshold: settings.threshold(&dimension.id),
                capped_by: counted
                    .iter()
                    .find(|finding| finding.fails_gate(End::Low))
                    .map(|f| f.rule.clone()),
            }
        })
        .collect()
}

/// Whole points, rounded down so that a number shown never reaches a threshold the score does not.
fn points(score: f64) -> u8 {
    // A hair above the floor is the rounding of sums, not a point.
    let whole = (score + 1e-9).floor().clamp(0.0, 100.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=100"
    )]
    let whole = whole as u8;
    whole
}

/// A critical rule at or under its gate keeps its dimension under `mixed`.
fn capped(points: u8, counted: &[&Finding], end: End, levels: Levels) -> u8 {
    if counted.iter().any(|finding| finding.fails_gate(end)) {
        let below = self::points(levels.mixed.ceil() - 1.0);
        points.min(below)
    } else {
        points
    }
}

fn level(points: f64, levels: Levels) -> Level {
    if points >= levels.good {
        Level::Good
    } else if points >= levels.mixed {
        Level::Mixed
    } else {
        Level::Poor
    }
}
