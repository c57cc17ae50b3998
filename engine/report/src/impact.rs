//! What another rulebook would do to many programs, on a terminal.

mod html;
mod json;

pub use html::html;
pub use json::json;

use crate::Look;
use crate::differences::state_words;
use crate::lines::Lines;
use crate::style::{Tone, columns, pad};
use crate::text::board::level_words;
use evenhand_analysis::impact::approved::{Stale, Why};
use evenhand_analysis::impact::{Came, Change, Grade, Impact, Row};
use evenhand_analysis::what_if;
use evenhand_core::impact::{Difference, State};
use evenhand_core::problem::Problem;
use evenhand_diagnostic::words::Words;
use std::collections::BTreeSet;

/// The most programs, and problems of one program, that a terminal is shown.
const SHOWN: usize = 50;

/// Columns of a program's name, of what changes it, and of a count.
const COLUMNS: (usize, usize, usize) = (26, 10, 9);

/// What differences can be between, where that is neither a number nor a name.
const STATES: [&str; 10] = [
    "enabled",
    "disabled",
    "judged",
    "not judged",
    "not waived",
    "of any age",
    "takes part",
    "does not take part",
    "the bundled plugin",
    "the plugin's own",
];

/// What was compared, beside what came out.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// What the old rulebook is called, as it was typed.
    pub old: &'a str,
    /// What the new one is called.
    pub new: &'a str,
    /// What came out.
    pub impact: &'a Impact,
    /// Approvals that are for nothing.
    pub stale: &'a [Stale],
    /// Files of folders that are no programs.
    pub passed_over: &'a [String],
}

/// What two sides are called of which only the second has something by this name.
pub fn without_and_with(name: &str, words: &dyn Words) -> (String, String) {
    let name = [("name", name)];
    (
        words.say("without {name}", &name),
        words.say("with {name}", &name),
    )
}

/// What differs, the programs it changes, and how many it does not.
pub fn text(compared: Compared<'_>, verbose: bool, words: &dyn Words, look: Look) -> String {
    let mut page = Lines::new(look, words);
    let Compared { old, new, .. } = compared;
    page.wrap(&words.say("Old: {name}", &[("name", old)]), "", "  ");
    page.wrap(&words.say("New: {name}", &[("name", new)]), "", "  ");
    counts(&mut page, compared.impact, look);
    differences(&mut page, compared.impact, verbose, look);
    programs(&mut page, compared.impact, verbose, look);
    refused(&mut page, compared.impact);
    if !compared.stale.is_empty() {
        page.heading("Approvals that are for nothing any more");
        for stale in compared.stale {
            page.wrap(&stale_line(stale, words), " · ", "   ");
        }
    }
    page.finish()
}

/// How many programs change in what: a line a grade.
pub(crate) fn counted(impact: &Impact) -> Vec<(&'static str, usize)> {
    let broken = impact.rows.iter().filter(|row| row.is_broken()).count();
    let mut lines = vec![
        ("Programs", impact.rows.len()),
        (
            "can be judged by one side only",
            impact.of_grade(Some(Grade::Judged)),
        ),
        (
            "change their verdict",
            impact.of_grade(Some(Grade::Verdict)),
        ),
        ("change a level", impact.of_grade(Some(Grade::Level))),
        (
            "change a finding only",
            impact.of_grade(Some(Grade::Finding)),
        ),
        ("stay as they are", impact.of_grade(None)),
        ("cannot be judged", broken),
    ];
    let always = ["Programs", "change their verdict", "stay as they are"];
    lines.retain(|(line, count)| *count > 0 || always.contains(line));
    lines
}

fn counts(page: &mut Lines<'_>, impact: &Impact, look: Look) {
    page.push("");
    let lines = counted(impact);
    let words = page.words;
    let width = lines
        .iter()
        .map(|(line, _)| columns(words.word(line)) + 2)
        .max();
    let width = width.unwrap_or_default().min(look.width.saturating_sub(8));
    for (index, (line, count)) in lines.into_iter().enumerate() {
        let indent = if index == 0 { "" } else { "  " };
        let line = format!("{indent}{}", words.word(line));
        page.push(format!("{} {count:>6}", pad(&line, width)));
    }
}

