//! The tables, counted.

use super::{Collector, Row, Taken};
use evenhand_core::finding::Outcome;
use evenhand_core::portfolio::{Category, Groups, Published, TableKind, TableSpec};
use evenhand_core::rule::Citation;
use evenhand_core::schema::Schema;
use evenhand_core::score::Level;
use evenhand_core::verdict::Word;
use std::collections::{BTreeMap, BTreeSet};

/// As many columns are shown though no program is in them.
const FEW: usize = 6;

/// A table over many programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its id.
    pub id: String,
    /// What it is called, in the language of the pack.
    pub title: String,
    /// How to read it, in the language of the pack.
    pub about: String,
    /// What is in it.
    pub body: Body,
}

/// What is in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Programs by verdict and level.
    Levels {
        /// Every verdict, with how many programs have it.
        verdicts: Vec<(Word, usize)>,
        /// Every dimension, in the order of the portfolio.
        dimensions: Vec<LevelCounts>,
        /// The programs that were judged.
        of: usize,
    },
    /// Rules or facts, the most frequent first.
    Ranked {
        /// For rules: what came out; for facts, none.
        outcome: Option<Outcome>,
        /// The entries.
        entries: Vec<Ranked>,
        /// How many more there are.
        more: usize,
        /// The programs that were judged.
        of: usize,
    },
    /// Programs by properties.
    Groups(Counted),
    /// A number of every program and the sum.
    Total(Total),
    /// A part of a whole, over the programs that say both.
    Share {
        /// The sum of the parts.
        part: f64,
        /// The sum of the wholes.
        whole: f64,
        /// What is counted.
        unit: Option<String>,
        /// The programs that say both.
        known: usize,
        /// The programs that do not.
        unknown: usize,
    },
}

/// How many programs are at which level of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LevelCounts {
    /// Every level of the board, from the worst on, with how many have it whatever comes of what is open.
    pub levels: Vec<(Level, usize)>,
    /// What is open decides.
    pub open: usize,
    /// Of those that are open: how many can still rise above the worst level.
    pub may_rise: usize,
    /// Not judged.
    pub not_judged: usize,
}

/// A rule or a fact, and in how many programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The rule's id, or the fact's path.
    pub id: String,
    /// The rule's requirement, or what the fact is called.
    pub title: String,
    /// In how many programs.
    pub count: usize,
    /// For a rule: the programs to which it applies.
    pub of: usize,
}

/// What names a row or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// A choice: as it is typed, and as people call it.
    Choice(String, String),
    /// Those of which it is not known.
    NotKnown,
}

/// Programs by properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The names of the rows.
    pub rows: Vec<Label>,
    /// The names of the columns; none where nothing names any.
    pub columns: Vec<Label>,
    /// All programs, and then those of each choice of the split.
    pub pages: Vec<Page>,
    /// Beside published figures.
    pub published: Option<Beside>,
}

/// One table of counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The choice of the split; none for all programs.
    pub label: Option<Label>,
    /// The programs in it.
    pub programs: usize,
    /// For each row, how many programs are in it.
    pub rows: Vec<usize>,
    /// For each row and column, how many programs are in both.
    pub cells: Vec<Vec<usize>>,
}

/// Counts beside published figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// Where the figures were published.
    pub source: Citation,
    /// Of how many they are.
    pub of: u64,
    /// How they may differ from what is counted here.
    pub note: String,
    /// Each figure: what was counted, how many programs here, of how many where that is known, and how many there.
    pub figures: Vec<(String, usize, usize, u64)>,
}

/// A number of every program, and the sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// What is counted.
    pub unit: Option<String>,
    /// Every program that was judged.
    pub amounts: Vec<Amount>,
    /// The sum: low end, value, high end, of what is known.
    pub sum: (f64, f64, f64),
    /// The programs of which it is not known.
    pub unknown: usize,
    /// What it may be.
    pub budget: Option<f64>,
    /// How the sum stands to the budget.
    pub stands: Option<Standing>,
}

