//! `evenhand profile check`: everything that is wrong with a profile.

use crate::args::PackArgs;
use crate::args::profile::Check;
use crate::exit::Exit;
use crate::files;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::problem::Problem;

pub(crate) fn run(args: &Check, ui: &Ui) -> Exit {
    let packs = PackArgs {
        profile: args.file.clone().or_else(|| args.packs.profile.clone()),
        ..args.packs.clone()
    };
    let Some(path) = setup::locate(&packs, None) else {
        let problem = Problem::error("there is no profile here").expected(format!(
            "`{}` here or above, or the name of a file",
            setup::PROFILE
        ));
        ui.problems(
            &[problem.suggest("write one with `evenhand profile new`")],
            &[],
        );
        return Exit::Wrong;
    };
    let assembled = match setup::assemble(&packs, None, false, ui) {
        Ok(assembled) => assembled,
        Err(refused) => return refused.show(ui),
    };
    setup::show_broken(&assembled.book, ui);
    if assembled
        .book
        .broken()
        .iter()
        .any(|rule| rule.disabled.is_none())
    {
        return Exit::Wrong;
    }
    let file = files::shown(&path);
    ui.out(&format!("`{file}` is in order.\n"));
    ui.next(&format!(
        "Next: evenhand rules impact --old international-programs --new {file} FOLDER says what it changes for proposals there are."
    ));
    Exit::Fine
}
