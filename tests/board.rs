//! A board's year: its waivers, its records, its decisions.

mod records;
mod waivers;
