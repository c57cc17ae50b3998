//! The one way in which a proposal is judged. Terminal, tests of rules, and everything else call it.

mod narrow;
mod runs;

pub(crate) use narrow::NAMING;

use crate::attestation::{Validity, contested};
use crate::checks::{Check, Raised};
use crate::document::Document;
use crate::executor::{Executor, par_map};
use crate::finding::{Change, Degree, Evidence, Finding, Message, Outcome};
use crate::plugin::PluginError;
pub use crate::plugins::Remembered;
use crate::plugins::{Answered, Assessed};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::program::machine::limits;
use crate::rule::compiler::Script;
use crate::rule::facts::Facts;
use crate::rule::facts::plain;
use crate::rule::page::PageKind;
use crate::rule::script::{Halt, Odd};
use crate::rulebook::{BrokenRule, Rule, Rulebook, Version};
use crate::settings::RuleSettings;
use runs::{Compiled, Interpreted, Runs};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything that came out of judging one proposal.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// What each rule found: by dimension, then severity, then id.
    pub findings: Vec<Finding>,
    /// What is wrong with the proposal, says a plugin (an airport that does not exist, say).
    pub problems: Vec<Problem>,
    /// Plugins that failed; what depends on them is open.
    pub failures: Vec<PluginError>,
    /// Facts that plugins derived.
    pub derived: Value,
    /// What is odd, and to be checked.
    pub checks: Vec<Check>,
}

impl Evaluation {
    /// The plugins that gave no answer.
    pub(crate) fn silent(&self) -> Vec<&str> {
        let failures = self.failures.iter();
        let mut silent: Vec<&str> = failures.map(|failure| failure.plugin.as_str()).collect();
        silent.dedup();
        silent
    }
}

impl Rulebook {
    /// Judges a proposal that fits the schema.
    pub fn evaluate(&self, proposal: &Document) -> Evaluation {
        self.evaluate_where(proposal, |_| true)
    }

    /// Judges a proposal by some of the rules only.
    pub fn evaluate_where(&self, proposal: &Document, wanted: impl Fn(&str) -> bool) -> Evaluation {
        self.evaluate_with(proposal, wanted, self.executor())
    }

    /// The same, with the work done by another executor than the rulebook was loaded with.
    ///
    /// Where a partner contests facts, every finding holds what comes out with either answer.
    pub fn evaluate_with(
        &self,
        proposal: &Document,
        wanted: impl Fn(&str) -> bool,
        executor: &dyn Executor,
    ) -> Evaluation {
        let mut evaluation = self.evaluate_reading(proposal, &wanted, executor);
        let readings = contested::readings(proposal);
        if readings.is_empty() {
            return evaluation;
        }
        let others = readings.iter();
        let others = others.map(|reading| self.evaluate_reading(reading, &wanted, executor));
        let others: Vec<Evaluation> = others.collect();
        let all = std::iter::once(&evaluation).chain(&others);
        let all: Vec<&[Finding]> = all.map(|one| &*one.findings).collect();
        let mut findings = contested::together(&all, proposal.value());
        self.sort(&mut findings);
        evaluation.findings = findings;
        for other in others {
            let fresh = other.problems.into_iter().filter(Problem::is_error);
            for problem in fresh {
                let problem = contested::placed(proposal, problem);
                if !evaluation.problems.contains(&problem) {
                    evaluation.problems.push(problem);
                }
            }
            for failure in other.failures {
                if !evaluation.failures.contains(&failure) {
                    evaluation.failures.push(failure);
                }
            }
        }
        evaluation
    }

    /// Judges a proposal with the answers as they stand.
    fn evaluate_reading(
        &self,
        proposal: &Document,
        wanted: &impl Fn(&str) -> bool,
        executor: &dyn Executor,
    ) -> Evaluation {
        let found = self.found(proposal, self.settings.validity(), executor);
        let asked =
            |rule: &&Rule| rule.disabled.is_none() && !rule.is_check() && wanted(&rule.page.id);
        let asked: Vec<&Rule> = self.rules.iter().filter(asked).collect();
        let counted = par_map(executor, &asked, |rule| {
            self.ask_counted(rule, &found.facts)
        });
        let mut findings = within_budget(counted);
        findings.extend(
            self.broken
                .iter()
                .filter(|rule| rule.disabled.is_none() && wanted(&rule.id))
                .map(|rule| self.broken_finding(rule)),
        );
        let own = |assessed: &Finding| {
            wanted(&assessed.rule) && self.is_enabled(&assessed.rule) && !self.is_bare(assessed)
        };
        let assessed = found.assessed.into_iter().filter(own);
        findings.extend(assessed.map(|finding| self.weighed(finding)));
        let checks = self.checks(found.checks, &found.facts, &mut findings);
        self.sort(&mut findings);
        Evaluation {
            findings,
            checks,
            problems: found.problems,
            failures: found.failures,
            derived: found.derived,
        }
    }

