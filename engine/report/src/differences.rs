//! What a change does to a program: verdict, ranges and findings before and after, on a terminal or as JSON.

use crate::Look;
use crate::lines::{Lines, decimal};
use crate::obligations::headline;
use crate::style::{Tone, pad};
use evenhand_analysis::what_if::{Difference, Moved, State, Summary};
use evenhand_core::score::{DimensionScore, Level};
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// Renders what differs between a program and the same with a change.
pub fn render(title: &str, difference: &Difference, words: &dyn Words, look: Look) -> String {
    let mut page = Lines::new(look, words);
    page.toned(Tone::Strong, title, "", "");
    for line in moved_ranges(&difference.before, &difference.after, words) {
        page.push(line);
    }
    page.push("");
    page.wrap(&difference.after.reason, "", "");
    let sides = [
        ("Better", Some(true)),
        ("Worse", Some(false)),
        ("Otherwise", None),
    ];
    for (heading, better) in sides {
        let of_side = |moved: &&Moved| moved.better() == better;
        let found: Vec<&Moved> = difference.findings.iter().filter(of_side).collect();
        if found.is_empty() {
            continue;
        }
        page.heading(heading);
        for moved in found {
            let state = |state: Option<State>| state_words(state, words);
            let (before, after) = (state(moved.before), state(moved.after));
            let line = format!("{}: {before} → {after}", moved.rule);
            page.wrap(&line, "  ", "    ");
            page.toned(Tone::Faint, &moved.title, "    ", "    ");
        }
    }
    if difference.findings.is_empty() {
        page.push("");
        page.wrap(words.word("No finding changes."), "", "");
    }
    page.push("");
    let next = words.word(
        "Nothing was written. Next: write what is worth it into the file, and check it again.",
    );
    page.toned(Tone::Faint, next, "", "");
    page.finish()
}

/// Lines that say how verdict and ranges moved: what stays the same is left out, and said if it is everything.
pub fn moved_ranges(before: &Summary, after: &Summary, words: &dyn Words) -> Vec<String> {
    let mut lines = Vec::new();
    if before.verdict != after.verdict {
        let word = |summary: &Summary| headline(summary.verdict, &summary.names, words);
        lines.push(words.say(
            "Verdict: {word}",
            &[("word", &format!("{} → {}", word(before), word(after)))],
        ));
    }
    for score in &after.dimensions {
        let was = before.dimensions.iter().find(|one| one.id == score.id);
        let Some(was) = was.filter(|was| range(was, words) != range(score, words)) else {
            continue;
        };
        let name = pad(&score.title, 15);
        lines.push(format!(
            "{name} {} → {}",
            range(was, words),
            range(score, words)
        ));
    }
    if lines.is_empty() {
        lines.push(
            words
                .word("Verdict and ranges stay as they are.")
                .to_owned(),
        );
    }
    lines
}

/// The points of a dimension, one number where it is certain; its level where the board shows no numbers.
pub(crate) fn range(score: &DimensionScore, words: &dyn Words) -> String {
    match score.shown() {
        Some((low, high)) if low == high => low.to_string(),
        Some((low, high)) => format!("{low}–{high}"),
        None if score.no_numbers && score.low.is_some() => score.level_words_in(words),
        None => "–".to_owned(),
    }
}

pub(crate) fn state_words(state: Option<State>, words: &dyn Words) -> String {
    use evenhand_core::finding::Outcome;
    let Some(state) = state else {
        return words.word("not asked").to_owned();
    };
    let share = |degree: f64| words.percent((degree * 100.0 + 1e-9).floor());
    match state.outcome {
        Outcome::Partly => words.say("partly ({share})", &[("share", &share(state.low))]),
        Outcome::NotApplicable => words.word("does not apply").to_owned(),
        Outcome::Unknown if state.low > 0.0 || state.high < 1.0 => {
            let low = (state.low * 100.0 + 1e-9).floor();
            let open = format!("{low}–{}", share(state.high));
            words.say("unknown ({share})", &[("share", &open)])
        }
        other => words.word(other.word()).to_owned(),
    }
}

/// The same as JSON.
pub fn render_json(title: &str, difference: &Difference) -> String {
    let findings: Vec<Value> = difference
        .findings
        .iter()
        .map(|moved| {
            json!({
                "rule": moved.rule,
                "title": moved.title,
                "better": moved.better(),
                "before": moved.before.map(state),
                "after": moved.after.map(state),
            })
        })
        .collect();
    pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "title": title,
        "before": summary(&difference.before),
        "after": summary(&difference.after),
        "findings": findings,
    }))
}

pub(crate) fn state(state: State) -> Value {
    json!({ "outcome": state.outcome.word(), "low": decimal(state.low), "high": decimal(state.high) })
}

pub(crate) fn summary(summary: &Summary) -> Value {
    let dimensions: Vec<Value> = summary
        .dimensions
        .iter()
        .map(|score| {
            json!({
                "id": score.id,
                "low": score.shown().map(|(low, _)| low),
                "high": score.shown().map(|(_, high)| high),
                "level_low": score.level_low.as_ref().map(Level::word),
                "level_high": score.level_high.as_ref().map(Level::word),
            })
        })
        .collect();
    let mut value = json!({
        "verdict": summary.verdict.word(),
        "reason": summary.reason,
        "dimensions": dimensions,
    });
    // The board's word stands beside the code, where it has one of its own.
    if let (Some(word), Some(table)) = (
        summary.names.verdict(summary.verdict),
        value.as_object_mut(),
    ) {
        table.insert("title".to_owned(), json!(word));
    }
    value
}
