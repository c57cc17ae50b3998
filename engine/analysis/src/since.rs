//! What has changed since a decision: conditions, answers, findings and levels, each with the cause.
//!
//! Between the scorecard that was recorded and the one of today lie several changes at once: another version of the program,
//! other rules, other settings, another day, other answers. They are made one after the other, and the old proposal is judged
//! after each, so that what moves at a step has that step's cause.

mod answers;

use crate::decision::{Condition, Decision, Standing, View};
use crate::what_if::{Moved, State, state};
use evenhand_core::date::Date;
use evenhand_core::document::Document;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::score::Level;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use serde_json::Value;

pub use answers::Answer;
pub(crate) use answers::is_same;

/// Why something came out otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The program is of another version.
    Program,
    /// A plugin that is no part of the program is another one.
    Plugins,
    /// A rule, a source list or a schema of a pack is another one.
    Rules,
    /// The board's settings are others.
    Settings,
    /// It is judged as of another day: waivers end, attestations grow old.
    Day,
    /// The proposal's answers are others.
    Answers,
}

impl Cause {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Plugins => "plugins",
            Self::Rules => "rules",
            Self::Settings => "settings",
            Self::Day => "day",
            Self::Answers => "answers",
        }
    }
}

/// What a scorecard says, as far as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The verdict.
    pub verdict: Word,
    /// The dimensions, in the pack's order.
    pub dimensions: Vec<DimensionState>,
    /// The findings that carry points, in the order of the rulebook.
    pub findings: Vec<RuleState>,
}

/// A dimension of a scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionState {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Whole points in the worst case; none if nothing of it was judged.
    pub low: Option<u8>,
    /// Whole points in the best case.
    pub high: Option<u8>,
    /// The level in the worst case.
    pub level_low: Option<Level>,
    /// The level in the best case.
    pub level_high: Option<Level>,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleState {
    /// The rule's id.
    pub rule: String,
    /// The requirement in one line.
    pub title: String,
    /// What the finding says.
    pub message: String,
    /// How far the requirement is satisfied.
    pub state: State,
    /// Whether a waiver is in force.
    pub waived: bool,
}

impl Snapshot {
    /// What a scorecard says.
    pub fn of(card: &Scorecard) -> Self {
        let dimensions = card.dimensions.iter().map(|score| DimensionState {
            id: score.id.clone(),
            title: score.title.clone(),
            low: score.low,
            high: score.high,
            level_low: score.level_low,
            level_high: score.level_high,
        });
        let findings = card.findings.iter().filter(|one| one.kind != "prompt");
        let findings = findings.map(|finding| RuleState {
            rule: finding.rule.clone(),
            title: finding.title.clone(),
            message: finding.message.text(),
            state: state(finding),
            waived: finding.waiver.is_some(),
        });
        Self {
            verdict: card.verdict.word,
            dimensions: dimensions.collect(),
            findings: findings.collect(),
        }
    }

    /// What a rule found.
    pub fn finding(&self, rule: &str) -> Option<&RuleState> {
        self.findings.iter().find(|finding| finding.rule == rule)
    }

    /// The same with rules by the ids that they have in a rulebook, where it names them by former ones.
    #[must_use]
    pub fn named_in(mut self, book: &Rulebook) -> Self {
        for finding in &mut self.findings {
            if let Some(now) = book.renamed(&finding.rule) {
                finding.rule = now.to_owned();
            }
        }
        self
    }

    fn dimension(&self, id: &str) -> Option<&DimensionState> {
        self.dimensions.iter().find(|dimension| dimension.id == id)
    }
}

/// A step from what was recorded to what holds today, and what comes out after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What changed at this step; several where they could not be told apart.
    pub causes: Vec<Cause>,
    /// What comes out after it.
    pub after: Snapshot,
}

/// An input that is another one than what was recorded, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What kind of input.
    pub cause: Cause,
    /// Which, and how it changed.
    pub words: String,
}

