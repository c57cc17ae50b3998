//! `evenhand plugin list`: what takes part.

use super::sheet::Sheet;
use crate::args::plugin::{Form, List};
use crate::exit::Exit;
use crate::plugins::{self, Candidate, Origin, Pins};
use crate::setup::Found;
use crate::ui::Ui;
use evenhand_core::plugin::{Manifest, Plugin as _};
use evenhand_core::problem::Problem;
use evenhand_core::text::pretty_json;
use evenhand_plugin_host::lock::Grants;
use evenhand_plugin_host::{Inspection, Mode, Sandbox, Signer};
use evenhand_report::Look;
use serde_json::{Value, json};

/// Items of a list that are named before the rest is only counted.
const NAMED: usize = 8;
/// Digits of a digest that people compare by eye.
const DIGITS: usize = 12;

/// A plugin as the list shows it.
struct Row {
    id: String,
    manifest: Option<Manifest>,
    /// `bundled`, `isolated` or `in-process`.
    mode: &'static str,
    disabled: Option<String>,
    sha256: Option<String>,
    signer: Option<Signer>,
    /// What its sandbox consists of; none where it was not started or is not isolated.
    sandbox: Option<Sandbox>,
    pinned: bool,
    problems: Vec<Problem>,
}

pub(super) fn run(args: &List, ui: &Ui) -> Exit {
    let packs = args.taking_part.packs();
    let found = match super::profile(&packs, ui) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let (candidates, mut problems) = plugins::candidates(found.as_ref(), &packs.plugins);
    let pins = match Pins::beside(found.as_ref()) {
        Ok(pins) => pins,
        Err(problems) => {
            super::show(&problems, found.as_ref(), ui);
            return Exit::Wrong;
        }
    };
    let rows: Vec<Row> = candidates
        .iter()
        .map(|candidate| row(candidate, found.as_ref(), &pins))
        .collect();
    match args.format {
        Form::Text => ui.out(&text(&rows, args.verbose, ui.look())),
        Form::Json => {
            let rows: Vec<Value> = rows.iter().map(json).collect();
            ui.out(&pretty_json(&rows));
        }
    }
    problems.extend(rows.into_iter().flat_map(|row| row.problems));
    if problems.is_empty() {
        return Exit::Fine;
    }
    super::show(&problems, found.as_ref(), ui);
    Exit::Wrong
}

fn row(candidate: &Candidate, found: Option<&Found>, pins: &Pins) -> Row {
    let mut row = Row {
        id: candidate.id.clone(),
        manifest: None,
        mode: match candidate.origin {
            Origin::Bundled => "bundled",
            Origin::Profile(_) | Origin::CommandLine(_) => candidate.mode().word(),
        },
        disabled: candidate.disabled.clone(),
        sha256: None,
        signer: None,
        sandbox: None,
        pinned: false,
        problems: Vec::new(),
    };
    let looked = match &candidate.origin {
        Origin::Bundled => None,
        Origin::CommandLine(inspection) => Some(Ok((**inspection).clone())),
        Origin::Profile(named) => Some(candidate.inspect(named, found)),
    };
    match looked {
        None => {}
        Some(Err(problems)) => {
            row.problems = problems;
            return row;
        }
        Some(Ok(inspection)) => {
            let named = matches!(candidate.origin, Origin::Profile(_));
            row.pinned = named && pins.verify(&inspection, candidate.mode()).is_empty();
            row.looked(inspection);
        }
    }
    if candidate.disabled.is_some() {
        row.manifest = row
            .manifest
            .or_else(|| super::manifest(candidate, found).ok());
        return row;
    }
    match candidate.load(found, pins) {
        Ok(plugin) => {
            row.mode = plugin.origin().mode;
            row.sandbox = plugin.status().sandbox;
            row.sha256 = Some(plugin.origin().sha256.clone());
            row.manifest = Some(plugin.manifest().clone());
        }
        Err(problems) => row.problems = problems,
    }
    row
}

impl Row {
    fn looked(&mut self, inspection: Inspection) {
        self.sha256 = Some(inspection.sha256);
        self.signer = Some(inspection.signer);
        self.manifest = Some(inspection.manifest);
    }

