//! `evenhand check --since RECORD`: what has changed since a decision.

use super::judged::{Judged, Judges};
use super::record;
use crate::args::{Check, Output, PackArgs};
use crate::commands::{memo, verify};
use crate::exit::Exit;
use crate::files;
use crate::output;
use crate::setup::{self, Assembled};
use crate::ui::Ui;
use evenhand_analysis::decision::Decision;
use evenhand_analysis::since::{Cause, Compared, Input, Since, Snapshot, Stage};
use evenhand_core::document::Document;
use evenhand_core::problem::Problem;
use evenhand_core::scorecard::Scorecard;
use evenhand_locale::Words as _;
use evenhand_report::json;
use evenhand_report::record::{HeldPack, Record, Today, inputs, touched};
use evenhand_report::since::{self, Report};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The name of a decision's file beside a record.
const DECISION: &str = "decision.toml";

/// Where a record's decision is looked for.
pub(super) fn beside(record: &Path) -> PathBuf {
    record.with_file_name(DECISION)
}

/// What cannot be compared with a record.
pub(super) fn refused(args: &Check) -> Option<Problem> {
    args.since.as_ref()?;
    if args.proposals.len() > 1 {
        let problem = Problem::error("a record is of one proposal, and several are named");
        return Some(problem.suggest("compare each of them with its record"));
    }
    let Output::Written(format) = args.format else {
        return None;
    };
    let names = since::formats();
    (!names.contains(&format.name)).then(|| {
        let message = format!(
            "what has changed since a record is not written as {}",
            format.name
        );
        Problem::error(message).expected(format!("text, {}", names.join(", ")))
    })
}

/// The report; none where the proposal could not be judged.
pub(super) fn report(
    path: &Path,
    (judges, all): (&Judges, &[Judged]),
    args: &Check,
    ui: &Ui,
) -> Result<Option<Vec<u8>>, Exit> {
    let wrong = |problems: &[Problem]| {
        ui.problems(problems, &[]);
        Exit::Wrong
    };
    let record = verify::read(path).map_err(|problems| wrong(&problems))?;
    let Some((index, card, document)) = all.iter().find_map(Judged::card) else {
        return Ok(None);
    };
    let Some(assembled) = judges.get(index) else {
        return Ok(None);
    };
    let then = Then::of(record, path, card, assembled).map_err(|problems| wrong(&problems))?;
    let now = Now {
        card,
        document,
        assembled,
        args,
    };
    let decision = then.decision(path, now, ui)?;
    let inputs = then.inputs(now);
    let (mut stages, notes) = then
        .stages(&inputs, now, ui)
        .map_err(|found| wrong(&found))?;
    let book = &assembled.book;
    for stage in &mut stages {
        stage.after = stage.after.clone().named_in(book);
    }
    let since = Since::of(Compared {
        recorded: then.snapshot.clone().named_in(book),
        stages,
        old: &then.document,
        new: document,
        decision: decision.as_ref(),
        recorded_on: then.record.options.day(),
        today: book.settings().date,
        inputs,
    });
    let name = files::shown(path);
    let report = Report {
        since: &since,
        card,
        record: &name,
        proposal: &then.record.proposal.name,
        notes: &notes,
        words: &assembled.locale,
    };
    Ok(Some(written(&report, args, ui)))
}

fn written(report: &Report<'_>, args: &Check, ui: &Ui) -> Vec<u8> {
    let written = match args.format {
        Output::Written(format) => since::written(report, format.name),
        Output::Text => None,
    };
    written.unwrap_or_else(|| {
        let standard = output::is_standard(args.output.as_deref());
        let look = if standard { ui.look() } else { ui.plain() };
        since::render(report, look).into_bytes()
    })
}

/// What was recorded.
struct Then {
    record: Record,
    document: Document,
    snapshot: Snapshot,
    /// The folder that a profile's plugins are looked for from.
    folder: PathBuf,
    name: String,
}

/// What holds today.
#[derive(Clone, Copy)]
struct Now<'a> {
    card: &'a Scorecard,
    document: &'a Document,
    assembled: &'a Assembled,
    args: &'a Check,
}

impl Then {
    fn of(
        record: Record,
        path: &Path,
        card: &Scorecard,
        assembled: &Assembled,
    ) -> Result<Self, Vec<Problem>> {
        let name = files::shown(path);
        let at_record = |problem: Problem| problem.in_file(&name);
        let mut problems = Vec::new();
        let (then, now) = (record.said("/proposal/id").to_owned(), &card.proposal.id);
        if then != *now {
            let named = |id: &str| match id {
                "" => "without an id".to_owned(),
                id => format!("`{id}`"),
            };
            let message = format!(
                "the record is of a proposal {}, and this proposal is {}",
                named(&then),
                named(now)
            );
            let problem = Problem::error(message.replace(" of a proposal `", " of `"));
            problems.push(at_record(problem.expected("the record of this proposal")));
        }
        let snapshot = record.snapshot();
        if snapshot.is_none() {
            let problem = Problem::error("the scorecard of the record is not whole");
            let expected = "a record that `check --record FILE` wrote";
            problems.push(at_record(problem.expected(expected)));
        }
        let document = record.proposal.document();
        // What the fields were called then is no difference in the answers.
        let document = document.and_then(|document| Ok(assembled.understood(document)?.0));
        let document = document.unwrap_or_else(|found| {
            problems.extend(found);
            Document::from_value(&record.proposal.name, Value::Null)
        });
        match snapshot {
            Some(snapshot) if problems.is_empty() => Ok(Self {
                document,
                snapshot,
                folder: path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
                record,
                name,
            }),
            _ => Err(problems),
        }
    }

