//! `evenhand questions`: what is open, and which answers narrow it most.

mod answer;

use crate::args::{Form, Questions};
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_analysis::question::questions;
use evenhand_report::questions as report;

pub(crate) fn run(args: &Questions, ui: &Ui) -> Exit {
    let subject = match setup::subject(&args.proposal, &args.packs, &args.language, ui) {
        Ok(subject) => subject,
        Err(exit) => return exit,
    };
    if args.answer {
        return answer::run(args, &subject, ui);
    }
    let (spoken, document, card) = (&subject.spoken, &subject.document, &subject.card);
    let found = questions(card, document.value(), spoken.schema());
    let shown = match args.format {
        Form::Json => report::render_json(card, &found, document),
        Form::Text => {
            let options = report::QuestionOptions {
                limit: if args.all { usize::MAX } else { FIRST },
                respondents: &spoken.book.info().respondents,
                proposal: document,
                look: ui.look(),
            };
            report::render(card, &found, &spoken.locale, options)
        }
    };
    ui.out(&shown);
    Exit::Fine
}

/// Questions shown to begin with.
const FIRST: usize = 12;
