//! Great-circle distances between places.

use geographiclib_rs::{Geodesic, InverseGeodesic as _};
use std::sync::LazyLock;

static EARTH: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// A point on the Earth: degrees north, degrees east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) lat: f64,
    pub(crate) lon: f64,
}

/// Length in km of the shortest line on the WGS 84 ellipsoid (Karney 2013), to 0.1 km.
///
/// The algorithm uses the platform's sine and arc tangent, whose last bits differ between systems: by some
/// nanometres over the distance. Rounded to 0.1 km the answer is the same everywhere, except where the true
/// distance lies within those nanometres of a tie, which one pair of places in some ten thousand million does.
pub(crate) fn great_circle_km(from: Point, to: Point) -> f64 {
    let metres: f64 = EARTH.inverse(from.lat, from.lon, to.lat, to.lon);
    libm::round(metres / 100.0) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::airport;

    fn between(from: &str, to: &str) -> f64 {
        let point = |code| {
            let airport = airport::find(code).unwrap();
            Point {
                lat: airport.lat,
                lon: airport.lon,
            }
        };
        great_circle_km(point(from), point(to))
    }

    #[test]
    fn known_distances() {
        // Google's Travel Impact Model gives 9,369 km for this pair, on a sphere.
        assert!((between("ZRH", "SFO") / 9369.0 - 1.0).abs() < 0.004);
        assert!((between("LHR", "JFK") - 5555.0).abs() < 10.0);
        assert!((between("NBO", "NBO")).abs() < 1e-9);
    }

    #[test]
    fn both_directions_are_equally_long() {
        for (from, to) in [
            ("LHR", "EBB"),
            ("AKL", "MAD"),
            ("PPT", "CAI"),
            ("SVO", "USH"),
        ] {
            assert!(
                (between(from, to) - between(to, from)).abs() < 1e-9,
                "{from}-{to}"
            );
        }
    }

    #[test]
    fn opposite_points_and_poles_are_no_trouble() {
        let half = great_circle_km(
            Point { lat: 0.0, lon: 0.0 },
            Point {
                lat: 0.0,
                lon: 180.0,
            },
        );
        assert!((half - 20_003.9).abs() < 0.11, "{half}");
        let near = great_circle_km(
            Point { lat: 0.0, lon: 0.0 },
            Point {
                lat: 0.5,
                lon: 179.7,
            },
        );
        assert!((near - 19_944.1).abs() < 10.0, "{near}");
        let pole = great_circle_km(
            Point {
                lat: 90.0,
                lon: 12.0,
            },
            Point {
                lat: -90.0,
                lon: -77.0,
            },
        );
        assert!((pole - 20_003.9).abs() < 0.11, "{pole}");
    }

    #[test]
    fn distances_come_in_tenths() {
        let km = between("FRA", "NBO");
        assert!((km * 10.0 - libm::round(km * 10.0)).abs() < 1e-6);
    }
}
