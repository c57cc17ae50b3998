//! `evenhand ask`: a respondent's short questionnaire, in their language.

use crate::args::{Ask, Sheet};
use crate::exit::Exit;
use crate::setup::{self, Subject};
use crate::ui::Ui;
use crate::{files, output};
use evenhand_analysis::ask::{self as analysis, FIRST};
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_locale::Words as _;
use evenhand_report::paper::{html, markdown};
use evenhand_report::questionnaire as report;
use std::path::Path;

pub(crate) fn run(args: &Ask, ui: &Ui) -> Exit {
    let mut inputs = setup::inputs(&args.packs, None);
    inputs.file(&args.proposal);
    let format = format(args);
    let refused = output::refused(args.output.as_deref(), &inputs);
    if let Some(problem) = refused.or_else(|| unwritable(args, format)) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let subject = match setup::subject(&args.proposal, &args.packs, &args.language, ui) {
        Ok(subject) => subject,
        Err(exit) => return exit,
    };
    let Subject {
        spoken,
        document,
        card,
    } = &subject;
    ui.progress(spoken.locale.word("Looking for what to ask …"));
    let most = if args.all { usize::MAX } else { FIRST };
    let asked = match analysis::ask(spoken, document, card, &args.respondent, most) {
        Ok(asked) => asked,
        Err(problem) => {
            ui.problems(&[problem], &[]);
            return Exit::Wrong;
        }
    };
    let (schema, words) = (spoken.schema(), &spoken.locale);
    let bytes = match format {
        Sheet::Yaml => report::render(&asked, schema, words).into_bytes(),
        Sheet::Markdown => markdown(&report::paper(&asked, schema, words)).into_bytes(),
        Sheet::Html => html(&report::paper(&asked, schema, words), words).into_bytes(),
        Sheet::Xlsx => {
            let written = report::workbook(&asked, schema, words);
            say_left_out(&written.left_out, ui);
            written.bytes
        }
    };
    if !output::write(args.output.as_deref(), &bytes, ui) {
        return Exit::Wrong;
    }
    let written = args.output.as_deref();
    let is_form = matches!(format, Sheet::Yaml | Sheet::Xlsx);
    if let Some(path) = written.filter(|path| !output::is_standard(Some(path)) && is_form) {
        let (file, proposal) = (files::shown(path), files::shown(&args.proposal));
        ui.note(&words.say(
            "Next: send {file} to {name}; then evenhand merge {proposal} {file}",
            &[
                ("file", &file),
                ("name", &asked.whom.name),
                ("proposal", &proposal),
            ],
        ));
    }
    Exit::Fine
}

/// The format that was asked for, or that the ending of the output names.
fn format(args: &Ask) -> Sheet {
    let ending = args.output.as_deref().and_then(Path::extension);
    let ending = ending.map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    args.format.unwrap_or(match ending.as_deref() {
        Some("xlsx") => Sheet::Xlsx,
        Some("md" | "markdown") => Sheet::Markdown,
        Some("html" | "htm") => Sheet::Html,
        _ => Sheet::Yaml,
    })
}

/// Why a workbook cannot be written there: `merge` tells files of answers apart by their endings.
fn unwritable(args: &Ask, format: Sheet) -> Option<Problem> {
    let output = args.output.as_deref();
    if output::is_standard(output) {
        let shown = format == Sheet::Xlsx && Ui::is_terminal();
        return shown.then(|| {
            let problem = Problem::error("a terminal cannot show a workbook");
            problem.suggest("write it to a file: --output questions.xlsx")
        });
    }
    let path = output?;
    let name = files::shown(path);
    if format == Sheet::Xlsx && !files::is_xlsx(path) {
        let problem = Problem::error(format!("`{name}` does not end as a workbook does"));
        return Some(problem.expected("a file ending in .xlsx"));
    }
    (format != Sheet::Xlsx && files::is_spreadsheet(path)).then(|| {
        let problem = Problem::error(format!("`{name}` ends as a workbook does"));
        problem.expected("a file with another ending, or --format xlsx for one ending in .xlsx")
    })
}

/// Questions for which a cell is too small.
fn say_left_out(left_out: &[Pointer], ui: &Ui) {
    let problems = left_out.iter().map(|path| {
        let message = format!(
            "the question about `{}` has no room in a cell",
            path.dotted()
        );
        Problem::warning(message).suggest("ask it with --format yaml")
    });
    let problems: Vec<Problem> = problems.collect();
    if !problems.is_empty() {
        ui.problems(&problems, &[]);
    }
}
