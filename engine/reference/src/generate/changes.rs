//! What boards set, and what a pack finds with it.

use super::{Draws, Fault, Pack, hundredths, scale, weight};
use crate::judge::{Finding, Settings, Severity};

/// Something a board sets.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The points under which a dimension asks for revision.
    Threshold(usize, i64),
    /// From how many points a dimension is mixed.
    Mixed(i64),
    /// From how many points a dimension is good.
    Good(i64),
    /// A scale of its own.
    Scale(Vec<(String, i64)>),
    /// The weight of a rule.
    Weight(usize, f64),
    /// The gate of a rule.
    Gate(usize, f64),
    /// The severity of a rule.
    Severity(usize, Severity),
    /// A rule disabled.
    Disabled(usize),
    /// A rule waived for everybody.
    Waived(usize),
    /// A dimension that may go unjudged.
    NotJudged(usize),
    /// A rule of its own that is always met.
    Added(usize),
    /// A rule replaced by one that is always met.
    Replaced(usize),
}

impl Change {
    /// What a scorecard calls it; `rule` gives the id of a page.
    pub fn name(&self, rule: impl Fn(usize) -> String) -> String {
        match self {
            Self::Threshold(dimension, _) => format!("thresholds.d{dimension}"),
            Self::Mixed(_) => "levels.mixed".to_owned(),
            Self::Good(_) => "levels.good".to_owned(),
            Self::Scale(_) => "levels.scale".to_owned(),
            Self::Weight(page, _) => format!("rules.{}.weight", rule(*page)),
            Self::Gate(page, _) => format!("rules.{}.gate", rule(*page)),
            Self::Severity(page, _) => format!("rules.{}.severity", rule(*page)),
            Self::Disabled(page) => format!("rules.{}.enabled", rule(*page)),
            Self::Waived(page) => format!("waivers.{}", rule(*page)),
            Self::NotJudged(dimension) => format!("dimensions.d{dimension}.not_judged"),
            Self::Added(dimension) => format!("d{dimension}/added"),
            Self::Replaced(page) => rule(*page),
        }
    }
}

/// What a board sets: up to five changes, each at most once, all of different keys.
pub fn changes(draws: &mut Draws, pack: &Pack) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for _ in 0..draws.below(6) {
        let new = change(draws, pack);
        if !found.iter().any(|old| clash(old, &new)) {
            found.push(new);
        }
    }
    found
}

fn change(draws: &mut Draws, pack: &Pack) -> Change {
    let page = draws.below(pack.pages.len());
    let dimension = draws.below(pack.dimensions);
    match draws.below(13) {
        0 => Change::Threshold(dimension, draws.one(&[10, 44, 45, 46, 60, 70, 90], 45)),
        1 => Change::Mixed(draws.one(&[20, 44, 46, 60, 69], 50)),
        2 => Change::Good(draws.between(71, 95)),
        3 => Change::Scale(scale(draws)),
        4 => Change::Weight(page, weight(draws)),
        5 => Change::Gate(page, hundredths(draws.between(0, 100))),
        6 => Change::Severity(page, draws.one(&Severity::ALL, Severity::Minor)),
        7 | 8 => Change::Disabled(page),
        9 => Change::Waived(page),
        10 => Change::NotJudged(dimension),
        11 => Change::Added(dimension),
        _ => Change::Replaced(page),
    }
}

/// Whether two changes cannot stand in one profile, or concern the same key.
fn clash(old: &Change, new: &Change) -> bool {
    use Change::{Disabled, Gate, Good, Mixed, Replaced, Scale, Severity, Waived, Weight};
    let page = |change: &Change| match change {
        Weight(page, _) | Gate(page, _) | Severity(page, _) => Some((*page, false)),
        Disabled(page) | Waived(page) | Replaced(page) => Some((*page, true)),
        _ => None,
    };
    if let (Some((one, _)), Some((other, _))) = (page(old), page(new)) {
        // Several keys of one rule may stand beside each other, but not beside a rule that is no longer asked.
        let whole =
            page(old).is_some_and(|(_, whole)| whole) || page(new).is_some_and(|(_, whole)| whole);
        return one == other
            && (whole || std::mem::discriminant(old) == std::mem::discriminant(new));
    }
    match (old, new) {
        (Scale(_), Mixed(_) | Good(_)) | (Mixed(_) | Good(_), Scale(_)) => true,
        (Change::Threshold(one, _), Change::Threshold(other, _))
        | (Change::NotJudged(one), Change::NotJudged(other))
        | (Change::Added(one), Change::Added(other)) => one == other,
        _ => std::mem::discriminant(old) == std::mem::discriminant(new),
    }
}

