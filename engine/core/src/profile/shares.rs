//! What a changed weight does: how much a rule, or a dimension, counts before and after.

use crate::rule::Severity;
use crate::rule::page::PageKind;
use crate::rulebook::Rulebook;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How much of its dimension a rule makes up where every rule applies, or how much of a ranking a dimension, in two profiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    /// The dimension of a rule; none for the share of a dimension.
    pub dimension: Option<String>,
    /// The share in the first, 0..=1.
    pub before: f64,
    /// The share in the second.
    pub after: f64,
    /// Which way it goes for those whose weight is the same in both; equal where there are none.
    pub others: Ordering,
}

/// What the difference at a key does to shares; nothing where it is no weight, or where one of the two cannot be known.
pub(super) fn of(path: &[String], old: &Rulebook, new: &Rulebook) -> Option<Shares> {
    let (dimension, own, before, after) = match path {
        [rules, id, weight] if rules == "rules" && weight == "weight" => {
            let dimension = id.split('/').next()?.to_owned();
            let (before, after) = (rules_of(old, &dimension)?, rules_of(new, &dimension)?);
            (Some(dimension), id, before, after)
        }
        [weights, id] if weights == "weights" => (None, id, dimensions(old), dimensions(new)),
        _ => return None,
    };
    let (all_before, all_after): (f64, f64) = (before.values().sum(), after.values().sum());
    if all_before <= 0.0 || all_after <= 0.0 {
        return None;
    }
    let stays = before.iter().any(|(id, weight)| {
        let same = after.get(id).is_some_and(|now| (now - weight).abs() < 1e-9);
        same && *weight > 0.0
    });
    Some(Shares {
        dimension,
        before: before.get(own)? / all_before,
        after: after.get(own)? / all_after,
        // The same weight is a smaller share of more.
        others: if stays {
            all_before.total_cmp(&all_after)
        } else {
            Ordering::Equal
        },
    })
}

/// The weights of the rules of a dimension that take part, by their ids; nothing where one of them cannot be read.
fn rules_of(book: &Rulebook, dimension: &str) -> Option<BTreeMap<String, f64>> {
    let here = |id: &str| id.split('/').next() == Some(dimension);
    if book.broken().iter().any(|broken| here(&broken.id)) {
        return None;
    }
    let rules = book.rules().iter();
    let rules = rules.filter(|rule| here(&rule.page.id) && rule.page.kind == PageKind::Rule);
    let rules = rules.filter(|rule| rule.disabled.is_none());
    let mut weights: BTreeMap<String, f64> = rules
        .map(|rule| (rule.page.id.clone(), rule.weight()))
        .collect();
    let settings = &book.settings().rules;
    for rule in book.manifests().flat_map(|(manifest, _)| &manifest.rules) {
        let own = settings.get(&rule.id);
        if !here(&rule.id) || own.is_some_and(|own| own.disabled.is_some()) {
            continue;
        }
        let severity = own.and_then(|own| own.severity);
        let severity = severity.or_else(|| Severity::from_word(&rule.severity))?;
        let weight = own.and_then(|own| own.weight);
        let weight = weight.unwrap_or_else(|| severity.weight());
        weights.insert(rule.id.clone(), weight);
    }
    Some(weights)
}

fn dimensions(book: &Rulebook) -> BTreeMap<String, f64> {
    let dimensions = book.info().dimensions.iter();
    dimensions.map(|one| (one.id.clone(), one.weight)).collect()
}
