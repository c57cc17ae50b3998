//! What is odd of a journey, and may be right all the same: for people to check.
//!
//! What cannot be is a complaint (`plausible`); nothing is said twice.

use crate::airport;
use crate::distance::{Point, great_circle_km};
use crate::journey::{Atlas, Place, place, point_of};
use crate::land::same_railways;
use crate::notes::Notes;
use crate::plausible::{ABROAD_KM, SHORTEST, apart};
use crate::proposal::{Flow, Leg, Mode, Partner, Transport};
use crate::reach::{km_to_country, least_km};
use evenhand_plugin::wire::Check;

/// So far people go by road only where somebody says so twice.
const LONG_ROAD_KM: f64 = 3000.0;
/// Ferries that carry people sail some 1,500 km at most, but for a few that follow a coast.
const LONG_FERRY_KM: f64 = 2000.0;

/// One end of a way.
struct End<'a> {
    /// Where it is, if that is known more exactly than by its country.
    at: Option<Point>,
    /// The country it lies in, if that is known.
    country: Option<&'a str>,
    /// The place of the proposal that says so.
    pointer: String,
}

impl End<'_> {
    fn km_at_least(&self, other: &End<'_>, notes: &mut Notes) -> Option<f64> {
        least_km((self.at, self.country), (other.at, other.country), notes)
    }
}

impl Atlas<'_> {
    /// Asks about everything in a flow in person that is odd.
    pub(crate) fn check_odd(&self, flow: &Flow<'_>, notes: &mut Notes) {
        if flow.mode != Some(Mode::InPerson) {
            return;
        }
        check_nights(flow, notes);
        if flow.legs.is_empty() {
            self.check_whole_way(flow, notes);
        }
        for leg in &flow.legs {
            self.check_part(flow, leg, notes);
        }
        self.check_return(flow, notes);
    }

    fn check_whole_way(&self, flow: &Flow<'_>, notes: &mut Notes) {
        let end = |id: Option<&str>| self.partner_end(id, flow.transport == Some(Transport::Plane));
        let ends = (end(flow.from), end(flow.to));
        let km = flow
            .km_one_way
            .map(|km| (km, format!("{}/km_one_way", flow.pointer)));
        check_way(
            flow.transport,
            &format!("{}/transport", flow.pointer),
            km,
            ends,
            notes,
        );
    }

    fn check_part(&self, flow: &Flow<'_>, leg: &Leg<'_>, notes: &mut Notes) {
        let transport = leg.mode.or(flow.transport);
        let air = transport == Some(Transport::Plane);
        let at = match leg.mode {
            Some(_) => format!("{}/mode", leg.pointer),
            None => format!("{}/transport", flow.pointer),
        };
        let end = |text: Option<&'_ str>, field: &str| {
            let text = text?;
            let country = match self.proposal.partner(Some(text)) {
                Some(partner) => partner.country,
                None => airport::find(text).map(|airport| airport.country),
            };
            Some(End {
                at: Some(self.point(text, air)?),
                country,
                pointer: format!("{}/{field}", leg.pointer),
            })
        };
        let ends = (end(leg.from, "from"), end(leg.to, "to"));
        let km = leg.km.map(|km| (km, format!("{}/km", leg.pointer)));
        check_way(transport, &at, km, ends, notes);
    }

    fn partner_end(&self, id: Option<&str>, air: bool) -> Option<End<'_>> {
        let partner = self.proposal.partner(id)?;
        match place(partner, air) {
            Place::At(point, pointer) => Some(End {
                at: Some(point),
                country: partner.country,
                pointer,
            }),
            // A code that no airport has is wrong, and says nothing of where the partner is.
            Place::Unknown(_) if partner.airport.is_some() => None,
            Place::Unknown(_) => Some(End {
                at: None,
                country: Some(partner.country?),
                pointer: format!("{}/country", partner.pointer),
            }),
        }
    }

    /// A journey there and back that is written out part by part: each part counts for both directions unless it says how often
    /// it is travelled, so that all of it counts twice.
    fn check_return(&self, flow: &Flow<'_>, notes: &mut Notes) {
        let point = |text: Option<&str>| text.and_then(|text| self.point(text, true));
        let (Some(from), Some(to), [_, .., last]) =
            (point(flow.from), point(flow.to), flow.legs.as_slice())
        else {
            return;
        };
        let Some(ends) = point(last.to) else { return };
        let told = flow.legs.iter().any(|leg| leg.trips.is_some());
        if told || apart(ends, from) || !apart(ends, to) {
            return;
        }
        let once = flow.return_trips.unwrap_or(1.0);
        let mut check = Check::new(
            "there-and-back",
            "The parts of the journey lead back to where it begins, and each part counts for both directions: is all of it travelled twice?",
        )
        .comparing(format!("{}/legs", flow.pointer));
        for leg in &flow.legs {
            check = check.read_as("counted once", format!("{}/trips", leg.pointer), once);
        }
        notes.check(check);
    }
}

