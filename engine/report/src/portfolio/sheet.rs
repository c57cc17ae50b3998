//! A table over many programs as cells in words, which every form of the report shows.

use super::{Collected, name, said};
use evenhand_analysis::portfolio::{
    Beside, Body, Counted, Label, LevelCounts, Page, Portfolio, Standing, Table, Total,
};
use evenhand_core::verdict::Word;
use evenhand_diagnostic::words::{Section, Words};

/// Cells under headings.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sheet {
    /// What tells it from other sheets of the table.
    pub(super) title: String,
    /// The headings, but for that of the names.
    pub(super) head: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Line>,
    /// What is to be said of it.
    pub(super) notes: Vec<String>,
}

/// A row: its name, and as many cells as there are headings.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    /// What it is called.
    pub(super) name: String,
    /// What is in it.
    pub(super) cells: Vec<String>,
    /// A name that is typed, where it is not in the name.
    pub(super) id: String,
}

/// The sheets of a table: one, or one for each choice that splits it.
pub(super) fn sheets(table: &Table, collected: Collected<'_>, words: &dyn Words) -> Vec<Sheet> {
    let writer = Writer { collected, words };
    match &table.body {
        Body::Levels {
            verdicts,
            dimensions,
            ..
        } => vec![writer.verdicts(verdicts), writer.levels(dimensions)],
        Body::Ranked { .. } => vec![writer.ranked(&table.body)],
        Body::Groups(counted) => writer.groups(counted),
        Body::Total(total) => vec![writer.total(total)],
        Body::Share { .. } => vec![writer.share(&table.body)],
    }
}

struct Writer<'a> {
    collected: Collected<'a>,
    words: &'a dyn Words,
}

