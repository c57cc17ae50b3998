//! Many proposals: files, folders and files of one proposal a line, read a few at a time.

use crate::files::{self, cannot, shown};
use crate::setup::Assembled;
use evenhand_analysis::impact::Entry;
use evenhand_core::document::{Document, Format};
use evenhand_core::problem::Problem;
use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

/// How many proposals are in memory at once.
pub(crate) const AT_ONCE: usize = 256;
/// How deep folders may nest.
const DEPTH: usize = 16;
/// The most that is read of one line; a little more than the engine takes, so that it can say so.
const LINE_LIMIT: u64 = 8 * 1024 * 1024 + 1;
/// Codes by which a workbook says that it is something else.
const OTHER_WORKBOOKS: [&str; 2] = ["no-form", "a-questionnaire"];
/// Files of a folder that are never proposals.
const OTHERS: [&str; 3] = [crate::setup::PROFILE, "pack.toml", "decision.toml"];

/// Proposals that are still to be read, in the order in which they were named; those of a folder by their names.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    waiting: VecDeque<Waiting>,
    lines: Option<Lines>,
    /// The names of a proposal's fields: what has none of them, and was not named itself, is no proposal.
    fields: BTreeSet<String>,
    passed_over: Vec<String>,
    remarks: Vec<Problem>,
}

/// Something that has not been read.
#[derive(Debug)]
enum Waiting {
    File { path: PathBuf, named: bool },
    Unreadable(String, Box<Problem>),
}

/// A file of one proposal a line.
#[derive(Debug)]
struct Lines {
    name: String,
    number: usize,
    reader: BufReader<File>,
}

impl Corpus {
    /// What was named, folders with everything in them. Nothing is read yet but the folders.
    pub(crate) fn new(paths: &[PathBuf], fields: BTreeSet<String>) -> Self {
        let mut corpus = Self {
            fields,
            ..Self::default()
        };
        let mut seen = BTreeSet::new();
        for path in paths {
            if path.is_dir() {
                corpus.folder(path, 0, &mut seen);
            } else {
                corpus.waiting.push_back(Waiting::File {
                    path: path.clone(),
                    named: true,
                });
            }
        }
        corpus
    }

