//! What is built into the program: the core pack and the first-party plugins.

use crate::setup::Found;
use evenhand_core::pack::PackFiles;
use evenhand_core::plugin::Plugin;
use evenhand_core::problem::Problem;
use serde_json::{Map, Value};

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

/// The first-party plugins, through the same table as any other, with the settings a profile gives them.
pub(crate) fn plugins(found: Option<&Found>) -> Result<Vec<Box<dyn Plugin>>, Vec<Problem>> {
    let tables = [
        evenhand_plugin_climate::plugin_table(),
        evenhand_plugin_equity::plugin_table(),
        evenhand_plugin_ethics::plugin_table(),
        evenhand_plugin_sustainability::plugin_table(),
    ];
    let mut plugins: Vec<Box<dyn Plugin>> = Vec::new();
    let mut problems = Vec::new();
    for table in tables {
        match evenhand_host::bundled(table, &Value::Object(Map::new())) {
            Ok(plugin) => {
                let entry =
                    found.and_then(|found| found.profile.plugins.get(&plugin.manifest().id));
                match entry {
                    Some(entry) if entry.disabled.is_some() => {}
                    Some(entry) if !entry.settings.is_empty() => {
                        match evenhand_host::bundled(table, &Value::Object(entry.settings.clone()))
                        {
                            Ok(plugin) => plugins.push(plugin),
                            Err(error) => problems.push(Problem::error(error.to_string())),
                        }
                    }
                    _ => plugins.push(plugin),
                }
            }
            Err(error) => problems.push(Problem::error(error.to_string())),
        }
    }
    if problems.is_empty() {
        Ok(plugins)
    } else {
        Err(problems)
    }
}
