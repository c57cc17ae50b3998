//! Partial facts, the law that silence changes no fact, and answers that hang together.

use super::{Memory, derive};
use crate::settings::Settings;
use evenhand_plugin::{Derived, Value};
use proptest::prelude::*;
use serde_json::json;

fn run(settings: &Value, proposal: &Value) -> Derived {
    let settings = Settings::parse(settings).unwrap();
    let mut memory = Memory::new(&settings);
    derive(&settings, &mut memory, proposal)
}

fn proposal() -> Value {
    json!({
        "program": {"duration_years": 4},
        "finance": {"secured_years": 2, "largest_source_share": 0.6, "after_funding": "stated"},
        "partners": [{"role": "lead"}, {"role": "host_site"}, {"role": "funder"}],
        "flows": [{"mode": "virtual"}, {"mode": "in_person"}],
        "governance": {"agreement": "mou"},
        "continuity": {"relationship_years": 5, "champions": 2, "embedded": false, "disruption_plan": false,
                       "capacity_building": "structured", "local_trainer_share": 0.5}
    })
}

fn missing<'a>(derived: &'a Derived, pointer: &str) -> Vec<&'a str> {
    derived
        .missing
        .get(pointer)
        .map(|list| list.iter().map(String::as_str).collect())
        .unwrap_or_default()
}

#[test]
fn the_simple_facts() {
    let derived = run(&Value::Null, &proposal());
    assert_eq!(derived.missing.len(), 0, "{:?}", derived.missing);
    assert_eq!(derived.facts["runway_years"], 2.0);
    assert_eq!(derived.facts["runway_share"], 0.5);
    assert_eq!(derived.facts["funder_dependence"], 0.6 * 0.65);
    let mut long = proposal();
    long["program"]["duration_years"] = json!(30);
    assert_eq!(
        run(&Value::Null, &long).facts["runway_share"],
        0.4,
        "five years at most count"
    );
    long["finance"]["secured_years"] = json!(12);
    assert_eq!(run(&Value::Null, &long).facts["runway_share"], 1.0);
}

#[test]
fn chances_hang_together() {
    let derived = run(&Value::Null, &proposal());
    let survival = &derived.facts["survival"];
    for part in ["program", "host_capacity"] {
        let number = |name: &str| survival[part][name].as_f64().unwrap();
        assert!(
            0.0 < number("low") && number("low") < number("chance"),
            "{survival}"
        );
        assert!(
            number("chance") < number("high") && number("high") < 1.0,
            "{survival}"
        );
    }
    assert_eq!(survival["program"]["years"], 4, "to its planned end");
    assert_eq!(survival["host_capacity"]["years"], 5);
    for (list, part) in [
        ("sensitivity", "program"),
        ("host_sensitivity", "host_capacity"),
    ] {
        let entries = derived.facts[list].as_array().unwrap();
        let swings: Vec<f64> = entries
            .iter()
            .map(|entry| entry["swing"].as_f64().unwrap())
            .collect();
        assert!(
            swings.windows(2).all(|pair| pair[0] >= pair[1]),
            "widest first: {swings:?}"
        );
        assert!(swings[0] > 0.05, "{swings:?}");
        for entry in entries {
            let chance = survival[part]["chance"].as_f64().unwrap();
            assert!(entry["at_worst"].as_f64().unwrap() <= chance, "{entry}");
            assert!(entry["at_best"].as_f64().unwrap() >= chance, "{entry}");
        }
    }
    assert_eq!(derived.facts["sensitivity"].as_array().unwrap().len(), 8);
    assert_eq!(
        derived.facts["host_sensitivity"].as_array().unwrap().len(),
        10
    );
}

#[test]
fn the_same_bits_everywhere() {
    // They change only when the model, a rate or the seed does, never with the machine or the build.
    let survival = &run(&Value::Null, &proposal()).facts["survival"];
    let chances =
        |part: &str| json!(["low", "chance", "high"].map(|name| survival[part][name].clone()));
    assert_eq!(chances("program"), json!([0.1001, 0.4413, 0.7253]));
    assert_eq!(chances("host_capacity"), json!([0.1265, 0.3323, 0.5652]));
}

#[test]
fn another_seed_moves_a_chance_by_no_more_than_the_draws_can() {
    let chance = |seed: u32| {
        let derived = run(&json!({"seed": seed, "draws": 20_000}), &proposal());
        derived.facts["survival"]["program"]["chance"]
            .as_f64()
            .unwrap()
    };
    let chances: Vec<f64> = (0..5).map(chance).collect();
    let most = chances.iter().copied().fold(0.0, f64::max);
    let least = chances.iter().copied().fold(1.0, f64::min);
    assert!(most - least < 0.02, "{chances:?}");
    assert!(most > least, "the seed does nothing");
}