    /// What the board decided: the decision that was named, or else the one beside the record, where it is on this proposal.
    fn decision(&self, path: &Path, now: Now<'_>, ui: &Ui) -> Result<Option<Decision>, Exit> {
        let named = now.args.decision.as_deref();
        let there = beside(path);
        let there = (named.is_none() && there.exists()).then_some(there);
        let Some(file) = named.or(there.as_deref()) else {
            return Ok(None);
        };
        let (text, decision) = memo::read(file, ui)?;
        let id = &now.card.proposal.id;
        if named.is_none() && decision.other_proposal(&text, id).is_some() {
            ui.note(&format!(
                "note: `{}` is on `{}`, and is not followed here",
                files::shown(file),
                decision.proposal
            ));
            return Ok(None);
        }
        let once: Vec<String> = self
            .snapshot
            .findings
            .iter()
            .map(|one| one.rule.clone())
            .collect();
        let book = &now.assembled.book;
        let problems = decision.check(&text, (id, now.document), book, &once);
        if !problems.is_empty() {
            ui.problems(&problems, &[text.source()]);
            return Err(Exit::Wrong);
        }
        Ok(Some(decision.named_in(book)))
    }

    fn inputs(&self, now: Now<'_>) -> Vec<Input> {
        let words = &now.assembled.locale;
        let card = serde_json::from_str(&json::line(now.card, now.document)).unwrap_or_default();
        let profile = now.assembled.found.as_ref();
        let profile = profile.and_then(|found| Some(found.path.file_name()?.to_string_lossy()));
        inputs(
            &self.record,
            &Today {
                packs: &HeldPack::all(&now.assembled.book),
                settings: &now.assembled.book.settings_in_force(),
                profile: profile.as_deref().unwrap_or(words.word("the options")),
                card: &card,
            },
            words,
        )
    }

    /// The steps from the record to today, and what could not be told apart; or how the record was touched.
    fn stages(
        &self,
        inputs: &[Input],
        now: Now<'_>,
        ui: &Ui,
    ) -> Result<(Vec<Stage>, Vec<String>), Vec<Problem>> {
        let has = |cause: Cause| inputs.iter().any(|input| input.cause == cause);
        let mut steps = Steps::default();
        let mut notes = Vec::new();
        let (folder, plugins) = (&self.folder, &now.args.packs.plugins);
        let program = [Cause::Program, Cause::Plugins]
            .into_iter()
            .filter(|cause| has(*cause));
        steps.pending.extend(program);
        let again = record::again(&self.record, folder.clone(), plugins, ui);
        let traces = match &again {
            Ok(again) => touched(&self.record, Some((&again.scorecard, &again.settings))),
            Err(_) => touched(&self.record, None),
        };
        if !traces.is_empty() {
            let problems = traces.into_iter().map(|trace| {
                let message = format!("the record was changed after it was written: {trace}");
                Problem::error(message).in_file(&self.name)
            });
            return Err(problems.collect());
        }
        match again {
            Ok(again) => {
                let again = Record {
                    scorecard: again.scorecard,
                    ..self.record.clone()
                };
                steps.done(again.snapshot());
            }
            Err(refused) => {
                let problem = refused.problems.first().map(ToString::to_string);
                let words = &now.assembled.locale;
                notes.push(since::not_judged_again(&problem.unwrap_or_default(), words));
            }
        }
        if has(Cause::Rules) {
            let changed = Record {
                packs: HeldPack::all(&now.assembled.book),
                ..self.record.clone()
            };
            steps.pending.push(Cause::Rules);
            let judged = record::judged(&changed, folder.clone(), plugins, ui);
            steps.done(judged.ok().map(|judged| Snapshot::of(&judged.card)));
        }
        if has(Cause::Settings) {
            steps.pending.push(Cause::Settings);
            if has(Cause::Day) {
                steps.done(self.on_its_day(now, ui));
            }
        }
        if has(Cause::Day) {
            steps.pending.push(Cause::Day);
        }
        if self.document.value() != now.document.value() {
            steps.done(judge(now.assembled, &self.document));
            steps.pending.push(Cause::Answers);
        }
        steps.done(Some(Snapshot::of(now.card)));
        Ok((steps.done, notes))
    }

    /// The old proposal by today's rules and settings, as of the day of the record.
    fn on_its_day(&self, now: Now<'_>, ui: &Ui) -> Option<Snapshot> {
        let packs = PackArgs {
            date: Some(self.record.options.day()?),
            ..now.args.packs.clone()
        };
        let found = now.assembled.found.clone();
        let mut assembled = setup::assemble_by(&packs, found, false, ui).ok()?;
        assembled.choose(&now.args.only, &now.args.skip).ok()?;
        judge(&assembled, &self.document)
    }
}

/// What a proposal comes to; nothing if it cannot be judged.
fn judge(assembled: &Assembled, document: &Document) -> Option<Snapshot> {
    let book = &assembled.book;
    if !book.check_document(document).is_empty() {
        return None;
    }
    let card = book.judge_in(document, &assembled.locale);
    let judged = !card.problems.iter().any(Problem::is_error);
    judged.then(|| Snapshot::of(&card))
}

/// Steps so far. The causes of a step that cannot be made go into the next one.
#[derive(Default)]
struct Steps {
    done: Vec<Stage>,
    pending: Vec<Cause>,
}

impl Steps {
    fn done(&mut self, after: Option<Snapshot>) {
        let Some(after) = after else { return };
        self.done.push(Stage {
            causes: std::mem::take(&mut self.pending),
            after,
        });
    }
}
