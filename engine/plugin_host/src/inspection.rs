//! Looks at a plugin's files without running anything.

use crate::archive::{self, Archive, Archived};
use crate::error::LoadError;
use crate::options::HostOptions;
use crate::signature::{self, Signer};
use crate::{file, library, manifest};
use evenhand_contract::abi;
use evenhand_contract::manifest::{Manifest, Table};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginFile {
    /// The library.
    pub library: PathBuf,
    /// The manifest.
    pub manifest: PathBuf,
}

impl PluginFile {
    /// Whether a file of this name is a packed plugin, which holds library and manifest.
    pub fn is_archive(path: &Path) -> bool {
        archive::is(path)
    }

    /// The library with the manifest beside it: `libair.json` or `air.json` if there is one, else `plugin.json`. A packed
    /// plugin, `.zip`, holds both.
    pub fn beside(library: impl Into<PathBuf>) -> Self {
        let library = library.into();
        if archive::is(&library) {
            let manifest = library.clone();
            return Self { library, manifest };
        }
        let stem = library
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // A register may be JSON itself.
        if library
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let manifest = library.with_file_name("plugin.json");
            return Self { library, manifest };
        }
        let short = stem.strip_prefix("lib").unwrap_or(&stem);
        let named = [format!("{stem}.json"), format!("{short}.json")];
        let found = named
            .into_iter()
            .map(|name| library.with_file_name(name))
            .find(|path| path.exists());
        let manifest = found.unwrap_or_else(|| library.with_file_name("plugin.json"));
        Self { library, manifest }
    }
}

/// What a plugin's files say, and the bytes of the library that were looked at.
#[derive(Clone)]
pub struct Inspection {
    /// The files.
    pub file: PluginFile,
    /// The manifest.
    pub manifest: Manifest,
    /// The manifest as written.
    pub manifest_text: String,
    /// SHA-256 of the library in hexadecimal.
    pub sha256: String,
    /// SHA-256 of the manifest in hexadecimal.
    pub manifest_sha256: String,
    /// Bytes of the library.
    pub size: u64,
    /// Libraries it needs.
    pub needed: Vec<String>,
    /// Symbols it offers.
    pub exports: Vec<String>,
    /// The one of them that is the entry.
    pub entry: String,
    /// Who signed it.
    pub signer: Signer,
    /// The archive that it is packed in, if it is.
    pub archived: Option<Archived>,
    /// The rows of a register, which has no code.
    pub(crate) rows: Option<Arc<evenhand_tables::Rows>>,
    /// The bytes themselves: what is loaded is what was looked at.
    pub(crate) bytes: Arc<[u8]>,
}

impl fmt::Debug for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspection")
            .field("file", &self.file)
            .field("id", &self.manifest.id)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

/// The files of a plugin as they were read, wherever they stood.
pub(crate) struct Parts {
    /// Where the manifest is, for errors.
    pub(crate) place: String,
    pub(crate) manifest: Vec<u8>,
    /// Where the library is, for errors; its last part is the name of its file.
    pub(crate) path: PathBuf,
    pub(crate) library: Vec<u8>,
    /// What is signed, and the signature.
    signed: Option<(Vec<u8>, String)>,
    archived: Option<Archived>,
    /// A packed file that is for every system, as only a register is.
    any: bool,
}

impl Parts {
    /// Reads the files, and checks who can change them.
    pub(crate) fn read(file: &PluginFile) -> Result<Self, LoadError> {
        if archive::is(&file.library) {
            return Self::packed(file);
        }
        let manifest = file::read(&file.manifest, file::TEXT_LIMIT)?;
        let library = file::read(&file.library, file::LIBRARY_LIMIT)?;
        let signature = beside(&file.library)?;
        Ok(Self {
            place: file.manifest.display().to_string(),
            manifest,
            path: file.library.clone(),
            signed: signature.map(|text| (library.clone(), text)),
            library,
            archived: None,
            any: false,
        })
    }

    /// Manifest and library with their places, each read or not.
    #[cfg(unix)]
    #[expect(clippy::type_complexity, reason = "two results of the same kind")]
    pub(crate) fn each(
        file: &PluginFile,
    ) -> (
        Result<(String, Vec<u8>), LoadError>,
        Result<(PathBuf, Vec<u8>), LoadError>,
    ) {
        if archive::is(&file.library) {
            return match Self::packed(file) {
                Ok(parts) => (
                    Ok((parts.place, parts.manifest)),
                    Ok((parts.path, parts.library)),
                ),
                Err(error) => {
                    let again = Self::packed(file).map(|parts| (parts.path, parts.library));
                    (Err(error), again)
                }
            };
        }
        let manifest = file::read(&file.manifest, file::TEXT_LIMIT);
        let library = file::read(&file.library, file::LIBRARY_LIMIT);
        (
            manifest.map(|bytes| (file.manifest.display().to_string(), bytes)),
            library.map(|bytes| (file.library.clone(), bytes)),
        )
    }

