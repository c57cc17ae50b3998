//! The SDK for plugins in Rust as it is in the sources of this program: a project takes it along, since it is on no registry, and
//! builds wherever it lies.

use super::Template;

include!(concat!(env!("OUT_DIR"), "/sdk.rs"));

/// Every file of the SDK, with its path in a project.
pub(super) fn files() -> &'static [Template] {
    FILES
}

/// A project's manifest with what the manifests of the SDK take from their workspace.
pub(super) fn fill(manifest: &str) -> String {
    manifest
        .replace("{{sdk_package}}", PACKAGE.trim_end())
        .replace("{{sdk_dependencies}}", DEPENDENCIES.trim_end())
}
