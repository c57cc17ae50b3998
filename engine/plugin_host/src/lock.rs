//! `evenhand.lock`: which plugins may run, by the digest of their bytes.
//!
//! The file stands beside the profile, is written by `evenhand plugin lock` and reviewed like any lock file. Nothing that is
//! not in it runs unless it is named on the command line.

mod difference;
mod text;

use crate::error::{LoadError, quoted};
use crate::inspection::Inspection;
use crate::options::Mode;
use crate::signature::Signer;
use evenhand_contract::plugin::Manifest;
use evenhand_contract::schema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub use difference::{Change, Difference};
pub use text::LockError;

/// The plugins of a lock file, sorted by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockFile {
    /// One entry a plugin.
    pub plugins: Vec<Locked>,
}

/// One plugin of a lock file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The contract it was built for, `major.minor`.
    pub abi: String,
    /// How it runs. `in-process` is only ever written by a person.
    #[serde(default)]
    pub mode: Mode,
    /// `sha256:` and the digest of its manifest.
    pub manifest: String,
    /// The key that signed it; none means unsigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// `sha256:` and the digest of the archive that it is packed in; none where its files lie beside each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
    /// Target triple → `sha256:` and the digest of the library for it.
    pub artifacts: BTreeMap<String, String>,
    /// What it may do.
    #[serde(default)]
    pub grants: Grants,
}

/// What a plugin may read and contribute; each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Grants {
    /// JSON Pointers into the proposal that it is handed.
    pub reads: Vec<String>,
    /// Facts it adds, as pointers with `*` for elements: `/flows/*/kg`.
    pub provides: Vec<String>,
    /// Dimensions its rules count in.
    pub dimensions: Vec<String>,
    /// Functions that rules may call.
    pub functions: Vec<String>,
    /// Rules of its own.
    pub rules: Vec<String>,
}

impl Grants {
    /// All that a manifest asks for.
    pub fn asked(manifest: &Manifest) -> Self {
        let sorted = |names: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            names
                .cloned()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect()
        };
        Self {
            reads: sorted(&mut manifest.reads.iter()),
            provides: schema::leaves(&manifest.provides),
            dimensions: sorted(&mut manifest.rules.iter().map(|rule| &rule.dimension)),
            functions: sorted(&mut manifest.functions.iter().map(|function| &function.name)),
            rules: sorted(&mut manifest.rules.iter().map(|rule| &rule.id)),
        }
    }

    /// The lists with the words for them.
    pub(crate) fn lists(&self) -> [(&'static str, &Vec<String>); 5] {
        [
            ("reads", &self.reads),
            ("provides", &self.provides),
            ("dimensions", &self.dimensions),
            ("functions", &self.functions),
            ("rules", &self.rules),
        ]
    }
}

/// What one machine expects of one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// SHA-256 of the archive in hexadecimal, if it is packed.
    pub archive: Option<String>,
    /// SHA-256 of the library in hexadecimal.
    pub library: String,
    /// SHA-256 of the manifest in hexadecimal.
    pub manifest: String,
    /// The key that must have signed it.
    pub signer: Option<String>,
    /// How it runs.
    pub mode: Mode,
    /// What it may do.
    pub grants: Grants,
}

impl Pin {
    /// The pin that exactly fits what was looked at.
    pub fn of(inspection: &Inspection, mode: Mode) -> Self {
        let archived = inspection.archived.as_ref();
        Self {
            archive: archived.map(|archived| archived.sha256.clone()),
            library: inspection.sha256.clone(),
            manifest: inspection.manifest_sha256.clone(),
            signer: key(&inspection.signer),
            mode,
            grants: Grants::asked(&inspection.manifest),
        }
    }

