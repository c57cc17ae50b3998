//! The questions that are open, a few lines each.

use super::Page;
use crate::question::{Decides, Question};
use evenhand_core::locale::Locale;
use evenhand_core::pack::Respondent;
use evenhand_core::report::Look;
use evenhand_core::report::style::Tone;
use evenhand_core::scorecard::Scorecard;

/// Names shown of those a question is about, and rules shown that wait for it.
const NAMES: usize = 4;

/// What is said of each question.
#[derive(Debug, Clone, Copy)]
pub struct QuestionOptions<'a> {
    /// At most so many.
    pub limit: usize,
    /// Who can answer what.
    pub respondents: &'a [Respondent],
    /// How it looks.
    pub look: Look,
}

/// Renders the questions of a proposal.
pub fn render(card: &Scorecard, questions: &[Question], options: QuestionOptions<'_>) -> String {
    let locale = &card.locale;
    let mut page = Page::new(options.look, locale);
    page.toned(Tone::Strong, &card.proposal.title, "", "");
    page.wrap(&card.verdict.reason, "", "");
    if questions.is_empty() {
        page.push("");
        page.wrap(
            locale.word("No question is open that could change anything."),
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
        one(&mut page, index + 1, question, options.respondents);
    }
    page.push("");
    let more = questions.len().saturating_sub(options.limit);
    if more > 0 {
        let more = more.to_string();
        let line = locale.say(
            "{count} more are open; --all shows them.",
            &[("count", more.as_str())],
        );
        page.toned(Tone::Faint, &line, "", "");
    }
    let next = locale.say(
        "Next: write the answers into the file, or let evenhand questions --answer {file} ask for them.",
        &[("file", &card.proposal.file)],
    );
    page.toned(Tone::Faint, &next, "", "");
    page.finish()
}

fn title(decides: Decides) -> &'static str {
    match decides {
        Decides::Gate => "What a critical rule waits for",
        Decides::Threshold => "What decides whether a dimension reaches the board's threshold",
        Decides::Range => "What makes the ranges narrower",
    }
}

fn one(page: &mut Page<'_>, number: usize, question: &Question, respondents: &[Respondent]) {
    let locale = page.locale;
    let first = format!("{number:>2}. ");
    page.wrap(
        &format!("{} ({})", question.text, question.id),
        &first,
        "    ",
    );
    if !question.about.is_empty() {
        let names = shortened(&question.about, locale);
        let said = if question.alike && question.about.len() > 1 {
            locale.say("For {names}: usually one answer.", &[("names", &names)])
        } else {
            locale.say("For {names}.", &[("names", &names)])
        };
        page.wrap(&said, "    ", "    ");
    }
    page.wrap(&question.expects, "    → ", "      ");
    let rules: Vec<String> = question
        .waiting
        .iter()
        .map(|waiting| waiting.rule.clone())
        .collect();
    let mut waits = locale.say(
        "Waiting: {rules}.",
        &[("rules", &shortened(&rules, locale))],
    );
    let points = question.points().round();
    if points >= 1.0 {
        let points = locale.number(points);
        waits.push(' ');
        waits.push_str(&locale.say("About {count} points.", &[("count", &points)]));
    }
    let asked: Vec<&str> = question
        .respondents
        .iter()
        .map(|id| {
            let known = respondents.iter().find(|one| one.id == *id);
            known.map_or(id.as_str(), |one| locale.word(&one.title))
        })
        .collect();
    if !asked.is_empty() {
        waits.push(' ');
        waits.push_str(&locale.say("Ask: {names}.", &[("names", &asked.join(", "))]));
    }
    page.toned(Tone::Faint, &waits, "    ", "    ");
}

/// The first few names, and how many more there are.
pub(crate) fn shortened(names: &[String], locale: &Locale) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
    let list = shown.join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => list,
        more => {
            let more = more.to_string();
            locale.say(
                "{list} and {count} more",
                &[("list", &list), ("count", &more)],
            )
        }
    }
}
