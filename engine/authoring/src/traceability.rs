//! What the documents that a pack was made from name, and what of the pack answers it: `founding-documents.toml`.

use crate::glossary::{Glossary, read_glossary};
use evenhand_core::pack::PackFiles;
use evenhand_core::rule::PageKind;
use evenhand_core::rulebook::Rulebook;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_document::document::Document;
use evenhand_document::schema::{Kind, Schema};
use evenhand_document::schemas::{builtin_schema, validate_builtin};
use serde_json::Value;
use std::fmt;
use std::sync::LazyLock;

/// One thing that the founding documents name.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number.
    pub id: String,
    /// What is named.
    pub item: String,
    /// Where the product has it.
    pub answers: Vec<Answer>,
}

/// How far something that is named reaches into what comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A rule asks it, a figure is derived from it, or a finding changes when the fact does.
    Judged,
    /// A question for the board's discussion asks it.
    Discussed,
    /// The proposal can say it, and nothing changes by it.
    Recorded,
    /// A term, a work or an example names it.
    Named,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Judged, Self::Discussed, Self::Recorded, Self::Named];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Judged => "judged",
            Self::Discussed => "discussed",
            Self::Recorded => "recorded",
            Self::Named => "named only",
        }
    }
}

impl Row {
    /// How far it reaches; `moves` says of a fact or a value whether a finding changes when it does.
    pub fn standing(&self, moves: &dyn Fn(&Answer) -> bool) -> Standing {
        let of = |answer: &Answer| match answer.kind {
            AnswerKind::Rule | AnswerKind::Data => Standing::Judged,
            AnswerKind::Field | AnswerKind::Value if moves(answer) => Standing::Judged,
            AnswerKind::Prompt => Standing::Discussed,
            AnswerKind::Field | AnswerKind::Value => Standing::Recorded,
            AnswerKind::Example | AnswerKind::Glossary | AnswerKind::Source => Standing::Named,
        };
        let all = self.answers.iter().map(of);
        all.min().unwrap_or(Standing::Named)
    }
}

/// Where something is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What sort of thing it is.
    pub kind: AnswerKind,
    /// Its id, path, key or name.
    pub name: String,
    /// What people call it.
    pub title: String,
}

/// The sorts of things that answer a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnswerKind {
    /// A rule that asks it.
    Rule,
    /// A question for discussion.
    Prompt,
    /// A field of the proposal.
    Field,
    /// A value a field can have.
    Value,
    /// A fact that a plugin derives.
    Data,
    /// A proposal to try.
    Example,
    /// A term of the glossary.
    Glossary,
    /// A work that is cited.
    Source,
}

/// A proposal to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The file's name without its ending.
    pub name: String,
    /// The file as the page links to it.
    pub path: String,
    /// The program's title.
    pub title: String,
}

static FOUNDING: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("founding.json")));

/// The name of the file in a pack.
const FILE: &str = "founding-documents.toml";

impl AnswerKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Rule,
        Self::Prompt,
        Self::Field,
        Self::Value,
        Self::Data,
        Self::Example,
        Self::Glossary,
        Self::Source,
    ];

    /// The word before the colon.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Prompt => "prompt",
            Self::Field => "field",
            Self::Value => "value",
            Self::Data => "data",
            Self::Example => "example",
            Self::Glossary => "glossary",
            Self::Source => "source",
        }
    }
}

impl fmt::Display for AnswerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Every row of the packs with what answers it; an answer that does not exist is a problem, and so is a row
/// without any.
pub fn trace(book: &Rulebook, examples: &[Example]) -> Result<Vec<Row>, Vec<Problem>> {
    let glossary = read_glossary(book)?;
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for document in book.packs().iter().filter_map(|pack| pack.document(FILE)) {
        match document {
            Err(found) => problems.extend(found),
            Ok(document) => {
                let found = validate_builtin(FOUNDING.as_ref(), &document);
                if found.is_empty() {
                    let mut reader = Reader {
                        book,
                        glossary: &glossary,
                        examples,
                        document: &document,
                        problems: &mut problems,
                    };
                    reader.rows(&mut rows);
                }
                problems.extend(found);
            }
        }
    }
    if problems.is_empty() {
        Ok(rows)
    } else {
        Err(problems)
    }
}

/// The keys of the sources that a pack's rows name; what cannot be read is reported where the rows are.
pub(crate) fn cited(pack: &PackFiles) -> Vec<String> {
    let Some(Ok(document)) = pack.document(FILE) else {
        return Vec::new();
    };
    let rows = document.value().get("rows").and_then(Value::as_array);
    rows.into_iter()
        .flatten()
        .filter_map(|row| row.get("answered_by")?.as_array())
        .flatten()
        .filter_map(|answer| answer.as_str()?.strip_prefix("source:"))
        .map(|text| evenhand_core::rule::page::citation(text).key)
        .collect()
}

