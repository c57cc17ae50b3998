//! The words of a field as a pack explains them: `glossary.toml`.

use evenhand_core::pack::PackFiles;
use evenhand_core::rulebook::Rulebook;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_document::document::Document;
use evenhand_document::schema::Schema;
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use serde_json::Value;
use std::sync::LazyLock;

/// The terms of all packs; of two packs with the same term, the later one's counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Glossary {
    /// The terms by the alphabet.
    pub terms: Vec<Term>,
}

/// A term and its meaning.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Term {
    /// Its name in small letters with hyphens, by which it is called elsewhere.
    pub id: String,
    /// The term, with its abbreviation in brackets.
    pub term: String,
    /// What it means here, in Markdown.
    pub meaning: String,
    /// Ids of terms to look at as well.
    pub see: Vec<String>,
    /// Keys of sources.
    pub sources: Vec<String>,
}

static GLOSSARY: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("glossary.json")));

/// The name of a pack's glossary.
const FILE: &str = "glossary.toml";

impl Glossary {
    /// The term with this id.
    pub fn get(&self, id: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.id == id)
    }

    /// All ids, by the alphabet of the terms.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|term| term.id.as_str())
    }
}

/// The glossary of the packs; empty if none has one. Everything wrong with it comes back at once.
pub fn read_glossary(book: &Rulebook) -> Result<Glossary, Vec<Problem>> {
    let mut glossary = Glossary::default();
    let mut problems = Vec::new();
    let mut documents = Vec::new();
    for pack in book.packs() {
        match read(pack) {
            None => {}
            Some(Ok((document, terms))) => {
                glossary
                    .terms
                    .retain(|old| terms.iter().all(|new| new.id != old.id));
                glossary.terms.extend(terms);
                documents.push(document);
            }
            Some(Err(found)) => problems.extend(found),
        }
    }
    for document in &documents {
        problems.extend(unknown(book, document, &glossary));
    }
    glossary
        .terms
        .sort_by_cached_key(|term| (term.term.to_lowercase(), term.id.clone()));
    if problems.is_empty() {
        Ok(glossary)
    } else {
        Err(problems)
    }
}

/// Terms and sources that a glossary names and that do not exist.
fn unknown(book: &Rulebook, document: &Document, glossary: &Glossary) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, word) in named(document, "see") {
        if glossary.get(&name(&word)).is_none() {
            let terms = glossary.terms.iter().map(|term| term.term.as_str());
            let problem = Problem::error(format!("`{word}` is not a term of the glossary"))
                .suggest_maybe(did_you_mean(&word, terms));
            problems.push(document.problem_at(&at, problem));
        }
    }
    for (at, key) in named(document, "sources") {
        if book.sources().get(&key).is_none() {
            let problem = Problem::error(format!("`{key}` is not a source of this pack"))
                .suggest_maybe(did_you_mean(&key, book.sources().keys()));
            problems.push(document.problem_at(&at, problem));
        }
    }
    problems
}

type Found = Result<(Document, Vec<Term>), Vec<Problem>>;

fn read(pack: &PackFiles) -> Option<Found> {
    let document = match pack.document(FILE)? {
        Ok(document) => document,
        Err(problems) => return Some(Err(problems)),
    };
    let mut problems = validate_builtin(GLOSSARY.as_ref(), &document);
    let mut terms: Vec<Term> = Vec::new();
    for (index, entry) in entries(&document).into_iter().enumerate() {
        let term = term(entry);
        let at = Pointer::root().key("terms").index(index);
        for (key, value) in [("term", &term.term), ("meaning", &term.meaning)] {
            if value.is_empty() {
                let problem = Problem::error(format!("the term has no `{key}`"));
                problems.push(document.problem_at(&at, problem));
            }
        }
        if terms.iter().any(|known| known.id == term.id) {
            let problem = Problem::error(format!("`{}` stands here twice", term.term));
            problems.push(document.problem_at(&at.key("term"), problem));
        }
        terms.push(term);
    }
    Some(if problems.is_empty() {
        Ok((document, terms))
    } else {
        Err(problems)
    })
}

fn entries(document: &Document) -> Vec<&Value> {
    let list = document.value().get("terms").and_then(Value::as_array);
    list.into_iter().flatten().collect()
}

fn term(entry: &Value) -> Term {
    let text = |key: &str| {
        let text = entry.get(key).and_then(Value::as_str).unwrap_or_default();
        text.trim().to_owned()
    };
    let texts = |key: &str| {
        let list = entry.get(key).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    Term {
        id: name(&text("term")),
        term: text("term"),
        meaning: text("meaning"),
        see: texts("see").iter().map(|word| name(word)).collect(),
        sources: texts("sources"),
    }
}

/// Every text of a list that each term has, with its place.
fn named(document: &Document, key: &str) -> Vec<(Pointer, String)> {
    let mut found = Vec::new();
    for (index, entry) in entries(document).into_iter().enumerate() {
        let at = Pointer::root().key("terms").index(index).key(key);
        let list = entry.get(key).and_then(Value::as_array);
        for (place, word) in list.into_iter().flatten().enumerate() {
            found.extend(word.as_str().map(|word| (at.index(place), word.to_owned())));
        }
    }
    found
}

/// The name of a term: small letters and hyphens, without apostrophes and what stands in brackets at the end.
pub fn name(term: &str) -> String {
    let term = match term.rsplit_once(" (") {
        Some((before, rest)) if rest.ends_with(')') => before,
        _ => term,
    };
    let mut name = String::new();
    for c in term.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            name.push(c);
        } else if c == '\'' || c == '’' {
            // One word stays one word.
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_brackets_and_no_capitals() {
        assert_eq!(
            name("Internationalization at home (IaH)"),
            "internationalization-at-home"
        );
        assert_eq!(
            name("Global North / Global South"),
            "global-north-global-south"
        );
        assert_eq!(name("Harden’s model"), "hardens-model");
    }

    #[test]
    fn what_is_wrong_comes_at_once() {
        let text = "[[terms]]\nterm = \"A\"\nmeaning = \"x\"\n[[terms]]\nterm = \"A (B)\"\n[[terms]]\nterm = \"C\"\nmeaning = \"y\"\nsees = [\"A\"]\n";
        let pack = PackFiles {
            files: [(FILE.to_owned(), text.as_bytes().to_vec().into())].into(),
            ..PackFiles::default()
        };
        let found: Vec<String> = read(&pack)
            .unwrap()
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found
                .iter()
                .any(|problem| problem.contains("did you mean `see`?"))
        );
        assert!(found.iter().any(|problem| problem.contains("no `meaning`")));
        assert!(
            found
                .iter()
                .any(|problem| problem.contains("stands here twice"))
        );
    }
}
