//! Builds the core pack into the binary: every file under `rules/international-programs`, in sorted order.

use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let pack = here
        .join("../../rules/international-programs")
        .canonicalize()?;
    let mut files = Vec::new();
    collect(&pack, &mut files)?;
    files.sort();
    let mut code = String::from("[\n");
    for file in &files {
        let name = file
            .strip_prefix(&pack)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        let digest = hex(&fs::read(file)?);
        let path = file.to_string_lossy();
        code.push_str(&format!(
            "    ({name:?}, {digest:?}, include_bytes!({path:?}).as_slice()),\n"
        ));
    }
    code.push_str("]\n");
    fs::write(
        PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("core_pack.rs"),
        code,
    )
}

/// SHA-256, so that receipts need not hash the pack at every start.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// Every file below a folder; a changed folder means a new or a lost file, so it is watched too.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
