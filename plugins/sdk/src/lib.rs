//! What a plugin author depends on: the contract with Evenhand, the export macro and a test harness.
//!
//! An author implements [`Plugin`], lists the functions in [`export_plugin!`], and writes no `unsafe`. What the manifest and the
//! documents hold is in `plugins/README.md`; the same contract for other languages is `include/evenhand_plugin.h`.

pub use evenhand_contract::bundled::LinkedPlugin;
pub use evenhand_contract::{abi, projection, table, wire};
pub use host::{Level, cancelled, log};
pub use libm as math;
pub use plugin::{Error, Plugin};
pub use serde_json::{self, Value};
pub use value::{Argument, ValueType};
pub use wire::{Check, Derived, Edit, Evidence, Finding, Outcome, Problem};

#[doc(hidden)]
pub mod export;
pub mod ranges;
pub mod testing;
pub mod value;

mod entry;
mod host;
mod plugin;
