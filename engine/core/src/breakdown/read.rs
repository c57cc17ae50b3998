//! Reads a pack's declaration of tables for reports, and holds every path of it against the fields.

use super::{Breakdown, Column, FILE, Mark};
use crate::declared::{self, declaration, text};
use crate::document::Document;
use crate::pack::PackFiles;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rulebook::Rulebook;
use crate::schema::{Field, Schema, unknown_path};
use evenhand_document::schema::Kind;
use evenhand_document::schemas::builtin_schema;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static REPORT: LazyLock<Option<Schema>> =
    LazyLock::new(|| builtin_schema(include_str!("../schemas/report.json")));

/// What is held against.
struct Reader<'a> {
    schema: &'a Schema,
    /// Plugins that the pack needs, and that do not take part: what they derive is not known.
    absent: BTreeSet<String>,
    document: &'a Document,
    problems: Vec<Problem>,
}

/// The tables that a pack declares; none where it declares none. A table over what an absent plugin derives is left out.
pub(super) fn tables(book: &Rulebook, pack: &PackFiles) -> Result<Vec<Breakdown>, Vec<Problem>> {
    let Some(document) = declaration(pack, FILE, REPORT.as_ref())? else {
        return Ok(Vec::new());
    };
    let mut reader = Reader {
        schema: book.schema(),
        absent: book.absent_plugins(pack),
        document: &document,
        problems: Vec::new(),
    };
    let tables = declared::tables(&document);
    let tables: Vec<Breakdown> = tables
        .filter_map(|(at, entry)| reader.table(&at, entry))
        .collect();
    if reader.problems.is_empty() {
        Ok(tables)
    } else {
        Err(reader.problems)
    }
}

fn items<'a>(entry: &'a Value, key: &str) -> Vec<&'a Value> {
    let list = entry.get(key).and_then(Value::as_array);
    list.into_iter().flatten().collect()
}

impl<'a> Reader<'a> {
    fn problem(&mut self, at: &Pointer, problem: Problem) {
        let problem = self.document.problem_at(at, problem);
        self.problems.push(problem);
    }

    /// Says which of the keys are not there; whether all are.
    fn has(&mut self, at: &Pointer, entry: &Value, what: &str, keys: &[&str]) -> bool {
        let before = self.problems.len();
        for key in keys {
            if text(entry, key).is_none() {
                self.problem(at, Problem::error(format!("the {what} has no `{key}`")));
            }
        }
        self.problems.len() == before
    }

    fn table(&mut self, at: &Pointer, entry: &Value) -> Option<Breakdown> {
        if !self.has(at, entry, "table", &["id", "title", "rows"]) {
            return None;
        }
        let path = text(entry, "rows")?;
        if self.is_absent(&path) {
            return None;
        }
        let rows = self.rows(&at.key("rows"), &path)?;
        let named = text(entry, "named");
        if let Some(named) = &named {
            self.named(&at.key("named"), named);
        }
        let label = self.label(at, entry, &path);
        let columns = self.columns(at, entry, &path);
        Some(Breakdown {
            id: text(entry, "id")?,
            title: text(entry, "title")?,
            about: text(entry, "about").unwrap_or_default(),
            rows,
            named,
            label,
            columns,
        })
    }

    /// Whether a path is of what a plugin derives that does not take part.
    fn is_absent(&self, path: &str) -> bool {
        let mut steps = path.split('.');
        let derived = steps.next() == Some("derived");
        let id = steps.next().unwrap_or_default().trim_end_matches("[]");
        derived && self.absent.contains(id)
    }

    /// The lists of a path of elements, from the outermost.
    fn rows(&mut self, at: &Pointer, path: &str) -> Option<Vec<String>> {
        let field = self.field(at, path)?;
        let lists = path.strip_suffix("[]");
        let Some(lists) = lists.filter(|_| !field.properties.is_empty()) else {
            let problem = Problem::error(format!("`{path}` has no rows"));
            let wanted = "the elements of a list of objects, such as `flows[]`";
            self.problem(at, problem.expected(wanted));
            return None;
        };
        Some(lists.split("[].").map(str::to_owned).collect())
    }

    /// That a path is of the elements of one list of the proposal.
    fn named(&mut self, at: &Pointer, path: &str) {
        let Some(field) = self.field(at, path) else {
            return;
        };
        let list = path.strip_suffix("[]").unwrap_or("[");
        if list.contains('[') || field.properties.is_empty() || path.starts_with("derived.") {
            let problem = Problem::error(format!("`{path}` does not name rows"));
            let wanted = "the elements of a list of the proposal, such as `flows[]`";
            self.problem(at, problem.expected(wanted));
        }
    }

