//! What stands beside every page of a plan: verdict, ranges, what decides, what moved, and the next question.

use super::turn::Seen;
use super::{View, ask, typed};
use crate::app::address;
use crate::plan::{At, Plan};
use evenhand_analysis::what_if::{Difference, difference};
use evenhand_core::document::Document;
use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::score::DimensionScore;
use evenhand_core::scorecard::Scorecard;
use evenhand_report::differences::moved_ranges;
use evenhand_report::levels;
use evenhand_report::paper::slug;
use maud::{Markup, html};

/// Findings that are shown.
const FINDINGS: usize = 5;

/// Problems that are shown.
const PROBLEMS: usize = 12;

/// The panel of a plan; `before` is the scorecard to compare with.
pub(super) fn panel(
    view: &View<'_>,
    plan: &Plan,
    seen: &Seen,
    before: Option<&Scorecard>,
    trial: bool,
) -> Markup {
    let words = view.words();
    let card = match &seen.card {
        Ok(card) => card,
        Err(problems) => return unjudged(view, problems),
    };
    let moved = before.map(|before| difference(before, card));
    let word = card.verdict.word.word();
    html! {
        section.panel #result aria-labelledby="verdict" {
            h2 #verdict {
                @if trial { (words.word("As it would be")) } @else { (words.word("As it stands")) }
            }
            p.verdict data-verdict=(word) { strong { (words.word(word)) } }
            p { (card.verdict.reason) }
            @if let Some(moved) = &moved { (changes(view, moved)) }
            (ranges(view, card))
            @if !card.obligations.is_empty() {
                h3 { (words.word("What follows")) }
                ul.plain { @for one in &card.obligations { li { (one.text) } } }
            }
            (checks(view, card))
            (deciding(view, card))
            (next(view, plan, seen))
        }
    }
}

/// What a reader hears when the answer changes: one line.
pub(super) fn status(view: &View<'_>, seen: &Seen) -> String {
    let words = view.words();
    match &seen.card {
        Ok(card) => {
            let verdict = words.say(
                "Verdict: {word}",
                &[("word", words.word(card.verdict.word.word()))],
            );
            let ranges = card
                .dimensions
                .iter()
                .map(|score| format!("{} {}", score.title, points(score)));
            format!("{verdict}. {}", ranges.collect::<Vec<_>>().join(", "))
        }
        Err(problems) => {
            let count = problems.len().to_string();
            words.say(
                "The plan cannot be judged yet: {count} problems.",
                &[("count", &count)],
            )
        }
    }
}

fn unjudged(view: &View<'_>, problems: &[Problem]) -> Markup {
    let words = view.words();
    html! {
        section.panel #result aria-labelledby="verdict" {
            h2 #verdict { (words.word("This plan cannot be judged yet")) }
            p { (words.word("Correct these first; nothing is lost.")) }
            ul.plain {
                @for (number, problem) in problems.iter().enumerate().take(PROBLEMS) {
                    li { (self::problem(view, number, problem)) }
                }
            }
            @if problems.len() > PROBLEMS {
                p { (words.say("… and {more} more", &[("more", &(problems.len() - PROBLEMS).to_string())])) }
            }
            button.small name="do" value="go:text" { (words.word("See the text")) }
        }
    }
}

/// What is wrong with the text, where, and what can be done.
pub(super) fn problem(view: &View<'_>, number: usize, problem: &Problem) -> Markup {
    let words = view.words();
    let line = problem.place.map(|place| place.line.to_string());
    html! {
        @if let Some(line) = line { strong { (words.say("line {list}", &[("list", &line)])) } ": " }
        span lang=[view.foreign()] {
            (typed(&problem.message))
            @if let Some(expected) = &problem.expected { "; expected " (typed(expected)) }
            @if let Some(suggestion) = &problem.suggestion { "; " (typed(suggestion)) }
        }
        @if problem.fix.is_some() {
            " " button.small name="do" value={ "fix:" (number) } { (words.word("Correct it")) }
        }
        @if let Some(path) = problem.path.as_ref().and_then(|path| group_of(view, path)) {
            " " button.small name="do" value={ "go:" (At::Group(path)) } { (words.word("Go there")) }
        }
    }
}

