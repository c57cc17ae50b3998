//! Reads a pack's declaration of tables, and holds every path of it against the fields of proposals.

use super::{Category, FILE, Groups, Published, PublishedGroup, TableKind, TableSpec};
use crate::declared::{self, declaration, text};
use crate::document::Document;
use crate::finding::Outcome;
use crate::pack::{PackFiles, Sources};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::rule::Citation;
use crate::rule::page::citation;
use crate::rulebook::Rulebook;
use crate::schema::{Field, Schema, unknown_path};
use evenhand_document::schema::Kind;
use evenhand_document::schemas::builtin_schema;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static PORTFOLIO: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("../schemas/portfolio.json")));

/// How many entries a list shows where the pack does not say.
const AT_MOST: usize = 10;

/// Keys of every table.
const COMMON: [&str; 4] = ["id", "title", "about", "kind"];

/// The kinds of tables: keys that each needs, and keys that it may have.
const KINDS: [(&str, &[&str], &[&str]); 6] = [
    ("levels", &[], &[]),
    ("findings", &["outcome"], &["at_most"]),
    ("missing", &[], &["at_most"]),
    ("groups", &["rows"], &["columns", "split", "published"]),
    ("total", &["value"], &["low", "high", "stated"]),
    ("share", &["part", "whole"], &[]),
];

/// What is held against.
struct Reader<'a> {
    schema: &'a Schema,
    sources: &'a Sources,
    /// Plugins that the pack needs, and that do not take part: what they derive is not known.
    absent: BTreeSet<String>,
    document: &'a Document,
    problems: Vec<Problem>,
}

/// The tables that a pack declares; none where it declares none.
pub(super) fn tables(book: &Rulebook, pack: &PackFiles) -> Result<Vec<TableSpec>, Vec<Problem>> {
    let Some(document) = declaration(pack, FILE, PORTFOLIO.as_ref())? else {
        return Ok(Vec::new());
    };
    let mut reader = Reader {
        schema: book.schema(),
        sources: book.sources(),
        absent: book.absent_plugins(pack),
        document: &document,
        problems: Vec::new(),
    };
    let tables = declared::tables(&document);
    let tables: Vec<TableSpec> = tables
        .filter_map(|(at, entry)| reader.table(&at, entry))
        .collect();
    if reader.problems.is_empty() {
        Ok(tables)
    } else {
        Err(reader.problems)
    }
}

