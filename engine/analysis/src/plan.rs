//! What would have to change for a program to proceed: one plan, as short as was found, each step of it judged.
//!
//! The search climbs from the proposal as it stands: what the rules propose, what is not known yet and would have to be
//! so, and what a partner would have to confirm are tried in the order of what they promise for their cost, and kept
//! where the program comes nearer. What turns out not to be needed is taken away again. It is bounded by a number of
//! judgements, never by a clock, so that the same proposal gives the same plan everywhere.

mod attest;
mod candidates;
mod distance;
mod enough;
mod search;
mod settle;

pub use enough::Enough;

use crate::Judge;
use crate::what_if::{self, Moved, Summary, difference};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::Effort;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use search::{Move, Search, State};
use serde_json::Value;

/// Judgements that a plan may take.
pub const MOST: usize = 400;

/// Answers in a proposal up to which a plan may take that many.
const USUAL: usize = 400;

/// Judgements that a plan may never have less of.
const LEAST: usize = 40;

/// Judgements that a plan for this proposal may take: less for one of unusual size, since each of them takes longer,
/// about with the square of what there is to judge.
pub fn bound(proposal: &Value) -> usize {
    let size = leaves(proposal).max(1);
    if size <= USUAL {
        return MOST;
    }
    (MOST * USUAL / size * USUAL / size).max(LEAST)
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(leaves).sum(),
        Value::Array(items) => items.iter().map(leaves).sum(),
        _ => 1,
    }
}

/// A way from a program as it is to one that can proceed, or as near to it as one was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Whether the program can proceed once every step is done.
    pub reached: bool,
    /// Whether the bound was met before everything was tried.
    pub cut_short: bool,
    /// How often the program was judged to find and prove the plan.
    pub judgements: usize,
    /// The program as it is.
    pub before: Summary,
    /// The program with every step done.
    pub after: Summary,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// Critical rules and dimensions, by their ids, that still stand in the way.
    pub in_the_way: Vec<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What sort of step it is.
    pub kind: StepKind,
    /// The facts that are set, in the order of the plan; for an attestation the attestation itself.
    pub changes: Vec<Changed>,
    /// The rules it is taken for.
    pub rules: Vec<String>,
    /// What it takes.
    pub effort: Effort,
    /// Who can do it, by the pack's ids of respondents.
    pub respondents: Vec<String>,
    /// The program before the step.
    pub before: Summary,
    /// The program after it.
    pub after: Summary,
    /// The findings that are worse after it.
    pub worse: Vec<Moved>,
}

/// What sort of step it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Something is planned otherwise than it was.
    Change,
    /// Something is not known yet, and would have to be so.
    Answer,
    /// Somebody would have to look at odd answers, and say that they are right or correct them.
    Check {
        /// The code of what is to be checked.
        code: String,
        /// What people are asked.
        question: String,
        /// Whether the step is tried with what was probably meant; else with the answers as they are.
        corrected: bool,
    },
    /// A partner would have to confirm facts.
    Attest {
        /// The partner's name, or its key.
        partner: String,
        /// The facts, by their paths.
        covers: Vec<Pointer>,
    },
}

impl StepKind {
    /// The word for it, as in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Answer => "answer",
            Self::Check { .. } => "check",
            Self::Attest { .. } => "attest",
        }
    }
}

/// A fact that a step sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Where.
    pub path: Pointer,
    /// What it is called.
    pub title: String,
    /// The element of a list that it is about, where there is one: a partner's name, who goes where.
    pub about: Option<String>,
    /// As it was; null where it was not known.
    pub from: Value,
    /// As it would be.
    pub to: Value,
    /// What else would do, all other steps as planned; nothing where that was not looked for, or where nothing else does.
    pub enough: Option<Enough>,
}

/// Looks for a plan with at most `most` judgements; `card` is the proposal's scorecard.
pub fn plan(judge: &dyn Judge, proposal: &Document, card: &Scorecard, most: usize) -> Plan {
    let start = State::new(proposal.value().clone(), card.clone());
    let mut best: Option<(State, bool)> = None;
    let mut spent = 0;
    // What promises most for its cost, then what promises most: one is shorter here, the other there.
    for by_cost in [true, false] {
        let mut search = Search::new(judge, proposal, (most.saturating_sub(spent)) / 2, by_cost);
        let found = search.run(start.clone());
        spent += search.spent;
        let cut = search.is_spent();
        let better = best
            .as_ref()
            .is_none_or(|(known, _)| shorter(judge, &found, known));
        if better {
            best = Some((found, cut));
        }
        if card.verdict.word == Word::Proceed {
            break;
        }
    }
    let (found, cut_short) = best.unwrap_or((start, false));
    let mut proof = Proof {
        judge,
        name: proposal.name(),
        spent,
    };
    let mut steps = proof.steps(proposal.value(), card, &found.moves);
    let end = Document::from_value(proposal.name(), found.value.clone());
    proof.spent += enough::find(
        judge,
        (&end, &found.card),
        &mut steps,
        most.saturating_sub(spent),
    );
    let reached = found.card.verdict.word == Word::Proceed;
    let in_the_way = if reached {
        Vec::new()
    } else {
        distance::in_the_way(&found.card)
    };
    Plan {
        reached,
        cut_short,
        judgements: proof.spent,
        before: Summary::of(card),
        after: Summary::of(&found.card),
        steps,
        in_the_way,
    }
}

