//! In what the plugins of two profiles differ, and rulebooks with some of the differences.

use super::{Candidate, Named, Origin, Pins, candidates, look, shown};
use crate::setup::{Assembled, Found};
use evenhand_core::board::PluginChange;
use evenhand_core::impact::{MixedPlugins, Side};
use evenhand_core::instances::PluginSource;
use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use evenhand_threads::Threads;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What stands for a setting that nobody set.
const OWN: &str = "the plugin's own";

/// The plugins of two rulebooks.
#[derive(Debug)]
pub(crate) struct Mixed {
    old: Taking,
    new: Taking,
    shown: Vec<PluginChange>,
    made: Vec<Made>,
}

/// What takes part on one side.
#[derive(Debug)]
struct Taking {
    found: Option<Found>,
    packs: Vec<PackFiles>,
    settings: Settings,
    plugins: Vec<Candidate>,
}

/// Where a difference stands.
#[derive(Debug)]
enum Made {
    /// A plugin takes part on one side only, or is another file.
    Whole(String),
    /// A setting.
    Setting(String, String),
}

impl Taking {
    fn of(assembled: &Assembled, files: &[PathBuf]) -> Self {
        let packs = assembled.book.packs().to_vec();
        let infos = packs.iter().filter_map(|pack| pack.info().ok());
        let declared: Vec<String> = infos.flat_map(|info| info.plugins).collect();
        let found = assembled.found.clone();
        // What is wrong with plugins was said when the rulebook was put together.
        let (plugins, _said) = candidates(found.as_ref(), files);
        let plugins = plugins.into_iter().filter(|candidate| {
            candidate.disabled.is_none() && candidate.is_named(found.as_ref(), &declared)
        });
        Self {
            plugins: plugins.collect(),
            settings: assembled.book.settings().clone(),
            packs,
            found,
        }
    }

    fn get(&self, id: &str) -> Option<&Candidate> {
        self.plugins.iter().find(|candidate| candidate.id == id)
    }

    /// Why a plugin is disabled, where the profile says so.
    fn reason(&self, id: &str) -> Option<String> {
        let found = self.found.as_ref()?;
        let entry = found.profile.plugins.get(id)?;
        let own = entry.reasons.get("").cloned();
        entry.disabled.clone().or(own)
    }

    fn reason_of(&self, id: &str, setting: &str) -> Option<String> {
        let entry = self.found.as_ref()?.profile.plugins.get(id)?;
        let own = entry.reasons.get(setting).or(entry.reasons.get(""));
        own.cloned()
    }
}

impl Mixed {
    pub(crate) fn of(old: &Assembled, new: &Assembled) -> Self {
        Self::with((old, new), &[])
    }

    /// The same where the new side loads these libraries besides.
    pub(crate) fn with((old, new): (&Assembled, &Assembled), files: &[PathBuf]) -> Self {
        let mut mixed = Self {
            old: Taking::of(old, &[]),
            new: Taking::of(new, files),
            shown: Vec::new(),
            made: Vec::new(),
        };
        for id in mixed.ids() {
            mixed.compare(&id);
        }
        mixed
    }

    /// Every plugin of both sides: the old side's first.
    fn ids(&self) -> Vec<String> {
        let new = self.new.plugins.iter();
        let added = new.filter(|candidate| self.old.get(&candidate.id).is_none());
        let all = self.old.plugins.iter().chain(added);
        all.map(|candidate| candidate.id.clone()).collect()
    }

    fn push(&mut self, what: String, (from, to): (String, String), made: Made) {
        let reason = match &made {
            Made::Whole(id) => self.new.reason(id),
            Made::Setting(id, name) => self.new.reason_of(id, name),
        };
        self.shown.push(PluginChange {
            what,
            from,
            to,
            reason,
        });
        self.made.push(made);
    }

