//! Numbers that others published, computed again: sums and shares, ratios through the equity plugin, flights through
//! the climate plugin.

use crate::assembly::{book, root};
use evenhand_core::document::Document;
use serde_json::{Value, json};

/// A published number beside what is computed.
pub(super) struct Recomputed {
    pub(super) id: String,
    pub(super) source: Option<String>,
    pub(super) published: String,
    pub(super) computed: String,
    pub(super) how: String,
    pub(super) agrees: bool,
}

/// Every number of `published-numbers.toml`, computed again.
pub(super) fn all() -> Vec<Recomputed> {
    let text =
        std::fs::read_to_string(root().join("examples/validation/published-numbers.toml")).unwrap();
    let data: toml::Table = text.parse().unwrap();
    let mut found = Vec::new();
    for (kind, compute) in [
        ("sums", sum as fn(&toml::Value) -> Recomputed),
        ("shares", share),
        ("quotients", quotient),
        ("ratios", ratio),
        ("flights", flights),
    ] {
        let entries = data[kind].as_array().unwrap();
        assert!(!entries.is_empty(), "{kind}");
        found.extend(entries.iter().map(compute));
    }
    assert_eq!(data.len(), 5, "a kind that nobody computes");
    found
}

fn text(entry: &toml::Value, key: &str) -> String {
    entry[key].as_str().unwrap().to_owned()
}

fn number(entry: &toml::Value, key: &str) -> f64 {
    let value = &entry[key];
    value
        .as_float()
        .or_else(|| {
            value
                .as_integer()
                .map(|whole| i32::try_from(whole).unwrap().into())
        })
        .unwrap()
}

fn recomputed(
    entry: &toml::Value,
    published: String,
    computed: String,
    how: String,
    agrees: bool,
) -> Recomputed {
    Recomputed {
        id: text(entry, "id"),
        source: entry
            .get("source")
            .map(|source| source.as_str().unwrap().to_owned()),
        published,
        computed,
        how,
        agrees,
    }
}

