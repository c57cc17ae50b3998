//! What a rule found in a proposal.

use crate::pointer::Pointer;
use crate::rule::{Citation, Severity};
use crate::waiver::Waiver;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;

pub use evenhand_diagnostic::message::{Message, fill, places};

/// What came out of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The requirement holds.
    Met,
    /// It holds in part.
    Partly,
    /// It does not hold.
    Unmet,
    /// A fact that decides it is not known yet.
    Unknown,
    /// The question does not arise for this program.
    NotApplicable,
    /// The rule itself failed; it passes nobody.
    Error,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Met,
        Self::Partly,
        Self::Unmet,
        Self::Unknown,
        Self::NotApplicable,
        Self::Error,
    ];

    /// The word for it, as in JSON and in cases.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Unmet => "unmet",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::Error => "error",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How far a requirement is satisfied: the interval of what can come out, a point where it is known. In 0..=1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Degree {
    /// The least that can come out.
    pub low: f64,
    /// The most that can come out.
    pub high: f64,
}

impl Degree {
    /// Anything can come out.
    pub const OPEN: Self = Self {
        low: 0.0,
        high: 1.0,
    };

    /// A known degree.
    pub fn known(degree: f64) -> Self {
        Self {
            low: degree,
            high: degree,
        }
    }

    /// Whether it is a point.
    pub fn is_known(self) -> bool {
        self.high - self.low <= 0.0
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    /// The outcome of a known degree; `None` for an open one.
    pub fn outcome(self) -> Option<Outcome> {
        if !self.is_known() {
            None
        } else if self.low >= 1.0 {
            Some(Outcome::Met)
        } else if self.low <= 0.0 {
            Some(Outcome::Unmet)
        } else {
            Some(Outcome::Partly)
        }
    }
}

/// A fact a finding rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Where it stands.
    pub path: Pointer,
    /// Its value.
    pub value: Value,
    /// The partners who attested it.
    pub attested_by: Vec<String>,
    /// For a derived fact, the given facts behind it.
    pub inputs: Vec<Evidence>,
    /// The part of a text that is meant: first and last character offset and the words.
    pub quote: Option<Quote>,
}

/// Words in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// Where they begin, in characters.
    pub start: usize,
    /// Where they end, in characters.
    pub end: usize,
}

/// A fact to set, and to what.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where.
    pub path: Pointer,
    /// What.
    pub value: Value,
}

/// What one rule found in one proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The plugin whose rule it is; none for a rule of a pack.
    pub plugin: Option<String>,
    /// The requirement in one line.
    pub title: String,
    /// `rule` or `prompt`.
    pub kind: &'static str,
    /// The dimension it counts in.
    pub dimension: String,
    /// How much it matters.
    pub severity: Severity,
    /// Its weight in the dimension.
    pub weight: f64,
    /// A critical rule at or under this degree stops the program.
    pub gate: f64,
    /// What came out.
    pub outcome: Outcome,
    /// How far it is satisfied.
    pub degree: Degree,
    /// What is wrong, or right.
    pub message: Message,
    /// The facts it rests on, in the order they were read.
    pub evidence: Vec<Evidence>,
    /// The facts that are missing.
    pub missing: Vec<Pointer>,
    /// The facts that are told as a range where it matters which number it is.
    pub imprecise: Vec<Pointer>,
    /// Facts to set that would help.
    pub remedy: Vec<Change>,
    /// What helps, in words.
    pub help: String,
    /// What the rule rests on.
    pub sources: Vec<Citation>,
    /// How it may over- or under-report.
    pub limits: String,
    /// The waiver by which the board lets the program off it: it is shown, and counts for nothing.
    pub waiver: Option<Waiver>,
    /// Why the rule itself failed.
    pub error: Option<String>,
    /// Everything the finding depends on, present or not.
    pub looked_at: BTreeSet<Pointer>,
}

impl Finding {
    /// The facts that would settle it: those that are missing, then those that are told as a range.
    pub fn asked_for(&self) -> impl Iterator<Item = &Pointer> {
        self.missing.iter().chain(&self.imprecise)
    }

