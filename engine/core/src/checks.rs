//! *Please check*: answers that are odd, and may be right all the same. Somebody has to say so.
//!
//! Pages of packs and plugins raise checks. A proposal with one that is open is judged as given, and once more with what is in
//! doubt left out, or read otherwise; the lower result counts. So until it is settled an odd answer buys nothing.

use crate::document::Document;
use crate::finding::{Change, Evidence, Finding, Message, Outcome};
use crate::pointer::Pointer;
use crate::rule::facts::Facts;
use crate::rule::script::{Halt, Odd};
use crate::rulebook::{Rule, Rulebook};
use crate::schema::Schema;
use crate::words::Words;
use evenhand_diagnostic::message::places;
use evenhand_document::change::{set, unset};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something to check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Which check it is: the id of its page, or the plugin's id and its code.
    pub code: String,
    /// The plugin that raised it; none for a page of a pack.
    pub plugin: Option<String>,
    /// What people are asked.
    pub question: Message,
    /// The answers that were compared, those in doubt among them.
    pub compares: Vec<Evidence>,
    /// The answers that count as not known until it is settled.
    pub doubts: Vec<Pointer>,
    /// What may have been meant, where that can be said.
    pub reading: Option<Reading>,
    /// Who has checked it, if somebody has.
    pub settled: Option<Settled>,
    /// Whether somebody checked it while the answers were others.
    pub outdated: bool,
}

/// Another way to read the answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is in a few words, such as `counted once`.
    pub says: String,
    /// What the proposal would say then.
    pub changes: Vec<Change>,
}

/// That somebody has checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The partner who did; empty where that is not said.
    pub by: String,
    /// The day, as it is written; empty where that is not said.
    pub on: String,
    /// Whether nobody on the host's side has.
    pub self_declared: bool,
}

/// What a plugin raised, before the facts are laid out.
#[derive(Debug, Clone)]
pub(crate) struct Raised {
    pub(crate) plugin: String,
    pub(crate) code: String,
    pub(crate) question: Message,
    pub(crate) compares: Vec<Pointer>,
    pub(crate) doubts: Vec<Pointer>,
    pub(crate) reading: Option<Reading>,
}

impl Check {
    /// Whether it still waits for somebody.
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    /// What has to stand in `checked` to settle it: the values compared, by their dotted paths.
    pub fn values(&self) -> BTreeMap<String, &Value> {
        let values = self.compares.iter();
        values
            .map(|fact| (fact.path.dotted(), &fact.value))
            .collect()
    }

    /// Looks for an entry of `checked` that has every value as it is.
    fn settle(&mut self, proposal: &Value, host: &[String], schema: &Schema) {
        let entries = proposal.get("checked").and_then(Value::as_array);
        let text = |entry: &Value, key: &str| {
            let text = entry.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let entries = entries.into_iter().flatten();
        for entry in entries.filter(|entry| text(entry, "code") == self.code) {
            if !self.is_settled_by(entry, proposal, schema) {
                self.outdated = true;
                continue;
            }
            let by = text(entry, "by");
            let by_host = host.contains(&by);
            if by_host || self.settled.is_none() {
                self.settled = Some(Settled {
                    on: text(entry, "on"),
                    self_declared: !by_host,
                    by,
                });
            }
        }
        self.outdated &= self.settled.is_none();
    }

    fn is_settled_by(&self, entry: &Value, proposal: &Value, schema: &Schema) -> bool {
        let Some(values) = entry.get("values").and_then(Value::as_object) else {
            return false;
        };
        let named: BTreeMap<Pointer, &Value> = values
            .iter()
            .filter_map(|(path, value)| Some((Pointer::from_dotted(path)?, value)))
            .collect();
        let holds = |(path, value): (&Pointer, &&Value)| {
            let now = path.of(proposal).unwrap_or(&Value::Null);
            // A range may be written in every way that the field takes.
            let field = schema.find(&path.dotted());
            let range = field.and_then(|field| schema.range_at(field, value));
            range.map_or_else(|| same(now, value), |range| same(now, &range.to_json()))
        };
        named.len() == values.len()
            && named.iter().all(holds)
            && self
                .compares
                .iter()
                .all(|fact| named.contains_key(&fact.path))
    }
}

/// Whether two values say the same: 6 and 6.0 do.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
        }
        (Value::Object(one), Value::Object(other)) => {
            let there = |(key, value): (&String, &Value)| {
                other.get(key).is_some_and(|other| same(value, other))
            };
            one.len() == other.len() && one.iter().all(there)
        }
        (one, other) => one == other,
    }
}

