//! A board's own settings: `evenhand.toml` and the profiles it extends, read first as written, then resolved against the
//! rulebook they are for.

mod check;
mod dated;
mod difference;
mod effective;
mod entry;
mod extends;
mod former;
mod keys;
mod layer;
mod levels;
mod merge;
mod names;
mod obligations;
mod origin;
mod points;
mod reasons;
mod set;
mod shares;
#[cfg(test)]
mod tests;
mod waivers;

use crate::document::{Document, Format};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::settings::Settings;
use crate::source::Source;
use evenhand_document::schemas::builtin_schema;
use layer::Layer;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) use dated::read as dated_rows;
pub use difference::{Bearing, Difference, differences};
pub use effective::{Effective, effective};
pub use extends::Pack;
pub use keys::{KEYS, Key, Reason};
pub use origin::Origin;
pub use set::set;
pub use shares::Shares;

/// A profile as written, with everything in its place but nothing yet known of rules and dimensions.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What it sets, with what the profiles set that it extends.
    pub settings: Settings,
    /// The packs that take part, later ones on top.
    pub packs: Vec<Pack>,
    /// The language of reports.
    pub locale: Option<String>,
    /// Plugins it names, by id.
    pub plugins: BTreeMap<String, PluginEntry>,
    /// Every file, each before those that extend it; what the command line sets is the last.
    layers: Vec<Layer>,
    /// Which of them is the profile itself.
    own: usize,
}

/// A plugin as a profile names it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PluginEntry {
    /// The library, relative to the profile; none for a bundled plugin that is only set up.
    pub path: Option<String>,
    /// The manifest, where it does not stand beside the library.
    pub manifest: Option<String>,
    /// Whether it runs in a process of its own.
    pub isolated: bool,
    /// Why it is turned off, if it is.
    pub disabled: Option<String>,
    /// Its settings.
    pub settings: Map<String, Value>,
    /// Why it is set as it is: the entry's reason, by an empty key, and those of single settings.
    pub reasons: BTreeMap<String, String>,
    /// The decision by which it changes what a rule rests on that may not be waived.
    pub overriding: Option<String>,
    /// Keys whose signatures count.
    pub keys: Vec<String>,
}

/// Another profile that is read, with what is wrong where it cannot be.
pub type Read = Result<(String, Document), Vec<Problem>>;

/// The files that a profile extends.
pub trait Profiles {
    /// The profile at a path from the folder of the first one, and a key that is the same whichever way it is named.
    fn read(&self, path: &str) -> Read;
}

/// No other files.
#[derive(Debug, Clone, Copy)]
pub struct NoProfiles;

impl Profiles for NoProfiles {
    fn read(&self, path: &str) -> Read {
        Err(vec![Problem::error(format!(
            "`{path}` is another profile, and there is none here"
        ))])
    }
}

/// The keys of a profile as a JSON Schema, without what only a rulebook knows.
pub const SCHEMA: &str = include_str!("schemas/profile.json");

static PROFILE: LazyLock<Option<Schema>> = LazyLock::new(|| builtin_schema(SCHEMA));

/// The pack that is built in.
pub const CORE_PACK: &str = "international-programs";

impl Profile {
    /// Reads a profile that extends no other; everything wrong with its form comes back at once.
    pub fn read(document: Document) -> Result<Self, Vec<Problem>> {
        Self::open(document, "", &NoProfiles)
    }

    /// Reads a profile and those it extends; everything wrong with their form comes back at once. `key` is what `profiles`
    /// would give for this file.
    pub fn open(
        document: Document,
        key: &str,
        profiles: &dyn Profiles,
    ) -> Result<Self, Vec<Problem>> {
        let (profile, problems) = Self::open_all(document, key, profiles, None);
        if problems.is_empty() {
            Ok(profile)
        } else {
            Err(problems)
        }
    }

    /// The same with what the command line sets on top, and with what is right where something is wrong, so that the rest of
    /// it can be looked at as well. With a problem it is nothing to judge by.
    pub fn open_all(
        document: Document,
        key: &str,
        profiles: &dyn Profiles,
        set: Option<Document>,
    ) -> (Self, Vec<Problem>) {
        let mut chain = extends::Chain::of(profiles);
        chain.read(document, key.to_owned(), "");
        let extends::Chain {
            mut layers,
            mut packs,
            mut problems,
            ..
        } = chain;
        let own = layers.len().saturating_sub(1);
        if packs.is_empty() {
            if let Some(layer) = layers.last().filter(|_| problems.is_empty()) {
                let at = Pointer::root().key("profile").key("extends");
                let problem = Problem::error("`extends` names no pack, so there is no rule")
                    .expected(format!("`{CORE_PACK}`, or the folder of a pack"));
                problems.push(layer.document.problem_at(&at, problem));
            }
            // The rest is held against the rules there would be.
            packs.push(Pack::named(CORE_PACK));
        }
        layers.extend(set.map(|set| Layer::set(set, &mut problems)));
        for (index, layer) in layers.iter_mut().enumerate() {
            for entry in &mut layer.part.rules {
                entry.layer = index;
            }
        }
        let mut profile = Self {
            settings: merge::settings(&layers, own),
            packs,
            locale: merge::last(&layers, |part| part.locale.clone()),
            plugins: merge::plugins(&layers),
            layers,
            own,
        };
        profile.settings.settle(&[]);
        problems.extend(profile.contradictions());
        profile.sort(&mut problems);
        (profile, problems)
    }

