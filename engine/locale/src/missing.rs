//! What a language still lacks.

use crate::{Locale, chain, words};
use evenhand_diagnostic::words::{Originals, Section, Words as _};

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

/// Every text of the packs and of the engine that `locale` has no translation for, in the order of the file.
///
/// Choices that are the same in every language, such as codes of countries, have no label of their own in the file and
/// are not asked for where the field has more of them than `LABELS`.
pub fn missing(originals: &Originals, locale: &Locale) -> Vec<Missing> {
    let mut missing = Vec::new();
    // English is the key of every text.
    if chain(locale.tag()).iter().any(|part| part == "en") {
        return missing;
    }
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
    for section in Section::ALL {
        let texts = originals.wanted.get(&section).into_iter().flatten();
        texts.for_each(|(key, english)| want(section, key, english));
    }
    for (path, labels) in &originals.labels {
        if labels.len() > LABELS {
            continue;
        }
        let own = locale.labels(path);
        for (choice, label) in labels {
            if own.is_none_or(|own| !own.contains_key(choice)) {
                missing.push(Missing {
                    section: format!("labels.\"{path}\""),
                    key: choice.clone(),
                    english: label.clone(),
                });
            }
        }
    }
    missing
}

/// A field with more choices than this is a list of codes, such as those of countries.
const LABELS: usize = 60;
