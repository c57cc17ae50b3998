//! Levels: how good a dimension is, in a word. The program has three; a board may have a scale of its own.

use crate::text::number;
use std::fmt;

/// Bytes of a level's name.
pub const LONGEST: usize = 24;
/// How many levels a scale may have.
pub const MOST: usize = 9;
/// What the key of a board's level begins with among the words of a language, so that a level that is called like another
/// word of a report stays apart from it.
const PREFIX: &str = "level:";

/// How good a dimension is, in a word: a place on a scale, ordered from the worst. Levels of two scales are compared by
/// their names, see [`same`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level {
    /// Its place, from 0 for the worst.
    rank: u8,
    /// How many levels its scale has.
    of: u8,
    name: Name,
}

/// The name of a level, short enough to be copied: levels are compared in every draw of weights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Name {
    Poor,
    Mixed,
    Good,
    Own {
        key: [u8; PREFIX.len() + LONGEST],
        len: u8,
    },
}

impl Name {
    fn of(word: &str) -> Self {
        match word {
            "poor" => Self::Poor,
            "mixed" => Self::Mixed,
            "good" => Self::Good,
            own => {
                let mut key = [0; PREFIX.len() + LONGEST];
                let mut len = 0;
                let mut bytes = PREFIX.bytes().chain(own.bytes());
                for (to, byte) in key.iter_mut().zip(&mut bytes) {
                    *to = byte;
                    len += 1;
                }
                Self::Own { key, len }
            }
        }
    }

    fn key(&self) -> &str {
        match self {
            Self::Poor => "poor",
            Self::Mixed => "mixed",
            Self::Good => "good",
            Self::Own { key, len } => {
                let key = key.get(..usize::from(*len)).unwrap_or_default();
                // A name that is too long, which has been refused, may end within a letter.
                match std::str::from_utf8(key) {
                    Ok(key) => key,
                    Err(error) => {
                        let whole = key.get(..error.valid_up_to()).unwrap_or_default();
                        std::str::from_utf8(whole).unwrap_or_default()
                    }
                }
            }
        }
    }
}

impl Level {
    /// The lowest of the program's three.
    pub const POOR: Self = Self::own(0, Name::Poor);
    /// The one between.
    pub const MIXED: Self = Self::own(1, Name::Mixed);
    /// The highest.
    pub const GOOD: Self = Self::own(2, Name::Good);

    const fn own(rank: u8, name: Name) -> Self {
        Self { rank, of: 3, name }
    }

    /// The name of it, as a profile and JSON write it.
    pub fn word(&self) -> &str {
        let key = self.name.key();
        key.strip_prefix(PREFIX).unwrap_or(key)
    }

    /// Its key among the words of a language.
    pub fn key(&self) -> &str {
        self.name.key()
    }

    /// The key that a level of this name has among the words of a language.
    pub(crate) fn key_of(word: &str) -> String {
        Name::of(word).key().to_owned()
    }

    /// What it is called in a language, or by the board.
    pub fn text_in<'a>(&'a self, locale: &'a dyn crate::words::Words) -> &'a str {
        let found = locale.find(crate::words::Section::Words, self.key());
        found.unwrap_or_else(|| self.word())
    }

    /// Whether no level is under it.
    pub fn is_lowest(&self) -> bool {
        self.rank == 0
    }

    /// Whether no level is above it.
    pub fn is_highest(&self) -> bool {
        self.rank + 1 >= self.of
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} of {})", self.word(), self.rank + 1, self.of)
    }
}

/// Whether two levels at both ends are called the same, each on the scale of its own board.
pub fn same(one: Option<(Level, Level)>, other: Option<(Level, Level)>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.0.name == other.0.name && one.1.name == other.1.name,
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// A level, and from how many points on a dimension has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The level.
    pub level: Level,
    /// Its lower bound in points, 0..=100.
    pub from: f64,
}

/// The levels of a board, and the one that every dimension has to reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// From the worst on; never fewer than two.
    steps: Vec<Step>,
    /// Whether they are a board's scale in place of the program's three.
    is_own: bool,
    /// The level that is required, and the points at which it stood on the scale it was chosen from.
    required: Option<Step>,
}

impl Default for Levels {
    fn default() -> Self {
        let step = |level, from| Step { level, from };
        Self {
            steps: vec![
                step(Level::POOR, 0.0),
                step(Level::MIXED, 45.0),
                step(Level::GOOD, 70.0),
            ],
            is_own: false,
            required: None,
        }
    }
}