    /// What plugins make of a proposal, and the facts that rules are asked over.
    pub(crate) fn found(
        &self,
        proposal: &Document,
        validity: Validity,
        executor: &dyn Executor,
    ) -> Found {
        let answered = self.schema.answered(proposal.value());
        let known = self.schema.without_ranges(&answered);
        let handed = Answered {
            with_ranges: &answered,
            without: &known,
        };
        let plugins = &self.plugins;
        let answers = plugins.derive(proposal, handed, &self.schema, executor, None);
        let derived = Value::Object(answers.derived.value.clone());
        let facts = Arc::new(Facts::new(
            Arc::clone(&self.schema),
            &answered,
            answers.derived,
            validity,
        ));
        let mut failures = answers.failures;
        let (assessed, failed) = plugins.assess(handed);
        failures.extend(failed);
        let assessed = assessed.into_iter();
        Found {
            assessed: assessed.map(|assessed| placed(assessed, &facts)).collect(),
            problems: answers.problems,
            checks: answers.checks,
            failures,
            derived,
            facts,
        }
    }

    /// The facts of a proposal, with what plugins derive from them: what rules are asked over.
    pub fn facts(&self, proposal: &Document) -> Arc<Facts> {
        self.facts_remembering(proposal, None)
    }

    /// The same, for asking about many proposals of which plugins are handed the same parts again and again.
    pub fn facts_remembering(
        &self,
        proposal: &Document,
        remembered: Option<&Remembered>,
    ) -> Arc<Facts> {
        let answered = self.schema.answered(proposal.value());
        let known = self.schema.without_ranges(&answered);
        let handed = Answered {
            with_ranges: &answered,
            without: &known,
        };
        let plugins = &self.plugins;
        let executor = self.executor();
        let answers = plugins.derive(proposal, handed, &self.schema, executor, remembered);
        Arc::new(Facts::new(
            Arc::clone(&self.schema),
            &answered,
            answers.derived,
            self.settings.validity(),
        ))
    }

    fn is_enabled(&self, rule: &str) -> bool {
        self.settings
            .rules
            .get(rule)
            .is_none_or(|own| own.disabled.is_none())
    }

    pub(crate) fn sort(&self, findings: &mut [Finding]) {
        let order: Vec<&str> = self
            .info
            .dimensions
            .iter()
            .map(|dimension| dimension.id.as_str())
            .collect();
        let rank = |id: &str| {
            order
                .iter()
                .position(|dimension| *dimension == id)
                .unwrap_or(usize::MAX)
        };
        findings.sort_by(|a, b| {
            (rank(&a.dimension), a.severity, &a.rule).cmp(&(
                rank(&b.dimension),
                b.severity,
                &b.rule,
            ))
        });
    }

    /// Asks one rule, which may have other parameters than the settings say.
    pub fn ask(&self, rule: &Rule, facts: &Arc<Facts>) -> Finding {
        let mut found = par_map(self.executor(), &[rule], |rule| self.ask_here(rule, facts));
        found.pop().unwrap_or_else(|| blank(rule))
    }

    /// Asks one rule on this thread, which has room for scripts.
    pub fn ask_here(&self, rule: &Rule, facts: &Arc<Facts>) -> Finding {
        self.ask_counted(rule, facts).0
    }

