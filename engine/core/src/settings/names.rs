//! A board's words for verdicts, levels and dimensions, and the order of levels.

use crate::score::Level;
use crate::verdict::Word;
use crate::words::Section;
use std::collections::BTreeMap;

/// What a board may give a word of its own: the verdicts, then the levels, each from best to worst.
pub const WORDS: [&str; 7] = [
    "proceed",
    "revise",
    "incomplete",
    "stop",
    "good",
    "mixed",
    "poor",
];

/// The words of a board, in every language as the board wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Words for verdicts and levels, by code.
    pub words: BTreeMap<String, String>,
    /// Titles of dimensions, by id.
    pub dimensions: BTreeMap<String, String>,
    /// Whether a range of levels is written from the best to the worst.
    pub best_first: bool,
}

impl Names {
    /// The board's word for a verdict, if it has one.
    pub fn verdict(&self, word: Word) -> Option<&str> {
        self.words.get(word.word()).map(String::as_str)
    }

    /// The board's word for a level, if it has one.
    pub fn level(&self, level: Level) -> Option<&str> {
        self.words.get(level.word()).map(String::as_str)
    }

    /// All of it as texts of a language.
    pub(crate) fn texts(&self) -> Vec<(Section, String, String)> {
        let words = self
            .words
            .iter()
            .map(|(code, word)| (Section::Words, code, word));
        let titles = self.dimensions.iter();
        let titles = titles.map(|(id, title)| (Section::Dimensions, id, title));
        words
            .chain(titles)
            .map(|(section, key, text)| (section, key.clone(), text.clone()))
            .collect()
    }
}
