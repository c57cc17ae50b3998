//! What one hop emits: ranges, their parts, and the choice of factor.

use crate::factors::{self, FLEET, FactorSet, Flight, ROUTE, Surface};
use crate::proposal::{Cabin, Transport};
use crate::settings::{Settings, Upstream};
use std::ops::{Add, Mul};

/// A low, a central and a high figure of one quantity.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) central: f64,
    pub(crate) high: f64,
}

impl Add for Range {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            central: self.central + other.central,
            high: self.high + other.high,
        }
    }
}

impl Mul<f64> for Range {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        Self {
            low: self.low * times,
            central: self.central * times,
            high: self.high * times,
        }
    }
}

/// An emission with the parts of its central figure: `total.central = co2 + non_co2 + upstream`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Emission {
    pub(crate) total: Range,
    /// Direct greenhouse gases (CO2, with the little methane and nitrous oxide that comes with it).
    pub(crate) co2: f64,
    /// Contrails and other effects of flying that are not greenhouse gases.
    pub(crate) non_co2: f64,
    /// Making and bringing fuel or electricity.
    pub(crate) upstream: f64,
}

impl Add for Emission {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            co2: self.co2 + other.co2,
            non_co2: self.non_co2 + other.non_co2,
            upstream: self.upstream + other.upstream,
        }
    }
}

impl Mul<f64> for Emission {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        Self {
            total: self.total * times,
            co2: self.co2 * times,
            non_co2: self.non_co2 * times,
            upstream: self.upstream * times,
        }
    }
}

/// Length of a flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Haul {
    Domestic,
    Short,
    Long,
}

impl Haul {
    /// By distance, since the official split (by country, seen from the United Kingdom) says nothing elsewhere.
    pub(crate) fn of(km: f64, settings: &Settings) -> Self {
        if km < settings.haul_limits_km.domestic {
            Self::Domestic
        } else if km < settings.haul_limits_km.short {
            Self::Short
        } else {
            Self::Long
        }
    }

    /// Its word in the facts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Domestic => "domestic",
            Self::Short => "short",
            Self::Long => "long",
        }
    }
}

/// kg CO2e of one passenger on a flight of `km` (great circle), one way.
pub(crate) fn flight(km: f64, cabin: Cabin, settings: &Settings) -> Emission {
    let factor = flight_factor(Haul::of(km, settings), cabin, settings.factors);
    let upstream = km
        * match settings.wtt {
            Upstream::Consistent => factor.consistent_upstream,
            Upstream::Published => factor.published_upstream,
            Upstream::None => 0.0,
        };
    let direct = km * factor.direct;
    let carbon = km * factor.co2();
    let with = |multiplier: f64| direct + (multiplier - 1.0) * carbon + upstream;
    Emission {
        total: Range {
            low: with(settings.rf.low) * FLEET.0 * ROUTE.0,
            central: with(settings.rf.central),
            high: with(settings.rf.high) * FLEET.1 * ROUTE.1,
        },
        co2: direct,
        non_co2: (settings.rf.central - 1.0) * carbon,
        upstream,
    }
}

/// No class is published for domestic flights, and only economy and business for short ones.
fn flight_factor(haul: Haul, cabin: Cabin, set: &FactorSet) -> Flight {
    let flights = &set.flights;
    match (haul, cabin) {
        (Haul::Domestic, _) => flights.domestic,
        (Haul::Short, Cabin::Economy) => flights.short.economy,
        (Haul::Short, Cabin::Average | Cabin::PremiumEconomy) => flights.short.average,
        (Haul::Short, Cabin::Business | Cabin::First) => flights.short.business,
        (Haul::Long, Cabin::Economy) => flights.long.economy,
        (Haul::Long, Cabin::Average) => flights.long.average,
        (Haul::Long, Cabin::PremiumEconomy) => flights.long.premium_economy,
        (Haul::Long, Cabin::Business) => flights.long.business,
        (Haul::Long, Cabin::First) => flights.long.first,
    }
}

/// kg CO2e of one passenger on a train over `km` of track between two countries.
pub(crate) fn rail(km: f64, from: &str, to: &str, settings: &Settings) -> Emission {
    let rail = settings.factors.rail_between(from, to);
    surface(km, rail.factor, rail.spread, settings)
}

/// Passengers that the published figure for taxis reckons with [from memory of the methodology paper].
const TAXI_OCCUPANCY: f64 = 1.4;

/// kg CO2e of one passenger over `km` on land or sea, other than by train; `None` for planes and trains.
pub(crate) fn road_or_sea(
    km: f64,
    transport: Transport,
    occupants: Option<f64>,
    settings: &Settings,
) -> Option<Emission> {
    let set = settings.factors;
    let emission = |factor| surface(km, factor, FLEET, settings);
    Some(match transport {
        Transport::Plane | Transport::Train => return None,
        Transport::Tram => emission(set.rail.tram),
        Transport::Metro => emission(set.rail.metro),
        // The published figure rose by 42 % when a mistaken occupancy was corrected: a sign of how sure it is.
        Transport::Coach => surface(km, set.coach, (0.6, 1.4), settings),
        Transport::Bus => emission(set.bus),
        Transport::Taxi => {
            emission(set.taxi) * occupants.map_or(1.0, |occupants| TAXI_OCCUPANCY / occupants)
        }
        Transport::Car => emission(set.car) * (1.0 / occupants.unwrap_or(1.0)),
        Transport::CarShared => {
            emission(set.car) * (1.0 / occupants.unwrap_or(settings.car_shared_occupants))
        }
        Transport::Motorbike => emission(set.motorbike) * (1.0 / occupants.unwrap_or(1.0)),
        Transport::Ferry => {
            let total = |factor: Surface| factor.direct + factor.upstream;
            let mean = total(set.ferry.average);
            let spread = (
                total(set.ferry.foot) / mean,
                total(set.ferry.with_car) / mean,
            );
            surface(km, set.ferry.average, spread, settings)
        }
    })
}

