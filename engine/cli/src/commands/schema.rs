//! `evenhand schema`: the schema of proposals, for editors.

use crate::args::Schema;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;

pub(crate) fn run(args: &Schema, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let mut text = serde_json::to_string_pretty(&book.schema().to_json()).unwrap_or_default();
    text.push('\n');
    ui.out(&text);
    Exit::Fine
}
