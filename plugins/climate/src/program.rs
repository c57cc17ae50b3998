//! The facts of a program: its flows, and their totals for one yearly intake.

use crate::airport::{self, Hint};
use crate::emission::{Emission, Range};
use crate::flow::{self, Outcome};
use crate::journey::{Atlas, unknown_airport};
use crate::notes::Notes;
use crate::odd::check_where;
use crate::plausible::check_place;
use crate::proposal::{Gaps, Known, Mode, Partner, Proposal, both};
use crate::record::{Record, range, tonnes};
use crate::scale::write_reach;
use crate::settings::{Settings, Upstream};
use evenhand_plugin::wire::Derived;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Totals, in the order of the manifest.
const TOTALS: [&str; 23] = [
    "per_program_t",
    "per_traveller_t",
    "per_person_week_t",
    "travel_per_program_t",
    "travel_per_traveller_t",
    "travel_per_person_week_t",
    "co2_t",
    "non_co2_t",
    "upstream_t",
    "stay_t",
    "virtual_t",
    "travellers",
    "flyers",
    "person_weeks",
    "traveller_years",
    "stay_weeks",
    "traveller_year_least_t",
    "traveller_year_most_t",
    "stay_week_least_t",
    "stay_week_most_t",
    "program_least_t",
    "program_most_t",
    "flows",
];
/// More things to check are not read.
const MOST_CHECKS: usize = 100;
/// With more flows than this, totals rest on "the flows and the partners" and no longer on every single value.
const MOST_LISTED: usize = 50;

/// Derives all facts from a proposal.
pub(crate) fn derive(value: &Value, settings: &Settings) -> Derived {
    let mut notes = Notes::default();
    let mut problems = Vec::new();
    let proposal = Proposal::read(value, &mut problems);
    for problem in problems {
        notes.problem(problem);
    }
    for partner in &proposal.partners {
        check_airport(partner, &mut notes);
        check_place(partner, &mut notes);
        check_where(partner, &mut notes);
    }
    let mut derived = Derived::default();
    match &proposal.flows {
        None => {
            for total in TOTALS {
                derived
                    .missing
                    .insert(format!("/{total}"), vec!["/flows".to_owned()]);
            }
        }
        Some(flows) => {
            let atlas = Atlas {
                proposal: &proposal,
                settings,
            };
            let mut outcomes = Vec::with_capacity(flows.len());
            let mut facts = Vec::with_capacity(flows.len());
            for one in flows {
                let mut record = Record::new(one.pointer.clone());
                atlas.check(one, &mut notes);
                atlas.check_odd(one, &mut notes);
                let outcome = flow::derive(atlas, one, &mut record, &mut notes);
                facts.push(Value::Object(record.facts));
                derived.missing.append(&mut record.missing);
                let used = outcome.used.iter().cloned().collect();
                derived.inputs.insert(one.pointer.clone(), used);
                outcomes.push(outcome);
            }
            derived
                .facts
                .insert("flows".to_owned(), Value::Array(facts));
            write_totals(&outcomes, &mut derived);
            write_reach(&outcomes, &mut derived);
        }
    }
    let (defaults, problems, checks) = notes.into_parts();
    derived.problems = problems;
    // Of a proposal with so much that is odd, the first says enough.
    derived.checks = checks.into_iter().take(MOST_CHECKS).collect();
    write_method(settings, &defaults, &mut derived);
    derived
}

fn check_airport(partner: &Partner<'_>, notes: &mut Notes) {
    if let Some(code) = partner.airport
        && airport::find(code).is_none()
    {
        let hint = Hint {
            country: partner.country,
            city: partner.city,
        };
        let path = format!("{}/place/airport", partner.pointer);
        notes.problem(unknown_airport(path, code, hint));
    }
}

/// What holds for every figure: which factors, which boundary, which assumptions.
fn write_method(settings: &Settings, defaults: &BTreeSet<String>, derived: &mut Derived) {
    let set = settings.factors;
    let upstream = match settings.wtt {
        Upstream::Consistent => set.consistent_upstream,
        Upstream::Published => set.id,
        Upstream::None => "none",
    };
    let counted = match settings.wtt {
        Upstream::None => "direct emissions of travel, without upstream emissions".to_owned(),
        _ => format!("direct and upstream emissions of travel (flights: {upstream})"),
    };
    let boundary = format!(
        "{counted}; non-CO2 effects of flights as {} times their CO2; stays where stated; time online; \
         not food, not local travel unless listed as a leg",
        settings.rf.central
    );
    for (name, value) in [
        ("factor_set", json!(set.id)),
        ("upstream_set", json!(upstream)),
        ("rf", json!(settings.rf.central)),
        ("boundary", json!(boundary)),
        ("defaults", json!(defaults)),
    ] {
        derived.facts.insert(name.to_owned(), value);
    }
}