    /// The same, with the units of work that it took.
    pub fn ask_counted(&self, rule: &Rule, facts: &Arc<Facts>) -> (Finding, u64) {
        if rule.is_check() {
            let mut finding = blank(rule);
            self.show_check(rule, facts, &mut finding);
            return (finding, 0);
        }
        let Some(script) = &rule.script else {
            let mut finding = blank(rule);
            // A prompt without a script is asked of every program.
            finding.outcome = Outcome::NotApplicable;
            if rule.page.kind == PageKind::Prompt {
                finding.outcome = Outcome::Unknown;
            }
            return (finding, 0);
        };
        let mut runs = Compiled::new(self, script, &rule.value, facts);
        let finding = self.ask_by(rule, facts, &mut runs);
        (finding, limits::UNITS - runs.units)
    }

    /// Asks one rule of the interpreter of its script's syntax, which is what the compiled program is compared with; and of
    /// the program, with `&&` and `||` as strict as the interpreter's.
    #[doc(hidden)]
    pub fn ask_both(&self, rule: &Rule, facts: &Arc<Facts>) -> Option<(Finding, Finding)> {
        let script = rule.script.as_ref().filter(|_| !rule.is_check())?;
        let mut interpreted = Interpreted {
            interpreter: self.interpreter(),
            script,
            param: rule
                .params
                .iter()
                .map(|(name, value)| (name.as_str().into(), plain(value)))
                .collect(),
            facts,
        };
        let mut compiled = Compiled::new(self, script, &rule.value, facts);
        compiled.patient = false;
        Some((
            self.ask_by(rule, facts, &mut interpreted),
            self.ask_by(rule, facts, &mut compiled),
        ))
    }

    /// What a check finds odd, and what was read to find it.
    pub(crate) fn odd(
        &self,
        script: &Script,
        rule: &Rule,
        facts: &Facts,
    ) -> (Result<Odd, Halt>, Vec<Pointer>) {
        Compiled::new(self, script, &rule.value, facts).odd()
    }

    /// The texts that a function of the library gives for a proposal; nothing where it cannot be told.
    pub(crate) fn names(&self, function: &str, facts: &Facts) -> Option<Vec<String>> {
        let plugins = |name: &str| self.plugins.function(name);
        let program = self
            .compiler
            .library_program(function, &self.schema, &plugins)?;
        runs::names(self, &program, facts)
    }

    fn ask_by(&self, rule: &Rule, facts: &Arc<Facts>, runs: &mut dyn Runs) -> Finding {
        let mut finding = blank(rule);
        let mut asked = narrow::Question {
            runs,
            schema: &self.schema,
            facts,
        };
        let answer = asked.ask();
        finding.outcome = answer.outcome;
        finding.degree = answer.degree;
        finding.message = answer.message;
        finding.missing = answer.missing;
        finding.imprecise = answer.imprecise;
        finding.error = answer.error;
        finding.looked_at = answer.looked_at;
        finding.evidence = answer
            .evidence
            .into_iter()
            .map(|path| evidence(facts, &path))
            .collect();
        if matches!(finding.outcome, Outcome::Partly | Outcome::Unmet) {
            self.add_remedy(facts, runs, &mut finding);
        }
        if rule.page.kind == PageKind::Prompt && finding.outcome != Outcome::NotApplicable {
            finding.outcome = Outcome::Unknown;
            finding.degree = Degree::OPEN;
        }
        finding
    }

    /// A check as a finding, for its cases: open where it is raised, with what it doubts as missing.
    fn show_check(&self, rule: &Rule, facts: &Arc<Facts>, finding: &mut Finding) {
        match self.ask_check(rule, facts) {
            Err(reason) => {
                finding.outcome = Outcome::Error;
                finding.error = Some(reason);
            }
            Ok(checks) => {
                finding.outcome = Outcome::NotApplicable;
                if let Some(first) = checks.first() {
                    finding.outcome = Outcome::Unknown;
                    finding.message = first.question.clone();
                }
                for check in checks {
                    finding.missing.extend(check.doubts);
                    finding.evidence.extend(check.compares);
                }
            }
        }
    }

