//! The plugins that take part: the bundled ones, those a profile names, those named on the command line.
//!
//! Nothing is loaded that nobody named. What a profile names must be pinned in the lock file beside it; what the command line
//! names runs isolated, and it is said that nothing pins it.

mod changes;
mod mixed;
mod pins;
mod refusal;

use crate::bundled;
use crate::setup::Found;
use crate::ui::Ui;
use evenhand_core::executor::par_map;
use evenhand_core::instances::{PluginSource, Single};
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::profile::PluginEntry;
use evenhand_plugin_host::{HostOptions, Inspection, LoadError, Loaded, Mode, PluginFile, inspect};
use evenhand_threads::Threads;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use changes::Changes;
pub(crate) use mixed::Mixed;
pub(crate) use pins::{LOCK, Pins};
pub(crate) use refusal::problems as refused;

/// A plugin that takes part, not loaded yet.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) settings: Map<String, Value>,
    /// Why the profile turns it off, if it does.
    pub(crate) disabled: Option<String>,
    pub(crate) origin: Origin,
}

/// Where a plugin comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// It is part of this program.
    Bundled,
    /// A profile names its file; the lock file pins it.
    Profile(Named),
    /// The command line names its file; nothing pins it.
    CommandLine(Box<Inspection>),
}

/// A file that a profile names.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) file: PluginFile,
    pub(crate) mode: Mode,
    pub(crate) keys: Vec<String>,
}

