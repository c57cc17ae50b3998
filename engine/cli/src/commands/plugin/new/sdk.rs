//! Where the Rust SDK is that a new project builds against.

use crate::files;
use crate::plugins::shown;
use evenhand_core::problem::Problem;
use std::path::{Path, PathBuf};

/// The package of the Rust SDK.
const SDK: &str = "evenhand-plugin";
/// Where it lies in the sources of evenhand.
const PLACE: &str = "plugins/sdk";

/// The SDK of the sources that this folder lies in, as seen from inside the project. It is on no registry, so that a version
/// number would name something that nobody can get.
pub(super) fn found() -> Result<String, Problem> {
    let here = std::env::current_dir().ok();
    let mut up = PathBuf::from("..");
    for folder in here.iter().flat_map(|here| here.ancestors()) {
        if is_sdk(&folder.join(PLACE)) {
            return Ok(shown(&up.join(PLACE)));
        }
        up.push("..");
    }
    Err(Problem::error(
        "the Rust SDK is on no registry yet, and its sources are not in this folder or one above",
    )
    .expected(format!("`{PLACE}` in the sources of evenhand"))
    .suggest("name it with `--sdk FOLDER`; or use `--lang c`, which needs nothing but the header it takes along"))
}

/// An SDK in a folder, as seen from inside the project.
pub(super) fn named(folder: &Path) -> Result<String, Problem> {
    let manifest = folder.join("Cargo.toml");
    std::fs::read_to_string(&manifest)
        .map_err(|error| files::cannot("read", &shown(&manifest), &error))?;
    if !is_sdk(folder) {
        let problem = Problem::error(format!("`{}` is not the Rust SDK", shown(folder)));
        return Err(problem.expected(format!(
            "the folder of the package `{SDK}`: `{PLACE}` in the sources of evenhand"
        )));
    }
    Ok(if folder.is_absolute() {
        shown(folder)
    } else {
        shown(&Path::new("..").join(folder))
    })
}

fn is_sdk(folder: &Path) -> bool {
    let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let name = format!("name = \"{SDK}\"");
    text.lines().any(|line| line.trim() == name)
}
