//! The versions of rules: a board's, and the bundled ones they take the place of.

use super::{BrokenRule, Rule, Rulebook};
use crate::attestation::Validity;
use crate::checks::Check;
use crate::document::Document;
use crate::evaluate::Found;
use crate::executor::Executor;
use crate::finding::Finding;
use crate::rule::Severity;
use crate::rule::facts::Facts;
use crate::rule::page::{Page, PageKind};
use crate::settings::RuleSettings;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A rule as one pack has it, which can be asked or not; and whether that pack is bundled.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Version<'a> {
    /// It can be asked.
    Rule(&'a Rule, bool),
    /// It cannot.
    Broken(&'a BrokenRule, bool),
}

impl<'a> Version<'a> {
    pub(crate) fn id(self) -> &'a str {
        match self {
            Self::Rule(rule, _) => &rule.page.id,
            Self::Broken(broken, _) => &broken.id,
        }
    }

    pub(crate) fn dimension(self) -> &'a str {
        self.id().split('/').next().unwrap_or_default()
    }

    fn is_bundled(self) -> bool {
        match self {
            Self::Rule(_, bundled) | Self::Broken(_, bundled) => bundled,
        }
    }

    pub(crate) fn kind(self) -> PageKind {
        match self {
            Self::Rule(rule, _) => rule.page.kind,
            Self::Broken(broken, _) => broken.kind,
        }
    }

    fn page_weight(self) -> f64 {
        match self {
            Self::Rule(rule, _) => rule.page.default_weight(),
            Self::Broken(broken, _) => broken.weight,
        }
    }

    fn is_waivable(self) -> bool {
        match self {
            Self::Rule(rule, _) => rule.page.waivable,
            Self::Broken(broken, _) => broken.waivable,
        }
    }

    /// Its weight under settings: what they set, or that of the page, which follows the severity where the page gives none.
    fn weight(self, own: Option<&RuleSettings>) -> f64 {
        let follows = match self {
            Self::Rule(rule, _) => rule.page.weight.is_none(),
            Self::Broken(broken, _) => broken.weight_of_severity,
        };
        let severity = own.and_then(|own| own.severity).filter(|_| follows);
        let weight = own.and_then(|own| own.weight);
        weight
            .or(severity.map(Severity::weight))
            .unwrap_or_else(|| self.page_weight())
    }

    /// Whether settings take it away: it is disabled, or left without the weight that its page gives.
    pub(crate) fn is_withdrawn(self, own: Option<&RuleSettings>) -> bool {
        let weightless = self.weight(own) <= 0.0 && self.page_weight() > 0.0;
        let disabled = own.is_some_and(|own| own.disabled.is_some());
        self.kind() == PageKind::Rule && (disabled || weightless)
    }

    /// What a finding of it depends on: which version it is, and its parameters.
    pub(crate) fn key(self, own: Option<&RuleSettings>) -> String {
        let params: BTreeMap<&String, &Value> = own
            .map(|own| own.params.iter().collect())
            .unwrap_or_default();
        let params = serde_json::to_string(&params).unwrap_or_default();
        format!("{} {} {params}", self.id(), self.is_bundled())
    }

    /// Gives a finding of it the weight, gate and severity that settings ask for.
    pub(crate) fn settle(self, finding: &mut Finding, own: Option<&RuleSettings>) {
        let (severity, gate) = match self {
            Self::Rule(rule, _) => (rule.page.severity, rule.page.gate),
            Self::Broken(broken, _) => (broken.severity, broken.gate),
        };
        finding.severity = own.and_then(|own| own.severity).unwrap_or(severity);
        finding.weight = self.weight(own);
        finding.gate = own.and_then(|own| own.gate).unwrap_or(gate);
    }
}

impl Page {
    /// Its weight, unless somebody sets another.
    pub(crate) fn default_weight(&self) -> f64 {
        self.weight.unwrap_or_else(|| self.severity.weight())
    }
}

impl Rule {
    /// The rule with the parameters of its page, and some set otherwise.
    pub(crate) fn with_defaults_and(&self, own: &BTreeMap<String, Value>) -> Self {
        let mut all: BTreeMap<String, Value> = self
            .page
            .params
            .iter()
            .map(|param| (param.name.clone(), param.default.clone()))
            .collect();
        all.extend(own.clone());
        self.with_params(&all)
    }
}

impl Rulebook {
    /// The rules of packs that are not bundled, by id.
    pub(crate) fn foreign_rules(&self) -> impl Iterator<Item = &str> {
        self.all_versions()
            .filter(|version| !version.is_bundled())
            .map(Version::id)
    }

