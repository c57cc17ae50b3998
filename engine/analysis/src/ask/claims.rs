//! What others say of a respondent, to be confirmed or corrected.
//!
//! What a confirmation is worth is found by judging with it; what hangs on a claim by judging as if it were not known.

use super::{Item, Whom, field_of, written};
use crate::Judge;
use crate::change;
use crate::perspectives::said;
use crate::plan;
use crate::question::{Decides, about_paths};
use evenhand_core::document::Document;
use evenhand_core::finding::{End, Finding};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{FieldId, Schema};
use evenhand_core::scorecard::Scorecard;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Claims that are looked at closely, at most.
const MOST: usize = 40;

/// Rules that rest on what a partner's entry says of it, at most. What more rest on is what the program is, and no claim about
/// the partner.
const RULES: usize = 5;

/// Requirements named for one claim.
const WHY: usize = 3;

/// The claims that a respondent can confirm or correct and on which something hangs.
pub(super) fn claims(
    judge: &dyn Judge,
    proposal: &Document,
    card: &Scorecard,
    whom: &Whom,
) -> Vec<Item> {
    let schema = judge.schema();
    let value = proposal.value();
    let mut given = Vec::new();
    collect(schema, schema.root(), value, &Pointer::root(), &mut given);
    let looked_at = looked_at(card);
    let known = answered(value, card, whom);
    let theirs = |path: &&Pointer| {
        let field = field_of(schema, path);
        let own = whom.answers(schema.respondents(&field)) || whom.is_about(path);
        let is_read = || {
            looked_at
                .iter()
                .any(|seen| path.contains(seen) || seen.contains(path))
        };
        own && !is_name(schema, &field)
            && !known.iter().any(|known| known.contains(path))
            && is_read()
    };
    let theirs: Vec<&Pointer> = given.iter().filter(theirs).collect();
    let most = MOST.min(plan::bound(value) / 2);
    let items = theirs.into_iter().take(most);
    items
        .filter_map(|path| weighed(judge, proposal, card, whom, path))
        .collect()
}

/// A claim with what hangs on it; none if nothing does.
fn weighed(
    judge: &dyn Judge,
    proposal: &Document,
    card: &Scorecard,
    whom: &Whom,
    path: &Pointer,
) -> Option<Item> {
    let schema = judge.schema();
    let value = proposal.value();
    let field = field_of(schema, path);
    let claim = said(path.of(value))?.clone();
    let mut cards = Vec::new();
    let mut silent = value.clone();
    change::unset(&mut silent, path);
    cards.extend(judged(judge, proposal, silent));
    if let Some(partner) = &whom.partner {
        let list = Pointer::root().key("attestations");
        let there = list.of(value).and_then(Value::as_array).map_or(0, Vec::len);
        let mut confirmed = value.clone();
        let own = json!({ "by": partner, "covers": [path.dotted()] });
        change::set(&mut confirmed, &list.index(there), own);
        cards.extend(judged(judge, proposal, confirmed));
    }
    let mut points = 0.0;
    let mut why: Vec<(bool, String)> = Vec::new();
    let mut decides = Decides::Range;
    for other in &cards {
        for (was, is) in card.dimensions.iter().zip(&other.dimensions) {
            let (was, is) = (was.low.unwrap_or_default(), is.low.unwrap_or_default());
            points += f64::from(was.abs_diff(is));
        }
        for (was, is) in moved(card, other) {
            let gate = was.fails_gate(End::Low) != is.fails_gate(End::Low);
            if gate {
                decides = Decides::Threshold;
            }
            if !why.iter().any(|(_, title)| *title == is.title) {
                why.push((!gate, is.title.clone()));
            }
        }
        if card.verdict.word != other.verdict.word {
            decides = decides.min(Decides::Threshold);
        }
    }
    let is_theirs = whom.answers(schema.respondents(&field));
    if why.is_empty() || (!is_theirs && why.len() > RULES) {
        return None;
    }
    // What is critical is named first.
    why.sort_by_key(|(rest, _)| *rest);
    let question = schema
        .find(&field)
        .map(|id| schema.field(id).question.clone());
    let paths = vec![path.clone()];
    Some(Item {
        at: vec![written(schema, value, path)],
        about: about_paths(schema, value, &paths),
        text: question
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| field.clone()),
        field,
        alike: true,
        paths,
        claim: Some(claim),
        why: why.into_iter().take(WHY).map(|(_, title)| title).collect(),
        decides,
        points,
    })
}

