//! What has changed since a record: on a terminal, as JSON, and as a document.

mod paper;
mod text;

use crate::differences::{state, state_words};
use crate::obligations;
use crate::paper::FORMATS;
use crate::text::value_words;
use evenhand_analysis::decision::{Condition, Decided, Standing};
use evenhand_analysis::since::{
    Answer, Basis, Cause, DimensionMoved, DimensionState, FindingMoved, Followed, Since,
};
use evenhand_core::score::Level;
use evenhand_core::scorecard::Scorecard;
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};

pub use text::render;

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// What has changed, with what is needed to say it.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What has changed.
    pub since: &'a Since,
    /// The scorecard of today.
    pub card: &'a Scorecard,
    /// The record's file.
    pub record: &'a str,
    /// The recorded proposal's file.
    pub proposal: &'a str,
    /// What could not be compared, in sentences.
    pub notes: &'a [String],
    /// The language of the report.
    pub words: &'a dyn Words,
}

/// The formats besides text for the terminal.
pub fn formats() -> Vec<&'static str> {
    let papers = FORMATS.iter().map(|format| format.name);
    std::iter::once("json").chain(papers).collect()
}

/// Writes it in one of the formats, by its name; nothing where there is none of that name.
pub fn written(report: &Report<'_>, format: &str) -> Option<Vec<u8>> {
    if format == "json" {
        return Some(render_json(report).into_bytes());
    }
    let format = FORMATS.iter().find(|own| own.name == format)?;
    Some((format.write)(&paper::paper(report), report.words))
}

/// That a record could not be judged again, and what follows.
pub fn not_judged_again(problem: &str, words: &dyn Words) -> String {
    words.say(
        "The record cannot be judged again here, so the causes are not told apart in full: {problem}",
        &[("problem", problem)],
    )
}

/// The word for how a condition stands.
pub(crate) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "met",
        Standing::Open => "open",
        Standing::Worse => "worse than it was",
        Standing::ForPeople => "a person has to say",
    }
}

/// The words for what a board decided.
pub(crate) fn decided(outcome: Decided) -> &'static str {
    match outcome {
        Decided::Approved => "approved",
        Decided::ApprovedWithConditions => "approved with conditions",
        Decided::Deferred => "deferred",
        Decided::Declined => "declined",
    }
}

/// What shows whether a condition is met, as it is typed: a rule, or an answer with what it has to be.
pub(crate) fn shown_by(condition: &Condition) -> Option<String> {
    if let Some(rule) = &condition.rule {
        return Some(rule.clone());
    }
    let wanted = condition.wanted.as_ref()?;
    let number = evenhand_diagnostic::text::number;
    let mut shown = wanted.path.dotted();
    if let Some(value) = &wanted.value {
        shown.push_str(&format!(" = {}", value_words(value)));
    }
    shown.push_str(&match (wanted.at_least, wanted.at_most) {
        (Some(least), Some(most)) => format!(" {}–{}", number(least), number(most)),
        (Some(least), None) => format!(" ≥ {}", number(least)),
        (None, Some(most)) => format!(" ≤ {}", number(most)),
        (None, None) => String::new(),
    });
    Some(shown)
}

/// A cause in words.
fn cause(cause: Cause, words: &dyn Words) -> String {
    let english = match cause {
        Cause::Program => words.word("the program"),
        Cause::Plugins => words.word("a plugin"),
        Cause::Rules => words.word("the rules"),
        Cause::Settings => words.word("the settings"),
        Cause::Day => words.word("the day"),
        Cause::Answers => words.word("the answers"),
    };
    english.to_owned()
}

fn causes(causes: &[Cause], words: &dyn Words) -> String {
    let list: Vec<String> = causes.iter().map(|one| cause(*one, words)).collect();
    list.join(", ")
}

/// Before and after, with an arrow; once where both are the same.
fn arrow(before: &str, after: &str) -> String {
    if before == after {
        after.to_owned()
    } else {
        format!("{before} → {after}")
    }
}

