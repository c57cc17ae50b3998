//! What has changed since a record, on a terminal.

use super::{Report, arrow, causes, standing};
use crate::Look;
use crate::lines::Lines;
use crate::style::{Tone, pad};
use evenhand_analysis::decision::Standing;
use evenhand_analysis::since::{Cause, DimensionMoved, FindingMoved, Followed};
use evenhand_diagnostic::text::shorten;

/// Most answers, findings of a side and inputs that are listed; JSON has all of them.
const LISTED: usize = 40;

/// Renders what has changed; a renewal is one line.
pub fn render(report: &Report<'_>, look: Look) -> String {
    let since = report.since;
    let mut page = Lines::new(look, report.words);
    if since.is_renewal() {
        page.wrap(&report.renewal(), "", "");
        notes(&mut page, report);
        return page.finish();
    }
    page.toned(Tone::Strong, &shorten(&report.title(), 160), "", "");
    let judged_by = report.words.say(
        "{file} · judged by {profile}",
        &[
            ("file", &report.card.proposal.file),
            ("profile", &report.card.profile),
        ],
    );
    page.toned(Tone::Faint, &judged_by, "", "");
    page.push("");
    page.wrap(&report.decision(), "", "");
    if !since.conditions.is_empty() {
        page.heading("Conditions");
        for followed in &since.conditions {
            condition(&mut page, report, followed);
        }
    }
    page.push("");
    moved(&mut page, report);
    answers(&mut page, report);
    for (heading, found) in report.sides() {
        page.heading(heading);
        for one in found.iter().take(LISTED) {
            finding(&mut page, report, one);
        }
        more(&mut page, found.len());
    }
    if !since.inputs.is_empty() {
        page.heading("What else is not as it was");
        for input in since.inputs.iter().take(LISTED) {
            page.wrap(&input.words, "  ", "    ");
        }
        more(&mut page, since.inputs.len());
    }
    notes(&mut page, report);
    page.finish()
}

fn notes(page: &mut Lines<'_>, report: &Report<'_>) {
    for note in report.notes {
        page.push("");
        page.wrap(note, "", "");
    }
}

/// How many are not listed.
fn more(page: &mut Lines<'_>, all: usize) {
    if all > LISTED {
        let count = (all - LISTED).to_string();
        let line = page.words.say(
            "… and {more} more; --format json has all of them",
            &[("more", &count)],
        );
        page.toned(Tone::Faint, &line, "  ", "    ");
    }
}

fn condition(page: &mut Lines<'_>, report: &Report<'_>, followed: &Followed) {
    let word = report.words.word(standing(followed.standing)).to_owned();
    let tone = match followed.standing {
        Standing::Met => Tone::Good,
        Standing::Worse => Tone::Bad,
        Standing::Open | Standing::ForPeople => Tone::Fair,
    };
    let mut line = format!("{}. {word}", followed.condition.number);
    if let Some(due) = report.due(followed) {
        line.push_str(&format!(", {due}"));
    }
    page.toned(tone, &line, "  ", "     ");
    page.wrap(&followed.condition.text, "     ", "     ");
    if let Some(basis) = report.basis(followed) {
        page.toned(Tone::Faint, &basis, "     ", "     ");
    }
}

/// Verdict and ranges: what stays the same is left out, and said if it is everything.
fn moved(page: &mut Lines<'_>, report: &Report<'_>) {
    let since = report.since;
    let dimensions = since.dimensions.iter();
    let moved: Vec<&DimensionMoved> = dimensions.filter(|one| !one.stayed()).collect();
    if since.verdict.0 == since.verdict.1 && moved.is_empty() {
        let line = page.words.word("Verdict and ranges stay as they are.");
        page.wrap(line, "", "");
        return;
    }
    let line = with_causes(report, report.verdict(), &since.verdict_causes);
    page.toned(Tone::Strong, &line, "", "  ");
    page.wrap(&report.card.verdict.reason, "", "");
    for one in moved {
        let states = (
            report.points(one.before.as_ref()),
            report.points(one.after.as_ref()),
        );
        let line = format!("{} {}", pad(one.title(), 15), arrow(&states.0, &states.1));
        page.wrap(&with_causes(report, line, &one.causes), "", "  ");
    }
}

fn with_causes(report: &Report<'_>, change: String, list: &[Cause]) -> String {
    if list.is_empty() {
        return change;
    }
    let list = causes(list, report.words);
    report.words.say(
        "{change} · cause: {list}",
        &[("change", &change), ("list", &list)],
    )
}

fn answers(page: &mut Lines<'_>, report: &Report<'_>) {
    let changed = &report.since.answers;
    page.heading("Answers that changed");
    if changed.is_empty() {
        let line = page.words.word("No answer changed.");
        page.wrap(line, "  ", "  ");
    }
    for answer in changed.iter().take(LISTED) {
        let values = (
            report.value(answer.was.as_ref()),
            report.value(answer.is.as_ref()),
        );
        let place = report.place(answer);
        let line = format!("{}: {} → {}", answer.path, values.0, values.1);
        page.wrap(&line, "  ", "    ");
        page.toned(Tone::Faint, &place, "    ", "    ");
    }
    more(page, changed.len());
}

fn finding(page: &mut Lines<'_>, report: &Report<'_>, one: &FindingMoved) {
    let (before, after) = report.states(one);
    let line = format!("{}: {before} → {after}", one.moved.rule);
    page.wrap(&with_causes(report, line, &one.causes), "  ", "    ");
    page.toned(Tone::Faint, &one.moved.title, "    ", "    ");
    if one.better() == Some(false) && !one.message.is_empty() {
        page.wrap(&one.message, "    ", "    ");
    }
}
