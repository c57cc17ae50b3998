//! Records: one file with everything a proposal was judged by, and what came out, so that anybody can judge again.

mod differences;
mod snapshot;

use evenhand_core::date::Date;
use evenhand_core::document::{Document, Format};
use evenhand_core::pack::PackFiles;
use evenhand_core::profile::{Profile, Profiles, Read};
use evenhand_core::receipt::{digest, is_aside};
use evenhand_core::rulebook::Rulebook;
use evenhand_core::text::{count, pretty_json, visible_line};
use evenhand_diagnostic::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

pub use differences::{Today, differences, inputs, touched};

/// Version of the form; it rises with any break.
pub const VERSION: u64 = 1;

/// A record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of its form.
    pub record_version: u64,
    /// The proposal as it was written.
    pub proposal: Held,
    /// The board's profile as it was written; none where the program's own settings were in force.
    pub profile: Option<Held>,
    /// The profiles that it extends, as they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended: Vec<Extended>,
    /// What else was asked for.
    pub options: Options,
    /// The settings that were in force, typed; those of the profile, and what the options made of them.
    pub settings: Value,
    /// The packs, later ones on top.
    pub packs: Vec<HeldPack>,
    /// The scorecard with its receipt, as `--format json` writes it.
    pub scorecard: Value,
}

/// A text that took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The file's name, without its folders.
    pub name: String,
    /// `yaml`, `json` or `toml`.
    pub format: String,
    /// What stands in it.
    pub text: String,
}

/// A profile that another extends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extended {
    /// Its path from the folder of the board's profile, as the profiles name it.
    pub path: String,
    /// What stands in it.
    pub profile: Held,
}

/// The profiles that a record holds.
#[derive(Debug, Clone, Copy)]
pub struct HeldProfiles<'a>(pub &'a [Extended]);

impl Profiles for HeldProfiles<'_> {
    fn read(&self, path: &str) -> Read {
        let Some(held) = self.0.iter().find(|held| held.path == path) else {
            let problem = Problem::error(format!("the record does not hold the profile `{path}`"));
            return Err(vec![problem]);
        };
        let text = held.profile.text.as_bytes();
        let document = Profile::document_of(&held.profile.name, text)?;
        Ok((path.to_owned(), document))
    }
}

/// What was asked for besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The day of the evaluation.
    pub date: Option<String>,
    /// The language of the scorecard.
    pub locale: String,
    /// The only rules that were asked.
    pub only: Vec<String>,
    /// Rules that were left out.
    pub skip: Vec<String>,
    /// Settings on top of the profile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
}

/// A pack that took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldPack {
    /// The name of its folder, without those above it.
    pub folder: String,
    /// Whether it came with the program.
    pub bundled: bool,
    /// Why the board took it in.
    pub reason: Option<String>,
    /// Its files by their path, but for the proposals that cases and people start from.
    pub files: BTreeMap<String, String>,
}

/// The last part of a path, as people write it.
pub fn last(path: &str) -> &str {
    path.rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(path)
}

impl Held {
    /// A document without the folders it was in.
    pub fn of(document: &Document) -> Self {
        Self {
            name: last(document.name()).to_owned(),
            format: word(document.format().unwrap_or(Format::Toml)).to_owned(),
            text: document.source().text().to_owned(),
        }
    }

    /// Reads it again.
    pub fn document(&self) -> Result<Document, Vec<Problem>> {
        let Some(format) = Format::from_extension(&self.format) else {
            let problem = Problem::error(format!("`{}` is not a format of documents", self.format));
            return Err(vec![
                problem.in_file(&self.name).expected("yaml, json or toml"),
            ]);
        };
        Document::parse(&self.name, self.text.as_bytes(), format)
    }
}

fn word(format: Format) -> &'static str {
    match format {
        Format::Yaml => "yaml",
        Format::Json => "json",
        Format::Toml => "toml",
    }
}

impl Extended {
    /// The profiles that a profile extends, under names that tell them apart and say nothing of this machine.
    pub fn all(profile: &Profile) -> Vec<Self> {
        let one = |(path, document): (&str, &Document)| {
            let absolute = path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
            let name = if absolute { last(path) } else { path };
            Self {
                path: path.to_owned(),
                profile: Held {
                    name: name.to_owned(),
                    format: word(Format::Toml).to_owned(),
                    text: document.source().text().to_owned(),
                },
            }
        };
        profile.extended().map(one).collect()
    }
}

