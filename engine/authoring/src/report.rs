//! What comes of tests and changes, as people read it.

pub mod missing;
pub mod mutants;
pub mod silence;
pub mod tests;
pub mod traceability;
