//! The `evenhand` command: parse what was typed, do it, and say how it went.

mod args;
mod bundled;
mod clock;
mod commands;
mod corpus;
mod exit;
mod files;
mod output;
mod plugins;
mod proposal;
mod setup;
mod ui;
mod usage;
mod watch;

use clap::FromArgMatches as _;
use evenhand_threads::with_large_stack;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// See `docs/decisions/the-allocator.md`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // The sandboxed process of an isolated plugin is this same program; it must see nothing of what follows.
    let mut typed = std::env::args_os().skip(1);
    if typed.next().is_some_and(|first| first == "__plugin-worker") {
        let typed = typed.map(|arg| arg.to_string_lossy().into_owned());
        return evenhand_plugin_host::worker::main(typed, bundled::table);
    }
    let typed = args::examples::command().try_get_matches();
    let parsed = typed.and_then(|typed| args::Args::from_arg_matches(&typed));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => return usage::show(&error),
    };
    let ui = ui::Ui::new(&args.global);
    let exit = with_large_stack(|| commands::run(&args.command, &ui));
    // What was not written is no result, whatever it would have been.
    let exit = if ui::lost() { exit::Exit::Wrong } else { exit };
    // A plugin that the board lets run in this process may have left something to be done at its end.
    evenhand_plugin_host::leave(exit as u8);
    exit.code()
}
