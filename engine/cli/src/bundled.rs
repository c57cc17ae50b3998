//! What is built into the program: the core pack and the first-party plugins.

use evenhand_core::pack::PackFiles;
use evenhand_host::{LoadError, Loaded, Table};
use serde_json::Value;

/// The files of the core pack: path, SHA-256, bytes; sorted by path; written by the build script.
static CORE_PACK: &[(&str, &str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/core_pack.rs"));

/// The core pack.
pub(crate) fn core_pack() -> PackFiles {
    PackFiles {
        folder: "international-programs".to_owned(),
        files: CORE_PACK
            .iter()
            .map(|(path, _, bytes)| ((*path).to_owned(), bytes.to_vec()))
            .collect(),
        checked: true,
        digests: CORE_PACK
            .iter()
            .map(|(path, digest, _)| ((*path).to_owned(), (*digest).to_owned()))
            .collect(),
    }
}

/// The ids of the first-party plugins.
pub(crate) const PLUGINS: [&str; 4] = ["climate", "equity", "ethics", "sustainability"];

/// A first-party plugin, through the same table as any other; none if `id` is not one of [`PLUGINS`].
pub(crate) fn plugin(id: &str, settings: &Value) -> Option<Result<Loaded, LoadError>> {
    table(id).map(|table| Loaded::bundled(table, settings))
}

/// The table of a first-party plugin.
pub(crate) fn table(id: &str) -> Option<&'static Table> {
    Some(match id {
        "climate" => evenhand_plugin_climate::plugin_table(),
        "equity" => evenhand_plugin_equity::plugin_table(),
        "ethics" => evenhand_plugin_ethics::plugin_table(),
        "sustainability" => evenhand_plugin_sustainability::plugin_table(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::plugin::Plugin as _;

    #[test]
    fn every_listed_plugin_is_there_under_its_own_id() {
        for id in PLUGINS {
            let plugin = plugin(id, &Value::Null).unwrap().unwrap();
            assert_eq!(plugin.manifest().id, id);
        }
        assert!(plugin("climat", &Value::Null).is_none());
    }
}
