//! One session: packs, plugins and a profile, opened once; proposals judged from many threads, in many languages.
//!
//! It reads no file and starts no thread: the caller hands in what was read, and who does the work.

use evenhand_contract::plugin::PluginSource;
use evenhand_core::date::Date;
use evenhand_core::executor::Executor;
use evenhand_core::pack::PackFiles;
use evenhand_core::profile::Profile;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::settings::Settings;
use evenhand_diagnostic::problem::Problem;
use evenhand_document::document::Document;
use evenhand_document::schema::Schema;
use evenhand_locale::Locale;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What proposals are judged by, before a board has set anything.
#[derive(Debug, Clone, Default)]
pub struct Distribution {
    /// Packs; later ones add to or replace earlier ones.
    pub packs: Vec<PackFiles>,
    /// The plugins that take part.
    pub plugins: Vec<Arc<dyn PluginSource>>,
}

/// Packs, plugins and settings, ready to judge. It never changes, and many threads may use it at once.
#[derive(Debug)]
pub struct Session {
    book: Rulebook,
    /// The language of the profile.
    default: Option<String>,
    /// Languages that were opened before.
    languages: Mutex<BTreeMap<String, Arc<Language>>>,
}

/// A language, with what the schema asks in it.
#[derive(Debug)]
pub struct Language {
    /// Its texts.
    pub locale: Locale,
    /// The schema with questions, titles and labels in the language; none where the schema's own are in it.
    schema: Option<Schema>,
}

impl Session {
    /// Puts a distribution and a board's profile together and checks both; all problems come back at once. Rules that
    /// cannot be loaded are no reason to refuse: the rulebook lists them, and nobody passes them.
    pub fn open(
        distribution: Distribution,
        profile: Option<&Profile>,
        executor: Arc<dyn Executor>,
    ) -> Result<Self, Vec<Problem>> {
        Self::open_on(distribution, profile, None, executor)
    }

    /// The same, to judge as of a day: by it waivers and attestations are old.
    pub fn open_on(
        distribution: Distribution,
        profile: Option<&Profile>,
        date: Option<Date>,
        executor: Arc<dyn Executor>,
    ) -> Result<Self, Vec<Problem>> {
        let mut settings = settings(profile);
        settings.date = date.or(settings.date);
        let Distribution { packs, plugins } = distribution;
        let book = Rulebook::open(packs, plugins, settings, executor)?;
        Self::of(book, profile)
    }

    /// The same for a lint: no pack counts as checked, and a script that is wrong breaks no rule.
    pub fn open_to_lint(
        distribution: Distribution,
        profile: Option<&Profile>,
        executor: Arc<dyn Executor>,
    ) -> Result<Self, Vec<Problem>> {
        let settings = settings(profile);
        let Distribution { packs, plugins } = distribution;
        let book = Rulebook::open_to_lint(packs, plugins, settings, executor)?;
        Self::of(book, profile)
    }

    fn of(book: Rulebook, profile: Option<&Profile>) -> Result<Self, Vec<Problem>> {
        let problems = profile.map(|profile| profile.check(&book));
        let problems = problems.unwrap_or_default();
        if problems.iter().any(Problem::is_error) {
            return Err(problems);
        }
        Ok(Self {
            book,
            default: profile.and_then(|profile| profile.locale.clone()),
            languages: Mutex::default(),
        })
    }

    /// What proposals are judged by.
    pub fn rulebook(&self) -> &Rulebook {
        &self.book
    }

    /// A language by its tag, or the profile's, or else English; opened once.
    pub fn language(&self, tag: Option<&str>) -> Result<Arc<Language>, Vec<Problem>> {
        let tag = tag.or(self.default.as_deref()).unwrap_or("en");
        let known = |languages: &BTreeMap<String, Arc<Language>>| languages.get(tag).cloned();
        if let Some(language) = known(&self.languages()) {
            return Ok(language);
        }
        let opened = self.open_language(tag)?;
        let mut languages = self.languages();
        Ok(Arc::clone(
            languages
                .entry(tag.to_owned())
                .or_insert_with(|| Arc::new(opened)),
        ))
    }

    fn open_language(&self, tag: &str) -> Result<Language, Vec<Problem>> {
        if tag == "en"
            && !self
                .book
                .catalogs()
                .iter()
                .any(|file| file.language == "en")
        {
            return Ok(Language {
                locale: Locale::default().with(self.book.settings().texts()),
                schema: None,
            });
        }
        let catalogs = self.book.catalogs();
        let locale = evenhand_locale::open(tag, &catalogs, &|| self.book.originals())?;
        let locale = locale.with(self.book.settings().texts());
        Ok(Language {
            schema: Some(evenhand_locale::localized_schema(
                self.book.schema(),
                &locale,
            )),
            locale,
        })
    }

    fn languages(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Language>>> {
        self.languages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a document in a language, with the work done by `executor`. A document that cannot be judged comes back
    /// with every problem: what does not fit the schema, and what a plugin says cannot be.
    pub fn judge(
        &self,
        document: &Document,
        language: &Language,
        executor: &dyn Executor,
    ) -> Result<Scorecard, Vec<Problem>> {
        let problems = self.book.check_document(document);
        if !problems.is_empty() {
            return Err(problems);
        }
        let card = self.book.judge_with(document, &language.locale, executor);
        if card.problems.iter().any(Problem::is_error) {
            return Err(card.problems);
        }
        Ok(card)
    }
}

impl Language {
    /// The schema of `session` with its questions, titles and labels in this language.
    pub fn schema<'a>(&'a self, session: &'a Session) -> &'a Schema {
        self.schema
            .as_ref()
            .unwrap_or_else(|| session.book.schema())
    }
}

fn settings(profile: Option<&Profile>) -> Settings {
    let settings = profile.map(|profile| profile.settings.clone());
    settings.unwrap_or_default()
}