    fn packed(file: &PluginFile) -> Result<Self, LoadError> {
        let path = &file.library;
        let archive = Archive::open(path)?;
        let (system, name, library) = archive.library(path)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let signed = archive.signed();
        Ok(Self {
            place: path.join("plugin.json").display().to_string(),
            manifest: archive.manifest().to_vec(),
            path: path.join(system).join(name),
            library: library.to_vec(),
            signed: signed.map(|(sums, signature)| (sums.to_vec(), text(signature))),
            any: system == crate::lock::ANY,
            archived: Some(archive.about.clone()),
        })
    }

    fn signer(&self, plugin: &str, options: &HostOptions) -> Result<Signer, LoadError> {
        let Some((bytes, text)) = &self.signed else {
            return Ok(Signer::Nobody);
        };
        let signer = signature::check(text, bytes, &options.keys);
        signer.map_err(|problem| LoadError::Signature {
            plugin: plugin.to_owned(),
            problem,
        })
    }

    /// What was found, where `facts` is what the library says of itself.
    fn inspection(
        self,
        file: &PluginFile,
        manifest: Manifest,
        options: &HostOptions,
        facts: Found,
    ) -> Result<Inspection, LoadError> {
        Ok(Inspection {
            file: file.clone(),
            signer: self.signer(&manifest.id, options)?,
            manifest_text: String::from_utf8_lossy(&self.manifest).into_owned(),
            sha256: file::sha256(&self.library),
            manifest_sha256: file::sha256(&self.manifest),
            size: self.library.len() as u64,
            needed: facts.needed,
            exports: facts.exports,
            entry: facts.entry,
            archived: self.archived,
            rows: facts.rows,
            manifest,
            bytes: self.library.into(),
        })
    }
}

/// What a library or register says of itself.
#[derive(Default)]
struct Found {
    needed: Vec<String>,
    exports: Vec<String>,
    entry: String,
    rows: Option<Arc<evenhand_tables::Rows>>,
}

/// Reads a plugin's files, checks who can change them and what the library would do when loaded. Nothing is run.
pub fn inspect(file: &PluginFile, options: &HostOptions) -> Result<Inspection, LoadError> {
    let parts = Parts::read(file)?;
    let manifest = manifest::parse(&parts.place, &parts.manifest)?;
    if parts.archived.is_some() && parts.any != manifest.table.is_some() {
        let problem = if parts.any {
            "its manifest is that of a plugin with code, which is for one system or another, not for any"
        } else {
            "its manifest is that of a register, whose rows stand under `any`"
        };
        return Err(LoadError::Archive {
            path: file.library.clone(),
            problems: vec![problem.to_owned()],
        });
    }
    let found = match &manifest.table {
        Some(table) => Found {
            rows: Some(rows(&parts.path, table, &parts.library)?.into()),
            ..Found::default()
        },
        None => code(&manifest.id, &parts)?,
    };
    parts.inspection(file, manifest, options, found)
}

/// What the library would do when loaded; refused where that is more than a plugin may.
fn code(plugin: &str, parts: &Parts) -> Result<Found, LoadError> {
    let facts = library::read(&parts.path, &parts.library)?;
    let foreign = facts.foreign();
    if !foreign.is_empty() {
        return Err(LoadError::Needs {
            plugin: plugin.to_owned(),
            libraries: foreign,
        });
    }
    let refuse = |problem: String, remedy: &str| LoadError::Library {
        plugin: plugin.to_owned(),
        problem,
        remedy: remedy.to_owned(),
    };
    if let Some((problem, remedy)) = facts.refused.into_iter().next() {
        return Err(refuse(problem, remedy));
    }
    let named = abi::entry_symbol(plugin);
    let entries = [named.as_str(), abi::PLAIN_ENTRY];
    let Some(entry) = entries
        .into_iter()
        .find(|name| facts.exports.iter().any(|export| export == name))
    else {
        return Err(refuse(
            format!("exports neither `{named}` nor `{}`", abi::PLAIN_ENTRY),
            "export the entry function, and check that the manifest's id is the plugin's",
        ));
    };
    Ok(Found {
        needed: facts.needed,
        entry: entry.to_owned(),
        exports: facts.exports,
        rows: None,
    })
}

/// The rows of a register; the file must be the one that the manifest means.
fn rows(path: &Path, table: &Table, bytes: &[u8]) -> Result<evenhand_tables::Rows, LoadError> {
    let wrong = |problems| LoadError::Register {
        path: path.to_path_buf(),
        problems,
    };
    if path.file_name().is_none_or(|name| *name != *table.data) {
        let problem = format!("its manifest says that the rows are in `{}`", table.data);
        return Err(wrong(vec![problem]));
    }
    evenhand_tables::read(table, bytes).map_err(wrong)
}

/// The signature beside a library, if there is one.
fn beside(library: &Path) -> Result<Option<String>, LoadError> {
    let mut name = library.as_os_str().to_owned();
    name.push(".minisig");
    let path = PathBuf::from(name);
    if !path.exists() {
        return Ok(None);
    }
    let bytes = file::read(&path, file::TEXT_LIMIT)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
