//! Puts verified bytes where the loader can take them and nobody can change them.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// Bytes of a library at a path, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Image {
    /// Where the loader finds them.
    pub(crate) path: PathBuf,
    file: File,
}

impl Image {
    /// A sealed file in memory; where there is none, a copy in a new folder that only this user can enter.
    pub(crate) fn of(bytes: &[u8]) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Ok(image) = sealed(bytes) {
            return Ok(image);
        }
        private_copy(bytes)
    }

    /// Its descriptor: the sandbox gives the loader this one, and opens nothing.
    #[cfg(target_os = "linux")]
    pub(crate) fn descriptor(&self) -> std::os::fd::RawFd {
        use std::os::fd::AsRawFd as _;
        self.file.as_raw_fd()
    }

    /// Keeps the image for the life of the process.
    ///
    /// The loader knows libraries by their path: were the descriptor closed, the next image could get its number and the
    /// loader would give the first library for it.
    pub(crate) fn keep(self) {
        std::mem::forget(self.file);
    }
}

/// How often a file that is in use is tried to be sealed again, and how long after.
#[cfg(target_os = "linux")]
const SEAL_TRIES: u32 = 50;
#[cfg(target_os = "linux")]
const SEAL_PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

/// A file in memory that can no longer be written, grown, cut or unsealed.
#[cfg(target_os = "linux")]
fn sealed(bytes: &[u8]) -> io::Result<Image> {
    use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
    let flags = libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING;
    let name = c"evenhand-plugin".as_ptr();
    // SAFETY: the name is a static C string.
    let mut fd = unsafe { libc::memfd_create(name, flags | libc::MFD_EXEC) };
    if fd < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EINVAL) {
        // Kernels before 6.3 do not know the flag, and need none.
        // SAFETY: as above.
        fd = unsafe { libc::memfd_create(name, flags) };
    }
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a new descriptor that nothing else owns.
    let owned = unsafe { OwnedFd::from_raw_fd(fd) };
    let mut file = File::from(owned);
    file.write_all(bytes)?;
    let seals = libc::F_SEAL_WRITE | libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
    let seal = || {
        // SAFETY: sets seals on an open descriptor.
        if unsafe { libc::fcntl(file.as_raw_fd(), libc::F_ADD_SEALS, seals) } < 0 {
            Err(io::Error::last_os_error())
        } else {
            Ok(())
        }
    };
    // While the kernel looks at a page itself, a file counts as in use and cannot be sealed; that is soon over.
    let mut tries = 0..SEAL_TRIES;
    loop {
        match seal() {
            Err(error) if error.raw_os_error() == Some(libc::EBUSY) && tries.next().is_some() => {
                std::thread::sleep(SEAL_PAUSE);
            }
            done => break done?,
        }
    }
    let path = PathBuf::from(format!("/proc/self/fd/{fd}"));
    path.metadata()?; // no /proc here: the caller makes a copy
    Ok(Image { path, file })
}

/// Makes folders that only this user can enter.
#[cfg(unix)]
fn private_folder() -> std::fs::DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = std::fs::DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private_folder() -> std::fs::DirBuilder {
    std::fs::DirBuilder::new() // the folder for temporary files is the user's own there
}

/// A copy under a name that did not exist before, in a folder of its own.
fn private_copy(bytes: &[u8]) -> io::Result<Image> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    for _ in 0..10_000 {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("evenhand-{}-{number}", std::process::id()));
        match private_folder().create(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            result => result?,
        }
        let path = folder.join(format!("plugin{}", std::env::consts::DLL_SUFFIX));
        let mut file = File::options().write(true).create_new(true).open(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // What is kept open can be read only.
        let file = File::open(&path)?;
        return Ok(Image { path, file });
    }
    Err(io::Error::other(
        "no free name for a private copy in the folder for temporary files",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_copy_holds_the_bytes() {
        let image = private_copy(b"bytes").unwrap();
        assert_eq!(std::fs::read(&image.path).unwrap(), b"bytes");
        assert!((&image.file).write_all(b"other").is_err());
        std::fs::remove_dir_all(image.path.parent().unwrap()).unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_sealed_image_cannot_be_written() {
        let image = sealed(b"bytes").unwrap();
        assert_eq!(std::fs::read(&image.path).unwrap(), b"bytes");
        assert!((&image.file).write_all(b"other").is_err());
        // The administrator may open it once more, and still not write.
        let again = File::options().write(true).open(&image.path);
        assert!(again.and_then(|mut file| file.write_all(b"other")).is_err());
        assert!(image.file.set_len(0).is_err());
        assert_eq!(std::fs::read(&image.path).unwrap(), b"bytes");
    }
}
