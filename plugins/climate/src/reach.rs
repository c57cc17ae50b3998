//! What a journey emits at least and at most, where the proposal leaves something open.
//!
//! Two things are bounded rather than assumed: the cabin (economy to first), and the place of an end of which only the
//! country is told (its airports with scheduled flights). Both figures are central estimates; where nothing is open they
//! are the same.

use crate::airport;
use crate::distance::{Point, great_circle_km};
use crate::journey::{Atlas, Place, place, point_of, return_trips};
use crate::notes::Notes;
use crate::proposal::{Cabin, Flow, Known, Leg, Partner, Transport, both, gap};
use std::collections::BTreeSet;

/// The least and the most that something can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reach {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Reach {
    /// A value that is known.
    pub(crate) fn exactly(value: f64) -> Self {
        Self {
            least: value,
            most: value,
        }
    }

    /// Whether least and most are one.
    #[expect(
        clippy::float_cmp,
        reason = "where nothing is open both were computed by the same steps"
    )]
    pub(crate) fn is_exact(self) -> bool {
        self.least == self.most
    }

    /// This with other ends, each computed from the end of the same name.
    pub(crate) fn map(self, of: impl Fn(f64) -> f64) -> Self {
        Self {
            least: of(self.least),
            most: of(self.most),
        }
    }
}

/// An end of a hop: a point, or anywhere in a country.
#[derive(Debug, Clone, Copy)]
enum End<'a> {
    At(Point),
    In(&'a str),
}

/// The bounds of one journey, and what would narrow them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open(BTreeSet<String>);

impl Open {
    /// Notes that the fact at this pointer would narrow the bounds.
    pub(crate) fn add(&mut self, pointer: String) {
        self.0.insert(pointer);
    }

    /// The pointers, in order.
    pub(crate) fn into_set(self) -> BTreeSet<String> {
        self.0
    }
}

impl Atlas<'_> {
    /// kg CO2e of all journeys of one person in a stay.
    pub(crate) fn reach(
        &self,
        flow: &Flow<'_>,
        open: &mut Open,
        notes: &mut Notes,
    ) -> Known<Reach> {
        if flow.legs.is_empty() {
            return self.reach_of(flow, &Leg::whole(flow), true, open, notes);
        }
        let single = flow.legs.len() == 1;
        let mut sum = Ok(Reach::exactly(0.0));
        for leg in &flow.legs {
            let hop = self.reach_of(flow, leg, single, open, notes);
            sum = both(sum, hop).map(|(sum, hop)| Reach {
                least: sum.least + hop.least,
                most: sum.most + hop.most,
            });
        }
        sum
    }

    /// km between the ends of a flow, as far as they can be told.
    pub(crate) fn km_reach(
        &self,
        flow: &Flow<'_>,
        air: bool,
        open: &mut Open,
        notes: &mut Notes,
    ) -> Known<Reach> {
        let given = format!("{}/km_one_way", flow.pointer);
        if let Some(km) = flow.km_one_way {
            notes.rests_on(given);
            return Ok(Reach::exactly(km));
        }
        let ends = (
            self.proposal.partner(flow.from),
            self.proposal.partner(flow.to),
        );
        let (Some(from), Some(to)) = ends else {
            return gap(given);
        };
        let mut end = |partner| end_of(partner, air, open, notes);
        let (from, to) = both(end(from), end(to))?;
        between(from, to, notes).map_or_else(|| gap(given), Ok)
    }

    fn reach_of(
        &self,
        flow: &Flow<'_>,
        leg: &Leg<'_>,
        single: bool,
        open: &mut Open,
        notes: &mut Notes,
    ) -> Known<Reach> {
        let Some(transport) = leg.mode.or(flow.transport) else {
            return if flow.legs.is_empty() {
                gap(format!("{}/transport", flow.pointer))
            } else {
                gap(format!("{}/mode", leg.pointer))
            };
        };
        let air = transport == Transport::Plane;
        let km = if let Some(km) = leg.km {
            Reach::exactly(km)
        } else {
            let detour = self.detour(transport);
            self.untold_km(flow, leg, single, air, open, notes)?
                .map(|km| km * detour)
        };
        let kg = |km: f64, cabin: Cabin, notes: &mut Notes| {
            self.emission(flow, leg, single, transport, km, cabin, notes)
                .map(|emission| emission.total.central)
        };
        let cabins = match leg.cabin.or(flow.cabin) {
            Some(cabin) => (cabin, cabin),
            None => (Cabin::Economy, Cabin::First),
        };
        let least = kg(km.least, cabins.0, notes)?;
        let most = kg(km.most, cabins.1, notes)?;
        if air && cabins.0 != cabins.1 {
            open.add(format!("{}/cabin", flow.pointer));
        }
        let trips = leg.trips.unwrap_or_else(|| 2.0 * return_trips(flow, notes));
        Ok(Reach { least, most }.map(|kg| kg * trips))
    }

    fn untold_km(
        &self,
        flow: &Flow<'_>,
        leg: &Leg<'_>,
        single: bool,
        air: bool,
        open: &mut Open,
        notes: &mut Notes,
    ) -> Known<Reach> {
        if let (Some(from), Some(to)) = (leg.from, leg.to) {
            let mut end = |text| match self.proposal.partner(Some(text)) {
                Some(partner) => end_of(partner, air, open, notes),
                None => match airport::find(text) {
                    Some(airport) => Ok(End::At(point_of(&airport))),
                    None => gap(format!("{}/km", leg.pointer)),
                },
            };
            let (from, to) = both(end(from), end(to))?;
            let km = between(from, to, notes);
            return km.map_or_else(|| gap(format!("{}/km", leg.pointer)), Ok);
        }
        if single {
            return self.km_reach(flow, air, open, notes);
        }
        gap(format!("{}/km", leg.pointer))
    }
}

