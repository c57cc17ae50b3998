//! The sustainability plugin: continuity under shocks.
//!
//! A seeded, deterministic simulation of funding that ends, partners that leave and people who move on gives the chance
//! that the program, and what it built at the host, still stands after some years, and which answers that chance hangs
//! on most. Every rate is listed with its basis; a board may change each. Method and limits are in `README.md`.

use derive::Memory;
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

impl Plugin for Sustainability {
    fn create(settings: &Value) -> Result<Self, Error> {
        let settings = Settings::parse(settings).map_err(Error::bad_arguments)?;
        let memory = Memory::new(&settings);
        Ok(Self { settings, memory })
    }

    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        Ok(derive::derive(&self.settings, &mut self.memory, proposal))
    }
}

export_plugin! { Sustainability, id = sustainability, manifest = include_bytes!("../plugin.json"); }
