//! The questions that are open: a few lines each on a terminal, or JSON.

use crate::Look;
use crate::checks;
use crate::lines::{Lines, decimal};
use crate::respondents;
use crate::style::Tone;
use evenhand_analysis::question::{Decides, Question};
use evenhand_core::checks::Check;
use evenhand_core::document::Document;
use evenhand_core::pack::Respondent;
use evenhand_core::schema::Range;
use evenhand_core::scorecard::Scorecard;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// Names shown of those a question is about, and rules shown that wait for it.
const NAMES: usize = 4;

/// What is said of each question.
#[derive(Debug, Clone, Copy)]
pub struct QuestionOptions<'a> {
    /// At most so many.
    pub limit: usize,
    /// Who can answer what.
    pub respondents: &'a [Respondent],
    /// Where the answers stand.
    pub proposal: &'a Document,
    /// How it looks.
    pub look: Look,
}

/// Renders the questions of a proposal.
pub fn render(
    card: &Scorecard,
    questions: &[Question],
    words: &dyn Words,
    options: QuestionOptions<'_>,
) -> String {
    let mut page = Lines::new(options.look, words);
    page.toned(Tone::Strong, &card.proposal.title, "", "");
    page.wrap(&card.verdict.reason, "", "");
    checks_first(&mut page, card, options.proposal);
    if questions.is_empty() {
        page.push("");
        page.wrap(
            words.word("No question is open that could change anything."),
            "",
            "",
        );
        return page.finish();
    }
    let mut before = None;
    for (index, question) in questions.iter().take(options.limit).enumerate() {
        if before != Some(question.decides) {
            page.heading(title(question.decides));
            before = Some(question.decides);
        }
        let first = format!("{:>2}. ", index + 1);
        lines(&mut page, &first, (card, question), options.respondents);
    }
    page.push("");
    let more = questions.len().saturating_sub(options.limit);
    if more > 0 {
        let more = more.to_string();
        let line = words.say(
            "{count} more are open; --all shows them.",
            &[("count", more.as_str())],
        );
        page.toned(Tone::Faint, &line, "", "");
    }
    let next = words.say(
        "Next: write the answers into the file, or let evenhand questions --answer {file} ask for them.",
        &[("file", &card.proposal.file)],
    );
    page.toned(Tone::Faint, &next, "", "");
    page.finish()
}

/// Answers that are to be checked, with what settles each: no question is asked of what is there, and until then it buys nothing.
pub fn checks(card: &Scorecard, proposal: &Document, words: &dyn Words, look: Look) -> String {
    let mut page = Lines::new(look, words);
    checks_first(&mut page, card, proposal);
    page.finish()
}

fn checks_first(page: &mut Lines<'_>, card: &Scorecard, proposal: &Document) {
    let open: Vec<&Check> = card.checks.iter().filter(|check| check.is_open()).collect();
    if open.is_empty() {
        return;
    }
    page.heading("Please check");
    for check in open {
        page.wrap(&checks::question(check, proposal), " ? ", "   ");
        for line in checks::consequences(check, page.words) {
            page.wrap(&line, "   ", "   ");
        }
        for line in checks::entry(check) {
            page.push(format!("     {line}"));
        }
    }
}

/// Renders one question, to be answered now.
pub fn one(
    card: &Scorecard,
    question: &Question,
    words: &dyn Words,
    respondents: &[Respondent],
    look: Look,
) -> String {
    let mut page = Lines::new(look, words);
    page.push("");
    lines(&mut page, "", (card, question), respondents);
    page.finish()
}

fn title(decides: Decides) -> &'static str {
    match decides {
        Decides::Gate => "What a critical rule waits for",
        Decides::Threshold => "What decides whether a dimension reaches the board's threshold",
        Decides::Range => "What makes the ranges narrower",
    }
}

/// What is asked, with the range that is told already.
pub fn asked(question: &Question, words: &dyn Words) -> String {
    let told: BTreeSet<String> = question
        .told
        .iter()
        .flatten()
        .map(|range| between(*range, words))
        .collect();
    if told.is_empty() {
        return question.text.clone();
    }
    let ranges: Vec<String> = told.into_iter().collect();
    more_exactly(&question.text, &ranges.join(", "), words)
}

/// A question about a fact that is told as a range.
pub(crate) fn more_exactly(question: &str, range: &str, words: &dyn Words) -> String {
    words.say(
        "{question} More exactly than {range}?",
        &[("question", question), ("range", range)],
    )
}

/// A range with its ends as the language writes numbers.
pub(crate) fn between(range: Range, words: &dyn Words) -> String {
    format!("{}–{}", words.number(range.from), words.number(range.to))
}