/// Where a partner is: its point, else its country; else what to ask for.
fn end_of<'p>(
    partner: &'p Partner<'_>,
    air: bool,
    open: &mut Open,
    notes: &mut Notes,
) -> Known<End<'p>> {
    match (place(partner, air), partner.country) {
        (Place::At(point, at), _) => {
            notes.rests_on(at);
            Ok(End::At(point))
        }
        // A code that no airport has is wrong, and says nothing of where the partner is.
        (Place::Unknown(pointer), Some(country)) if partner.airport.is_none() => {
            notes.rests_on(format!("{}/country", partner.pointer));
            open.add(pointer);
            Ok(End::In(country))
        }
        (Place::Unknown(pointer), _) => gap(pointer),
    }
}

/// km between two ends, nearest and farthest; `None` where a country has no airport with scheduled flights.
fn between(from: End<'_>, to: End<'_>, notes: &mut Notes) -> Option<Reach> {
    match (from, to) {
        (End::At(from), End::At(to)) => Some(Reach::exactly(great_circle_km(from, to))),
        (End::In(from), End::In(to)) => {
            let (from, to) = if from <= to { (from, to) } else { (to, from) };
            notes.countries_apart(from, to, || {
                let points: Vec<Point> = airport::of_country(from).collect();
                extremes(&points, to)
            })
        }
        (End::At(point), End::In(country)) | (End::In(country), End::At(point)) => {
            extremes(&[point], country)
        }
    }
}

/// The least km between two ends, of which each may be known by its country only; `None` where one is not known at all.
pub(crate) fn least_km(
    from: (Option<Point>, Option<&str>),
    to: (Option<Point>, Option<&str>),
    notes: &mut Notes,
) -> Option<f64> {
    let end = |(at, country): (Option<Point>, _)| at.map(End::At).or(Option::map(country, End::In));
    Some(between(end(from)?, end(to)?, notes)?.least)
}

/// The nearest and the farthest pair of these points and the airports of a country.
fn extremes(points: &[Point], country: &str) -> Option<Reach> {
    let others: Vec<(Point, [f64; 3])> = airport::of_country(country)
        .map(|point| (point, direction(point)))
        .collect();
    let mut nearest: Option<(f64, Point, Point)> = None;
    let mut farthest: Option<(f64, Point, Point)> = None;
    for one in points {
        let [x, y, z] = direction(*one);
        for (other, [u, v, w]) in &others {
            // The cosine of the angle between them orders pairs as well as the distance does, for a fraction of the work.
            let cosine = x * u + y * v + z * w;
            if nearest.is_none_or(|(best, ..)| cosine > best) {
                nearest = Some((cosine, *one, *other));
            }
            if farthest.is_none_or(|(best, ..)| cosine < best) {
                farthest = Some((cosine, *one, *other));
            }
        }
    }
    let (nearest, farthest) = nearest.zip(farthest)?;
    Some(Reach {
        least: great_circle_km(nearest.1, nearest.2),
        most: great_circle_km(farthest.1, farthest.2),
    })
}

