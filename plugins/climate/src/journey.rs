//! A flow's journey: its hops, how long they are, and what each emits.

use crate::airport::{self, Airport, Hint};
use crate::distance::{Point, great_circle_km};
use crate::emission::{self, Emission};
use crate::notes::Notes;
use crate::proposal::{Cabin, Flow, Gaps, Known, Leg, Partner, Proposal, Transport, both, gap};
use crate::settings::Settings;
use evenhand_plugin::Value;
use evenhand_plugin::wire::Problem;

/// One hop, one way, for one person.
#[derive(Debug)]
pub(crate) struct Hop {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) transport: Transport,
    pub(crate) cabin: Cabin,
    /// As travelled: with the detour, where only the great circle was known.
    pub(crate) km: f64,
    /// How often one person travels it in one stay, each direction counted.
    pub(crate) trips: f64,
    /// kg CO2e of one trip.
    pub(crate) emission: Emission,
}

/// What journeys are reckoned with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atlas<'a> {
    pub(crate) proposal: &'a Proposal<'a>,
    pub(crate) settings: &'a Settings,
}

/// A distance, and whether it is the way travelled or the great circle.
#[derive(Debug, Clone, Copy)]
struct Way {
    km: f64,
    travelled: bool,
}

impl Atlas<'_> {
    /// The hops of a flow, in order: its legs, or the one journey it describes.
    pub(crate) fn hops(&self, flow: &Flow<'_>, notes: &mut Notes) -> Vec<Known<Hop>> {
        if flow.legs.is_empty() {
            return vec![self.whole_journey(flow, notes)];
        }
        let single = flow.legs.len() == 1;
        flow.legs
            .iter()
            .map(|leg| self.hop(flow, leg, single, notes))
            .collect()
    }

    fn whole_journey(&self, flow: &Flow<'_>, notes: &mut Notes) -> Known<Hop> {
        self.hop(flow, &Leg::whole(flow), true, notes)
    }

    fn hop(&self, flow: &Flow<'_>, leg: &Leg<'_>, single: bool, notes: &mut Notes) -> Known<Hop> {
        let transport = match (leg.mode, flow.transport) {
            (Some(mode), _) => {
                notes.rests_on(format!("{}/mode", leg.pointer));
                Ok(mode)
            }
            (None, Some(transport)) => {
                notes.rests_on(format!("{}/transport", flow.pointer));
                Ok(transport)
            }
            (None, None) if flow.legs.is_empty() => gap(format!("{}/transport", flow.pointer)),
            (None, None) => gap(format!("{}/mode", leg.pointer)),
        };
        let air = matches!(transport, Ok(Transport::Plane) | Err(_));
        let way = self.way(flow, leg, single, air, notes);
        let (transport, way) = both(transport, way)?;
        let km = self.travelled_km(way, transport, notes);
        let cabin = cabin(flow, leg, transport, notes);
        Ok(Hop {
            from: leg.from.or(flow.from).unwrap_or_default().to_owned(),
            to: leg.to.or(flow.to).unwrap_or_default().to_owned(),
            transport,
            cabin,
            km,
            trips: trips(flow, leg, notes),
            emission: self.emission(flow, leg, single, transport, km, cabin, notes)?,
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one hop's worth of facts, used here alone"
    )]
    pub(crate) fn emission(
        &self,
        flow: &Flow<'_>,
        leg: &Leg<'_>,
        single: bool,
        transport: Transport,
        km: f64,
        cabin: Cabin,
        notes: &mut Notes,
    ) -> Known<Emission> {
        match transport {
            Transport::Plane => return Ok(emission::flight(km, cabin, self.settings)),
            Transport::Train => {
                let (from, to) = self.rail_countries(flow, leg, single, notes)?;
                if let Some(note) = self.settings.factors.rail_between(from, to).note {
                    notes.assume(note);
                }
                return Ok(emission::rail(km, from, to, self.settings));
            }
            Transport::Tram | Transport::Metro => {
                notes.assume("tram and metro: the British figure");
            }
            Transport::CarShared if leg.occupants.is_none() => notes.assume(&format!(
                "shared car: {} people, where nobody says how many",
                self.settings.car_shared_occupants
            )),
            Transport::Car if leg.occupants.is_none() => {
                notes.assume("car: one person, where nobody says how many");
            }
            _ => {}
        }
        if leg.occupants.is_some() {
            notes.rests_on(format!("{}/occupants", leg.pointer));
        }
        let emission = emission::road_or_sea(km, transport, leg.occupants, self.settings);
        Ok(emission.unwrap_or_default())
    }

    /// How many times the great circle a way is, where only that is known.
    pub(crate) fn detour(&self, transport: Transport) -> f64 {
        let detour = self.settings.detour;
        match transport {
            Transport::Plane => 1.0,
            Transport::Train | Transport::Tram | Transport::Metro => detour.rail,
            Transport::Ferry => detour.sea,
            _ => detour.road,
        }
    }

    fn travelled_km(&self, way: Way, transport: Transport, notes: &mut Notes) -> f64 {
        if transport == Transport::Plane || way.travelled {
            return way.km;
        }
        let factor = self.detour(transport);
        let kind = match transport {
            Transport::Train | Transport::Tram | Transport::Metro => "rail",
            Transport::Ferry => "sea",
            _ => "road",
        };
        notes.assume(&format!(
            "detour: the way by {kind} is {factor} times the great circle, where only that is known"
        ));
        way.km * factor
    }

    fn way(
        &self,
        flow: &Flow<'_>,
        leg: &Leg<'_>,
        single: bool,
        air: bool,
        notes: &mut Notes,
    ) -> Known<Way> {
        if let Some(km) = leg.km {
            notes.rests_on(format!("{}/km", leg.pointer));
            return Ok(Way {
                km,
                travelled: true,
            });
        }
        if let (Some(from), Some(to)) = (leg.from, leg.to) {
            let from = self.leg_end(leg, "from", from, air, notes);
            let to = self.leg_end(leg, "to", to, air, notes);
            let (from, to) = both(from, to)?;
            return Ok(Way {
                km: great_circle_km(from, to),
                travelled: false,
            });
        }
        if single {
            let km = self.great_circle(flow, air, notes)?;
            return Ok(Way {
                km,
                travelled: false,
            });
        }
        gap(format!("{}/km", leg.pointer))
    }

    /// The point a leg begins or ends at: a partner's place, or an airport.
    fn leg_end(
        &self,
        leg: &Leg<'_>,
        field: &str,
        text: &str,
        air: bool,
        notes: &mut Notes,
    ) -> Known<Point> {
        let pointer = format!("{}/{field}", leg.pointer);
        if let Some(partner) = self.proposal.partner(Some(text)) {
            return match place(partner, air) {
                Place::At(point, at) => {
                    notes.rests_on(pointer);
                    notes.rests_on(at);
                    Ok(point)
                }
                Place::Unknown(_) => gap(format!("{}/km", leg.pointer)),
            };
        }
        if let Some(airport) = airport::find(text) {
            notes.rests_on(pointer);
            return Ok(point_of(&airport));
        }
        let code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if air || code {
            notes.problem(unknown_airport(pointer, text, Hint::default()));
        }
        gap(format!("{}/km", leg.pointer))
    }

    /// The great circle of a flow in km: as given, else between the partners' places.
    pub(crate) fn great_circle(&self, flow: &Flow<'_>, air: bool, notes: &mut Notes) -> Known<f64> {
        let given = format!("{}/km_one_way", flow.pointer);
        if let Some(km) = flow.km_one_way {
            notes.rests_on(given);
            return Ok(km);
        }
        let ends = (
            self.proposal.partner(flow.from),
            self.proposal.partner(flow.to),
        );
        let (Some(from), Some(to)) = ends else {
            return gap(given);
        };
        match (place(from, air), place(to, air)) {
            (Place::At(one, at), Place::At(other, and)) => {
                for end in ["from", "to"] {
                    notes.rests_on(format!("{}/{end}", flow.pointer));
                }
                notes.rests_on(at);
                notes.rests_on(and);
                Ok(great_circle_km(one, other))
            }
            // One place is known: the other is asked for. None is: the distance is the shorter question.
            (Place::At(..), Place::Unknown(pointer)) | (Place::Unknown(pointer), Place::At(..)) => {
                gap(pointer)
            }
            (Place::Unknown(_), Place::Unknown(_)) => gap(given),
        }
    }

    /// The countries a train runs in. Figures differ by a factor of 25, so none is assumed.
    fn rail_countries<'c>(
        &'c self,
        flow: &Flow<'c>,
        leg: &Leg<'c>,
        single: bool,
        notes: &mut Notes,
    ) -> Known<(&'c str, &'c str)> {
        let named = format!("{}/country", leg.pointer);
        if let Some(country) = leg.country {
            notes.rests_on(named);
            return Ok((country, country));
        }
        if let (Some(from), Some(to)) = (leg.from, leg.to)
            && let (Some(from), Some(to)) = (self.country_at(from), self.country_at(to))
        {
            return Ok((from, to));
        }
        if !single || leg.from.is_some() || leg.to.is_some() {
            return gap(named);
        }
        let (from, to) = self.countries(flow)?;
        notes.rests_on_partners(self.proposal, flow);
        if from != to {
            notes.assume("train: half of the way in each of the two partners' countries");
        }
        Ok((from, to))
    }

    fn country_at(&self, text: &str) -> Option<&str> {
        match self.proposal.partner(Some(text)) {
            Some(partner) => partner.country,
            None => airport::find(text).map(|airport| airport.country),
        }
    }

    /// The countries of a flow's two partners.
    pub(crate) fn countries(&self, flow: &Flow<'_>) -> Known<(&str, &str)> {
        let country = |id, field: &str| match self.proposal.partner(id) {
            None => gap(format!("{}/{field}", flow.pointer)),
            Some(partner) => partner
                .country
                .ok_or_else(|| Gaps::from([format!("{}/country", partner.pointer)])),
        };
        both(country(flow.from, "from"), country(flow.to, "to"))
    }
}