/// Points that wait for a question, in dimensions of which the board shows numbers.
fn points(card: &Scorecard, question: &Question) -> f64 {
    let shown = card.dimensions.iter().filter(|score| !score.no_numbers);
    shown.map(|score| question.points_in(&score.id)).sum()
}

fn lines(
    page: &mut Lines<'_>,
    first: &str,
    (card, question): (&Scorecard, &Question),
    known: &[Respondent],
) {
    let words = page.words;
    page.wrap(
        &format!("{} ({})", asked(question, words), question.id),
        first,
        "    ",
    );
    if !question.about.is_empty() {
        let names = shortened(&question.about, words);
        let said = if question.alike && question.about.len() > 1 {
            words.say("For {names}: usually one answer.", &[("names", &names)])
        } else {
            words.say("For {names}.", &[("names", &names)])
        };
        page.wrap(&said, "    ", "    ");
    }
    page.wrap(&question.expects, "    → ", "      ");
    let rules: Vec<String> = question
        .waiting
        .iter()
        .map(|waiting| waiting.rule.clone())
        .collect();
    let mut waits = words.say("Waiting: {rules}.", &[("rules", &shortened(&rules, words))]);
    let points = points(card, question).round();
    if points >= 1.0 {
        let points = words.number(points);
        waits.push(' ');
        waits.push_str(&words.say("About {count} points.", &[("count", &points)]));
    }
    let asked = respondents::names(&question.respondents, known, words);
    if !asked.is_empty() {
        waits.push(' ');
        waits.push_str(&words.say("Ask: {names}.", &[("names", &asked)]));
    }
    page.toned(Tone::Faint, &waits, "    ", "    ");
}

/// The first few names, and how many more there are.
pub fn shortened(names: &[String], words: &dyn Words) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
    let list = shown.join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => list,
        more => {
            let more = more.to_string();
            words.say(
                "{list} and {count} more",
                &[("list", &list), ("count", &more)],
            )
        }
    }
}

/// The ranges that are told, each once, as in JSON.
fn told(question: &Question) -> Vec<Value> {
    let mut told: Vec<Value> = Vec::new();
    for range in question.told.iter().flatten().map(|range| range.to_json()) {
        if !told.contains(&range) {
            told.push(range);
        }
    }
    told
}

/// All questions of a proposal, in their order.
pub fn render_json(card: &Scorecard, questions: &[Question], proposal: &Document) -> String {
    let open = card.checks.iter().filter(|check| check.is_open());
    let checks: Vec<Value> = open
        .map(|open| {
            let places = open.compares.iter();
            let places: Vec<Value> = places
                .filter_map(|fact| proposal.place(&fact.path))
                .map(|place| json!({ "line": place.line, "column": place.column }))
                .collect();
            let doubts: Vec<&str> = open.doubts.iter().map(Pointer::as_str).collect();
            json!({
                "code": open.code,
                "question": open.question.text(),
                "values": open.values(),
                "places": places,
                "doubts": doubts,
            })
        })
        .collect();
    let listed: Vec<Value> = questions.iter().map(|one| question(card, one)).collect();
    pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "proposal": { "id": card.proposal.id, "title": card.proposal.title, "sha256": card.proposal.sha256 },
        "verdict": { "word": card.verdict.word.word(), "reason": card.verdict.reason },
        "checks": checks,
        "questions": listed,
    }))
}

fn question(card: &Scorecard, question: &Question) -> Value {
    let hidden = |dimension: &str| {
        let mut scores = card.dimensions.iter();
        scores.any(|score| score.id == dimension && score.no_numbers)
    };
    let all_hidden = question
        .waiting
        .iter()
        .all(|waiting| hidden(&waiting.dimension));
    let all_hidden = all_hidden && !question.waiting.is_empty();
    let waiting: Vec<Value> = question
        .waiting
        .iter()
        .map(|waiting| {
            json!({
                "rule": waiting.rule,
                "title": waiting.title,
                "dimension": waiting.dimension,
                "severity": waiting.severity.word(),
                "points": (!hidden(&waiting.dimension)).then(|| decimal(waiting.points)),
            })
        })
        .collect();
    let paths: Vec<&str> = question.paths.iter().map(Pointer::as_str).collect();
    let told = told(question);
    let mut written = json!({
        "id": question.id,
        "question": question.text,
        "paths": paths,
        "about": question.about,
        "one_answer": question.alike,
        "expects": question.expects,
        "respondents": question.respondents,
        "decides": question.decides.word(),
        "points": (!all_hidden).then(|| decimal(points(card, question))),
        "waiting": waiting,
    });
    if let Some(map) = written.as_object_mut().filter(|_| !told.is_empty()) {
        map.insert("told".to_owned(), Value::Array(told));
    }
    written
}
