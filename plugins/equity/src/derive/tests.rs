//! Published cases, partial facts, and the law that silence changes no fact.

use super::derive;
use crate::settings::Settings;
use evenhand_plugin::wire::Derived;
use proptest::prelude::*;
use serde_json::{Value, json};

fn run(proposal: &Value) -> Derived {
    derive(&Settings::parse(&Value::Null).unwrap(), proposal)
}

fn number(derived: &Derived, name: &str) -> f64 {
    derived
        .facts
        .get(name)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no {name}: {derived:#?}"))
}

fn missing<'a>(derived: &'a Derived, pointer: &str) -> Vec<&'a str> {
    derived
        .missing
        .get(pointer)
        .map(|list| list.iter().map(String::as_str).collect())
        .unwrap_or_default()
}

/// A North partner `n` and a South partner `s`, with travelling students in both directions.
fn pair(south: &str, to_north: f64, to_south: f64) -> Value {
    json!({
        "partners": [
            {"id": "n", "country": "US", "kind": "medical_school", "role": "lead", "decision_seats": 3,
             "budget_share": 0.8, "co_designed": true, "contributes": true, "offers_iah": true},
            {"id": "s", "country": south, "kind": "university", "role": "co_lead", "decision_seats": 1,
             "budget_share": 0.2, "co_designed": true, "contributes": false, "offers_iah": false}],
        "flows": [
            {"from": "s", "to": "n", "who": "student", "n_per_year": to_north, "weeks": 6, "mode": "in_person",
             "activity": "observation", "hands_on": "none", "net_cost_usd": 0},
            {"from": "n", "to": "s", "who": "student", "n_per_year": to_south, "weeks": 6, "mode": "in_person",
             "activity": "supervised_care", "hands_on": "within_home_scope", "net_cost_usd": 3000}],
        "access": {"eligible": 400, "reached": 100}
    })
}

#[test]
fn published_reciprocity_ratios() {
    for (name, south, to_north, to_south, published) in [
        ("AMPATH, Kenya", "KE", 400.0, 1871.0, 0.21),
        ("Dundee and Malawi", "MW", 12.0, 50.0, 0.24),
        ("BGHEI, one US school 2010-15", "KE", 84.0, 152.0, 0.55),
    ] {
        let derived = run(&pair(south, to_north, to_south));
        for fact in ["reciprocity", "reciprocity_persons"] {
            let ratio = number(&derived, fact);
            assert!(
                (ratio - published).abs() < 0.005,
                "{name}: {fact} {ratio}, published {published}"
            );
        }
        assert_eq!(derived.facts["geography"], "north_south");
    }
    // McGill and Quisqueya: two or three a year come north, and nobody is counted the other way. That is no ratio.
    let derived = run(&pair("HT", 3.0, 0.0));
    assert_eq!(derived.facts["reciprocity_defined"], false);
    for fact in ["reciprocity", "reciprocity_persons"] {
        assert!(
            !derived.facts.contains_key(fact) && missing(&derived, &format!("/{fact}")).is_empty()
        );
    }
}

#[test]
fn where_no_learner_is_sent_those_who_are_taught_take_part() {
    let teachers = |activities: [&str; 2]| {
        let mut proposal = pair("RW", 5.0, 15.0);
        for (index, activity) in activities.iter().enumerate() {
            proposal["flows"][index]["who"] = json!("faculty");
            proposal["flows"][index]["activity"] = json!(activity);
        }
        proposal
    };
    let is = |proposal: &Value, expected: f64| {
        let share = number(&run(proposal), "south_participation_share");
        assert!((share - expected).abs() < 1e-12, "{share}");
    };
    // Fifteen go South and five North, for six weeks each.
    is(&teachers(["teaching", "teaching"]), 0.75);
    is(&teachers(["coursework", "coursework"]), 0.25);
    for path in ["/flows/0/who", "/flows/1/who"] {
        let derived = run(&teachers(["teaching", "teaching"]));
        let inputs = &derived.inputs["/south_participation_share"];
        assert!(inputs.iter().any(|input| input == path), "{inputs:?}");
    }
    is(&teachers(["coursework", "teaching"]), 1.0);
    // Where learners are sent, theirs is the time that counts, and a student who teaches is one of them.
    let mut mixed = teachers(["teaching", "teaching"]);
    mixed["flows"][0]["who"] = json!("student");
    is(&mixed, 1.0);
    let mut unclear = teachers(["teaching", "teaching"]);
    unclear["flows"][1]["activity"] = Value::Null;
    assert_eq!(
        missing(&run(&unclear), "/south_participation_share"),
        ["/flows/1/activity"]
    );
}

