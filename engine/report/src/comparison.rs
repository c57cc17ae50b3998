//! Several programs side by side, on a terminal or as JSON.

use crate::Look;
use crate::differences::{range, state_words, summary};
use crate::lines::{Lines, decimal, typed};
use crate::obligations::headline;
use crate::style::{Tone, pad};
use evenhand_analysis::compare::{Comparison, Dominance, Row};
use evenhand_analysis::what_if::Summary;
use evenhand_core::verdict::Word;
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// Columns of a letter, of a verdict, and the least of a dimension.
const COLUMNS: (usize, usize, usize) = (3, 13, 6);

/// Renders a comparison.
pub fn render(found: &Comparison, words: &dyn Words, look: Look) -> String {
    let mut page = Lines::new(look, words);
    for (index, program) in found.programs.iter().enumerate() {
        let title = evenhand_diagnostic::text::shorten(&program.title, 160);
        let line = format!("{title} ({})", program.file);
        page.wrap(&line, &pad(&letter(index), COLUMNS.0), "   ");
    }
    page.push("");
    let rows = found.programs.iter().enumerate();
    let rows = rows.map(|(index, program)| (letter(index), &program.summary));
    table(&mut page, &rows.collect::<Vec<_>>(), look);
    page.push("");
    for one in &found.dominance {
        let line = dominance(one, words);
        page.wrap(&line, "", "");
    }
    if found.dominance.is_empty() {
        page.wrap(
            words.word("No program is as good as another in everything."),
            "",
            "",
        );
    }
    let shares: Vec<String> = found
        .programs
        .iter()
        .enumerate()
        .map(|(index, one)| {
            format!(
                "{} {}",
                letter(index),
                words.percent((one.first * 100.0).round())
            )
        })
        .collect();
    let line = words.say(
        "Ranked first by what is certain, over weights of the dimensions near those in force: {list}.",
        &[("list", &shares.join(", "))],
    );
    page.toned(Tone::Faint, &line, "", "");
    rules(&mut page, found);
    let short = found
        .programs
        .iter()
        .find(|one| one.summary.verdict != Word::Proceed);
    if let Some(program) = short {
        let command = format!("evenhand improve {}", typed(&program.file));
        page.push("");
        page.wrap(
            &words.say("Next: {command}", &[("command", &command)]),
            "",
            "  ",
        );
    }
    page.finish()
}

/// A program a line, behind its letter; a dimension a column.
pub(crate) fn table(page: &mut Lines<'_>, rows: &[(String, &Summary)], look: Look) {
    let words = page.words;
    let Some((_, first)) = rows.first() else {
        return;
    };
    let (letters, verdict, least) = COLUMNS;
    let room = look.width.saturating_sub(letters + verdict);
    let column = (room / first.dimensions.len().max(1)).clamp(least, 18);
    let titles: String = first
        .dimensions
        .iter()
        .map(|score| pad(&clip(&score.title, column), column))
        .collect();
    let titles = format!("{}{titles}", " ".repeat(letters + verdict));
    page.push(look.paint(Tone::Strong, titles.trim_end()));
    for (letter, summary) in rows {
        let word = headline(summary.verdict, &summary.names, words);
        let ranges: String = summary
            .dimensions
            .iter()
            .map(|score| pad(&range(score, words), column))
            .collect();
        page.push(format!(
            "{}{}{ranges}",
            pad(letter, letters),
            pad(&word, verdict)
        ));
    }
}

/// A title with a blank between it and the next.
fn clip(title: &str, column: usize) -> String {
    pad(title, column.saturating_sub(1))
}

fn dominance(one: &Dominance, words: &dyn Words) -> String {
    let (better, worse) = (letter(one.better), letter(one.worse));
    let args = [("better", better.as_str()), ("worse", worse.as_str())];
    if one.certain {
        words.say("{better} is at least as good as {worse} in everything, whatever comes of what is open.", &args)
    } else {
        words.say(
            "{better} is at least as good as {worse} in everything, as far as is known.",
            &args,
        )
    }
}

fn rules(page: &mut Lines<'_>, found: &Comparison) {
    let words = page.words;
    let dimensions = found
        .programs
        .first()
        .map(|one| one.summary.dimensions.clone());
    for score in dimensions.unwrap_or_default() {
        let rows: Vec<&Row> = found
            .rules
            .iter()
            .filter(|row| row.dimension == score.id)
            .collect();
        if rows.is_empty() {
            continue;
        }
        page.push("");
        page.toned(Tone::Strong, &score.title, "", "");
        for row in rows {
            page.wrap(&format!("{} ({})", row.title, row.rule), "  ", "  ");
            let states = row.states.iter().enumerate();
            let states: Vec<String> = states
                .map(|(index, state)| format!("{} {}", letter(index), state_words(*state, words)))
                .collect();
            page.toned(Tone::Faint, &states.join(" · "), "    ", "    ");
        }
    }
    if found.rules.is_empty() {
        page.push("");
        page.wrap(words.word("Every rule comes out the same."), "", "");
    }
}

/// A, B, …, Z, A2, …: what a program is called here.
pub(crate) fn letter(index: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(index % 26).unwrap_or_default());
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{}", round + 1),
    }
}

/// A comparison as JSON.
pub fn render_json(found: &Comparison) -> String {
    let programs = found.programs.iter().map(|one| {
        json!({
            "title": one.title,
            "file": one.file,
            "summary": summary(&one.summary),
            "first": decimal(one.first),
        })
    });
    let programs: Vec<Value> = programs.collect();
    let dominance = found
        .dominance
        .iter()
        .map(|one| json!({ "better": one.better, "worse": one.worse, "certain": one.certain }));
    let dominance: Vec<Value> = dominance.collect();
    let rules = found.rules.iter().map(|row| {
        let states = row.states.iter().map(|state| state.map(crate::differences::state));
        let states: Vec<Option<Value>> = states.collect();
        json!({ "rule": row.rule, "title": row.title, "dimension": row.dimension, "states": states })
    });
    let rules: Vec<Value> = rules.collect();
    pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "programs": programs,
        "dominance": dominance,
        "rules": rules,
    }))
}