/// The facts that a plan sets, to be written into the proposal; a list that is not there yet is written as a whole.
pub fn changes(plan: &Plan, proposal: &Value) -> Vec<(Pointer, Value)> {
    let mut value = proposal.clone();
    let mut found = Vec::new();
    for changed in plan.steps.iter().flat_map(|step| &step.changes) {
        let above = changed.path.parent();
        let absent = above.filter(|above| above.of(&value).is_none_or(Value::is_null));
        crate::change::set(&mut value, &changed.path, changed.to.clone());
        let list = absent.and_then(|above| {
            let list = above.of(&value).filter(|list| list.is_array())?;
            Some((above.clone(), list.clone()))
        });
        found.push(list.unwrap_or_else(|| (changed.path.clone(), changed.to.clone())));
    }
    found
}

/// Whether one end of a search is a better plan than another: reached at all, then with fewer changes, then cheaper.
fn shorter(judge: &dyn Judge, one: &State, other: &State) -> bool {
    let rank = |state: &State| {
        let reached = state.card.verdict.word == Word::Proceed;
        let efforts = state.moves.iter().map(|own| effort(judge, own));
        let effort: usize = efforts.map(|effort| effort as usize).sum();
        let left = distance::distance(&state.card).low;
        (
            !reached,
            if reached { 0.0 } else { left },
            state.length(),
            effort,
        )
    };
    let (one, other) = (rank(one), rank(other));
    one.0
        .cmp(&other.0)
        .then(one.1.total_cmp(&other.1))
        .then(one.2.cmp(&other.2))
        .then(one.3.cmp(&other.3))
        .is_lt()
}

/// Whether a finding is certain to be less satisfied than it was certain to be; to know more is not worse.
fn is_worse(moved: &Moved) -> bool {
    let fell = |(before, after): (what_if::State, what_if::State)| after.low < before.low;
    moved.better() == Some(false) && moved.before.zip(moved.after).is_some_and(fell)
}

fn effort(judge: &dyn Judge, own: &Move) -> Effort {
    let schema = judge.schema();
    if matches!(own.kind, StepKind::Answer | StepKind::Check { .. }) {
        return Effort::Answer;
    }
    let each = own.changes.iter();
    let most = each.map(|(path, _)| schema.effort(&path.dotted())).max();
    most.unwrap_or_default()
}

/// Steps that a screen shows, and judgements they may take: no more than keep a check within twice its time.
pub const FIRST: (usize, usize) = (3, 3);

/// The first steps of a plan: what is done first on the way, each step judged, with at most `most` judgements.
///
/// A whole plan may take hundreds of them, leave out what turns out not to be needed, and find a shorter way; this is where one
/// begins, for a screen that is shown with every check.
pub fn first_steps(
    judge: &dyn Judge,
    proposal: &Document,
    card: &Scorecard,
    (steps, most): (usize, usize),
) -> Vec<Step> {
    let start = State::new(proposal.value().clone(), card.clone());
    let mut search = Search::new(judge, proposal, most, true);
    let mut before = start.clone();
    let mut found = Vec::new();
    for (own, after) in search.begin(start, steps) {
        let cards = (&before.card, &after.card);
        found.push(step_of(judge, &own, &before.value, cards));
        before = after;
    }
    found
}

/// Judges a plan step by step.
struct Proof<'a> {
    judge: &'a dyn Judge,
    name: &'a str,
    spent: usize,
}

impl Proof<'_> {
    fn steps(&mut self, start: &Value, card: &Scorecard, moves: &[Move]) -> Vec<Step> {
        let mut value = start.clone();
        let mut before = card.clone();
        let mut steps = Vec::new();
        for own in moves {
            let was = value.clone();
            for (path, to) in &own.changes {
                crate::change::set(&mut value, path, to.clone());
            }
            let after = self
                .judge
                .judge(&Document::from_value(self.name, value.clone()));
            self.spent += 1;
            steps.push(step_of(self.judge, own, &was, (&before, &after)));
            before = after;
        }
        steps
    }
}

/// A move as a step, with the scorecards before and after it.
fn step_of(
    judge: &dyn Judge,
    own: &Move,
    value: &Value,
    (before, after): (&Scorecard, &Scorecard),
) -> Step {
    let changes = own.changes.iter();
    let changes = changes.map(|(path, to)| changed(judge, value, path, to));
    let moved = difference(before, after).findings;
    // Whose word counts is found by trying, so what it is for is seen only here.
    let better = moved.iter().filter(|one| one.better() == Some(true));
    let rules: Vec<String> = match own.rules.as_slice() {
        [] => better.map(|one| one.rule.clone()).collect(),
        rules => rules.to_vec(),
    };
    let worse = moved.into_iter().filter(is_worse);
    Step {
        kind: own.kind.clone(),
        respondents: respondents(judge, own),
        effort: effort(judge, own),
        changes: changes.collect(),
        rules,
        before: Summary::of(before),
        after: Summary::of(after),
        worse: worse.collect(),
    }
}

fn changed(judge: &dyn Judge, value: &Value, path: &Pointer, to: &Value) -> Changed {
    let schema = judge.schema();
    let field = crate::question::field(schema, path);
    let title = field.map(|field| field.title.clone());
    let about = crate::question::element(schema, path);
    Changed {
        title: title
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| path.dotted()),
        about: about.map(|element| crate::question::label(schema, value, &element)),
        from: path.of(value).cloned().unwrap_or_default(),
        to: to.clone(),
        path: path.clone(),
        enough: None,
    }
}

fn respondents(judge: &dyn Judge, own: &Move) -> Vec<String> {
    let schema = judge.schema();
    let mut found: Vec<String> = Vec::new();
    for path in settle::about(own) {
        for one in schema.respondents(&path.dotted()) {
            if !found.contains(one) {
                found.push(one.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
