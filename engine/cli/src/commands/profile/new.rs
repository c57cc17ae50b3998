//! `evenhand profile new`: a profile to begin with.

use crate::args::PackArgs;
use crate::args::profile::New;
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{files, setup};
use evenhand_core::problem::Problem;
use std::io::Write as _;
use std::path::Path;

pub(crate) fn run(args: &New, ui: &Ui) -> Exit {
    let name = files::shown(&args.file);
    if args.file.symlink_metadata().is_ok() {
        let problem = Problem::error(format!("`{name}` is here already, and is left as it is"));
        ui.problems(&[problem.suggest("name another file")], &[]);
        return Exit::Wrong;
    }
    let packs = PackArgs {
        no_profile: true,
        ..PackArgs::default()
    };
    let book = match setup::rulebook(&packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let text = evenhand_authoring::profile::template(&book, &args.name, &args.extends);
    // What is written is valid as it is, or nothing is written.
    if let Err(refused) = setup::valid(&args.file, &text, ui) {
        let exit = refused.show(ui);
        ui.note("Nothing was written.");
        return exit;
    }
    if let Err(error) = write(&args.file, &text) {
        ui.problems(&[files::cannot("write", &name, &error)], &[]);
        return Exit::Wrong;
    }
    ui.out(&format!("Written: `{name}`.\n"));
    ui.note(&format!(
        "Next: take the # from what you want to set, then evenhand profile check {name}."
    ));
    Exit::Fine
}

/// Writes a file that is not there yet, also if it appears in between.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(text.as_bytes())
}
