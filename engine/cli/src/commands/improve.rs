//! `evenhand improve`: one plan to the board's thresholds, and a copy of the proposal with it.

use crate::args::{Form, Improve};
use crate::exit::Exit;
use crate::files::shown;
use crate::output::{self, Inputs};
use crate::proposal;
use crate::setup::{self, Subject};
use crate::ui::Ui;
use evenhand_analysis::plan::{self, Plan};
use evenhand_core::document::edit::Change;
use evenhand_core::problem::Problem;
use evenhand_locale::Words as _;
use evenhand_report::plan as report;
use std::path::Path;

pub(crate) fn run(args: &Improve, ui: &Ui) -> Exit {
    if let Some(copy) = &args.apply
        && let Some(problem) = refused(args, copy)
    {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let subject = match setup::subject(&args.proposal, &args.packs, &args.language, ui) {
        Ok(subject) => subject,
        Err(exit) => return exit,
    };
    ui.progress(subject.spoken.locale.word("Looking for a way …"));
    let (spoken, document, card) = (&subject.spoken, &subject.document, &subject.card);
    let found = plan::plan(spoken, document, card, plan::bound(document.value()));
    let text = match args.format {
        Form::Json => report::render_json(card, &found),
        Form::Text => {
            let copy = args.apply.as_deref().map(shown);
            let next = report::next_step(card, &found, copy.as_deref());
            let options = report::PlanOptions {
                next: next.as_deref(),
                schema: spoken.schema(),
                respondents: &spoken.book.info().respondents,
                look: ui.look(),
            };
            report::render(card, &found, &spoken.locale, options)
        }
    };
    ui.out(&text);
    match &args.apply {
        Some(copy) => apply(&subject, &found, &args.proposal, copy, ui),
        None => Exit::Fine,
    }
}

/// Why the copy may not be written there, where that can be said beforehand.
fn refused(args: &Improve, copy: &Path) -> Option<Problem> {
    if copy.as_os_str() == "-" {
        let problem = Problem::error("the plan is on standard output, so the copy cannot be");
        return Some(problem.expected("the name of a file"));
    }
    let mut inputs = Inputs::default();
    inputs.file(&args.proposal);
    output::refused(Some(copy), &inputs)
}

/// Writes the proposal with every step done; the comments, order and layout of a text stay.
fn apply(subject: &Subject, plan: &Plan, original: &Path, copy: &Path, ui: &Ui) -> Exit {
    let changes = plan::changes(plan, subject.document.value()).into_iter();
    let changes: Vec<Change> = changes.map(|(path, to)| Change::Set(path, to)).collect();
    let written = match subject.document.edited(&changes) {
        Ok(written) => written,
        Err(error) => {
            let problem = Problem::error(format!("the plan cannot be written: {error}"));
            let problem = problem.suggest("make the changes by hand, in the order of the plan");
            ui.problems(&[problem], &[]);
            return Exit::Wrong;
        }
    };
    let title = &subject.card.proposal.title;
    let bytes = proposal::bytes(original, copy, &written, title, &subject.spoken);
    match bytes.map(|bytes| output::file(copy, &bytes)) {
        Ok(Ok(())) => Exit::Fine,
        Ok(Err(problem)) => {
            ui.problems(&[problem], &[]);
            Exit::Wrong
        }
        Err(problems) => {
            let advice = "write the copy as text: --apply better.yaml";
            ui.problems(&proposal::instead(problems, advice), &[]);
            Exit::Wrong
        }
    }
}
