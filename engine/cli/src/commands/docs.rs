//! `evenhand rules docs`: the rulebook.

use crate::args::{DocsFormat, RulesDocs};
use crate::exit::Exit;
use crate::files;
use crate::setup;
use crate::ui::Ui;
use evenhand_authoring::rulebook::{self, PluginSettings};
use evenhand_report::paper;
use std::path::Path;

pub(crate) fn run(args: &RulesDocs, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let paper = match rulebook::paper(&book, &plugin_settings(args)) {
        Ok(paper) => paper,
        Err(problems) => {
            let sources = book.sources_of(&problems);
            ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
            return Exit::Wrong;
        }
    };
    let text = match format(args) {
        DocsFormat::Markdown => paper::markdown(&paper),
        DocsFormat::Html => paper::html(&paper),
    };
    match &args.output {
        None => ui.out(&text),
        Some(path) => {
            if let Err(problem) = files::write(path, &text) {
                ui.problems(&[problem], &[]);
                return Exit::Wrong;
            }
        }
    }
    if book.broken().is_empty() {
        Exit::Fine
    } else {
        Exit::Wrong
    }
}

fn format(args: &RulesDocs) -> DocsFormat {
    let by_ending = || {
        let ending = args.output.as_deref().and_then(Path::extension)?;
        let html = ["html", "htm"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known));
        html.then_some(DocsFormat::Html)
    };
    args.format
        .or_else(by_ending)
        .unwrap_or(DocsFormat::Markdown)
}

/// What the profile sets for plugins. It was read once already, so what is wrong with it has been said.
fn plugin_settings(args: &RulesDocs) -> PluginSettings {
    let found = setup::profile(&args.packs, None).ok().flatten();
    found
        .map(|found| {
            let entries = found.profile.plugins.into_iter();
            entries.map(|(id, entry)| (id, entry.settings)).collect()
        })
        .unwrap_or_default()
}