#[test]
fn twelve_anatomy_schools_are_all_north() {
    let countries = [
        "AT", "AU", "CA", "DK", "FI", "DE", "DE", "JP", "JP", "TW", "GB", "US",
    ];
    let partners: Vec<Value> = countries
        .iter()
        .enumerate()
        .map(|(index, country)| json!({"id": format!("p{index}"), "country": country}))
        .collect();
    let flow = |from: usize, to: usize, n: u32| {
        json!({"from": format!("p{from}"), "to": format!("p{to}"), "who": "student", "n_per_year": n,
               "weeks": 4, "mode": "in_person", "activity": "research", "hands_on": "none"})
    };
    // Vienna sent 6 and received 5, Columbia sent 18 and received 34: 64 out and 67 in over all twelve.
    let flows = [flow(0, 11, 64), flow(11, 0, 67)];
    let derived = run(&json!({"partners": partners, "flows": flows}));
    assert_eq!(derived.facts["geography"], "north_north");
    assert_eq!(derived.facts["multilateral"], true);
    assert_eq!(derived.facts["countries"], 10);
    assert_eq!(derived.facts["has_south"], false);
    assert_eq!(derived.facts["reciprocity_defined"], false);
    assert!(missing(&derived, "/south_decision_share").contains(&"/partners/11/decision_seats"));
    assert!(
        !derived.facts.contains_key("reciprocity") && !derived.missing.contains_key("/reciprocity")
    );
    assert_eq!(derived.facts["flows"][0]["direction"], "NN");
}

#[test]
fn shares_of_a_pair() {
    let derived = run(&pair("KE", 4.0, 8.0));
    for (name, expected) in [
        ("reciprocity", 0.5),
        ("south_participation_share", 1.0 / 3.0),
        ("participation_person_weeks", 72.0),
        ("south_decision_share", 0.25),
        ("south_budget_share", 0.2),
        ("south_co_design_share", 1.0),
        ("design_partners", 1.0),
        ("cost_per_learner_usd", 2000.0),
        ("home_strand_share", 1.0 / 3.0),
        ("contribution_share", 0.5),
        ("largest_decision_share", 0.75),
        ("largest_budget_share", 0.8),
        ("reach_share", 0.25),
        ("learner_mean_weeks_north_to_south", 6.0),
        ("visitor_mean_weeks_north_to_south", 6.0),
        ("north_to_south_visitor_persons", 8.0),
        ("south_to_north_learner_person_weeks", 24.0),
    ] {
        let value = number(&derived, name);
        assert!(
            (value - expected).abs() < 1e-12,
            "{name} is {value}, expected {expected}"
        );
    }
    assert_eq!(derived.facts["south_lead"], true);
    assert_eq!(derived.facts["fully_virtual"], false);
    assert_eq!(derived.facts["flows"][0]["clinical"], false);
    assert_eq!(derived.facts["flows"][1]["clinical"], true);
    assert_eq!(derived.facts["partners"][1]["gni_per_head_usd"], 2500.0);
    assert_eq!(derived.facts["origin_on_safeguards_list"], false);
    assert!(derived.problems.is_empty());
    assert_eq!(
        derived.inputs["/reciprocity_defined"],
        [
            "/partners/0/country",
            "/partners/0/id",
            "/partners/1/country",
            "/partners/1/id",
            "/flows/1/from",
            "/flows/1/to",
            "/flows/1/who",
            "/flows/1/mode",
            "/flows/1/n_per_year",
            "/flows/1/weeks"
        ]
    );
}

#[test]
fn tuition_against_income_where_students_come_from() {
    let mut proposal = pair("MW", 5.0, 5.0);
    proposal["flows"][0]["activity"] = json!("degree");
    proposal["access"]["tuition_usd_year"] = json!(7000);
    proposal["access"]["tuition_relief_share"] = json!(0.9);
    assert!(
        (number(&run(&proposal), "tuition_to_income") - 1.0).abs() < 1e-12,
        "700 of 700 USD"
    );
    // With both flows a degree, the mean of 700/700 and 700/40000.
    proposal["flows"][1]["activity"] = json!("degree");
    assert!((number(&run(&proposal), "tuition_to_income") - 0.508_75).abs() < 1e-12);
    proposal["access"]
        .as_object_mut()
        .unwrap()
        .remove("tuition_relief_share");
    let derived = run(&proposal);
    assert_eq!(
        missing(&derived, "/tuition_to_income"),
        ["/access/tuition_relief_share"]
    );
}

