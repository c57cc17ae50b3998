//! `evenhand questions --answer`: one question after the other, each answer checked, judged and written into the file
//! at once, so that nothing is lost wherever somebody stops.

use crate::args::Questions;
use crate::exit::Exit;
use crate::output;
use crate::proposal;
use crate::setup::Subject;
use crate::ui::Ui;
use evenhand_analysis::dialogue::{Answered, Dialogue};
use evenhand_analysis::question::Question;
use evenhand_core::document::Document;
use evenhand_core::document::edit::Change;
use evenhand_core::problem::Problem;
use evenhand_locale::Words as _;
use evenhand_report::{differences, questions as report};

pub(super) fn run(args: &Questions, subject: &Subject, ui: &Ui) -> Exit {
    if args.proposal.as_os_str() == "-" {
        let problem = Problem::error("answers cannot be written into standard input");
        ui.problems(&[problem.expected("the name of a file")], &[]);
        return Exit::Wrong;
    }
    // What cannot be written is said before anything is asked.
    if let Err(problems) = written(args, subject, &subject.document) {
        let advice = "fill in its cells, or go on with a file in YAML";
        ui.problems(&proposal::instead(problems, advice), &[]);
        return Exit::Wrong;
    }
    let words = &subject.spoken.locale;
    let mut document = subject.document.clone();
    let mut dialogue = Dialogue::new(&subject.spoken, &document);
    let hint = words.say(
        "An empty line leaves a question open, q stops. Each answer is written into {file} at once.",
        &[("file", document.name())],
    );
    let wrapped = |text: &str| format!("{}\n", ui.look().wrap(text, "", "").join("\n"));
    ui.out(&wrapped(&hint));
    while let Some(question) = dialogue.next() {
        let respondents = &subject.spoken.book.info().respondents;
        let asked = report::one(dialogue.card(), &question, words, respondents, ui.look());
        ui.out(&asked);
        let Some(typed) = ui.line("> ") else { break };
        match typed.trim() {
            "q" | "quit" => break,
            "" => dialogue.leave_out(&question),
            answer => match answered(&mut dialogue, &question, answer, &document) {
                Ok((answered, changed)) => {
                    let bytes = written(args, subject, &changed);
                    let done = bytes.and_then(|bytes| {
                        output::file(&args.proposal, &bytes).map_err(|problem| vec![problem])
                    });
                    if let Err(problems) = done {
                        ui.problems(&problems, &[]);
                        return Exit::Wrong;
                    }
                    document = changed;
                    let lines = differences::moved_ranges(&answered.before, &answered.after, words);
                    ui.out(&format!("{}\n", lines.join("\n")));
                }
                Err(problems) => ui.problems(&problems, &[]),
            },
        }
    }
    // What is there and odd is not asked again; it is named, with what settles it.
    let card = dialogue.card();
    ui.out(&report::checks(card, &document, words, ui.look()));
    ui.out(&format!("\n{}", wrapped(&card.verdict.reason)));
    Exit::Fine
}

/// The file with the answers so far.
fn written(
    args: &Questions,
    subject: &Subject,
    changed: &Document,
) -> Result<Vec<u8>, Vec<Problem>> {
    let (file, title) = (&args.proposal, &subject.card.proposal.title);
    proposal::bytes(file, file, changed, title, &subject.spoken)
}

/// Takes an answer and writes it into the text of the proposal.
fn answered(
    dialogue: &mut Dialogue<'_>,
    question: &Question,
    typed: &str,
    document: &Document,
) -> Result<(Answered, Document), Vec<Problem>> {
    let before = dialogue.clone();
    let answered = dialogue.answer(question, typed)?;
    let changes: Vec<Change> = answered
        .changes
        .iter()
        .map(|(path, value)| Change::Set(path.clone(), value.clone()))
        .collect();
    match document.edited(&changes) {
        Ok(written) => Ok((answered, written)),
        Err(error) => {
            *dialogue = before;
            let problem = Problem::error(format!("the answer cannot be written: {error}"));
            Err(vec![
                problem.suggest("write it into the file by hand, and go on"),
            ])
        }
    }
}
