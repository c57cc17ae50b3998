//! What a board changed: its settings beside the packs' own, and each change by itself and left out.

use crate::judge::{Judgement, Verdict};

/// What of a judgement a board is shown beside the packs' own: the verdict and the names of the levels of each dimension.
pub type Shown = (Verdict, Vec<Option<(String, String)>>);

/// A board's changes beside the packs' own settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// By the packs' own settings.
    pub baseline: Shown,
    /// By the board's.
    pub board: Shown,
    /// For each change, the packs' settings with only it, and the board's without it.
    pub changes: Vec<(Shown, Shown)>,
}

impl Comparison {
    /// Judges with every change left out in turn; `judge` is told which changes are in force.
    pub fn of(changes: usize, judge: impl Fn(&[bool]) -> Shown) -> Self {
        let each = (0..changes).map(|one| {
            let only: Vec<bool> = (0..changes).map(|other| other == one).collect();
            let without: Vec<bool> = (0..changes).map(|other| other != one).collect();
            (judge(&only), judge(&without))
        });
        Self {
            baseline: judge(&vec![false; changes]),
            board: judge(&vec![true; changes]),
            changes: each.collect(),
        }
    }

    /// Whether the board's settings change a verdict or a level.
    pub fn differs(&self) -> bool {
        self.baseline != self.board
    }

    /// Whether a change does anything by itself: alone, or left out.
    pub fn acts(&self, change: usize) -> bool {
        let found = self.changes.get(change);
        found.is_some_and(|(only, without)| *only != self.baseline || *without != self.board)
    }
}

/// Verdict and levels of a judgement, called as a scale calls them.
pub fn shown(judgement: &Judgement, scale: &[(String, i64)]) -> Shown {
    let name = |level: usize| scale.get(level).map(|(name, _)| name.clone());
    let levels = judgement.dimensions.iter().map(|one| {
        let (low, high) = one.levels?;
        name(low).zip(name(high))
    });
    (judgement.verdict, levels.collect())
}
