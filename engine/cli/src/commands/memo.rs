//! `evenhand memo`: what a board decides by and files.

use crate::args::Memo;
use crate::exit::Exit;
use crate::files;
use crate::output;
use crate::plugins::Changes;
use crate::setup::{self, Assembled, Source};
use crate::ui::Ui;
use evenhand_analysis::decision::Decision;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_report::paper::html;
use evenhand_report::scorecard::{Judged, memo};
use std::path::Path;

pub(crate) fn run(args: &Memo, ui: &Ui) -> Exit {
    let near = Some(&*args.proposal);
    let assembled = match setup::rulebook_in(&args.language, &args.packs, near, ui) {
        Ok(assembled) => assembled,
        Err(exit) => return exit,
    };
    let mut inputs = setup::inputs(&args.packs, assembled.found.as_ref());
    inputs.file(&args.proposal);
    if let Some(decision) = &args.decision {
        inputs.file(decision);
    }
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let document = match assembled.proposal_shown(&args.proposal, ui) {
        Ok(document) => document,
        Err(exit) => return exit,
    };
    match written(&document, &assembled, args, ui) {
        Ok(text) if output::write(args.output.as_deref(), text.as_bytes(), ui) => Exit::Fine,
        Ok(_) => Exit::Wrong,
        Err(exit) => exit,
    }
}

fn written(
    document: &Document,
    assembled: &Assembled,
    args: &Memo,
    ui: &Ui,
) -> Result<String, Exit> {
    let refuse = |problems: &[Problem], document: &Document| {
        ui.problems(problems, &[document.source()]);
        Err(Exit::Wrong)
    };
    let book = &assembled.book;
    let problems = book.check_document(document);
    if !problems.is_empty() {
        return refuse(&problems, document);
    }
    let changes = Changes::of(Source {
        packs: &args.packs,
        found: assembled.found.as_ref(),
    });
    let card = book.judge_beside(document, &assembled.locale, &changes);
    if card.problems.iter().any(Problem::is_error) {
        return refuse(&card.problems, document);
    }
    let decision = args
        .decision
        .as_deref()
        .map(|path| read(path, ui))
        .transpose()?;
    if let Some((text, decision)) = &decision {
        let problems = decision.check(text, (&card.proposal.id, document), book, &[]);
        if !problems.is_empty() {
            return refuse(&problems, text);
        }
    }
    let judged = Judged {
        card: &card,
        proposal: document,
        schema: assembled.schema(),
        sources: book.sources(),
        words: &assembled.locale,
    };
    let paper = memo(judged, decision.as_ref().map(|(_, decision)| decision));
    Ok(html(&paper, &assembled.locale))
}

/// A decision with its text; everything wrong with it is shown.
pub(crate) fn read(path: &Path, ui: &Ui) -> Result<(Document, Decision), Exit> {
    let document = files::proposal(path, by_name(path)).map_err(|problems| {
        let source = files::source(path);
        ui.problems(&problems, &source.iter().collect::<Vec<_>>());
        Exit::Wrong
    })?;
    let decision = Decision::read(&document).map_err(|problems| {
        ui.problems(&problems, &[document.source()]);
        Exit::Wrong
    })?;
    Ok((document, decision))
}

/// A decision on standard input is TOML.
fn by_name(path: &Path) -> Option<Format> {
    (path.as_os_str() == "-").then_some(Format::Toml)
}