#[test]
fn teachers_of_both_sides() {
    let mut proposal = pair("MW", 5.0, 20.0);
    assert!(!run(&proposal).facts.contains_key("faculty_balance"));
    for flow in [0, 1] {
        proposal["flows"][flow]["who"] = json!("faculty");
    }
    assert!((number(&run(&proposal), "faculty_balance") - 0.25).abs() < 1e-12);
    proposal["partners"][1]["country"] = json!("CA");
    assert!(
        (number(&run(&proposal), "faculty_balance") - 0.25).abs() < 1e-12,
        "by partner in one bloc"
    );
    proposal["flows"].as_array_mut().unwrap().pop();
    assert!(
        number(&run(&proposal), "faculty_balance").abs() < 1e-12,
        "nobody comes back"
    );
}

#[test]
fn a_missing_fact_is_asked_for_only_where_it_matters() {
    let mut proposal = pair("KE", 4.0, 8.0);
    proposal["partners"][1]
        .as_object_mut()
        .unwrap()
        .remove("country");
    proposal["flows"][1]
        .as_object_mut()
        .unwrap()
        .remove("weeks");
    let derived = run(&proposal);
    assert_eq!(derived.facts["has_north"], true);
    assert_eq!(missing(&derived, "/has_south"), ["/partners/1/country"]);
    assert_eq!(
        missing(&derived, "/flows/1/person_weeks"),
        ["/flows/1/weeks"]
    );
    assert_eq!(
        missing(&derived, "/reciprocity"),
        ["/partners/1/country", "/flows/1/weeks"]
    );
    assert_eq!(
        missing(&derived, "/south_budget_share"),
        ["/partners/1/country"]
    );
    assert!((number(&derived, "cost_per_learner_usd") - 2000.0).abs() < 1e-12);

    // Nobody travels in the second flow: how long they would have stayed no longer matters.
    proposal["flows"][1]["mode"] = json!("virtual");
    let derived = run(&proposal);
    assert_eq!(derived.facts["north_to_south_learner_persons"], 0.0);
    assert_eq!(derived.facts["reciprocity_defined"], false);

    // A partner without money and seats: where it is does not change the South's share.
    proposal["partners"][1]["budget_share"] = json!(0);
    proposal["partners"][1]["decision_seats"] = json!(0);
    let derived = run(&proposal);
    assert!(number(&derived, "south_budget_share").abs() < 1e-12);
    assert!(number(&derived, "south_decision_share").abs() < 1e-12);
}

#[test]
fn a_group_of_nobody_is_no_more_known_than_one_of_which_nobody_says_how_many() {
    let mut proposal = pair("KE", 4.0, 8.0);
    proposal["flows"].as_array_mut().unwrap().truncate(1);
    let cost = number(&run(&proposal), "cost_per_learner_usd");
    for persons in [json!(0), Value::Null] {
        proposal["flows"][0]["n_per_year"] = persons;
        assert!((number(&run(&proposal), "cost_per_learner_usd") - cost).abs() < 1e-12);
    }
    // What one of nobody costs is missing, also while it is open whether anybody goes.
    proposal["flows"][0]["n_per_year"] = json!(0);
    proposal["flows"][0]["net_cost_usd"] = Value::Null;
    let cost_place = "/flows/0/net_cost_usd";
    assert_eq!(
        missing(&run(&proposal), "/cost_per_learner_usd"),
        [cost_place]
    );
    proposal["flows"][0]["mode"] = Value::Null;
    let derived = run(&proposal);
    assert!(missing(&derived, "/cost_per_learner_usd").contains(&cost_place));
}

#[test]
fn a_cost_in_another_currency_counts_at_the_rate_given_and_dollars_come_first() {
    let mut proposal = pair("KE", 4.0, 8.0);
    proposal["flows"].as_array_mut().unwrap().truncate(1);
    let cost = |proposal: &Value| number(&run(proposal), "cost_per_learner_usd");
    proposal["flows"][0]["net_cost_usd"] = Value::Null;
    proposal["flows"][0]["net_cost"] =
        json!({"amount": 900, "currency": "EUR", "year": 2026, "per_usd": 0.9});
    assert!((cost(&proposal) - 1000.0).abs() < 1e-9);
    proposal["flows"][0]["net_cost_usd"] = json!(70);
    assert!((cost(&proposal) - 70.0).abs() < 1e-9);
    // Without a rate no amount is known, and what is asked for is the amount in dollars.
    proposal["flows"][0]["net_cost_usd"] = Value::Null;
    proposal["flows"][0]["net_cost"]["per_usd"] = Value::Null;
    assert_eq!(
        missing(&run(&proposal), "/cost_per_learner_usd"),
        ["/flows/0/net_cost_usd"]
    );
}