/// The proposal as it is judged besides: with everything that is in doubt left out, and with it read otherwise as well. Nothing
/// where no check is open.
pub(crate) fn other_readings(proposal: &Document, checks: &[Check]) -> Vec<Document> {
    let open = || checks.iter().filter(|check| check.is_open());
    let mut silent = proposal.value().clone();
    for doubt in open().flat_map(|check| &check.doubts) {
        leave_out(&mut silent, doubt);
    }
    let mut documents = Vec::new();
    if open().any(|check| !check.doubts.is_empty()) {
        documents.push(Document::from_value(proposal.name(), silent.clone()));
    }
    let readings = open().filter_map(|check| check.reading.as_ref());
    let changes: Vec<&Change> = readings.flat_map(|reading| &reading.changes).collect();
    if changes.is_empty() {
        return documents;
    }
    for mut value in [proposal.value().clone(), silent] {
        for change in &changes {
            // A place that is not there any more was in doubt itself.
            let _left_out = set(&mut value, &change.path, change.value.clone()).is_ok();
        }
        documents.push(Document::from_value(proposal.name(), value));
    }
    documents.dedup_by(|one, other| one.value() == other.value());
    documents
}

/// Makes an answer one that nobody has given: a list of which an element is in doubt is not known as a whole.
fn leave_out(value: &mut Value, at: &Pointer) {
    let mut place = at.clone();
    while let Some(parent) = place.parent() {
        match parent.of(value) {
            Some(Value::Array(_)) => place = parent,
            _ => break,
        }
    }
    unset(value, &place);
}

impl Rulebook {
    /// Everything to check in a proposal: what pages of packs ask, in their order, then what plugins raised.
    pub(crate) fn checks(
        &self,
        raised: Vec<Raised>,
        facts: &Arc<Facts>,
        failed: &mut Vec<Finding>,
    ) -> Vec<Check> {
        let mut checks = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.is_check()) {
            match self.ask_check(rule, facts) {
                Ok(found) => checks.extend(found),
                Err(reason) => failed.push(failure(rule, reason)),
            }
        }
        checks.extend(raised.into_iter().map(|raised| Check {
            code: format!("{}/{}", raised.plugin, raised.code),
            plugin: Some(raised.plugin),
            question: raised.question,
            compares: compared(facts, raised.compares.iter().chain(&raised.doubts)),
            doubts: raised.doubts,
            reading: raised.reading,
            settled: None,
            outdated: false,
        }));
        if !checks.is_empty() {
            let host = self.host_side(facts);
            for check in &mut checks {
                check.settle(facts.value(), &host, &self.schema);
            }
        }
        checks
    }

    /// What one page asks to be checked: nothing where what it asks about is not known, since it counts as not known anyway.
    pub(crate) fn ask_check(&self, rule: &Rule, facts: &Arc<Facts>) -> Result<Vec<Check>, String> {
        let Some(script) = &rule.script else {
            return Ok(Vec::new());
        };
        let (odd, read) = self.odd(script, rule, facts);
        let elements = match odd {
            Ok(Odd::No) | Err(Halt::Stopped(_)) => return Ok(Vec::new()),
            Ok(Odd::Whole) => vec![None],
            Ok(Odd::At(elements)) => elements.into_iter().map(Some).collect(),
            Err(Halt::Failed(reason)) => return Err(reason),
        };
        let read = given(facts, read);
        let check = |element: Option<Pointer>| {
            let doubts = rule.page.doubts.iter();
            let doubts: Vec<Pointer> = doubts
                .flat_map(|path| expanded(facts.value(), path, element.as_ref()))
                .collect();
            let own = read
                .iter()
                .filter(|path| !is_beside(path, element.as_ref()));
            let mut compares = compared(facts, own.chain(&doubts));
            // Where nobody has said it, there is nothing to doubt.
            let doubts: Vec<Pointer> = doubts
                .into_iter()
                .filter(|path| facts.value_at(path).is_some())
                .collect();
            compares.retain(|fact| !fact.value.is_null());
            Check {
                code: rule.page.id.clone(),
                plugin: None,
                question: question(&rule.page.asks, facts, element.as_ref()),
                compares,
                doubts,
                reading: None,
                settled: None,
                outdated: false,
            }
        };
        Ok(elements.into_iter().map(check).collect())
    }

    /// The partners on the host's side of a proposal, by the pack's own function; nobody where that cannot be told.
    pub fn hosts(&self, proposal: &Document) -> Vec<String> {
        let mut hosts = self.host_side(&self.facts(proposal));
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// The partners on the host's side, by the pack's own function; nobody where that cannot be told.
    pub(crate) fn host_side(&self, facts: &Arc<Facts>) -> Vec<String> {
        let name = &self.info.host_side;
        if name.is_empty() {
            return Vec::new();
        }
        self.names(name, facts).unwrap_or_default()
    }

    /// Puts the questions of checks into a language.
    pub(crate) fn translate_checks(checks: &mut [Check], words: &dyn Words) {
        for check in checks {
            check.question.said = Some(words.message(&check.question));
        }
    }
}