/// Sums over the flows, in kg CO2e.
struct Sums {
    travel: Known<Emission>,
    stay: Known<Range>,
    online: Known<Range>,
    travellers: Known<f64>,
    flyers: Known<f64>,
    person_weeks: Known<f64>,
}

impl Sums {
    fn of(outcomes: &[Outcome]) -> Self {
        let travels = |outcome: &Outcome| outcome.mode.clone().map(|mode| mode == Mode::InPerson);
        Self {
            travel: sum(outcomes, |outcome| outcome.travel.clone()),
            stay: sum(outcomes, |outcome| outcome.stay.clone()),
            online: sum(outcomes, |outcome| outcome.online.clone()),
            travellers: sum(outcomes, |outcome| {
                count_if(travels(outcome), &outcome.persons)
            }),
            flyers: sum(outcomes, |outcome| {
                count_if(outcome.flies.clone(), &outcome.persons)
            }),
            person_weeks: sum(outcomes, |outcome| outcome.person_weeks.clone()),
        }
    }
}

fn write_totals(outcomes: &[Outcome], derived: &mut Derived) {
    let sums = Sums::of(outcomes);
    let mut record = Record::new(String::new());
    let travel = sums.travel.clone().map(|travel| travel.total);
    let rest = both(sums.stay.clone(), sums.online.clone()).map(|(stay, online)| stay + online);
    let all = both(travel.clone(), rest).map(|(travel, rest)| travel + rest);
    for (prefix, total) in [("", all), ("travel_", travel)] {
        let name = |rest: &str| format!("{prefix}{rest}");
        record.set(
            &name("per_program_t"),
            total.clone().map(|total| in_tonnes(total, 1.0)),
        );
        let per_head = share(total.clone(), &sums.travellers);
        write_share(&mut record, &name("per_traveller_t"), per_head, in_tonnes);
        let per_week = share(total, &sums.person_weeks);
        write_share(
            &mut record,
            &name("per_person_week_t"),
            per_week,
            |total, n| tonnes(total.central / 1000.0 / n),
        );
    }
    let part = |pick: fn(Emission) -> f64| {
        sums.travel
            .clone()
            .map(|travel| tonnes(pick(travel) / 1000.0))
    };
    record.set("co2_t", part(|travel| travel.co2));
    record.set("non_co2_t", part(|travel| travel.non_co2));
    record.set("upstream_t", part(|travel| travel.upstream));
    record.set(
        "stay_t",
        sums.stay.map(|stay| tonnes(stay.central / 1000.0)),
    );
    record.set(
        "virtual_t",
        sums.online.map(|online| tonnes(online.central / 1000.0)),
    );
    record.set("travellers", sums.travellers.map(Value::from));
    record.set("flyers", sums.flyers.map(Value::from));
    record.set("person_weeks", sums.person_weeks.map(Value::from));
    let rests_on = rests_on(outcomes);
    for total in record.facts.keys() {
        derived.inputs.insert(format!("/{total}"), rests_on.clone());
    }
    derived.facts.append(&mut record.facts);
    derived.missing.append(&mut record.missing);
}

pub(crate) fn rests_on(outcomes: &[Outcome]) -> Vec<String> {
    if outcomes.len() > MOST_LISTED || outcomes.is_empty() {
        return vec!["/flows".to_owned(), "/partners".to_owned()];
    }
    let used: BTreeSet<&String> = outcomes.iter().flat_map(|outcome| &outcome.used).collect();
    used.into_iter().cloned().collect()
}

/// A total and the number to divide it by; `None` where that number is zero.
fn share(total: Known<Range>, number: &Known<f64>) -> Known<Option<(Range, f64)>> {
    let (total, number) = both(total, number.clone())?;
    Ok((number > 0.0).then_some((total, number)))
}

fn write_share(
    record: &mut Record,
    name: &str,
    share: Known<Option<(Range, f64)>>,
    write: impl Fn(Range, f64) -> Value,
) {
    match share {
        Ok(share) => record.set_if(name, share.map(|(total, number)| write(total, number))),
        Err(gaps) => record.set(name, Err(gaps)),
    }
}

fn in_tonnes(total: Range, number: f64) -> Value {
    range(total * (1.0 / (1000.0 * number)), tonnes)
}

fn count_if(counts: Known<bool>, persons: &Known<f64>) -> Known<f64> {
    // Whom it does not concern need not be counted.
    if matches!(counts, Ok(false)) {
        return Ok(0.0);
    }
    both(counts, persons.clone()).map(|(_, persons)| persons)
}

fn sum<T: Default + std::ops::Add<Output = T>>(
    outcomes: &[Outcome],
    part: impl Fn(&Outcome) -> Known<T>,
) -> Known<T> {
    let mut total = T::default();
    let mut gaps = Gaps::new();
    for outcome in outcomes {
        match part(outcome) {
            Ok(value) => total = total + value,
            Err(more) => gaps.extend(more),
        }
    }
    if gaps.is_empty() {
        Ok(total)
    } else {
        Err(gaps)
    }
}
