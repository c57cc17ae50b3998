//! Climbing towards a program that can proceed, and taking away what is not needed for it.

use super::candidates::{Candidate, candidates};
use super::distance::distance;
use super::{StepKind, attest, settle};
use crate::Judge;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use serde_json::Value;
use std::collections::BTreeSet;

/// One thing that is done: facts that are set together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Move {
    pub(super) kind: StepKind,
    pub(super) changes: Vec<(Pointer, Value)>,
    pub(super) rules: Vec<String>,
}

/// A program with some moves made.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) value: Value,
    pub(super) card: Scorecard,
    pub(super) moves: Vec<Move>,
}

impl State {
    pub(super) fn new(value: Value, card: Scorecard) -> Self {
        Self {
            value,
            card,
            moves: Vec::new(),
        }
    }

    /// How many facts somebody has to see to; what one partner confirms is one, and so is one answer for several.
    pub(super) fn length(&self) -> usize {
        let each = self.moves.iter();
        each.map(|own| match own.kind {
            StepKind::Change => own.changes.len(),
            StepKind::Answer | StepKind::Attest { .. } | StepKind::Check { .. } => 1,
        })
        .sum()
    }

    fn is_there(&self) -> bool {
        self.card.verdict.word == Word::Proceed
    }
}

/// Whether a check that is open doubts what a move sets. What somebody else has answered and a move makes odd is for people to answer
/// anew.
fn is_odd(card: &Scorecard, moves: &[Move]) -> bool {
    let open = card.checks.iter().filter(|check| check.is_open());
    let doubted: Vec<&Pointer> = open.flat_map(|check| &check.doubts).collect();
    let mut set = moves.iter().flat_map(|own| &own.changes);
    set.any(|(path, _)| {
        let meets = |doubt: &&Pointer| path.contains(doubt) || doubt.contains(path);
        doubted.iter().any(meets)
    })
}

/// A search, with the judgements that are left to it.
pub(super) struct Search<'a> {
    judge: &'a dyn Judge,
    name: &'a str,
    start: &'a Value,
    by_cost: bool,
    most: usize,
    pub(super) spent: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        judge: &'a dyn Judge,
        proposal: &'a Document,
        most: usize,
        by_cost: bool,
    ) -> Self {
        Self {
            judge,
            name: proposal.name(),
            start: proposal.value(),
            by_cost,
            most,
            spent: 0,
        }
    }

    pub(super) fn judge(&self) -> &'a dyn Judge {
        self.judge
    }

    /// Whether no judgement is left.
    pub(super) fn is_spent(&self) -> bool {
        self.spent >= self.most
    }

    /// The nearest that the search comes.
    pub(super) fn run(&mut self, start: State) -> State {
        let mut state = attest::confirmed(self, &start).unwrap_or(start);
        // What did not help before something else was done may help after it.
        loop {
            let before = state.moves.len();
            state = self.climb(state);
            if !state.is_there()
                && let Some(confirmed) = attest::confirmed(self, &state)
            {
                state = confirmed;
            }
            if state.is_there() || self.is_spent() || state.moves.len() == before {
                break;
            }
        }
        if state.is_there() {
            state = self.pruned(state);
        }
        // Facts are confirmed once they are so.
        let is_change = |own: &Move| !matches!(own.kind, StepKind::Attest { .. });
        let (mut moves, last): (Vec<Move>, Vec<Move>) =
            state.moves.into_iter().partition(is_change);
        moves.extend(last);
        State { moves, ..state }
    }

    /// The programs after one proposed move each, at most `steps` of them: only what rules propose and what is to be checked,
    /// one way each, since what is not known is asked for and not tried.
    pub(super) fn begin(&mut self, mut state: State, steps: usize) -> Vec<(Move, State)> {
        let mut in_vain: BTreeSet<String> = BTreeSet::new();
        let mut found = Vec::new();
        while found.len() < steps && !state.is_there() && !self.is_spent() {
            let all = candidates(self.judge, &state, self.by_cost).into_iter();
            let next = all
                .filter(|one| !in_vain.contains(&key(one)))
                .filter_map(|one| one.ways.into_iter().next())
                .find(|own| own.kind != StepKind::Answer);
            let Some(next) = next else { break };
            match self.best_way(&state, std::slice::from_ref(&next)) {
                Some(nearer) => {
                    // What is checked is written down with the answers as they are after everything else.
                    let same = |own: &&Move| own.kind == next.kind && own.rules == next.rules;
                    let own = nearer.moves.iter().rev().find(same).unwrap_or(&next);
                    found.push((own.clone(), nearer.clone()));
                    state = nearer;
                }
                None => {
                    in_vain.insert(key_of(&next));
                }
            }
        }
        found
    }

    fn climb(&mut self, mut state: State) -> State {
        let mut in_vain: BTreeSet<String> = BTreeSet::new();
        while !state.is_there() && !self.is_spent() {
            let all = candidates(self.judge, &state, self.by_cost);
            let next = all.into_iter().find(|one| !in_vain.contains(&key(one)));
            let Some(next) = next else { break };
            let near = self.best_way(&state, &next.ways);
            match near.or_else(|| self.best_way(&state, &next.far_ways)) {
                Some(nearer) => state = nearer,
                None => {
                    in_vain.insert(key(&next));
                }
            }
        }
        state
    }

    /// The state after the way that brings the program nearest, if one brings it nearer.
    fn best_way(&mut self, state: &State, ways: &[Move]) -> Option<State> {
        let mut best: Option<State> = None;
        for own in ways {
            let mut moves = state.moves.clone();
            moves.push(own.clone());
            let Some(after) = self.after(moves) else {
                continue;
            };
            let than = best.as_ref().unwrap_or(state);
            if distance(&after.card).is_nearer(distance(&than.card)) {
                best = Some(after);
            }
        }
        best
    }

    /// The program with these moves made; none if it would not fit the schema, cannot be, or has odd answers that a move gives
    /// (nobody is told to go to Malawi by train), or if no judgement is left.
    pub(super) fn after(&mut self, moves: Vec<Move>) -> Option<State> {
        let moves = settle::last(tidy(moves), self.start);
        let mut value = self.start.clone();
        for (path, to) in moves.iter().flat_map(|own| &own.changes) {
            crate::change::set(&mut value, path, to.clone());
            if path.of(&value) != Some(to) {
                return None;
            }
        }
        if self.is_spent() {
            return None;
        }
        let document = Document::from_value(self.name, value);
        if self.judge.check(&document).iter().any(Problem::is_error) {
            return None;
        }
        self.spent += 1;
        let card = self.judge.judge(&document);
        let fits = !is_odd(&card, &moves) && !card.problems.iter().any(Problem::is_error);
        fits.then(|| State {
            value: document.value().clone(),
            card,
            moves,
        })
    }

    /// The same end with fewer moves: each change is left out in turn, the most laborious first.
    fn pruned(&mut self, state: State) -> State {
        let mut state = state;
        let mut parts: Vec<Part> = parts(&state.moves);
        let schema = self.judge.schema();
        parts.sort_by_key(|part| std::cmp::Reverse(schema.effort(&part.path.dotted())));
        for part in parts {
            let moves = without(&state.moves, &part);
            if let Some(shorter) = self.after(moves)
                && shorter.is_there()
            {
                state = shorter;
            }
        }
        state
    }
}

