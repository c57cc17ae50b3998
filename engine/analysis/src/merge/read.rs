//! A file of answers, read: who answers, and what to each question.

use super::{File, Wrong};
use crate::Judge;
use crate::answer;
use crate::ask::{attesters, resolve};
use crate::perspectives::{said, same_answer};
use evenhand_core::date::Date;
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What one respondent answered.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The file's place among those that were handed over.
    pub(super) file: usize,
    /// As typed.
    pub(super) document: Document,
    /// The proposal's SHA-256 when the questions were written.
    pub sha256: String,
    /// Who was asked.
    pub respondent: String,
    /// The partner in whose name they answer.
    pub partner: Option<String>,
    /// Their name; empty where they gave none.
    pub name: String,
    /// The day, as written.
    pub date: Option<String>,
    /// What they answered.
    pub entries: Vec<Entry>,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The facts it is about, as they are written.
    pub at: Vec<String>,
    /// What the elements are called that they belong to, in the same order; empty where the question does not say.
    pub of: Vec<String>,
    /// What the proposal said.
    pub says: Option<Value>,
    /// The answer.
    pub reply: Reply,
    /// What was written beside it.
    pub comment: String,
    /// Where it stands in the file.
    pub(super) place: Pointer,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The question was left empty.
    Nothing,
    /// The respondent does not know.
    NotKnown,
    /// What the proposal says is right.
    Right,
    /// What is so, for each fact.
    Says(Vec<Value>),
}

/// What may stand in the head, and in a question.
const HEAD: [&str; 7] = [
    "proposal",
    "sha256",
    "respondent",
    "partner",
    "language",
    "name",
    "date",
];
const QUESTION: [&str; 6] = ["fact", "of", "says", "answer", "instead", "comment"];

/// Where the day of the answers stands.
pub(super) fn date_at() -> Pointer {
    Pointer::root().key("questionnaire").key("date")
}

/// All files, in the order in which they are taken; everything that is wrong with any of them.
pub(super) fn all(
    judge: &dyn Judge,
    proposal: &Document,
    files: &[File<'_>],
) -> Result<Vec<Answers>, Wrong> {
    let mut wrong: Wrong = Vec::new();
    let mut found = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let mut reader = Reader {
            judge,
            proposal,
            file: *file,
            problems: Vec::new(),
        };
        let answers = reader.answers(index);
        if reader.problems.is_empty() {
            found.extend(answers);
        } else {
            wrong.push((Some(index), reader.problems));
        }
    }
    found.sort_by(|one: &Answers, other| {
        let order = |own: &Answers| {
            (
                own.date.clone(),
                own.partner.clone(),
                own.name.clone(),
                own.document.source().text().to_owned(),
            )
        };
        order(one).cmp(&order(other))
    });
    // The same answers handed over twice are the same answers.
    found.dedup_by(|one, other| one.document.source().text() == other.document.source().text());
    if wrong.is_empty() {
        wrong = twice(&found);
    }
    if wrong.is_empty() {
        Ok(found)
    } else {
        Err(wrong)
    }
}

/// Two answers of one partner to one question on one day, of which nobody knows which holds.
fn twice(all: &[Answers]) -> Wrong {
    let mut seen: BTreeMap<(&str, &str, &str), (&Answers, &Entry)> = BTreeMap::new();
    let mut wrong: Wrong = Vec::new();
    for own in all {
        let Some(partner) = &own.partner else {
            continue;
        };
        for entry in own
            .entries
            .iter()
            .filter(|entry| entry.reply != Reply::Nothing)
        {
            for at in &entry.at {
                let key = (
                    partner.as_str(),
                    own.date.as_deref().unwrap_or_default(),
                    at.as_str(),
                );
                let known = *seen.entry(key).or_insert((own, entry));
                if known.1.reply != entry.reply {
                    let message = format!(
                        "`{partner}` answers this otherwise in `{}`, on the same day",
                        known.0.document.name()
                    );
                    let problem = Problem::error(message)
                        .expected("one answer of a partner on a day")
                        .suggest("ask which of the two holds, and leave the other empty");
                    let problem = own.document.problem_at(&entry.place.key("answer"), problem);
                    wrong.push((Some(own.file), vec![problem]));
                }
            }
        }
    }
    wrong
}

