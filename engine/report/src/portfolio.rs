//! Many programs in the tables that packs declare: on a terminal, as a page, as JSON, as rows for a spreadsheet.

mod csv;
mod html;
mod json;
mod sheet;

pub use csv::csv;
pub use html::html;
pub use json::json;

use crate::Look;
use crate::lines::Lines;
use crate::style::{Tone, columns, pad};
use crate::text::board::level_words;
use evenhand_analysis::portfolio::{Body, Portfolio, Row, Table};
use evenhand_core::pack::Sources;
use evenhand_diagnostic::words::{Section, Words};
use sheet::{Sheet, sheets};

/// The most programs that a terminal is shown.
const SHOWN: usize = 50;

/// Many programs, with what a report of them needs.
#[derive(Debug, Clone, Copy)]
pub struct Collected<'a> {
    /// The profile, or the pack where there is none.
    pub profile: &'a str,
    /// The programs and tables.
    pub portfolio: &'a Portfolio,
    /// The bibliography.
    pub sources: &'a Sources,
    /// Files of folders that are no programs.
    pub passed_over: &'a [String],
}

/// The tables on a terminal.
pub fn text(collected: Collected<'_>, words: &dyn Words, look: Look) -> String {
    let mut page = Lines::new(look, words);
    page.wrap(&opening(collected, words), "", "  ");
    for table in &collected.portfolio.tables {
        page.push("");
        page.toned(Tone::Strong, said(&table.title, words), "", "");
        if !table.about.is_empty() {
            page.toned(Tone::Faint, said(&table.about, words), "", "");
        }
        for (index, sheet) in sheets(table, collected, words).iter().enumerate() {
            if index > 0 && sheet.title.is_empty() {
                page.push("");
            }
            show(&mut page, sheet, look);
        }
    }
    page.push("");
    page.toned(Tone::Strong, words.word("Programs"), "", "");
    show(&mut page, &programs(collected, words), look);
    refused(&mut page, collected.portfolio);
    page.finish()
}

/// Whose portfolio it is, and of how many programs.
fn opening(collected: Collected<'_>, words: &dyn Words) -> String {
    let rows = &collected.portfolio.rows;
    let broken = rows.iter().filter(|row| row.verdict.is_none()).count();
    let (all, broken) = (rows.len().to_string(), broken.to_string());
    words.say(
        "{profile} · programs: {number} · cannot be judged: {broken}",
        &[
            ("profile", collected.profile),
            ("number", &all),
            ("broken", &broken),
        ],
    )
}

/// A text of a pack, in the language.
fn said<'a>(text: &'a str, words: &'a dyn Words) -> &'a str {
    words.find(Section::Messages, text).unwrap_or(text)
}

/// A sheet of cells; where the headings are too wide for the terminal they become letters, with what each stands for above.
fn show(page: &mut Lines<'_>, sheet: &Sheet, look: Look) {
    if !sheet.title.is_empty() {
        page.push("");
        page.wrap(&sheet.title, "  ", "  ");
    }
    if sheet.rows.is_empty() {
        page.wrap(page.words.word("nothing to show"), "  ", "  ");
    }
    let least = 24.min(look.width / 2);
    let width = |head: &[String], column: usize| {
        let cells = sheet.rows.iter().filter_map(|row| row.cells.get(column));
        let widest = cells.map(|cell| columns(cell)).max().unwrap_or_default();
        widest.max(head.get(column).map_or(0, |head| columns(head))) + 2
    };
    let widths = |head: &[String]| -> Vec<usize> {
        (0..sheet.head.len())
            .map(|column| width(head, column))
            .collect()
    };
    let mut head = sheet.head.clone();
    let mut all = widths(&head);
    if all.iter().sum::<usize>() + least > look.width {
        let letters = (0..head.len()).map(|index| {
            let letter = u8::try_from(index % 26).unwrap_or_default() + b'A';
            char::from(letter).to_string()
        });
        let letters: Vec<String> = letters.collect();
        let legend = letters.iter().zip(&head);
        let legend: Vec<String> = legend
            .map(|(letter, title)| format!("{letter} {title}"))
            .collect();
        page.toned(Tone::Faint, &legend.join(" · "), "  ", "  ");
        all = widths(&letters);
        head = letters;
    }
    let used: usize = all.iter().sum();
    // No wider than the names, so that the eye finds the cells that belong to one.
    let names = sheet.rows.iter().map(|row| columns(&row.name) + 4);
    let names = names.max().unwrap_or_default().max(least);
    let room = look.width.saturating_sub(used).max(least).min(names);
    let line = |first: &str, cells: &[String]| {
        let cells = cells.iter().zip(&all);
        let cells: String = cells.map(|(cell, width)| right(cell, *width)).collect();
        format!("{}{cells}", pad(first, room))
    };
    if head.iter().any(|head| !head.is_empty()) {
        page.push(look.paint(Tone::Faint, &line("", &head)));
    }
    let narrow = Look {
        width: room.saturating_sub(1),
        ..look
    };
    for row in &sheet.rows {
        let lines = narrow.wrap(&row.name, "  ", "    ");
        for (index, part) in lines.iter().enumerate() {
            if index == 0 {
                page.push(line(part, &row.cells));
            } else {
                page.push(part);
            }
        }
    }
    for note in &sheet.notes {
        page.wrap(note, "  ", "  ");
    }
}

fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Every program with its verdict and levels.
fn programs(collected: Collected<'_>, words: &dyn Words) -> Sheet {
    let portfolio = collected.portfolio;
    let mut head = vec![words.word("verdict").to_owned()];
    head.extend(dimension_titles(portfolio, words));
    let judged = |row: &&Row| row.verdict.is_some();
    let rows = portfolio.rows.iter().filter(judged);
    let shown = rows.clone().take(SHOWN).map(|row| sheet::Line {
        name: name(row).to_owned(),
        cells: cells(row, words),
        id: String::new(),
    });
    let mut notes = Vec::new();
    if let Some(more) = rows
        .clone()
        .count()
        .checked_sub(SHOWN)
        .filter(|more| *more > 0)
    {
        let number = more.to_string();
        notes.push(words.say("and others: {number}", &[("number", &number)]));
    }
    Sheet {
        head,
        rows: shown.collect(),
        notes,
        ..Sheet::default()
    }
}

/// The verdict and the levels of a program.
fn cells(row: &Row, words: &dyn Words) -> Vec<String> {
    let verdict = row.verdict.map(|word| words.word(word.word()).to_owned());
    let levels = row.levels.iter().map(|level| level_words(*level, words));
    verdict.into_iter().chain(levels).collect()
}

/// What a program is called: its id where it has one.
fn name(row: &Row) -> &str {
    if row.id.is_empty() {
        &row.place
    } else {
        &row.id
    }
}

fn dimension_titles(portfolio: &Portfolio, words: &dyn Words) -> Vec<String> {
    let titles = portfolio.dimensions.iter();
    titles
        .map(|(id, title)| {
            let title = words.find(Section::Dimensions, id).unwrap_or(title);
            title.to_owned()
        })
        .collect()
}

fn refused(page: &mut Lines<'_>, portfolio: &Portfolio) {
    let rows: Vec<&Row> = broken(portfolio).collect();
    if rows.is_empty() {
        return;
    }
    page.heading("Cannot be judged");
    for row in rows.iter().take(SHOWN) {
        page.wrap(&row.place, "  ", "    ");
        for problem in row.problems.iter().take(SHOWN) {
            page.wrap(&problem.to_string(), "    ", "      ");
        }
    }
    if let Some(more) = rows.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let number = more.to_string();
        let line = page
            .words
            .say("and others: {number}", &[("number", &number)]);
        page.wrap(&line, "  ", "  ");
    }
}

fn broken(portfolio: &Portfolio) -> impl Iterator<Item = &Row> {
    portfolio.rows.iter().filter(|row| row.verdict.is_none())
}

/// The share of a count in whole per cent, to the nearest; only none of them are 0, and only all of them 100.
fn per_cent(count: usize, of: usize) -> u8 {
    let share = (count * 200 + of).checked_div(of * 2).unwrap_or_default();
    let share = match count {
        0 => 0,
        some if some >= of => 100,
        _ => share.clamp(1, 99),
    };
    u8::try_from(share).unwrap_or(100)
}

/// Whether a table has a picture of its own beside it.
fn has_picture(table: &Table) -> bool {
    matches!(table.body, Body::Levels { .. } | Body::Ranked { .. })
}

#[cfg(test)]
mod tests {
    use super::per_cent;

    #[test]
    fn only_none_are_no_per_cent_and_only_all_a_hundred() {
        for (count, of, share) in [
            (0, 0, 0),
            (0, 7, 0),
            (1, 1000, 1),
            (94, 350, 27),
            (132, 350, 38),
            (999, 1000, 99),
            (7, 7, 100),
        ] {
            assert_eq!(per_cent(count, of), share, "{count} of {of}");
        }
    }
}