impl Writer<'_> {
    fn word(&self, english: &'static str) -> String {
        self.words.word(english).to_owned()
    }

    fn portfolio(&self) -> &Portfolio {
        self.collected.portfolio
    }

    /// A quantity with one decimal.
    fn number(&self, value: f64) -> String {
        self.words.number((value * 10.0).round() / 10.0)
    }

    fn share(&self, body: &Body) -> Sheet {
        let Body::Share {
            part,
            whole,
            unit,
            known,
            unknown,
        } = body
        else {
            return Sheet::default();
        };
        let share = if *whole > 0.0 {
            self.words.percent((part / whole * 100.0 + 1e-9).floor())
        } else {
            "–".to_owned()
        };
        let unit = unit.as_deref().unwrap_or_default();
        let unit = self.words.value(unit).unwrap_or(unit).to_owned();
        Sheet {
            head: vec![
                self.word("part"),
                self.word("whole"),
                self.word("share"),
                self.word("programs"),
                self.word("not known"),
            ],
            rows: vec![Line {
                name: unit,
                cells: vec![
                    self.number(*part),
                    self.number(*whole),
                    share,
                    known.to_string(),
                    unknown.to_string(),
                ],
                id: String::new(),
            }],
            ..Sheet::default()
        }
    }

    fn verdicts(&self, verdicts: &[(Word, usize)]) -> Sheet {
        let rows = verdicts.iter().map(|(word, count)| Line {
            name: self.words.word(word.word()).to_owned(),
            cells: vec![count.to_string()],
            id: String::new(),
        });
        Sheet {
            head: vec![self.word("programs")],
            rows: rows.collect(),
            ..Sheet::default()
        }
    }

    fn levels(&self, dimensions: &[LevelCounts]) -> Sheet {
        let titles = super::dimension_titles(self.portfolio(), self.words);
        let rows = titles
            .into_iter()
            .zip(dimensions)
            .map(|(name, counts)| Line {
                name,
                cells: {
                    // From the best level on.
                    let levels = counts.levels.iter().rev().map(|(_, count)| *count);
                    let cells = levels.chain([counts.open, counts.not_judged]);
                    cells.map(|count| count.to_string()).collect()
                },
                id: String::new(),
            });
        let levels = dimensions.first().into_iter();
        let levels = levels.flat_map(|counts| counts.levels.iter().rev());
        let mut head: Vec<String> = levels
            .map(|(level, _)| level.text_in(self.words).to_owned())
            .collect();
        head.extend([self.word("still open"), self.word("not judged")]);
        Sheet {
            head,
            rows: rows.collect(),
            ..Sheet::default()
        }
    }

    fn ranked(&self, body: &Body) -> Sheet {
        let Body::Ranked {
            outcome,
            entries,
            more,
            ..
        } = body
        else {
            return Sheet::default();
        };
        let section = if outcome.is_some() {
            Section::Titles
        } else {
            Section::Fields
        };
        let rows = entries.iter().map(|entry| {
            let title = self.words.find(section, &entry.id).unwrap_or(&entry.title);
            let name = if title.is_empty() {
                entry.id.clone()
            } else {
                format!("{title} ({})", entry.id)
            };
            Line {
                name,
                cells: vec![
                    entry.count.to_string(),
                    entry.of.to_string(),
                    self.words
                        .percent(f64::from(super::per_cent(entry.count, entry.of))),
                ],
                id: entry.id.clone(),
            }
        });
        let mut notes = Vec::new();
        if *more > 0 {
            let number = more.to_string();
            notes.push(
                self.words
                    .say("and others: {number}", &[("number", &number)]),
            );
        }
        Sheet {
            head: vec![self.word("programs"), self.word("of"), self.word("share")],
            rows: rows.collect(),
            notes,
            ..Sheet::default()
        }
    }

    fn label(&self, label: &Label) -> String {
        match label {
            Label::NotKnown => self.word("not known"),
            Label::Choice(choice, _) if choice == "true" => self.words.flag(true).to_owned(),
            Label::Choice(choice, _) if choice == "false" => self.words.flag(false).to_owned(),
            Label::Choice(choice, title) => {
                // What has no label of its own may have a word.
                let value = self.words.value(choice).filter(|_| title == choice);
                value.unwrap_or(title).to_owned()
            }
        }
    }

    fn groups(&self, counted: &Counted) -> Vec<Sheet> {
        let pages = counted.pages.iter();
        let mut sheets: Vec<Sheet> = pages.map(|page| self.page(page, counted)).collect();
        sheets.extend(counted.published.as_ref().map(|beside| self.beside(beside)));
        sheets
    }

    fn page(&self, page: &Page, counted: &Counted) -> Sheet {
        let mut head = vec![self.word("programs")];
        head.extend(counted.columns.iter().map(|label| self.label(label)));
        let rows = counted.rows.iter().enumerate().map(|(index, label)| {
            let all = page.rows.get(index).copied().unwrap_or_default();
            let cells = page.cells.get(index).into_iter().flatten();
            Line {
                name: self.label(label),
                cells: std::iter::once(&all)
                    .chain(cells)
                    .map(ToString::to_string)
                    .collect(),
                id: label.choice().cloned().unwrap_or_default(),
            }
        });
        // A choice of the split has only the rows that are in it.
        let rows: Vec<Line> = rows
            .zip(&page.rows)
            .filter(|(_, count)| page.label.is_none() || **count > 0)
            .map(|(line, _)| line)
            .collect();
        let number = page.programs.to_string();
        let title = page.label.as_ref().map(|label| {
            let label = self.label(label);
            self.words.say(
                "{label} · programs: {number}",
                &[("label", &label), ("number", &number)],
            )
        });
        Sheet {
            title: title.unwrap_or_default(),
            head,
            rows,
            notes: Vec::new(),
        }
    }

    fn beside(&self, beside: &Beside) -> Sheet {
        let share =
            |count: usize, of: usize| self.words.percent(f64::from(super::per_cent(count, of)));
        let there = |count: u64| usize::try_from(count).unwrap_or(usize::MAX / 100);
        let rows = beside
            .figures
            .iter()
            .map(|(title, count, of, published)| Line {
                name: said(title, self.words).to_owned(),
                cells: vec![
                    format!("{count}/{of}"),
                    share(*count, *of),
                    format!("{published}/{}", beside.of),
                    share(there(*published), there(beside.of)),
                ],
                id: String::new(),
            });
        let entry = self.collected.sources.get(&beside.source.key);
        let cited = entry.map(evenhand_core::pack::SourceEntry::cite);
        let cited = cited.unwrap_or_else(|| beside.source.to_string());
        let mut notes = vec![
            self.words
                .say("Published figures: {source}", &[("source", &cited)]),
        ];
        if !beside.note.is_empty() {
            notes.push(said(&beside.note, self.words).to_owned());
        }
        Sheet {
            title: self.word("Beside published figures"),
            head: vec![
                self.word("here"),
                self.word("share"),
                self.word("published"),
                self.word("share"),
            ],
            rows: rows.collect(),
            notes,
        }
    }

    /// How much is not known of a sum, and how it stands to its budget.
    fn notes(&self, total: &Total, unit: &str) -> Vec<String> {
        let mut notes = Vec::new();
        if total.unknown > 0 {
            let number = total.unknown.to_string();
            notes.push(self.words.say(
                "Programs of which it is not known: {number}",
                &[("number", &number)],
            ));
        }
        if let (Some(budget), Some(stands)) = (total.budget, total.stands) {
            let template = match stands {
                Standing::Within => "Within the budget of {budget} {unit}, even at the high end.",
                Standing::Over => "Over the budget of {budget} {unit}, even at the low end.",
                Standing::Open => {
                    "Whether the budget of {budget} {unit} is kept is open: the range or what is not known decides."
                }
            };
            let budget = self.number(budget);
            notes.push(
                self.words
                    .say(template, &[("budget", &budget), ("unit", unit)]),
            );
        }
        notes
    }

    fn total(&self, total: &Total) -> Sheet {
        let unit = total.unit.as_deref().unwrap_or_default();
        let unit = self.words.value(unit).unwrap_or(unit).to_owned();
        let known = |(low, value, high): (f64, f64, f64)| {
            vec![self.number(low), self.number(value), self.number(high)]
        };
        let unknown = || vec!["–".to_owned(), self.word("not known"), "–".to_owned()];
        let mut rows: Vec<Line> = Vec::new();
        let mut amounts: Vec<_> = total.amounts.iter().collect();
        // The largest first, and what is not known before all, since it may be the largest.
        amounts.sort_by(|a, b| {
            let of = |value: Option<(f64, f64, f64)>| value.map_or(f64::INFINITY, |value| value.1);
            of(b.value).total_cmp(&of(a.value)).then(a.row.cmp(&b.row))
        });
        for amount in amounts {
            let mut cells = amount.value.map_or_else(unknown, known);
            cells.push(
                amount
                    .stated
                    .map_or_else(String::new, |stated| self.number(stated)),
            );
            let row = self.portfolio().rows.get(amount.row);
            rows.push(Line {
                name: row.map(name).unwrap_or_default().to_owned(),
                cells,
                id: String::new(),
            });
        }
        let mut sum = known(total.sum);
        sum.push(
            total
                .budget
                .map_or_else(String::new, |budget| self.number(budget)),
        );
        rows.push(Line {
            name: self.word("Sum of what is known"),
            cells: sum,
            id: String::new(),
        });
        let notes = self.notes(total, &unit);
        Sheet {
            title: unit,
            head: vec![
                self.word("low"),
                self.word("central"),
                self.word("high"),
                self.word("budget"),
            ],
            rows,
            notes,
        }
    }
}
