//! The laws of plugins, on documents of every kind.

use evenhand_plugin::Value;
use evenhand_plugin::testing::{Harness, assert_lawful};
use evenhand_plugin_climate::plugin_table;
use serde_json::json;

/// A program with every kind of flow.
fn everything() -> Value {
    json!({
        "partners": [
            { "id": "umu", "country": "SE", "place": { "city": "Umeå", "airport": "UME" } },
            { "id": "nbo", "country": "KE", "place": { "airport": "NBO", "lat": -1.3, "lon": 36.81 } },
            { "id": "京都", "country": "JP", "place": { "city": "京都", "lat": 35.01, "lon": 135.77 } },
            { "id": "lyon", "country": "FR", "place": { "airport": "LYS" } },
            { "id": "köln", "country": "DE", "place": { "airport": "CGN" } },
            { "id": "nowhere" }
        ],
        "flows": [
            { "from": "umu", "to": "nbo", "n_per_year": 8, "weeks": 6, "mode": "in_person",
              "transport": "plane", "lodging": "campus" },
            { "from": "nbo", "to": "umu", "n_per_year": 4, "weeks": 6, "mode": "in_person",
              "transport": "plane", "cabin": "business", "nights": 40 },
            { "from": "köln", "to": "lyon", "n_per_year": 5, "weeks": 12, "mode": "in_person",
              "transport": "train", "lodging": "home_stay" },
            { "from": "京都", "to": "umu", "n_per_year": 2, "weeks": 4, "mode": "in_person",
              "legs": [
                  { "mode": "train", "from": "京都", "to": "KIX", "km": 75, "country": "JP" },
                  { "mode": "plane", "from": "KIX", "to": "ARN", "cabin": "premium_economy" },
                  { "mode": "plane", "from": "ARN", "to": "UME" },
                  { "mode": "taxi", "km": 5, "occupants": 2 }
              ] },
            { "from": "nowhere", "to": "lyon", "n_per_year": 3, "weeks": 1, "mode": "in_person",
              "km_one_way": 400, "transport": "car_shared", "lodging": "hostel" },
            { "from": "nbo", "to": "köln", "n_per_year": 60, "weeks": 8, "mode": "virtual" }
        ]
    })
}

fn documents() -> Vec<Value> {
    vec![
        everything(),
        json!({ "flows": [] }),
        json!({ "flows": null, "partners": null }),
        json!({ "flows": [{}], "partners": [{}] }),
        json!({ "flows": [null, 3, "x", []], "partners": "none", "virtual": 7 }),
        json!({ "flows": [{ "mode": "in_person", "transport": "train", "km_one_way": 300, "n_per_year": 2 }] }),
        json!({ "flows": [{ "mode": "virtual", "n_per_year": 0, "weeks": 4 }] }),
        json!({
            "partners": [{ "id": "a", "country": "KE", "place": { "airport": "NBI" } }],
            "flows": [{ "from": "a", "to": "b", "mode": "in_person", "n_per_year": 1e7, "km_one_way": 20100,
                        "transport": "plane", "return_trips": 1000, "nights": 10000, "weeks": 1040 }]
        }),
        huge(60),
        json!({ "flows": [{ "mode": "in_person", "legs": vec![json!({ "mode": "plane", "from": "ÅÅÅ" }); 50] }] }),
    ]
}

/// Many flows that all lack the same.
fn huge(flows: usize) -> Value {
    json!({ "flows": vec![json!({ "mode": "in_person", "from": "a", "to": "b" }); flows] })
}

#[test]
fn the_laws_of_plugins_hold() {
    assert_lawful(plugin_table(), &json!({}), &documents());
}

#[test]
fn a_huge_proposal_is_answered_within_the_limit_or_refused_in_plain_words() {
    let mut plugin = Harness::new(plugin_table(), &json!({})).unwrap();
    let derived = plugin.derive(&huge(1000)).unwrap();
    assert_eq!(derived.missing["/travel_per_program_t"].len(), 3 * 1000);
    let derived = plugin.derive(&huge(1001)).unwrap();
    assert_eq!(derived.problems[0].path, "/flows");
    assert_eq!(derived.missing["/travel_per_program_t"], ["/flows"]);
}

#[test]
fn the_laws_hold_under_other_settings_too() {
    let settings = json!({ "factor_set": "DESNZ-2024", "wtt": "published", "rf": { "high": 2.0 } });
    assert_lawful(plugin_table(), &settings, &[everything()]);
}

#[test]
fn every_default_of_the_manifest_is_the_one_in_force() {
    fn defaults(schema: &Value) -> Value {
        match schema.get("properties").and_then(Value::as_object) {
            Some(properties) => properties
                .iter()
                .map(|(name, part)| (name.clone(), defaults(part)))
                .collect(),
            None => schema["default"].clone(),
        }
    }
    let mut plain = Harness::new(plugin_table(), &json!({})).unwrap();
    let written = defaults(&plain.manifest()["settings"]);
    assert!(written["rf"]["central"].is_number(), "{written}");
    let mut spelt_out = Harness::new(plugin_table(), &written).unwrap();
    for document in documents() {
        assert_eq!(plain.derive(&document), spelt_out.derive(&document));
    }
}

#[test]
fn wrong_settings_are_refused_in_plain_words() {
    let failure = Harness::new(plugin_table(), &json!({ "factor_set": "DESNZ-2062" })).unwrap_err();
    assert!(
        failure.message.contains("did you mean `DESNZ-2026`?"),
        "{failure}"
    );
}
