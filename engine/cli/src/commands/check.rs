//! `evenhand check`: judge proposals.

mod judged;
pub(crate) mod record;
mod since;

use crate::args::{Check, FailOn, Output};
use crate::exit::Exit;
use crate::files;
use crate::output::{self, Inputs};
use crate::plugins::Changes;
use crate::setup::{self, Assembled, Refused, Source};
use crate::ui::Ui;
use crate::watch;
use evenhand_analysis::plan::{self, Step};
use evenhand_core::document::Document;
use evenhand_core::finding::Finding;
use evenhand_core::problem::Problem;
use evenhand_core::robustness::Draws;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_report::formats::{Entry, FORMATS};
use evenhand_report::text;
use judged::{Found, Judged, Judges};
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &Check, ui: &Ui) -> Exit {
    if !args.watch {
        return once(args, ui);
    }
    if args.proposals.iter().any(|path| path.as_os_str() == "-") {
        let problem = Problem::error("standard input cannot be watched");
        ui.problems(&[problem.expected("the name of a file")], &[]);
        return Exit::Wrong;
    }
    watch::again(&watched(args), ui, || once(args, ui))
}

/// Everything that a change of may change what comes out: the proposals, and what they are judged by.
fn watched(args: &Check) -> Inputs {
    let mut inputs = proposals(args);
    for path in &args.proposals {
        let found = setup::profile(&args.packs, Some(path)).ok().flatten();
        inputs.extend(setup::inputs(&args.packs, found.as_ref()));
        // A profile that cannot be read now may be corrected.
        if let Some(profile) = setup::locate(&args.packs, Some(path)) {
            inputs.file(&profile);
        }
    }
    inputs
}

