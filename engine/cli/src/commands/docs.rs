//! `evenhand rules docs`: the rulebook.

use crate::args::{DocsFormat, RulesDocs};
use crate::exit::Exit;
use crate::output;
use crate::setup::{self, Found};
use crate::ui::Ui;
use evenhand_authoring::rulebook::{self, PluginSettings};
use evenhand_diagnostic::words::English;
use evenhand_report::paper;
use std::path::Path;

pub(crate) fn run(args: &RulesDocs, ui: &Ui) -> Exit {
    let found = match setup::profile(&args.packs, None) {
        Ok(found) => found,
        Err(refused) => return refused.show(ui),
    };
    let inputs = setup::inputs(&args.packs, found.as_ref());
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let paper = match rulebook::paper(&book, &plugin_settings(found)) {
        Ok(paper) => paper,
        Err(problems) => {
            let sources = book.sources_of(&problems);
            ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
            return Exit::Wrong;
        }
    };
    let text = match format(args) {
        DocsFormat::Markdown => paper::markdown(&paper),
        DocsFormat::Html => paper::html(&paper, &English),
    };
    if !output::write(args.output.as_deref(), text.as_bytes(), ui) {
        return Exit::Wrong;
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

/// What the profile sets for plugins.
fn plugin_settings(found: Option<Found>) -> PluginSettings {
    found
        .map(|found| {
            let entries = found.profile.plugins.into_iter();
            entries.map(|(id, entry)| (id, entry.settings)).collect()
        })
        .unwrap_or_default()
}
