//! Waivers as CSV, out to a spreadsheet and back.

use crate::csv::{guarded, plain, write};
use evenhand_core::date::Date;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::waiver::{Listed, Until, Waiver};
use evenhand_diagnostic::problem::{Problem, did_you_mean};
use evenhand_diagnostic::source::Source;
use std::collections::BTreeSet;
use std::ops::Range;

/// What a row has to say.
const COLUMNS: [&str; 5] = ["rule", "proposal", "reason", "by", "until"];
/// What is written for the reader, and not read back.
const SAID: [&str; 2] = ["standing", "days_left"];

/// A row for each waiver.
pub fn csv(listed: &[Listed]) -> String {
    let head = COLUMNS.iter().chain(&SAID).map(|name| (*name).to_owned());
    let mut rows: Vec<Vec<String>> = vec![head.collect()];
    rows.extend(listed.iter().map(|one| {
        let waiver = &one.waived.waiver;
        vec![
            guarded(&waiver.rule),
            guarded(&waiver.proposal),
            guarded(&waiver.reason),
            guarded(&waiver.by),
            waiver.until.to_string(),
            one.waived.standing.word().to_owned(),
            one.days_left
                .map(|days| days.to_string())
                .unwrap_or_default(),
        ]
    }));
    write(&rows)
}

/// Reads waivers from CSV with a heading: the five columns in any order. Everything that is wrong comes back at once, with
/// its line; a row that is wrong anywhere makes the whole table wrong.
pub fn read(source: &Source, book: &Rulebook) -> Result<Vec<Waiver>, Vec<Problem>> {
    // Spreadsheets put a mark before the first name.
    let text = source.text();
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let body = text.get(mark..).unwrap_or_default();
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .flexible(true)
        .delimiter(delimiter(body))
        .from_reader(body.as_bytes());
    let wrong =
        |error: &::csv::Error| vec![Problem::error(error.to_string()).in_file(source.name())];
    let heading: Vec<String> = match reader.headers() {
        Ok(heading) => heading.iter().map(str::to_lowercase).collect(),
        Err(error) => return Err(wrong(&error)),
    };
    let first = mark..mark + body.lines().next().unwrap_or_default().len();
    let mut problems: Vec<Problem> = heading_problems(&heading)
        .into_iter()
        .map(|problem| problem.at(source, first.clone()))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let ids = book.rule_ids();
    let mut waivers = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.extend(wrong(&error));
                break;
            }
        };
        let start = record.position().map_or(0, |position| {
            mark + usize::try_from(position.byte()).unwrap_or(usize::MAX)
        });
        let row = Row {
            heading: &heading,
            record: &record,
            source,
            span: line_at(text, start),
        };
        waivers.extend(row.waiver(&ids, &mut problems));
    }
    if waivers.is_empty() && problems.is_empty() {
        let problem = Problem::error("the table has no rows").in_file(source.name());
        problems.push(problem.expected("a row for each waiver under the heading"));
    }
    if problems.is_empty() {
        Ok(waivers)
    } else {
        Err(problems)
    }
}

/// What stands between cells: where numbers have decimal commas, spreadsheets write semicolons.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    if heading.contains(';') && !heading.contains(',') {
        b';'
    } else {
        b','
    }
}

/// The line that begins at a byte or a little after it, as a span.
fn line_at(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let start = start.min(text.len()) + skipped;
    let line = text.get(start..).unwrap_or_default().lines().next();
    start..start + line.unwrap_or_default().len()
}

fn heading_problems(heading: &[String]) -> Vec<Problem> {
    let known = || COLUMNS.into_iter().chain(SAID);
    let mut problems = Vec::new();
    for name in heading {
        if !known().any(|known| known == name) {
            let problem = Problem::error(format!("`{name}` is not a column of waivers"));
            problems.push(problem.suggest_maybe(did_you_mean(name, known())));
        }
    }
    for name in known() {
        match heading.iter().filter(|own| *own == name).count() {
            0 if COLUMNS.contains(&name) => {
                let problem = Problem::error(format!("the heading has no `{name}`"));
                problems.push(problem.expected(COLUMNS.join(", ")));
            }
            0 | 1 => {}
            _ => problems.push(Problem::error(format!("the heading has `{name}` twice"))),
        }
    }
    problems
}

/// A row, and where it stands.
struct Row<'a> {
    heading: &'a [String],
    record: &'a ::csv::StringRecord,
    source: &'a Source,
    span: Range<usize>,
}

impl Row<'_> {
    fn waiver(&self, ids: &[String], problems: &mut Vec<Problem>) -> Option<Waiver> {
        let before = problems.len();
        if self.record.len() != self.heading.len() {
            let (is, has) = (self.record.len(), self.heading.len());
            let problem = Problem::error(format!("the row has {is} cells, and the heading {has}"));
            problems.push(self.here(problem.suggest("put a cell with a comma in it into quotes")));
            return None;
        }
        for name in COLUMNS
            .into_iter()
            .filter(|name| self.cell(name).is_empty())
        {
            problems.push(self.here(Problem::error(format!("`{name}` is empty"))));
        }
        let (rule, until) = (self.cell("rule"), self.cell("until"));
        if !rule.is_empty() && !ids.iter().any(|id| id == rule) {
            let problem = Problem::error(format!("`{rule}` is not a rule"))
                .suggest_maybe(did_you_mean(rule, ids.iter().map(String::as_str)));
            problems.push(self.here(problem));
        }
        let day = Date::read(until);
        if day.is_none() && !until.is_empty() {
            let problem = Problem::error(format!("`until` is `{until}`, which is no date"))
                .expected("year, month and day, such as 2027-06-30")
                .suggest_maybe(Date::meant(until).map(|meant| format!("write {meant}")));
            problems.push(self.here(problem));
        }
        if problems.len() > before {
            return None;
        }
        Some(Waiver {
            rule: rule.to_owned(),
            proposal: self.cell("proposal").to_owned(),
            reason: self.cell("reason").to_owned(),
            by: self.cell("by").to_owned(),
            until: Until::Day(day?),
        })
    }

    fn cell(&self, name: &str) -> &str {
        let column = self.heading.iter().position(|own| own == name);
        let cell = column.and_then(|column| self.record.get(column));
        plain(cell.unwrap_or_default())
    }

    fn here(&self, problem: Problem) -> Problem {
        problem.at(self.source, self.span.clone())
    }
}

/// A profile with waivers added at its end; every other byte stays. Those that it has already are left out; how many were
/// added comes beside.
pub fn added(profile: &str, known: &[Waiver], new: &[Waiver]) -> (String, usize) {
    let mut text = profile.to_owned();
    let mut seen: BTreeSet<&Waiver> = known.iter().collect();
    let mut count = 0;
    for waiver in new {
        if !seen.insert(waiver) {
            continue;
        }
        count += 1;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str("\n[[waivers]]\n");
        let until = waiver.until.to_string();
        for (name, value) in [
            ("rule", &waiver.rule),
            ("proposal", &waiver.proposal),
            ("reason", &waiver.reason),
            ("by", &waiver.by),
            ("until", &until),
        ] {
            text.push_str(&format!("{name:<8} = {}\n", quoted(value)));
        }
    }
    (text, count)
}

/// A text as TOML writes it on one line. JSON's escapes are TOML's, except that of DEL, which JSON leaves as it is.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests;
