//! Reading the files of a language.

use super::{Plural, PluralText, Section, Tables, sorted_places, text};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::words::CatalogFile;
use evenhand_document::document::{Document, Format};
use evenhand_document::schema::Schema;
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use serde_json::{Map, Value};
use std::sync::LazyLock;

static FORM: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("locale.json")));

/// The engine's own words in each language it speaks.
const OWN: [(&str, &str); 3] = [
    ("en", include_str!("../locales/en.toml")),
    ("es", include_str!("../locales/es.toml")),
    ("fr", include_str!("../locales/fr.toml")),
];

/// The languages the engine itself speaks.
pub(super) fn own_languages() -> impl Iterator<Item = &'static str> {
    OWN.iter().map(|(tag, _)| *tag)
}

/// Adds the engine's own words; whether it has any in this language.
pub(super) fn own(tag: &str, tables: &mut Tables) -> bool {
    let Some((_, bytes)) = OWN.iter().find(|(own, _)| *own == tag) else {
        return false;
    };
    let name = format!("{tag}.toml");
    if let Ok(document) = Document::parse(&name, bytes.as_bytes(), Format::Toml) {
        tables.add(document.value());
    }
    true
}

/// A file as a document of the right form.
pub(super) fn document(file: &CatalogFile<'_>) -> Result<Document, Vec<Problem>> {
    let document = Document::parse(&file.name(), file.bytes, Format::Toml)?;
    let mut problems = validate_builtin(FORM.as_ref(), &document);
    problems.extend(places(&document));
    if problems.is_empty() {
        Ok(document)
    } else {
        Err(problems)
    }
}

/// A translation says what the English says: it has the same places, in any order.
pub(super) fn places(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut compare = |at: Pointer, english: &str, translated: &Value| {
        let wanted = sorted_places(english);
        if sorted_places(&text(translated)) != wanted {
            let list: Vec<String> = wanted.iter().map(|place| format!("{{{place}}}")).collect();
            let expected = match list.as_slice() {
                [] => "no place in braces".to_owned(),
                list => list.join(", "),
            };
            let problem = Problem::error("the translation has other places than the English")
                .expected(expected);
            problems.push(document.problem_at(&at, problem));
        }
    };
    for section in [Section::Words, Section::Messages, Section::Plugins] {
        for (english, translated) in table(document.value(), section.word()) {
            let at = Pointer::root().key(section.word()).key(english);
            compare(at, english, translated);
        }
    }
    for (english, entry) in table(document.value(), "plurals") {
        let at = Pointer::root().key("plurals").key(english);
        for form in ["one", "other"] {
            match entry.get(form) {
                // The singular may leave the count itself out: "one person", "una persona".
                Some(translated) if form == "one" => {
                    let count = entry.get("count").map(text).unwrap_or_default();
                    let said = text(translated);
                    let has = sorted_places(&said);
                    let rest = sorted_places(english);
                    let fits = has.iter().all(|place| rest.contains(place))
                        && rest
                            .iter()
                            .all(|place| has.contains(place) || **place == count);
                    if !fits {
                        compare(at.key(form), english, translated);
                    }
                }
                Some(translated) => compare(at.key(form), english, translated),
                None => {}
            }
        }
    }
    problems.extend(counts(document));
    problems
}

/// A plural has its three parts, and its count is a place of the English.
fn counts(document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (english, entry) in table(document.value(), "plurals") {
        let at = Pointer::root().key("plurals").key(english);
        for part in ["count", "one", "other"] {
            if entry.get(part).is_none() {
                let problem = Problem::error(format!("the plural has no `{part}`"))
                    .expected("`count` (the name of a place), `one` and `other`");
                problems.push(document.problem_at_key(&at, problem));
            }
        }
        let count = entry.get("count").map(text).unwrap_or_default();
        let places = sorted_places(english);
        if !count.is_empty() && !places.contains(&count.as_str()) {
            let problem = Problem::error(format!("the message has no place {{{count}}}"))
                .suggest_maybe(evenhand_diagnostic::problem::did_you_mean(&count, places));
            problems.push(document.problem_at(&at.key("count"), problem));
        }
    }
    problems
}

/// A table of a file; empty if it is not there.
pub(super) fn table<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let table: Option<&Map<String, Value>> = value.get(key).and_then(Value::as_object);
    table
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

impl Tables {
    /// Adds the texts of a file; they win over those that are there.
    pub(super) fn add(&mut self, value: &Value) {
        for (key, setting) in table(value, "language") {
            match key {
                "name" => self.name = Some(text(setting)),
                "decimal" => self.decimal = Some(text(setting)),
                "percent" => self.percent = Some(text(setting)),
                "plural" => {
                    self.plural = match setting.as_str() {
                        Some("one") => Some(Plural::One),
                        Some("below-two") => Some(Plural::BelowTwo),
                        Some("none") => Some(Plural::None),
                        _ => self.plural,
                    }
                }
                _ => {}
            }
        }
        for section in Section::ALL {
            let texts = self.sections.entry(section).or_default();
            texts.extend(
                table(value, section.word())
                    .map(|(key, translated)| (key.to_owned(), text(translated))),
            );
        }
        for (english, entry) in table(value, "plurals") {
            let part = |key: &str| entry.get(key).map(text).unwrap_or_default();
            self.plurals.insert(
                english.to_owned(),
                PluralText {
                    count: part("count"),
                    one: part("one"),
                    other: part("other"),
                },
            );
        }
        for (path, labels) in table(value, "labels") {
            let own = self.labels.entry(path.to_owned()).or_default();
            let labels = labels.as_object().into_iter().flatten();
            own.extend(labels.map(|(choice, label)| (choice.clone(), text(label))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that stands twice would leave a whole language untranslated.
    #[test]
    fn every_catalog_of_the_engine_can_be_read() {
        for (tag, bytes) in OWN {
            let found = Document::parse(&format!("{tag}.toml"), bytes.as_bytes(), Format::Toml);
            let found = found.unwrap();
            assert_eq!(validate_builtin(FORM.as_ref(), &found), [], "{tag}");
            assert_eq!(places(&found), [], "{tag}");
        }
    }
}
