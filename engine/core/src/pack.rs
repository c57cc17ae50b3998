//! A pack: a folder with a schema, rules, their cases, sources and translations, handed over as bytes.

pub(crate) mod migrations;
mod prepared;

use crate::document::{Document, Format};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::source::Source;
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use migrations::Migration;
pub use prepared::Prepared;

/// The files of a pack, by their path in it, and the name of the folder for messages.
#[derive(Debug, Clone, Default)]
pub struct PackFiles {
    /// The folder as people know it.
    pub folder: String,
    /// The files by their path with `/`.
    pub files: BTreeMap<String, Cow<'static, [u8]>>,
    /// Whether exactly these files were checked before (a pack that is built into a program, by the program's
    /// tests): then its scripts are not checked against the schema again, which takes longer than judging.
    pub checked: bool,
    /// Whether it comes with the program: what a board changes is compared with such packs.
    pub bundled: bool,
    /// Why a board takes it in, where it is not bundled; of a bundled one, why only its fields take part.
    pub reason: Option<String>,
    /// Whether only its fields take part, with what is derived from them and asked about them, and none of its rules.
    pub fields_only: bool,
    /// The decision by which rules of it are left out that may not be waived.
    pub overriding: Option<String>,
    /// SHA-256 of the files by their path, in hexadecimal, where it was worked out before; others are hashed when a
    /// receipt is written.
    pub digests: BTreeMap<String, String>,
    /// What was read of exactly these files before.
    pub prepared: Prepared,
}

/// What a pack says of itself.
#[derive(Debug, Clone, Default)]
pub struct PackInfo {
    /// Kebab-case name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its semantic version.
    pub version: String,
    /// SPDX expression.
    pub licence: String,
    /// What it is for.
    pub about: String,
    /// The function of its library that names the partners on the host's side.
    pub host_side: String,
    /// The plugins its rules rest on; of those that are bundled, no others take part.
    pub plugins: Vec<String>,
    /// The dimensions it adds, in order.
    pub dimensions: Vec<Dimension>,
    /// Who can answer what, in order.
    pub respondents: Vec<Respondent>,
    /// What a new proposal begins with, if the pack says so.
    pub start: Option<Start>,
    /// What is known of every program of a kind.
    pub kinds: Vec<KindFile>,
    /// What the versions of the schema changed, from the oldest.
    pub migrations: Vec<Migration>,
}

/// How a new proposal begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The field that says what kind of program it is: a choice, or a list of them.
    pub kind: String,
    /// The field that says in which field of study.
    pub discipline: Option<String>,
}

/// A proposal with what is known of every program of these kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct KindFile {
    /// The choices of the field that says the kind.
    pub of: Vec<String>,
    /// The file in the pack.
    pub file: String,
    /// Facts by their path that such programs usually have, so that what follows from them is asked from the beginning;
    /// they are not written down.
    pub assume: Vec<(String, Value)>,
}

/// Somebody who can answer some of the questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respondent {
    /// The id, as the schema's `x-asks` names it.
    pub id: String,
    /// What people call them.
    pub title: String,
    /// Who that is.
    pub about: String,
}

/// One side of a program that is judged for itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Its id, the folder of its rules.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Its weight where proposals have to be ranked.
    pub weight: f64,
    /// What it asks.
    pub about: String,
}

/// The bibliography of a pack, by key.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sources(BTreeMap<String, SourceEntry>);

/// A work that rules rest on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceEntry {
    /// Who wrote it.
    pub authors: String,
    /// When it appeared.
    pub year: Option<i64>,
    /// What it is called.
    pub title: String,
    /// Where it appeared.
    pub venue: String,
    /// Digital object identifier, without prefix.
    pub doi: Option<String>,
    /// Address, where there is no DOI.
    pub url: Option<String>,
    /// Whether the text was read; otherwise it is quoted from memory and to be verified.
    pub seen: bool,
    /// What was seen of it.
    pub note: String,
    /// Sections that rules cite.
    pub sections: BTreeMap<String, String>,
}

