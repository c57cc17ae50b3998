//! What a partner would have to confirm. Which partner's word counts is the rules' to say: each is tried.

use super::StepKind;
use super::distance::{distance, matters, short};
use super::search::{Move, Search, State};
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::Schema;
use evenhand_core::scorecard::Scorecard;
use serde_json::{Value, json};

/// Partners that are tried.
const PARTNERS: usize = 12;

/// Facts that one partner may have to confirm.
const FACTS: usize = 40;

/// The state with the facts confirmed by the partner whose word brings the program nearest; none if nobody's does.
pub(super) fn confirmed(search: &mut Search<'_>, state: &State) -> Option<State> {
    if state.card.verdict.word == evenhand_core::verdict::Word::Proceed {
        return None;
    }
    let facts = facts(state);
    if facts.is_empty() {
        return None;
    }
    let mut best: Option<(State, String)> = None;
    for (key, name) in partners(search.judge().schema(), &state.value) {
        let Some(after) = with(search, state, &key, &name, &facts) else {
            continue;
        };
        let than = best.as_ref().map_or(state, |(best, _)| best);
        if distance(&after.card).is_nearer(distance(&than.card)) {
            best = Some((after, key));
        }
    }
    let (all, key) = best?;
    let names = partners(search.judge().schema(), &state.value);
    let name = names.into_iter().find(|(own, _)| *own == key)?.1;
    // Only what the findings rest on that are better for it, and of that only what they need.
    let mut needed = rested(&state.card, &all.card, &facts);
    let as_near = |fewer: &State| !distance(&all.card).is_nearer(distance(&fewer.card));
    let Some(mut fewest) = with(search, state, &key, &name, &needed).filter(as_near) else {
        return Some(all);
    };
    for fact in needed.clone() {
        let rest: Vec<Pointer> = needed.iter().filter(|one| **one != fact).cloned().collect();
        if let Some(fewer) = with(search, state, &key, &name, &rest).filter(as_near) {
            needed = rest;
            fewest = fewer;
        }
    }
    Some(fewest)
}

/// The given facts behind the findings that have to get better, as far as nobody has confirmed them.
fn facts(state: &State) -> Vec<Pointer> {
    let short = short(&state.card);
    let wanted = state.card.findings.iter();
    let wanted = wanted.filter(|one| matters(one, &short) && one.degree.low < 1.0);
    let mut found: Vec<Pointer> = Vec::new();
    for evidence in wanted.flat_map(|finding| &finding.evidence) {
        let given = !evidence.path.as_str().starts_with("/derived")
            && evidence.path.of(&state.value).is_some();
        if given && evidence.attested_by.is_empty() && !found.contains(&evidence.path) {
            found.push(evidence.path.clone());
        }
    }
    found.truncate(FACTS);
    found
}

fn rested(before: &Scorecard, after: &Scorecard, facts: &[Pointer]) -> Vec<Pointer> {
    let better = after.findings.iter().filter(|finding| {
        let mut known = before.findings.iter();
        let was = known.find(|one| one.rule == finding.rule);
        was.is_some_and(|was| finding.degree.low > was.degree.low)
    });
    let behind: Vec<&Pointer> = better
        .flat_map(|finding| &finding.evidence)
        .map(|evidence| &evidence.path)
        .collect();
    let rested = facts.iter().filter(|fact| behind.contains(fact));
    rested.cloned().collect()
}

/// The keys and names of those who can attest.
fn partners(schema: &Schema, proposal: &Value) -> Vec<(String, String)> {
    let all = crate::ask::attesters(schema, proposal).into_iter();
    all.map(|(key, name, _)| (key, name))
        .take(PARTNERS)
        .collect()
}

/// The state with an attestation, or with more in the one that the plan has of this partner.
fn with(
    search: &mut Search<'_>,
    state: &State,
    key: &str,
    name: &str,
    facts: &[Pointer],
) -> Option<State> {
    if facts.is_empty() {
        return None;
    }
    let mut moves = state.moves.clone();
    let known = moves.iter_mut().find_map(|own| match &own.kind {
        StepKind::Attest { covers, .. } if by(own) == Some(key) => {
            let mut covers = covers.clone();
            covers.extend(
                facts
                    .iter()
                    .filter(|one| !covers.contains(one))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            Some((own, covers))
        }
        _ => None,
    });
    if let Some((own, covers)) = known {
        *own = attested(own, covers);
    } else {
        let list = Pointer::root().key("attestations");
        let there = list.of(&state.value).and_then(Value::as_array);
        let path = list.index(there.map_or(0, Vec::len));
        let own = Move {
            kind: StepKind::Attest {
                partner: name.to_owned(),
                covers: Vec::new(),
            },
            changes: vec![(path, json!({ "by": key }))],
            rules: Vec::new(),
        };
        moves.push(attested(&own, facts.to_vec()));
    }
    search.after(moves)
}

fn by(own: &Move) -> Option<&str> {
    own.changes.first()?.1.get("by")?.as_str()
}

/// The same attestation of other facts.
fn attested(own: &Move, covers: Vec<Pointer>) -> Move {
    let paths: Vec<String> = covers.iter().map(Pointer::dotted).collect();
    let mut changed = own.clone();
    if let Some((_, Value::Object(attestation))) = changed.changes.first_mut() {
        attestation.insert("covers".to_owned(), Value::from(paths));
    }
    if let StepKind::Attest { covers: known, .. } = &mut changed.kind {
        *known = covers;
    }
    changed
}

/// The same attestation without one fact; none if it was the last.
pub(super) fn without(own: &Move, covered: &Pointer) -> Option<Move> {
    let StepKind::Attest { covers, .. } = &own.kind else {
        return None;
    };
    let rest: Vec<Pointer> = covers
        .iter()
        .filter(|one| *one != covered)
        .cloned()
        .collect();
    (!rest.is_empty()).then(|| attested(own, rest))
}
