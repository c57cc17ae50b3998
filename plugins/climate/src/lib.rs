//! The climate plugin: what a program's travel, stays and time online emit, per leg, person, flow and program.
//!
//! Each figure comes as low, central and high, with greenhouse gases, non-CO2 effects of flying and upstream
//! emissions apart, and every result names the factors, the boundary and the assumptions it rests on. Method,
//! sources and limits are in the folder's `README.md`.
//!
//! The way of a derivation: `proposal` reads, `program` goes through the flows, `flow` through one flow's
//! `journey`, `stay` and `rail` alternative, `emission` applies the `factors`.

use airport::{Airport, Hint};
use distance::{Point, great_circle_km};
use evenhand_plugin::ranges::Ends;
use evenhand_plugin::{Derived, Error, Plugin, Value, export_plugin};
use proposal::Cabin;
use serde_json::json;
use settings::Settings;

mod airport;
mod distance;
mod electricity;
mod emission;
mod factors;
mod flow;
mod journey;
mod land;
mod notes;
mod odd;
mod plausible;
mod program;
mod proposal;
mod rail;
mod reach;
mod record;
mod scale;
mod settings;
mod stay;
mod table;

/// The plugin with the settings of a board.
#[derive(Debug)]
pub struct Climate {
    settings: Settings,
}

/// Totals are sums, and what is divided by people or weeks is a ratio of sums: both rise or fall throughout in each of these. Distances
/// are not among them: a long flight may emit less for each kilometre than a short one.
const RANGES: Ends<'static> = Ends {
    even: &[
        "/flows/*/n_per_year",
        "/flows/*/weeks",
        "/flows/*/nights",
        "/flows/*/return_trips",
        "/virtual/hours_per_person",
    ],
    uneven: &[],
};

impl Plugin for Climate {
    fn create(settings: &Value) -> Result<Self, Error> {
        let settings = Settings::parse(settings).map_err(Error::bad_arguments)?;
        Ok(Self { settings })
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        Ok(RANGES.derive(proposal, |point| program::derive(point, &self.settings)))
    }
}

#[expect(
    clippy::unused_self,
    reason = "functions of a plugin are methods of its instance"
)]
impl Climate {
    fn great_circle_km(&mut self, from: &str, to: &str) -> Result<f64, Error> {
        Ok(between(known_airport(from)?, known_airport(to)?))
    }

    fn airport(&mut self, code: &str) -> Result<Value, Error> {
        let airport = known_airport(code)?;
        Ok(json!({
            "iata": airport.iata,
            "name": airport.name(),
            "city": airport.city,
            "country": airport.country,
            "lat": airport.lat,
            "lon": airport.lon,
        }))
    }

    fn airport_name(&mut self, code: &str) -> Result<String, Error> {
        Ok(known_airport(code)?.name())
    }

    fn trip_kg(&mut self, from: &str, to: &str, cabin: &str) -> Result<f64, Error> {
        let Some(cabin) = Cabin::parse(cabin) else {
            let shown: String = cabin.chars().take(40).collect();
            return Err(Error::failed(format!(
                "`{shown}` is not a cabin; use economy, premium_economy, business, first or average"
            )));
        };
        let km = between(known_airport(from)?, known_airport(to)?);
        let kg = emission::flight(km, cabin, &self.settings).total.central;
        Ok(libm::round(kg * 1000.0) / 1000.0)
    }
}

fn between(from: Airport, to: Airport) -> f64 {
    let point = |airport: Airport| Point {
        lat: airport.lat,
        lon: airport.lon,
    };
    great_circle_km(point(from), point(to))
}

fn known_airport(code: &str) -> Result<Airport, Error> {
    airport::find(code).ok_or_else(|| {
        let message = journey::unknown_airport_message(code);
        let meant = airport::meant(code, Hint::default());
        Error::failed(match airport::in_words(&meant) {
            Some(airports) => format!("{message}; did you mean {airports}?"),
            None => message,
        })
    })
}

export_plugin! { Climate, id = climate, manifest = include_bytes!("../plugin.json");
    /// Great-circle distance between two airports, in km.
    pure fn great_circle_km(&mut self, from: &str, to: &str) -> Result<f64, Error>;
    /// What is known of an airport.
    pure fn airport(&mut self, code: &str) -> Result<Value, Error>;
    /// The name of an airport.
    pure fn airport_name(&mut self, code: &str) -> Result<String, Error>;
    /// kg CO2e of one passenger on a flight, one way.
    pure fn trip_kg(&mut self, from: &str, to: &str, cabin: &str) -> Result<f64, Error>;
}
