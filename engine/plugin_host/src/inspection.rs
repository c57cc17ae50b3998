//! Looks at a plugin's files without running anything.

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
    /// The library with the manifest beside it: `libair.json` or `air.json` if there is one, else `plugin.json`.
    pub fn beside(library: impl Into<PathBuf>) -> Self {
        let library = library.into();
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

/// Reads a plugin's files, checks who can change them and what the library would do when loaded. Nothing is run.
pub fn inspect(file: &PluginFile, options: &HostOptions) -> Result<Inspection, LoadError> {
    let manifest_bytes = file::read(&file.manifest, file::TEXT_LIMIT)?;
    let manifest = manifest::parse(&file.manifest.display().to_string(), &manifest_bytes)?;
    let bytes = file::read(&file.library, file::LIBRARY_LIMIT)?;
    if let Some(table) = &manifest.table {
        let rows = rows(file, table, &bytes)?;
        let signer = signer(&manifest.id, &file.library, &bytes, options)?;
        let text = String::from_utf8_lossy(&manifest_bytes).into_owned();
        return Ok(Inspection {
            file: file.clone(),
            manifest_text: text,
            sha256: file::sha256(&bytes),
            manifest_sha256: file::sha256(&manifest_bytes),
            size: bytes.len() as u64,
            needed: Vec::new(),
            exports: Vec::new(),
            entry: String::new(),
            signer,
            rows: Some(rows.into()),
            manifest,
            bytes: bytes.into(),
        });
    }
    let facts = library::read(&file.library, &bytes)?;
    let foreign = facts.foreign();
    let plugin = manifest.id.clone();
    if !foreign.is_empty() {
        return Err(LoadError::Needs {
            plugin,
            libraries: foreign,
        });
    }
    if let Some((problem, remedy)) = facts.refused.into_iter().next() {
        return Err(LoadError::Library {
            plugin,
            problem,
            remedy: remedy.to_owned(),
        });
    }
    let named = abi::entry_symbol(&plugin);
    let entries = [named.as_str(), abi::PLAIN_ENTRY];
    let Some(entry) = entries
        .into_iter()
        .find(|name| facts.exports.iter().any(|export| export == name))
    else {
        return Err(LoadError::Library {
            plugin,
            problem: format!("exports neither `{named}` nor `{}`", abi::PLAIN_ENTRY),
            remedy: "export the entry function, and check that the manifest's id is the plugin's"
                .to_owned(),
        });
    };
    let signer = signer(&plugin, &file.library, &bytes, options)?;
    Ok(Inspection {
        file: file.clone(),
        manifest_text: String::from_utf8_lossy(&manifest_bytes).into_owned(),
        sha256: file::sha256(&bytes),
        manifest_sha256: file::sha256(&manifest_bytes),
        size: bytes.len() as u64,
        needed: facts.needed,
        entry: entry.to_owned(),
        exports: facts.exports,
        signer,
        rows: None,
        manifest,
        bytes: bytes.into(),
    })
}

/// The rows of a register; the file must be the one that the manifest means.
fn rows(
    file: &PluginFile,
    table: &Table,
    bytes: &[u8],
) -> Result<evenhand_tables::Rows, LoadError> {
    let wrong = |problems| LoadError::Register {
        path: file.library.clone(),
        problems,
    };
    if file
        .library
        .file_name()
        .is_none_or(|name| *name != *table.data)
    {
        let problem = format!("its manifest says that the rows are in `{}`", table.data);
        return Err(wrong(vec![problem]));
    }
    evenhand_tables::read(table, bytes).map_err(wrong)
}

fn signer(
    plugin: &str,
    library: &Path,
    bytes: &[u8],
    options: &HostOptions,
) -> Result<Signer, LoadError> {
    let mut name = library.as_os_str().to_owned();
    name.push(".minisig");
    let path = PathBuf::from(name);
    if !path.exists() {
        return Ok(Signer::Nobody);
    }
    let text = String::from_utf8_lossy(&file::read(&path, file::TEXT_LIMIT)?).into_owned();
    signature::check(&text, bytes, &options.keys).map_err(|problem| LoadError::Signature {
        plugin: plugin.to_owned(),
        problem,
    })
}
