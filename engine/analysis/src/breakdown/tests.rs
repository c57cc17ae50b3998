use super::*;
use crate::tests::book;
use evenhand_core::breakdown::Mark;
use evenhand_core::document::Document;
use serde_json::json;

fn column(value: &str, ends: Option<(&str, &str)>, sum: bool) -> Column {
    Column {
        title: value.to_owned(),
        value: value.to_owned(),
        ends: ends.map(|(low, high)| (low.to_owned(), high.to_owned())),
        unit: None,
        sum,
        picture: ends.map(|_| Mark::Bar),
    }
}

fn table(rows: &[&str], columns: Vec<Column>) -> Breakdown {
    Breakdown {
        id: "t".to_owned(),
        title: "T".to_owned(),
        about: String::new(),
        rows: rows.iter().map(|list| (*list).to_owned()).collect(),
        named: Some("groups[]".to_owned()),
        label: vec!["from".to_owned(), "to".to_owned()],
        columns,
    }
}

/// The table over what a plugin derived, for a proposal with three groups of which only the first has a name.
fn fill(table: &Breakdown, derived: Value) -> Filled {
    let proposal = json!({ "groups": [{ "key": "a", "name": "Nurses" }, {}, { "key": "c" }] });
    let document = Document::from_value("p", proposal.clone());
    let mut card = book().judge(&document);
    card.derived = derived;
    filled(table, &card, &proposal, book().schema())
}

fn amount(value: f64, ends: Option<(f64, f64)>) -> Cell {
    Cell::Amount(Amount { value, ends })
}

const RANGE: Option<(&str, &str)> = Some(("kg.low", "kg.high"));

#[test]
fn rows_have_the_names_of_the_proposals_elements_and_sums_the_ends_of_all() {
    let table = table(
        &["derived.air.flows"],
        vec![
            column("kg.central", RANGE, true),
            column("by", None, false),
            column("far", None, false),
        ],
    );
    let found = fill(
        &table,
        json!({ "air": { "flows": [
            { "kg": { "low": 1, "central": 2, "high": 4 }, "by": "ship", "far": true },
            { "kg": { "low": 10, "central": 20, "high": 40 } },
            { "kg": { "low": 0, "central": 0.5, "high": 1 }, "by": null },
            { "kg": { "low": 0, "central": 0, "high": 0 } } ] } }),
    );
    let names: Vec<Option<&str>> = found
        .rows
        .iter()
        .map(|row| row.element.as_ref().unwrap().name.as_deref())
        .collect();
    // The fourth flow is of no group, which a plugin may derive all the same.
    assert_eq!(names, [Some("Nurses"), None, Some("c"), None]);
    let numbers = found.rows.iter();
    let numbers: Vec<usize> = numbers
        .map(|row| row.element.as_ref().unwrap().number)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(
        found.rows[0].cells,
        [
            amount(2.0, Some((1.0, 4.0))),
            Cell::Text("ship".to_owned()),
            Cell::Flag(true)
        ]
    );
    assert_eq!(found.rows[2].cells[1..], [Cell::Unknown, Cell::Unknown]);
    let sum = Amount {
        value: 22.5,
        ends: Some((11.0, 45.0)),
    };
    assert_eq!(found.sums, [Some(sum), None, None]);
    assert_eq!(found.more, 0);
}

#[test]
fn rows_of_lists_within_lists_keep_both_numbers() {
    let table = table(
        &["derived.air.flows", "legs"],
        vec![column("km", None, false)],
    );
    let found = fill(
        &table,
        json!({ "air": { "flows": [
            { "legs": [{ "from": "A", "to": "B", "km": 1 }, { "from": "B", "km": 2 }] },
            { "legs": [] }, {},
            { "legs": [{ "km": 3 }] } ] } }),
    );
    let rows: Vec<(usize, usize, Vec<&str>)> = found
        .rows
        .iter()
        .map(|row| {
            let outer = row.element.as_ref().unwrap().number;
            (
                outer,
                row.number,
                row.label.iter().map(String::as_str).collect(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [(1, 1, vec!["A", "B"]), (1, 2, vec!["B"]), (4, 1, vec![])]
    );
}

/// A plugin may derive what no report can show.
#[test]
fn what_is_missing_wrong_huge_or_many_is_bounded() {
    let table = table(
        &["derived.air.flows"],
        vec![column("kg.central", RANGE, true), column("by", None, false)],
    );
    let of = |flows: Value| fill(&table, json!({ "air": { "flows": flows } }));
    // What is not known of one row is not known of the sum.
    let found = of(json!([
        { "kg": { "low": 1, "central": 2, "high": 3 } },
        { "kg": { "low": 1, "central": 2 } }, { "kg": 7 }, 5, null, { "kg": { "central": "much" } } ]));
    assert_eq!(found.sums[0], None);
    assert_eq!(found.rows.len(), 6);
    assert!(
        found.rows[1..5]
            .iter()
            .all(|row| row.cells[0] == Cell::Unknown)
    );
    // The middle lies between the ends, and a sum without bounds is none.
    let found = of(json!([{ "kg": { "low": 5, "central": 2, "high": 1 } }]));
    assert_eq!(found.rows[0].cells[0], amount(2.0, Some((2.0, 2.0))));
    let huge = json!({ "kg": { "low": 0, "central": 1e308, "high": 1e308 } });
    assert_eq!(of(json!([huge, huge])).sums[0], None);
    // Long lists are cut, their sum is of all; long texts are cut.
    let one = json!({ "kg": { "low": 1, "central": 1, "high": 1 }, "by": "x".repeat(10_000) });
    let found = of(Value::Array(vec![one; 3000]));
    assert_eq!((found.rows.len(), found.more), (ROWS, 2500));
    assert_eq!(found.sums[0].unwrap().value.to_string(), "3000");
    let Cell::Text(text) = &found.rows[0].cells[1] else {
        panic!("{:?}", found.rows[0]);
    };
    assert!(text.chars().count() <= TEXT + 1, "{text}");
    for derived in [json!(null), json!({}), json!({ "air": { "flows": {} } })] {
        assert_eq!(fill(&table, derived).rows, []);
    }
}
