//! A board's words for verdicts, levels and dimensions, and the order of levels.

use crate::score::Level;
use crate::verdict::Word;
use crate::words::Section;
use std::collections::BTreeMap;

/// The verdicts, from best to worst: a board may give each, and each level, a word of its own.
pub const VERDICTS: [&str; 4] = ["proceed", "revise", "incomplete", "stop"];

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
            .map(|(code, word)| (Section::Words, key(code), word.clone()));
        let titles = self.dimensions.iter();
        let titles = titles.map(|(id, title)| (Section::Dimensions, id.clone(), title.clone()));
        words.chain(titles).collect()
    }
}

/// The key of a verdict or a level among the words of a language.
fn key(code: &str) -> String {
    if VERDICTS.contains(&code) {
        code.to_owned()
    } else {
        Level::key_of(code)
    }
}
