//! `evenhand plugin lock`: a person looks at what a plugin is and asks for, and accepts it.

use super::sheet::Sheet;
use crate::args::plugin::Lock;
use crate::exit::Exit;
use crate::output;
use crate::plugins::{Candidate, LOCK, Origin, Pins, refused, shown};
use crate::setup::Found;
use crate::ui::Ui;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_plugin_host::lock::{Change, Difference, LockFile, Locked, target};
use evenhand_plugin_host::{Inspection, LoadError, Mode, Signer};

/// A pin that would be written.
struct Proposed {
    locked: Locked,
    inspection: Inspection,
    difference: Difference,
    /// The profile wants it inside this process.
    inside: bool,
}

pub(super) fn run(args: &Lock, ui: &Ui) -> Exit {
    match lock(args, ui) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn lock(args: &Lock, ui: &Ui) -> Result<Exit, Exit> {
    let found = super::needed_profile(&args.profile.packs(), ui)?;
    let wrong = |problems: &[Problem]| {
        super::show(problems, Some(&found), ui);
        Exit::Wrong
    };
    let (candidates, exit) = super::candidates(Some(&found), &[], ui);
    if exit != Exit::Fine {
        return Err(exit);
    }
    let pins = Pins::beside(Some(&found)).map_err(|problems| wrong(&problems))?;
    let chosen = chosen(&args.ids, &candidates).map_err(|problems| wrong(&problems))?;
    let old = pins.file.clone().unwrap_or_default();
    let proposed =
        propose(&chosen, &found, &old, args.update).map_err(|problems| wrong(&problems))?;
    let stale = if args.ids.is_empty() {
        pins.stale(&candidates)
    } else {
        Vec::new()
    };
    if chosen.is_empty() && stale.is_empty() {
        ui.out("The profile names no plugin from a file; the bundled ones need no pin.\n");
        return Ok(Exit::Fine);
    }
    if proposed.is_empty() && stale.is_empty() {
        ui.out(&format!("Nothing to do: every pin in {LOCK} fits.\n"));
        return Ok(Exit::Fine);
    }
    ui.out(&shown_to_a_person(&proposed, &stale, ui));
    if !args.yes {
        accepted(ui)?;
    }
    let mut file = old;
    for pin in proposed {
        file.put(pin.locked);
    }
    for id in &stale {
        file.remove(id);
    }
    output::file(&pins.path, file.render().as_bytes()).map_err(|problem| wrong(&[problem]))?;
    ui.out(&format!("Wrote {}.\n", shown(&pins.path)));
    Ok(Exit::Fine)
}

/// The plugins that were named, or all that the profile takes from files; what is no such plugin is a problem.
fn chosen<'a>(
    ids: &[String],
    candidates: &'a [Candidate],
) -> Result<Vec<&'a Candidate>, Vec<Problem>> {
    let from_files = || {
        let of_file = |candidate: &&Candidate| matches!(candidate.origin, Origin::Profile(_));
        candidates.iter().filter(of_file)
    };
    if ids.is_empty() {
        return Ok(from_files()
            .filter(|candidate| candidate.disabled.is_none())
            .collect());
    }
    let mut chosen = Vec::new();
    let mut problems = Vec::new();
    for id in ids {
        match from_files().find(|candidate| candidate.id == *id) {
            Some(candidate) => chosen.push(candidate),
            None if super::is_bundled(id) => {
                let message = format!("`{id}` is part of evenhand, so there is nothing to pin");
                problems.push(Problem::error(message));
            }
            None => {
                let known = || from_files().map(|candidate| candidate.id.as_str());
                problems.push(
                    Problem::error(format!("the profile names no plugin `{id}`"))
                        .expected(format!("`[plugins.{id}]` with `path = \"…\"`"))
                        .suggest_maybe(did_you_mean(id, known())),
                );
            }
        }
    }
    if problems.is_empty() {
        Ok(chosen)
    } else {
        Err(problems)
    }
}

/// The pins that are new or, with `update`, differ. Without it a pin that no longer fits is a problem.
fn propose(
    chosen: &[&Candidate],
    found: &Found,
    old: &LockFile,
    update: bool,
) -> Result<Vec<Proposed>, Vec<Problem>> {
    let mut proposed = Vec::new();
    let mut problems = Vec::new();
    for candidate in chosen {
        let Origin::Profile(named) = &candidate.origin else {
            continue;
        };
        let inspection = match candidate.inspect(named, Some(found)) {
            Ok(inspection) => inspection,
            Err(found) => {
                problems.extend(found);
                continue;
            }
        };
        // That a plugin runs without a sandbox is only ever written by a person.
        let locked = Locked::of(&inspection, Mode::Isolated);
        let before = old.get(&candidate.id);
        let difference = Difference::between(before, &locked);
        if difference.changes.is_empty() {
            // What is left to differ is how it runs, which a person writes.
            let errors = before.map(|before| verified(before, &inspection, named.mode));
            let of = Some((found, candidate.id.as_str()));
            let errors = errors.iter().flatten();
            problems.extend(errors.flat_map(|error| refused(error, of)));
            continue;
        }
        if let Some(before) = before.filter(|_| !update) {
            let errors = differing(before, &inspection);
            let of = Some((found, candidate.id.as_str()));
            problems.extend(errors.iter().flat_map(|error| refused(error, of)));
            continue;
        }
        let inside =
            named.mode == Mode::InProcess && before.is_none_or(|old| old.mode != Mode::InProcess);
        proposed.push(Proposed {
            locked,
            inspection,
            difference,
            inside,
        });
    }
    if problems.is_empty() {
        Ok(proposed)
    } else {
        Err(problems)
    }
}

