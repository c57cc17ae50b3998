//! `evenhand explain`: a rule's page, or what the code of a problem means.

use crate::args::Explain;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::document::SLIP_CODES;
use evenhand_core::problem::{Code, Problem, did_you_mean};
use evenhand_core::rulebook::MIGRATION_CODES;
use evenhand_core::schema::SCHEMA_CODES;
use evenhand_report::page;
use evenhand_tables::codes::WORKBOOK_CODES;

pub(crate) fn run(args: &Explain, ui: &Ui) -> Exit {
    let setup::Assembled { book, locale, .. } =
        match setup::rulebook_in(&args.language, &args.packs, None, ui) {
            Ok(spoken) => spoken,
            Err(exit) => return exit,
        };
    match book.rule_named(&args.rule) {
        Ok(rule) => ui.out(&page::render(&book, rule, args.script, &locale, ui.look())),
        Err(problem) => {
            if let Some(rule) = book.plugin_rule_named(&args.rule) {
                ui.out(&page::of_plugin(&book, rule, &locale, ui.look()));
                return Exit::Fine;
            }
            let Some(code) = codes().find(|code| code.id == args.rule) else {
                ui.problems(&[with_codes(problem, &args.rule)], &[]);
                return Exit::Wrong;
            };
            ui.out(&page::code(code, &locale, ui.look()));
        }
    }
    Exit::Fine
}

/// The codes that are explained; the others are parts of their texts.
fn codes() -> impl Iterator<Item = &'static Code> {
    let all = SCHEMA_CODES.iter().chain(SLIP_CODES.iter());
    let all = all.chain(WORKBOOK_CODES.iter());
    let all = all.chain(MIGRATION_CODES.iter());
    all.copied().filter(|code| !code.about.is_empty())
}

/// Where no rule is like what was typed, a code may be.
fn with_codes(problem: Problem, typed: &str) -> Problem {
    if problem.suggestion.is_some() || typed.contains('/') {
        return problem;
    }
    problem.suggest_maybe(did_you_mean(typed, codes().map(|code| code.id)))
}
