//! The South loses no points for being the South: the same program between other countries is judged the same, but by
//! the rules whose page says why they read a country.

#![expect(clippy::indexing_slicing, reason = "a test may fail")]

use super::nothing;
use crate::assembly::{bases, book, examples, root};
use evenhand_core::document::Document;
use evenhand_core::scorecard::Scorecard;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const NORTH: [&str; 12] = [
    "CH", "NL", "SE", "CA", "JP", "AU", "ES", "DK", "NO", "FI", "AT", "IE",
];
/// None of them on WHO's list, and some that are.
const SOUTH: [&str; 12] = [
    "BR", "KE", "IN", "MX", "PH", "ZM", "VN", "BO", "MA", "PE", "EG", "NP",
];

/// The program with every partner in another country of one side: kilometres stay, places go.
fn moved(proposal: &Value, countries: &[&str]) -> Value {
    let mut value = proposal.clone();
    let mut of = std::collections::BTreeMap::new();
    for partner in value["partners"].as_array_mut().into_iter().flatten() {
        let home = partner["country"].as_str().unwrap_or("").to_owned();
        let next = of.len();
        // Partners of one country stay together.
        let there = *of
            .entry(home)
            .or_insert_with(|| countries[next % countries.len()]);
        partner["country"] = json!(there);
        partner.as_object_mut().unwrap().remove("place");
    }
    for flow in value["flows"].as_array_mut().into_iter().flatten() {
        let flow = flow.as_object_mut().unwrap();
        if flow.get("mode") == Some(&json!("in_person")) && flow.get("km_one_way").is_none() {
            flow.insert("km_one_way".to_owned(), json!(5000));
        }
        flow.remove("legs");
        // Trains read a country; coaches do not.
        if flow.get("transport") == Some(&json!("train")) {
            flow.insert("transport".to_owned(), json!("coach"));
        }
    }
    value
}

fn judged(name: &str, value: Value) -> Scorecard {
    let document = Document::from_value(name, value);
    assert_eq!(book().check_document(&document), [], "{name}");
    book().judge(&document)
}

/// Rules whose page says why they read a country.
fn readers() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for dimension in ["equity", "ethics", "climate", "sustainability"] {
        for entry in
            std::fs::read_dir(root().join("rules/international-programs").join(dimension)).unwrap()
        {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if path.extension().is_some_and(|end| end == "md") && text.contains("\nreads_country: ")
            {
                let name = path.file_stem().unwrap().to_str().unwrap();
                found.insert(format!("{dimension}/{name}"));
            }
        }
    }
    found
}

#[test]
fn only_rules_that_say_so_read_a_country() {
    let readers = readers();
    assert!(!readers.is_empty());
    let mut wrong = Vec::new();
    for (name, proposal) in [examples(), bases()].concat() {
        let north = judged(&name, moved(proposal.value(), &NORTH));
        let south = judged(&name, moved(proposal.value(), &SOUTH));
        for (one, other) in north.findings.iter().zip(&south.findings) {
            assert_eq!(one.rule, other.rule);
            let same = one.outcome == other.outcome && one.degree == other.degree;
            if !same && !readers.contains(&one.rule) {
                wrong.push(format!(
                    "{name}: {} is {} {:?} in the North and {} {:?} in the South",
                    one.rule, one.outcome, one.degree, other.outcome, other.degree
                ));
            }
        }
    }
    nothing(&wrong);
}

/// The exchange and the network that were called “proceed” in the North and “incomplete” in the South.
#[test]
fn an_exchange_in_the_south_is_judged_as_in_the_north_but_for_what_reads_a_country() {
    let readers = readers();
    for wanted in [
        "c02-anatomy-online",
        "c09-erasmus",
        "base-north-exchange",
        "base-home-course",
    ] {
        let all = [examples(), bases()].concat();
        let found = all
            .iter()
            .find(|(name, proposal)| name == wanted || proposal.value()["program"]["id"] == wanted);
        let (name, proposal) = found.unwrap_or_else(|| panic!("no {wanted}"));
        let without = |countries: &[&str]| {
            let card = judged(name, moved(proposal.value(), countries));
            let sum = |dimension: &str| -> (f64, f64) {
                card.findings
                    .iter()
                    .filter(|finding| finding.dimension == dimension && finding.counts())
                    .filter(|finding| !readers.contains(&finding.rule))
                    .fold((0.0, 0.0), |(sum, weight), finding| {
                        (
                            sum + finding.weight * finding.degree.low,
                            weight + finding.weight,
                        )
                    })
            };
            ["equity", "ethics", "climate", "sustainability"].map(sum)
        };
        assert_eq!(without(&NORTH), without(&SOUTH), "{wanted}");
    }
}
