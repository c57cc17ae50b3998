//! What somebody would have to look at: odd answers, which buy nothing until it is settled whether they are right.

use super::StepKind;
use super::candidates::Candidate;
use super::search::Move;
use evenhand_core::checks::Check;
use evenhand_core::pointer::Pointer;
use evenhand_core::scorecard::Scorecard;
use serde_json::{Map, Value, json};

/// What settling a check promises: less than a critical rule, more than the points of any dimension.
const PROMISE: f64 = 500.0;

/// Whether a check keeps something from counting.
fn matters(check: &Check) -> bool {
    check.is_open() && (!check.doubts.is_empty() || check.reading.is_some())
}

/// How many checks keep something from counting.
pub(super) fn open(card: &Scorecard) -> usize {
    card.checks.iter().filter(|check| matters(check)).count()
}

/// For each open check two ways: the answers are right and somebody says so, or they are what was probably meant.
pub(super) fn candidates(card: &Scorecard) -> impl Iterator<Item = Candidate> + '_ {
    card.checks
        .iter()
        .filter(|check| matters(check))
        .map(|check| {
            let own = |corrected: bool, changes| Move {
                kind: StepKind::Check {
                    code: check.code.clone(),
                    question: check.question.text(),
                    corrected,
                },
                changes,
                rules: Vec::new(),
            };
            let paths = check.compares.iter().map(|fact| fact.path.dotted());
            let values: Map<String, Value> = paths.map(|path| (path, Value::Null)).collect();
            let entry = json!({ "code": check.code, "values": values });
            let mut ways = vec![own(false, vec![(list().index(0), entry)])];
            if let Some(reading) = &check.reading {
                let changes = reading.changes.iter();
                let changes = changes.map(|change| (change.path.clone(), change.value.clone()));
                ways.push(own(true, changes.collect()));
            }
            Candidate::certain(ways, PROMISE)
        })
}

fn list() -> Pointer {
    Pointer::root().key("checked")
}

fn is_entry(own: &Move) -> bool {
    matches!(
        own.kind,
        StepKind::Check {
            corrected: false,
            ..
        }
    )
}

/// The moves with what was checked last, each entry with the answers as they are then, in a row after those that are there.
pub(super) fn last(moves: Vec<Move>, start: &Value) -> Vec<Move> {
    let (entries, mut rest): (Vec<Move>, Vec<Move>) = moves.into_iter().partition(is_entry);
    if entries.is_empty() {
        return rest;
    }
    let mut value = start.clone();
    for (path, to) in rest.iter().flat_map(|own| &own.changes) {
        crate::change::set(&mut value, path, to.clone());
    }
    let there = list()
        .of(start)
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    for (index, mut own) in (there..).zip(entries) {
        for (path, entry) in &mut own.changes {
            *path = list().index(index);
            let values = entry.get_mut("values").and_then(Value::as_object_mut);
            for (dotted, answer) in values.into_iter().flatten() {
                let at = Pointer::from_dotted(dotted);
                *answer = at.and_then(|at| at.of(&value).cloned()).unwrap_or_default();
            }
        }
        rest.push(own);
    }
    rest
}

/// What a step is about: the answers that were compared, for an entry; else what is changed.
pub(super) fn about(own: &Move) -> Vec<Pointer> {
    let entry = own.changes.first().filter(|_| is_entry(own));
    let values = entry.and_then(|(_, entry)| entry.get("values")?.as_object());
    match values {
        Some(values) => values
            .keys()
            .filter_map(|path| Pointer::from_dotted(path))
            .collect(),
        None => own.changes.iter().map(|(path, _)| path.clone()).collect(),
    }
}
