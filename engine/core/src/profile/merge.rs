//! One profile of several files: what a later one says wins.

use super::PluginEntry;
use super::layer::{Layer, Part};
use crate::pointer::Pointer;
use crate::receipt::{canonical, digest};
use crate::settings::Settings;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What the last file says that says something.
pub(super) fn last<T>(layers: &[Layer], of: impl Fn(&Part) -> Option<T>) -> Option<T> {
    layers.iter().rev().find_map(|layer| of(&layer.part))
}

/// The settings of all files; `own` is the one whose name and texts are not those of another.
pub(super) fn settings(layers: &[Layer], own: usize) -> Settings {
    let mut settings = Settings {
        name: last(layers, |part| part.name.clone()).unwrap_or_default(),
        attestations_valid_for: last(layers, |part| part.valid_for),
        ..Settings::default()
    };
    for layer in layers {
        put(&layer.part, &mut settings);
    }
    for owed in layers.iter().flat_map(|layer| &layer.part.obligations) {
        // What one board owes, another that extends it owes as well.
        let obligation = owed.obligation(&settings.levels);
        let new = obligation.filter(|one| !settings.obligations.contains(one));
        settings.obligations.extend(new);
    }
    settings.plugins = plugins(layers)
        .into_iter()
        .filter(|(_, entry)| !entry.settings.is_empty())
        .map(|(id, entry)| (id, entry.settings))
        .collect();
    if own > 0 {
        settings.profiles = layers.iter().take(own + 1).map(digested).collect();
    }
    settings
}

/// The name of a file without the folders of this machine, and the digest of what it says, whatever its form.
fn digested(layer: &Layer) -> (String, String) {
    let digest = digest(&[&canonical(layer.document.value())]);
    (layer.shown(), digest)
}

impl Layer {
    /// The name of the file: as it is named by the first one, and of that one its name alone.
    pub(super) fn shown(&self) -> String {
        let absolute = self.path.starts_with(['/', '\\']) || self.path.get(1..2) == Some(":");
        if self.path.is_empty() || absolute {
            let name = self.document.name();
            let end = name.rsplit(['/', '\\']).find(|part| !part.is_empty());
            end.unwrap_or(name).to_owned()
        } else {
            self.path.clone()
        }
    }
}

fn put(part: &Part, to: &mut Settings) {
    to.levels = part.levels.put(std::mem::take(&mut to.levels));
    to.names.best_first = part.best_first.unwrap_or(to.names.best_first);
    to.thresholds.extend(part.thresholds.clone());
    to.weights.extend(part.weights.clone());
    to.not_judged.extend(part.not_judged.clone());
    to.names.dimensions.extend(part.titles.clone());
    to.names.words.extend(part.words.clone());
    for (id, shown) in &part.numbers {
        if *shown {
            to.hidden.remove(id);
        } else {
            to.hidden.insert(id.clone());
        }
    }
    if !part.order.is_empty() {
        to.order.clone_from(&part.order);
    }
    to.entries.extend(part.rules.clone());
    to.waivers.extend(part.waivers.clone());
    let mut set = Vec::new();
    let key = |section: &str, key: &str| Pointer::root().key(section).key(key);
    set.extend(part.levels.keys().map(|word| key("levels", word)));
    set.extend(part.thresholds.keys().map(|id| key("thresholds", id)));
    set.extend(part.weights.keys().map(|id| key("weights", id)));
    for at in set {
        // The reason of another file is no reason for what this one says.
        match part.reasons.get(at.as_str()) {
            Some(reason) => to.reasons.insert(at.as_str().to_owned(), reason.clone()),
            None => to.reasons.remove(at.as_str()),
        };
    }
}

/// The plugins of all files, with paths from the folder of the first one.
pub(super) fn plugins(layers: &[Layer]) -> BTreeMap<String, PluginEntry> {
    let mut plugins: BTreeMap<String, PluginEntry> = BTreeMap::new();
    for layer in layers {
        for (id, entry) in &layer.part.plugins {
            let to = plugins.entry(id.clone()).or_insert_with(|| PluginEntry {
                isolated: true,
                ..PluginEntry::default()
            });
            plugin(layer, id, entry, to);
        }
    }
    plugins
}

fn plugin(layer: &Layer, id: &str, entry: &Map<String, Value>, to: &mut PluginEntry) {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let path = |key: &str| text(key).map(|path| layer.seen_from_first(path));
    let named = text("path").is_some() || entry.contains_key("enabled");
    to.path = path("path").or(to.path.take());
    to.manifest = path("manifest").or(to.manifest.take());
    if let Some(isolation) = text("isolation") {
        to.isolated = isolation != "none";
    }
    match entry.get("enabled").and_then(Value::as_bool) {
        Some(true) => to.disabled = None,
        Some(false) => to.disabled = Some(text("reason").unwrap_or_default().to_owned()),
        None => {}
    }
    let overriding = text("override").filter(|text| !text.trim().is_empty());
    to.overriding = overriding.map(str::to_owned).or(to.overriding.take());
    if let Some(keys) = entry.get("keys").and_then(Value::as_array) {
        let keys = keys
            .iter()
            .filter_map(|key| key.as_str().map(str::to_owned));
        to.keys = keys.collect();
    }
    let at = Pointer::root().key("plugins").key(id);
    let reason = |at: &Pointer| layer.part.reasons.get(at.as_str()).cloned();
    if named {
        to.reasons.remove("");
        to.reasons
            .extend(reason(&at).map(|reason| (String::new(), reason)));
    }
    let settings = entry.get("settings").and_then(Value::as_object);
    for (name, value) in settings.into_iter().flatten() {
        to.settings.insert(name.clone(), value.clone());
        to.reasons.remove(name);
        let reason = reason(&at.key("settings").key(name));
        to.reasons
            .extend(reason.map(|reason| (name.clone(), reason)));
    }
}