/// What differs, numbered, with how many programs it changes; what changes none is only counted.
fn differences(page: &mut Lines<'_>, impact: &Impact, verbose: bool, look: Look) {
    let words = page.words;
    if impact.differences.is_empty() {
        page.push("");
        page.wrap(
            words.word("Nothing differs that could change what comes out."),
            "",
            "",
        );
        return;
    }
    let grades = [Grade::Verdict, Grade::Level, Grade::Finding];
    let room = look.width.saturating_sub(3 * COLUMNS.2).max(24);
    page.push("");
    let head: String = grades
        .iter()
        .map(|grade| right(words.word(grade.word()), COLUMNS.2))
        .collect();
    let title = pad(
        words.word("What differs, and the programs it changes"),
        room,
    );
    page.push(look.paint(Tone::Strong, &format!("{title}{head}")));
    let mut quiet = 0;
    for (index, difference) in impact.differences.iter().enumerate() {
        let counts = grades.map(|grade| impact.changed_by(index, grade));
        if !verbose && counts.iter().all(|count| *count == 0) && !decides(impact, index) {
            quiet += 1;
            continue;
        }
        let name = format!("{:>3} ", index + 1);
        let narrow = Look {
            width: room.saturating_sub(1),
            ..look
        };
        let lines = narrow.wrap(&difference_line(difference, words), &name, "    ");
        for (row, line) in lines.into_iter().enumerate() {
            let shown = |count: &usize| right(&count.to_string(), COLUMNS.2);
            let counts: String = counts.iter().map(shown).collect();
            if row == 0 {
                page.push(format!("{}{counts}", pad(&line, room)));
            } else {
                page.push(line);
            }
        }
    }
    if quiet > 0 {
        let number = quiet.to_string();
        let line = words.say(
            "Differences that change nothing here, which --verbose shows: {number}",
            &[("number", &number)],
        );
        page.toned(Tone::Faint, &line, "    ", "    ");
    }
}

/// Whether a difference decides that a program can be judged.
fn decides(impact: &Impact, difference: usize) -> bool {
    impact.changed_by(difference, Grade::Judged) > 0
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A difference, from what to what.
pub(crate) fn difference_line(difference: &Difference, words: &dyn Words) -> String {
    let end = |end: &str| {
        let known = STATES.iter().find(|state| **state == end);
        known.map_or_else(|| end.to_owned(), |state| words.word(state).to_owned())
    };
    let Difference { what, from, to, .. } = difference;
    format!("{what}: {} → {}", end(from), end(to))
}

/// The programs that change, the gravest changes first.
fn programs(page: &mut Lines<'_>, impact: &Impact, verbose: bool, look: Look) {
    let words = page.words;
    let mut rows: Vec<&Row> = impact
        .rows
        .iter()
        .filter(|row| !row.changes.is_empty())
        .collect();
    if rows.is_empty() {
        return;
    }
    rows.sort_by_key(|row| row.grade());
    let (name, by, _) = COLUMNS;
    let middle = look.width.saturating_sub(name + by).max(20);
    page.push("");
    let head = format!(
        "{}{}{}",
        pad(words.word("Program"), name),
        pad(words.word("What changes"), middle),
        words.word("By")
    );
    page.push(look.paint(Tone::Strong, &head));
    for row in rows.iter().take(SHOWN) {
        program(page, row, verbose, (look, middle));
    }
    if let Some(more) = rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let line = words.say(
            "More that change, which --format html and json show: {number}",
            &[("number", &more.to_string())],
        );
        page.toned(Tone::Faint, &line, "", "");
    }
}

fn program(page: &mut Lines<'_>, row: &Row, verbose: bool, (look, middle): (Look, usize)) {
    let words = page.words;
    let (name, by, _) = COLUMNS;
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let findings = || row.changes.iter().filter(|one| one.grade == Grade::Finding);
    for change in &row.changes {
        if change.grade != Grade::Finding || verbose {
            lines.push((change_line(change, words), vec![causes(change)]));
        }
    }
    if !verbose && findings().next().is_some() {
        let rules: Vec<&str> = findings().map(|change| change.of.as_str()).collect();
        let few: Vec<&str> = rules.iter().copied().take(3).collect();
        let mut list = few.join(", ");
        if rules.len() > few.len() {
            list.push_str(", …");
        }
        let count = rules.len().to_string();
        let line = words.say(
            "findings ({number}): {list}",
            &[("number", &count), ("list", &list)],
        );
        let single: BTreeSet<usize> = findings().flat_map(|one| one.single.clone()).collect();
        let together = findings().filter(|one| one.single.is_empty()).map(causes);
        let together: BTreeSet<String> = together.collect();
        let single = single.into_iter().map(|place| (place + 1).to_string());
        let all: Vec<String> = single.chain(together).collect();
        lines.push((
            approved(line, findings().all(|one| one.approved), words),
            all,
        ));
    }
    let narrow = Look {
        width: middle.saturating_sub(1),
        ..look
    };
    let mut first = true;
    for (line, causes) in lines {
        let of_causes = packed(&causes, by);
        let wrapped = narrow.wrap(&line, "", "  ");
        for index in 0..wrapped.len().max(of_causes.len()) {
            let title = if first { row.key() } else { "" };
            first = false;
            let at = |lines: &[String]| lines.get(index).cloned().unwrap_or_default();
            page.push(format!(
                "{}{}{}",
                clip(title, name),
                pad(&at(&wrapped), middle),
                at(&of_causes)
            ));
        }
    }
}

/// Numbers in lines of so many columns.
fn packed(numbers: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let pieces = numbers.iter().flat_map(|some| some.split(", "));
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        match lines.last_mut() {
            Some(line) if columns(line) + columns(piece) + 2 <= width => {
                line.push_str(", ");
                line.push_str(piece);
            }
            _ => lines.push(piece.to_owned()),
        }
    }
    lines
}

