//! Reading a proposal that was written for an older version of a pack's schema, and saying what was understood.

use super::Rulebook;
use crate::document::Document;
use crate::document::edit::Change;
use crate::pack::migrations::{self, moved, places};
use crate::pack::{Migration, PackFiles, PackInfo};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use evenhand_diagnostic::{codes, phrase};
use serde_json::Value;
use std::collections::BTreeMap;

codes! {
    /// Every text about a proposal of an older version.
    pub static MIGRATION_CODES;

    /// The pack gave the field another name or place with this version of its schema. The proposal is read as if it had that name;
    /// writing it saves the remark.
    FORMER_FIELD = "former-field": "`{old}` is read as `{new}`, its name since version {version} of `{pack}`";
    /// The pack gave a word of the field another spelling with this version of its schema. The proposal is read with the word of
    /// today.
    FORMER_WORD = "former-word": "`{old}` in `{field}` is read as `{new}`, the word since version {version} of `{pack}`";
    /// A field stands there under its name of today and under a former one. Which of the two holds has to be said.
    BOTH_NAMES = "both-names": "`{old}` is a former name of `{new}`, and both are given";
    /// The text around a former name is laid out so that the name of today cannot be put in its place, such as in a YAML alias.
    FORMER_LAYOUT = "former-layout": "`{old}` has been called `{new}` since version {version} of `{pack}`, and cannot be read so where it stands";

    /// The first places are named and the others counted.
    MORE_READ_SO = "more-read-so": "{count} more places are of an older version and read so too" | one "{count} more place is of an older version and read so too";

    KEEP_ONE = "keep-one": "keep the one that holds";
    WRITE_NEW = "write-new": "write `{new}`";
}

/// At most so many places are named.
const NAMED_PLACES: usize = 50;
/// Lists of names of fields in a proposal: those that partners confirm.
const NAMED: [&str; 1] = ["attestations[].covers[]"];
/// Groups of which the keys are names of fields: contested answers, and what was checked.
const KEYED: [&str; 2] = ["attestations[].contests", "checked[].values"];

/// What packs say of older versions of their schemas and cannot be.
pub(super) fn misfits(packs: &[PackFiles], info: &PackInfo, schema: &Schema) -> Vec<Problem> {
    if info.migrations.is_empty() {
        return Vec::new();
    }
    let documents = packs.iter().filter_map(|pack| pack.document("pack.toml"));
    documents
        .filter_map(Result::ok)
        .flat_map(|document| {
            let name = document.value().pointer("/pack/name");
            let own = info.migrations.iter();
            let own = own.filter(|one| name.is_some_and(|name| *name == *one.pack));
            let own: Vec<Migration> = own.cloned().collect();
            migrations::misfits(&document, &own, schema)
        })
        .collect()
}

impl Rulebook {
    /// A proposal as the schema of today calls its fields and words, with what was understood; everything that keeps it from being
    /// read so.
    ///
    /// Where nothing of an older version stands in it, it is the document that was given. Otherwise its text is that of today too, so
    /// that what is written back is up to date.
    pub fn understood(&self, document: Document) -> Result<(Document, Vec<Problem>), Vec<Problem>> {
        let Some(first) = self.info.migrations.first() else {
            return Ok((document, Vec::new()));
        };
        let mut reading = Reading {
            given: &document,
            now: document.clone(),
            moves: Vec::new(),
            schema: &self.schema,
            migration: first,
            understood: Vec::new(),
            latest: BTreeMap::new(),
            wrong: Vec::new(),
        };
        for migration in &self.info.migrations {
            reading.migration = migration;
            reading.migrate();
        }
        if reading.wrong.is_empty() {
            let said = reading.understood.iter().map(|one| reading.remark(one));
            let mut said: Vec<Problem> = said.collect();
            said.sort_by_key(|problem| problem.span.as_ref().map(|span| span.start));
            let more = said.len().saturating_sub(NAMED_PLACES);
            said.truncate(NAMED_PLACES);
            if more > 0 {
                let more = Problem::warning(phrase!(MORE_READ_SO, count = more));
                said.push(more.in_file(document.name()));
            }
            Ok((reading.now, said))
        } else {
            Err(reading.wrong)
        }
    }
}

