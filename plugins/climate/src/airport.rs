//! Airports with scheduled flights, by their IATA code.

use crate::distance::Point;
use crate::table;
use std::sync::LazyLock;

mod suggestion;

pub(crate) use suggestion::{Hint, in_words, meant};

/// Sorted by code; sources and licence in `data/README.md`.
const TABLE: &str = include_str!("../data/airports.csv");

/// One airport.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Airport {
    /// Three letters.
    pub(crate) iata: &'static str,
    name: &'static str,
    /// Town it serves; may be empty.
    pub(crate) city: &'static str,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: &'static str,
    /// Degrees north.
    pub(crate) lat: f64,
    /// Degrees east.
    pub(crate) lon: f64,
    size: &'static str,
}

impl Airport {
    /// Its name as people know it.
    pub(crate) fn name(&self) -> String {
        self.name.replace("\"\"", "\"")
    }

    /// Code and name, to show a person: `NBO (Nairobi, Jomo Kenyatta International Airport)`.
    pub(crate) fn label(&self) -> String {
        let name = self.name();
        if self.city.is_empty() || name.contains(self.city) {
            format!("{} ({name})", self.iata)
        } else {
            format!("{} ({}, {name})", self.iata, self.city)
        }
    }

    /// 0 for large, 1 for medium, 2 for the rest.
    fn rank(&self) -> u8 {
        match self.size {
            "large" => 0,
            "medium" => 1,
            _ => 2,
        }
    }

    fn from_row(row: &'static str) -> Option<Self> {
        let mut fields = table::fields(row);
        Some(Self {
            iata: fields.next()?,
            name: fields.next()?,
            city: fields.next()?,
            country: fields.next()?,
            lat: fields.next()?.parse().ok()?,
            lon: fields.next()?.parse().ok()?,
            size: fields.next()?,
        })
    }
}

/// The airport with this code, in capitals or not.
pub(crate) fn find(code: &str) -> Option<Airport> {
    let code = code.trim();
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    Airport::from_row(table::find(TABLE, &code.to_ascii_uppercase())?)
}

/// The points of a country's airports.
pub(crate) fn of_country(country: &str) -> impl Iterator<Item = Point> {
    KNOWN
        .iter()
        .filter(move |airport| airport.country == country)
        .map(|airport| Point {
            lat: airport.lat,
            lon: airport.lon,
        })
}

/// All airports, read once.
static KNOWN: LazyLock<Vec<Airport>> = LazyLock::new(|| all().collect());

fn all() -> impl Iterator<Item = Airport> {
    table::rows(TABLE).filter_map(Airport::from_row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_found_again() {
        let mut count = 0;
        let mut before = "";
        for row in table::rows(TABLE) {
            let airport = Airport::from_row(row).unwrap_or_else(|| panic!("{row}"));
            assert!(airport.iata > before, "{} is out of order", airport.iata);
            assert!(
                airport.lat.abs() <= 90.0 && airport.lon.abs() <= 180.0,
                "{row}"
            );
            assert_eq!(airport.country.len(), 2, "{row}");
            assert_eq!(find(airport.iata), Some(airport));
            before = airport.iata;
            count += 1;
        }
        assert_eq!(count, 4073);
    }

    #[test]
    fn namibia_is_a_country() {
        assert_eq!(find("WDH").map(|airport| airport.country), Some("NA"));
    }

    #[test]
    fn codes_are_taken_in_any_case_and_nothing_else_is() {
        assert_eq!(find("nbo").map(|airport| airport.city), Some("Nairobi"));
        for text in ["", "NB", "NBOX", "N1O", "ÅÅÅ", "内罗毕", "NB\0"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn labels_name_the_city_once() {
        assert_eq!(
            find("BER").unwrap().label(),
            "BER (Berlin Brandenburg Airport)"
        );
        assert_eq!(
            find("NBO").unwrap().label(),
            "NBO (Nairobi, Jomo Kenyatta International Airport)"
        );
        assert_eq!(find("FOG").unwrap().name(), "Foggia \"Gino Lisa\" Airport");
    }
}
