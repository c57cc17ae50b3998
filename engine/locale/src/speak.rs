//! Opening a language: what is translated, fallback, and keys of what does not exist.

use crate::{Locale, Tables, chain, read, words};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_diagnostic::words::{CatalogFile, Originals, Section, Words as _};
use evenhand_document::document::Document;
use evenhand_document::schema::Schema;
use std::collections::BTreeSet;

/// The languages there are texts in, sorted.
pub fn languages(files: &[CatalogFile<'_>]) -> Vec<String> {
    let mut all: BTreeSet<&str> = read::own_languages().collect();
    all.extend(files.iter().map(|file| file.language));
    all.into_iter().map(str::to_owned).collect()
}

/// A language by its tag; `es-MX` falls back to `es`, and every missing text to English.
///
/// Files that were not checked before are checked: against their form, and against the rules, fields and messages that
/// exist, which `originals` gives.
pub fn open(
    tag: &str,
    files: &[CatalogFile<'_>],
    originals: &dyn Fn() -> Originals,
) -> Result<Locale, Vec<Problem>> {
    read_locale(tag, files, originals, false)
}

/// A language to be filled in, with every file checked: one there are no texts in yet is as good as any, if its tag is
/// one.
pub fn open_to_fill(
    tag: &str,
    files: &[CatalogFile<'_>],
    originals: &dyn Fn() -> Originals,
) -> Result<Locale, Vec<Problem>> {
    let found = read_locale(tag, files, originals, true);
    let begun = languages(files).iter().any(|known| known == tag);
    let part = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if found.is_ok() || begun || !tag.split('-').all(part) || tag.len() > 12 {
        return found;
    }
    Ok(Locale::new(Tables {
        tag: tag.to_owned(),
        ..Tables::default()
    }))
}

/// The schema with questions, titles and labels in a language, where it has them.
#[must_use]
pub fn localized_schema(schema: &Schema, locale: &Locale) -> Schema {
    let mut schema = schema.clone();
    for field in schema.fields_mut() {
        if let Some(question) = locale.find(Section::Questions, &field.path) {
            question.clone_into(&mut field.question);
        }
        if let Some(title) = locale.find(Section::Fields, &field.path) {
            title.clone_into(&mut field.title);
        }
        if let Some(labels) = locale.labels(&field.path) {
            let known = labels
                .iter()
                .map(|(choice, label)| (choice.clone(), label.clone()));
            field.labels.extend(known);
        }
    }
    schema
}

/// Every file is checked if `all`, and otherwise those that were not checked before.
fn read_locale(
    tag: &str,
    files: &[CatalogFile<'_>],
    originals: &dyn Fn() -> Originals,
    all: bool,
) -> Result<Locale, Vec<Problem>> {
    let known = languages(files);
    let chain: Vec<String> = chain(tag)
        .into_iter()
        .filter_map(|part| {
            let same = |known: &&String| known.eq_ignore_ascii_case(&part);
            known.iter().find(same).cloned()
        })
        .collect();
    if chain.is_empty() {
        let list = known.join(", ");
        return Err(vec![
            Problem::error(format!("`{tag}` is not a language there are texts in"))
                .expected(format!("one of {list}"))
                .suggest_maybe(did_you_mean(tag, known.iter().map(String::as_str))),
        ]);
    }
    let mut tables = Tables {
        tag: tag.to_owned(),
        ..Tables::default()
    };
    let mut problems = Vec::new();
    let mut texts = None;
    // From the general to the particular, which wins.
    for part in chain.iter().rev() {
        read::own(part, &mut tables);
        for file in files.iter().filter(|file| file.language == part) {
            match read::document(file) {
                Ok(document) => {
                    if all || !file.checked {
                        let texts = texts.get_or_insert_with(originals);
                        problems.extend(unknown_keys(&document, texts));
                    }
                    tables.add(document.value());
                }
                Err(found) => problems.extend(found),
            }
        }
    }
    if problems.is_empty() {
        Ok(Locale::new(tables))
    } else {
        Err(problems)
    }
}

/// Translations of what does not exist, each with what was probably meant.
fn unknown_keys(document: &Document, originals: &Originals) -> Vec<Problem> {
    let mut problems = Vec::new();
    // What a plugin says is in its code, where nobody can look it up.
    let listed = |section: &Section| *section != Section::Plugins;
    for section in Section::ALL.into_iter().filter(listed) {
        let known = known_keys(section, originals);
        for (key, _) in read::table(document.value(), section.word()) {
            if known.contains(key) {
                continue;
            }
            let at = Pointer::root().key(section.word()).key(key);
            let problem = unknown(section, key, &known);
            problems.push(document.problem_at_key(&at, problem));
        }
    }
    let mut said = known_keys(Section::Messages, originals);
    said.extend(words::WORDS);
    for (key, _) in read::table(document.value(), "plurals") {
        if !said.contains(key) {
            let at = Pointer::root().key("plurals").key(key);
            let problem = unknown(Section::Messages, key, &said);
            problems.push(document.problem_at_key(&at, problem));
        }
    }
    for (path, labels) in read::table(document.value(), "labels") {
        let at = Pointer::root().key("labels").key(path);
        let Some(choices) = originals.choices.get(path) else {
            let fields = known_keys(Section::Fields, originals);
            let problem = unknown(Section::Fields, path, &fields);
            problems.push(document.problem_at_key(&at, problem));
            continue;
        };
        for (choice, _) in labels
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(choice, _)| !choices.contains(choice))
        {
            let problem = Problem::error(format!("`{choice}` is not a choice of `{path}`"))
                .suggest_maybe(did_you_mean(choice, choices.iter().map(String::as_str)));
            problems.push(document.problem_at_key(&at.key(choice), problem));
        }
    }
    problems
}

fn known_keys(section: Section, originals: &Originals) -> BTreeSet<&str> {
    if section == Section::Words {
        return words::WORDS.iter().copied().collect();
    }
    let known = originals.known.get(&section).into_iter().flatten();
    known.map(String::as_str).collect()
}

fn unknown(section: Section, key: &str, known: &BTreeSet<&str>) -> Problem {
    let what = match section {
        Section::Words => "is none of the engine's own words",
        Section::Dimensions => "is not a dimension",
        Section::Respondents => "is nobody whom a pack asks",
        Section::Titles | Section::Helps => "is not a rule",
        Section::Messages | Section::Plugins => "is a message that no script has",
        Section::Values => "is a word that no script and no choice of the schema has",
        Section::Questions | Section::Fields => "is not a field of the proposal",
    };
    Problem::error(format!("`{key}` {what}"))
        .suggest_maybe(did_you_mean(key, known.iter().copied()))
}