#[test]
fn absent_lists_are_missing_and_empty_lists_are_none() {
    let derived = run(&json!({}));
    assert_eq!(missing(&derived, "/reciprocity"), ["/flows"]);
    assert_eq!(missing(&derived, "/fully_virtual"), ["/flows"]);
    assert_eq!(missing(&derived, "/has_south"), ["/partners"]);
    assert_eq!(missing(&derived, "/south_co_design_share"), ["/partners"]);
    assert_eq!(
        missing(&derived, "/reach_share"),
        ["/access/reached", "/access/eligible"]
    );
    assert_eq!(derived.facts.keys().collect::<Vec<_>>(), ["income_year"]);

    let derived = run(&json!({"partners": [], "flows": []}));
    assert_eq!(derived.facts["fully_virtual"], false);
    assert_eq!(derived.facts["reciprocity_defined"], false);
    assert_eq!(derived.facts["has_south"], false);
    assert_eq!(derived.facts["geography"], "none");
    assert_eq!(derived.inputs["/fully_virtual"], ["/flows"]);
    assert_eq!(derived.inputs["/has_south"], ["/partners"]);
    assert!(!derived.missing.contains_key("/cost_per_learner_usd"));

    let derived =
        run(&json!({"flows": [{"from": "a", "who": "student", "n_per_year": 3, "weeks": 2}]}));
    assert_eq!(missing(&derived, "/flows/0/origin_bloc"), ["/partners"]);
    assert_eq!(
        missing(&derived, "/flows/0/destination_bloc"),
        ["/partners", "/flows/0/to"]
    );
}

#[test]
fn everything_wrong_is_reported_at_once_with_what_was_meant() {
    let mut proposal = pair("Kenya", 4.0, 8.0);
    proposal["partners"][0]["country"] = json!("UK");
    proposal["partners"][0]["budget_share"] = json!(0.9);
    proposal["flows"][0]["to"] = json!("N");
    proposal["access"]["reached"] = json!(500);
    let derived = run(&proposal);
    let seen: Vec<(&str, Option<&str>)> = derived
        .problems
        .iter()
        .map(|problem| (problem.path.as_str(), problem.suggestion.as_deref()))
        .collect();
    assert_eq!(
        seen,
        [
            ("/partners/0/country", Some("GB (United Kingdom)")),
            ("/partners/1/country", Some("KE (Kenya)")),
            ("/partners", None),
            ("/flows/0/to", Some("n")),
            ("/access/reached", None),
        ]
    );
    assert_eq!(
        missing(&derived, "/flows/0/destination_bloc"),
        ["/flows/0/to"]
    );
    assert_eq!(missing(&derived, "/reach_share"), ["/access/reached"]);
}

fn optional(value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    prop_oneof![4 => value, 1 => Just(Value::Null)].boxed()
}

fn one_of(choices: &'static [&'static str]) -> BoxedStrategy<Value> {
    optional(prop::sample::select(choices).prop_map(Value::from))
}

fn amount() -> BoxedStrategy<Value> {
    optional(prop_oneof![Just(0.0), Just(1.0), Just(2.5), Just(12.0)].prop_map(Value::from))
}

prop_compose! {
    fn a_partner()(
        country in one_of(&["US", "KE", "MW", "DE", "ET"]),
        kind in one_of(&["university", "medical_school", "ngo"]),
        role in one_of(&["lead", "member", "intermediary"]),
        seats in amount(), budget in optional(prop_oneof![Just(0.0), Just(0.25)].prop_map(Value::from)),
        truths in prop::collection::vec(optional(any::<bool>().prop_map(Value::from)), 3),
        named in prop::bool::weighted(0.9),
    ) -> (Value, bool) {
        (json!({"country": country, "kind": kind, "role": role, "decision_seats": seats, "budget_share": budget,
                "co_designed": truths[0], "contributes": truths[1], "offers_iah": truths[2]}), named)
    }
}

prop_compose! {
    fn a_flow()(
        from in one_of(&["p0", "p1", "p2"]), to in one_of(&["p0", "p1", "p2"]),
        who in one_of(&["student", "trainee", "faculty"]), mode in one_of(&["in_person", "virtual"]),
        activity in one_of(&["observation", "supervised_care", "teaching", "degree", "coursework"]),
        hands_on in one_of(&["none", "within_home_scope"]),
        n in amount(), weeks in amount(), cost in amount(),
    ) -> Value {
        json!({"from": from, "to": to, "who": who, "mode": mode, "activity": activity, "hands_on": hands_on,
               "n_per_year": n, "weeks": weeks, "net_cost_usd": cost})
    }
}

