//! What cannot be true of a journey is said at its place; what only looks odd is not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use evenhand_plugin::Value;
use evenhand_plugin::testing::Harness;
use evenhand_plugin_climate::plugin_table;
use serde_json::json;

/// Lyon to Dakar and back, and what `change` makes of it.
fn problems(change: impl FnOnce(&mut Value)) -> Vec<(String, String)> {
    let mut proposal = json!({
        "partners": [
            { "id": "lyon", "country": "FR", "place": { "airport": "LYS" } },
            { "id": "dakar", "country": "SN", "place": { "airport": "DSS" } }
        ],
        "flows": [{
            "from": "lyon", "to": "dakar", "n_per_year": 6, "weeks": 5, "mode": "in_person", "transport": "plane"
        }]
    });
    change(&mut proposal);
    let derived = Harness::new(plugin_table(), &json!({}))
        .unwrap()
        .derive(&proposal)
        .unwrap();
    derived
        .problems
        .into_iter()
        .map(|problem| (problem.path, problem.message))
        .collect()
}

#[track_caller]
fn flow(set: &[(&str, Value)], expected: &[(&str, &str)]) {
    let found = problems(|proposal| {
        let flow = proposal["flows"][0].as_object_mut().unwrap();
        for (name, value) in set {
            flow.insert((*name).to_owned(), value.clone());
        }
    });
    let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
    let wanted: Vec<&str> = expected.iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, wanted, "{set:?}: {found:?}");
    for ((_, message), (_, part)) in found.iter().zip(expected) {
        assert!(message.contains(part), "{message}");
    }
}

#[track_caller]
fn place(country: &str, place: &Value, expected: Option<&str>) {
    let found = problems(|proposal| {
        proposal["partners"][1] = json!({ "id": "dakar", "country": country, "place": place });
    });
    match expected {
        None => assert_eq!(found, [], "{country}"),
        Some(part) => {
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, "/partners/1/place/lat");
            assert!(found[0].1.contains(part), "{found:?}");
        }
    }
}

#[test]
fn an_honest_journey_is_let_pass() {
    flow(&[], &[]);
    // 4,000 km as the crow flies; somebody remembers 3,600.
    flow(&[("km_one_way", json!(3_650))], &[]);
    flow(&[("nights", json!(36)), ("return_trips", json!(2))], &[]);
    flow(
        &[(
            "legs",
            json!([
                { "mode": "train", "from": "lyon", "to": "CDG", "country": "FR" },
                { "mode": "plane", "from": "CDG", "to": "DSS" },
                { "mode": "car", "km": 40 }
            ]),
        )],
        &[],
    );
    // There and back, written out: odd, and no other place.
    flow(
        &[(
            "legs",
            json!([
                { "mode": "plane", "from": "LYS", "to": "CMN" }, { "mode": "plane", "from": "CMN", "to": "DSS" },
                { "mode": "plane", "from": "DSS", "to": "LYS" }
            ]),
        )],
        &[],
    );
    flow(&[("transport", json!("coach"))], &[]);
}

#[test]
fn kilometres_are_no_fewer_than_the_straight_line() {
    flow(
        &[("km_one_way", json!(900))],
        &[("/flows/0/km_one_way", "less than the straight line")],
    );
    flow(
        &[("km_one_way", json!(0))],
        &[
            ("/flows/0/km_one_way", "less than the straight line"),
            ("/flows/0/km_one_way", "goes nowhere"),
        ],
    );
    flow(
        &[(
            "legs",
            json!([{ "mode": "plane", "from": "LYS", "to": "DSS", "km": 0 }]),
        )],
        &[("/flows/0/legs/0/km", "less than the straight line")],
    );
    flow(
        &[(
            "legs",
            json!([{ "mode": "plane", "from": "Lyon-Bron", "to": "DSS", "km": 0 }]),
        )],
        &[("/flows/0/legs/0/km", "goes nowhere")],
    );
}

#[test]
fn parts_of_a_journey_continue_and_end_where_the_flow_does() {
    flow(
        &[(
            "legs",
            json!([{ "mode": "plane", "from": "LYS", "to": "CMN" }, { "mode": "plane", "from": "TUN", "to": "DSS" }]),
        )],
        &[("/flows/0/legs/1/from", "part 1 ends at CMN")],
    );
    flow(
        &[(
            "legs",
            json!([{ "mode": "plane", "from": "LYS", "to": "ABJ" }]),
        )],
        &[("/flows/0/legs/0/to", "ends at ABJ")],
    );
    flow(
        &[(
            "legs",
            json!([{ "mode": "plane", "from": "HAM", "to": "DSS" }]),
        )],
        &[("/flows/0/legs/0/from", "begins at HAM")],
    );
    flow(&[("to", json!("lyon"))], &[("/flows/0/to", "to itself")]);
}

#[test]
fn nothing_on_wheels_crosses_an_ocean() {
    let over = |airport: &str, country: &str, transport: &str| {
        let found = problems(|proposal| {
            proposal["partners"][1] =
                json!({ "id": "dakar", "country": country, "place": { "airport": airport } });
            proposal["flows"][0]["transport"] = json!(transport);
        });
        found.first().map(|(path, _)| path.clone())
    };
    let at = Some("/flows/0/transport".to_owned());
    assert_eq!(over("GRU", "BR", "train"), at);
    assert_eq!(over("TNR", "MG", "car_shared"), at);
    assert_eq!(over("AKL", "NZ", "coach"), at);
    assert_eq!(over("HNL", "US", "bus"), at);
    assert_eq!(over("LHR", "GB", "train"), None);
    assert_eq!(over("TUN", "TN", "car"), None);
    assert_eq!(over("GRU", "BR", "ferry"), None);
    flow(
        &[(
            "legs",
            json!([
                { "mode": "coach", "from": "LYS", "to": "PTP" }, { "mode": "plane", "from": "PTP", "to": "DSS" }
            ]),
        )],
        &[("/flows/0/legs/0/mode", "does not go over the sea")],
    );
}

#[test]
fn nights_fit_into_weeks_and_nobody_goes_without_a_journey() {
    flow(
        &[("nights", json!(43))],
        &[("/flows/0/nights", "43 nights do not fit into 5 weeks")],
    );
    flow(&[("nights", json!(42))], &[]);
    flow(
        &[("return_trips", json!(0))],
        &[("/flows/0/return_trips", "without a journey")],
    );
    flow(
        &[(
            "legs",
            json!([{ "mode": "plane", "from": "LYS", "to": "DSS", "trips": 0 }]),
        )],
        &[("/flows/0/legs/0/trips", "nobody travels")],
    );
    // Nothing of it concerns people who stay where they are.
    flow(
        &[
            ("mode", json!("virtual")),
            ("return_trips", json!(0)),
            ("nights", json!(400)),
        ],
        &[],
    );
}

#[test]
fn a_place_is_where_it_can_be() {
    place("SN", &json!({ "lat": 14.7, "lon": -17.4 }), None);
    place("SN", &json!({ "lat": 0, "lon": 0 }), Some("empty field"));
    place(
        "SN",
        &json!({ "lat": -17.4, "lon": 14.7 }),
        Some("exchanged"),
    );
    // Neither way round in the country: odd, and not known which is wrong.
    place("SN", &json!({ "lat": 60, "lon": 25 }), None);
}
