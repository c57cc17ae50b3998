//! Judges one proposal under many sets of changes, asking each rule once for each set of its parameters.

use super::{Change, Judgement, OtherPlugins};
use crate::checks;
use crate::document::Document;
use crate::evaluate;
use crate::finding::Finding;
use crate::pack::Dimension;
use crate::rule::facts::Facts;
use crate::rule::page::PageKind;
use crate::rulebook::{Rulebook, Version};
use crate::score::{self, DimensionScore};
use crate::scorecard::proposal_id;
use crate::settings::Settings;
use crate::verdict::{self, Word};
use crate::waiver::{self, Occasion};
use crate::words::English;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A proposal, and what is asked of it.
pub(super) struct Bench<'a> {
    book: &'a Rulebook,
    changes: &'a [Change],
    proposal: &'a Document,
    plugins: &'a dyn OtherPlugins,
    /// What each set of plugins gives, by which of their changes are in it, and by how long attestations count.
    asked: RefCell<BTreeMap<Evidence, Option<Asked>>>,
}

/// What the facts depend on: which changes about plugins are in it, and for how many days attestations count.
type Evidence = (Vec<bool>, Option<u32>);

/// A rulebook with one set of plugins, and every way to read the proposal: as given, then as it may be meant.
struct Asked {
    /// The rulebook, where it is not the board's.
    other: Option<Rulebook>,
    readings: Vec<Reading>,
}

/// The findings over one set of plugins and one way to read the proposal.
struct Reading {
    facts: Arc<Facts>,
    assessed: Vec<Finding>,
    silent: Vec<String>,
    findings: BTreeMap<String, Finding>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        book: &'a Rulebook,
        changes: &'a [Change],
        proposal: &'a Document,
        plugins: &'a dyn OtherPlugins,
    ) -> Self {
        Self {
            book,
            changes,
            proposal,
            plugins,
            asked: RefCell::default(),
        }
    }

    /// What comes out with the changes whose place holds `true`: those of settings and rules, then those of plugins. None if
    /// such a rulebook cannot be put together.
    pub(super) fn judge(&self, with: &[bool]) -> Option<Judgement> {
        let (own, plugins) = with.split_at(self.changes.len().min(with.len()));
        let mut settings = Settings {
            date: self.book.settings().date,
            ..Settings::default()
        };
        let mut rules = BTreeSet::new();
        for (change, _) in self.changes.iter().zip(own).filter(|(_, with)| **with) {
            match change {
                Change::Setting(key) => key.copy(self.book.settings(), &mut settings),
                Change::Rule(id) | Change::FieldsOnly(id) => {
                    // An id has a `/`, and the folder of a bundled pack has none.
                    rules.insert(id.as_str());
                }
            }
        }
        let mut asked = self.asked.borrow_mut();
        let asked = asked
            .entry((plugins.to_vec(), settings.attestations_valid_for))
            .or_insert_with(|| self.ask(plugins, &settings));
        let asked = asked.as_mut()?;
        let proposal = proposal_id(self.proposal.value());
        let occasion = Occasion {
            proposal: &proposal,
            date: settings.date,
            may_be_waived: &|rule| self.book.may_be_waived(rule),
        };
        Some(asked.judge(self.book, &settings, &rules, &occasion))
    }

    fn ask(&self, plugins: &[bool], settings: &Settings) -> Option<Asked> {
        let other = if plugins.iter().all(|with| *with) {
            None
        } else {
            Some(self.plugins.open(plugins)?)
        };
        let book = other.as_ref().unwrap_or(self.book);
        let given = book.evidence(self.proposal, settings.validity(), book.executor());
        // Settings and packs change no check, so that the same answers are in doubt whatever else is changed.
        let others = checks::other_readings(self.proposal, &given.checks);
        let others = others
            .iter()
            .map(|other| book.evidence(other, settings.validity(), book.executor()));
        let looked = std::iter::once(given).chain(others);
        let readings = looked.map(|looked| Reading {
            facts: looked.facts,
            assessed: looked.assessed,
            silent: looked.silent,
            findings: BTreeMap::new(),
        });
        Some(Asked {
            readings: readings.collect(),
            other,
        })
    }
}

