//! Finding a profile, and reading it with those it extends.

use super::{Found, PROFILE, Refused, assemble_by, in_order, sources};
use crate::args::PackArgs;
use crate::files;
use crate::ui::Ui;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use evenhand_core::profile::{self, NoProfiles, Profile, Profiles};
use std::path::{Path, PathBuf};

/// Where the profile is that judges what is near a path: the one that was named, or the nearest upwards.
pub(crate) fn locate(packs: &PackArgs, near: Option<&Path>) -> Option<PathBuf> {
    match &packs.profile {
        Some(path) => Some(path.clone()),
        None if packs.no_profile => None,
        None => nearest(near),
    }
}

/// Says of which proposals another profile is near than that of the first, by which all are judged; once for each profile.
pub(crate) fn note_other_profiles(proposals: &[PathBuf], packs: &PackArgs, ui: &Ui) {
    let Some((first, others)) = proposals.split_first() else {
        return;
    };
    let chosen = locate(packs, Some(first));
    let mut near: Vec<(Option<PathBuf>, &PathBuf, usize)> = Vec::new();
    for path in others {
        let other = locate(packs, Some(path));
        if other == chosen {
            continue;
        }
        match near.iter_mut().find(|(known, ..)| *known == other) {
            Some((_, _, count)) => *count += 1,
            None => near.push((other, path, 1)),
        }
    }
    for (_, path, count) in near {
        let shown = files::shown(path);
        let more = match count {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        ui.note(&format!(
            "note: `{shown}`{more} is near another profile; here all are judged by that of the first"
        ));
    }
}

/// The profile that was named, or the nearest one upwards; what the command line sets is on top of it.
pub(crate) fn profile(packs: &PackArgs, near: Option<&Path>) -> Result<Option<Found>, Refused> {
    let (found, problems) = profile_all(packs, near)?;
    if problems.is_empty() {
        Ok(found)
    } else {
        Err(Refused::new(in_order(problems), sources(found.as_ref())))
    }
}

/// The same with what is right of a profile, and with everything that is wrong with it.
pub(crate) fn profile_all(
    packs: &PackArgs,
    near: Option<&Path>,
) -> Result<(Option<Found>, Vec<Problem>), Refused> {
    let set = profile::set(&packs.set).map_err(|problems| Refused::new(problems, Vec::new()))?;
    let Some(path) = locate(packs, near) else {
        if set.is_none() {
            return Ok((None, Vec::new()));
        }
        let nothing = serde_json::Value::Object(serde_json::Map::new());
        let document = Document::from_value(BUILT_IN, nothing);
        let (profile, problems) = Profile::open_all(document, "", &NoProfiles, set);
        let found = named(profile, PathBuf::new(), PathBuf::from(BUILT_IN));
        return Ok((Some(found), problems));
    };
    let (found, problems) = profile_at(&path, packs.profile.is_some(), set)?;
    Ok((Some(found), problems))
}

/// What the settings are called that the command line changes where there is no profile.
const BUILT_IN: &str = "the built-in settings with --set";

/// The profile in a file, with what is right of it, and with everything that is wrong.
pub(crate) fn profile_at(
    path: &Path,
    typed: bool,
    set: Option<Document>,
) -> Result<(Found, Vec<Problem>), Refused> {
    let document = document(path, typed)
        .map_err(|problems| Refused::new(problems, files::source(path).into_iter().collect()))?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let others = Extended {
        folder: folder.clone(),
    };
    let (profile, problems) = Profile::open_all(document, &key(path), &others, set);
    Ok((named(profile, folder, path.to_path_buf()), problems))
}

/// Whether the text of a profile that is to be written is valid: everything that is wrong with it otherwise.
pub(crate) fn valid(path: &Path, text: &str, ui: &Ui) -> Result<(), Refused> {
    let name = files::shown(path);
    let document = Document::parse(&name, text.as_bytes(), Format::Toml)
        .map_err(|problems| Refused::new(problems, Vec::new()))?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let others = Extended {
        folder: folder.clone(),
    };
    let source = document.source().clone();
    let profile = Profile::open(document, &key(path), &others)
        .map_err(|problems| Refused::new(problems, vec![source]))?;
    let found = named(profile, folder, path.to_path_buf());
    assemble_by(&PackArgs::default(), Some(found), false, ui).map(drop)
}

/// A profile with another text in the place of the one it was found with.
pub(crate) fn again(document: Document, found: &Found) -> Result<Profile, Vec<Problem>> {
    let others = Extended {
        folder: found.folder.clone(),
    };
    Profile::open(document, &key(&found.path), &others)
}

/// The files that a profile extends, from its folder.
struct Extended {
    folder: PathBuf,
}

impl Profiles for Extended {
    fn read(&self, path: &str) -> profile::Read {
        let path = self.folder.join(path);
        let document = document(&path, true)?;
        Ok((key(&path), document))
    }
}

/// What tells files apart, whichever way they are named.
fn key(path: &Path) -> String {
    let real = path.canonicalize();
    let real = real.unwrap_or_else(|_| path.to_path_buf());
    real.to_string_lossy().into_owned()
}

/// A profile with the name of its file, where it gives itself none.
pub(crate) fn named(mut profile: Profile, folder: PathBuf, path: PathBuf) -> Found {
    if profile.settings.name.trim().is_empty() {
        // Nobody shall take it for the settings of the program.
        let file = path.file_name().unwrap_or(path.as_os_str());
        profile.settings.name = file.to_string_lossy().into_owned();
    }
    Found {
        profile,
        folder,
        path,
    }
}

/// A profile as a document. One with nothing but comments sets nothing.
///
/// What a link to nowhere or a folder of that name is meant to say nobody knows; to go on without it would be to judge by other
/// settings than the board's. A pipe is read only where somebody named it.
fn document(path: &Path, named: bool) -> Result<Document, Vec<Problem>> {
    let name = files::shown(path);
    let there =
        std::fs::metadata(path).map_err(|error| vec![files::cannot("read", &name, &error)])?;
    if !there.is_file() && !there.is_dir() && !named {
        let problem = format!("cannot read `{name}`: it is no regular file");
        return Err(vec![Problem::error(problem)]);
    }
    let bytes = files::bytes(path).map_err(|error| vec![files::cannot("read", &name, &error)])?;
    Profile::document_of(&name, &bytes)
}

/// The profile of the folder a proposal is in, or of the nearest folder above it that has one. Whatever goes by its name
/// counts, so that one that cannot be read is not passed over.
fn nearest(near: Option<&Path>) -> Option<PathBuf> {
    let start = match near {
        Some(path) if path.as_os_str() != "-" => path.parent().map(Path::to_path_buf)?,
        _ => PathBuf::new(),
    };
    let start = if start.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        start
    };
    // Real folders: above `../other` is the folder that holds `other`, not the one we stand in.
    let start = start
        .canonicalize()
        .or_else(|_| std::path::absolute(start))
        .ok()?;
    let here = std::env::current_dir().ok();
    let here = here.map(|here| here.canonicalize().unwrap_or(here));
    let is_there = |path: &PathBuf| match path.symlink_metadata() {
        Ok(_) => true,
        Err(error) => !matches!(
            error.kind(),
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
        ),
    };
    start
        .ancestors()
        .map(|folder| folder.join(PROFILE))
        .find(is_there)
        .map(|path| {
            // A path under the current folder is shown as people would type it.
            here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf))
                .unwrap_or(path)
        })
}