    /// What no single file says wrong, and all of them together do.
    fn contradictions(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let levels = &self.settings.levels;
        if !levels.is_own() && levels.bound("mixed") > levels.bound("good") {
            let problem =
                Problem::error("`mixed` lies above `good`").expected("mixed at or under good");
            problems.push(self.at(&["levels", "mixed"], problem));
        }
        for (layer, at, problem) in levels::unknown(&self.layers) {
            problems.push(self.at_in(layer, &at, problem));
        }
        for (layer, at, problem) in names::unknown(&self.layers, levels) {
            problems.push(self.at_key_in(layer, &at, problem));
        }
        for (index, layer) in self.layers.iter().enumerate() {
            let mut refused: Vec<&Pointer> = Vec::new();
            for owed in &layer.part.obligations {
                // A list of texts under a wrong key is one problem.
                if let Some(problem) = owed
                    .refused(levels)
                    .filter(|_| !refused.contains(&&owed.at))
                {
                    problems.push(self.at_key_in(index, &owed.at, problem));
                    refused.push(&owed.at);
                }
            }
        }
        for (code, problem) in names::confusing(&self.settings.names, levels) {
            problems.push(self.at(&["words", &code], problem));
        }
        let weights = &self.settings.weights;
        if !weights.is_empty() && weights.values().all(|weight| *weight <= 0.0) {
            let problem = Problem::error("every dimension that `weights` names has weight 0")
                .expected("a number above 0 for one of them at least");
            problems.push(self.at(&["weights"], problem));
        }
        problems
    }

    /// The text of a profile as a document. One with nothing but comments sets nothing.
    pub fn document_of(name: &str, bytes: &[u8]) -> Result<Document, Vec<Problem>> {
        let text = String::from_utf8_lossy(bytes);
        let says_nothing = |line: &str| {
            let line = line.trim_start_matches('\u{feff}').trim();
            line.is_empty() || line.starts_with('#')
        };
        if text.lines().all(says_nothing) {
            return Ok(Document::from_value(name, Value::Object(Map::new())));
        }
        Document::parse(name, bytes, Format::Toml)
    }

    /// What sums over many programs may be, by the id of the table that a pack declares.
    pub fn budgets(&self) -> BTreeMap<String, f64> {
        let layers = self.layers.iter();
        let budgets = layers.flat_map(Layer::budgets);
        budgets
            .filter_map(|(table, amount)| Some((table.clone(), amount.as_f64()?)))
            .collect()
    }

    /// The text of the profile itself, for showing its lines.
    pub fn document(&self) -> &Document {
        match self.layers.get(self.own) {
            Some(layer) => &layer.document,
            None => empty(),
        }
    }

    /// The texts of all profiles that take part, for showing their lines.
    pub fn sources(&self) -> Vec<Source> {
        let layers = self.layers.iter();
        layers
            .map(|layer| layer.document.source().clone())
            .collect()
    }

    /// The profiles that it extends, each with its path from the folder of this one; those that extend others come after them.
    pub fn extended(&self) -> impl Iterator<Item = (&str, &Document)> {
        let layers = self.layers.iter().take(self.own);
        layers.map(|layer| (layer.path.as_str(), &layer.document))
    }

    /// What the command line sets, as a profile.
    pub fn set(&self) -> Option<&Document> {
        self.layers.get(self.own + 1).map(|layer| &layer.document)
    }

    /// Whether reasons are owed for what the file sets that says a key; in one from before a missing reason is a warning.
    fn version(&self, layer: usize) -> u64 {
        let part = self.layers.get(layer).map(|layer| &layer.part);
        part.map_or(1, |part| part.version)
    }

    /// A problem at a place of the profile, in the file that says it last.
    #[must_use]
    pub fn problem_at(&self, at: &Pointer, problem: Problem) -> Problem {
        let (layer, at) = self.origin_of(at);
        match self.layers.get(layer) {
            Some(layer) => layer.document.problem_at(&at, problem),
            None => problem,
        }
    }

    /// The same at the key.
    #[must_use]
    pub fn problem_at_key(&self, at: &Pointer, problem: Problem) -> Problem {
        let (layer, at) = self.origin_of(at);
        match self.layers.get(layer) {
            Some(layer) => layer.document.problem_at_key(&at, problem),
            None => problem,
        }
    }
}

/// A document for a profile that has none, which cannot be.
fn empty() -> &'static Document {
    static EMPTY: LazyLock<Document> =
        LazyLock::new(|| Document::from_value("", Value::Object(Map::new())));
    &EMPTY
}
