//! A page of a plan: what is asked on the left, what comes of it beside.

use super::field::{Fields, id, said};
use super::turn::{self, Seen, Turn};
use super::{Refusal, View, hand_in, layout, panel, refusal, start, typed};
use crate::answers;
use crate::app::address;
use crate::form::{Form, lines};
use crate::message::Response;
use crate::plan::{At, Plan, VERSION};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_document::document::Format;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;

/// Answers a form.
pub(crate) fn plan(view: &View<'_>, form: &Form) -> Response {
    if form.get("v") != Some(VERSION) {
        return super::kept(view, 409, Refusal::Version, form);
    }
    let action = form.get("do").unwrap_or("see");
    if action == "open" {
        return open(view, form);
    }
    if let Some(turn) = turn::begun(view, form, action) {
        return page(view, &turn);
    }
    let first = At::Group(start::first(view.schema()));
    let Some(plan) = Plan::read(form, &first) else {
        return refusal(view, 400, Refusal::NoSuchPage);
    };
    if action == "save" {
        let taken = turn::take(view, form, plan, "see");
        return hand_in::save(&taken.plan);
    }
    if let Some(format) = action.strip_prefix("download:") {
        let taken = turn::take(view, form, plan, "see");
        return match hand_in::download(view, &taken, format) {
            Some(response) => response,
            None => page(view, &taken),
        };
    }
    page(view, &turn::take(view, form, plan, action))
}

/// The first page of a plan.
pub(super) fn show(view: &View<'_>, plan: Plan) -> Response {
    page(view, &Turn::of(plan, None))
}

/// Opens a file that was chosen, or one whose text a script read.
fn open(view: &View<'_>, form: &Form) -> Response {
    let (name, bytes) = match (&form.file, form.get("file-text")) {
        (Some((name, bytes)), _) => (name.clone(), bytes.clone()),
        (None, Some(text)) => (
            form.get("file-name").unwrap_or_default().to_owned(),
            text.as_bytes().to_vec(),
        ),
        (None, None) => return start(view),
    };
    let ending = name.rsplit('.').next().unwrap_or_default();
    let format = Format::from_extension(ending).unwrap_or(Format::Yaml);
    let text = lines(&String::from_utf8_lossy(&bytes));
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let plan = Plan::new(&name, format, text, At::Review);
    let mut turn = Turn::of(plan, None);
    if std::str::from_utf8(&bytes).is_err() {
        // What is wrong with the bytes is said of the bytes.
        let read = Document::parse(&turn.plan.name, &bytes, format);
        turn.document = read.and(turn.document);
        turn.plan.at = At::Text;
    }
    turn.understand(view);
    page(view, &turn)
}

/// The page after a turn.
fn page(view: &View<'_>, turn: &Turn) -> Response {
    let seen = Seen::of(view, &turn.document);
    let before = turn.before.as_ref();
    let before = before.and_then(|before| panel::judged(view, before).ok());
    let nothing = Value::Null;
    let value = turn.document.as_ref().map_or(&nothing, Document::value);
    let waiting = waiting(&seen);
    let fields = Fields {
        view,
        value,
        wrong: &turn.wrong,
        waiting: &waiting,
    };
    let mut plan = turn.plan.clone();
    if let (At::Ask(_), Some(question)) = (&plan.at, seen.asked(&plan)) {
        plan.at = At::Ask(Some(question.id.clone()));
    }
    let (title, inside) = content(&fields, &plan, turn, &seen);
    let body = html! {
        form #plan method="post" action=(view.address("plan")) {
            (layout::waiting(view, &html! {
                (hidden(&plan))
                (layout::header(view, &languages(view)))
                div.sides {
                    main #content tabindex="-1" {
                        (summary(&fields, turn))
                        @if turn.trial { (trial(view)) }
                        @if !turn.understood.is_empty() { (understood(view, &turn.understood)) }
                        (inside)
                    }
                    aside aria-label=(view.words().word("What comes of it")) {
                        p #status .status role="status" { (panel::status(view, &seen)) }
                        (panel::panel(view, &plan, &seen, before.as_ref(), turn.trial))
                        (tasks(&fields, &plan, &seen))
                    }
                }
            }))
        }
    };
    let wrong = !turn.wrong.is_empty() || turn.document.is_err();
    let title = if wrong {
        format!("{} {title}", view.words().word("Error:"))
    } else {
        title
    };
    let status = if wrong { 422 } else { 200 };
    Response::page(status, layout::whole(view, &title, &body))
}

