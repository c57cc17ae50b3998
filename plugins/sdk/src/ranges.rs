//! Deriving from ranges by deriving at their ends.
//!
//! This is sound for facts that rise or fall throughout in each number while the others stay as they are: the least and the most then
//! stand at the ends. An author names the places of which that is so, and the facts of which it is not.

use evenhand_contract::ranges::{joined, places, take_end};
use evenhand_contract::wire::{Check, Derived, Problem};
use serde_json::Value;
use std::collections::BTreeMap;

/// At most so many ranges are taken together; each doubles the work.
const TOGETHER: usize = 6;

/// What an author knows of numbers and facts.
#[derive(Debug, Clone, Copy)]
pub struct Ends<'a> {
    /// Places of the proposal in which every fact but the uneven ones rises or falls throughout, with `*` for elements of a list:
    /// `/flows/*/weeks`. A range elsewhere counts as missing.
    pub even: &'a [&'a str],
    /// Facts that may be larger or smaller between the ends than at them: with a range among what they rest on, they are missing.
    pub uneven: &'a [&'a str],
}

impl Ends<'_> {
    /// Derives at the ends of all ranges, and joins what comes out.
    pub fn derive(&self, proposal: &Value, mut derive: impl FnMut(&Value) -> Derived) -> Derived {
        let all = places(proposal);
        if all.is_empty() {
            return derive(proposal);
        }
        let even = all
            .iter()
            .filter(|place| self.even.iter().any(|even| is_at(even, place)));
        let mut taken: Vec<&String> = even.collect();
        if taken.len() > TOGETHER {
            taken.clear();
        }
        let mut start = proposal.clone();
        for place in all.iter().filter(|place| !taken.contains(place)) {
            put(&mut start, place, Value::Null);
        }
        let mut corners = vec![start];
        for place in &taken {
            corners = corners
                .into_iter()
                .flat_map(|corner| ["from", "to"].map(|end| at_end(&corner, place, end)))
                .collect();
        }
        let answers: Vec<Derived> = corners.iter().map(derive).collect();
        self.join(answers, &taken)
    }

    fn join(&self, answers: Vec<Derived>, taken: &[&String]) -> Derived {
        let facts: Vec<Value> = answers
            .iter()
            .map(|answer| Value::Object(answer.facts.clone()))
            .collect();
        let mut differ = Vec::new();
        let together = joined(&facts.iter().collect::<Vec<_>>(), "", &mut differ);
        let mut found = Derived {
            facts: match together {
                Some(Value::Object(map)) => map,
                _ => serde_json::Map::new(),
            },
            ..Derived::default()
        };
        for answer in answers {
            add(&mut found.inputs, answer.inputs);
            add(&mut found.missing, answer.missing);
            // What cannot be right at both ends is said of the first.
            let said: Vec<String> = found.problems.iter().map(|one| one.path.clone()).collect();
            let fresh = |problem: &Problem| !said.contains(&problem.path);
            let problems: Vec<Problem> = answer.problems.into_iter().filter(fresh).collect();
            found.problems.extend(problems);
            let fresh = |check: &Check| !found.checks.contains(check);
            let checks: Vec<Check> = answer.checks.into_iter().filter(fresh).collect();
            found.checks.extend(checks);
        }
        let ranged = |inputs: &[String]| -> Vec<String> {
            let below = |place: &str| {
                let above = |input: &String| is_below(input, place);
                inputs.iter().any(above)
            };
            let found = taken.iter().filter(|place| below(place.as_str()));
            found.map(|place| (*place).clone()).collect()
        };
        for place in differ {
            let inputs = ranged(longest(&found.inputs, &place));
            let inputs = if inputs.is_empty() {
                taken.iter().map(|place| (*place).clone()).collect()
            } else {
                inputs
            };
            found.missing.entry(place).or_default().extend(inputs);
        }
        for fact in self.uneven {
            let inputs = ranged(longest(&found.inputs, fact));
            if !inputs.is_empty() && remove(&mut found.facts, fact) {
                found
                    .missing
                    .entry((*fact).to_owned())
                    .or_default()
                    .extend(inputs);
            }
        }
        settled(found)
    }
}

/// Without what is said of facts that are not there, and of those that are there as if they were missing.
fn settled(mut found: Derived) -> Derived {
    let facts = Value::Object(found.facts.clone());
    found.inputs.retain(|fact, _| facts.pointer(fact).is_some());
    found.missing.retain(|fact, inputs| {
        inputs.sort();
        inputs.dedup();
        facts.pointer(fact).is_none_or(Value::is_null)
    });
    found
}

