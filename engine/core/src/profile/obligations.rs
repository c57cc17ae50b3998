//! What follows from a verdict or a level, as a profile writes it:
//!
//! ```toml
//! [obligations]
//! stop = "The dean is told"
//! poor = ["A second reviewer reads it"]        # of any dimension
//! ethics.poor = ["A visit to the host"]
//! ```

use super::levels::no_level;
use super::names::line;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::settings::{Cause, Levels, Obligation, VERDICTS};
use crate::verdict::Word;
use serde_json::Value;

/// Characters of an obligation.
const TEXT: usize = 400;

/// What is to be done, and the name of the verdict or level it follows from. Which levels there are is known when all files
/// are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owed {
    /// The key it stands at.
    pub(super) at: Pointer,
    /// The dimension whose level it follows from, where one is named.
    pub(super) dimension: Option<String>,
    word: String,
    text: String,
}

impl Owed {
    /// The obligation, if there is such a verdict or level.
    pub(super) fn obligation(&self, levels: &Levels) -> Option<Obligation> {
        let verdict = Word::from_word(&self.word).filter(|_| self.dimension.is_none());
        let level = || {
            let level = levels.named(&self.word)?;
            Some(Cause::Level(self.dimension.clone(), level))
        };
        Some(Obligation {
            cause: verdict.map(Cause::Verdict).or_else(level)?,
            text: self.text.clone(),
        })
    }

    /// That nothing comes out as its key says, if so.
    pub(super) fn refused(&self, levels: &Levels) -> Option<Problem> {
        if self.obligation(levels).is_some() {
            return None;
        }
        if self.dimension.is_some() {
            return Some(no_level(&self.word, levels));
        }
        let problem = Problem::error(format!("nothing comes out as `{}`", self.word))
            .expected("a verdict, a level, or a table of levels by a dimension's id");
        let known = VERDICTS.into_iter().chain(levels.words());
        Some(problem.suggest_maybe(did_you_mean(&self.word, known)))
    }
}

/// Reads the obligations in the order typed; what is wrong with their texts goes to `problems`.
pub(super) fn read(document: &Document, problems: &mut Vec<Problem>) -> Vec<Owed> {
    let section = Pointer::root().key("obligations");
    let mut found = Vec::new();
    for key in document.keys_in_order(&section) {
        let at = section.key(&key);
        match at.of(document.value()) {
            Some(Value::Object(_)) => {
                for word in document.keys_in_order(&at) {
                    let at = at.key(&word);
                    let owed = Owed {
                        at,
                        dimension: Some(key.clone()),
                        word,
                        text: String::new(),
                    };
                    texts(document, &owed, &mut found, problems);
                }
            }
            Some(_) => {
                let owed = Owed {
                    at,
                    dimension: None,
                    word: key,
                    text: String::new(),
                };
                texts(document, &owed, &mut found, problems);
            }
            None => {}
        }
    }
    found
}

/// One text, or a list of them.
fn texts(document: &Document, owed: &Owed, found: &mut Vec<Owed>, problems: &mut Vec<Problem>) {
    let Some(value) = owed.at.of(document.value()) else {
        return;
    };
    let items: Vec<(Pointer, &Value)> = match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(index, item)| (owed.at.index(index), item));
            items.collect()
        }
        other => vec![(owed.at.clone(), other)],
    };
    for (at, item) in items {
        match line(item, TEXT) {
            Ok(text) => found.push(Owed {
                text,
                ..owed.clone()
            }),
            Err(problem) => problems.push(document.problem_at(&at, problem(&at.dotted()))),
        }
    }
}
