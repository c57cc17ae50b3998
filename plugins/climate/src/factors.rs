//! Emission factors: what one km, one night, one hour emits.

mod desnz;
pub(crate) mod hotel;

#[cfg(test)]
mod checks;

/// The multiplier on CO2 that the published figures "with radiative forcing" contain.
pub(crate) const PUBLISHED_MULTIPLIER: f64 = 1.7;

/// kWh per person and hour of video: all of devices, networks and data centres (IEA 2020).
pub(crate) const VIDEO_KWH_PER_HOUR: f64 = 0.077;
/// kg CO2e per person and hour of video: Klöwer (EGU 2021) as the low end, Obringer and others (2021) as the high.
pub(crate) const VIDEO_KG_PER_HOUR: (f64, f64) = (0.03, 0.15);

/// kg CO2e per passenger-km of a flight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Flight {
    /// Burning the fuel, without effects other than greenhouse gases.
    pub(crate) direct: f64,
    /// The same with contrails and other non-CO2 effects, at [`PUBLISHED_MULTIPLIER`].
    pub(crate) with_non_co2: f64,
    /// Making and bringing the fuel, as published.
    pub(crate) published_upstream: f64,
    /// The same, in keeping with the direct figure.
    pub(crate) consistent_upstream: f64,
}

impl Flight {
    /// The part of `direct` that is CO2, which the multiplier applies to.
    pub(crate) fn co2(&self) -> f64 {
        (self.with_non_co2 - self.direct) / (PUBLISHED_MULTIPLIER - 1.0)
    }
}

impl std::ops::Mul<f64> for Flight {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        Self {
            direct: self.direct * times,
            with_non_co2: self.with_non_co2 * times,
            published_upstream: self.published_upstream * times,
            consistent_upstream: self.consistent_upstream * times,
        }
    }
}

/// kg CO2e per km on land or sea.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Surface {
    /// Fuel burnt or electricity generated.
    pub(crate) direct: f64,
    /// Making and bringing fuel or electricity.
    pub(crate) upstream: f64,
}

/// Flights by length and class of seat.
#[derive(Debug)]
pub(crate) struct Flights {
    pub(crate) domestic: Flight,
    pub(crate) short: ShortHaul,
    pub(crate) long: LongHaul,
}

/// Short-haul flights, per class published.
#[derive(Debug)]
pub(crate) struct ShortHaul {
    pub(crate) average: Flight,
    pub(crate) economy: Flight,
    pub(crate) business: Flight,
}

/// Long-haul flights, per class published.
#[derive(Debug)]
pub(crate) struct LongHaul {
    pub(crate) average: Flight,
    pub(crate) economy: Flight,
    pub(crate) premium_economy: Flight,
    pub(crate) business: Flight,
    pub(crate) first: Flight,
}

/// Rail in the United Kingdom, and under the Channel.
#[derive(Debug)]
pub(crate) struct Rail {
    pub(crate) national: Surface,
    pub(crate) channel: Surface,
    pub(crate) tram: Surface,
    pub(crate) metro: Surface,
}

/// Ferries.
#[derive(Debug)]
pub(crate) struct Ferry {
    pub(crate) foot: Surface,
    pub(crate) with_car: Surface,
    pub(crate) average: Surface,
}

/// One year's factors, pinned by id.
#[derive(Debug)]
pub(crate) struct FactorSet {
    pub(crate) id: &'static str,
    /// Id of the upstream figures of flights that fit.
    pub(crate) consistent_upstream: &'static str,
    pub(crate) flights: Flights,
    pub(crate) rail: Rail,
    pub(crate) coach: Surface,
    pub(crate) bus: Surface,
    pub(crate) taxi: Surface,
    /// Per vehicle-km.
    pub(crate) car: Surface,
    /// Per vehicle-km.
    pub(crate) motorbike: Surface,
    pub(crate) ferry: Ferry,
}

/// All sets, oldest first.
pub(crate) fn sets() -> &'static [FactorSet] {
    &desnz::SETS
}

/// kg CO2e per passenger-km of rail in a country.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CountryRail {
    pub(crate) factor: Surface,
    /// The lowest and the highest published figure, as multiples of the central one.
    pub(crate) spread: (f64, f64),
    /// What to tell the reader, where the figure is not the country's own or not complete.
    pub(crate) note: Option<&'static str>,
}

/// Rail in France, ADEME Base Carbone as shipped in nosgestesclimat 3.4.0 (MIT): Intercités between TGV and TER.
const FRANCE: [f64; 3] = [0.00293, 0.00898, 0.0277];
/// Rail in the United States, EPA Emission Factors Hub 2025: the national average between the Northeast Corridor
/// and other routes; fuel burnt only.
const UNITED_STATES: [f64; 3] = [0.01433, 0.06012, 0.09345];
/// National means known elsewhere run from a fifth of the British figure (Switzerland) to 2.4 times it (United
/// States, diesel routes).
const ELSEWHERE: (f64, f64) = (0.2, 2.4);

impl FactorSet {
    /// Rail in a country (ISO 3166-1 alpha-2).
    pub(crate) fn rail_in(&self, country: &str) -> CountryRail {
        let own = |[low, central, high]: [f64; 3], note| CountryRail {
            factor: Surface {
                direct: central,
                upstream: 0.0,
            },
            spread: (low / central, high / central),
            note: Some(note),
        };
        match country {
            "GB" => CountryRail {
                factor: self.rail.national,
                spread: FLEET,
                note: None,
            },
            "FR" => own(
                FRANCE,
                "rail in France: ADEME's figure, which has upstream emissions inside",
            ),
            "US" => own(
                UNITED_STATES,
                "rail in the United States: EPA's figure, without upstream emissions",
            ),
            _ => CountryRail {
                factor: self.rail.national,
                spread: ELSEWHERE,
                note: Some(
                    "rail outside France, the United Kingdom and the United States: the British figure with a wide range",
                ),
            },
        }
    }

    /// Rail from one country to another: each country's figure for half of the way, and the Channel train's own.
    pub(crate) fn rail_between(&self, from: &str, to: &str) -> CountryRail {
        const MAINLAND: [&str; 3] = ["BE", "FR", "NL"];
        if (from == "GB" && MAINLAND.contains(&to)) || (to == "GB" && MAINLAND.contains(&from)) {
            return CountryRail {
                factor: self.rail.channel,
                spread: FLEET,
                note: None,
            };
        }
        let (one, other) = (self.rail_in(from), self.rail_in(to));
        if from == to {
            return one;
        }
        let total = |rail: CountryRail| rail.factor.direct + rail.factor.upstream;
        let sum = total(one) + total(other);
        let mean = |pick: fn(CountryRail) -> f64| {
            (pick(one) * total(one) + pick(other) * total(other)) / sum
        };
        CountryRail {
            factor: Surface {
                direct: f64::midpoint(one.factor.direct, other.factor.direct),
                upstream: f64::midpoint(one.factor.upstream, other.factor.upstream),
            },
            spread: (mean(|rail| rail.spread.0), mean(|rail| rail.spread.1)),
            note: one.note.or(other.note),
        }
    }
}

/// Fleet and load: how far a vehicle or aircraft may lie from the mean of its kind.
pub(crate) const FLEET: (f64, f64) = (0.75, 1.25);
/// How far the way travelled may lie from the distance used.
pub(crate) const ROUTE: (f64, f64) = (0.95, 1.05);
