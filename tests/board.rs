//! A board's year: its waivers, its records, its decisions.

mod memo;
mod records;
mod waivers;
