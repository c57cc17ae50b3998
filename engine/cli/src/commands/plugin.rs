//! `evenhand plugin`: what takes part, pinned, verified, tried, checked and begun.

mod call;
mod check;
mod docs;
mod list;
mod lock;
pub(super) mod new;
mod pack;
mod sheet;
mod test;
mod verify;

use crate::args::PackArgs;
use crate::args::plugin::Plugin;
use crate::exit::Exit;
use crate::plugins::{self, Candidate, Origin};
use crate::setup::{self, Found};
use crate::ui::Ui;
use crate::{bundled, plugins::refused};
use evenhand_core::plugin::{Manifest, PluginSource as _};
use evenhand_core::problem::{Problem, did_you_mean};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Does what was asked.
pub(super) fn run(command: &Plugin, ui: &Ui) -> Exit {
    match command {
        Plugin::List(args) => list::run(args, ui),
        Plugin::Lock(args) => lock::run(args, ui),
        Plugin::Verify(args) => verify::run(args, ui),
        Plugin::Docs(args) => docs::run(args, ui),
        Plugin::Call(args) => call::run(args, ui),
        Plugin::Check(args) => check::run(args, ui),
        Plugin::Test(args) => test::run(args, ui),
        Plugin::Pack(args) => pack::run(args, ui),
        Plugin::New(args) => new::run(args, ui),
    }
}

/// The profile in force, or what is wrong with it, shown.
fn profile(packs: &PackArgs, ui: &Ui) -> Result<Option<Found>, Exit> {
    setup::profile(packs, None).map_err(|refused| refused.show(ui))
}

/// The profile that names plugins from files; that there is none is said.
fn needed_profile(packs: &PackArgs, ui: &Ui) -> Result<Found, Exit> {
    profile(packs, ui)?.ok_or_else(|| {
        let problem = Problem::error("there is no profile, so no plugin from a file takes part")
            .expected(format!("`{}` here or in a folder above", setup::PROFILE))
            .suggest("name one with --profile");
        ui.problems(&[problem], &[]);
        Exit::Wrong
    })
}

/// Shows problems with the lines of the profile.
fn show(problems: &[Problem], found: Option<&Found>, ui: &Ui) {
    let sources = found.map(|found| found.profile.sources());
    let sources = sources.unwrap_or_default();
    ui.problems(problems, &sources.iter().collect::<Vec<_>>());
}

/// Whether what was typed is a file rather than an id.
fn is_file(typed: &str) -> bool {
    typed.contains(['/', '\\', '.']) || Path::new(typed).is_file() && !is_bundled(typed)
}

fn is_bundled(id: &str) -> bool {
    bundled::PLUGINS.contains(&id)
}

/// The plugin of this id among those that take part.
fn find<'a>(candidates: &'a [Candidate], id: &str) -> Result<&'a Candidate, Problem> {
    let ids = || candidates.iter().map(|candidate| candidate.id.as_str());
    candidates
        .iter()
        .find(|candidate| candidate.id == id)
        .ok_or_else(|| {
            Problem::error(format!("no plugin `{id}` takes part"))
                .expected(format!("one of {}", names(ids())))
                .suggest_maybe(did_you_mean(id, ids()))
        })
}

/// Names in backticks, with commas.
fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A plugin's manifest. Nothing from a file is run.
fn manifest(candidate: &Candidate, found: Option<&Found>) -> Result<Manifest, Vec<Problem>> {
    match &candidate.origin {
        Origin::Profile(named) => Ok(candidate.inspect(named, found)?.manifest),
        Origin::CommandLine(inspection) => Ok(inspection.manifest.clone()),
        Origin::Bundled => match bundled::plugin(&candidate.id, &Value::Null) {
            Some(Ok(plugin)) => Ok(plugin.manifest().clone()),
            Some(Err(error)) => Err(refused(&error, None)),
            None => Err(vec![Problem::error(format!(
                "`{}` is not bundled",
                candidate.id
            ))]),
        },
    }
}

/// What takes part, with what is wrong shown.
fn candidates(found: Option<&Found>, files: &[PathBuf], ui: &Ui) -> (Vec<Candidate>, Exit) {
    let (candidates, problems) = plugins::candidates(found, files);
    if problems.is_empty() {
        return (candidates, Exit::Fine);
    }
    show(&problems, found, ui);
    (candidates, Exit::Wrong)
}

/// What it means that a plugin reads what a pointer leads to: itself, where it says so already.
fn in_words(pointer: &str) -> String {
    match pointer.split('/').collect::<Vec<_>>().as_slice() {
        [""] => "the whole proposal".to_owned(),
        ["", "derived"] => {
            "/derived (what plugins find out, which no plugin is handed: nothing)".to_owned()
        }
        ["", "derived", plugin, ..] => format!(
            "{pointer} (what plugin `{}` finds out, which no plugin is handed: nothing)",
            plugin.replace('_', "-")
        ),
        ["", ""] => "/ (the field without a name, which no proposal has: nothing)".to_owned(),
        _ => pointer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn a_grant_says_what_it_means() {
        assert_eq!(in_words(""), "the whole proposal");
        assert_eq!(in_words("/flows"), "/flows");
        for nothing in ["/", "/derived", "/derived/other", "/derived/other/kg"] {
            assert!(in_words(nothing).ends_with("nothing)"), "{nothing}");
        }
        assert!(in_words("/derived/air_quality").contains("`air-quality`"));
    }
}
