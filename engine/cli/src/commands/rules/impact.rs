//! `evenhand rules impact`: what other rules would change for many proposals.

use crate::args::corpus::{RulesImpact, Sheet};
use crate::args::{LocaleArgs, PackArgs};
use crate::corpus::Corpus;
use crate::exit::Exit;
use crate::files;
use crate::output::{self, Inputs};
use crate::plugins::Mixed;
use crate::setup::{self, Assembled, PROFILE};
use crate::ui::Ui;
use evenhand_analysis::impact::approved::{self, Approval};
use evenhand_analysis::impact::{self, Grade, Impact};
use evenhand_core::document::{Document, Format};
use evenhand_core::impact::Between;
use evenhand_core::pack::PackFiles;
use evenhand_core::problem::Problem;
use evenhand_core::profile::CORE_PACK;
use evenhand_locale::Words as _;
use evenhand_report::impact as report;
use evenhand_threads::Threads;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &RulesImpact, ui: &Ui) -> Exit {
    match try_run(args, ui) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(args: &RulesImpact, ui: &Ui) -> Result<Exit, Exit> {
    let refuse = |problem: Problem| {
        ui.problems(&[problem], &[]);
        Exit::Wrong
    };
    // What is wrong with either is said before the command ends.
    let (old, new) = (
        open("--old", &args.old, args, ui),
        open("--new", &args.new, args, ui),
    );
    let (old, mut new) = (old?, new?);
    new.speak(&args.language)
        .map_err(|refused| refused.show(ui))?;
    let mut corpus = Corpus::new(&args.corpus, fields(&[&old, &new]));
    let inputs = inputs(args, &corpus, &[&old, &new]);
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        return Err(refuse(problem));
    }
    let known = known(args, ui)?.into_iter();
    let known: Vec<Approval> = known.map(|one| one.named_in(&new.book)).collect();
    ui.progress(new.locale.word("Reading and judging programs …"));
    let mixed = Mixed::of(&old, &new);
    let mut found = found((&old, &new), &mixed, &mut corpus).map_err(refuse)?;
    let mut stale = found.hold_against(&known);
    if args.approve
        && let Some(path) = &args.approved
    {
        let list = found.approve(&known);
        output::file(path, list.as_bytes()).map_err(refuse)?;
        let all = read(path, list.as_bytes(), ui)?;
        stale = found.hold_against(&all);
    }
    let (old_name, new_name) = (files::shown(&args.old), files::shown(&args.new));
    let compared = report::Compared {
        old: &old_name,
        new: &new_name,
        impact: &found,
        stale: &stale,
        passed_over: corpus.passed_over(),
    };
    let sheet = (args.format, args.output.as_deref(), args.verbose);
    let text = written(sheet, compared, &new, ui);
    say_passed_over(corpus.passed_over(), ui);
    say_remarks(&mut corpus, ui);
    if !output::write(args.output.as_deref(), text.as_bytes(), ui) {
        return Err(Exit::Wrong);
    }
    if args.format == Sheet::Text && found.is_unapproved(Grade::Finding) {
        let next = "Next: --approved FILE --approve keeps these changes as approved; --fail-on-change fails at any other.";
        ui.next(new.locale.word(next));
    }
    let broken = found.rows.iter().any(impact::Row::is_broken);
    let fails = args.fail_on_change;
    let unapproved = fails.is_some_and(|change| found.is_unapproved(change.grade()));
    Ok(if broken {
        Exit::Wrong
    } else if unapproved {
        Exit::Found
    } else {
        Exit::Fine
    })
}

/// What becomes of every program of a corpus.
pub(crate) fn found(
    (old, new): (&Assembled, &Assembled),
    plugins: &Mixed,
    corpus: &mut Corpus,
) -> Result<Impact, Problem> {
    let between = Between::new(&old.book, &new.book, plugins);
    let mut found = Impact {
        differences: between.differences().to_vec(),
        rows: Vec::new(),
    };
    loop {
        let entries = corpus.some(new);
        if entries.is_empty() {
            break;
        }
        found
            .rows
            .extend(impact::rows(&between, &entries, &Threads));
    }
    if found.rows.is_empty() {
        let problem = Problem::error("there is no proposal in what was named");
        return Err(problem.expected("files, folders or .jsonl files with proposals"));
    }
    Ok(found)
}

/// The report in the form that was asked for, for this output; all of it, or what matters most.
pub(crate) fn written(
    (format, output, verbose): (Sheet, Option<&Path>, bool),
    compared: report::Compared<'_>,
    new: &Assembled,
    ui: &Ui,
) -> String {
    let words = &new.locale;
    match format {
        Sheet::Json => report::json(compared),
        Sheet::Html => report::html(compared, words),
        Sheet::Text => {
            let look = if output::is_standard(output) {
                ui.look()
            } else {
                ui.plain()
            };
            report::text(compared, verbose, words, look)
        }
    }
}

/// Says which files of folders are no proposals.
pub(crate) fn say_passed_over(passed_over: &[String], ui: &Ui) {
    /// More names than this tell nobody anything.
    const NAMED: usize = 5;
    if passed_over.is_empty() {
        return;
    }
    let names: Vec<&str> = passed_over.iter().take(NAMED).map(String::as_str).collect();
    let more = if passed_over.len() > NAMED {
        ", …"
    } else {
        ""
    };
    let line = format!(
        "note: not a proposal, since no field of one is in it ({}): {}{more}",
        passed_over.len(),
        names.join(", ")
    );
    ui.note(&line);
}

