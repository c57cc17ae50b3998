//! What a plugin answered, before anything of it is used: the form, the bounds, and whether it keeps to what the manifest
//! says and the proposal holds. The engine refuses by this, and so does `evenhand plugin check`.

use crate::manifest::Manifest;
use crate::ranges;
use crate::schema;
use crate::strict_json;
use crate::wire::{Assessed, Check as Raised, Derived, Edit, Evidence, Finding};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Bounds of what an answer may hold.
pub mod bounds {
    /// Characters of a message with everything filled in.
    pub const MESSAGE: usize = 4_000;
    /// Characters of a message as it is written, and of any other sentence.
    pub const SENTENCE: usize = 2_000;
    /// Arguments, and places in a message.
    pub const ARGUMENTS: usize = 32;
    /// Bytes of one argument, or of the value of one change.
    pub const VALUE: usize = 4_096;
    /// Places that one finding rests on, or that are missing for it.
    pub const EVIDENCE: usize = 100;
    /// Changes that one finding proposes.
    pub const REMEDY: usize = 50;
    /// Findings of one answer.
    pub const FINDINGS: usize = 1_000;
    /// Complaints about one proposal.
    pub const COMPLAINTS: usize = 100;
    /// Things to check in one proposal.
    pub const CHECKS: usize = 100;
    /// Pairs of a fact and a place that it rests on, or for want of which it is missing.
    pub const INPUTS: usize = 20_000;
    /// Bytes of a pointer.
    pub const POINTER: usize = 1_000;
}

/// Reads the answer to `derive`; `document` is what the plugin was handed. Every breach is listed.
pub fn derived(manifest: &Manifest, document: &Value, text: &str) -> Result<Derived, Vec<String>> {
    let answer: Derived = form(text)?;
    let mut check = Check::of(manifest, document);
    check.facts(&answer);
    for complaint in &answer.problems {
        check.places("problems", [&complaint.path]);
        let words = [Some(&complaint.message), complaint.expected.as_ref()];
        for words in words.into_iter().flatten().chain(&complaint.suggestion) {
            check.at_most(
                "a sentence of `problems`",
                words.chars().count(),
                bounds::SENTENCE,
            );
        }
        if let Some(value) = &complaint.value {
            check.at_most(
                "the value of a problem",
                value.to_string().len(),
                bounds::VALUE,
            );
        }
    }
    check.at_most("`problems`", answer.problems.len(), bounds::COMPLAINTS);
    check.at_most("`checks`", answer.checks.len(), bounds::CHECKS);
    for raised in &answer.checks {
        check.raised(raised);
    }
    check.verdict(answer)
}

/// Reads the answer to `assess`, as [`derived`] does.
pub fn assessed(
    manifest: &Manifest,
    document: &Value,
    text: &str,
) -> Result<Assessed, Vec<String>> {
    let answer: Assessed = form(text)?;
    let mut check = Check::of(manifest, document);
    check.at_most("`findings`", answer.findings.len(), bounds::FINDINGS);
    for finding in &answer.findings {
        check.finding(finding);
    }
    check.verdict(answer)
}

fn form<T: DeserializeOwned>(text: &str) -> Result<T, Vec<String>> {
    let read = strict_json::read(text, strict_json::VALUES).and_then(serde_json::from_value);
    read.map_err(|error| vec![format!("the answer is malformed: {error}")])
}

/// What is wrong so far.
struct Check<'a> {
    manifest: &'a Manifest,
    document: &'a Value,
    found: Vec<String>,
}

impl<'a> Check<'a> {
    fn of(manifest: &'a Manifest, document: &'a Value) -> Self {
        Self {
            manifest,
            document,
            found: Vec::new(),
        }
    }

    fn verdict<T>(self, answer: T) -> Result<T, Vec<String>> {
        if self.found.is_empty() {
            Ok(answer)
        } else {
            Err(self.found)
        }
    }

    fn say(&mut self, what: impl Into<String>) {
        /// More says nothing new.
        const MOST: usize = 50;
        if self.found.len() < MOST {
            self.found.push(what.into());
        }
    }

    fn at_most(&mut self, what: &str, size: usize, most: usize) {
        if size > most {
            self.say(format!("{what} has {size}, and at most {most} are taken"));
        }
    }