/// What is compared.
#[derive(Debug, Clone)]
pub struct Compared<'a> {
    /// What was recorded.
    pub recorded: Snapshot,
    /// The steps from there to today, the last of which is today.
    pub stages: Vec<Stage>,
    /// The proposal that was recorded.
    pub old: &'a Document,
    /// The proposal of today.
    pub new: &'a Document,
    /// What the board decided, if it is known.
    pub decision: Option<&'a Decision>,
    /// The day of the evaluation that was recorded.
    pub recorded_on: Option<Date>,
    /// The day of today's evaluation.
    pub today: Option<Date>,
    /// Inputs besides the proposal that are others.
    pub inputs: Vec<Input>,
}

/// What has changed since a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    /// The day of the evaluation that was recorded.
    pub recorded_on: Option<Date>,
    /// The verdict before and after.
    pub verdict: (Word, Word),
    /// Why the verdict is another one; nothing where it is the same.
    pub verdict_causes: Vec<Cause>,
    /// Every dimension, moved or not.
    pub dimensions: Vec<DimensionMoved>,
    /// The findings that moved.
    pub findings: Vec<FindingMoved>,
    /// The answers that changed.
    pub answers: Vec<Answer>,
    /// What the board decided, if it is known.
    pub decision: Option<Decision>,
    /// Each condition, and how it stands.
    pub conditions: Vec<Followed>,
    /// Inputs besides the proposal that are others.
    pub inputs: Vec<Input>,
}

/// A dimension before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionMoved {
    /// As it was recorded; none where it is new.
    pub before: Option<DimensionState>,
    /// As it is today; none where it is gone.
    pub after: Option<DimensionState>,
    /// Why it moved; nothing where it did not.
    pub causes: Vec<Cause>,
}

/// A finding that moved.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingMoved {
    /// The rule, and its requirement before and after.
    pub moved: Moved,
    /// Whether it was waived, and is.
    pub waived: (bool, bool),
    /// What it says today.
    pub message: String,
    /// Why it moved.
    pub causes: Vec<Cause>,
}

impl FindingMoved {
    /// Whether it got better (`Some(true)`), worse (`Some(false)`), or neither for certain. A waiver makes nothing better.
    pub fn better(&self) -> Option<bool> {
        if self.moved.before == self.moved.after {
            return None;
        }
        self.moved.better()
    }
}

/// A condition, and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The condition.
    pub condition: Condition,
    /// How it stands today.
    pub standing: Standing,
    /// Whether it is not met, and the day until which it had to be is over.
    pub overdue: bool,
    /// What shows it, before and after.
    pub basis: Basis,
}

/// What shows how a condition stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Basis {
    /// What its rule found; none where the rule was not asked.
    Rule(Option<State>, Option<State>),
    /// Its answers; `null` where one is not known.
    Answers(Vec<Value>, Vec<Value>),
    /// Nothing.
    People,
}

impl Since {
    /// Compares what was recorded with today.
    pub fn of(compared: Compared<'_>) -> Self {
        let today = compared.stages.last().map(|stage| &stage.after);
        let today = today.unwrap_or(&compared.recorded);
        let recorded = &compared.recorded;
        let why = Why {
            recorded,
            stages: &compared.stages,
        };
        let (before, now) = (
            View {
                snapshot: recorded,
                proposal: compared.old.value(),
            },
            View {
                snapshot: today,
                proposal: compared.new.value(),
            },
        );
        let conditions = compared.decision.iter().flat_map(|one| &one.conditions);
        Self {
            recorded_on: compared.recorded_on,
            verdict: (recorded.verdict, today.verdict),
            verdict_causes: why.of(|snapshot| Some(snapshot.verdict)),
            dimensions: dimensions(recorded, today, why),
            findings: findings(recorded, today, why),
            answers: answers::changed(compared.old, compared.new),
            conditions: conditions
                .map(|condition| followed(condition, before, now, compared.today))
                .collect(),
            decision: compared.decision.cloned(),
            inputs: compared.inputs,
        }
    }

    /// Whether nothing has changed: no answer, no input but the day, and nothing that came out.
    pub fn is_renewal(&self) -> bool {
        self.answers.is_empty()
            && self.findings.is_empty()
            && self.verdict.0 == self.verdict.1
            && self.dimensions.iter().all(DimensionMoved::stayed)
            && self.inputs.iter().all(|input| input.cause == Cause::Day)
    }

