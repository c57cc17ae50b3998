//! Putting packs, plugins and a board's profile together.

mod found;

use crate::args::{LocaleArgs, PackArgs};
use crate::exit::Exit;
use crate::output::Inputs;
use crate::ui::Ui;
use crate::{bundled, clock, files, plugins};
use evenhand_analysis::Judge;
use evenhand_core::document::{Document, Format};
use evenhand_core::joint::Joint;
use evenhand_core::pack::PackFiles;
use evenhand_core::problem::Problem;
use evenhand_core::profile::{CORE_PACK, Pack, Profile};
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::settings::Settings;
use evenhand_core::source;
use evenhand_locale::Locale;
use evenhand_report::start;
use evenhand_threads::Threads;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use found::profile_all;
pub(crate) use found::{again, locate, named, note_other_profiles, profile, valid};

/// The name of a profile's file.
pub(crate) const PROFILE: &str = "evenhand.toml";

/// A profile, and the folder its paths start from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) profile: Profile,
    pub(crate) folder: PathBuf,
    pub(crate) path: PathBuf,
}

/// What a rulebook reads besides the proposal.
pub(crate) fn inputs(packs: &PackArgs, found: Option<&Found>) -> Inputs {
    let mut inputs = Inputs::default();
    if let Some(found) = found {
        inputs.file(&found.path);
        inputs.file(&found.folder.join(plugins::LOCK));
        for (path, _) in found.profile.extended() {
            inputs.file(&found.folder.join(path));
        }
        let packs = &found.profile.packs;
        for pack in packs.iter().filter(|pack| pack.name != CORE_PACK) {
            inputs.folder(&found.folder.join(&pack.name));
        }
        for entry in found.profile.plugins.values() {
            for path in [&entry.path, &entry.manifest].into_iter().flatten() {
                inputs.file(&found.folder.join(path));
            }
        }
    }
    for folder in &packs.packs {
        inputs.folder(folder);
    }
    for file in &packs.plugins {
        inputs.file(file);
    }
    inputs
}

/// Why no rulebook could be put together, with the texts that is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused {
    pub(crate) problems: Vec<Problem>,
    sources: Vec<source::Source>,
}

impl Refused {
    pub(crate) fn new(problems: Vec<Problem>, sources: Vec<source::Source>) -> Self {
        Self { problems, sources }
    }

    /// Shows it all.
    pub(crate) fn show(&self, ui: &Ui) -> Exit {
        ui.problems(&self.problems, &self.sources.iter().collect::<Vec<_>>());
        Exit::Wrong
    }
}

/// The rulebook for a proposal (or for the folder one is in); everything wrong is shown, and broken rules do not stop
/// the others.
pub(crate) fn rulebook(packs: &PackArgs, near: Option<&Path>, ui: &Ui) -> Result<Rulebook, Exit> {
    let assembled = assemble(packs, near, false, ui).map_err(|refused| refused.show(ui))?;
    show_broken(&assembled.book, ui);
    Ok(assembled.book)
}

/// Shows what is wrong with rules that are in force and cannot be asked.
pub(crate) fn show_broken(book: &Rulebook, ui: &Ui) {
    let broken: Vec<Problem> = book
        .broken()
        .iter()
        .filter(|rule| rule.disabled.is_none())
        .flat_map(|rule| rule.problems.clone())
        .collect();
    if !broken.is_empty() {
        let sources = book.sources_of(&broken);
        ui.problems(&broken, &sources.iter().collect::<Vec<_>>());
    }
}

/// The rulebook for a lint, which checks the scripts itself and shows what is broken.
pub(crate) fn rulebook_to_lint(packs: &PackArgs, ui: &Ui) -> Result<Rulebook, Exit> {
    let assembled = assemble(packs, None, true, ui).map_err(|refused| refused.show(ui))?;
    Ok(assembled.book)
}

