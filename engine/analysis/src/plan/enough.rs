//! Which values of a step would do as well as the one that the plan sets: each was judged in the whole plan, all else as planned.
//!
//! Choices and near whole numbers are tried one by one. Of other numbers the ends are tried, the nearest that is not enough is
//! closed in on by halves, and one number between; what lies between numbers that were tried is taken to be like them.

use super::distance::{Distance, distance};
use super::{Changed, Step, StepKind};
use crate::Judge;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::schema::{Field, Kind};
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use serde_json::Value;

/// Judgements that may be spent on this at most.
const MOST: usize = 60;
/// Choices and whole numbers that are tried one by one.
const EACH: usize = 12;
/// Halves that close in on the nearest number that is not enough.
const HALVES: usize = 6;

/// The values that are enough for a plan to come out as it does.
#[derive(Debug, Clone, PartialEq)]
pub enum Enough {
    /// Whatever is answered.
    Any,
    /// This number and every larger one.
    AtLeast(Value),
    /// This number and every smaller one.
    AtMost(Value),
    /// The numbers between these two, and they themselves.
    Between(Value, Value),
    /// One of these, in the order of the schema; at least two.
    OneOf(Vec<Value>),
}

/// Finds what is enough for each step that sets a fact, with at most `most` judgements and never more than [`MOST`]. `proposal` is the
/// program with every step done, and `card` its scorecard. The judgements that were spent are given back.
pub(super) fn find(
    judge: &dyn Judge,
    (proposal, card): (&Document, &Scorecard),
    steps: &mut [Step],
    most: usize,
) -> usize {
    let mut trial = Trial {
        judge,
        proposal,
        reached: card.verdict.word == Word::Proceed,
        distance: distance(card),
        left: MOST.min(most),
    };
    let before = trial.left;
    for step in steps {
        if !matches!(step.kind, StepKind::Answer | StepKind::Change) {
            continue;
        }
        // One answer for several elements is one value.
        let together = step.kind == StepKind::Answer
            && step.changes.windows(2).all(|pair| match pair {
                [one, other] => one.to == other.to,
                _ => true,
            });
        if together {
            let paths: Vec<Pointer> = step.changes.iter().map(|one| one.path.clone()).collect();
            let enough = step.changes.first().and_then(|one| trial.of(&paths, one));
            for one in &mut step.changes {
                one.enough.clone_from(&enough);
            }
        } else {
            for one in &mut step.changes {
                one.enough = trial.of(std::slice::from_ref(&one.path), one);
            }
        }
    }
    before - trial.left
}

struct Trial<'a> {
    judge: &'a dyn Judge,
    proposal: &'a Document,
    reached: bool,
    distance: Distance,
    left: usize,
}

