//! Builds the engine of the pages into the program, where whoever builds a release has made it before.

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=EVENHAND_APP_WASM");
    let engine = env::var_os("EVENHAND_APP_WASM").map(PathBuf::from);
    let code = match &engine {
        Some(path) => {
            println!("cargo::rerun-if-changed={}", path.display());
            let path = path.canonicalize()?;
            let path = path.to_string_lossy();
            format!("Some(include_bytes!({path:?}))")
        }
        None => "None".to_owned(),
    };
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("app_wasm.rs"), code)
}
