//! Putting packs, plugins and a board's profile together.

use crate::args::{LocaleArgs, PackArgs};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{bundled, files, plugins};
use evenhand_analysis::Judge;
use evenhand_core::document::{Document, Format};
use evenhand_core::pack::PackFiles;
use evenhand_core::problem::Problem;
use evenhand_core::profile::{CORE_PACK, Profile};
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::side_by_side::both;
use evenhand_core::source::Source;
use evenhand_locale::Locale;
use std::path::{Path, PathBuf};

/// The name of a profile's file.
pub(crate) const PROFILE: &str = "evenhand.toml";

/// A profile, and the folder its paths start from.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) profile: Profile,
    pub(crate) folder: PathBuf,
}

/// The rulebook for a proposal (or for the folder one is in); everything wrong is shown, and broken rules do not stop
/// the others.
pub(crate) fn rulebook(packs: &PackArgs, near: Option<&Path>, ui: &Ui) -> Result<Rulebook, Exit> {
    let book = quiet_rulebook(packs, near, false, ui)?;
    let broken: Vec<Problem> = book
        .broken()
        .iter()
        .flat_map(|rule| rule.problems.clone())
        .collect();
    if !broken.is_empty() {
        let sources = book.sources_of(&broken);
        ui.problems(&broken, &sources.iter().collect::<Vec<_>>());
    }
    Ok(book)
}

/// The rulebook for a lint, which checks the scripts itself and shows what is broken.
pub(crate) fn rulebook_to_lint(packs: &PackArgs, ui: &Ui) -> Result<Rulebook, Exit> {
    quiet_rulebook(packs, None, true, ui)
}

fn quiet_rulebook(
    packs: &PackArgs,
    near: Option<&Path>,
    to_lint: bool,
    ui: &Ui,
) -> Result<Rulebook, Exit> {
    let found = profile(packs, near).map_err(|(problems, source)| {
        ui.problems(&problems, &source.iter().collect::<Vec<_>>());
        Exit::Wrong
    })?;
    let loaded = load(packs, found.as_ref(), to_lint, ui);
    let book = loaded.map_err(|problems| {
        let source = found
            .as_ref()
            .map(|found| found.profile.document().source());
        ui.problems(&problems, &source.into_iter().collect::<Vec<_>>());
        Exit::Wrong
    })?;
    if let Some(found) = &found {
        let problems = found.profile.check(&book);
        if !problems.is_empty() {
            ui.problems(&problems, &[found.profile.document().source()]);
            return Err(Exit::Wrong);
        }
    }
    Ok(book)
}

/// A rulebook with the language it is shown in.
#[derive(Debug)]
pub(crate) struct Spoken {
    pub(crate) book: Rulebook,
    pub(crate) locale: Locale,
    /// The schema with its questions in the language, where that is not English.
    schema: Option<Schema>,
}

impl Spoken {
    /// The schema with its questions in the language.
    pub(crate) fn schema(&self) -> &Schema {
        self.schema.as_ref().unwrap_or_else(|| self.book.schema())
    }
}

/// The rulebook with the language that was asked for, or else the profile's.
pub(crate) fn rulebook_in(
    language: &LocaleArgs,
    packs: &PackArgs,
    near: Option<&Path>,
    ui: &Ui,
) -> Result<Spoken, Exit> {
    let book = rulebook(packs, near, ui)?;
    let found = profile(packs, near).ok().flatten();
    let set = found
        .as_ref()
        .and_then(|found| found.profile.locale.as_ref());
    let opened = match language.locale.as_ref().or(set) {
        Some(tag) => evenhand_locale::open(tag, &book.catalogs(), &|| book.originals()),
        None => Ok(Locale::default()),
    };
    match opened {
        Ok(locale) => Ok(Spoken {
            schema: (locale != *Locale::english())
                .then(|| evenhand_locale::localized_schema(book.schema(), &locale)),
            book,
            locale,
        }),
        Err(problems) => {
            let sources = book.sources_of(&problems);
            ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
            Err(Exit::Wrong)
        }
    }
}

