//! The tables that packs add to the report of one program: a section with a picture and its table, or a sheet of a workbook.

#[cfg(test)]
mod tests;

use crate::paper::{Bar, Bars, Block, Inline, Section, Table, paragraph, strong, text};
use crate::scorecard::Judged;
use evenhand_analysis::breakdown::{Amount, Cell, Filled, Row, filled};
use evenhand_core::breakdown::{Breakdown, Column, Mark};
use evenhand_diagnostic::words::{Section as Of, Words};
use evenhand_tables::workbook::{Cell as SheetCell, Sheet};

/// The most rows of a picture; the table beside it has more.
const BARS: usize = 40;

/// What stands where nothing is known, or nothing is to be known.
const NOTHING: &str = "–";

/// From here on a number is written with an exponent.
const LONG: f64 = 1e12;

/// The sections of a judged proposal; a table without rows is left out. `prefix` is what the names of their places begin with.
pub(crate) fn sections(judged: Judged<'_>, prefix: &str) -> Vec<Section> {
    let tables = judged.breakdowns.iter().filter_map(|table| {
        let filled = filled(table, judged.card, judged.proposal.value(), judged.schema);
        let writer = Writer {
            table,
            filled: &filled,
            words: judged.words,
        };
        (!filled.rows.is_empty()).then(|| Section {
            id: format!("{prefix}table-{}", table.id),
            title: vec![text(writer.said(&table.title))],
            blocks: writer.blocks(),
            sections: Vec::new(),
        })
    });
    tables.collect()
}

/// A sheet for each table that any of the proposals has rows of.
pub(crate) fn sheets<'a>(
    judged: impl Iterator<Item = &'a Judged<'a>>,
    words: &dyn Words,
) -> Vec<Sheet> {
    let mut sheets: Vec<(&Breakdown, Sheet)> = Vec::new();
    for judged in judged {
        for table in judged.breakdowns {
            let filled = filled(table, judged.card, judged.proposal.value(), judged.schema);
            if filled.rows.is_empty() {
                continue;
            }
            let writer = Writer {
                table,
                filled: &filled,
                words: judged.words,
            };
            let rows = writer.sheet_rows(&judged.card.proposal.file);
            match sheets.iter_mut().find(|(known, _)| *known == table) {
                Some((_, sheet)) => sheet.rows.extend(rows),
                None => sheets.push((
                    table,
                    Sheet {
                        name: writer.said(&table.title),
                        head: writer.sheet_head(words),
                        rows,
                    },
                )),
            }
        }
    }
    sheets.into_iter().map(|(_, sheet)| sheet).collect()
}

struct Writer<'a> {
    table: &'a Breakdown,
    filled: &'a Filled,
    words: &'a dyn Words,
}

