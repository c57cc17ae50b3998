//! What is derived from whole and from partial proposals.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use evenhand_plugin::testing::Harness;
use evenhand_plugin::{Argument, Derived, Value};
use evenhand_plugin_climate::plugin_table;
use serde_json::json;

fn derive(proposal: &Value) -> Derived {
    Harness::new(plugin_table(), &json!({}))
        .unwrap()
        .derive(proposal)
        .unwrap()
}

#[track_caller]
fn number(derived: &Derived, pointer: &str) -> f64 {
    let facts = Value::Object(derived.facts.clone());
    facts
        .pointer(pointer)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no {pointer}: {facts}"))
}

#[track_caller]
fn near(found: f64, expected: f64, within: f64) {
    assert!(
        (found - expected).abs() <= within,
        "{found} is not {expected} ± {within}"
    );
}

#[track_caller]
fn missing(derived: &Derived, pointer: &str) -> Vec<String> {
    derived
        .missing
        .get(pointer)
        .cloned()
        .unwrap_or_else(|| panic!("{:?}", derived.missing))
}

fn elective() -> Value {
    json!({
        "partners": [
            { "id": "umu", "country": "SE", "place": { "city": "Umeå", "airport": "UME" } },
            { "id": "nbo", "country": "KE", "place": { "city": "Nairobi", "airport": "NBO" } }
        ],
        "flows": [
            { "from": "umu", "to": "nbo", "n_per_year": 8, "weeks": 6, "mode": "in_person", "transport": "plane" },
            { "from": "nbo", "to": "umu", "n_per_year": 20, "weeks": 3, "mode": "virtual" }
        ],
        "virtual": { "hours_per_person": 18 }
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut proposal = elective();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    proposal
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .insert(name.to_owned(), value);
    proposal
}

#[test]
fn a_whole_proposal_by_hand() {
    let derived = derive(&elective());
    assert!(derived.missing.is_empty(), "{:?}", derived.missing);
    let km = number(&derived, "/flows/0/km_one_way");
    near(km, 7353.0, 1.0);
    let per_km = 0.11704 + 0.01443;
    let travel = 2.0 * km * per_km;
    near(number(&derived, "/flows/0/travel_kg"), travel, 0.01);
    near(
        number(&derived, "/travel_per_program_t/central"),
        8.0 * travel / 1000.0,
        1e-5,
    );
    near(
        number(&derived, "/travel_per_traveller_t/central"),
        travel / 1000.0,
        1e-5,
    );
    // 18 hours in Kenya, 70.492 g/kWh.
    let online = 18.0 * 0.077 * 0.070_492;
    near(number(&derived, "/flows/1/virtual_kg"), online, 0.001);
    near(number(&derived, "/virtual_t"), 20.0 * online / 1000.0, 1e-6);
    near(
        number(&derived, "/person_weeks"),
        8.0 * 6.0 + 20.0 * 3.0,
        1e-9,
    );
    near(number(&derived, "/travellers"), 8.0, 1e-9);
    near(number(&derived, "/flyers"), 8.0, 1e-9);
    let parts = [
        "/co2_t",
        "/non_co2_t",
        "/upstream_t",
        "/stay_t",
        "/virtual_t",
    ];
    let sum: f64 = parts.iter().map(|part| number(&derived, part)).sum();
    near(sum, number(&derived, "/per_program_t/central"), 5e-6);
    near(
        number(&derived, "/per_person_week_t"),
        number(&derived, "/per_program_t/central") / 108.0,
        1e-6,
    );
}

#[test]
fn the_result_names_set_boundary_multiplier_and_assumptions() {
    let derived = derive(&elective());
    assert_eq!(derived.facts["factor_set"], "DESNZ-2026");
    assert_eq!(derived.facts["upstream_set"], "DERIVED-2026");
    near(number(&derived, "/rf"), 1.7, 1e-12);
    assert!(
        derived.facts["boundary"]
            .as_str()
            .unwrap()
            .contains("1.7 times")
    );
    assert_eq!(
        derived.facts["defaults"],
        json!([
            "cabin: economy, where nobody says which",
            "return journeys: one in a stay, where nobody says how many",
            "stays: not counted, where neither nights nor lodging is given"
        ])
    );
}

#[test]
fn heads_that_are_not_known_are_open_where_stays_differ_though_journeys_do_not() {
    let flow = |weeks: u8| {
        json!({ "from": "a", "to": "b", "who": "student", "mode": "in_person", "weeks": weeks, "n_per_year": 5,
            "km_one_way": 6000, "transport": "plane", "cabin": "economy" })
    };
    let derived = |second: u8| {
        let mut proposal =
            json!({ "partners": [{ "id": "a" }, { "id": "b" }], "flows": [flow(2), flow(second)] });
        proposal["flows"][0]["n_per_year"] = Value::Null;
        derive(&proposal)
    };
    let apart = derived(8);
    let (least, most) = (
        number(&apart, "/stay_week_least_t"),
        number(&apart, "/stay_week_most_t"),
    );
    near(most, 4.0 * least, 1e-3);
    near(
        number(&apart, "/traveller_year_least_t"),
        number(&apart, "/traveller_year_most_t"),
        1e-9,
    );
    assert_eq!(apart.facts["open"], json!(["flows[0].n_per_year"]));
    assert_eq!(derived(2).facts["open"], json!([]));
}

#[test]
fn facts_say_what_they_rest_on() {
    let derived = derive(&elective());
    assert_eq!(
        derived.inputs["/flows/0"],
        [
            "/flows/0/from",
            "/flows/0/mode",
            "/flows/0/n_per_year",
            "/flows/0/to",
            "/flows/0/transport",
            "/flows/0/weeks",
            "/partners/0/country",
            "/partners/0/place/airport",
            "/partners/1/place/airport"
        ]
    );
    assert!(derived.inputs["/per_program_t"].contains(&"/virtual/hours_per_person".to_owned()));
}

#[test]
fn what_is_missing_is_named_and_the_rest_is_computed() {
    let derived = derive(&with("/flows/0/n_per_year", Value::Null));
    assert!(number(&derived, "/flows/0/kg_per_person/central") > 1000.0);
    assert_eq!(missing(&derived, "/flows/0/t"), ["/flows/0/n_per_year"]);
    assert_eq!(
        missing(&derived, "/travel_per_traveller_t"),
        ["/flows/0/n_per_year"]
    );
    assert!(number(&derived, "/virtual_t") > 0.0);

    let derived = derive(&with("/flows/0/transport", Value::Null));
    near(number(&derived, "/flows/0/km_one_way"), 7353.0, 1.0);
    assert_eq!(missing(&derived, "/flyers"), ["/flows/0/transport"]);
    near(number(&derived, "/travellers"), 8.0, 1e-9);

    let derived = derive(&with("/partners/1/place", Value::Null));
    assert_eq!(
        missing(&derived, "/per_program_t"),
        ["/partners/1/place/airport"]
    );

    let mut bare = with("/partners/1/place", Value::Null);
    bare["partners"][0]["place"] = Value::Null;
    bare["flows"][0]["n_per_year"] = Value::Null;
    assert_eq!(
        missing(&derive(&bare), "/per_program_t"),
        ["/flows/0/km_one_way", "/flows/0/n_per_year"]
    );

    let derived = derive(&json!({}));
    assert_eq!(missing(&derived, "/per_program_t"), ["/flows"]);
    assert_eq!(derived.facts["factor_set"], "DESNZ-2026");
}

#[test]
fn people_online_need_not_be_counted_to_know_who_flies() {
    let derived = derive(&with("/flows/1/n_per_year", Value::Null));
    near(number(&derived, "/flyers"), 8.0, 1e-9);
    near(
        number(&derived, "/travel_per_traveller_t/central"),
        1.9,
        0.2,
    );
    assert_eq!(missing(&derived, "/person_weeks"), ["/flows/1/n_per_year"]);
}

#[test]
fn a_program_without_travel_has_no_figure_per_traveller_and_asks_for_none() {
    let derived =
        derive(&json!({ "flows": [{ "mode": "virtual", "n_per_year": 10, "weeks": 4 }] }));
    assert!(derived.missing.is_empty(), "{:?}", derived.missing);
    assert_eq!(derived.facts.get("per_traveller_t"), None);
    near(number(&derived, "/travel_per_program_t/central"), 0.0, 0.0);
    near(number(&derived, "/travel_per_person_week_t"), 0.0, 0.0);
    assert!(number(&derived, "/per_person_week_t") > 0.0);
}

#[test]
fn the_given_distance_overrides_the_places() {
    let derived = derive(&with("/flows/0/km_one_way", json!(6000)));
    near(number(&derived, "/flows/0/km_one_way"), 6000.0, 1e-9);
    near(
        number(&derived, "/flows/0/travel_kg"),
        12_000.0 * 0.13147,
        0.01,
    );
}

#[test]
fn an_unknown_airport_is_reported_with_the_likely_one() {
    let derived = derive(&with("/partners/1/place/airport", json!("HKJK")));
    let problem = &derived.problems[0];
    assert_eq!(derived.problems.len(), 1);
    assert_eq!(problem.path, "/partners/1/place/airport");
    assert_eq!(problem.message, "`HKJK` is not an airport we know");
    assert_eq!(
        problem.suggestion.as_deref(),
        Some("NBO (Nairobi, Jomo Kenyatta International Airport)")
    );
    assert_eq!(problem.value, Some(json!("NBO")));
    assert_eq!(
        missing(&derived, "/per_program_t"),
        ["/partners/1/place/airport"]
    );
}

#[test]
fn a_train_without_a_country_is_refused() {
    let leg = json!({ "mode": "in_person", "n_per_year": 1, "weeks": 1,
                      "legs": [{ "mode": "train", "km": 750 }] });
    let derived = derive(&json!({ "flows": [leg] }));
    assert_eq!(
        missing(&derived, "/flows/0/travel_kg"),
        ["/flows/0/from", "/flows/0/to"]
    );

    let proposal = json!({
        "partners": [{ "id": "a", "country": "DE" }, { "id": "b" }],
        "flows": [{ "from": "a", "to": "b", "mode": "in_person", "n_per_year": 1, "weeks": 1,
                    "transport": "train", "km_one_way": 500 }]
    });
    assert_eq!(
        missing(&derive(&proposal), "/per_program_t"),
        ["/partners/1/country"]
    );

    let legs =
        json!([{ "mode": "train", "km": 750 }, { "mode": "plane", "from": "FRA", "to": "NBO" }]);
    let derived = derive(&with("/flows/0/legs", legs));
    assert_eq!(
        missing(&derived, "/per_program_t"),
        ["/flows/0/legs/0/country"]
    );
    // That somebody flies is known all the same.
    near(number(&derived, "/flyers"), 8.0, 1e-9);
    assert_eq!(derived.facts["flows"][0]["mode"], "plane");
}

#[test]
fn countries_of_rail_differ_as_published() {
    let by_rail = |from: &str, to: &str| {
        let proposal = json!({
            "partners": [{ "id": "a", "country": from }, { "id": "b", "country": to }],
            "flows": [{ "from": "a", "to": "b", "mode": "in_person", "n_per_year": 1, "weeks": 1,
                        "transport": "train", "km_one_way": 500 }]
        });
        number(&derive(&proposal), "/flows/0/travel_kg")
    };
    near(by_rail("FR", "FR"), 1200.0 * 0.00898, 0.001);
    near(by_rail("GB", "GB"), 1200.0 * 0.03989, 0.001);
    near(by_rail("GB", "FR"), 1200.0 * 0.01252, 0.001);
    near(by_rail("DE", "FR"), 600.0 * (0.00898 + 0.03989), 0.001);
}

#[test]
fn rail_and_online_are_set_beside_a_short_flight() {
    let proposal = json!({
        "partners": [
            { "id": "köln", "country": "DE", "place": { "airport": "CGN" } },
            { "id": "lyon", "country": "FR", "place": { "airport": "LYS" } }
        ],
        "flows": [{ "from": "köln", "to": "lyon", "n_per_year": 5, "weeks": 2, "mode": "in_person",
                    "transport": "plane", "return_trips": 2 }]
    });
    let derived = derive(&proposal);
    assert_eq!(derived.facts["flows"][0]["rail_feasible"], true);
    assert_eq!(derived.facts["flows"][0]["haul"], "domestic");
    let km = number(&derived, "/flows/0/km_one_way");
    let rail = 4.0 * 1.2 * km * f64::midpoint(0.00898, 0.03989);
    near(number(&derived, "/flows/0/rail_kg_per_person"), rail, 0.001);
    assert!(rail * 4.0 < number(&derived, "/flows/0/travel_kg"));
    near(
        number(&derived, "/flows/0/virtual_alternative_kg"),
        74.0 * 0.077 * 0.380_95,
        0.001,
    );

    let far = derive(&elective());
    assert_eq!(far.facts["flows"][0]["rail_feasible"], false);
    assert_eq!(far.facts["flows"][0].get("rail_kg_per_person"), None);
}

#[test]
fn legs_are_scored_alone_and_name_themselves() {
    let legs = json!([
        { "mode": "train", "from": "Umeå", "to": "Stockholm", "km": 640, "country": "SE" },
        { "mode": "plane", "from": "ARN", "to": "NBO", "cabin": "business" }
    ]);
    let derived = derive(&with("/flows/0/legs", legs));
    let flow = &derived.facts["flows"][0];
    assert_eq!(flow["legs"][0]["from"], "Umeå");
    assert_eq!(
        (&flow["mode"], &flow["cabin"], &flow["haul"]),
        (&json!("plane"), &json!("business"), &json!("long"))
    );
    let km = number(&derived, "/flows/0/legs/1/km");
    near(
        number(&derived, "/flows/0/legs/1/kg_central"),
        km * (0.3394 + 0.04183),
        0.01,
    );
    let sum = number(&derived, "/flows/0/legs/0/kg_central")
        + number(&derived, "/flows/0/legs/1/kg_central");
    near(number(&derived, "/flows/0/travel_kg"), 2.0 * sum, 0.01);
    near(number(&derived, "/flows/0/km_one_way"), 640.0 + km, 0.05);
}

#[test]
fn a_leg_from_an_unknown_place_asks_for_its_length() {
    let legs = json!([{ "mode": "plane", "from": "Umea", "to": "NBO" }]);
    let derived = derive(&with("/flows/0/legs", legs));
    assert_eq!(derived.problems[0].path, "/flows/0/legs/0/from");
    assert_eq!(
        derived.problems[0].suggestion.as_deref(),
        Some("UME (Umeå Airport)")
    );
    assert_eq!(
        missing(&derived, "/flows/0/travel_kg"),
        ["/flows/0/legs/0/km"]
    );
}

#[test]
fn nights_count_where_the_proposal_speaks_of_them() {
    let hotel = derive(&with("/flows/0/lodging", json!("hotel")));
    let nights = 42.0;
    // Kenya has no published figure: ln(kg) = 1.734 + 0.003827 × 70.492.
    let room = f64::exp(1.734 + 0.003_827 * 70.492);
    near(number(&hotel, "/flows/0/stay_kg"), nights * room, 0.01);
    let defaults = hotel.facts["defaults"].to_string();
    assert!(
        defaults.contains("estimated") && defaults.contains("seven a week"),
        "{defaults}"
    );
    let campus = derive(&with("/flows/0/lodging", json!("campus")));
    near(
        number(&campus, "/flows/0/stay_kg"),
        nights * room / 2.0,
        0.01,
    );
    let own = derive(&with("/flows/0/lodging", json!("own")));
    near(number(&own, "/flows/0/stay_kg"), 0.0, 0.0);
    let bare = derive(&with("/flows/0/nights", json!(10)));
    near(number(&bare, "/flows/0/stay_kg"), 10.0 * room, 0.01);
    near(
        number(&bare, "/travel_per_program_t/central"),
        number(&own, "/travel_per_program_t/central"),
        0.0,
    );
}

#[test]
fn hours_left_out_never_flatter() {
    let mut silent = elective();
    silent.as_object_mut().unwrap().remove("virtual");
    assert!(number(&derive(&silent), "/virtual_t") > number(&derive(&elective()), "/virtual_t"));
}

#[test]
fn every_transport_of_the_proposal_has_a_figure_in_a_sensible_order() {
    let kg = |transport: &str| {
        let proposal = json!({
            "partners": [{ "id": "a", "country": "DE" }, { "id": "b", "country": "CH" }],
            "flows": [{ "from": "a", "to": "b", "mode": "in_person", "n_per_year": 1, "weeks": 1,
                        "transport": transport, "km_one_way": 600 }]
        });
        number(&derive(&proposal), "/flows/0/travel_kg")
    };
    let order = ["train", "coach", "car_shared", "ferry", "plane", "car"].map(kg);
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{order:?}");
}

#[test]
fn functions_answer_and_refuse_in_plain_words() {
    let mut plugin = Harness::new(plugin_table(), &json!({})).unwrap();
    let text = |text: &str| Argument::Text(text.to_owned());
    let km = plugin
        .call("great_circle_km", &[text("FRA"), text("NBO")])
        .unwrap();
    assert!(
        matches!(km, Argument::Number(km) if (km - 6307.0).abs() < 15.0),
        "{km:?}"
    );
    assert_eq!(
        plugin.call("airport_name", &[text("WDH")]).unwrap(),
        text("Hosea Kutako International Airport")
    );
    let Argument::Json(airport) = plugin.call("airport", &[text("NBO")]).unwrap() else {
        panic!("not a document");
    };
    assert_eq!(airport["country"], "KE");
    let kg = plugin
        .call("trip_kg", &[text("LHR"), text("EBB"), text("economy")])
        .unwrap();
    assert!(
        matches!(kg, Argument::Number(kg) if (kg - 852.0).abs() < 2.0),
        "{kg:?}"
    );
    let failure = plugin
        .call("great_circle_km", &[text("FRA"), text("NYC")])
        .unwrap_err();
    assert!(
        failure
            .message
            .contains("`NYC` is not an airport we know; did you mean JFK ("),
        "{failure}"
    );
    let failure = plugin
        .call("trip_kg", &[text("FRA"), text("NBO"), text("cargo")])
        .unwrap_err();
    assert!(
        failure.message.contains("`cargo` is not a cabin"),
        "{failure}"
    );
}
