//! One module a command.

mod check;
mod explain;
mod rules;
mod schema;

use crate::args::{Args, Command, Global, PackArgs, Rules};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{bundled, files};
use clap::CommandFactory as _;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;

/// Does what was asked.
pub(crate) fn run(command: &Command, _global: &Global, ui: &Ui) -> Exit {
    match command {
        Command::Check(args) => check::run(args, ui),
        Command::Explain(args) => explain::run(args, ui),
        Command::Rules(Rules::List(args)) => rules::list(args, ui),
        Command::Rules(Rules::Test(args)) => rules::test(args, ui),
        Command::Schema(args) => schema::run(args, ui),
        Command::Completions(args) => {
            let mut bytes = Vec::new();
            clap_complete::generate(args.shell, &mut Args::command(), "evenhand", &mut bytes);
            ui.out(&String::from_utf8_lossy(&bytes));
            Exit::Fine
        }
    }
}

/// Puts packs and plugins together; everything wrong is shown, and broken rules do not stop the others.
fn rulebook(packs: &PackArgs, ui: &Ui) -> Result<Rulebook, Exit> {
    let mut read = vec![bundled::core_pack()];
    let mut problems = Vec::new();
    for folder in &packs.packs {
        match files::pack(folder) {
            Ok(pack) => read.push(pack),
            Err(found) => problems.extend(found),
        }
    }
    let book = match bundled::plugins() {
        Ok(plugins) if problems.is_empty() => Rulebook::load(read, plugins, Settings::default()),
        Ok(_) => Err(problems),
        Err(found) => Err(problems.into_iter().chain(found).collect()),
    };
    match book {
        Ok(book) => {
            let broken: Vec<Problem> = book.broken().iter().flat_map(|rule| rule.problems.clone()).collect();
            if !broken.is_empty() {
                let sources = book.sources_of(&broken);
                ui.problems(&broken, &sources.iter().collect::<Vec<_>>());
            }
            Ok(book)
        }
        Err(problems) => {
            ui.problems(&problems, &[]);
            Err(Exit::Wrong)
        }
    }
}
