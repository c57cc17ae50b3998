//! What is wrong with packs before anybody is judged by them: everything at once, each with its place.

mod files;
#[cfg(test)]
pub(crate) mod tests;

use crate::cases::CaseResult;
use crate::ruletest::{RuleTest, test};
use evenhand_core::finding::Outcome;
use evenhand_core::rule::Page;
use evenhand_core::rule::at;
use evenhand_core::rule::page::{Basis, PageKind};
use evenhand_core::rulebook::{Rule, Rulebook};
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Phrase, Problem};
use evenhand_document::change::set;
use files::file_problems;
use std::collections::BTreeSet;

/// Everything wrong with the rules that are wanted; where none is named, with the packs as a whole too.
///
/// Made for a rulebook of `Rulebook::load_to_lint`.
pub fn lint(book: &Rulebook, ids: &[String]) -> Vec<Problem> {
    let wanted = |id: &str| ids.is_empty() || ids.iter().any(|own| own == id);
    let mut problems: Vec<Problem> = book
        .broken()
        .iter()
        .filter(|rule| wanted(&rule.id))
        .flat_map(|rule| rule.problems.clone())
        .collect();
    let run = test(book, wanted);
    for rule in book.rules().iter().filter(|rule| wanted(&rule.page.id)) {
        let of_script = book.check_script(rule);
        // What the cases show of a script that is wrong is only what is wrong already.
        let sound = !of_script.iter().any(Problem::is_error);
        let tried = run.rules.iter().find(|tried| tried.id == rule.page.id);
        if let Some(tried) = tried.filter(|tried| sound || tried.results.is_empty()) {
            problems.extend(case_problems(book, rule, tried));
        }
        problems.extend(of_script);
        problems.extend(page_problems(&rule.page));
    }
    problems.extend(run.problems);
    if ids.is_empty() {
        problems.extend(file_problems(book));
    }
    problems.sort_by(|a, b| (&a.file, a.place).cmp(&(&b.file, b.place)));
    problems.dedup();
    problems
}

/// What the cases leave untried, and what they show of the remedies.
fn case_problems(book: &Rulebook, rule: &Rule, tried: &RuleTest) -> Vec<Problem> {
    let page = &rule.page;
    if tried.results.is_empty() {
        let problem = Problem::error("no case tries the rule")
            .at(&page.source, 0..0)
            .expected("a section `## Cases` with a list in a fenced block");
        return vec![problem];
    }
    let mut problems = Vec::new();
    if !tried.unreached.is_empty() {
        let words: Vec<&str> = tried.unreached.iter().copied().map(Outcome::word).collect();
        let span = page.text().cases.as_ref().map_or(0..0, |cases| {
            let start = cases.start.saturating_sub(1);
            start..start
        });
        problems.push(
            Problem::warning(format!("no case comes out as {}", words.join(" or ")))
                .at(&page.source, span)
                .suggest("add a case, or take out what cannot happen"),
        );
    }
    let mut said = BTreeSet::new();
    for result in &tried.results {
        for (message, expected) in remedy_problems(book, result) {
            if said.insert(message.clone()) {
                let mut problem =
                    Problem::error(format!("in the case `{}`, {message}", result.case.name));
                problem.expected = expected;
                let place = result.case.place.as_ref().map(|(_, place)| *place);
                problems.push(at(&page.source, place, problem));
            }
        }
    }
    problems
}

/// What a remedy sets that cannot be set, with what was expected.
fn remedy_problems(book: &Rulebook, result: &CaseResult) -> Vec<(String, Option<Phrase>)> {
    let finding = &result.finding;
    let failed = finding
        .error
        .as_ref()
        .and_then(|error| error.strip_prefix("remedy: "));
    if let Some(reason) = failed {
        return vec![(format!("the remedy fails: {reason}"), None)];
    }
    let mut proposal = result.case.proposal.clone();
    let mut found = Vec::new();
    for change in &finding.remedy {
        if let Err(problem) = set(&mut proposal, &change.path, change.value.clone()) {
            let message = format!(
                "the remedy cannot set `{}`: {}",
                change.path.dotted(),
                problem.message
            );
            found.push((message, problem.expected));
        }
    }
    let document = evenhand_document::document::Document::from_value("case", proposal);
    let refused = book.check_document(&document).into_iter();
    found.extend(refused.map(|problem| {
        let path = problem.path.map(|path| path.dotted()).unwrap_or_default();
        (
            format!(
                "the remedy sets `{path}` to what it cannot be: {}",
                problem.message
            ),
            problem.expected,
        )
    }));
    found
}

/// What a page does not say.
fn page_problems(page: &Page) -> Vec<Problem> {
    let mut problems = Vec::new();
    if page.kind == PageKind::Rule {
        if page.limits.is_empty() {
            let problem = Problem::error("the page does not say how the rule may be wrong")
                .expected("`limits`: what it over- or under-reports, and what it cannot see");
            problems.push(page.problem_at(&Pointer::root().key("limits"), problem));
        }
        if page.sources.is_empty() {
            let problem = Problem::warning("the rule rests on no source")
                .suggest("name the works it comes from; keys of sources.toml");
            problems.push(page.problem_at(&Pointer::root().key("sources"), problem));
        }
        if page.help.is_empty() {
            let problem = Problem::error("the page does not say what helps")
                .at(&page.source, 0..0)
                .expected("a section `## What helps`; its first paragraph stands in every finding");
            problems.push(problem);
        }
    }
    for param in page
        .params
        .iter()
        .filter(|param| param.basis == Basis::Sourced && param.source.is_none())
    {
        let at = Pointer::root().key("params").key(&param.name);
        let problem = Problem::warning(format!(
            "parameter `{}` is sourced, and does not say from where",
            param.name
        ))
        .suggest("add `source: KEY`, or write `basis: default` for a judgement");
        problems.push(page.problem_at(&at, problem));
    }
    problems
}
