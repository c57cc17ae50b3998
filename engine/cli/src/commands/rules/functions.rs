//! `evenhand rules functions`: what scripts can call.

use crate::args::RulesFunctions;
use crate::exit::Exit;
use crate::setup;
use crate::ui::Ui;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::program::{FORMATS, Native, natives};
use evenhand_core::rulebook::Rulebook;
use std::fmt::Write as _;

pub(crate) fn run(args: &RulesFunctions, ui: &Ui) -> Exit {
    let book = match setup::rulebook(&args.packs, None, ui) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let Some(name) = &args.name else {
        ui.out(&all(&book));
        return Exit::Fine;
    };
    match one(&book, name) {
        Ok(text) => {
            ui.out(&text);
            Exit::Fine
        }
        Err(problem) => {
            ui.problems(&[problem], &[]);
            Exit::Wrong
        }
    }
}

/// The functions of plugins: name, call, what it gives, and whose it is.
fn of_plugins(book: &Rulebook) -> Vec<(String, String, String, String)> {
    let mut found = Vec::new();
    for (manifest, _) in book.manifests() {
        for function in &manifest.functions {
            let names: Vec<&str> = function
                .params
                .iter()
                .map(|param| param.name.as_str())
                .collect();
            let call = format!("{}({})", function.name, names.join(", "));
            found.push((
                function.name.clone(),
                call,
                function.about.clone(),
                manifest.id.clone(),
            ));
        }
    }
    found
}

fn all(book: &Rulebook) -> String {
    let mut text = String::new();
    for native in natives() {
        line(&mut text, native.signature, native.about);
    }
    for (_, call, about, plugin) in of_plugins(book) {
        line(&mut text, &call, &format!("{about} (plugin {plugin})"));
    }
    text
}

fn line(text: &mut String, call: &str, about: &str) {
    // A text in memory takes what is written.
    let _written = writeln!(text, "{call}\n  {about}");
}

fn one(book: &Rulebook, name: &str) -> Result<String, Problem> {
    if let Some(native) = natives().iter().find(|native| native.name == name) {
        return Ok(shown(native));
    }
    let plugins = of_plugins(book);
    if let Some((_, call, about, plugin)) = plugins.iter().find(|(own, ..)| own == name) {
        return Ok(format!("{call}\n  {about} (plugin {plugin})\n"));
    }
    let known = natives().iter().map(|native| native.name);
    let known = known.chain(plugins.iter().map(|(own, ..)| own.as_str()));
    Err(Problem::error(format!("scripts have no function `{name}`"))
        .expected("one of those that `evenhand rules functions` lists")
        .suggest_maybe(did_you_mean(name, known)))
}

fn shown(native: &Native) -> String {
    let mut text = String::new();
    line(&mut text, native.signature, native.about);
    let _written = writeln!(text, "  for example {}", native.example);
    if native.signature.contains("message") {
        text.push_str("  what stands in a place of the message is shown as it is, or\n");
        for (format, about) in FORMATS {
            let _written = writeln!(text, "    {{name:{format}}}  {about}");
        }
    }
    text
}
