//! What one respondent is asked about a program: what is open and they can answer, and what others say of them, to be
//! confirmed or corrected. In the order of what an answer narrows, and no more than somebody has time for.

mod claims;
mod whom;

pub use whom::Whom;
pub(crate) use whom::attesters;

use crate::Judge;
use crate::question::{Decides, Question, generic, questions};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;
use std::cmp::Reverse;

/// Questions to begin with.
pub const FIRST: usize = 12;

/// What one respondent is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Questionnaire {
    /// Who is asked.
    pub whom: Whom,
    /// The proposal's id; empty if it has none.
    pub proposal: String,
    /// The proposal's title.
    pub title: String,
    /// SHA-256 of the proposal, as on its scorecard.
    pub sha256: String,
    /// What is asked, what narrows most first.
    pub items: Vec<Item>,
    /// Questions that were left out for now.
    pub left_out: usize,
}

/// One question to a respondent.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The facts it asks about, as they are written in the questionnaire: elements that have a key by their key.
    pub at: Vec<String>,
    /// The facts it asks about: one, or the same of several elements.
    pub paths: Vec<Pointer>,
    /// The field, with `[]` for elements of lists.
    pub field: String,
    /// The question in plain words.
    pub text: String,
    /// What each path is about, such as a partner's name; empty where there is one such fact only.
    pub about: Vec<String>,
    /// Whether one answer usually holds for all paths.
    pub alike: bool,
    /// What the planners say, where they say something.
    pub claim: Option<Value>,
    /// The requirements that rest on it, in one line each.
    pub why: Vec<String>,
    /// What the answer can change.
    pub decides: Decides,
    /// Points of all dimensions that hang on it.
    pub points: f64,
}

/// What a respondent is asked; everything that is wrong with the name of the respondent.
///
/// `most` is how many questions are asked; the others are counted.
pub fn ask(
    judge: &dyn Judge,
    proposal: &Document,
    card: &Scorecard,
    respondent: &str,
    most: usize,
) -> Result<Questionnaire, Problem> {
    let whom = Whom::find(judge, proposal, respondent)?;
    let schema = judge.schema();
    let open = questions(card, proposal.value(), schema);
    let mut items: Vec<Item> = open
        .into_iter()
        .filter_map(|question| item(schema, proposal.value(), &whom, question))
        .collect();
    items.extend(claims::claims(judge, proposal, card, &whom));
    // Stable: what is equal stays in the order of the questions, then of the schema.
    items.sort_by_key(|item| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "points are under a thousand"
        )]
        let points = (item.points * 100.0) as i64;
        (item.decides, Reverse(points))
    });
    let left_out = items.len().saturating_sub(most);
    let items = chosen(items, most);
    Ok(Questionnaire {
        whom,
        proposal: card.proposal.id.clone(),
        title: card.proposal.title.clone(),
        sha256: card.proposal.sha256.clone(),
        items,
        left_out,
    })
}

/// The first questions, a third of them about what is said of the respondent where there is as much: in an early idea so much is
/// open that nobody would be asked whether what is said is so.
fn chosen(items: Vec<Item>, most: usize) -> Vec<Item> {
    if items.len() <= most {
        return items;
    }
    let least = most / 3;
    let claims = items
        .iter()
        .filter(|item| item.claim.is_some())
        .count()
        .min(least);
    let mut said = 0;
    let mut open = 0;
    let kept = items.into_iter().filter(|item| {
        // Room is kept for the claims that are still to come.
        let room = most.saturating_sub(said + open);
        let wanted = claims.saturating_sub(said);
        let keep = if item.claim.is_some() {
            room > 0
        } else {
            room > wanted
        };
        said += usize::from(keep && item.claim.is_some());
        open += usize::from(keep && item.claim.is_none());
        keep
    });
    kept.collect()
}

/// An open question as one to this respondent; none where somebody else has to answer.
fn item(schema: &Schema, proposal: &Value, whom: &Whom, question: Question) -> Option<Item> {
    let is_theirs = whom.answers(&question.respondents);
    let points = question.points();
    let kept = question
        .paths
        .iter()
        .enumerate()
        .filter(|(_, path)| is_theirs || whom.is_about(path));
    let kept: Vec<usize> = kept.map(|(index, _)| index).collect();
    if kept.is_empty() {
        return None;
    }
    let pick = |all: &[String]| -> Vec<String> {
        kept.iter()
            .filter_map(|index| all.get(*index).cloned())
            .collect()
    };
    let paths: Vec<Pointer> = kept
        .iter()
        .filter_map(|index| question.paths.get(*index).cloned())
        .collect();
    let why = question.waiting.iter().map(|waiting| waiting.title.clone());
    Some(Item {
        at: paths
            .iter()
            .map(|path| written(schema, proposal, path))
            .collect(),
        about: pick(&question.about),
        field: question.id,
        text: question.text,
        alike: question.alike || paths.len() == 1,
        paths,
        claim: None,
        why: why.collect(),
        decides: question.decides,
        points,
    })
}

/// A path as people read and write it: an element of a list that has a key goes by its key.
pub fn written(schema: &Schema, proposal: &Value, path: &Pointer) -> String {
    let mut here = Pointer::root();
    let mut shown = String::new();
    for step in path.steps() {
        let list = crate::question::field(schema, &here);
        let key = list.and_then(|list| list.unique_key.as_deref());
        let below = here.key(&step);
        let named = key.and_then(|key| below.of(proposal)?.get(key)?.as_str());
        match (list.is_some_and(|list| list.items.is_some()), named) {
            (true, Some(key)) => shown.push_str(&format!("[{key}]")),
            (true, None) => shown.push_str(&format!("[{step}]")),
            (false, _) if shown.is_empty() => shown.push_str(&step),
            (false, _) => shown.push_str(&format!(".{step}")),
        }
        here = below;
    }
    shown
}

/// The path that is written so in a proposal, whose elements may be named by their key; none where nothing goes by it.
pub fn resolve(schema: &Schema, proposal: &Value, text: &str) -> Option<Pointer> {
    let mut here = Pointer::root();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (name, tail) = after.split_once(']')?;
            let items = here.of(proposal)?.as_array()?;
            let key = crate::question::field(schema, &here)?.unique_key.as_deref();
            let named = |item: &Value| {
                let own = key.and_then(|key| item.get(key)?.as_str());
                own == Some(name)
            };
            let index = items.iter().position(named).or_else(|| {
                let index: usize = name.parse().ok()?;
                (key.is_none() && index < items.len()).then_some(index)
            });
            here = here.index(index?);
            rest = tail;
        } else {
            let name = if here.is_root() {
                rest
            } else {
                rest.strip_prefix('.')?
            };
            let end = name.find(['.', '[']).unwrap_or(name.len());
            let (step, tail) = name.split_at_checked(end)?;
            if step.is_empty() {
                return None;
            }
            here = here.key(step);
            rest = tail;
        }
    }
    let known = schema.find(&here.dotted()).is_some() && !here.is_root();
    known.then_some(here)
}

/// The name of the element that a path lies in, where it lies in one that has a name. What an element without one is called
/// depends on the language, and says no more than its path.
pub(crate) fn about(schema: &Schema, proposal: &Value, path: &Pointer) -> Option<String> {
    let element = crate::question::element(schema, path)?;
    crate::question::named(schema, proposal, &element)
}

/// A path's field, with `[]` for elements.
pub(crate) fn field_of(schema: &Schema, path: &Pointer) -> String {
    generic(schema, path)
}

#[cfg(test)]
mod tests;
