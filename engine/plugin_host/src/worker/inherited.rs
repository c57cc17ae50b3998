//! What a process takes over from the one that starts it, left behind before anything else is done.

use crate::system;
use std::fs;
use std::io;

/// Where the system lists the descriptors of a process.
const DESCRIPTORS: &str = if cfg!(target_os = "linux") {
    "/proc/self/fd"
} else {
    "/dev/fd"
};

/// Descriptors but the three standard ones, the session with its terminal, what signals do and which are held back, and the
/// mask for new files. Environment and directory are the host's to set, since it starts the process.
pub(super) fn leave_behind() -> io::Result<()> {
    close_from(3)?;
    system::leave_session();
    system::signals_as_at_first()?;
    system::private_files();
    Ok(())
}

/// Closes every descriptor from `first` on; an error if that cannot be made sure of.
fn close_from(first: i32) -> io::Result<()> {
    if system::close_all_from(first) {
        return Ok(());
    }
    let mut open = Vec::new();
    for entry in fs::read_dir(DESCRIPTORS)? {
        let number = entry?
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        open.extend(number.filter(|number: &i32| *number >= first));
    }
    // The one that listed them is among them, and is closed already.
    open.into_iter().for_each(system::close);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn this_system_lists_descriptors() {
        let listed = std::fs::read_dir(super::DESCRIPTORS).unwrap().count();
        assert!(listed >= 3);
    }
}
