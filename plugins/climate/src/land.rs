//! Which countries one can travel between without a plane: land masses, with the tunnels, bridges and ferries that carry
//! trains, coaches or cars (own list, generous: where in doubt, countries count as linked).

use crate::distance::Point;

/// Africa, Asia and Europe, with the islands that a tunnel, a bridge or a ferry for cars or coaches ties to them.
const OLD_WORLD: &str = "old_world";
/// The Americas, without the islands.
const AMERICAS: &str = "americas";

/// Countries and territories on the American continent.
const ON_AMERICAS: [&str; 22] = [
    "AR", "BO", "BR", "BZ", "CA", "CL", "CO", "CR", "EC", "GF", "GT", "GY", "HN", "MX", "NI", "PA",
    "PE", "PY", "SR", "SV", "US", "UY",
];
/// Venezuela and Trinidad were tied by a ferry for cars at times.
const TIED_TO_AMERICAS: [&str; 2] = ["VE", "TT"];

/// Islands on which no train, coach or car arrives from elsewhere, in groups that a ferry for cars ties together; each
/// group has the code of its first.
const ISLANDS: [&[&str]; 48] = [
    &["AU"],
    &["NZ"],
    &["DO", "HT", "PR"],
    &["CU"],
    &["JM"],
    &["BS"],
    &["BM"],
    &["KY"],
    &["TC"],
    &["VG", "VI"],
    &["AI", "BL", "MF", "SX"],
    &["KN"],
    &["AG", "MS"],
    &["DM", "GP", "LC", "MQ"],
    &["VC"],
    &["GD"],
    &["BB"],
    &["AW"],
    &["BQ"],
    &["CW"],
    &["GL"],
    &["PM"],
    &["FK"],
    &["GS"],
    &["AS"],
    &["CK"],
    &["FJ"],
    &["FM"],
    &["GU", "MP"],
    &["KI"],
    &["MH"],
    &["NC"],
    &["NR"],
    &["NU"],
    &["PF"],
    &["PN"],
    &["PW"],
    &["SB"],
    &["TK"],
    &["TO"],
    &["TV"],
    &["VU"],
    &["WF"],
    &["WS"],
    &["CV"],
    &["KM", "YT"],
    &["MG"],
    &["MU", "RE"],
];
/// More of them, each alone.
const LONELY: [&str; 8] = ["CC", "CX", "IO", "MV", "NF", "SC", "SH", "ST"];

/// Parts of a country that lie in another sea: country, corners (south, west, north, east), key.
const OVERSEAS: [(&str, [f64; 4], &str); 5] = [
    ("US", [18.0, -161.0, 23.0, -154.0], "Hawaii"),
    ("PT", [36.5, -32.0, 40.0, -24.5], "the Azores"),
    ("EC", [-2.0, -92.5, 1.5, -89.0], "the Galápagos"),
    ("CL", [-28.0, -110.0, -26.0, -109.0], "Easter Island"),
    (
        "CL",
        [-34.5, -81.5, -33.0, -78.0],
        "the Juan Fernández Islands",
    ),
];

/// The land mass of a place: two places with the same one may be linked without a plane. `None` for a code that is no
/// country's.
pub(crate) fn mass(country: &str, point: Option<Point>) -> Option<&'static str> {
    if let Some(point) = point {
        let there = OVERSEAS.iter().find(|(of, [south, west, north, east], _)| {
            *of == country
                && (*south..=*north).contains(&point.lat)
                && (*west..=*east).contains(&point.lon)
        });
        if let Some((_, _, name)) = there {
            return Some(name);
        }
    }
    if ON_AMERICAS.contains(&country) || TIED_TO_AMERICAS.contains(&country) {
        return Some(AMERICAS);
    }
    if let Some(group) = ISLANDS.iter().find(|group| group.contains(&country)) {
        return group.first().copied();
    }
    if let Some(island) = LONELY.iter().find(|island| **island == country) {
        return Some(island);
    }
    let code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    (code && country != "AQ").then_some(OLD_WORLD)
}

/// Countries on the African continent. No railway leads from it to Asia: the line through Sinai has been closed since 1948.
const ON_AFRICA: [&str; 49] = [
    "AO", "BF", "BI", "BJ", "BW", "CD", "CF", "CG", "CI", "CM", "DJ", "DZ", "EG", "EH", "ER", "ET",
    "GA", "GH", "GM", "GN", "GQ", "GW", "KE", "LR", "LS", "LY", "MA", "ML", "MR", "MW", "MZ", "NA",
    "NE", "NG", "RW", "SD", "SL", "SN", "SO", "SS", "SZ", "TD", "TG", "TN", "TZ", "UG", "ZA", "ZM",
    "ZW",
];
/// Countries in South America. No railway, and no road, leads through the Darién.
const ON_SOUTH_AMERICA: [&str; 13] = [
    "AR", "BO", "BR", "CL", "CO", "EC", "GF", "GY", "PE", "PY", "SR", "UY", "VE",
];

/// Whether a train may run from one country to another; generous, as everywhere here: only the gaps between continents count.
pub(crate) fn same_railways(from: &str, to: &str) -> bool {
    let africa = |country: &str| ON_AFRICA.contains(&country);
    let south = |country: &str| ON_SOUTH_AMERICA.contains(&country);
    africa(from) == africa(to) && south(from) == south(to)
}

/// What a land mass is called.
pub(crate) fn name(mass: &'static str) -> &'static str {
    match mass {
        OLD_WORLD => "Africa, Asia or Europe",
        AMERICAS => "the Americas",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn linked(from: &str, to: &str, expected: bool) {
        assert_eq!(mass(from, None) == mass(to, None), expected, "{from} {to}");
    }

    #[test]
    fn seas_part_and_tunnels_bridges_and_ferries_tie() {
        for (from, to) in [
            ("GB", "FR"),
            ("GB", "IE"),
            ("ES", "MA"),
            ("NL", "MW"),
            ("JP", "KR"),
            ("IN", "LK"),
            ("US", "CL"),
            ("HT", "DO"),
            ("AU", "AU"),
        ] {
            linked(from, to, true);
        }
        for (from, to) in [
            ("NL", "US"),
            ("AU", "NZ"),
            ("AU", "ID"),
            ("MZ", "MG"),
            ("US", "CU"),
            ("FR", "RE"),
            ("IN", "MV"),
            ("FR", "MQ"),
        ] {
            linked(from, to, false);
        }
    }

    #[test]
    fn hawaii_is_not_reached_by_train() {
        let honolulu = Point {
            lat: 21.3,
            lon: -157.9,
        };
        let boston = Point {
            lat: 42.4,
            lon: -71.0,
        };
        assert_eq!(mass("US", Some(honolulu)), Some("Hawaii"));
        assert_eq!(mass("US", Some(boston)), mass("US", None));
    }
}
