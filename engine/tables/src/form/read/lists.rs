//! The entries of lists, each a row, put where they belong.

use super::layout::Table;
use super::{Given, Reading, filled, is_none, tree};
use crate::book::{Held, Tab};
use crate::codes;
use evenhand_diagnostic::phrase;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_diagnostic::source::Cell;
use evenhand_document::document::Filled;
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a sheet with a list.
pub(super) struct Entries {
    list: String,
    parent: Option<String>,
    rows: Vec<Row>,
}

struct Row {
    /// The number that stands before it.
    number: usize,
    /// Whether it says that there are no entries.
    none: bool,
    /// The number of the row it belongs to; nothing where the cell does not say.
    parent: Option<usize>,
    parent_cell: Cell,
    cell: Cell,
    answers: Vec<(Pointer, Given)>,
}

/// Where the entry of a row is, by its list and number.
type Places = BTreeMap<(String, usize), Pointer>;

impl<'a> Reading<'a> {
    /// Reads the rows of a list.
    pub(super) fn entries(&mut self, tab: &'a Tab, table: &Table) -> Entries {
        self.extra_columns(tab, table);
        let below = tab.cells.range((table.row + 1, 0)..);
        let rows: BTreeSet<usize> = below.map(|((row, _), _)| *row).collect();
        let mut found = Vec::new();
        for row in rows {
            let number = tab.held(row, table.numbers);
            let none = number.and_then(Held::text);
            let none = none.is_some_and(|text| is_none(self.tongues, text));
            let mut answers = Vec::new();
            for (column, at, id) in &table.columns {
                let Some(held) = tab.held(row, *column) else {
                    continue;
                };
                let cell = tab.cell(row, *column);
                let shown = Pointer::from_dotted(&table.list).unwrap_or_default();
                let shown = at.steps().fold(shown, |shown, step| shown.key(&step));
                if let Some(answer) = self.value(&shown, *id, held, &cell) {
                    let count = match &answer {
                        super::Answer::Many(values) => values.len().max(1),
                        super::Answer::One(_) => 1,
                    };
                    let cells = vec![cell; count];
                    answers.push((at.clone(), Given { answer, cells }));
                }
            }
            let parent = table.parent.as_ref().map(|(_, column)| *column);
            let first = table
                .columns
                .first()
                .map_or(table.numbers, |(column, ..)| *column);
            found.push(Row {
                number: number.and_then(whole).unwrap_or(row - table.row),
                none,
                parent: parent
                    .and_then(|column| tab.held(row, column))
                    .and_then(whole),
                parent_cell: tab.cell(row, parent.unwrap_or(table.numbers)),
                cell: match answers.first().and_then(|(_, given)| given.cells.first()) {
                    Some(cell) => cell.clone(),
                    None => tab.cell(row, if none { table.numbers } else { first }),
                },
                answers,
            });
        }
        Entries {
            list: table.list.clone(),
            parent: table.parent.as_ref().map(|(list, _)| list.clone()),
            rows: found,
        }
    }

    /// Says which columns hold something and are not read.
    fn extra_columns(&mut self, tab: &Tab, table: &Table) {
        let schema = self.schema;
        for (column, text) in &table.unknown {
            let element = schema.find(&table.list).map(|id| schema.field(id));
            let names = element.into_iter().flat_map(|field| &field.properties);
            let advice = did_you_mean(text, names.map(|(name, _)| name.as_str()));
            let problem = Problem::warning(phrase!(codes::UNKNOWN_COLUMN, name = text.as_str()));
            let cell = tab.cell(table.row, *column);
            self.unread(cell, problem.suggest_maybe(advice));
        }
        let known = |column: usize| {
            column == table.numbers
                || table
                    .parent
                    .as_ref()
                    .is_some_and(|(_, parent)| *parent == column)
                || table.columns.iter().any(|(known, ..)| *known == column)
                || table.unknown.iter().any(|(known, _)| *known == column)
        };
        let mut said = BTreeSet::new();
        for ((row, column), held) in tab.cells.range((table.row + 1, 0)..) {
            if !held.is_blank() && !known(*column) && said.insert(*column) {
                let problem = Problem::warning(phrase!(codes::EXTRA_COLUMN));
                self.unread(tab.cell(*row, *column), problem);
            }
        }
    }