/// What moved since the page before, or what a trial would move.
fn changes(view: &View<'_>, moved: &Difference) -> Markup {
    let words = view.words();
    let lines = moved_ranges(&moved.before, &moved.after, words);
    let sides = [
        (words.word("Better"), Some(true)),
        (words.word("Worse"), Some(false)),
    ];
    html! {
        div.moved {
            h3 { (words.word("What moved")) }
            ul { @for line in &lines { li { (line) } } }
            @for (title, better) in sides {
                @let found: Vec<_> = moved.findings.iter().filter(|one| one.better() == better).collect();
                @if !found.is_empty() {
                    details { summary { (title) " (" (found.len()) ")" } ul { @for one in found { li { (one.title) } } } }
                }
            }
        }
    }
}

fn ranges(view: &View<'_>, card: &Scorecard) -> Markup {
    let words = view.words();
    html! {
        table.ranges {
            caption { (words.word("Range of each dimension")) }
            thead { tr {
                th scope="col" { (words.word("Dimension")) }
                th scope="col" { (words.word("Level")) }
                th scope="col" { (words.word("Points")) }
            } }
            tbody {
                @for score in &card.dimensions {
                    tr {
                        th scope="row" { (score.title) (bar(score)) }
                        td { (score.level_words_in(words)) }
                        td { (points(score)) }
                    }
                }
            }
        }
        p.hint { (words.word("Full: certain. Light: open until more is known. Line: what the board asks for.")) }
        @if let Some(scale) = levels::scale(card, words) {
            p.hint { (scale) }
        }
    }
}

/// A picture of a range; the numbers stand beside it.
fn bar(score: &DimensionScore) -> Markup {
    let Some((low, high)) = score.shown() else {
        return html! {};
    };
    html! {
        svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect.whole width="100" height="8" {}
            rect.open width=(high) height="8" {}
            rect.sure width=(low) height="8" {}
            rect.asked x=(score.threshold) width="0.8" height="8" {}
        }
    }
}

fn points(score: &DimensionScore) -> String {
    match score.shown() {
        Some((low, high)) if low == high => low.to_string(),
        Some((low, high)) => format!("{low}–{high}"),
        None => "–".to_owned(),
    }
}

/// Odd answers that somebody has to look at; until then the lower result counts.
fn checks(view: &View<'_>, card: &Scorecard) -> Markup {
    let words = view.words();
    let open: Vec<_> = card
        .checks
        .iter()
        .filter(|check| check.settled.is_none())
        .collect();
    html! {
        @if !open.is_empty() {
            h3 { (words.word("Please check")) }
            ul.plain.findings {
                @for check in open {
                    @let place = check.compares.first().and_then(|fact| group_of(view, &fact.path));
                    li {
                        p { (typed(&check.question.text())) }
                        @if let Some(place) = place {
                            p.buttons { button.small name="do" value={ "go:" (At::Group(place)) } { (words.word("See the answers")) span.hidden { ": " (check.code) } } }
                        }
                    }
                }
            }
        }
    }
}

/// The findings that decide, or whose improvement would change most.
fn deciding(view: &View<'_>, card: &Scorecard) -> Markup {
    let words = view.words();
    let ids = card
        .verdict
        .decided_by
        .iter()
        .chain(&card.verdict.would_help);
    let mut found: Vec<&Finding> = Vec::new();
    for id in ids {
        let finding = card.findings.iter().find(|finding| finding.rule == *id);
        if let Some(finding) = finding
            && !found.iter().any(|known| known.rule == finding.rule)
        {
            found.push(finding);
        }
    }
    html! {
        @if !found.is_empty() {
            h3 { (words.word("What decides")) }
            ul.plain.findings { @for finding in found.iter().take(FINDINGS) { li { (self::finding(view, finding)) } } }
        }
    }
}

