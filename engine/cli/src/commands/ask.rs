//! `evenhand ask`: a respondent's short questionnaire, in their language.

use crate::args::{Ask, Sheet};
use crate::exit::Exit;
use crate::setup::{self, Subject};
use crate::ui::Ui;
use crate::{files, output};
use evenhand_analysis::ask::{self as analysis, FIRST};
use evenhand_locale::Words as _;
use evenhand_report::paper::{html, markdown};
use evenhand_report::questionnaire as report;

pub(crate) fn run(args: &Ask, ui: &Ui) -> Exit {
    let mut inputs = setup::inputs(&args.packs, None);
    inputs.file(&args.proposal);
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
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
    let most = if args.all { usize::MAX } else { FIRST };
    let asked = match analysis::ask(spoken, document, card, &args.respondent, most) {
        Ok(asked) => asked,
        Err(problem) => {
            ui.problems(&[problem], &[]);
            return Exit::Wrong;
        }
    };
    let (schema, words) = (spoken.schema(), &spoken.locale);
    let text = match args.format {
        Sheet::Yaml => report::render(&asked, schema, words),
        Sheet::Markdown => markdown(&report::paper(&asked, schema, words)),
        Sheet::Html => html(&report::paper(&asked, schema, words), words),
    };
    if !output::write(args.output.as_deref(), text.as_bytes(), ui) {
        return Exit::Wrong;
    }
    let written = args.output.as_deref();
    if let Some(path) =
        written.filter(|path| !output::is_standard(Some(path)) && args.format == Sheet::Yaml)
    {
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
