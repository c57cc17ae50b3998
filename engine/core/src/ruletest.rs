//! Running the cases of all pages, and what they leave untried.

use crate::finding::Outcome;
use crate::problem::Problem;
use crate::rule::cases::CaseResult;
use crate::rulebook::{Rule, Rulebook};
use crate::source::Source;
use std::collections::BTreeSet;

/// The cases of some rules, run.
#[derive(Debug, Default)]
pub struct TestRun {
    /// The rules, in the rulebook's order.
    pub rules: Vec<RuleTest>,
    /// Rules that could not be loaded, whose cases therefore did not run.
    pub broken: Vec<String>,
    /// What is wrong with the cases themselves.
    pub problems: Vec<Problem>,
}

/// The cases of one rule, run.
#[derive(Debug)]
pub struct RuleTest {
    /// The rule's id.
    pub id: String,
    /// Its cases.
    pub results: Vec<CaseResult>,
    /// Outcomes the script can have.
    pub possible: BTreeSet<Outcome>,
    /// Outcomes that no case reaches.
    pub unreached: BTreeSet<Outcome>,
}

impl Rulebook {
    /// Runs the cases of every rule that is wanted.
    pub fn test(&self, wanted: impl Fn(&str) -> bool) -> TestRun {
        let mut run = TestRun::default();
        for rule in self
            .rules()
            .iter()
            .filter(|rule| wanted(&rule.page.id) && rule.script.is_some())
        {
            match self.cases(rule) {
                Err(problems) => run.problems.extend(problems),
                Ok(cases) => {
                    let results: Vec<CaseResult> = cases
                        .into_iter()
                        .map(|case| self.run_case(rule, case))
                        .collect();
                    let reached: BTreeSet<Outcome> = results
                        .iter()
                        .map(|result| result.finding.outcome)
                        .collect();
                    let possible = possible_outcomes(rule);
                    run.rules.push(RuleTest {
                        id: rule.page.id.clone(),
                        unreached: possible.difference(&reached).copied().collect(),
                        possible,
                        results,
                    });
                }
            }
        }
        run.broken.extend(
            self.broken()
                .iter()
                .map(|rule| rule.id.clone())
                .filter(|id| wanted(id)),
        );
        run
    }

    /// The texts that problems are in, for showing their lines.
    pub fn sources_of(&self, problems: &[Problem]) -> Vec<Source> {
        let names: BTreeSet<&str> = problems
            .iter()
            .filter_map(|problem| problem.file.as_deref())
            .collect();
        let mut found = Vec::new();
        for pack in self.packs() {
            for path in pack
                .files
                .keys()
                .filter(|path| names.contains(pack.name_of(path).as_str()))
            {
                found.extend(pack.source(path).and_then(Result::ok));
            }
        }
        found
    }
}

/// The outcomes a script can have, by the answers it mentions.
fn possible_outcomes(rule: &Rule) -> BTreeSet<Outcome> {
    let mut possible = BTreeSet::from([Outcome::Unknown]);
    let Some(script) = &rule.script else {
        return possible;
    };
    let called = crate::rule::fields::called(&script.own);
    let calls = |names: &[&str]| names.iter().any(|name| called.contains(*name));
    if script.has_applies {
        possible.insert(Outcome::NotApplicable);
    }
    if rule.page.kind == crate::rule::PageKind::Prompt {
        return possible;
    }
    if calls(&["partly", "ramp", "curve"]) {
        possible.extend([Outcome::Met, Outcome::Partly, Outcome::Unmet]);
    }
    if calls(&["met"]) {
        possible.insert(Outcome::Met);
    }
    if calls(&["unmet"]) {
        possible.insert(Outcome::Unmet);
    }
    possible
}

impl TestRun {
    /// Cases that came out as expected.
    pub fn passed(&self) -> usize {
        self.results()
            .filter(|result| result.differences.is_empty())
            .count()
    }

    /// Cases that did not.
    pub fn failed(&self) -> usize {
        self.results()
            .filter(|result| !result.differences.is_empty())
            .count()
    }

    fn results(&self) -> impl Iterator<Item = &CaseResult> {
        self.rules.iter().flat_map(|rule| &rule.results)
    }

    /// The share of the possible outcomes that cases reach, in whole percent.
    pub fn coverage(&self) -> u8 {
        let possible: usize = self.rules.iter().map(|rule| rule.possible.len()).sum();
        let unreached: usize = self.rules.iter().map(|rule| rule.unreached.len()).sum();
        let reached = (possible.saturating_sub(unreached)) * 100;
        u8::try_from(reached.checked_div(possible).unwrap_or(100)).unwrap_or(100)
    }
}
