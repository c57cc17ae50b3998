//! `evenhand profile waivers`: list a board's waivers, write them as a table, and take them in from one.

use crate::args::profile::{Form, Waivers};
use crate::exit::Exit;
use crate::files;
use crate::output;
use crate::setup::{self, Assembled, Found};
use crate::ui::Ui;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::source::Source;
use evenhand_core::waiver::{Listed, Standing};
use evenhand_report::waivers::{list, table};
use std::collections::BTreeSet;
use std::path::Path;

pub(crate) fn run(args: &Waivers, ui: &Ui) -> Exit {
    let near = args.proposals.first().map(|path| &**path);
    let assembled = match setup::rulebook_in(&args.language, &args.packs, near, ui) {
        Ok(assembled) => assembled,
        Err(exit) => return exit,
    };
    let Some(found) = &assembled.found else {
        let problem = Problem::error("there is no profile here, so there are no waivers").expected(
            format!("`{}` here or above, or --profile FILE", setup::PROFILE),
        );
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    };
    match &args.import {
        Some(path) => import(path, &assembled, found, ui),
        None => show(args, &assembled, found, ui),
    }
}

fn show(args: &Waivers, assembled: &Assembled, found: &Found, ui: &Ui) -> Exit {
    let mut inputs = setup::inputs(&args.packs, Some(found));
    for path in &args.proposals {
        inputs.file(path);
    }
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let all = assembled.book.waivers();
    let Some(apart) = apart(args, assembled, &all, ui) else {
        return Exit::Wrong;
    };
    let due = |one: &Listed| {
        args.expiring_in.is_none_or(|days| {
            one.waived.standing == Standing::InForce
                && one.days_left.is_some_and(|left| left <= i32::from(days))
        })
    };
    let listed: Vec<Listed> = all.iter().filter(|one| due(one)).cloned().collect();
    let words = &assembled.locale;
    let text = match args.format {
        Form::Json => list::json(&listed, &apart),
        Form::Csv => table::csv(&listed),
        Form::Text if listed.is_empty() => list::nothing(&all, words),
        Form::Text => {
            let standard = output::is_standard(args.output.as_deref());
            let look = if standard { ui.look() } else { ui.plain() };
            list::text(&listed, &apart, words, look)
        }
    };
    if output::write(args.output.as_deref(), text.as_bytes(), ui) {
        Exit::Fine
    } else {
        Exit::Wrong
    }
}

/// The places of the waivers that are for none of the proposals; none, with the reasons shown, if one cannot be read.
fn apart(args: &Waivers, assembled: &Assembled, all: &[Listed], ui: &Ui) -> Option<Vec<usize>> {
    if args.proposals.is_empty() {
        return Some(Vec::new());
    }
    let mut ids = BTreeSet::new();
    let mut wrong = false;
    for path in &args.proposals {
        match assembled.proposal_shown(path, ui) {
            Ok(document) => {
                let id = document.value().pointer("/program/id");
                ids.extend(id.and_then(|id| id.as_str()).map(str::to_owned));
            }
            Err(_) => wrong = true,
        }
    }
    let is_for_one = |one: &&Listed| ids.iter().any(|id| one.waived.waiver.is_for(id));
    let apart = all.iter().filter(|one| !is_for_one(one));
    (!wrong).then(|| apart.map(|one| one.waived.index).collect())
}

/// Adds the waivers of a table to the profile. The profile with them is read and checked before a byte is written.
fn import(path: &Path, assembled: &Assembled, found: &Found, ui: &Ui) -> Exit {
    let refuse = |problems: &[Problem], sources: &[&Source]| {
        ui.problems(problems, sources);
        ui.note("Nothing was written.");
        Exit::Wrong
    };
    let name = files::shown(path);
    let text = match files::text(path) {
        Ok(Some(text)) => text,
        Ok(None) => {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return refuse(&[files::cannot("read", &name, &missing)], &[]);
        }
        Err(problems) => return refuse(&problems, &[]),
    };
    let source = Source::new(name, text);
    let new = match table::read(&source, &assembled.book) {
        Ok(new) => new,
        Err(problems) => return refuse(&problems, &[&source]),
    };
    let before = found.profile.document().source();
    let known = &found.profile.settings.waivers;
    let (after, count) = table::added(before.text(), known, &new);
    let shown = files::shown(&found.path);
    let read = Document::parse(&shown, after.as_bytes(), Format::Toml);
    let read = read.and_then(|document| setup::again(document, found));
    let Ok(profile) = read else {
        let problem = Problem::error("the waivers cannot be added at the end of the profile")
            .in_file(shown)
            .expected("waivers that are written as `[[waivers]]`, not as `waivers = [ … ]`");
        return refuse(&[problem], &[]);
    };
    let checked = profile.check(&assembled.book);
    let wrong: Vec<Problem> = checked.into_iter().filter(Problem::is_error).collect();
    if !wrong.is_empty() {
        return refuse(&wrong, &profile.sources().iter().collect::<Vec<_>>());
    }
    if count > 0 && !output::write(Some(&found.path), after.as_bytes(), ui) {
        return Exit::Wrong;
    }
    let already = new.len() - count;
    ui.out(&format!(
        "{} added to {shown}; {already} there already.\n",
        evenhand_core::text::count(count, "waiver")
    ));
    Exit::Fine
}
