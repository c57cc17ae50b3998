//! What a language still lacks.

use super::{Locale, Section, chain, words};
use crate::locale::texts::Texts;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rulebook::{Rule, Rulebook};

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

impl Rulebook {
    /// The same as warnings, each where the English stands; of the rules that are named, or of everything if none is.
    ///
    /// What the files of the language get wrong stands there instead, until it is right.
    pub fn untranslated(&self, tag: &str, ids: &[String]) -> Vec<Problem> {
        let locale = match self.locale_to_fill(tag) {
            Ok(locale) => locale,
            Err(problems) => return problems,
        };
        let missing = self.missing_translations(&locale);
        let begun = chain(tag)
            .iter()
            .any(|part| self.languages().contains(part));
        if !begun && ids.is_empty() {
            return vec![Problem::warning(format!("`{tag}` has no texts yet"))];
        }
        let texts = Texts::of(self);
        let said = |one: &Missing| (one.section == "messages").then(|| texts.said.get(&one.key))?;
        let wanted = missing.iter().filter_map(|one| {
            let id = said(one).map_or(one.key.as_str(), String::as_str);
            let named = ids.iter().any(|wanted| wanted == id);
            (named || ids.is_empty()).then(|| self.untold(tag, one, id))
        });
        wanted.collect()
    }

    /// One text that `tag` lacks, with the place of the English.
    fn untold(&self, tag: &str, one: &Missing, id: &str) -> Problem {
        let (section, key) = (one.section.as_str(), one.key.as_str());
        let problem = Problem::warning(match section {
            "titles" => format!("`{tag}` has no title for `{key}`"),
            "helps" => format!("`{tag}` does not say what helps for `{key}`"),
            "messages" => format!("`{tag}` has no message for “{key}”"),
            "questions" => format!("`{tag}` has no question for the field `{key}`"),
            "fields" => format!("`{tag}` has no name for the field `{key}`"),
            _ => format!("`{tag}` has nothing for “{}” in `{section}`", one.english),
        });
        let rule = self.rules().iter().find(|rule| rule.page.id == id);
        match (section, rule) {
            ("titles", Some(rule)) => rule.page.problem_at(&Pointer::root().key("title"), problem),
            ("helps", Some(rule)) => problem.in_file(rule.page.source.name()),
            ("messages", Some(rule)) => in_script(rule, key, problem),
            _ => self.in_pack(section, key, problem),
        }
    }

    /// In the file of a pack that holds a text which belongs to no rule.
    fn in_pack(&self, section: &str, key: &str, problem: Problem) -> Problem {
        let file = match section {
            "dimensions" => "pack.toml",
            "messages" => "lib/",
            "words" | "titles" | "helps" => return problem,
            _ => "schema.json",
        };
        let holds = |text: &[u8]| file != "lib/" || String::from_utf8_lossy(text).contains(key);
        let place = self.packs().iter().find_map(|pack| {
            let mut files = pack.files.iter();
            let (path, _) = files.find(|(path, text)| path.starts_with(file) && holds(text))?;
            Some(pack.name_of(path))
        });
        match place {
            Some(name) => problem.in_file(name),
            None => problem,
        }
    }
}

/// At the text in the rule's script; a text with escapes in it is only in the file.
fn in_script(rule: &Rule, key: &str, problem: Problem) -> Problem {
    let Some(script) = &rule.script else {
        return problem;
    };
    match script.source.text().find(key) {
        Some(start) => problem.at(&script.source, start..start + key.len()),
        None => problem.in_file(script.source.name()),
    }
}

/// A field with more choices than this is a list of codes, such as those of countries.
const LABELS: usize = 60;
