//! What is built into the program: the core pack and the first-party plugins.

use evenhand_core::pack::{PackFiles, Prepared};
use evenhand_plugin_host::{LoadError, Loaded, Table};
use serde_json::Value;

/// The files of the core pack: path, SHA-256, bytes; sorted by path; written by the build script.
static CORE_PACK: &[(&str, &str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/core_pack.rs"));

/// What was read of the core pack when this program was built.
static PREPARED: &str = include_str!(concat!(env!("OUT_DIR"), "/prepared.json"));

/// The core pack.
pub(crate) fn core_pack() -> PackFiles {
    PackFiles {
        folder: "international-programs".to_owned(),
        files: CORE_PACK
            .iter()
            .map(|(path, _, bytes)| ((*path).to_owned(), (*bytes).into()))
            .collect(),
        checked: true,
        bundled: true,
        reason: None,
        digests: CORE_PACK
            .iter()
            .map(|(path, digest, _)| ((*path).to_owned(), (*digest).to_owned()))
            .collect(),
        prepared: Prepared::from_text(PREPARED),
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
    use evenhand_core::plugin::Plugin;
    use evenhand_core::rulebook::Rulebook;
    use evenhand_core::settings::Settings;
    use evenhand_report::json;

    #[test]
    fn what_was_prepared_is_what_the_files_say() {
        let mut pack = core_pack();
        assert_eq!(Prepared::of(&pack).to_text(), PREPARED);
        let open = |pack: PackFiles| {
            let plugins = PLUGINS
                .map(|id| Box::new(plugin(id, &Value::Null).unwrap().unwrap()) as Box<dyn Plugin>);
            Rulebook::load(vec![pack], plugins.into(), Settings::default()).unwrap()
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
        assert!(plugin("climat", &Value::Null).is_none());
    }
}