struct Reader<'a> {
    book: &'a Rulebook,
    glossary: &'a Glossary,
    examples: &'a [Example],
    document: &'a Document,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, at: &Pointer, problem: Problem) {
        self.problems.push(self.document.problem_at(at, problem));
    }

    fn rows(&mut self, rows: &mut Vec<Row>) {
        let list = self.document.value().get("rows").and_then(Value::as_array);
        for (index, entry) in list.into_iter().flatten().enumerate() {
            let at = Pointer::root().key("rows").index(index);
            let text = |key: &str| {
                let text = entry.get(key).and_then(Value::as_str).unwrap_or_default();
                text.trim().to_owned()
            };
            let (id, item) = (text("id"), text("item"));
            for (key, value) in [("id", &id), ("item", &item)] {
                if value.is_empty() {
                    self.report(&at, Problem::error(format!("the row has no `{key}`")));
                }
            }
            if rows.iter().any(|row| row.id == id) {
                self.report(
                    &at.key("id"),
                    Problem::error(format!("two rows are `{id}`")),
                );
            }
            let named = entry.get("answered_by").and_then(Value::as_array);
            let mut answers = Vec::new();
            for (place, name) in named.into_iter().flatten().enumerate() {
                let at = at.key("answered_by").index(place);
                match self.answer(name.as_str().unwrap_or_default()) {
                    Ok(answer) => answers.push(answer),
                    Err(problem) => self.report(&at, problem),
                }
            }
            if named.is_none_or(Vec::is_empty) {
                self.report(&at, Problem::error(format!("nothing answers `{id}`")));
            }
            rows.push(Row { id, item, answers });
        }
    }

    fn answer(&self, reference: &str) -> Result<Answer, Problem> {
        let (word, name) = reference.split_once(':').unwrap_or((reference, ""));
        let kinds = || AnswerKind::ALL.into_iter().map(AnswerKind::word);
        let kind = AnswerKind::ALL.into_iter().find(|kind| kind.word() == word);
        let Some(kind) = kind else {
            let all: Vec<&str> = kinds().collect();
            return Err(
                Problem::error(format!("`{reference}` does not say what it is"))
                    .expected(format!("a name behind one of {}:", all.join(", ")))
                    .suggest_maybe(did_you_mean(word, kinds())),
            );
        };
        let title = match kind {
            AnswerKind::Rule => self.rule(name, PageKind::Rule),
            AnswerKind::Prompt => self.rule(name, PageKind::Prompt),
            AnswerKind::Field => self.field(name, false),
            AnswerKind::Data => self.field(name, true),
            AnswerKind::Value => self.value(name),
            AnswerKind::Example => self.example(name),
            AnswerKind::Glossary => self.term(name),
            AnswerKind::Source => self.source(name),
        }?;
        Ok(Answer {
            kind,
            name: name.to_owned(),
            title,
        })
    }

    fn rule(&self, id: &str, kind: PageKind) -> Result<String, Problem> {
        let mut own = self
            .book
            .manifests()
            .flat_map(|(manifest, _)| &manifest.rules);
        if kind == PageKind::Rule
            && let Some(rule) = own.find(|rule| rule.id == id)
        {
            return Ok(rule.title.clone());
        }
        let page = &self.book.rule(id)?.page;
        if page.kind == kind {
            Ok(page.title.clone())
        } else {
            let (is, asked) = (page.kind.word(), kind.word());
            Err(Problem::error(format!("`{id}` is a {is}, not a {asked}")))
        }
    }

    fn field(&self, path: &str, derived: bool) -> Result<String, Problem> {
        let schema = self.book.schema();
        let Some(id) = schema.find(path) else {
            return Err(evenhand_document::schema::unknown_path(schema, path));
        };
        if path.starts_with("derived.") != derived {
            let problem = Problem::error(format!("`{path}` is named as what it is not"));
            return Err(problem.expected("`data:` for a derived fact, `field:` for a given one"));
        }
        Ok(schema.field(id).title.clone())
    }

    fn value(&self, name: &str) -> Result<String, Problem> {
        let schema = self.book.schema();
        let Some((path, value)) = name.split_once('=') else {
            let problem = Problem::error(format!("`{name}` names no value"));
            return Err(problem.expected("a field, `=` and one of its values"));
        };
        let Some(id) = schema.find(path) else {
            return Err(evenhand_document::schema::unknown_path(schema, path));
        };
        let field = schema.field(id);
        let field = field.items.map_or(field, |items| schema.field(items));
        let choices: Vec<&str> = match field.kind {
            Kind::Boolean => vec!["true", "false"],
            _ => field.choices.iter().map(String::as_str).collect(),
        };
        if !choices.contains(&value) {
            let problem = Problem::error(format!("`{value}` is not a value of `{path}`"));
            return Err(problem
                .expected(format!("one of {}", choices.join(", ")))
                .suggest_maybe(did_you_mean(value, choices)));
        }
        let label = field.labels.get(value).cloned();
        Ok(label.unwrap_or_else(|| value.to_owned()))
    }

    fn example(&self, name: &str) -> Result<String, Problem> {
        let found = self.examples.iter().find(|example| example.name == name);
        found.map(|example| example.title.clone()).ok_or_else(|| {
            let names = self.examples.iter().map(|example| example.name.as_str());
            Problem::error(format!("`{name}` is not one of the examples"))
                .suggest_maybe(did_you_mean(name, names))
        })
    }

    fn term(&self, name: &str) -> Result<String, Problem> {
        let found = self.glossary.get(name);
        found.map(|term| term.term.clone()).ok_or_else(|| {
            Problem::error(format!("`{name}` is not a term of the glossary"))
                .suggest_maybe(did_you_mean(name, self.glossary.ids()))
        })
    }

    fn source(&self, name: &str) -> Result<String, Problem> {
        let citation = evenhand_core::rule::page::citation(name);
        let sources = self.book.sources();
        let Some(entry) = sources.get(&citation.key) else {
            let problem = Problem::error(format!("`{name}` is not a source of this pack"));
            return Err(problem.suggest_maybe(did_you_mean(&citation.key, sources.keys())));
        };
        match citation.section {
            Some(section) if !entry.sections.contains_key(&section) => {
                let known = entry.sections.keys().map(String::as_str);
                let problem = Problem::error(format!("`{name}` names no section of the work"));
                Err(problem.suggest_maybe(did_you_mean(&section, known)))
            }
            _ => Ok(entry.title.clone()),
        }
    }
}
