//! The shipped distribution: the core pack and the first-party plugins. The only crate that names them.

use evenhand_contract::abi;
use evenhand_contract::bundled::{Bundled, BundledError, LinkedPlugin};
use evenhand_contract::digest::Digest;
use evenhand_contract::plugin::PluginSource;
use evenhand_core::pack::{PackFiles, Prepared};
use evenhand_session::Distribution;
use serde_json::Value;
use std::sync::Arc;

/// The files of the core pack: path, SHA-256, bytes; sorted by path; written by the build script.
static CORE_PACK: &[(&str, &str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/core_pack.rs"));

/// What was read of the core pack when this crate was built.
static PREPARED: &str = include_str!(concat!(env!("OUT_DIR"), "/prepared.json"));

/// The digest of each plugin.
static DIGESTS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/plugins.rs"));

/// The core pack.
pub fn core_pack() -> PackFiles {
    PackFiles::built_in(
        "international-programs",
        CORE_PACK,
        Prepared::from_text(PREPARED),
    )
}

/// The ids of the first-party plugins.
pub const PLUGINS: [&str; 4] = ["climate", "equity", "ethics", "sustainability"];

/// A first-party plugin with its settings; none if `id` is not one of [`PLUGINS`].
pub fn plugin(id: &str, settings: &Value) -> Option<Result<Bundled, BundledError>> {
    let linked: &dyn LinkedPlugin = match id {
        "climate" => evenhand_plugin_climate::linked_plugin(),
        "equity" => evenhand_plugin_equity::linked_plugin(),
        "ethics" => evenhand_plugin_ethics::linked_plugin(),
        "sustainability" => evenhand_plugin_sustainability::linked_plugin(),
        _ => return None,
    };
    let (_, digest) = DIGESTS.iter().find(|(known, _)| *known == id)?;
    Some(Bundled::new(linked, &Digest::generated(digest), settings))
}

/// The table of a first-party plugin, as it would come out of a library: for what checks the binary interface.
pub fn table(id: &str) -> Option<&'static abi::Plugin> {
    Some(match id {
        "climate" => evenhand_plugin_climate::plugin_table(),
        "equity" => evenhand_plugin_equity::plugin_table(),
        "ethics" => evenhand_plugin_ethics::plugin_table(),
        "sustainability" => evenhand_plugin_sustainability::plugin_table(),
        _ => return None,
    })
}

/// The core pack with all first-party plugins as they are set up by default.
///
/// # Panics
///
/// Never: tests make every plugin with its defaults.
pub fn distribution() -> Distribution {
    let ready = |id: &&str| -> Option<Arc<dyn PluginSource>> {
        let plugin = plugin(id, &Value::Null)?.ok()?;
        Some(Arc::new(plugin))
    };
    Distribution {
        packs: vec![core_pack()],
        plugins: PLUGINS.iter().filter_map(ready).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::rulebook::Rulebook;
    use evenhand_core::settings::Settings;
    use evenhand_report::json;
    use evenhand_threads::Threads;

    #[test]
    fn what_was_prepared_is_what_the_files_say() {
        let mut pack = core_pack();
        assert_eq!(Prepared::of(&pack).to_text(), PREPARED);
        let open = |pack: PackFiles| {
            let plugins = distribution().plugins;
            Rulebook::open(vec![pack], plugins, Settings::default(), Arc::new(Threads)).unwrap()
        };
        let prepared = open(pack.clone());
        pack.prepared = Prepared::default();
        pack.checked = false;
        let read = open(pack);
        assert!(prepared.broken().is_empty() && read.broken().is_empty());
        assert_eq!(prepared.schema().to_json(), read.schema().to_json());
        for (one, other) in prepared.rules().iter().zip(read.rules()) {
            assert_eq!(
                format!("{:?}", one.page.text()),
                format!("{:?}", other.page.text())
            );
            assert_eq!(format!("{:?}", one.page), format!("{:?}", other.page));
        }
        for base in ["surgical-camp", "degree", "home-course"] {
            let document = prepared.packs()[0].document(&format!("bases/{base}.yaml"));
            let document = document.unwrap().unwrap();
            assert_eq!(
                json::render(&prepared.judge(&document), &document),
                json::render(&read.judge(&document), &document)
            );
        }
    }

    #[test]
    fn every_listed_plugin_is_there_under_its_own_id() {
        for id in PLUGINS {
            let plugin = plugin(id, &Value::Null).unwrap().unwrap();
            assert_eq!(plugin.manifest().id, id);
        }
        assert_eq!(distribution().plugins.len(), PLUGINS.len());
        assert!(plugin("climat", &Value::Null).is_none());
    }
}
