//! A workbook that was filled in, read in the languages it may be filled in in.

use super::tongue;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_locale::Locale;
use evenhand_tables::book::Book;
use evenhand_tables::form::{self, Filled};

/// Reads a workbook as a proposal: choices by their labels in the language it was written in, in the language in force, in
/// English, or as the schema has them. Every problem comes with its cell.
pub fn read_workbook(
    name: &str,
    bytes: &[u8],
    rules: &Rulebook,
    (schema, locale): (&Schema, &Locale),
) -> Result<Filled, Vec<Problem>> {
    let book = Book::read(name, bytes)?;
    let own = form::language(&book)
        .filter(|tag| *tag != "en" && *tag != evenhand_core::words::Words::tag(locale));
    // A language that no pack has is no reason to read nothing.
    let own = own.and_then(|tag| {
        let opened = evenhand_locale::open(tag, &rules.catalogs(), &|| rules.originals()).ok()?;
        let schema = evenhand_locale::localized_schema(rules.schema(), &opened);
        Some((schema, opened))
    });
    let mut tongues = Vec::new();
    if let Some((schema, locale)) = &own {
        tongues.push(tongue(schema, locale));
    }
    tongues.push(tongue(schema, locale));
    tongues.push(tongue(rules.schema(), Locale::english()));
    form::read(&book, &tongues)
}
