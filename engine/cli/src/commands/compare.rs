//! `evenhand compare`: several programs side by side, judged by one rulebook.

use crate::args::{Compare, Form};
use crate::exit::Exit;
use crate::files;
use crate::setup;
use crate::ui::Ui;
use evenhand_analysis::compare;
use evenhand_core::robustness::Draws;
use evenhand_locale::Words as _;
use evenhand_report::comparison as report;

pub(crate) fn run(args: &Compare, ui: &Ui) -> Exit {
    let first = args.proposals.first().map(std::path::PathBuf::as_path);
    let spoken = match setup::rulebook_in(&args.language, &args.packs, first, ui) {
        Ok(spoken) => spoken,
        Err(exit) => return exit,
    };
    setup::note_other_profiles(&args.proposals, &args.packs, ui);
    let mut cards = Vec::new();
    for path in &args.proposals {
        let document = spoken.proposal_shown(path, ui);
        // Every program that cannot be judged is named before the command ends.
        cards.push(
            document
                .ok()
                .and_then(|document| setup::judge(&spoken, &document, ui)),
        );
    }
    let count = cards.len();
    let cards: Vec<_> = cards.into_iter().flatten().collect();
    if cards.len() < count {
        return Exit::Wrong;
    }
    let dimensions = spoken.book.info().dimensions.iter();
    let weights: Vec<f64> = dimensions.map(|dimension| dimension.weight).collect();
    let found = compare::compare(&cards, &weights, Draws::default());
    ui.out(&match args.format {
        Form::Json => report::render_json(&found),
        Form::Text => report::render(&found, &spoken.locale, ui.look()),
    });
    if let Some(first) = first.filter(|_| args.format == Form::Text) {
        let file = files::shown(first);
        let next = "Next: evenhand improve {file} looks for what would have to change.";
        ui.next(&spoken.locale.say(next, &[("file", &file)]));
    }
    Exit::Fine
}
