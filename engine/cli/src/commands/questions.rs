//! `evenhand questions`: what is open, and which answers narrow it most.

use crate::args::{Form, Questions};
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_analysis::question::questions;
use evenhand_analysis::{text, wire};

pub(crate) fn run(args: &Questions, ui: &Ui) -> Exit {
    let subject = match setup::subject(&args.proposal, &args.packs, &args.language, ui) {
        Ok(subject) => subject,
        Err(exit) => return exit,
    };
    let (book, document, card) = (&subject.book, &subject.document, &subject.card);
    let found = questions(card, document.value(), book.schema());
    let shown = match args.format {
        Form::Json => wire::questions::render(card, &found),
        Form::Text => {
            let options = text::questions::QuestionOptions {
                limit: if args.all { usize::MAX } else { FIRST },
                respondents: &book.info().respondents,
                look: ui.look(),
            };
            text::questions::render(card, &found, options)
        }
    };
    ui.out(&shown);
    Exit::Fine
}

/// Questions shown to begin with.
const FIRST: usize = 12;
