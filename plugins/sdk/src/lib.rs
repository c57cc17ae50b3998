//! What a plugin author depends on: the contract with Evenhand, the export macro and a test harness.

pub use libm as math;
pub use serde_json;

pub mod abi;
pub mod table;
pub mod wire;