/// The question of a page, with the answers that its places name.
fn question(asks: &str, facts: &Facts, element: Option<&Pointer>) -> Message {
    let args = places(asks).into_iter().map(|place| {
        let name = place.split_once(':').map_or(place, |(name, _)| name);
        let paths = expanded(facts.value(), name, element);
        let values: Vec<Value> = paths
            .iter()
            .filter_map(|path| facts.value_at(path).cloned())
            .collect();
        let value = match values.as_slice() {
            [value] => value.clone(),
            _ => Value::Array(values),
        };
        (name.to_owned(), value)
    });
    let args = args.collect();
    Message::new(asks, args).unwrap_or_else(|_| Message::plain(asks))
}

/// A check whose script failed is loud, and nobody passes.
fn failure(rule: &Rule, reason: String) -> Finding {
    Finding {
        kind: "rule",
        outcome: Outcome::Error,
        message: Message::plain("This rule failed, so nobody passes it"),
        error: Some(reason),
        ..crate::evaluate::blank(rule)
    }
}

/// The facts behind some paths, each once.
fn compared<'p>(facts: &Facts, paths: impl Iterator<Item = &'p Pointer>) -> Vec<Evidence> {
    let mut known = BTreeSet::new();
    paths
        .filter(|path| known.insert(*path))
        .map(|path| crate::evaluate::evidence(facts, path))
        .collect()
}

/// The given facts among those read; for a derived one, what it rests on.
fn given(facts: &Facts, read: Vec<Pointer>) -> Vec<Pointer> {
    let derived = Pointer::root().key("derived");
    let one = |path: Pointer| {
        if derived.contains(&path) {
            facts.inputs_of(&path).to_vec()
        } else {
            vec![path]
        }
    };
    read.into_iter().flat_map(one).collect()
}

/// Whether a path lies in another element of the list in which `element` stands.
fn is_beside(path: &Pointer, element: Option<&Pointer>) -> bool {
    let Some((element, list)) = element.and_then(|element| Some((element, element.parent()?)))
    else {
        return false;
    };
    list.contains(path) && *path != list && !element.contains(path)
}

/// The places that a path of a page stands for: `[]` is the element in question, or each where there is none.
fn expanded(value: &Value, path: &str, element: Option<&Pointer>) -> Vec<Pointer> {
    let Some(path) = Pointer::from_dotted(path) else {
        return Vec::new();
    };
    let mut found = vec![Pointer::root()];
    for step in path.steps() {
        let mut next = Vec::new();
        for at in found {
            if step != "-" {
                next.push(at.key(&step));
                continue;
            }
            let here = element.filter(|element| element.parent().as_ref() == Some(&at));
            if let Some(element) = here {
                next.push(element.clone());
            } else {
                let items = at.of(value).and_then(Value::as_array);
                let count = items.map_or(0, Vec::len);
                next.extend((0..count).map(|index| at.index(index)));
            }
        }
        found = next;
    }
    found
}

#[cfg(test)]
mod tests;
