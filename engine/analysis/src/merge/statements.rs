//! What partners have said of the facts of a proposal, while answers are merged into it; and the changes that write it.

use crate::perspectives::same_answer;
use evenhand_core::document::edit::Change;
use evenhand_core::pointer::Pointer;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The attestations of a proposal, and those that come to them.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    /// As they stood; an entry that is no object stays as it is.
    before: Vec<Value>,
    all: Vec<Statement>,
}

/// One attestation.
#[derive(Debug, Clone, Default, PartialEq)]
struct Statement {
    by: String,
    on: Option<String>,
    how: Option<String>,
    covers: Vec<String>,
    contests: BTreeMap<String, Value>,
    replaced: BTreeMap<String, Value>,
    comments: BTreeMap<String, Value>,
}

impl Statement {
    fn of(entry: &Value) -> Self {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        let map = |name: &str| -> BTreeMap<String, Value> {
            let own = entry.get(name).and_then(Value::as_object);
            let own = own.into_iter().flatten();
            own.map(|(path, value)| (path.clone(), value.clone()))
                .collect()
        };
        let covers = entry.get("covers").and_then(Value::as_array);
        let covers = covers.into_iter().flatten().filter_map(Value::as_str);
        Self {
            by: text("by").unwrap_or_default(),
            on: text("on"),
            how: text("how"),
            covers: covers.map(str::to_owned).collect(),
            contests: map("contests"),
            replaced: map("replaced"),
            comments: map("comments"),
        }
    }

    /// Whether nothing is said any more.
    fn is_empty(&self) -> bool {
        self.covers.is_empty()
            && self.contests.is_empty()
            && self.replaced.is_empty()
            && self.comments.is_empty()
    }

    fn value(&self) -> Value {
        let mut map = Map::new();
        let mut put = |name: &str, value: Value| {
            map.insert(name.to_owned(), value);
        };
        put("by", Value::from(self.by.clone()));
        if let Some(on) = &self.on {
            put("on", Value::from(on.clone()));
        }
        if let Some(how) = &self.how {
            put("how", Value::from(how.clone()));
        }
        if !self.covers.is_empty() {
            put("covers", Value::from(self.covers.clone()));
        }
        for (name, own) in self.maps() {
            if !own.is_empty() {
                let own = own
                    .iter()
                    .map(|(path, value)| (path.clone(), value.clone()));
                put(name, Value::Object(own.collect()));
            }
        }
        Value::Object(map)
    }

    fn maps(&self) -> [(&'static str, &BTreeMap<String, Value>); 3] {
        [
            ("contests", &self.contests),
            ("replaced", &self.replaced),
            ("comments", &self.comments),
        ]
    }

    /// The changes that make this of what stands at a place.
    fn changes(&self, before: &Self, at: &Pointer, changes: &mut Vec<Change>) {
        let covers = at.key("covers");
        let gone = before.covers.iter().enumerate().rev();
        let gone = gone.filter(|(_, path)| !self.covers.contains(path));
        if self.covers.is_empty() && !before.covers.is_empty() {
            changes.push(Change::Remove(covers.clone()));
        } else {
            changes.extend(gone.map(|(index, _)| Change::Remove(covers.index(index))));
            let kept = before
                .covers
                .iter()
                .filter(|path| self.covers.contains(path))
                .count();
            let new = self
                .covers
                .iter()
                .filter(|path| !before.covers.contains(path));
            if before.covers.is_empty() && !self.covers.is_empty() {
                changes.push(Change::Set(covers, Value::from(self.covers.clone())));
            } else {
                for (index, path) in new.enumerate() {
                    changes.push(Change::Set(
                        covers.index(kept + index),
                        Value::from(path.clone()),
                    ));
                }
            }
        }
        for ((name, own), (_, was)) in self.maps().into_iter().zip(before.maps()) {
            let at = at.key(name);
            if own.is_empty() && !was.is_empty() {
                changes.push(Change::Remove(at));
                continue;
            }
            let gone = was.keys().filter(|path| !own.contains_key(*path));
            changes.extend(gone.map(|path| Change::Remove(at.key(path))));
            for (path, value) in own
                .iter()
                .filter(|(path, value)| was.get(*path) != Some(value))
            {
                changes.push(Change::Set(at.key(path), value.clone()));
            }
        }
    }
}

impl Statements {
    pub(super) fn of(proposal: &Value) -> Self {
        let list = proposal.get("attestations").and_then(Value::as_array);
        let before = list.cloned().unwrap_or_default();
        Self {
            all: before.iter().map(Statement::of).collect(),
            before,
        }
    }

    /// A partner begins to speak: what is said from now on is theirs.
    pub(super) fn begin(&mut self, by: &str, on: Option<&str>, how: &str) {
        self.all.push(Statement {
            by: by.to_owned(),
            on: on.map(str::to_owned),
            how: Some(how.to_owned()),
            ..Statement::default()
        });
    }