/// Says what workbooks hold besides, and which spreadsheets are not read.
pub(crate) fn say_remarks(corpus: &mut Corpus, ui: &Ui) {
    /// More than these are counted.
    const SHOWN: usize = 50;
    let mut remarks = corpus.remarks();
    let more = remarks.len().saturating_sub(SHOWN);
    remarks.truncate(SHOWN);
    if more > 0 {
        remarks.push(Problem::warning(format!(
            "{more} more remarks are not shown"
        )));
    }
    if !remarks.is_empty() {
        ui.problems(&remarks, &[]);
    }
}

/// The names of the fields at the top of a proposal, by any of some rulebooks.
pub(crate) fn fields(books: &[&Assembled]) -> BTreeSet<String> {
    let names = books.iter().flat_map(|assembled| {
        let schema = assembled.book.schema();
        let properties = schema.field(schema.root()).properties.iter();
        properties.map(|(name, _)| name.clone())
    });
    names.filter(|name| name != "derived").collect()
}

fn inputs(args: &RulesImpact, corpus: &Corpus, sides: &[&Assembled]) -> Inputs {
    let mut inputs = Inputs::default();
    for path in corpus.files() {
        inputs.file(path);
    }
    let none = packs(args, None);
    for side in sides {
        inputs.extend(setup::inputs(&none, side.found.as_ref()));
    }
    for named in [&args.old, &args.new] {
        if named.is_dir() {
            inputs.folder(named);
        }
    }
    if let Some(approved) = &args.approved {
        inputs.file(approved);
    }
    inputs
}

/// The options of a rulebook that judges by a profile, or by the built-in settings.
fn packs(args: &RulesImpact, profile: Option<PathBuf>) -> PackArgs {
    PackArgs {
        packs: Vec::new(),
        no_profile: profile.is_none(),
        profile,
        date: args.date,
        plugins: Vec::new(),
        held: None,
        set: Vec::new(),
    }
}

/// The rulebook that was named: by a profile, a pack, or a folder with one or both.
fn open(option: &str, named: &Path, args: &RulesImpact, ui: &Ui) -> Result<Assembled, Exit> {
    let packs = chosen(option, named, args).map_err(|problems| {
        ui.problems(&problems, &[]);
        Exit::Wrong
    })?;
    let language = LocaleArgs { locale: None };
    setup::rulebook_in(&language, &packs, None, ui)
}

fn chosen(option: &str, named: &Path, args: &RulesImpact) -> Result<PackArgs, Vec<Problem>> {
    if named.as_os_str() == CORE_PACK && !named.exists() {
        return Ok(packs(args, None));
    }
    if !named.is_dir() {
        return Ok(packs(args, Some(named.to_path_buf())));
    }
    let profile = Some(named.join(PROFILE)).filter(|path| path.symlink_metadata().is_ok());
    let mut chosen = packs(args, profile);
    if named.join("pack.toml").exists() {
        let pack = files::pack(named)?;
        let name = pack.info().map(|info| info.name).unwrap_or_default();
        if name == CORE_PACK {
            // Another version of the built-in pack stands in its place.
            chosen.held = Some(vec![PackFiles {
                bundled: true,
                ..pack
            }]);
        } else if !is_extended(&chosen, named) {
            chosen.packs.push(named.to_path_buf());
        }
    } else if chosen.profile.is_none() {
        let message = format!("`{}` has neither a profile nor a pack", files::shown(named));
        let problem = Problem::error(message).expected(format!(
            "{option} with a file such as `{PROFILE}`, a folder with `{PROFILE}` or `pack.toml`, or `{CORE_PACK}`"
        ));
        return Err(vec![problem]);
    }
    Ok(chosen)
}

/// Whether the profile takes the pack in anyway.
fn is_extended(packs: &PackArgs, pack: &Path) -> bool {
    let Ok(Some(found)) = setup::profile(packs, None) else {
        return false;
    };
    let whole = pack.canonicalize().ok();
    let extends = found.profile.packs.iter();
    let mut extends = extends.map(|pack| found.folder.join(&pack.name).canonicalize().ok());
    extends.any(|extended| extended.is_some() && extended == whole)
}

/// The changes that are approved already; with `--approve` there may be no such file yet.
fn known(args: &RulesImpact, ui: &Ui) -> Result<Vec<Approval>, Exit> {
    let Some(path) = &args.approved else {
        return Ok(Vec::new());
    };
    match files::bytes(path) {
        Ok(bytes) => read(path, &bytes, ui),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && args.approve => {
            Ok(Vec::new())
        }
        Err(error) => {
            let mut problem = files::cannot("read", &files::shown(path), &error);
            if error.kind() == std::io::ErrorKind::NotFound {
                problem = problem.suggest("write it with --approve");
            }
            ui.problems(&[problem], &[]);
            Err(Exit::Wrong)
        }
    }
}

fn read(path: &Path, bytes: &[u8], ui: &Ui) -> Result<Vec<Approval>, Exit> {
    let name = files::shown(path);
    let document = Document::parse(&name, bytes, Format::Toml).map_err(|problems| {
        let source = files::source(path);
        ui.problems(&problems, &source.iter().collect::<Vec<_>>());
        Exit::Wrong
    })?;
    approved::read(&document).map_err(|problems| {
        ui.problems(&problems, &[document.source()]);
        Exit::Wrong
    })
}
