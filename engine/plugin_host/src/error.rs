//! Why a plugin was not loaded.

use crate::options::Mode;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// Why a plugin was not loaded. Each message names the plugin or the file and says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file could not be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or a folder above it is not safe to load code from.
    #[error("`{}` {problem}: {remedy}", path.display())]
    Unsafe {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        remedy: String,
    },
    /// A file is longer than any plugin needs.
    #[error("`{}` has more than {limit} bytes, the most that is read", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Bytes allowed.
        limit: u64,
    },
    /// The manifest is wrong; every problem is listed.
    #[error("the manifest `{place}` is not valid:\n{}", bullets(problems))]
    Manifest {
        /// The file, or the plugin's id.
        place: String,
        /// What is wrong, one sentence each.
        problems: Vec<String>,
    },
    /// The rows of a register are wrong; every problem is listed.
    #[error("the register `{}` is not valid:\n{}", path.display(), bullets(problems))]
    Register {
        /// The file with the rows.
        path: PathBuf,
        /// What is wrong, one sentence each.
        problems: Vec<String>,
    },
    /// The archive is not one that is read; every problem is listed.
    #[error("the archive `{}` is not read:\n{}", path.display(), bullets(problems))]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What is wrong, one sentence each.
        problems: Vec<String>,
    },
    /// The archive has nothing for this machine.
    #[error(
        "`{}` holds libraries for {}; none for this system, {here}: ask its author for one, or build it here",
        path.display(),
        quoted(systems)
    )]
    Platform {
        /// The archive.
        path: PathBuf,
        /// The systems that it holds libraries for.
        systems: Vec<String>,
        /// This system.
        here: &'static str,
    },
    /// The file is not a library for this machine.
    #[error("`{}` is not a library that can be loaded here: {problem}", path.display())]
    NotALibrary {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The library needs other libraries than the C library and the compiler's.
    #[error(
        "plugin `{plugin}` needs {}, which its digest does not cover: link it statically or leave it out (allowed: {})",
        quoted(libraries),
        quoted(crate::library::ALLOWED)
    )]
    Needs {
        /// The plugin's id.
        plugin: String,
        /// What it needs beyond what is allowed.
        libraries: Vec<String>,
    },
    /// The library does something at load time that is refused.
    #[error("plugin `{plugin}` {problem}: {remedy}")]
    Library {
        /// The plugin's id.
        plugin: String,
        /// What is refused.
        problem: String,
        /// What to do.
        remedy: String,
    },
    /// The engine is not one that the plugin works with.
    #[error(
        "plugin `{plugin}` {version} works with engine {wanted}, this is engine {engine}: {}",
        if *newer { "update Evenhand" } else { "update the plugin" }
    )]
    Engine {
        /// The plugin's id.
        plugin: String,
        /// The plugin's version.
        version: String,
        /// The range in its manifest.
        wanted: String,
        /// This engine.
        engine: String,
        /// Whether the plugin wants a newer engine.
        newer: bool,
    },
    /// A file is not the one that was pinned.
    #[error(
        "the {what} of plugin `{plugin}` is not the one in the lock file: expected sha256:{expected}, found sha256:{found}. \
         If you changed or updated it, look at the difference and accept it with `evenhand plugin lock --update {plugin}`; \
         if not, do not run it"
    )]
    Digest {
        /// The plugin's id.
        plugin: String,
        /// `library`, `manifest` or `archive`.
        what: &'static str,
        /// The pinned digest, in hexadecimal.
        expected: String,
        /// The digest of the bytes read.
        found: String,
    },
    /// The lock file says something else of a plugin than what is there.
    #[error("the lock file does not allow plugin `{plugin}` here: {problem}")]
    Pin {
        /// The plugin's id.
        plugin: String,
        /// What differs, and what to do.
        problem: String,
    },
    /// The signature is missing or wrong.
    #[error("the signature of plugin `{plugin}` {problem}")]
    Signature {
        /// The plugin's id.
        plugin: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The settings do not fit the schema in the manifest; every problem is listed.
    #[error(
        "the settings of plugin `{plugin}` are not valid:\n{}",
        bullets(problems)
    )]
    Settings {
        /// The plugin's id.
        plugin: String,
        /// What is wrong, one sentence each.
        problems: Vec<String>,
    },
    /// The library was linked or asked, and something in it broke the contract.
    #[error("plugin `{plugin}` was refused: {refusal}")]
    Refused {
        /// The plugin's id.
        plugin: String,
        /// What broke the contract.
        refusal: Refusal,
    },
    /// The worker did not get as far as saying hello.
    #[error("the worker of plugin `{plugin}` {problem}")]
    Worker {
        /// The plugin's id.
        plugin: String,
        /// What happened to it, with its last lines on standard error.
        problem: String,
    },
    /// The way of running is not available on this system.
    #[error("plugins cannot run {mode} on this system yet")]
    Mode {
        /// The way asked for.
        mode: Mode,
    },
}