fn add(into: &mut BTreeMap<String, Vec<String>>, more: BTreeMap<String, Vec<String>>) {
    for (fact, places) in more {
        let known = into.entry(fact).or_default();
        for place in places {
            if !known.contains(&place) {
                known.push(place);
            }
        }
    }
}

/// The entry of the fact, or of the nearest one above it.
fn longest<'a>(inputs: &'a BTreeMap<String, Vec<String>>, fact: &str) -> &'a [String] {
    let mut at = fact;
    loop {
        if let Some(found) = inputs.get(at) {
            return found;
        }
        match at.rsplit_once('/') {
            Some((above, _)) if !at.is_empty() => at = above,
            _ => return &[],
        }
    }
}

fn remove(facts: &mut serde_json::Map<String, Value>, fact: &str) -> bool {
    let Some((above, name)) = fact.rsplit_once('/') else {
        return false;
    };
    let mut at = facts;
    for step in above.split('/').skip(1) {
        match at.get_mut(step).and_then(Value::as_object_mut) {
            Some(below) => at = below,
            None => return false,
        }
    }
    at.remove(name).is_some()
}

/// Whether a place is one that a pattern means.
fn is_at(pattern: &str, place: &str) -> bool {
    let mut steps = place.split('/');
    let all = pattern.split('/').all(|step| match steps.next() {
        Some(here) if step == "*" => here.bytes().all(|byte| byte.is_ascii_digit()),
        Some(here) => here == step,
        None => false,
    });
    all && steps.next().is_none()
}

/// Whether a place is another, or lies below it.
fn is_below(above: &str, place: &str) -> bool {
    place
        .strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn put(document: &mut Value, place: &str, value: Value) {
    if let Some(there) = document.pointer_mut(place) {
        *there = value;
    }
}

fn at_end(document: &Value, place: &str, end: &str) -> Value {
    let mut document = document.clone();
    if let Some(there) = document.pointer_mut(place) {
        take_end(there, end);
    }
    document
}

/// A proposal in which every range is missing, for what takes none.
#[must_use]
pub fn without(proposal: &Value) -> Value {
    let mut own = proposal.clone();
    for place in places(proposal) {
        put(&mut own, &place, Value::Null);
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ENDS: Ends<'_> = Ends {
        even: &["/flows/*/weeks", "/flows/*/n"],
        uneven: &["/spread"],
    };

    /// Person-weeks, whether there are many, and a fact that is uneven.
    fn weeks(proposal: &Value) -> Derived {
        let mut derived = Derived::new();
        let number = |name: &str| proposal.pointer(name).and_then(Value::as_f64);
        match (number("/flows/0/n"), number("/flows/0/weeks")) {
            (Some(n), Some(weeks)) => {
                let inputs = || ["/flows/0/n", "/flows/0/weeks"];
                derived.fact("/person_weeks", n * weeks, inputs());
                derived.fact("/many", n * weeks > 30.0, inputs());
                derived.fact("/spread", (n - weeks).abs(), inputs());
                derived.fact("/fixed", 1, ["/flows"]);
            }
            _ => derived.lacks("/person_weeks", ["/flows/0/n"]),
        }
        derived
    }

    #[test]
    fn facts_are_joined_from_the_ends() {
        let flow = |n: Value, weeks: Value| json!({ "flows": [{ "n": n, "weeks": weeks }] });
        let range = |from: u8, to: u8| json!({ "from": from, "to": to });
        let known = ENDS.derive(&flow(json!(3), json!(4)), weeks);
        assert_eq!(known.facts["person_weeks"], json!(12.0));
        assert_eq!(known.facts["spread"], json!(1.0));

        let ranged = ENDS.derive(&flow(range(2, 4), range(5, 10)), weeks);
        assert_eq!(
            Value::Object(ranged.facts),
            json!({ "person_weeks": { "from": 10.0, "to": 40.0 }, "fixed": 1 })
        );
        let both = vec!["/flows/0/n".to_owned(), "/flows/0/weeks".to_owned()];
        assert_eq!(ranged.missing["/many"], both);
        assert_eq!(ranged.missing["/spread"], both);
    }

    #[test]
    fn a_range_at_another_place_is_missing() {
        let other = Ends {
            even: &["/flows/*/weeks"],
            ..ENDS
        };
        let proposal = json!({ "flows": [{ "n": { "from": 1, "to": 2 }, "weeks": 3 }] });
        let derived = other.derive(&proposal, weeks);
        assert_eq!(derived.missing["/person_weeks"], ["/flows/0/n"]);
        assert_eq!(without(&proposal)["flows"][0]["n"], Value::Null);
    }
}