    fn compare(&mut self, id: &str) {
        let (old, new) = (self.old.get(id), self.new.get(id));
        let part = |there: bool| {
            if there {
                "takes part"
            } else {
                "does not take part"
            }
        };
        let whole = match (old, new) {
            (Some(old), Some(new)) if is_same(&old.origin, &new.origin) => None,
            (Some(old), Some(new)) => Some((file(&old.origin), file(&new.origin))),
            (old, new) => Some((
                part(old.is_some()).to_owned(),
                part(new.is_some()).to_owned(),
            )),
        };
        if let Some(ends) = whole {
            self.push(format!("plugins.{id}"), ends, Made::Whole(id.to_owned()));
            return;
        }
        let settings = |side: Option<&Candidate>| side.map(|side| side.settings.clone());
        let (old, new) = (
            settings(old).unwrap_or_default(),
            settings(new).unwrap_or_default(),
        );
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let (from, to) = (old.get(name), new.get(name));
            if from != to {
                let made = Made::Setting(id.to_owned(), name.clone());
                let what = format!("plugins.{id}.settings.{name}");
                self.push(what, (value(from), value(to)), made);
            }
        }
    }

    /// A plugin as a set of differences has it, with the side that pins it; nothing where it does not take part.
    fn chosen(&self, id: &str, new: &[bool]) -> Option<(&Taking, Candidate)> {
        let switched = || self.made.iter().zip(new).filter(|(_, new)| **new);
        let whole = switched().any(|(made, _)| matches!(made, Made::Whole(own) if own == id));
        let side = if whole { &self.new } else { &self.old };
        let candidate = side.get(id)?;
        let mut settings = candidate.settings.clone();
        for (made, _) in switched() {
            let Made::Setting(own, name) = made else {
                continue;
            };
            if own != id {
                continue;
            }
            let value = self.new.get(id).and_then(|new| new.settings.get(name));
            match value {
                Some(value) => settings.insert(name.clone(), Value::clone(value)),
                None => settings.remove(name),
            };
        }
        Some((side, candidate.with(settings)?))
    }
}

impl MixedPlugins for Mixed {
    fn changes(&self) -> &[PluginChange] {
        &self.shown
    }

    fn open(&self, side: Side, new: &[bool]) -> Option<Rulebook> {
        let mut sources: Vec<Arc<dyn PluginSource>> = Vec::new();
        for id in self.ids() {
            if let Some((taking, candidate)) = self.chosen(&id, new) {
                let found = taking.found.as_ref();
                let pins = Pins::beside(found).ok()?;
                sources.push(candidate.source(found, &pins).ok()?);
            }
        }
        let side = match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        };
        let (packs, settings) = (side.packs.clone(), side.settings.clone());
        Rulebook::open(packs, sources, settings, Arc::new(Threads)).ok()
    }
}

impl Candidate {
    /// The same with other settings; none where a library that the command line names is not there any more.
    fn with(&self, settings: Map<String, Value>) -> Option<Self> {
        let origin = match &self.origin {
            Origin::Bundled => Origin::Bundled,
            Origin::Profile(named) => Origin::Profile(named.clone()),
            Origin::CommandLine(inspection) => {
                Origin::CommandLine(Box::new(look(&inspection.file.library).ok()?))
            }
        };
        Some(Self {
            id: self.id.clone(),
            disabled: self.disabled.clone(),
            settings,
            origin,
        })
    }
}

/// Whether two sides load the same plugin: the bundled one, or files that are alike.
fn is_same(old: &Origin, new: &Origin) -> bool {
    let alike = |old: &Named, new: &Named| {
        let same = |one: &std::path::Path, other: &std::path::Path| {
            one == other
                || matches!((std::fs::read(one), std::fs::read(other)), (Ok(one), Ok(other)) if one == other)
        };
        old.mode == new.mode
            && same(&old.file.library, &new.file.library)
            && same(&old.file.manifest, &new.file.manifest)
    };
    match (old, new) {
        (Origin::Bundled, Origin::Bundled) => true,
        (Origin::Profile(old), Origin::Profile(new)) => alike(old, new),
        _ => false,
    }
}

fn file(origin: &Origin) -> String {
    match origin {
        Origin::Bundled => "the bundled plugin".to_owned(),
        Origin::Profile(named) => shown(&named.file.library),
        Origin::CommandLine(inspection) => shown(&inspection.file.library),
    }
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => OWN.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
