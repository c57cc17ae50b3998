//! Tables in cases: the first row names columns, and each row after it is a case of its own.

use super::read::{CaseReader, Draft, Said, unknown_param};
use super::{Row, shown};
use evenhand_core::finding::Outcome;
use evenhand_diagnostic::pointer::Pointer;
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use serde_json::Value;
use std::collections::BTreeSet;

/// What a column holds: a fact, a parameter, or what must come out.
enum Column {
    Fact(String),
    Param(String),
    Expect(&'static str),
}

/// What a row can expect, as the head of a column.
const EXPECTED: [(&str, &str); 6] = [
    ("expect.outcome", "outcome"),
    ("expect.degree", "degree"),
    ("expect.low", "low"),
    ("expect.high", "high"),
    ("expect.message", "message"),
    ("expect.unsaid", "unsaid"),
];

impl CaseReader<'_> {
    /// The rows of a table, each the case that has it with what its cells say.
    pub(super) fn rows(&mut self, case: &Draft, rows: &[Value]) -> Vec<Draft> {
        let at = case.at.key("rows");
        let mut rows = rows.iter().map(|row| row.as_array().cloned());
        let head = rows.next().flatten().unwrap_or_default();
        if head.is_empty() {
            let problem = Problem::error("the table has no columns")
                .expected("a first row that names them, such as [weeks, expect.degree]");
            self.report(&at, problem);
            return Vec::new();
        }
        if rows.len() == 0 {
            let problem = Problem::error("the table has no row under the names of its columns");
            self.report(&at, problem);
        }
        let columns = self.columns(&head, &at.index(0));
        let mut drafts = Vec::new();
        for (index, row) in rows.enumerate() {
            let row = row.unwrap_or_default();
            let place = at.index(index + 1);
            if row.len() != head.len() {
                let problem = Problem::error(format!(
                    "the row has {}",
                    evenhand_diagnostic::text::count(row.len(), "cell")
                ))
                .expected(format!("{}, one for each column", head.len()));
                self.report(&place, problem);
            } else if let Some(columns) = &columns {
                drafts.push(self.row(case, columns, &row, &place));
            }
        }
        drafts
    }

    /// What the columns are; nothing if one of them cannot be.
    fn columns(&mut self, head: &[Value], at: &Pointer) -> Option<Vec<Column>> {
        let mut seen = BTreeSet::new();
        let mut columns = Vec::new();
        for (index, name) in head.iter().enumerate() {
            let place = at.index(index);
            let Some(name) = name.as_str() else {
                let problem = Problem::error("the name of a column is text")
                    .expected("a path such as `flows[0].weeks`, `params.NAME` or `expect.degree`");
                self.report(&place, problem);
                continue;
            };
            if !seen.insert(name) {
                let problem = Problem::error(format!("two columns are named `{name}`"));
                self.report(&place, problem);
                continue;
            }
            columns.extend(self.column(name, &place));
        }
        let sets = |column: &Column| !matches!(column, Column::Expect(_));
        if columns.len() == head.len() && !columns.iter().any(sets) {
            let problem = Problem::error("no column of the table sets anything")
                .expected("a path such as `flows[0].weeks`, or `params.NAME`");
            self.report(at, problem);
            return None;
        }
        (columns.len() == head.len()).then_some(columns)
    }

    fn column(&mut self, name: &str, place: &Pointer) -> Option<Column> {
        if let Some((_, key)) = EXPECTED.iter().find(|(head, _)| *head == name) {
            return Some(Column::Expect(key));
        }
        let heads = EXPECTED.iter().map(|(head, _)| *head);
        let meant = EXPECTED.iter().find(|(_, key)| *key == name);
        if name.starts_with("expect.") {
            let problem = Problem::error(format!("`{name}` is nothing that a row can expect"))
                .expected(heads.clone().collect::<Vec<_>>().join(", "))
                .suggest_maybe(did_you_mean(name, heads));
            self.report(place, problem);
            return None;
        }
        if let Some(param) = name.strip_prefix("params.") {
            if self.rule.page.params.iter().any(|own| own.name == param) {
                return Some(Column::Param(param.to_owned()));
            }
            let problem = unknown_param(&self.rule.page, param);
            self.report(place, problem);
            return None;
        }
        if let Some((head, _)) = meant.filter(|_| self.book.schema().find(name).is_none()) {
            let problem = Problem::error(format!("`{name}` is not a field of a proposal"))
                .suggest(format!("did you mean `{head}`?"));
            self.report(place, problem);
            return None;
        }
        self.path(name, place)?;
        Some(Column::Fact(name.to_owned()))
    }

    fn row(&mut self, case: &Draft, columns: &[Column], row: &[Value], at: &Pointer) -> Draft {
        let mut draft = case.clone();
        let mut cells = Vec::new();
        for (index, (column, value)) in columns.iter().zip(row).enumerate() {
            let said = |key: &str| Said {
                at: at.index(index),
                key: key.to_owned(),
                value: value.clone(),
            };
            match column {
                Column::Fact(path) => {
                    cells.push((path.clone(), shown(value)));
                    draft.cells.push(said(path));
                }
                Column::Param(name) => {
                    cells.push((format!("params.{name}"), shown(value)));
                    draft.params.push(said(name));
                }
                Column::Expect(key) => {
                    if let Some(problem) = refused(key, value) {
                        self.report(&at.index(index), problem);
                    }
                    draft.expect.push(said(key));
                }
            }
        }
        let words: Vec<String> = match cells.as_slice() {
            [(_, value)] => vec![value.clone()],
            cells => cells
                .iter()
                .map(|(column, value)| format!("{column} = {value}"))
                .collect(),
        };
        draft.name = format!("{}: {}", case.name, words.join(", "));
        draft.row = Some(Row {
            table: case.name.clone(),
            cells,
        });
        draft.at = at.clone();
        draft
    }
}

/// Why this cannot be expected, if it cannot; an empty cell expects what the case does.
fn refused(key: &str, value: &Value) -> Option<Problem> {
    let (fits, expected) = match key {
        "outcome" => {
            let words = Outcome::ALL.map(|outcome| format!("`{outcome}`"));
            let known = value.as_str().and_then(Outcome::from_word);
            (known.is_some(), format!("one of {}", words.join(", ")))
        }
        "message" | "unsaid" => (value.is_string(), "text".to_owned()),
        _ => {
            let number = value.as_f64();
            let fits = number.is_some_and(|number| (0.0..=1.0).contains(&number));
            (fits, "a number between 0 and 1".to_owned())
        }
    };
    let text = value.as_str().unwrap_or_default();
    let words = Outcome::ALL.iter().map(|outcome| outcome.word());
    (!fits && !value.is_null()).then(|| {
        Problem::error(format!("`expect.{key}` is {}", shown(value)))
            .expected(expected)
            .suggest_maybe(did_you_mean(text, words).filter(|_| key == "outcome"))
    })
}
