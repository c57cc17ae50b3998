//! Loads plugins.
#![expect(unsafe_code, reason = "linking foreign code, and the system calls that fence it in")]

mod error;
mod file;
mod float;
mod inspection;
mod library;
pub mod lock;
mod manifest;
mod options;
mod schema;
mod signature;
mod system;
/// worker
pub mod worker { /// main
 pub fn main(_: impl Iterator<Item=String>) -> std::process::ExitCode { std::process::ExitCode::FAILURE } }

pub use error::{LoadError, Refusal};
pub use inspection::{Inspection, PluginFile, inspect};
pub use options::{HostOptions, Limits, Mode, PATIENCE};
pub use signature::Signer;
