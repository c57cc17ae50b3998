//! The sustainability plugin: continuity under shocks.
//!
//! A seeded, deterministic simulation of funding that ends, partners that leave and people who move on gives the chance
//! that the program, and what it built at the host, still stands after some years, and which answers that chance hangs
//! on most. Every rate is listed with its basis; a board may change each. Method and limits are in `README.md`.

use derive::Memory;
use evenhand_plugin::ranges::Ends;
use evenhand_plugin::{Derived, Error, Plugin, Value, export_plugin};
use settings::Settings;

mod derive;
mod draws;
mod given;
mod model;
mod rates;
mod sensitivity;
mod settings;

/// An instance: the board's settings, the luck that every proposal meets, and what came out lately.
#[derive(Debug)]
pub struct Sustainability {
    settings: Settings,
    memory: Memory,
}

/// With the same luck, more of these never lowers a chance, or never raises it. How long the program is to run and how many champions
/// there are change whom luck meets, and what swings most may be another between the ends.
const RANGES: Ends<'static> = Ends {
    even: &[
        "/finance/secured_years",
        "/finance/largest_source_share",
        "/continuity/relationship_years",
        "/continuity/local_trainer_share",
    ],
    uneven: &["/sensitivity", "/host_sensitivity"],
};

impl Plugin for Sustainability {
    fn create(settings: &Value) -> Result<Self, Error> {
        let settings = Settings::parse(settings).map_err(Error::bad_arguments)?;
        let memory = Memory::new(&settings);
        Ok(Self { settings, memory })
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        let Self { settings, memory } = self;
        Ok(RANGES.derive(proposal, |point| derive::derive(settings, memory, point)))
    }
}

export_plugin! { Sustainability, id = sustainability, manifest = include_bytes!("../plugin.json"); }