fn once(args: &Check, ui: &Ui) -> Exit {
    if let Some(problem) = output::refused(args.output.as_deref(), &proposals(args)) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let refused = unshowable(args)
        .or_else(|| unplanned(args))
        .or_else(|| unrecordable(args))
        .or_else(|| since::refused(args));
    if let Some(problem) = refused {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    let mut judges = Judges::default();
    let mut exit = Exit::Fine;
    let mut judged = Vec::new();
    for path in &args.proposals {
        let judge = judges.of(path, args, ui);
        let document = match &judge {
            Ok((_, assembled)) => assembled.proposal(path, args.input_format, ui),
            // Without rules there is no form to read a workbook by; why there are none has been said.
            Err(refused) if files::is_spreadsheet(path) => {
                judged.push(Judged::Refused(shown(path), refused.problems.clone()));
                exit = exit.and(Exit::Wrong);
                continue;
            }
            Err(_) => files::proposal(path, args.input_format),
        };
        let one = match (document, judge) {
            (Err(problems), _) => {
                let source = files::source(path);
                ui.problems(&problems, &source.iter().collect::<Vec<_>>());
                Judged::Refused(shown(path), problems)
            }
            (Ok(document), Err(refused)) => {
                Judged::Refused(document.name().to_owned(), refused.problems)
            }
            (Ok(document), Ok((index, assembled))) => {
                judge_one((index, assembled), args, document, ui)
            }
        };
        exit = exit.and(match &one {
            Judged::Card(_, card, _) => exit_of(card, args.fail_on),
            Judged::Refused(..) => Exit::Wrong,
        });
        judged.push(one);
    }
    judges.say(args, ui);
    if let Some(problem) = output::refused(args.output.as_deref(), &judges.inputs(args)) {
        ui.problems(&[problem], &[]);
        return Exit::Wrong;
    }
    if let Some(path) = &args.record
        && !write_record(path, &judges, &judged, args, ui)
    {
        return Exit::Wrong;
    }
    let report = match &args.since {
        Some(path) => since::report(path, (&judges, &judged), args, ui),
        None => Ok(render(&judges, &judged, args, ui)),
    };
    // The process ends here; taking the rulebooks apart first would take as long as a tenth of a check.
    if args.watch {
        drop(judges);
    } else {
        std::mem::forget(judges);
    }
    match report {
        Err(exit) => exit,
        Ok(Some(report)) if !output::write(args.output.as_deref(), &report, ui) => Exit::Wrong,
        Ok(_) => exit,
    }
}

/// A record that would be of several proposals, or would take the place of something that is read or written.
fn unrecordable(args: &Check) -> Option<Problem> {
    let path = args.record.as_deref()?;
    if args.proposals.len() > 1 {
        let problem = Problem::error("a record is of one proposal, and several are named");
        return Some(problem.suggest("write a record for each of them"));
    }
    if output::is_standard(Some(path)) {
        let problem = Problem::error("a record is a file, and standard output has the report");
        return Some(problem.suggest("name a file with --record"));
    }
    if args.output.as_deref() == Some(path) {
        return Some(Problem::error("--record and --output name one file"));
    }
    output::refused(Some(path), &proposals(args))
}

/// Writes the record of the proposal that was judged; false, with the reason shown, if that could not be done.
fn write_record(path: &Path, judges: &Judges, judged: &[Judged], args: &Check, ui: &Ui) -> bool {
    if let Some(problem) = output::refused(Some(path), &judges.inputs(args)) {
        ui.problems(&[problem], &[]);
        return false;
    }
    let Some((index, _, document)) = judged.iter().find_map(Judged::card) else {
        ui.note("No record is written, since nothing could be judged.");
        return true;
    };
    let Some(assembled) = judges.get(index) else {
        return false;
    };
    let chosen = (args.only.as_slice(), args.skip.as_slice());
    match record::of(document, assembled, &args.packs, chosen, ui) {
        Ok(record) => output::write(Some(path), record.to_text().as_bytes(), ui),
        Err(refused) => {
            refused.show(ui);
            false
        }
    }
}

/// A format that is no text, and nowhere to put it but the terminal.
fn unshowable(args: &Check) -> Option<Problem> {
    let Output::Written(format) = args.format else {
        return None;
    };
    let shown = output::is_standard(args.output.as_deref()) && Ui::is_terminal();
    (shown && !format.is_text()).then(|| {
        Problem::error(format!("a terminal cannot show {}", format.name)).suggest(format!(
            "write it to a file: --output report.{}",
            format.extension
        ))
    })
}

/// A plan for a report that has no room for one.
fn unplanned(args: &Check) -> Option<Problem> {
    let fits = matches!(args.format, Output::Written(format) if format.has_plan);
    (args.plan && !fits).then(|| {
        let formats = FORMATS.iter().filter(|format| format.has_plan);
        let names: Vec<&str> = formats.map(|format| format.name).collect();
        Problem::error("only some reports have room for a plan")
            .expected(format!("`--format` with one of {}", names.join(", ")))
            .suggest("evenhand improve shows it on a terminal")
    })
}

fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "<standard input>".to_owned()
    } else {
        files::shown(path)
    }
}

fn proposals(args: &Check) -> Inputs {
    let mut inputs = Inputs::default();
    let read = [&args.since, &args.decision].into_iter().flatten();
    for path in args.proposals.iter().chain(read) {
        inputs.file(path);
    }
    if let (Some(record), None) = (&args.since, &args.decision) {
        inputs.file(&since::beside(record));
    }
    inputs
}

/// The scorecard of a proposal; if it does not fit the schema, every problem, which is shown as well.
fn judge_one(
    (index, assembled): (usize, &Assembled),
    args: &Check,
    document: Document,
    ui: &Ui,
) -> Judged {
    let book = &assembled.book;
    let problems = book.check_document(&document);
    if !problems.is_empty() {
        ui.problems(&problems, &[document.source()]);
        return Judged::Refused(document.name().to_owned(), problems);
    }
    let mut card = if args.judge_only {
        book.judge_in(&document, &assembled.locale)
    } else {
        let changes = Changes::of(Source {
            packs: &args.packs,
            found: assembled.found.as_ref(),
        });
        book.judge_beside(&document, &assembled.locale, &changes)
    };
    // Ten thousand draws take as long as a rule: they are made where they are shown.
    if !args.judge_only && (args.verbose || matches!(args.format, Output::Written(_))) {
        book.add_robustness(&mut card, Draws::default());
    }
    if card.problems.iter().any(Problem::is_error) {
        ui.problems(&card.problems, &[document.source()]);
        return Judged::Refused(document.name().to_owned(), card.problems);
    }
    Judged::Card(index, Box::new(card), document)
}

