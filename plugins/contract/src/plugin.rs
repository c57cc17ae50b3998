//! What the engine knows of a plugin: a manifest and three calls. How it is loaded is the loader's business.

use std::fmt;

pub use crate::manifest::{Function, Manifest, Parameter, PluginRule, Source};
pub use crate::value::{Argument, ValueType};

/// One running instance of a plugin. Calls are never concurrent; an instance may move between threads.
pub trait Plugin: Send + fmt::Debug {
    /// What the plugin says of itself; checked before the first call.
    fn manifest(&self) -> &Manifest;

    /// Where its code came from, for the receipt.
    fn origin(&self) -> &Origin;

    /// Computes derived facts. `document` is the JSON text of the projected proposal; the answer is the JSON text
    /// `{facts, inputs, missing, problems}` described in the plugin reference.
    fn derive(&mut self, document: &str) -> Result<String, PluginError>;

    /// Runs the plugin's own rules over `document`; the answer is the JSON text `{findings: […]}`.
    fn assess(&mut self, document: &str) -> Result<String, PluginError>;

    /// Calls the function at `index` of the manifest's list with flat values.
    fn call(&mut self, index: usize, args: &[Argument]) -> Result<Argument, PluginError>;
}

/// Makes instances of one plugin, all with the same settings: each gives the same answers.
pub trait PluginSource: Send + Sync + fmt::Debug {
    /// What the plugin says of itself.
    fn manifest(&self) -> &Manifest;

    /// Where its code came from, for the receipt.
    fn origin(&self) -> &Origin;

    /// Makes an instance.
    fn create(&self) -> Result<Box<dyn Plugin>, PluginError>;

    /// How many instances there may be at once.
    fn limit(&self) -> usize;
}

/// Where a plugin's code came from and how it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// SHA-256 of the library's bytes, in hexadecimal; of the manifest for a bundled plugin.
    pub sha256: String,
    /// `bundled`, `isolated` or `in-process`.
    pub mode: &'static str,
    /// The key that signed it, if any.
    pub signer: Option<String>,
}

/// Why a plugin gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plugin `{plugin}` {kind}: {message}")]
pub struct PluginError {
    /// The plugin's id.
    pub plugin: String,
    /// What sort of failure it was.
    pub kind: FailureKind,
    /// One sentence on the cause, for people.
    pub message: String,
}

/// The sorts of failure a plugin can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// It said so itself, for example because an argument made no sense.
    Failed,
    /// Wrong number or type of arguments.
    BadArguments,
    /// It does not have that function or operation.
    Unknown,
    /// An answer, time or memory limit was reached.
    Limit,
    /// Its code panicked; the instance is not used again.
    Panicked,
    /// Its answer broke the contract.
    BadAnswer,
    /// Its process died or was killed.
    Died,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed => "failed",
            Self::BadArguments => "was called with wrong arguments",
            Self::Unknown => "does not know that call",
            Self::Limit => "reached a limit",
            Self::Panicked => "panicked",
            Self::BadAnswer => "gave an answer that breaks the contract",
            Self::Died => "died",
        })
    }
}
