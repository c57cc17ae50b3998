//! Waivers: a board lets one program off one requirement, for a reason, until a day.
//!
//! They are applied here and nowhere else, on the day of the evaluation, so that everybody agrees on which have expired. A
//! waived rule stays visible; it has no points, and its gate stops nobody.

use crate::date::Date;
use crate::finding::{Finding, Outcome};
use crate::problem::nearest;
use crate::rulebook::Rulebook;
use std::fmt;

/// What stands for every proposal in a waiver.
pub const EVERY_PROPOSAL: &str = "*";

/// A waiver as a board wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// The proposal's id, or `*`.
    pub proposal: String,
    /// Why.
    pub reason: String,
    /// Who decided it, and when.
    pub by: String,
    /// The last day on which it holds.
    pub until: Until,
}

/// The last day of a waiver.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// A day.
    Day(Date),
    /// Something that is no day; such a waiver counts as expired.
    Unreadable(String),
}

impl Until {
    /// Reads what somebody typed.
    pub fn read(text: &str) -> Self {
        Date::read(text.trim()).map_or_else(|| Self::Unreadable(text.to_owned()), Self::Day)
    }

    /// The day, if it is one.
    pub fn day(&self) -> Option<Date> {
        match self {
            Self::Day(date) => Some(*date),
            Self::Unreadable(_) => None,
        }
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(f),
            Self::Unreadable(text) => f.write_str(text),
        }
    }
}

/// How a waiver stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds.
    InForce,
    /// Its last day is over.
    Expired,
    /// Its last day cannot be read, so that it counts as expired.
    Unreadable,
    /// Which day it is nobody said, so that it counts as expired.
    Undated,
    /// The rule may not be waived.
    NotWaivable,
    /// There is nothing to waive: the rule is met, does not apply, is turned off, has no points, or is waived already.
    NotNeeded,
    /// It is for a proposal whose id is nearly this one's.
    OtherProposal,
}

impl Standing {
    /// The word for it, as in JSON and CSV.
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Expired => "expired",
            Self::Unreadable => "unreadable",
            Self::Undated => "undated",
            Self::NotWaivable => "not_waivable",
            Self::NotNeeded => "not_needed",
            Self::OtherProposal => "other_proposal",
        }
    }
}

/// What became of a waiver for one proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waived {
    /// The waiver.
    pub waiver: Waiver,
    /// Its place in the profile, from 0.
    pub index: usize,
    /// How it stands.
    pub standing: Standing,
}

impl Waiver {
    /// How it stands on a day, whatever it is needed for.
    pub fn standing(&self, date: Option<Date>, may_be_waived: bool) -> Standing {
        match (&self.until, date) {
            _ if !may_be_waived => Standing::NotWaivable,
            (Until::Unreadable(_), _) => Standing::Unreadable,
            (Until::Day(_), None) => Standing::Undated,
            (Until::Day(until), Some(today)) if *until < today => Standing::Expired,
            (Until::Day(_), Some(_)) => Standing::InForce,
        }
    }

    /// Whether it is for a proposal of this id.
    pub fn is_for(&self, proposal: &str) -> bool {
        self.proposal == EVERY_PROPOSAL || (!proposal.is_empty() && self.proposal == proposal)
    }
}

/// A waiver of a profile, whichever proposal it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The waiver, and how it stands by itself: whether anything needs it is not looked at.
    pub waived: Waived,
    /// Days after the evaluation on which it still holds: 0 on its last day. None where that is not known.
    pub days_left: Option<i32>,
}

impl Rulebook {
    /// Every waiver of the settings, what ends first at the top; what has no readable end comes before all.
    pub fn waivers(&self) -> Vec<Listed> {
        let date = self.settings().date;
        let all = self.settings().waivers.iter().enumerate();
        let mut listed: Vec<Listed> = all
            .map(|(index, waiver)| Listed {
                days_left: waiver
                    .until
                    .day()
                    .zip(date)
                    .map(|(until, date)| until.days() - date.days()),
                waived: Waived {
                    standing: waiver.standing(date, self.may_be_waived(&waiver.rule)),
                    waiver: waiver.clone(),
                    index,
                },
            })
            .collect();
        listed.sort_by_key(|listed| (listed.waived.waiver.until.day(), listed.waived.index));
        listed
    }
}

/// Whom waivers are applied for.
pub(crate) struct Occasion<'a> {
    /// The proposal's id; empty if it has none.
    pub(crate) proposal: &'a str,
    /// The day of the evaluation, where it is known.
    pub(crate) date: Option<Date>,
    /// Whether a rule may be waived.
    pub(crate) may_be_waived: &'a dyn Fn(&str) -> bool,
}

/// Puts the waivers that hold on the findings they are for, and says what became of each that concerns the proposal.
///
/// An expired waiver of which a later one holds is history, and is not mentioned.
pub(crate) fn apply(
    waivers: &[Waiver],
    occasion: &Occasion<'_>,
    findings: &mut [Finding],
) -> Vec<Waived> {
    let mut became = Vec::new();
    for (index, waiver) in waivers.iter().enumerate() {
        let standing = if waiver.is_for(occasion.proposal) {
            let may_be_waived = (occasion.may_be_waived)(&waiver.rule);
            waiver.standing(occasion.date, may_be_waived)
        } else if nearest(&waiver.proposal, [occasion.proposal]).is_some() {
            Standing::OtherProposal
        } else {
            continue;
        };
        let standing = if standing == Standing::InForce {
            waive(waiver, findings)
        } else {
            standing
        };
        became.push(Waived {
            waiver: waiver.clone(),
            index,
            standing,
        });
    }
    let held: Vec<String> = became
        .iter()
        .filter(|waived| waived.standing == Standing::InForce)
        .map(|waived| waived.waiver.rule.clone())
        .collect();
    became.retain(|waived| {
        waived.standing != Standing::Expired || !held.contains(&waived.waiver.rule)
    });
    became
}

/// Adds what another reading of the same proposal needs: a waiver that holds there is in force, though the answers as they stand
/// do without it.
pub(crate) fn join(became: &mut [Waived], other: &[Waived]) {
    let holds = |waived: &&Waived| waived.standing == Standing::InForce;
    for held in other.iter().filter(holds) {
        if let Some(own) = became.iter_mut().find(|own| own.index == held.index) {
            own.standing = Standing::InForce;
        }
    }
}

fn waive(waiver: &Waiver, findings: &mut [Finding]) -> Standing {
    let open = |finding: &&mut Finding| {
        finding.rule == waiver.rule
            && finding.kind == "rule"
            && finding.waiver.is_none()
            && !matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable)
    };
    match findings.iter_mut().find(open) {
        Some(finding) => {
            finding.waiver = Some(waiver.clone());
            Standing::InForce
        }
        None => Standing::NotNeeded,
    }
}

#[cfg(test)]
mod tests;
