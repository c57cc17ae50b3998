//! Changes that somebody approved: a list in a file, which later runs are held against.

use super::{Change, Impact, Row};
use evenhand_core::document::Document;
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::{Problem, did_you_mean};
use evenhand_core::rulebook::Rulebook;
use serde_json::Value;
use std::collections::BTreeSet;

/// The version of the file; it rises with any break.
const VERSION: u64 = 1;

const TOP: [&str; 2] = ["version", "approved"];
const KEYS: [&str; 5] = ["proposal", "what", "from", "to", "reason"];

/// A change that somebody approved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Approval {
    /// The program's id, or where it stands if it has none.
    pub proposal: String,
    /// What changes: `verdict`, `level.<dimension>`, `finding.<rule>`, `judged`.
    pub what: String,
    /// What came out before.
    pub from: String,
    /// What comes out.
    pub to: String,
    /// Why it is right, where somebody wrote that.
    pub reason: Option<String>,
}

/// An approval that is for nothing that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The approval.
    pub approval: Approval,
    /// Why it is for nothing.
    pub why: Why,
}

/// Why an approval is for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The corpus has no such program.
    NoProgram,
    /// The program does not change in this any more.
    Unchanged,
    /// It changes otherwise: from what, and to what.
    Otherwise(String, String),
}

/// Reads a list of approved changes; everything wrong with it comes back at once.
pub fn read(document: &Document) -> Result<Vec<Approval>, Vec<Problem>> {
    let mut problems = Vec::new();
    let root = Pointer::root();
    only(document, &root, &TOP, &mut problems);
    let value = document.value();
    if !value.is_object() {
        let problem = Problem::error("this is no list of approved changes");
        return Err(vec![document.problem_at(&root, problem)]);
    }
    match value.get("version").map(Value::as_u64) {
        Some(Some(VERSION)) => {}
        found => {
            let at = root.key("version");
            let at = if found.is_some() { at } else { root.clone() };
            let problem = Problem::error("this program does not know this version of the list")
                .expected(format!("`version = {VERSION}`"));
            problems.push(document.problem_at(&at, problem));
        }
    }
    let list = match value.get("approved") {
        None => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => {
            let problem = Problem::error("`approved` is no list").expected("tables `[[approved]]`");
            problems.push(document.problem_at(&root.key("approved"), problem));
            &[]
        }
    };
    let mut approvals: Vec<Approval> = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let at = root.key("approved").index(index);
        let Some(approval) = entry_of(document, &at, entry, &mut problems) else {
            continue;
        };
        let same = |known: &Approval| {
            (&known.proposal, &known.what) == (&approval.proposal, &approval.what)
                && (&known.from, &known.to) == (&approval.from, &approval.to)
        };
        if approvals.iter().any(same) {
            let problem = Problem::error("this change is approved twice");
            problems.push(document.problem_at(&at, problem));
        }
        approvals.push(approval);
    }
    if problems.is_empty() {
        Ok(approvals)
    } else {
        Err(problems)
    }
}

fn entry_of(
    document: &Document,
    at: &Pointer,
    entry: &Value,
    problems: &mut Vec<Problem>,
) -> Option<Approval> {
    if !entry.is_object() {
        let problem = Problem::error("an approved change is a table");
        problems.push(document.problem_at(at, problem));
        return None;
    }
    only(document, at, &KEYS, problems);
    let before = problems.len();
    let mut text = |key: &str, needed: bool| match entry.get(key) {
        Some(Value::String(text)) if !text.trim().is_empty() => text.trim().to_owned(),
        Some(Value::Null) | None if !needed => String::new(),
        found => {
            let message = format!("an approved change says its `{key}` as text");
            let place = at.key(key);
            let place = if found.is_some() { &place } else { at };
            problems.push(document.problem_at(place, Problem::error(message)));
            String::new()
        }
    };
    let approval = Approval {
        proposal: text("proposal", true),
        what: text("what", true),
        from: text("from", true),
        to: text("to", true),
        reason: Some(text("reason", false)).filter(|reason| !reason.is_empty()),
    };
    let known = ["judged", "verdict"].contains(&approval.what.as_str())
        || ["level.", "finding."].iter().any(|grade| {
            let rest = approval.what.strip_prefix(grade);
            rest.is_some_and(|rest| !rest.is_empty())
        });
    if !known && !approval.what.is_empty() {
        let problem = Problem::error(format!("`{}` is nothing that changes", approval.what))
            .expected("verdict, level.<dimension>, finding.<rule> or judged");
        problems.push(document.problem_at(&at.key("what"), problem));
    }
    (problems.len() == before).then_some(approval)
}