prop_compose! {
    fn a_proposal()(
        partners in prop::collection::vec(a_partner(), 3), flows in prop::collection::vec(a_flow(), 0..4),
        access in prop::collection::vec(amount(), 3),
    ) -> Value {
        let partners: Vec<Value> = partners.into_iter().enumerate().map(|(index, (mut partner, named))| {
            if named { partner["id"] = json!(format!("p{index}")); }
            partner
        }).collect();
        json!({"partners": partners, "flows": flows, "access": {
            "eligible": access[0], "reached": access[1], "tuition_usd_year": access[2], "tuition_relief_share": 0.5}})
    }
}

/// Every value of the proposal that is not null: lists, entries and single values.
fn given(value: &Value, pointer: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                given(value, &format!("{pointer}/{key}"), into);
            }
        }
        Value::Array(list) => {
            into.push(pointer.to_owned());
            for (index, value) in list.iter().enumerate() {
                into.push(format!("{pointer}/{index}"));
                given(value, &format!("{pointer}/{index}"), into);
            }
        }
        Value::Null => {}
        _ => into.push(pointer.to_owned()),
    }
}

/// Every single value among the facts, by pointer.
fn leaves(value: &Value, pointer: &str, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(map) => {
            map.iter()
                .for_each(|(key, value)| leaves(value, &format!("{pointer}/{key}"), into));
        }
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, value)| leaves(value, &format!("{pointer}/{index}"), into)),
        single => into.push((pointer.to_owned(), single.clone())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn taking_an_answer_away_never_changes_a_fact(proposal in a_proposal(), pick in any::<prop::sample::Index>()) {
        let before = run(&proposal);
        let mut places = Vec::new();
        given(&proposal, "", &mut places);
        let removed = &places[pick.index(places.len())];
        let mut poorer = proposal.clone();
        *poorer.pointer_mut(removed).unwrap() = Value::Null;
        let after = run(&poorer);
        let mut facts = Vec::new();
        leaves(&Value::Object(after.facts.clone()), "", &mut facts);
        let rich = Value::Object(before.facts);
        for (pointer, value) in facts {
            prop_assert_eq!(rich.pointer(&pointer), Some(&value), "{} after {} was removed", pointer, removed);
        }
        for pointer in before.missing.keys() {
            let still = after.missing.contains_key(pointer)
                || after.missing.keys().any(|shorter| pointer.starts_with(&format!("{shorter}/")));
            prop_assert!(still, "{} is no longer missing after {} was removed", pointer, removed);
        }
    }

    #[test]
    fn what_is_named_as_missing_is_absent(proposal in a_proposal()) {
        let derived = run(&proposal);
        let facts = Value::Object(derived.facts.clone());
        for (fact, places) in &derived.missing {
            prop_assert!(!places.is_empty());
            prop_assert_eq!(facts.pointer(fact), None);
            for place in places {
                let value = proposal.pointer(place).unwrap_or(&Value::Null);
                let invalid = derived.problems.iter().any(|problem| &problem.path == place);
                prop_assert!(value.is_null() || invalid, "{} is {} and said to be missing for {}", place, value, fact);
            }
        }
        for places in derived.inputs.values() {
            for place in places {
                prop_assert!(!proposal.pointer(place).unwrap_or(&Value::Null).is_null(), "{} is evidence", place);
            }
        }
    }
}

#[test]
fn no_flow_has_more_learners_than_are_reached() {
    let wrong = |who: &str, persons: f64, reached: f64| {
        let proposal = json!({
            "partners": [{ "id": "a", "country": "NL" }, { "id": "b", "country": "MW" }],
            "flows": [{ "from": "a", "to": "b", "who": who, "n_per_year": persons, "mode": "in_person" }],
            "access": { "reached": reached, "eligible": 900 }
        });
        let derived = run(&proposal);
        let problems = derived.problems.into_iter();
        problems.map(|problem| problem.path).collect::<Vec<_>>()
    };
    assert_eq!(wrong("student", 800.0, 5.0), ["/flows/0/n_per_year"]);
    assert_eq!(wrong("student", 5.0, 5.0), [""; 0]);
    assert_eq!(wrong("faculty", 800.0, 5.0), [""; 0]);
}