    /// The version of each rule that is in force.
    pub(crate) fn all_versions(&self) -> impl Iterator<Item = Version<'_>> {
        let bundled = |id: &str| self.bundled_owner(id);
        let rules = self.rules.iter();
        let rules = rules.map(move |rule| Version::Rule(rule, bundled(&rule.page.id)));
        let broken = self.broken.iter();
        rules.chain(broken.map(move |broken| Version::Broken(broken, bundled(&broken.id))))
    }

    /// Whether the pack whose version of a rule is in force is bundled.
    fn bundled_owner(&self, id: &str) -> bool {
        let owner = self.owners.get(id).and_then(|index| self.packs.get(*index));
        owner.is_some_and(|pack| pack.bundled)
    }

    /// One version of each rule: a pack's own where `own` wants it, and else the bundled one, if there is one.
    pub(crate) fn versions(&self, own: impl Fn(&str) -> bool) -> Vec<Version<'_>> {
        let mut versions: Vec<Version<'_>> = self
            .all_versions()
            .filter(|version| version.is_bundled() || own(version.id()))
            .collect();
        let replaced = self.replaced.iter().map(|result| match result {
            Ok(rule) => Version::Rule(rule, true),
            Err(broken) => Version::Broken(broken, true),
        });
        versions.extend(replaced.filter(|version| !own(version.id())));
        versions
    }

    /// Whether a rule takes the place of a bundled one.
    pub(crate) fn is_replaced(&self, id: &str) -> bool {
        self.owners.contains_key(id) && self.replaced_version(id).is_some()
    }

    /// The bundled pack that a rule is left out with, because only its fields take part.
    pub(crate) fn left_out_with(&self, version: Version<'_>) -> Option<&str> {
        let mut packs = self
            .packs
            .iter()
            .filter(|pack| pack.bundled && pack.fields_only);
        let is_rule = version.is_bundled() && version.kind() != PageKind::Check;
        let pack =
            packs.find(|pack| is_rule && pack.files.contains_key(&format!("{}.md", version.id())));
        pack.map(|pack| pack.folder.as_str())
    }

    /// Rules that may not be waived, and that are left out because only the fields of their pack take part.
    pub(crate) fn left_out_and_locked(&self) -> Vec<String> {
        let left_out = self.replaced.iter().map(|result| match result {
            Ok(rule) => Version::Rule(rule, true),
            Err(broken) => Version::Broken(broken, true),
        });
        let locked = left_out
            .filter(|version| !version.is_waivable() && self.left_out_with(*version).is_some());
        locked.map(|version| version.id().to_owned()).collect()
    }

    fn replaced_version(&self, id: &str) -> Option<Version<'_>> {
        let versions = self.replaced.iter().map(|result| match result {
            Ok(rule) => Version::Rule(rule, true),
            Err(broken) => Version::Broken(broken, true),
        });
        versions.into_iter().find(|version| version.id() == id)
    }

    /// The page that settings of a rule are compared with: the bundled one where there is one.
    pub(crate) fn baseline_page(&self, id: &str) -> Option<&Page> {
        if let Some(Version::Rule(rule, _)) = self.replaced_version(id) {
            return Some(&rule.page);
        }
        let rule = self.rules.iter().find(|rule| rule.page.id == id);
        rule.map(|rule| &rule.page)
    }

    /// Whether a rule may be waived: the version in force and the bundled one it takes the place of both say so, or the board
    /// overrides them.
    pub(crate) fn may_be_waived(&self, id: &str) -> bool {
        let own = self.settings.rules.get(id);
        let replaced = self.replaced_version(id);
        let mut versions = self.all_versions().chain(replaced);
        let kept = own.and_then(|own| own.waivable);
        if let Some(may) =
            kept.filter(|may| !may || own.is_some_and(|own| own.overriding.is_some()))
        {
            return may;
        }
        own.is_some_and(|own| own.overriding.is_some())
            || versions.all(|version| version.id() != id || version.is_waivable())
    }

    /// The folder of the pack whose version of a rule is in force.
    pub(crate) fn pack_of(&self, id: &str) -> Option<&str> {
        let owner = self.owners.get(id).and_then(|index| self.packs.get(*index));
        owner.map(|pack| pack.folder.as_str())
    }

    /// Why a pack is taken in.
    pub(crate) fn reason_of_pack(&self, folder: &str) -> Option<String> {
        let pack = self.packs.iter().find(|pack| pack.folder == folder)?;
        pack.reason.clone()
    }

    /// What rules are asked over, what plugins assessed and asked to be checked, and which of them gave no answer.
    pub(crate) fn evidence(
        &self,
        proposal: &Document,
        validity: Validity,
        executor: &dyn Executor,
    ) -> Looked {
        let Found {
            facts,
            assessed,
            failures,
            checks,
            ..
        } = self.found(proposal, validity, executor);
        let mut silent: Vec<String> = failures.into_iter().map(|failure| failure.plugin).collect();
        silent.dedup();
        let mut assessed = assessed;
        let checks = self.checks(checks, &facts, &mut assessed);
        Looked {
            facts,
            assessed,
            silent,
            checks,
        }
    }
}

/// What there is before rules are asked of a proposal.
pub(crate) struct Looked {
    pub(crate) facts: Arc<Facts>,
    pub(crate) assessed: Vec<Finding>,
    pub(crate) silent: Vec<String>,
    pub(crate) checks: Vec<Check>,
}
