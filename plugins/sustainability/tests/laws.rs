//! The plugin through its table, as a host calls it.

use evenhand_plugin::abi;
use evenhand_plugin::testing::{Harness, assert_lawful};
use evenhand_plugin_sustainability::plugin_table;
use serde_json::{Value, json};

fn proposal() -> Value {
    json!({
        "program": {"duration_years": 4},
        "finance": {"secured_years": 2, "largest_source_share": 0.6, "after_funding": "stated"},
        "partners": [{"role": "lead"}, {"role": "host_site"}, {"role": "funder"}],
        "flows": [{"mode": "virtual"}, {"mode": "in_person"}],
        "governance": {"agreement": "mou"},
        "continuity": {"relationship_years": 5, "champions": 2, "embedded": true, "disruption_plan": false,
                       "capacity_building": "structured", "local_trainer_share": 0.5}
    })
}

#[test]
fn keeps_the_contract() {
    for settings in [
        json!({}),
        json!({"horizon_years": 3, "draws": 1000, "rates": {"disruption": 0.1}}),
    ] {
        assert_lawful(plugin_table(), &settings, &[proposal()]);
    }
}

#[test]
fn declares_every_fact_and_every_rate() {
    let mut plugin = Harness::new(plugin_table(), &json!({})).unwrap();
    let derived = plugin.derive(&proposal()).unwrap();
    let manifest = plugin.manifest();
    let declared = manifest["provides"]["properties"].as_object().unwrap();
    assert_eq!(
        derived.facts.keys().collect::<Vec<_>>(),
        declared.keys().collect::<Vec<_>>()
    );
    let rates = manifest["settings"]["properties"]["rates"]["properties"]
        .as_object()
        .unwrap();
    let keys: Vec<&str> = manifest["sources"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|source| source["key"].as_str())
        .collect();
    let assumptions = derived.facts["assumptions"].as_array().unwrap();
    assert_eq!(assumptions.len(), rates.len());
    for rate in assumptions {
        let declared = &rates[rate["name"].as_str().unwrap()];
        assert_eq!(declared["default"], rate["value"], "{rate}");
        assert_eq!(declared["title"], rate["title"], "{rate}");
        let source = rate["source"].as_str().unwrap();
        assert!(
            source.is_empty() || keys.contains(&source),
            "{source} is no source of the manifest"
        );
    }
}

#[test]
fn a_batch_answers_as_single_calls_do() {
    let mut plugin = Harness::new(plugin_table(), &json!({"draws": 1000})).unwrap();
    for secured in 0..40_u32 {
        let mut proposal = proposal();
        proposal["finance"]["secured_years"] = json!(f64::from(secured) / 10.0);
        let fresh = Harness::new(plugin_table(), &json!({"draws": 1000}))
            .unwrap()
            .derive(&proposal);
        assert_eq!(
            plugin.derive(&proposal),
            fresh,
            "what is remembered changes nothing"
        );
    }
}

#[test]
fn wrong_settings_are_refused_with_all_reasons() {
    let failure =
        Harness::new(plugin_table(), &json!({"draws": 3, "rates": {"luck": 1}})).unwrap_err();
    assert_eq!(failure.status, abi::STATUS_BAD_ARGS);
    assert!(
        failure.message.contains("`draws` is 3") && failure.message.contains("`rates.luck`"),
        "{failure}"
    );
}

#[test]
fn the_readme_lists_the_rates_in_force() {
    let readme = include_str!("../README.md");
    let derived = Harness::new(plugin_table(), &json!({}))
        .unwrap()
        .derive(&json!({}))
        .unwrap();
    for rate in derived.facts["assumptions"].as_array().unwrap() {
        let row = format!(
            "| `{}` | {} | {} | {} | {} |",
            rate["name"].as_str().unwrap(),
            rate["title"].as_str().unwrap(),
            rate["favourable"],
            rate["value"],
            rate["unfavourable"]
        );
        assert!(readme.contains(&row), "no row {row}");
    }
}
