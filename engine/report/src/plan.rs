//! A plan to the board's thresholds: a few lines a step on a terminal, or JSON.

use crate::Look;
use crate::differences::{moved_ranges, summary};
use crate::lines::{Lines, typed};
use crate::questions::shortened;
use crate::respondents;
use crate::style::{Tone, clean};
use crate::text::in_words;
use crate::text::value_words;
use evenhand_analysis::plan::{Changed, Enough, Plan, Step, StepKind};
use evenhand_core::pack::Respondent;
use evenhand_core::schema::{Effort, Schema};
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::text::pretty_json;
use evenhand_diagnostic::words::Words;
use serde_json::{Value, json};

/// Version of the JSON form; it rises with any break.
const SCHEMA_VERSION: u32 = 1;

/// What a plan is shown with.
#[derive(Debug, Clone, Copy)]
pub struct PlanOptions<'a> {
    /// The fields of proposals, in the language in force.
    pub schema: &'a Schema,
    /// Who can answer what.
    pub respondents: &'a [Respondent],
    /// What to type next, if anything.
    pub next: Option<&'a str>,
    /// How it looks.
    pub look: Look,
}

/// Renders a plan for a proposal.
pub fn render(
    card: &Scorecard,
    plan: &Plan,
    words: &dyn Words,
    options: PlanOptions<'_>,
) -> String {
    let mut page = Lines::new(options.look, words);
    page.toned(Tone::Strong, &card.proposal.title, "", "");
    page.wrap(&plan.before.reason, "", "");
    page.push("");
    page.wrap(&result(plan, words), "", "");
    if let Some(line) = in_the_way(plan, words) {
        page.wrap(&line, "", "");
    }
    if let Some(line) = cut_short(plan, words) {
        page.toned(Tone::Faint, &line, "", "");
    }
    for (index, step) in plan.steps.iter().enumerate() {
        page.push("");
        lines(&mut page, index + 1, step, options);
    }
    if !plan.steps.is_empty() {
        page.push("");
        page.wrap(words.word("After every step:"), "", "");
        for line in moved_ranges(&plan.before, &plan.after, words) {
            page.push(line);
        }
        page.push("");
        page.toned(Tone::Faint, words.word(NOTE), "", "");
    }
    if let Some(command) = options.next {
        page.push("");
        page.wrap(
            &words.say("Next: {command}", &[("command", command)]),
            "",
            "  ",
        );
    }
    page.finish()
}

/// What to type after a plan for a proposal: for a copy with it, or, where there is one, to see what came of it.
pub fn next_step(card: &Scorecard, plan: &Plan, copy: Option<&str>) -> Option<String> {
    let file = typed(&card.proposal.file);
    match copy {
        _ if plan.steps.is_empty() => None,
        Some(copy) => Some(format!("evenhand compare {file} {}", typed(copy))),
        None => Some(format!("evenhand improve {file} --apply COPY")),
    }
}

/// What a step is worth.
pub(crate) const NOTE: &str = "Each step was tried out by judging the program again. Whether it is true, possible and wanted is for you and your partners to say.";

/// What no step removes.
pub(crate) fn in_the_way(plan: &Plan, words: &dyn Words) -> Option<String> {
    let list = shortened(&plan.in_the_way, words);
    (!plan.in_the_way.is_empty())
        .then(|| words.say("Still in the way: {list}.", &[("list", &list)]))
}

/// That not everything was tried.
pub(crate) fn cut_short(plan: &Plan, words: &dyn Words) -> Option<String> {
    let count = plan.judgements.to_string();
    (plan.cut_short && !plan.reached).then(|| {
        words.say(
            "The search ended after {count} judgements; there may be a way that it did not come to.",
            &[("count", &count)],
        )
    })
}

/// Whether there is a way, in a sentence.
pub(crate) fn result(plan: &Plan, words: &dyn Words) -> String {
    let count = plan.steps.len().to_string();
    match (plan.reached, plan.steps.is_empty()) {
        (true, true) => words
            .word("Nothing has to change: every threshold is reached.")
            .to_owned(),
        (true, false) => words.say(
            "The shortest way found to “{word}”, in steps: {count}.",
            &[
                ("word", words.word(Word::Proceed.word())),
                ("count", &count),
            ],
        ),
        (false, true) => words
            .word("No way to the board's thresholds is known, and no step that would help.")
            .to_owned(),
        (false, false) => words
            .word("No way to the board's thresholds is known. These steps come nearest.")
            .to_owned(),
    }
}

