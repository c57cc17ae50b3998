//! One module a command.

mod ask;
mod check;
mod compare;
mod docs;
mod explain;
mod improve;
mod init;
mod man;
mod memo;
mod merge;
mod page;
mod perspectives;
mod plugin;
mod portfolio;
mod profile;
mod questions;
mod rules;
mod schema;
mod serve;
mod verify;
mod what_if;

use crate::args::{self, Command, Rules};
use crate::exit::Exit;
use crate::ui::Ui;

/// Does what was asked.
pub(crate) fn run(command: &Command, ui: &Ui) -> Exit {
    match command {
        Command::Check(args) => check::run(args, ui),
        Command::Init(args) => init::run(args, ui),
        Command::Questions(args) => questions::run(args, ui),
        Command::Improve(args) => improve::run(args, ui),
        Command::Compare(args) => compare::run(args, ui),
        Command::Perspectives(args) => perspectives::run(args, ui),
        Command::Ask(args) => ask::run(args, ui),
        Command::Merge(args) => merge::run(args, ui),
        Command::WhatIf(args) => what_if::run(args, ui),
        Command::Explain(args) => explain::run(args, ui),
        Command::Rules(Rules::List(args)) => rules::list(args, ui),
        Command::Rules(Rules::Locale(args)) => rules::locale(args, ui),
        Command::Rules(Rules::Test(args)) => rules::test(args, ui),
        Command::Rules(Rules::New(args)) => rules::new::run(args, ui),
        Command::Rules(Rules::Copy(args)) => rules::copy::run(args, ui),
        Command::Rules(Rules::Convert(args)) => rules::convert::run(args, ui),
        Command::Rules(Rules::Lint(args)) => rules::lint::run(args, ui),
        Command::Rules(Rules::Functions(args)) => rules::functions::run(args, ui),
        Command::Rules(Rules::Impact(args)) => rules::impact::run(args, ui),
        Command::Rules(Rules::Docs(args)) => docs::run(args, ui),
        Command::Plugin(args) => plugin::run(args, ui),
        Command::Profile(args) => profile::run(args, ui),
        Command::Memo(args) => memo::run(args, ui),
        Command::Portfolio(args) => portfolio::run(args, ui),
        Command::Verify(args) => verify::run(args, ui),
        Command::Schema(args) => schema::run(args, ui),
        Command::Man(args) => man::run(args, ui),
        Command::Serve(args) => serve::run(args, ui),
        Command::Page(args) => page::run(args, ui),
        Command::Completions(args) => {
            let mut bytes = Vec::new();
            clap_complete::generate(
                args.shell,
                &mut args::examples::command(),
                "evenhand",
                &mut bytes,
            );
            ui.out_bytes(&bytes);
            Exit::Fine
        }
    }
}
