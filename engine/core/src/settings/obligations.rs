//! What follows from a verdict or a level: a second reviewer, a visit to the host.

use super::Settings;
use crate::score::{DimensionScore, Level};
use crate::verdict::Word;

/// What a board does wherever a verdict or a level comes out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obligation {
    /// What it follows from.
    pub cause: Cause,
    /// What is to be done, in the board's words.
    pub text: String,
}

/// What an obligation follows from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A verdict.
    Verdict(Word),
    /// A level of a dimension, or of any where none is named.
    Level(Option<String>, Level),
}

impl Cause {
    /// Its key under `obligations`.
    pub fn path(&self) -> Vec<String> {
        match self {
            Self::Verdict(word) => vec![word.word().to_owned()],
            Self::Level(None, level) => vec![level.word().to_owned()],
            Self::Level(Some(id), level) => vec![id.clone(), level.word().to_owned()],
        }
    }
}

/// An obligation that a scorecard brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obliged {
    /// What is to be done.
    pub text: String,
    /// The verdict it follows from; otherwise it follows from a level.
    pub verdict: Option<Word>,
    /// The dimension and its level, where it follows from a level.
    pub level: Option<(String, Level)>,
}

impl Settings {
    /// What follows from a verdict and the levels. Where a level is not settled the worse one counts: not to know something
    /// never saves a visit. Each text is there once, for the first cause.
    pub(crate) fn obliged(&self, word: Word, dimensions: &[DimensionScore]) -> Vec<Obliged> {
        let mut found: Vec<Obliged> = Vec::new();
        let mut add = |what: Obliged| {
            if found.iter().all(|other| other.text != what.text) {
                found.push(what);
            }
        };
        for obligation in &self.obligations {
            let text = || obligation.text.clone();
            match &obligation.cause {
                Cause::Verdict(cause) if *cause == word => add(Obliged {
                    text: text(),
                    verdict: Some(word),
                    level: None,
                }),
                Cause::Verdict(_) => {}
                Cause::Level(id, level) => {
                    let here = |score: &&DimensionScore| {
                        id.as_ref().is_none_or(|id| *id == score.id)
                            && score.level_low == Some(*level)
                    };
                    if let Some(score) = dimensions.iter().find(here) {
                        add(Obliged {
                            text: text(),
                            verdict: None,
                            level: Some((score.id.clone(), *level)),
                        });
                    }
                }
            }
        }
        found
    }
}