/// Loads all that take part and are not turned off; every problem comes back at once. Of the bundled ones, those that a pack
/// `declared` or the profile names take part.
pub(crate) fn load(
    found: Option<&Found>,
    files: &[PathBuf],
    declared: &[String],
    ui: Option<&Ui>,
) -> Result<Vec<Arc<dyn PluginSource>>, Vec<Problem>> {
    let (candidates, mut problems) = candidates(found, files);
    let pins = match Pins::beside(found) {
        Ok(pins) => pins,
        Err(found) => {
            problems.extend(found);
            return Err(problems);
        }
    };
    let enabled = candidates
        .iter()
        .filter(|candidate| candidate.disabled.is_none())
        .filter(|candidate| candidate.is_named(found, declared));
    let enabled: Vec<&Candidate> = enabled.collect();
    let started = par_map(&Threads, &enabled, |candidate| {
        candidate.source(found, &pins)
    });
    let mut loaded: Vec<Arc<dyn PluginSource>> = Vec::new();
    for (candidate, started) in enabled.into_iter().zip(started) {
        match started {
            Ok(plugin) => {
                if let Some(ui) = ui {
                    candidate.say(ui);
                }
                loaded.push(plugin);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(loaded)
    } else {
        Err(problems)
    }
}

/// All that take part: bundled ones, then those of the profile, then those of the command line. A file takes the place of
/// a plugin of the same id that comes before it. Nothing is run.
pub(crate) fn candidates(
    found: Option<&Found>,
    files: &[PathBuf],
) -> (Vec<Candidate>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut candidates: Vec<Candidate> = bundled::PLUGINS
        .into_iter()
        .map(Candidate::bundled)
        .collect();
    for (id, entry) in found.into_iter().flat_map(|found| &found.profile.plugins) {
        match of_profile(id, entry, found) {
            Ok(candidate) => put(&mut candidates, candidate),
            Err(problem) => problems.push(problem),
        }
    }
    let mut named: Vec<String> = Vec::new();
    for file in files {
        let inspection = match look(file) {
            Ok(inspection) => inspection,
            Err(error) => {
                problems.extend(refused(&error, None));
                continue;
            }
        };
        let id = inspection.manifest.id.clone();
        if named.contains(&id) {
            let message = format!("`--plugin` names plugin `{id}` twice");
            problems.push(Problem::error(message).in_file(shown(file)));
            continue;
        }
        let settings = candidates.iter().find(|other| other.id == id);
        let settings = settings.map(|other| other.settings.clone());
        named.push(id.clone());
        put(
            &mut candidates,
            Candidate {
                id,
                settings: settings.unwrap_or_default(),
                disabled: None,
                origin: Origin::CommandLine(Box::new(inspection)),
            },
        );
    }
    (candidates, problems)
}

/// Looks at a library and the manifest beside it.
pub(crate) fn look(library: &Path) -> Result<Inspection, LoadError> {
    examine(&PluginFile::beside(library), &[])
}

/// Looks at a plugin's files. A library that is not there is said before its manifest, which is then missing too.
fn examine(file: &PluginFile, keys: &[String]) -> Result<Inspection, LoadError> {
    if let Err(source) = file.library.symlink_metadata() {
        let path = file.library.clone();
        return Err(LoadError::Read { path, source });
    }
    inspect(file, &options(keys)?)
}

/// How plugins are run: their worker is this very program.
pub(crate) fn options(keys: &[String]) -> Result<HostOptions, LoadError> {
    let program = std::env::current_exe().map_err(|source| LoadError::Read {
        path: PathBuf::from("evenhand"),
        source,
    })?;
    Ok(HostOptions {
        keys: keys.to_vec(),
        ..HostOptions::new(program)
    })
}

fn put(candidates: &mut Vec<Candidate>, candidate: Candidate) {
    match candidates.iter_mut().find(|other| other.id == candidate.id) {
        Some(other) => *other = candidate,
        None => candidates.push(candidate),
    }
}

fn of_profile(id: &str, entry: &PluginEntry, found: Option<&Found>) -> Result<Candidate, Problem> {
    let bundled = bundled::PLUGINS.contains(&id);
    let at = |problem: Problem| refusal::placed(problem, found, id);
    let origin = match (&entry.path, found) {
        (Some(path), Some(found)) => {
            let library = found.folder.join(path);
            if entry.manifest.is_some() && PluginFile::is_archive(&library) {
                let problem = Problem::error(format!(
                    "`{path}` is an archive, which holds its own manifest"
                ))
                .expected("no `manifest`");
                return Err(at(problem));
            }
            let file = match &entry.manifest {
                Some(manifest) => PluginFile {
                    library,
                    manifest: found.folder.join(manifest),
                },
                None => PluginFile::beside(library),
            };
            Origin::Profile(Named {
                file,
                mode: if entry.isolated {
                    Mode::Isolated
                } else {
                    Mode::InProcess
                },
                keys: entry.keys.clone(),
            })
        }
        _ if !bundled => {
            let problem =
                Problem::error(format!("`{id}` is not a plugin that comes with evenhand"))
                    .expected("`path = \"…\"`, which names its library")
                    .suggest_maybe(did_you_mean(id, bundled::PLUGINS));
            return Err(at(problem));
        }
        _ if entry.manifest.is_some() || !entry.keys.is_empty() || !entry.isolated => {
            let problem = Problem::error(format!(
                "`{id}` is part of evenhand: `manifest`, `keys` and `isolation` say nothing of it"
            ))
            .expected("only `settings`, `enabled` and `reason`, or a `path`");
            return Err(at(problem));
        }
        _ => Origin::Bundled,
    };
    Ok(Candidate {
        id: id.to_owned(),
        settings: entry.settings.clone(),
        disabled: entry.disabled.clone(),
        origin,
    })
}

impl Candidate {
    fn bundled(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            settings: Map::new(),
            disabled: None,
            origin: Origin::Bundled,
        }
    }

    /// Whether anybody asked for it: a pack that needs it, a board, or whoever typed the command.
    fn is_named(&self, found: Option<&Found>, declared: &[String]) -> bool {
        let bundled = matches!(self.origin, Origin::Bundled);
        !bundled
            || declared.contains(&self.id)
            || found.is_some_and(|found| found.profile.plugins.contains_key(&self.id))
    }

    /// Loads it, if it is what is pinned; every problem comes back, placed in the profile where that is to blame.
    pub(crate) fn load(&self, found: Option<&Found>, pins: &Pins) -> Result<Loaded, Vec<Problem>> {
        let settings = Value::Object(self.settings.clone());
        let mode = self.mode();
        let opened = match &self.origin {
            Origin::Bundled => {
                bundled::loaded(&self.id, &settings).unwrap_or_else(|| Err(self.not_bundled()))
            }
            Origin::CommandLine(inspection) => options(&[])
                .and_then(|options| Loaded::inspected(inspection, mode, &settings, &options)),
            Origin::Profile(named) => {
                let inspection = self.inspect(named, found)?;
                let differing = pins.verify(&inspection, mode);
                if !differing.is_empty() {
                    return Err(self.all(&differing, found));
                }
                options(&named.keys)
                    .and_then(|options| Loaded::inspected(&inspection, mode, &settings, &options))
            }
        };
        opened.map_err(|error| self.all(&[error], found))
    }

    /// The same for a session: a bundled one without the binary interface, as many instances as are needed; of any other
    /// one instance.
    pub(crate) fn source(
        &self,
        found: Option<&Found>,
        pins: &Pins,
    ) -> Result<Arc<dyn PluginSource>, Vec<Problem>> {
        if !matches!(self.origin, Origin::Bundled) {
            let plugin = self.load(found, pins)?;
            return Ok(Arc::new(Single::new(Box::new(plugin))));
        }
        let settings = Value::Object(self.settings.clone());
        let opened = bundled::plugin(&self.id, &settings);
        match opened.unwrap_or_else(|| Err(self.not_bundled())) {
            Ok(plugin) => Ok(Arc::new(plugin)),
            Err(error) => Err(self.all(&[error], found)),
        }
    }

    fn not_bundled(&self) -> LoadError {
        LoadError::Pin {
            plugin: self.id.clone(),
            problem: "is not part of this program".to_owned(),
        }
    }

    /// Looks at the files that the profile names.
    pub(crate) fn inspect(
        &self,
        named: &Named,
        found: Option<&Found>,
    ) -> Result<Inspection, Vec<Problem>> {
        let looked = examine(&named.file, &named.keys);
        let inspection = looked.map_err(|error| self.all(&[error], found))?;
        let id = &inspection.manifest.id;
        if *id == self.id {
            return Ok(inspection);
        }
        let message = format!("`{}` is plugin `{id}`", shown(&named.file.library));
        let problem = Problem::error(message)
            .expected(format!("plugin `{}`", self.id))
            .suggest(format!(
                "write `[plugins.{id}]`, or name the library of `{}`",
                self.id
            ));
        Err(vec![refusal::placed(problem, found, &self.id)])
    }

    fn all(&self, errors: &[LoadError], found: Option<&Found>) -> Vec<Problem> {
        let of = found.map(|found| (found, self.id.as_str()));
        errors.iter().flat_map(|error| refused(error, of)).collect()
    }

    /// How it runs, if it comes from a file.
    pub(crate) fn mode(&self) -> Mode {
        match &self.origin {
            Origin::Profile(named) => named.mode,
            Origin::Bundled | Origin::CommandLine(_) => Mode::Isolated,
        }
    }

    /// Says that nothing pins it, if nothing does.
    pub(crate) fn say(&self, ui: &Ui) {
        if let Origin::CommandLine(inspection) = &self.origin {
            let bundled = bundled::PLUGINS.contains(&self.id.as_str());
            let instead = if bundled {
                " in place of the bundled one"
            } else {
                ""
            };
            ui.note(&format!(
                "note: plugin `{}` {} from `{}` runs{instead} because --plugin names it; it is not pinned\n      \
                 sha256:{}",
                self.id,
                inspection.manifest.version,
                shown(&inspection.file.library),
                inspection.sha256
            ));
        }
    }
}

/// The place of a plugin's entry in a profile.
pub(crate) fn entry(id: &str) -> Pointer {
    Pointer::root().key("plugins").key(id)
}

/// A path as people write it, also on Windows.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
