//! The derived facts about language.

use crate::lexicon::CATEGORIES;
use crate::marks::Mark;
use crate::reading::{LANGUAGE, Reading, TEXTS};
use evenhand_plugin::{Derived, Value};
use serde_json::{Map, json};

/// Listing more would help nobody; the count goes on.
pub(crate) const LISTED: usize = 200;

/// Adds what was read and marked to `derived`.
pub(crate) fn derive(reading: &Reading, derived: &mut Derived) {
    derived.problems.extend(reading.problems.iter().cloned());
    if !reading.unread.is_empty() {
        let unread: Vec<Value> = reading
            .unread
            .iter()
            .map(|part| match &part.language {
                Some(language) => {
                    json!({ "path": part.path, "language": language, "words": part.words })
                }
                None => json!({ "path": part.path, "words": part.words }),
            })
            .collect();
        let paths = reading.unread.iter().map(|part| part.path);
        derived.fact("/texts_unread", unread, paths.chain([LANGUAGE]));
    }
    let Some(language) = reading.language() else {
        lack(reading, derived);
        return;
    };
    let mut inputs = reading.paths();
    if reading.declared {
        inputs.push(LANGUAGE);
    }
    let read: Vec<Value> = reading
        .read
        .iter()
        .map(|part| {
            json!({ "path": part.path, "language": part.language.code(), "how": part.how, "words": part.words })
        })
        .collect();
    let mut categories = Map::new();
    for category in CATEGORIES {
        let count = reading
            .marks
            .iter()
            .filter(|(_, mark)| mark.entry.category == category)
            .count();
        categories.insert(category.to_owned(), json!(count));
    }
    let marked: Vec<Value> = reading
        .marks
        .iter()
        .take(LISTED)
        .map(|(path, mark)| describe(mark, Some(path)))
        .collect();
    let facts = [
        ("/language", json!(language.code())),
        ("/texts_read", json!(read)),
        ("/words", json!(reading.words())),
        ("/marked", json!(marked)),
        ("/marked_count", json!(reading.marks.len())),
        ("/by_category", Value::Object(categories)),
        ("/points", json!(points(reading))),
    ];
    for (fact, value) in facts {
        derived.fact(fact, value, inputs.iter().copied());
    }
}

/// Without a text, the texts are lacking; with texts that cannot be read, the language is, or the text in a language that is read.
fn lack(reading: &Reading, derived: &mut Derived) {
    let undetermined = reading.unread.iter().any(|part| part.language.is_none());
    let lacking: Vec<&str> = if reading.unread.is_empty() {
        TEXTS.to_vec()
    } else if undetermined {
        vec![LANGUAGE]
    } else {
        reading.unread.iter().map(|part| part.path).collect()
    };
    for fact in [
        "/language",
        "/texts_read",
        "/words",
        "/marked",
        "/marked_count",
        "/by_category",
        "/points",
    ] {
        derived.lacks(fact, lacking.iter().copied());
    }
}

/// The weight of all marked places together.
pub(crate) fn points(reading: &Reading) -> u64 {
    reading
        .marks
        .iter()
        .map(|(_, mark)| u64::from(mark.entry.severity.points()))
        .sum()
}

/// One marked place as JSON.
pub(crate) fn describe(mark: &Mark, path: Option<&str>) -> Value {
    let mut value = json!({
        "start": mark.start,
        "end": mark.end,
        "quote": mark.quote,
        "entry": mark.entry.id,
        "language": mark.language.code(),
        "category": mark.entry.category,
        "severity": mark.entry.severity.name(),
        "why": mark.entry.why,
        "better": mark.entry.better,
        "sources": mark.entry.sources,
    });
    if let (Some(path), Some(object)) = (path, value.as_object_mut()) {
        object.insert("path".to_owned(), json!(path));
    }
    value
}
