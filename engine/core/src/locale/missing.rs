//! What a language still lacks.

use super::{Locale, Section, words};
use crate::locale::texts::Texts;
use crate::rulebook::Rulebook;

/// A text that is not translated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// The section of the file it belongs in, such as `titles`, or `labels."flows[].who"`.
    pub section: String,
    /// Its key there.
    pub key: String,
    /// What it says in English.
    pub english: String,
}

impl Rulebook {
    /// Every text of the packs and of the engine that `locale` has no translation for, in the order of the file.
    ///
    /// To be asked of a rulebook that still speaks English, whose own texts are the keys. Choices that are the same
    /// in every language, such as codes of countries, have no label of their own in the file and are not asked for
    /// where the field has more of them than `LABELS`.
    pub fn missing_translations(&self, locale: &Locale) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut want = |section: Section, key: &str, english: &str| {
            let plural = locale.tables().plurals.contains_key(key);
            if !english.is_empty() && !plural && locale.find(section, key).is_none() {
                missing.push(Missing {
                    section: section.word().to_owned(),
                    key: key.to_owned(),
                    english: english.to_owned(),
                });
            }
        };
        for word in words::WORDS {
            want(Section::Words, word, word);
        }
        for dimension in &self.info().dimensions {
            want(Section::Dimensions, &dimension.id, &dimension.title);
        }
        let of_plugins: Vec<_> = self
            .plugins
            .manifests()
            .flat_map(|(manifest, _)| &manifest.rules)
            .collect();
        for rule in self.rules() {
            want(Section::Titles, &rule.page.id, &rule.page.title);
        }
        for rule in &of_plugins {
            want(Section::Titles, &rule.id, &rule.title);
        }
        for rule in self.rules() {
            want(Section::Helps, &rule.page.id, &rule.page.help);
        }
        for rule in &of_plugins {
            want(Section::Helps, &rule.id, &rule.helps);
        }
        for text in Texts::of(self).said.keys() {
            want(Section::Messages, text, text);
        }
        let fields: Vec<_> = self
            .schema()
            .walk()
            .into_iter()
            .map(|id| self.schema().field(id))
            .filter(|field| !field.path.is_empty() && !field.path.starts_with("derived"))
            .collect();
        for field in &fields {
            want(Section::Questions, &field.path, &field.question);
        }
        for field in &fields {
            want(Section::Fields, &field.path, &field.title);
        }
        for field in fields {
            if field.labels.len() > LABELS {
                continue;
            }
            let own = locale.tables().labels.get(&field.path);
            for (choice, label) in &field.labels {
                if own.is_none_or(|own| !own.contains_key(choice)) {
                    missing.push(Missing {
                        section: format!("labels.\"{}\"", field.path),
                        key: choice.clone(),
                        english: label.clone(),
                    });
                }
            }
        }
        missing
    }
}

/// A field with more choices than this is a list of codes, such as those of countries.
const LABELS: usize = 60;
