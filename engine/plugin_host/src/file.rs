//! Reads a file once, and only if nobody else could have put something there.

use crate::error::LoadError;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::{File, Metadata, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Longest library that is read.
pub(crate) const LIBRARY_LIMIT: u64 = 256 << 20;
/// Longest manifest or signature that is read.
pub(crate) const TEXT_LIMIT: u64 = 4 << 20;

/// Reads `path` whole, through one descriptor, after checking who can change it.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
    let failed = |source| LoadError::Read {
        path: path.to_path_buf(),
        source,
    };
    let mut file = open(path)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(refuse(
            path,
            "is not a regular file",
            "name the library itself",
        ));
    }
    owned(path, &metadata)?;
    folders(path)?;
    if metadata.len() > limit {
        return Err(too_long(path, limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // One byte more than allowed shows a file that grew since it was measured.
    file.by_ref()
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(too_long(path, limit));
    }
    Ok(bytes)
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
            text
        })
}

/// Not through a symlink, not waiting for a FIFO's other end, not inherited by other processes.
#[cfg(unix)]
fn open(path: &Path) -> Result<File, LoadError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK)
        .open(path)
        .map_err(|source| match source.raw_os_error() {
            Some(libc::ELOOP) => refuse(
                path,
                "is a symbolic link, which could point elsewhere tomorrow",
                "name the file it points to",
            ),
            _ => LoadError::Read {
                path: path.to_path_buf(),
                source,
            },
        })
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<File, LoadError> {
    let failed = |source| LoadError::Read {
        path: path.to_path_buf(),
        source,
    };
    if std::fs::symlink_metadata(path)
        .map_err(failed)?
        .is_symlink()
    {
        return Err(refuse(
            path,
            "is a symbolic link",
            "name the file it points to",
        ));
    }
    OpenOptions::new().read(true).open(path).map_err(failed)
}

#[cfg(unix)]
fn owned(path: &Path, metadata: &Metadata) -> Result<(), LoadError> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = metadata.uid();
    let me = crate::system::user();
    if owner != 0 && owner != me {
        let problem =
            format!("belongs to user {owner}, neither to you ({me}) nor to the administrator");
        return Err(refuse(
            path,
            &problem,
            "copy it, or have its owner changed with `chown`",
        ));
    }
    let mode = metadata.mode() & 0o7777;
    let sticky_folder = metadata.is_dir() && mode & 0o1000 != 0;
    // Many systems give each user a group of the same number with nobody else in it, and let it write.
    let own_group = metadata.gid() == owner;
    let others = if own_group { 0o002 } else { 0o022 };
    if mode & others != 0 && !sticky_folder {
        let problem = format!("can be changed by others (mode {mode:04o})");
        let remedy = format!("`chmod go-w {}`", path.display());
        return Err(refuse(path, &problem, &remedy));
    }
    Ok(())
}

#[cfg(not(unix))]
fn owned(_: &Path, _: &Metadata) -> Result<(), LoadError> {
    Ok(()) // access lists are not read there; the digest in the lock file is what counts
}

/// Checks every folder from the file to the root, as written and as it really is: whoever can rename a folder on the way
/// can put another file at its end.
fn folders(path: &Path) -> Result<(), LoadError> {
    let failed = |source| LoadError::Read {
        path: path.to_path_buf(),
        source,
    };
    let written = std::path::absolute(path).map_err(failed)?;
    let real = written.canonicalize().map_err(failed)?;
    for folder in above(&written).chain(above(&real)) {
        let metadata = std::fs::symlink_metadata(&folder).map_err(|source| LoadError::Read {
            path: folder.clone(),
            source,
        })?;
        if metadata.is_dir() {
            owned(&folder, &metadata)?;
        }
    }
    Ok(())
}

fn above(path: &Path) -> impl Iterator<Item = PathBuf> {
    path.ancestors().skip(1).map(Path::to_path_buf)
}

fn too_long(path: &Path, limit: u64) -> LoadError {
    LoadError::TooLong {
        path: path.to_path_buf(),
        limit,
    }
}

fn refuse(path: &Path, problem: &str, remedy: &str) -> LoadError {
    LoadError::Unsafe {
        path: path.to_path_buf(),
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}