#[test]
fn what_cannot_matter_is_not_asked_for() {
    let mut proposal = proposal();
    proposal["flows"] = json!([{"mode": "virtual"}]);
    proposal["continuity"]
        .as_object_mut()
        .unwrap()
        .remove("disruption_plan");
    assert!(
        run(&Value::Null, &proposal).facts["survival"]["program"].is_object(),
        "nobody travels"
    );
    proposal["partners"] = json!([{"role": "lead"}]);
    proposal["governance"] = Value::Null;
    assert!(
        run(&Value::Null, &proposal).facts["survival"]["program"].is_object(),
        "one partner alone"
    );

    let nothing = json!({"continuity": {"capacity_building": "none"}, "finance": {"largest_source_share": 0}});
    let derived = run(&Value::Null, &nothing);
    assert_eq!(derived.facts["survival"]["host_capacity"]["high"], 0.0);
    assert_eq!(derived.facts["funder_dependence"], 0.0);
    assert_eq!(
        missing(&derived, "/survival/program"),
        [
            "/finance/secured_years",
            "/finance/after_funding",
            "/governance/agreement",
            "/continuity/relationship_years",
            "/flows",
            "/continuity/disruption_plan",
            "/partners",
            "/continuity/champions",
            "/continuity/embedded",
            "/program/duration_years"
        ]
    );
    assert_eq!(
        missing(&derived, "/runway_share"),
        ["/finance/secured_years", "/program/duration_years"]
    );
}

#[test]
fn a_role_that_is_not_known_may_be_a_funder() {
    let mut proposal = proposal();
    proposal["partners"] = json!([{"role": "lead"}, {}, null]);
    let derived = run(&Value::Null, &proposal);
    assert_eq!(
        missing(&derived, "/key_person_risk"),
        ["/partners/1/role", "/partners/2/role"]
    );
    proposal["partners"] = json!([]);
    let derived = run(&Value::Null, &proposal);
    assert_eq!(
        derived.facts["survival"]["program"]["chance"], 0.0,
        "nobody runs it"
    );
}

/// Every single value of the proposal, every entry and every list.
fn places(value: &Value, pointer: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| places(value, &format!("{pointer}/{key}"), into)),
        Value::Array(list) => {
            into.push(pointer.to_owned());
            list.iter()
                .enumerate()
                .for_each(|(index, value)| places(value, &format!("{pointer}/{index}"), into));
        }
        _ => into.push(pointer.to_owned()),
    }
}

fn leaves(value: &Value, pointer: &str, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| leaves(value, &format!("{pointer}/{key}"), into)),
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(index, value)| leaves(value, &format!("{pointer}/{index}"), into));
        }
        single => into.push((pointer.to_owned(), single.clone())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn taking_an_answer_away_never_changes_a_fact(
        capacity in prop::sample::select(vec!["none", "ad_hoc", "institutional"]),
        agreement in prop::sample::select(vec!["none", "contract"]),
        partners in 1..4_usize, travel: bool, share in prop::sample::select(vec![0.0, 0.5, 1.0]),
        first in any::<prop::sample::Index>(), second in any::<prop::sample::Index>(),
    ) {
        let mut proposal = proposal();
        proposal["continuity"]["capacity_building"] = json!(capacity);
        proposal["governance"]["agreement"] = json!(agreement);
        proposal["finance"]["largest_source_share"] = json!(share);
        proposal["partners"].as_array_mut().unwrap().truncate(partners);
        if !travel {
            proposal["flows"].as_array_mut().unwrap().pop();
        }
        let settings = json!({"draws": 1000});
        let mut all = Vec::new();
        places(&proposal, "", &mut all);
        let mut poorer = proposal.clone();
        *poorer.pointer_mut(&all[first.index(all.len())]).unwrap() = Value::Null;
        let mut poorest = poorer.clone();
        if let Some(value) = poorest.pointer_mut(&all[second.index(all.len())]) {
            *value = Value::Null;
        }
        for (rich, poor) in [(&proposal, &poorer), (&poorer, &poorest)] {
            let (before, after) = (run(&settings, rich), run(&settings, poor));
            let mut facts = Vec::new();
            leaves(&Value::Object(after.facts), "", &mut facts);
            let rich = Value::Object(before.facts);
            for (pointer, value) in facts {
                prop_assert_eq!(rich.pointer(&pointer), Some(&value), "{}", pointer);
            }
            for (fact, places) in &after.missing {
                prop_assert!(!places.is_empty(), "{}", fact);
                for place in places {
                    prop_assert!(poor.pointer(place).unwrap_or(&Value::Null).is_null(), "{} for {}", place, fact);
                }
            }
        }
    }
}
