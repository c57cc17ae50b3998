//! What follows from a verdict or a level, in words.

use evenhand_core::score::Level;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::settings::{Names, Obliged};
use evenhand_core::verdict::Word;
use evenhand_diagnostic::words::Words;

/// Each thing that is to be done, with what it follows from.
pub(crate) fn lines(card: &Scorecard, words: &dyn Words) -> Vec<String> {
    let line = |one: &Obliged| format!("{} ({})", one.text, cause(one, card, words));
    card.obligations.iter().map(line).collect()
}

fn cause(one: &Obliged, card: &Scorecard, words: &dyn Words) -> String {
    if let Some(word) = one.verdict {
        return words.say("Verdict: {word}", &[("word", verdict(card, word, words))]);
    }
    let Some((id, level)) = &one.level else {
        return String::new();
    };
    let score = card.dimensions.iter().find(|score| score.id == *id);
    let title = score.map_or(id.as_str(), |score| score.title.as_str());
    format!("{title}: {}", self::level(card, level, words))
}

/// The word for a verdict: the board's, or that of the language.
pub(crate) fn verdict<'a>(card: &'a Scorecard, word: Word, words: &'a dyn Words) -> &'a str {
    let own = card.names.verdict(word);
    own.unwrap_or_else(|| words.word(word.word()))
}

/// The word for a level.
pub(crate) fn level<'a>(card: &'a Scorecard, level: &'a Level, words: &'a dyn Words) -> &'a str {
    let own = card.names.level(*level);
    own.unwrap_or_else(|| level.text_in(words))
}

/// The word for a verdict as it stands alone at the top: as the board wrote it, or in capitals.
pub(crate) fn headline(word: Word, names: &Names, words: &dyn Words) -> String {
    let own = names.verdict(word).map(str::to_owned);
    own.unwrap_or_else(|| words.word(word.word()).to_uppercase())
}
