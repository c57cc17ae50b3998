//! A conversation about one proposal: one question after the other, each answer checked and judged.

use crate::question::{Question, questions};
use crate::{Judge, answer};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;
use std::collections::BTreeSet;

/// The state of a conversation: the proposal as far as it is answered, and what it is judged to be.
#[derive(Clone)]
pub struct Dialogue<'a> {
    judge: &'a dyn Judge,
    proposal: Value,
    card: Scorecard,
    left_out: BTreeSet<String>,
}

/// What an answer set, and how verdict and ranges moved with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The facts that were set, in the order of the proposal.
    pub changes: Vec<(Pointer, Value)>,
    /// The scorecard before; the one after is [`Dialogue::card`].
    pub before: crate::what_if::Summary,
    /// The same after.
    pub after: crate::what_if::Summary,
}

impl std::fmt::Debug for Dialogue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dialogue")
            .field("proposal", &self.proposal)
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}

impl<'a> Dialogue<'a> {
    /// Begins with a proposal that fits the schema.
    pub fn new(judge: &'a dyn Judge, proposal: &Document) -> Self {
        Self {
            judge,
            proposal: proposal.value().clone(),
            card: judge.judge(proposal),
            left_out: BTreeSet::new(),
        }
    }

    /// What the proposal is judged to be with the answers so far.
    pub fn card(&self) -> &Scorecard {
        &self.card
    }

    /// The proposal with the answers so far.
    pub fn proposal(&self) -> &Value {
        &self.proposal
    }

    /// Every question that is open and was not left out, in order.
    pub fn open(&self) -> Vec<Question> {
        let all = questions(&self.card, &self.proposal, self.judge.schema());
        all.into_iter()
            .filter(|question| !self.left_out.contains(&question.id))
            .collect()
    }

    /// The question to ask now; none where nothing is open.
    pub fn next(&self) -> Option<Question> {
        self.open().into_iter().next()
    }

    /// Goes on without an answer; the question does not come again in this conversation.
    pub fn leave_out(&mut self, question: &Question) {
        self.left_out.insert(question.id.clone());
    }

    /// Takes an answer as it was typed: one for all paths of the question, or as many as there are paths, with
    /// semicolons between them. Where something is wrong with it, nothing changes.
    pub fn answer(&mut self, question: &Question, typed: &str) -> Result<Answered, Vec<Problem>> {
        let parts: Vec<&str> = typed.split(';').map(str::trim).collect();
        let count = question.paths.len();
        let together = count > 1 && parts.len() == 1 && !question.adds_up;
        let parts = match parts.as_slice() {
            [one] if together => vec![*one; count],
            [_] if count == 1 => vec![typed.trim()],
            [one] => one.split_whitespace().collect(),
            _ => parts,
        };
        if parts.len() != count {
            let names = question.about.join("; ");
            let message = format!("{} answers for {count} facts", parts.len());
            return Err(vec![Problem::error(message).expected(format!(
                "one for each, with semicolons between: {names}"
            ))]);
        }
        let schema = self.judge.schema();
        let changes: Vec<(Pointer, Value)> = question
            .paths
            .iter()
            .zip(parts)
            .map(|(path, part)| (path.clone(), answer::read(schema, path, part)))
            .collect();
        self.take(changes)
    }

    /// Takes values for some facts. Where something is wrong with one, nothing changes.
    pub fn take(&mut self, changes: Vec<(Pointer, Value)>) -> Result<Answered, Vec<Problem>> {
        let proposal = answer::place(self.judge, &self.proposal, &changes)?;
        let document = Document::from_value(&self.card.proposal.file, proposal);
        let card = self.judge.judge(&document);
        let wrong: Vec<Problem> = card
            .problems
            .iter()
            .filter(|problem| problem.is_error())
            .cloned()
            .collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let before = crate::what_if::Summary::of(&self.card);
        let after = crate::what_if::Summary::of(&card);
        self.card = card;
        self.proposal = document.value().clone();
        Ok(Answered {
            changes,
            before,
            after,
        })
    }
}
