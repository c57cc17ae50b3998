//! What an author writes: one trait and its error.

use crate::abi::{self, Status};
use crate::wire::{Derived, Finding};
use serde_json::Value;
use std::fmt;

/// A plugin. One instance is never entered twice at once, but may move between threads.
///
/// The same input must always give the same answer: no clock, environment, file, network, randomness or global state, and no
/// order of a `HashMap`. A panic is caught and ends the instance.
pub trait Plugin: Sized + Send + 'static {
    /// Makes an instance. `settings` is a JSON object; a missing key means the default of the manifest.
    fn create(settings: &Value) -> Result<Self, Error>;

    /// Computes derived facts from what the manifest says the plugin reads. Absent and null both mean: not known.
    ///
    /// Partial facts are the rule: compute what can be computed, and name what prevented the rest.
    fn derive(&mut self, proposal: &Value) -> Result<Derived, Error> {
        let _ = proposal;
        Err(Error::unknown("this plugin derives nothing"))
    }

    /// Judges the proposal by the rules of the manifest.
    fn assess(&mut self, proposal: &Value) -> Result<Vec<Finding>, Error> {
        let _ = proposal;
        Err(Error::unknown("this plugin has no rules"))
    }
}

/// Why a plugin gives no answer: a status for the host and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    status: Status,
    message: String,
}

impl Error {
    /// No answer is possible, for example because an airport is not known.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::with(abi::STATUS_FAILED, message)
    }

    /// An argument has the wrong type, or the settings are wrong.
    pub fn bad_arguments(message: impl Into<String>) -> Self {
        Self::with(abi::STATUS_BAD_ARGS, message)
    }

    /// There is no such function or operation.
    pub fn unknown(message: impl Into<String>) -> Self {
        Self::with(abi::STATUS_UNKNOWN, message)
    }

    /// A limit of the plugin's own was reached, or the host cancelled the call.
    pub fn limit(message: impl Into<String>) -> Self {
        Self::with(abi::STATUS_LIMIT, message)
    }

    /// The contract was broken.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::with(abi::STATUS_INTERNAL, message)
    }

    pub(crate) fn with(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    /// One of the `STATUS_` constants of [`abi`].
    pub fn status(&self) -> Status {
        self.status
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Self::failed(message)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Self {
        Self::failed(message)
    }
}
