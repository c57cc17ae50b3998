//! `evenhand explain`: a rule's page.

use crate::args::Explain;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::report::page;

pub(crate) fn run(args: &Explain, ui: &Ui) -> Exit {
    let book = match setup::rulebook_in(&args.language, &args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    match book.rule_named(&args.rule) {
        Ok(rule) => {
            ui.out(&page::render(&book, rule, args.script, ui.look()));
            Exit::Fine
        }
        Err(problem) => {
            ui.problems(&[problem], &[]);
            Exit::Wrong
        }
    }
}
