//! The waivers of a profile, for people and for programs.

use super::state;
use crate::Look;
use crate::style::Tone;
use evenhand_core::waiver::{EVERY_PROPOSAL, Listed, Standing};
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::json;

/// The waivers on a terminal; `apart` are the places, in the profile, of those that are for none of the proposals at hand.
pub fn text(listed: &[Listed], apart: &[usize], words: &dyn Words, look: Look) -> String {
    let mut lines = Vec::new();
    for one in listed {
        let waiver = &one.waived.waiver;
        let whose = if waiver.proposal == EVERY_PROPOSAL {
            words.word("every proposal").to_owned()
        } else {
            waiver.proposal.clone()
        };
        let head = format!("{} · {whose}", waiver.rule);
        let head = look.wrap(&head, "", "  ").into_iter();
        lines.extend(head.map(|line| look.paint(Tone::Strong, &line)));
        let mut said = state(&one.waived, words);
        if let (Standing::InForce, Some(days)) = (one.waived.standing, one.days_left) {
            let days = days.to_string();
            said = words.say(
                "{state}; days left: {days}",
                &[("state", &said), ("days", &days)],
            );
        }
        lines.extend(look.wrap(&said, "  ", "  "));
        lines.extend(look.wrap(&format!("{} ({})", waiver.reason, waiver.by), "  ", "  "));
        if apart.contains(&one.waived.index) {
            let apart = words.word("None of these proposals has this id.");
            lines.extend(look.wrap(apart, "  ", "  "));
        }
        lines.push(String::new());
    }
    lines.pop();
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// What is said where nothing is listed; `all` are the waivers of the profile.
pub fn nothing(all: &[Listed], words: &dyn Words) -> String {
    let said = if all.is_empty() {
        words.word("The profile has no waivers.")
    } else {
        words.word("No waiver ends that soon.")
    };
    format!("{said}\n")
}

/// The same as JSON: a list of objects.
pub fn json(listed: &[Listed], apart: &[usize]) -> String {
    let list: Vec<_> = listed
        .iter()
        .map(|one| {
            let waiver = &one.waived.waiver;
            json!({
                "rule": waiver.rule,
                "proposal": waiver.proposal,
                "reason": waiver.reason,
                "by": waiver.by,
                "until": waiver.until.to_string(),
                "standing": one.waived.standing.word(),
                "days_left": one.days_left,
                "matches_no_proposal": apart.contains(&one.waived.index),
            })
        })
        .collect();
    pretty_json(&list)
}