impl Report<'_> {
    /// The day that the comparison begins at.
    fn title(&self) -> String {
        let title = &self.card.proposal.title;
        match self.since.recorded_on {
            Some(date) => self.words.say(
                "Since the record of {date}: {title}",
                &[("date", &date.to_string()), ("title", title)],
            ),
            None => self
                .words
                .say("Since the record: {title}", &[("title", title)]),
        }
    }

    /// That nothing changed, in a line.
    fn renewal(&self) -> String {
        let word = obligations::verdict(self.card, self.since.verdict.1, self.words);
        let mut line = match self.since.recorded_on {
            Some(date) => self.words.say(
                "Nothing has changed since the record of {date}: the same answers, rules and settings, and the verdict is still “{word}”.",
                &[("date", &date.to_string()), ("word", word)],
            ),
            None => self.words.say(
                "Nothing has changed since the record: the same answers, rules and settings, and the verdict is still “{word}”.",
                &[("word", word)],
            ),
        };
        if !self.since.conditions.is_empty() {
            let count = |standing| self.since.count(standing).to_string();
            line.push(' ');
            line.push_str(&self.words.say(
                "Conditions met: {met}; open: {open}; worse: {worse}; for a person to say: {people}.",
                &[
                    ("met", &count(Standing::Met)),
                    ("open", &count(Standing::Open)),
                    ("worse", &count(Standing::Worse)),
                    ("people", &count(Standing::ForPeople)),
                ],
            ));
        }
        line
    }

    /// What was decided, or that nobody knows.
    fn decision(&self) -> String {
        let Some(decision) = &self.since.decision else {
            let none = "No decision is known: none stands beside the record, and none was named with --decision.";
            return self.words.word(none).to_owned();
        };
        let outcome = self.words.word(decided(decision.outcome)).to_owned();
        self.words.say(
            "Decided on {date}: {outcome}.",
            &[("date", &decision.date.to_string()), ("outcome", &outcome)],
        )
    }

    /// The verdict, before and after.
    fn verdict(&self) -> String {
        let word = |word| obligations::headline(word, &self.card.names, self.words);
        let (before, after) = self.since.verdict;
        let word = arrow(&word(before), &word(after));
        self.words.say("Verdict: {word}", &[("word", &word)])
    }

    /// Whether the board shows no numbers of a dimension.
    fn hides_numbers(&self, id: &str) -> bool {
        let scores = &self.card.dimensions;
        scores
            .iter()
            .any(|score| score.id == id && score.no_numbers)
    }

    /// Points with the level behind them.
    fn points(&self, state: Option<&DimensionState>) -> String {
        let Some((state, low, high)) =
            state.and_then(|state| Some((state, state.low?, state.high?)))
        else {
            return "–".to_owned();
        };
        let points = if low == high {
            low.to_string()
        } else {
            format!("{low}–{high}")
        };
        let hidden = self.hides_numbers(&state.id);
        let word = |level: Level| obligations::level(self.card, &level, self.words).to_owned();
        let level = match (state.level_low, state.level_high) {
            (Some(low), Some(high)) if low == high => word(low),
            (Some(low), Some(high)) => {
                let ends = if self.card.names.best_first {
                    (word(high), word(low))
                } else {
                    (word(low), word(high))
                };
                self.words
                    .say("{low} to {high}", &[("low", &ends.0), ("high", &ends.1)])
            }
            _ if hidden => return "–".to_owned(),
            _ => return points,
        };
        if hidden {
            return level;
        }
        format!("{points} ({level})")
    }

    /// What a rule found before and after; waived where a waiver is in force.
    fn states(&self, found: &FindingMoved) -> (String, String) {
        let words = |state, waived: bool| {
            let outcome = state_words(state, self.words);
            if waived {
                self.words
                    .say("waived ({outcome})", &[("outcome", &outcome)])
            } else {
                outcome
            }
        };
        (
            words(found.moved.before, found.waived.0),
            words(found.moved.after, found.waived.1),
        )
    }

    fn value(&self, value: Option<&Value>) -> String {
        match value {
            None | Some(Value::Null) => self.words.word("not known").to_owned(),
            Some(Value::Bool(true)) => self.words.word("yes").to_owned(),
            Some(Value::Bool(false)) => self.words.word("no").to_owned(),
            Some(value) => value_words(value),
        }
    }

    /// Where an answer stands.
    fn place(&self, answer: &Answer) -> String {
        let Some(place) = answer.place else {
            return String::new();
        };
        let line = place.line.to_string();
        if answer.is.is_some() {
            return format!("{}:{line}", self.card.proposal.file);
        }
        self.words
            .say("was in line {line} of the record", &[("line", &line)])
    }

    /// What shows how a condition stands, before and after.
    fn basis(&self, followed: &Followed) -> Option<String> {
        let shown = shown_by(&followed.condition)?;
        let (before, after) = match &followed.basis {
            Basis::Rule(before, after) => (
                state_words(*before, self.words),
                state_words(*after, self.words),
            ),
            Basis::Answers(before, after) => {
                let list = |values: &[Value]| match values {
                    [] => self.value(None),
                    values => {
                        let values = values.iter().map(|value| self.value(Some(value)));
                        values.collect::<Vec<_>>().join(", ")
                    }
                };
                (list(before), list(after))
            }
            Basis::People => return None,
        };
        Some(format!("{shown}: {}", arrow(&before, &after)))
    }

    /// Until when a condition has to be met, or since when it should have been.
    fn due(&self, followed: &Followed) -> Option<String> {
        let date = followed.condition.due?.to_string();
        Some(if followed.overdue {
            self.words.say("overdue since {date}", &[("date", &date)])
        } else {
            self.words.say("until {date}", &[("date", &date)])
        })
    }

    /// The findings that got better, worse or neither, each with its heading.
    fn sides(&self) -> Vec<(&'static str, Vec<&FindingMoved>)> {
        let sides = [
            ("Worse", Some(false)),
            ("Better", Some(true)),
            ("Otherwise", None),
        ];
        let all = sides.into_iter().map(|(heading, better)| {
            let found = self.since.findings.iter();
            (
                heading,
                found.filter(|one| one.better() == better).collect(),
            )
        });
        all.filter(|(_, found): &(_, Vec<_>)| !found.is_empty())
            .collect()
    }
}

