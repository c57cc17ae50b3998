//! A form laid out: the guide, a sheet for each group and list, and the hidden sheet with the lists to choose from.

use super::table;
use super::{Ask, Body, Form, LISTS, Tongue, VERSION, entry, marks};
use crate::workbook::grid::{Allowed, Content, Grid, Note, Range, Style};
use crate::workbook::tabs;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_document::schema::{Field, Kind};
use serde_json::Value;

/// Longest text of a cell, in UTF-16 units.
pub(super) const TEXT: usize = 32_767;
/// A text that may be this long is wide, and shown as numbers signs by some programs if the cell is marked as text.
const LONG: f64 = 200.0;
/// Widths of the columns of questions: question, answer, what to write, who can answer, field.
const WIDTHS: [usize; 5] = [56, 34, 40, 22, 24];
/// Cells for the values of a list beyond those that are known, and the most there are to begin with.
const SLOTS: (usize, usize) = (2, 4);

/// What is collected while a form is laid out.
pub(super) struct Page<'a, 'f> {
    pub(super) form: &'f Form<'a>,
    /// The names of the tabs: the guide, then the sheets of the form.
    pub(super) tabs: Vec<String>,
    lists: Lists,
    pub(super) left_out: Vec<Pointer>,
}

/// The lists to choose from, each in a column of the hidden sheet.
pub(super) struct Lists {
    before: usize,
    columns: Vec<Vec<String>>,
}

/// Columns of the hidden sheet before the first list.
const BEFORE: usize = 3;

/// The sheets of a form, and the answers that no cell can hold.
pub(super) fn of(form: &Form<'_>) -> (Vec<Grid>, Vec<Pointer>) {
    let names = std::iter::once(form.guide.0)
        .chain(form.sheets.iter().map(|sheet| sheet.name.as_str()))
        .chain([LISTS]);
    let mut page = Page {
        form,
        tabs: tabs(names),
        lists: Lists::after(BEFORE),
        left_out: Vec::new(),
    };
    let first = page.tabs.first().cloned().unwrap_or_default();
    let mut grids = vec![guide(first, &form.guide.1)];
    for (index, sheet) in form.sheets.iter().enumerate() {
        let name = page.tabs.get(index + 1).cloned().unwrap_or_default();
        grids.push(match &sheet.body {
            Body::Fields(asks) => fields(&mut page, name, asks),
            Body::Table(list) => table::grid(&mut page, name, list),
        });
    }
    grids.push(hidden(&page));
    (grids, page.left_out)
}

/// The sheet that explains the others.
pub(super) fn guide(name: String, lines: &[String]) -> Grid {
    let styled = lines.iter().enumerate().map(|(index, line)| {
        let style = if index == 0 {
            Style::Heading
        } else {
            Style::Wrapped
        };
        vec![(style, Content::Text(line.clone()))]
    });
    Grid {
        name,
        hidden: false,
        widths: vec![100],
        frozen: (0, 0),
        rows: styled.collect(),
        filter: false,
        notes: Vec::new(),
    }
}

/// A sheet of questions.
fn fields(page: &mut Page<'_, '_>, name: String, asks: &[(Pointer, Ask<'_>)]) -> Grid {
    let [question, what, who, field] = page.form.headings;
    let head = [question, page.form.tongue.answer, what, who, field];
    let head = head.map(|text| (Style::Heading, Content::Text(text.to_owned())));
    let mut rows = vec![head.to_vec()];
    let mut notes = Vec::new();
    for (path, ask) in asks {
        let first = rows.len();
        for (index, (style, content)) in page.answers(path, ask, true).into_iter().enumerate() {
            let text = |text: &str| match index {
                0 => Content::Text(text.to_owned()),
                _ => Content::Empty,
            };
            let more = if index == 0 { question_of(ask) } else { "…" };
            rows.push(vec![
                (Style::Wrapped, Content::Text(more.to_owned())),
                (style, content),
                (Style::Wrapped, text(&ask.what)),
                (Style::Wrapped, text(&ask.who)),
                (Style::Small, Content::Text(path.dotted())),
            ]);
        }
        let cells = Range {
            column: 1,
            first,
            last: rows.len() - 1,
        };
        notes.push(page.note(ask, cells, true));
    }
    Grid {
        name,
        hidden: false,
        widths: WIDTHS.to_vec(),
        frozen: (1, 0),
        rows,
        filter: false,
        notes,
    }
}

/// The question, or what the field is called where it has none.
pub(super) fn question_of<'f>(ask: &Ask<'f>) -> &'f str {
    let field = ask.field;
    let texts = [&field.question, &field.title, &field.name];
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .map_or("", String::as_str)
}

