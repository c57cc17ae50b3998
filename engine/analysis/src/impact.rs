//! What another rulebook would do to many programs: which change verdict, level or finding, and by which difference.

pub mod approved;
#[cfg(test)]
mod tests;

use evenhand_core::document::Document;
use evenhand_core::executor::{Executor, Sequential, par_map};
use evenhand_core::finding::Outcome;
use evenhand_core::impact::{Aspect, Between, Difference, Judged, Levels, Side, State};
use evenhand_core::problem::Problem;
use evenhand_core::text::number;
use evenhand_core::verdict::Word;
use evenhand_core::words::English;
use std::collections::BTreeSet;

/// A program of a corpus: where it stands, and its text as far as that can be read.
#[derive(Debug)]
pub struct Entry {
    /// The file as it was named, with the line in a file of one program a line.
    pub place: String,
    /// The program, or everything that keeps it from being read.
    pub document: Result<Document, Vec<Problem>>,
}

/// What another rulebook does to a corpus.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Impact {
    /// In what the rulebooks differ.
    pub differences: Vec<Difference>,
    /// The programs in the order of the corpus.
    pub rows: Vec<Row>,
}

/// What becomes of one program.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it stands.
    pub place: String,
    /// Its id; empty where it has none, or cannot be read.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Everything that changes, the gravest first.
    pub changes: Vec<Change>,
    /// What keeps it from being judged on either side; the same on both where it cannot be read.
    pub refused: Refused,
}

/// Why a program cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refused {
    /// By the old rulebook.
    pub old: Vec<Problem>,
    /// By the new one.
    pub new: Vec<Problem>,
}

/// How grave a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Only one side can judge the program.
    Judged,
    /// The verdict.
    Verdict,
    /// A level.
    Level,
    /// A finding.
    Finding,
}

/// Something about a program that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// How grave it is.
    pub grade: Grade,
    /// The dimension or rule; empty for the verdict.
    pub of: String,
    /// By the old rulebook.
    pub from: Came,
    /// By the new one.
    pub to: Came,
    /// The differences that make it by themselves, by their places.
    pub single: Vec<usize>,
    /// Those that make it only together.
    pub together: Vec<usize>,
    /// Whether somebody approved it.
    pub approved: bool,
}

/// What came out, of one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Came {
    /// Whether the program can be judged.
    Judged(bool),
    /// The verdict.
    Verdict(Word),
    /// The level of a dimension, if there is such a dimension.
    Level(Option<Levels>),
    /// What a rule found, if it was asked.
    Finding(Option<State>),
}

impl Grade {
    /// All of them, the gravest first.
    pub const ALL: [Self; 4] = [Self::Judged, Self::Verdict, Self::Level, Self::Finding];

    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::Verdict => "verdict",
            Self::Level => "level",
            Self::Finding => "finding",
        }
    }
}

impl Came {
    /// A short form without any language, as in JSON and in lists of approved changes.
    pub fn code(&self) -> String {
        match self {
            Self::Judged(judged) => if *judged { "yes" } else { "no" }.to_owned(),
            Self::Verdict(word) => word.word().to_owned(),
            Self::Level(None) | Self::Finding(None) => "none".to_owned(),
            Self::Level(Some(None)) => "not_judged".to_owned(),
            Self::Level(Some(Some((low, high)))) if low == high => low.to_string(),
            Self::Level(Some(Some((low, high)))) => format!("{low}..{high}"),
            Self::Finding(Some(state)) => {
                let share = |degree: f64| number((degree * 1e4).round() / 1e4);
                let word = state.outcome.word();
                let waived = if state.waived { " waived" } else { "" };
                match state.outcome {
                    Outcome::Partly => format!("{word} {}{waived}", share(state.low)),
                    Outcome::Unknown => {
                        let (low, high) = (share(state.low), share(state.high));
                        format!("{word} {low}..{high}{waived}")
                    }
                    _ => format!("{word}{waived}"),
                }
            }
        }
    }
}

impl Change {
    /// What changes, without any language: `verdict`, `level.<dimension>`, `finding.<rule>`.
    pub fn what(&self) -> String {
        match self.grade {
            Grade::Judged | Grade::Verdict => self.grade.word().to_owned(),
            Grade::Level | Grade::Finding => format!("{}.{}", self.grade.word(), self.of),
        }
    }

    /// The differences that make it, by themselves or together.
    pub fn causes(&self) -> impl Iterator<Item = usize> + '_ {
        self.single.iter().chain(&self.together).copied()
    }
}

impl Row {
    /// The gravest change.
    pub fn grade(&self) -> Option<Grade> {
        self.changes.iter().map(|change| change.grade).min()
    }

    /// By what the program is known in a list of approved changes: its id, or else where it stands.
    pub fn key(&self) -> &str {
        if self.id.is_empty() {
            &self.place
        } else {
            &self.id
        }
    }

    /// Whether neither side can judge it.
    pub fn is_broken(&self) -> bool {
        !self.refused.old.is_empty() && !self.refused.new.is_empty()
    }

    /// Whether a change at least as grave as this is not approved.
    pub fn is_unapproved(&self, grade: Grade) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| change.grade <= grade && !change.approved)
    }
}

