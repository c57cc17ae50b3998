//! A proposal to be filled in, as a workbook: a sheet for each group, lists to choose from, a note at every cell.

use super::Start;
use crate::respondents;
use evenhand_core::pointer::Pointer;
use evenhand_core::schema::{Field, FieldId, Kind, Need, Schema};
use evenhand_diagnostic::words::Words;
use evenhand_document::document::Format;
use evenhand_document::document::edit::write_inline;
use evenhand_tables::form::{
    self, Ask, Body, Form, FormSheet, Row, Shape, Table, Tongue, Written, shape,
};
use serde_json::Value;

/// Rows for entries that are not known yet.
const SPARE: usize = 8;

/// A language as forms are written and read in it. Words that a form has in every language stand here once.
pub fn tongue<'a>(schema: &'a Schema, words: &'a dyn Words) -> Tongue<'a> {
    Tongue {
        tag: words.tag(),
        schema,
        yes: words.word("yes"),
        no: words.word("no"),
        none: words.word("(none)"),
        answer: words.word("Answer"),
    }
}

/// The workbook: valid as it is, with nothing said yet that is not known.
pub fn workbook(start: &Start<'_>) -> Written {
    let words = start.words;
    let form = Form {
        title: start.title,
        tongue: tongue(start.schema, words),
        guide: (words.word("Read me"), guide(start)),
        headings: [
            "Question",
            "What to write",
            "Who can answer",
            "Name of the field",
        ]
        .map(|heading| words.word(heading)),
        sheets: sheets(start),
    };
    form::write(&form)
}

/// How to fill in the workbook.
fn guide(start: &Start<'_>) -> Vec<String> {
    let words = start.words;
    let none = words.word("(none)");
    let mut lines = vec![start.title.to_owned()];
    lines.extend(
        [
            "Write what you know into the framed cells. Leave empty what you do not know yet: that never counts as no, and it never helps.",
            "Many cells have a list to choose from, and a note that shows when the cell is chosen.",
            "A list has a row for each entry; add rows below if there are more.",
        ]
        .map(|line| words.word(line).to_owned()),
    );
    lines.push(words.say(
        "If there are none and that is known, write {none} in place of the first number.",
        &[("none", none)],
    ));
    lines.push(
        words
            .word("The small grey names tell the program which answer is which: leave them where they are. Sheets of your own are not read.")
            .to_owned(),
    );
    lines.push(words.say(
        "Then evenhand check {file} says what follows, and evenhand questions {file} asks what matters next.",
        &[("file", start.file)],
    ));
    lines
}

/// The sheets of everything that is known or asked, in the order of the schema.
fn sheets<'a>(start: &Start<'a>) -> Vec<FormSheet<'a>> {
    let mut page = Sheets {
        start: *start,
        sheets: Vec::new(),
    };
    let schema = start.schema;
    let mut single = Vec::new();
    let tops = &schema.field(schema.root()).properties;
    for (name, id) in tops.iter().filter(|(name, _)| name != "derived") {
        let at = Pointer::root().key(name);
        let value = start.proposal.get(name).filter(|value| !value.is_null());
        if shape(schema, schema.field(*id)) == Shape::Cell {
            single.extend(page.leaves(*id, value, &at));
        } else {
            page.part(*id, value, &at);
        }
    }
    if !single.is_empty() {
        let name = start.words.word("Proposal").to_owned();
        let body = Body::Fields(single);
        page.sheets.insert(0, FormSheet { name, body });
    }
    page.sheets
}

struct Sheets<'a> {
    start: Start<'a>,
    sheets: Vec<FormSheet<'a>>,
}

/// Lists of one path: the row of the parent each belongs to, where it is, and what is known of it.
struct Lists<'a> {
    /// With `[]`, such as `flows[].legs[]`.
    path: String,
    parent: Option<(String, String)>,
    all: Vec<(usize, Pointer, Option<&'a Value>)>,
}

