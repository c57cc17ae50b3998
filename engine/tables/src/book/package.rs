//! The archive that a workbook is: opened within bounds, whatever it says of itself.

use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::problem::Problem;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;
use zip::result::ZipError;

/// What may be unpacked of one workbook, in MiB.
const UNPACKED: u64 = 64;
/// The file itself, in MiB.
const FILE: usize = 8;
/// Files in the archive.
const PARTS: usize = 4096;

/// How the names of parts begin that hold what people add to cells.
const ADDED: [&str; 9] = [
    "xl/charts/",
    "xl/chartsheets/",
    "xl/comments",
    "xl/drawings/",
    "xl/media/",
    "xl/pivot",
    "xl/tables/",
    "xl/threadedcomments/",
    "xl/externallinks/",
];

/// An archive of which parts are unpacked one by one.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes that may still be unpacked.
    pub(super) left: u64,
}

impl<'b> Package<'b> {
    /// Opens the archive, and refuses what is no workbook.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Problem> {
        /// How files in the compound format of before 2007 begin; what has a password is kept in one as well.
        const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
        let again = || phrase!(codes::SAVE_AS_XLSX);
        if bytes.starts_with(COMPOUND) {
            return Err(Problem::error(phrase!(codes::OLD_OR_LOCKED)).suggest(again()));
        }
        if bytes.len() > FILE << 20 {
            let problem = Problem::error(phrase!(codes::LARGE_FILE, most = FILE));
            return Err(problem.suggest(phrase!(codes::LEAVE_OUT)));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            let why = why(&error);
            Problem::error(phrase!(codes::NO_WORKBOOK, why = why)).suggest(again())
        })?;
        let package = Self {
            archive,
            left: UNPACKED << 20,
        };
        let names: Vec<&str> = package.archive.file_names().collect();
        if names.len() > PARTS {
            return Err(Problem::error(phrase!(codes::TOO_MANY_PARTS, most = PARTS)));
        }
        let ends = |end: &str| {
            let mut names = names.iter().map(|name| name.to_ascii_lowercase());
            names.any(|name| name.ends_with(end))
        };
        let has_macros = ends("vbaproject.bin")
            || names
                .iter()
                .any(|name| name.to_ascii_lowercase().starts_with("xl/macrosheets/"));
        if has_macros {
            return Err(Problem::error(phrase!(codes::HAS_MACROS)).suggest(again()));
        }
        if ends("[content_types].xml") {
            return Ok(package);
        }
        let form = [("content.xml", "OpenDocument"), (".iwa", "Numbers")];
        let form = form.into_iter().find(|(end, _)| ends(end));
        let problem = match form {
            Some((_, form)) => phrase!(codes::OTHER_SPREADSHEET, form = form),
            None => phrase!(codes::NO_WORKBOOK, why = "an archive of something else"),
        };
        Err(Problem::error(problem).suggest(again()))
    }

    /// Parts with what people add to a workbook, in the order of their names.
    pub(super) fn additions(&self) -> Vec<String> {
        let names = self.archive.file_names();
        let added = names.filter(|name| {
            let name = name.to_ascii_lowercase();
            ADDED.iter().any(|part| name.starts_with(part))
        });
        let mut added: Vec<String> = added.map(str::to_owned).collect();
        added.sort_unstable();
        added
    }

    /// The text of a part; nothing if there is none of this name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Problem> {
        let broken = |why: &str| {
            let problem = phrase!(codes::BROKEN_PART, part = name, why = why);
            Problem::error(problem).suggest(phrase!(codes::SAVE_AGAIN))
        };
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(broken(&why(&error))),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > self.left {
            #[expect(clippy::cast_precision_loss, reason = "a limit of some megabytes")]
            let most = UNPACKED as f64;
            let problem = phrase!(codes::TOO_LARGE, most = most);
            return Err(Problem::error(problem).suggest(phrase!(codes::LEAVE_OUT)));
        }
        read.map_err(|error| broken(&error.to_string()))?;
        self.left -= length;
        let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => rest.to_vec(),
            None => bytes,
        };
        let text =
            String::from_utf8(bytes).map_err(|error| broken(&error.utf8_error().to_string()))?;
        Ok(Some(text))
    }
}

/// Why an archive cannot be read, in words.
fn why(error: &ZipError) -> String {
    match error {
        ZipError::InvalidArchive(_) => "not an archive, or cut off".to_owned(),
        ZipError::UnsupportedArchive(_) => "packed or encrypted in an unknown way".to_owned(),
        other => other.to_string(),
    }
}
