//! Random numbers: one for each event of each draw, the same for every question asked of the model.
//!
//! Because every scenario meets the same luck, a better program can never come out worse by chance. Numbers have
//! 16 binary digits; a digit of 64 draws is one machine word, so that "luck below the threshold" is decided for
//! 64 draws at once. Only whole numbers are used: the same bits on every machine, in every build.

/// Chances are compared as so many 65,536ths.
pub(crate) const WHOLE: u32 = 1 << DIGITS;
const DIGITS: u32 = 16;

/// How many answers are kept for each event; more would only cost memory in long batches.
const KEPT: usize = 24;

/// The random numbers of a run of the model, and the comparisons made so far.
#[derive(Debug)]
pub(crate) struct Draws {
    seed: u64,
    size: u32,
    words: usize,
    /// For each event its digits, least first, once they were needed; each digit inverted and spread over `words`.
    events: Vec<Option<Vec<Vec<u64>>>>,
    kept: Vec<Vec<(u32, Vec<u64>)>>,
}

impl Draws {
    /// The numbers of so many `events` in so many `draws` from the seed. A program meets few of the events, so that the
    /// numbers of an event are made when it is first asked for.
    pub(crate) fn new(seed: u64, draws: u32, events: usize) -> Self {
        Self {
            seed,
            size: draws,
            words: draws.div_ceil(64) as usize,
            kept: vec![Vec::new(); events],
            events: vec![None; events],
        }
    }

    /// The digits of an event: in one row of numbers from the seed, those after all events before it.
    fn digits(&mut self, event: usize) -> Option<&[Vec<u64>]> {
        let (seed, words) = (self.seed, self.words);
        let digits = self.events.get_mut(event)?.get_or_insert_with(|| {
            let before = event * DIGITS as usize * words;
            let mut source = SplitMix64::after(seed, before as u64);
            let mut digit = || (0..words).map(|_| source.next()).collect::<Vec<u64>>();
            (0..DIGITS).map(|_| digit()).collect()
        });
        Some(digits)
    }

    /// How many draws there are.
    pub(crate) fn count(&self) -> u32 {
        self.size
    }

    /// One word for each 64 draws, all set.
    pub(crate) fn everywhere(&self) -> Vec<u64> {
        vec![u64::MAX; self.words]
    }

    /// One word for each 64 draws, none set.
    pub(crate) fn nowhere(&self) -> Vec<u64> {
        vec![0; self.words]
    }

    /// Makes sure that [`Draws::below`] knows the answer.
    pub(crate) fn prepare(&mut self, event: usize, threshold: u32) {
        let known = |kept: &Vec<(u32, Vec<u64>)>| kept.iter().any(|(known, _)| *known == threshold);
        if self.kept.get(event).is_none_or(known) {
            return;
        }
        let words = self.words;
        let Some(lanes) = self
            .digits(event)
            .map(|digits| below(digits, threshold, words))
        else {
            return;
        };
        if let Some(kept) = self.kept.get_mut(event) {
            if kept.len() >= KEPT {
                kept.remove(0);
            }
            kept.push((threshold, lanes));
        }
    }

    /// The draws in which the number of `event` is below `threshold` 65,536ths. Prepared before; else none.
    pub(crate) fn below(&self, event: usize, threshold: u32) -> &[u64] {
        let kept = self.kept.get(event).map_or(&[][..], Vec::as_slice);
        kept.iter()
            .find(|(known, _)| *known == threshold)
            .map_or(&[], |(_, lanes)| lanes)
    }

    /// In how many draws the lane is set.
    pub(crate) fn set(&self, lanes: &[u64]) -> u32 {
        let last = self.size % 64;
        let mask = |index: usize| {
            if last > 0 && index + 1 == self.words {
                (1 << last) - 1
            } else {
                u64::MAX
            }
        };
        lanes
            .iter()
            .enumerate()
            .map(|(index, word)| (word & mask(index)).count_ones())
            .sum()
    }
}

/// Compares digit by digit from the least: a digit of 1 in the threshold lets pass what has a 0 there, a digit of 0
/// stops what has a 1 there, and every higher digit overrules.
fn below(digits: &[Vec<u64>], threshold: u32, words: usize) -> Vec<u64> {
    if threshold >= WHOLE {
        return vec![u64::MAX; words];
    }
    let mut lanes = vec![0; words];
    for (place, inverted) in digits
        .iter()
        .enumerate()
        .skip(threshold.trailing_zeros() as usize)
    {
        if threshold >> place & 1 == 1 {
            lanes
                .iter_mut()
                .zip(inverted)
                .for_each(|(lane, inverted)| *lane |= inverted);
        } else {
            lanes
                .iter_mut()
                .zip(inverted)
                .for_each(|(lane, inverted)| *lane &= inverted);
        }
    }
    lanes
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, doi 10.1145/2660193.2660195.
struct SplitMix64(u64);

/// What its state grows by for each number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl SplitMix64 {
    /// The generator after so many numbers: its state is a plain sum.
    fn after(seed: u64, numbers: u64) -> Self {
        Self(seed.wrapping_add(STEP.wrapping_mul(numbers)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_the_known_numbers() {
        let mut source = SplitMix64(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| source.next()).collect();
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn the_numbers_of_an_event_are_the_same_whenever_they_are_made() {
        let mut row = SplitMix64(7);
        let mut draws = Draws::new(7, 130, 3);
        let expected: Vec<Vec<Vec<u64>>> = (0..3)
            .map(|_| {
                (0..DIGITS)
                    .map(|_| (0..3).map(|_| row.next()).collect())
                    .collect()
            })
            .collect();
        for event in [2, 0, 1] {
            assert_eq!(draws.digits(event), Some(expected[event].as_slice()));
        }
        assert_eq!(draws.digits(3), None);
    }

    #[test]
    fn below_is_what_a_comparison_of_numbers_gives() {
        let mut draws = Draws::new(7, 130, 2);
        let digits = draws.digits(1).unwrap().to_vec();
        let numbers: Vec<u32> = (0..130)
            .map(|draw: usize| {
                (0..16)
                    .map(|place| {
                        let inverted = digits[place][draw / 64] >> (draw % 64) & 1;
                        u32::from(inverted == 0) << place
                    })
                    .sum()
            })
            .collect();
        for threshold in [0, 1, 2, 3, 255, 256, 30_000, 32_768, 65_535, 65_536] {
            draws.prepare(1, threshold);
            let expected = numbers.iter().filter(|number| **number < threshold).count();
            assert_eq!(
                draws.set(draws.below(1, threshold)) as usize,
                expected,
                "{threshold}"
            );
        }
    }

    #[test]
    fn a_half_is_about_half_and_thresholds_nest() {
        let mut draws = Draws::new(1, 10_000, 1);
        let mut before = 0;
        for threshold in (0..=WHOLE).step_by(4096) {
            draws.prepare(0, threshold);
            let set = draws.set(draws.below(0, threshold));
            assert!(set >= before);
            let expected = f64::from(threshold) / f64::from(WHOLE) * 10_000.0;
            assert!(
                (f64::from(set) - expected).abs() < 200.0,
                "{set} for {expected}"
            );
            before = set;
        }
        assert_eq!(before, 10_000);
    }

    #[test]
    fn what_is_kept_stays_within_bounds() {
        let mut draws = Draws::new(1, 64, 1);
        for threshold in 0..1000 {
            draws.prepare(0, threshold);
            assert!(draws.kept[0].len() <= KEPT);
        }
        assert!(!draws.below(0, 999).is_empty());
    }
}