/// A proposal on its way to the schema of today.
struct Reading<'a> {
    given: &'a Document,
    now: Document,
    /// The paths that got another one, change by change: the former one of each that was given.
    moves: Vec<BTreeMap<Pointer, Pointer>>,
    schema: &'a Schema,
    migration: &'a Migration,
    understood: Vec<Understood<'a>>,
    /// The latest remark on a place of the proposal as it was given, and whether it is on a word.
    latest: BTreeMap<(Pointer, bool), usize>,
    wrong: Vec<Problem>,
}

/// What was understood of one place of the proposal as it was given.
struct Understood<'a> {
    at: Pointer,
    /// Whether it is a word, and no name of a field.
    word: bool,
    old: String,
    new: String,
    /// The latest version that has to do with it.
    migration: &'a Migration,
}

/// One place that is read otherwise.
struct Step {
    at: Pointer,
    changes: Vec<Change>,
    old: String,
    new: String,
    what: Read,
}

enum Read {
    /// A field has the name of today, and its value another path.
    Moved(Pointer),
    /// A field has its name of today where the proposal names it.
    Named,
    /// A word has its spelling of today.
    Reworded,
}

impl Reading<'_> {
    fn migrate(&mut self) {
        for (old, new) in &self.migration.renamed {
            let mut steps = Vec::new();
            for at in places(old, self.now.value()) {
                if let Some(to) = moved(&at, old, new) {
                    steps.extend(self.renaming(at, to));
                }
            }
            self.take(steps);
            let steps = self.naming(old, new);
            self.take(steps);
        }
        for (field, words) in &self.migration.values {
            let places = places(field, self.now.value()).into_iter();
            let steps = places.filter_map(|place| self.rewording(place, words));
            let steps = steps.collect();
            self.take(steps);
        }
    }

    /// How a value gets its path of today; a complaint where another value has it.
    fn renaming(&mut self, old: Pointer, new: Pointer) -> Option<Step> {
        let taken = new.of(self.now.value());
        if taken.is_some_and(|value| !value.is_null()) {
            let typed = self.given(&old).dotted();
            let both = phrase!(BOTH_NAMES, old = typed, new = new.dotted());
            let problem = Problem::error(both).suggest(phrase!(KEEP_ONE));
            self.wrong.push(self.at_key(&old, problem));
            return None;
        }
        let same_group = old.parent() == new.parent();
        let name = new.steps().last();
        let changes = match name.filter(|_| same_group && taken.is_none()) {
            Some(name) => vec![Change::Rename(old.clone(), name.into_owned())],
            None => vec![
                Change::Set(
                    new.clone(),
                    old.of(self.now.value()).cloned().unwrap_or_default(),
                ),
                Change::Remove(self.emptied(&old)),
            ],
        };
        Some(Step {
            changes,
            old: old.dotted(),
            new: new.dotted(),
            at: old,
            what: Read::Moved(new),
        })
    }

    /// What is taken away with a value: the groups that hold nothing else and are no fields of today.
    fn emptied(&self, at: &Pointer) -> Pointer {
        let mut gone = at.clone();
        while let Some(group) = gone.parent().filter(|group| !group.is_root()) {
            let held = group.of(self.now.value()).and_then(Value::as_object);
            let alone = held.is_some_and(|held| held.len() == 1);
            if !alone || self.schema.find(&group.dotted()).is_some() {
                break;
            }
            gone = group;
        }
        gone
    }

    /// How a field gets its name of today where the proposal names it.
    fn naming(&self, old: &Pointer, new: &Pointer) -> Vec<Step> {
        let data = self.now.value();
        let today = |text: &str| {
            let path = Pointer::from_dotted(text)?;
            Some(moved(&path, old, new)?.dotted())
        };
        let mut steps = Vec::new();
        for list in NAMED.iter().filter_map(|list| Pointer::from_dotted(list)) {
            for at in places(&list, data) {
                let Some(text) = at.of(data).and_then(Value::as_str) else {
                    continue;
                };
                let Some(name) = today(text) else { continue };
                steps.push(Step {
                    changes: vec![Change::Set(at.clone(), Value::String(name.clone()))],
                    at,
                    old: text.to_owned(),
                    new: name,
                    what: Read::Named,
                });
            }
        }
        for group in KEYED.iter().filter_map(|group| Pointer::from_dotted(group)) {
            for at in places(&group, data) {
                let names = at.of(data).and_then(Value::as_object);
                for text in names.into_iter().flat_map(|own| own.keys()) {
                    let Some(name) = today(text) else { continue };
                    let key = at.key(text);
                    steps.push(Step {
                        changes: vec![Change::Rename(key.clone(), name.clone())],
                        what: Read::Moved(at.key(&name)),
                        at: key,
                        old: text.clone(),
                        new: name,
                    });
                }
            }
        }
        steps
    }

    /// How a word gets its spelling of today.
    fn rewording(&self, at: Pointer, words: &BTreeMap<String, String>) -> Option<Step> {
        let word = at.of(self.now.value()).and_then(Value::as_str)?;
        let (old, new) = words.get_key_value(word)?;
        Some(Step {
            changes: vec![Change::Set(at.clone(), Value::String(new.clone()))],
            at,
            old: old.clone(),
            new: new.clone(),
            what: Read::Reworded,
        })
    }

    /// Reads all the places otherwise, together where the text allows it: a long list has as many places as entries.
    fn take(&mut self, steps: Vec<Step>) {
        if steps.is_empty() {
            return;
        }
        let all = steps.iter().flat_map(|step| step.changes.iter().cloned());
        let together = edited(&self.now, &all.collect::<Vec<_>>());
        let mut moves = BTreeMap::new();
        for step in steps {
            if together.is_none() {
                let Some(now) = edited(&self.now, &step.changes) else {
                    self.cannot(&step);
                    continue;
                };
                self.now = now;
            }
            self.understand(&step);
            if let Read::Moved(to) = step.what {
                moves.insert(to, step.at);
            }
        }
        self.moves.push(moves);
        if let Some(now) = together {
            self.now = now;
        }
    }

    /// Notes what was understood; what changed once more is one remark.
    fn understand(&mut self, step: &Step) {
        let key = (self.given(&step.at), matches!(step.what, Read::Reworded));
        let known = self.latest.get(&key);
        let known = known.and_then(|index| self.understood.get_mut(*index));
        if let Some(same) = known.filter(|one| one.new == step.old) {
            step.new.clone_into(&mut same.new);
            same.migration = self.migration;
            return;
        }
        let (at, word) = key.clone();
        self.latest.insert(key, self.understood.len());
        self.understood.push(Understood {
            at,
            word,
            old: step.old.clone(),
            new: step.new.clone(),
            migration: self.migration,
        });
    }

    fn remark(&self, one: &Understood<'_>) -> Problem {
        let (old, new) = (one.old.as_str(), one.new.as_str());
        let version = one.migration.to.to_string();
        let pack = one.migration.pack.as_str();
        let write = phrase!(WRITE_NEW, new = new);
        if one.word {
            let field = one.at.dotted();
            let said = phrase!(
                FORMER_WORD,
                old = old,
                new = new,
                field = field,
                version = version,
                pack = pack
            );
            let problem = Problem::warning(said).suggest(write);
            return self.given.problem_at(&one.at, problem);
        }
        let said = phrase!(
            FORMER_FIELD,
            old = old,
            new = new,
            version = version,
            pack = pack
        );
        let problem = Problem::warning(said).suggest(write);
        self.given.problem_at_key(&one.at, problem)
    }

    fn cannot(&mut self, step: &Step) {
        let said = phrase!(
            FORMER_LAYOUT,
            old = step.old.as_str(),
            new = step.new.as_str(),
            version = self.migration.to.to_string(),
            pack = self.migration.pack.as_str()
        );
        let write = phrase!(WRITE_NEW, new = step.new.as_str());
        let problem = Problem::error(said).suggest(write);
        self.wrong.push(self.at_key(&step.at, problem));
    }

    /// Where it stands in the proposal as it was given.
    fn given(&self, at: &Pointer) -> Pointer {
        let moves = self.moves.iter().rev();
        moves.fold(at.clone(), |at, moves| {
            let mut above = Some(at.clone());
            while let Some(new) = above {
                if let Some(old) = moves.get(&new) {
                    return moved(&at, &new, old).unwrap_or(at);
                }
                above = new.parent();
            }
            at
        })
    }

    fn at_key(&self, at: &Pointer, problem: Problem) -> Problem {
        self.given.problem_at_key(&self.given(at), problem)
    }
}

/// A document with changes; in its text where it has one.
fn edited(document: &Document, changes: &[Change]) -> Option<Document> {
    if document.format().is_some() {
        return document.edited(changes).ok();
    }
    let mut value = document.value().clone();
    for change in changes {
        change.apply(&mut value).ok()?;
    }
    Some(Document::from_value(document.name(), value))
}

#[cfg(test)]
mod tests;