fn only(document: &Document, at: &Pointer, known: &[&str], problems: &mut Vec<Problem>) {
    let names = at.of(document.value()).and_then(Value::as_object);
    for name in names.into_iter().flat_map(serde_json::Map::keys) {
        if !known.contains(&name.as_str()) {
            let problem = Problem::error(format!("`{name}` is not a key of approved changes"))
                .expected(format!("one of {}", known.join(", ")))
                .suggest_maybe(did_you_mean(name, known.iter().copied()));
            problems.push(document.problem_at_key(&at.key(name), problem));
        }
    }
}

impl Approval {
    /// The same with its rule by the id that it has in a rulebook, where the list names it by a former one.
    #[must_use]
    pub fn named_in(mut self, book: &Rulebook) -> Self {
        let rule = self.what.strip_prefix("finding.");
        if let Some(now) = rule.and_then(|rule| book.renamed(rule)) {
            self.what = format!("finding.{now}");
        }
        self
    }

    fn is_of(&self, row: &Row, change: &Change) -> bool {
        self.proposal == row.key()
            && self.what == change.what()
            && self.from == change.from.code()
            && self.to == change.to.code()
    }

    /// What changed of a program.
    fn of(row: &Row, change: &Change) -> Self {
        Self {
            proposal: row.key().to_owned(),
            what: change.what(),
            from: change.from.code(),
            to: change.to.code(),
            reason: None,
        }
    }
}

impl Impact {
    /// Marks what is approved, and says which approvals are for nothing. What cannot be judged says nothing of either.
    pub fn hold_against(&mut self, approvals: &[Approval]) -> Vec<Stale> {
        for row in &mut self.rows {
            let mut changes = std::mem::take(&mut row.changes);
            for change in &mut changes {
                change.approved = approvals.iter().any(|one| one.is_of(row, change));
            }
            row.changes = changes;
        }
        let stale = approvals.iter().filter_map(|approval| {
            let why = self.why_stale(approval)?;
            Some(Stale {
                approval: approval.clone(),
                why,
            })
        });
        stale.collect()
    }

    fn why_stale(&self, approval: &Approval) -> Option<Why> {
        let of = |row: &&Row| row.key() == approval.proposal;
        let mut rows = self.rows.iter().filter(of).peekable();
        if rows.peek().is_none() {
            // A program that cannot be read has lost its id, and may be the one that is meant.
            let lost = |row: &Row| row.id.is_empty() && row.is_broken();
            return (!self.rows.iter().any(lost)).then_some(Why::NoProgram);
        }
        let rows: Vec<&Row> = rows.collect();
        if rows.iter().any(|row| row.is_broken()) {
            return None;
        }
        let all = || {
            rows.iter()
                .flat_map(|row| row.changes.iter().map(move |change| (row, change)))
        };
        if all().any(|(row, change)| approval.is_of(row, change)) {
            return None;
        }
        let same = all().find(|(_, change)| change.what() == approval.what);
        Some(same.map_or(Why::Unchanged, |(_, change)| {
            Why::Otherwise(change.from.code(), change.to.code())
        }))
    }

    /// The list of all changes as approved, with the reasons of `known` for those that were approved before. Approvals of
    /// programs that cannot be judged now stay.
    pub fn approve(&self, known: &[Approval]) -> String {
        let mut approvals: BTreeSet<Approval> = BTreeSet::new();
        for row in &self.rows {
            for change in &row.changes {
                let before = known.iter().find(|one| one.is_of(row, change)).cloned();
                approvals.insert(before.unwrap_or_else(|| Approval::of(row, change)));
            }
        }
        let undecided = known.iter().filter(|one| {
            let happens = approvals
                .iter()
                .any(|known| (&known.proposal, &known.what) == (&one.proposal, &one.what));
            !happens && self.why_stale(one).is_none()
        });
        let undecided: Vec<Approval> = undecided.cloned().collect();
        approvals.extend(undecided);
        write(&approvals)
    }
}

/// A list of approved changes as a file, the same for the same changes.
fn write(approvals: &BTreeSet<Approval>) -> String {
    let mut text = format!(
        "# Changes that are approved. `evenhand rules impact --approve` writes this file; a `reason` that is added to an entry stays.\n\
         version = {VERSION}\n"
    );
    for approval in approvals {
        text.push_str("\n[[approved]]\n");
        let reason = approval.reason.as_deref();
        let lines = [
            ("proposal", Some(approval.proposal.as_str())),
            ("what", Some(&approval.what)),
            ("from", Some(&approval.from)),
            ("to", Some(&approval.to)),
            ("reason", reason),
        ];
        for (key, value) in lines {
            if let Some(value) = value {
                text.push_str(&format!("{key} = {}\n", quoted(value)));
            }
        }
    }
    text
}

/// A text as TOML has it: what JSON escapes is escaped the same way, but for one character.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}