/// The number of one program.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The program, by its place among the rows.
    pub row: usize,
    /// Low end, value and high end; none where it is not known.
    pub value: Option<(f64, f64, f64)>,
    /// What the program states that it may be.
    pub stated: Option<f64>,
}

/// How a sum stands to a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Within it, even at the high end, and nothing is unknown.
    Within,
    /// Over it, even at the low end and without what is not known.
    Over,
    /// What is not known exactly decides.
    Open,
}

impl Standing {
    /// The word for it, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Over => "over",
            Self::Open => "open",
        }
    }
}

/// The schema in the language, and budgets by the table's id.
type Around<'a> = (&'a Schema, &'a BTreeMap<String, f64>);

impl Collector<'_> {
    pub(super) fn table(&self, index: usize, spec: &TableSpec, around: Around<'_>) -> Table {
        let body = match &spec.kind {
            TableKind::Levels => self.levels(),
            TableKind::Findings { outcome, at_most } => self.findings(*outcome, *at_most),
            TableKind::Missing { at_most } => self.missing(*at_most, around.0),
            TableKind::Groups(groups) => Body::Groups(self.groups(index, groups, around.0)),
            TableKind::Total { value, .. } => {
                let budget = around.1.get(&spec.id).copied();
                Body::Total(self.total(index, unit(around.0, value), budget))
            }
            TableKind::Share { part, .. } => self.share(index, unit(around.0, part)),
        };
        Table {
            id: spec.id.clone(),
            title: spec.title.clone(),
            about: spec.about.clone(),
            body,
        }
    }

    fn judged(&self) -> impl Iterator<Item = (usize, &Row)> {
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| row.verdict.is_some())
    }

    fn levels(&self) -> Body {
        let all = [Word::Proceed, Word::Revise, Word::Incomplete, Word::Stop];
        let count = |word: Word| {
            self.judged()
                .filter(|(_, row)| row.verdict == Some(word))
                .count()
        };
        let steps = self.book.settings().levels.steps().iter();
        let none = LevelCounts {
            levels: steps.map(|step| (step.level, 0)).collect(),
            ..LevelCounts::default()
        };
        let mut dimensions = vec![none; self.book.info().dimensions.len()];
        for (_, row) in self.judged() {
            for (counts, level) in dimensions.iter_mut().zip(&row.levels) {
                match level {
                    None => counts.not_judged += 1,
                    Some((low, high)) if low == high => {
                        let own = counts.levels.iter_mut().filter(|(level, _)| level == low);
                        own.for_each(|(_, count)| *count += 1);
                    }
                    Some((low, _)) => {
                        counts.open += 1;
                        counts.may_rise += usize::from(low.is_lowest());
                    }
                }
            }
        }
        Body::Levels {
            verdicts: all.into_iter().map(|word| (word, count(word))).collect(),
            dimensions,
            of: self.judged().count(),
        }
    }

    fn findings(&self, outcome: Outcome, at_most: usize) -> Body {
        let title = |id: &str| {
            let rule = self.book.rules().iter().find(|rule| rule.page.id == id);
            let broken = || self.book.broken().iter().find(|rule| rule.id == id);
            let of_plugin = || {
                let rules = self
                    .book
                    .manifests()
                    .flat_map(|(manifest, _)| &manifest.rules);
                rules.into_iter().find(|rule| rule.id == id)
            };
            rule.map(|rule| rule.page.title.clone())
                .or_else(|| broken().map(|rule| rule.title.clone()))
                .or_else(|| of_plugin().map(|rule| rule.title.clone()))
                .unwrap_or_default()
        };
        let entries = self.outcomes.iter().filter_map(|(id, counts)| {
            let count = counts.get(&outcome).copied().filter(|count| *count > 0)?;
            let all: usize = counts.values().sum();
            let apart = counts
                .get(&Outcome::NotApplicable)
                .copied()
                .unwrap_or_default();
            let apart = if outcome == Outcome::NotApplicable {
                0
            } else {
                apart
            };
            Some(Ranked {
                id: id.clone(),
                title: title(id),
                count,
                of: all - apart,
            })
        });
        self.ranked(Some(outcome), entries.collect(), at_most)
    }

    fn missing(&self, at_most: usize, schema: &Schema) -> Body {
        let of = self.judged().count();
        let entries = self.missing.iter().map(|(path, count)| {
            let field = schema.find(path).map(|id| schema.field(id));
            Ranked {
                id: path.clone(),
                title: field.map(|field| field.title.clone()).unwrap_or_default(),
                count: *count,
                of,
            }
        });
        self.ranked(None, entries.collect(), at_most)
    }

    fn ranked(&self, outcome: Option<Outcome>, mut entries: Vec<Ranked>, at_most: usize) -> Body {
        entries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
        let more = entries.len().saturating_sub(at_most);
        entries.truncate(at_most);
        Body::Ranked {
            outcome,
            entries,
            more,
            of: self.judged().count(),
        }
    }

    fn groups(&self, index: usize, groups: &Groups, schema: &Schema) -> Counted {
        let taken: Vec<&[Option<Vec<String>>; 3]> = self
            .taken
            .iter()
            .filter_map(|taken| match taken.get(index) {
                Some(Taken::Groups(groups)) => Some(groups),
                _ => None,
            })
            .collect();
        let labels = |category: Option<&Category>, at: usize| -> Vec<Label> {
            let Some(category) = category else {
                return Vec::new();
            };
            let met = |choice: &String| {
                taken
                    .iter()
                    .any(|groups| holds(part(groups, at), Some(choice)))
            };
            let known = labelled(schema, category);
            // Of a few columns those that nobody is in say something too.
            let all = at == 1 && known.len() <= FEW;
            let known = known.into_iter();
            let mut labels: Vec<Label> = known
                .filter(|(choice, _)| all || met(choice))
                .map(|(choice, title)| Label::Choice(choice, title))
                .collect();
            if taken.iter().any(|groups| part(groups, at).is_none()) {
                labels.push(Label::NotKnown);
            }
            labels
        };
        let rows = labels(Some(&groups.rows), 0);
        let columns = labels(groups.columns.as_ref(), 1);
        let split = labels(groups.split.as_ref(), 2);
        let page = |label: Option<&Label>| {
            let of = taken
                .iter()
                .filter(|groups| label.is_none_or(|label| holds(part(groups, 2), label.choice())));
            let of: Vec<_> = of.copied().collect();
            let in_row = |row: &Label| {
                let of = of.iter().copied();
                of.filter(|groups| holds(part(groups, 0), row.choice()))
                    .collect::<Vec<_>>()
            };
            let cells = rows.iter().map(|row| {
                let inside = in_row(row);
                let cell = |column: &Label| {
                    let inside = inside.iter();
                    inside
                        .filter(|groups| holds(part(groups, 1), column.choice()))
                        .count()
                };
                columns.iter().map(cell).collect()
            });
            Page {
                label: label.cloned(),
                programs: of.len(),
                rows: rows.iter().map(|row| in_row(row).len()).collect(),
                cells: cells.collect(),
            }
        };
        Counted {
            pages: std::iter::once(page(None))
                .chain(split.iter().map(|label| page(Some(label))))
                .collect(),
            published: groups.published.as_ref().map(|one| beside(one, &taken)),
            rows,
            columns,
        }
    }

    fn amounts(&self, index: usize) -> impl Iterator<Item = (usize, [Option<f64>; 4])> {
        let taken = self.taken.iter().enumerate();
        taken.filter_map(move |(row, taken)| match taken.get(index) {
            Some(Taken::Amounts(amounts)) => Some((row, *amounts)),
            _ => None,
        })
    }

    fn total(&self, index: usize, unit: Option<String>, budget: Option<f64>) -> Total {
        let amounts = self
            .amounts(index)
            .map(|(row, [value, low, high, stated])| Amount {
                row,
                value: value.map(|value| (low.unwrap_or(value), value, high.unwrap_or(value))),
                stated,
            });
        let amounts: Vec<Amount> = amounts.collect();
        let mut sum = (0.0, 0.0, 0.0);
        for (low, value, high) in amounts.iter().filter_map(|amount| amount.value) {
            sum = (sum.0 + low, sum.1 + value, sum.2 + high);
        }
        let unknown = amounts
            .iter()
            .filter(|amount| amount.value.is_none())
            .count();
        let stands = budget.map(|budget| {
            if sum.0 > budget {
                Standing::Over
            } else if unknown == 0 && sum.2 <= budget {
                Standing::Within
            } else {
                Standing::Open
            }
        });
        Total {
            unit,
            amounts,
            sum,
            unknown,
            budget,
            stands,
        }
    }

    fn share(&self, index: usize, unit: Option<String>) -> Body {
        let (mut sums, mut known, mut unknown) = ((0.0, 0.0), 0, 0);
        for (_, [part, whole, ..]) in self.amounts(index) {
            match part.zip(whole) {
                Some((part, whole)) => {
                    sums = (sums.0 + part, sums.1 + whole);
                    known += 1;
                }
                None => unknown += 1,
            }
        }
        Body::Share {
            part: sums.0,
            whole: sums.1,
            unit,
            known,
            unknown,
        }
    }
}

