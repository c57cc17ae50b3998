//! The contract between the engine and plugins, which both sides read: manifest, values, documents, and the binary interface.
//!
//! Authors depend on `evenhand-plugin`, which says the same with a macro and a test harness.

pub mod abi;
mod answers;
pub mod bundled;
pub mod digest;
pub mod manifest;
pub mod plugin;
pub mod projection;
pub mod ranges;
pub mod received;
pub mod schema;
pub mod strict_json;
pub mod table;
pub mod value;
pub mod wire;
