//! A packed plugin: one file with the manifest, libraries for several systems, digests of them all, and a signature.
//!
//! It is never unpacked to a disk: the library of this system is read from it into memory, as one that lies beside its
//! manifest would be.

mod container;
mod pack;

use crate::error::LoadError;
use crate::file;
use crate::lock::{ANY, target};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

pub use pack::{Contents, Library, Packed, pack};

/// Most bytes of an archive.
pub const PACK_LIMIT: u64 = file::LIBRARY_LIMIT;

/// The manifest in it.
const MANIFEST: &str = "plugin.json";
/// The digests of everything else but the signature, as `sha256sum` writes them.
const SUMS: &str = "SHA256SUMS";
/// The signature of the digests.
const SIGNATURE: &str = "SHA256SUMS.minisig";
/// Most problems that are named.
const SHOWN: usize = 20;

/// What a packed plugin is pinned by, beside the library of this system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// SHA-256 of the whole file in hexadecimal.
    pub sha256: String,
    /// System → SHA-256 of the library for it in hexadecimal.
    pub libraries: BTreeMap<String, String>,
}

/// Whether a file of this name is a packed plugin.
pub(crate) fn is(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}

/// A packed plugin that holds what it says.
#[derive(Debug)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    pub(crate) about: Archived,
    manifest: Range<usize>,
    sums: Range<usize>,
    signature: Option<Range<usize>>,
    /// System → the library's name and place.
    libraries: BTreeMap<String, (String, Range<usize>)>,
}