/// The point as a vector of length 1.
fn direction(point: Point) -> [f64; 3] {
    let (lat, lon) = (point.lat.to_radians(), point.lon.to_radians());
    let level = libm::cos(lat);
    [
        level * libm::cos(lon),
        level * libm::sin(lon),
        libm::sin(lat),
    ]
}

/// km from a point to the nearest airport of a country; `None` where it has none.
pub(crate) fn km_to_country(point: Point, country: &str) -> Option<f64> {
    extremes(&[point], country).map(|reach| reach.least)
}

/// The ratio of two sums over flows, of which the second is what people are counted by.
///
/// Each part is the weight of a flow (its people, where they are told), what to add up above and what below. With every
/// weight known the ratio is that of the sums; otherwise it lies between the smallest and the largest of any flow.
pub(crate) fn ratio(parts: &[(Option<f64>, Reach, Reach)]) -> Option<Reach> {
    let weights: Option<Vec<f64>> = parts.iter().map(|part| part.0).collect();
    if let Some(weights) = weights {
        let sum = |of: fn(&(Option<f64>, Reach, Reach)) -> f64| -> f64 {
            parts
                .iter()
                .zip(&weights)
                .map(|(part, weight)| weight * of(part))
                .sum()
        };
        let (fewest, most) = (sum(|part| part.2.least), sum(|part| part.2.most));
        return (fewest > 0.0).then(|| Reach {
            least: sum(|part| part.1.least) / most,
            most: sum(|part| part.1.most) / fewest,
        });
    }
    let each: Vec<Reach> = parts
        .iter()
        .filter(|(_, _, below)| below.least > 0.0)
        .map(|(_, above, below)| Reach {
            least: above.least / below.most,
            most: above.most / below.least,
        })
        .collect();
    let first = *each.first()?;
    Some(each.into_iter().fold(first, |all, one| Reach {
        least: all.least.min(one.least),
        most: all.most.max(one.most),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn apart(from: &str, to: &str) -> (f64, f64) {
        let mut notes = Notes::default();
        let reach = between(End::In(from), End::In(to), &mut notes).unwrap();
        assert_eq!(
            Some(reach),
            between(End::In(to), End::In(from), &mut notes),
            "{from} {to}"
        );
        (reach.least.round(), reach.most.round())
    }

    #[test]
    fn two_countries_are_as_far_apart_as_their_airports() {
        let (near, far) = apart("NL", "MW");
        assert!((7_000.0..8_000.0).contains(&near), "{near}");
        assert!(near < far && far < 8_500.0, "{far}");
        // Neighbours: hardly any way, or from one end to the other.
        let (near, far) = apart("US", "CA");
        assert!(near < 100.0 && far > 7_000.0, "{near} {far}");
        assert!(apart("MW", "MW").0 < 0.1);
    }

    #[test]
    fn a_country_without_airports_is_nowhere() {
        let mut notes = Notes::default();
        assert_eq!(between(End::In("LI"), End::In("MW"), &mut notes), None);
        assert_eq!(km_to_country(Point { lat: 0.0, lon: 0.0 }, "LI"), None);
    }

    #[test]
    fn a_ratio_needs_no_heads_where_there_is_one_flow() {
        let part = |heads, above, below| (heads, Reach::exactly(above), Reach::exactly(below));
        assert_eq!(ratio(&[part(None, 6.0, 2.0)]), Some(Reach::exactly(3.0)));
        assert_eq!(
            ratio(&[part(Some(1.0), 6.0, 2.0), part(Some(3.0), 2.0, 2.0)]),
            Some(Reach::exactly(1.5))
        );
        assert_eq!(
            ratio(&[part(None, 6.0, 2.0), part(Some(3.0), 2.0, 2.0)]),
            Some(Reach {
                least: 1.0,
                most: 3.0
            })
        );
        assert_eq!(ratio(&[part(Some(0.0), 6.0, 2.0)]), None);
        assert_eq!(ratio(&[]), None);
    }
}
