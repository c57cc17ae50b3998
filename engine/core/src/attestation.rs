//! Attestations and their age: what a partner confirmed long ago is a claim again.

pub(crate) mod contested;

pub use contested::{Contested, contested};

use crate::date::Date;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use serde_json::Value;

/// How long an attestation counts, and from which day that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// The day of the evaluation, where it is known.
    pub date: Option<Date>,
    /// For how many days an attestation counts; for ever where that is not set.
    pub days: Option<u32>,
}

/// An attestation that does not count any more, or of which nobody knows whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aged {
    /// The partner.
    pub by: String,
    /// The day it was given; none if that is not said.
    pub on: Option<Date>,
    /// What it covers, dotted.
    pub covers: Vec<String>,
    /// For how many days one counts.
    pub valid_for: u32,
    /// Where the day stands, or would stand.
    pub path: Pointer,
}

impl Validity {
    /// Whether an attestation of this day counts.
    pub(crate) fn holds(self, on: Option<Date>) -> bool {
        let Some(days) = self.days else { return true };
        let age = on.zip(self.date).map(|(on, date)| date.days() - on.days());
        age.is_some_and(|age| i64::from(age) <= i64::from(days))
    }
}

/// The day of an attestation.
pub(crate) fn day(attestation: &Value) -> Option<Date> {
    Date::read(attestation.get("on")?.as_str()?)
}

fn all(proposal: &Value) -> impl Iterator<Item = (usize, &Value)> {
    let list = proposal.get("attestations").and_then(Value::as_array);
    list.into_iter().flatten().enumerate()
}

fn path(index: usize) -> Pointer {
    Pointer::root().key("attestations").index(index).key("on")
}

/// The attestations that count as claims.
pub(crate) fn aged(proposal: &Value, validity: Validity) -> Vec<Aged> {
    all(proposal)
        .filter(|(_, attestation)| !validity.holds(day(attestation)))
        .map(|(index, attestation)| {
            let covers = attestation.get("covers").and_then(Value::as_array);
            let covers = covers.into_iter().flatten().filter_map(Value::as_str);
            let by = attestation.get("by").and_then(Value::as_str);
            Aged {
                by: by.unwrap_or_default().to_owned(),
                on: day(attestation),
                covers: covers.map(str::to_owned).collect(),
                valid_for: validity.days.unwrap_or_default(),
                path: path(index),
            }
        })
        .collect()
}

/// Attestations from after the day of the evaluation, which cannot be.
pub(crate) fn too_late(document: &Document, date: Option<Date>) -> Vec<Problem> {
    let Some(date) = date else { return Vec::new() };
    all(document.value())
        .filter_map(|(index, attestation)| {
            let on = day(attestation).filter(|on| *on > date)?;
            let message = format!("the attestation is of {on}, after the evaluation of {date}");
            let problem = Problem::error(message)
                .expected("the day on which the partner confirmed it")
                .suggest("judge as of another day with --date, if this day is right");
            Some(document.problem_at(&path(index), problem))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;

    fn validity(days: Option<u32>) -> Validity {
        Validity {
            date: Date::read("2026-11-26"),
            days,
        }
    }

    #[test]
    fn an_attestation_counts_for_its_days_and_one_without_a_day_not_at_all() {
        let on = Date::read;
        for (on, days, holds) in [
            (on("2025-11-26"), Some(365), true),
            (on("2025-11-25"), Some(365), false),
            (on("2026-11-26"), Some(0), true),
            (None, Some(365), false),
            (None, None, true),
            (on("0001-01-01"), None, true),
            (on("0001-01-01"), Some(u32::MAX), true),
        ] {
            assert_eq!(validity(days).holds(on), holds, "{on:?} {days:?}");
        }
        let undated = Validity {
            date: None,
            days: Some(365),
        };
        assert!(!undated.holds(Date::read("2026-11-26")));
    }

    #[test]
    fn what_is_old_is_listed_and_what_is_from_the_future_is_wrong() {
        let text = "attestations:\n  - { by: a, covers: [x, y], on: 2020-01-01 }\n  - { by: b, covers: [z] }\n  - { by: c, covers: [z], on: 2026-12-01 }\n";
        let document = Document::parse("p.yaml", text.as_bytes(), Format::Yaml).unwrap();
        let aged = aged(document.value(), validity(Some(365)));
        let shown: Vec<(String, String)> = aged
            .iter()
            .map(|aged| (aged.by.clone(), aged.covers.join(" ")))
            .collect();
        assert_eq!(
            shown,
            [
                ("a".to_owned(), "x y".to_owned()),
                ("b".to_owned(), "z".to_owned())
            ]
        );
        let wrong = too_late(&document, Date::read("2026-11-26"));
        let said: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "p.yaml:4:31: the attestation is of 2026-12-01, after the evaluation of 2026-11-26; expected the day on which the partner confirmed it; judge as of another day with --date, if this day is right"
            ]
        );
        assert_eq!(too_late(&document, None), []);
    }
}