impl<'a> Sheets<'a> {
    /// The sheets of a group or a list.
    fn part(&mut self, id: FieldId, value: Option<&'a Value>, at: &Pointer) {
        let field = self.start.schema.field(id);
        if shape(self.start.schema, field) == Shape::Rows {
            return self.lists(
                id,
                &Lists {
                    path: format!("{}[]", at.dotted()),
                    parent: None,
                    all: vec![(0, at.clone(), value)],
                },
            );
        }
        let asks = self.leaves(id, value, at);
        if !asks.is_empty() {
            self.sheets.push(FormSheet {
                name: title(field),
                body: Body::Fields(asks),
            });
        }
        for (path, below) in rows_below(self.start.schema, id) {
            let at = joined(at, &path);
            let value = self.start.proposal.pointer(at.as_str());
            self.part(below, value.filter(|value| !value.is_null()), &at);
        }
    }

    /// The questions of a field and of the groups in it, where something is known or asked.
    fn leaves(
        &self,
        id: FieldId,
        value: Option<&'a Value>,
        at: &Pointer,
    ) -> Vec<(Pointer, Ask<'a>)> {
        let schema = self.start.schema;
        let found = leaves(schema, id).into_iter().filter_map(|(path, leaf)| {
            let at = joined(at, &path);
            let value = value.and_then(|value| known(value, &path));
            let wanted = value.is_some() || self.start.wanted.contains(&at);
            wanted.then(|| {
                let ask = self.ask(leaf, &at.dotted(), true);
                (at, Ask { value, ..ask })
            })
        });
        found.collect()
    }

    fn ask(&self, id: FieldId, path: &str, slots: bool) -> Ask<'a> {
        let schema = self.start.schema;
        let what = what(schema, schema.field(id), slots, self.start.words);
        let asked = schema.respondents(path);
        let who = respondents::names(asked, self.start.respondents, self.start.words);
        Ask::new(schema, id, what, who)
    }

    /// The sheet of a list, and those of the lists in its entries.
    fn lists(&mut self, id: FieldId, lists: &Lists<'a>) {
        let schema = self.start.schema;
        let field = schema.field(id);
        let Some(element) = field.items else { return };
        let is_asked = lists.all.iter().any(|(_, at, value)| {
            let below = format!("{at}/");
            let asked = |path: &Pointer| path == at || path.as_str().starts_with(&below);
            value.is_some() || self.start.wanted.iter().any(asked)
        });
        if !is_asked {
            return;
        }
        let mut rows = Vec::new();
        let mut entries: Vec<(Pointer, &'a Value)> = Vec::new();
        for (parent, at, value) in &lists.all {
            let Some(Value::Array(items)) = value else {
                continue;
            };
            let parent = *parent;
            if items.is_empty() {
                rows.push(Row {
                    parent,
                    entry: None,
                });
            }
            for (index, entry) in items.iter().enumerate() {
                entries.push((at.index(index), entry));
                let entry = Some(entry);
                rows.push(Row { parent, entry });
            }
        }
        self.sheets.push(FormSheet {
            name: title(field),
            body: Body::Table(Table {
                list: lists.path.clone(),
                parent: lists.parent.clone(),
                columns: self.columns(element, &lists.path, &entries),
                rows,
                spare: SPARE,
            }),
        });
        for (path, below) in rows_below(schema, element) {
            let all = (1..).zip(&entries).map(|(number, (at, entry))| {
                let at = joined(at, &path);
                (number, at, known(entry, &path))
            });
            let below_path = format!("{}.{}[]", lists.path, path.dotted());
            let heading = schema.field(element);
            let heading = if heading.title.is_empty() {
                field
            } else {
                heading
            };
            let all = all.collect();
            self.lists(
                below,
                &Lists {
                    path: below_path,
                    parent: Some((lists.path.clone(), title(heading))),
                    all,
                },
            );
        }
    }

    /// The columns of a list: what is known or asked of any entry; of a list without entries, what is essential.
    fn columns(
        &self,
        element: FieldId,
        list: &str,
        entries: &[(Pointer, &Value)],
    ) -> Vec<(Pointer, Ask<'a>)> {
        let schema = self.start.schema;
        let all = leaves(schema, element);
        let is_asked = |path: &Pointer| {
            entries.iter().any(|(at, entry)| {
                known(entry, path).is_some() || self.start.wanted.contains(&joined(at, path))
            })
        };
        let essential = |id: FieldId| schema.field(id).need == Need::Essential;
        let mut chosen: Vec<&(Pointer, FieldId)> =
            all.iter().filter(|(path, _)| is_asked(path)).collect();
        if chosen.is_empty() {
            chosen = all.iter().filter(|(_, id)| essential(*id)).collect();
        }
        if chosen.is_empty() {
            chosen = all.iter().collect();
        }
        let columns = chosen.into_iter().map(|(path, id)| {
            let dotted = format!("{list}.{}", path.dotted());
            (path.clone(), self.ask(*id, &dotted, false))
        });
        columns.collect()
    }
}