    /// Puts the entries of all lists into the proposal, those of lists inside others last.
    pub(super) fn place_lists(
        &mut self,
        mut tables: Vec<Entries>,
        root: &mut Vec<(String, Filled)>,
    ) {
        tables.sort_by_key(|entries| entries.list.matches("[]").count());
        // A row in which nothing is filled in is an entry where another sheet refers to it.
        let named: BTreeSet<(String, usize)> = tables
            .iter()
            .filter_map(|entries| Some((entries.parent.clone()?, entries)))
            .flat_map(|(parent, entries)| {
                let rows = entries
                    .rows
                    .iter()
                    .filter(|row| row.none || !row.answers.is_empty());
                rows.filter_map(move |row| Some((parent.clone(), row.parent?)))
            })
            .collect();
        let mut places = Places::new();
        for entries in tables {
            self.place_list(entries, &named, &mut places, root);
        }
    }

    fn place_list(
        &mut self,
        entries: Entries,
        named: &BTreeSet<(String, usize)>,
        places: &mut Places,
        root: &mut Vec<(String, Filled)>,
    ) {
        let Entries { list, parent, rows } = entries;
        let mut marks: BTreeMap<Pointer, Cell> = BTreeMap::new();
        let mut counts: BTreeMap<Pointer, usize> = BTreeMap::new();
        for row in rows {
            let is_entry = !row.answers.is_empty() || named.contains(&(list.clone(), row.number));
            if !is_entry && !row.none {
                continue;
            }
            let Some(at) = self.list_of(&list, parent.as_deref(), &row, places) else {
                continue;
            };
            if row.none && row.answers.is_empty() {
                marks.entry(at).or_insert(row.cell);
                continue;
            }
            let count = counts
                .entry(at.clone())
                .or_insert_with(|| tree::length(root, &at));
            let here = at.index(*count);
            *count += 1;
            places
                .entry((list.clone(), row.number))
                .or_insert_with(|| here.clone());
            tree::put(root, &here, Filled::Group(Vec::new(), row.cell.clone()));
            if row.none {
                marks.entry(at).or_insert(row.cell);
            }
            for (path, given) in row.answers {
                let at = path.steps().fold(here.clone(), |at, step| at.key(&step));
                tree::put(root, &at, filled(given));
            }
        }
        for (at, cell) in marks {
            if tree::length(root, &at) > 0 {
                let problem = Problem::error(phrase!(codes::NONE_AND_SOME));
                self.problem(cell, problem.suggest(phrase!(codes::CHOOSE_ONE)));
            } else {
                tree::put(root, &at, Filled::List(Vec::new(), cell));
            }
        }
    }

    /// The list that a row is an entry of; nothing, with the problem noted, where it does not say.
    fn list_of(
        &mut self,
        list: &str,
        parent: Option<&str>,
        row: &Row,
        places: &Places,
    ) -> Option<Pointer> {
        let path = list.strip_suffix("[]").unwrap_or(list);
        let Some(parent) = parent else {
            let at = Pointer::from_dotted(path)?;
            let inside = at.steps().any(|step| step == "-");
            if inside {
                let list = path.rsplit_once("[]").map_or(path, |(list, _)| list);
                let problem = Problem::error(phrase!(codes::NO_PARENT, list = list));
                self.problem(row.cell.clone(), problem);
            }
            return (!inside).then_some(at);
        };
        let Some(number) = row.parent else {
            let problem = Problem::error(phrase!(
                codes::NO_PARENT,
                list = parent.trim_end_matches("[]")
            ));
            let problem = problem.expected(phrase!(codes::THE_NUMBER_THERE));
            self.problem(row.parent_cell.clone(), problem);
            return None;
        };
        let Some(place) = places.get(&(parent.to_owned(), number)) else {
            let list = parent.trim_end_matches("[]");
            let problem = phrase!(codes::UNKNOWN_PARENT, number = number, list = list);
            let problem = Problem::error(problem).expected(phrase!(codes::THE_NUMBER_THERE));
            self.problem(row.parent_cell.clone(), problem);
            return None;
        };
        let rest = path.strip_prefix(parent)?.strip_prefix('.')?;
        let rest = Pointer::from_dotted(rest)?;
        let at = rest.steps().fold(place.clone(), |at, step| at.key(&step));
        Some(at)
    }
}

/// A whole number from 1, as a number or as text.
fn whole(held: &Held) -> Option<usize> {
    let number = match held {
        Held::Number(number) => *number,
        other => other.text()?.trim_end_matches('.').parse().ok()?,
    };
    let whole = number.fract() == 0.0 && (1.0..=1e6).contains(&number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 to a million"
    )]
    whole.then_some(number as usize)
}
