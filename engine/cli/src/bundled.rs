//! What is built into the program, as the command line takes it in.

use evenhand_contract::bundled::{Bundled, BundledError};
use evenhand_plugin_host::{LoadError, Loaded, Refusal};
use serde_json::Value;

pub(crate) use evenhand_standard::{PLUGINS, core_pack, table};

/// A first-party plugin; none if `id` is not one of [`PLUGINS`].
pub(crate) fn plugin(id: &str, settings: &Value) -> Option<Result<Bundled, LoadError>> {
    let plugin = evenhand_standard::plugin(id, settings)?;
    Some(plugin.map_err(|error| refused(id, error)))
}

/// The same through the binary interface, for what checks that.
pub(crate) fn loaded(id: &str, settings: &Value) -> Option<Result<Loaded, LoadError>> {
    table(id).map(|table| Loaded::bundled(table, settings))
}

fn refused(id: &str, error: BundledError) -> LoadError {
    let plugin = id.to_owned();
    match error {
        BundledError::Settings(problems) => LoadError::Settings { plugin, problems },
        BundledError::Create(message) | BundledError::Manifest(message) => LoadError::Refused {
            plugin,
            refusal: Refusal::Create { message },
        },
    }
}
