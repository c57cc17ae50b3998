//! What is odd of a journey is asked about, and what is usual is not.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use evenhand_plugin::testing::Harness;
use evenhand_plugin::{Check, Value};
use evenhand_plugin_climate::plugin_table;
use serde_json::json;

/// Lyon to Dakar and back, and what `change` makes of it.
fn checks(change: impl FnOnce(&mut Value)) -> Vec<Check> {
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
    assert_eq!(derived.problems, [], "{proposal}");
    derived.checks
}

#[track_caller]
fn flow(set: &Value, expected: &[(&str, &[&str])]) {
    let found = checks(|proposal| {
        let flow = proposal["flows"][0].as_object_mut().unwrap();
        flow.extend(set.as_object().unwrap().clone());
    });
    let found: Vec<(&str, Vec<&str>)> = found
        .iter()
        .map(|check| {
            let doubts = check
                .doubts
                .iter()
                .map(|path| path.trim_start_matches("/flows/0/"));
            (check.code.as_str(), doubts.collect())
        })
        .collect();
    let expected: Vec<(&str, Vec<&str>)> = expected
        .iter()
        .map(|(code, doubts)| (*code, doubts.to_vec()))
        .collect();
    assert_eq!(found, expected, "{set}");
}

#[test]
fn nights_fit_the_weeks() {
    let odd: &[(&str, &[&str])] = &[("nights-and-weeks", &["nights"])];
    for (nights, expected) in [
        (14, odd),
        (15, &[]),
        (35, &[]),
        (37, &[]),
        (38, odd),
        (42, odd),
    ] {
        flow(&json!({ "nights": nights }), expected);
    }
    flow(
        &json!({ "nights": 1, "mode": "virtual", "transport": null }),
        &[],
    );
}

#[test]
fn kilometres_are_not_less_than_the_straight_line() {
    let odd: &[(&str, &[&str])] = &[("kilometres", &["km_one_way"])];
    // The great circle has some 4,010 km.
    for (km, expected) in [(3600, odd), (4100, &[] as &[_]), (9000, &[])] {
        flow(&json!({ "km_one_way": km }), expected);
    }
    let leg =
        |km: u32| json!({ "legs": [{ "mode": "plane", "from": "LYS", "to": "DSS", "km": km }] });
    flow(&leg(3600), &[("kilometres", &["legs/0/km"])]);
    flow(&leg(4100), &[]);
}

#[test]
fn a_long_way_by_road_is_asked_about() {
    let sofia = |transport: &str, to: Value| {
        let found = checks(|proposal| {
            proposal["partners"][1] = to;
            proposal["flows"][0]["transport"] = json!(transport);
        });
        found
            .into_iter()
            .map(|check| check.code)
            .collect::<Vec<_>>()
    };
    let near = || json!({ "id": "dakar", "country": "BG", "place": { "airport": "SOF" } });
    let far = || json!({ "id": "dakar", "country": "KZ", "place": { "airport": "ALA" } });
    assert_eq!(sofia("coach", near()), [""; 0]);
    for transport in ["coach", "car", "car_shared"] {
        assert_eq!(sofia(transport, far()), ["long-way-by-road"]);
    }
    assert_eq!(sofia("train", far()), [""; 0]);
    assert_eq!(sofia("ferry", far()), ["long-way-by-ferry"]);
    assert_eq!(sofia("ferry", near()), [""; 0]);
    // Of the countries alone, the least way between them counts.
    let country = |code: &str| json!({ "id": "dakar", "country": code });
    assert_eq!(sofia("coach", country("TR")), [""; 0], "about 2,000 km");
    for code in ["MN", "KE"] {
        assert_eq!(sofia("coach", country(code)), ["long-way-by-road"]);
    }
    flow(
        &json!({ "transport": "plane", "legs": [{ "mode": "coach", "from": "LYS", "to": "lyon", "km": 3001 },
            { "mode": "plane", "from": "LYS", "to": "DSS" }] }),
        &[("long-way-by-road", &["legs/0/mode"])],
    );
}

#[test]
fn no_train_runs_from_one_railway_to_another() {
    let train = |from: Value, to: Value| {
        let found = checks(|proposal| {
            proposal["partners"] = json!([from, to]);
            proposal["partners"][0]["id"] = json!("lyon");
            proposal["partners"][1]["id"] = json!("dakar");
            proposal["flows"][0]["transport"] = json!("train");
        });
        let codes = found.into_iter().map(|check| (check.code, check.doubts));
        codes.collect::<Vec<_>>()
    };
    let only = |country: &str| json!({ "country": country });
    let odd = || {
        vec![(
            "no-through-train".to_owned(),
            vec!["/flows/0/transport".to_owned()],
        )]
    };
    for (from, to, expected) in [
        ("NL", "MW", odd()),
        ("EG", "IL", odd()),
        ("CO", "PA", odd()),
        ("FR", "CN", vec![]),
        ("KE", "TZ", vec![]),
        ("BR", "AR", vec![]),
        ("US", "MX", vec![]),
    ] {
        assert_eq!(train(only(from), only(to)), expected, "{from} {to}");
    }
    assert_eq!(
        train(
            json!({ "country": "ES", "place": { "airport": "MAD" } }),
            json!({ "country": "MA", "place": { "airport": "CMN" } })
        ),
        odd()
    );
    flow(
        &json!({ "legs": [{ "mode": "train", "from": "LYS", "to": "DSS" }] }),
        &[("no-through-train", &["legs/0/mode"])],
    );
}

#[test]
fn a_journey_there_and_back_may_be_counted_once() {
    let legs = |parts: &[(&str, &str)]| -> Vec<Value> {
        let leg = |(from, to): &(&str, &str)| json!({ "mode": "plane", "from": from, "to": to });
        parts.iter().map(leg).collect()
    };
    let both = legs(&[("LYS", "DSS"), ("DSS", "LYS")]);
    let found = checks(|proposal| {
        proposal["flows"][0]["legs"] = json!(both);
        proposal["flows"][0]["return_trips"] = json!(2);
    });
    let [check] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(check.code, "there-and-back");
    let reading = check.reading.as_ref().unwrap();
    let changes: Vec<(&str, &Value)> = reading
        .changes
        .iter()
        .map(|change| (change.path.as_str(), &change.value))
        .collect();
    let two = json!(2.0);
    assert_eq!(
        changes,
        [
            ("/flows/0/legs/0/trips", &two),
            ("/flows/0/legs/1/trips", &two)
        ]
    );
    flow(&json!({ "legs": legs(&[("LYS", "DSS")]) }), &[]);
    flow(
        &json!({ "legs": legs(&[("LYS", "CMN"), ("CMN", "DSS")]) }),
        &[],
    );
    let mut told = both;
    told[0]["trips"] = json!(1);
    flow(&json!({ "legs": told }), &[]);
}

#[test]
fn airports_and_places_lie_in_or_near_the_country() {
    let at = |country: &str, place: Value| {
        let found = checks(|proposal| {
            proposal["partners"][1] = json!({ "id": "dakar", "country": country, "place": place });
        });
        found
            .into_iter()
            .map(|check| check.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        at("GM", json!({ "airport": "DSS" })),
        [""; 0],
        "the neighbour's airport"
    );
    assert_eq!(at("KE", json!({ "airport": "DSS" })), ["airport-elsewhere"]);
    assert_eq!(at("KE", json!({ "lat": -1.3, "lon": 36.8 })), [""; 0]);
    assert_eq!(
        at("KE", json!({ "lat": 14.7, "lon": -17.1 })),
        ["place-elsewhere"]
    );
}