    fn sandbox_words(&self) -> String {
        match (self.mode, self.sandbox) {
            ("table", _) => "none, it has no code".to_owned(),
            ("bundled", _) => "none, it is part of evenhand".to_owned(),
            (mode, _) if mode == Mode::InProcess.word() => {
                "none, it runs inside evenhand and is trusted".to_owned()
            }
            (_, None) => "not started".to_owned(),
            (_, Some(sandbox)) => match sandbox.gaps() {
                None => {
                    "a process of its own, without files, network and other processes".to_owned()
                }
                Some(gaps) => format!("a process of its own; {gaps}"),
            },
        }
    }

    fn signed_words(&self) -> Option<String> {
        Some(match self.signer.as_ref()? {
            Signer::Nobody => "by nobody".to_owned(),
            Signer::Key(key) => format!("by {key}"),
            Signer::Stranger => "with a key that the profile does not list".to_owned(),
        })
    }
}

fn text(rows: &[Row], verbose: bool, look: Look) -> String {
    let mut sheet = Sheet::new(look);
    for row in rows {
        let version = row
            .manifest
            .as_ref()
            .map(|manifest| format!(" {}", manifest.version));
        let off = if row.disabled.is_some() {
            ", turned off"
        } else {
            ""
        };
        sheet.heading(&format!(
            "{}{} · {}{off}",
            row.id,
            version.unwrap_or_default(),
            row.mode
        ));
        if let Some(reason) = &row.disabled {
            sheet.field("reason", reason);
        }
        if let Some(manifest) = &row.manifest {
            sheet.field("title", &manifest.title);
        }
        if let Some(sha256) = &row.sha256 {
            let digits: String = sha256.chars().take(DIGITS).collect();
            let pinned = match (row.mode, row.pinned) {
                ("bundled", _) => " (of its manifest)",
                (_, true) => " (pinned)",
                (_, false) => " (NOT PINNED)",
            };
            sheet.field("sha256", &format!("{digits}…{pinned}"));
        }
        if let Some(words) = row.signed_words() {
            sheet.field("signed", &words);
        }
        sheet.field("sandbox", &row.sandbox_words());
        if let Some(manifest) = &row.manifest {
            asks(&mut sheet, manifest, verbose);
        }
        sheet.blank();
    }
    sheet.text(0, "evenhand plugin docs ID shows a plugin's page.");
    sheet.finish()
}

/// What it reads and adds.
fn asks(sheet: &mut Sheet, manifest: &Manifest, verbose: bool) {
    let asked = Grants::asked(manifest);
    let reads: Vec<String> = asked
        .reads
        .iter()
        .map(|read| super::in_words(read))
        .collect();
    for (name, list) in [
        ("reads", &reads),
        ("provides", &asked.provides),
        ("functions", &asked.functions),
        ("rules", &asked.rules),
    ] {
        let most = if verbose { usize::MAX } else { NAMED };
        sheet.field(name, &shortened(list, most));
    }
}

/// The first of a list, and how many more there are.
fn shortened(list: &[String], most: usize) -> String {
    if list.is_empty() {
        return "none".to_owned();
    }
    let first: Vec<&str> = list.iter().take(most).map(String::as_str).collect();
    match list.len().saturating_sub(most) {
        0 => first.join(", "),
        more => format!("{}, and {more} more", first.join(", ")),
    }
}

fn json(row: &Row) -> Value {
    let asked = row.manifest.as_ref().map(Grants::asked).unwrap_or_default();
    let manifest = row.manifest.as_ref();
    let signer = match &row.signer {
        Some(Signer::Key(key)) => Some(key),
        _ => None,
    };
    json!({
        "id": row.id,
        "title": manifest.map(|manifest| &manifest.title),
        "version": manifest.map(|manifest| &manifest.version),
        "abi": manifest.map(|manifest| &manifest.abi),
        "mode": row.mode,
        "disabled": row.disabled,
        "sha256": row.sha256,
        "pinned": row.pinned,
        "signer": signer,
        "sandbox": row.sandbox.map(|sandbox| json!({ "calls": sandbox.calls, "files": sandbox.files, "gaps": sandbox.gaps() })),
        "reads": asked.reads,
        "provides": asked.provides,
        "dimensions": asked.dimensions,
        "functions": asked.functions,
        "rules": asked.rules,
        "problems": row.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
