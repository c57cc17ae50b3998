//! `evenhand plugin test`: what a plugin changes for many proposals.

use crate::args::PackArgs;
use crate::args::corpus::Sheet;
use crate::args::plugin::Test;
use crate::commands::rules::impact::{fields, found, say_passed_over, say_remarks, written};
use crate::corpus::Corpus;
use crate::exit::Exit;
use crate::files;
use crate::output;
use crate::plugins::Mixed;
use crate::setup;
use crate::ui::Ui;
use evenhand_analysis::impact;
use evenhand_core::problem::Problem;
use evenhand_locale::Words as _;
use evenhand_report::impact as report;
use std::path::PathBuf;

pub(super) fn run(args: &Test, ui: &Ui) -> Exit {
    match try_run(args, ui) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn try_run(args: &Test, ui: &Ui) -> Result<Exit, Exit> {
    let refuse = |problem: Problem| {
        ui.problems(&[problem], &[]);
        Exit::Wrong
    };
    let libraries = [args.plugin.clone()];
    let packs = |plugins: &[PathBuf]| PackArgs {
        date: args.date,
        plugins: plugins.to_vec(),
        no_profile: args.no_profile,
        ..args.profile.packs()
    };
    let without = setup::rulebook_in(&args.language, &packs(&[]), None, ui);
    let with = setup::rulebook_in(&args.language, &packs(&libraries), None, ui);
    let (old, new) = (without?, with?);
    let mut corpus = Corpus::new(&args.corpus, fields(&[&old, &new]));
    let mut inputs = setup::inputs(&packs(&libraries), new.found.as_ref());
    for path in corpus.files() {
        inputs.file(path);
    }
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        return Err(refuse(problem));
    }
    ui.progress(new.locale.word("Reading and judging programs …"));
    let mixed = Mixed::with((&old, &new), &libraries);
    let found = found((&old, &new), &mixed, &mut corpus).map_err(refuse)?;
    let library = files::shown(&args.plugin);
    let (before, after) = report::without_and_with(&library, &new.locale);
    let compared = report::Compared {
        old: &before,
        new: &after,
        impact: &found,
        stale: &[],
        passed_over: corpus.passed_over(),
    };
    let sheet = (args.format, args.output.as_deref(), args.verbose);
    let text = written(sheet, compared, &new, ui);
    say_passed_over(corpus.passed_over(), ui);
    say_remarks(&mut corpus, ui);
    if !output::write(args.output.as_deref(), text.as_bytes(), ui) {
        return Err(Exit::Wrong);
    }
    if args.format == Sheet::Text {
        let next = "Next: evenhand plugin check {file} tries whether it keeps the contract.";
        ui.next(&new.locale.say(next, &[("file", &library)]));
    }
    let broken = found.rows.iter().any(impact::Row::is_broken);
    Ok(if broken { Exit::Wrong } else { Exit::Fine })
}
