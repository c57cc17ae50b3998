//! What cannot be true of a journey, whatever else is: complaints, each at its place.
//!
//! Tolerances are generous to honest typing: they leave room for rounded distances, for a campus some way from its
//! airport, for a night before and after the stay.

use crate::airport;
use crate::distance::{Point, great_circle_km};
use crate::journey::{Atlas, Place, place, point_of};
use crate::land::{self, mass};
use crate::notes::Notes;
use crate::proposal::{Flow, Leg, Mode, Partner, Transport};
use crate::reach::km_to_country;
use evenhand_plugin::wire::Problem;

/// A way may be this much shorter than the great circle, and this many km, before it cannot be right.
pub(crate) const SHORTEST: (f64, f64) = (0.9, 50.0);
/// Two ends of a journey that meet may be so far apart: a campus from its airport.
const TOGETHER_KM: f64 = 150.0;
/// A place so far from every airport of its country is not in that country.
pub(crate) const ABROAD_KM: f64 = 500.0;

impl Atlas<'_> {
    /// Complains of everything in a flow in person that cannot be.
    pub(crate) fn check(&self, flow: &Flow<'_>, notes: &mut Notes) {
        if flow.mode != Some(Mode::InPerson) {
            return;
        }
        check_counts(flow, notes);
        self.check_whole(flow, notes);
        for leg in &flow.legs {
            self.check_leg(flow, leg, notes);
        }
        self.check_course(flow, notes);
    }

    /// The journey as a whole, where it is not told in parts; its kilometres always.
    fn check_whole(&self, flow: &Flow<'_>, notes: &mut Notes) {
        let (from, to) = (
            self.proposal.partner(flow.from),
            self.proposal.partner(flow.to),
        );
        let air = flow.transport == Some(Transport::Plane);
        if let (Some(from), Some(to)) = (from, to)
            && let (Place::At(one, _), Place::At(other, _)) = (place(from, air), place(to, air))
            && let Some(km) = flow.km_one_way
        {
            check_km(
                format!("{}/km_one_way", flow.pointer),
                km,
                one,
                other,
                notes,
            );
        }
        let flown = air
            || flow
                .legs
                .iter()
                .any(|leg| leg.mode == Some(Transport::Plane));
        if flow.km_one_way == Some(0.0) && flown {
            notes.problem(wrong(
                format!("{}/km_one_way", flow.pointer),
                "a flight of 0 km goes nowhere".to_owned(),
                "the kilometres of the way there; leave it out where they are not known",
            ));
        }
        if flow.from.is_some() && flow.from == flow.to && (air || !flow.legs.is_empty()) {
            notes.problem(wrong(
                format!("{}/to", flow.pointer),
                format!(
                    "a journey from `{}` to itself",
                    flow.to.unwrap_or_default()
                ),
                "the id of the partner that people travel to; without `legs` and `transport: plane` where nobody travels",
            ));
        }
        if flow.legs.is_empty()
            && let (Some(from), Some(to)) = (from, to)
            && let Some(transport) = flow.transport
        {
            let ends = (mass_of(from), mass_of(to));
            check_sea(
                format!("{}/transport", flow.pointer),
                transport,
                ends,
                notes,
            );
        }
    }

    fn check_leg(&self, flow: &Flow<'_>, leg: &Leg<'_>, notes: &mut Notes) {
        let transport = leg.mode.or(flow.transport);
        let air = transport == Some(Transport::Plane);
        let ends = (
            leg.from.and_then(|text| self.point(text, air)),
            leg.to.and_then(|text| self.point(text, air)),
        );
        if let (Some(km), (Some(from), Some(to))) = (leg.km, ends) {
            check_km(format!("{}/km", leg.pointer), km, from, to, notes);
        } else if leg.km == Some(0.0) && air {
            notes.problem(wrong(
                format!("{}/km", leg.pointer),
                "a flight of 0 km goes nowhere".to_owned(),
                "the kilometres of this part; leave it out where they are not known",
            ));
        }
        if leg.trips == Some(0.0) {
            notes.problem(wrong(
                format!("{}/trips", leg.pointer),
                "a part of the journey that nobody travels".to_owned(),
                "how often one person travels it, both directions counted; or leave the part out",
            ));
        }
        if let Some(transport) = transport {
            let at = match leg.mode {
                Some(_) => format!("{}/mode", leg.pointer),
                None => format!("{}/transport", flow.pointer),
            };
            let ends = (
                leg.from.and_then(|text| self.mass_at(text)),
                leg.to.and_then(|text| self.mass_at(text)),
            );
            check_sea(at, transport, ends, notes);
        }
    }

    /// That each part begins where the one before ended, and the whole begins and ends with the partners.
    fn check_course(&self, flow: &Flow<'_>, notes: &mut Notes) {
        let point = |text: Option<&str>| text.and_then(|text| self.point(text, true));
        for (index, pair) in flow.legs.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            if let (Some(ended), Some(begins)) = (point(before.to), point(after.from))
                && apart(ended, begins)
            {
                notes.problem(wrong(
                    format!("{}/from", after.pointer),
                    format!(
                        "the journey breaks off: part {} ends at {}, this one begins at {}, {} km away",
                        index + 1,
                        before.to.unwrap_or_default(),
                        after.from.unwrap_or_default(),
                        great_circle_km(ended, begins).round()
                    ),
                    "the place where the part before ended, or a part between the two",
                ));
            }
        }
        let (from, to) = (point(flow.from), point(flow.to));
        if let (Some(first), Some(from)) = (flow.legs.first(), from)
            && let Some(begins) = point(first.from)
            && apart(begins, from)
        {
            notes.problem(elsewhere(first, "from", first.from, flow.from, "begins"));
        }
        if let (Some(last), Some(to)) = (flow.legs.last(), to)
            && let Some(ends) = point(last.to)
            && apart(ends, to)
            // There and back, written out: that is odd, and no other place.
            && from.is_none_or(|from| apart(ends, from))
        {
            notes.problem(elsewhere(last, "to", last.to, flow.to, "ends"));
        }
    }

    pub(crate) fn point(&self, text: &str, air: bool) -> Option<Point> {
        match self.proposal.partner(Some(text)) {
            Some(partner) => match place(partner, air) {
                Place::At(point, _) => Some(point),
                Place::Unknown(_) => None,
            },
            None => airport::find(text).map(|airport| point_of(&airport)),
        }
    }

    fn mass_at(&self, text: &str) -> Option<&'static str> {
        match self.proposal.partner(Some(text)) {
            Some(partner) => mass_of(partner),
            None => airport::find(text)
                .and_then(|airport| mass(airport.country, Some(point_of(&airport)))),
        }
    }
}

