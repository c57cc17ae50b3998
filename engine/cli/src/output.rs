//! Where a report goes: standard output, a file, or something that is no regular file.

use crate::files::{cannot, shown};
use crate::ui::Ui;
use evenhand_core::problem::Problem;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a run reads, and must therefore not write.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    files: Vec<PathBuf>,
    /// Packs: everything in them is read.
    folders: Vec<PathBuf>,
}

impl Inputs {
    pub(crate) fn file(&mut self, path: &Path) {
        self.files.push(path.to_path_buf());
    }

    pub(crate) fn folder(&mut self, path: &Path) {
        self.folders.push(path.to_path_buf());
    }

    /// The files that are read.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The folders of which everything is read.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
        self.folders.extend(other.folders);
    }

    /// The input that writing to `path` would destroy, as it was named.
    fn met_by(&self, path: &Path) -> Option<&Path> {
        let there = std::fs::metadata(path).ok()?;
        let whole = path.canonicalize().ok()?;
        let same = |input: &&PathBuf| {
            std::fs::metadata(input).is_ok_and(|other| is_same(&there, &other))
                || input.canonicalize().is_ok_and(|other| other == whole)
        };
        let inside = |folder: &&PathBuf| {
            let folder = folder.canonicalize();
            folder.is_ok_and(|folder| there.is_file() && whole.starts_with(folder))
        };
        let file = self.files.iter().find(same);
        file.or_else(|| self.folders.iter().find(inside))
            .map(PathBuf::as_path)
    }
}

/// Whether two names lead to one file, hard links included.
#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    // A terminal or `/dev/null` may be both ends.
    one.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_one: &Metadata, _other: &Metadata) -> bool {
    false
}

/// Whether the output is standard output.
pub(crate) fn is_standard(path: Option<&Path>) -> bool {
    path.is_none_or(|path| path.as_os_str() == "-")
}

/// Refuses an output that would destroy an input, before anything is read.
pub(crate) fn refused(path: Option<&Path>, inputs: &Inputs) -> Option<Problem> {
    let path = path.filter(|path| path.as_os_str() != "-")?;
    let input = inputs.met_by(path)?;
    let message = format!("`{}` is not overwritten", shown(path));
    let problem = if shown(input) == shown(path) {
        Problem::error(message).expected("an output that is not one of the inputs")
    } else {
        Problem::error(message).expected(format!(
            "an output that is not one of the inputs; `{}` is read for this",
            shown(input)
        ))
    };
    Some(problem.suggest("name another file with --output"))
}

/// Writes a report to where it was sent; false, with the reason shown, if that could not be done.
pub(crate) fn write(path: Option<&Path>, text: &[u8], ui: &Ui) -> bool {
    match path {
        Some(path) if path.as_os_str() != "-" => match file(path, text) {
            Ok(()) => true,
            Err(problem) => {
                ui.problems(&[problem], &[]);
                false
            }
        },
        _ => {
            ui.out_bytes(text);
            true
        }
    }
}

/// Writes a file in one step, so that nobody ever sees half of it: through links to what they lead to, with the mode that is
/// there already. What is no regular file (a pipe, a terminal, a device) is written to as it is.
pub(crate) fn file(path: &Path, text: &[u8]) -> Result<(), Problem> {
    let written = match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(there) if !there.is_file() || is_descriptor(path) => straight(path, text),
        Ok(there) => path
            .canonicalize()
            .and_then(|target| replace(&target, Some(&there), text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            led_to(path).and_then(|target| replace(&target, None, text))
        }
        Err(error) => Err(error),
    };
    written.map_err(|error| cannot("write", &shown(path), &error))
}

/// Names of what is open already, such as `/dev/stdout`: the file behind them belongs to somebody else.
fn is_descriptor(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"]
        .iter()
        .any(|root| path.starts_with(root))
}

fn straight(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    let written = file.write_all(text).and_then(|()| file.flush());
    match written {
        // Whoever read from the pipe has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Where a name leads at which there is no file yet: through links that lead nowhere.
fn led_to(path: &Path) -> io::Result<PathBuf> {
    // As many links as Linux follows.
    const LINKS: usize = 40;
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        match std::fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links lead to one another"))
}

fn replace(path: &Path, there: Option<&Metadata>, text: &[u8]) -> io::Result<()> {
    if there.is_some_and(|there| there.permissions().readonly()) {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = fresh(folder)?;
    // Before there is anything to read in it.
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file that may become a file like any other: its mode is what the user's mask leaves of everything.
#[cfg(unix)]
fn fresh(folder: &Path) -> io::Result<tempfile::NamedTempFile<File>> {
    use std::os::unix::fs::PermissionsExt as _;
    tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

#[cfg(not(unix))]
fn fresh(folder: &Path) -> io::Result<tempfile::NamedTempFile<File>> {
    tempfile::NamedTempFile::new_in(folder)
}
