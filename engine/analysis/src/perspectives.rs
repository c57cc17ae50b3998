//! The same program as several people describe it: where they differ, what hangs on it, and what comes out under each
//! reading. Disagreement widens ranges and is never averaged.
//!
//! What one file does not say is no difference of opinion: it is listed apart. It leaves that reading open, and with it
//! the whole, unless what is not said is filled in from those who say it.

mod differences;
mod labels;

pub use differences::{Answer, Difference};
pub(crate) use differences::{STANDING, same_answer};

use crate::Judge;
use crate::compare::{self, Row};
use crate::plan;
use crate::what_if::{self, Summary};
use evenhand_core::document::Document;
use evenhand_core::problem::Problem;
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The same program as several people describe it.
#[derive(Debug, Clone, PartialEq)]
pub struct Perspectives {
    /// The readings, in the order in which they were named.
    pub readings: Vec<Reading>,
    /// Verdict and ranges over all readings.
    pub joint: Summary,
    /// Where they differ, what matters most first.
    pub differences: Vec<Difference>,
    /// The rules that do not come out the same for all, in the order of the rulebook.
    pub rules: Vec<Row>,
    /// Whether what a file does not say was taken from the first that says it.
    pub filled: bool,
}

/// How one person describes the program.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Who it comes from, as it is called here.
    pub label: String,
    /// The file, as it was named.
    pub file: String,
    /// The proposal's id; empty if it has none.
    pub id: String,
    /// The proposal's title.
    pub title: String,
    /// Facts that others say and this file does not.
    pub silent: usize,
    /// Verdict and ranges under this reading.
    pub summary: Summary,
}

/// What came of one answer of another reading, put into this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The reading that was changed, by its place.
    pub reading: usize,
    /// The reading whose answer was taken, by its place.
    pub answer_of: usize,
    /// What moved.
    pub moved: what_if::Difference,
}

/// How readings are put side by side.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// What the readings are called, in their order; those without a label are called by who attests in them, or by
    /// their file.
    pub labels: &'a [String],
    /// Whether what a file does not say is taken from the first that says it.
    pub fill: bool,
}

impl Difference {
    /// Whether two readings say different things, and not one of them nothing.
    pub fn is_contradiction(&self) -> bool {
        self.positions().len() > 1
    }

    /// The readings by what they say, those that say the same together; those that say nothing are left out.
    pub fn positions(&self) -> Vec<Vec<usize>> {
        let mut found: Vec<Vec<usize>> = Vec::new();
        for (index, answer) in self.answers.iter().enumerate() {
            let Some(answer) = answer else { continue };
            let same = found.iter_mut().find(|group| {
                let first = group.first().and_then(|first| self.answers.get(*first));
                let first = first.and_then(Option::as_ref);
                first.is_some_and(|first| same_answer(&first.value, &answer.value, self.unordered))
            });
            match same {
                Some(group) => group.push(index),
                None => found.push(vec![index]),
            }
        }
        found
    }

    /// The rules that come out otherwise with another answer, in the order of their ids.
    pub fn rules(&self) -> BTreeSet<&str> {
        let moved = self.effects.iter().flat_map(|one| &one.moved.findings);
        moved.map(|finding| finding.rule.as_str()).collect()
    }

    /// Whether another answer changes a verdict.
    pub fn decides(&self) -> bool {
        let mut effects = self.effects.iter();
        effects.any(|one| one.moved.before.verdict != one.moved.after.verdict)
    }

    /// Points by which an end of a range moves with another answer, at most.
    pub fn points(&self) -> u8 {
        self.moves()
            .map(|(_, points)| points)
            .max()
            .unwrap_or_default()
    }

    /// The same in the dimensions of which the board shows numbers; nothing where it shows none of those that move.
    pub fn shown_points(&self) -> Option<u8> {
        let shown = self.moves().filter(|(hidden, _)| !hidden);
        let shown = shown.map(|(_, points)| points).max().unwrap_or_default();
        (shown > 0 || self.points() == 0).then_some(shown)
    }

    /// Every dimension after every answer: whether its numbers are hidden, and by how many points it moves.
    fn moves(&self) -> impl Iterator<Item = (bool, u8)> {
        let ends = self.effects.iter().flat_map(|one| {
            let after = one.moved.after.dimensions.iter();
            one.moved.before.dimensions.iter().zip(after)
        });
        let apart = |one: Option<u8>, other: Option<u8>| {
            one.unwrap_or_default().abs_diff(other.unwrap_or_default())
        };
        ends.map(move |(was, is)| {
            let points = apart(was.low, is.low).max(apart(was.high, is.high));
            (is.no_numbers, points)
        })
    }
}

impl Perspectives {
    /// Whether the files say that they describe one proposal, or do not say otherwise.
    pub fn is_one_program(&self) -> bool {
        let ids = self.readings.iter().map(|reading| reading.id.as_str());
        let ids: BTreeSet<&str> = ids.filter(|id| !id.is_empty()).collect();
        ids.len() < 2
    }
}

