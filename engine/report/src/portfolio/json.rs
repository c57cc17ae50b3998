//! Many programs as JSON.

use super::Collected;
use crate::json::problem_wire;
use evenhand_analysis::impact::Came;
use evenhand_analysis::portfolio::{Body, Counted, Label, Portfolio, Row, Table, Total};
use evenhand_diagnostic::text::pretty_json;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// Every program and every table, for programs.
pub fn json(collected: Collected<'_>) -> String {
    let portfolio = collected.portfolio;
    let dimensions = portfolio.dimensions.iter();
    let value = json!({
        "schema_version": SCHEMA_VERSION,
        "profile": collected.profile,
        "dimensions": dimensions.map(|(id, title)| json!({ "id": id, "title": title })).collect::<Vec<_>>(),
        "programs": portfolio.rows.iter().map(|one| row(one, portfolio)).collect::<Vec<_>>(),
        "tables": portfolio.tables.iter().map(|one| table(one, portfolio)).collect::<Vec<_>>(),
        "passed_over": collected.passed_over,
    });
    pretty_json(&value)
}

fn row(row: &Row, portfolio: &Portfolio) -> Value {
    let levels = portfolio.dimensions.iter().zip(&row.levels);
    let levels: serde_json::Map<String, Value> = levels
        .map(|((id, _), level)| (id.clone(), Came::Level(Some(*level)).code().into()))
        .collect();
    let problems = row.problems.iter().map(problem_wire);
    let problems = problems.map(|wire| serde_json::to_value(wire).unwrap_or_default());
    json!({
        "place": row.place,
        "id": row.id,
        "title": row.title,
        "verdict": row.verdict.map(evenhand_core::verdict::Word::word),
        "levels": levels,
        "problems": problems.collect::<Vec<_>>(),
    })
}

fn table(table: &Table, portfolio: &Portfolio) -> Value {
    let body = match &table.body {
        Body::Levels {
            verdicts,
            dimensions,
            of,
        } => {
            let verdicts: serde_json::Map<String, Value> = verdicts
                .iter()
                .map(|(word, count)| (word.word().to_owned(), (*count).into()))
                .collect();
            let counts = portfolio.dimensions.iter().zip(dimensions);
            let counts: serde_json::Map<String, Value> = counts
                .map(|((id, _), counts)| {
                    let levels = counts.levels.iter().rev();
                    let levels = levels.map(|(level, count)| (level.to_string(), *count));
                    let others = [("open", counts.open), ("not_judged", counts.not_judged)];
                    let others = others.map(|(name, count)| (name.to_owned(), count));
                    let counts = levels
                        .chain(others)
                        .map(|(name, count)| (name, count.into()));
                    (id.clone(), Value::Object(counts.collect()))
                })
                .collect();
            json!({ "kind": "levels", "programs": of, "verdicts": verdicts, "dimensions": counts })
        }
        Body::Ranked {
            outcome,
            entries,
            more,
            of,
        } => {
            let entries = entries.iter().map(|entry| {
                json!({ "id": entry.id, "title": entry.title, "count": entry.count, "of": entry.of })
            });
            json!({
                "kind": if outcome.is_some() { "findings" } else { "missing" },
                "outcome": outcome.map(evenhand_core::finding::Outcome::word),
                "programs": of,
                "entries": entries.collect::<Vec<_>>(),
                "more": more,
            })
        }
        Body::Groups(counted) => groups(counted),
        Body::Total(total) => self::total(total, portfolio),
        Body::Share {
            part,
            whole,
            unit,
            known,
            unknown,
        } => json!({
            "kind": "share", "part": part, "whole": whole, "unit": unit, "known": known, "unknown": unknown,
        }),
    };
    let mut value = json!({ "id": table.id, "title": table.title });
    if let (Some(value), Value::Object(body)) = (value.as_object_mut(), body) {
        value.extend(body);
    }
    value
}

fn total(total: &Total, portfolio: &Portfolio) -> Value {
    let ends =
        |(low, value, high): (f64, f64, f64)| json!({ "low": low, "value": value, "high": high });
    let amounts = total.amounts.iter().map(|amount| {
        json!({
            "program": portfolio.rows.get(amount.row).map(|row| row.place.as_str()),
            "amount": amount.value.map(ends),
            "stated": amount.stated,
        })
    });
    json!({
        "kind": "total",
        "unit": total.unit,
        "amounts": amounts.collect::<Vec<_>>(),
        "sum": ends(total.sum),
        "unknown": total.unknown,
        "budget": total.budget,
        "stands": total.stands.map(evenhand_analysis::portfolio::Standing::word),
    })
}

fn groups(counted: &Counted) -> Value {
    let names = |labels: &[Label]| -> Vec<Option<String>> {
        labels.iter().map(|label| label.choice().cloned()).collect()
    };
    let pages = counted.pages.iter().map(|page| {
        json!({
            "all": page.label.is_none(),
            "of": page.label.as_ref().and_then(Label::choice),
            "programs": page.programs,
            "rows": page.rows,
            "cells": page.cells,
        })
    });
    let published = counted.published.as_ref().map(|beside| {
        let figures = beside.figures.iter().map(|(title, count, of, published)| {
            json!({ "title": title, "count": count, "of": of, "published": published })
        });
        json!({
            "source": beside.source.to_string(),
            "of": beside.of,
            "note": beside.note,
            "figures": figures.collect::<Vec<_>>(),
        })
    });
    json!({
        "kind": "groups",
        "rows": names(&counted.rows),
        "columns": names(&counted.columns),
        "pages": pages.collect::<Vec<_>>(),
        "published": published,
    })
}
