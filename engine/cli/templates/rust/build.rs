//! Writes the manifest beside the library that is built, and hands the same bytes to it: the two cannot differ.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=plugin.json");
    println!("cargo::rerun-if-env-changed=CARGO_PKG_VERSION");
    let manifest = fs::read_to_string("plugin.json").expect("plugin.json is read");
    let version = env::var("CARGO_PKG_VERSION").expect("Cargo sets the version");
    assert!(
        manifest.contains(&format!("\"version\": \"{version}\"")),
        "plugin.json must have the version of Cargo.toml, {version}"
    );
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets the folder"));
    fs::write(out.join("plugin.json"), &manifest).expect("the manifest is written");
    // From target/release/build/NAME/out to target/release, where Cargo puts the library.
    let beside = out.ancestors().nth(3).map(Path::to_path_buf);
    let beside = beside.expect("Cargo puts libraries above");
    fs::write(beside.join("evenhand_plugin_{{symbol}}.json"), manifest)
        .expect("the manifest is written beside the library");
}
