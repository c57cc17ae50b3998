//! Running the cases of all pages, and what they leave untried.

#[cfg(test)]
mod tests;

use crate::cases::{Case, CaseResult, case_facts, cases, for_case, run_case_over};
use crate::coverage::Followed;
use evenhand_core::finding::Outcome;
use evenhand_core::rule::PageKind;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::problem::Problem;
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
    /// Lines of the script with a statement, or with what an arm of a `switch` gives.
    pub lines: BTreeSet<usize>,
    /// Those of which no case does everything.
    pub unreached_lines: BTreeSet<usize>,
}

/// Runs the cases of every rule that is wanted.
pub fn test(book: &Rulebook, wanted: impl Fn(&str) -> bool) -> TestRun {
    let mut run = TestRun::default();
    for rule in book
        .rules()
        .iter()
        .filter(|rule| wanted(&rule.page.id) && rule.script_source().is_some())
    {
        match cases(book, rule) {
            Err(problems) => run.problems.extend(problems),
            Ok(cases) => match test_rule(book, rule, cases) {
                Ok(tested) => run.rules.push(tested),
                Err(problems) => run.problems.extend(problems),
            },
        }
    }
    run.broken.extend(
        book.broken()
            .iter()
            .map(|rule| rule.id.clone())
            .filter(|id| wanted(id)),
    );
    run
}

/// Runs a rule's cases, each with the script and with a copy of it that notes what it does.
fn test_rule(book: &Rulebook, rule: &Rule, cases: Vec<Case>) -> Result<RuleTest, Vec<Problem>> {
    let followed = rule.script_source().map(Followed::new);
    let copy = match &followed {
        Some(followed) => book.with_script(rule, followed.source.clone())?,
        None => rule.clone(),
    };
    let mut results = Vec::new();
    let mut done = BTreeSet::new();
    for case in cases {
        let facts = case_facts(book, &case);
        book.ask(&for_case(&copy, &case), &facts);
        done.extend(facts.done());
        results.push(run_case_over(book, rule, case, &facts));
    }
    let reached: BTreeSet<Outcome> = results
        .iter()
        .map(|result| result.finding.outcome)
        .collect();
    let possible = possible_outcomes(book, rule);
    Ok(RuleTest {
        id: rule.page.id.clone(),
        unreached: possible.difference(&reached).copied().collect(),
        possible,
        results,
        lines: followed.as_ref().map(Followed::lines).unwrap_or_default(),
        unreached_lines: followed
            .map(|followed| followed.unreached(&done))
            .unwrap_or_default(),
    })
}

/// The outcomes a script can have, by the answers it mentions.
fn possible_outcomes(book: &Rulebook, rule: &Rule) -> BTreeSet<Outcome> {
    if let Some(form) = book.form(rule) {
        return evenhand_core::rule::form::outcomes(&form);
    }
    let mut possible = BTreeSet::from([Outcome::Unknown]);
    let Some(mentioned) = book.mentioned(rule) else {
        return possible;
    };
    let calls = |names: &[&str]| names.iter().any(|name| mentioned.contains(*name));
    if calls(&["applies"]) {
        possible.insert(Outcome::NotApplicable);
    }
    if rule.is_check() {
        possible.insert(Outcome::NotApplicable);
    }
    if rule.page.kind != PageKind::Rule {
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
        percent(possible.saturating_sub(unreached), possible)
    }

    /// The share of the scripts' lines that cases reach, in whole percent.
    pub fn line_coverage(&self) -> u8 {
        let all: usize = self.rules.iter().map(|rule| rule.lines.len()).sum();
        let open: usize = self
            .rules
            .iter()
            .map(|rule| rule.unreached_lines.len())
            .sum();
        percent(all.saturating_sub(open), all)
    }
}

impl RuleTest {
    /// The share of the script's lines that cases reach, in whole percent.
    pub fn line_coverage(&self) -> u8 {
        let open = self.unreached_lines.len();
        percent(self.lines.len().saturating_sub(open), self.lines.len())
    }
}

/// A share in whole percent, rounded down, so that 100 is all; of nothing, all.
fn percent(part: usize, whole: usize) -> u8 {
    let share = (part * 100).checked_div(whole).unwrap_or(100);
    u8::try_from(share).unwrap_or(100)
}