    /// Places must lie in what the plugin is handed.
    fn places<'p>(&mut self, of: &str, places: impl IntoIterator<Item = &'p String>) {
        for place in places {
            self.at_most("a pointer", place.len(), bounds::POINTER);
            let reads = self.manifest.reads.iter();
            if !reads.clone().any(|read| below(read, place)) {
                self.say(format!(
                    "{}: `{}` is outside what the manifest `reads`",
                    short(of),
                    short(place)
                ));
            }
        }
    }

    fn facts(&mut self, answer: &Derived) {
        let facts = Value::Object(answer.facts.clone());
        let provides = &self.manifest.provides;
        // A range fits where both of its ends do.
        let mut wrong = Vec::new();
        if self.manifest.ranges {
            let mut ends = [facts.clone(), facts.clone()];
            for (all, end) in ends.iter_mut().zip(["from", "to"]) {
                ranges::take_end(all, end);
                wrong.extend(schema::check(all, provides, ""));
            }
            wrong.extend(ranges::reversed(&facts, ""));
            wrong.dedup();
        } else {
            wrong.extend(schema::check(&facts, provides, ""));
        }
        for wrong in wrong {
            self.say(format!("facts: {wrong}"));
        }
        let (inputs, missing) = (answer.inputs.values(), answer.missing.values());
        let pairs: usize = inputs.chain(missing).map(|list| list.len().max(1)).sum();
        self.at_most("`inputs` with `missing`", pairs, bounds::INPUTS);
        for (fact, inputs) in &answer.inputs {
            if facts.pointer(fact).is_none() {
                self.say(format!("inputs: there is no fact `{}`", short(fact)));
            }
            self.places("inputs", inputs);
        }
        for (fact, inputs) in &answer.missing {
            if there(&facts, fact) {
                self.say(format!("missing: the fact `{}` is there", short(fact)));
            }
            if !schema::declares(provides, fact) {
                let fact = short(fact);
                self.say(format!("missing: `{fact}` is not declared in `provides`"));
            }
            if inputs.is_empty() {
                let fact = short(fact);
                self.say(format!("missing: `{fact}` names nothing that prevented it"));
            }
            self.places("missing", inputs);
        }
    }

    fn finding(&mut self, finding: &Finding) {
        let rule = &finding.rule;
        if !self.manifest.rules.iter().any(|known| known.id == *rule) {
            let rule = short(rule);
            self.say(format!("findings: the manifest has no rule `{rule}`"));
        }
        if let Err(why) = finding.check() {
            self.say(format!("findings: {why}"));
        }
        self.message(rule, &finding.message, &finding.args);
        if let Some(help) = &finding.help {
            self.at_most("a `help`", help.chars().count(), bounds::SENTENCE);
        }
        self.at_most("`missing`", finding.missing.len(), bounds::EVIDENCE);
        self.places(rule, &finding.missing);
        self.at_most("`evidence`", finding.evidence.len(), bounds::EVIDENCE);
        for evidence in &finding.evidence {
            self.places(rule, [&evidence.path]);
            if let Err(why) = quoted(self.document, evidence) {
                self.say(format!("findings: `{}`: {why}", short(rule)));
            }
        }
        self.at_most("`remedy`", finding.remedy.len(), bounds::REMEDY);
        for Edit { path, value } in &finding.remedy {
            self.places(rule, [path]);
            self.at_most(
                "the value of a change",
                value.to_string().len(),
                bounds::VALUE,
            );
        }
    }

    fn raised(&mut self, raised: &Raised) {
        let code = &raised.code;
        if let Err(why) = raised.check() {
            self.say(format!("checks: {why}"));
        }
        let compared = raised.compares.len() + raised.doubts.len();
        self.at_most("a check", compared, bounds::EVIDENCE);
        self.places(code, raised.compares.iter().chain(&raised.doubts));
        for path in &raised.compares {
            let value = self.document.pointer(path);
            if value.is_none_or(Value::is_null) {
                let (code, path) = (short(code), short(path));
                self.say(format!("checks: `{code}`: there is nothing at `{path}`"));
            }
        }
        self.message(code, &raised.question, &raised.args);
        if let Some(reading) = &raised.reading {
            self.at_most("a reading", reading.changes.len(), bounds::REMEDY);
            self.at_most("a `says`", reading.says.chars().count(), bounds::SENTENCE);
            for Edit { path, value } in &reading.changes {
                self.places(code, [path]);
                let size = value.to_string().len();
                self.at_most("the value of a reading", size, bounds::VALUE);
            }
        }
    }

    /// Bounds hold for the message with everything filled in: a short template may name a long argument many times.
    fn message(&mut self, of: &str, message: &str, args: &BTreeMap<String, Value>) {
        self.at_most("a `message`", message.chars().count(), bounds::SENTENCE);
        self.at_most("`args`", args.len(), bounds::ARGUMENTS);
        for value in args.values() {
            self.at_most("an argument", value.to_string().len(), bounds::VALUE);
        }
        let names = placeholders(message);
        self.at_most(
            "the placeholders of a `message`",
            names.len(),
            bounds::ARGUMENTS,
        );
        // Too many places are refused before they are counted: counting alone could take long.
        if names.len() > bounds::ARGUMENTS {
            return;
        }
        let mut filled = message.chars().count();
        for name in names {
            let name = name.split_once(':').map_or(name, |(name, _)| name);
            match args.get(name) {
                Some(Value::String(text)) => filled += text.chars().count(),
                Some(value) => filled += value.to_string().len(),
                None => self.say(format!(
                    "`{}`: the message has `{{{}}}`, but no such argument",
                    short(of),
                    short(name)
                )),
            }
        }
        self.at_most("a `message` with its arguments", filled, bounds::MESSAGE);
    }
}