/// The requirements that wait for each fact.
fn waiting(seen: &Seen) -> BTreeMap<Pointer, Vec<String>> {
    let mut waiting: BTreeMap<Pointer, Vec<String>> = BTreeMap::new();
    let findings = seen.card.as_ref().map(|card| card.findings.as_slice());
    for finding in findings.unwrap_or_default() {
        for path in finding.asked_for() {
            waiting
                .entry(path.clone())
                .or_default()
                .push(finding.title.clone());
        }
    }
    // The same fact of other elements is asked with it.
    for question in &seen.questions {
        for path in &question.paths {
            waiting.entry(path.clone()).or_insert_with(|| {
                let titles = question.waiting.iter();
                titles.map(|waiting| waiting.title.clone()).collect()
            });
        }
    }
    waiting
}

/// What the form carries, and the button that the enter key means.
fn hidden(plan: &Plan) -> Markup {
    html! {
        button.first name="do" value="see" tabindex="-1" aria-hidden="true" {}
        input type="hidden" name="v" value=(VERSION);
        input type="hidden" name="source" value=(plan.source);
        input type="hidden" name="name" value=(plan.name);
        input type="hidden" name="format" value=(plan.format);
        input type="hidden" name="undo" value=(plan.undo_text());
        input type="hidden" name="left" value=(plan.left.join(" "));
        input type="hidden" name="at" value=(plan.at);
    }
}

/// The languages, as buttons that take the plan along.
fn languages(view: &View<'_>) -> Markup {
    html! {
        nav.languages aria-label=(view.words().word("Languages")) {
            @for tag in view.app.languages() {
                @if *tag == view.tag {
                    span aria-current="true" lang=(tag) { (layout::name(view, tag)) }
                } @else {
                    button.link name="do" value="see" formaction=(address("plan", tag)) lang=(tag) { (layout::name(view, tag)) }
                }
            }
        }
    }
}

/// Everything that is wrong on this page, each with a link to its field.
fn summary(fields: &Fields<'_>, turn: &Turn) -> Markup {
    let view = fields.view;
    let words = view.words();
    html! {
        @if !turn.wrong.is_empty() {
            div.summary role="alert" tabindex="-1" autofocus aria-labelledby="summary" {
                h2 #summary { (words.word("There is a problem")) }
                ul.plain { @for wrong in &turn.wrong { li { a href={ "#" (id(&wrong.path)) } { (said(view, wrong)) } } } }
                p { (words.word("These answers are not in the plan yet. What you typed is kept here.")) }
            }
        }
    }
}

fn trial(view: &View<'_>) -> Markup {
    let words = view.words();
    html! {
        div.trial role="note" {
            p { strong { (words.word("This is a trial.")) } " " (words.word("Nothing of it is in your plan until you take it over.")) }
        }
    }
}

/// What was understood of a file of an older version.
fn understood(view: &View<'_>, said: &[Problem]) -> Markup {
    html! {
        div.trial role="note" {
            p { strong { (view.words().word("This file is of an older version.")) } }
            ul { @for problem in said { li lang=[view.foreign()] { (typed(&problem.message)) } } }
        }
    }
}