static PACK: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("schemas/pack.json")));
static SOURCES: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("schemas/sources.json")));

impl PackFiles {
    /// A file as a source with its full name, or a problem if it is not UTF-8.
    pub fn source(&self, path: &str) -> Option<Result<Source, Problem>> {
        let bytes = self.files.get(path)?;
        let name = self.name_of(path);
        let text = match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed),
            Cow::Owned(bytes) => std::str::from_utf8(bytes).map(|text| text.to_owned().into()),
        };
        Some(match text {
            Ok(text) => Ok(Source::new(name, text)),
            Err(error) => {
                let message = format!("the file is not UTF-8 text (byte {})", error.valid_up_to());
                Err(Problem::error(message).in_file(name))
            }
        })
    }

    /// A file's name for messages.
    pub fn name_of(&self, path: &str) -> String {
        if self.folder.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.folder)
        }
    }

    /// A file as a document, if the pack has it.
    pub fn document(&self, path: &str) -> Option<Result<Document, Vec<Problem>>> {
        let bytes = self.files.get(path)?;
        let extension = path.rsplit('.').next().unwrap_or_default();
        let format = Format::from_extension(extension).unwrap_or(Format::Yaml);
        Some(Document::parse(&self.name_of(path), bytes, format))
    }

    /// Every script, by its path without the ending; library files begin with `lib/`.
    pub fn scripts(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .filter_map(|path| path.strip_suffix(".rhai"))
    }

    /// The ids of the pack's rules: every page in a folder that is not one of the pack's own.
    pub fn rule_ids(&self) -> Vec<String> {
        self.files
            .keys()
            .filter_map(|path| {
                let id = path.strip_suffix(".md")?;
                let (folder, name) = id.split_once('/')?;
                let own = ["bases", "lib", "locales"].contains(&folder);
                (!own && !name.contains('/') && name != "README").then(|| id.to_owned())
            })
            .collect()
    }

    /// What the pack says of itself.
    pub fn info(&self) -> Result<PackInfo, Vec<Problem>> {
        let document = self.document("pack.toml").unwrap_or_else(|| {
            Err(vec![
                Problem::error("a pack needs the file `pack.toml`").in_file(self.folder.clone()),
            ])
        })?;
        let mut problems = validate_builtin(PACK.as_ref(), &document);
        let value = document.value();
        let text = |key: &str| {
            let at = value.get("pack").and_then(|pack| pack.get(key));
            at.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        if text("name").is_empty() {
            problems.push(
                document.problem_at(&Pointer::root(), Problem::error("the pack has no `name`")),
            );
        }
        problems.extend(Self::engine_mismatch(&document, &text("engine")));
        problems.extend(migrations::problems(&document));
        if !problems.is_empty() {
            return Err(problems);
        }
        let licence = if text("licence").is_empty() {
            text("license")
        } else {
            text("licence")
        };
        Ok(PackInfo {
            name: text("name"),
            title: text("title"),
            version: text("version"),
            licence,
            about: text("about"),
            host_side: text("host_side"),
            plugins: texts(value.pointer("/pack/plugins")),
            dimensions: dimensions(value),
            respondents: respondents(value),
            start: start(value),
            kinds: kinds(value),
            migrations: migrations::read(value, &text("name")),
        })
    }

    fn engine_mismatch(document: &Document, wanted: &str) -> Option<Problem> {
        let at = Pointer::root().key("pack").key("engine");
        if wanted.is_empty() {
            return None;
        }
        match semver::VersionReq::parse(wanted) {
            Err(error) => Some(document.problem_at(
                &at,
                Problem::error(format!("`{wanted}` is no range of versions: {error}")),
            )),
            Ok(range) => {
                let ours = semver::Version::parse(crate::VERSION).ok()?;
                (!range.matches(&ours)).then(|| {
                    document.problem_at(
                        &at,
                        Problem::error(format!(
                            "this pack works with engine {wanted}, and this is {ours}"
                        ))
                        .suggest("update the pack or the engine"),
                    )
                })
            }
        }
    }

    /// The pack's bibliography; empty if it has none.
    pub fn sources(&self) -> Result<Sources, Vec<Problem>> {
        if let Some(known) = self.prepared.sources().filter(|_| self.checked) {
            return Ok(known.clone());
        }
        let Some(document) = self.document("sources.toml") else {
            return Ok(Sources::default());
        };
        let document = document?;
        let problems = validate_builtin(SOURCES.as_ref(), &document);
        if !problems.is_empty() {
            return Err(problems);
        }
        let entries = document.value().as_object().into_iter().flatten();
        Ok(Sources(
            entries
                .map(|(key, entry)| (key.clone(), source_entry(entry)))
                .collect(),
        ))
    }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn respondents(value: &Value) -> Vec<Respondent> {
    let list = value.get("respondents").and_then(Value::as_array);
    let text = |entry: &Value, key: &str| {
        let text = entry.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    list.into_iter()
        .flatten()
        .map(|entry| Respondent {
            id: text(entry, "id"),
            title: text(entry, "title"),
            about: text(entry, "about"),
        })
        .collect()
}

fn start(value: &Value) -> Option<Start> {
    let begin = value.get("init")?;
    let text = |key: &str| Some(begin.get(key)?.as_str()?.to_owned());
    Some(Start {
        kind: text("kind")?,
        discipline: text("discipline"),
    })
}

fn kinds(value: &Value) -> Vec<KindFile> {
    let list = value.get("kinds").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|entry| {
            Some(KindFile {
                of: texts(entry.get("of")),
                file: entry.get("file")?.as_str()?.to_owned(),
                assume: entry
                    .get("assume")
                    .and_then(Value::as_object)
                    .into_iter()
                    .flatten()
                    .map(|(path, value)| (path.clone(), value.clone()))
                    .collect(),
            })
        })
        .collect()
}

fn dimensions(value: &Value) -> Vec<Dimension> {
    let list = value.get("dimensions").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|entry| {
            let text = |key: &str| {
                entry
                    .get(key)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            Dimension {
                id: text("id"),
                title: text("title"),
                weight: entry.get("weight").and_then(Value::as_f64).unwrap_or(1.0),
                about: text("about"),
            }
        })
        .collect()
}

fn source_entry(entry: &Value) -> SourceEntry {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let sections = entry
        .get("sections")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    SourceEntry {
        authors: text("authors").unwrap_or_default(),
        year: entry.get("year").and_then(Value::as_i64),
        title: text("title").unwrap_or_default(),
        venue: text("venue").unwrap_or_default(),
        doi: text("doi"),
        url: text("url"),
        seen: entry.get("seen") == Some(&Value::Bool(true)),
        note: text("note").unwrap_or_default(),
        sections: sections
            .filter_map(|(key, title)| Some((key.clone(), title.as_str()?.to_owned())))
            .collect(),
    }
}

impl Sources {
    /// The work with this key.
    pub fn get(&self, key: &str) -> Option<&SourceEntry> {
        self.0.get(key)
    }

    /// All keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All works, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SourceEntry)> {
        self.0.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// Adds the works of another pack or plugin; later ones win.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds one work.
    pub fn insert(&mut self, key: String, entry: SourceEntry) {
        self.0.insert(key, entry);
    }
}

impl SourceEntry {
    /// The work as one line of a bibliography.
    pub fn cite(&self) -> String {
        let mut text = String::new();
        if !self.authors.is_empty() {
            text.push_str(&self.authors);
            text.push(' ');
        }
        if let Some(year) = self.year {
            text.push_str(&format!("({year}) "));
        }
        text.push_str(&self.title);
        if !self.title.ends_with(['.', '?', '!']) {
            text.push('.');
        }
        if !self.venue.is_empty() {
            text.push_str(&format!(" {}.", self.venue.trim_end_matches('.')));
        }
        match (&self.doi, &self.url) {
            (Some(doi), _) => text.push_str(&format!(" https://doi.org/{doi}")),
            (None, Some(url)) => text.push_str(&format!(" {url}")),
            (None, None) => {}
        }
        text
    }
}