/// The beginning of what a plugin wrote, for a sentence about it: dozens of them must not grow with what it wrote.
pub(crate) fn short(text: &str) -> Cow<'_, str> {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Whether `inner` is `outer` or lies below it.
fn below(outer: &str, inner: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether there is a fact at `pointer`, or above it one that has no parts.
fn there(facts: &Value, pointer: &str) -> bool {
    let mut at = pointer;
    loop {
        match facts.pointer(at) {
            Some(_) if at == pointer => return true,
            Some(Value::Object(_) | Value::Array(_)) => return false,
            Some(_) => return true,
            None => {}
        }
        let Some((above, _)) = at.rsplit_once('/') else {
            return false;
        };
        at = above;
    }
}

/// The words must stand in the text at the place they are said to be from.
fn quoted(document: &Value, evidence: &Evidence) -> Result<(), String> {
    let path = short(&evidence.path);
    let Some(value) = document
        .pointer(&evidence.path)
        .filter(|value| !value.is_null())
    else {
        return Err(format!("there is no evidence at `{path}`"));
    };
    let (quote, range) = (&evidence.quote, evidence.start.zip(evidence.end));
    if quote.is_none() && evidence.start.is_none() && evidence.end.is_none() {
        return Ok(());
    }
    let Some(text) = value.as_str() else {
        return Err(format!("`{path}` is no text, and cannot be quoted"));
    };
    let Some(quote) = quote else {
        return Err(format!("a range of `{path}` without its words"));
    };
    let Some((start, end)) = range else {
        return match text.contains(quote.as_str()) && !quote.is_empty() {
            true if evidence.start.is_none() && evidence.end.is_none() => Ok(()),
            true => Err(format!("the quote of `{path}` has a start or an end alone")),
            false => Err(format!("`{}` does not stand at `{path}`", short(quote))),
        };
    };
    let there: String = text
        .chars()
        .skip(start)
        .take(end.saturating_sub(start))
        .collect();
    let counted = end.checked_sub(start) == Some(quote.chars().count());
    if there != *quote || !counted || quote.is_empty() {
        return Err(format!(
            "`{path}` has `{}` from {start} to {end}, not `{}`",
            short(&there),
            short(quote)
        ));
    }
    Ok(())
}

/// The names in braces of a message; doubled braces are plain text.
fn placeholders(message: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = message;
    while let Some((_, after)) = rest.split_once('{') {
        if let Some(plain) = after.strip_prefix('{') {
            rest = plain;
        } else if let Some((name, after)) = after.split_once('}') {
            names.push(name);
            rest = after;
        } else {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests;
