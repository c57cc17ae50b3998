//! Optional signatures, in the form of minisign: `libclimate.so.minisig` beside `libclimate.so`, and those of records.
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

/// Why a signature does not stand for some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsigned {
    /// The signature cannot be read.
    Signature(String),
    /// The public key cannot be read.
    Key(String),
    /// The signature was made with another key.
    OtherKey,
    /// Bytes, signature and key do not fit: one of them was changed.
    Unfit,
}

/// Checks a signature of `bytes` against one public key, as `minisign` writes both; what comes back is the signature's trusted
/// comment, for which the signer stands as well.
pub fn signed(bytes: &[u8], signature: &str, key: &str) -> Result<String, Unsigned> {
    let read =
        Signature::decode(signature).map_err(|error| Unsigned::Signature(error.to_string()))?;
    let public = PublicKey::decode(key)
        .or_else(|_| PublicKey::from_base64(key.trim()))
        .map_err(|error| Unsigned::Key(error.to_string()))?;
    match public.verify(bytes, &read, false) {
        Ok(()) => Ok(read.trusted_comment().to_owned()),
        Err(Error::UnexpectedKeyId) => Err(Unsigned::OtherKey),
        Err(Error::UnexpectedAlgorithm) => {
            Err(Unsigned::Signature("it is of an old form".to_owned()))
        }
        Err(_) => Err(Unsigned::Unfit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte of the bytes, the signature and the key, each with one bit turned.
    #[test]
    fn a_flipped_byte_is_noticed_wherever_it_is() {
        let flipped = |bytes: &[u8], at: usize| {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            bytes
        };
        assert_eq!(signed(BYTES, SIGNATURE, KEY), Ok("test".to_owned()));
        let whole = format!("untrusted comment: a key\n{KEY}\n");
        assert_eq!(signed(BYTES, SIGNATURE, &whole), Ok("test".to_owned()));
        assert_eq!(signed(BYTES, SIGNATURE, OTHER), Err(Unsigned::OtherKey));
        for at in 0..BYTES.len() {
            assert_eq!(
                signed(&flipped(BYTES, at), SIGNATURE, KEY),
                Err(Unsigned::Unfit)
            );
        }
        let untrusted = SIGNATURE.find('\n').unwrap();
        // The first line is a comment that nobody stands for, and line breaks may be of either kind.
        for at in (untrusted..SIGNATURE.len()).filter(|at| SIGNATURE.as_bytes()[*at] != b'\n') {
            let changed = String::from_utf8(flipped(SIGNATURE.as_bytes(), at)).unwrap();
            assert!(signed(BYTES, &changed, KEY).is_err(), "{at}");
        }
        for at in 0..KEY.len() {
            let changed = String::from_utf8(flipped(KEY.as_bytes(), at)).unwrap();
            assert!(signed(BYTES, SIGNATURE, &changed).is_err(), "{at}");
        }
        for nonsense in ["", "\n", "a\nb\nc\nd\n", "é\né\ntrusted comment: \né"] {
            assert!(matches!(
                signed(BYTES, nonsense, KEY),
                Err(Unsigned::Signature(_))
            ));
            assert!(matches!(
                signed(BYTES, SIGNATURE, nonsense),
                Err(Unsigned::Key(_))
            ));
        }
    }

    // Made once with a key that is worth nothing.
    const KEY: &str = "RWSlYUUnDOazvqhI7kg/YPVoddUPmpaibX1s2Mi8HkTpHj40tuyX4ITG";
    const OTHER: &str = "RWS0Wa/ds6CWIeIJaHXCaKCZPyD6S2bhX/ZR6eVc0sCN+7JOH0B5wUW6";
    const BYTES: &[u8] = b"the bytes of a library";
    const SIGNATURE: &str = "untrusted comment: signature from a test key
RUSlYUUnDOazvlOdjPfqJZydhnDgea9HkQOwLJ+bcSaKOrsu4WcnyPH366JVhe80iCHWiKE83PzscJ1wLa6SzW7bZga5zuVfoQ0=
trusted comment: test
hPzNt5t+Z3Vze1UEKWpDIhNJLyy9AowM6RbR/HVezx/YIzjpn34lLwNQGnSYha3ld5v5pQW1a6e1WIsRanbEBg==
";

    fn checked(bytes: &[u8], keys: &[&str]) -> Result<Signer, String> {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        check(SIGNATURE, bytes, &keys)
    }

    #[test]
    fn a_listed_key_counts() {
        let signer = Signer::Key(KEY.to_owned());
        assert_eq!(checked(BYTES, &[OTHER, KEY]), Ok(signer));
    }

    #[test]
    fn a_key_that_is_not_listed_says_nothing() {
        assert_eq!(checked(BYTES, &[OTHER]), Ok(Signer::Stranger));
        assert_eq!(checked(b"other bytes", &[]), Ok(Signer::Stranger));
    }

    #[test]
    fn one_other_bit_is_refused() {
        let problem = checked(b"the bytes of a librarx", &[KEY]).unwrap_err();
        assert!(problem.contains("does not fit its library"), "{problem}");
    }

    #[test]
    fn what_is_no_key_or_signature_is_said() {
        assert!(
            checked(BYTES, &["nonsense"])
                .unwrap_err()
                .contains("`nonsense` is not a minisign public key")
        );
        assert!(
            check("nonsense", BYTES, &[])
                .unwrap_err()
                .contains("cannot be read")
        );
    }
}
