//! Questions, plans and comparisons of proposals: functions over "judge this".
//!
//! Nothing here opens a file, reads a clock or the environment, starts a thread or prints. The same input gives the
//! same answer.

pub mod answer;
pub mod change;
pub mod compare;
pub mod decision;
pub mod dialogue;
pub mod impact;
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
use evenhand_core::words::English;

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
}

#[cfg(test)]
mod tests;