/// The same as JSON.
pub fn render_json(report: &Report<'_>) -> String {
    let since = report.since;
    let dimensions: Vec<Value> = since
        .dimensions
        .iter()
        .map(|moved| dimension(moved, report.card))
        .collect();
    let findings: Vec<Value> = since.findings.iter().map(finding).collect();
    let answers: Vec<Value> = since
        .answers
        .iter()
        .map(|one| {
            json!({
                "path": one.path.as_str(),
                "before": one.was,
                "after": one.is,
                "line": one.place.map(|place| place.line),
                "column": one.place.map(|place| place.column),
            })
        })
        .collect();
    let inputs: Vec<Value> = since
        .inputs
        .iter()
        .map(|one| json!({ "cause": one.cause.word(), "what": one.words }))
        .collect();
    let proposal = &report.card.proposal;
    let text = pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "renewal": since.is_renewal(),
        "proposal": { "id": proposal.id, "title": proposal.title, "file": proposal.file },
        "record": { "file": report.record, "date": since.recorded_on.map(|date| date.to_string()) },
        "decision": since.decision.as_ref().map(|one| {
            json!({
                "outcome": one.outcome.word(),
                "date": one.date.to_string(),
                "review": one.review.map(|date| date.to_string()),
            })
        }),
        "conditions": since.conditions.iter().map(condition).collect::<Vec<_>>(),
        "verdict": {
            "before": since.verdict.0.word(),
            "after": since.verdict.1.word(),
            "causes": codes(&since.verdict_causes),
            "reason": report.card.verdict.reason,
        },
        "dimensions": dimensions,
        "answers": answers,
        "findings": findings,
        "inputs": inputs,
        "notes": report.notes,
    }));
    evenhand_diagnostic::text::visible_json(&text)
}

/// Causes as their words in JSON.
fn codes(causes: &[Cause]) -> Vec<&'static str> {
    causes.iter().map(|one| one.word()).collect()
}

fn dimension(moved: &DimensionMoved, card: &Scorecard) -> Value {
    let mut scores = card.dimensions.iter();
    let hidden = scores.any(|score| score.id == moved.id() && score.no_numbers);
    let side = |one: &Option<DimensionState>| {
        one.as_ref().map(|one| {
            json!({
                "low": one.low.filter(|_| !hidden),
                "high": one.high.filter(|_| !hidden),
                "level_low": one.level_low.as_ref().map(Level::word),
                "level_high": one.level_high.as_ref().map(Level::word),
            })
        })
    };
    json!({
        "id": moved.id(),
        "before": side(&moved.before),
        "after": side(&moved.after),
        "causes": codes(&moved.causes),
    })
}

fn finding(found: &FindingMoved) -> Value {
    json!({
        "rule": found.moved.rule,
        "title": found.moved.title,
        "better": found.better(),
        "before": found.moved.before.map(state),
        "after": found.moved.after.map(state),
        "waived_before": found.waived.0,
        "waived_after": found.waived.1,
        "message": found.message,
        "causes": codes(&found.causes),
    })
}

fn condition(followed: &Followed) -> Value {
    let condition = &followed.condition;
    let (before, after) = match &followed.basis {
        Basis::Rule(before, after) => (json!(before.map(state)), json!(after.map(state))),
        Basis::Answers(before, after) => (json!(before), json!(after)),
        Basis::People => (Value::Null, Value::Null),
    };
    json!({
        "number": condition.number,
        "text": condition.text,
        "rule": condition.rule,
        "path": condition.wanted.as_ref().map(|wanted| wanted.path.as_str()),
        "due": condition.due.map(|due| due.to_string()),
        "standing": followed.standing.word(),
        "overdue": followed.overdue,
        "before": before,
        "after": after,
    })
}