/// A proposal with the rulebook it is judged by, and its scorecard.
pub(crate) struct Subject {
    pub(crate) spoken: Spoken,
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
    let document = files::proposal(path, None).map_err(|problems| {
        let source = files::source(path);
        ui.problems(&problems, &source.iter().collect::<Vec<_>>());
        Exit::Wrong
    })?;
    let card = judge(&spoken, &document, ui).ok_or(Exit::Wrong)?;
    Ok(Subject {
        spoken,
        document,
        card,
    })
}

/// The scorecard of a proposal; none, with every problem shown, if it cannot be judged.
pub(crate) fn judge(spoken: &Spoken, document: &Document, ui: &Ui) -> Option<Scorecard> {
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
impl Judge for Spoken {
    fn judge(&self, proposal: &Document) -> Scorecard {
        self.book.judge_in(proposal, &self.locale)
    }

    fn check(&self, proposal: &Document) -> Vec<Problem> {
        self.book.check_document(proposal)
    }

    fn schema(&self) -> &Schema {
        Spoken::schema(self)
    }
}

fn load(
    packs: &PackArgs,
    found: Option<&Found>,
    to_lint: bool,
    ui: &Ui,
) -> Result<Rulebook, Vec<Problem>> {
    let (read, plugins) = both(
        || {
            let mut problems = Vec::new();
            let files = pack_files(packs, found, &mut problems);
            (files, problems)
        },
        || plugins::load(found, &packs.plugins, ui),
    );
    let (files, mut problems) = read;
    let plugins = plugins.unwrap_or_else(|found| {
        problems.extend(found);
        Vec::new()
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let settings = found
        .map(|found| found.profile.settings.clone())
        .unwrap_or_default();
    if to_lint {
        Rulebook::load_to_lint(files, plugins, settings)
    } else {
        Rulebook::load(files, plugins, settings)
    }
}

/// The packs a profile extends, then those named on the command line.
fn pack_files(
    packs: &PackArgs,
    found: Option<&Found>,
    problems: &mut Vec<Problem>,
) -> Vec<PackFiles> {
    let usual = vec![CORE_PACK.to_owned()];
    let extends = found.map_or(&usual, |found| &found.profile.extends);
    let mut read = Vec::new();
    for name in extends {
        if name == CORE_PACK {
            read.push(bundled::core_pack());
            continue;
        }
        let folder = found
            .map_or_else(PathBuf::new, |found| found.folder.clone())
            .join(name);
        match files::pack(&folder) {
            Ok(pack) => read.push(pack),
            Err(found) => problems.extend(found),
        }
    }
    for folder in &packs.packs {
        match files::pack(folder) {
            Ok(pack) => read.push(pack),
            Err(found) => problems.extend(found),
        }
    }
    read
}

type Refused = (Vec<Problem>, Option<Source>);

/// The profile that was named, or the nearest one upwards.
pub(crate) fn profile(packs: &PackArgs, near: Option<&Path>) -> Result<Option<Found>, Refused> {
    let path = match &packs.profile {
        Some(path) => path.clone(),
        None if packs.no_profile => return Ok(None),
        None => match nearest(near) {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    let document: Document = files::proposal(&path, Some(Format::Toml))
        .map_err(|problems| (problems, files::source(&path)))?;
    let source = document.source().clone();
    let profile = Profile::read(document).map_err(|problems| (problems, Some(source)))?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    Ok(Some(Found { profile, folder }))
}

fn nearest(near: Option<&Path>) -> Option<PathBuf> {
    let start = match near {
        Some(path) if path.as_os_str() != "-" => path.parent().map(Path::to_path_buf)?,
        _ => PathBuf::new(),
    };
    let start = if start.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        start
    };
    let start = std::path::absolute(start).ok()?;
    let here = std::env::current_dir().ok();
    start
        .ancestors()
        .map(|folder| folder.join(PROFILE))
        .find(|path| path.is_file())
        .map(|path| {
            // A path under the current folder is shown as people would type it.
            here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf))
                .unwrap_or(path)
        })
}
