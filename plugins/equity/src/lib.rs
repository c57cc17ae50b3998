//! The equity plugin: which way people, decisions, money and costs lie between North and South.
//!
//! Countries have an income group and a bloc; from these follow the direction of every flow, the reciprocity of
//! places, and the South's share of people, seats, budget and design. Facts are partial: what can be computed is,
//! and what is missing is named. Method, sources and limits are in `README.md` and `plugin.json`.

mod answer;
mod countries;
mod derive;
mod flows;
mod known;
mod movement;
mod partners;
mod partnership;
mod reader;
mod settings;
