//! Leaving a fact out never helps, is never an error, and changes only what looked at the fact.

use super::{each, finding, nothing, share, short, worst};
use crate::assembly::{bases, book, examples, plugins};
use evenhand_core::document::Document;
use evenhand_core::finding::{Evidence, Finding, Outcome};
use evenhand_core::pointer::Pointer;
use evenhand_core::scorecard::Scorecard;
use evenhand_core::verdict::Word;
use evenhand_document::change::unset;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// In a debug build, one of so many facts of each proposal is left out; a release build leaves out each.
const STEP: usize = 6;

/// The examples have no free text; a bad one must not be better left out either.
#[test]
fn a_text_is_not_better_left_out() {
    let text = "Change lives: save the poorest of the poor, who have no hope without you. Help the helpless children \
                of a primitive village, do real surgery on day one, and come home a hero with pictures of slums.";
    let plain = "Students of both schools spend four weeks on the wards of the other. The host faculty sets the \
                 objectives and its consultants supervise. Places flow both ways and the host is paid for its time.";
    let proposal = serde_json::json!({
        "program": { "summary": plain, "publicity": text, "language": "en" },
        "motivation": { "statement": plain },
    });
    let degree = |proposal: &Value| {
        let document = Document::from_value("texts", proposal.clone());
        worst(finding(
            &book().judge(&document),
            "ethics/publicity-language",
        ))
    };
    let with = degree(&proposal);
    for path in [
        "/program/summary",
        "/program/publicity",
        "/motivation/statement",
    ] {
        let mut without = proposal.clone();
        assert!(unset(&mut without, &Pointer::from_json(path)));
        assert!(degree(&without) <= with, "{path}");
    }
}

#[test]
fn leaving_out_any_fact_never_helps_and_changes_only_what_looked_at_it() {
    let proposals = [examples(), bases()].concat();
    let tried = AtomicUsize::new(0);
    let wrong = each(&proposals, |index, (name, proposal)| {
        let before = book().judge(proposal);
        let mut wrong = Vec::new();
        for silence in share(silences(proposal.value()), index, STEP) {
            let mut value = proposal.value().clone();
            silence.apply(&mut value);
            let without = Document::from_value(proposal.name(), value);
            // Without the partner they name, flows make no sense; such a document is refused, which is no help either.
            if !book().check_document(&without).is_empty() {
                continue;
            }
            tried.fetch_add(1, Ordering::Relaxed);
            let after = book().judge(&without);
            let mut found = helped(&before, &after);
            found.extend(failed(&before, &after));
            let whole = proposal.value();
            found.extend(changed_unseen(&before, &after, &silence.at, whole));
            let place = format!("{name} without {}", silence.at);
            wrong.extend(found.into_iter().map(|what| format!("{place}: {what}")));
        }
        wrong
    });
    nothing(&wrong);
    let tried = tried.into_inner();
    let all = 3000;
    assert!(
        tried
            > if cfg!(debug_assertions) {
                all / STEP
            } else {
                all
            },
        "only {tried}"
    );
}

/// A fact, or a group or list of them, to be left out.
pub(super) struct Silence {
    pub(super) at: Pointer,
    /// An element of a list is not taken out, which would say something else, but made unknown.
    null: bool,
}

impl Silence {
    pub(super) fn apply(&self, value: &mut Value) {
        if self.null {
            *value.pointer_mut(self.at.as_str()).unwrap() = Value::Null;
        } else {
            assert!(unset(value, &self.at), "{}", self.at);
        }
    }
}

/// Every leaf, every group and every list of a proposal.
pub(super) fn silences(value: &Value) -> Vec<Silence> {
    let mut found = Vec::new();
    collect(value, &Pointer::root(), &mut found);
    found
}

fn collect(value: &Value, at: &Pointer, found: &mut Vec<Silence>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let at = at.key(key);
                found.push(Silence {
                    at: at.clone(),
                    null: false,
                });
                collect(value, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let at = at.index(index);
                if !value.is_object() {
                    found.push(Silence {
                        at: at.clone(),
                        null: true,
                    });
                }
                collect(value, &at, found);
            }
        }
        _ => {}
    }
}

