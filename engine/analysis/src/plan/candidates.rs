//! What could be done: what rules propose, and what is not known and would have to be so.

use super::distance::{matters, short, weight};
use super::search::{Move, State};
use super::{StepKind, settle};
use crate::Judge;
use crate::question::{Question, field, questions};
use evenhand_core::finding::{End, Finding};
use evenhand_core::schema::{Field, Kind, Schema};
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;

/// Values that are tried for one fact.
const VALUES: usize = 10;

/// Whole numbers between bounds as near as these are tried one by one.
const RANGE: f64 = 5.0;

/// Something that could be done, in one or more ways.
pub(super) struct Candidate {
    /// The ways; the one is taken that brings the program nearest.
    pub(super) ways: Vec<Move>,
    /// Ways that ask for more than anybody would; only where no other helps.
    pub(super) far_ways: Vec<Move>,
    /// What it promises, in points; more than all points where a critical rule waits for it.
    promise: f64,
    /// What it costs: changes, and a little for the effort of each.
    cost: f64,
}

impl Candidate {
    /// Something whose promise is known.
    pub(super) fn certain(ways: Vec<Move>, promise: f64) -> Self {
        Self {
            ways,
            far_ways: Vec::new(),
            promise,
            cost: 1.0,
        }
    }

    fn rank(&self, by_cost: bool) -> f64 {
        if by_cost {
            self.promise / self.cost
        } else {
            self.promise
        }
    }
}

/// Everything that could be done, what promises most first.
pub(super) fn candidates(judge: &dyn Judge, state: &State, by_cost: bool) -> Vec<Candidate> {
    let card = &state.card;
    let short = short(card);
    let proposed = card.findings.iter().filter_map(|finding| {
        let wanted = matters(finding, &short) && !finding.remedy.is_empty();
        wanted.then(|| proposed(judge, card, finding, &short))
    });
    let open = questions(card, &state.value, judge.schema());
    let asked = open
        .iter()
        .filter_map(|question| asked(judge, state, question, &short));
    let settled = settle::candidates(card);
    let mut found: Vec<Candidate> = proposed.chain(asked).chain(settled).collect();
    found.sort_by(|a, b| b.rank(by_cost).total_cmp(&a.rank(by_cost)));
    found
}

fn cost(schema: &Schema, own: &Move) -> f64 {
    let each = own.changes.iter();
    each.map(|(path, _)| 1.0 + 0.1 * f64::from(schema.effort(&path.dotted()) as u8))
        .sum()
}

/// The points that a finding can still add to a dimension that is short of them.
fn promise(card: &Scorecard, finding: &Finding, short: &[(&str, f64)], part: f64) -> f64 {
    if finding.fails_gate(End::Low) {
        return 1000.0 * part;
    }
    let missing = short.iter().find(|(id, _)| *id == finding.dimension);
    let total = weight(card, &finding.dimension);
    let points = 100.0 * finding.weight * (1.0 - finding.degree.low) * part / total;
    missing.map_or(0.0, |(_, missing)| points.min(*missing))
}

/// What a rule proposes.
fn proposed(
    judge: &dyn Judge,
    card: &Scorecard,
    finding: &Finding,
    short: &[(&str, f64)],
) -> Candidate {
    let changes = finding.remedy.iter();
    let changes = changes.map(|change| (change.path.clone(), change.value.clone()));
    let own = Move {
        kind: StepKind::Change,
        changes: changes.collect(),
        rules: vec![finding.rule.clone()],
    };
    Candidate {
        promise: promise(card, finding, short, 1.0),
        cost: cost(judge.schema(), &own),
        ways: vec![own],
        far_ways: Vec::new(),
    }
}

