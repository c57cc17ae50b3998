//! `evenhand plugin check`: whether a plugin keeps the contract.

use super::sheet::Sheet;
use crate::args::plugin::{Check, Form};
use crate::exit::Exit;
use crate::plugins::{self, Candidate, Origin, options, refused, shown};
use crate::setup::Found;
use crate::ui::Ui;
use crate::{bundled, files};
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::report::Look;
use evenhand_host::PluginFile;
use evenhand_host::check::{self, CheckResult};
use evenhand_host::lock::target;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Where the core pack keeps whole proposals.
const BASES: &str = "bases/";

pub(super) fn run(args: &Check, ui: &Ui) -> Exit {
    let found = match super::profile(&args.profile.packs(), ui) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let prepared = subject(&args.plugin, found.as_ref()).and_then(|(file, settings)| {
        let samples = samples(&args.proposals)?;
        let options = options(&[]).map_err(|error| refused(&error, None))?;
        Ok((file, Value::Object(settings), samples, options))
    });
    let (file, settings, samples, options) = match prepared {
        Ok(prepared) => prepared,
        Err(problems) => {
            super::show(&problems, found.as_ref(), ui);
            return Exit::Wrong;
        }
    };
    ui.progress(&format!(
        "Checking `{}`; one that hangs or crashes often takes minutes.",
        shown(&file.library)
    ));
    let results = check::run(&file, &settings, &samples, &options);
    ui.out(&match args.format {
        Form::Text => text(&file, &results, args.verbose, ui.look()),
        Form::Json => format!("{:#}\n", json(&file, &results)),
    });
    if results.iter().all(|result| result.passed) {
        Exit::Fine
    } else {
        Exit::Found
    }
}

/// The file to check, and the settings that the profile gives to the plugin.
fn subject(
    typed: &str,
    found: Option<&Found>,
) -> Result<(PluginFile, Map<String, Value>), Vec<Problem>> {
    if super::is_file(typed) {
        let path = Path::new(typed);
        if !path.exists() {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(vec![files::cannot("read", &shown(path), &missing)]);
        }
        let file = PluginFile::beside(path);
        let id = plugins::look(path).map(|inspection| inspection.manifest.id);
        let entry = id.ok().zip(found);
        let entry = entry.and_then(|(id, found)| found.profile.plugins.get(&id));
        let settings = entry.map(|entry| entry.settings.clone());
        return Ok((file, settings.unwrap_or_default()));
    }
    let (candidates, problems) = plugins::candidates(found, &[]);
    match super::find(&candidates, typed) {
        Ok(Candidate {
            origin: Origin::Profile(named),
            settings,
            ..
        }) => Ok((named.file.clone(), settings.clone())),
        Ok(_) => Err(vec![
            Problem::error(format!("`{typed}` is part of evenhand and has no file to check"))
                .suggest(format!("build it as a library (`cargo build -p evenhand-plugin-{typed}`) and name that file")),
        ]),
        Err(problem) if problems.is_empty() => Err(vec![problem]),
        Err(_) => Err(problems),
    }
}

/// The proposals that it is tried with: those that come with the core pack, and those that were named.
fn samples(named: &[std::path::PathBuf]) -> Result<Vec<Value>, Vec<Problem>> {
    let mut samples = Vec::new();
    let mut problems = Vec::new();
    let pack = bundled::core_pack();
    for (path, bytes) in pack
        .files
        .iter()
        .filter(|(path, _)| path.starts_with(BASES))
    {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let Some(format) = Format::from_extension(extension) else {
            continue;
        };
        match Document::parse(path, bytes, format) {
            Ok(document) => samples.push(document.value().clone()),
            Err(found) => problems.extend(found),
        }
    }
    for path in named {
        match files::proposal(path, None) {
            Ok(document) => samples.push(document.value().clone()),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(samples)
    } else {
        Err(problems)
    }
}

fn text(file: &PluginFile, results: &[CheckResult], verbose: bool, look: Look) -> String {
    let mut sheet = Sheet::new(look);
    let (engine, target) = (env!("CARGO_PKG_VERSION"), target());
    sheet.heading(&shown(&file.library));
    sheet.text(0, &format!("checked by evenhand {engine} on {target}"));
    sheet.blank();
    for result in results.iter().filter(|result| verbose || !result.passed) {
        let word = if result.passed { "ok    " } else { "FAILED" };
        sheet.item(&format!("{word} {} ", result.id), result.title);
        sheet.text(11, &result.detail);
    }
    let failed = results.iter().filter(|result| !result.passed).count();
    if verbose || failed > 0 {
        sheet.blank();
    }
    let passed = results.len() - failed;
    sheet.text(0, &format!("{passed} passed, {failed} failed"));
    if failed == 0 {
        sheet.text(0, "It keeps the contract, as far as this could find out.");
    }
    sheet.finish()
}

fn json(file: &PluginFile, results: &[CheckResult]) -> Value {
    let one = |result: &CheckResult| json!({ "id": result.id, "title": result.title, "passed": result.passed, "detail": result.detail });
    json!({
        "library": shown(&file.library),
        "engine": env!("CARGO_PKG_VERSION"),
        "target": target(),
        "passed": results.iter().all(|result| result.passed),
        "checks": results.iter().map(one).collect::<Vec<_>>(),
    })
}