    fn label(&mut self, at: &Pointer, entry: &Value, rows: &str) -> Vec<String> {
        let mut label = Vec::new();
        for (index, one) in items(entry, "label").into_iter().enumerate() {
            let one = one.as_str().unwrap_or_default();
            let at = at.key("label").index(index);
            let Some(field) = self.inside(&at, rows, one) else {
                continue;
            };
            if field.kind != Kind::Text {
                let problem = Problem::error(format!("`{one}` is no text"));
                self.problem(&at, problem.expected("the path of a text within a row"));
            }
            label.push(one.to_owned());
        }
        label
    }

    fn columns(&mut self, at: &Pointer, entry: &Value, rows: &str) -> Vec<Column> {
        let list = items(entry, "columns");
        if list.is_empty() {
            self.problem(at, Problem::error("the table has no `columns`"));
        }
        let columns = list.into_iter().enumerate().filter_map(|(index, entry)| {
            let at = at.key("columns").index(index);
            self.column(&at, entry, rows)
        });
        let columns: Vec<Column> = columns.collect();
        let marked = |mark| {
            let columns = columns.iter();
            columns.filter(move |column: &&Column| column.picture == Some(mark))
        };
        let at = at.key("columns");
        if marked(Mark::Bar).count() > 1 || marked(Mark::Line).count() > 1 {
            let problem = Problem::error("a picture shows one column as a bar, and one as a line");
            self.problem(&at, problem);
        }
        for line in marked(Mark::Line) {
            if !marked(Mark::Bar).any(|bar| bar.unit == line.unit) {
                let problem = Problem::error(format!("`{}` is a line across no bar", line.value));
                let wanted = "another column of the same unit with `picture = \"bar\"`";
                self.problem(&at, problem.expected(wanted));
            }
        }
        columns
    }

    fn column(&mut self, at: &Pointer, entry: &Value, rows: &str) -> Option<Column> {
        if !self.has(at, entry, "column", &["title", "value"]) {
            return None;
        }
        let value = text(entry, "value")?;
        let field = self.inside(&at.key("value"), rows, &value)?;
        let number = is_number(field);
        if !number && !matches!(field.kind, Kind::Text | Kind::Boolean) {
            let problem = Problem::error(format!("`{value}` does not fit in a cell"));
            let wanted = "the path of a number, a text, or a yes or no";
            self.problem(&at.key("value"), problem.expected(wanted));
        }
        let (low, high) = (text(entry, "low"), text(entry, "high"));
        for (key, path) in [("low", &low), ("high", &high)] {
            if let Some(path) = path {
                self.end(&at.key(key), rows, path, number);
            }
        }
        if low.is_some() != high.is_some() {
            let problem = Problem::error("a range has two ends");
            self.problem(at, problem.expected("both `low` and `high`"));
        }
        let sum = entry.get("sum").and_then(Value::as_bool).unwrap_or(false);
        if sum && !number {
            let problem = Problem::error(format!("`{value}` is no number, and has no sum"));
            self.problem(&at.key("sum"), problem);
        }
        let picture = text(entry, "picture").map(|picture| match picture.as_str() {
            "bar" => Mark::Bar,
            _ => Mark::Line,
        });
        if picture == Some(Mark::Bar) && low.is_none() && high.is_none() {
            let problem = Problem::error("a bar shows a range");
            let problem = problem.expected("`low` and `high` beside the value");
            self.problem(&at.key("picture"), problem);
        }
        if picture == Some(Mark::Line) && !number {
            let problem = Problem::error(format!("`{value}` is no number, and no line shows it"));
            self.problem(&at.key("picture"), problem);
        }
        Some(Column {
            title: text(entry, "title")?,
            unit: field.unit.clone(),
            ends: low.zip(high),
            value,
            sum,
            picture,
        })
    }

    /// That a path is an end of a range.
    fn end(&mut self, at: &Pointer, rows: &str, path: &str, of_number: bool) {
        let Some(field) = self.inside(at, rows, path) else {
            return;
        };
        if !of_number || !is_number(field) {
            let problem = Problem::error(format!("`{path}` is not the end of a range"));
            let wanted = "the path of a number, beside a value that is a number";
            self.problem(at, problem.expected(wanted));
        }
    }

    /// A field by its path; nothing, with the problem said, where there is none.
    fn field(&mut self, at: &Pointer, path: &str) -> Option<&'a Field> {
        let schema: &'a Schema = self.schema;
        let Some(id) = schema.find(path) else {
            self.problem(at, unknown_path(schema, path));
            return None;
        };
        Some(schema.field(id))
    }

    /// A field within a row.
    fn inside(&mut self, at: &Pointer, rows: &str, path: &str) -> Option<&'a Field> {
        if path.contains('[') {
            let problem = Problem::error(format!("`{path}` is a field of each element of a list"));
            self.problem(at, problem.expected("a field that a row has once"));
            return None;
        }
        self.field(at, &format!("{rows}.{path}"))
    }
}

fn is_number(field: &Field) -> bool {
    matches!(field.kind, Kind::Number | Kind::Integer)
}
