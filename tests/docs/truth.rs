//! How far the validation can be trusted: intervals by drawing programs anew, what published facts alone say, and whether
//! the climate score follows the tonnes.

use crate::assembly::{book, example_paths, root};
use evenhand_core::document::{Document, Format};
use serde_json::Value;
use std::collections::BTreeMap;

/// Share of pairs that agree, of whole programs drawn with replacement: the middle 95 of 100, in percent.
///
/// Programs and not pairs are drawn, since the four levels of one program stand and fall with the same values. The
/// numbers come from a fixed sequence (Knuth's 64-bit constants), so that the page is the same everywhere.
pub(super) fn interval(by_program: &BTreeMap<String, Vec<bool>>) -> (f64, f64) {
    let programs: Vec<&Vec<bool>> = by_program.values().collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % programs.len()
    };
    let mut shares: Vec<f64> = (0..2000)
        .map(|_| {
            let drawn: Vec<bool> = (0..programs.len())
                .flat_map(|_| programs[draw()].iter().copied())
                .collect();
            let agree = drawn.iter().filter(|agrees| **agrees).count();
            100.0 * as_f64(agree) / as_f64(drawn.len())
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    (shares[50], shares[1949])
}

pub(super) fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// An example with everything left out that its file marks as assumed, but for the names by which its parts are found.
fn published_only(text: &str) -> String {
    let kept = |line: &str| {
        let key = line.trim_start().trim_start_matches("- ");
        !line.contains("# assumed")
            || ["id:", "from:", "to:"]
                .iter()
                .any(|name| key.starts_with(name))
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines: Vec<String> = Vec::new();
    // Lines further in than this belong to a list that is left out.
    let mut within: Option<usize> = None;
    for line in text.lines() {
        if within.is_some_and(|least| indent(line) > least && !line.trim().is_empty()) {
            continue;
        }
        within = None;
        match line.split_once(':') {
            Some((key, rest)) if !kept(line) => {
                if rest.trim_start().starts_with('#') {
                    within = Some(indent(line));
                }
                lines.push(format!("{key}: null"));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

/// For each program and dimension the levels at both ends, from published facts alone and from all.
pub(super) struct Published {
    pub(super) program: String,
    pub(super) dimension: String,
    /// Published facts alone settle the level.
    pub(super) settled: bool,
}

pub(super) fn published() -> Vec<Published> {
    let mut found = Vec::new();
    for path in example_paths()
        .iter()
        .filter(|path| path.rsplit('.').next() == Some("yaml"))
    {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        // What is fictional rests on nothing that was published.
        if !text.contains("# published") {
            continue;
        }
        let document =
            Document::parse(path, published_only(&text).as_bytes(), Format::Yaml).unwrap();
        assert_eq!(book().check_document(&document), [], "{path}");
        for score in &book().judge(&document).dimensions {
            found.push(Published {
                program: path
                    .rsplit('/')
                    .next()
                    .unwrap()
                    .trim_end_matches(".yaml")
                    .to_owned(),
                dimension: score.id.clone(),
                settled: score.level_low.is_some() && score.level_low == score.level_high,
            });
        }
    }
    found
}

/// Every published example as two files: what was published, and beside it what somebody here assumed, by the place in the
/// first. Both are made from the marks in the example, which stays the one place where a value is typed.
#[test]
fn what_is_published_and_what_is_assumed_stand_apart() {
    for path in example_paths() {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        if !text.contains("# published") {
            continue;
        }
        let name = path.rsplit('/').next().unwrap();
        let parse = |text: &str| {
            let document = Document::parse(&path, text.as_bytes(), Format::Yaml).unwrap();
            document.value().clone()
        };
        let kept = published_only(&text);
        let (full, mut joined) = (parse(&text), parse(&kept));
        let mut assumed = BTreeMap::new();
        apart(&full, &joined, "", &mut assumed);
        super::compare(
            &format!("examples/validation/published/{name}"),
            &format!(
                "# Written by a test from `{path}`: what was published. null: assumed, see ../assumed/{name}.\n{kept}\n"
            ),
        );
        let lines: Vec<String> = assumed
            .iter()
            .map(|(at, value)| format!("{}: {value}", Value::from(at.as_str())))
            .collect();
        super::compare(
            &format!("examples/validation/assumed/{name}"),
            &format!(
                "# Written by a test from `{path}`: what was assumed, by its place in ../published/{name}.\n{}\n",
                lines.join("\n")
            ),
        );
        for (at, value) in assumed {
            *joined.pointer_mut(&at).unwrap() = value;
        }
        assert_eq!(joined, full, "{path}");
    }
}

/// Where the second value lacks what the first has, and what that is.
fn apart(full: &Value, kept: &Value, at: &str, found: &mut BTreeMap<String, Value>) {
    match (full, kept) {
        (Value::Object(full), Value::Object(kept)) => {
            for (key, value) in full {
                apart(value, &kept[key], &format!("{at}/{key}"), found);
            }
        }
        (Value::Array(full), Value::Array(kept)) if full.len() == kept.len() => {
            for (index, (value, kept)) in full.iter().zip(kept).enumerate() {
                apart(value, kept, &format!("{at}/{index}"), found);
            }
        }
        _ if full == kept => {}
        _ => {
            found.insert(at.to_owned(), full.clone());
        }
    }
}

/// Spearman's rank correlation of the low climate score with tonnes, over the examples in which somebody travels: per
/// traveller and year, and per week of a stay.
pub(super) fn climate() -> (usize, f64, f64) {
    let mut rows = Vec::new();
    for (_, document) in crate::assembly::examples() {
        let card = book().judge(&document);
        let derived = book().evaluate_where(&document, |_| false).derived;
        let tonnes = |name: &str| derived["climate"].get(name).and_then(Value::as_f64);
        let score = card.dimensions.iter().find(|score| score.id == "climate");
        if let (Some(year), Some(week), Some(score)) = (
            tonnes("traveller_year_least_t"),
            tonnes("stay_week_least_t"),
            score.and_then(|score| score.low),
        ) {
            rows.push((f64::from(score), year, week));
        }
    }
    let of = |pick: fn(&(f64, f64, f64)) -> f64| ranks(&rows.iter().map(pick).collect::<Vec<_>>());
    let score = of(|row| row.0);
    (
        rows.len(),
        correlation(&score, &of(|row| row.1)),
        correlation(&score, &of(|row| row.2)),
    )
}

/// Ranks, equal values sharing theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    values
        .iter()
        .map(|value| {
            let below = values.iter().filter(|other| *other < value).count();
            let same = values
                .iter()
                .filter(|other| other.total_cmp(value).is_eq())
                .count();
            as_f64(below) + f64::midpoint(as_f64(same), 1.0)
        })
        .collect()
}

fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |list: &[f64]| list.iter().sum::<f64>() / as_f64(list.len());
    let (a, b) = (mean(one), mean(other));
    let sum = |pick: fn(f64, f64) -> f64| -> f64 {
        one.iter().zip(other).map(|(x, y)| pick(x - a, y - b)).sum()
    };
    sum(|x, y| x * y) / (sum(|x, _| x * x) * sum(|_, y| y * y)).sqrt()
}

#[test]
fn ranks_and_their_correlation() {
    assert_eq!(ranks(&[3.0, 1.0, 3.0]), [2.5, 1.0, 2.5]);
    assert!((correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-12);
}

#[test]
fn the_climate_score_falls_as_tonnes_rise() {
    let (programs, by_year, by_week) = climate();
    assert!(programs >= 10, "{programs}");
    assert!(by_year < -0.5 && by_week < -0.5, "{by_year} {by_week}");
}

#[test]
fn what_is_assumed_is_left_out() {
    let text =
        "flows:\n  - from: a  # assumed\n    weeks: 3  # assumed\n    mode: virtual  # published\n";
    assert_eq!(
        published_only(text),
        "flows:\n  - from: a  # assumed\n    weeks: null\n    mode: virtual  # published"
    );
}
