//! Questions, plans and comparisons of proposals: functions over "judge this".
//!
//! Nothing here opens a file, reads a clock or the environment, starts a thread or prints. The same input gives the
//! same answer.

pub mod answer;
pub mod ask;
pub mod breakdown;
pub mod change;
pub mod compare;
pub mod decision;
pub mod dialogue;
pub mod impact;
pub mod merge;
pub mod perspectives;
pub mod plan;
pub mod portfolio;
pub mod question;
pub mod safeguard;
pub mod since;
pub mod start;
pub mod what_if;

use evenhand_core::document::Document;
use evenhand_core::joint::Joint;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::words::{English, Words};

/// What analysis asks of the engine: a judgement of a proposal, and the schema that proposals follow.
pub trait Judge {
    /// Judges a proposal that fits the schema.
    fn judge(&self, proposal: &Document) -> Scorecard;

    /// Everything in which a proposal does not fit the schema.
    fn check(&self, proposal: &Document) -> Vec<Problem>;

    /// The fields of proposals, in the language in force.
    fn schema(&self) -> &Schema;

    /// What comes out of several readings of one program, taken together.
    fn joint(&self, readings: &[Scorecard]) -> Joint;

    /// The keys of the partners on the host's side, in their order; nobody where that cannot be told.
    fn hosts(&self, proposal: &Document) -> Vec<String>;

    /// The kinds of respondents, by id, with what they are called in the language in force.
    fn respondents(&self) -> Vec<(String, String)>;
}

impl Judge for Rulebook {
    fn judge(&self, proposal: &Document) -> Scorecard {
        Self::judge(self, proposal)
    }

    fn check(&self, proposal: &Document) -> Vec<Problem> {
        self.check_document(proposal)
    }

    fn schema(&self) -> &Schema {
        Self::schema(self)
    }

    fn joint(&self, readings: &[Scorecard]) -> Joint {
        Self::joint(self, readings, &English)
    }

    fn hosts(&self, proposal: &Document) -> Vec<String> {
        Self::hosts(self, proposal)
    }

    fn respondents(&self) -> Vec<(String, String)> {
        respondents(self, &English)
    }
}

/// The kinds of respondents of a rulebook, with what they are called in a language.
pub fn respondents(book: &Rulebook, words: &dyn Words) -> Vec<(String, String)> {
    let all = book.info().respondents.iter();
    all.map(|one| (one.id.clone(), words.word(&one.title).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests;
