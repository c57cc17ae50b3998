//! The facts of one flow.

use crate::emission::{Emission, Haul, Range};
use crate::journey::{Atlas, Hop};
use crate::notes::Notes;
use crate::proposal::{Cabin, Flow, Gaps, Known, Mode, Transport, both, gap};
use crate::reach::{Open, Reach};
use crate::record::{Record, kg, km, range, tonnes};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What the totals need of a flow: kg CO2e of all its people.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Place of the flow in the proposal.
    pub(crate) pointer: String,
    pub(crate) mode: Known<Mode>,
    pub(crate) persons: Known<f64>,
    pub(crate) person_weeks: Known<f64>,
    /// Whether any part is flown.
    pub(crate) flies: Known<bool>,
    pub(crate) weeks: Option<f64>,
    /// kg CO2e of the journeys of one person, least and most.
    pub(crate) reach: Known<Reach>,
    /// Places whose facts would narrow `reach`.
    pub(crate) open: BTreeSet<String>,
    pub(crate) travel: Known<Emission>,
    pub(crate) stay: Known<Range>,
    pub(crate) online: Known<Range>,
    /// Places of the proposal that were used.
    pub(crate) used: BTreeSet<String>,
}

/// What one person of a flow emits, in kg CO2e.
struct Person {
    travel: Known<Emission>,
    stay: Known<Range>,
    online: Known<Range>,
}

/// Writes the facts of a flow into `record` and gives what the totals need.
pub(crate) fn derive(
    atlas: Atlas<'_>,
    flow: &Flow<'_>,
    record: &mut Record,
    notes: &mut Notes,
) -> Outcome {
    let known = |value: Option<f64>, field: &str| {
        value.ok_or_else(|| Gaps::from([format!("{}/{field}", flow.pointer)]))
    };
    let persons = known(flow.n_per_year, "n_per_year");
    let weeks = known(flow.weeks, "weeks");
    if weeks.is_ok() {
        notes.rests_on(format!("{}/weeks", flow.pointer));
    }
    let mode = flow
        .mode
        .ok_or_else(|| Gaps::from([format!("{}/mode", flow.pointer)]));
    record.set("persons", persons.clone().map(Value::from));
    if persons.is_ok() {
        notes.rests_on(format!("{}/n_per_year", flow.pointer));
    }
    if mode.is_ok() {
        notes.rests_on(format!("{}/mode", flow.pointer));
    }
    let mut open = Open::default();
    let reach = match mode {
        Ok(Mode::InPerson) => atlas.reach(flow, &mut open, notes),
        Ok(Mode::Virtual) => Ok(Reach::exactly(0.0)),
        Err(ref gaps) => Err(gaps.clone()),
    };
    let (person, flies) = match mode {
        Ok(Mode::InPerson) => in_person(atlas, flow, record, notes),
        Ok(Mode::Virtual) => (virtually(atlas, flow, record, notes), Ok(false)),
        Err(ref gaps) => {
            record.set("mode", Err(gaps.clone()));
            let person = Person {
                travel: Err(gaps.clone()),
                stay: Err(gaps.clone()),
                online: Err(gaps.clone()),
            };
            (person, Err(gaps.clone()))
        }
    };
    write_person(&person, &persons, record);
    Outcome {
        pointer: flow.pointer.clone(),
        mode,
        person_weeks: both(persons.clone(), weeks).map(|(persons, weeks)| persons * weeks),
        flies,
        weeks: flow.weeks,
        open: if matches!(&reach, Ok(reach) if reach.is_exact()) {
            BTreeSet::new()
        } else {
            open.into_set()
        },
        reach,
        travel: for_all(person.travel, &persons),
        stay: for_all(person.stay, &persons),
        online: for_all(person.online, &persons),
        used: notes.take_used(),
        persons,
    }
}

/// One person's emission times the people. Nothing times anybody is nothing, however many they are.
fn for_all<T>(one: Known<T>, persons: &Known<f64>) -> Known<T>
where
    T: Default + PartialEq + std::ops::Mul<f64, Output = T>,
{
    let nothing = T::default();
    let nobody = matches!(persons, Ok(persons) if *persons <= 0.0);
    if nobody || one.as_ref().is_ok_and(|one| *one == nothing) {
        return Ok(nothing);
    }
    both(one, persons.clone()).map(|(one, persons)| one * persons)
}

