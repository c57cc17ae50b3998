//! Reading and writing files.

use evenhand_core::document::{Document, Format};
use evenhand_core::pack::PackFiles;
use evenhand_core::problem::Problem;
use evenhand_core::source::Source;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

/// The most that is read of a proposal; a little more than the engine takes, so that it can say so.
const PROPOSAL_LIMIT: u64 = 8 * 1024 * 1024 + 1;
/// The most that is read of one file of a pack.
const PACK_FILE_LIMIT: u64 = 8 * 1024 * 1024;
/// The most that is read of a record.
const RECORD_LIMIT: u64 = 64 * 1024 * 1024;
/// How deep folders of a pack may nest.
const PACK_DEPTH: usize = 8;

/// Endings of spreadsheets: read as workbooks, or refused as such.
const SPREADSHEETS: [&str; 6] = ["xlsx", "xlsm", "xltx", "xls", "ods", "numbers"];

/// Whether a file is a spreadsheet by its ending.
pub(crate) fn is_spreadsheet(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_ascii_lowercase();
        SPREADSHEETS.contains(&extension.as_str())
    })
}

/// Whether a file is a workbook that can be read and written, by its ending.
pub(crate) fn is_xlsx(path: &Path) -> bool {
    let extension = path.extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

/// Reads a proposal by its name; `-` is standard input.
pub(crate) fn proposal(path: &Path, format: Option<Format>) -> Result<Document, Vec<Problem>> {
    let stdin = path.as_os_str() == "-";
    let name = if stdin {
        "<standard input>".to_owned()
    } else {
        shown(path)
    };
    let by_extension = path
        .extension()
        .and_then(|extension| Format::from_extension(&extension.to_string_lossy()));
    let Some(format) = format.or(by_extension).or(stdin.then_some(Format::Yaml)) else {
        return Err(vec![
            Problem::error("the ending of the file does not say how it is written")
                .in_file(name)
                .expected("a file ending in .yaml, .yml, .json, .toml or .xlsx")
                .suggest("say it with --input-format yaml, json or toml"),
        ]);
    };
    let bytes = if stdin {
        limited(io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(limited)
    };
    match bytes {
        Ok(bytes) => Document::parse(&name, &bytes, format),
        Err(error) => Err(vec![cannot("read", &name, &error)]),
    }
}

/// A file as a source, to show the lines of problems in it.
pub(crate) fn source(path: &Path) -> Option<Source> {
    let bytes = std::fs::File::open(path).and_then(limited).ok()?;
    Some(Source::new(shown(path), String::from_utf8(bytes).ok()?))
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::File::open(path).and_then(limited)
}

/// The bytes of a record, which holds whole packs.
pub(crate) fn record(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(RECORD_LIMIT)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a file; none if there is no such file.
pub(crate) fn text(path: &Path) -> Result<Option<String>, Vec<Problem>> {
    let name = shown(path);
    let bytes = match std::fs::File::open(path).and_then(limited) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(vec![cannot("read", &name, &error)]),
    };
    let wrong = |error| Problem::error(format!("the file is not UTF-8 text: {error}"));
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => Err(vec![wrong(error.utf8_error()).in_file(name)]),
    }
}

fn limited(reader: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(PROPOSAL_LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads every file of a pack's folder.
pub(crate) fn pack(folder: &Path) -> Result<PackFiles, Vec<Problem>> {
    let mut files = BTreeMap::new();
    let mut problems = Vec::new();
    walk(folder, folder, 0, &mut files, &mut problems);
    if problems.is_empty() {
        Ok(PackFiles {
            folder: shown(folder),
            files,
            ..PackFiles::default()
        })
    } else {
        Err(problems)
    }
}

fn walk(
    root: &Path,
    folder: &Path,
    depth: usize,
    files: &mut BTreeMap<String, Cow<'static, [u8]>>,
    problems: &mut Vec<Problem>,
) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            problems.push(cannot("read the folder", &shown(folder), &error));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden {
            continue;
        }
        if path.is_dir() {
            if depth < PACK_DEPTH {
                walk(root, &path, depth + 1, files, problems);
            }
            continue;
        }
        let known = path.extension().is_some_and(|extension| {
            ["md", "rhai", "toml", "json", "yaml", "yml"]
                .contains(&extension.to_string_lossy().as_ref())
        });
        if !known {
            continue;
        }
        match std::fs::File::open(&path).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(PACK_FILE_LIMIT)
                .read_to_end(&mut bytes)
                .map(|_| bytes)
        }) {
            Ok(bytes) => {
                let name = path
                    .strip_prefix(root)
                    .unwrap_or(&path)
                    .to_string_lossy()
                    .replace('\\', "/");
                files.insert(name, bytes.into());
            }
            Err(error) => problems.push(cannot("read", &shown(&path), &error)),
        }
    }
}

/// What could not be done with a file, and why.
pub(crate) fn cannot(what: &str, name: &str, error: &io::Error) -> Problem {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "it is not permitted".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::StorageFull => "no room is left".to_owned(),
        _ => error.to_string(),
    };
    Problem::error(format!("cannot {what} `{name}`: {reason}"))
}

/// A path as people write it, also on Windows, so that reports are the same everywhere.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