fn texts(entry: &Value, key: &str) -> Vec<String> {
    let list = entry.get(key).and_then(Value::as_array);
    let list = list.into_iter().flatten();
    list.filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

impl<'a> Reader<'a> {
    fn problem(&mut self, at: &Pointer, problem: Problem) {
        let problem = self.document.problem_at(at, problem);
        self.problems.push(problem);
    }

    fn table(&mut self, at: &Pointer, entry: &Value) -> Option<TableSpec> {
        for key in ["id", "title", "kind"] {
            if text(entry, key).is_none() {
                let problem = Problem::error(format!("the table has no `{key}`"));
                self.problem(at, problem);
            }
        }
        let kind = text(entry, "kind")?;
        let (_, needed, allowed) = KINDS.iter().find(|(name, ..)| *name == kind)?;
        let keys: Vec<String> = entry
            .as_object()
            .into_iter()
            .flat_map(|entry| entry.keys().cloned())
            .collect();
        let fits = |key: &str| {
            [&COMMON[..], needed, allowed]
                .iter()
                .any(|some| some.contains(&key))
        };
        for key in keys.iter().filter(|key| !fits(key)) {
            let message = format!("`{key}` says nothing of a table of kind `{kind}`");
            let all = [*needed, *allowed].concat();
            let mut problem = Problem::error(message);
            if !all.is_empty() {
                problem = problem.expected(format!("one of {}", all.join(", ")));
            }
            let problem = self.document.problem_at_key(&at.key(key), problem);
            self.problems.push(problem);
        }
        let before = self.problems.len();
        for key in *needed {
            if entry.get(*key).is_none_or(Value::is_null) {
                let problem = Problem::error(format!("a table of kind `{kind}` needs `{key}`"));
                self.problem(at, problem);
            }
        }
        if self.problems.len() > before {
            return None;
        }
        let kind = self.kind(&kind, at, entry)?;
        Some(TableSpec {
            id: text(entry, "id")?,
            title: text(entry, "title")?,
            about: text(entry, "about").unwrap_or_default(),
            kind,
        })
    }

    fn kind(&mut self, kind: &str, at: &Pointer, entry: &Value) -> Option<TableKind> {
        let most = entry.get("at_most").and_then(Value::as_u64);
        let at_most = most.map_or(AT_MOST, |most| usize::try_from(most).unwrap_or(AT_MOST));
        Some(match kind {
            "levels" => TableKind::Levels,
            "missing" => TableKind::Missing { at_most },
            "findings" => TableKind::Findings {
                outcome: Outcome::from_word(&text(entry, "outcome")?)?,
                at_most,
            },
            "total" => {
                let mut number = |key: &str| self.number(at, entry, key);
                TableKind::Total {
                    low: number("low"),
                    high: number("high"),
                    stated: number("stated"),
                    value: number("value")?,
                }
            }
            "share" => {
                let (part, whole) = (
                    self.number(at, entry, "part"),
                    self.number(at, entry, "whole"),
                );
                TableKind::Share {
                    part: part?,
                    whole: whole?,
                }
            }
            _ => {
                let rows = self.category(at, entry, "rows");
                let columns = self.category(at, entry, "columns");
                let split = self.category(at, entry, "split");
                let mut groups = Groups {
                    rows: rows?,
                    columns,
                    split,
                    published: None,
                };
                if let Some(published) = entry.get("published").filter(|one| !one.is_null()) {
                    let at = at.key("published");
                    groups.published = self.published(&at, published, &groups);
                }
                TableKind::Groups(groups)
            }
        })
    }

    /// A field by its path; nothing, with the problem said, where there is none. Of what an absent plugin derives, nothing is
    /// known and nothing is wrong.
    fn field(&mut self, at: &Pointer, path: &str) -> Option<Result<&'a Field, ()>> {
        let mut steps = path.split('.');
        let derived = steps.next() == Some("derived");
        if derived && steps.next().is_some_and(|id| self.absent.contains(id)) {
            return Some(Err(()));
        }
        let schema: &'a Schema = self.schema;
        let Some(id) = schema.find(path) else {
            let problem = unknown_path(schema, path);
            self.problem(at, problem);
            return None;
        };
        if path.contains('[') {
            let message = format!("`{path}` is a field of each element of a list");
            let problem = Problem::error(message).expected("a field that a program has once");
            self.problem(at, problem);
            return None;
        }
        Some(Ok(schema.field(id)))
    }

    /// The path of a number.
    fn number(&mut self, at: &Pointer, entry: &Value, key: &str) -> Option<String> {
        let path = text(entry, key)?;
        self.is_number(&at.key(key), &path).then_some(path)
    }

    fn is_number(&mut self, at: &Pointer, path: &str) -> bool {
        let kind = match self.field(at, path) {
            None => return false,
            Some(Err(())) => return true,
            Some(Ok(field)) => field.kind,
        };
        let is = matches!(kind, Kind::Number | Kind::Integer);
        if !is {
            let problem = Problem::error(format!("`{path}` is no number"));
            self.problem(at, problem.expected("the path of a number"));
        }
        is
    }

    /// What sorts programs: one path of choices, or several of numbers.
    fn category(&mut self, at: &Pointer, entry: &Value, key: &str) -> Option<Category> {
        entry.get(key).filter(|value| !value.is_null())?;
        let at = at.key(key);
        match texts(entry, key).as_slice() {
            [] => {
                let problem = Problem::error(format!("`{key}` names no field"));
                self.problem(
                    &at,
                    problem.expected("one field with choices, or several numbers"),
                );
                None
            }
            [path] => {
                let here = at.index(0);
                let sorts = match self.field(&here, path)? {
                    Err(()) => true,
                    Ok(field) => choices(self.schema, field).is_some(),
                };
                if !sorts {
                    let problem = Problem::error(format!("`{path}` has no choices to sort by"));
                    self.problem(
                        &here,
                        problem.expected("a choice, a list of choices, or a yes or no"),
                    );
                }
                sorts.then(|| Category::Field(path.clone()))
            }
            paths => {
                let mut all = true;
                for (index, path) in paths.iter().enumerate() {
                    all &= self.is_number(&at.index(index), path);
                }
                all.then(|| Category::Largest(paths.to_vec()))
            }
        }
    }

    fn published(&mut self, at: &Pointer, entry: &Value, groups: &Groups) -> Option<Published> {
        let source = self.source(at, entry);
        let of = entry.get("of").and_then(Value::as_u64);
        if of.is_none() {
            self.problem(
                at,
                Problem::error("published figures say `of` how many they are"),
            );
        }
        let list = entry.get("groups").and_then(Value::as_array);
        let list: Vec<&Value> = list.into_iter().flatten().collect();
        if list.is_empty() {
            self.problem(at, Problem::error("published figures need `groups`"));
        }
        let mut found = Vec::new();
        for (index, entry) in list.into_iter().enumerate() {
            let at = at.key("groups").index(index);
            let count = entry.get("count").and_then(Value::as_u64);
            let (Some(title), Some(count)) = (text(entry, "title"), count) else {
                self.problem(&at, Problem::error("a figure needs `title` and `count`"));
                continue;
            };
            if of.is_some_and(|of| count > of) {
                let problem = Problem::error(format!("{count} is more than all"));
                self.problem(&at.key("count"), problem);
            }
            let mut named = |key: &str, category: Option<&Category>| {
                self.named(&at, entry, key, category);
                texts(entry, key)
            };
            found.push(PublishedGroup {
                rows: named("rows", Some(&groups.rows)),
                columns: named("columns", groups.columns.as_ref()),
                split: named("split", groups.split.as_ref()),
                title,
                count,
            });
        }
        Some(Published {
            source: source?,
            of: of?,
            note: text(entry, "note").unwrap_or_default(),
            groups: found,
        })
    }

    /// Where figures were published: a work of the bibliography, and a section of it.
    fn source(&mut self, at: &Pointer, entry: &Value) -> Option<Citation> {
        let Some(written) = text(entry, "source") else {
            self.problem(at, Problem::error("published figures need a `source`"));
            return None;
        };
        let at = at.key("source");
        let citation = citation(&written);
        let Some(work) = self.sources.get(&citation.key) else {
            let problem = Problem::error(format!("`{}` is not in sources.toml", citation.key))
                .suggest_maybe(did_you_mean(&citation.key, self.sources.keys()));
            self.problem(&at, problem);
            return None;
        };
        let section = citation.section.as_deref().unwrap_or_default();
        if !section.is_empty() && !work.sections.contains_key(section) {
            let known = work.sections.keys().map(String::as_str);
            let message = format!("`{}` has no section `{section}`", citation.key);
            let problem = Problem::error(message).suggest_maybe(did_you_mean(section, known));
            self.problem(&at, problem);
            return None;
        }
        Some(citation)
    }

    /// That the choices a figure is for are choices.
    fn named(&mut self, at: &Pointer, entry: &Value, key: &str, category: Option<&Category>) {
        let named = texts(entry, key);
        if named.is_empty() {
            return;
        }
        let at = at.key(key);
        let Some(category) = category else {
            let problem = Problem::error(format!("the table has no `{key}`"));
            self.problem(&at, problem);
            return;
        };
        let Some(known) = self.choices_of(category) else {
            return;
        };
        for (index, name) in named.iter().enumerate() {
            if !known.contains(name) {
                let problem = Problem::error(format!("`{name}` is not one of these choices"))
                    .expected(format!("one of {}", known.join(", ")))
                    .suggest_maybe(did_you_mean(name, known.iter().map(String::as_str)));
                self.problem(&at.index(index), problem);
            }
        }
    }

    fn choices_of(&self, category: &Category) -> Option<Vec<String>> {
        match category {
            Category::Largest(paths) => Some(paths.clone()),
            Category::Field(path) => {
                let field = self.schema.field(self.schema.find(path)?);
                choices(self.schema, field)
            }
        }
    }
}

/// What a field sorts by: its choices, those of its elements, or yes and no.
pub(super) fn choices(schema: &Schema, field: &Field) -> Option<Vec<String>> {
    let own = match field.kind {
        Kind::Boolean => vec!["true".to_owned(), "false".to_owned()],
        Kind::List => schema.field(field.items?).choices.clone(),
        _ => field.choices.clone(),
    };
    (!own.is_empty()).then_some(own)
}
