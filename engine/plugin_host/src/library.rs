//! What a library file says of itself, read without running it.

use crate::error::LoadError;
use object::{Object as _, ObjectKind, read};
use std::path::Path;

mod elf;

/// Names of the libraries that a plugin may need: the C library, the compiler's own and the loader. Compared whole: a
/// beginning such as `ld-linux` would let `ld-linux/evil.so` through.
pub(crate) const ALLOWED: &[&str] = &[
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
    "libc.musl-x86_64.so.1",
    "libc.musl-aarch64.so.1",
    "/usr/lib/libSystem.B.dylib",
];

/// What stands in a library file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// Libraries it needs, in order.
    pub(crate) needed: Vec<String>,
    /// Symbols it offers, sorted.
    pub(crate) exports: Vec<String>,
    /// What it does at load time that is refused, with what to do.
    pub(crate) refused: Vec<(String, &'static str)>,
}

impl Facts {
    /// The needed libraries that are not allowed.
    pub(crate) fn foreign(&self) -> Vec<String> {
        let allowed = |name: &str| ALLOWED.contains(&name);
        self.needed
            .iter()
            .filter(|name| !allowed(name))
            .cloned()
            .collect()
    }
}

/// Reads the library `bytes` of the file `path`, which is only named in errors.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Facts, LoadError> {
    let wrong = |problem: String| LoadError::NotALibrary {
        path: path.to_path_buf(),
        problem,
    };
    let file = object::File::parse(bytes).map_err(|error| wrong(error.to_string()))?;
    if !native(file.architecture()) {
        let problem = format!(
            "it is for {:?} processors, this one is {}",
            file.architecture(),
            std::env::consts::ARCH
        );
        return Err(wrong(problem));
    }
    if file.kind() != ObjectKind::Dynamic {
        return Err(wrong(format!(
            "it is not a shared library ({:?})",
            file.kind()
        )));
    }
    let mut facts = match &file {
        object::File::Elf64(file) if cfg!(target_os = "linux") => {
            return elf::facts(bytes, file).map_err(wrong);
        }
        object::File::MachO64(file) if cfg!(target_os = "macos") => {
            needed(file).map_err(|error| wrong(error.to_string()))?
        }
        object::File::Pe64(file) if cfg!(windows) => {
            needed(file).map_err(|error| wrong(error.to_string()))?
        }
        _ => {
            return Err(wrong(format!(
                "{:?} files are not for {}",
                file.format(),
                std::env::consts::OS
            )));
        }
    };
    for export in file.exports().map_err(|error| wrong(error.to_string()))? {
        let export = export.map_err(|error| wrong(error.to_string()))?;
        let object::NameOrOrdinal::Name(name) = export.name() else {
            continue;
        };
        let name = String::from_utf8_lossy(name).into_owned();
        // Mach-O puts an underscore before every C name.
        facts.exports.push(match name.strip_prefix('_') {
            Some(rest) if cfg!(target_os = "macos") => rest.to_owned(),
            _ => name,
        });
    }
    facts.exports.sort();
    facts.exports.dedup();
    Ok(facts)
}

/// What a library for any system says of itself, for the author who packs it.
#[derive(Debug)]
pub(crate) struct Foreign {
    /// The systems that it may be for, the likeliest first.
    pub(crate) systems: Vec<&'static str>,
    /// Symbols it offers.
    pub(crate) exports: Vec<String>,
}

/// Reads a library that may be for another system; a problem goes on from its name.
pub(crate) fn foreign(bytes: &[u8]) -> Result<Foreign, String> {
    use object::{Architecture as A, BinaryFormat as F};
    let unreadable = |error: read::Error| format!("is no library ({error})");
    let file = object::File::parse(bytes).map_err(unreadable)?;
    if file.kind() != ObjectKind::Dynamic {
        return Err(format!("is no shared library ({:?})", file.kind()));
    }
    let systems: &[&str] = match (file.format(), file.architecture()) {
        (F::Elf, A::X86_64) => &["x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"],
        (F::Elf, A::Aarch64) => &["aarch64-unknown-linux-gnu", "aarch64-unknown-linux-musl"],
        (F::Elf, A::Riscv64) => &["riscv64gc-unknown-linux-gnu"],
        (F::MachO, A::Aarch64) => &["aarch64-apple-darwin"],
        (F::MachO, A::X86_64) => &["x86_64-apple-darwin"],
        (F::Pe, A::X86_64) => &["x86_64-pc-windows-msvc"],
        (format, processor) => {
            return Err(format!(
                "is for {processor:?} processors in the form {format:?}, for which there is no evenhand"
            ));
        }
    };
    let mut systems = systems.to_vec();
    if bytes_name_musl(bytes) {
        systems.retain(|system| system.ends_with("musl"));
    }
    let mut exports = Vec::new();
    for export in file.exports().map_err(unreadable)? {
        if let object::NameOrOrdinal::Name(name) = export.map_err(unreadable)?.name() {
            let name = String::from_utf8_lossy(name).into_owned();
            // Mach-O puts an underscore before every C name.
            exports.push(match name.strip_prefix('_') {
                Some(rest) if file.format() == F::MachO => rest.to_owned(),
                _ => name,
            });
        }
    }
    Ok(Foreign { systems, exports })
}

/// Whether the C library that it needs is musl, whose name says so.
fn bytes_name_musl(bytes: &[u8]) -> bool {
    let name = b"\0libc.musl-";
    bytes.windows(name.len()).any(|part| part == name)
}

fn native(architecture: object::Architecture) -> bool {
    use object::Architecture as A;
    match architecture {
        A::X86_64 => cfg!(target_arch = "x86_64"),
        A::Aarch64 => cfg!(target_arch = "aarch64"),
        A::Riscv64 => cfg!(target_arch = "riscv64"),
        _ => false,
    }
}

fn needed<'data>(file: &impl read::Object<'data>) -> read::Result<Facts> {
    let mut facts = Facts::default();
    for import in file.imports()? {
        let library = String::from_utf8_lossy(import?.library()).into_owned();
        if !library.is_empty() && !facts.needed.contains(&library) {
            facts.needed.push(library);
        }
    }
    Ok(facts)
}
