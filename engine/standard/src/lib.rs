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

/// The programs of its rules, made ready when this crate was built.
static PROGRAMS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/programs.bin"));

/// The digest of each plugin.
static DIGESTS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/plugins.rs"));

/// The core pack.
pub fn core_pack() -> PackFiles {
    PackFiles::built_in(
        "international-programs",
        CORE_PACK,
        Prepared::from_text(PREPARED).with_programs(PROGRAMS),
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
    use evenhand_core::document::{Document, Format};
    use evenhand_core::rulebook::Rulebook;
    use evenhand_core::settings::Settings;
    use evenhand_report::json;
    use evenhand_threads::Threads;

    #[test]
    fn what_was_prepared_is_what_the_files_say() {
        let mut pack = core_pack();
        let mut files = pack.clone();
        files.prepared = Prepared::default();
        assert_eq!(Prepared::of(&files).to_text(), PREPARED);
        assert!(Prepared::of(&files).programs(&files) == PROGRAMS);
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
        let count = prepared.rules().len();
        assert!(count > 50 && count == read.rules().len());
        let judging = prepared.rules().iter();
        let judging = judging.filter(|rule| rule.script_source().is_some());
        let judging = judging.filter(|rule| prepared.was_stored(rule));
        let stored = judging.clone().count();
        // A form that asks about what a plugin derives is made ready at the start.
        assert!(stored * 10 >= count * 8, "{stored} of {count}");
        for (one, other) in prepared.rules().iter().zip(read.rules()) {
            assert_eq!(one.script_source(), other.script_source());
            assert_eq!(prepared.runs(one), read.runs(other), "{}", one.page.id);
            assert_eq!(
                format!("{:?}", one.page.text()),
                format!("{:?}", other.page.text())
            );
            assert_eq!(format!("{:?}", one.page), format!("{:?}", other.page));
        }
        let bases = ["surgical-camp", "degree", "home-course"].map(|base| {
            let document = prepared.packs()[0].document(&format!("bases/{base}.yaml"));
            document.unwrap().unwrap()
        });
        for document in bases.into_iter().chain(examples()) {
            assert_eq!(
                json::render(&prepared.judge(&document), &document),
                json::render(&read.judge(&document), &document)
            );
        }
    }

    /// The proposals that come with the program.
    fn examples() -> Vec<Document> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/proposals");
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let documents = files.filter_map(|file| {
            let name = file.file_name().into_string().unwrap();
            let format = Format::from_extension(name.rsplit('.').next()?)?;
            let document = Document::parse(&name, &std::fs::read(file.path()).unwrap(), format);
            // Beside them lies what is expected of them.
            document
                .ok()
                .filter(|one| one.value().get("partners").is_some())
        });
        let documents: Vec<Document> = documents.collect();
        assert!(documents.len() >= 16);
        documents
    }

    #[test]
    fn a_pack_that_adds_rules_and_fields_keeps_what_was_made_ready() {
        let open = |schema: &str| {
            let mut own = PackFiles {
                folder: "own".to_owned(),
                ..PackFiles::default()
            };
            let page = "---\ntitle: Own\nseverity: minor\nsources: []\nlimits: None.\n---\n\nWhy.\n\n## How it is judged\n\nSo.\n\n## What helps\n\nThat.\n";
            for (path, text) in [
                ("pack.toml", "[pack]\nname = \"own\"\n"),
                ("schema.json", schema),
                ("ethics/own.md", page),
                ("ethics/own.rhai", "fn check(program, param) { met(\"x\") }"),
            ] {
                own.files
                    .insert(path.to_owned(), text.as_bytes().to_vec().into());
            }
            let packs = vec![core_pack(), own];
            let plugins = distribution().plugins;
            Rulebook::open(packs, plugins, Settings::default(), Arc::new(Threads)).unwrap()
        };
        let alone = Rulebook::open(
            vec![core_pack()],
            distribution().plugins,
            Settings::default(),
            Arc::new(Threads),
        );
        let alone = alone.unwrap();
        let stored = |book: &Rulebook| {
            let rules = book.rules().iter();
            rules.filter(|rule| book.was_stored(rule)).count()
        };
        let adds = r#"{ "type": "object", "properties": { "own": { "type": "number", "title": "Own", "x-question": "How many?" } } }"#;
        let adds = open(adds);
        assert!(adds.broken().is_empty(), "{:?}", adds.broken());
        assert_eq!(stored(&adds), stored(&alone));
        assert_eq!(adds.rules().len(), alone.rules().len() + 1);
        for rule in alone.rules() {
            let same = adds.rule(&rule.page.id).unwrap();
            assert_eq!(adds.runs(same).is_ok(), alone.runs(rule).is_ok());
        }
        // Another bound of a field that rules read.
        let changes = r#"{ "type": "object", "properties": { "preparation": { "type": "object", "properties": { "hours": { "type": "number", "minimum": 0, "maximum": 9 } } } } }"#;
        assert_eq!(stored(&open(changes)), 0);
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
