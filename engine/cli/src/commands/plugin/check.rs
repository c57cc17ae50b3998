//! `evenhand plugin check`: whether a plugin keeps the contract.

mod engine;

use super::sheet::Sheet;
use crate::args::plugin::{Check, Form};
use crate::exit::Exit;
use crate::plugins::{self, Origin, options, refused, shown};
use crate::setup::{self, Found};
use crate::ui::Ui;
use crate::{bundled, files};
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::text::pretty_json;
use evenhand_plugin_host::check::{self, CheckResult};
use evenhand_plugin_host::lock::target;
use evenhand_plugin_host::{HostOptions, Loaded, Mode, PluginFile};
use evenhand_report::Look;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Where the core pack keeps whole proposals.
const BASES: &str = "bases/";

/// What is checked.
enum Subject {
    /// A library with its manifest.
    File(PluginFile),
    /// A plugin that is part of this program.
    Bundled(String),
}

pub(super) fn run(args: &Check, ui: &Ui) -> Exit {
    let found = match super::profile(&args.profile.packs(), ui) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let prepared = subject(&args.plugin, found.as_ref()).and_then(|(subject, settings)| {
        let samples = samples(args, ui)?;
        let options = options(&[]).map_err(|error| refused(&error, None))?;
        Ok((subject, Value::Object(settings), samples, options))
    });
    let (subject, settings, samples, options) = match prepared {
        Ok(prepared) => prepared,
        Err(problems) => {
            super::show(&problems, found.as_ref(), ui);
            return Exit::Wrong;
        }
    };
    ui.progress(&format!(
        "Checking {}; one that gives no answers can take a minute or two.",
        subject.name()
    ));
    let results = subject.check(&settings, &samples, &options);
    ui.out(&match args.format {
        Form::Text => text(&subject, &results, args.verbose, ui.look()),
        Form::Json => pretty_json(&json(&subject, &results)),
    });
    if results.iter().all(|result| result.passed) {
        Exit::Fine
    } else {
        Exit::Found
    }
}

impl Subject {
    fn check(
        &self,
        settings: &Value,
        samples: &[Document],
        options: &HostOptions,
    ) -> Vec<CheckResult> {
        let values: Vec<Value> = samples
            .iter()
            .map(|sample| sample.value().clone())
            .collect();
        let (mut results, load): (_, Box<dyn Fn() -> Option<_>>) = match self {
            Self::File(file) => (
                check::run(file, settings, &values, options),
                Box::new(|| {
                    let mode = Mode::Isolated;
                    Some(Loaded::open(file, mode, None, settings, options))
                }),
            ),
            Self::Bundled(id) => {
                let table = bundled::table(id);
                let results = table.map(|table| check::linked(table, settings, &values, options));
                (
                    results.unwrap_or_default(),
                    Box::new(|| bundled::loaded(id, settings)),
                )
            }
        };
        let loads = |result: &CheckResult| result.id == "L01" && result.passed;
        if results.iter().any(loads)
            && let Some(plugin) = load()
        {
            results.extend(engine::check(plugin, samples));
        }
        results
    }

    /// The plugin's id, if its manifest can be read.
    fn id(&self) -> Option<String> {
        match self {
            Self::File(file) => plugins::look(&file.library)
                .ok()
                .map(|inspection| inspection.manifest.id),
            Self::Bundled(id) => Some(id.clone()),
        }
    }

    fn name(&self) -> String {
        match (self, self.id()) {
            (Self::File(file), Some(id)) => {
                format!("plugin `{id}` from `{}`", shown(&file.library))
            }
            (Self::File(file), None) => format!("`{}`", shown(&file.library)),
            (Self::Bundled(id), _) => format!("plugin `{id}`, which is part of evenhand"),
        }
    }
}

/// What to check, and the settings that the profile gives to the plugin.
fn subject(
    typed: &str,
    found: Option<&Found>,
) -> Result<(Subject, Map<String, Value>), Vec<Problem>> {
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
        return Ok((Subject::File(file), settings.unwrap_or_default()));
    }
    let (candidates, problems) = plugins::candidates(found, &[]);
    match super::find(&candidates, typed) {
        Ok(candidate) => {
            let subject = match &candidate.origin {
                Origin::Profile(named) => Subject::File(named.file.clone()),
                Origin::CommandLine(inspection) => Subject::File(inspection.file.clone()),
                Origin::Bundled => Subject::Bundled(candidate.id.clone()),
            };
            Ok((subject, candidate.settings.clone()))
        }
        Err(problem) if problems.is_empty() => Err(vec![problem]),
        Err(_) => Err(problems),
    }
}

/// The proposals that it is tried with: those that come with the core pack, and those that were named.
fn samples(args: &Check, ui: &Ui) -> Result<Vec<Document>, Vec<Problem>> {
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
            Ok(document) => samples.push(document),
            Err(found) => problems.extend(found),
        }
    }
    // A workbook is read by the form of the packs in force; they are put together only for one.
    let has_workbook = args
        .proposals
        .iter()
        .any(|path| files::is_spreadsheet(path));
    let assembled = has_workbook.then(|| {
        let packs = args.profile.packs();
        setup::assemble(&packs, None, false, ui).map_err(|refused| refused.problems)
    });
    let assembled = assembled.transpose()?;
    for path in &args.proposals {
        let read = match &assembled {
            Some(assembled) => assembled.proposal(path, None, ui),
            None => files::proposal(path, None),
        };
        match read {
            Ok(document) => samples.push(document),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(samples)
    } else {
        Err(problems)
    }
}

fn text(subject: &Subject, results: &[CheckResult], verbose: bool, look: Look) -> String {
    let mut sheet = Sheet::new(look);
    let (engine, target) = (env!("CARGO_PKG_VERSION"), target());
    let name = subject.name();
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    sheet.heading(&format!(
        "{}{}",
        first.unwrap_or_default(),
        letters.as_str()
    ));
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

fn json(subject: &Subject, results: &[CheckResult]) -> Value {
    let one = |result: &CheckResult| json!({ "id": result.id, "title": result.title, "passed": result.passed, "detail": result.detail });
    let library = match subject {
        Subject::File(file) => Some(shown(&file.library)),
        Subject::Bundled(_) => None,
    };
    json!({
        "plugin": subject.id(),
        "library": library,
        "engine": env!("CARGO_PKG_VERSION"),
        "target": target(),
        "passed": results.iter().all(|result| result.passed),
        "checks": results.iter().map(one).collect::<Vec<_>>(),
    })
}
