//! "Did you mean": the airport that somebody who wrote an unknown code had in mind.

use super::{Airport, all, find};

/// Codes of cities with several airports, which booking sites show beside airports, and the main airport of each.
const CITIES: [(&str, &str); 20] = [
    ("BJS", "PEK"),
    ("BUE", "EZE"),
    ("BUH", "OTP"),
    ("CHI", "ORD"),
    ("JKT", "CGK"),
    ("LON", "LHR"),
    ("MIL", "MXP"),
    ("MOW", "SVO"),
    ("NYC", "JFK"),
    ("OSA", "KIX"),
    ("PAR", "CDG"),
    ("RIO", "GIG"),
    ("ROM", "FCO"),
    ("SAO", "GRU"),
    ("SEL", "ICN"),
    ("STO", "ARN"),
    ("TYO", "HND"),
    ("WAS", "IAD"),
    ("YMQ", "YUL"),
    ("YTO", "YYZ"),
];

/// Names at least this alike (Jaro-Winkler) are taken for the same.
const ALIKE: f64 = 0.88;
/// Nobody writes an airport with more characters; longer text is not compared.
const LONGEST: usize = 64;

/// What else is known of the place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hint<'a> {
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<&'a str>,
    /// Town as written in the proposal.
    pub(crate) city: Option<&'a str>,
}

/// The airport most likely meant by `typed`; `None` if nothing comes near.
///
/// A code one slip away counts, the name of a town or an airport in its place, the code of a city;
/// among several, one in the same country and town, then the larger.
pub(crate) fn nearest(typed: &str, hint: Hint<'_>) -> Option<Airport> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST {
        return None;
    }
    let code = typed.to_ascii_uppercase();
    if let Some((_, airport)) = CITIES.iter().find(|(city, _)| *city == code) {
        return find(airport);
    }
    let name = (code.chars().count() > 3).then(|| typed.to_lowercase());
    let city = hint
        .city
        .filter(|city| city.chars().count() <= LONGEST)
        .map(str::to_lowercase);
    all()
        .filter_map(|airport| {
            let in_country = hint.country == Some(airport.country);
            let in_town = city
                .as_deref()
                .is_some_and(|city| alike(city, airport.city));
            let named = name
                .as_deref()
                .is_some_and(|name| alike(name, airport.city) || alike(name, &airport.name()));
            let slip = strsim::osa_distance(&code, airport.iata) <= 1;
            let same_town = in_town && (in_country || hint.country.is_none());
            (slip || named || same_town).then_some((
                (!in_country, !(in_town || named), !slip, airport.rank()),
                airport,
            ))
        })
        .min_by_key(|(order, airport)| (*order, airport.iata))
        .map(|(_, airport)| airport)
}

fn alike(typed: &str, known: &str) -> bool {
    !known.is_empty() && strsim::jaro_winkler(typed, &known.to_lowercase()) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, country: Option<&str>, city: Option<&str>, expected: Option<&str>) {
        let airport = nearest(typed, Hint { country, city });
        assert_eq!(airport.map(|airport| airport.iata), expected, "{typed}");
    }

    #[test]
    fn a_slip_is_mended_in_the_country_of_the_partner() {
        check("NBI", Some("KE"), None, Some("NBO"));
        check("BNO", Some("KE"), Some("Nairobi"), Some("NBO"));
        check("KGI", Some("RW"), None, Some("KGL"));
    }

    #[test]
    fn a_closed_airport_leads_to_the_one_of_the_town() {
        check("TXL", Some("DE"), Some("Berlin"), Some("BER"));
    }

    #[test]
    fn the_name_of_a_town_leads_to_its_airport() {
        check("Nairobi", None, None, Some("NBO"));
        check("Reykjavík", None, None, Some("KEF"));
        check("LON", None, None, Some("LHR"));
    }

    #[test]
    fn what_comes_near_nothing_gets_no_suggestion() {
        check("", None, None, None);
        check("内罗毕", None, None, None);
        check(&"A".repeat(1_000_000), None, None, None);
        check("QQQQQQQQ", None, None, None);
    }

    #[test]
    fn every_city_code_leads_to_a_known_airport_and_is_none_itself() {
        for (city, airport) in CITIES {
            assert!(find(airport).is_some(), "{airport}");
            assert_eq!(find(city), None, "{city}");
        }
    }
}