fn title(field: &Field) -> String {
    if field.title.is_empty() {
        field.name.clone()
    } else {
        field.title.clone()
    }
}

/// What is known at a path within a value.
fn known<'v>(value: &'v Value, path: &Pointer) -> Option<&'v Value> {
    value
        .pointer(path.as_str())
        .filter(|value| !value.is_null())
}

fn joined(at: &Pointer, path: &Pointer) -> Pointer {
    path.steps().fold(at.clone(), |at, step| at.key(&step))
}

/// The fields below that a cell answers, by their paths, in the order of the schema; the field itself where it is one.
fn leaves(schema: &Schema, id: FieldId) -> Vec<(Pointer, FieldId)> {
    below(schema, id, Shape::Cell)
}

/// The lists below whose entries are rows, by their paths; not those in their entries.
fn rows_below(schema: &Schema, id: FieldId) -> Vec<(Pointer, FieldId)> {
    below(schema, id, Shape::Rows)
}

fn below(schema: &Schema, id: FieldId, wanted: Shape) -> Vec<(Pointer, FieldId)> {
    let mut found = Vec::new();
    let mut open = vec![(Pointer::root(), id)];
    while let Some((at, id)) = open.pop() {
        let field = schema.field(id);
        match shape(schema, field) {
            Shape::Group => {
                let below = field.properties.iter().rev();
                open.extend(below.map(|(name, id)| (at.key(name), *id)));
            }
            other if other == wanted => found.push((at, id)),
            _ => {}
        }
    }
    found
}

/// What an answer may be, in a few words: how to choose, the unit, an example.
fn what(schema: &Schema, field: &Field, slots: bool, words: &dyn Words) -> String {
    let one = field.items.map_or(field, |items| schema.field(items));
    let is_list = field.kind == Kind::List;
    let mut parts: Vec<String> = Vec::new();
    let mut say = |english: &str| parts.push(words.word(english).to_owned());
    match (one.kind, &one.unit) {
        (Kind::Text, _) if !one.choices.is_empty() => say("choose from the list"),
        (Kind::Boolean, _) => say("yes or no"),
        (Kind::Text, _) if one.date => say("a date"),
        (Kind::Number | Kind::Integer, None) => say("a number"),
        (Kind::Number | Kind::Integer, Some(unit)) => {
            let unit = words.value(unit).unwrap_or(unit).to_owned();
            parts.push(unit);
        }
        _ => {}
    }
    let is_share = one.unit.as_deref() == Some("share");
    let chosen = one.kind == Kind::Boolean || !one.choices.is_empty();
    match one.examples.first() {
        _ if is_share => {
            let example = words.percent(25.0);
            parts.push(words.say("for example {example}", &[("example", &example)]));
        }
        Some(example) if !chosen => {
            let example = match example {
                Value::String(text) => text.clone(),
                other => write_inline(Format::Yaml, other),
            };
            parts.push(words.say("for example {example}", &[("example", &example)]));
        }
        _ => {}
    }
    if is_list && slots {
        parts.push(words.word("several: one in each cell").to_owned());
    } else if is_list {
        parts.push(words.word("several: one on each line").to_owned());
    }
    parts.join("; ")
}
