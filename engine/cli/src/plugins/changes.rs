//! What a board, or a command line, changed about plugins; each change can be left out to see what it does.

use crate::bundled;
use crate::plugins::shown;
use crate::setup::{Found, Source};
use evenhand_core::board::{OtherPlugins, PluginChange};
use evenhand_core::profile::PluginEntry;
use evenhand_core::rulebook::Rulebook;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The changes about plugins of one rulebook, and how to put it together without some of them.
#[derive(Debug)]
pub(crate) struct Changes<'a> {
    source: Source<'a>,
    shown: Vec<PluginChange>,
    made: Vec<Made>,
}

/// Where a change stands.
#[derive(Debug, Clone)]
enum Made {
    /// A setting of a bundled plugin.
    Setting(String, String),
    /// A bundled plugin is disabled.
    Disabled(String),
    /// A file of a plugin that the profile names.
    Library(String),
    /// A file of a plugin that the command line names.
    CommandLine(PathBuf),
}

impl<'a> Changes<'a> {
    pub(crate) fn of(source: Source<'a>) -> Self {
        let mut changes = Self {
            source,
            shown: Vec::new(),
            made: Vec::new(),
        };
        for (id, entry) in source
            .found
            .into_iter()
            .flat_map(|found| &found.profile.plugins)
        {
            changes.entry(id, entry);
        }
        for file in &source.packs.plugins {
            let change = PluginChange {
                what: format!("--plugin {}", shown(file)),
                from: "not loaded".to_owned(),
                to: "loaded".to_owned(),
                reason: None,
            };
            changes.push(change, Made::CommandLine(file.clone()));
        }
        changes
    }

    fn push(&mut self, change: PluginChange, made: Made) {
        self.shown.push(change);
        self.made.push(made);
    }

    fn entry(&mut self, id: &str, entry: &PluginEntry) {
        let own = entry.reasons.get("").cloned();
        if entry.disabled.is_some() {
            let change = PluginChange {
                what: format!("plugins.{id}.enabled"),
                from: "enabled".to_owned(),
                to: "disabled".to_owned(),
                reason: entry.disabled.clone(),
            };
            self.push(change, Made::Disabled(id.to_owned()));
            return;
        }
        if let Some(path) = &entry.path {
            let bundled = bundled::PLUGINS.contains(&id);
            let from = if bundled {
                "the bundled plugin"
            } else {
                "no such plugin"
            };
            let change = PluginChange {
                what: format!("plugins.{id}"),
                from: from.to_owned(),
                to: path.clone(),
                reason: own,
            };
            self.push(change, Made::Library(id.to_owned()));
            return;
        }
        for (name, value) in &entry.settings {
            let change = PluginChange {
                what: format!("plugins.{id}.settings.{name}"),
                from: "the plugin's own".to_owned(),
                to: value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned),
                reason: entry.reasons.get(name).cloned().or_else(|| own.clone()),
            };
            self.push(change, Made::Setting(id.to_owned(), name.clone()));
        }
    }
}

impl OtherPlugins for Changes<'_> {
    fn changes(&self) -> &[PluginChange] {
        &self.shown
    }

    fn open(&self, with: &[bool]) -> Option<Rulebook> {
        let kept = self.made.iter().zip(with).filter(|(_, with)| **with);
        let mut entries: BTreeMap<String, PluginEntry> = BTreeMap::new();
        let mut files = Vec::new();
        let named = |id: &String| self.source.found?.profile.plugins.get(id);
        for (made, _) in kept {
            match made {
                Made::CommandLine(file) => files.push(file.clone()),
                Made::Library(id) | Made::Disabled(id) => {
                    entries.extend(named(id).map(|entry| (id.clone(), entry.clone())));
                }
                Made::Setting(id, name) => {
                    let entry = named(id)?;
                    let value = entry.settings.get(name)?;
                    let entry = entries.entry(id.clone()).or_insert_with(|| PluginEntry {
                        settings: Map::new(),
                        ..entry.clone()
                    });
                    entry.settings.insert(name.clone(), Value::clone(value));
                }
            }
        }
        let found = self.source.found.map(|found| {
            let mut found: Found = found.clone();
            found.profile.plugins = entries;
            found
        });
        self.source.open(found.as_ref(), &files)
    }
}
