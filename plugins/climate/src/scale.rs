//! What is emitted for each traveller and year, for each week of a stay and by the whole program: from the least that it
//! can be to the most, with what would bring the two together.

use crate::flow::Outcome;
use crate::program::rests_on;
use crate::proposal::{Gaps, Known, Mode, both};
use crate::reach::{self, Reach};
use crate::record::{Record, tonnes};
use evenhand_plugin::wire::Derived;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A stay this long in weeks is a year; a shorter one counts as a year too, since the budget is for a year.
const YEAR: f64 = 52.0;
/// The longest stay that a proposal may state.
const LONGEST_YEARS: f64 = 1040.0 / YEAR;

/// Years over which the journeys of one stay are spread, as far as its length is known.
fn years(weeks: Option<f64>) -> Reach {
    let years = |weeks: f64| (weeks / YEAR).max(1.0);
    weeks.map_or(
        Reach {
            least: 1.0,
            most: LONGEST_YEARS,
        },
        |weeks| Reach::exactly(years(weeks)),
    )
}

/// What is emitted for each traveller and year, for each week of a stay, and by the whole program in a year: from the
/// least that it can be to the most. With `open`, the facts that would narrow it.
pub(crate) fn write_reach(outcomes: &[Outcome], derived: &mut Derived) {
    let mut record = Record::new(String::new());
    let going: Known<Vec<&Outcome>> = outcomes
        .iter()
        .filter(|outcome| !matches!(outcome.persons, Ok(persons) if persons <= 0.0))
        .filter_map(|outcome| match &outcome.mode {
            Ok(Mode::InPerson) => Some(Ok(outcome)),
            Ok(Mode::Virtual) => None,
            Err(gaps) => Some(Err(gaps.clone())),
        })
        .collect();
    let all = |weight: fn(&Outcome) -> Known<Reach>| -> Known<Vec<(Option<f64>, Reach, Reach)>> {
        let part = |outcome: &&Outcome| -> Known<(Option<f64>, Reach, Reach)> {
            let (reach, below) = both(outcome.reach.clone(), weight(outcome))?;
            Ok((outcome.persons.clone().ok(), reach, below))
        };
        let going = going.clone()?;
        let mut gaps = Gaps::new();
        let parts: Vec<_> = going
            .iter()
            .filter_map(|outcome| part(outcome).map_err(|more| gaps.extend(more)).ok())
            .collect();
        if gaps.is_empty() {
            Ok(parts)
        } else {
            Err(gaps)
        }
    };
    let by_year = all(|outcome| Ok(years(outcome.weeks))).map(|parts| reach::ratio(&parts));
    let by_week = all(weeks_of).map(|parts| reach::ratio(&parts));
    let by_program = all(|_| Ok(Reach::exactly(1.0))).and_then(|parts| total(&parts, outcomes));
    for (name, reach) in [
        ("traveller_year", by_year.clone()),
        ("stay_week", by_week.clone()),
        ("program", by_program.map(Some)),
    ] {
        for (end, of) in [
            ("least", (|reach| reach.least) as fn(Reach) -> f64),
            ("most", |reach| reach.most),
        ] {
            let name = format!("{name}_{end}_t");
            match reach.clone() {
                Ok(reach) => {
                    record.set_if(&name, reach.map(|reach| tonnes(of(reach) / 1000.0)));
                }
                Err(gaps) => record.set(&name, Err(gaps)),
            }
        }
    }
    let counted = |of: fn(&Outcome) -> Known<f64>| {
        let parts: Known<Vec<f64>> = going.clone()?.iter().map(|outcome| of(outcome)).collect();
        parts.map(|parts| parts.iter().sum::<f64>())
    };
    let stay_weeks = counted(|outcome| outcome.person_weeks.clone());
    record.set("stay_weeks", stay_weeks.map(Value::from));
    let traveller_years = counted(|outcome| {
        let weeks = weeks_of(outcome)?;
        Ok(outcome.persons.clone()? * years(Some(weeks.least)).least)
    });
    record.set("traveller_years", traveller_years.map(Value::from));
    record.set("open", Ok(json!(open(outcomes, &[by_year, by_week]))));
    let rests_on = rests_on(outcomes);
    for total in record.facts.keys() {
        derived.inputs.insert(format!("/{total}"), rests_on.clone());
    }
    derived.facts.append(&mut record.facts);
    derived.missing.append(&mut record.missing);
}

fn weeks_of(outcome: &Outcome) -> Known<Reach> {
    match outcome.weeks {
        Some(weeks) => Ok(Reach::exactly(weeks)),
        None => Err(Gaps::from([format!("{}/weeks", outcome.pointer)])),
    }
}

/// kg of the journeys of everybody; for a total the heads have to be known.
fn total(parts: &[(Option<f64>, Reach, Reach)], outcomes: &[Outcome]) -> Known<Reach> {
    let weights: Option<Vec<f64>> = parts.iter().map(|part| part.0).collect();
    let Some(weights) = weights else {
        let gaps = outcomes.iter().filter_map(|one| one.persons.clone().err());
        return Err(gaps.flatten().collect());
    };
    let sum = |of: fn(&Reach) -> f64| {
        let parts = parts.iter().zip(&weights);
        parts.map(|(part, weight)| weight * of(&part.1)).sum()
    };
    Ok(Reach {
        least: sum(|reach| reach.least),
        most: sum(|reach| reach.most),
    })
}

/// Paths of the proposal, as rules write them, whose facts would bring least and most together.
fn open(outcomes: &[Outcome], ratios: &[Known<Option<Reach>>]) -> Vec<String> {
    let mut open: BTreeSet<String> = BTreeSet::new();
    let mut heads = BTreeSet::new();
    for outcome in outcomes
        .iter()
        .filter(|outcome| matches!(outcome.mode, Ok(Mode::InPerson)))
    {
        open.extend(outcome.open.iter().map(|pointer| dotted(pointer)));
        if outcome.weeks.is_none() {
            open.insert(dotted(&format!("{}/weeks", outcome.pointer)));
        }
        heads.extend(
            outcome
                .persons
                .clone()
                .err()
                .into_iter()
                .flatten()
                .map(|pointer| dotted(&pointer)),
        );
    }
    // Heads weigh one flow against another; with one flow, or alike ones, they change nothing.
    let is_apart =
        |ratio: &Known<Option<Reach>>| matches!(ratio, Ok(Some(reach)) if !reach.is_exact());
    let apart = ratios.iter().any(is_apart);
    if apart {
        open.append(&mut heads);
    }
    open.into_iter().collect()
}

/// `/flows/0/cabin` as `flows[0].cabin`.
fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            path.push_str(&format!("[{part}]"));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(part);
        }
    }
    path
}