/// Whether a field only says what something is called, or names something else.
fn is_name(schema: &Schema, field: &str) -> bool {
    let own = schema.find(field).map(|id| schema.field(id));
    let list = field.rsplit_once("[].");
    let list = list.and_then(|(list, _)| schema.find(list));
    let key = list.and_then(|list| schema.field(list).unique_key.as_deref());
    own.is_some_and(|own| own.reference.is_some() || key == Some(own.name.as_str()))
}

/// The scorecard of the proposal with other values; none where they do not fit.
fn judged(judge: &dyn Judge, proposal: &Document, value: Value) -> Option<Scorecard> {
    let changed = Document::from_value(proposal.name(), value);
    judge
        .check(&changed)
        .is_empty()
        .then(|| judge.judge(&changed))
}

/// The findings of rules that come out otherwise, before and after.
fn moved<'a>(
    card: &'a Scorecard,
    other: &'a Scorecard,
) -> impl Iterator<Item = (&'a Finding, &'a Finding)> {
    let pairs = card.findings.iter().filter_map(|was| {
        let mut findings = other.findings.iter();
        Some((was, findings.find(|is| is.rule == was.rule)?))
    });
    pairs.filter(|(was, is)| {
        was.kind == "rule" && (was.degree != is.degree || was.outcome != is.outcome)
    })
}

/// Every fact that is given and is no group, in the order of the schema.
fn collect(schema: &Schema, id: FieldId, value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    let field = schema.field(id);
    let inner = |id: &FieldId| !schema.field(*id).properties.is_empty();
    match value {
        Value::Null => {}
        Value::Object(map) if !field.properties.is_empty() => {
            for (name, id) in &field.properties {
                let own = at.is_root() && crate::perspectives::STANDING.contains(&name.as_str());
                if let Some(value) = map.get(name).filter(|_| !own) {
                    collect(schema, *id, value, &at.key(name), found);
                }
            }
        }
        Value::Array(items) if field.items.as_ref().is_some_and(inner) => {
            for (index, value) in items.iter().enumerate() {
                if let Some(id) = field.items {
                    collect(schema, id, value, &at.index(index), found);
                }
            }
        }
        _ => found.push(at.clone()),
    }
}

/// Every given fact that a rule looked at.
fn looked_at(card: &Scorecard) -> BTreeSet<&Pointer> {
    let mut found = BTreeSet::new();
    for finding in &card.findings {
        found.extend(&finding.looked_at);
        for evidence in &finding.evidence {
            found.insert(&evidence.path);
            found.extend(evidence.inputs.iter().map(|input| &input.path));
        }
    }
    found
}

/// What the partner has confirmed, or contested, and need not be asked again.
fn answered(proposal: &Value, card: &Scorecard, whom: &Whom) -> Vec<Pointer> {
    let list = proposal.get("attestations").and_then(Value::as_array);
    let Some(partner) = &whom.partner else {
        return Vec::new();
    };
    let mut known = Vec::new();
    for (index, entry) in list.into_iter().flatten().enumerate() {
        if entry.get("by").and_then(Value::as_str) != Some(partner) {
            continue;
        }
        let on = Pointer::root().key("attestations").index(index).key("on");
        let is_old = card.aged.iter().any(|aged| aged.path == on);
        let covers = entry.get("covers").and_then(Value::as_array);
        let covers = covers.into_iter().flatten().filter_map(Value::as_str);
        known.extend(covers.filter(|_| !is_old).filter_map(Pointer::from_dotted));
        let contests = entry.get("contests").and_then(Value::as_object);
        let contests = contests.into_iter().flatten();
        known.extend(contests.filter_map(|(path, _)| Pointer::from_dotted(path)));
    }
    known
}
