//! Optional signatures, in the form of minisign: `libclimate.so.minisig` beside `libclimate.so`.
//!
//! A signature says who stands behind the bytes. It never replaces the digest in the lock file.

use minisign_verify::{Error, PublicKey, Signature};

/// How a signature beside a library came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// There is no signature.
    Nobody,
    /// Made with this one of the listed keys, and right.
    Key(String),
    /// Made with a key that is not listed, so that it says nothing.
    Stranger,
}

/// Checks the signature `text` of `bytes` against `keys`; an error is a sentence that goes on from "the signature …".
pub(crate) fn check(text: &str, bytes: &[u8], keys: &[String]) -> Result<Signer, String> {
    let signature = Signature::decode(text)
        .map_err(|error| format!("cannot be read ({error}): fetch it again"))?;
    for key in keys {
        let public = PublicKey::from_base64(key.trim()).map_err(|error| {
            format!("cannot be checked: `{key}` is not a minisign public key ({error})")
        })?;
        match public.verify(bytes, &signature, false) {
            Ok(()) => return Ok(Signer::Key(key.trim().to_owned())),
            Err(Error::UnexpectedKeyId) => {}
            Err(error) => {
                return Err(format!(
                    "does not fit its library ({error}), although it names the key `{key}`: the library was changed \
                     after it was signed, or the signature belongs to another version"
                ));
            }
        }
    }
    Ok(Signer::Stranger)
}