    /// How many conditions stand so.
    pub fn count(&self, standing: Standing) -> usize {
        let conditions = self.conditions.iter();
        conditions.filter(|one| one.standing == standing).count()
    }
}

impl DimensionMoved {
    /// Whether points and levels are the same.
    pub fn stayed(&self) -> bool {
        let points = |state: &Option<DimensionState>| {
            let state = state.as_ref()?;
            Some((state.low, state.high, state.level_low, state.level_high))
        };
        points(&self.before) == points(&self.after)
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        let state = self.after.as_ref().or(self.before.as_ref());
        state.map_or("", |state| &state.title)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        let state = self.after.as_ref().or(self.before.as_ref());
        state.map_or("", |state| &state.id)
    }
}

/// What tells the cause of a change.
#[derive(Clone, Copy)]
struct Why<'a> {
    recorded: &'a Snapshot,
    stages: &'a [Stage],
}

impl Why<'_> {
    /// The causes of the steps at which a part of the scorecard moved; nothing where it is the same in the end.
    fn of<T: PartialEq>(self, part: impl Fn(&Snapshot) -> T) -> Vec<Cause> {
        let first = part(self.recorded);
        let last = self.stages.last().map(|stage| part(&stage.after));
        if last.is_none_or(|last| last == first) {
            return Vec::new();
        }
        let mut causes = Vec::new();
        let mut before = first;
        for stage in self.stages {
            let after = part(&stage.after);
            if after != before {
                causes.extend(&stage.causes);
            }
            before = after;
        }
        causes.sort_unstable();
        causes.dedup();
        causes
    }
}

fn dimensions(before: &Snapshot, after: &Snapshot, why: Why<'_>) -> Vec<DimensionMoved> {
    let gone = before.dimensions.iter();
    let gone = gone.filter(|one| after.dimension(&one.id).is_none());
    let all = after.dimensions.iter().chain(gone);
    all.map(|one| {
        let points = |snapshot: &Snapshot| {
            let state = snapshot.dimension(&one.id)?;
            Some((state.low, state.high, state.level_low, state.level_high))
        };
        DimensionMoved {
            before: before.dimension(&one.id).cloned(),
            after: after.dimension(&one.id).cloned(),
            causes: why.of(points),
        }
    })
    .collect()
}

fn findings(before: &Snapshot, after: &Snapshot, why: Why<'_>) -> Vec<FindingMoved> {
    let gone = before.findings.iter();
    let gone = gone.filter(|one| after.finding(&one.rule).is_none());
    let all = after.findings.iter().chain(gone);
    all.filter_map(|one| {
        let part = |snapshot: &Snapshot| {
            let found = snapshot.finding(&one.rule)?;
            Some((found.state, found.waived))
        };
        let (was, is) = (part(before), part(after));
        (was != is).then(|| FindingMoved {
            moved: Moved {
                rule: one.rule.clone(),
                title: one.title.clone(),
                before: was.map(|(state, _)| state),
                after: is.map(|(state, _)| state),
            },
            waived: (
                was.is_some_and(|(_, waived)| waived),
                is.is_some_and(|(_, waived)| waived),
            ),
            message: is.map_or_else(String::new, |_| one.message.clone()),
            causes: why.of(part),
        })
    })
    .collect()
}

fn followed(
    condition: &Condition,
    before: View<'_>,
    now: View<'_>,
    today: Option<Date>,
) -> Followed {
    let standing = condition.standing(now, Some(before));
    let basis = match (&condition.rule, &condition.wanted) {
        (Some(rule), _) => {
            let state = |view: View<'_>| view.snapshot.finding(rule).map(|found| found.state);
            Basis::Rule(state(before), state(now))
        }
        (None, Some(wanted)) => {
            let values = |view: View<'_>| {
                let answers = wanted.answers(view.proposal).into_iter();
                let values = answers.map(|(_, value)| value.cloned().unwrap_or_default());
                values.collect()
            };
            Basis::Answers(values(before), values(now))
        }
        (None, None) => Basis::People,
    };
    Followed {
        overdue: condition.overdue(standing, today),
        condition: condition.clone(),
        standing,
        basis,
    }
}

#[cfg(test)]
mod tests;
