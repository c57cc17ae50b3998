//! Takes into the program what other folders hold: the engine of the pages, where a release has built it before, and the SDK for
//! plugins in Rust, which new projects take along.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The packages that a plugin in Rust needs, and the folders they stand in.
const PACKAGES: [(&str, &str); 2] = [
    ("evenhand-plugin", "plugins/sdk"),
    ("evenhand-contract", "plugins/contract"),
];

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("app_wasm.rs"), engine()?)?;
    fs::write(out.join("sdk.rs"), sdk()?)
}

/// The engine of the pages, as an expression.
fn engine() -> io::Result<String> {
    println!("cargo::rerun-if-env-changed=EVENHAND_APP_WASM");
    let engine = env::var_os("EVENHAND_APP_WASM").map(PathBuf::from);
    let Some(path) = engine else {
        return Ok("None".to_owned());
    };
    println!("cargo::rerun-if-changed={}", path.display());
    let path = path.canonicalize()?;
    let path = path.to_string_lossy();
    Ok(format!("Some(include_bytes!({path:?}))"))
}

/// The files of the SDK with their paths in a project, and the lines that say which versions it needs.
fn sdk() -> io::Result<String> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let root = root.canonicalize()?;
    let mut files = Vec::new();
    let mut needed: Vec<String> = Vec::new();
    for (package, folder) in PACKAGES {
        let folder = root.join(folder);
        let manifest = folder.join("Cargo.toml");
        println!("cargo::rerun-if-changed={}", manifest.display());
        let text = fs::read_to_string(&manifest)?;
        let names = text
            .lines()
            .filter_map(|line| line.strip_suffix(".workspace = true"));
        needed.extend(names.map(str::to_owned));
        files.push((format!("vendor/{package}/Cargo.toml"), manifest));
        sources(
            &folder.join("src"),
            &format!("vendor/{package}/src"),
            &mut files,
        )?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files.push((format!("vendor/{licence}"), root.join(licence)));
    }
    let workspace = root.join("Cargo.toml");
    println!("cargo::rerun-if-changed={}", workspace.display());
    let text = fs::read_to_string(workspace)?;
    let line = |line: &str| {
        let (name, version) = line.split_once(" = ")?;
        let wanted = needed.iter().any(|one| one == name) && !version.contains("path = ");
        let version = version.split(" #").next().unwrap_or(version);
        wanted.then(|| format!("{name} = {}\n", version.trim_end()))
    };
    let (package, dependencies) = text
        .split_once("[workspace.dependencies]")
        .unwrap_or((&text, ""));
    let package: String = package.lines().filter_map(line).collect();
    let dependencies: String = dependencies.lines().filter_map(line).collect();
    let files = files.iter().map(|(path, file)| {
        let file = file.to_string_lossy();
        format!("({path:?}, include_str!({file:?})),\n")
    });
    let files: String = files.collect();
    Ok(format!(
        "/// Every file, with its path in a project.\nconst FILES: &[Template] = &[\n{files}];\n\
         /// What its manifests take from the workspace they are in.\nconst PACKAGE: &str = {package:?};\n\
         /// The versions it needs.\nconst DEPENDENCIES: &str = {dependencies:?};\n"
    ))
}

/// Every source file of a folder, in the order of their names.
fn sources(folder: &Path, inside: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let inside = format!("{inside}/{name}");
        if path.is_dir() {
            sources(&path, &inside, files)?;
        } else if name.ends_with(".rs") {
            files.push((inside, path));
        }
    }
    Ok(())
}
