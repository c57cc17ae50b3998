//! Builds the core pack into the crate, every file under `rules/international-programs` in sorted order, with what the
//! engine reads of it once; and works out a digest of each first-party plugin.

use evenhand_contract::digest::Digest;
use evenhand_core::pack::{PackFiles, Prepared};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The first-party plugins, by their folders.
const PLUGINS: [&str; 4] = ["climate", "equity", "ethics", "sustainability"];

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let top = here.join("../..").canonicalize()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    core_pack(&top.join("rules/international-programs"), &out)?;
    plugin_digests(&top, &out)
}

fn core_pack(folder: &Path, out: &Path) -> io::Result<()> {
    let mut code = String::from("[\n");
    let mut pack = PackFiles::default();
    for (name, path) in files(folder, &|_| true)? {
        let bytes = fs::read(&path)?;
        let digest = Digest::of(&bytes);
        let path = path.to_string_lossy();
        code.push_str(&format!(
            "    ({name:?}, {:?}, include_bytes!({path:?}).as_slice()),\n",
            digest.as_str()
        ));
        pack.files.insert(name, bytes.into());
    }
    code.push_str("]\n");
    fs::write(out.join("core_pack.rs"), code)?;
    let prepared = Prepared::of(&pack);
    fs::write(out.join("programs.bin"), prepared.programs(&pack))?;
    fs::write(out.join("prepared.json"), prepared.to_text())
}

/// A digest of each plugin: of its manifest, data and sources, of what the SDK adds, and of the versions of everything it
/// depends on. It is the same on every target.
fn plugin_digests(top: &Path, out: &Path) -> io::Result<()> {
    let lock = top.join("Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    let packages = packages(&fs::read_to_string(&lock)?);
    let mut code = String::from("[\n");
    for id in PLUGINS {
        let mut all = Vec::new();
        for folder in [
            format!("plugins/{id}"),
            "plugins/sdk".to_owned(),
            "plugins/contract".to_owned(),
        ] {
            for (name, path) in files(&top.join(&folder), &is_part)? {
                let bytes = fs::read(path)?;
                all.extend(format!("{folder}/{name} {}\n", bytes.len()).into_bytes());
                all.extend(bytes);
            }
        }
        for package in reached(&packages, &format!("evenhand-plugin-{id}")) {
            all.extend(format!("{package}\n").into_bytes());
        }
        code.push_str(&format!("    ({id:?}, {:?}),\n", Digest::of(&all).as_str()));
    }
    code.push_str("]\n");
    fs::write(out.join("plugins.rs"), code)
}

/// Whether a file of a plugin's folder has a part in what the plugin answers.
fn is_part(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_none_or(|ending| ending != "md")
        && !["tests/", "benches/", "include/"]
            .iter()
            .any(|folder| name.starts_with(folder))
}

/// Packages by name: version and checksum, and the names of what each depends on.
fn packages(lock: &str) -> BTreeMap<String, (String, Vec<String>)> {
    let lock: toml::Table = toml::from_str(lock).unwrap_or_default();
    let list = lock.get("package").and_then(toml::Value::as_array);
    let mut packages = BTreeMap::new();
    for package in list.into_iter().flatten() {
        let text = |key: &str| {
            package
                .get(key)
                .and_then(toml::Value::as_str)
                .unwrap_or_default()
        };
        let dependencies = package.get("dependencies").and_then(toml::Value::as_array);
        let dependencies = dependencies
            .into_iter()
            .flatten()
            .filter_map(|name| Some(name.as_str()?.split(' ').next()?.to_owned()))
            .collect();
        let itself = format!("{} {} {}", text("name"), text("version"), text("checksum"));
        packages.insert(text("name").to_owned(), (itself, dependencies));
    }
    packages
}

/// A package and everything it depends on, each with its version and checksum, sorted.
fn reached(packages: &BTreeMap<String, (String, Vec<String>)>, first: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    let mut open = vec![first.to_owned()];
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some((itself, dependencies)) = packages.get(&name) {
            found.insert(itself.clone());
            open.extend(dependencies.iter().cloned());
        }
    }
    found
}

/// The files below a folder that count, by their path in it with `/`, sorted. A changed folder means a new or a lost file,
/// so it is watched too.
fn files(folder: &Path, counts: &dyn Fn(&str) -> bool) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(here) = open.pop() {
        println!("cargo::rerun-if-changed={}", here.display());
        for entry in fs::read_dir(&here)? {
            let path = entry?.path();
            let name = path.strip_prefix(folder).unwrap_or(&path);
            let name = name.to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                if name != "target" {
                    open.push(path);
                }
            } else if counts(&name) {
                println!("cargo::rerun-if-changed={}", path.display());
                found.insert(name, path);
            }
        }
    }
    Ok(found)
}
