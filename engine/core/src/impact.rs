//! What differs between two rulebooks, and which of the differences changes what for a proposal.
//!
//! Each difference is judged twice, as changes of a board are: the old rulebook with only it, and the new one without it.

mod bench;
mod parts;
#[cfg(test)]
mod tests;

use crate::board::attribution;
use crate::board::{Judgement, PluginChange};
use crate::document::Document;
use crate::executor::Executor;
use crate::finding::{Finding, Outcome};
use crate::level;
use crate::rulebook::Rulebook;
use crate::score::Level;
use crate::scorecard::Scorecard;
use bench::Bench;
use parts::{Part, Parts, Sides};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// One of two rulebooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one that is compared with.
    Old,
    /// The other.
    New,
}

/// Something in which two rulebooks differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The key of a profile, or the rule, dimension or plugin.
    pub what: String,
    /// The rule it is about, if it is about one.
    pub rule: Option<String>,
    /// What it is on the old side.
    pub from: String,
    /// What it is on the new side.
    pub to: String,
    /// Why, where the new side says so.
    pub reason: Option<String>,
}

/// The differences about plugins, and rulebooks with some of them. How plugins are loaded the engine does not know.
pub trait MixedPlugins: Sync + std::fmt::Debug {
    /// What differs about plugins, from the old side to the new one.
    fn changes(&self) -> &[PluginChange];

    /// The rulebook of a side with those plugins as on the new side whose place holds `true`; none if it cannot be put
    /// together.
    fn open(&self, side: Side, new: &[bool]) -> Option<Rulebook>;
}

/// The same plugins on both sides.
#[derive(Debug, Clone, Copy)]
pub struct SamePlugins;

impl MixedPlugins for SamePlugins {
    fn changes(&self) -> &[PluginChange] {
        &[]
    }

    fn open(&self, _side: Side, _new: &[bool]) -> Option<Rulebook> {
        None
    }
}

/// How far one requirement is satisfied, and whether that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// What came out.
    pub outcome: Outcome,
    /// The least degree, 0..=1.
    pub low: f64,
    /// The greatest degree, 0..=1.
    pub high: f64,
    /// Whether the board waived it.
    pub waived: bool,
}

impl State {
    fn of(finding: &Finding) -> Self {
        Self {
            outcome: finding.outcome,
            low: finding.degree.low,
            high: finding.degree.high,
            waived: finding.waiver.is_some(),
        }
    }
}

/// What came out for a proposal, as far as rulebooks are compared by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Verdict and levels.
    pub judgement: Judgement,
    /// How far each rule's requirement is satisfied.
    pub findings: BTreeMap<String, State>,
}

/// The level of a dimension at both ends; none where it was not judged.
pub type Levels = Option<(Level, Level)>;

/// Something that can come out otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The verdict.
    Verdict,
    /// The level of a dimension.
    Level(String),
    /// What a rule finds.
    Finding(String),
}

impl Judged {
    /// Of a scorecard.
    pub fn of(card: &Scorecard) -> Self {
        Self {
            judgement: Judgement::of(card.verdict.word, &card.dimensions),
            findings: bench::states(&card.findings),
        }
    }

    /// Everything in which another judgement differs.
    pub fn changed(&self, other: &Self) -> Vec<Aspect> {
        let (levels, others) = (&self.judgement.levels, &other.judgement.levels);
        let dimensions: BTreeSet<&String> = levels.keys().chain(others.keys()).collect();
        let rules: BTreeSet<&String> = self.findings.keys().chain(other.findings.keys()).collect();
        let verdict = std::iter::once(Aspect::Verdict);
        let dimensions = dimensions.into_iter().cloned().map(Aspect::Level);
        let rules = rules.into_iter().cloned().map(Aspect::Finding);
        let all = verdict.chain(dimensions).chain(rules);
        all.filter(|aspect| aspect.differs(self, other)).collect()
    }
}

impl Aspect {
    /// Whether it differs between two judgements.
    fn differs(&self, one: &Judged, other: &Judged) -> bool {
        match self {
            Self::Verdict => one.judgement.verdict != other.judgement.verdict,
            Self::Level(id) => {
                let (one, other) = (one.judgement.levels.get(id), other.judgement.levels.get(id));
                match (one, other) {
                    (Some(one), Some(other)) => !level::same(*one, *other),
                    (one, other) => one.is_some() != other.is_some(),
                }
            }
            Self::Finding(id) => one.findings.get(id) != other.findings.get(id),
        }
    }
}

/// Which differences change one aspect of a judgement, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What changes.
    pub aspect: Aspect,
    /// Those that do it by themselves, or without which it does not change so.
    pub single: Vec<usize>,
    /// Those of which none does it by itself, and all do together; only where no single one does.
    pub together: Vec<usize>,
}