/// A way that is told shorter than the straight line, that is long for a road, or that no railway goes.
fn check_way(
    transport: Option<Transport>,
    transport_at: &str,
    km: Option<(f64, String)>,
    ends: (Option<End<'_>>, Option<End<'_>>),
    notes: &mut Notes,
) {
    let ends = ends.0.zip(ends.1);
    if let (Some((km, at)), Some((from, to))) = (&km, &ends) {
        check_straight(*km, at, from, to, notes);
    }
    if let (Some(Transport::Train), Some((from, to))) = (transport, &ends) {
        check_railways(transport_at, from, to, notes);
    }
    check_long(transport, transport_at, km, ends, notes);
}

fn check_straight(km: f64, at: &str, from: &End<'_>, to: &End<'_>, notes: &mut Notes) {
    let (Some(one), Some(other)) = (from.at, to.at) else {
        return;
    };
    let straight = great_circle_km(one, other);
    if km >= straight.floor() || km < SHORTEST.0 * straight - SHORTEST.1 {
        return;
    }
    notes.check(
        Check::new(
            "kilometres",
            "{km} km are less than the straight line between the two places, {straight} km: is that so?",
        )
        .arg("km", km)
        .arg("straight", straight)
        .doubting(at)
        .comparing(from.pointer.clone())
        .comparing(to.pointer.clone()),
    );
}

fn check_railways(transport_at: &str, from: &End<'_>, to: &End<'_>, notes: &mut Notes) {
    let (Some(one), Some(other)) = (from.country, to.country) else {
        return;
    };
    if same_railways(one, other) {
        return;
    }
    notes.check(
        Check::new(
            "no-through-train",
            "No railway leads from {from} to {to}: do people go by train all the way?",
        )
        .arg("from", one)
        .arg("to", other)
        .doubting(transport_at)
        .comparing(from.pointer.clone())
        .comparing(to.pointer.clone()),
    );
}

/// A way that is long for a road or a ferry. Where only the countries are known, the least way between them counts: it is long whatever the towns are.
fn check_long(
    transport: Option<Transport>,
    transport_at: &str,
    km: Option<(f64, String)>,
    ends: Option<(End<'_>, End<'_>)>,
    notes: &mut Notes,
) {
    let (code, most) = match transport {
        Some(
            Transport::Coach
            | Transport::Bus
            | Transport::Car
            | Transport::CarShared
            | Transport::Taxi
            | Transport::Motorbike,
        ) => ("long-way-by-road", LONG_ROAD_KM),
        Some(Transport::Ferry) => ("long-way-by-ferry", LONG_FERRY_KM),
        _ => return,
    };
    let told = km.as_ref().map(|(km, _)| *km);
    let straight = ends
        .as_ref()
        .and_then(|(from, to)| from.km_at_least(to, notes));
    let Some(length) = told.or(straight).filter(|km| *km > most) else {
        return;
    };
    let mut check = Check::new(code, "{km} km by {transport:words}: is that so?")
        .arg("km", length.round())
        .arg("transport", transport.map_or("", Transport::name))
        .doubting(transport_at);
    check = match (km, ends) {
        (Some((_, at)), _) => check.comparing(at),
        (None, Some((from, to))) => check.comparing(from.pointer).comparing(to.pointer),
        (None, None) => check,
    };
    notes.check(check);
}

fn check_nights(flow: &Flow<'_>, notes: &mut Notes) {
    let (Some(nights), Some(weeks)) = (flow.nights, flow.weeks) else {
        return;
    };
    let possible = nights <= 7.0 * weeks + 7.0;
    if possible && (nights > 7.0 * weeks + 2.0 || nights < 3.0 * weeks) {
        notes.check(
            Check::new(
                "nights-and-weeks",
                "{nights} nights in {weeks} weeks: is that so?",
            )
            .arg("nights", nights)
            .arg("weeks", weeks)
            .doubting(format!("{}/nights", flow.pointer))
            .comparing(format!("{}/weeks", flow.pointer)),
        );
    }
}

/// Asks about an airport or a place that is far from the partner's country.
pub(crate) fn check_where(partner: &Partner<'_>, notes: &mut Notes) {
    let Some(country) = partner.country else {
        return;
    };
    let far = |point: Point| km_to_country(point, country).filter(|km| *km > ABROAD_KM);
    let airport = partner.airport.and_then(airport::find);
    if let Some(airport) = airport.filter(|airport| airport.country != country)
        && let Some(km) = far(point_of(&airport))
    {
        notes.check(
            Check::new(
                "airport-elsewhere",
                "The airport {airport} is some {km} km from {country}: is it the one people travel from or to?",
            )
            .arg("airport", partner.airport.unwrap_or_default())
            .arg("km", km.round())
            .arg("country", country)
            .doubting(format!("{}/place/airport", partner.pointer))
            .comparing(format!("{}/country", partner.pointer)),
        );
    }
    if let Some((lat, lon)) = partner.lat.zip(partner.lon)
        && let Some(km) = far(Point { lat, lon })
    {
        notes.check(
            Check::new(
                "place-elsewhere",
                "Latitude {lat}, longitude {lon} is some {km} km from the next airport of {country}: is that where the partner is?",
            )
            .arg("lat", lat)
            .arg("lon", lon)
            .arg("km", km.round())
            .arg("country", country)
            .doubting(format!("{}/place/lat", partner.pointer))
            .doubting(format!("{}/place/lon", partner.pointer))
            .comparing(format!("{}/country", partner.pointer)),
        );
    }
}