fn mass_of(partner: &Partner<'_>) -> Option<&'static str> {
    let point = match place(partner, false) {
        Place::At(point, _) => Some(point),
        Place::Unknown(_) => None,
    };
    mass(partner.country?, point)
}

/// Complains of a place that cannot be where the partner is.
pub(crate) fn check_place(partner: &Partner<'_>, notes: &mut Notes) {
    let (Some(lat), Some(lon)) = (partner.lat, partner.lon) else {
        return;
    };
    let at = format!("{}/place/lat", partner.pointer);
    if lat == 0.0 && lon == 0.0 {
        notes.problem(wrong(
            at,
            "0 degrees north, 0 degrees east is a point in the sea off West Africa, which stands for an empty field".to_owned(),
            "the latitude and longitude of the place; leave both out where they are not known",
        ));
        return;
    }
    let Some(country) = partner.country else {
        return;
    };
    let abroad = |lat: f64, lon: f64| {
        km_to_country(Point { lat, lon }, country).is_some_and(|km| km > ABROAD_KM)
    };
    if abroad(lat, lon) && lon.abs() <= 90.0 && !abroad(lon, lat) {
        notes.problem(Problem {
            path: at,
            message: format!(
                "latitude and longitude seem to be exchanged: {lat}, {lon} does not lie in {country}"
            ),
            expected: Some("degrees north in `lat`, degrees east in `lon`".to_owned()),
            suggestion: Some(format!("lat: {lon}, lon: {lat}")),
            value: None,
        });
    }
}

fn check_counts(flow: &Flow<'_>, notes: &mut Notes) {
    if flow.return_trips == Some(0.0) {
        notes.problem(wrong(
            format!("{}/return_trips", flow.pointer),
            "nobody travels in person without a journey there and back".to_owned(),
            "1 or more; leave it out where it is not known",
        ));
    }
    if let (Some(nights), Some(weeks)) = (flow.nights, flow.weeks)
        && nights > 7.0 * weeks + 7.0
    {
        notes.problem(wrong(
            format!("{}/nights", flow.pointer),
            format!("{nights} nights do not fit into {weeks} weeks"),
            "the nights of one person's stay",
        ));
    }
}

fn check_km(path: String, km: f64, from: Point, to: Point, notes: &mut Notes) {
    let straight = great_circle_km(from, to);
    if km < SHORTEST.0 * straight - SHORTEST.1 {
        notes.problem(wrong(
            path,
            format!(
                "{km} km are less than the straight line between the two places, {straight} km"
            ),
            "the kilometres of the way there; left out, they are worked out from the places",
        ));
    }
}

/// No train, coach or car goes over an ocean.
fn check_sea(
    path: String,
    transport: Transport,
    ends: (Option<&'static str>, Option<&'static str>),
    notes: &mut Notes,
) {
    if matches!(transport, Transport::Plane | Transport::Ferry) {
        return;
    }
    if let (Some(from), Some(to)) = ends
        && from != to
    {
        notes.problem(wrong(
            path,
            format!(
                "a {} does not go over the sea from {} to {}",
                transport.name().replace('_', " "),
                land::name(from),
                land::name(to)
            ),
            "`plane` or `ferry`, or `legs` that say how the sea is crossed",
        ));
    }
}

pub(crate) fn apart(one: Point, other: Point) -> bool {
    great_circle_km(one, other) > TOGETHER_KM
}

fn elsewhere(
    leg: &Leg<'_>,
    field: &str,
    found: Option<&str>,
    partner: Option<&str>,
    what: &str,
) -> Problem {
    let partner = partner.unwrap_or_default();
    wrong(
        format!("{}/{field}", leg.pointer),
        format!(
            "the journey {what} at {}, more than {TOGETHER_KM} km from `{partner}`",
            found.unwrap_or_default()
        ),
        "a journey from the partner in `from` to the partner in `to`, all its parts in order",
    )
}

fn wrong(path: String, message: String, expected: &str) -> Problem {
    Problem {
        path,
        message,
        expected: Some(expected.to_owned()),
        suggestion: None,
        value: None,
    }
}
