//! A rulebook in another language.

use super::texts::Texts;
use super::{Locale, Section, Tables, chain, read, words};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rulebook::Rulebook;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Rulebook {
    /// The languages there are texts in, sorted.
    pub fn languages(&self) -> Vec<String> {
        let mut all: BTreeSet<&str> = read::own_languages().collect();
        all.extend(self.packs.iter().flat_map(read::languages));
        all.into_iter().map(str::to_owned).collect()
    }

    /// A language by its tag; `es-MX` falls back to `es`, and every missing text to English.
    ///
    /// Files that were not checked before are checked: against their form, and against the rules, fields and
    /// messages that exist.
    pub fn locale(&self, tag: &str) -> Result<Locale, Vec<Problem>> {
        self.read_locale(tag, false)
    }

    /// Every file is checked if `all`, and otherwise those of packs that were not checked before.
    fn read_locale(&self, tag: &str, all: bool) -> Result<Locale, Vec<Problem>> {
        let known = self.languages();
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
            for pack in &self.packs {
                for path in read::paths(pack, part) {
                    match read::document(pack, path) {
                        Ok(document) => {
                            if all || !pack.checked {
                                let texts = texts.get_or_insert_with(|| Texts::of_all(self));
                                problems.extend(self.unknown_keys(&document, texts));
                            }
                            tables.add(document.value());
                        }
                        Err(found) => problems.extend(found),
                    }
                }
            }
        }
        if problems.is_empty() {
            Ok(Locale::new(tables))
        } else {
            Err(problems)
        }
    }

    /// A language to be filled in, with every file checked: one there are no texts in yet is as good as any, if its tag is one.
    pub fn locale_to_fill(&self, tag: &str) -> Result<Locale, Vec<Problem>> {
        let found = self.read_locale(tag, true);
        let begun = self.languages().iter().any(|known| known == tag);
        let part = |part: &str| part.len() >= 2 && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if found.is_ok() || begun || !tag.split('-').all(part) || tag.len() > 12 {
            return found;
        }
        Ok(Locale::new(Tables {
            tag: tag.to_owned(),
            ..Tables::default()
        }))
    }

    /// Puts titles, what helps, names of dimensions and questions into a language; scorecards follow.
    pub fn speak(&mut self, locale: Locale) {
        for dimension in &mut self.info.dimensions {
            if let Some(title) = locale.find(Section::Dimensions, &dimension.id) {
                title.clone_into(&mut dimension.title);
            }
        }
        for rule in &mut self.rules {
            let page = &mut rule.page;
            if let Some(title) = locale.find(Section::Titles, &page.id) {
                title.clone_into(&mut page.title);
            }
            if let Some(help) = locale.find(Section::Helps, &page.id) {
                page.set_help(help);
            }
        }
        for field in Arc::make_mut(&mut self.schema).fields_mut() {
            if let Some(question) = locale.find(Section::Questions, &field.path) {
                question.clone_into(&mut field.question);
            }
            if let Some(title) = locale.find(Section::Fields, &field.path) {
                title.clone_into(&mut field.title);
            }
            if let Some(labels) = locale.tables().labels.get(&field.path) {
                let known = labels
                    .iter()
                    .map(|(choice, label)| (choice.clone(), label.clone()));
                field.labels.extend(known);
            }
        }
        self.locale = locale;
    }

    /// The language in force.
    pub fn language(&self) -> &Locale {
        &self.locale
    }

    /// Translations of what does not exist, each with what was probably meant.
    fn unknown_keys(&self, document: &Document, texts: &Texts) -> Vec<Problem> {
        let mut problems = Vec::new();
        // What a plugin says is in its code, where nobody can look it up.
        let listed = |section: &Section| *section != Section::Plugins;
        for section in Section::ALL.into_iter().filter(listed) {
            let known = self.known_keys(section, texts);
            for (key, _) in read::table(document.value(), section.word()) {
                if known.contains(key) || self.is_plugin_key(section, key) {
                    continue;
                }
                let at = Pointer::root().key(section.word()).key(key);
                let problem = unknown(section, key, &known);
                problems.push(document.problem_at_key(&at, problem));
            }
        }
        let mut said = self.known_keys(Section::Messages, texts);
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
            let fields = self.known_keys(Section::Fields, texts);
            let Some(field) = self.schema.find(path).filter(|_| fields.contains(path)) else {
                let problem = unknown(Section::Fields, path, &fields);
                problems.push(document.problem_at_key(&at, problem));
                continue;
            };
            let choices = &self.schema.field(field).choices;
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

    fn known_keys<'a>(&'a self, section: Section, texts: &'a Texts) -> BTreeSet<&'a str> {
        let fields = || {
            let ids = self.schema.walk();
            ids.into_iter().map(|id| self.schema.field(id))
        };
        match section {
            Section::Words => words::WORDS.iter().copied().collect(),
            Section::Dimensions => {
                let all = self.info.dimensions.iter();
                all.map(|dimension| dimension.id.as_str()).collect()
            }
            Section::Titles | Section::Helps => {
                let broken = self.broken.iter().map(|rule| rule.id.as_str());
                let rules = self.rules.iter().map(|rule| rule.page.id.as_str());
                rules.chain(broken).collect()
            }
            Section::Messages => texts.said.keys().map(String::as_str).collect(),
            Section::Plugins => BTreeSet::new(),
            Section::Values => {
                let choices = fields().flat_map(|field| &field.choices);
                let single = texts.single.iter().chain(choices);
                single.map(String::as_str).collect()
            }
            Section::Questions | Section::Fields => {
                fields().map(|field| field.path.as_str()).collect()
            }
        }
    }

    fn is_plugin_key(&self, section: Section, key: &str) -> bool {
        matches!(section, Section::Titles | Section::Helps) && self.has_plugin_rule(key)
    }
}

fn unknown(section: Section, key: &str, known: &BTreeSet<&str>) -> Problem {
    let what = match section {
        Section::Words => "is none of the engine's own words",
        Section::Dimensions => "is not a dimension",
        Section::Titles | Section::Helps => "is not a rule",
        Section::Messages | Section::Plugins => "is a message that no script has",
        Section::Values => "is a word that no script and no choice of the schema has",
        Section::Questions | Section::Fields => "is not a field of the proposal",
    };
    Problem::error(format!("`{key}` {what}"))
        .suggest_maybe(did_you_mean(key, known.iter().copied()))
}
