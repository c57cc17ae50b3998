//! Waivers and attestations that grew old, in words, and waivers as a table.

pub mod list;
pub mod table;

use evenhand_core::attestation::Aged;
use evenhand_core::finding::Finding;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::waiver::{Standing, Waived, Waiver};
use evenhand_diagnostic::words::Words;

/// What may never be cut: which rules are waived, and the verdict without the waivers.
pub(crate) fn opening(card: &Scorecard, words: &dyn Words) -> Vec<String> {
    let rules: Vec<&str> = card
        .waivers
        .iter()
        .filter(|waived| holds(waived))
        .map(rule)
        .collect();
    let Some(without) = &card.without_waivers else {
        return Vec::new();
    };
    let list = rules.join(", ");
    let word = words.word(without.verdict.word());
    let parts = [("list", list.as_str()), ("word", word)];
    vec![if without.verdict == card.verdict.word {
        words.say(
            "The board waived {list}; without that it is “{word}” as well.",
            &parts,
        )
    } else {
        words.say(
            "The board waived {list}; without that it is “{word}”.",
            &parts,
        )
    }]
}

/// Every waiver that concerns the proposal, and how it stands.
pub(crate) fn lines(card: &Scorecard, words: &dyn Words) -> Vec<String> {
    let line = |waived: &Waived| {
        words.say(
            "{rule}: {state}; {reason} ({by})",
            &[
                ("rule", rule(waived)),
                ("state", &state(waived, words)),
                ("reason", &waived.waiver.reason),
                ("by", &waived.waiver.by),
            ],
        )
    };
    card.waivers.iter().map(line).collect()
}

/// How a waiver stands.
pub(crate) fn state(waived: &Waived, words: &dyn Words) -> String {
    let until = waived.waiver.until.to_string();
    let parts = [
        ("until", until.as_str()),
        ("proposal", waived.waiver.proposal.as_str()),
    ];
    let said = match waived.standing {
        Standing::InForce => "waived until {until}",
        Standing::Expired => "no longer waived: the waiver ended on {until}",
        Standing::Unreadable => "not waived: “{until}” is no date, so the waiver counts as expired",
        Standing::Undated => "not waived: the day of the evaluation is not known",
        Standing::NotWaivable => "not waived: this rule may not be waived",
        Standing::NotNeeded => "nothing to waive here (the waiver ends on {until})",
        Standing::OtherProposal => {
            "not waived: the waiver is for “{proposal}”, another id than this proposal's"
        }
    };
    words.say(said, &parts)
}

/// The waiver of a finding: until when, why, and by whom.
pub(crate) fn of_finding(waiver: &Waiver, words: &dyn Words) -> String {
    let until = waiver.until.to_string();
    words.say(
        "Waived until {until}: {reason} ({by})",
        &[
            ("until", &until),
            ("reason", &waiver.reason),
            ("by", &waiver.by),
        ],
    )
}

/// The words for what came out of a finding, with those of a waiver about them.
pub(crate) fn outcome(finding: &Finding, outcome: String, words: &dyn Words) -> String {
    if finding.waiver.is_none() {
        return outcome;
    }
    words.say("waived ({outcome})", &[("outcome", &outcome)])
}

/// Attestations whose facts count as claimed.
pub(crate) fn aged(card: &Scorecard, words: &dyn Words) -> Vec<String> {
    card.aged
        .iter()
        .map(|aged| aged_line(aged, words))
        .collect()
}

fn aged_line(aged: &Aged, words: &dyn Words) -> String {
    let list = aged.covers.join(", ");
    let days = aged.valid_for.to_string();
    let on = aged.on.map(|on| on.to_string());
    let parts = [
        ("by", aged.by.as_str()),
        ("days", days.as_str()),
        ("list", list.as_str()),
        ("on", on.as_deref().unwrap_or_default()),
    ];
    let said = if on.is_some() {
        "Attested by {by} on {on}, more than {days} days ago, so only claimed by now: {list}"
    } else {
        "Attested by {by} without a date, so only claimed: {list}. On which day was it confirmed?"
    };
    words.say(said, &parts)
}

fn holds(waived: &Waived) -> bool {
    waived.standing == Standing::InForce
}

fn rule(waived: &Waived) -> &str {
    &waived.waiver.rule
}
