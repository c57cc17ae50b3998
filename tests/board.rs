//! A board's year: its waivers, its records, its decisions.

mod impact;
mod memo;
mod portfolio;
mod profiles;
mod records;
mod signatures;
mod since;
mod template;
mod waivers;
mod workbooks;
