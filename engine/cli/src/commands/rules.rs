//! `evenhand rules`: list, begin, copy, convert, test and check the rules.

pub(super) mod convert;
pub(super) mod copy;
pub(super) mod functions;
pub(super) mod impact;
pub(super) mod lint;
pub(super) mod new;

use crate::args::{RulesList, RulesLocale, RulesTest};
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use crate::watch;
use evenhand_authoring::report::missing as missing_text;
use evenhand_authoring::report::mutants;
use evenhand_authoring::report::silence as silence_text;
use evenhand_authoring::report::tests::{self, TestOptions};
use evenhand_core::rulebook::Rulebook;
use evenhand_report::list;

pub(crate) fn list(args: &RulesList, ui: &Ui) -> Exit {
    match setup::rulebook_in(&args.language, &args.packs, None, ui) {
        Ok(setup::Assembled { book, locale, .. }) => {
            ui.out(&list::render(&book, &locale, ui.look()));
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
    let language = match evenhand_authoring::translation::to_fill(&book, &args.language) {
        Ok(language) => language,
        Err(problems) => {
            let sources = book.sources_of(&problems);
            ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
            return Exit::Wrong;
        }
    };
    let missing = evenhand_locale::missing(&book.originals(), &language);
    if missing.is_empty() {
        ui.out(&format!("Nothing is missing in `{}`.\n", args.language));
        return Exit::Fine;
    }
    ui.out(&missing_text::render(&missing));
    Exit::Found
}

pub(crate) fn test(args: &RulesTest, ui: &Ui) -> Exit {
    if !args.watch {
        return test_once(args, ui);
    }
    let found = setup::profile(&args.packs, None).ok().flatten();
    let mut inputs = setup::inputs(&args.packs, found.as_ref());
    if let Some(profile) = setup::locate(&args.packs, None) {
        inputs.file(&profile);
    }
    watch::again(&inputs, ui, || test_once(args, ui))
}

fn test_once(args: &RulesTest, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let wanted = match known(&book, &args.rules, ui) {
        Ok(wanted) => wanted,
        Err(exit) => return exit,
    };
    if args.mutate {
        return mutate(&wanted, &book, ui);
    }
    ui.progress("Trying the cases of rules …");
    let run = evenhand_authoring::ruletest::test(&book, |id| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted == id)
    });
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
    let silence = evenhand_authoring::silence::silence(&book, |id| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted == id)
    });
    ui.out(&silence_text::render(&silence, ui.look()));
    if !run.problems.is_empty() || !run.broken.is_empty() {
        Exit::Wrong
    } else if run.failed() > 0
        || !silence.holds()
        || args
            .min_coverage
            .is_some_and(|least| run.coverage() < least)
        || args
            .min_line_coverage
            .is_some_and(|least| run.line_coverage() < least)
    {
        Exit::Found
    } else {
        Exit::Fine
    }
}

fn mutate(wanted: &[String], book: &Rulebook, ui: &Ui) -> Exit {
    ui.progress("Changing rules to see whether their cases notice …");
    let run = evenhand_authoring::mutation::mutate(book, |id| {
        wanted.is_empty() || wanted.iter().any(|wanted| wanted == id)
    });
    if !run.problems.is_empty() {
        let sources = book.sources_of(&run.problems);
        ui.problems(&run.problems, &sources.iter().collect::<Vec<_>>());
    }
    ui.out(&mutants::render(&run, ui.look()));
    if !run.problems.is_empty() || !book.broken().is_empty() {
        Exit::Wrong
    } else if run.rules.iter().any(|rule| !rule.survivors.is_empty()) {
        Exit::Found
    } else {
        Exit::Fine
    }
}

/// A pack with nothing else: no profile, no plugins of its own.
fn only_pack(folder: &std::path::Path) -> crate::args::PackArgs {
    crate::args::PackArgs {
        packs: vec![folder.to_path_buf()],
        profile: None,
        no_profile: true,
        date: None,
        held: None,
        set: Vec::new(),
        plugins: Vec::new(),
    }
}

/// The ids of the named rules, each given whole or by its end; says which do not exist.
fn known(book: &Rulebook, typed: &[String], ui: &Ui) -> Result<Vec<String>, Exit> {
    let mut ids = Vec::new();
    let mut unknown = Vec::new();
    for id in typed {
        if book.broken().iter().any(|broken| broken.id == *id) {
            ids.push(id.clone());
            continue;
        }
        match book.rule_named(id) {
            Ok(rule) => ids.push(rule.page.id.clone()),
            Err(problem) => unknown.push(problem),
        }
    }
    if unknown.is_empty() {
        return Ok(ids);
    }
    ui.problems(&unknown, &[]);
    Err(Exit::Wrong)
}