impl Impact {
    /// How many programs a difference changes in a grade.
    pub fn changed_by(&self, difference: usize, grade: Grade) -> usize {
        let by = |change: &Change| {
            change.grade == grade && change.causes().any(|index| index == difference)
        };
        self.rows
            .iter()
            .filter(|row| row.changes.iter().any(by))
            .count()
    }

    /// How many programs have this as their gravest change.
    pub fn of_grade(&self, grade: Option<Grade>) -> usize {
        let rows = self.rows.iter().filter(|row| !row.is_broken());
        rows.filter(|row| row.grade() == grade).count()
    }

    /// Whether a change at least as grave as this is not approved.
    pub fn is_unapproved(&self, grade: Grade) -> bool {
        self.rows.iter().any(|row| row.is_unapproved(grade))
    }
}

/// Judges programs by both rulebooks, side by side where the executor has threads for it; the rows are in the order of the
/// programs. Of each only what a report needs is kept.
pub fn rows(between: &Between<'_>, entries: &[Entry], executor: &dyn Executor) -> Vec<Row> {
    par_map(executor, entries, |entry| row(between, entry))
}

fn row(between: &Between<'_>, entry: &Entry) -> Row {
    let blank = Row {
        place: entry.place.clone(),
        id: String::new(),
        title: entry.place.clone(),
        changes: Vec::new(),
        refused: Refused::default(),
    };
    let document = match &entry.document {
        Ok(document) => document,
        Err(problems) => {
            let refused = Refused {
                old: problems.clone(),
                new: problems.clone(),
            };
            return Row { refused, ..blank };
        }
    };
    let (old, new) = (
        judged(between, Side::Old, document),
        judged(between, Side::New, document),
    );
    let info = [&old, &new]
        .into_iter()
        .find_map(|side| side.as_ref().ok().map(|(info, _)| info.clone()));
    let (id, title) = info.unwrap_or_else(|| (String::new(), entry.place.clone()));
    let row = Row { id, title, ..blank };
    match (old, new) {
        (Ok((_, old)), Ok((_, new))) => Row {
            changes: changes(between, document, &old, &new),
            ..row
        },
        (Ok(_), Err(problems)) => Row {
            changes: vec![admitted(between, false)],
            refused: Refused {
                new: problems,
                ..Refused::default()
            },
            ..row
        },
        (Err(problems), Ok(_)) => Row {
            changes: vec![admitted(between, true)],
            refused: Refused {
                old: problems,
                ..Refused::default()
            },
            ..row
        },
        (Err(old), Err(new)) => Row {
            refused: Refused { old, new },
            ..row
        },
    }
}

/// Id and title of a program, and what came out.
type OneSide = Result<((String, String), Judged), Vec<Problem>>;

fn judged(between: &Between<'_>, side: Side, document: &Document) -> OneSide {
    let book = between.rulebook(side);
    let problems = book.check_document(document);
    if !problems.is_empty() {
        return Err(problems);
    }
    let card = book.judge_with(document, &English, &Sequential);
    if card.problems.iter().any(Problem::is_error) {
        return Err(card.problems);
    }
    let judged = Judged::of(&card);
    Ok(((card.proposal.id, card.proposal.title), judged))
}

/// That only one side can judge a program.
fn admitted(between: &Between<'_>, by_new: bool) -> Change {
    let causes = between.admitting();
    let (single, together) = if causes.len() == 1 {
        (causes, Vec::new())
    } else {
        (Vec::new(), causes)
    };
    Change {
        grade: Grade::Judged,
        of: String::new(),
        from: Came::Judged(!by_new),
        to: Came::Judged(by_new),
        single,
        together,
        approved: false,
    }
}

fn changes(between: &Between<'_>, document: &Document, old: &Judged, new: &Judged) -> Vec<Change> {
    let causes = between.causes(document, (old, new), &Sequential);
    let change = |cause: evenhand_core::impact::Cause| {
        let (grade, of) = match &cause.aspect {
            Aspect::Verdict => (Grade::Verdict, String::new()),
            Aspect::Level(id) => (Grade::Level, id.clone()),
            Aspect::Finding(id) => (Grade::Finding, id.clone()),
        };
        Change {
            grade,
            of,
            from: came(old, &cause.aspect),
            to: came(new, &cause.aspect),
            single: cause.single,
            together: cause.together,
            approved: false,
        }
    };
    causes.into_iter().map(change).collect()
}

fn came(judged: &Judged, aspect: &Aspect) -> Came {
    match aspect {
        Aspect::Verdict => Came::Verdict(judged.judgement.verdict),
        Aspect::Level(id) => Came::Level(judged.judgement.levels.get(id).copied()),
        Aspect::Finding(id) => Came::Finding(judged.findings.get(id).copied()),
    }
}

/// The rules that a row's changes are about, each once.
pub fn rules(row: &Row) -> BTreeSet<&str> {
    let findings = row.changes.iter();
    let findings = findings.filter(|change| change.grade == Grade::Finding);
    findings.map(|change| change.of.as_str()).collect()
}