    fn add_remedy(&self, facts: &Facts, runs: &mut dyn Runs, finding: &mut Finding) {
        let (proposed, looked_at) = runs.remedy();
        // What would help depends on what was looked at to find it.
        finding.looked_at.extend(looked_at);
        match proposed {
            // What would help cannot be said before more is known.
            Err(Halt::Stopped(_)) => {}
            Err(Halt::Failed(reason)) => finding.error = Some(format!("remedy: {reason}")),
            Ok(proposed) => {
                for change in proposed {
                    finding.looked_at.extend(Pointer::from_dotted(&change.path));
                    match Pointer::from_dotted(&change.path)
                        .filter(|_| self.schema.find(&change.path).is_some())
                    {
                        None => {
                            finding.error = Some(format!(
                                "remedy: `{}` is not a field of the proposal",
                                change.path
                            ));
                        }
                        Some(path) if facts.value_at(&path) == Some(&change.value) => {}
                        Some(path) => finding.remedy.push(Change {
                            path,
                            value: change.value,
                        }),
                    }
                }
            }
        }
    }

    /// A plugin's finding with what settings give it.
    fn weighed(&self, mut finding: Finding) -> Finding {
        if let Some(own) = self.settings.rules.get(&finding.rule) {
            settle(&mut finding, own);
        }
        finding
    }

    fn broken_finding(&self, rule: &BrokenRule) -> Finding {
        let mut finding = rule.finding();
        Version::Broken(rule, false).settle(&mut finding, self.settings.rules.get(&rule.id));
        finding
    }
}

/// The findings, those of rules for which a judgement had no work left as errors: in the order of the rules, so that it makes
/// no difference which of them were asked at once.
fn within_budget(counted: Vec<(Finding, u64)>) -> Vec<Finding> {
    let mut left = limits::JUDGEMENT;
    let each = counted.into_iter().map(|(mut finding, units)| {
        if let Some(rest) = left.checked_sub(units) {
            left = rest;
            return finding;
        }
        finding.outcome = Outcome::Error;
        finding.degree = Degree::OPEN;
        finding.message = Message::plain("This rule failed, so nobody passes it");
        finding.remedy.clear();
        finding.error = Some(format!(
            "all rules together ran for more than {} units of work",
            limits::JUDGEMENT
        ));
        finding
    });
    each.collect()
}

/// Gives the finding of a plugin's rule the weight, gate and severity that settings ask for.
pub(crate) fn settle(finding: &mut Finding, own: &RuleSettings) {
    if let Some(severity) = own.severity {
        finding.severity = severity;
        finding.weight = severity.weight();
    }
    finding.weight = own.weight.unwrap_or(finding.weight);
    finding.gate = own.gate.unwrap_or(finding.gate);
    if let Some(title) = &own.title {
        finding.title.clone_from(title);
    }
}

/// Looks up the values behind a plugin's finding.
fn placed(assessed: Assessed, facts: &Facts) -> Finding {
    let mut finding = assessed.finding;
    finding.evidence = assessed
        .evidence
        .into_iter()
        .map(|(path, quote)| Evidence {
            quote,
            ..evidence(facts, &path)
        })
        .collect();
    finding
}

/// What is known of a proposal before a rule is asked.
pub(crate) struct Found {
    pub(crate) facts: Arc<Facts>,
    /// What plugins found by rules of their own.
    pub(crate) assessed: Vec<Finding>,
    problems: Vec<Problem>,
    pub(crate) checks: Vec<Raised>,
    pub(crate) failures: Vec<PluginError>,
    derived: Value,
}

pub(crate) fn blank(rule: &Rule) -> Finding {
    let page = &rule.page;
    Finding {
        rule: page.id.clone(),
        plugin: None,
        title: page.title.clone(),
        kind: page.kind.word(),
        dimension: page.dimension.clone(),
        severity: rule.severity,
        weight: rule.weight,
        gate: rule.gate,
        outcome: Outcome::Unknown,
        degree: Degree::OPEN,
        message: Message::plain(""),
        evidence: Vec::new(),
        missing: Vec::new(),
        imprecise: Vec::new(),
        remedy: Vec::new(),
        help: page.help.clone(),
        sources: page.sources.clone(),
        limits: page.limits.clone(),
        waiver: None,
        error: None,
        looked_at: BTreeSet::new(),
    }
}

pub(crate) fn evidence(facts: &Facts, path: &Pointer) -> Evidence {
    let given = |path: &Pointer| Evidence {
        value: facts.value_at(path).cloned().unwrap_or(Value::Null),
        attested_by: facts.attested_by(path),
        inputs: Vec::new(),
        quote: None,
        path: path.clone(),
    };
    let inputs = facts.inputs_of(path).iter().map(given).collect();
    Evidence {
        inputs,
        ..given(path)
    }
}