struct Reader<'a> {
    judge: &'a dyn Judge,
    proposal: &'a Document,
    file: File<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn answers(&mut self, index: usize) -> Option<Answers> {
        let root = Pointer::root();
        self.known(&root, &["questionnaire", "questions"]);
        let head = root.key("questionnaire");
        if self.value(&head).and_then(Value::as_object).is_none() {
            let problem = Problem::error("this is not a file of answers")
                .expected("`questionnaire` and `questions`, as `evenhand ask` writes them");
            self.report(&head, problem);
            return None;
        }
        self.known(&head, &HEAD);
        let id = self
            .proposal
            .value()
            .pointer("/program/id")
            .and_then(Value::as_str);
        let id = id.unwrap_or_default();
        let proposal = self.text(&head.key("proposal")).unwrap_or_default();
        if proposal != id {
            let message =
                format!("the answers are about `{proposal}`, and this proposal is `{id}`");
            self.report(&head.key("proposal"), Problem::error(message));
        }
        let respondent = self.text(&head.key("respondent")).unwrap_or_default();
        let partner = self.partner(&head.key("partner"));
        let date = self.date();
        let name = self.text(&head.key("name")).unwrap_or_default();
        let list = root.key("questions");
        let count = self.value(&list).and_then(Value::as_array).map(Vec::len);
        if count.is_none() {
            let problem = Problem::error("there are no questions");
            self.report(
                &list,
                problem.expected("a list, as `evenhand ask` writes it"),
            );
        }
        let count = count.unwrap_or_default();
        let mut entries = Vec::new();
        for index in 0..count {
            entries.extend(self.entry(list.index(index), partner.is_some()));
        }
        let answered = entries
            .iter()
            .any(|entry| !matches!(entry.reply, Reply::Nothing | Reply::NotKnown));
        if answered && date.is_none() && partner.is_some() {
            let problem = Problem::error("the day of the answers is missing");
            self.report(&date_at(), problem.expected("a date such as 2026-05-01"));
        }
        Some(Answers {
            file: index,
            document: self.file.document.clone(),
            sha256: self.text(&head.key("sha256")).unwrap_or_default(),
            respondent,
            partner,
            name,
            date,
            entries,
        })
    }

    fn partner(&mut self, at: &Pointer) -> Option<String> {
        let partner = self.text(at).filter(|partner| !partner.is_empty())?;
        let all = attesters(self.judge.schema(), self.proposal.value());
        if all.iter().any(|(key, ..)| *key == partner) {
            return Some(partner);
        }
        let keys: Vec<&str> = all.iter().map(|(key, ..)| key.as_str()).collect();
        let listed: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        let problem = Problem::error(format!("`{partner}` is no partner of this program"))
            .expected(format!("one of {}", listed.join(", ")))
            .suggest_maybe(did_you_mean(&partner, keys));
        self.report(at, problem);
        None
    }

    fn date(&mut self) -> Option<String> {
        let at = date_at();
        let text = self.text(&at).filter(|text| !text.is_empty())?;
        if let Some(date) = Date::read(&text) {
            return Some(date.to_string());
        }
        let advice = Date::meant(&text).map(|date| format!("did you mean {date}?"));
        let problem = Problem::error(format!("`{text}` is not a date"))
            .expected("year, month and day, such as 2026-05-01")
            .suggest_maybe(advice);
        self.report(&at, problem);
        None
    }

    fn entry(&mut self, place: Pointer, is_partner: bool) -> Option<Entry> {
        if self.value(&place).and_then(Value::as_object).is_none() {
            let problem = Problem::error("this is not a question");
            self.report(
                &place,
                problem.expected("`fact` and `answer`, as `evenhand ask` writes them"),
            );
            return None;
        }
        self.known(&place, &QUESTION);
        let at = self.texts(&place.key("fact"));
        if at.is_empty() {
            let problem = Problem::error("it is not said which fact this is about");
            self.report(
                &place.key("fact"),
                problem.expected("the path of a fact, such as `host.need`"),
            );
            return None;
        }
        let says = self.value(&place.key("says")).cloned();
        let says = said(says.as_ref()).cloned();
        let reply = match &says {
            Some(says) => self.confirmed(&place, &at, says),
            None => self.answered(&place, &at),
        };
        if !is_partner && says.is_some() && !matches!(reply, Reply::Nothing | Reply::NotKnown) {
            let all = attesters(self.judge.schema(), self.proposal.value());
            let keys: Vec<String> = all.iter().map(|(key, ..)| format!("`{key}`")).collect();
            let head = Pointer::root().key("questionnaire").key("partner");
            let problem = Problem::error("it is not said for which partner this is answered")
                .expected(format!("one of {}", keys.join(", ")));
            if !self
                .problems
                .iter()
                .any(|known| known.message == problem.message)
            {
                self.report(&head, problem);
            }
        }
        Some(Entry {
            of: self.texts(&place.key("of")),
            comment: self.text(&place.key("comment")).unwrap_or_default(),
            at,
            says,
            reply,
            place,
        })
    }

    /// The answer to what the planners say: right, not so with what is so, or not known.
    fn confirmed(&mut self, place: &Pointer, at: &[String], says: &Value) -> Reply {
        let (answer, instead) = (place.key("answer"), place.key("instead"));
        let other = self.value(&instead).cloned();
        let other = other.filter(|value| !is_blank(value));
        let typed = self.value(&answer).cloned();
        let typed = typed.filter(|value| !is_blank(value));
        let word = typed.as_ref().map(|value| self.word(value));
        match (word, other) {
            (None, None) => Reply::Nothing,
            (Some(Some(Word::NotKnown)), None) => Reply::NotKnown,
            (Some(Some(Word::Right)), None) => Reply::Right,
            (Some(Some(Word::NotSo)) | None, Some(other)) => {
                let values = self.values(&instead, at, &other);
                match values {
                    Some(values) if values.iter().all(|one| same_answer(one, says, false)) => {
                        let problem = Problem::error("this is what the planners say already");
                        let right = self.said("right");
                        self.report(
                            &instead,
                            problem.expected(format!("another value, or `{right}` as the answer")),
                        );
                        Reply::Nothing
                    }
                    Some(values) => Reply::Says(values),
                    None => Reply::Nothing,
                }
            }
            (Some(Some(Word::NotSo)), None) => {
                let problem = Problem::error("it is not said what is so");
                self.report(
                    &instead,
                    problem.expected("the right value after `instead:`"),
                );
                Reply::Nothing
            }
            (Some(Some(_)), Some(_)) => {
                let (right, not_so) = (self.said("right"), self.said("not so"));
                let problem =
                    Problem::error("the answer and what stands after `instead` do not go together");
                self.report(
                    &answer,
                    problem.expected(format!(
                        "`{not_so}` with a value after `instead:`, or `{right}` without one"
                    )),
                );
                Reply::Nothing
            }
            (Some(None), _) => {
                let typed = typed.as_ref().map(shown).unwrap_or_default();
                let words =
                    ["right", "not so", "do not know"].map(|word| format!("`{}`", self.said(word)));
                let problem = Problem::error(format!("`{typed}` is no answer here"));
                self.report(&answer, problem.expected(words.join(", ")));
                Reply::Nothing
            }
        }
    }

    /// The answer to an open question.
    fn answered(&mut self, place: &Pointer, at: &[String]) -> Reply {
        let answer = place.key("answer");
        let Some(typed) = self
            .value(&answer)
            .filter(|value| !is_blank(value))
            .cloned()
        else {
            return Reply::Nothing;
        };
        if self.word(&typed) == Some(Word::NotKnown) {
            return Reply::NotKnown;
        }
        self.values(&answer, at, &typed)
            .map_or(Reply::Nothing, Reply::Says)
    }

    /// What was typed as a value of each fact; none, with every problem, where it does not fit.
    fn values(&mut self, place: &Pointer, at: &[String], typed: &Value) -> Option<Vec<Value>> {
        let schema = self.judge.schema();
        let value = self.proposal.value();
        let paths: Vec<Option<Pointer>> = at.iter().map(|at| resolve(schema, value, at)).collect();
        let each: Vec<Value> = match typed {
            Value::Array(items) if at.len() > 1 && items.len() == at.len() => items.clone(),
            other => vec![other.clone(); at.len()],
        };
        let mut values = Vec::new();
        let mut changes = Vec::new();
        for (path, typed) in paths.into_iter().zip(each) {
            let read = match (&path, typed) {
                (Some(path), Value::String(text)) => answer::read(self.file.schema, path, &text),
                (_, typed) => typed,
            };
            values.push(read.clone());
            // A fact that is not there any more is said when the answers are taken.
            changes.extend(path.map(|path| (path, read)));
        }
        let fresh = answer::place(self.judge, value, &changes)
            .err()
            .unwrap_or_default();
        // How a number would be written without a percent sign helps nobody who wrote one.
        let is_share = typed
            .as_str()
            .is_some_and(|text| text.trim_end().ends_with('%'));
        for problem in fresh.iter().cloned() {
            let bare = Problem {
                suggestion: problem.suggestion.clone().filter(|_| !is_share),
                place: None,
                span: None,
                fix: None,
                ..problem
            };
            self.report(place, bare);
        }
        fresh.is_empty().then_some(values)
    }

    /// One of the words that an answer can be, in the language of the file or in English.
    fn word(&self, typed: &Value) -> Option<Word> {
        let typed = fold(typed.as_str()?);
        let is = |english: &str| typed == fold(english) || typed == fold(&self.said(english));
        if is("right") || is("confirmed") {
            Some(Word::Right)
        } else if is("not so") || is("wrong") {
            Some(Word::NotSo)
        } else if is("do not know") || is("not known") {
            Some(Word::NotKnown)
        } else {
            None
        }
    }

    /// A word in the language of the file.
    fn said(&self, english: &str) -> String {
        self.file.words.word(english).to_owned()
    }

    fn value(&self, at: &Pointer) -> Option<&Value> {
        at.of(self.file.document.value())
    }

    /// A text; a number that somebody typed where a text belongs is one.
    fn text(&mut self, at: &Pointer) -> Option<String> {
        match self.value(at)? {
            Value::Null => None,
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => {
                let problem = Problem::error("this is no text");
                self.report(at, problem.expected("a text"));
                None
            }
        }
    }

    /// A text or a list of texts.
    fn texts(&mut self, at: &Pointer) -> Vec<String> {
        match self.value(at).cloned() {
            Some(Value::Array(items)) => {
                let each = (0..items.len()).filter_map(|index| self.text(&at.index(index)));
                each.collect()
            }
            Some(_) => self
                .text(at)
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect(),
            None => Vec::new(),
        }
    }

    /// Names that may not stand in a group.
    fn known(&mut self, at: &Pointer, names: &[&str]) {
        let own = self.value(at).and_then(Value::as_object).map(Map::keys);
        let other: Vec<String> = own
            .into_iter()
            .flatten()
            .filter(|name| !names.contains(&name.as_str()))
            .cloned()
            .collect();
        for name in other {
            let problem = Problem::error(format!("`{name}` does not belong here"))
                .expected(format!("one of `{}`", names.join("`, `")))
                .suggest_maybe(did_you_mean(&name, names.iter().copied()));
            let problem = self.file.document.problem_at_key(&at.key(&name), problem);
            self.problems.push(problem);
        }
    }

    fn report(&mut self, at: &Pointer, problem: Problem) {
        let problem = self.file.document.problem_at(at, problem);
        self.problems.push(problem);
    }
}

/// What an answer can be that is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Right,
    NotSo,
    NotKnown,
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// A word without what people type differently: case, blanks, apostrophes, a full stop.
fn fold(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    let text = text.replace(['’', '‘', '`'], "'").replace(['_', '-'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
