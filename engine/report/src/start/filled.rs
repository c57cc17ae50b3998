//! A workbook that was filled in, read in the languages it may be filled in in.

use super::{Start, tongue, workbook};
use evenhand_core::pointer::Pointer;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::schema::Schema;
use evenhand_locale::Locale;
use evenhand_tables::book::Book;
use evenhand_tables::form::{self, Asked, Filled, Tongue};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Reads a workbook as a proposal: choices by their labels in the language it was written in, in the language in force, in
/// English, or as the schema has them. Every problem comes with its cell.
pub fn read_workbook(
    name: &str,
    bytes: &[u8],
    rules: &Rulebook,
    (schema, locale): (&Schema, &Locale),
) -> Result<Filled, Vec<Problem>> {
    in_tongues(
        &Book::read(name, bytes)?,
        rules,
        (schema, locale),
        form::read,
    )
}

/// Does something with a workbook in the languages that it may be filled in in: its own, the one in force, English.
fn in_tongues<T>(
    book: &Book,
    rules: &Rulebook,
    (schema, locale): (&Schema, &Locale),
    act: impl FnOnce(&Book, &[Tongue<'_>]) -> T,
) -> T {
    let own = own(book, rules, locale);
    let mut tongues = Vec::new();
    if let Some((schema, locale)) = &own {
        tongues.push(tongue(schema, locale));
    }
    tongues.push(tongue(schema, locale));
    tongues.push(tongue(rules.schema(), Locale::english()));
    act(book, &tongues)
}

/// The language that a workbook was written in, where that is another than the one in force.
fn own(book: &Book, rules: &Rulebook, locale: &Locale) -> Option<(Schema, Locale)> {
    let own = form::language(book)
        .filter(|tag| *tag != "en" && *tag != evenhand_core::words::Words::tag(locale));
    // A language that no pack has is no reason to read nothing.
    own.and_then(|tag| {
        let opened = evenhand_locale::open(tag, &rules.catalogs(), &|| rules.originals()).ok()?;
        let schema = evenhand_locale::localized_schema(rules.schema(), &opened);
        Some((schema, opened))
    })
}

/// A workbook with other answers: what it asked stands in it again, in its language, with its lists and notes.
///
/// What a copy would lose is a reason to refuse: sheets, rows and columns of other people's, formulas, comments, charts and
/// pictures, and answers that no cell can hold. Formats that somebody gave to cells are not kept.
pub fn rewrite_workbook(
    name: &str,
    bytes: &[u8],
    rules: &Rulebook,
    spoken: (&Schema, &Locale),
    proposal: &Value,
) -> Result<Vec<u8>, Vec<Problem>> {
    let book = Book::read(name, bytes)?;
    let (read, asked) = in_tongues(&book, rules, spoken, |book, tongues| {
        (form::read(book, tongues), form::asked(book, tongues))
    });
    let lost = form::lost(&book, &read?.unread);
    if !lost.is_empty() {
        return Err(lost);
    }
    let own = own(&book, rules, spoken.1);
    let (schema, words) = own
        .as_ref()
        .map_or(spoken, |(schema, locale)| (schema, locale));
    let start = Start {
        schema,
        proposal,
        wanted: &wanted(&asked, proposal),
        title: form::guide(&book).unwrap_or_default(),
        file: name,
        respondents: &rules.info().respondents,
        words,
    };
    checked_workbook(&start, rules, spoken)
}

/// A workbook to be filled in that holds everything that its proposal says, or the first answer that no cell can hold.
pub fn checked_workbook(
    start: &Start<'_>,
    rules: &Rulebook,
    spoken: (&Schema, &Locale),
) -> Result<Vec<u8>, Vec<Problem>> {
    let written = workbook(start);
    let left_out = written.left_out.first().cloned();
    // Whatever the form does with an answer, it is not lost in silence.
    let lost = if left_out.is_some() {
        left_out
    } else {
        let again = read_workbook(start.file, &written.bytes, rules, spoken)?;
        different(start.proposal, again.document.value())
    };
    match lost {
        None => Ok(written.bytes),
        Some(path) => Err(vec![form::no_cell(start.file, &path)]),
    }
}

/// What was asked, by the paths in a proposal.
fn wanted(asked: &Asked, proposal: &Value) -> BTreeSet<Pointer> {
    let mut wanted = asked.fields.clone();
    for (list, columns) in &asked.lists {
        for at in lists(list, proposal) {
            let count = at
                .of(proposal)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            if count == 0 {
                wanted.insert(at.clone());
            }
            for index in 0..count {
                let entry = at.index(index);
                let cells = columns.iter().map(|path| {
                    let steps = path.steps();
                    steps.fold(entry.clone(), |at, step| at.key(&step))
                });
                wanted.extend(cells);
            }
        }
    }
    wanted
}

/// The places of a list such as `flows[].legs[]`: one in each entry of the lists above.
fn lists(path: &str, proposal: &Value) -> Vec<Pointer> {
    let mut found = vec![Pointer::root()];
    for (index, part) in path.split("[]").filter(|part| !part.is_empty()).enumerate() {
        let Some(part) = Pointer::from_dotted(part.trim_start_matches('.')) else {
            return Vec::new();
        };
        let entries = found.into_iter().flat_map(|at: Pointer| {
            if index == 0 {
                return vec![at];
            }
            let count = at
                .of(proposal)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            (0..count).map(|index| at.index(index)).collect()
        });
        let below = |at: Pointer| part.steps().fold(at, |at, step| at.key(&step));
        found = entries.map(below).collect();
    }
    found
}

/// The first answer that is in one proposal and not in the other. Groups without answers are the same as absent ones.
fn different(one: &Value, other: &Value) -> Option<Pointer> {
    let (mut here, mut there) = (BTreeMap::new(), BTreeMap::new());
    answers(one, &Pointer::root(), &mut here);
    answers(other, &Pointer::root(), &mut there);
    let mut missing = here
        .iter()
        .filter(|(at, value)| there.get(*at) != Some(value));
    let mut new = there.keys().filter(|at| !here.contains_key(*at));
    missing
        .next()
        .map(|(at, _)| at)
        .or_else(|| new.next())
        .cloned()
}

fn answers<'v>(value: &'v Value, at: &Pointer, found: &mut BTreeMap<Pointer, &'v Value>) {
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (name, below) in map {
                answers(below, &at.key(name), found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, below) in items.iter().enumerate() {
                answers(below, &at.index(index), found);
            }
        }
        single => {
            found.insert(at.clone(), single);
        }
    }
}
