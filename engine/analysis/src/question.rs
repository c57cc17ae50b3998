//! What is open, as questions to people: merged, and in the order of what an answer narrows.

mod about;
mod order;

use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::pointer::Pointer;
use evenhand_core::rule::Severity;
use evenhand_core::schema::{Field, Range, Schema};
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) use about::element;
pub use about::{label, named};

/// What each path is about, where the paths lie in elements of a list.
pub(crate) fn about_paths(schema: &Schema, proposal: &Value, paths: &[Pointer]) -> Vec<String> {
    about::about(schema, proposal, paths)
}

/// One question: a fact that is missing, or the same fact of several partners or groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The field's dotted path with `[]` for list elements, such as `host.need` or `flows[].hands_on`; it does not
    /// change from run to run.
    pub id: String,
    /// The question in plain words.
    pub text: String,
    /// The facts it asks for: one, the same field of several list elements, or numbers that add up.
    pub paths: Vec<Pointer>,
    /// The range that is told of each path, in the order of the paths: it is asked for more exactly.
    pub told: Vec<Option<Range>>,
    /// What each path is about (a partner's name, who goes where), in the order of the paths; empty where there is
    /// one such fact only.
    pub about: Vec<String>,
    /// Whether one answer usually holds for all paths.
    pub alike: bool,
    /// Whether the paths are numbers that have to add up.
    pub adds_up: bool,
    /// What an answer may be, for a person.
    pub expects: String,
    /// Who can answer, by the pack's ids of respondents.
    pub respondents: Vec<String>,
    /// The findings that wait for it, those that matter most first.
    pub waiting: Vec<Waiting>,
    /// What the answer can change.
    pub decides: Decides,
}

/// A finding that waits for an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The rule's id.
    pub rule: String,
    /// The requirement in one line.
    pub title: String,
    /// The dimension it counts in.
    pub dimension: String,
    /// How much it matters.
    pub severity: Severity,
    /// The part of the dimension's range, in points of 100, that this question stands for: the width that the
    /// finding leaves open, shared equally by the questions it waits for.
    pub points: f64,
}

/// What an answer can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decides {
    /// A critical rule is open: the answer can stop the program, or clear the rule.
    Gate,
    /// A dimension may be on either side of the board's threshold.
    Threshold,
    /// The range of a dimension, not the verdict.
    Range,
}

impl Decides {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gate => "critical_rule",
            Self::Threshold => "threshold",
            Self::Range => "range",
        }
    }
}

impl Question {
    /// Points of all dimensions that wait for it.
    pub fn points(&self) -> f64 {
        self.waiting.iter().map(|waiting| waiting.points).sum()
    }

    /// How many values somebody has to think of: one where one usually holds for all, or where numbers add up.
    pub fn effort(&self) -> usize {
        if self.alike || self.adds_up {
            1
        } else {
            self.paths.len().max(1)
        }
    }

    /// Points of one dimension that wait for it.
    pub fn points_in(&self, dimension: &str) -> f64 {
        let own = self.waiting.iter();
        own.filter(|waiting| waiting.dimension == dimension)
            .map(|waiting| waiting.points)
            .sum()
    }
}

