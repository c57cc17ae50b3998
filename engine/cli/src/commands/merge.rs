//! `evenhand merge`: answers of respondents, brought back into the proposal.

use crate::args::{Form, Merge};
use crate::exit::Exit;
use crate::setup::{self, Subject};
use crate::ui::Ui;
use crate::{files, output, proposal};
use evenhand_analysis::merge::{Accept, File, Merged, merge};
use evenhand_core::document::Document;
use evenhand_core::problem::Problem;
use evenhand_core::schema::Schema;
use evenhand_locale::Locale;
use evenhand_report::merged as report;
use evenhand_report::questionnaire::read_workbook;
use serde_json::Value;
use std::path::Path;

pub(crate) fn run(args: &Merge, ui: &Ui) -> Exit {
    let mut inputs = setup::inputs(&args.packs, None);
    inputs.file(&args.proposal);
    args.answers.iter().for_each(|path| inputs.file(path));
    if let Some(problem) =
        refused(args).or_else(|| output::refused(args.output.as_deref(), &inputs))
    {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let subject = match setup::subject(&args.proposal, &args.packs, &args.language, ui) {
        Ok(subject) => subject,
        Err(exit) => return exit,
    };
    let Some(answers) = answers(args, &subject, ui) else {
        return Exit::Wrong;
    };
    let merged = match merged(args, &subject, &answers) {
        Ok(merged) => merged,
        Err(wrong) => {
            for (index, problems) in wrong {
                let own = index.and_then(|index| answers.get(index));
                let document = own.map_or(&subject.document, |(document, ..)| document);
                ui.problems(&problems, &[document.source()]);
            }
            return Exit::Wrong;
        }
    };
    let written = args
        .output
        .as_deref()
        .or_else(|| args.in_place.then_some(&*args.proposal));
    let title = &subject.card.proposal.title;
    if let Some(path) = written {
        let changed = &merged.document;
        let bytes = proposal::bytes(&args.proposal, path, changed, title, &subject.spoken);
        let bytes = bytes.map_err(|problems| {
            let advice = "write it as text: --output merged.yaml";
            ui.problems(&proposal::instead(problems, advice), &[]);
        });
        if !bytes.is_ok_and(|bytes| output::write(Some(path), &bytes, ui)) {
            return Exit::Wrong;
        }
    }
    if output::is_standard(written) && written.is_some() {
        return Exit::Fine;
    }
    let shown = written.map(files::shown);
    ui.out(&match args.format {
        Form::Json => report::render_json(title, &merged),
        Form::Text => report::render(
            title,
            &merged,
            &subject.spoken.locale,
            report::MergedOptions {
                schema: subject.spoken.schema(),
                written: shown.as_deref(),
                look: ui.look(),
            },
        ),
    });
    Exit::Fine
}

/// Why nothing can be written, where that can be said beforehand.
fn refused(args: &Merge) -> Option<Problem> {
    if args.answers.is_empty() && args.accept.is_empty() && !args.accept_all {
        let problem = Problem::error("there is nothing to merge");
        return Some(problem.expected("files of answers, or corrections to --accept"));
    }
    if args.in_place && args.proposal.as_os_str() == "-" {
        let problem = Problem::error("standard input cannot be written into");
        return Some(problem.expected("a file, or --output in place of --in-place"));
    }
    None
}

/// The files of answers, each with the language it is written in; none, with everything wrong shown, where one cannot be
/// read.
fn answers(
    args: &Merge,
    subject: &Subject,
    ui: &Ui,
) -> Option<Vec<(Document, Locale, Option<Schema>)>> {
    let read = args.answers.iter().map(|path| {
        let document = document(path, subject, ui)?;
        let tag = document
            .value()
            .pointer("/questionnaire/language")
            .and_then(Value::as_str);
        let book = &subject.spoken.book;
        let tag = tag.unwrap_or("en");
        if tag == "en" {
            return Some((document, Locale::default(), None));
        }
        match evenhand_locale::open(tag, &book.catalogs(), &|| book.originals()) {
            Ok(locale) => {
                let schema = evenhand_locale::localized_schema(book.schema(), &locale);
                Some((document, locale, Some(schema)))
            }
            Err(problems) => {
                let at = evenhand_core::pointer::Pointer::from_json("/questionnaire/language");
                let problems = problems.into_iter().map(|problem| {
                    if problem.file.is_some() {
                        problem
                    } else {
                        document.problem_at(&at, problem)
                    }
                });
                ui.problems(&problems.collect::<Vec<_>>(), &[document.source()]);
                None
            }
        }
    });
    // Every file that cannot be read is named before the command ends.
    let read: Vec<Option<_>> = read.collect();
    read.into_iter().collect()
}

/// A file of answers, text or a workbook; what a workbook holds besides is said.
fn document(path: &Path, subject: &Subject, ui: &Ui) -> Option<Document> {
    let read = if files::is_spreadsheet(path) {
        let name = files::shown(path);
        let bytes = files::bytes(path);
        let bytes = bytes.map_err(|error| vec![files::cannot("read", &name, &error)]);
        let read = bytes.and_then(|bytes| read_workbook(&name, &bytes, &subject.spoken.book));
        read.map(|read| (read.document, read.unread))
    } else {
        files::proposal(path, None).map(|document| (document, Vec::new()))
    };
    match read {
        Ok((document, unread)) => {
            if !unread.is_empty() {
                ui.problems(&unread, &[]);
            }
            Some(document)
        }
        Err(problems) => {
            let source = files::source(path);
            ui.problems(&problems, &source.iter().collect::<Vec<_>>());
            None
        }
    }
}

fn merged(
    args: &Merge,
    subject: &Subject,
    answers: &[(Document, Locale, Option<Schema>)],
) -> Result<Merged, evenhand_analysis::merge::Wrong> {
    let book = &subject.spoken.book;
    let files = answers.iter().map(|(document, locale, schema)| File {
        document,
        words: locale,
        schema: schema.as_ref().unwrap_or_else(|| book.schema()),
    });
    let files: Vec<File<'_>> = files.collect();
    let accept = if args.accept_all {
        Accept::All
    } else {
        Accept::Paths(&args.accept)
    };
    merge(
        &subject.spoken,
        &subject.document,
        &subject.card,
        &files,
        accept,
        &subject.spoken.locale,
    )
}