fn cabin(flow: &Flow<'_>, leg: &Leg<'_>, transport: Transport, notes: &mut Notes) -> Cabin {
    if transport != Transport::Plane {
        return Cabin::Economy;
    }
    match (leg.cabin, flow.cabin) {
        (Some(cabin), _) => {
            notes.rests_on(format!("{}/cabin", leg.pointer));
            cabin
        }
        (None, Some(cabin)) => {
            notes.rests_on(format!("{}/cabin", flow.pointer));
            cabin
        }
        (None, None) => {
            notes.assume("cabin: economy, where nobody says which");
            Cabin::Economy
        }
    }
}

fn trips(flow: &Flow<'_>, leg: &Leg<'_>, notes: &mut Notes) -> f64 {
    if let Some(trips) = leg.trips {
        notes.rests_on(format!("{}/trips", leg.pointer));
        return trips;
    }
    2.0 * return_trips(flow, notes)
}

/// Return journeys of one person in one stay.
pub(crate) fn return_trips(flow: &Flow<'_>, notes: &mut Notes) -> f64 {
    if let Some(trips) = flow.return_trips {
        notes.rests_on(format!("{}/return_trips", flow.pointer));
        return trips;
    }
    notes.assume("return journeys: one in a stay, where nobody says how many");
    1.0
}

