//! The same journey by rail: whether it can be made, and what it emits.

use crate::emission;
use crate::journey::{Atlas, Hop, return_trips};
use crate::notes::Notes;
use crate::proposal::{Flow, Known, Transport, both};
use crate::reach::Reach;

/// Countries whose passenger railways are linked with each other (own list, from the map of Europe's night and
/// day trains; Great Britain through the Channel tunnel).
const LINKED: [&str; 28] = [
    "AT", "BE", "BG", "CH", "CZ", "DE", "DK", "ES", "FR", "GB", "HR", "HU", "IT", "LI", "LT", "LU",
    "LV", "MC", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "UA",
];
/// Further countries where trains run between most big towns (own list).
const WITHIN: [&str; 22] = [
    "BD", "BY", "CN", "EE", "EG", "FI", "GR", "IE", "IN", "JP", "KR", "KZ", "LK", "MA", "MY", "PK",
    "RU", "TH", "TN", "TR", "TW", "UZ",
];

/// A flow's journey by rail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ByRail {
    pub(crate) feasible: bool,
    /// kg CO2e of one person for all return journeys, where it is feasible.
    pub(crate) kg: Option<f64>,
}

impl Atlas<'_> {
    /// Whether a flow could go by rail: near enough, and between towns that trains link.
    ///
    /// `km` is the great circle. At 120 km/h and a detour of a fifth, 800 km take eight hours.
    pub(crate) fn by_rail(
        &self,
        flow: &Flow<'_>,
        km: Known<f64>,
        reach: &Known<Reach>,
        hops: &[&Hop],
        notes: &mut Notes,
    ) -> Known<ByRail> {
        let trips = 2.0 * return_trips(flow, notes);
        if !hops.is_empty() && hops.iter().all(|hop| hop.transport == Transport::Train) {
            let kg = hops
                .iter()
                .map(|hop| hop.emission.total.central * hop.trips)
                .sum();
            return Ok(ByRail {
                feasible: true,
                kg: Some(kg),
            });
        }
        if reach
            .as_ref()
            .is_ok_and(|km| km.least > self.settings.rail_limit_km)
        {
            return Ok(ByRail {
                feasible: false,
                kg: None,
            });
        }
        let (km, (from, to)) = both(km, self.countries(flow))?;
        notes.rests_on_partners(self.proposal, flow);
        if !linked(from, to) {
            return Ok(ByRail {
                feasible: false,
                kg: None,
            });
        }
        let travelled = km * self.settings.detour.rail;
        let kg = emission::rail(travelled, from, to, self.settings)
            .total
            .central
            * trips;
        Ok(ByRail {
            feasible: true,
            kg: Some(kg),
        })
    }
}

fn linked(from: &str, to: &str) -> bool {
    if from == to {
        return LINKED.contains(&from) || WITHIN.contains(&from);
    }
    LINKED.contains(&from) && LINKED.contains(&to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trains_link_mainland_europe_and_big_towns_at_home() {
        for (from, to, expected) in [
            ("FR", "DE", true),
            ("GB", "FR", true),
            ("JP", "JP", true),
            ("IN", "PK", false),
            ("KE", "KE", false),
            ("IS", "NO", false),
            ("GB", "IE", false),
        ] {
            assert_eq!(linked(from, to), expected, "{from}-{to}");
            assert_eq!(linked(to, from), expected, "{to}-{from}");
        }
    }
}
