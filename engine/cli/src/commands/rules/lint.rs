//! `evenhand rules lint`: what is wrong with rules and packs, all at once.

use crate::args::RulesLint;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use evenhand_core::text::count;

pub(crate) fn run(args: &RulesLint, ui: &Ui) -> Exit {
    let book = match setup::rulebook_to_lint(&args.packs, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let wanted = match super::known(&book, &args.rules, ui) {
        Ok(wanted) => wanted,
        Err(exit) => return exit,
    };
    let mut problems = evenhand_authoring::lint::lint(&book, &wanted);
    let mut to_fill = Vec::new();
    for tag in &args.locales {
        let missing = evenhand_authoring::translation::untranslated(&book, tag, &wanted);
        if missing.iter().any(|problem| !problem.is_error()) {
            to_fill.push(tag);
        }
        problems.extend(missing);
    }
    if !problems.is_empty() {
        let sources = book.sources_of(&problems);
        ui.problems(&problems, &sources.iter().collect::<Vec<_>>());
    }
    let rules = if wanted.is_empty() {
        book.rules().len() + book.broken().len()
    } else {
        wanted.len()
    };
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = problems.len() - errors;
    ui.out(&format!(
        "{}: {}, {}\n",
        count(rules, "rule"),
        count(errors, "error"),
        count(warnings, "warning")
    ));
    for tag in to_fill {
        ui.out(&format!(
            "evenhand rules locale {tag} prints what is missing as a file to fill in.\n"
        ));
    }
    verdict(&problems, args.strict)
}

fn verdict(problems: &[Problem], strict: bool) -> Exit {
    if problems.iter().any(Problem::is_error) {
        Exit::Wrong
    } else if strict && !problems.is_empty() {
        Exit::Found
    } else {
        Exit::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_alone_count_only_when_asked() {
        let warning = [Problem::warning("w")];
        let error = [Problem::warning("w"), Problem::error("e")];
        assert_eq!(verdict(&[], true), Exit::Fine);
        assert_eq!(verdict(&warning, false), Exit::Fine);
        assert_eq!(verdict(&warning, true), Exit::Found);
        assert_eq!(verdict(&error, false), Exit::Wrong);
    }
}
