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

    KEEP_ONE = "keep-one": "keep the one that holds";
    WRITE_NEW = "write-new": "write `{new}`";
}

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
    /// The paths that got another one so far, before and after.
    moves: Vec<(Pointer, Pointer)>,
    schema: &'a Schema,
    migration: &'a Migration,
    understood: Vec<Understood<'a>>,
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

impl Reading<'_> {
    fn migrate(&mut self) {
        for (old, new) in &self.migration.renamed {
            for place in places(old, self.now.value()) {
                let Some(to) = moved(&place, old, new) else {
                    continue;
                };
                self.rename(&place, &to);
            }
            self.rename_where_named(old, new);
        }
        for (field, words) in &self.migration.values {
            for place in places(field, self.now.value()) {
                self.reword(&place, words);
            }
        }
    }

    /// Gives a value its path of today.
    fn rename(&mut self, old: &Pointer, new: &Pointer) {
        let taken = new.of(self.now.value());
        if taken.is_some_and(|value| !value.is_null()) {
            let typed = self.given(old).dotted();
            let both = phrase!(BOTH_NAMES, old = typed, new = new.dotted());
            let problem = Problem::error(both).suggest(phrase!(KEEP_ONE));
            self.wrong.push(self.at_key(old, problem));
            return;
        }
        let value = old.of(self.now.value()).cloned().unwrap_or_default();
        let same_group = old.parent() == new.parent();
        let name = new.steps().last();
        let changes = match name.filter(|_| same_group && taken.is_none()) {
            Some(name) => vec![Change::Rename(old.clone(), name.into_owned())],
            None => vec![
                Change::Set(new.clone(), value),
                Change::Remove(self.emptied(old)),
            ],
        };
        self.change(&changes, old, (&old.dotted(), &new.dotted()));
        self.moves.push((old.clone(), new.clone()));
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

    /// Gives a field its name of today where the proposal names it.
    fn rename_where_named(&mut self, old: &Pointer, new: &Pointer) {
        let today = |text: &str| {
            let path = Pointer::from_dotted(text)?;
            Some(moved(&path, old, new)?.dotted())
        };
        for list in NAMED.iter().filter_map(|list| Pointer::from_dotted(list)) {
            for place in places(&list, self.now.value()) {
                let text = place.of(self.now.value()).and_then(Value::as_str);
                let Some((text, name)) =
                    text.and_then(|text| Some((text.to_owned(), today(text)?)))
                else {
                    continue;
                };
                let change = Change::Set(place.clone(), Value::String(name.clone()));
                self.change(&[change], &place, (&text, &name));
            }
        }
        for group in KEYED.iter().filter_map(|group| Pointer::from_dotted(group)) {
            for place in places(&group, self.now.value()) {
                let names = place.of(self.now.value()).and_then(Value::as_object);
                let names: Vec<String> = names
                    .into_iter()
                    .flat_map(|own| own.keys().cloned())
                    .collect();
                for text in names {
                    let Some(name) = today(&text) else { continue };
                    let key = place.key(&text);
                    self.change(
                        &[Change::Rename(key.clone(), name.clone())],
                        &key,
                        (&text, &name),
                    );
                    self.moves.push((key, place.key(&name)));
                }
            }
        }
    }

    /// Gives a word its spelling of today.
    fn reword(&mut self, place: &Pointer, words: &BTreeMap<String, String>) {
        let word = place.of(self.now.value()).and_then(Value::as_str);
        let Some((old, new)) = word.and_then(|word| words.get_key_value(word)) else {
            return;
        };
        let change = Change::Set(place.clone(), Value::String(new.clone()));
        match edited(&self.now, &[change]) {
            Some(now) => {
                self.understand(place, true, (old, new));
                self.now = now;
            }
            None => self.cannot(place, (old, new)),
        }
    }

    fn change(&mut self, changes: &[Change], at: &Pointer, (old, new): (&str, &str)) {
        match edited(&self.now, changes) {
            Some(now) => {
                self.understand(at, false, (old, new));
                self.now = now;
            }
            None => self.cannot(at, (old, new)),
        }
    }

    /// Notes what was understood; what changed once more is one remark.
    fn understand(&mut self, at: &Pointer, word: bool, (old, new): (&str, &str)) {
        let at = self.given(at);
        let mut known = self.understood.iter_mut();
        let same = known.find(|one| one.at == at && one.word == word && one.new == old);
        if let Some(same) = same {
            new.clone_into(&mut same.new);
            same.migration = self.migration;
            return;
        }
        self.understood.push(Understood {
            at,
            word,
            old: old.to_owned(),
            new: new.to_owned(),
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

    fn cannot(&mut self, at: &Pointer, (old, new): (&str, &str)) {
        let said = phrase!(
            FORMER_LAYOUT,
            old = old,
            new = new,
            version = self.migration.to.to_string(),
            pack = self.migration.pack.as_str()
        );
        let problem = Problem::error(said).suggest(phrase!(WRITE_NEW, new = new));
        self.wrong.push(self.at_key(at, problem));
    }

    /// Where it stands in the proposal as it was given.
    fn given(&self, at: &Pointer) -> Pointer {
        let moves = self.moves.iter().rev();
        moves.fold(at.clone(), |at, (old, new)| {
            moved(&at, new, old).unwrap_or(at)
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