/// What is not known yet, with each value that it may have.
fn asked(
    judge: &dyn Judge,
    state: &State,
    question: &Question,
    short: &[(&str, f64)],
) -> Option<Candidate> {
    let card = &state.card;
    let waiting = question.waiting.iter().filter_map(|waiting| {
        let mut found = card.findings.iter();
        found.find(|finding| finding.rule == waiting.rule && matters(finding, short))
    });
    let waiting: Vec<&Finding> = waiting.collect();
    let each = waiting.iter().map(|finding| {
        let others = finding.asked_for().count().max(1);
        let part = 1.0 / f64::from(u32::try_from(others).unwrap_or(u32::MAX));
        promise(card, finding, short, part)
    });
    let promise: f64 = each.sum();
    let (near, far) = values(judge.schema(), state, question);
    if waiting.is_empty() || near.is_empty() && far.is_empty() {
        return None;
    }
    let rules: Vec<String> = waiting.iter().map(|finding| finding.rule.clone()).collect();
    let ways = |values: Vec<Value>| {
        let ways = values.into_iter().map(|value| Move {
            kind: StepKind::Answer,
            changes: question
                .paths
                .iter()
                .map(|path| (path.clone(), value.clone()))
                .collect(),
            rules: rules.clone(),
        });
        ways.collect()
    };
    let effort = f64::from(u32::try_from(question.effort()).unwrap_or(u32::MAX));
    Some(Candidate {
        ways: ways(near),
        far_ways: ways(far),
        promise,
        cost: effort,
    })
}

/// The values to try for a question, and those to try if they do not help; none where only the people who write the
/// proposal can say what it is.
fn values(schema: &Schema, state: &State, question: &Question) -> (Vec<Value>, Vec<Value>) {
    if question.adds_up {
        return (
            equal_parts(schema, state, question).into_iter().collect(),
            Vec::new(),
        );
    }
    let Some(field) = question.paths.first().and_then(|path| field(schema, path)) else {
        return (Vec::new(), Vec::new());
    };
    let (mut near, far) = match field.kind {
        Kind::Boolean => (vec![Value::Bool(true), Value::Bool(false)], Vec::new()),
        Kind::Number | Kind::Integer => numbers(field),
        Kind::Text => (choices(field), Vec::new()),
        Kind::List => {
            let all = field.items.map(|items| choices(schema.field(items)));
            let all = all.filter(|all| !all.is_empty()).map(Value::Array);
            (all.into_iter().collect(), Vec::new())
        }
        Kind::Object | Kind::Any => (Vec::new(), Vec::new()),
    };
    near.truncate(VALUES);
    (near, far)
}

fn choices(field: &Field) -> Vec<Value> {
    let choices = field.choices.iter();
    choices.map(|choice| Value::from(choice.as_str())).collect()
}

/// What a number may be: as in the examples of the schema, or between near bounds; if that does not help, at a bound.
fn numbers(field: &Field) -> (Vec<Value>, Vec<Value>) {
    let number = evenhand_core::text::json_number;
    let least = field.minimum.filter(|_| !field.exclusive_minimum);
    if let (Kind::Integer, Some(least), Some(most)) = (field.kind, least, field.maximum)
        && most - least <= RANGE
    {
        let mut each = Vec::new();
        let mut at = least;
        while at <= most {
            each.extend(number(at));
            at += 1.0;
        }
        return (each, Vec::new());
    }
    let mut near: Vec<Value> = Vec::new();
    for value in field.examples.iter().filter(|one| one.is_number()) {
        if !near.contains(value) {
            near.push(value.clone());
        }
    }
    let bounds = [least, field.maximum].into_iter().flatten();
    let bounds = bounds
        .filter_map(number)
        .filter(|value| !near.contains(value));
    let bounds: Vec<Value> = bounds.collect();
    (near, bounds)
}

/// The same part for each number that is open, where the numbers have to add up.
fn equal_parts(schema: &Schema, state: &State, question: &Question) -> Option<Value> {
    let parent = question.paths.first()?.parent()?;
    let sum = field(schema, &parent)?.sum.as_ref()?;
    let known = sum
        .of
        .iter()
        .filter_map(|name| parent.key(name).of(&state.value)?.as_f64());
    let left = sum.is - known.sum::<f64>();
    let count = f64::from(u32::try_from(question.paths.len()).ok()?);
    evenhand_core::text::json_number(left / count)
}
