//! Many programs as rows for a spreadsheet: first every program, then a row for each cell of each table.

use super::sheet::sheets;
use super::{Collected, cells, dimension_titles, said};
use crate::csv::write;
use evenhand_diagnostic::words::Words;

/// One table for a spreadsheet, which sorts and filters it: table, part of it, row, column, value.
pub fn csv(collected: Collected<'_>, words: &dyn Words) -> String {
    let portfolio = collected.portfolio;
    let head = ["table", "part", "row", "column", "value"];
    let mut rows: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    let mut push = |table: &str, part: &str, row: &str, column: &str, value: &str| {
        rows.push(
            [table, part, row, column, value]
                .map(str::to_owned)
                .to_vec(),
        );
    };
    let programs = words.word("Programs");
    let mut columns = vec![words.word("verdict").to_owned()];
    columns.extend(dimension_titles(portfolio, words));
    for row in &portfolio.rows {
        push(programs, "", &row.place, "title", &row.title);
        for (column, value) in columns.iter().zip(cells(row, words)) {
            push(programs, "", &row.place, column, &value);
        }
        for problem in &row.problems {
            push(
                programs,
                "",
                &row.place,
                words.word("Problem"),
                &problem.to_string(),
            );
        }
    }
    for table in &portfolio.tables {
        let title = said(&table.title, words);
        for sheet in sheets(table, collected, words) {
            for line in &sheet.rows {
                for (column, value) in sheet.head.iter().zip(&line.cells) {
                    push(title, &sheet.title, &line.name, column, value);
                }
            }
        }
    }
    write(&rows)
}