/// A rulebook that was handed in, or put together here.
#[derive(Debug, Clone)]
enum Held<'a> {
    Given(&'a Rulebook),
    Opened(Arc<Rulebook>),
}

impl Held<'_> {
    fn book(&self) -> &Rulebook {
        match self {
            Self::Given(book) => book,
            Self::Opened(book) => book,
        }
    }
}

/// Rulebooks with other plugins that were put together, by their side and the plugins of the new side that are in them.
type Opened = BTreeMap<(Side, Vec<bool>), Option<Arc<Rulebook>>>;

/// Two rulebooks, and everything in which they differ. Many threads may ask it about many proposals.
#[derive(Debug)]
pub struct Between<'a> {
    sides: Sides<'a>,
    parts: Parts,
    plugins: &'a dyn MixedPlugins,
    differences: Vec<Difference>,
    opened: Mutex<Opened>,
}

impl<'a> Between<'a> {
    /// Compares two rulebooks that judge as of the same day.
    pub fn new(old: &'a Rulebook, new: &'a Rulebook, plugins: &'a dyn MixedPlugins) -> Self {
        let sides = Sides::new(old, new);
        let parts = sides.parts(plugins.changes());
        let differences = parts.all.iter();
        let differences = differences.map(|part| sides.shown(part, plugins.changes()));
        Self {
            differences: differences.collect(),
            sides,
            parts,
            plugins,
            opened: Mutex::default(),
        }
    }

    /// Everything in which they differ and that can change what comes out.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// The rulebook of a side.
    pub fn rulebook(&self, side: Side) -> &'a Rulebook {
        match side {
            Side::Old => self.sides.old,
            Side::New => self.sides.new,
        }
    }

    /// The differences that decide which proposals can be judged at all, by their places: fields and plugins.
    pub fn admitting(&self) -> Vec<usize> {
        let parts = self.parts.all.iter().enumerate();
        let admitting = parts.filter(|(_, part)| matches!(part, Part::Fields | Part::Plugin(_)));
        admitting.map(|(index, _)| index).collect()
    }

    /// Which differences make what changed from `old` to `new`, the judgements of a proposal by either side.
    pub fn causes(
        &self,
        proposal: &Document,
        (old, new): (&Judged, &Judged),
        executor: &dyn Executor,
    ) -> Vec<Cause> {
        let count = self.differences.len();
        let mut bench = Bench::new(self, proposal, executor);
        let changed = old.changed(new);
        let cause = |aspect: Aspect| {
            let mut single = Vec::new();
            let mut silent = Vec::new();
            for index in 0..count {
                let only = bench.judge(&attribution::alone(count, index));
                let without = bench.judge(&attribution::without(count, index));
                let differs = |judged: &Judged, from| aspect.differs(judged, from);
                let acts = match (&only, &without) {
                    // What cannot be judged without the others may do anything.
                    (None, None) => true,
                    (only, without) => {
                        only.as_ref().is_some_and(|only| differs(only, old))
                            || without.as_ref().is_some_and(|rest| differs(rest, new))
                    }
                };
                if acts {
                    single.push(index);
                } else {
                    silent.push(index);
                }
            }
            let mut acts = |with: &[bool], without: &[bool]| {
                let (only, rest) = (bench.judge(with), bench.judge(without));
                only.is_some_and(|only| aspect.differs(&only, old))
                    || rest.is_some_and(|rest| aspect.differs(&rest, new))
            };
            let together = if single.is_empty() {
                attribution::together(count, silent, &mut acts)
            } else {
                Vec::new()
            };
            Cause {
                aspect,
                single,
                together,
            }
        };
        changed.into_iter().map(cause).collect()
    }

    /// The rulebook of a side with some plugins of the new side.
    fn book(&self, side: Side, plugins: &[bool]) -> Option<Held<'a>> {
        let natural = side == Side::New;
        if plugins.iter().all(|new| *new == natural) {
            return Some(Held::Given(match side {
                Side::Old => self.sides.old,
                Side::New => self.sides.new,
            }));
        }
        let key = (side, plugins.to_vec());
        let known = self.opened().get(&key).cloned();
        // Not while the lock is held: what opens a rulebook waits for threads that may wait for the lock.
        let opened = known.unwrap_or_else(|| {
            let opened = self.plugins.open(side, plugins).map(Arc::new);
            self.opened().entry(key).or_insert(opened).clone()
        });
        opened.map(Held::Opened)
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a proposal has to be laid out for each side by itself.
    fn looks_at_both(&self) -> bool {
        !self.sides.same_fields || !self.plugins.changes().is_empty()
    }
}