fn lines(page: &mut Lines<'_>, number: usize, step: &Step, options: PlanOptions<'_>) {
    let said = in_lines(step, options.schema, options.respondents, page.words);
    let first = format!("{number:>2}. ");
    for (index, line) in said.done.iter().enumerate() {
        page.wrap(line, if index == 0 { &first } else { "    " }, "    ");
    }
    for line in &said.moved {
        page.wrap(line, "    ", "      ");
    }
    page.toned(Tone::Faint, &said.takes, "    ", "    ");
    if let Some(worse) = &said.worse {
        page.toned(Tone::Fair, worse, "    ", "    ");
    }
}

/// A step in lines, which every form of a plan shows.
pub(crate) struct StepLines {
    /// What is done.
    pub(crate) done: Vec<String>,
    /// What it moves; nothing where verdict and ranges stay.
    pub(crate) moved: Vec<String>,
    /// What it takes, who can do it, and the rules it is taken for.
    pub(crate) takes: String,
    /// What is worse after it.
    pub(crate) worse: Option<String>,
}

/// Puts a step into lines; `schema` has titles and labels in the language.
pub(crate) fn in_lines(
    step: &Step,
    schema: &Schema,
    known: &[Respondent],
    words: &dyn Words,
) -> StepLines {
    let mut moved = moved_ranges(&step.before, &step.after, words);
    let stays = words.word("Verdict and ranges stay as they are.");
    if step.before.verdict == step.after.verdict && moved == [stays] {
        moved.clear();
    }
    let who = respondents::names(&step.respondents, known, words);
    let names = if who.is_empty() { "–" } else { &who };
    let rules = match &step.kind {
        StepKind::Check { code, .. } if step.rules.is_empty() => vec![code.clone()],
        _ => step.rules.clone(),
    };
    let effort = words.word(effort_words(step.effort));
    let takes = words.say(
        "{effort}. Who: {names}. For: {rules}.",
        &[
            ("effort", effort),
            ("names", names),
            ("rules", &shortened(&rules, words)),
        ],
    );
    let worse: Vec<String> = step.worse.iter().map(|moved| moved.rule.clone()).collect();
    let worse = (!worse.is_empty())
        .then(|| words.say("Worse: {rules}.", &[("rules", &shortened(&worse, words))]));
    StepLines {
        done: match &step.kind {
            StepKind::Answer => answer(step, schema, words),
            _ => said(step, schema, words),
        },
        moved,
        takes,
        worse,
    }
}

/// What is done in a step that somebody plans, confirms or checks.
pub(crate) fn said(step: &Step, schema: &Schema, words: &dyn Words) -> Vec<String> {
    let changes = || step.changes.iter().map(|one| change(one, schema, words));
    match &step.kind {
        StepKind::Attest { partner, covers } => {
            let list: Vec<String> = covers.iter().map(Pointer::dotted).collect();
            vec![words.say(
                "Ask {partner} to confirm, and write it down: {list}",
                &[("partner", partner), ("list", &list.join(", "))],
            )]
        }
        StepKind::Check {
            code,
            question,
            corrected,
        } => {
            let parts = [("question", question.as_str()), ("code", code.as_str())];
            let mut lines = vec![words.say("Check: {question} ({code})", &parts)];
            if *corrected {
                lines.push(words.word("If not, correct it:").to_owned());
                lines.extend(changes());
            } else {
                let right = "If it is right, say so in the proposal; --apply writes the entry under checked, for you to sign.";
                lines.push(words.word(right).to_owned());
            }
            lines
        }
        StepKind::Answer | StepKind::Change => {
            let mut lines = Vec::new();
            for one in &step.changes {
                lines.push(change(one, schema, words));
                lines.extend(enough(one, schema, words));
            }
            lines
        }
    }
}

/// One fact that changes, in full: what is cut off cannot be set.
fn change(changed: &Changed, schema: &Schema, words: &dyn Words) -> String {
    let path = changed.path.dotted();
    if changed.from.is_null() && (changed.to.is_object() || changed.to.is_array()) {
        let value = clean(&in_words(&changed.to));
        return words.say(
            "Add to {title}: {value}",
            &[("title", &path), ("value", &value)],
        );
    }
    let from = value(&changed.from, changed, schema, words);
    let to = value(&changed.to, changed, schema, words);
    format!("{}: {from} → {to} ({path})", called(changed))
}

/// What is not known, and what it would have to be; for several elements once.
fn answer(step: &Step, schema: &Schema, words: &dyn Words) -> Vec<String> {
    let Some(changed) = step.changes.first() else {
        return Vec::new();
    };
    let field = schema.find(&changed.path.dotted());
    let question = field.map(|id| schema.field(id).question.as_str());
    let question = question
        .filter(|one| !one.is_empty())
        .unwrap_or(&changed.title);
    let question = format!("{question} ({})", changed.path.dotted());
    let mut lines = vec![words.say("Find out: {questions}", &[("questions", &question)])];
    if step.changes.iter().all(|one| one.to == changed.to) {
        let value = value(&changed.to, changed, schema, words);
        lines.push(words.say("The way needs: {value}.", &[("value", &value)]));
        lines.extend(enough(changed, schema, words));
    }
    let about = step.changes.iter().filter_map(|one| one.about.clone());
    let about: Vec<String> = about.collect();
    if !about.is_empty() {
        let names = shortened(&about, words);
        lines.push(words.say("For {names}.", &[("names", &names)]));
    }
    lines
}

