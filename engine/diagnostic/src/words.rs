//! What puts texts into a language, and which texts there are to be put into one.

use crate::message::{Message, fill};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The sections of a file that hold one text for each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The engine's own words, by their English.
    Words,
    /// Names of dimensions, by id.
    Dimensions,
    /// Titles of rules, by id.
    Titles,
    /// What helps, the first paragraph, by rule.
    Helps,
    /// Templates of messages and the phrases put into them, by their English.
    Messages,
    /// Words that stand in a place of a message, such as a choice of the schema.
    Values,
    /// What plugins say, by its English: messages, and words they put into them.
    Plugins,
    /// Questions, by field.
    Questions,
    /// Short titles, by field.
    Fields,
    /// Names of those who can answer, by id.
    Respondents,
}

impl Section {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 10] = [
        Self::Words,
        Self::Dimensions,
        Self::Titles,
        Self::Helps,
        Self::Messages,
        Self::Values,
        Self::Plugins,
        Self::Questions,
        Self::Fields,
        Self::Respondents,
    ];

    /// Its name in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Dimensions => "dimensions",
            Self::Titles => "titles",
            Self::Helps => "helps",
            Self::Messages => "messages",
            Self::Values => "values",
            Self::Plugins => "plugins",
            Self::Questions => "questions",
            Self::Fields => "fields",
            Self::Respondents => "respondents",
        }
    }
}

/// Texts in a language; what it has no text for is English.
pub trait Words: Send + Sync + fmt::Debug {
    /// The tag it was asked for by, such as `es` or `es-MX`.
    fn tag(&self) -> &str;

    /// The translation of a text of this section, if there is one.
    fn find(&self, section: Section, key: &str) -> Option<&str>;

    /// One of the engine's own sentences with its places filled; a place named `count` chooses singular or plural.
    fn say(&self, english: &str, args: &[(&str, &str)]) -> String;

    /// A message of a rule.
    fn message(&self, message: &Message) -> String;

    /// A number as people of this language write it.
    fn number(&self, value: f64) -> String;

    /// A number with the percent sign, with the space the language wants before it.
    fn percent(&self, value: f64) -> String;

    /// One of the engine's own words.
    fn word<'a>(&'a self, english: &'a str) -> &'a str {
        self.find(Section::Words, english).unwrap_or(english)
    }

    /// A text that a script puts into a message.
    fn value(&self, text: &str) -> Option<&str> {
        self.find(Section::Values, text)
            .or_else(|| self.find(Section::Messages, text))
            .or_else(|| self.find(Section::Plugins, text))
    }

    /// What stands in a place for yes or no.
    fn flag(&self, flag: bool) -> &str {
        self.word(if flag { "yes" } else { "no" })
    }
}

/// The language of every key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct English;

impl Words for English {
    #[expect(clippy::unnecessary_literal_bound, reason = "as the trait has it")]
    fn tag(&self) -> &str {
        "en"
    }

    fn find(&self, _section: Section, _key: &str) -> Option<&str> {
        None
    }

    fn say(&self, english: &str, args: &[(&str, &str)]) -> String {
        put(english, args)
    }

    fn message(&self, message: &Message) -> String {
        fill(&message.template, &message.args, self)
    }

    fn number(&self, value: f64) -> String {
        text::number(value)
    }

    fn percent(&self, value: f64) -> String {
        format!("{} %", self.number(value))
    }
}

/// Puts texts into the places of a template; a place that nothing was given for shows its name.
pub fn put(template: &str, args: &[(&str, &str)]) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (place, rest) = part.split_once('}').unwrap_or((part, ""));
        let found = args.iter().find(|(name, _)| *name == place);
        text.push_str(found.map_or(place, |(_, value)| value));
        text.push_str(rest);
    }
    text
}

/// The texts of a rulebook that can be put into a language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Originals {
    /// What wants a translation: its key and its English, by section, in the order of a file.
    pub wanted: BTreeMap<Section, Vec<(String, String)>>,
    /// Every key that may stand in a section. More than is wanted: rules that are broken or were replaced, derived facts.
    pub known: BTreeMap<Section, BTreeSet<String>>,
    /// The choices of fields with their labels: path of the field, then choice and label.
    pub labels: Vec<(String, Vec<(String, String)>)>,
    /// All choices, by the path of the field.
    pub choices: BTreeMap<String, Vec<String>>,
}

/// A file of translations that a pack has.
#[derive(Debug, Clone, Copy)]
pub struct CatalogFile<'a> {
    /// The language it is for.
    pub language: &'a str,
    /// The folder of the pack as people know it, and the path in it.
    pub pack: &'a str,
    /// The path in the pack.
    pub path: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
    /// Whether exactly this file was checked before.
    pub checked: bool,
}

impl CatalogFile<'_> {
    /// Its name for messages.
    pub fn name(&self) -> String {
        if self.pack.is_empty() {
            self.path.to_owned()
        } else {
            format!("{}/{}", self.pack, self.path)
        }
    }
}