impl Pack {
    /// The pages and settings with some changes in force: each finding of the pack, then those of added rules. `ranges` are what came out
    /// of the pack's pages; none where the question does not arise.
    pub fn findings(
        &self,
        changes: &[&Change],
        ranges: &[Option<(f64, f64)>],
    ) -> (Vec<Finding>, Settings) {
        let mut settings = Settings::new(self.dimensions);
        let pages = self.pages.iter().zip(ranges);
        let mut found: Vec<Finding> = pages.map(|(page, range)| page.finding(*range)).collect();
        let mut own_weight: Vec<bool> = self
            .pages
            .iter()
            .map(|page| page.weight.is_some())
            .collect();
        for change in changes {
            self.apply(change, &mut found, &mut own_weight, &mut settings);
        }
        for ((one, page), own) in found.iter_mut().zip(&self.pages).zip(own_weight) {
            if !own && page.fault != Some(Fault::Severity) {
                one.weight = one.severity.weight();
            }
        }
        for (one, page) in found.iter_mut().zip(&self.pages) {
            let before = page.finding(None).weight;
            one.weightless = one.weight <= 0.0 && before > 0.0;
            // What is met or does not apply needs no waiver, and a prompt has nothing to waive.
            one.waived &= one.applies && one.low < 1.0 && !one.prompt;
        }
        for change in changes {
            if let Change::Threshold(dimension, points) = change
                && let Some(own) = settings.thresholds.get_mut(*dimension)
            {
                *own = *points;
            }
        }
        (found, settings)
    }

    fn apply(
        &self,
        change: &Change,
        found: &mut Vec<Finding>,
        own_weight: &mut [bool],
        settings: &mut Settings,
    ) {
        match change {
            Change::Weight(page, weight) => {
                let slots = found.get_mut(*page).zip(own_weight.get_mut(*page));
                if let Some((one, own)) = slots {
                    (one.weight, *own) = (*weight, true);
                }
            }
            Change::Gate(page, gate) => edit(found, *page, |one| one.gate = *gate),
            Change::Severity(page, severity) => {
                edit(found, *page, |one| one.severity = *severity);
            }
            Change::Disabled(page) => edit(found, *page, |one| one.disabled = true),
            Change::Waived(page) => edit(found, *page, |one| one.waived = true),
            Change::Replaced(page) => {
                let slots = found.get_mut(*page).zip(own_weight.get_mut(*page));
                if let Some((one, own)) = slots {
                    (*one, *own) = (Finding::new(one.dimension, Severity::Major, 1.0, 1.0), true);
                }
            }
            Change::Added(dimension) => {
                found.push(Finding::new(*dimension, Severity::Major, 1.0, 1.0));
            }
            Change::NotJudged(dimension) => {
                if let Some(own) = settings.not_judged.get_mut(*dimension) {
                    *own = true;
                }
            }
            Change::Scale(scale) => settings.scale.clone_from(scale),
            Change::Mixed(points) => {
                bound(settings, 1, *points);
                settings.thresholds = vec![*points; self.dimensions];
            }
            Change::Good(points) => bound(settings, 2, *points),
            Change::Threshold(..) => {}
        }
    }
}

fn edit(found: &mut [Finding], page: usize, with: impl Fn(&mut Finding)) {
    if let Some(one) = found.get_mut(page) {
        with(one);
    }
}

fn bound(settings: &mut Settings, level: usize, points: i64) {
    if let Some((_, from)) = settings.scale.get_mut(level) {
        *from = points;
    }
}