/// The rulebook in the language that was asked for, or else the profile's; what is broken in it is shown.
pub(crate) fn rulebook_in(
    language: &LocaleArgs,
    packs: &PackArgs,
    near: Option<&Path>,
    ui: &Ui,
) -> Result<Assembled, Exit> {
    let mut assembled = assemble(packs, near, false, ui).map_err(|refused| refused.show(ui))?;
    show_broken(&assembled.book, ui);
    let spoken = assembled.speak(language);
    spoken.map_err(|refused| refused.show(ui))?;
    Ok(assembled)
}

/// A rulebook, the profile it was put together by, and the language it is shown in.
#[derive(Debug)]
pub(crate) struct Assembled {
    pub(crate) book: Rulebook,
    pub(crate) found: Option<Found>,
    pub(crate) locale: Locale,
    /// The schema with its questions in the language, where that is not English.
    schema: Option<Schema>,
}

impl Assembled {
    /// The schema with its questions in the language.
    pub(crate) fn schema(&self) -> &Schema {
        self.schema.as_ref().unwrap_or_else(|| self.book.schema())
    }

    /// Reads a proposal, written as text or filled in as a workbook. What a workbook holds besides is said, and what was
    /// understood of one that was written for an older version of the fields.
    pub(crate) fn proposal(
        &self,
        path: &Path,
        format: Option<Format>,
        ui: &Ui,
    ) -> Result<Document, Vec<Problem>> {
        if format.is_some() || !files::is_spreadsheet(path) {
            let (document, understood) = self.understood(files::proposal(path, format)?)?;
            if !understood.is_empty() {
                let source = files::source(path);
                ui.problems(&understood, &source.iter().collect::<Vec<_>>());
            }
            return Ok(document);
        }
        let (document, unread) = self.workbook(path)?;
        if !unread.is_empty() {
            ui.problems(&unread, &[]);
        }
        Ok(document)
    }

    /// A proposal as the packs of today call its fields, with what was understood.
    pub(crate) fn understood(
        &self,
        document: Document,
    ) -> Result<(Document, Vec<Problem>), Vec<Problem>> {
        self.book.understood(document)
    }

    /// Reads a proposal that was filled in as a workbook, with what the workbook holds besides.
    pub(crate) fn workbook(&self, path: &Path) -> Result<(Document, Vec<Problem>), Vec<Problem>> {
        let name = files::shown(path);
        let bytes = files::bytes(path);
        let bytes = bytes.map_err(|error| vec![files::cannot("read", &name, &error)])?;
        let spoken = (self.schema(), &self.locale);
        let read = start::read_workbook(&name, &bytes, &self.book, spoken)?;
        Ok((read.document, read.unread))
    }

    /// The same, with everything wrong shown.
    pub(crate) fn proposal_shown(&self, path: &Path, ui: &Ui) -> Result<Document, Exit> {
        self.proposal(path, None, ui).map_err(|problems| {
            let source = files::source(path);
            ui.problems(&problems, &source.iter().collect::<Vec<_>>());
            Exit::Wrong
        })
    }

    /// Sets the language that was asked for, or else the profile's.
    pub(crate) fn speak(&mut self, language: &LocaleArgs) -> Result<(), Refused> {
        let found = self.found.as_ref();
        let set = found.and_then(|found| found.profile.locale.as_ref());
        let tag = language.locale.as_ref().or(set);
        let tag = tag.map_or("en", String::as_str);
        let book = &self.book;
        let names = book.settings().texts();
        if tag == "en" && book.catalogs().iter().all(|file| file.language != "en") {
            self.locale = Locale::default().with(names);
            return Ok(());
        }
        let opened = evenhand_locale::open(tag, &book.catalogs(), &|| book.originals());
        let locale = opened.map_err(|problems| {
            let sources = book.sources_of(&problems);
            Refused::new(problems, sources)
        })?;
        if locale != *Locale::english() {
            self.schema = Some(evenhand_locale::localized_schema(book.schema(), &locale));
        }
        self.locale = locale.with(names);
        Ok(())
    }

