//! What is wrong with something a person wrote: where it stands, what was expected, and what was probably meant.
//!
//! Everything else in the engine speaks of problems and positions in these words. It depends on nothing of ours.

pub mod message;
pub mod pointer;
pub mod problem;
pub mod source;
pub mod text;
pub mod words;