fn surface(km: f64, factor: Surface, spread: (f64, f64), settings: &Settings) -> Emission {
    let co2 = km * factor.direct;
    let upstream = if settings.wtt == Upstream::None {
        0.0
    } else {
        km * factor.upstream
    };
    let central = co2 + upstream;
    Emission {
        total: Range {
            low: central * spread.0 * ROUTE.0,
            central,
            high: central * spread.1 * ROUTE.1,
        },
        co2,
        non_co2: 0.0,
        upstream,
    }
}

/// kg CO2e of one person for `hours` of video where electricity emits `intensity` g CO2e per kWh.
pub(crate) fn video(hours: f64, intensity: f64) -> Range {
    let central = factors::VIDEO_KWH_PER_HOUR * intensity / 1000.0;
    let (low, high) = factors::VIDEO_KG_PER_HOUR;
    Range {
        low: central.min(low),
        central,
        high: central.max(high),
    } * hours
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings() -> Settings {
        Settings::parse(&json!({})).unwrap()
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-6 * expected.abs().max(1.0),
            "{found} != {expected}"
        );
    }

    #[test]
    fn a_long_flight_by_hand() {
        let emission = flight(10_000.0, Cabin::Economy, &settings());
        near(emission.co2, 692.6);
        near(emission.non_co2, 477.8);
        near(emission.upstream, 144.3);
        near(emission.total.central, 1314.7);
        near(emission.total.low, (692.6 + 144.3) * 0.75 * 0.95);
        near(
            emission.total.high,
            (692.6 + 2.0 * 477.8 / 0.7 + 144.3) * 1.25 * 1.05,
        );
    }

    #[test]
    fn the_multiplier_leaves_upstream_and_ground_alone() {
        let plain =
            Settings::parse(&json!({ "rf": { "low": 1, "central": 1, "high": 1 } })).unwrap();
        let emission = flight(10_000.0, Cabin::Economy, &plain);
        near(emission.non_co2, 0.0);
        near(emission.total.central, 692.6 + 144.3);
        for transport in [Transport::Coach, Transport::Car, Transport::Ferry] {
            assert_eq!(
                road_or_sea(500.0, transport, None, &plain),
                road_or_sea(500.0, transport, None, &settings())
            );
        }
    }

    #[test]
    fn upstream_can_be_published_or_left_out() {
        let published = Settings::parse(&json!({ "wtt": "published" })).unwrap();
        near(flight(10_000.0, Cabin::Economy, &published).upstream, 246.1);
        let none = Settings::parse(&json!({ "wtt": "none" })).unwrap();
        near(flight(10_000.0, Cabin::Economy, &none).upstream, 0.0);
        near(rail(100.0, "GB", "GB", &none).total.central, 3.092);
    }

    #[test]
    fn the_limits_of_haul_belong_to_the_longer_kind() {
        let settings = settings();
        for (km, haul) in [
            (699.9, Haul::Domestic),
            (700.0, Haul::Short),
            (3699.9, Haul::Short),
            (3700.0, Haul::Long),
        ] {
            assert_eq!(Haul::of(km, &settings), haul, "{km}");
        }
    }

    #[test]
    fn better_seats_never_emit_less() {
        let settings = settings();
        let cabins = [
            Cabin::Economy,
            Cabin::PremiumEconomy,
            Cabin::Business,
            Cabin::First,
        ];
        for km in [500.0, 2000.0, 8000.0] {
            let kg: Vec<f64> = cabins
                .iter()
                .map(|cabin| flight(km, *cabin, &settings).total.central)
                .collect();
            assert!(kg.windows(2).all(|pair| pair[0] <= pair[1]), "{km}: {kg:?}");
        }
    }

    #[test]
    fn every_range_is_in_order() {
        let settings = settings();
        let mut all = vec![
            flight(500.0, Cabin::Economy, &settings),
            rail(500.0, "DE", "DE", &settings),
            rail(500.0, "FR", "DE", &settings),
            rail(500.0, "US", "US", &settings),
        ];
        for transport in [
            Transport::Coach,
            Transport::Taxi,
            Transport::Car,
            Transport::Ferry,
        ] {
            all.extend(road_or_sea(500.0, transport, None, &settings));
        }
        assert_eq!(all.len(), 8);
        for emission in all {
            let Range { low, central, high } = emission.total;
            assert!(0.0 < low && low < central && central < high, "{emission:?}");
            near(emission.co2 + emission.non_co2 + emission.upstream, central);
        }
    }

    #[test]
    fn a_car_is_shared_among_its_occupants() {
        let settings = settings();
        let alone = road_or_sea(600.0, Transport::Car, None, &settings)
            .unwrap()
            .total
            .central;
        let three = road_or_sea(600.0, Transport::Car, Some(3.0), &settings)
            .unwrap()
            .total
            .central;
        near(alone, 600.0 * 0.2099);
        near(three, alone / 3.0);
        let shared = road_or_sea(600.0, Transport::CarShared, None, &settings).unwrap();
        near(shared.total.central, three);
    }
}
