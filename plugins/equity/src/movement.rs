//! Facts about the flows together: which way people go, for how long, at what cost, and for whom.

use crate::answer::{Fact, fact};
use crate::countries::Bloc::{self, North, South};
use crate::flows::Flow;
use crate::known::{Known, Member, Places, all, amount_if, any, mean, product, ratio, share, sum};
use crate::partners::Partner;

/// The facts that need the list of flows.
pub(crate) const NAMES: [&str; 19] = [
    "cost_per_learner_usd",
    "cost_to_income",
    "faculty_balance",
    "fully_virtual",
    "has_faculty_flows",
    "in_person_learner_persons",
    "learner_mean_weeks_north_to_south",
    "north_to_south_learner_person_weeks",
    "north_to_south_learner_persons",
    "north_to_south_visitor_persons",
    "origin_on_safeguards_list",
    "participation_person_weeks",
    "reciprocity",
    "reciprocity_defined",
    "reciprocity_persons",
    "south_participation_share",
    "south_to_north_learner_person_weeks",
    "south_to_north_learner_persons",
    "visitor_mean_weeks_north_to_south",
];

/// Computes what is named in [`NAMES`]; `listed` is missing where the proposal has no list of partners.
pub(crate) fn facts(flows: &[Flow], partners: &[Partner<'_>], listed: &Known<()>) -> Vec<Fact> {
    let virtual_only = all(flows.iter().map(|flow| flow.in_person.clone().not()));
    let protected = any(flows.iter().map(|flow| flow.origin.who_safeguards.clone()));
    let mut facts = vec![
        fact("faculty_balance", teacher_balance(flows, partners, listed)),
        fact(
            "fully_virtual",
            virtual_only.map(|all| all && !flows.is_empty()),
        ),
        fact(
            "has_faculty_flows",
            any(flows.iter().map(|flow| flow.teacher.clone())),
        ),
        fact("origin_on_safeguards_list", protected),
    ];
    facts.extend(reciprocity(flows));
    facts.extend(participation(flows));
    facts.extend(stays(flows));
    facts
}

/// Learners who travel from one bloc to the other.
fn travels(flow: &Flow, origin: Bloc, destination: Bloc) -> Known<bool> {
    all([
        flow.in_person.clone(),
        flow.learner.clone(),
        flow.goes(origin, destination),
    ])
}

fn reciprocity(flows: &[Flow]) -> Vec<Fact> {
    let weeks = |origin, destination| {
        sum(flows
            .iter()
            .map(|flow| amount_if(&travels(flow, origin, destination), &flow.person_weeks)))
    };
    let persons = |origin, destination| {
        sum(flows
            .iter()
            .map(|flow| amount_if(&travels(flow, origin, destination), &flow.persons)))
    };
    let some = |flow: &Flow| {
        let weeks = flow.person_weeks.clone().map(|weeks| weeks > 0.0);
        all([travels(flow, North, South), weeks])
    };
    vec![
        fact("north_to_south_learner_person_weeks", weeks(North, South)),
        fact("north_to_south_learner_persons", persons(North, South)),
        fact(
            "reciprocity",
            ratio(weeks(South, North), weeks(North, South)),
        ),
        fact("reciprocity_defined", any(flows.iter().map(some))),
        fact(
            "reciprocity_persons",
            ratio(persons(South, North), persons(North, South)),
        ),
        fact("south_to_north_learner_person_weeks", weeks(South, North)),
        fact("south_to_north_learner_persons", persons(South, North)),
    ]
}

/// The South's part of all that learners do, online too. Where none is sent, of everything: those who are taught
/// learn at the partner a teacher goes to, all others come from where they learn for.
fn participation(flows: &[Flow]) -> Vec<Fact> {
    let learners = any(flows.iter().map(|flow| flow.learner.clone()));
    let weight = |flow: &Flow| match learners.get() {
        Some(true) => amount_if(&flow.learner, &flow.person_weeks),
        // That none is sent rests on who goes in every flow.
        Some(false) => learners.clone().and_then(|_| flow.person_weeks.clone()),
        None => Known::Missing(learners.places().clone()),
    };
    let members: Vec<Member> = flows
        .iter()
        .map(|flow| {
            let weight = weight(flow);
            let least = weight.get().copied().unwrap_or(0.0);
            Member {
                weight,
                least,
                counts: learns_for(flow, learners.get()).map(|bloc| bloc == South),
            }
        })
        .collect();
    vec![
        fact(
            "participation_person_weeks",
            sum(members.iter().map(|member| member.weight.clone())),
        ),
        fact("south_participation_share", share(&members)),
    ]
}

/// The bloc of those for whose learning people move.
fn learns_for(flow: &Flow, learners: Option<&bool>) -> Known<Bloc> {
    let origin = flow.origin.bloc.clone();
    if learners.copied().unwrap_or(true) {
        return origin;
    }
    let destination = flow.destination.bloc.clone();
    flow.teaching
        .clone()
        .and_then(|teaching| if teaching { destination } else { origin })
}

/// How long people stay and what it costs them.
fn stays(flows: &[Flow]) -> Vec<Fact> {
    let abroad = |flow: &Flow| all([flow.in_person.clone(), flow.learner.clone()]);
    let visitor = |flow: &Flow| {
        all([
            flow.in_person.clone(),
            flow.visit.clone(),
            flow.goes(North, South),
        ])
    };
    let learners = |flow: &Flow| travels(flow, North, South);
    let cost = |flow: &Flow| flow.net_cost_usd.clone();
    let weeks = |flow: &Flow| flow.weeks.clone();
    vec![
        fact("cost_per_learner_usd", mean_of(flows, abroad, cost)),
        fact("cost_to_income", mean_of(flows, abroad, cost_of_a_year)),
        fact("in_person_learner_persons", persons(flows, abroad)),
        fact(
            "learner_mean_weeks_north_to_south",
            mean_of(flows, learners, weeks),
        ),
        fact("north_to_south_visitor_persons", persons(flows, visitor)),
        fact(
            "visitor_mean_weeks_north_to_south",
            mean_of(flows, visitor, weeks),
        ),
    ]
}

/// What one person pays in a year of the stay (one at least), as a share of a yearly income where they come from.
fn cost_of_a_year(flow: &Flow) -> Known<f64> {
    let cost = flow.net_cost_usd.clone();
    if cost.get().is_some_and(|cost| *cost <= 0.0) {
        return cost;
    }
    let years = flow.weeks.clone().map(|weeks| (weeks / 52.0).max(1.0));
    cost.zip(years)
        .zip(flow.origin.income.clone())
        .map(|((cost, years), income)| cost / years / income)
}

fn persons(flows: &[Flow], among: impl Fn(&Flow) -> Known<bool>) -> Known<f64> {
    sum(flows
        .iter()
        .map(|flow| amount_if(&among(flow), &flow.persons)))
}

/// The mean over the people of the flows that count.
///
/// One flow alone has its value as the mean, also where nobody says how many people it is: a count left out must not
/// make a value of what was none, so a count of 0 gives it as well. Where several count and all are empty there is no
/// mean; as long as it is open whether they count, that is not known either.
fn mean_of(
    flows: &[Flow],
    among: impl Fn(&Flow) -> Known<bool>,
    value: impl Fn(&Flow) -> Known<f64>,
) -> Known<f64> {
    let mut counted = flows.iter().filter(|flow| !among(flow).is_false());
    if let (Some(only), None) = (counted.next(), counted.next())
        && only.persons.get().is_none_or(|persons| *persons <= 0.0)
    {
        return flows.iter().fold(value(only), |value, flow| {
            value.zip(among(flow)).map(|(value, _)| value)
        });
    }
    let weighted = |flow: &Flow| (amount_if(&among(flow), &flow.persons), value(flow));
    match mean(&flows.iter().map(weighted).collect::<Vec<_>>()) {
        Known::Void(places) => {
            let counts = all(flows.iter().map(|flow| among(flow).map(|_| true)));
            counts.and_then(|_| Known::Void(places.clone()))
        }
        known => known,
    }
}

/// Tuition left to pay in a year as a share of income a head where students come from: the mean over degree flows,
/// or over learner flows where no flow is a whole degree.
pub(crate) fn tuition(flows: &[Flow], tuition: &Known<f64>, relief: &Known<f64>) -> Known<f64> {
    let degrees = any(flows.iter().map(|flow| flow.degree.clone()));
    let counted = |flow: &Flow| match degrees.get() {
        Some(true) => flow.degree.clone(),
        Some(false) => flow.learner.clone(),
        None => Known::Missing(degrees.places().clone()),
    };
    let inverse: Vec<(Known<f64>, Known<f64>)> = flows
        .iter()
        .map(|flow| {
            (
                counted(flow).map(f64::from),
                flow.origin.income.clone().map(|income| 1.0 / income),
            )
        })
        .collect();
    let left = product(tuition, &relief.clone().map(|relief| 1.0 - relief));
    left.zip(mean(&inverse))
        .map(|(left, inverse)| left * inverse)
}

/// The smaller over the larger amount of teaching and staff time: of the two blocs, or of the partners that take part
/// where all are of one bloc.
fn teacher_balance(flows: &[Flow], partners: &[Partner<'_>], listed: &Known<()>) -> Known<f64> {
    let weeks = |flow: &Flow| amount_if(&flow.teacher, &flow.person_weeks);
    if sum(flows.iter().map(weeks))
        .get()
        .is_some_and(|weeks| *weeks <= 0.0)
    {
        return Known::Void(Places::new());
    }
    let side = |bloc| any(partners.iter().map(|partner| partner.is(bloc)));
    let both = listed
        .clone()
        .and_then(|()| all([side(North), side(South)]));
    if !both.is_false() {
        let sent = |bloc| {
            sum(flows.iter().map(|flow| {
                let from = flow
                    .origin
                    .bloc
                    .clone()
                    .map(|origin| f64::from(origin == bloc));
                product(&weeks(flow), &from)
            }))
        };
        return both
            .zip(sent(North).zip(sent(South)))
            .and_then(|(_, (north, south))| balance(&[north, south]));
    }
    let ends = flows
        .iter()
        .fold(both.map(|_| vec![None; partners.len()]), |sent, flow| {
            let weeks = weeks(flow);
            if weeks.get().is_some_and(|weeks| *weeks <= 0.0) {
                return sent;
            }
            sent.zip(weeks)
                .zip(flow.from.clone().zip(flow.to.clone()))
                .map(|((mut sent, weeks), (from, to))| {
                    for (index, weeks) in [(from, weeks), (to, 0.0)] {
                        if let Some(entry) = sent.get_mut(index) {
                            *entry = Some(entry.unwrap_or(0.0) + weeks);
                        }
                    }
                    sent
                })
        });
    ends.and_then(|sent| balance(&sent.into_iter().flatten().collect::<Vec<f64>>()))
}

fn balance(amounts: &[f64]) -> Known<f64> {
    let most = amounts.iter().copied().fold(0.0, f64::max);
    let least = amounts.iter().copied().fold(f64::INFINITY, f64::min);
    if amounts.len() > 1 && most > 0.0 {
        Known::Value(least / most, Places::new())
    } else {
        Known::Void(Places::new())
    }
}