    /// Whether it is a rule that was evaluated and is not waived: its question arises, or may.
    pub fn is_evaluated(&self) -> bool {
        self.kind == "rule" && self.outcome != Outcome::NotApplicable && self.waiver.is_none()
    }

    /// Whether it is a rule that failed, and that nobody waived.
    pub fn is_failure(&self) -> bool {
        self.outcome == Outcome::Error && self.kind == "rule" && self.waiver.is_none()
    }

    /// Whether it has points in its dimension.
    pub fn counts(&self) -> bool {
        self.is_evaluated() && self.weight > 0.0
    }

    /// Whether it is a critical rule at or under its gate, at the low or at the high end of what can come out.
    pub fn fails_gate(&self, end: End) -> bool {
        self.is_evaluated()
            && self.severity == Severity::Critical
            && end.of(self.degree) <= self.gate + TOLERANCE
    }
}

/// What sums and differences of decimals may be off by: 0.8 − 0.6 is at a gate of 0.2. The same for points.
pub const TOLERANCE: f64 = 1e-9;

/// One end of what can come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The worst case.
    Low,
    /// The best case.
    High,
}

impl End {
    /// This end of an interval.
    pub fn of(self, degree: Degree) -> f64 {
        match self {
            Self::Low => degree.low,
            Self::High => degree.high,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A finding of a major ethics rule, to be changed where a test needs it otherwise.
    pub(crate) fn sample(rule: &str, degree: Degree) -> Finding {
        Finding {
            plugin: None,
            rule: rule.to_owned(),
            title: format!("Title of {rule}"),
            kind: "rule",
            dimension: "ethics".to_owned(),
            severity: Severity::Major,
            weight: Severity::Major.weight(),
            gate: crate::rule::page::DEFAULT_GATE,
            outcome: degree.outcome().unwrap_or(Outcome::Unknown),
            degree,
            message: Message::plain("It is so"),
            evidence: Vec::new(),
            missing: Vec::new(),
            imprecise: Vec::new(),
            remedy: Vec::new(),
            help: String::new(),
            sources: Vec::new(),
            limits: String::new(),
            waiver: None,
            error: None,
            looked_at: BTreeSet::new(),
        }
    }

    #[test]
    fn degrees_are_points_or_intervals() {
        for (low, high, outcome) in [
            (1.0, 1.0, Some(Outcome::Met)),
            (0.0, 0.0, Some(Outcome::Unmet)),
            (0.5, 0.5, Some(Outcome::Partly)),
            (0.5, 0.6, None),
        ] {
            assert_eq!(Degree { low, high }.outcome(), outcome);
        }
        let both = Degree::known(0.3).or(Degree {
            low: 0.2,
            high: 0.25,
        });
        assert_eq!((both.low, both.high), (0.2, 0.3));
    }

    #[test]
    fn a_gate_is_for_critical_rules_that_arise() {
        let mut finding = sample(
            "ethics/x",
            Degree {
                low: 0.2,
                high: 0.3,
            },
        );
        let fails =
            |finding: &Finding| (finding.fails_gate(End::Low), finding.fails_gate(End::High));
        assert_eq!(fails(&finding), (false, false));
        finding.severity = Severity::Critical;
        assert_eq!(fails(&finding), (true, false));
        // What a computer makes of 0.8 − 0.6 is 0.2.
        finding.degree = Degree::known(0.8 - 0.6);
        assert_eq!(fails(&finding), (true, true));
        finding.degree = Degree::known(0.200_001);
        assert_eq!(fails(&finding), (false, false));
        finding.degree = Degree::known(0.0);
        finding.outcome = Outcome::NotApplicable;
        assert_eq!(fails(&finding), (false, false));
        finding.outcome = Outcome::Unknown;
        finding.kind = "prompt";
        assert_eq!(fails(&finding), (false, false));
        assert!(!finding.counts());
    }
}
