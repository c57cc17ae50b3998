//! "Did you mean": the airport that somebody who wrote something else had in mind. Right or absent: three letters that
//! are no code are never taken for three others, and an airport far from the partner's country is none of its own.

use super::{Airport, KNOWN, find};
use crate::distance::Point;
use crate::reach::km_to_country;
use crate::table;
use std::collections::BTreeSet;

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

/// Codes that went out of use, or are a second name, and the airport that passengers use now.
const RETIRED: [(&str, &str); 13] = [
    ("DKR", "DSS"), // Dakar, new airport of 2017
    ("EAP", "BSL"), // EuroAirport, its third code
    ("ETH", "ETM"), // Eilat, moved in 2019
    ("FBU", "OSL"), // Oslo Fornebu, closed in 1998
    ("GSE", "GOT"), // Gothenburg City, closed to airlines in 2015
    ("MLH", "BSL"), // EuroAirport, its French code
    ("NAY", "PKX"), // Beijing Nanyuan, closed in 2019
    ("NIC", "LCA"), // Nicosia, closed in 1974
    ("SXF", "BER"), // Berlin Schönefeld, part of BER since 2020
    ("THF", "BER"), // Berlin Tempelhof, closed in 2008
    ("TSE", "NQZ"), // Astana, renamed in 2020
    ("TXL", "BER"), // Berlin Tegel, closed in 2020
    ("VDA", "ETM"), // Ovda, closed to airlines in 2019
];

/// Four-letter ICAO indicators and the IATA codes of the same airports; see `data/README.md`.
const ICAO: &str = include_str!("../../data/icao.csv");

/// An airport this far from every airport of the partner's country is not one of its travellers' airports.
const ABROAD_KM: f64 = 500.0;
/// Nobody writes an airport with more characters; longer text is not compared.
const LONGEST: usize = 64;
/// As many airports of one town are named; where there are more, none is.
const MOST: usize = 4;

/// What else is known of the place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hint<'a> {
    /// ISO 3166-1 alpha-2.
    pub(crate) country: Option<&'a str>,
    /// Town as written in the proposal.
    pub(crate) city: Option<&'a str>,
}

/// The airports that can be meant by `typed`: one, or a few of one town, or none.
///
/// In this order: the code of a city, a code that went out of use, an ICAO indicator, the name of a town or an airport;
/// last, for a code that is none, the airports of the town that the proposal names.
pub(crate) fn meant(typed: &str, hint: Hint<'_>) -> Vec<Airport> {
    let typed = typed.trim();
    if typed.chars().count() > LONGEST {
        return Vec::new();
    }
    let code = typed.to_ascii_uppercase();
    if let Some(airport) = by_code(&code) {
        return if is_near(&airport, hint.country) {
            vec![airport]
        } else {
            Vec::new()
        };
    }
    let named = if code.chars().count() > 3 {
        by_name(typed, hint)
    } else {
        Vec::new()
    };
    if !named.is_empty() {
        return named;
    }
    hint.city
        .filter(|city| city.chars().count() <= LONGEST)
        .map_or_else(Vec::new, |city| by_name(city, hint))
}

/// In words: the airports with their names, the last after "or".
pub(crate) fn in_words(airports: &[Airport]) -> Option<String> {
    let labels: Vec<String> = airports.iter().map(Airport::label).collect();
    let (last, rest) = labels.split_last()?;
    Some(if rest.is_empty() {
        last.clone()
    } else {
        format!("{} or {last}", rest.join(", "))
    })
}

/// By the code of a city, one out of use, or the indicator of ICAO.
fn by_code(code: &str) -> Option<Airport> {
    let other = CITIES.iter().chain(&RETIRED).find(|(own, _)| *own == code);
    if let Some((_, airport)) = other {
        return find(airport);
    }
    if code.len() != 4 {
        return None;
    }
    if let Some(row) = table::find(ICAO, code) {
        return table::fields(row).nth(1).and_then(find);
    }
    // In these two countries the indicator is the code with a letter before it.
    let (country, letters) = match code.split_at_checked(1)? {
        ("K", letters) => ("US", letters),
        ("C", letters) if letters.starts_with('Y') => ("CA", letters),
        _ => return None,
    };
    find(letters).filter(|airport| airport.country == country)
}

/// How well a name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the town or the airport.
    Same,
    /// All its words are words of the town or the airport.
    Words,
    /// It is the town but for a slip or two.
    Slip,
}

fn by_name(typed: &str, hint: Hint<'_>) -> Vec<Airport> {
    let typed = words(typed);
    if typed.is_empty() {
        return Vec::new();
    }
    let found: Vec<((Fit, bool, u8), Airport)> = KNOWN
        .iter()
        .filter_map(|airport| Some((fit(&typed, airport)?, *airport)))
        .filter(|(_, airport)| is_near(airport, hint.country))
        .map(|(fit, airport)| {
            let abroad = hint.country.is_some_and(|own| own != airport.country);
            ((fit, abroad, airport.rank()), airport)
        })
        .collect();
    let Some(best) = found.iter().map(|(order, _)| *order).min() else {
        return Vec::new();
    };
    let best: Vec<Airport> = found
        .into_iter()
        .filter(|(order, _)| *order == best)
        .map(|(_, airport)| airport)
        .collect();
    // Towns of one name in several countries are no answer, and neither is a crowd.
    let countries: BTreeSet<&str> = best.iter().map(|airport| airport.country).collect();
    if best.len() <= MOST && countries.len() == 1 {
        best
    } else {
        Vec::new()
    }
}