fn write_person(person: &Person, persons: &Known<f64>, record: &mut Record) {
    let travel = &person.travel;
    record.set(
        "travel_kg",
        travel.clone().map(|travel| kg(travel.total.central)),
    );
    record.set("co2_kg", travel.clone().map(|travel| kg(travel.co2)));
    record.set(
        "non_co2_kg",
        travel.clone().map(|travel| kg(travel.non_co2)),
    );
    record.set(
        "upstream_kg",
        travel.clone().map(|travel| kg(travel.upstream)),
    );
    record.set("stay_kg", person.stay.clone().map(|stay| kg(stay.central)));
    record.set(
        "virtual_kg",
        person.online.clone().map(|online| kg(online.central)),
    );
    let rest = both(person.stay.clone(), person.online.clone());
    let total =
        both(travel.clone(), rest).map(|(travel, (stay, online))| travel.total + stay + online);
    record.set("kg_per_person", total.clone().map(|total| range(total, kg)));
    let tonnes_of_all = both(total, persons.clone())
        .map(|(total, persons)| range(total * (persons / 1000.0), tonnes));
    record.set("t", tonnes_of_all);
}

fn virtually(atlas: Atlas<'_>, flow: &Flow<'_>, record: &mut Record, notes: &mut Notes) -> Person {
    record.set("mode", Ok(json!("virtual")));
    Person {
        travel: Ok(Emission::default()),
        stay: Ok(Range::default()),
        online: atlas.online(flow, notes),
    }
}

fn in_person(
    atlas: Atlas<'_>,
    flow: &Flow<'_>,
    record: &mut Record,
    notes: &mut Notes,
) -> (Person, Known<bool>) {
    let hops = atlas.hops(flow, notes);
    let travel = sum_of(&hops, |hop| hop.emission * hop.trips);
    let known: Vec<&Hop> = hops.iter().filter_map(|hop| hop.as_ref().ok()).collect();
    let distance = distance(atlas, flow, &hops, notes);
    record.set("km_one_way", distance.clone().map(km));
    let flies = flies(flow);
    record.set(
        "mode",
        main_transport(flow, &hops, &flies).map(|mode| json!(mode.name())),
    );
    write_flights(atlas, &hops, &flies, record);
    if known.len() == hops.len() {
        record.set("legs", Ok(known.iter().map(|hop| leg(hop)).collect()));
    } else {
        record.set("legs", Err(gaps_of(&hops)));
    }
    let air = matches!(flow.transport, Some(Transport::Plane) | None);
    let reach = match &distance {
        Ok(known) => Ok(Reach::exactly(*known)),
        Err(_) => atlas.km_reach(flow, air, &mut Open::default(), notes),
    };
    record.set("km_least", reach.clone().map(|reach| km(reach.least)));
    record.set("km_most", reach.clone().map(|reach| km(reach.most)));
    let rail = atlas.by_rail(flow, distance, &reach, &known, notes);
    record.set(
        "rail_feasible",
        rail.clone().map(|rail| json!(rail.feasible)),
    );
    match rail {
        Ok(rail) => record.set_if("rail_kg_per_person", rail.kg.map(kg)),
        Err(gaps) => record.set("rail_kg_per_person", Err(gaps)),
    }
    let instead = atlas.online_instead(flow, notes);
    record.set("virtual_alternative_kg", instead.map(kg));
    let person = Person {
        travel,
        stay: atlas.stay(flow, notes),
        online: Ok(Range::default()),
    };
    (person, flies)
}