impl Levels {
    /// A board's scale: names with their lower bounds, from the worst on. Points that were required stay required.
    #[must_use]
    pub fn with_scale(self, scale: &[(String, f64)]) -> Self {
        let of = u8::try_from(scale.len()).unwrap_or(u8::MAX);
        let steps = (0_u8..).zip(scale).map(|(rank, (word, from))| Step {
            level: Level {
                rank,
                of,
                name: Name::of(word),
            },
            from: *from,
        });
        let steps: Vec<Step> = steps.collect();
        if steps.len() < 2 {
            // It has been refused, and nothing is judged by it.
            return self;
        }
        Self {
            steps,
            is_own: true,
            required: self.required,
        }
    }

    /// Every level with its lower bound, from the worst on.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether they are a board's scale.
    pub fn is_own(&self) -> bool {
        self.is_own
    }

    /// The level of this name.
    pub fn named(&self, word: &str) -> Option<Level> {
        let step = self.steps.iter().find(|step| step.level.word() == word);
        step.map(|step| step.level)
    }

    /// The names, from the worst on.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.level.word())
    }

    /// From how many points on a dimension has the level of this name.
    pub fn bound(&self, word: &str) -> Option<f64> {
        let step = self.steps.iter().find(|step| step.level.word() == word);
        step.map(|step| step.from)
    }

    /// Moves the lower bound of a level.
    pub(crate) fn set_bound(&mut self, word: &str, points: f64) {
        let steps = self.steps.iter_mut().chain(&mut self.required);
        for step in steps.filter(|step| step.level.word() == word) {
            step.from = points;
        }
    }

    /// Takes over the scale of another board, and not what it requires.
    pub(crate) fn take_scale(&mut self, other: &Self) {
        self.steps.clone_from(&other.steps);
        self.is_own = other.is_own;
    }

    /// Takes over what another board requires.
    pub(crate) fn take_required(&mut self, other: &Self) {
        self.required = other.required;
    }

    /// Requires the level of this name of every dimension.
    pub(crate) fn require(&mut self, word: &str) {
        if let Some(step) = self.steps.iter().find(|step| step.level.word() == word) {
            self.required = Some(*step);
        }
    }

    /// Whether the scale is the same as another, bounds and all.
    pub(crate) fn same_scale(&self, other: &Self) -> bool {
        self.steps == other.steps && self.is_own == other.is_own
    }

    /// What a board requires in so many words.
    pub(crate) fn stated(&self) -> Option<Step> {
        self.required
    }

    /// Points under which a dimension asks for revision, where the board has no threshold for it: those of the level that is
    /// required; otherwise those of `mixed`, and on a board's scale as many as the program asks for.
    pub fn threshold(&self) -> f64 {
        let usual = || match self.bound(Level::MIXED.word()) {
            Some(points) if !self.is_own => points,
            _ => 45.0,
        };
        self.required.map_or_else(usual, |step| step.from)
    }

    /// The level that is required: the one that holds the threshold.
    pub fn required(&self) -> Level {
        let stated = self.required.and_then(|step| self.named(step.level.word()));
        let usual = (!self.is_own && self.required.is_none()).then_some(Level::MIXED);
        let held = || self.of(self.threshold());
        stated.or(usual).unwrap_or_else(held)
    }

    /// The level that so many points are.
    pub fn of(&self, points: f64) -> Level {
        let reached = self.steps.iter().rev().find(|step| points >= step.from);
        reached.map_or_else(|| self.lowest(), |step| step.level)
    }

    /// The level that a failed critical rule leaves.
    pub fn lowest(&self) -> Level {
        self.steps.first().map_or(Level::POOR, |step| step.level)
    }

    /// The most points that a dimension keeps where a critical rule fails: the last whole one of the lowest level.
    pub fn cap(&self) -> f64 {
        let second = self.steps.get(1).map_or(0.0, |step| step.from);
        (second.ceil() - 1.0).max(0.0)
    }

    /// The scale in one line, for people.
    pub fn shown(&self) -> String {
        let step = |step: &Step| format!("{} from {}", step.level, number(step.from));
        let steps: Vec<String> = self.steps.iter().map(step).collect();
        steps.join(", ")
    }

    /// The level that is required and its points, for people.
    pub(crate) fn required_shown(&self) -> String {
        format!("{} ({})", self.required(), number(self.threshold()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four() -> Levels {
        let scale = [
            ("absent", 0.0),
            ("weak", 25.0),
            ("sound", 50.0),
            ("strong", 75.0),
        ];
        Levels::default().with_scale(&scale.map(|(word, from)| (word.to_owned(), from)))
    }

    #[test]
    fn points_have_the_level_whose_bound_they_reach() {
        let levels = four();
        for (points, word) in [
            (0.0, "absent"),
            (24.0, "absent"),
            (25.0, "weak"),
            (74.0, "sound"),
            (75.0, "strong"),
            (100.0, "strong"),
        ] {
            assert_eq!(levels.of(points).word(), word, "{points}");
        }
        assert!(levels.lowest().is_lowest() && !levels.lowest().is_highest());
        assert!(levels.of(80.0).is_highest() && levels.of(30.0) < levels.of(60.0));
        let usual = Levels::default();
        assert_eq!(
            [44.0, 45.0, 69.0, 70.0].map(|points| usual.of(points)),
            [Level::POOR, Level::MIXED, Level::MIXED, Level::GOOD]
        );
    }

    #[test]
    fn a_failed_critical_rule_leaves_the_lowest_level() {
        assert_eq!((four().cap(), Levels::default().cap()), (24.0, 44.0));
        let mut low = Levels::default();
        for (mixed, cap) in [(0.0, 0.0), (1.0, 0.0), (60.0, 59.0)] {
            low.set_bound("mixed", mixed);
            assert!((low.cap() - cap).abs() < 1e-9, "{mixed}");
        }
    }

    #[test]
    fn the_threshold_stands_on_its_own_unless_a_level_is_required() {
        let mut levels = four();
        // As many points as without a scale; the level that holds them is the one that is required.
        assert_eq!(
            (levels.threshold(), levels.required().word()),
            (45.0, "weak")
        );
        levels.require("sound");
        assert_eq!(
            (levels.threshold(), levels.required().word()),
            (50.0, "sound")
        );
        // What nobody has does nothing; it has been refused.
        levels.require("good");
        assert!((levels.threshold() - 50.0).abs() < 1e-9);

        let mut usual = Levels::default();
        usual.set_bound("mixed", 55.0);
        assert_eq!((usual.threshold(), usual.required()), (55.0, Level::MIXED));
        usual.require("good");
        usual.set_bound("good", 80.0);
        assert_eq!((usual.threshold(), usual.required()), (80.0, Level::GOOD));
        // Another scale leaves the points that were required as they are.
        let scale = [("no", 0.0), ("yes", 60.0)].map(|(word, from)| (word.to_owned(), from));
        let other = usual.with_scale(&scale);
        assert_eq!((other.threshold(), other.required().word()), (80.0, "yes"));
    }

    #[test]
    fn a_level_is_no_other_word_of_a_report() {
        #[derive(Debug)]
        struct Own;
        impl crate::words::Words for Own {
            fn tag(&self) -> &'static str {
                "es"
            }
            fn find(&self, _: crate::words::Section, key: &str) -> Option<&str> {
                match key {
                    "open" => Some("abierto"),
                    "good" => Some("bueno"),
                    "level:weak" => Some("Level 2"),
                    _ => None,
                }
            }
            fn say(&self, english: &str, _: &[(&str, &str)]) -> String {
                english.to_owned()
            }
            fn message(&self, _: &evenhand_diagnostic::message::Message) -> String {
                String::new()
            }
            fn number(&self, value: f64) -> String {
                value.to_string()
            }
            fn percent(&self, value: f64) -> String {
                value.to_string()
            }
        }
        let scale = [("open", 0.0), ("weak", 20.0), ("good", 70.0)];
        let levels =
            Levels::default().with_scale(&scale.map(|(word, from)| (word.to_owned(), from)));
        let said: Vec<&str> = levels
            .steps()
            .iter()
            .map(|step| step.level.text_in(&Own))
            .collect();
        assert_eq!(said, ["open", "Level 2", "bueno"]);
    }

    #[test]
    fn levels_of_two_scales_are_the_same_by_name() {
        let pair = |level: Level| Some((level, level));
        let scale = [
            ("bad", 0.0),
            ("fair", 20.0),
            ("mixed", 40.0),
            ("good", 70.0),
        ];
        let other =
            Levels::default().with_scale(&scale.map(|(word, from)| (word.to_owned(), from)));
        assert!(same(pair(Level::GOOD), pair(other.named("good").unwrap())));
        assert!(!same(
            pair(Level::MIXED),
            pair(other.named("fair").unwrap())
        ));
        assert!(same(None, None) && !same(None, pair(Level::POOR)));
    }

    #[test]
    fn a_name_that_is_too_long_breaks_nothing() {
        let scale = ["é".repeat(40), "x".to_owned()].map(|word| (word, 0.0));
        let levels = Levels::default().with_scale(&scale);
        assert_eq!(levels.lowest().word(), "é".repeat(12));
    }
}
