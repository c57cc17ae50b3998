//! Languages: what people read, in theirs. English is the key of every text, and what stands where no translation is.
//!
//! A language is the engine's own words (`engine/core/locales/<language>.toml`) with the texts of the packs on top
//! (`locales/<language>.toml` or several files `locales/<language>/*.toml` in a pack), all of the same form.

mod missing;
mod read;
mod speak;
mod texts;
pub mod words;

use crate::finding::Message;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

pub use missing::Missing;

/// A language with everything that is translated into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Locale(Arc<Tables>);

/// Texts by their English, by rule or by field.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tables {
    pub(crate) tag: String,
    pub(crate) decimal: Option<String>,
    pub(crate) percent: Option<String>,
    pub(crate) plural: Option<Plural>,
    pub(crate) sections: BTreeMap<Section, BTreeMap<String, String>>,
    pub(crate) plurals: BTreeMap<String, PluralText>,
    pub(crate) labels: BTreeMap<String, BTreeMap<String, String>>,
}

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
}

impl Section {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 9] = [
        Self::Words,
        Self::Dimensions,
        Self::Titles,
        Self::Helps,
        Self::Messages,
        Self::Values,
        Self::Plugins,
        Self::Questions,
        Self::Fields,
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
        }
    }
}

/// Which counts take the singular, as the Unicode CLDR lays down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plural {
    /// One alone: English, Spanish, German.
    One,
    /// From nought to anything under two: French, Portuguese of Brazil.
    BelowTwo,
    /// None: Chinese, Japanese.
    None,
}

/// A text that depends on a count.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PluralText {
    /// The place that holds the count.
    pub(crate) count: String,
    pub(crate) one: String,
    pub(crate) other: String,
}

static ENGLISH: LazyLock<Locale> = LazyLock::new(|| {
    let mut tables = Tables {
        tag: "en".to_owned(),
        ..Tables::default()
    };
    read::own("en", &mut tables);
    Locale(Arc::new(tables))
});

impl Default for Locale {
    fn default() -> Self {
        ENGLISH.clone()
    }
}

impl Locale {
    /// English, the language of every key.
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    pub(crate) fn new(tables: Tables) -> Self {
        Self(Arc::new(tables))
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.0
    }

    /// The tag it was asked for by, such as `es` or `es-MX`.
    pub fn tag(&self) -> &str {
        &self.0.tag
    }

    /// The translation of a text of this section, if there is one.
    pub fn find(&self, section: Section, key: &str) -> Option<&str> {
        let texts = self.0.sections.get(&section)?;
        texts.get(key).map(String::as_str)
    }

    /// One of the engine's own words.
    pub fn word<'a>(&'a self, english: &'a str) -> &'a str {
        self.find(Section::Words, english).unwrap_or(english)
    }

    /// One of the engine's own sentences with its places filled; a place named `count` chooses singular or plural.
    pub fn say(&self, english: &str, args: &[(&str, &str)]) -> String {
        let count = args.iter().find(|(name, _)| *name == "count");
        let count = count.and_then(|(_, count)| count.parse::<f64>().ok());
        let plural = self.0.plurals.get(english).zip(count);
        let template = match plural {
            Some((text, count)) => self.choose(text, count),
            None => self.word(english),
        };
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

    /// A message of a rule.
    pub fn message(&self, message: &Message) -> String {
        let template = &message.template;
        let plural = self.0.plurals.get(template).and_then(|text| {
            let (_, count) = message.args.iter().find(|(name, _)| *name == text.count)?;
            Some(self.choose(text, count.as_f64()?))
        });
        let template = plural
            .or_else(|| self.find(Section::Messages, template))
            .or_else(|| self.find(Section::Plugins, template))
            .unwrap_or_else(|| self.word(template));
        crate::finding::fill(template, &message.args, self)
    }

    /// A text that a script puts into a message.
    pub fn value(&self, text: &str) -> Option<&str> {
        self.find(Section::Values, text)
            .or_else(|| self.find(Section::Messages, text))
            .or_else(|| self.find(Section::Plugins, text))
    }

    /// A number as people of this language write it.
    pub fn number(&self, value: f64) -> String {
        let text = crate::text::number(value);
        match &self.0.decimal {
            Some(mark) => text.replace('.', mark),
            None => text,
        }
    }

    /// A number with the percent sign, with the space the language wants before it.
    pub fn percent(&self, value: f64) -> String {
        let sign = self.0.percent.as_deref().unwrap_or(" %");
        format!("{}{sign}", self.number(value))
    }

    fn choose<'a>(&self, text: &'a PluralText, count: f64) -> &'a str {
        let one = match self.0.plural.unwrap_or(Plural::One) {
            Plural::One => (count - 1.0).abs() <= 0.0,
            Plural::BelowTwo => (0.0..2.0).contains(&count.abs()),
            Plural::None => false,
        };
        if one { &text.one } else { &text.other }
    }

    /// What stands in a place, whatever its kind.
    pub(crate) fn flag(&self, flag: bool) -> &str {
        self.word(if flag { "yes" } else { "no" })
    }
}

/// The places of a template with their forms, sorted, for comparison with a translation's.
pub(crate) fn sorted_places(template: &str) -> Vec<&str> {
    let mut places = crate::finding::places(template);
    places.sort_unstable();
    places.dedup();
    places
}

/// The languages a tag falls back through: `es-MX`, then `es`.
pub(crate) fn chain(tag: &str) -> Vec<String> {
    let mut chain = vec![tag.to_owned()];
    let mut rest = tag;
    while let Some((shorter, _)) = rest.rsplit_once('-') {
        chain.push(shorter.to_owned());
        rest = shorter;
    }
    chain
}

/// A text from a table of a file.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