fn fit(typed: &[String], airport: &Airport) -> Option<Fit> {
    let (town, name) = (words(airport.city), words(&airport.name()));
    if typed == town || typed == name {
        return Some(Fit::Same);
    }
    // "Airport" alone is every airport.
    let telling = |word: &&String| !matches!(word.as_str(), "airport" | "international" | "intl");
    let mut own = typed.iter().filter(telling).peekable();
    if own.peek().is_some() && own.all(|word| town.contains(word) || name.contains(word)) {
        return Some(Fit::Words);
    }
    let (typed, town) = (typed.join(" "), town.join(" "));
    let allowed = match typed.chars().count() {
        0..=4 => return None,
        5..=7 => 1,
        _ => 2,
    };
    (strsim::osa_distance(&typed, &town) <= allowed).then_some(Fit::Slip)
}

/// Whether travellers of a country would use it; everywhere where no country is told.
fn is_near(airport: &Airport, country: Option<&str>) -> bool {
    country.is_none_or(|country| {
        let point = Point {
            lat: airport.lat,
            lon: airport.lon,
        };
        airport.country == country
            || km_to_country(point, country).is_some_and(|km| km <= ABROAD_KM)
    })
}

/// The words of a name in small letters without marks.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.to_lowercase().chars().map(without_mark).collect();
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn without_mark(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ķ' => 'k',
        'ļ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[track_caller]
    fn check(typed: &str, country: Option<&str>, city: Option<&str>, expected: &[&str]) {
        let found = meant(typed, Hint { country, city });
        let codes: Vec<&str> = found.iter().map(|airport| airport.iata).collect();
        assert_eq!(codes, expected, "{typed}");
    }

    #[test]
    fn three_letters_are_never_taken_for_three_others() {
        for (typed, country) in [("NBI", "KE"), ("TSX", "KZ"), ("MLX", "CH"), ("BLX", "MW")] {
            check(typed, Some(country), None, &[]);
            check(typed, None, None, &[]);
        }
    }

    #[test]
    fn codes_out_of_use_lead_to_what_came_after_them() {
        check("TXL", Some("DE"), None, &["BER"]);
        check("tse", Some("KZ"), None, &["NQZ"]);
        check("DKR", Some("SN"), None, &["DSS"]);
        check("MLH", Some("CH"), None, &["BSL"]);
        // Not where the partner is on another continent.
        check("TXL", Some("MW"), None, &[]);
        check("LON", Some("KE"), None, &[]);
    }

    #[test]
    fn the_indicators_of_pilots_are_read() {
        check("EHAM", None, None, &["AMS"]);
        check("hkjk", Some("KE"), None, &["NBO"]);
        check("KBOS", Some("US"), None, &["BOS"]);
        check("CYVR", None, None, &["YVR"]);
        check("KNBO", None, None, &[]);
        check("EHAM", Some("KE"), None, &[]);
    }

    #[test]
    fn the_name_of_a_town_or_an_airport_leads_to_it() {
        check("Blantyre", Some("MW"), None, &["BLZ"]);
        check("Reykjavik", Some("IS"), None, &["KEF"]);
        check("sao paulo guarulhos", Some("BR"), None, &["GRU"]);
        check("Heathrow", Some("GB"), None, &["LHR"]);
        check("Nairobbi", Some("KE"), None, &["NBO"]);
        check("Jomo Kenyatta International Airport", None, None, &["NBO"]);
        // The nearest airport of the partner's country may lie over its border.
        check("Basel", Some("CH"), None, &["BSL"]);
    }

    #[test]
    fn a_town_of_several_airports_names_them_and_writes_none() {
        let found = meant(
            "London",
            Hint {
                country: Some("GB"),
                city: None,
            },
        );
        assert_eq!(found.len(), 4, "{found:?}");
        let said = in_words(&found).unwrap();
        assert!(said.contains("LHR (London Heathrow Airport)"), "{said}");
        assert!(said.contains(" or "), "{said}");
    }

    #[test]
    fn the_town_of_the_partner_helps_where_the_code_does_not() {
        check("NBI", Some("KE"), Some("Nairobi"), &["NBO"]);
        check("LLX", Some("MW"), Some("Lilongwe"), &["LLW"]);
    }

    #[test]
    fn what_comes_near_nothing_gets_no_suggestion() {
        check("", None, None, &[]);
        check("内罗毕", None, None, &[]);
        check(&"A".repeat(1_000_000), None, None, &[]);
        check("QQQQQQQQ", None, None, &[]);
        check("Airport", Some("KE"), None, &[]);
        check("International Airport", None, None, &[]);
    }

    #[test]
    fn every_other_code_leads_to_a_known_airport_and_is_none_itself() {
        for (other, airport) in CITIES.iter().chain(&RETIRED) {
            assert!(find(airport).is_some(), "{airport}");
            assert_eq!(find(other), None, "{other}");
        }
    }

    /// Indicators begin with the letters of a country or of a few small ones.
    #[test]
    fn every_indicator_belongs_to_the_country_of_its_airport() {
        const SHARED: [&str; 7] = ["FM", "LY", "NF", "PT", "TF", "TN", "UT"];
        let mut countries: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut before = "";
        for row in table::rows(ICAO) {
            let (icao, iata) = row.split_once(',').unwrap();
            assert!(icao > before && icao.len() == 4, "{icao}");
            let airport = find(iata).unwrap_or_else(|| panic!("{iata}"));
            let region = icao.get(..2).unwrap();
            countries.entry(region).or_default().insert(airport.country);
            before = icao;
        }
        for (region, countries) in countries {
            assert!(
                countries.len() == 1 || SHARED.contains(&region),
                "{region}: {countries:?}"
            );
        }
    }
}
