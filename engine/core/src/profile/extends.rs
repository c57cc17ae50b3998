//! What a profile rests on: packs, and other profiles.

use super::layer::Layer;
use super::{CORE_PACK, Profiles};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use serde_json::Value;

/// Profiles that extend each other: more are a mistake.
const DEPTH: usize = 16;

/// One entry of `extends`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Extend {
    /// Another profile, by its path.
    Profile(String),
    /// A pack.
    Pack(Pack),
}

/// A pack that a profile names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The built-in pack's name, or a folder, from the folder of the profile.
    pub name: String,
    /// Why it takes part.
    pub reason: Option<String>,
    /// Whether only its fields take part, and none of its rules.
    pub fields_only: bool,
    /// The decision by which rules of it are left out that may not be waived.
    pub overriding: Option<String>,
}

impl Pack {
    /// A pack by its name alone.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            reason: None,
            fields_only: false,
            overriding: None,
        }
    }
}

/// Reads what a file extends; none where it does not say. What is wrong goes to `problems`.
pub(super) fn read(document: &Document, problems: &mut Vec<Problem>) -> Option<Vec<Extend>> {
    let at = Pointer::root().key("profile").key("extends");
    let list = at.of(document.value()).and_then(Value::as_array)?;
    let mut found: Vec<Extend> = Vec::new();
    for (index, item) in list.iter().enumerate() {
        let here = at.index(index);
        match one(item) {
            Some(entry) if found.iter().any(|other| other.name() == entry.name()) => {
                let problem = Problem::error(format!("`{}` is named twice", entry.name()));
                problems.push(document.problem_at(&here, problem.expected("each of them once")));
            }
            Some(entry) => found.push(entry),
            None => {
                let number = index + 1;
                let problem =
                    Problem::error(format!("number {number} of `extends` names no pack and no profile"))
                        .expected(
                            "a name or a path, `{ pack = \"…\", reason = \"…\" }`, or `{ profile = \"….toml\" }`",
                        );
                problems.push(document.problem_at(&here, problem));
            }
        }
    }
    Some(found)
}

impl Extend {
    fn name(&self) -> &str {
        match self {
            Self::Profile(path) => path,
            Self::Pack(pack) => &pack.name,
        }
    }
}

fn one(item: &Value) -> Option<Extend> {
    if let Some(name) = item.as_str().map(str::trim) {
        return Some(if is_profile(name) {
            Extend::Profile(name.to_owned())
        } else {
            Extend::Pack(Pack::named(name))
        });
    }
    let table = item.as_object()?;
    let text = |key: &str| {
        let text = table.get(key).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let only = |known: &[&str]| table.keys().all(|key| known.contains(&key.as_str()));
    if let Some(path) = text("profile") {
        return only(&["profile"]).then_some(Extend::Profile(path));
    }
    let fields_only = table
        .get("fields_only")
        .map_or(Some(false), Value::as_bool)?;
    only(&["pack", "reason", "fields_only", "override"]).then_some(())?;
    Some(Extend::Pack(Pack {
        name: text("pack")?,
        reason: text("reason"),
        fields_only,
        overriding: text("override"),
    }))
}

/// Whether a name is that of a profile's file, and not a pack's folder.
fn is_profile(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".toml")
}

/// A path that stands in a file of this folder, from where the folder is named.
pub(super) fn join(folder: &str, path: &str) -> String {
    let absolute = path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
    if absolute || folder.is_empty() {
        path.to_owned()
    } else {
        format!("{folder}{path}")
    }
}

/// The folder of a path, with the mark at its end; empty for a name alone.
fn folder_of(path: &str) -> String {
    let end = path.rfind(['/', '\\']).map_or(0, |at| at + 1);
    path.get(..end).unwrap_or_default().to_owned()
}

/// Every file that a profile rests on, each before those that extend it, and the packs in the order in which they are named.
pub(super) struct Chain<'a> {
    files: &'a dyn Profiles,
    /// The files being read, by what tells them apart, with the name people know them by.
    open: Vec<(String, String)>,
    done: Vec<String>,
    pub(super) layers: Vec<Layer>,
    /// The packs, each with the file that named it first, by its place.
    pub(super) packs: Vec<Pack>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Chain<'a> {
    pub(super) fn of(files: &'a dyn Profiles) -> Self {
        Self {
            files,
            open: Vec::new(),
            done: Vec::new(),
            layers: Vec::new(),
            packs: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Reads a file and what it extends. `key` tells files apart, whichever way they are named.
    pub(super) fn read(&mut self, document: Document, key: String, path: &str) {
        let folder = folder_of(path);
        let layer = Layer::read(document, path, &folder, &mut self.problems);
        self.open
            .push((key.clone(), layer.document.name().to_owned()));
        match layer.part.extends.clone() {
            None => self.add(Pack::named(CORE_PACK)),
            Some(extends) => {
                for (index, entry) in extends.into_iter().enumerate() {
                    match entry {
                        Extend::Pack(pack) if pack.name == CORE_PACK => self.add(pack),
                        Extend::Pack(pack) => self.add(Pack {
                            name: layer.seen_from_first(&pack.name),
                            ..pack
                        }),
                        Extend::Profile(path) => self.extended(&layer, index, &path),
                    }
                }
            }
        }
        self.open.pop();
        self.done.push(key);
        self.layers.push(layer);
    }

    /// A pack that is named again keeps its place; what is said of it last holds.
    fn add(&mut self, pack: Pack) {
        match self.packs.iter_mut().find(|known| known.name == pack.name) {
            Some(known) => {
                known.reason = pack.reason.or(known.reason.take());
                known.overriding = pack.overriding.or(known.overriding.take());
                known.fields_only = pack.fields_only;
            }
            None => self.packs.push(pack),
        }
    }

    fn extended(&mut self, by: &Layer, index: usize, typed: &str) {
        let at = Pointer::root().key("profile").key("extends").index(index);
        let path = by.seen_from_first(typed);
        let here = |problem| by.document.problem_at(&at, problem);
        let (key, document) = match self.files.read(&path) {
            Ok(found) => found,
            Err(problems) => {
                // What is wrong within a file has its place; that there is none is said where it is named.
                self.problems.extend(problems.into_iter().map(|problem| {
                    if problem.place.is_some() {
                        problem
                    } else {
                        here(problem)
                    }
                }));
                return;
            }
        };
        if let Some(start) = self.open.iter().position(|(open, _)| *open == key) {
            let ring = self.open.iter().skip(start).map(|(_, name)| name.as_str());
            let ring: Vec<&str> = ring.chain([document.name()]).collect();
            let problem = Problem::error(format!("`{typed}` extends itself: {}", ring.join(" → ")))
                .expected("a profile that does not rest on this one");
            self.problems.push(here(problem));
        } else if self.open.len() >= DEPTH {
            let problem = Problem::error(format!("more than {DEPTH} profiles extend each other"));
            self.problems.push(here(problem));
        } else if !self.done.contains(&key) {
            self.read(document, key, &path);
        }
    }
}
