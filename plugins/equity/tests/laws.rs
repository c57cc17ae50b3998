//! The plugin through its table, as a host calls it.

use evenhand_plugin::testing::{Harness, assert_lawful};
use evenhand_plugin::{Argument, abi};
use evenhand_plugin_equity::plugin_table;
use serde_json::{Value, json};

fn proposal() -> Value {
    json!({
        "partners": [
            {"id": "umu", "country": "DE", "kind": "university", "role": "lead", "decision_seats": 3,
             "budget_share": 0.7, "co_designed": true, "contributes": true, "offers_iah": true},
            {"id": "nbo", "country": "KE", "kind": "medical_school", "role": "co_lead", "decision_seats": 3,
             "budget_share": 0.3, "co_designed": true, "contributes": true, "offers_iah": false},
            {"id": "net", "country": "TW", "kind": "network", "role": "member", "decision_seats": 0,
             "budget_share": 0, "co_designed": false, "contributes": false, "offers_iah": false}],
        "flows": [
            {"from": "umu", "to": "nbo", "who": "student", "n_per_year": 8, "weeks": 6, "mode": "in_person",
             "activity": "supervised_care", "hands_on": "within_home_scope", "net_cost_usd": 900},
            {"from": "nbo", "to": "umu", "who": "trainee", "n_per_year": 4, "weeks": 6, "mode": "in_person",
             "activity": "observation", "hands_on": "none", "net_cost_usd": 0},
            {"from": "nbo", "to": "umu", "who": "faculty", "n_per_year": 2, "weeks": 2, "mode": "in_person",
             "activity": "teaching"},
            {"from": "umu", "to": "nbo", "who": "staff", "n_per_year": 2, "weeks": 4, "mode": "virtual",
             "activity": "teaching"}],
        "access": {"eligible": 400, "reached": 120, "tuition_usd_year": 5000, "tuition_relief_share": 0.5}
    })
}

#[test]
fn keeps_the_contract() {
    let network = json!({"partners": [{"id": "a", "country": "US"}], "flows": []});
    for settings in [
        json!({}),
        json!({"south": ["low"], "gni_proxy_usd": {"low": 800}}),
    ] {
        assert_lawful(plugin_table(), &settings, &[proposal(), network.clone()]);
    }
}

#[test]
fn everything_can_be_computed_from_a_whole_proposal() {
    let mut equity = Harness::new(plugin_table(), &json!({})).unwrap();
    let derived = equity.derive(&proposal()).unwrap();
    assert_eq!(derived.missing.len(), 0, "{:?}", derived.missing);
    let properties = equity.manifest()["provides"]["properties"]
        .as_object()
        .unwrap();
    let names: Vec<&String> = properties.keys().collect();
    assert_eq!(
        derived.facts.keys().collect::<Vec<_>>(),
        names,
        "every declared fact, and nothing else"
    );
    for list in ["partners", "flows"] {
        let declared = properties[list]["items"]["properties"].as_object().unwrap();
        let entry = derived.facts[list][0].as_object().unwrap();
        assert_eq!(
            entry.keys().collect::<Vec<_>>(),
            declared.keys().collect::<Vec<_>>()
        );
    }
    assert_eq!(derived.facts["faculty_balance"], 0.5);
    assert_eq!(derived.facts["multilateral"], true);
}

#[test]
fn functions_answer_and_explain() {
    let mut equity = Harness::new(plugin_table(), &json!({"south": ["low"]})).unwrap();
    let mut call = |name: &str, code: &str| equity.call(name, &[code.into()]);
    assert_eq!(
        call("income_group", "KE"),
        Ok(Argument::Text("lower_middle".to_owned()))
    );
    assert_eq!(
        call("bloc", "KE"),
        Ok(Argument::Text("north".to_owned())),
        "the board moved the line"
    );
    assert_eq!(call("bloc", "MW"), Ok(Argument::Text("south".to_owned())));
    assert_eq!(
        call("on_who_safeguards_list", "MW"),
        Ok(Argument::Bool(true))
    );
    assert_eq!(
        call("country_name", "NA"),
        Ok(Argument::Text("Namibia".to_owned()))
    );
    let failure = call("bloc", "UK").unwrap_err();
    assert_eq!(failure.status, abi::STATUS_FAILED);
    assert!(
        failure
            .message
            .contains("did you mean GB (United Kingdom)?"),
        "{failure}"
    );
}

#[test]
fn wrong_settings_are_refused_with_all_reasons() {
    let failure = Harness::new(
        plugin_table(),
        &json!({"south": ["poor"], "gni_proxy_usd": {"high": -1}}),
    )
    .unwrap_err();
    assert_eq!(failure.status, abi::STATUS_BAD_ARGS);
    assert!(
        failure.message.contains("`poor`") && failure.message.contains("gni_proxy_usd.high"),
        "{failure}"
    );
}
