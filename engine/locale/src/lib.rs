//! Languages: what people read, in theirs. English is the key of every text, and what stands where no translation is.
//!
//! A language is the engine's own words (`engine/locale/locales/<language>.toml`) with the texts of the packs on top
//! (`locales/<language>.toml` or several files `locales/<language>/*.toml` in a pack), all of the same form.

mod missing;
mod read;
mod speak;
pub mod words;

use evenhand_diagnostic::message::{Message, fill};
use evenhand_diagnostic::words::put;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

pub use evenhand_diagnostic::words::{CatalogFile, Originals, Section, Words};
pub use missing::{Missing, missing};
pub use speak::{languages, localized_schema, open, open_to_fill};

/// A language with everything that is translated into it.
#[derive(Debug, Clone, PartialEq)]
pub struct Locale(Arc<Tables>);

/// Texts by their English, by rule or by field.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tables {
    pub(crate) tag: String,
    pub(crate) name: Option<String>,
    pub(crate) decimal: Option<String>,
    pub(crate) percent: Option<String>,
    pub(crate) plural: Option<Plural>,
    pub(crate) sections: BTreeMap<Section, BTreeMap<String, String>>,
    pub(crate) plurals: BTreeMap<String, PluralText>,
    pub(crate) labels: BTreeMap<String, BTreeMap<String, String>>,
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

    /// The same language with some texts said otherwise, such as a board's words.
    #[must_use]
    pub fn with(&self, texts: Vec<(Section, String, String)>) -> Self {
        if texts.is_empty() {
            return self.clone();
        }
        let mut tables = Tables::clone(&self.0);
        for (section, key, text) in texts {
            tables
                .sections
                .entry(section)
                .or_default()
                .insert(key, text);
        }
        Self::new(tables)
    }

    pub(crate) fn new(tables: Tables) -> Self {
        Self(Arc::new(tables))
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.0
    }

    /// What people who speak it call the language, if a file says so.
    pub fn name(&self) -> Option<String> {
        self.0.name.clone()
    }

    /// The labels of the choices of a field.
    pub fn labels(&self, path: &str) -> Option<&BTreeMap<String, String>> {
        self.0.labels.get(path)
    }

    fn choose<'a>(&self, text: &'a PluralText, count: f64) -> &'a str {
        let one = match self.0.plural.unwrap_or(Plural::One) {
            Plural::One => (count - 1.0).abs() <= 0.0,
            Plural::BelowTwo => (0.0..2.0).contains(&count.abs()),
            Plural::None => false,
        };
        if one { &text.one } else { &text.other }
    }
}

impl Words for Locale {
    fn tag(&self) -> &str {
        &self.0.tag
    }

    fn find(&self, section: Section, key: &str) -> Option<&str> {
        let texts = self.0.sections.get(&section)?;
        texts.get(key).map(String::as_str)
    }

    fn say(&self, english: &str, args: &[(&str, &str)]) -> String {
        let count = args.iter().find(|(name, _)| *name == "count");
        let count = count.and_then(|(_, count)| count.parse::<f64>().ok());
        let plural = self.0.plurals.get(english).zip(count);
        match plural {
            Some((text, count)) => put(self.choose(text, count), args),
            None => put(self.word(english), args),
        }
    }

    fn message(&self, message: &Message) -> String {
        let template = &message.template;
        let plural = self.0.plurals.get(template).and_then(|text| {
            let (_, count) = message.args.iter().find(|(name, _)| *name == text.count)?;
            Some(self.choose(text, count.as_f64()?))
        });
        let template = plural
            .or_else(|| self.find(Section::Messages, template))
            .or_else(|| self.find(Section::Plugins, template))
            .unwrap_or_else(|| self.word(template));
        fill(template, &message.args, self)
    }

    fn number(&self, value: f64) -> String {
        let text = evenhand_diagnostic::text::number(value);
        match &self.0.decimal {
            Some(mark) => text.replace('.', mark),
            None => text,
        }
    }

    fn percent(&self, value: f64) -> String {
        let sign = self.0.percent.as_deref().unwrap_or(" %");
        format!("{}{sign}", self.number(value))
    }
}

/// The places of a template with their forms, sorted, for comparison with a translation's.
pub(crate) fn sorted_places(template: &str) -> Vec<&str> {
    let mut places = evenhand_diagnostic::message::places(template);
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