/// The report; none where there is nothing to show.
fn render(judges: &Judges, judged: &[Judged], args: &Check, ui: &Ui) -> Option<Vec<u8>> {
    match args.format {
        Output::Written(format) => {
            let plans = judged.iter().map(|one| match one.card() {
                Some((index, card, document)) if format.has_plan => judges
                    .get(index)
                    .map_or(Found::Nothing, |judge| found(judge, card, document, args)),
                _ => Found::Nothing,
            });
            let plans: Vec<Found> = plans.collect();
            let entries = judged.iter().zip(&plans);
            let entries = entries.filter_map(|(one, plan)| judges.entry(one, plan));
            let entries: Vec<Entry<'_>> = entries.collect();
            Some((format.write)(&entries))
        }
        Output::Text => {
            let look = if output::is_standard(args.output.as_deref()) {
                ui.look()
            } else {
                ui.plain()
            };
            let options = text::TextOptions {
                findings: args.findings,
                verbose: args.verbose,
                steps: &[],
                look,
            };
            let cards = judged.iter().filter_map(Judged::card);
            let reports: Vec<String> = cards
                .filter_map(|(index, card, document)| {
                    let judge = judges.get(index)?;
                    let (schema, locale) = (judge.schema(), &judge.locale);
                    let steps = first_steps(judge, card, document, args);
                    let options = text::TextOptions {
                        steps: &steps,
                        ..options
                    };
                    Some(text::render(card, document, schema, locale, options))
                })
                .collect();
            let rule = format!("\n{}\n\n", "─".repeat(look.width.min(80)));
            (!reports.is_empty()).then(|| reports.join(&rule).into_bytes())
        }
    }
}

/// The plan for a report, as far as it is asked for.
fn found(judge: &Assembled, card: &Scorecard, document: &Document, args: &Check) -> Found {
    if args.plan {
        let most = plan::bound(document.value());
        Found::Whole(Box::new(plan::plan(judge, document, card, most)))
    } else if args.judge_only || card.verdict.word == Word::Proceed {
        Found::Nothing
    } else {
        Found::First(plan::first_steps(judge, document, card, plan::FIRST))
    }
}

/// Where a plan would begin; nothing where the screen does not show it.
fn first_steps(
    judge: &Assembled,
    card: &Scorecard,
    document: &Document,
    args: &Check,
) -> Vec<Step> {
    let shown = !args.judge_only && !args.findings && !args.verbose;
    if !shown || card.verdict.word == Word::Proceed {
        return Vec::new();
    }
    plan::first_steps(judge, document, card, plan::FIRST)
}

/// `incomplete` is a verdict of its own: it is `found` only where that was asked for.
fn exit_of(card: &Scorecard, fail_on: Option<FailOn>) -> Exit {
    let word = card.verdict.word;
    let found = match fail_on {
        None => false,
        Some(FailOn::Incomplete) => word >= Word::Incomplete,
        Some(limit) => word >= limit.word() && word != Word::Incomplete,
    };
    let failed = card.findings.iter().any(Finding::is_failure) || !card.failures.is_empty();
    if found {
        Exit::Found
    } else if word == Word::Incomplete || failed {
        Exit::Undecided
    } else {
        Exit::Fine
    }
}

/// The rulebook of a proposal by its index, or why there is none.
type Judge<'a> = Result<(usize, &'a Assembled), Refused>;

/// A profile's file, as people type it; none for the program's own settings.
type ProfilePath = Option<PathBuf>;
