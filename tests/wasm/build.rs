//! Builds the examples into the module, and gives it a stack as large as the scripts of strangers need.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = here.join("../../examples/proposals").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=67108864");
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let beside = ["expected.toml", "orderings.toml"].contains(&name.as_str());
        if !beside
            && std::path::Path::new(&name)
                .extension()
                .is_none_or(|extension| extension != "md")
        {
            names.push(name);
        }
    }
    names.sort();
    let mut code = String::from("[\n");
    for name in names {
        let path = folder.join(&name);
        let path = path.to_string_lossy();
        code.push_str(&format!(
            "    ({name:?}, include_bytes!({path:?}).as_slice()),\n"
        ));
    }
    code.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("examples.rs"), code)
}
