//! What an answer may hold: facts that fit the schema, pointers that point somewhere, findings that agree with the manifest.

use super::{Checked, Found, Subject};
use crate::abi::{self, Status};
use crate::testing::schema;
use crate::wire::{Assessed, Derived, Evidence};
use serde_json::{Map, Value};
use std::slice;

pub(super) fn check(subject: &Subject<'_>, found: &mut Found) -> Checked {
    let mut instance = subject.fresh()?;
    let (manifest, reads) = (instance.manifest.clone(), instance.reads.clone());
    for (document, projected) in subject.documents.iter().zip(subject.projected()?) {
        let view = View {
            document,
            reads: &reads,
            manifest: &manifest,
        };
        match instance.run(abi::OP_DERIVE, &projected) {
            (abi::STATUS_OK, answer) => match serde_json::from_slice::<Derived>(&answer) {
                Ok(derived) => view.derived(&derived, found),
                Err(error) => found.add(format!("derive: the answer is malformed: {error}")),
            },
            (status, _) => view.no_answer("derive", status, manifest.get("provides"), found),
        }
        match instance.run(abi::OP_ASSESS, &projected) {
            (abi::STATUS_OK, answer) => match serde_json::from_slice::<Assessed>(&answer) {
                Ok(assessed) => view.assessed(&assessed, found),
                Err(error) => found.add(format!("assess: the answer is malformed: {error}")),
            },
            (status, _) => view.no_answer("assess", status, manifest.get("rules"), found),
        }
    }
    Ok(())
}

/// A proposal, and what the manifest says of it.
struct View<'a> {
    document: &'a Value,
    reads: &'a [String],
    manifest: &'a Value,
}

impl View<'_> {
    /// A plugin that declares facts or rules must answer for every proposal, the empty one too.
    fn no_answer(&self, name: &str, status: Status, declared: Option<&Value>, found: &mut Found) {
        let declares = declared.is_some_and(|declared| match declared {
            Value::Array(rules) => !rules.is_empty(),
            schema => schema
                .get("properties")
                .is_some_and(|properties| properties != &Value::Object(Map::new())),
        });
        if declares || status != abi::STATUS_UNKNOWN {
            let empty = self.document.as_object().is_some_and(Map::is_empty);
            let which = if empty {
                "the empty proposal"
            } else {
                "a proposal"
            };
            found.add(format!("{name}: status {status} for {which}"));
        }
    }

    fn derived(&self, derived: &Derived, found: &mut Found) {
        let facts = Value::Object(derived.facts.clone());
        match self.manifest.get("provides") {
            Some(schema) if schema.is_object() => {
                let wrong = schema::mismatches(schema, &facts, "");
                for wrong in wrong {
                    found.add(format!("facts: {wrong}"));
                }
            }
            _ if derived.facts.is_empty() => {}
            _ => found.add("facts: the manifest provides none".to_owned()),
        }
        for (fact, inputs) in &derived.inputs {
            if facts.pointer(fact).is_none() {
                found.add(format!("inputs: there is no fact `{fact}`"));
            }
            self.all_read("inputs", inputs, found);
        }
        for (fact, inputs) in &derived.missing {
            if facts.pointer(fact).is_some() {
                found.add(format!("missing: the fact `{fact}` is there"));
            }
            if inputs.is_empty() {
                found.add(format!("missing: `{fact}` names nothing that prevented it"));
            }
            self.all_read("missing", inputs, found);
        }
        for problem in &derived.problems {
            self.all_read("problems", slice::from_ref(&problem.path), found);
        }
    }

    fn assessed(&self, assessed: &Assessed, found: &mut Found) {
        let rules = self.manifest.get("rules").and_then(Value::as_array);
        let rules: Vec<_> = rules
            .into_iter()
            .flatten()
            .filter_map(|rule| rule.get("id")?.as_str())
            .collect();
        for finding in &assessed.findings {
            let rule = &finding.rule;
            if !rules.contains(&rule.as_str()) {
                found.add(format!("findings: the manifest has no rule `{rule}`"));
            }
            if let Err(why) = finding.check() {
                found.add(why);
            }
            for name in placeholders(&finding.message) {
                if !finding.args.contains_key(name) {
                    found.add(format!(
                        "findings: `{rule}`: the message has `{{{name}}}`, but no such argument"
                    ));
                }
            }
            self.all_read("findings", &finding.missing, found);
            for evidence in &finding.evidence {
                self.all_read("findings", slice::from_ref(&evidence.path), found);
                if let Err(why) = self.quoted(evidence) {
                    found.add(format!("findings: `{rule}`: {why}"));
                }
            }
        }
    }

    fn quoted(&self, evidence: &Evidence) -> Result<(), String> {
        let path = &evidence.path;
        let Some(value) = self.document.pointer(path) else {
            return Err(format!("there is no evidence at `{path}`"));
        };
        let (Some(start), Some(end)) = (evidence.start, evidence.end) else {
            return Ok(());
        };
        let text = value.as_str().unwrap_or_default();
        let there: String = text
            .chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect();
        match &evidence.quote {
            Some(quote) if *quote != there => Err(format!(
                "`{path}` has `{there}` from {start} to {end}, not `{quote}`"
            )),
            _ => Ok(()),
        }
    }

    fn all_read(&self, what: &str, paths: &[String], found: &mut Found) {
        for path in paths {
            let below = |outer: &str, inner: &str| {
                inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if !self
                .reads
                .iter()
                .any(|read| below(read, path) || below(path, read))
            {
                found.add(format!(
                    "{what}: `{path}` is outside what the manifest `reads`"
                ));
            }
        }
    }
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
mod tests {
    use super::placeholders;

    #[test]
    fn names_in_braces() {
        assert_eq!(placeholders("{a} and {{b}} and {c"), ["a"]);
        assert_eq!(placeholders("none"), [""; 0]);
    }
}