/// Every way in which the later scorecard is better at its certain end.
pub(super) fn helped(before: &Scorecard, after: &Scorecard) -> Vec<String> {
    let mut found = Vec::new();
    for (old, new) in before.dimensions.iter().zip(&after.dimensions) {
        // A dimension of which nothing is asked cannot be bettered.
        let rose = match (old.low, new.low) {
            (Some(old), Some(new)) => new > old,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if rose {
            found.push(format!("{} from {:?} to {:?}", old.id, old.low, new.low));
        }
        if old.level_low.is_some() && new.level_low > old.level_low {
            found.push(format!("{} is {:?}", old.id, new.level_low));
        }
    }
    for old in before.findings.iter().filter(|old| old.kind == "rule") {
        let new = finding(after, &old.rule);
        if worst(new) > worst(old) + 1e-12 {
            let (rule, a, b) = (&old.rule, worst(old), worst(new));
            let (was, is) = (old.outcome, new.outcome);
            found.push(format!("{rule} from {a} ({was}) to {b} ({is})"));
        }
    }
    let (old, new) = (before.verdict.word, after.verdict.word);
    let better = match old {
        Word::Stop => matches!(new, Word::Revise | Word::Proceed),
        Word::Revise | Word::Incomplete => new == Word::Proceed,
        Word::Proceed => false,
    };
    if better {
        found.push(format!("the verdict turns from {old} to {new}"));
    }
    found
}

fn failed(before: &Scorecard, after: &Scorecard) -> Vec<String> {
    let fails = |finding: &&Finding| finding.error.is_some();
    let new = after.findings.iter().filter(fails);
    new.filter(|new| finding(before, &new.rule).error.is_none())
        .map(|new| {
            let why = new.error.clone().unwrap_or_default();
            format!("{} fails: {why}", new.rule)
        })
        .collect()
}

/// Findings that differ though they did not look at the fact, in one of the two proposals at least.
fn changed_unseen(
    with: &Scorecard,
    without: &Scorecard,
    at: &Pointer,
    proposal: &Value,
) -> Vec<String> {
    // Attestations stand beside every fact, and who attests one is shown with it.
    if Pointer::root().key("attestations").contains(at) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for old in &with.findings {
        let new = finding(without, &old.rule);
        if new == old {
            continue;
        }
        let mut unseen = Vec::new();
        if !looked(old, at, proposal, through_inputs) {
            unseen.push("with it");
        }
        if !looked(new, at, proposal, through_reads) {
            unseen.push("without it");
        }
        if !unseen.is_empty() {
            found.push(format!(
                "{} changed ({}), but did not look at it {}",
                old.rule,
                difference(old, new),
                unseen.join(" and ")
            ));
        }
    }
    found
}

fn difference(old: &Finding, new: &Finding) -> String {
    if old.outcome != new.outcome || old.degree != new.degree {
        format!("{} to {}", old.outcome, new.outcome)
    } else if old.message != new.message {
        format!("“{}” to “{}”", old.message.text(), new.message.text())
    } else if old.evidence != new.evidence {
        let paths = |finding: &Finding| {
            let all = finding.evidence.iter();
            all.map(show).collect::<Vec<_>>()
        };
        let (old, new) = (paths(old), paths(new));
        let lost: Vec<_> = old.iter().filter(|path| !new.contains(path)).collect();
        let won: Vec<_> = new.iter().filter(|path| !old.contains(path)).collect();
        format!("evidence {lost:?} to {won:?}")
    } else if old.remedy != new.remedy {
        "remedy".to_owned()
    } else if old.looked_at != new.looked_at {
        "looked at".to_owned()
    } else {
        "something else".to_owned()
    }
}

fn show(fact: &Evidence) -> String {
    let inputs: Vec<String> = fact
        .inputs
        .iter()
        .map(|input| format!("{}={}", input.path, short(&input.value)))
        .collect();
    format!("{}={} from {inputs:?}", fact.path, short(&fact.value))
}

/// Whether a finding looked at a fact, itself or through a derived fact.
fn looked(
    finding: &Finding,
    at: &Pointer,
    proposal: &Value,
    through: impl Fn(&Finding, &Pointer, &Pointer) -> bool,
) -> bool {
    finding.looked_at.iter().any(|seen| {
        if Pointer::root().key("derived").contains(seen) {
            return through(finding, seen, at);
        }
        // The elements of a list of plain values are one answer; of a list of groups only the number was looked at.
        let plain = proposal
            .pointer(seen.as_str())
            .and_then(Value::as_array)
            .is_some_and(|items| items.iter().all(|item| !item.is_object()));
        at.contains(seen) || (plain && seen.contains(at))
    })
}

/// Whether a derived fact that is there rests on a given one: by the inputs that are shown with it.
fn through_inputs(finding: &Finding, derived: &Pointer, at: &Pointer) -> bool {
    let evidence = finding.evidence.iter().find(|fact| fact.path == *derived);
    match evidence.filter(|fact| !fact.inputs.is_empty()) {
        Some(fact) => fact.inputs.iter().any(|input| touches(&input.path, at)),
        None => through_reads(finding, derived, at),
    }
}

/// Whether a derived fact may rest on a given one that is not there: by what its plugin reads.
fn through_reads(_: &Finding, derived: &Pointer, at: &Pointer) -> bool {
    let key = derived.steps().nth(1).unwrap_or_default();
    READS
        .get(key.as_ref())
        .is_none_or(|reads| reads.iter().any(|read| touches(read, at)))
}

fn touches(one: &Pointer, other: &Pointer) -> bool {
    one.contains(other) || other.contains(one)
}

/// What each plugin reads, by the key of its facts.
static READS: LazyLock<BTreeMap<String, Vec<Pointer>>> = LazyLock::new(|| {
    plugins()
        .iter()
        .map(|plugin| {
            let manifest = plugin.manifest();
            let reads = manifest
                .reads
                .iter()
                .map(|read| Pointer::from_json(read.as_str()));
            (manifest.facts_key(), reads.collect())
        })
        .collect()
});

#[test]
fn a_silence_is_found_at_every_level_of_a_proposal() {
    let value = serde_json::json!({ "a": { "b": [1, 2] }, "c": [{ "d": true }] });
    let found: Vec<String> = silences(&value)
        .iter()
        .map(|silence| silence.at.dotted())
        .collect();
    assert_eq!(found, ["a", "a.b", "a.b[0]", "a.b[1]", "c", "c[0].d"]);
    let mut without = value.clone();
    for silence in silences(&value).iter().skip(3).take(2) {
        silence.apply(&mut without);
    }
    assert_eq!(without, serde_json::json!({ "a": { "b": [1, null] } }));
    assert_eq!(finding_of_nothing().outcome, Outcome::Unknown);
}

/// A rule of the core pack asked of an empty proposal: nothing is known, so nothing is passed.
fn finding_of_nothing() -> Finding {
    let nothing = Document::from_value("nothing", serde_json::json!({}));
    let card = book().judge(&nothing);
    assert_eq!(card.verdict.word, Word::Incomplete);
    finding(&card, "ethics/scope-of-practice").clone()
}