    /// Refuses a plugin that is not the pinned one, or asks for more.
    pub fn verify(&self, found: &Inspection, mode: Mode) -> Result<(), LoadError> {
        let plugin = || found.manifest.id.clone();
        let same = |what, expected: &String, found: &String| {
            if expected == found {
                return Ok(());
            }
            Err(LoadError::Digest {
                plugin: plugin(),
                what,
                expected: expected.clone(),
                found: found.clone(),
            })
        };
        same("library", &self.library, &found.sha256)?;
        same("manifest", &self.manifest, &found.manifest_sha256)?;
        let refuse = |problem| {
            Err(LoadError::Pin {
                plugin: plugin(),
                problem,
            })
        };
        let archive = found.archived.as_ref().map(|archived| &archived.sha256);
        match (&self.archive, archive) {
            (Some(expected), Some(found)) => same("archive", expected, found)?,
            (None, None) => {}
            (expected, _) => {
                let (pinned, named) = if expected.is_some() {
                    ("an archive", "a library")
                } else {
                    ("a library", "an archive")
                };
                return refuse(format!(
                    "evenhand.lock pins {pinned}, the profile names {named}; see and accept the difference with \
                     `evenhand plugin lock --update {}`",
                    plugin()
                ));
            }
        }
        if mode == Mode::InProcess && self.mode == Mode::Isolated {
            return refuse(
                "evenhand.lock says `isolated`, the profile says `isolation = \"none\"`; a person must write \
                 `mode = \"in-process\"` into evenhand.lock"
                    .to_owned(),
            );
        }
        if let Some(signer) = &self.signer
            && key(&found.signer).as_ref() != Some(signer)
        {
            return Err(LoadError::Signature {
                plugin: plugin(),
                problem: format!(
                    "must be by `{signer}`, and there is none by that key among the keys of the profile"
                ),
            });
        }
        let asked = Grants::asked(&found.manifest);
        for ((list, granted), (_, asked)) in self.grants.lists().into_iter().zip(asked.lists()) {
            let beyond: Vec<&String> = asked
                .iter()
                .filter(|name| !granted.contains(name))
                .collect();
            if !beyond.is_empty() {
                return refuse(format!(
                    "its {list} {} not granted; run `evenhand plugin lock --update {}` to see and accept the difference",
                    quoted(&beyond),
                    plugin()
                ));
            }
        }
        Ok(())
    }
}

/// The digests of the libraries: all that an archive holds, or that of this machine.
fn artifacts(inspection: &Inspection) -> BTreeMap<String, String> {
    if let Some(archived) = &inspection.archived {
        let libraries = archived.libraries.iter();
        return libraries
            .map(|(system, digest)| (system.clone(), format!("sha256:{digest}")))
            .collect();
    }
    // A register is the same on every machine.
    let system = if inspection.rows.is_some() {
        ANY
    } else {
        target()
    };
    BTreeMap::from([(system.to_owned(), format!("sha256:{}", inspection.sha256))])
}

impl Locked {
    /// The entry for what was looked at, on this machine.
    pub fn of(inspection: &Inspection, mode: Mode) -> Self {
        let pin = Pin::of(inspection, mode);
        Self {
            id: inspection.manifest.id.clone(),
            version: inspection.manifest.version.clone(),
            abi: inspection.manifest.abi.clone(),
            mode,
            manifest: format!("sha256:{}", pin.manifest),
            signer: pin.signer,
            archive: pin.archive.map(|digest| format!("sha256:{digest}")),
            artifacts: artifacts(inspection),
            grants: pin.grants,
        }
    }

    /// What is expected on the machine `target`.
    pub fn pin(&self, target: &str) -> Result<Pin, LoadError> {
        let refuse = |problem| LoadError::Pin {
            plugin: self.id.clone(),
            problem,
        };
        let Some(library) = self
            .artifacts
            .get(target)
            .or_else(|| self.artifacts.get(ANY))
        else {
            let known: Vec<&String> = self.artifacts.keys().collect();
            return Err(refuse(format!(
                "it has no digest for {target}, only for {}; run `evenhand plugin lock --update {}` on this machine",
                quoted(&known),
                self.id
            )));
        };
        let archive = self.archive.as_deref().map(text::digest).transpose();
        Ok(Pin {
            archive: archive.map_err(refuse)?.map(str::to_owned),
            library: text::digest(library).map_err(refuse)?.to_owned(),
            manifest: text::digest(&self.manifest).map_err(refuse)?.to_owned(),
            signer: self.signer.clone(),
            mode: self.mode,
            grants: self.grants.clone(),
        })
    }
}