/// Puts several descriptions of one program side by side; where some cannot be judged, everything that is wrong with
/// each of them, by its place.
pub fn perspectives(
    judge: &dyn Judge,
    documents: &[Document],
    options: Options<'_>,
) -> Result<Perspectives, Vec<(usize, Vec<Problem>)>> {
    refuse(documents.iter().map(|document| judge.check(document)))?;
    let schema = judge.schema();
    let mut differences = differences::differences(schema, documents);
    let silent = |index: usize| {
        let mut count = 0;
        for difference in &differences {
            count += usize::from(difference.answers.get(index).is_some_and(Option::is_none));
        }
        count
    };
    let silent: Vec<usize> = (0..documents.len()).map(silent).collect();
    let mut readings: Vec<Document> = documents.to_vec();
    if options.fill {
        readings = filled(documents, &differences);
        refuse(readings.iter().map(|reading| unfit(judge, reading)))?;
    }
    let cards: Vec<Scorecard> = readings.iter().map(|one| judge.judge(one)).collect();
    refuse(cards.iter().map(|card| {
        let wrong = card.problems.iter().filter(|problem| problem.is_error());
        wrong.cloned().collect()
    }))?;
    try_out(judge, &readings, &cards, &mut differences);
    let joint = judge.joint(&cards);
    let names = cards.first().map(|card| card.names.clone());
    let names = names.unwrap_or_default();
    let labels = labels::labels(schema, documents, options.labels);
    let readings = cards.iter().zip(labels).zip(silent);
    let readings = readings.map(|((card, label), silent)| Reading {
        label,
        file: card.proposal.file.clone(),
        id: card.proposal.id.clone(),
        title: card.proposal.title.clone(),
        silent,
        summary: Summary::of(card),
    });
    let readings = readings.collect();
    // Stable, so that equals stay in the order of the schema.
    differences.sort_by_key(|one| {
        let matters = (one.decides(), one.points(), one.rules().len());
        Reverse((one.is_contradiction() && one.decides(), matters))
    });
    Ok(Perspectives {
        readings,
        joint: Summary {
            verdict: joint.verdict.word,
            reason: joint.verdict.reason,
            dimensions: joint.dimensions,
            names,
        },
        differences,
        rules: compare::rules(&cards),
        filled: options.fill,
    })
}

/// Everything that is wrong, by the place of the document; nothing if all is well.
fn refuse(problems: impl Iterator<Item = Vec<Problem>>) -> Result<(), Vec<(usize, Vec<Problem>)>> {
    let wrong = problems.enumerate().filter(|(_, found)| !found.is_empty());
    let wrong: Vec<(usize, Vec<Problem>)> = wrong.collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// What does not fit once others have filled in what a document does not say.
fn unfit(judge: &dyn Judge, reading: &Document) -> Vec<Problem> {
    let found = judge.check(reading).into_iter();
    let found = found.map(|problem| {
        let message = format!("with what others say filled in: {}", problem.message);
        Problem {
            message: message.into(),
            ..problem
        }
    });
    found
        .map(|problem| problem.in_file(reading.name()))
        .collect()
}

/// The documents, each with the first answer of others where it says nothing.
fn filled(documents: &[Document], differences: &[Difference]) -> Vec<Document> {
    let each = documents.iter().enumerate().map(|(index, document)| {
        let mut value = document.value().clone();
        for difference in differences {
            let is_silent = difference.answers.get(index).is_some_and(Option::is_none);
            let said = difference.answers.iter().flatten().next();
            if let Some(answer) = said.filter(|_| is_silent && !difference.is_element) {
                difference.put(&mut value, index, &answer.value);
            }
        }
        Document::from_value(document.name(), value)
    });
    each.collect()
}

/// Tries every answer of another reading in each reading, and keeps what moves. Bounded by a count of judgements, those
/// who say different things first.
fn try_out(
    judge: &dyn Judge,
    readings: &[Document],
    cards: &[Scorecard],
    differences: &mut [Difference],
) {
    let bounds = readings.iter().map(|one| plan::bound(one.value()));
    let mut left = bounds.min().unwrap_or_default();
    for contradictions in [true, false] {
        for difference in differences.iter_mut() {
            if difference.is_contradiction() == contradictions {
                try_one(judge, readings, cards, difference, &mut left);
            }
        }
    }
}

fn try_one(
    judge: &dyn Judge,
    readings: &[Document],
    cards: &[Scorecard],
    difference: &mut Difference,
    left: &mut usize,
) {
    let positions = difference.positions();
    let mut effects = Vec::new();
    difference.is_tried = true;
    for (reading, (document, card)) in readings.iter().zip(cards).enumerate() {
        let others = positions.iter().filter(|group| !group.contains(&reading));
        for other in others.filter_map(|group| group.first().copied()) {
            let answer = difference.answers.get(other).and_then(Option::as_ref);
            let Some(answer) = answer else { continue };
            let mut value = document.value().clone();
            let is_put = *left > 0 && difference.put(&mut value, reading, &answer.value);
            // Answers that say the same once others have filled in what is missing are no trial.
            if is_put && value == *document.value() {
                continue;
            }
            let changed = Document::from_value(document.name(), value);
            if !is_put || !judge.check(&changed).is_empty() {
                difference.is_tried = false;
                continue;
            }
            *left -= 1;
            let after = judge.judge(&changed);
            if after.problems.iter().any(Problem::is_error) {
                difference.is_tried = false;
                continue;
            }
            let moved = what_if::difference(card, &after);
            if !moved.is_nothing() {
                effects.push(Effect {
                    reading,
                    answer_of: other,
                    moved,
                });
            }
        }
    }
    difference.effects = effects;
}

/// Whether somebody says something.
pub(crate) fn said(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests;
