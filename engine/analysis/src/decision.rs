//! A board's decision, as its minutes state it: who was there, how they voted, and on what conditions.
//!
//! The engine recommends and people decide; what they decided is read and checked here, and judged by nobody.

mod condition;
mod read;

use evenhand_core::date::Date;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::rulebook::Rulebook;

pub use condition::{Condition, Standing, View, Wanted};

/// What a board decided on one proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The proposal's id.
    pub proposal: String,
    /// What was decided.
    pub outcome: Decided,
    /// The day of the decision.
    pub date: Date,
    /// When the board looks at it again.
    pub review: Option<Date>,
    /// From when what was collected for it may be deleted.
    pub delete_after: Option<Date>,
    /// Why, one reason an entry.
    pub reasons: Vec<String>,
    /// Who was there.
    pub present: Vec<String>,
    /// Who was there and took no part, and why.
    pub recused: Vec<Recusal>,
    /// How those who took part voted.
    pub votes: Votes,
    /// What the program has to do.
    pub conditions: Vec<Condition>,
    /// What the board could not agree on.
    pub issues: Vec<String>,
}

/// What a board can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It may go ahead.
    Approved,
    /// It may go ahead on conditions.
    ApprovedWithConditions,
    /// It is decided later.
    Deferred,
    /// It may not go ahead.
    Declined,
}

impl Decided {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Approved,
        Self::ApprovedWithConditions,
        Self::Deferred,
        Self::Declined,
    ];

    /// The word for it, as in a file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ApprovedWithConditions => "approved_with_conditions",
            Self::Deferred => "deferred",
            Self::Declined => "declined",
        }
    }
}

/// Somebody who took no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recusal {
    /// Who.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// Votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Votes {
    /// For what was decided.
    pub in_favour: u64,
    /// Against it.
    pub against: u64,
    /// Neither.
    pub abstaining: u64,
}

impl Decision {
    /// Reads a decision; everything wrong with it by itself comes back at once.
    pub fn read(document: &Document) -> Result<Self, Vec<Problem>> {
        read::decision(document)
    }

    /// What does not fit the proposal and the rules it was judged by, or was once: `once` are ids of rules of then.
    pub fn check(
        &self,
        document: &Document,
        (proposal, answers): (&str, &Document),
        book: &Rulebook,
        once: &[String],
    ) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self
            .other_proposal(document, proposal)
            .into_iter()
            .collect();
        for (index, condition) in self.conditions.iter().enumerate() {
            let at = Pointer::root().key("conditions").index(index);
            if let Some(wanted) = &condition.wanted {
                let found = wanted.check(book.schema(), answers);
                problems.extend(
                    found
                        .into_iter()
                        .map(|(key, problem)| document.problem_at(&at.key(key), problem)),
                );
            }
            let Some(rule) = condition
                .rule
                .as_deref()
                .filter(|rule| !book.has_rule(rule) && book.renamed(rule).is_none())
                .filter(|rule| !once.iter().any(|known| known == rule))
            else {
                continue;
            };
            let ids = book.rule_ids();
            let problem = Problem::error(format!("`{rule}` is not a rule"))
                .suggest_maybe(did_you_mean(rule, ids.iter().map(String::as_str)));
            problems.push(document.problem_at(&at.key("rule"), problem));
        }
        problems
    }

    /// The same with rules by the ids that they have in a rulebook, where a condition names one by a former id.
    #[must_use]
    pub fn named_in(mut self, book: &Rulebook) -> Self {
        for condition in &mut self.conditions {
            let now = condition
                .rule
                .as_deref()
                .and_then(|rule| book.renamed(rule));
            if let Some(now) = now {
                condition.rule = Some(now.to_owned());
            }
        }
        self
    }

    /// That the decision is on another proposal than the one with this id, where it is.
    pub fn other_proposal(&self, document: &Document, proposal: &str) -> Option<Problem> {
        if self.proposal == proposal {
            return None;
        }
        let message = if proposal.is_empty() {
            format!(
                "the decision is on `{}`, and this proposal has no id",
                self.proposal
            )
        } else {
            format!(
                "the decision is on `{}`, and this proposal is `{proposal}`",
                self.proposal
            )
        };
        let at = Pointer::root().key("decision").key("proposal");
        Some(document.problem_at(&at, Problem::error(message)))
    }
}

#[cfg(test)]
mod tests;
