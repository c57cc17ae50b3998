//! Reads the rows of a register, every problem at once.

use evenhand_contract::manifest::{Column, ColumnType, Table};
use evenhand_contract::strict_json;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The rows by their keys; what a cell leaves blank is left out.
pub type Rows = BTreeMap<String, Map<String, Value>>;

/// Most values of a register: rows times columns.
const VALUES: usize = 2_000_000;
/// Problems that are listed.
const SHOWN: usize = 50;

/// Reads `bytes`, JSON where the name of the data ends so, else CSV with a heading.
///
/// CSV has a heading with exactly the key and the columns, in any order. JSON is a list of objects with the same names.
pub fn read(table: &Table, bytes: &[u8]) -> Result<Rows, Vec<String>> {
    let json = table.data.to_ascii_lowercase().ends_with(".json");
    let (rows, mut problems) = if json {
        from_json(table, bytes)?
    } else {
        from_csv(table, bytes)?
    };
    if rows.is_empty() && problems.is_empty() {
        problems.push("it has no rows".to_owned());
    }
    if problems.is_empty() {
        return Ok(rows);
    }
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    Err(problems)
}

type Found = (Rows, Vec<String>);

fn from_csv(table: &Table, bytes: &[u8]) -> Result<Found, Vec<String>> {
    let one = |error: csv::Error| vec![error.to_string()];
    // Spreadsheets put a mark before the first name.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let heading: Vec<String> = reader
        .headers()
        .map_err(one)?
        .iter()
        .map(str::to_owned)
        .collect();
    let problems = heading_problems(table, &heading);
    if !problems.is_empty() {
        return Err(problems);
    }
    let (mut rows, mut problems) = (Rows::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(one)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = heading.iter().map(String::as_str).zip(record.iter());
        let mut row = Map::new();
        let mut key = String::new();
        for (name, cell) in cells {
            if name == table.key {
                cell.clone_into(&mut key);
            } else if let Some(column) = table.columns.iter().find(|column| column.name == name) {
                match typed(column.kind, cell) {
                    Ok(Some(value)) => {
                        row.insert(name.to_owned(), value);
                    }
                    Ok(None) => {}
                    Err(why) => problems.push(format!("line {line}: `{name}` is `{cell}`, {why}")),
                }
            }
        }
        put(&mut rows, &mut problems, &format!("line {line}"), key, row);
    }
    Ok((rows, problems))
}

fn heading_problems(table: &Table, heading: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    let expected = || {
        [&table.key]
            .into_iter()
            .chain(table.columns.iter().map(|column| &column.name))
    };
    for name in expected() {
        match heading.iter().filter(|known| *known == name).count() {
            0 => problems.push(format!("the heading has no `{name}`")),
            1 => {}
            _ => problems.push(format!("the heading has `{name}` twice")),
        }
    }
    for name in heading {
        if !expected().any(|known| known == name) {
            problems.push(format!(
                "the heading has `{name}`, which is not among the columns of the manifest"
            ));
        }
    }
    problems
}

fn from_json(table: &Table, bytes: &[u8]) -> Result<Found, Vec<String>> {
    let text = std::str::from_utf8(bytes).map_err(|error| vec![error.to_string()])?;
    let value = strict_json::read(text, VALUES).map_err(|error| vec![error.to_string()])?;
    let Value::Array(list) = value else {
        return Err(vec!["it is no list of objects".to_owned()]);
    };
    let (mut rows, mut problems) = (Rows::new(), Vec::new());
    for (number, item) in (1..).zip(list) {
        let place = format!("row {number}");
        let Value::Object(mut item) = item else {
            problems.push(format!("{place} is no object"));
            continue;
        };
        let key = match item.remove(&table.key) {
            Some(Value::String(key)) => key,
            Some(other) => other.to_string(),
            None => String::new(),
        };
        item.retain(|_, value| !value.is_null());
        for (name, value) in &item {
            match table.columns.iter().find(|column| column.name == *name) {
                None => problems.push(format!(
                    "{place}: `{name}` is not among the columns of the manifest"
                )),
                Some(column) if !fits(column, value) => problems.push(format!(
                    "{place}: `{name}` is {value}, expected {}",
                    word(column.kind)
                )),
                Some(_) => {}
            }
        }
        put(&mut rows, &mut problems, &place, key, item);
    }
    Ok((rows, problems))
}

fn put(
    rows: &mut Rows,
    problems: &mut Vec<String>,
    place: &str,
    key: String,
    row: Map<String, Value>,
) {
    if key.is_empty() {
        problems.push(format!("{place} has no key"));
        return;
    }
    match rows.entry(key) {
        Entry::Vacant(free) => {
            free.insert(row);
        }
        Entry::Occupied(taken) => {
            let key = taken.key();
            problems.push(format!("{place}: the key `{key}` stands twice"));
        }
    }
}

/// A cell as a value of its column; none where it is blank.
fn typed(kind: ColumnType, cell: &str) -> Result<Option<Value>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        ColumnType::Text if cell.contains('\0') => None,
        ColumnType::Text => Some(Value::from(cell)),
        ColumnType::Boolean => match cell {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        ColumnType::Integer => cell.parse::<i64>().ok().map(Value::from),
        ColumnType::Number => cell
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
    };
    value
        .map(Some)
        .ok_or_else(|| format!("expected {}", word(kind)))
}

/// Whether a value of JSON is one of its column.
pub(crate) fn fits(column: &Column, value: &Value) -> bool {
    match column.kind {
        ColumnType::Text => value.is_string(),
        ColumnType::Number => value.is_number(),
        ColumnType::Integer => value.is_i64(),
        ColumnType::Boolean => value.is_boolean(),
    }
}

fn word(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Number => "a number such as 2.5",
        ColumnType::Integer => "a whole number",
        ColumnType::Boolean => "true or false",
    }
}
