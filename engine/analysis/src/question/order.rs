//! The order of questions: what decides the verdict first, then what narrows the ranges most.

use super::{Decides, Question};
use evenhand_core::finding::{End, Finding};
use evenhand_core::schema::Schema;
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts questions and says of each what it decides.
///
/// While the verdict is open, every critical rule has to be cleared, or one of them found to fail: questions come
/// first that such rules wait for, those that few others stand beside before those among many. Then come the
/// dimensions that may be on either side of the threshold, the one first that can fall under it with least (one
/// dimension under its threshold settles the verdict, and if it holds, all have to be known anyway). What has to be
/// answered for many partners one by one counts for less.
pub(super) fn order(questions: &mut [Question], card: &Scorecard, schema: &Schema) {
    let open = card.verdict.word == Word::Incomplete;
    let gates: Vec<&Finding> = card
        .findings
        .iter()
        .filter(|finding| open && finding.fails_gate(End::Low) && !finding.fails_gate(End::High))
        .collect();
    let mut straddling: Vec<&DimensionScore> = card
        .dimensions
        .iter()
        .filter(|score| open && straddles(score))
        .collect();
    straddling.sort_by(|a, b| spare(a).total_cmp(&spare(b)));
    let mut waiting: BTreeMap<String, u32> = BTreeMap::new();
    for question in questions.iter() {
        for one in &question.waiting {
            *waiting.entry(one.rule.clone()).or_default() += 1;
        }
    }
    let place: BTreeMap<&str, usize> = schema
        .walk()
        .into_iter()
        .enumerate()
        .map(|(index, id)| (schema.field(id).path.as_str(), index))
        .collect();
    let mut ranked: Vec<(Rank, Question)> = Vec::new();
    for question in questions.iter() {
        let gate: f64 = question
            .waiting
            .iter()
            .filter(|one| gates.iter().any(|gate| gate.rule == one.rule))
            .map(|one| 1.0 / f64::from(waiting.get(&one.rule).copied().unwrap_or(1)))
            .sum();
        let target = straddling
            .iter()
            .position(|score| question.points_in(&score.id) > 0.0);
        let cost = f64::from(u32::try_from(question.effort()).unwrap_or(u32::MAX));
        let rank = Rank {
            gate: gate / cost,
            target: target.unwrap_or(usize::MAX),
            in_target: target
                .and_then(|index| straddling.get(index))
                .map_or(0.0, |score| question.points_in(&score.id) / cost),
            points: question.points() / cost,
            place: place.get(question.id.as_str()).copied(),
        };
        let mut question = question.clone();
        question.decides = match (gate > 0.0, target) {
            (true, _) => Decides::Gate,
            (false, Some(_)) => Decides::Threshold,
            (false, None) => Decides::Range,
        };
        ranked.push((rank, question));
    }
    ranked.sort_by(|(a, _), (b, _)| a.before(b));
    for (slot, (_, question)) in questions.iter_mut().zip(ranked) {
        *slot = question;
    }
}

struct Rank {
    gate: f64,
    target: usize,
    in_target: f64,
    points: f64,
    place: Option<usize>,
}

impl Rank {
    fn before(&self, other: &Self) -> Ordering {
        other
            .gate
            .total_cmp(&self.gate)
            .then(self.target.cmp(&other.target))
            .then(other.in_target.total_cmp(&self.in_target))
            .then(other.points.total_cmp(&self.points))
            .then(self.place.cmp(&other.place))
    }
}

fn straddles(score: &DimensionScore) -> bool {
    let under =
        |points: Option<u8>| points.is_some_and(|points| f64::from(points) < score.threshold);
    under(score.low) && !under(score.high)
}

/// Points the dimension can lose before it is certain to lie under its threshold.
fn spare(score: &DimensionScore) -> f64 {
    f64::from(score.high.unwrap_or_default()) - score.threshold
}
