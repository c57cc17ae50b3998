//! UK Government GHG Conversion Factors for Company Reporting (DESNZ, until 2023 DEFRA), 2024 to 2026, and the
//! upstream figures derived from them. Contains public sector information licensed under the Open Government
//! Licence v3.0.
//!
//! kg CO2e per passenger-km (per vehicle-km for car and motorbike), great-circle for flights: the uplift of 8 %
//! for detours is inside. The air tables of 2025 and 2026 are equal. The published upstream figures of flights
//! were frozen in 2024 while the direct ones fell by up to 41 %, so those of 2025 and 2026 no longer fit; the
//! derived set `DERIVED-2026` is the direct figure without non-CO2 effects times 0.2083, the ratio of 2024.

use super::{FactorSet, Ferry, Flight, Flights, LongHaul, Rail, ShortHaul, Surface};

const fn flight(direct: f64, with_non_co2: f64, published: f64, consistent: f64) -> Flight {
    Flight {
        direct,
        with_non_co2,
        published_upstream: published,
        consistent_upstream: consistent,
    }
}

const fn surface(direct: f64, upstream: f64) -> Surface {
    Surface { direct, upstream }
}

/// The sets, oldest first.
pub(crate) static SETS: [FactorSet; 3] = [
    FactorSet {
        id: "DESNZ-2024",
        consistent_upstream: "DESNZ-2024",
        flights: Flights {
            domestic: flight(0.16098, 0.27257, 0.0335, 0.0335),
            short: ShortHaul {
                average: flight(0.10974, 0.18592, 0.02286, 0.02286),
                economy: flight(0.10794, 0.18287, 0.02249, 0.02249),
                business: flight(0.16191, 0.2743, 0.03373, 0.03373),
            },
            long: LongHaul {
                average: flight(0.15423, 0.26128, 0.03213, 0.03213),
                economy: flight(0.11812, 0.20011, 0.02461, 0.02461),
                premium_economy: flight(0.18897, 0.32015, 0.03937, 0.03937),
                business: flight(0.34252, 0.58028, 0.07137, 0.07137),
                first: flight(0.47246, 0.8004, 0.09844, 0.09844),
            },
        },
        rail: Rail {
            national: surface(0.03546, 0.00897),
            channel: surface(0.00446, 0.00117),
            tram: surface(0.0286, 0.00749),
            metro: surface(0.0278, 0.00728),
        },
        coach: surface(0.02717, 0.00656),
        bus: surface(0.10846, 0.02649),
        taxi: surface(0.14861, 0.03697),
        car: surface(0.16691, 0.04399),
        motorbike: surface(0.11367, 0.02956),
        ferry: FERRY,
    },
    FactorSet {
        id: "DESNZ-2025",
        consistent_upstream: "DERIVED-2026",
        flights: FLIGHTS_2025,
        rail: Rail {
            national: surface(0.03546, 0.00897),
            channel: surface(0.00446, 0.00117),
            tram: surface(0.0286, 0.00749),
            metro: surface(0.0278, 0.00728),
        },
        coach: surface(0.02776, 0.00656),
        bus: surface(0.10385, 0.02649),
        taxi: surface(0.14861, 0.03697),
        car: surface(0.16725, 0.04399),
        motorbike: surface(0.11367, 0.02956),
        ferry: FERRY,
    },
    FactorSet {
        id: "DESNZ-2026",
        consistent_upstream: "DERIVED-2026",
        flights: FLIGHTS_2025,
        rail: Rail {
            national: surface(0.03092, 0.00897),
            channel: surface(0.01135, 0.00117),
            tram: surface(0.02121, 0.00749),
            metro: surface(0.01549, 0.00728),
        },
        coach: surface(0.03948, 0.00656),
        bus: surface(0.10151, 0.02649),
        taxi: surface(0.14861, 0.03697),
        car: surface(0.16591, 0.04399),
        motorbike: surface(0.11367, 0.02956),
        ferry: FERRY,
    },
];

const FLIGHTS_2025: Flights = Flights {
    domestic: flight(0.13552, 0.22928, 0.0335, 0.02823),
    short: ShortHaul {
        average: flight(0.07559, 0.12786, 0.02286, 0.01575),
        economy: flight(0.07435, 0.12576, 0.02249, 0.01549),
        business: flight(0.11152, 0.18863, 0.03373, 0.02323),
    },
    long: LongHaul {
        average: flight(0.09043, 0.15282, 0.03213, 0.01884),
        economy: flight(0.06926, 0.11704, 0.02461, 0.01443),
        premium_economy: flight(0.11081, 0.18726, 0.03937, 0.02308),
        business: flight(0.20083, 0.3394, 0.07137, 0.04183),
        first: flight(0.27701, 0.46814, 0.09844, 0.0577),
    },
};

const FERRY: Ferry = Ferry {
    foot: surface(0.01871, 0.00424),
    with_car: surface(0.12933, 0.02932),
    average: surface(0.1127, 0.02555),
};
