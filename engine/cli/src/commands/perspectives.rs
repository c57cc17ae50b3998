//! `evenhand perspectives`: one program as several people describe it.

use crate::args::{Leaf, Perspectives};
use crate::exit::Exit;
use crate::ui::Ui;
use crate::{output, setup};
use evenhand_analysis::perspectives::{self as analysis, Options};
use evenhand_core::document::Document;
use evenhand_locale::Words as _;
use evenhand_report::paper::{html, markdown};
use evenhand_report::perspectives as report;

pub(crate) fn run(args: &Perspectives, ui: &Ui) -> Exit {
    let first = args.proposals.first().map(std::path::PathBuf::as_path);
    let spoken = match setup::rulebook_in(&args.language, &args.packs, first, ui) {
        Ok(spoken) => spoken,
        Err(exit) => return exit,
    };
    let mut inputs = setup::inputs(&args.packs, spoken.found.as_ref());
    args.proposals.iter().for_each(|path| inputs.file(path));
    if let Some(problem) = output::refused(args.output.as_deref(), &inputs) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    setup::note_other_profiles(&args.proposals, &args.packs, ui);
    let Some(documents) = documents(args, &spoken, ui) else {
        return Exit::Wrong;
    };
    let options = Options {
        labels: &args.labels,
        fill: args.fill,
    };
    ui.progress(
        spoken
            .locale
            .word("Trying the answers of each in the others …"),
    );
    let found = match analysis::perspectives(&spoken, &documents, options) {
        Ok(found) => found,
        Err(wrong) => {
            for (index, problems) in wrong {
                let source = documents.get(index).map(Document::source);
                ui.problems(&problems, &source.into_iter().collect::<Vec<_>>());
            }
            return Exit::Wrong;
        }
    };
    let (schema, words) = (spoken.schema(), &spoken.locale);
    let text = match args.format {
        Leaf::Json => report::render_json(&found),
        Leaf::Markdown => markdown(&report::paper(&found, schema, words)),
        Leaf::Html => html(&report::paper(&found, schema, words), words),
        Leaf::Text => {
            let is_standard = output::is_standard(args.output.as_deref());
            let options = report::PerspectivesOptions {
                schema,
                all: args.all,
                look: if is_standard { ui.look() } else { ui.plain() },
            };
            report::render(&found, words, options)
        }
    };
    if output::write(args.output.as_deref(), text.as_bytes(), ui) {
        Exit::Fine
    } else {
        Exit::Wrong
    }
}

/// The files; none, with everything wrong in any of them shown, where one cannot be read or does not fit.
fn documents(args: &Perspectives, spoken: &setup::Assembled, ui: &Ui) -> Option<Vec<Document>> {
    let mut documents = Vec::new();
    for path in &args.proposals {
        let document = spoken.proposal_shown(path, ui);
        // Every file that cannot be judged is named before the command ends.
        documents.push(document.ok().filter(|document| {
            let problems = spoken.book.check_document(document);
            if !problems.is_empty() {
                ui.problems(&problems, &[document.source()]);
            }
            problems.is_empty()
        }));
    }
    documents.into_iter().collect()
}
