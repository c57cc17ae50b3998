//! Answers of respondents, brought back into a proposal as what partners confirm, correct and contest.
//!
//! Nobody's word is overwritten: a correction stands beside what the proposal says (`contests`) until whoever plans the
//! program accepts it, and then the earlier value stays visible (`replaced`). The answers are taken in the order of their
//! dates, then of partners and names, so that it makes no difference in which order they are handed over.

mod read;
mod statements;

pub use read::{Answers, Entry, Reply};

use crate::Judge;
use crate::ask::{about, field_of, resolve};
use crate::perspectives::{said, same_answer};
use crate::what_if::{self, Difference};
use evenhand_core::document::Document;
use evenhand_core::document::edit::Change;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::words::Words;
use serde_json::Value;
use statements::Statements;
use std::collections::BTreeMap;

/// A file of answers, with the language it is written in.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The answers, as typed.
    pub document: &'a Document,
    /// Its language.
    pub words: &'a dyn Words,
    /// The fields with their choices in this language.
    pub schema: &'a Schema,
}

/// What became of all answers.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The proposal with what was taken.
    pub document: Document,
    /// Each answer, in the order in which they were taken.
    pub replies: Vec<Taken>,
    /// The corrections that were accepted.
    pub accepted: Vec<Accepted>,
    /// Files, by their name, that were written for a proposal that has changed since.
    pub changed_since: Vec<String>,
    /// What moved.
    pub moved: Difference,
}

/// What became of one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Who answered: the partner, or the kind of respondent.
    pub by: String,
    /// The fact, as it is written in the answers.
    pub at: String,
    /// The field, with `[]` for elements of lists.
    pub field: String,
    /// The question.
    pub question: String,
    /// What the element of a list is called that it belongs to; empty where there is none.
    pub about: String,
    /// What the proposal said.
    pub before: Option<Value>,
    /// What was answered; none for a confirmation, or where nothing was.
    pub answer: Option<Value>,
    /// What became of it.
    pub outcome: Outcome,
    /// What the respondent wrote beside it.
    pub comment: String,
}

/// A correction that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The fact.
    pub path: Pointer,
    /// What it was.
    pub was: Value,
    /// What it is.
    pub is: Value,
    /// The partners who say so.
    pub by: Vec<String>,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The partner stands behind what the proposal says.
    Confirmed,
    /// It was open, and is known now.
    Answered,
    /// The partner says otherwise, and both answers stand.
    Contested,
    /// The partner says otherwise, and it was accepted.
    Corrected,
    /// The respondent does not know. Nothing changes.
    NotKnown,
    /// The proposal says something else now than what was asked about. Nothing changes.
    Changed,
}

impl Outcome {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Confirmed,
        Self::Answered,
        Self::Contested,
        Self::Corrected,
        Self::NotKnown,
        Self::Changed,
    ];

    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Answered => "answered",
            Self::Contested => "contested",
            Self::Corrected => "corrected",
            Self::NotKnown => "not_known",
            Self::Changed => "changed_since",
        }
    }
}

/// Which corrections are accepted.
#[derive(Debug, Clone, Copy)]
pub enum Accept<'a> {
    /// These, as paths are written.
    Paths(&'a [String]),
    /// All.
    All,
}

/// Problems by the place of the file of answers; those of the proposal and of what is accepted stand under none.
pub type Wrong = Vec<(Option<usize>, Vec<Problem>)>;

/// Takes answers into a proposal that was judged; everything that is wrong with any of them, and then nothing is taken.
pub fn merge(
    judge: &dyn Judge,
    proposal: &Document,
    card: &Scorecard,
    files: &[File<'_>],
    accept: Accept<'_>,
    words: &dyn Words,
) -> Result<Merged, Wrong> {
    let answers = read::all(judge, proposal, files)?;
    let mut merger = Merger {
        judge,
        proposal,
        value: proposal.value().clone(),
        statements: Statements::of(proposal.value()),
        sets: Vec::new(),
        replies: Vec::new(),
        origins: BTreeMap::new(),
    };
    for own in &answers {
        merger.take(own, words);
    }
    let accepted = merger
        .accept(accept)
        .map_err(|problems| vec![(None, problems)])?;
    merger.written(card, &answers, accepted)
}

struct Merger<'a> {
    judge: &'a dyn Judge,
    proposal: &'a Document,
    /// The proposal with what was set so far.
    value: Value,
    statements: Statements,
    /// Values to set, in their order.
    sets: Vec<(Pointer, Value)>,
    replies: Vec<Taken>,
    /// Where an answer stands that a value came from: the file, and the place in it.
    origins: BTreeMap<Pointer, (usize, Pointer)>,
}

