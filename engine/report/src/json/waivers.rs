//! Waivers and aged attestations as JSON.

use evenhand_core::attestation;
use evenhand_core::waiver::{self, Waiver};
use serde::Serialize;

/// A waiver.
#[derive(Serialize)]
pub(super) struct Wire<'a> {
    proposal: &'a str,
    reason: &'a str,
    by: &'a str,
    until: String,
}

/// A waiver, and how it stands.
#[derive(Serialize)]
pub(super) struct Waived<'a> {
    rule: &'a str,
    standing: &'static str,
    #[serde(flatten)]
    waiver: Wire<'a>,
}

/// An attestation that counts as a claim.
#[derive(Serialize)]
pub(super) struct Aged<'a> {
    by: &'a str,
    on: Option<String>,
    covers: &'a [String],
    valid_for: u32,
    path: &'a str,
}

pub(super) fn waiver(waiver: &Waiver) -> Wire<'_> {
    Wire {
        proposal: &waiver.proposal,
        reason: &waiver.reason,
        by: &waiver.by,
        until: waiver.until.to_string(),
    }
}

pub(super) fn standing(waived: &waiver::Waived) -> Waived<'_> {
    Waived {
        rule: &waived.waiver.rule,
        standing: waived.standing.word(),
        waiver: waiver(&waived.waiver),
    }
}

pub(super) fn aged(aged: &attestation::Aged) -> Aged<'_> {
    Aged {
        by: &aged.by,
        on: aged.on.map(|on| on.to_string()),
        covers: &aged.covers,
        valid_for: aged.valid_for,
        path: aged.path.as_str(),
    }
}
