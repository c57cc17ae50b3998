//! The lock file beside a profile.

use super::{Candidate, Origin, shown};
use crate::files;
use crate::setup::Found;
use evenhand_core::problem::Problem;
use evenhand_plugin_host::lock::{LockFile, target};
use evenhand_plugin_host::{Inspection, LoadError, Mode};
use std::path::PathBuf;

/// The name of the lock file.
pub(crate) const LOCK: &str = "evenhand.lock";

/// The pins beside a profile; none if there is no such file.
#[derive(Debug, Clone)]
pub(crate) struct Pins {
    pub(crate) path: PathBuf,
    pub(crate) file: Option<LockFile>,
}

impl Pins {
    /// Reads the lock file beside a profile; every problem with it comes back. Without a profile nothing is pinned.
    pub(crate) fn beside(found: Option<&Found>) -> Result<Self, Vec<Problem>> {
        let Some(found) = found else {
            return Ok(Self {
                path: PathBuf::from(LOCK),
                file: None,
            });
        };
        let path = found.folder.join(LOCK);
        let Some(text) = files::text(&path)? else {
            return Ok(Self { path, file: None });
        };
        match LockFile::parse(&text) {
            Ok(file) => Ok(Self {
                path,
                file: Some(file),
            }),
            Err(error) => {
                let problem = |text: &String| Problem::error(line(text)).in_file(shown(&path));
                Err(error.problems.iter().map(problem).collect())
            }
        }
    }

    /// Ids in the lock file that the profile takes from no file.
    pub(crate) fn stale(&self, candidates: &[Candidate]) -> Vec<String> {
        let named = |id: &str| {
            let of_file = |other: &Candidate| matches!(other.origin, Origin::Profile(_));
            candidates
                .iter()
                .any(|other| other.id == id && of_file(other))
        };
        let locked = self.file.iter().flat_map(|file| &file.plugins);
        locked
            .filter(|locked| !named(&locked.id))
            .map(|locked| locked.id.clone())
            .collect()
    }

    /// Every way in which what was looked at is not what is pinned.
    pub(crate) fn verify(&self, inspection: &Inspection, mode: Mode) -> Vec<LoadError> {
        let plugin = &inspection.manifest.id;
        let Some(file) = &self.file else {
            let problem = format!(
                "there is no {LOCK} beside the profile (its library has sha256:{}); look at it and accept it with \
                 `evenhand plugin lock {plugin}`",
                inspection.sha256
            );
            return vec![LoadError::Pin {
                plugin: plugin.clone(),
                problem,
            }];
        };
        let mut differing = Vec::new();
        if let Some(Ok(pin)) = file.get(plugin).map(|locked| locked.pin(target())) {
            let archive = inspection.archived.as_ref();
            let archive = archive.map(|archived| &archived.sha256);
            let archives = pin.archive.zip(archive);
            let archives = archives.map(|(expected, found)| ("archive", expected, found));
            let digests = [
                ("library", pin.library, &inspection.sha256),
                ("manifest", pin.manifest, &inspection.manifest_sha256),
            ];
            for (what, expected, found) in digests.into_iter().chain(archives) {
                if expected != *found {
                    let (plugin, found) = (plugin.clone(), found.clone());
                    differing.push(LoadError::Digest {
                        plugin,
                        what,
                        expected,
                        found,
                    });
                }
            }
        }
        if differing.is_empty() {
            differing.extend(file.verify(inspection, mode).err());
        }
        differing
    }
}

/// A message of several lines in one: what was tried, and what was wrong. The lines between them show the file.
fn line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    match lines.next_back() {
        Some(last) => format!("{first}: {last}"),
        None => first.to_owned(),
    }
}
