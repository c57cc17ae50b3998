//! `evenhand schema`: the schemas of what people write and of what programs read, for editors and for other programs.

use crate::args::{Schema, SchemaOf};
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_authoring::published;
use evenhand_core::text::pretty_json;
use evenhand_report::json;

pub(crate) fn run(args: &Schema, ui: &Ui) -> Exit {
    if args.of == SchemaOf::Scorecard {
        ui.out(json::SCHEMA);
        return Exit::Fine;
    }
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let schema = match args.of {
        SchemaOf::Profile => published::profile(&book),
        SchemaOf::Page => published::page(),
        SchemaOf::Proposal | SchemaOf::Scorecard => book.schema().to_json(),
    };
    ui.out(&pretty_json(&schema));
    Exit::Fine
}
