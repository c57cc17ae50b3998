//! Makes a packed plugin, after looking at what goes in.

use super::{Archive, MANIFEST, SIGNATURE, SUMS, container, digests, plain, sums};
use crate::error::LoadError;
use crate::file::LIBRARY_LIMIT;
use crate::lock::{ANY, SYSTEMS};
use crate::{library, manifest};
use evenhand_contract::abi;
use evenhand_contract::manifest::Manifest;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What goes into an archive.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The manifest as it is written.
    pub manifest: Vec<u8>,
    /// Libraries for different systems, or the rows of a register.
    pub libraries: Vec<Library>,
    /// The signature of the digests, as `minisign` writes it.
    pub signature: Option<String>,
}

/// A library, or the rows of a register.
#[derive(Debug, Clone)]
pub struct Library {
    /// The system it is for; what the file itself says if none is named.
    pub system: Option<String>,
    /// The name of its file, without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An archive and what it holds.
#[derive(Debug, Clone)]
pub struct Packed {
    /// The bytes of the archive, the same for the same contents.
    pub bytes: Vec<u8>,
    /// The digests, which is what is signed.
    pub sums: String,
    /// The manifest.
    pub manifest: Manifest,
    /// The archive's own digest, and those of the libraries for each system.
    pub archived: super::Archived,
}

/// Packs a plugin; every problem comes back.
pub fn pack(contents: &Contents) -> Result<Packed, Vec<String>> {
    let manifest = match manifest::parse(MANIFEST, &contents.manifest) {
        Ok(manifest) => manifest,
        Err(LoadError::Manifest { problems, .. }) => return Err(problems),
        Err(other) => return Err(vec![other.to_string()]),
    };
    let mut problems = Vec::new();
    let mut files = BTreeMap::from([(MANIFEST.to_owned(), contents.manifest.as_slice())]);
    let mut systems: BTreeMap<String, &str> = BTreeMap::new();
    for library in &contents.libraries {
        let name = &library.name;
        if !plain(name) {
            problems.push(format!(
                "`{name}`: the name of a library may hold letters, digits, `.`, `_`, `+` and `-`"
            ));
        }
        let system = if manifest.table.is_some() {
            register(&manifest, library)
        } else {
            code(&manifest, library, &contents.manifest)
        };
        match system {
            Ok(system) => {
                if let Some(other) = systems.insert(system.clone(), name) {
                    problems.push(format!("`{other}` and `{name}` are both for {system}"));
                }
                files.insert(format!("{system}/{name}"), &library.bytes);
            }
            Err(found) => problems.extend(found),
        }
    }
    if contents.libraries.is_empty() {
        problems.push("there is no library to pack".to_owned());
    }
    let size: u64 = files.values().map(|data| data.len() as u64 + 1000).sum();
    if size > LIBRARY_LIMIT {
        problems.push(format!(
            "all together have {size} bytes, and at most {LIBRARY_LIMIT} are read"
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let sums = sums(&digests(&files));
    files.insert(SUMS.to_owned(), sums.as_bytes());
    if let Some(signature) = &contents.signature {
        files.insert(SIGNATURE.to_owned(), signature.as_bytes());
    }
    // What this program would not read back, nobody gets.
    let archive = Archive::of(container::write(&files))?;
    Ok(Packed {
        archived: archive.about.clone(),
        bytes: archive.bytes,
        sums,
        manifest,
    })
}

/// The rows of a register are for every system.
fn register(manifest: &Manifest, library: &Library) -> Result<String, Vec<String>> {
    let name = &library.name;
    let Some(table) = &manifest.table else {
        return Err(Vec::new());
    };
    let mut problems = Vec::new();
    if *name != table.data {
        problems.push(format!(
            "`{name}`: the manifest says that the rows are in `{}`",
            table.data
        ));
    } else if let Err(found) = evenhand_tables::read(table, &library.bytes) {
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("`{name}`: {problem}")),
        );
    }
    if let Some(system) = library.system.as_deref().filter(|system| *system != ANY) {
        problems.push(format!(
            "`{name}` is a register, which is for every system, not for {system} alone"
        ));
    }
    if problems.is_empty() {
        Ok(ANY.to_owned())
    } else {
        Err(problems)
    }
}

/// The system of a library, which must export the entry and hold the manifest.
fn code(manifest: &Manifest, library: &Library, text: &[u8]) -> Result<String, Vec<String>> {
    let name = &library.name;
    let read =
        library::foreign(&library.bytes).map_err(|problem| vec![format!("`{name}` {problem}")])?;
    let mut problems = Vec::new();
    let system = match library.system.as_deref() {
        None => read.systems.first().copied().map(str::to_owned),
        Some(system) if read.systems.contains(&system) => Some(system.to_owned()),
        Some(system) if !SYSTEMS.contains(&system) => {
            problems.push(format!(
                "`{system}` is no system that evenhand knows; expected one of {}",
                list(SYSTEMS)
            ));
            None
        }
        Some(system) => {
            problems.push(format!(
                "`{name}` is not for {system}, but for {}",
                list(&read.systems)
            ));
            None
        }
    };
    let entries = [abi::entry_symbol(&manifest.id), abi::PLAIN_ENTRY.to_owned()];
    if !read.exports.iter().any(|export| entries.contains(export)) {
        let [named, plain] = &entries;
        problems.push(format!("`{name}` exports neither `{named}` nor `{plain}`: is it another plugin than the manifest's?"));
    }
    if !holds(&library.bytes, text) {
        problems.push(format!(
            "`{name}` does not hold this manifest, which must be in it byte for byte: build it again, or name the \
             manifest it was built with"
        ));
    }
    match system {
        Some(system) if problems.is_empty() => Ok(system),
        _ => Err(problems),
    }
}

/// Whether `part` stands in `bytes`.
fn holds(bytes: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else {
        return true;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(part) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

fn list(names: &[&str]) -> String {
    let mut text = String::new();
    for (number, name) in names.iter().enumerate() {
        let before = match number {
            0 => "",
            last if last + 1 == names.len() => " or ",
            _ => ", ",
        };
        let _ = write!(text, "{before}{name}"); // writing to a String cannot fail
    }
    text
}
