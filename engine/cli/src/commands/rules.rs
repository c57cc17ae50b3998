//! `evenhand rules`: list and test the rules.

use crate::args::{RulesList, RulesTest};
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::report::list;
use evenhand_core::report::tests::{self, TestOptions};

pub(crate) fn list(args: &RulesList, ui: &Ui) -> Exit {
    match setup::rulebook(&args.packs, None, ui) {
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