/// What a library did wrong while it was linked, checked or started. The worker sends it to the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The loader could not link it.
    #[error("it cannot be linked: {message}")]
    Link {
        /// What the loader said.
        message: String,
    },
    /// It lacks the entry function.
    #[error("it exports neither `{named}` nor `{plain}`")]
    NoEntry {
        /// The symbol made from its id.
        named: String,
        /// The symbol that any plugin may export.
        plain: String,
    },
    /// Its table is not one that can be used.
    #[error("{message}")]
    Table {
        /// What is wrong with it.
        message: String,
    },
    /// Manifest and table name different versions of the contract.
    #[error("its manifest says ABI {manifest}, its table {}.{}: build it again with the same SDK and correct `abi`", table.0, table.1)]
    OtherAbi {
        /// What the manifest says.
        manifest: String,
        /// What the table says.
        table: (u16, u16),
    },
    /// The manifest inside is another than the one beside it.
    #[error(
        "the manifest inside it ({inside} bytes) differs from the one beside it ({beside} bytes) from byte {at} on: \
         copy the plugin.json it was built with"
    )]
    OtherManifest {
        /// Bytes of the manifest inside.
        inside: usize,
        /// Bytes of the manifest beside it.
        beside: usize,
        /// The first byte that differs.
        at: usize,
    },
    /// It declares functions or facts but lacks the function behind them.
    #[error("its manifest declares {what}, but its table has no `{function}` function")]
    NoFunction {
        /// What the manifest declares.
        what: String,
        /// `call` or `run`.
        function: String,
    },
    /// Loading or starting it changed how numbers are rounded.
    #[error(
        "{when} switched the processor to another floating-point mode (from {before:#x} to {after:#x}), which would change \
         every result of this process: build it without `-ffast-math`"
    )]
    FloatMode {
        /// What it did at that moment.
        when: String,
        /// The mode before.
        before: u64,
        /// The mode after.
        after: u64,
    },
    /// It could not make an instance.
    #[error("it could not start: {message}")]
    Create {
        /// What it said, or how it broke the contract.
        message: String,
    },
    /// The sandbox could not be put up.
    #[error(
        "the sandbox around it could not be put up ({message}), so it was not loaded; run it where seccomp is available, or set `isolation = \"none\"` if you trust it"
    )]
    Sandbox {
        /// What the system said.
        message: String,
    },
    /// The worker could not prepare itself.
    #[error("its worker could not prepare: {message}")]
    Prepare {
        /// What the system said.
        message: String,
    },
}

fn bullets(problems: &[String]) -> String {
    let lines: Vec<String> = problems.iter().map(|line| format!("  - {line}")).collect();
    lines.join("\n")
}

/// Names in backticks, with commas.
pub(crate) fn quoted(names: &[impl AsRef<str>]) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    names.join(", ")
}
