//! What a form says of itself on its hidden sheet.

use super::LISTS;
use crate::book::{Book, Tab};

/// What the hidden sheet says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks<'b> {
    pub(super) language: Option<&'b str>,
    /// The sheet that explains the others.
    pub(super) guide: Option<&'b str>,
}

/// Names in the first column of the hidden sheet.
pub(super) const MARKS: [&str; 3] = ["version", "language", "guide"];

/// The marks of a form; nothing where somebody has deleted the sheet.
pub(super) fn of(book: &Book) -> Option<Marks<'_>> {
    let tab = book.sheets.iter().find(|tab| is_lists(tab))?;
    let mut marks = Marks::default();
    for row in 0..MARKS.len() {
        let name = tab.held(row, 0).and_then(|held| held.text());
        let text = tab.held(row, 1).and_then(|held| held.text());
        match name {
            Some("language") => marks.language = text,
            Some("guide") => marks.guide = text,
            _ => {}
        }
    }
    Some(marks)
}

/// Whether a sheet is that of the lists.
pub(super) fn is_lists(tab: &Tab) -> bool {
    let begins = tab.held(0, 0).and_then(|held| held.text());
    *tab.name == *LISTS && begins == MARKS.first().copied()
}
