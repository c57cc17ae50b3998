//! Documents: YAML, JSON and TOML as one tree in which every value has its place, and the schema they are checked by.

pub mod change;
pub mod date;
pub mod document;
pub mod schema;
pub mod schemas;