fn key(candidate: &Candidate) -> String {
    let first = candidate
        .ways
        .first()
        .or_else(|| candidate.far_ways.first());
    first.map_or_else(String::new, key_of)
}

fn key_of(own: &Move) -> String {
    let changes = own.changes.iter();
    let changes = changes.map(|(path, value)| match &own.kind {
        // The ways differ in their values.
        StepKind::Answer => path.to_string(),
        StepKind::Check { code, .. } => code.clone(),
        _ => format!("{path} = {value}"),
    });
    changes.collect::<Vec<_>>().join("; ")
}

/// The moves with each fact set once: what is set later holds, and what is set within something that was set is part of
/// it.
pub(super) fn tidy(moves: Vec<Move>) -> Vec<Move> {
    let mut tidied: Vec<Move> = Vec::new();
    for own in moves {
        let mut kept = Move {
            changes: Vec::new(),
            ..own
        };
        for (path, value) in own.changes {
            let mut within = false;
            for earlier in tidied.iter_mut().chain(std::iter::once(&mut kept)) {
                for (known, known_value) in &mut earlier.changes {
                    if let Some(below) = below(known, &path) {
                        crate::change::set(known_value, &below, value.clone());
                        within = true;
                    }
                }
                earlier
                    .changes
                    .retain(|(known, _)| *known == path || below(&path, known).is_none());
            }
            if !within {
                kept.changes.push((path, value));
            }
        }
        tidied.retain(|own| !own.changes.is_empty());
        if !kept.changes.is_empty() {
            tidied.push(kept);
        }
    }
    tidied
}

/// The rest of a path below another; the root where they are the same.
fn below(above: &Pointer, path: &Pointer) -> Option<Pointer> {
    let rest = path.as_str().strip_prefix(above.as_str())?;
    (rest.is_empty() || rest.starts_with('/')).then(|| Pointer::from_json(rest))
}

/// Something that a plan may do without.
struct Part {
    path: Pointer,
    /// For an attestation, the fact that need not be confirmed.
    covered: Option<Pointer>,
}

fn parts(moves: &[Move]) -> Vec<Part> {
    let mut parts = Vec::new();
    // What was added last is the first to go, among equals.
    for own in moves.iter().rev() {
        match &own.kind {
            StepKind::Attest { covers, .. } => {
                let path = own.changes.first().map(|(path, _)| path.clone());
                let each = covers.iter().map(|covered| Some(covered.clone()));
                // All at once, then one by one.
                for covered in std::iter::once(None).chain(each) {
                    parts.extend(path.clone().map(|path| Part { path, covered }));
                }
            }
            // One answer for several is one, and so is what was meant.
            StepKind::Answer | StepKind::Check { .. } => {
                parts.extend(own.changes.first().map(|(path, _)| Part {
                    path: path.clone(),
                    covered: None,
                }));
            }
            StepKind::Change => parts.extend(own.changes.iter().map(|(path, _)| Part {
                path: path.clone(),
                covered: None,
            })),
        }
    }
    parts
}

fn without(moves: &[Move], part: &Part) -> Vec<Move> {
    let each = moves.iter().filter_map(|own| {
        if !own.changes.iter().any(|(path, _)| *path == part.path) {
            return Some(own.clone());
        }
        match (&own.kind, &part.covered) {
            (StepKind::Answer | StepKind::Check { .. }, _) => None,
            (_, None) if own.kind != StepKind::Change => None,
            (StepKind::Attest { .. }, Some(covered)) => attest::without(own, covered),
            _ => {
                let changes = own.changes.iter().filter(|(path, _)| *path != part.path);
                let changes: Vec<(Pointer, Value)> = changes.cloned().collect();
                (!changes.is_empty()).then(|| Move {
                    changes,
                    ..own.clone()
                })
            }
        }
    });
    each.collect()
}
