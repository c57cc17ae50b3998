//! A board's year: its waivers, its records, its decisions.

mod impact;
mod memo;
mod records;
mod since;
mod waivers;
