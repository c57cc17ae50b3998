//! The signature of a record: who stands behind it.

use crate::files;
use evenhand_core::problem::Problem;
use evenhand_core::text::visible_line;
use evenhand_plugin_host::{Unsigned, signed};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Most bytes of a signature or a key: both are a few lines.
const BYTES: usize = 16 * 1024;

/// Whether a signature stands for a record.
#[derive(Debug)]
pub(super) enum Signed {
    /// It does, with this comment of the signer's.
    Fits(String),
    /// It was made with another key.
    OtherKey,
    /// Record, signature and key do not fit.
    Unfit,
}

impl Signed {
    pub(super) fn fits(&self) -> bool {
        matches!(self, Self::Fits(_))
    }

    pub(super) fn words(&self) -> String {
        match self {
            Self::Fits(comment) => {
                format!("The signature fits the record and the key: {}\n", visible_line(comment))
            }
            Self::OtherKey => "The signature was made with another key.\n".to_owned(),
            Self::Unfit => "The signature does not fit: the record was changed after it was signed, or the signature or the \
                            key was.\n"
                .to_owned(),
        }
    }

    pub(super) fn json(&self) -> Value {
        let (state, comment) = match self {
            Self::Fits(comment) => ("fits", Some(comment)),
            Self::OtherKey => ("other_key", None),
            Self::Unfit => ("unfit", None),
        };
        json!({ "state": state, "comment": comment })
    }
}

/// Checks the signature of a record; without one named, the one beside it.
pub(super) fn check(
    record: &Path,
    signature: Option<&Path>,
    key: &Path,
) -> Result<Signed, Vec<Problem>> {
    let beside = || {
        let mut name = record.as_os_str().to_owned();
        name.push(".minisig");
        PathBuf::from(name)
    };
    let signature = signature.map_or_else(beside, Path::to_path_buf);
    let mut problems = Vec::new();
    let mut text = |path: &Path| {
        small(path).unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        })
    };
    let texts = (text(&signature), text(key));
    let name = files::shown(record);
    let bytes = files::record(record).map_err(|error| files::cannot("read", &name, &error));
    let bytes = bytes.unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let unreadable = |path: &Path, what: &str, why: &str| {
        let problem = Problem::error(format!("this is no {what}: {why}"));
        let problem = problem.in_file(files::shown(path));
        vec![problem.expected("a file that minisign wrote")]
    };
    match signed(&bytes, &texts.0, &texts.1) {
        Ok(comment) => Ok(Signed::Fits(comment)),
        Err(Unsigned::OtherKey) => Ok(Signed::OtherKey),
        Err(Unsigned::Unfit) => Ok(Signed::Unfit),
        Err(Unsigned::Signature(why)) => Err(unreadable(&signature, "signature", &why)),
        Err(Unsigned::Key(why)) => Err(unreadable(key, "public key", &why)),
    }
}

/// A small text.
fn small(path: &Path) -> Result<String, Problem> {
    let name = files::shown(path);
    let bytes = files::bytes(path).map_err(|error| files::cannot("read", &name, &error))?;
    if bytes.len() > BYTES {
        let problem = Problem::error(format!("the file has {} bytes", bytes.len()));
        return Err(problem
            .in_file(name)
            .expected("a signature or a key of a few lines"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let message = format!("the file is not UTF-8 text: {}", error.utf8_error());
        Problem::error(message).in_file(name)
    })
}