impl HeldPack {
    /// The packs of a rulebook. A folder's name that two packs have gets a number.
    pub fn all(book: &Rulebook) -> Vec<Self> {
        let mut held: Vec<Self> = Vec::new();
        for pack in book.packs() {
            let name = last(&pack.folder);
            let twins = held.iter().filter(|other| {
                last(&other.folder) == name || other.folder.starts_with(&format!("{name}-"))
            });
            let folder = match twins.count() {
                0 => name.to_owned(),
                twins => format!("{name}-{}", twins + 1),
            };
            let files = pack.files.iter().filter(|(path, _)| !is_aside(path));
            held.push(Self {
                folder,
                bundled: pack.bundled,
                reason: pack.reason.clone(),
                files: files
                    .map(|(path, bytes)| {
                        (path.clone(), String::from_utf8_lossy(bytes).into_owned())
                    })
                    .collect(),
            });
        }
        held
    }

    /// The pack as it was. Where it is the one that comes with this program, byte for byte, that one is taken, of which much is
    /// read already.
    pub fn files(&self, own: &PackFiles) -> PackFiles {
        let bytes = |path: &str| self.files.get(path).map(String::as_bytes);
        let others = own.files.iter().filter(|(path, _)| !is_aside(path));
        let same = self.bundled
            && self.folder == own.folder
            && others.clone().count() == self.files.len()
            && others
                .clone()
                .all(|(path, own)| bytes(path) == Some(&**own));
        if same {
            return PackFiles {
                reason: self.reason.clone(),
                ..own.clone()
            };
        }
        let files = self.files.iter();
        let files = files.map(|(path, text)| (path.clone(), text.clone().into_bytes().into()));
        PackFiles {
            folder: self.folder.clone(),
            files: files.collect(),
            bundled: self.bundled,
            reason: self.reason.clone(),
            ..PackFiles::default()
        }
    }
}

impl Options {
    /// The day of the evaluation.
    pub fn day(&self) -> Option<Date> {
        Date::read(self.date.as_deref()?)
    }
}

impl Record {
    /// As a file.
    pub fn to_text(&self) -> String {
        pretty_json(self)
    }

    /// Reads a file. What is no record, or of a version that is not known here, is refused.
    pub fn read(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let refuse = |problem: Problem| Err(vec![problem.in_file(name)]);
        let value = match evenhand_contract::strict_json::read(text, VALUES) {
            Ok(value) => value,
            Err(error) => {
                let problem = Problem::error(format!("this is no JSON: {error}"));
                return refuse(problem.expected("a record that `check --record FILE` wrote"));
            }
        };
        let version = value.get("record_version");
        match version.and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(other) => {
                let message = format!("the record is of version {other}");
                let problem = Problem::error(message).expected(format!("version {VERSION}"));
                return refuse(
                    problem.suggest("read it with the program that wrote it, or a later one"),
                );
            }
            None => {
                let problem = Problem::error("this is no record: it has no `record_version`");
                return refuse(problem.expected("a record that `check --record FILE` wrote"));
            }
        }
        match serde_json::from_value::<Self>(value) {
            Ok(record) => {
                let date = &record.options.date;
                match date.as_ref().filter(|_| record.options.day().is_none()) {
                    Some(date) => refuse(
                        Problem::error(format!("`options.date` is `{date}`"))
                            .expected("year, month and day, such as 2027-06-30"),
                    ),
                    None => Ok(record),
                }
            }
            Err(error) => refuse(Problem::error(format!("the record is not whole: {error}"))),
        }
    }

    /// The profile that it holds, with those that one extends; nothing where they cannot be read.
    pub fn opened(&self) -> Option<Profile> {
        let held = self.profile.as_ref()?;
        let document = Profile::document_of(&held.name, held.text.as_bytes()).ok()?;
        let set = evenhand_core::profile::set(&self.options.set).ok()?;
        let others = HeldProfiles(&self.extended);
        let (profile, problems) = Profile::open_all(document, "", &others, set);
        problems.is_empty().then_some(profile)
    }

    /// A text of the scorecard.
    pub fn said(&self, pointer: &str) -> &str {
        let value = self.scorecard.pointer(pointer);
        value.and_then(Value::as_str).unwrap_or_default()
    }
}

/// Most values of a record.
const VALUES: usize = 4_000_000;

/// What a receipt calls the digest of a text.
fn digest_of(text: &str) -> String {
    digest(&[text.as_bytes()])
}

/// What verifying found, in words.
pub fn verdict(record: &Record, differences: &[String]) -> String {
    let said = |at| visible_line(record.said(at));
    let (title, word) = (said("/proposal/title"), said("/verdict/word"));
    let by = said("/profile");
    let date = record
        .options
        .date
        .as_deref()
        .unwrap_or("a day that is not known");
    if differences.is_empty() {
        return format!("The same scorecard comes out: {title}, {word}, by {by} on {date}.\n");
    }
    let mut text = format!("Another scorecard comes out: {title}, {word}, by {by} on {date}.\n");
    text.push_str(&format!("{}:\n", count(differences.len(), "difference")));
    for difference in differences {
        text.push_str(&format!(" · {}\n", visible_line(difference)));
    }
    text
}