impl Page<'_, '_> {
    /// The cells of an answer, at least one. Lists have cells to spare where there are several.
    pub(super) fn answers(
        &mut self,
        path: &Pointer,
        ask: &Ask<'_>,
        slots: bool,
    ) -> Vec<(Style, Content)> {
        let style = style(ask.one);
        let mut contents = match ask.value {
            Some(value) => entry::cells(ask, value, slots, &self.form.tongue),
            None => Vec::new(),
        };
        for content in &mut contents {
            if let Content::Exact(text) = content
                && text.encode_utf16().count() > TEXT
            {
                self.left_out.push(path.clone());
                *content = Content::Empty;
            }
        }
        let is_list = slots && ask.field.kind == Kind::List && ask.field.items.is_some();
        let wanted = if is_list && ask.one.kind != Kind::Any {
            let most = match ask.one.choices.len() {
                0 => usize::MAX,
                choices => choices,
            };
            (contents.len() + SLOTS.0)
                .min(SLOTS.1.max(contents.len() + 1))
                .min(most)
        } else {
            1
        };
        while contents.len() < wanted.max(1) {
            contents.push(Content::Empty);
        }
        contents
            .into_iter()
            .map(|content| (style, content))
            .collect()
    }

    /// The note at the cells of an answer. Several values of a list in one cell are none of the list to choose from.
    pub(super) fn note(&mut self, ask: &Ask<'_>, cells: Range, slots: bool) -> Note {
        let allowed = match ask.field.kind {
            Kind::List if !slots => Allowed::Anything,
            _ => self.lists.allowed(ask.one, &self.form.tongue),
        };
        let parts = [question_of(ask), &ask.what, &ask.who];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        Note {
            cells,
            title: ask.field.title.clone(),
            text: parts.collect::<Vec<_>>().join("\n"),
            allowed,
        }
    }
}

/// What can be chosen for a field, as people call it; none where it is no choice.
pub(super) fn choices(field: &Field, tongue: &Tongue<'_>) -> Option<Vec<String>> {
    match field.kind {
        Kind::Boolean => Some(vec![tongue.yes.to_owned(), tongue.no.to_owned()]),
        Kind::Text if !field.choices.is_empty() => {
            let choices = field.choices.iter();
            let labels = choices.map(|choice| entry::label(field, choice).to_owned());
            Some(labels.collect())
        }
        _ => None,
    }
}

impl Lists {
    /// Lists that stand after so many columns.
    pub(super) fn after(before: usize) -> Self {
        let columns = Vec::new();
        Self { before, columns }
    }

    /// The lists, one a column.
    pub(super) fn columns(&self) -> &[Vec<String>] {
        &self.columns
    }

    /// What a cell for one value of a field may hold.
    pub(super) fn allowed(&mut self, field: &Field, tongue: &Tongue<'_>) -> Allowed {
        match field.kind {
            Kind::Number | Kind::Integer => Allowed::Number {
                whole: field.kind == Kind::Integer,
                least: field.minimum,
                most: field.maximum,
            },
            Kind::Text if field.date => Allowed::Date,
            _ => match choices(field, tongue) {
                Some(choices) => self.list(choices),
                None => Allowed::Anything,
            },
        }
    }

    /// The place of a list on the hidden sheet; the same list stands there once.
    pub(super) fn list(&mut self, labels: Vec<String>) -> Allowed {
        let last = labels.len().saturating_sub(1);
        let known = self.columns.iter().position(|known| *known == labels);
        let index = known.unwrap_or_else(|| {
            self.columns.push(labels);
            self.columns.len() - 1
        });
        Allowed::List {
            sheet: LISTS.to_owned(),
            range: Range {
                column: self.before + index,
                first: 0,
                last,
            },
        }
    }
}

/// What the cell of an answer is formatted as, so that nothing is made of what is typed that was not meant.
pub(super) fn style(field: &Field) -> Style {
    let share = field
        .maximum
        .is_some_and(|most| (most - 1.0).abs() < f64::EPSILON)
        && field.minimum.is_some_and(|least| least >= 0.0);
    match field.kind {
        Kind::Number if share => Style::AnswerPercent,
        Kind::Text if field.date => Style::AnswerDate,
        Kind::Text if field.maximum.is_some_and(|most| most <= LONG) => Style::AnswerText,
        _ => Style::Answer,
    }
}

/// The hidden sheet: what the form says of itself, and the lists.
fn hidden(page: &Page<'_, '_>) -> Grid {
    let tongue = &page.form.tongue;
    let guide = page.tabs.first().cloned().unwrap_or_default();
    let said = [
        Content::Number(VERSION),
        Content::Text(tongue.tag.to_owned()),
        Content::Exact(guide),
    ];
    let columns = &page.lists.columns;
    let longest = columns.iter().map(Vec::len).max().unwrap_or_default();
    let mut said = marks::MARKS.into_iter().zip(said);
    let rows = (0..longest.max(marks::MARKS.len())).map(|row| {
        let (name, value) = match said.next() {
            Some((name, value)) => (Content::Text(name.to_owned()), value),
            None => (Content::Empty, Content::Empty),
        };
        let lists = columns.iter().map(|labels| match labels.get(row) {
            Some(label) => Content::Exact(label.clone()),
            None => Content::Empty,
        });
        let cells = [name, value, Content::Empty].into_iter().chain(lists);
        cells.map(|content| (Style::Plain, content)).collect()
    });
    Grid {
        name: LISTS.to_owned(),
        hidden: true,
        widths: Vec::new(),
        frozen: (0, 0),
        rows: rows.collect(),
        filter: false,
        notes: Vec::new(),
    }
}

/// The value at a path within an entry.
pub(super) fn at<'v>(entry: &'v Value, path: &Pointer) -> Option<&'v Value> {
    entry
        .pointer(path.as_str())
        .filter(|value| !value.is_null())
}