impl Asked {
    fn judge(
        &mut self,
        book: &Rulebook,
        settings: &Settings,
        rules: &BTreeSet<&str>,
        occasion: &Occasion<'_>,
    ) -> Judgement {
        let book = self.other.as_ref().unwrap_or(book);
        let readings = self.readings.iter_mut();
        let judged = readings.map(|reading| reading.judge(book, settings, rules, occasion));
        let (word, scores) = lowest(judged);
        Judgement::of(word, &scores)
    }
}

impl Reading {
    fn judge(
        &mut self,
        book: &Rulebook,
        settings: &Settings,
        rules: &BTreeSet<&str>,
        occasion: &Occasion<'_>,
    ) -> (Word, Vec<DimensionScore>) {
        let mut findings = Vec::new();
        let mut withdrawn = BTreeSet::new();
        let mut dimensions: BTreeSet<String> = BTreeSet::new();
        let versions = book.versions(|id| rules.contains(id)).into_iter();
        for version in versions.filter(|version| version.kind() != PageKind::Check) {
            if book
                .left_out_with(version)
                .is_some_and(|pack| rules.contains(pack))
            {
                continue;
            }
            let own = settings.rules.get(version.id());
            if version.is_withdrawn(own) {
                withdrawn.insert(version.dimension().to_owned());
            }
            dimensions.insert(version.dimension().to_owned());
            if own.is_some_and(|own| own.disabled.is_some()) {
                continue;
            }
            let key = version.key(own);
            let found = self.findings.entry(key).or_insert_with(|| match version {
                Version::Rule(rule, _) => {
                    let params = own.map(|own| own.params.clone()).unwrap_or_default();
                    book.ask(&rule.with_defaults_and(&params), &self.facts)
                }
                Version::Broken(broken, _) => broken.finding(),
            });
            let mut found = found.clone();
            version.settle(&mut found, own);
            findings.push(found);
        }
        let bare = book
            .packs()
            .iter()
            .any(|pack| pack.bundled && pack.fields_only && rules.contains(pack.folder.as_str()));
        let assessed = self.assessed.iter();
        for found in assessed.filter(|found| !(bare && book.is_bare(found))) {
            let own = settings.rules.get(&found.rule);
            if own.is_some_and(|own| own.takes_away(found.weight)) {
                withdrawn.insert(found.dimension.clone());
            }
            dimensions.insert(found.dimension.clone());
            if own.is_none_or(|own| own.disabled.is_none()) {
                let mut found = found.clone();
                if let Some(own) = own {
                    evaluate::settle(&mut found, own);
                }
                findings.push(found);
            }
        }
        waiver::apply(&settings.waivers, occasion, &mut findings);
        let counted = book.all_dimensions();
        let counted = counted.filter(|one| dimensions.contains(&one.id)).cloned();
        let counted: Vec<Dimension> = counted.collect();
        decided(&findings, &counted, settings, &withdrawn, &self.silent)
    }
}

/// Verdict and scores of findings over one way to read a proposal.
pub(crate) fn decided(
    findings: &[Finding],
    dimensions: &[Dimension],
    settings: &Settings,
    withdrawn: &BTreeSet<String>,
    silent: &[String],
) -> (Word, Vec<DimensionScore>) {
    let scores = score::dimensions(findings, dimensions, settings, withdrawn);
    let silent: Vec<&str> = silent.iter().map(String::as_str).collect();
    let word = verdict::decide(findings, &scores, &silent, &English).word;
    (word, scores)
}

/// What counts of all ways to read a proposal, the one as given first: the lowest.
pub(crate) fn lowest(
    mut judged: impl Iterator<Item = (Word, Vec<DimensionScore>)>,
) -> (Word, Vec<DimensionScore>) {
    let Some((given, mut scores)) = judged.next() else {
        return (Word::Incomplete, Vec::new());
    };
    let mut words = Vec::new();
    for (word, other) in judged {
        score::lower(&mut scores, &other);
        words.push(word);
    }
    (verdict::lower(given, words.into_iter()), scores)
}
