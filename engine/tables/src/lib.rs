//! Plugins without code: a register in CSV or JSON, whose manifest says what is looked up for which elements of a proposal.

mod read;
mod register;

pub use read::{Rows, read};
pub use register::{Register, expand};
