//! A list laid out: headings, what to write, the names of fields, and a row for each entry.

use super::grids::{Page, at, question_of, style};
use super::{Ask, Table};
use crate::workbook::grid::{Content, Grid, Range, Style};

/// Rows before the first entry: headings, what to write, the names of fields.
const HEAD: usize = 3;
/// The width of the column of numbers, and of others.
const WIDTHS: (usize, usize) = (9, 24);

pub(super) fn grid(page: &mut Page<'_, '_>, name: String, list: &Table<'_>) -> Grid {
    let before = 1 + usize::from(list.parent.is_some());
    let mut rows = head(list);
    let mut numbers = 0;
    for row in &list.rows {
        let number = match row.entry {
            Some(_) => {
                numbers += 1;
                Content::Number(count(numbers))
            }
            None => Content::Exact(page.form.tongue.none.to_owned()),
        };
        let mut cells = vec![(Style::Wrapped, number)];
        if list.parent.is_some() {
            cells.push((Style::Answer, Content::Number(count(row.parent))));
        }
        for (path, ask) in &list.columns {
            let ask = Ask {
                value: row.entry.and_then(|entry| at(entry, path)),
                ..ask.clone()
            };
            cells.extend(page.answers(path, &ask, false).into_iter().take(1));
        }
        rows.push(cells);
    }
    // A list that is known to be empty needs no more rows, but may get some.
    let spare = if list.rows.iter().all(|row| row.entry.is_none()) {
        list.spare.max(1)
    } else {
        list.spare
    };
    for _ in 0..spare {
        numbers += 1;
        let mut cells = vec![(Style::Small, Content::Number(count(numbers)))];
        if list.parent.is_some() {
            cells.push((Style::Answer, Content::Empty));
        }
        cells.extend(
            list.columns
                .iter()
                .map(|(_, ask)| (style(ask.one), Content::Empty)),
        );
        rows.push(cells);
    }
    let last = rows.len() - 1;
    let notes = list.columns.iter().enumerate().map(|(index, (_, ask))| {
        let cells = Range {
            column: before + index,
            first: HEAD,
            last,
        };
        page.note(ask, cells, false)
    });
    let notes = notes.collect();
    let mut widths = vec![WIDTHS.0; before];
    widths.extend(list.columns.iter().map(|_| WIDTHS.1));
    Grid {
        name,
        hidden: false,
        widths,
        frozen: (HEAD, before),
        rows,
        filter: false,
        notes,
    }
}

fn head(list: &Table<'_>) -> Vec<Vec<(Style, Content)>> {
    let text = |style: Style, text: &str| (style, Content::Text(text.to_owned()));
    let mut rows = [
        vec![(Style::Heading, Content::Empty)],
        vec![(Style::Wrapped, Content::Empty)],
        vec![text(Style::Small, &list.list)],
    ];
    let [headings, what, names] = &mut rows;
    if let Some((parent, heading)) = &list.parent {
        headings.push(text(Style::Heading, heading));
        what.push((Style::Wrapped, Content::Empty));
        names.push(text(Style::Small, parent));
    }
    for (path, ask) in &list.columns {
        let title = &ask.field.title;
        let title = if title.is_empty() {
            &ask.field.name
        } else {
            title
        };
        headings.push(text(Style::Heading, title));
        let lines = [question_of(ask), &ask.what, &ask.who];
        let lines: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        what.push(text(Style::Wrapped, &lines.join("\n")));
        names.push(text(Style::Small, &path.dotted()));
    }
    rows.to_vec()
}

#[expect(clippy::cast_precision_loss, reason = "rows of a sheet")]
fn count(rows: usize) -> f64 {
    rows as f64
}
