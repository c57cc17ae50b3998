//! Builds the core pack into the binary: every file under `rules/international-programs`, in sorted order.

use evenhand_core::pack::{PackFiles, Prepared};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = here
        .join("../../rules/international-programs")
        .canonicalize()?;
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let mut code = String::from("[\n");
    let mut pack = PackFiles::default();
    for file in &files {
        let name = file
            .strip_prefix(&folder)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        let bytes = fs::read(file)?;
        let digest = hex(&bytes);
        pack.files.insert(name.clone(), bytes.into());
        let path = file.to_string_lossy();
        code.push_str(&format!(
            "    ({name:?}, {digest:?}, include_bytes!({path:?}).as_slice()),\n"
        ));
    }
    code.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("core_pack.rs"), code)?;
    fs::write(out.join("prepared.json"), Prepared::of(&pack).to_text())
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
