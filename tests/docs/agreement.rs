//! How far two ways to name a level agree: counts, and Cohen's kappa with and without weights.

use evenhand_core::score::Level;

const LEVELS: [Level; 3] = [Level::POOR, Level::MIXED, Level::GOOD];

/// How often each level was found (across) where each was expected (down).
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Agreement {
    counts: [[u32; 3]; 3],
}

impl Agreement {
    pub(super) fn add(&mut self, expected: Level, found: Level) {
        let place = |level| LEVELS.iter().position(|known| *known == level).unwrap();
        self.counts[place(expected)][place(found)] += 1;
    }

    pub(super) fn count(&self, expected: Level, found: Level) -> u32 {
        let place = |level| LEVELS.iter().position(|known| *known == level).unwrap();
        self.counts[place(expected)][place(found)]
    }

    /// How many pairs lie at most so many levels apart.
    pub(super) fn within(&self, apart: usize) -> u32 {
        let mut sum = 0;
        for (i, row) in self.counts.iter().enumerate() {
            for (j, count) in row.iter().enumerate() {
                if i.abs_diff(j) <= apart {
                    sum += count;
                }
            }
        }
        sum
    }

    pub(super) fn pairs(&self) -> u32 {
        self.within(2)
    }

    /// Kappa where only the same level agrees.
    pub(super) fn kappa(&self) -> Option<f64> {
        self.chance_corrected(|i, j| if i == j { 1.0 } else { 0.0 })
    }

    /// Kappa where one level apart agrees by half.
    pub(super) fn weighted_kappa(&self) -> Option<f64> {
        self.chance_corrected(|i, j| match i.abs_diff(j) {
            0 => 1.0,
            1 => 0.5,
            _ => 0.0,
        })
    }

    /// (observed − by chance) / (1 − by chance); none where chance alone agrees in everything.
    fn chance_corrected(&self, weight: impl Fn(usize, usize) -> f64) -> Option<f64> {
        let pairs = f64::from(self.pairs());
        let row = |i: usize| f64::from(self.counts[i].iter().sum::<u32>());
        let column = |j: usize| f64::from(self.counts.iter().map(|row| row[j]).sum::<u32>());
        let (mut observed, mut chance) = (0.0, 0.0);
        for i in 0..3 {
            for j in 0..3 {
                observed += weight(i, j) * f64::from(self.counts[i][j]) / pairs;
                chance += weight(i, j) * row(i) * column(j) / (pairs * pairs);
            }
        }
        (chance < 1.0 - 1e-12).then(|| (observed - chance) / (1.0 - chance))
    }
}

#[test]
fn kappa_as_worked_out_by_hand() {
    let agreement = Agreement {
        counts: [[10, 2, 0], [1, 10, 3], [0, 2, 12]],
    };
    // Observed 32 of 40; by chance (12·11 + 14·14 + 14·15) / 1600 = 0.33625.
    assert!((agreement.kappa().unwrap() - (0.8 - 0.33625) / (1.0 - 0.33625)).abs() < 1e-12);
    // Half for the eight that lie one apart; by chance half of (12·14 + 14·11 + 14·15 + 14·14) / 1600 = 0.2275 more.
    let weighted = (0.9 - 0.56375) / (1.0 - 0.56375);
    assert!((agreement.weighted_kappa().unwrap() - weighted).abs() < 1e-12);
    assert_eq!(
        (agreement.pairs(), agreement.within(0), agreement.within(1)),
        (40, 32, 40)
    );
}

#[test]
fn perfect_and_no_more_than_chance() {
    let mut perfect = Agreement::default();
    let mut same = Agreement::default();
    for level in LEVELS {
        perfect.add(level, level);
        same.add(level, Level::GOOD);
    }
    assert!((perfect.kappa().unwrap() - 1.0).abs() < 1e-12);
    assert!(same.kappa().unwrap().abs() < 1e-12);
    let mut one = Agreement::default();
    one.add(Level::GOOD, Level::GOOD);
    assert_eq!(
        one.kappa(),
        None,
        "with one level only there is nothing to agree about"
    );
}
