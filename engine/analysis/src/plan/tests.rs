//! Plans over a small rulebook of its own.

use super::{Enough, LEAST, MOST, Plan, StepKind, bound, changes, plan};
use crate::change;
use crate::tests::book;
use evenhand_core::document::{Document, Format};
use evenhand_core::verdict::Word;
use serde_json::json;

fn document(yaml: &str) -> Document {
    let document = Document::parse("idea.yaml", yaml.as_bytes(), Format::Yaml).unwrap();
    assert_eq!(book().check_document(&document), []);
    document
}

#[track_caller]
fn planned(yaml: &str) -> Plan {
    let document = document(yaml);
    let card = book().judge(&document);
    let plan = plan(book(), &document, &card, MOST);
    // What a plan says of its end is what judging it gives.
    let mut value = document.value().clone();
    for (path, to) in changes(&plan, document.value()) {
        change::set(&mut value, &path, to);
    }
    let after = book().judge(&Document::from_value("idea.yaml", value));
    assert_eq!(plan.after.verdict, after.verdict.word);
    assert_eq!(plan.reached, after.verdict.word == Word::Proceed);
    assert_eq!(plan.in_the_way.is_empty(), plan.reached);
    for pair in plan.steps.windows(2) {
        assert_eq!(pair[0].after, pair[1].before);
    }
    // No fact is set twice.
    let set = plan.steps.iter().flat_map(|step| &step.changes);
    let mut paths: Vec<_> = set.map(|one| one.path.clone()).collect();
    let count = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), count);
    plan
}

fn paths(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().flat_map(|step| &step.changes);
    steps
        .map(|one| format!("{} = {}", one.path, one.to))
        .collect()
}

#[test]
fn what_can_proceed_needs_no_plan() {
    let plan = planned("groups: []\nsafe: true\nplan: true\nshares: { ours: 0.5, theirs: 0.5 }\n");
    assert!(plan.reached && plan.steps.is_empty());
    assert_eq!(plan.before, plan.after);
}

#[test]
fn the_rule_that_stops_comes_first_and_nothing_is_done_that_is_not_needed() {
    let yaml = "groups:\n- { key: a, trained: false }\nsafe: false\nplan: true\nshares: { ours: 0.5, theirs: 0.5 }\nmoney: 1\n";
    let plan = planned(yaml);
    assert!(plan.reached);
    assert_eq!(paths(&plan), ["safe = true"]);
    assert_eq!(plan.steps[0].kind, StepKind::Change);
    assert_eq!(plan.steps[0].rules, ["care/safe"]);
    assert_eq!(plan.steps[0].before.verdict, Word::Stop);
}

#[test]
fn what_is_not_known_would_have_to_be_so() {
    let plan = planned("groups: []\nplan: true\n");
    assert!(plan.reached);
    assert!(plan.steps.iter().all(|step| step.kind == StepKind::Answer));
    let found = paths(&plan);
    assert!(found.contains(&"safe = true".to_owned()), "{found:?}");
}

#[test]
fn where_no_way_is_known_the_plan_says_so_and_what_is_in_the_way() {
    // Nobody proposes how to share, and that alone keeps the dimension under its threshold.
    let yaml = "groups: []\nsafe: true\nplan: false\nshares: { ours: 1, theirs: 0 }\n";
    let plan = planned(yaml);
    assert!(!plan.reached && !plan.cut_short);
    assert_eq!(plan.in_the_way, ["order"]);
    assert_eq!(paths(&plan), ["plan = true"]);
}

#[test]
fn the_bound_counts_judgements_and_is_kept() {
    let document = document("groups:\n- { key: a }\n- { key: b }\n");
    let card = book().judge(&document);
    for most in [0, 1, 2, 5, 20] {
        let plan = plan(book(), &document, &card, most);
        // Proving a plan takes a judgement a step.
        assert!(
            plan.judgements <= most + plan.steps.len(),
            "{most}: {plan:?}"
        );
        assert!(plan.reached || plan.cut_short, "{most}: {plan:?}");
    }
    let one = plan(book(), &document, &card, MOST);
    assert_eq!(one, plan(book(), &document, &card, MOST));
    assert!(one.reached);
}

#[test]
fn a_change_within_another_is_one_change() {
    let group = json!({ "key": "c", "trained": false });
    let pointer = |dotted: &str| evenhand_core::pointer::Pointer::from_dotted(dotted).unwrap();
    let own = |changes| super::Move {
        kind: StepKind::Change,
        changes,
        rules: Vec::new(),
    };
    let moves = vec![
        own(vec![(pointer("groups[2]"), group)]),
        own(vec![
            (pointer("groups[2].trained"), json!(true)),
            (pointer("plan"), json!(false)),
        ]),
        own(vec![(pointer("plan"), json!(true))]),
    ];
    let tidied = super::search::tidy(moves);
    let all: Vec<String> = tidied
        .iter()
        .flat_map(|own| &own.changes)
        .map(|(path, value)| format!("{path} = {value}"))
        .collect();
    assert_eq!(
        all,
        [r#"groups[2] = {"key":"c","trained":true}"#, "plan = true"]
    );
}

#[test]
fn a_proposal_of_unusual_size_gets_fewer_judgements() {
    let of = |count: usize| bound(&json!({ "groups": vec![json!({ "key": "a" }); count] }));
    assert_eq!((of(0), of(400)), (MOST, MOST));
    assert!(of(401) <= MOST && of(800) < of(500) && of(800) >= LEAST);
    assert_eq!(of(100_000), LEAST);
}

#[test]
fn a_step_says_what_else_is_enough_by_judging_it() {
    // Half the money would do for the threshold of the dimension, and the rule proposes all of it.
    let yaml = "groups:\n- { key: a, trained: false }\nsafe: true\nplan: true\nshares: { ours: 0.5, theirs: 0.5 }\nmoney: 0\n";
    let plan = planned(yaml);
    let mut end = document(yaml).value().clone();
    for (path, to) in changes(&plan, &end.clone()) {
        change::set(&mut end, &path, to);
    }
    let proceeds = |path: &evenhand_core::pointer::Pointer, to: f64| {
        let mut value = end.clone();
        change::set(&mut value, path, json!(to));
        let card = book().judge(&Document::from_value("idea.yaml", value));
        card.verdict.word == Word::Proceed
    };
    for one in plan.steps.iter().flat_map(|step| &step.changes) {
        match &one.enough {
            Some(Enough::AtLeast(least)) => {
                let least = least.as_f64().unwrap();
                assert!(proceeds(&one.path, least) && proceeds(&one.path, 100.0));
                assert!(!proceeds(&one.path, least - 5.0), "{one:?}");
            }
            // Yes or no leaves no choice.
            other => assert_eq!(*other, None, "{one:?}"),
        }
    }
    // Nothing is looked for where no judgements are left.
    let document = document(yaml);
    let card = book().judge(&document);
    let short = super::plan(book(), &document, &card, 3);
    let mut set = short.steps.iter().flat_map(|step| &step.changes);
    assert!(set.all(|one| one.enough.is_none()));
}