/// The distance as given, else as the legs add up, else between the partners' places.
fn distance(
    atlas: Atlas<'_>,
    flow: &Flow<'_>,
    hops: &[Known<Hop>],
    notes: &mut Notes,
) -> Known<f64> {
    let legs: Option<f64> = hops
        .iter()
        .map(|hop| hop.as_ref().ok().map(|hop| hop.km))
        .sum::<Option<f64>>();
    match legs {
        Some(km) if flow.km_one_way.is_none() && !flow.legs.is_empty() => Ok(km),
        _ => {
            let air = matches!(flow.transport, Some(Transport::Plane) | None);
            atlas.great_circle(flow, air, notes)
        }
    }
}

/// Whether any part of the journey is flown, as far as its parts say how they are travelled.
fn flies(flow: &Flow<'_>) -> Known<bool> {
    if flow.legs.is_empty() {
        return match flow.transport {
            Some(transport) => Ok(transport == Transport::Plane),
            None => gap(format!("{}/transport", flow.pointer)),
        };
    }
    let modes: Vec<Option<Transport>> = flow
        .legs
        .iter()
        .map(|leg| leg.mode.or(flow.transport))
        .collect();
    if modes.contains(&Some(Transport::Plane)) {
        return Ok(true);
    }
    let unknown: Gaps = flow
        .legs
        .iter()
        .zip(&modes)
        .filter(|(_, mode)| mode.is_none())
        .map(|(leg, _)| format!("{}/mode", leg.pointer))
        .collect();
    if unknown.is_empty() {
        Ok(false)
    } else {
        Err(unknown)
    }
}

/// Plane as soon as one part is flown, otherwise what most of the way is travelled with.
fn main_transport(flow: &Flow<'_>, hops: &[Known<Hop>], flies: &Known<bool>) -> Known<Transport> {
    if *flies.as_ref().map_err(Clone::clone)? {
        return Ok(Transport::Plane);
    }
    if let (true, Some(transport)) = (flow.legs.is_empty(), flow.transport) {
        return Ok(transport);
    }
    let longest = hops
        .iter()
        .filter_map(|hop| hop.as_ref().ok())
        .max_by(|one, other| one.km.total_cmp(&other.km));
    longest
        .map(|hop| hop.transport)
        .ok_or_else(|| gaps_of(hops))
}

fn write_flights(atlas: Atlas<'_>, hops: &[Known<Hop>], flies: &Known<bool>, record: &mut Record) {
    if !matches!(flies, Ok(true)) {
        return;
    }
    let flights: Vec<&Hop> = hops
        .iter()
        .filter_map(|hop| hop.as_ref().ok())
        .filter(|hop| hop.transport == Transport::Plane)
        .collect();
    let haul = flights
        .iter()
        .map(|hop| Haul::of(hop.km, atlas.settings))
        .max();
    let cabin: Option<Cabin> = flights.iter().map(|hop| hop.cabin).max();
    let known = haul.zip(cabin).ok_or_else(|| gaps_of(hops));
    record.set("haul", known.clone().map(|(haul, _)| json!(haul.name())));
    record.set("cabin", known.map(|(_, cabin)| json!(cabin.name())));
}

fn leg(hop: &Hop) -> Value {
    let emission = hop.emission;
    let fields = [
        ("from", json!(hop.from)),
        ("to", json!(hop.to)),
        ("mode", json!(hop.transport.name())),
        ("km", km(hop.km)),
        ("kg_low", kg(emission.total.low)),
        ("kg_central", kg(emission.total.central)),
        ("kg_high", kg(emission.total.high)),
        ("co2_kg", kg(emission.co2)),
        ("non_co2_kg", kg(emission.non_co2)),
        ("upstream_kg", kg(emission.upstream)),
    ];
    let fields: Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Value::Object(fields)
}

fn sum_of(hops: &[Known<Hop>], emission: impl Fn(&Hop) -> Emission) -> Known<Emission> {
    let gaps = gaps_of(hops);
    if !gaps.is_empty() {
        return Err(gaps);
    }
    let known = hops.iter().filter_map(|hop| hop.as_ref().ok());
    Ok(known.fold(Emission::default(), |sum, hop| sum + emission(hop)))
}

fn gaps_of(hops: &[Known<Hop>]) -> Gaps {
    hops.iter()
        .filter_map(|hop| hop.as_ref().err())
        .flatten()
        .cloned()
        .collect()
}
