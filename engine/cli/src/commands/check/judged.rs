//! Who judges which proposal, and what came out.

use super::{Judge, ProfilePath};
use crate::args::Check;
use crate::files::shown;
use crate::output::Inputs;
use crate::setup::{self, Assembled, Refused};
use crate::ui::Ui;
use evenhand_analysis::plan::{Plan, Step};
use evenhand_core::document::Document;
use evenhand_core::problem::Problem;
use evenhand_core::scorecard::Scorecard;
use evenhand_report::formats::{self, Entry, Planned};
use std::path::Path;

/// What came of one proposal.
#[derive(Debug)]
pub(super) enum Judged {
    /// A scorecard, by the rulebook of this index.
    Card(usize, Box<Scorecard>, Document),
    /// Its name, and everything that is wrong.
    Refused(String, Vec<Problem>),
}

impl Judged {
    pub(super) fn card(&self) -> Option<(usize, &Scorecard, &Document)> {
        match self {
            Self::Card(index, card, document) => Some((*index, card, document)),
            Self::Refused(..) => None,
        }
    }
}

/// What was found of a plan for a proposal.
#[derive(Debug)]
pub(super) enum Found {
    /// None was looked for.
    Nothing,
    /// Where one begins.
    First(Vec<Step>),
    /// All of one.
    Whole(Box<Plan>),
}

impl Found {
    fn shown(&self) -> Planned<'_> {
        match self {
            Self::Nothing => Planned::Nothing,
            Self::First(steps) => Planned::First(steps),
            Self::Whole(plan) => Planned::Whole(plan),
        }
    }
}

/// The rulebooks of a run: one for each profile that a proposal is judged by.
#[derive(Debug, Default)]
pub(super) struct Judges {
    books: Vec<(ProfilePath, Result<Assembled, Refused>)>,
    /// Which proposal is judged by which of them.
    used: Vec<(String, usize)>,
}

impl Judges {
    /// The rulebook for a proposal, put together when the first proposal needs it. What is wrong with it is shown once.
    pub(super) fn of(&mut self, proposal: &Path, args: &Check, ui: &Ui) -> Judge<'_> {
        let path = setup::locate(&args.packs, Some(proposal));
        let known = self.books.iter().position(|(known, _)| *known == path);
        let index = known.unwrap_or_else(|| {
            self.books.push((path, open(proposal, args, ui)));
            self.books.len() - 1
        });
        self.used.push((shown(proposal), index));
        match self.books.get(index) {
            Some((_, Ok(assembled))) => Ok((index, assembled)),
            Some((_, Err(refused))) => Err(refused.clone()),
            None => Err(Refused::default()),
        }
    }

    /// What came of a proposal, with what a report of it needs.
    pub(super) fn entry<'a>(&'a self, judged: &'a Judged, plan: &'a Found) -> Option<Entry<'a>> {
        Some(match judged {
            Judged::Refused(name, problems) => Entry::Refused { name, problems },
            Judged::Card(index, card, document) => {
                let judge = self.get(*index)?;
                Entry::Judged(formats::Judged {
                    card,
                    proposal: document,
                    schema: judge.schema(),
                    sources: judge.book.sources(),
                    breakdowns: judge.book.breakdowns(),
                    plan: plan.shown(),
                    respondents: &judge.book.info().respondents,
                    words: &judge.locale,
                })
            }
        })
    }

    pub(super) fn get(&self, index: usize) -> Option<&Assembled> {
        self.books.get(index)?.1.as_ref().ok()
    }

    /// Says which proposal is judged by which profile, where there is more than one.
    pub(super) fn say(&self, args: &Check, ui: &Ui) {
        if self.books.len() < 2 || args.packs.profile.is_some() {
            return;
        }
        for (proposal, index) in &self.used {
            let path = self.books.get(*index).and_then(|(path, _)| path.as_deref());
            let by = path.map_or_else(
                || "the built-in settings; no profile is near it".to_owned(),
                |path| format!("`{}`", shown(path)),
            );
            ui.note(&format!("note: `{proposal}` is judged by {by}"));
        }
    }

    /// What was read for these rulebooks.
    pub(super) fn inputs(&self, args: &Check) -> Inputs {
        let mut inputs = setup::inputs(&args.packs, None);
        for (_, book) in &self.books {
            let found = book.as_ref().ok().and_then(|book| book.found.as_ref());
            inputs.extend(setup::inputs(&args.packs, found));
        }
        inputs
    }
}

fn open(proposal: &Path, args: &Check, ui: &Ui) -> Result<Assembled, Refused> {
    let opened = setup::assemble(&args.packs, Some(proposal), false, ui).and_then(|mut found| {
        setup::show_broken(&found.book, ui);
        found.speak(&args.language)?;
        found.choose(&args.only, &args.skip)?;
        Ok(found)
    });
    if let Err(refused) = &opened {
        refused.show(ui);
    }
    opened
}