fn sum(entry: &toml::Value) -> Recomputed {
    let parts: Vec<i64> = entry["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part.as_integer().unwrap())
        .collect();
    let total = entry["total"].as_integer().unwrap();
    let sum: i64 = parts.iter().sum();
    let how: Vec<String> = parts.iter().map(i64::to_string).collect();
    recomputed(
        entry,
        total.to_string(),
        sum.to_string(),
        how.join(" + "),
        sum == total,
    )
}

fn share(entry: &toml::Value) -> Recomputed {
    let (part, whole) = (number(entry, "part"), number(entry, "whole"));
    let published = format!("{:.1} %", number(entry, "percent"));
    let computed = format!("{:.1} %", 100.0 * part / whole);
    let agrees = published == computed;
    recomputed(
        entry,
        published,
        computed,
        format!("{part} of {whole}"),
        agrees,
    )
}

/// A sum divided by heads, days or journeys, to the decimals that were published.
fn quotient(entry: &toml::Value) -> Recomputed {
    let (part, whole) = (number(entry, "part"), number(entry, "whole"));
    let published = text(entry, "published");
    let decimals = published.split_once('.').map_or(0, |(_, rest)| rest.len());
    let computed = format!("{:.decimals$}", part / whole);
    let agrees = published == computed;
    recomputed(entry, published, computed, text(entry, "how"), agrees)
}

/// What the plugins derive from a program.
fn derived(program: Value) -> Value {
    let document = Document::from_value("published", program);
    assert_eq!(book().check_document(&document), []);
    book().evaluate_where(&document, |_| false).derived
}

fn ratio(entry: &toml::Value) -> Recomputed {
    let flow = |from: &str, to: &str, persons: &toml::Value| json!({ "from": from, "to": to, "who": "student", "n_per_year": persons.as_integer().unwrap(), "weeks": 4, "mode": "in_person" });
    let north = text(entry, "north");
    if let Some(persons) = entry.get("north_to_north") {
        let program = json!({
            "partners": [{ "id": "a", "country": north }, { "id": "b", "country": text(entry, "partner") }],
            "flows": [flow("a", "b", persons)],
        });
        let equity = &derived(program)["equity"];
        let none = equity["reciprocity_defined"] == false;
        let computed = if none { "no ratio" } else { "a ratio" };
        let how = "all partners in the North".to_owned();
        return recomputed(entry, "no ratio".to_owned(), computed.to_owned(), how, none);
    }
    let (back, out) = (&entry["south_to_north"], &entry["north_to_south"]);
    let program = json!({
        "partners": [{ "id": "n", "country": north }, { "id": "s", "country": text(entry, "south") }],
        "flows": [flow("n", "s", out), flow("s", "n", back)],
    });
    let found = derived(program)["equity"]["reciprocity_persons"]
        .as_f64()
        .unwrap();
    let published = format!("{:.2}", number(entry, "ratio"));
    let computed = format!("{found:.2}");
    let agrees = published == computed;
    recomputed(
        entry,
        published,
        computed,
        format!("{back} persons for {out}"),
        agrees,
    )
}

/// Tonnes of one return flight in economy: direct emissions alone.
fn return_flight(from: &str, to: &str) -> f64 {
    let program = json!({
        "partners": [{ "id": "a", "place": { "airport": from } }, { "id": "b", "place": { "airport": to } }],
        "flows": [{
            "from": "a", "to": "b", "who": "student", "n_per_year": 1, "weeks": 4, "mode": "in_person", "transport": "plane",
            "cabin": "economy", "return_trips": 1,
        }],
    });
    derived(program)["climate"]["co2_t"].as_f64().unwrap()
}

fn flights(entry: &toml::Value) -> Recomputed {
    let from = text(entry, "from");
    let within = number(entry, "within");
    let legs = entry["legs"].as_array().unwrap();
    let trips: Vec<(String, f64, Option<f64>)> = legs
        .iter()
        .map(|leg| {
            let to = text(leg, "to");
            let tonnes = return_flight(&from, &to);
            (to, tonnes, leg.get("t").map(|_| number(leg, "t")))
        })
        .collect();
    let shown: Vec<String> = trips
        .iter()
        .map(|(to, tonnes, _)| format!("{from}–{to} {tonnes:.2} t"))
        .collect();
    let how = format!("{}. {}", shown.join(", "), text(entry, "note"));
    let near = |published: f64, found: f64| (found / published - 1.0).abs() <= within;
    if entry.get("trips").is_some() {
        let published = number(entry, "trips");
        let found: f64 = trips
            .iter()
            .map(|(_, tonnes, total)| total.unwrap() / tonnes)
            .sum();
        let agrees = near(published, found);
        return recomputed(
            entry,
            format!("over {published} trips"),
            format!("{found:.0} trips"),
            how,
            agrees,
        );
    }
    let published = number(entry, "total_t") / number(entry, "travellers");
    let each: Vec<f64> = trips.iter().map(|trip| trip.1).collect();
    let found = each.iter().sum::<f64>() / f64::from(u32::try_from(each.len()).unwrap());
    let agrees = near(published, found);
    recomputed(
        entry,
        format!("{published:.3} t a head"),
        format!("{found:.3} t a head"),
        how,
        agrees,
    )
}

#[test]
fn published_numbers_come_out_again() {
    let mut wrong = Vec::new();
    for number in all() {
        if !number.agrees {
            wrong.push(format!(
                "{}: published {}, computed {}",
                number.id, number.published, number.computed
            ));
        }
    }
    // A number that does not come out needs a reason in mismatches.toml; see `validation`.
    let reasons = super::validation::reasons();
    for line in wrong {
        assert!(
            reasons
                .iter()
                .any(|reason| reason.kind == "published" && line.starts_with(&reason.what)),
            "{line}"
        );
    }
}