/// A partner's place: the point and where it is written, or where it should be.
pub(crate) enum Place {
    At(Point, String),
    Unknown(String),
}

/// Flights begin at the airport, journeys on the ground at the place itself; the other serves where one is missing.
pub(crate) fn place(partner: &Partner<'_>, air: bool) -> Place {
    let pointer = format!("{}/place/airport", partner.pointer);
    let airport = partner
        .airport
        .and_then(airport::find)
        .map(|airport| point_of(&airport));
    let spot = partner
        .lat
        .zip(partner.lon)
        .map(|(lat, lon)| Point { lat, lon });
    match (airport, spot) {
        (Some(airport), None) => Place::At(airport, pointer),
        (Some(airport), Some(_)) if air => Place::At(airport, pointer),
        (_, Some(spot)) => Place::At(spot, format!("{}/place", partner.pointer)),
        (None, None) => Place::Unknown(pointer),
    }
}

pub(crate) fn point_of(airport: &Airport) -> Point {
    Point {
        lat: airport.lat,
        lon: airport.lon,
    }
}

/// The problem of a code that no airport has.
pub(crate) fn unknown_airport(path: String, code: &str, hint: Hint<'_>) -> Problem {
    let meant = airport::meant(code, hint);
    Problem {
        path,
        message: unknown_airport_message(code),
        expected: Some(
            "the three-letter IATA code of an airport with scheduled flights".to_owned(),
        ),
        suggestion: airport::in_words(&meant),
        value: match meant.as_slice() {
            [one] => Some(Value::from(one.iata)),
            _ => None,
        },
    }
}

/// The sentence for a code that no airport has.
pub(crate) fn unknown_airport_message(code: &str) -> String {
    let shown: String = code.chars().take(40).collect();
    let more = if code.chars().nth(40).is_some() {
        "…"
    } else {
        ""
    };
    format!("`{shown}{more}` is not an airport we know")
}
