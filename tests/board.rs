//! A board's year: its waivers, its records, its decisions.

mod impact;
mod memo;
mod profiles;
mod records;
mod since;
mod waivers;
