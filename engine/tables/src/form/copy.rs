//! What a form that came back would lose if it were written anew with other answers.

use super::guide;
use super::read::SHOWN;
use crate::book::Book;
use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, ProblemSeverity};

/// Everything that a copy would lose; nothing where a copy holds the same. `unread` is what was left unread of the workbook.
pub fn lost(book: &Book, unread: &[Problem]) -> Vec<Problem> {
    if guide(book).is_none() {
        let problem = Problem::error(phrase!(codes::NO_COPY));
        return vec![problem.in_file(&book.name)];
    }
    let error = |problem: &Problem| Problem {
        severity: ProblemSeverity::Error,
        ..problem.clone()
    };
    let mut lost: Vec<Problem> = unread.iter().map(error).collect();
    for tab in &book.sheets {
        if let Some((row, column)) = tab.formula {
            let problem = Problem::error(phrase!(codes::COPY_LOSES_FORMULA));
            lost.push(problem.in_cell(&book.name, tab.cell(row, column)));
        }
    }
    for part in &book.additions {
        let problem = Problem::error(phrase!(codes::COPY_LOSES, what = part.as_str()));
        lost.push(problem.in_file(&book.name));
    }
    lost.truncate(SHOWN);
    lost
}

/// The problem that no cell can hold an answer.
pub fn no_cell(file: &str, path: &Pointer) -> Problem {
    let field = phrase!(codes::FIELD_NAME, path = path.dotted());
    Problem::error(phrase!(codes::NO_CELL, field = field)).in_file(file)
}
