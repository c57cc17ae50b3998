//! `evenhand plugin call`: try a function.

mod arguments;

use super::docs::{signature, word};
use super::sheet::clean_lines;
use crate::args::plugin::{Call, Form};
use crate::exit::Exit;
use crate::plugins::Pins;
use crate::ui::Ui;
use evenhand_core::plugin::{Argument, FailureKind, Function, Manifest, Plugin as _, PluginError};
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::text::pretty_json;
use serde_json::{Value, json};

pub(super) fn run(args: &Call, ui: &Ui) -> Exit {
    match call(args, ui) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn call(args: &Call, ui: &Ui) -> Result<Exit, Exit> {
    let packs = args.taking_part.packs();
    let found = super::profile(&packs, ui)?;
    let wrong = |problems: &[Problem]| {
        super::show(problems, found.as_ref(), ui);
        Exit::Wrong
    };
    let (candidates, problems) = crate::plugins::candidates(found.as_ref(), &packs.plugins);
    let candidate = match super::find(&candidates, &args.id) {
        Ok(candidate) => candidate,
        Err(problem) if problems.is_empty() => return Err(wrong(&[problem])),
        Err(_) => return Err(wrong(&problems)),
    };
    if let Some(reason) = &candidate.disabled {
        let problem = Problem::error(format!("the profile turns `{}` off: {reason}", args.id));
        return Err(wrong(&[
            problem.suggest("leave the profile out with --no-profile")
        ]));
    }
    // What is typed is checked before anything is started.
    let manifest =
        super::manifest(candidate, found.as_ref()).map_err(|problems| wrong(&problems))?;
    let (index, function) =
        function(&manifest, &args.function).map_err(|problem| wrong(&[problem]))?;
    let values =
        arguments::parse(function, &args.arguments).map_err(|problems| wrong(&problems))?;
    let pins = Pins::beside(found.as_ref()).map_err(|problems| wrong(&problems))?;
    let mut plugin = candidate
        .load(found.as_ref(), &pins)
        .map_err(|problems| wrong(&problems))?;
    candidate.say(ui);
    let answer = plugin.call(index, &values);
    if args.log {
        for line in plugin.words().lines() {
            ui.note(&format!("{}: {line}", args.id));
        }
    }
    match answer {
        Ok(answer) => {
            ui.out(&match args.format {
                Form::Text => text(function, &answer),
                Form::Json => {
                    let unit = &function.unit;
                    let value = value(&answer);
                    pretty_json(&json!({ "plugin": args.id, "function": function.name, "value": value, "unit": unit }))
                }
            });
            Ok(Exit::Fine)
        }
        Err(error) => Err(failed(&error, ui)),
    }
}

fn function<'a>(manifest: &'a Manifest, name: &str) -> Result<(usize, &'a Function), Problem> {
    let functions = || manifest.functions.iter();
    let found = functions()
        .enumerate()
        .find(|(_, function)| function.name == name);
    found.ok_or_else(|| {
        let problem = Problem::error(format!("plugin `{}` has no function `{name}`", manifest.id));
        if manifest.functions.is_empty() {
            return problem.suggest(format!(
                "it has no functions; `evenhand plugin docs {}` says what it has",
                manifest.id
            ));
        }
        let signatures: Vec<String> = functions().map(signature).collect();
        let nearest = did_you_mean(name, functions().map(|function| function.name.as_str()));
        problem
            .expected(super::names(signatures.iter().map(String::as_str)))
            .suggest_maybe(nearest)
    })
}

/// The answer as people read it.
fn text(function: &Function, answer: &Argument) -> String {
    let unit = function
        .unit
        .as_deref()
        .filter(|unit| *unit != "1")
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    let shown = match answer {
        Argument::Unit => return String::new(),
        Argument::Text(text) => clean_lines(text),
        Argument::Json(value) => clean_lines(&format!("{value:#}")),
        Argument::Bool(flag) => flag.to_string(),
        Argument::Integer(number) => number.to_string(),
        Argument::Number(number) => number.to_string(),
    };
    format!("{shown}{}\n", clean_lines(&unit))
}

fn value(answer: &Argument) -> Value {
    match answer {
        Argument::Unit => Value::Null,
        Argument::Bool(flag) => (*flag).into(),
        Argument::Integer(number) => (*number).into(),
        Argument::Number(number) => (*number).into(),
        Argument::Text(text) => text.as_str().into(),
        Argument::Json(value) => value.clone(),
    }
}

/// Arguments that make no sense are the caller's mistake; anything else means that the plugin could not decide.
fn failed(error: &PluginError, ui: &Ui) -> Exit {
    ui.problems(&[Problem::error(error.to_string())], &[]);
    match error.kind {
        FailureKind::Failed | FailureKind::BadArguments | FailureKind::Unknown => Exit::Wrong,
        FailureKind::Limit | FailureKind::Panicked | FailureKind::BadAnswer | FailureKind::Died => {
            Exit::Undecided
        }
    }
}

/// How a type is called where people are told what to type.
fn described(kind: evenhand_core::plugin::ValueType) -> &'static str {
    use evenhand_core::plugin::ValueType;
    match kind {
        ValueType::Unit => "nothing",
        ValueType::Bool => "`true` or `false`",
        ValueType::I64 => "a whole number",
        ValueType::F64 => "a number",
        ValueType::Str => "text",
        ValueType::Json => "JSON",
    }
}

/// The type of a parameter, for error messages about it.
fn typed(function: &Function, index: usize) -> String {
    let param = function.params.get(index);
    param.map_or_else(String::new, |param| {
        format!("{} ({})", described(param.kind), word(param.kind))
    })
}
