//! `evenhand profile show`: every setting in force, and where it comes from.

use crate::args::Form;
use crate::args::profile::Show;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::profile::effective;
use evenhand_locale::Words as _;
use evenhand_report::profile as report;

pub(crate) fn run(args: &Show, ui: &Ui) -> Exit {
    let near = args.proposal.as_deref();
    let assembled = match setup::rulebook_in(&args.language, &args.packs, near, ui) {
        Ok(assembled) => assembled,
        Err(exit) => return exit,
    };
    let book = &assembled.book;
    let profile = assembled.found.as_ref().map(|found| &found.profile);
    let settings = effective(book, profile);
    let name = match book.settings().name.as_str() {
        "" => &book.info().name,
        name => name,
    };
    ui.out(&match args.format {
        Form::Json => report::json(&settings),
        Form::Text => report::text(name, &settings, &assembled.locale, ui.look()),
    });
    if args.format == Form::Text {
        let next = "Next: evenhand explain RULE says what a rule's settings mean.";
        ui.next(assembled.locale.word(next));
    }
    Exit::Fine
}