/// Everything that is open in a proposal, what decides the verdict first.
pub fn questions(card: &Scorecard, proposal: &Value, schema: &Schema) -> Vec<Question> {
    let mut drafts: BTreeMap<String, Question> = BTreeMap::new();
    for finding in card.findings.iter().filter(|finding| is_open(finding)) {
        let mut groups: BTreeMap<String, Vec<Pointer>> = BTreeMap::new();
        for path in finding.asked_for() {
            let (id, paths) = group(schema, proposal, path);
            groups.entry(id).or_default().extend(paths);
        }
        let total = weight_of(card, &finding.dimension);
        let width = finding.degree.high - finding.degree.low;
        let points = if total > 0.0 {
            100.0 * finding.weight * width / total
        } else {
            0.0
        };
        let count = f64::from(u32::try_from(groups.len()).unwrap_or(u32::MAX));
        for (id, paths) in groups {
            let draft = drafts
                .entry(id.clone())
                .or_insert_with(|| blank(id, schema));
            draft.paths.extend(paths);
            draft.waiting.push(Waiting {
                rule: finding.rule.clone(),
                title: finding.title.clone(),
                dimension: finding.dimension.clone(),
                severity: finding.severity,
                points: points / count,
            });
        }
    }
    let mut found: Vec<Question> = drafts.into_values().collect();
    for question in &mut found {
        if question.alike {
            let more = about::likes(schema, proposal, &question.paths);
            question.paths.extend(more);
        }
        question.paths.sort_by_cached_key(steps);
        question.paths.dedup();
        question.about = about::about(schema, proposal, &question.paths);
        let told = question.paths.iter();
        question.told = told.map(|path| schema.range_in(proposal, path)).collect();
        let rank = |waiting: &Waiting| (waiting.severity, waiting.rule.clone());
        question.waiting.sort_by_cached_key(rank);
    }
    order::order(&mut found, card, schema);
    found
}

fn is_open(finding: &Finding) -> bool {
    finding.kind == "rule"
        && finding.outcome == Outcome::Unknown
        && finding.asked_for().next().is_some()
}

fn weight_of(card: &Scorecard, dimension: &str) -> f64 {
    let counted = card.findings.iter();
    counted
        .filter(|finding| finding.dimension == dimension && finding.counts())
        .map(|finding| finding.weight)
        .sum()
}

/// The steps of a path, numbers as numbers, so that the tenth element comes after the second.
fn steps(path: &Pointer) -> Vec<(usize, String)> {
    let step = |step: std::borrow::Cow<'_, str>| {
        let number = step.parse().unwrap_or(usize::MAX);
        (number, step.into_owned())
    };
    path.steps().map(step).collect()
}

/// The id of the question that asks for a path, and all the paths it asks for.
///
/// Numbers that have to add up are one question.
fn group(schema: &Schema, proposal: &Value, path: &Pointer) -> (String, Vec<Pointer>) {
    let id = generic(schema, path);
    let above = path.parent().filter(|parent| !parent.is_root());
    if let Some(parent) = above
        && let Some(field) = field(schema, &parent)
        && let Some(sum) = &field.sum
        && path
            .steps()
            .last()
            .is_some_and(|name| sum.of.iter().any(|part| *part == name))
    {
        let parts = sum.of.iter().map(|name| parent.key(name));
        let open = parts.filter(|part| part.of(proposal).is_none_or(Value::is_null));
        return (generic(schema, &parent), open.collect());
    }
    (id, vec![path.clone()])
}

/// A path with `[]` in place of each index.
pub(crate) fn generic(schema: &Schema, path: &Pointer) -> String {
    let mut at = Some(schema.root());
    let mut generic = Pointer::root();
    for step in path.steps() {
        let items = at.and_then(|at| schema.field(at).items);
        let (below, step) = match items {
            Some(items) => (Some(items), "-".into()),
            None => (at.and_then(|at| schema.property(at, &step)), step),
        };
        generic = generic.key(&step);
        at = below;
    }
    generic.dotted()
}

/// The field behind a path.
pub fn field<'a>(schema: &'a Schema, path: &Pointer) -> Option<&'a Field> {
    schema.find(&path.dotted()).map(|id| schema.field(id))
}

fn blank(id: String, schema: &Schema) -> Question {
    let field = schema.find(&id).map(|at| schema.field(at));
    let text = field.map(|field| field.question.clone());
    Question {
        text: text
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| id.clone()),
        expects: field.map(crate::answer::expects).unwrap_or_default(),
        alike: field.is_some_and(|field| field.alike),
        adds_up: field.is_some_and(|field| field.sum.is_some()),
        respondents: schema.respondents(&id).to_vec(),
        id,
        paths: Vec::new(),
        told: Vec::new(),
        about: Vec::new(),
        waiting: Vec::new(),
        decides: Decides::Range,
    }
}

#[cfg(test)]
mod tests;
