//! What is to be checked, in sentences that every report for people shows.

use crate::style::clean;
use evenhand_core::checks::Check;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::words::Words;
use evenhand_document::document::Document;
use serde_json::Value;

/// The question, the code, and the lines where the answers stand.
pub(crate) fn question(check: &Check, proposal: &Document) -> String {
    let mut lines: Vec<usize> = check
        .compares
        .iter()
        .filter_map(|fact| Some(proposal.place(&fact.path)?.line))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let question = check.question.text();
    let cells = check.compares.iter();
    let cells: Vec<String> = cells
        .filter_map(|fact| proposal.cell(&fact.path).map(ToString::to_string))
        .collect();
    if !cells.is_empty() {
        return format!("{question} ({}, {})", check.code, cells.join(", "));
    }
    if lines.is_empty() {
        format!("{question} ({})", check.code)
    } else {
        format!(
            "{question} ({}, {}:{})",
            check.code,
            proposal.name(),
            lines.join(",")
        )
    }
}

/// What follows until it is settled, and what settles it.
pub(crate) fn consequences(check: &Check, words: &dyn Words) -> Vec<String> {
    let mut said = Vec::new();
    if !check.doubts.is_empty() {
        let paths: Vec<String> = check.doubts.iter().map(Pointer::dotted).collect();
        said.push(words.say(
            "Until it is settled this counts as not known: {paths}.",
            &[("paths", &paths.join(", "))],
        ));
    }
    if let Some(reading) = &check.reading {
        let reading = words.value(&reading.says).unwrap_or(&reading.says);
        said.push(words.say(
            "Until it is settled the lower result of both readings counts: as given, and {reading}.",
            &[("reading", reading)],
        ));
    }
    if check.outdated {
        let outdated = words.word("It was checked once, when the answers were others.");
        said.push(outdated.to_owned());
    }
    let correct = words.word("Correct it; or, if it is right, add to the proposal:");
    said.push(correct.to_owned());
    said
}

/// What settles a check, line by line, as it is written into a proposal.
pub(crate) fn entry(check: &Check) -> Vec<String> {
    let values = check.values();
    let values = values.iter().map(|(path, value)| {
        // A name in JSON is one in YAML.
        let path = Value::String(path.clone());
        format!("      {path}: {value}")
    });
    let head = [
        "checked:".to_owned(),
        format!("  - code: {}", check.code),
        "    by: …".to_owned(),
        "    on: …".to_owned(),
        "    values:".to_owned(),
    ];
    head.into_iter()
        .chain(values)
        .map(|line| clean(&line))
        .collect()
}

/// Who has checked it; nothing where nobody has.
pub(crate) fn settled(check: &Check, words: &dyn Words) -> Option<String> {
    let settled = check.settled.as_ref()?;
    let or = |text: &str, otherwise: &str| {
        if text.is_empty() {
            words.word(otherwise).to_owned()
        } else {
            text.to_owned()
        }
    };
    let said = if settled.self_declared {
        "Checked by {by} ({on}), self-declared, by nobody on the host's side: {question}"
    } else {
        "Checked by {by} ({on}): {question}"
    };
    let parts = [
        ("by", or(&settled.by, "somebody unnamed")),
        ("on", or(&settled.on, "without a date")),
        (
            "question",
            format!("{} ({})", check.question.text(), check.code),
        ),
    ];
    let parts = parts.each_ref().map(|(name, text)| (*name, text.as_str()));
    Some(words.say(said, &parts))
}
