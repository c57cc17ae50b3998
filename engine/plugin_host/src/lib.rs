//! Loads plugins: linked into the program, isolated in a process of their own, or in this process.
//!
//! Whichever way, the engine sees only [`Plugin`](evenhand_contract::plugin::Plugin), and every plugin, first-party ones too,
//! comes through the same table of C functions. Nothing of a file runs before its bytes, its manifest and what it would
//! load were checked, and what was checked is what is loaded.

#![expect(
    unsafe_code,
    reason = "linking and calling foreign code, and the system calls that shut it in"
)]

mod archive;
#[cfg(unix)]
pub mod check;
mod error;
mod file;
mod float;
#[cfg(unix)]
mod frame;
#[cfg(any(test, feature = "fuzz"))]
#[doc(hidden)]
pub mod fuzz;
mod image;
#[cfg(unix)]
mod inbox;
mod inspection;
mod instance;
#[cfg(unix)]
mod isolated;
mod library;
mod linked;
mod loaded;
pub mod lock;
mod manifest;
mod options;
mod signature;
mod system;
mod values;
pub mod worker;

pub use archive::{Archived, Contents, Library, PACK_LIMIT, Packed, pack};
#[cfg(unix)]
pub use check::CheckResult;
pub use error::{LoadError, Refusal};
pub use evenhand_contract::abi::Plugin as Table;
pub use evenhand_tables::expand;
pub use inspection::{Inspection, PluginFile, inspect};
pub use linked::leave;
pub use loaded::{Loaded, Status, bundled, load};
pub use options::{HostOptions, Limits, Mode, PATIENCE, RunBudget};
pub use signature::{Signer, Unsigned, signed};
pub use worker::Sandbox;