impl Trial<'_> {
    /// What is enough for facts that are set together; nothing where only the planned value is, or where it was not found out.
    fn of(&mut self, paths: &[Pointer], planned: &Changed) -> Option<Enough> {
        let schema = self.judge.schema();
        let field = crate::question::field(schema, &planned.path)?;
        match field.kind {
            Kind::Text if !field.choices.is_empty() => {
                let all: Vec<Value> = field
                    .choices
                    .iter()
                    .map(|one| one.as_str().into())
                    .collect();
                let kept = self.each(paths, &all, &planned.to)?;
                one_of(kept, all.len())
            }
            Kind::Integer | Kind::Number => self.number(paths, field, &planned.to),
            _ => None,
        }
    }

    /// Those of some values that are enough; nothing where there are too many to try.
    fn each(&mut self, paths: &[Pointer], all: &[Value], planned: &Value) -> Option<Vec<Value>> {
        if all.len() > EACH || all.len() > self.left + 1 {
            return None;
        }
        let mut kept = Vec::new();
        for value in all {
            if value == planned || self.is_enough(paths, value)? {
                kept.push(value.clone());
            }
        }
        Some(kept)
    }

    fn number(&mut self, paths: &[Pointer], field: &Field, planned: &Value) -> Option<Enough> {
        let at = planned.as_f64()?;
        let whole = field.kind == Kind::Integer;
        // Where the schema knows no end, a number that nobody would mean stands for it.
        let far = 10.0 * at.abs().max(1.0);
        let least = field.minimum.unwrap_or(-far).min(at);
        let most = field.maximum.unwrap_or(far).max(at);
        let step = if whole { 1.0 } else { 0.0 };
        let least = if field.exclusive_minimum && !whole && least < at {
            least + (at - least) / 1024.0
        } else if field.exclusive_minimum && whole && least < at {
            least + step
        } else {
            least
        };
        #[expect(clippy::cast_precision_loss, reason = "a dozen")]
        let few = whole && field.minimum.is_some() && most - least < EACH as f64;
        if few {
            return self.whole(paths, (least, most), planned);
        }
        let low = self.end(paths, at, least, whole)?;
        let high = self.end(paths, at, most, whole)?;
        let number = evenhand_core::text::json_number;
        let same = |one: f64, other: f64| (one - other).abs() <= f64::EPSILON * one.abs().max(1.0);
        match (same(low, least), same(high, most)) {
            (true, true) => Some(Enough::Any),
            _ if same(low, high) => None,
            (true, false) => Some(Enough::AtMost(number(high)?)),
            (false, true) => Some(Enough::AtLeast(number(low)?)),
            (false, false) => Some(Enough::Between(number(low)?, number(high)?)),
        }
    }

    /// Whole numbers between near bounds, each of which is tried.
    fn whole(
        &mut self,
        paths: &[Pointer],
        (least, most): (f64, f64),
        planned: &Value,
    ) -> Option<Enough> {
        let mut all = Vec::new();
        let mut at = least;
        while at <= most {
            all.extend(evenhand_core::text::json_number(at));
            at += 1.0;
        }
        let planned = all.iter().find(|one| one.as_f64() == planned.as_f64());
        let planned = planned.cloned()?;
        let kept = self.each(paths, &all, &planned)?;
        let (first, last) = (kept.first().cloned()?, kept.last().cloned()?);
        let place = |value: &Value| all.iter().position(|one| one == value);
        let (from, to) = (place(&first)?, place(&last)?);
        if to - from + 1 != kept.len() {
            return one_of(kept, all.len());
        }
        match (from == 0, to + 1 == all.len()) {
            _ if from == to => None,
            (true, true) => Some(Enough::Any),
            (true, false) => Some(Enough::AtMost(last)),
            (false, true) => Some(Enough::AtLeast(first)),
            (false, false) => Some(Enough::Between(first, last)),
        }
    }

    /// How far one may go from the planned number towards an end: the end itself where that is enough, and a number between.
    fn end(&mut self, paths: &[Pointer], at: f64, end: f64, whole: bool) -> Option<f64> {
        let (mut good, mut bad) = (at, end);
        // Numbers as people write them: about a twentieth of the way apart.
        let unit = if whole {
            1.0
        } else {
            10_f64.powf(((end - at).abs() / 20.0).log10().floor())
        };
        if good.total_cmp(&end).is_eq() {
            return Some(end);
        }
        if self.is_number_enough(paths, end)? {
            good = end;
        }
        for _ in 0..HALVES {
            if good.total_cmp(&end).is_eq() {
                break;
            }
            let half = round(f64::midpoint(good, bad), unit);
            if half <= good.min(bad) || half >= good.max(bad) {
                break;
            }
            if self.is_number_enough(paths, half)? {
                good = half;
            } else {
                bad = half;
            }
        }
        let between = round(f64::midpoint(at, good), unit);
        let inside = between > at.min(good) && between < at.max(good);
        if inside && !self.is_number_enough(paths, between)? {
            return Some(at);
        }
        Some(good)
    }

    fn is_number_enough(&mut self, paths: &[Pointer], number: f64) -> Option<bool> {
        let value = evenhand_core::text::json_number(number)?;
        self.is_enough(paths, &value)
    }

    /// Whether the plan comes out as well with another value; nothing where no judgements are left.
    fn is_enough(&mut self, paths: &[Pointer], value: &Value) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        let mut changed = self.proposal.value().clone();
        for path in paths {
            crate::change::set(&mut changed, path, value.clone());
        }
        let changed = Document::from_value(self.proposal.name(), changed);
        if !self.judge.check(&changed).is_empty() {
            return Some(false);
        }
        let card = self.judge.judge(&changed);
        if card.problems.iter().any(Problem::is_error) {
            return Some(false);
        }
        Some(if self.reached {
            card.verdict.word == Word::Proceed
        } else {
            !self.distance.is_nearer(distance(&card))
        })
    }
}

fn one_of(kept: Vec<Value>, all: usize) -> Option<Enough> {
    match kept.len() {
        0 | 1 => None,
        count if count == all => Some(Enough::Any),
        _ => Some(Enough::OneOf(kept)),
    }
}

/// The nearest multiple of a unit.
fn round(number: f64, unit: f64) -> f64 {
    let rounded = (number / unit).round() * unit;
    // Without what a product of decimals is off by.
    format!("{rounded:.9}").parse().unwrap_or(rounded)
}