/// What else would do, in a sentence.
fn enough(changed: &Changed, schema: &Schema, words: &dyn Words) -> Option<String> {
    let said = |one: &Value| value(one, changed, schema, words);
    let line = match changed.enough.as_ref()? {
        Enough::Any => words.word("Any answer is enough.").to_owned(),
        Enough::AtLeast(least) => {
            words.say("At least {value} is enough.", &[("value", &said(least))])
        }
        Enough::AtMost(most) => words.say("At most {value} is enough.", &[("value", &said(most))]),
        Enough::Between(least, most) => words.say(
            "Anything from {least} to {most} is enough.",
            &[("least", &said(least)), ("most", &said(most))],
        ),
        Enough::OneOf(all) => {
            let all: Vec<String> = all.iter().map(said).collect();
            words.say(
                "One of these is enough: {list}.",
                &[("list", &all.join(", "))],
            )
        }
    };
    Some(line)
}

fn called(changed: &Changed) -> String {
    match &changed.about {
        Some(about) => format!("{}, {about}", changed.title),
        None => changed.title.clone(),
    }
}

/// A value in words: yes and no, the label of a choice, or as it is written.
fn value(value: &Value, changed: &Changed, schema: &Schema, words: &dyn Words) -> String {
    let field = schema
        .find(&changed.path.dotted())
        .map(|id| schema.field(id));
    match value {
        Value::Null => words.word("not known").to_owned(),
        Value::Bool(true) => words.word("yes").to_owned(),
        Value::Bool(false) => words.word("no").to_owned(),
        Value::String(text) => {
            let label = field.and_then(|field| field.labels.get(text));
            label.cloned().unwrap_or_else(|| value_words(value))
        }
        other => value_words(other),
    }
}

fn effort_words(effort: Effort) -> &'static str {
    match effort {
        Effort::Answer => "To find out",
        Effort::Write => "To write down",
        Effort::Agree => "To agree on",
        Effort::Pay => "To pay for",
    }
}

/// A plan as JSON.
pub fn render_json(card: &Scorecard, plan: &Plan) -> String {
    let steps: Vec<Value> = plan.steps.iter().map(step).collect();
    pretty_json(&json!({
        "schema_version": SCHEMA_VERSION,
        "proposal": { "id": card.proposal.id, "title": card.proposal.title, "sha256": card.proposal.sha256 },
        "reached": plan.reached,
        "cut_short": plan.cut_short,
        "judgements": plan.judgements,
        "in_the_way": plan.in_the_way,
        "before": summary(&plan.before),
        "after": summary(&plan.after),
        "steps": steps,
    }))
}

fn enough_json(enough: &Enough) -> Value {
    match enough {
        Enough::Any => json!({ "any": true }),
        Enough::AtLeast(least) => json!({ "at_least": least }),
        Enough::AtMost(most) => json!({ "at_most": most }),
        Enough::Between(least, most) => json!({ "at_least": least, "at_most": most }),
        Enough::OneOf(all) => json!({ "one_of": all }),
    }
}

fn step(step: &Step) -> Value {
    let (code, question) = match &step.kind {
        StepKind::Check { code, question, .. } => (Some(code), Some(question)),
        _ => (None, None),
    };
    let (partner, covers) = match &step.kind {
        StepKind::Attest { partner, covers } => {
            let covers: Vec<&str> = covers.iter().map(Pointer::as_str).collect();
            (Some(partner), covers)
        }
        _ => (None, Vec::new()),
    };
    let changes = step.changes.iter().map(|changed| {
        json!({
            "path": changed.path.as_str(),
            "title": changed.title,
            "about": changed.about,
            "from": changed.from,
            "to": changed.to,
            "enough": changed.enough.as_ref().map(enough_json),
        })
    });
    let changes: Vec<Value> = changes.collect();
    let worse: Vec<&str> = step.worse.iter().map(|moved| moved.rule.as_str()).collect();
    json!({
        "kind": step.kind.word(),
        "partner": partner,
        "code": code,
        "question": question,
        "covers": covers,
        "changes": changes,
        "rules": step.rules,
        "effort": step.effort.word(),
        "respondents": step.respondents,
        "before": summary(&step.before),
        "after": summary(&step.after),
        "worse": worse,
    })
}
