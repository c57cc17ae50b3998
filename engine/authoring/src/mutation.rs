//! Small changes to rules, one at a time, to see whether their cases notice: a change that no case notices is a
//! condition or a number that nothing tests.

mod changes;
mod forms;
#[cfg(test)]
mod tests;

use crate::cases::{Case, case_facts, cases, passes_here};
use changes::{Changed, changes};
use evenhand_core::executor::par_map;
use evenhand_core::rule::Facts;
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::Source;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What came of changing rules.
#[derive(Debug, Default)]
pub struct MutationRun {
    /// The rules, in the rulebook's order.
    pub rules: Vec<RuleMutants>,
    /// What is wrong with the cases themselves, and rules whose cases fail as they are.
    pub problems: Vec<Problem>,
}

/// What came of changing one rule.
#[derive(Debug)]
pub struct RuleMutants {
    /// The rule's id.
    pub id: String,
    /// How many changes were tried.
    pub tried: usize,
    /// Changes that no case notices and no reason explains.
    pub survivors: Vec<Mutant>,
    /// Changes that no case notices, for a reason that the page states.
    pub explained: Vec<Mutant>,
}

/// A change to a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The file, as people know it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// What becomes what, and in which words: by this a page names it.
    pub change: String,
}

/// Changes every rule that is wanted, and runs its cases after each change. What plugins derive is asked once for
/// each case.
pub fn mutate(book: &Rulebook, wanted: impl Fn(&str) -> bool) -> MutationRun {
    let asked = |rule: &&Rule| wanted(&rule.page.id) && rule.script_source().is_some();
    let rules: Vec<&Rule> = book.rules().iter().filter(asked).collect();
    let mut run = MutationRun::default();
    let tried = par_map(book.executor(), &rules, |rule| {
        mutate_rule(book, rule, cases(book, rule)?)
    });
    for changed in tried {
        match changed {
            Ok(mutants) => run.rules.push(mutants),
            Err(problems) => run.problems.extend(problems),
        }
    }
    run
}

fn mutate_rule(
    book: &Rulebook,
    rule: &Rule,
    cases: Vec<Case>,
) -> Result<RuleMutants, Vec<Problem>> {
    let cases: Vec<(Case, Arc<Facts>)> = cases
        .into_iter()
        .map(|case| {
            let facts = case_facts(book, &case);
            (case, facts)
        })
        .collect();
    let page = &rule.page;
    if !passes_here(book, rule, &cases) {
        let problem = Problem::error("its cases fail before anything is changed")
            .at(&page.source, 0..0)
            .suggest(format!("`evenhand rules test {}` shows how", page.id));
        return Err(vec![problem]);
    }
    let mut mutants = RuleMutants {
        id: page.id.clone(),
        tried: 0,
        survivors: Vec::new(),
        explained: Vec::new(),
    };
    let mut used = BTreeSet::new();
    for (mutant, changed) in changes(rule) {
        mutants.tried += 1;
        // What does not even load is noticed by whoever loads it.
        let Some(changed) = with_change(book, rule, changed) else {
            continue;
        };
        if !passes_here(book, &changed, &cases) {
            continue;
        }
        if page.text().mutants.contains_key(&mutant.change) {
            used.insert(mutant.change.clone());
            mutants.explained.push(mutant);
        } else {
            mutants.survivors.push(mutant);
        }
    }
    let stale: Vec<Problem> = page
        .text()
        .mutants
        .keys()
        .filter(|change| !used.contains(*change))
        .map(|change| {
            Problem::error(format!(
                "a reason is given for `{change}`, which does not survive"
            ))
            .at(&page.source, 0..0)
            .suggest("take it out of `mutants`, or write the change as it is listed")
        })
        .collect();
    if stale.is_empty() {
        Ok(mutants)
    } else {
        Err(stale)
    }
}

fn with_change(book: &Rulebook, rule: &Rule, changed: Changed) -> Option<Rule> {
    let mut rule = rule.clone();
    match changed {
        Changed::Script(text) => {
            let name = rule.script_source()?.name().to_owned();
            rule = book.with_script(&rule, Source::new(name, text)).ok()?;
        }
        Changed::Form(raw) => rule = book.with_form(&rule, raw).ok()?,
        Changed::Param(index, value) => {
            rule.page.params.get_mut(index)?.default = value;
        }
    }
    Some(rule)
}