/// A name with a blank behind it; of a long path the end, which tells programs apart.
fn clip(title: &str, width: usize) -> String {
    let room = width.saturating_sub(1);
    if columns(title) <= room {
        return pad(title, width);
    }
    let mut kept = Vec::new();
    let mut used = 1;
    for character in title.chars().rev() {
        let wide = columns(character.encode_utf8(&mut [0; 4]));
        if used + wide > room {
            break;
        }
        used += wide;
        kept.push(character);
    }
    let end: String = kept.into_iter().rev().collect();
    pad(&format!("…{end}"), width)
}

/// The numbers of the differences that make a change: `1, 2`, or `1+2` where only both do.
pub(crate) fn causes(change: &Change) -> String {
    let numbers = |places: &[usize], between: &str| {
        let numbers = places.iter().map(|place| (place + 1).to_string());
        numbers.collect::<Vec<_>>().join(between)
    };
    let single = numbers(&change.single, ", ");
    let together = numbers(&change.together, "+");
    if single.is_empty() { together } else { single }
}

/// A change in words, from what to what.
pub(crate) fn change_line(change: &Change, words: &dyn Words) -> String {
    let moved = format!(
        "{} → {}",
        came_words(&change.from, words),
        came_words(&change.to, words)
    );
    let line = match change.grade {
        Grade::Judged | Grade::Verdict => moved,
        Grade::Level | Grade::Finding => format!("{}: {moved}", change.of),
    };
    approved(line, change.approved, words)
}

fn approved(line: String, is: bool, words: &dyn Words) -> String {
    if is {
        format!("{line} {}", words.word("(approved)"))
    } else {
        line
    }
}

/// What came out, in words.
pub(crate) fn came_words(came: &Came, words: &dyn Words) -> String {
    match came {
        Came::Judged(true) => words.word("judged").to_owned(),
        Came::Judged(false) => words.word("cannot be judged").to_owned(),
        Came::Verdict(word) => words.word(word.word()).to_owned(),
        Came::Level(None) => words.word("no such dimension").to_owned(),
        Came::Level(Some(level)) => level_words(*level, words),
        Came::Finding(state) => {
            let plain = |state: State| what_if::State {
                outcome: state.outcome,
                low: state.low,
                high: state.high,
            };
            let shown = state_words(state.map(plain), words);
            if state.is_some_and(|state| state.waived) {
                words.say("waived ({outcome})", &[("outcome", &shown)])
            } else {
                shown
            }
        }
    }
}

/// The programs that cannot be judged, each with what is wrong.
fn refused(page: &mut Lines<'_>, impact: &Impact) {
    let words = page.words;
    let refused = |row: &&Row| !row.refused.old.is_empty() || !row.refused.new.is_empty();
    let rows: Vec<&Row> = impact.rows.iter().filter(refused).collect();
    if rows.is_empty() {
        return;
    }
    page.heading("Cannot be judged");
    for row in rows.iter().take(SHOWN) {
        page.wrap(&row.place, "  ", "    ");
        for line in problem_lines(row, words) {
            page.wrap(&line, "    ", "      ");
        }
    }
    if let Some(more) = rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let count = more.to_string();
        page.wrap(
            &words.say("and others: {number}", &[("number", &count)]),
            "  ",
            "  ",
        );
    }
}

/// What keeps a program from being judged, with the side where it is only one.
pub(crate) fn problem_lines(row: &Row, words: &dyn Words) -> Vec<String> {
    let list = |problems: &[Problem]| -> Vec<String> {
        let mut lines: Vec<String> = problems
            .iter()
            .take(SHOWN)
            .map(ToString::to_string)
            .collect();
        if let Some(more) = problems.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let count = more.to_string();
            lines.push(words.say("and others: {number}", &[("number", &count)]));
        }
        lines
    };
    let (old, new) = (&row.refused.old, &row.refused.new);
    if old == new || new.is_empty() && old.is_empty() {
        return list(old);
    }
    let sided = |template: &'static str, problems: &[Problem]| -> Vec<String> {
        let lines = list(problems).into_iter();
        lines
            .map(|line| words.say(template, &[("problem", &line)]))
            .collect()
    };
    let mut lines = sided("by the old rules: {problem}", old);
    lines.extend(sided("by the new rules: {problem}", new));
    lines
}

/// An approval that is for nothing, and why.
pub(crate) fn stale_line(stale: &Stale, words: &dyn Words) -> String {
    let approval = &stale.approval;
    let why = match &stale.why {
        Why::NoProgram => words.word("no such program was judged").to_owned(),
        Why::Unchanged => words.word("it does not change any more").to_owned(),
        Why::Otherwise(from, to) => words.say(
            "it changes from {from} to {to} now",
            &[("from", from), ("to", to)],
        ),
    };
    format!(
        "{} · {}: {} → {}; {why}",
        approval.proposal, approval.what, approval.from, approval.to
    )
}
