//! Conditions: what a program has to do, what shows whether it has done it, and how that stands.

use crate::change;
use crate::since::Snapshot;
use crate::what_if::{Moved, State};
use evenhand_core::date::Date;
use evenhand_core::document::Document;
use evenhand_core::finding::Outcome;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::schema::{Kind, Schema, validate};
use serde_json::{Map, Value};

/// Something that the program has to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Its number, from 1.
    pub number: u64,
    /// What.
    pub text: String,
    /// The rule that shows whether it is met, where there is one.
    pub rule: Option<String>,
    /// The answer that shows whether it is met, where there is one.
    pub wanted: Option<Wanted>,
    /// Until when.
    pub due: Option<Date>,
}

/// An answer, and what it has to be: one value, or a number within limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Where the answer stands; the step `-` means each element of a list.
    pub path: Pointer,
    /// The value that it has to be.
    pub value: Option<Value>,
    /// The least that it may be.
    pub at_least: Option<f64>,
    /// The most that it may be.
    pub at_most: Option<f64>,
}

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its rule is met or does not apply any more, or its answer is what it has to be.
    Met,
    /// It is not met, or nobody knows.
    Open,
    /// It is not met, and further from it than it was.
    Worse,
    /// Nothing shows it: people look.
    ForPeople,
}

impl Standing {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Open => "open",
            Self::Worse => "worse",
            Self::ForPeople => "for_people",
        }
    }
}

/// What a condition is held against: what the rules found, and the proposal.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// What the rules found.
    pub snapshot: &'a Snapshot,
    /// The proposal.
    pub proposal: &'a Value,
}

impl Condition {
    /// How it stands now, and whether that is worse than it was before. A waived rule is not met; of a rule that is not asked
    /// any more, only people can say.
    pub fn standing(&self, now: View<'_>, before: Option<View<'_>>) -> Standing {
        let (met, worse) = match (&self.rule, &self.wanted) {
            (Some(rule), _) => {
                let Some(is) = now.snapshot.finding(rule) else {
                    return Standing::ForPeople;
                };
                let was = before.and_then(|view| view.snapshot.finding(rule));
                let met = is_met(is.state) && !is.waived;
                let lost = was.is_some_and(|was| is_met(was.state) && !is_met(is.state));
                (met, lost || is_less(was.map(|was| was.state), is.state))
            }
            (None, Some(wanted)) => {
                let is = wanted.shortfall(now.proposal);
                let was = before.and_then(|view| wanted.shortfall(view.proposal));
                let lost = was == Some(0.0) && is != Some(0.0);
                let further = was.zip(is).is_some_and(|(was, is)| is > was);
                (is == Some(0.0), lost || further)
            }
            (None, None) => return Standing::ForPeople,
        };
        match (met, worse) {
            (true, _) => Standing::Met,
            (false, true) => Standing::Worse,
            (false, false) => Standing::Open,
        }
    }

    /// Whether the day until which it has to be met is over.
    pub fn overdue(&self, standing: Standing, today: Option<Date>) -> bool {
        standing != Standing::Met && self.due.zip(today).is_some_and(|(due, today)| today > due)
    }
}

/// What does not apply asks nothing.
fn is_met(state: State) -> bool {
    matches!(state.outcome, Outcome::Met | Outcome::NotApplicable)
}

fn is_less(was: Option<State>, is: State) -> bool {
    let moved = Moved {
        rule: String::new(),
        title: String::new(),
        before: was,
        after: Some(is),
    };
    was != Some(is) && moved.better() == Some(false)
}

impl Wanted {
    /// The answers it is about, in a proposal; nothing where there are none.
    pub fn answers<'v>(&self, proposal: &'v Value) -> Vec<(Pointer, Option<&'v Value>)> {
        let places = change::resolve(proposal, &self.path).unwrap_or_default();
        let found = places.into_iter().map(|at| {
            let value = at.of(proposal).filter(|value| !value.is_null());
            (at, value)
        });
        found.collect()
    }

    /// How far the worst answer is from what it has to be, 0 where all are; nothing where one is not known. A value that is
    /// another one is 1 away.
    fn shortfall(&self, proposal: &Value) -> Option<f64> {
        let answers = self.answers(proposal);
        let each = answers.iter().map(|(_, value)| self.of_one((*value)?));
        let all = each.collect::<Option<Vec<f64>>>()?;
        (!all.is_empty()).then(|| all.into_iter().fold(0.0, f64::max))
    }

    fn of_one(&self, answer: &Value) -> Option<f64> {
        if let Some(value) = &self.value {
            return Some(if crate::since::is_same(value, answer) {
                0.0
            } else {
                1.0
            });
        }
        let number = answer.as_f64()?;
        let under = self.at_least.map_or(0.0, |least| least - number);
        let over = self.at_most.map_or(0.0, |most| number - most);
        Some(under.max(over).max(0.0))
    }

    /// What is wrong with it for proposals of a schema: the key of the condition, and the problem.
    pub(super) fn check(
        &self,
        schema: &Schema,
        proposal: &Document,
    ) -> Vec<(&'static str, Problem)> {
        let dotted = self.path.dotted();
        let is_derived = self
            .path
            .steps()
            .next()
            .is_some_and(|step| step == "derived");
        let Some(id) = schema.find(&dotted).filter(|_| !is_derived) else {
            let fields = schema.walk().into_iter().map(|id| schema.field(id));
            let known: Vec<&str> = fields
                .map(|field| field.path.as_str())
                .filter(|path| !path.is_empty() && !path.starts_with("derived"))
                .collect();
            let problem = Problem::error(format!("`{dotted}` is not a field of the proposal"));
            return vec![("path", problem.suggest_maybe(did_you_mean(&dotted, known)))];
        };
        let field = schema.field(id);
        let is_number = matches!(field.kind, Kind::Number | Kind::Integer);
        let mut found = Vec::new();
        for (key, limit) in [("at_least", self.at_least), ("at_most", self.at_most)] {
            if limit.is_some() && !is_number {
                let problem = Problem::error(format!("`{dotted}` is no number"));
                found.push((key, problem.expected("`value`")));
            }
        }
        if let Some(value) = &self.value {
            found.extend(
                self.unfit(value, schema, proposal)
                    .map(|problem| ("value", problem)),
            );
        }
        found
    }

    /// Why the value cannot be the answer: what the schema says of the proposal with it.
    fn unfit(&self, value: &Value, schema: &Schema, proposal: &Document) -> Option<Problem> {
        let mut answers = proposal.value().clone();
        let mut place = Pointer::root();
        for step in self.path.steps() {
            place = if step == "-" {
                place.index(0)
            } else {
                place.key(&step)
            };
        }
        if !answers.is_object() {
            answers = Value::Object(Map::new());
        }
        change::set(&mut answers, &place, value.clone());
        if place.of(&answers) != Some(value) {
            return None;
        }
        let found = validate(schema, &Document::from_value("", answers));
        let here = found.into_iter().find(|problem| {
            problem
                .path
                .as_ref()
                .is_some_and(|path| place.contains(path))
        })?;
        // Advice for a proposal, such as to leave an answer out, is none for a condition.
        let meant = |advice: &evenhand_core::problem::Phrase| {
            advice.to_string().starts_with("did you mean")
        };
        Some(Problem {
            suggestion: here.suggestion.clone().filter(meant),
            file: None,
            place: None,
            span: None,
            path: None,
            fix: None,
            ..here
        })
    }
}