fn finding(view: &View<'_>, finding: &Finding) -> Markup {
    let words = view.words();
    let message = finding.message.text();
    let place = finding.asked_for().next().or_else(|| {
        let given = finding
            .evidence
            .iter()
            .flat_map(|fact| std::iter::once(fact).chain(&fact.inputs));
        given
            .map(|fact| &fact.path)
            .find(|path| !path.as_str().starts_with("/derived"))
    });
    let place = place.and_then(|path| group_of(view, path));
    let rule = format!(
        "{}#{}",
        address("rulebook", "en"),
        slug(&format!("rule-{}", finding.rule))
    );
    html! {
        p.title { (finding.title) }
        p { strong { (outcome(view, finding)) } @if !message.is_empty() { ": " (typed(&message)) } }
        p.buttons {
            @if let Some(place) = place {
                button.small name="do" value={ "go:" (At::Group(place)) } { (words.word("See the answers")) span.hidden { ": " (finding.title) } }
            }
            @if !finding.remedy.is_empty() {
                button.small name="do" value={ "try:" (finding.rule) } { (words.word("Try what would help")) span.hidden { ": " (finding.title) } }
            }
            a href=(rule) target="_blank" rel="noopener" hreflang=[view.foreign()] {
                (words.word("Why, and by which sources")) span.hidden { ": " (finding.title) } " " (words.word("(new tab)"))
            }
        }
    }
}

/// What came out, in words.
fn outcome(view: &View<'_>, finding: &Finding) -> String {
    let words = view.words();
    match finding.outcome {
        Outcome::Partly => {
            let share = words.percent((finding.degree.low * 100.0 + 1e-9).floor());
            words.say("partly ({share})", &[("share", &share)])
        }
        Outcome::NotApplicable => words.word("does not apply").to_owned(),
        other => words.word(other.word()).to_owned(),
    }
}

fn next(view: &View<'_>, plan: &Plan, seen: &Seen) -> Markup {
    let words = view.words();
    let Some(question) = seen.next(plan) else {
        return html! {
            h3 { (words.word("The next question")) }
            p { (words.word("No question is open that could change anything.")) }
        };
    };
    let nothing = std::collections::BTreeMap::new();
    let fields = super::field::Fields {
        view,
        value: &serde_json::Value::Null,
        wrong: &[],
        waiting: &nothing,
    };
    html! {
        h3 { (words.word("The next question")) }
        p { (evenhand_report::questions::asked(question, words)) }
        p.hint { (ask::decides(&fields, question)) }
        button.small name="do" value="go:ask" { (words.word("Answer it")) }
    }
}

/// The page on which a fact is asked for: the element of a list it lies in, or its group.
pub(super) fn group_of(view: &View<'_>, path: &Pointer) -> Option<Pointer> {
    let schema = view.schema();
    let mut at = Pointer::root();
    let mut page = None;
    for step in path.steps() {
        let below = at.key(&step);
        let field = crate::answers::field(schema, &below)?;
        let element = crate::answers::field(schema, &at).is_some_and(|above| above.items.is_some());
        if page.is_none() || (element && !field.properties.is_empty()) {
            page = Some(below.clone());
        }
        at = below;
    }
    page
}

/// The scorecard of a document, or everything that keeps it from being judged.
pub(super) fn judged(view: &View<'_>, document: &Document) -> Result<Scorecard, Vec<Problem>> {
    use evenhand_analysis::Judge as _;
    let problems = view.check(document);
    if !problems.is_empty() {
        return Err(problems);
    }
    let card = view.judge(document);
    if card.problems.iter().any(Problem::is_error) {
        return Err(card.problems);
    }
    Ok(card)
}