    /// Leaves out the rules that the command line does not want.
    pub(crate) fn choose(&mut self, only: &[String], skip: &[String]) -> Result<(), Refused> {
        let chosen = self.book.choose(only, skip);
        chosen.map_err(|problems| Refused::new(problems, Vec::new()))
    }
}

/// Puts packs, plugins and the profile that is found together. Broken rules are no reason to refuse.
pub(crate) fn assemble(
    packs: &PackArgs,
    near: Option<&Path>,
    to_lint: bool,
    ui: &Ui,
) -> Result<Assembled, Refused> {
    let (found, mut problems) = profile_all(packs, near)?;
    if problems.is_empty() {
        return assemble_by(packs, found, to_lint, ui);
    }
    // What is right of a profile is looked at as well, so that everything is said at once.
    match load(packs, found.as_ref(), to_lint, None) {
        Ok(book) => problems.extend(found.iter().flat_map(|found| found.profile.check(&book))),
        Err(more) => problems.extend(more),
    }
    Err(Refused::new(in_order(problems), sources(found.as_ref())))
}

/// The problems, each once; those of one file together, by their place in it.
fn in_order(problems: Vec<Problem>) -> Vec<Problem> {
    let mut files: Vec<Option<String>> = Vec::new();
    let mut once: Vec<Problem> = Vec::new();
    for problem in problems {
        if !files.contains(&problem.file) {
            files.push(problem.file.clone());
        }
        if !once.contains(&problem) {
            once.push(problem);
        }
    }
    let rank = |problem: &Problem| files.iter().position(|file| *file == problem.file);
    once.sort_by_key(|problem| (rank(problem), problem.place));
    once
}

/// The texts of a profile and of those it extends.
fn sources(found: Option<&Found>) -> Vec<source::Source> {
    found
        .map(|found| found.profile.sources())
        .unwrap_or_default()
}

/// The same by a profile at hand.
pub(crate) fn assemble_by(
    packs: &PackArgs,
    found: Option<Found>,
    to_lint: bool,
    ui: &Ui,
) -> Result<Assembled, Refused> {
    let texts = sources(found.as_ref());
    let refused = |problems| Refused::new(problems, texts.clone());
    let book = load(packs, found.as_ref(), to_lint, Some(ui)).map_err(refused)?;
    if let Some(found) = &found {
        let problems = found.profile.check(&book);
        if problems.iter().any(Problem::is_error) {
            return Err(refused(problems));
        }
        if !problems.is_empty() {
            ui.problems(&problems, &texts.iter().collect::<Vec<_>>());
        }
    }
    Ok(Assembled {
        book,
        found,
        locale: Locale::default(),
        schema: None,
    })
}

/// What a rulebook is put together from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) packs: &'a PackArgs,
    pub(crate) found: Option<&'a Found>,
}

impl Source<'_> {
    /// The same rulebook with other plugins, of which nothing is said; none if that cannot be.
    pub(crate) fn open(&self, found: Option<&Found>, plugins: &[PathBuf]) -> Option<Rulebook> {
        let packs = PackArgs {
            plugins: plugins.to_vec(),
            ..self.packs.clone()
        };
        load(&packs, found, false, None).ok()
    }
}

/// A proposal with the rulebook it is judged by, and its scorecard.
pub(crate) struct Subject {
    pub(crate) spoken: Assembled,
    pub(crate) document: Document,
    pub(crate) card: Scorecard,
}

/// Reads and judges one proposal; everything that keeps it from being judged is shown.
pub(crate) fn subject(
    path: &Path,
    packs: &PackArgs,
    language: &LocaleArgs,
    ui: &Ui,
) -> Result<Subject, Exit> {
    let spoken = rulebook_in(language, packs, Some(path), ui)?;
    let document = spoken.proposal_shown(path, ui)?;
    let card = judge(&spoken, &document, ui).ok_or(Exit::Wrong)?;
    Ok(Subject {
        spoken,
        document,
        card,
    })
}

