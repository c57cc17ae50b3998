//! Numbers of which only the ends are known, within one run of a script.

use super::{Record, Stop};
use crate::pointer::Pointer;
use std::collections::{BTreeMap, BTreeSet};

/// The numbers of one run that are intervals, and what was decided about them.
#[derive(Debug, Default)]
pub(crate) struct Intervals<'a> {
    all: Vec<Interval>,
    /// The interval of each fact that is one.
    facts: BTreeMap<Pointer, u32>,
    /// How comparisons that are not certain come out, in the order in which they are met.
    decisions: &'a [bool],
    decided: usize,
}

#[derive(Debug)]
struct Interval {
    ends: Ends,
    origin: Origin,
}

/// Where an interval comes from.
#[derive(Debug)]
enum Origin {
    Fact(Pointer),
    Made(Box<[u32]>),
}

/// The ends of a number, the same where it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ends {
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Whether it is a whole number.
    pub(crate) whole: bool,
}

impl Ends {
    /// A number that is known.
    pub(crate) fn known(number: f64) -> Self {
        Self {
            low: number,
            high: number,
            whole: number.fract() == 0.0,
        }
    }

    pub(crate) fn is_known(self) -> bool {
        self.low >= self.high
    }

    /// What is left of it from one number to another; the whole of it where nothing is.
    fn within(self, low: f64, high: f64) -> Self {
        let (mut low, mut high) = (self.low.max(low), self.high.min(high));
        if self.whole {
            (low, high) = (low.ceil(), high.floor());
        }
        if low > high {
            return self;
        }
        Self { low, high, ..self }
    }
}

impl<'a> Intervals<'a> {
    pub(super) fn new(decisions: &'a [bool]) -> Self {
        Self {
            decisions,
            ..Self::default()
        }
    }
}

impl Record<'_> {
    /// Whether any number of this run is an interval.
    pub(crate) fn has_intervals(&self) -> bool {
        !self.intervals.all.is_empty()
    }

    /// The ends of an interval.
    pub(crate) fn ends(&self, id: u32) -> Ends {
        let found = self.intervals.all.get(id as usize);
        found.map_or(
            Ends {
                low: f64::NEG_INFINITY,
                high: f64::INFINITY,
                whole: false,
            },
            |interval| interval.ends,
        )
    }

    fn add(&mut self, ends: Ends, origin: Origin) -> u32 {
        let id = u32::try_from(self.intervals.all.len()).unwrap_or(u32::MAX);
        self.intervals.all.push(Interval { ends, origin });
        id
    }

    /// The interval of a fact: the same one whenever it is read.
    pub(super) fn interval_of(&mut self, fact: &Pointer, ends: Ends) -> u32 {
        if let Some(known) = self.intervals.facts.get(fact) {
            return *known;
        }
        let id = self.add(ends, Origin::Fact(fact.clone()));
        self.intervals.facts.insert(fact.clone(), id);
        id
    }

    /// An interval that was worked out from others.
    pub(crate) fn made(&mut self, ends: Ends, from: &[u32]) -> u32 {
        self.add(ends, Origin::Made(from.into()))
    }

    /// Keeps only what lies from one number to another, wherever the interval is used.
    pub(crate) fn narrow(&mut self, id: u32, low: f64, high: f64) {
        if let Some(interval) = self.intervals.all.get_mut(id as usize) {
            interval.ends = interval.ends.within(low, high);
        }
    }

    /// How the next comparison that is not certain comes out in this run; nothing where that was not laid down.
    pub(crate) fn next_decision(&mut self) -> Option<bool> {
        let next = self.intervals.decisions.get(self.intervals.decided)?;
        self.intervals.decided += 1;
        Some(*next)
    }

    /// The facts behind intervals, each once, in the order in which they were read.
    pub(crate) fn sources(&self, ids: &[u32]) -> Vec<Pointer> {
        let all = &self.intervals.all;
        let mut seen = vec![false; all.len()];
        let mut open = ids.to_vec();
        while let Some(id) = open.pop() {
            let (Some(seen), Some(interval)) = (seen.get_mut(id as usize), all.get(id as usize))
            else {
                continue;
            };
            if std::mem::replace(seen, true) {
                continue;
            }
            if let Origin::Made(from) = &interval.origin {
                open.extend_from_slice(from);
            }
        }
        let used = all.iter().zip(&seen).filter(|(_, seen)| **seen);
        let mut facts: Vec<Pointer> = Vec::new();
        for (interval, _) in used {
            if let Origin::Fact(fact) = &interval.origin {
                facts.extend(self.told(fact));
            }
        }
        let mut once = BTreeSet::new();
        facts.retain(|fact| once.insert(fact.clone()));
        facts
    }

    /// What people told as a range: of a derived fact, the ranges that it rests on.
    fn told(&self, fact: &Pointer) -> Vec<Pointer> {
        let inputs = self.facts.inputs_of(fact).iter();
        let ranged: Vec<Pointer> = inputs
            .filter(|input| self.facts.is_range(input))
            .cloned()
            .collect();
        if ranged.is_empty() {
            vec![fact.clone()]
        } else {
            ranged
        }
    }

    /// Why a script waits that needs one number where intervals are.
    pub(crate) fn imprecise(&self, ids: &[u32]) -> Stop {
        let named = self.sources(ids);
        Stop::Missing {
            at: named.first().cloned().unwrap_or_default(),
            field: None,
            named,
        }
    }
}
