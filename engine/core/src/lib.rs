//! Evenhand's engine: bytes in, values out. It opens no file, reads no clock and no environment, and prints nothing.

pub use evenhand_contract::plugin;
pub use evenhand_diagnostic::{pointer, problem, source, text, words};
pub use evenhand_document::{date, document, schema};

pub mod attestation;
pub mod board;
pub mod breakdown;
pub mod checks;
mod declared;
pub mod evaluate;
pub mod executor;
pub mod finding;
pub mod impact;
pub mod instances;
pub mod joint;
pub mod level;
pub mod pack;
pub(crate) mod plugins;
pub mod portfolio;
pub mod profile;
pub mod program;
pub mod receipt;
pub mod remedies;
pub mod robustness;
pub mod rule;
pub mod rulebook;
#[doc(hidden)]
pub mod sample;
pub mod score;
pub mod scorecard;
pub mod settings;
pub mod verdict;
pub mod waiver;

/// The engine's version, which packs and plugins name the range of that they work with.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