    /// Every file that is to be read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.waiting.iter().filter_map(|one| match one {
            Waiting::File { path, .. } => Some(path.as_path()),
            Waiting::Unreadable(..) => None,
        })
    }

    /// Files of folders that are no proposals, as far as was read.
    pub(crate) fn passed_over(&self) -> &[String] {
        &self.passed_over
    }

    /// What is said of files that were read, and of some that were not, so far.
    pub(crate) fn remarks(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.remarks)
    }

    /// The next proposals; nothing when all were read. Workbooks are read by the form of a rulebook, in its language, and what was
    /// written for an older version of its fields as that of today.
    pub(crate) fn some(&mut self, spoken: &Assembled) -> Vec<Entry> {
        let mut entries = Vec::new();
        while entries.len() < AT_ONCE {
            match self.one(spoken) {
                Some(entry) => entries.push(self.understood(entry, spoken)),
                None if self.waiting.is_empty() && self.lines.is_none() => break,
                None => {}
            }
        }
        entries
    }

    fn understood(&mut self, entry: Entry, spoken: &Assembled) -> Entry {
        let document = entry.document.and_then(|document| {
            let (document, said) = spoken.understood(document)?;
            self.remarks.extend(said);
            Ok(document)
        });
        Entry { document, ..entry }
    }

    /// The next proposal; nothing where what comes next is none.
    fn one(&mut self, spoken: &Assembled) -> Option<Entry> {
        if let Some(lines) = &mut self.lines {
            let next = lines.next();
            if next.is_none() {
                self.lines = None;
            }
            return next;
        }
        match self.waiting.pop_front()? {
            Waiting::Unreadable(place, problem) => Some(Entry {
                place,
                document: Err(vec![*problem]),
            }),
            Waiting::File { path, .. } if is_lines(&path) => match File::open(&path) {
                Ok(file) => {
                    self.lines = Some(Lines {
                        name: shown(&path),
                        number: 0,
                        reader: BufReader::new(file),
                    });
                    None
                }
                Err(error) => {
                    let place = shown(&path);
                    let problem = cannot("read", &place, &error);
                    Some(Entry {
                        place,
                        document: Err(vec![problem]),
                    })
                }
            },
            Waiting::File { path, named } => {
                let document = self.read(&path, spoken);
                if !named && self.is_another(&document) {
                    self.passed_over.push(shown(&path));
                    return None;
                }
                Some(Entry {
                    place: shown(&path),
                    document,
                })
            }
        }
    }

    fn read(&mut self, path: &Path, spoken: &Assembled) -> Result<Document, Vec<Problem>> {
        if !files::is_spreadsheet(path) {
            return files::proposal(path, None);
        }
        let (document, unread) = spoken.workbook(path)?;
        self.remarks.extend(unread);
        Ok(document)
    }

    /// Whether a document has none of a proposal's fields, and whether a workbook is no form of a proposal.
    fn is_another(&self, read: &Result<Document, Vec<Problem>>) -> bool {
        match read {
            Ok(document) => {
                let names = document.value().as_object();
                names.is_some_and(|names| !names.keys().any(|name| self.fields.contains(name)))
            }
            Err(problems) => problems.iter().any(|problem| {
                let code = problem.code();
                code.is_some_and(|code| OTHER_WORKBOOKS.contains(&code))
            }),
        }
    }

    fn folder(&mut self, folder: &Path, depth: usize, seen: &mut BTreeSet<PathBuf>) {
        let unreadable = |problem: Problem| Waiting::Unreadable(shown(folder), Box::new(problem));
        // A link that leads back is followed once.
        if !folder.canonicalize().is_ok_and(|real| seen.insert(real)) {
            return;
        }
        if depth > DEPTH {
            let problem = Problem::error(format!("folders nest deeper than {DEPTH} levels"));
            self.waiting.push_back(unreadable(problem));
            return;
        }
        let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut paths: Vec<PathBuf> = match entries {
            Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
            Err(error) => {
                let problem = cannot("read the folder", &shown(folder), &error);
                self.waiting.push_back(unreadable(problem));
                return;
            }
        };
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // A spreadsheet program keeps `~$plan.xlsx` beside a workbook that is open.
            if name.starts_with(['.', '~']) || OTHERS.contains(&&*name) {
                continue;
            }
            if path.is_dir() {
                // A pack's files are no programs that anybody proposes.
                if !path.join("pack.toml").exists() {
                    self.folder(&path, depth + 1, seen);
                }
            } else if is_lines(&path) || format(&path).is_some() || files::is_xlsx(&path) {
                self.waiting.push_back(Waiting::File { path, named: false });
            } else if files::is_spreadsheet(&path) {
                let problem = Problem::warning("the spreadsheet is not read").in_file(shown(&path));
                let advice = "if it is a proposal, save it as an Excel workbook (.xlsx)";
                self.remarks.push(problem.suggest(advice));
            }
        }
    }
}

impl Lines {
    /// The next line that is not blank. What cannot be read ends the file, and is said.
    fn next(&mut self) -> Option<Entry> {
        loop {
            self.number += 1;
            let mut bytes = Vec::new();
            let read = self
                .reader
                .by_ref()
                .take(LINE_LIMIT)
                .read_until(b'\n', &mut bytes)
                .and_then(|read| {
                    if read > 0 && bytes.last() != Some(&b'\n') {
                        self.reader.skip_until(b'\n')?;
                    }
                    Ok(read)
                });
            let place = format!("{}:{}", self.name, self.number);
            match read {
                Ok(0) => return None,
                Ok(_) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(_) => {
                    // Its lines are those of the file, so that a problem has the place that an editor shows.
                    let mut text = vec![b'\n'; self.number - 1];
                    text.append(&mut bytes);
                    return Some(Entry {
                        place,
                        document: Document::parse(&self.name, &text, Format::Json),
                    });
                }
                Err(error) => {
                    let problem = cannot("read", &self.name, &error);
                    return Some(Entry {
                        place,
                        document: Err(vec![problem]),
                    });
                }
            }
        }
    }
}

fn extension(path: &Path) -> String {
    let extension = path.extension().unwrap_or_default();
    extension.to_string_lossy().to_ascii_lowercase()
}

fn format(path: &Path) -> Option<Format> {
    Format::from_extension(&extension(path))
}

fn is_lines(path: &Path) -> bool {
    ["jsonl", "ndjson"].contains(&extension(path).as_str())
}
