//! A plugin that misbehaves on request, for tests of hosts. Never for use.
//!
//! [`misbehaving_table`] is made by hand: [`tame`] holds what goes through the SDK, [`deeds`] what the SDK would prevent. Each deed
//! is a function of the manifest, and can be ordered by settings for another moment: `{"at": "derive", "do": "segfault"}`, where
//! `at` is `create`, `derive`, `assess` or `destroy`, and `"with"` gives the argument. [`fixtures`] finds the built library and
//! compiles the C twins.

pub use table::misbehaving_table;

pub mod deeds;
pub mod fixtures;
pub mod table;
pub mod tame;

/// The manifest: `plugin.json` of this folder.
pub const MANIFEST: &str = include_str!("../plugin.json");