/// Why a pin no longer fits; there is always a reason, as something differs.
fn differing(before: &Locked, inspection: &Inspection) -> Vec<LoadError> {
    let mut errors = verified(before, inspection, Mode::Isolated);
    if errors.is_empty() {
        errors.push(LoadError::Pin {
            plugin: before.id.clone(),
            problem: format!(
                "its entry is not the one that would be written now; see and accept the difference with \
                 `evenhand plugin lock --update {}`",
                before.id
            ),
        });
    }
    errors
}

/// Every way in which a pin refuses what was looked at, run in this mode.
fn verified(pin: &Locked, inspection: &Inspection, mode: Mode) -> Vec<LoadError> {
    let pins = Pins {
        path: LOCK.into(),
        file: Some(LockFile {
            plugins: vec![pin.clone()],
        }),
    };
    pins.verify(inspection, mode)
}

fn shown_to_a_person(proposed: &[Proposed], stale: &[String], ui: &Ui) -> String {
    let mut sheet = Sheet::new(ui.look());
    for pin in proposed {
        pin.show(&mut sheet);
        sheet.blank();
    }
    if !stale.is_empty() {
        let names = super::names(stale.iter().map(String::as_str));
        sheet.text(
            0,
            &format!("No longer in the profile, and removed from {LOCK}: {names}"),
        );
        sheet.blank();
    }
    sheet.finish()
}

impl Proposed {
    fn show(&self, sheet: &mut Sheet) {
        let manifest = &self.inspection.manifest;
        let new = self.difference.changes.contains(&Change::New);
        let word = if new { "new" } else { "changed" };
        sheet.heading(&format!("{} {} · {word}", manifest.id, manifest.version));
        sheet.field("title", &manifest.title);
        sheet.field("licence", &manifest.licence);
        self.files(sheet);
        let signed = match &self.inspection.signer {
            Signer::Nobody => "by nobody".to_owned(),
            Signer::Key(key) => format!("by {key}"),
            Signer::Stranger => {
                "with a key that the profile does not list, so by nobody known".to_owned()
            }
        };
        sheet.field("signed", &signed);
        if !new {
            self.values(sheet);
        }
        self.lists(sheet);
        if self.inside {
            sheet.text(
                2,
                &format!(
                    "The profile says `isolation = \"none\"`. For that a person must also write \
                     `mode = \"in-process\"` at `{}` in {LOCK}; until then it is refused.",
                    manifest.id
                ),
            );
        }
    }

    /// What is pinned, by its digests.
    fn files(&self, sheet: &mut Sheet) {
        let found = &self.inspection;
        let Some(archived) = &found.archived else {
            sheet.field("library", &shown(&found.file.library));
            sheet.text(4, &format!("sha256:{}", found.sha256));
            sheet.field("manifest", &shown(&found.file.manifest));
            sheet.text(4, &format!("sha256:{}", found.manifest_sha256));
            return;
        };
        sheet.field("archive", &shown(&found.file.library));
        sheet.text(4, &format!("sha256:{}", archived.sha256));
        for (system, digest) in &archived.libraries {
            sheet.field(
                "library",
                &format!("in the archive, for {}", system_in_words(system)),
            );
            sheet.text(4, &format!("sha256:{digest}"));
        }
        sheet.field("manifest", "in the archive");
        sheet.text(4, &format!("sha256:{}", found.manifest_sha256));
    }

    /// Single values that differ: version, digests, signer.
    fn values(&self, sheet: &mut Sheet) {
        let library = format!("artifacts.{}", target());
        for change in &self.difference.changes {
            let Change::Value { key, from, to } = change else {
                continue;
            };
            let name = if *key == library {
                "library"
            } else {
                key.as_str()
            };
            sheet.text(2, &format!("{name} was, and would be:"));
            sheet.item("    - ", from.as_deref().unwrap_or("nothing"));
            sheet.item("    + ", to.as_deref().unwrap_or("nothing"));
        }
    }

    /// What it asks for more, or no longer.
    fn lists(&self, sheet: &mut Sheet) {
        let mut last = "";
        for change in &self.difference.changes {
            let (list, mark, item) = match change {
                Change::Added { list, item } => (*list, "    + ", item),
                Change::Removed { list, item } => (*list, "    - ", item),
                Change::New | Change::Value { .. } => continue,
            };
            if list != last {
                let meaning = match list {
                    "reads" => "reads these parts of a proposal, with everything below them",
                    "provides" => "provides these facts about a proposal",
                    other => other,
                };
                sheet.text(2, meaning);
                last = list;
            }
            let words = if list == "reads" {
                super::in_words(item)
            } else {
                item.clone()
            };
            sheet.item(mark, &words);
        }
        if last.is_empty() {
            sheet.text(2, "It reads and adds what it did before.");
        }
    }
}

/// A system as people are told of it.
fn system_in_words(system: &str) -> &str {
    if system == "any" {
        "every system"
    } else {
        system
    }
}

/// Asks on a terminal; elsewhere `--yes` is needed.
fn accepted(ui: &Ui) -> Result<(), Exit> {
    match ui.ask("Accept and pin? [y/N] ") {
        Some(answer) if ["y", "yes"].contains(&answer.trim().to_lowercase().as_str()) => Ok(()),
        Some(_) => {
            ui.note("Nothing was written.");
            Err(Exit::Found)
        }
        None => {
            let problem = Problem::error("nobody is here to be asked, so nothing was written")
                .suggest("look at what is shown, then accept it with --yes");
            ui.problems(&[problem], &[]);
            Err(Exit::Wrong)
        }
    }
}