impl Label {
    /// The choice as it is typed; none for those of which it is not known.
    pub fn choice(&self) -> Option<&String> {
        match self {
            Self::Choice(choice, _) => Some(choice),
            Self::NotKnown => None,
        }
    }
}

fn part(groups: &[Option<Vec<String>>; 3], at: usize) -> Option<&Vec<String>> {
    groups.get(at).and_then(Option::as_ref)
}

/// Whether a program has a choice; for none, whether it is not known.
fn holds(choices: Option<&Vec<String>>, choice: Option<&String>) -> bool {
    match (choices, choice) {
        (Some(choices), Some(choice)) => choices.contains(choice),
        (None, None) => true,
        _ => false,
    }
}

/// The choices of a property in their order, each with what people call it.
fn labelled(schema: &Schema, category: &Category) -> Vec<(String, String)> {
    let field = |path: &str| schema.find(path).map(|id| schema.field(id));
    match category {
        Category::Largest(paths) => {
            let title = |path: &String| {
                let title = field(path).map(|field| field.title.clone());
                title
                    .filter(|title| !title.is_empty())
                    .unwrap_or_else(|| path.clone())
            };
            paths
                .iter()
                .map(|path| (path.clone(), title(path)))
                .collect()
        }
        Category::Field(path) => {
            let Some(own) = field(path) else {
                return Vec::new();
            };
            let of = own.items.map_or(own, |items| schema.field(items));
            let choices: Vec<String> = if of.choices.is_empty() {
                vec!["true".to_owned(), "false".to_owned()]
            } else {
                of.choices.clone()
            };
            let label = |choice: &String| {
                let label = of.labels.get(choice).or_else(|| own.labels.get(choice));
                label.unwrap_or(choice).clone()
            };
            choices
                .iter()
                .map(|choice| (choice.clone(), label(choice)))
                .collect()
        }
    }
}

/// Published figures beside the programs here: only those of which everything is known that the figure is about.
fn beside(published: &Published, taken: &[&[Option<Vec<String>>; 3]]) -> Beside {
    let figures = published.groups.iter().map(|group| {
        let named: [&Vec<String>; 3] = [&group.rows, &group.columns, &group.split];
        let asked = || {
            named
                .iter()
                .enumerate()
                .filter(|(_, named)| !named.is_empty())
        };
        let known = taken
            .iter()
            .filter(|groups| asked().all(|(at, _)| part(groups, at).is_some()));
        let known: Vec<_> = known.collect();
        let inside = known.iter().filter(|groups| {
            asked().all(|(at, named)| {
                let own: BTreeSet<&String> = part(groups, at).into_iter().flatten().collect();
                named.iter().any(|choice| own.contains(choice))
            })
        });
        (
            group.title.clone(),
            inside.count(),
            known.len(),
            group.count,
        )
    });
    Beside {
        figures: figures.collect(),
        source: published.source.clone(),
        of: published.of,
        note: published.note.clone(),
    }
}

fn unit(schema: &Schema, path: &str) -> Option<String> {
    let field = schema.field(schema.find(path)?);
    field.unit.clone()
}
