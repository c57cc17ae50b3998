//! Many programs as a page: pictures, each with its table beside it.

use super::sheet::{Sheet, sheets};
use super::{Collected, broken, cells, dimension_titles, has_picture, opening, per_cent, said};
use crate::paper::{Block, Inline, Paper, Range, Ranges, Section, Table, code, paragraph, text};
use evenhand_analysis::portfolio::{Body, Table as Counted};
use evenhand_diagnostic::words::{Section as Of, Words};

/// A page with every table and every program.
pub fn html(collected: Collected<'_>, words: &dyn Words) -> String {
    let tables = collected.portfolio.tables.iter();
    let mut sections: Vec<Section> = tables
        .map(|table| section(table, collected, words))
        .collect();
    sections.push(programs(collected, words));
    sections.extend(refused(collected, words));
    let paper = Paper {
        title: words.word("Portfolio").to_owned(),
        language: words.tag().to_owned(),
        opening: vec![paragraph(opening(collected, words))],
        sections,
    };
    crate::paper::html(&paper, words)
}

fn section(table: &Counted, collected: Collected<'_>, words: &dyn Words) -> Section {
    let mut blocks = Vec::new();
    if !table.about.is_empty() {
        blocks.push(paragraph(said(&table.about, words)));
    }
    if has_picture(table) {
        blocks.extend(picture(table, collected, words));
    }
    for sheet in sheets(table, collected, words) {
        let title = said(&table.title, words);
        blocks.extend(cells_of(&sheet, title, names_of(table, words), words));
    }
    Section {
        id: table.id.clone(),
        title: vec![text(said(&table.title, words))],
        blocks,
        sections: Vec::new(),
    }
}

/// What the names of the rows are names of.
fn names_of<'a>(table: &Counted, words: &'a dyn Words) -> &'a str {
    words.word(match &table.body {
        Body::Total(_) => "Program",
        Body::Ranked {
            outcome: Some(_), ..
        } => "Finding",
        Body::Ranked { outcome: None, .. } => "Fact",
        _ => "Row",
    })
}

fn cells_of(sheet: &Sheet, title: &str, names: &str, words: &dyn Words) -> Vec<Block> {
    if sheet.rows.is_empty() {
        return vec![paragraph(words.word("nothing to show"))];
    }
    let caption = if sheet.title.is_empty() {
        title.to_owned()
    } else {
        format!("{title}: {}", sheet.title)
    };
    let rows = sheet.rows.iter().map(|line| {
        let mut row: Vec<Vec<Inline>> = vec![vec![text(line.name.clone())]];
        row.extend(line.cells.iter().map(|cell| vec![text(cell.clone())]));
        row
    });
    let mut head = vec![names.to_owned()];
    head.extend(sheet.head.clone());
    let table = Block::Table(Table {
        caption,
        head,
        rows: rows.collect(),
    });
    let notes = sheet.notes.iter().cloned().map(paragraph);
    std::iter::once(table).chain(notes).collect()
}

/// A bar for each row: of levels, which programs are certainly not poor and which may be; of rules, how many come out so.
fn picture(table: &Counted, collected: Collected<'_>, words: &dyn Words) -> Option<Block> {
    let range = |name: String, low: u8, high: u8| {
        let (shown_low, shown_high) = (
            words.percent(f64::from(low)),
            words.percent(f64::from(high)),
        );
        let shown = if low == high {
            shown_low
        } else {
            words.say(
                "{low} to {high}",
                &[("low", &shown_low), ("high", &shown_high)],
            )
        };
        Range {
            words: format!("{name}: {shown}"),
            name,
            low,
            high,
            mark: None,
        }
    };
    let (rows, legend): (Vec<Range>, &str) = match &table.body {
        Body::Levels { dimensions, of, .. } => {
            let titles = dimension_titles(collected.portfolio, words).into_iter();
            let rows = titles.zip(dimensions).map(|(name, counts)| {
                let risen = counts.levels.iter().filter(|(level, _)| !level.is_lowest());
                let risen: usize = risen.map(|(_, count)| count).sum();
                let sure = risen + counts.open - counts.may_rise;
                let low = per_cent(sure, *of);
                range(name, low, per_cent(sure + counts.may_rise, *of))
            });
            let legend = words.word(
                "In per cent of the programs. Full: certainly above the worst level. Light: open until more is known.",
            );
            (rows.collect(), legend)
        }
        Body::Ranked {
            outcome, entries, ..
        } => {
            let section = if outcome.is_some() {
                Of::Titles
            } else {
                Of::Fields
            };
            let rows = entries.iter().map(|entry| {
                let title = words.find(section, &entry.id).unwrap_or(&entry.title);
                let name = if title.is_empty() { &entry.id } else { title };
                let share = per_cent(entry.count, entry.of);
                range(name.to_owned(), share, share)
            });
            (rows.collect(), words.word("In per cent of the programs."))
        }
        _ => return None,
    };
    (!rows.is_empty()).then(|| {
        Block::Ranges(Ranges {
            title: said(&table.title, words).to_owned(),
            legend: legend.to_owned(),
            rows,
        })
    })
}

fn programs(collected: Collected<'_>, words: &dyn Words) -> Section {
    let portfolio = collected.portfolio;
    let mut head = vec![
        words.word("Program").to_owned(),
        words.word("verdict").to_owned(),
    ];
    head.extend(dimension_titles(portfolio, words));
    let judged = portfolio.rows.iter().filter(|row| row.verdict.is_some());
    let rows = judged.map(|row| {
        let name = vec![text(row.title.clone()), text(" "), code(row.place.clone())];
        let cells = cells(row, words).into_iter();
        std::iter::once(name)
            .chain(cells.map(|cell| vec![text(cell)]))
            .collect()
    });
    let table = Table {
        caption: words.word("Programs").to_owned(),
        head,
        rows: rows.collect(),
    };
    Section {
        id: "programs".to_owned(),
        title: vec![text(words.word("Programs"))],
        blocks: vec![Block::Table(table)],
        sections: Vec::new(),
    }
}

fn refused(collected: Collected<'_>, words: &dyn Words) -> Option<Section> {
    let rows = broken(collected.portfolio).map(|row| {
        let problems: Vec<String> = row.problems.iter().map(ToString::to_string).collect();
        vec![
            vec![code(row.place.clone())],
            vec![text(problems.join("\n"))],
        ]
    });
    let rows: Vec<Vec<Vec<Inline>>> = rows.collect();
    (!rows.is_empty()).then(|| Section {
        id: "refused".to_owned(),
        title: vec![text(words.word("Cannot be judged"))],
        blocks: vec![Block::Table(Table {
            caption: words
                .word("What keeps programs from being judged")
                .to_owned(),
            head: ["Program", "Problem"]
                .map(|head| words.word(head).to_owned())
                .to_vec(),
            rows,
        })],
        sections: Vec::new(),
    })
}