/// The scorecard of a proposal; none, with every problem shown, if it cannot be judged.
pub(crate) fn judge(spoken: &Assembled, document: &Document, ui: &Ui) -> Option<Scorecard> {
    let problems = spoken.book.check_document(document);
    if !problems.is_empty() {
        ui.problems(&problems, &[document.source()]);
        return None;
    }
    let card = spoken.book.judge_in(document, &spoken.locale);
    if card.problems.iter().any(Problem::is_error) {
        ui.problems(&card.problems, &[document.source()]);
        return None;
    }
    Some(card)
}

/// Analysis is shown in the language of the reports.
impl Judge for Assembled {
    fn judge(&self, proposal: &Document) -> Scorecard {
        self.book.judge_in(proposal, &self.locale)
    }

    fn check(&self, proposal: &Document) -> Vec<Problem> {
        self.book.check_document(proposal)
    }

    fn schema(&self) -> &Schema {
        Assembled::schema(self)
    }

    fn joint(&self, readings: &[Scorecard]) -> Joint {
        self.book.joint(readings, &self.locale)
    }

    fn hosts(&self, proposal: &Document) -> Vec<String> {
        self.book.hosts(proposal)
    }

    fn respondents(&self) -> Vec<(String, String)> {
        evenhand_analysis::respondents(&self.book, &self.locale)
    }
}

fn load(
    packs: &PackArgs,
    found: Option<&Found>,
    to_lint: bool,
    ui: Option<&Ui>,
) -> Result<Rulebook, Vec<Problem>> {
    let mut problems = Vec::new();
    let files = pack_files(packs, found, &mut problems);
    // A pack that says nothing readable of itself is refused when it is loaded.
    let declared: Vec<String> = files
        .iter()
        .filter_map(|pack| pack.info().ok())
        .flat_map(|info| info.plugins)
        .collect();
    let plugins = plugins::load(found, &packs.plugins, &declared, ui).unwrap_or_else(|found| {
        problems.extend(found);
        Vec::new()
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let settings = found.map(|found| found.profile.settings.clone());
    let settings = Settings {
        date: packs.date.or_else(clock::today),
        ..settings.unwrap_or_default()
    };
    if to_lint {
        Rulebook::open_to_lint(files, plugins, settings, Arc::new(Threads))
    } else {
        Rulebook::open(files, plugins, settings, Arc::new(Threads))
    }
}

/// The packs a profile extends, then those named on the command line. A folder that is named again keeps its place.
fn pack_files(
    packs: &PackArgs,
    found: Option<&Found>,
    problems: &mut Vec<Problem>,
) -> Vec<PackFiles> {
    if let Some(held) = &packs.held {
        return held.clone();
    }
    let usual = vec![Pack::named(CORE_PACK)];
    let extends = found.map_or(&usual, |found| &found.profile.packs);
    let start = found.map_or_else(PathBuf::new, |found| found.folder.clone());
    let mut read = Vec::new();
    let mut folders = Vec::new();
    for pack in extends {
        let files = if pack.name == CORE_PACK {
            Ok(bundled::core_pack())
        } else {
            let folder = start.join(&pack.name);
            folders.push(folder.canonicalize().unwrap_or_else(|_| folder.clone()));
            files::pack(&folder)
        };
        match files {
            Ok(files) => read.push(PackFiles {
                reason: pack.reason.clone(),
                fields_only: pack.fields_only,
                overriding: pack.overriding.clone(),
                ..files
            }),
            Err(more) => problems.extend(more.into_iter().map(|problem| match found {
                Some(found) => found.profile.problem_of_pack(&pack.name, problem),
                None => problem,
            })),
        }
    }
    for folder in &packs.packs {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if folders.contains(&real) {
            continue;
        }
        folders.push(real);
        match files::pack(folder) {
            Ok(pack) => read.push(PackFiles {
                reason: Some("named with --pack".to_owned()),
                ..pack
            }),
            Err(found) => problems.extend(found),
        }
    }
    read
}
