//! What follows from a verdict or a level, as a profile writes it:
//!
//! ```toml
//! [obligations]
//! stop = "The dean is told"
//! poor = ["A second reviewer reads it"]        # of any dimension
//! ethics.poor = ["A visit to the host"]
//! ```

use super::names::line;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::score::Level;
use crate::settings::{Cause, Obligation, WORDS};
use crate::verdict::Word;
use serde_json::Value;

/// Characters of an obligation.
const TEXT: usize = 400;

/// Reads the obligations in the order typed; what is wrong with them goes to `problems`.
pub(super) fn read(document: &Document, problems: &mut Vec<Problem>) -> Vec<Obligation> {
    let section = Pointer::root().key("obligations");
    let mut found = Vec::new();
    for key in document.keys_in_order(&section) {
        let at = section.key(&key);
        let Some(value) = at.of(document.value()) else {
            continue;
        };
        if value.is_object() {
            for word in document.keys_in_order(&at) {
                let below = at.key(&word);
                let Some(value) = below.of(document.value()) else {
                    continue;
                };
                if let Some(level) = Level::from_word(&word) {
                    let cause = Cause::Level(Some(key.clone()), level);
                    texts(document, &below, value, &cause, &mut found, problems);
                } else {
                    let levels = ["good", "mixed", "poor"];
                    let problem = Problem::error(format!("`{word}` is not a level"))
                        .expected("`good`, `mixed` or `poor`")
                        .suggest_maybe(did_you_mean(&word, levels));
                    problems.push(document.problem_at_key(&below, problem));
                }
            }
            continue;
        }
        let cause = Word::from_word(&key)
            .map(Cause::Verdict)
            .or_else(|| Level::from_word(&key).map(|level| Cause::Level(None, level)));
        if let Some(cause) = cause {
            texts(document, &at, value, &cause, &mut found, problems);
        } else {
            let problem = Problem::error(format!("nothing comes out as `{key}`"))
                .expected("a verdict, a level, or a table of levels by a dimension's id")
                .suggest_maybe(did_you_mean(&key, WORDS));
            problems.push(document.problem_at_key(&at, problem));
        }
    }
    found
}

/// One text, or a list of them.
fn texts(
    document: &Document,
    at: &Pointer,
    value: &Value,
    cause: &Cause,
    found: &mut Vec<Obligation>,
    problems: &mut Vec<Problem>,
) {
    let items: Vec<(Pointer, &Value)> = match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.map(|(index, item)| (at.index(index), item)).collect()
        }
        other => vec![(at.clone(), other)],
    };
    for (at, item) in items {
        match line(item, TEXT) {
            Ok(text) => found.push(Obligation {
                cause: cause.clone(),
                text,
            }),
            Err(problem) => problems.push(document.problem_at(&at, problem(&at.dotted()))),
        }
    }
}
