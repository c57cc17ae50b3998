//! What became of answers that were brought back into a proposal: on a terminal, or as JSON.

use crate::Look;
use crate::answers::shown;
use crate::differences::{moved_ranges, state, state_words, summary};
use crate::lines::Lines;
use crate::style::Tone;
use evenhand_analysis::merge::{Merged, Outcome, Taken};
use evenhand_core::schema::Schema;
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// How it is shown.
#[derive(Debug, Clone, Copy)]
pub struct MergedOptions<'a> {
    /// The fields, with their questions in the language.
    pub schema: &'a Schema,
    /// The file that was written, if one was.
    pub written: Option<&'a str>,
    /// How it looks.
    pub look: Look,
}

/// Renders what became of answers.
pub fn render(
    title: &str,
    merged: &Merged,
    words: &dyn Words,
    options: MergedOptions<'_>,
) -> String {
    let mut page = Lines::new(options.look, words);
    page.toned(Tone::Strong, title, "", "");
    for file in &merged.changed_since {
        let line = words.say(
            "The proposal has changed since the questions in {file} were written; what was asked about other values is not taken.",
            &[("file", file)],
        );
        page.wrap(&line, "", "  ");
    }
    for outcome in Outcome::ALL {
        let own = merged
            .replies
            .iter()
            .filter(|reply| reply.outcome == outcome);
        let own: Vec<&Taken> = own.collect();
        if !own.is_empty() {
            page.heading(heading(outcome));
            for reply in own {
                one(&mut page, reply, options.schema);
            }
        }
    }
    if merged.replies.is_empty() && merged.accepted.is_empty() {
        page.push("");
        page.wrap(words.word("Nothing was answered."), "", "");
    }
    accepted(&mut page, merged, options.schema);
    page.heading("What moved");
    for line in moved_ranges(&merged.moved.before, &merged.moved.after, words) {
        page.wrap(&line, "  ", "  ");
    }
    for moved in &merged.moved.findings {
        let (before, after) = (
            state_words(moved.before, words),
            state_words(moved.after, words),
        );
        page.wrap(&format!("{}: {before} → {after}", moved.rule), "  ", "    ");
    }
    page.push("");
    page.wrap(&merged.moved.after.reason, "", "");
    let next = match options.written {
        Some(file) => words.say("Next: evenhand check {file}", &[("file", &crate::lines::typed(file))]),
        None => words
            .word("Nothing was written. Next: the same with --output FILE, or with --in-place; --accept PATH takes a correction.")
            .to_owned(),
    };
    page.push("");
    page.toned(Tone::Faint, &next, "", "");
    page.finish()
}

fn heading(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Confirmed => "Confirmed",
        Outcome::Answered => "Answered for the first time",
        Outcome::Contested => "Contested: both answers stand, and neither counts as confirmed",
        Outcome::Corrected => "Corrected, and accepted",
        Outcome::NotKnown => "Not known to the person asked",
        Outcome::Changed => {
            "Not taken: the proposal says something else now than what was asked about"
        }
    }
}

fn one(page: &mut Lines<'_>, reply: &Taken, schema: &Schema) {
    let words = page.words;
    let question = if reply.question.is_empty() {
        reply.at.clone()
    } else {
        format!("{} ({})", reply.question, reply.at)
    };
    page.wrap(&question, "  ", "    ");
    let said = |value: &Option<Value>| {
        value
            .as_ref()
            .map(|value| shown(schema, &reply.field, value, words))
    };
    let now = said(&reply.before);
    let unknown = now.is_none();
    let before = now.unwrap_or_else(|| words.word("not known").to_owned());
    let line = match said(&reply.answer) {
        // The fact is not there any more, or is about somebody else.
        _ if reply.outcome == Outcome::Changed && unknown => return,
        Some(answer) => {
            let args = [
                ("before", before.as_str()),
                ("by", reply.by.as_str()),
                ("answer", &answer),
            ];
            words.say("The proposal: {before}. {by}: {answer}", &args)
        }
        None => words.say("The proposal: {before}", &[("before", &before)]),
    };
    page.toned(Tone::Faint, &line, "    ", "    ");
    if !reply.comment.is_empty() {
        let quoted = words.say("“{text}”", &[("text", &reply.comment)]);
        page.toned(
            Tone::Faint,
            &format!("{}: {quoted}", reply.by),
            "    ",
            "    ",
        );
    }
}

/// Corrections that were accepted and that no answer of this run gave.
fn accepted(page: &mut Lines<'_>, merged: &Merged, schema: &Schema) {
    let words = page.words;
    let corrected = |one: &&evenhand_analysis::merge::Accepted| {
        let mut replies = merged.replies.iter();
        !replies.any(|reply| {
            reply.outcome == Outcome::Corrected && reply.answer.as_ref() == Some(&one.is)
        })
    };
    let own: Vec<_> = merged.accepted.iter().filter(corrected).collect();
    if own.is_empty() {
        return;
    }
    page.heading("Corrected, and accepted");
    for one in own {
        let at = one.path.dotted();
        let (was, is) = (
            shown(schema, &at, &one.was, words),
            shown(schema, &at, &one.is, words),
        );
        page.wrap(
            &format!("{at}: {was} → {is} ({})", one.by.join(", ")),
            "  ",
            "    ",
        );
    }
}

/// The same as JSON.
pub fn render_json(title: &str, merged: &Merged) -> String {
    let replies = merged.replies.iter().map(|reply| {
        json!({
            "by": reply.by,
            "fact": reply.at,
            "field": reply.field,
            "outcome": reply.outcome.word(),
            "before": reply.before,
            "answer": reply.answer,
            "comment": reply.comment,
        })
    });
    let accepted = merged.accepted.iter().map(
        |one| json!({ "path": one.path.as_str(), "was": one.was, "is": one.is, "by": one.by }),
    );
    let findings = merged.moved.findings.iter().map(|moved| {
        json!({ "rule": moved.rule, "before": moved.before.map(state), "after": moved.after.map(state) })
    });
    pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "title": title,
        "changed_since": merged.changed_since,
        "replies": replies.collect::<Vec<_>>(),
        "accepted": accepted.collect::<Vec<_>>(),
        "before": summary(&merged.moved.before),
        "after": summary(&merged.moved.after),
        "findings": findings.collect::<Vec<_>>(),
    }))
}
