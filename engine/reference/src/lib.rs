//! A second opinion: how a proposal is judged, written a second time from the description alone.
//!
//! It depends on no other crate, and on nothing of the engine's arithmetic. Tests compare the engine with it. [`judge`] goes from
//! findings to ranges, levels and a verdict, [`board`] says what a board changed, [`rules`] asks a rule over every value that missing facts
//! can have, and [`generate`] makes up packs, proposals and profiles. A [`Defect`] breaks the arithmetic on purpose,
//! so that a test can show that it would notice.

pub mod board;
pub mod generate;
pub mod judge;
pub mod rules;
pub mod write;

pub use judge::{Defect, Finding, Judgement, Settings, Severity, Verdict};
