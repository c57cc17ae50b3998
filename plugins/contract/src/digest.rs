//! Digests: SHA-256 of bytes, which nobody can hand in as text.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// SHA-256 of some bytes. It is worked out from them and made in no other way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            text.push_str(&format!("{byte:02x}"));
        }
        Self(text)
    }

    /// What a build script worked out by [`Self::of`] and wrote into the program. A test allows `engine/standard` alone to
    /// call it.
    #[doc(hidden)]
    pub fn generated(hexadecimal: &'static str) -> Self {
        Self(hexadecimal.to_owned())
    }

    /// In hexadecimal.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
