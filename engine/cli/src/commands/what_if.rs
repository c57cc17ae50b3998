//! `evenhand what-if`: what a change would do, without writing it anywhere.

use crate::args::{Form, WhatIf};
use crate::exit::Exit;
use crate::files;
use crate::setup::{self, Subject};
use crate::ui::Ui;
use evenhand_analysis::{Judge as _, answer, change, safeguard, what_if};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::schema::Schema;
use evenhand_locale::Words as _;
use evenhand_report::differences;
use serde_json::Value;

pub(crate) fn run(args: &WhatIf, ui: &Ui) -> Exit {
    let subject = match setup::subject(&args.proposal, &args.packs, &args.language, ui) {
        Ok(subject) => subject,
        Err(exit) => return exit,
    };
    let changed = match changed(args, &subject) {
        Ok(changed) => changed,
        Err(problems) => {
            ui.problems(&problems, &[]);
            return Exit::Wrong;
        }
    };
    let document = Document::from_value(subject.document.name(), changed);
    let problems = subject.spoken.check(&document);
    if !problems.is_empty() {
        ui.problems(&problems, &[]);
        return Exit::Wrong;
    }
    let after = subject.spoken.judge(&document);
    if after.problems.iter().any(Problem::is_error) {
        ui.problems(&after.problems, &[]);
        return Exit::Wrong;
    }
    let difference = what_if::difference(&subject.card, &after);
    let title = &subject.card.proposal.title;
    ui.out(&match args.format {
        Form::Json => differences::render_json(title, &difference),
        Form::Text => differences::render(title, &difference, &subject.spoken.locale, ui.look()),
    });
    if args.format == Form::Text && args.proposal.as_os_str() != "-" {
        let file = files::shown(&args.proposal);
        let next = "Next: write what should stay into {file}, then evenhand check {file}.";
        ui.next(&subject.spoken.locale.say(next, &[("file", &file)]));
    }
    Exit::Fine
}

/// The proposal with every change made, or everything that is wrong with the changes.
fn changed(args: &WhatIf, subject: &Subject) -> Result<Value, Vec<Problem>> {
    let schema = subject.spoken.schema();
    let mut value = subject.document.value().clone();
    let mut problems = Vec::new();
    for typed in &args.set {
        let Some((path, text)) = typed.split_once('=') else {
            let problem = Problem::error(format!("`{typed}` sets nothing"));
            problems.push(problem.expected("a path, `=` and a value, such as host.need=host_led"));
            continue;
        };
        match places(schema, &value, path) {
            Ok(places) => {
                for place in places {
                    let read = answer::read(schema, &place, text);
                    change::set(&mut value, &place, read);
                }
            }
            Err(problem) => problems.push(*problem),
        }
    }
    if args.without_safeguards {
        let promises = safeguard::promises(schema, &value);
        for promise in &promises {
            change::unset(&mut value, promise);
        }
    }
    for path in &args.unset {
        match places(schema, &value, path) {
            Ok(places) => places
                .iter()
                .for_each(|place| change::unset(&mut value, place)),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() {
        Ok(value)
    } else {
        Err(problems)
    }
}

/// The places that a path means in a proposal; `flows[].weeks` is the weeks of every flow.
fn places(schema: &Schema, value: &Value, typed: &str) -> Result<Vec<Pointer>, Box<Problem>> {
    let path = Pointer::from_dotted(typed).filter(|path| schema.find(&path.dotted()).is_some());
    let path = path.filter(|path| !path.as_str().starts_with("/derived"));
    let Some(path) = path else {
        let fields = schema.walk().into_iter().map(|id| schema.field(id));
        let known: Vec<&str> = fields
            .map(|field| field.path.as_str())
            .filter(|path| !path.is_empty() && !path.starts_with("derived"))
            .collect();
        let problem = Problem::error(format!("`{typed}` is not a field of the proposal"));
        return Err(Box::new(problem.suggest_maybe(did_you_mean(typed, known))));
    };
    change::resolve(value, &path).map_err(Box::new)
}
