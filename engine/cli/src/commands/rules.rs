//! `evenhand rules`: list and test the rules.

use crate::args::{RulesList, RulesLocale, RulesTest};
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::report::list;
use evenhand_core::report::missing as missing_text;
use evenhand_core::report::tests::{self, TestOptions};

pub(crate) fn list(args: &RulesList, ui: &Ui) -> Exit {
    match setup::rulebook_in(&args.language, &args.packs, None, ui) {
        Ok(book) => {
            ui.out(&list::render(&book, ui.look()));
            if book.broken().is_empty() {
                Exit::Fine
            } else {
                Exit::Wrong
            }
        }
        Err(exit) => exit,
    }
}

/// What is missing, section by section, in the form of the file it belongs in.
pub(crate) fn locale(args: &RulesLocale, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let language = match book.locale_to_fill(&args.language) {
        Ok(language) => language,
        Err(problems) => {
            let sources = book.sources_of(&problems);
            ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
            return Exit::Wrong;
        }
    };
    let missing = book.missing_translations(&language);
    if missing.is_empty() {
        ui.out(&format!("Nothing is missing in `{}`.\n", args.language));
        return Exit::Fine;
    }
    ui.out(&missing_text::render(&missing));
    Exit::Found
}

pub(crate) fn test(args: &RulesTest, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let unknown: Vec<_> = args
        .rules
        .iter()
        .filter(|id| !book.broken().iter().any(|broken| broken.id == **id))
        .filter_map(|id| book.rule(id).err())
        .collect();
    if !unknown.is_empty() {
        ui.problems(&unknown, &[]);
        return Exit::Wrong;
    }
    let run = book.test(|id| args.rules.is_empty() || args.rules.iter().any(|wanted| wanted == id));
    if !run.problems.is_empty() {
        let sources = book.sources_of(&run.problems);
        ui.problems(&run.problems, &sources.iter().collect::<Vec<_>>());
    }
    ui.out(&tests::render(
        &run,
        TestOptions {
            verbose: args.verbose,
            look: ui.look(),
        },
    ));
    if !run.problems.is_empty() || !run.broken.is_empty() {
        Exit::Wrong
    } else if run.failed() > 0
        || args
            .min_coverage
            .is_some_and(|least| run.coverage() < least)
    {
        Exit::Found
    } else {
        Exit::Fine
    }
}
