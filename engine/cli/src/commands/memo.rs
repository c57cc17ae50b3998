//! `evenhand memo`: what a board decides by and files.

use crate::args::Memo;
use crate::exit::Exit;
use crate::files;
use crate::output;
use crate::plugins::Changes;
use crate::setup::{self, Assembled};
use crate::ui::Ui;
use evenhand_analysis::decision::Decision;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::source::Source;
use evenhand_locale::Words as _;
use evenhand_memo::Page;
use evenhand_report::paper;
use evenhand_report::scorecard::{Judged, Planned, memo, memo_model};
use std::path::Path;

pub(crate) fn run(args: &Memo, ui: &Ui) -> Exit {
    let near = Some(&*args.proposal);
    let assembled = match setup::rulebook_in(&args.language, &args.packs, near, ui) {
        Ok(assembled) => assembled,
        Err(exit) => return exit,
    };
    let mut inputs = setup::inputs(&args.packs, assembled.found.as_ref());
    inputs.file(&args.proposal);
    for path in [&args.decision, &args.template].into_iter().flatten() {
        inputs.file(path);
    }
    let format = format(args);
    let refused = output::refused(args.output.as_deref(), &inputs);
    if let Some(problem) = refused.or_else(|| unwritable(args, format)) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let document = match assembled.proposal_shown(&args.proposal, ui) {
        Ok(document) => document,
        Err(exit) => return exit,
    };
    match written(&document, &assembled, (args, format), ui) {
        Ok(memo) if output::write(args.output.as_deref(), &memo, ui) => {
            if args.proposal.as_os_str() != "-" && !output::is_standard(args.output.as_deref()) {
                let file = files::shown(&args.proposal);
                let next = "Next: evenhand check {file} --record FILE writes the record that belongs to it.";
                ui.next(&assembled.locale.say(next, &[("file", &file)]));
            }
            Exit::Fine
        }
        Ok(_) => Exit::Wrong,
        Err(exit) => exit,
    }
}

fn written(
    document: &Document,
    assembled: &Assembled,
    (args, format): (&Memo, &paper::Format),
    ui: &Ui,
) -> Result<Vec<u8>, Exit> {
    let refuse = |problems: &[Problem], document: &Document| {
        ui.problems(problems, &[document.source()]);
        Err(Exit::Wrong)
    };
    let book = &assembled.book;
    let problems = book.check_document(document);
    if !problems.is_empty() {
        return refuse(&problems, document);
    }
    let changes = Changes::of(setup::Source {
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
        breakdowns: book.breakdowns(),
        plan: Planned::Nothing,
        respondents: &book.info().respondents,
        words: &assembled.locale,
    };
    let decision = decision.map(|(_, decision)| decision.named_in(book));
    let decision = decision.as_ref();
    match &args.template {
        Some(path) => by_template(path, judged, decision, ui),
        None => Ok((format.write)(&memo(judged, decision), &assembled.locale)),
    }
}

/// The memo by the board's own template.
fn by_template(
    path: &Path,
    judged: Judged<'_>,
    decision: Option<&Decision>,
    ui: &Ui,
) -> Result<Vec<u8>, Exit> {
    let name = files::shown(path);
    let refuse = |problems: &[Problem], sources: &[&Source]| {
        ui.problems(problems, sources);
        Exit::Wrong
    };
    let bytes =
        files::bytes(path).map_err(|error| refuse(&[files::cannot("read", &name, &error)], &[]))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let message = format!("the template is not UTF-8 text: {}", error.utf8_error());
        refuse(&[Problem::error(message).in_file(&name)], &[])
    })?;
    let template = Source::new(name, text);
    let values = memo_model(judged, decision);
    let title = values.get("title").and_then(serde_json::Value::as_str);
    let page = Page {
        title: title.unwrap_or_default(),
        language: judged.words.tag(),
    };
    let memo = evenhand_memo::render(&template, page, &values);
    let memo = memo.map_err(|problems| refuse(&problems, &[&template]))?;
    Ok(memo.into_bytes())
}

/// The format that was asked for, or that the ending of the output names.
fn format(args: &Memo) -> &'static paper::Format {
    let ending = args.output.as_deref().and_then(Path::extension);
    let by_ending = paper::FORMATS
        .iter()
        .find(|format| ending.is_some_and(|own| own == format.extension));
    args.format.or(by_ending).unwrap_or(&paper::HTML)
}

/// A memo that nothing could be written of: by a template in another format, or on a terminal that cannot show it.
fn unwritable(args: &Memo, format: &paper::Format) -> Option<Problem> {
    if args.template.is_some() && format.name != "html" {
        let message = format!("a template writes HTML, and {} was asked for", format.name);
        return Some(Problem::error(message).suggest("leave out `--template`, or write HTML"));
    }
    let shown = output::is_standard(args.output.as_deref()) && Ui::is_terminal();
    (shown && !format.is_text).then(|| {
        let problem = Problem::error(format!("a terminal cannot show {}", format.name));
        problem.suggest(format!(
            "write it to a file: --output memo.{}",
            format.extension
        ))
    })
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