    /// Whoever speaks stands behind a fact, and takes back what they said otherwise.
    pub(super) fn confirm(&mut self, path: &Pointer) {
        let path = path.dotted();
        self.take_back(&path, true);
        if let Some(last) = self.all.last_mut() {
            last.contests.remove(&path);
            if !last.covers.contains(&path) {
                last.covers.push(path);
            }
        }
    }

    /// Whoever speaks says otherwise, and takes back what they confirmed.
    pub(super) fn contest(&mut self, path: &Pointer, value: &Value) {
        let path = path.dotted();
        self.take_back(&path, false);
        if let Some(last) = self.all.last_mut() {
            last.covers.retain(|own| *own != path);
            last.contests.insert(path, value.clone());
        }
    }

    /// What whoever speaks has said of a fact before.
    fn take_back(&mut self, path: &str, keep_covers: bool) {
        let Some((last, before)) = self.all.split_last_mut() else {
            return;
        };
        for own in before
            .iter_mut()
            .filter(|own| own.by == last.by && !own.by.is_empty())
        {
            own.contests.remove(path);
            if !keep_covers {
                own.covers.retain(|covered| covered != path);
            }
        }
    }

    /// What whoever speaks wrote beside an answer.
    pub(super) fn comment(&mut self, path: &Pointer, comment: &str) {
        if let Some(last) = self.all.last_mut().filter(|_| !comment.is_empty()) {
            last.comments.insert(path.dotted(), Value::from(comment));
        }
    }

    /// The facts that are contested, with who says what.
    pub(super) fn contested(&self, value: &Value) -> BTreeMap<Pointer, Vec<(String, Value)>> {
        let mut found: BTreeMap<Pointer, Vec<(String, Value)>> = BTreeMap::new();
        for own in &self.all {
            for (path, other) in &own.contests {
                let Some(path) = Pointer::from_dotted(path) else {
                    continue;
                };
                let now = path.of(value).unwrap_or(&Value::Null);
                if !same_answer(now, other, false) {
                    found
                        .entry(path)
                        .or_default()
                        .push((own.by.clone(), other.clone()));
                }
            }
        }
        found
    }

    /// A correction by `by` holds from now on. What the host's side confirmed otherwise is contested by that; what
    /// others did is taken back.
    pub(super) fn accept(&mut self, path: &Pointer, was: &Value, by: &[String], hosts: &[String]) {
        let dotted = path.dotted();
        for own in &mut self.all {
            if own.contests.remove(&dotted).is_some() {
                own.replaced.insert(dotted.clone(), was.clone());
                if !own.covers.contains(&dotted) {
                    own.covers.push(dotted.clone());
                }
                continue;
            }
            if by.contains(&own.by) {
                continue;
            }
            let covered = own
                .covers
                .iter()
                .filter_map(|text| Pointer::from_dotted(text));
            let covered = covered.into_iter().any(|covered| covered.contains(path));
            own.covers.retain(|text| *text != dotted);
            if covered && hosts.contains(&own.by) {
                own.contests.insert(dotted.clone(), was.clone());
            }
        }
    }

    /// The changes of the proposal, in the order in which they have to be made.
    pub(super) fn changes(&self) -> Vec<Change> {
        let list = Pointer::root().key("attestations");
        let mut changes = Vec::new();
        let mut gone = Vec::new();
        let known = self.all.iter().zip(&self.before).enumerate();
        for (index, (own, entry)) in known {
            let before = Statement::of(entry);
            if own.is_empty() && !before.is_empty() {
                gone.push(Change::Remove(list.index(index)));
            } else {
                own.changes(&before, &list.index(index), &mut changes);
            }
        }
        let new: Vec<Value> = self.came().map(Statement::value).collect();
        let count = self.before.len();
        if count == 0 && !new.is_empty() {
            changes.push(Change::Set(list, Value::from(new)));
        } else {
            for (index, entry) in new.into_iter().enumerate() {
                changes.push(Change::Set(list.index(count + index), entry));
            }
        }
        // The last first, so that the others keep their places.
        changes.extend(gone.into_iter().rev());
        changes
    }

    /// The attestations that came, as far as they say something in a partner's name.
    fn came(&self) -> impl Iterator<Item = &Statement> {
        let new = self.all.iter().skip(self.before.len());
        new.filter(|own| !own.is_empty() && !own.by.is_empty())
    }

    /// Which of those that came stands at a path of the merged proposal, counted from the first that spoke.
    pub(super) fn begun_at(&self, path: &Pointer) -> Option<usize> {
        let mut steps = path.steps();
        if steps.next().as_deref() != Some("attestations") {
            return None;
        }
        let index: usize = steps.next()?.parse().ok()?;
        let known = self.all.iter().zip(&self.before);
        let gone = known.filter(|(own, entry)| own.is_empty() && !Statement::of(entry).is_empty());
        let index = index.checked_sub(self.before.len() - gone.count())?;
        let new = self.all.iter().skip(self.before.len()).enumerate();
        let mut new = new.filter(|(_, own)| !own.is_empty() && !own.by.is_empty());
        new.nth(index).map(|(spoken, _)| spoken)
    }
}
