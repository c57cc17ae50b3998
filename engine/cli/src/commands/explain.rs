//! `evenhand explain`: a rule's page.

use crate::args::Explain;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_report::page;

pub(crate) fn run(args: &Explain, ui: &Ui) -> Exit {
    let setup::Assembled { book, locale, .. } =
        match setup::rulebook_in(&args.language, &args.packs, None, ui) {
            Ok(spoken) => spoken,
            Err(exit) => return exit,
        };
    match book.rule_named(&args.rule) {
        Ok(rule) => {
            ui.out(&page::render(&book, rule, args.script, &locale, ui.look()));
            Exit::Fine
        }
        Err(problem) => {
            ui.problems(&[problem], &[]);
            Exit::Wrong
        }
    }
}