impl Archive {
    /// Reads the file `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, LoadError> {
        let bytes = file::read(path, file::LIBRARY_LIMIT)?;
        Self::of(bytes).map_err(|mut problems| {
            let more = problems.len().saturating_sub(SHOWN);
            problems.truncate(SHOWN);
            if more > 0 {
                problems.push(format!("and {more} more"));
            }
            LoadError::Archive {
                path: path.to_path_buf(),
                problems,
            }
        })
    }

    /// Reads `bytes`; every problem comes back.
    pub(crate) fn of(bytes: Vec<u8>) -> Result<Self, Vec<String>> {
        let files = container::read(&bytes)?;
        let mut problems = Vec::new();
        let mut libraries: BTreeMap<String, (String, Range<usize>)> = BTreeMap::new();
        for (name, range) in &files {
            match place(name) {
                Ok(None) => {}
                Ok(Some((system, library))) => {
                    let library = (library.to_owned(), range.clone());
                    if libraries.insert(system.to_owned(), library).is_some() {
                        problems.push(format!("it holds two libraries for `{system}`"));
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        let mut needed = |name: &str| {
            let range = files.get(name).cloned();
            if range.is_none() {
                problems.push(format!("it has no `{name}`"));
            }
            range.unwrap_or_default()
        };
        let (manifest, sums) = (needed(MANIFEST), needed(SUMS));
        if libraries.is_empty() {
            problems.push("it holds no library".to_owned());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let slices = files.iter();
        let slices: BTreeMap<String, &[u8]> = slices
            .map(|(name, range)| (name.clone(), bytes.get(range.clone()).unwrap_or_default()))
            .collect();
        let digests = digests(&slices);
        let problems = differing(&digests, slices.get(SUMS).copied().unwrap_or_default());
        if !problems.is_empty() {
            return Err(problems);
        }
        let pinned = libraries.iter().map(|(system, (library, _))| {
            let name = format!("{system}/{library}");
            (
                system.clone(),
                digests.get(&name).cloned().unwrap_or_default(),
            )
        });
        Ok(Self {
            about: Archived {
                sha256: file::sha256(&bytes),
                libraries: pinned.collect(),
            },
            manifest,
            sums,
            signature: files.get(SIGNATURE).cloned(),
            libraries,
            bytes,
        })
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }

    /// The manifest.
    pub(crate) fn manifest(&self) -> &[u8] {
        self.slice(&self.manifest)
    }

    /// What was signed, and the signature, if there is one.
    pub(crate) fn signed(&self) -> Option<(&[u8], &[u8])> {
        let signature = self.signature.as_ref()?;
        Some((self.slice(&self.sums), self.slice(signature)))
    }

    /// System, name and bytes of the library for this system, or of a register.
    pub(crate) fn library(&self, path: &Path) -> Result<(&str, &str, &[u8]), LoadError> {
        let found = [target(), ANY]
            .into_iter()
            .find_map(|system| self.libraries.get_key_value(system));
        let Some((system, (name, range))) = found else {
            return Err(LoadError::Platform {
                path: path.to_path_buf(),
                systems: self.libraries.keys().cloned().collect(),
                here: target(),
            });
        };
        Ok((system, name, self.slice(range)))
    }
}

/// System and name of a library, by the name of the file in the archive; none for the files about them all.
fn place(name: &str) -> Result<Option<(&str, &str)>, String> {
    let steps: Vec<&str> = name.split('/').collect();
    let leads_out =
        name.contains(['\\', ':']) || steps.iter().any(|step| ["", ".", ".."].contains(step));
    if leads_out {
        return Err(format!(
            "`{name}` leads to another place than into the archive"
        ));
    }
    if [MANIFEST, SUMS, SIGNATURE].contains(&name) {
        return Ok(None);
    }
    if steps
        .last()
        .is_some_and(|last| last.eq_ignore_ascii_case(MANIFEST))
    {
        return Err(format!(
            "`{name}` is a second manifest; the one is called `{MANIFEST}`"
        ));
    }
    match steps.as_slice() {
        [system, library] if is_system(system) && plain(library) => Ok(Some((system, library))),
        _ => Err(format!(
            "`{name}` is neither `{MANIFEST}`, `{SUMS}` nor a library in the folder of its system, such as `{}`",
            target()
        )),
    }
}

/// Whether this may be the name of a system: later versions know more of them.
fn is_system(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let word = |part: &&str| {
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        !part.is_empty() && part.bytes().all(letter)
    };
    name == ANY || (3..=4).contains(&parts.len()) && parts.iter().all(word)
}

/// A name that means the same file on every system.
fn plain(name: &str) -> bool {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-".contains(&byte);
    name.bytes().all(usual) && !name.starts_with(['.', '-']) && !name.ends_with('.')
}

/// The digests of what is signed.
fn digests(files: &BTreeMap<String, &[u8]>) -> BTreeMap<String, String> {
    let covered = files
        .iter()
        .filter(|(name, _)| ![SUMS, SIGNATURE].contains(&name.as_str()));
    covered
        .map(|(name, data)| (name.clone(), file::sha256(data)))
        .collect()
}

/// The list of digests as it is written.
fn sums(digests: &BTreeMap<String, String>) -> String {
    let line = |(name, digest): (&String, &String)| format!("{digest}  {name}\n");
    digests.iter().map(line).collect()
}

/// In what the written list of digests differs from that of what is there.
fn differing(digests: &BTreeMap<String, String>, written: &[u8]) -> Vec<String> {
    if written == sums(digests).as_bytes() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(written);
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    let listed: BTreeMap<&str, &str> = lines.map(|(digest, name)| (name, digest)).collect();
    let mut problems = Vec::new();
    for (name, digest) in digests {
        match listed.get(name.as_str()) {
            Some(expected) if expected == digest => {}
            Some(expected) => problems.push(format!(
                "`{name}` is not what was packed: `{SUMS}` says sha256:{}, found sha256:{digest}",
                crate::values::printable(expected.as_bytes())
            )),
            None => problems.push(format!("`{name}` is not in `{SUMS}`")),
        }
    }
    for name in listed.keys().filter(|name| !digests.contains_key(**name)) {
        let name = crate::values::printable(name.as_bytes());
        problems.push(format!("`{SUMS}` lists `{name}`, which is not there"));
    }
    if problems.is_empty() {
        problems.push(format!(
            "`{SUMS}` is not written as `evenhand plugin pack` does"
        ));
    }
    problems
}

#[cfg(test)]
mod tests;
