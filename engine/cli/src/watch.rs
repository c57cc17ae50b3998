//! Doing something again whenever a file that it reads has changed. Files are looked at several times a second: every
//! system can do that, and a person does not notice the difference.

use crate::exit::Exit;
use crate::output::Inputs;
use crate::ui::{self, Ui};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(250);

/// Folders below a folder that are looked into.
const DEPTH: usize = 8;

/// What is seen of a file: when it was written, and its size; none where there is no such file.
type Seen = Option<(Option<SystemTime>, u64)>;

/// Does it now and after each change of what it reads, until nobody reads what it says any more or it is interrupted.
pub(crate) fn again(inputs: &Inputs, ui: &Ui, mut once: impl FnMut() -> Exit) -> Exit {
    loop {
        // Looked at before the work, so that what changes during it is seen after it.
        let before = look(inputs);
        let exit = once();
        if ui::gone() {
            return exit;
        }
        ui.note("Watching; Ctrl-C ends.");
        let mut now = look(inputs);
        while now == before {
            std::thread::sleep(PAUSE);
            now = look(inputs);
        }
        // An editor may write a file in several steps.
        loop {
            std::thread::sleep(PAUSE);
            let later = look(inputs);
            if later == now {
                break;
            }
            now = later;
        }
    }
}

fn look(inputs: &Inputs) -> BTreeMap<PathBuf, Seen> {
    let mut seen = BTreeMap::new();
    for file in inputs.files() {
        seen.insert(file.clone(), of_file(file));
    }
    for folder in inputs.folders() {
        walk(folder, DEPTH, &mut seen);
    }
    seen
}

fn of_file(path: &Path) -> Seen {
    let there = std::fs::metadata(path).ok()?;
    Some((there.modified().ok(), there.len()))
}

fn walk(folder: &Path, depth: usize, seen: &mut BTreeMap<PathBuf, Seen>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        seen.insert(folder.to_path_buf(), None);
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && path.is_dir() && depth > 0 {
            walk(&path, depth - 1, seen);
        } else if !hidden {
            seen.insert(path.clone(), of_file(&path));
        }
    }
}