/// What stands on the left: its title, and the markup with the heading.
fn content(fields: &Fields<'_>, plan: &Plan, turn: &Turn, seen: &Seen) -> (String, Markup) {
    let words = fields.view.words();
    let headed = |title: &str, inside: Markup| {
        let shown = html! { h1 { (title) } (inside) };
        (title.to_owned(), shown)
    };
    match &plan.at {
        At::Text => headed(
            words.word("The text of your plan"),
            text(fields, plan, turn),
        ),
        At::Review => headed(
            words.word("Check your answers"),
            html! { (fields.review()) (buttons(fields, plan, turn)) },
        ),
        At::HandIn => headed(
            words.word("Hand in"),
            hand_in::page(fields.view, plan, seen),
        ),
        At::Ask(_) => match seen.asked(plan) {
            Some(question) => headed(
                &question.text,
                html! { (fields.question(question)) (buttons(fields, plan, turn)) },
            ),
            None => headed(
                words.word("No question is open"),
                html! {
                    p { (words.word("No question is open that could change anything.")) }
                    button.main name="do" value="go:review" { (words.word("Check your answers")) }
                },
            ),
        },
        At::Group(path) => {
            let title = answers::field(fields.view.schema(), path).map(|field| field.title.clone());
            let shown = html! {
                @if let Some(list) = path.parent().filter(|parent| !parent.is_root()) {
                    p { button.link name="do" value={ "go:at:" (list.as_str()) } { (words.word("Back to the list")) } }
                }
                h1 { (fields.heading(path)) }
                (fields.group(path))
                (buttons(fields, plan, turn))
            };
            (title.unwrap_or_default(), shown)
        }
    }
}

/// The text itself, to be corrected by hand.
fn text(fields: &Fields<'_>, plan: &Plan, turn: &Turn) -> Markup {
    let view = fields.view;
    let words = view.words();
    let problems = turn.document.as_ref().err();
    html! {
        @if let Some(problems) = problems {
            div.summary role="alert" tabindex="-1" autofocus aria-labelledby="summary" {
                h2 #summary { (words.word("This text cannot be read yet")) }
                ul.plain { @for (number, problem) in problems.iter().enumerate() { li { (panel::problem(view, number, problem)) } } }
            }
        }
        div.field {
            label for="text" { (typed(&plan.name)) }
            p.hint #text-hint { (words.word("Whoever knows the format can write here. Comments are kept.")) }
            textarea #text .code name="text" rows="24" spellcheck="false" aria-describedby="text-hint" { (super::field::first_line_kept(&plan.source)) }
        }
        (buttons(fields, plan, turn))
    }
}

/// What can be done with a page.
fn buttons(fields: &Fields<'_>, plan: &Plan, turn: &Turn) -> Markup {
    let words = fields.view.words();
    let asks = matches!(plan.at, At::Ask(_));
    let fills = matches!(plan.at, At::Ask(_) | At::Group(_));
    html! {
        div.buttons {
            @if turn.trial {
                button.main name="do" value="see" { (words.word("Take it over")) }
            } @else if plan.at == At::Review {
                button.main name="do" value="next" { (words.word("Hand in")) }
            } @else {
                button.main name="do" value="next" { (words.word("Save and continue")) }
            }
            @if asks { button name="do" value="leave" { (words.word("I do not know yet")) } }
            @if fills && !turn.trial { button name="do" value="try" { (words.word("Try without saving")) } }
            @if !plan.undo.is_empty() { button name="do" value="undo" { (words.word("Undo the last change")) } }
        }
    }
}

/// The parts of the plan, with what is open in each.
fn tasks(fields: &Fields<'_>, plan: &Plan, seen: &Seen) -> Markup {
    let view = fields.view;
    let words = view.words();
    let groups = turn::groups(view.schema());
    let open = |group: &Pointer| {
        let questions = seen.questions.iter();
        questions
            .filter(|question| question.paths.iter().any(|path| group.contains(path)))
            .count()
    };
    let here = |group: &Pointer| matches!(&plan.at, At::Group(at) if group.contains(at));
    let others = [
        ("review", words.word("Check your answers")),
        ("hand-in", words.word("Hand in")),
        ("text", words.word("The text of your plan")),
    ];
    html! {
        nav.tasks #parts aria-labelledby="tasks" {
            h2 #tasks { (words.word("Parts of the plan")) }
            ol {
                @for group in &groups {
                    @let count = open(group);
                    li {
                        button.link name="do" value={ "go:at:" (group.as_str()) } aria-current=[here(group).then_some("page")] { (fields.heading(group)) }
                        span.state {
                            @if seen.card.is_err() { }
                            @else if count == 0 { (words.word("nothing open")) }
                            @else { (words.say("{count} open", &[("count", &count.to_string())])) }
                        }
                    }
                }
            }
            ul.plain {
                @for (place, title) in others {
                    li { button.link name="do" value={ "go:" (place) } aria-current=[(plan.at.to_string() == place).then_some("page")] { (title) } }
                }
            }
        }
    }
}
