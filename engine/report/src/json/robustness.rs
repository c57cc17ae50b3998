//! What depends on weights, as JSON.

use super::decimal;
use evenhand_core::robustness::{Bounds, Robustness, Spread, percent};
use evenhand_core::scorecard::Scorecard;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Wire<'a> {
    draws: u32,
    seed: u64,
    spread: Value,
    same_verdict: u8,
    verdicts: BTreeMap<&'static str, u32>,
    dimensions: Vec<DimensionWire<'a>>,
    flip: Option<FlipWire<'a>>,
}

#[derive(Serialize)]
struct DimensionWire<'a> {
    id: &'a str,
    same_level: u8,
    low: Option<[u8; 2]>,
    high: Option<[u8; 2]>,
}

#[derive(Serialize)]
struct FlipWire<'a> {
    rule: &'a str,
    from: Value,
    to: Value,
    verdict: &'static str,
}

/// Shares in whole per cents, rounded down; `verdicts` in numbers of draws; points as least and most.
pub(super) fn wire<'a>(found: &'a Robustness, card: &Scorecard) -> Wire<'a> {
    let share = |count: u32| percent(count, found.draws.count);
    let verdicts = found.verdicts.iter();
    let dimensions = found.dimensions.iter();
    Wire {
        draws: found.draws.count,
        seed: found.draws.seed,
        spread: match found.draws.spread {
            Spread::Around(share) => decimal(share),
            Spread::Simplex => json!("simplex"),
        },
        same_verdict: share(found.same_verdict),
        verdicts: verdicts
            .map(|(word, count)| (word.word(), *count))
            .collect(),
        dimensions: dimensions
            .map(|own| {
                let mut scores = card.dimensions.iter();
                let hidden = scores.any(|score| score.id == own.id && score.no_numbers);
                let ends = |of: fn(Bounds) -> (u8, u8)| {
                    let bounds = own.bounds.filter(|_| !hidden);
                    bounds.map(|bounds| <[u8; 2]>::from(of(bounds)))
                };
                DimensionWire {
                    id: &own.id,
                    same_level: share(own.same_level),
                    low: ends(|bounds| bounds.low),
                    high: ends(|bounds| bounds.high),
                }
            })
            .collect(),
        flip: found.flip.as_ref().map(|flip| FlipWire {
            rule: &flip.rule,
            from: decimal(flip.from),
            to: decimal(flip.to),
            verdict: flip.verdict.word(),
        }),
    }
}
