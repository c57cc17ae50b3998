//! What a board changed: its settings beside the packs' own, and what each change does.
//!
//! There are too many ways to loosen a rulebook to list them, so what comes out is compared. The baseline is the bundled packs
//! that take part, with no other pack, no setting, and no plugin but the bundled ones as they come. Each change is judged twice:
//! the baseline with only it, and the board's settings without it.

pub(crate) mod attribution;
pub(crate) mod bench;
mod changes;
#[cfg(test)]
mod tests;

use crate::document::Document;
use crate::level;
use crate::rulebook::Rulebook;
use crate::score::{DimensionScore, Level};
use crate::scorecard::Scorecard;
use crate::verdict::Word;
use bench::Bench;
use std::collections::BTreeMap;

pub(crate) use changes::{Change, Key, keys, levels};

/// What came out, as far as settings are compared by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Word,
    /// The level of each dimension at both ends; none where it was not judged.
    pub levels: BTreeMap<String, Option<(Level, Level)>>,
}

impl Judgement {
    /// Of a verdict and its dimensions.
    pub fn of(verdict: Word, dimensions: &[DimensionScore]) -> Self {
        let level = |score: &DimensionScore| score.level_low.zip(score.level_high);
        let levels = dimensions
            .iter()
            .map(|score| (score.id.clone(), level(score)));
        Self {
            verdict,
            levels: levels.collect(),
        }
    }

    /// Whether a verdict or a level that both have differs.
    pub fn differs(&self, other: &Self) -> bool {
        let both = |(id, level): (&String, &Option<(Level, Level)>)| {
            let known = other.levels.get(id);
            known.is_some_and(|known| !level::same(*known, *level))
        };
        self.verdict != other.verdict || self.levels.iter().any(both)
    }
}

/// What the board changed, and what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardChanges {
    /// What the packs' own settings give; none where no bundled pack takes part.
    pub baseline: Option<Judgement>,
    /// Whether verdict or levels are other than the baseline's.
    pub differs: bool,
    /// Every change.
    pub changes: Vec<BoardChange>,
    /// Those, by their place in `changes`, of which none does anything by itself, and all do together.
    pub together: Vec<usize>,
    /// What stands only because the board overrode a rule that may not be waived.
    pub overrides: Vec<Override>,
}

/// One thing that a board changed.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardChange {
    /// The key of the profile, or the rule, pack or plugin.
    pub what: String,
    /// What the packs say.
    pub from: String,
    /// What the board says.
    pub to: String,
    /// Why.
    pub reason: Option<String>,
    /// Whether it needs a reason: it is neither stricter nor neutral.
    pub needs_reason: bool,
    /// The baseline with only this; none where nothing differs, or where it cannot be judged by itself.
    pub only: Option<Judgement>,
    /// The board's settings without this.
    pub without: Option<Judgement>,
}

impl BoardChange {
    /// Whether a reason is still owed.
    pub fn lacks_reason(&self) -> bool {
        self.needs_reason && self.reason.is_none()
    }
}

/// A decision by which a rule that may not be waived was changed all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The rule.
    pub rule: String,
    /// What was decided.
    pub decision: String,
}

/// Something about plugins that a board changed. How plugins are loaded the engine does not know: whoever does gives the
/// rulebook with some of these changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginChange {
    /// The key of the profile, or the option of the command line.
    pub what: String,
    /// What it is without the change.
    pub from: String,
    /// What it is with it.
    pub to: String,
    /// Why.
    pub reason: Option<String>,
}

/// The rulebook with other plugins.
pub trait OtherPlugins {
    /// What was changed about plugins.
    fn changes(&self) -> &[PluginChange];

    /// The rulebook with the changes whose place holds `true`, all else alike; none if it cannot be put together.
    fn open(&self, with: &[bool]) -> Option<Rulebook>;
}

/// Plugins as they are bundled, and no others.
#[derive(Debug, Clone, Copy)]
pub struct BundledPlugins;

impl OtherPlugins for BundledPlugins {
    fn changes(&self) -> &[PluginChange] {
        &[]
    }

    fn open(&self, _with: &[bool]) -> Option<Rulebook> {
        None
    }
}

/// What the board changed, of the rulebook that gave this scorecard; nothing if it changed nothing.
pub fn board_changes(
    book: &Rulebook,
    card: &Scorecard,
    proposal: &Document,
    plugins: &dyn OtherPlugins,
) -> Option<BoardChanges> {
    let changes = changes::all(book, &card.waivers);
    let of_plugins = plugins.changes();
    if changes.is_empty() && of_plugins.is_empty() {
        return None;
    }
    let bench = Bench::new(book, &changes, proposal, plugins);
    let mut found = BoardChanges {
        baseline: None,
        differs: false,
        changes: changes
            .iter()
            .map(|change| change.shown(book))
            .chain(of_plugins.iter().map(shown))
            .collect(),
        together: Vec::new(),
        overrides: overrides(book),
    };
    if book.packs().iter().any(|pack| pack.bundled) {
        let board = Judgement::of(card.verdict.word, &card.dimensions);
        compare(&mut found, &bench, &board);
    }
    Some(found)
}

fn compare(found: &mut BoardChanges, bench: &Bench<'_>, board: &Judgement) {
    let count = found.changes.len();
    let Some(baseline) = bench.judge(&vec![false; count]) else {
        return;
    };
    found.differs = board.differs(&baseline);
    if found.differs {
        let mut silent = Vec::new();
        for (index, change) in found.changes.iter_mut().enumerate() {
            change.only = bench.judge(&attribution::alone(count, index));
            change.without = bench.judge(&attribution::without(count, index));
            let acts = |with: &Option<Judgement>, beside: &Judgement| {
                with.as_ref().is_none_or(|with| with.differs(beside))
            };
            if !acts(&change.only, &baseline) && !acts(&change.without, board) {
                silent.push(index);
            }
        }
        let differs = |mask: &[bool], from: &Judgement| {
            bench
                .judge(mask)
                .is_none_or(|judgement| judgement.differs(from))
        };
        found.together = attribution::together(count, silent, &mut |with, without| {
            differs(with, &baseline) || differs(without, board)
        });
    }
    found.baseline = Some(baseline);
}

fn shown(change: &PluginChange) -> BoardChange {
    BoardChange {
        what: change.what.clone(),
        from: change.from.clone(),
        to: change.to.clone(),
        reason: change.reason.clone(),
        needs_reason: true,
        only: None,
        without: None,
    }
}

fn overrides(book: &Rulebook) -> Vec<Override> {
    let rules = book.settings().rules.iter();
    let rules = rules.filter_map(|(id, own)| {
        Some(Override {
            rule: id.clone(),
            decision: own.overriding.clone()?,
        })
    });
    let bare = book
        .packs()
        .iter()
        .filter(|pack| pack.bundled && pack.fields_only);
    let bare = bare.filter_map(|pack| {
        Some(Override {
            rule: book.left_out_and_locked().join(", "),
            decision: pack.overriding.clone()?,
        })
    });
    rules.chain(bare).collect()
}