impl Merger<'_> {
    /// Takes the answers of one file.
    fn take(&mut self, answers: &Answers, words: &dyn Words) {
        let by = answers.partner.clone().unwrap_or_default();
        let how = match answers.name.as_str() {
            "" => words.word("questionnaire").to_owned(),
            name => words.say("questionnaire, answered by {name}", &[("name", name)]),
        };
        self.statements.begin(&by, answers.date.as_deref(), &how);
        for entry in &answers.entries {
            for (index, at) in entry.at.iter().enumerate() {
                self.take_one(answers, entry, index, at);
            }
        }
    }

    fn take_one(&mut self, answers: &Answers, entry: &Entry, index: usize, at: &str) {
        let answer = match &entry.reply {
            Reply::Nothing => return,
            Reply::NotKnown | Reply::Right => None,
            Reply::Says(values) => values.get(index).cloned(),
        };
        let schema = self.judge.schema();
        let path = resolve(schema, &self.value, at).filter(|path| {
            // An element without a key is known by what it is called.
            let by_place = path.dotted() == at;
            let about = about(schema, self.proposal.value(), path).filter(|_| by_place);
            let of = entry.of.get(index);
            of.is_none_or(|of| about.is_none_or(|about| *of == about))
        });
        let now = path
            .as_ref()
            .and_then(|path| said(path.of(&self.value)).cloned());
        let outcome = path.as_ref().map_or(Outcome::Changed, |path| {
            self.outcome(answers, entry, path, now.as_ref(), answer.as_ref())
        });
        if let Some(path) = path.as_ref().filter(|_| outcome != Outcome::Changed) {
            self.statements.comment(path, &entry.comment);
            self.origins
                .insert(path.clone(), (answers.file, entry.place.clone()));
        }
        let field = path.as_ref().map(|path| field_of(schema, path));
        let field = field.unwrap_or_default();
        let question = schema
            .find(&field)
            .map(|id| schema.field(id).question.clone());
        let by = answers.partner.as_ref().unwrap_or(&answers.respondent);
        self.replies.push(Taken {
            by: by.clone(),
            at: at.to_owned(),
            question: question.unwrap_or_default(),
            about: entry.of.get(index).cloned().unwrap_or_default(),
            field,
            before: now,
            answer,
            outcome,
            comment: entry.comment.clone(),
        });
    }

    /// What becomes of one answer, and does it.
    fn outcome(
        &mut self,
        answers: &Answers,
        entry: &Entry,
        path: &Pointer,
        now: Option<&Value>,
        answer: Option<&Value>,
    ) -> Outcome {
        if matches!(entry.reply, Reply::NotKnown) {
            return Outcome::NotKnown;
        }
        let same = |one: Option<&Value>, other: Option<&Value>| match (one, other) {
            (Some(one), Some(other)) => same_answer(one, other, false),
            (one, other) => one.is_none() && other.is_none(),
        };
        let was = said(path.of(self.proposal.value()));
        if !same(entry.says.as_ref(), was) && !same(answer, now) {
            return Outcome::Changed;
        }
        let is_partner = answers.partner.is_some();
        if answer.is_none() || same(answer, now) {
            self.statements.confirm(path);
            return Outcome::Confirmed;
        }
        let Some(answer) = answer else {
            return Outcome::NotKnown;
        };
        if now.is_none() {
            crate::change::set(&mut self.value, path, answer.clone());
            self.sets.push((path.clone(), answer.clone()));
            if is_partner {
                self.statements.confirm(path);
            }
            return Outcome::Answered;
        }
        self.statements.contest(path, answer);
        Outcome::Contested
    }

    /// Accepts corrections; every path that cannot be.
    fn accept(&mut self, accept: Accept<'_>) -> Result<Vec<Accepted>, Vec<Problem>> {
        let schema = self.judge.schema();
        let open = self.statements.contested(&self.value);
        let mut problems = Vec::new();
        let mut wanted: Vec<Pointer> = Vec::new();
        match accept {
            Accept::All => wanted.extend(open.keys().cloned()),
            Accept::Paths(paths) => {
                for text in paths {
                    match resolve(schema, &self.value, text).filter(|path| open.contains_key(path))
                    {
                        Some(path) => wanted.push(path),
                        None => problems.push(no_correction(text, &open)),
                    }
                }
            }
        }
        wanted.sort();
        wanted.dedup();
        let hosts = self.judge.hosts(self.proposal);
        let mut accepted = Vec::new();
        for path in wanted {
            let Some((is, by)) = open.get(&path).and_then(|all| one_answer(all)) else {
                let message = format!("`{}` is corrected in more than one way", path.dotted());
                problems.push(
                    Problem::error(message)
                        .expected("one answer")
                        .suggest("talk to those who gave them, and ask again"),
                );
                continue;
            };
            let was = path.of(&self.value).cloned().unwrap_or_default();
            self.statements.accept(&path, &was, &by, &hosts);
            crate::change::set(&mut self.value, &path, is.clone());
            self.sets.push((path.clone(), is.clone()));
            for reply in &mut self.replies {
                let own = resolve(schema, &self.value, &reply.at);
                if own.as_ref() == Some(&path) && reply.outcome == Outcome::Contested {
                    reply.outcome = Outcome::Corrected;
                }
            }
            accepted.push(Accepted { path, was, is, by });
        }
        if problems.is_empty() {
            Ok(accepted)
        } else {
            Err(problems)
        }
    }

    /// The proposal as it is written, judged again.
    fn written(
        self,
        card: &Scorecard,
        answers: &[Answers],
        accepted: Vec<Accepted>,
    ) -> Result<Merged, Wrong> {
        let sets = self.sets.iter().cloned();
        let mut changes: Vec<Change> = sets.map(|(path, to)| Change::Set(path, to)).collect();
        changes.extend(self.statements.changes());
        let document = self.proposal.edited(&changes).map_err(|error| {
            let problem = Problem::error(format!("the answers cannot be written: {error}"));
            let problem = problem.in_file(self.proposal.name());
            vec![(None, vec![problem.suggest("write them by hand")])]
        })?;
        let problems = self.judge.check(&document);
        if !problems.is_empty() {
            return Err(self.placed(answers, problems));
        }
        let after = self.judge.judge(&document);
        let wrong = after.problems.iter().filter(|problem| problem.is_error());
        let wrong: Vec<Problem> = wrong.cloned().collect();
        if !wrong.is_empty() {
            return Err(self.placed(answers, wrong));
        }
        let since = answers
            .iter()
            .filter(|own| !own.sha256.is_empty() && own.sha256 != card.proposal.sha256);
        Ok(Merged {
            changed_since: since.map(|own| own.document.name().to_owned()).collect(),
            document,
            replies: self.replies,
            accepted,
            moved: what_if::difference(card, &after),
        })
    }

    /// Problems of the merged proposal, at the answers that they come from.
    fn placed(&self, answers: &[Answers], problems: Vec<Problem>) -> Wrong {
        let mut wrong: BTreeMap<Option<usize>, Vec<Problem>> = BTreeMap::new();
        for problem in problems {
            let path = problem.path.clone().unwrap_or_default();
            let known = self.origins.iter().find(|(own, _)| own.contains(&path));
            let date = self.statements.begun_at(&path);
            let dated = date.and_then(|index| answers.get(index));
            let (file, place) = match (known, dated) {
                (Some((_, (file, place))), _) => (Some(*file), place.clone()),
                (None, Some(own)) => (Some(own.file), read::date_at()),
                (None, None) => (None, path),
            };
            let own = file.and_then(|file| answers.iter().find(|own| own.file == file));
            let placed = match own {
                Some(own) => own.document.problem_at(&place, problem.unplaced()),
                None => problem,
            };
            wrong.entry(file).or_default().push(placed);
        }
        wrong.into_iter().collect()
    }
}

/// The one answer that all who contest a fact give, and who they are; none where they differ.
fn one_answer(all: &[(String, Value)]) -> Option<(Value, Vec<String>)> {
    let (_, first) = all.first()?;
    let alike = all
        .iter()
        .all(|(_, other)| same_answer(first, other, false));
    alike.then(|| {
        (
            first.clone(),
            all.iter().map(|(by, _)| by.clone()).collect(),
        )
    })
}

fn no_correction(text: &str, open: &BTreeMap<Pointer, Vec<(String, Value)>>) -> Problem {
    let problem = Problem::error(format!("nobody corrects `{text}`"));
    let known: Vec<String> = open.keys().map(Pointer::dotted).collect();
    if known.is_empty() {
        return problem.expected("a fact that somebody corrects; here nobody corrects any");
    }
    let listed: Vec<String> = known.iter().map(|one| format!("`{one}`")).collect();
    problem
        .expected(format!("one of {}", listed.join(", ")))
        .suggest_maybe(did_you_mean(text, known.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests;
