//! `evenhand check`: judge proposals.

use crate::args::{Check, FailOn, Output};
use crate::exit::Exit;
use crate::files;
use crate::setup::{self, Spoken};
use crate::ui::Ui;
use evenhand_core::document::Document;
use evenhand_core::finding::Outcome;
use evenhand_core::robustness::Draws;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::side_by_side::both;
use evenhand_core::verdict::Word;
use evenhand_report::{json, text};
use std::path::PathBuf;

pub(crate) fn run(args: &Check, ui: &Ui) -> Exit {
    let read = |path: &PathBuf| files::proposal(path, args.input_format);
    let near = args.proposals.first();
    // The first proposal is read while the rulebook is put together.
    let (first, book) = both(
        || near.map(read),
        || {
            let near = near.map(PathBuf::as_path);
            setup::rulebook_in(&args.language, &args.packs, near, ui)
        },
    );
    let spoken = match book {
        Ok(spoken) => spoken,
        Err(exit) => return exit,
    };
    let documents = first
        .into_iter()
        .chain(args.proposals.iter().skip(1).map(read));
    let mut exit = Exit::Fine;
    let mut judged = Vec::new();
    for (path, document) in args.proposals.iter().zip(documents) {
        let document = match document {
            Ok(document) => document,
            Err(problems) => {
                let source = files::source(path);
                ui.problems(&problems, &source.iter().collect::<Vec<_>>());
                exit = exit.and(Exit::Wrong);
                continue;
            }
        };
        match judge(&spoken, &document, ui) {
            Some(mut card) => {
                // Ten thousand draws take as long as a rule: they are made where they are shown.
                if args.verbose || args.format == Output::Json {
                    spoken.book.add_robustness(&mut card, Draws::default());
                }
                exit = exit.and(exit_of(&card, args.fail_on));
                judged.push((card, document));
            }
            None => exit = exit.and(Exit::Wrong),
        }
    }
    if judged.is_empty() {
        return exit;
    }
    let report = render(&spoken, &judged, args, ui);
    // The process ends here; taking the rulebook apart first would take as long as a tenth of a check.
    std::mem::forget(spoken);
    match &args.output {
        None => ui.out(&report),
        Some(path) => {
            if let Err(problem) = files::write(path, &report) {
                ui.problems(&[problem], &[]);
                return Exit::Wrong;
            }
        }
    }
    exit
}

/// The scorecard of a proposal; none, with every problem shown, if it does not fit the schema.
fn judge(spoken: &Spoken, document: &Document, ui: &Ui) -> Option<Scorecard> {
    let problems = spoken.book.check_document(document);
    if !problems.is_empty() {
        ui.problems(&problems, &[document.source()]);
        return None;
    }
    let card = spoken.book.judge_in(document, &spoken.locale);
    if card
        .problems
        .iter()
        .any(evenhand_core::problem::Problem::is_error)
    {
        ui.problems(&card.problems, &[document.source()]);
        return None;
    }
    Some(card)
}

fn render(spoken: &Spoken, judged: &[(Scorecard, Document)], args: &Check, ui: &Ui) -> String {
    match (args.format, judged) {
        (Output::Json, [(card, document)]) => json::render(card, document),
        (Output::Json, many) => json::render_many(many),
        (Output::Text, many) => {
            let look = if args.output.is_some() {
                ui.plain()
            } else {
                ui.look()
            };
            let options = text::TextOptions {
                verbose: args.verbose,
                look,
            };
            let reports: Vec<String> = many
                .iter()
                .map(|(card, document)| {
                    text::render(card, document, spoken.schema(), &spoken.locale, options)
                })
                .collect();
            let rule = format!("\n{}\n\n", "─".repeat(look.width.min(80)));
            reports.join(&rule)
        }
    }
}

/// `incomplete` is a verdict of its own: it is `found` only where that was asked for.
fn exit_of(card: &Scorecard, fail_on: Option<FailOn>) -> Exit {
    let word = card.verdict.word;
    let found = match fail_on {
        None => false,
        Some(FailOn::Incomplete) => word >= Word::Incomplete,
        Some(limit) => word >= limit.word() && word != Word::Incomplete,
    };
    let failed = card
        .findings
        .iter()
        .any(|finding| finding.outcome == Outcome::Error)
        || !card.failures.is_empty();
    if found {
        Exit::Found
    } else if word == Word::Incomplete || failed {
        Exit::Undecided
    } else {
        Exit::Fine
    }
}
