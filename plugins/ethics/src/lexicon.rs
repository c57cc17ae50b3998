//! The lexicons: data in `lexicon/*.toml`, compiled the first time a text in that language is read.

use crate::language::Language;
use crate::pattern::Automaton;
use serde::Deserialize;
use std::sync::OnceLock;

/// How plainly a wording speaks of saviours and the saved; what it weighs is in [`Severity::points`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Common in careful texts too; better avoided.
    Mild,
    /// Marks the framing on its own.
    Clear,
    /// Takes dignity or safety from the people described.
    Strong,
}

impl Severity {
    /// The points that one place adds.
    pub fn points(self) -> u32 {
        match self {
            Self::Mild => 1,
            Self::Clear => 2,
            Self::Strong => 4,
        }
    }

    /// Its name in the facts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Clear => "clear",
            Self::Strong => "strong",
        }
    }
}

/// The categories, in the order in which they are reported.
pub const CATEGORIES: [&str; 7] = [
    "adventure",
    "deficit",
    "dehumanising",
    "extraction",
    "hierarchy",
    "saviour",
    "spectacle",
];

/// One wording, why it matters and what to write in its place, in the language of the lexicon.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Name within the language; stable, for settings.
    pub id: String,
    /// One of [`CATEGORIES`].
    pub category: String,
    /// How plain it is.
    pub severity: Severity,
    /// Patterns that find it; the form is described in `pattern.rs`.
    pub patterns: Vec<String>,
    /// Patterns that excuse it where they overlap a find: other senses of the same words.
    #[serde(default)]
    pub except: Vec<String>,
    /// Whether a negation before it excuses it.
    #[serde(default = "yes")]
    pub negatable: bool,
    /// Why it matters.
    pub why: String,
    /// A better wording.
    pub better: String,
    /// Keys of the sources in `plugin.json`.
    pub sources: Vec<String>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    context: Contexts,
    entry: Vec<Entry>,
}

/// Surroundings in which a wording is denied, discussed or merely mentioned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contexts {
    negation: Context,
    affirmation: Vec<String>,
    distance: Context,
    distance_after: Context,
    mention: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Context {
    reach: usize,
    patterns: Vec<String>,
}

/// What a find of the automaton means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The wording of an entry.
    Entry(usize),
    /// Another sense of an entry's words.
    Except(usize),
    /// A negation.
    Negation,
    /// Looks like a negation and is none ("not only").
    Affirmation,
    /// Keeps its distance from what follows ("instead of").
    Distance,
    /// Keeps its distance from what went before ("… is a stereotype").
    DistanceAfter,
    /// Says that a quoted word is being talked about ("the term …").
    Mention,
}

/// A compiled lexicon.
#[derive(Debug)]
pub struct Lexicon {
    /// The entries in the order of the file.
    pub entries: Vec<Entry>,
    pub(crate) automaton: Automaton,
    pub(crate) roles: Vec<Role>,
    pub(crate) negation_reach: usize,
    pub(crate) distance_reach: usize,
    pub(crate) distance_after_reach: usize,
}

impl Lexicon {
    /// The lexicon of `language`, compiled on first use. The error names the file and the fault; the tests rule it out.
    pub fn of(language: Language) -> Result<&'static Self, &'static str> {
        static LEXICONS: [OnceLock<Result<Lexicon, String>>; 3] =
            [OnceLock::new(), OnceLock::new(), OnceLock::new()];
        let (cell, source) = match language {
            Language::English => (&LEXICONS[0], include_str!("../lexicon/en.toml")),
            Language::French => (&LEXICONS[1], include_str!("../lexicon/fr.toml")),
            Language::Spanish => (&LEXICONS[2], include_str!("../lexicon/es.toml")),
        };
        cell.get_or_init(|| Self::compile(source, language))
            .as_ref()
            .map_err(String::as_str)
    }

    fn compile(source: &str, language: Language) -> Result<Self, String> {
        let name = language.code();
        let file: File =
            toml::from_str(source).map_err(|error| format!("lexicon/{name}.toml: {error}"))?;
        if file.language != name {
            return Err(format!("lexicon/{name}.toml is for `{}`", file.language));
        }
        let mut builder = Builder::default();
        for (number, entry) in file.entry.iter().enumerate() {
            builder.add(&entry.patterns, Role::Entry(number));
            builder.add(&entry.except, Role::Except(number));
        }
        let contexts = &file.context;
        builder.add(&contexts.negation.patterns, Role::Negation);
        builder.add(&contexts.affirmation, Role::Affirmation);
        builder.add(&contexts.distance.patterns, Role::Distance);
        builder.add(&contexts.distance_after.patterns, Role::DistanceAfter);
        builder.add(&contexts.mention, Role::Mention);
        if !builder.faults.is_empty() {
            return Err(format!(
                "lexicon/{name}.toml: {}",
                builder.faults.join("; ")
            ));
        }
        Ok(Self {
            negation_reach: contexts.negation.reach,
            distance_reach: contexts.distance.reach,
            distance_after_reach: contexts.distance_after.reach,
            automaton: builder.automaton,
            roles: builder.roles,
            entries: file.entry,
        })
    }
}

#[derive(Debug, Default)]
struct Builder {
    automaton: Automaton,
    roles: Vec<Role>,
    faults: Vec<String>,
}

impl Builder {
    fn add(&mut self, patterns: &[String], role: Role) {
        for pattern in patterns {
            self.faults
                .extend(self.automaton.add(pattern, self.roles.len()).err());
            self.roles.push(role);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks;
    use std::collections::BTreeSet;

    #[test]
    fn every_lexicon_compiles_and_is_complete() {
        let manifest: serde_json::Value =
            serde_json::from_slice(include_bytes!("../plugin.json")).unwrap();
        let keys: BTreeSet<_> = manifest["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| source["key"].as_str().unwrap())
            .collect();
        for language in Language::ALL {
            let lexicon = Lexicon::of(language).unwrap();
            let mut ids = BTreeSet::new();
            let mut categories = BTreeSet::new();
            for entry in &lexicon.entries {
                let id = &entry.id;
                assert!(ids.insert(id), "{language:?}: `{id}` stands twice");
                assert!(
                    CATEGORIES.contains(&entry.category.as_str()),
                    "{id}: category"
                );
                assert!(entry.why.ends_with(['.', '!']), "{id}: why");
                assert!(!entry.better.is_empty(), "{id}: better");
                assert!(!entry.sources.is_empty(), "{id}: no source");
                for source in &entry.sources {
                    assert!(keys.contains(source.as_str()), "{id}: source `{source}`");
                }
                categories.insert(entry.category.as_str());
            }
            assert_eq!(categories, BTreeSet::from(CATEGORIES), "{language:?}");
        }
    }

    #[test]
    fn no_better_wording_is_itself_marked() {
        for language in Language::ALL {
            for entry in &Lexicon::of(language).unwrap().entries {
                let marks = marks::find(&entry.better, language, &BTreeSet::new()).unwrap();
                assert!(marks.is_empty(), "{}: {marks:?}", entry.id);
            }
        }
    }
}