impl Writer<'_> {
    /// A text of the pack, in the language.
    fn said(&self, text: &str) -> String {
        let found = self.words.find(Of::Messages, text);
        found.unwrap_or(text).to_owned()
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        if !self.table.about.is_empty() {
            blocks.push(paragraph(self.said(&self.table.about)));
        }
        blocks.extend(self.picture());
        blocks.push(Block::Table(self.cells()));
        let mut rows = self.filled.rows.iter().flat_map(|row| &row.cells);
        let owed = self.sums().any(|sum| sum.is_none());
        if owed || rows.any(|cell| *cell == Cell::Unknown) {
            let note = self.words.word("–: not known, or does not apply.");
            blocks.push(paragraph(note));
        }
        if self.filled.more > 0 {
            blocks.push(paragraph(self.others(self.filled.more)));
        }
        blocks
    }

    /// The sums of the columns that have one.
    fn sums(&self) -> impl Iterator<Item = Option<Amount>> {
        let columns = self.table.columns.iter().zip(&self.filled.sums);
        columns.filter_map(|(column, sum)| column.sum.then_some(*sum))
    }

    fn others(&self, more: usize) -> String {
        let number = more.to_string();
        self.words
            .say("and others: {number}", &[("number", &number)])
    }

    fn cells(&self) -> Table {
        let title = self.said(&self.table.title);
        let columns = &self.table.columns;
        let rows = self.filled.rows.iter().map(|row| {
            let cells = row.cells.iter();
            let cells = cells.map(|cell| vec![text(self.cell(cell))]);
            std::iter::once(vec![text(self.name(row))])
                .chain(cells)
                .collect()
        });
        let mut rows: Vec<Vec<Vec<Inline>>> = rows.collect();
        if columns.iter().any(|column| column.sum) {
            let cells = columns.iter().zip(&self.filled.sums);
            let cells = cells.map(|(column, sum)| match sum {
                Some(sum) => vec![strong(self.amount(*sum))],
                None if column.sum => vec![text(NOTHING)],
                None => Vec::new(),
            });
            let sum = vec![strong(self.words.word("Sum"))];
            rows.push(std::iter::once(sum).chain(cells).collect());
        }
        let head = columns.iter().map(|column| self.heading(column));
        Table {
            caption: title,
            head: std::iter::once(self.named()).chain(head).collect(),
            rows,
        }
    }

    /// What the column of names is called.
    fn named(&self) -> String {
        let element = self
            .filled
            .rows
            .first()
            .and_then(|row| row.element.as_ref());
        let title = element.map(|element| element.title.as_str());
        let title = title.filter(|title| !title.is_empty());
        title.unwrap_or(self.words.word("Row")).to_owned()
    }

    /// A bar for each row of which the range is known.
    fn picture(&self) -> Option<Block> {
        let columns = self.table.columns.iter();
        let marked = |mark| {
            columns
                .clone()
                .position(move |one| one.picture == Some(mark))
        };
        let (bar, line) = (marked(Mark::Bar)?, marked(Mark::Line));
        let known: Vec<Bar> = self
            .filled
            .rows
            .iter()
            .filter_map(|row| self.bar(row, bar, line))
            .collect();
        if known.is_empty() {
            return None;
        }
        let mut legend = vec![
            self.words
                .word("Full: up to the low figure. Light: up to the high one. Line: the central figure.")
                .to_owned(),
        ];
        let column = line.and_then(|line| self.table.columns.get(line));
        if let Some(column) = column.filter(|_| known.iter().any(|bar| bar.beside.is_some())) {
            let title = self.said(&column.title);
            legend.push(self.words.say("Dashed: {title}.", &[("title", &title)]));
        }
        if let Some(more) = known.len().checked_sub(BARS).filter(|more| *more > 0) {
            legend.push(self.others(more));
        }
        let column = self.table.columns.get(bar)?;
        Some(Block::Bars(Bars {
            title: format!("{}: {}", self.said(&self.table.title), self.heading(column)),
            legend: legend.join(" "),
            rows: known.into_iter().take(BARS).collect(),
        }))
    }

    fn bar(&self, row: &Row, bar: usize, line: Option<usize>) -> Option<Bar> {
        let amount = |index: usize| match row.cells.get(index) {
            Some(Cell::Amount(amount)) => Some(*amount),
            _ => None,
        };
        let found = amount(bar)?;
        let (low, high) = found.ends?;
        let name = self.name(row);
        let shown = self.amount(found);
        let beside = line.and_then(|line| Some((line, amount(line)?.value)));
        let mut words = format!("{name}: {shown}");
        if let Some((line, value)) = beside
            && let Some(column) = self.table.columns.get(line)
        {
            words.push_str(&format!(
                ", {}: {}",
                self.said(&column.title),
                self.number(value)
            ));
        }
        Some(Bar {
            name,
            shown,
            words,
            low,
            central: found.value,
            high,
            beside: beside.map(|(_, value)| value),
        })
    }

    /// What a row is called: the element of the proposal that it belongs to, and what tells it from other rows of that.
    fn name(&self, row: &Row) -> String {
        let element = row.element.as_ref().map(|element| {
            let number = element.number.to_string();
            let parts = [("title", element.title.as_str()), ("number", &number)];
            match &element.name {
                Some(name) => {
                    let parts = [parts[0], parts[1], ("name", name)];
                    self.words.say("{title} {number}: {name}", &parts)
                }
                None => format!("{} {number}", element.title),
            }
        });
        let within = self.table.rows.len() > 1 || element.is_none();
        let own = match row.label.as_slice() {
            [] if within => Some(row.number.to_string()),
            [] => None,
            label => Some(label.join(" → ")),
        };
        // A journey of one leg goes from where its flow begins to where that ends.
        let own = own.filter(|own| {
            let element = row.element.as_ref();
            element.and_then(|element| element.name.as_ref()) != Some(own)
        });
        let parts: Vec<String> = element.into_iter().chain(own).collect();
        parts.join(" · ")
    }

    fn unit(&self, column: &Column) -> Option<String> {
        let unit = column.unit.as_deref().filter(|unit| *unit != "1")?;
        Some(self.words.value(unit).unwrap_or(unit).to_owned())
    }

    fn heading(&self, column: &Column) -> String {
        let title = self.said(&column.title);
        match self.unit(column) {
            Some(unit) => format!("{title} ({unit})"),
            None => title,
        }
    }

    fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Unknown => NOTHING.to_owned(),
            Cell::Text(text) => self.words.value(text).unwrap_or(text).to_owned(),
            Cell::Flag(flag) => self.words.flag(*flag).to_owned(),
            Cell::Amount(amount) => self.amount(*amount),
        }
    }

    fn amount(&self, amount: Amount) -> String {
        let value = self.number(amount.value);
        match amount.ends {
            Some((low, high)) => format!("{value} ({}–{})", self.number(low), self.number(high)),
            None => value,
        }
    }

    /// A number with three digits that count, or all of those before the point; no more is known of what is estimated.
    fn number(&self, value: f64) -> String {
        if value.abs() >= LONG {
            return format!("{value:.2e}");
        }
        let scale = match value.abs() {
            size if size >= 100.0 => 1.0,
            size if size >= 10.0 => 10.0,
            size if size >= 1.0 => 100.0,
            _ => 1000.0,
        };
        self.words.number((value * scale).round() / scale)
    }

    fn sheet_head(&self, words: &dyn Words) -> Vec<String> {
        let mut head = vec![words.word("File").to_owned(), self.named()];
        for column in &self.table.columns {
            let title = self.heading(column);
            if column.ends.is_some() {
                let ends = ["low", "high"].map(|end| format!("{title}: {}", words.word(end)));
                head.push(title);
                head.extend(ends);
            } else {
                head.push(title);
            }
        }
        head
    }

    fn sheet_rows(&self, file: &str) -> Vec<Vec<SheetCell>> {
        let rows = self.filled.rows.iter().map(|row| {
            let mut cells = vec![
                SheetCell::Text(file.to_owned()),
                SheetCell::Text(self.name(row)),
            ];
            for (column, cell) in self.table.columns.iter().zip(&row.cells) {
                let (value, ends) = match cell {
                    Cell::Amount(amount) => (SheetCell::Number(amount.value), amount.ends),
                    Cell::Unknown => (SheetCell::Empty, None),
                    other => (SheetCell::Text(self.cell(other)), None),
                };
                cells.push(value);
                if column.ends.is_some() {
                    let end = |end: Option<f64>| end.map_or(SheetCell::Empty, SheetCell::Number);
                    cells.push(end(ends.map(|ends| ends.0)));
                    cells.push(end(ends.map(|ends| ends.1)));
                }
            }
            cells
        });
        rows.collect()
    }
}