impl LockFile {
    /// Reads a lock file; every problem is listed.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        text::parse(text)
    }

    /// The file's text, the same for the same content.
    pub fn render(&self) -> String {
        text::render(self)
    }

    /// The entry of a plugin.
    pub fn get(&self, id: &str) -> Option<&Locked> {
        self.plugins.iter().find(|plugin| plugin.id == id)
    }

    /// Takes in `new`. Where the same version with the same manifest is locked for other machines, their digests stay;
    /// a mode written by a person stays as well.
    pub fn put(&mut self, mut new: Locked) {
        if let Some(old) = self.plugins.iter().position(|plugin| plugin.id == new.id) {
            let old = self.plugins.remove(old);
            new.mode = old.mode;
            if old.manifest == new.manifest
                && old.version == new.version
                && old.archive == new.archive
            {
                for (target, digest) in old.artifacts {
                    new.artifacts.entry(target).or_insert(digest);
                }
            }
        }
        self.plugins.push(new);
        self.plugins.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Removes the entry of a plugin; whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.plugins.len();
        self.plugins.retain(|plugin| plugin.id != id);
        self.plugins.len() < before
    }

    /// Refuses what was looked at unless it is locked for this machine.
    pub fn verify(&self, found: &Inspection, mode: Mode) -> Result<Pin, LoadError> {
        let id = &found.manifest.id;
        let Some(locked) = self.get(id) else {
            return Err(LoadError::Pin {
                plugin: id.clone(),
                problem: format!(
                    "it is not in evenhand.lock; look at it and accept it with `evenhand plugin lock {id}`"
                ),
            });
        };
        let pin = locked.pin(target())?;
        pin.verify(found, mode)?;
        Ok(pin)
    }
}

/// In the place of a target triple: for every machine.
pub(crate) const ANY: &str = "any";

/// The target triples that are known, as [`target`] names them.
pub(crate) const SYSTEMS: &[&str] = &[
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "riscv64gc-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// The target triple of this machine.
pub const fn target() -> &'static str {
    if cfg!(all(
        target_arch = "x86_64",
        target_os = "linux",
        target_env = "gnu"
    )) {
        "x86_64-unknown-linux-gnu"
    } else if cfg!(all(
        target_arch = "aarch64",
        target_os = "linux",
        target_env = "gnu"
    )) {
        "aarch64-unknown-linux-gnu"
    } else if cfg!(all(
        target_arch = "riscv64",
        target_os = "linux",
        target_env = "gnu"
    )) {
        "riscv64gc-unknown-linux-gnu"
    } else if cfg!(all(
        target_arch = "x86_64",
        target_os = "linux",
        target_env = "musl"
    )) {
        "x86_64-unknown-linux-musl"
    } else if cfg!(all(
        target_arch = "aarch64",
        target_os = "linux",
        target_env = "musl"
    )) {
        "aarch64-unknown-linux-musl"
    } else if cfg!(all(target_arch = "aarch64", target_os = "macos")) {
        "aarch64-apple-darwin"
    } else if cfg!(all(target_arch = "x86_64", target_os = "macos")) {
        "x86_64-apple-darwin"
    } else if cfg!(all(target_arch = "x86_64", target_os = "windows")) {
        "x86_64-pc-windows-msvc"
    } else {
        "unknown"
    }
}

fn key(signer: &Signer) -> Option<String> {
    match signer {
        Signer::Key(key) => Some(key.clone()),
        Signer::Nobody | Signer::Stranger => None,
    }
}
