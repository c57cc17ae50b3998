//! Values that hold from a day on: `[{ value = 4 }, { value = 3, from = "2027-01-01" }]`.

use crate::date::Date;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::settings::Dated;
use serde_json::Value;

/// Reads the rows of a value; what is wrong with them goes to `problems`. None where it is a value like any other.
pub(crate) fn read(
    document: &Document,
    at: &Pointer,
    value: &Value,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Dated>> {
    let single = is_row(value) && value.get("from").is_some();
    let rows: Vec<(Pointer, &Value)> = match value {
        Value::Array(rows) if is_dated(rows) => {
            let rows = rows.iter().enumerate();
            rows.map(|(index, row)| (at.index(index), row)).collect()
        }
        _ if single => vec![(at.clone(), value)],
        _ => return None,
    };
    let mut found: Vec<Dated> = Vec::new();
    for (at, row) in rows {
        match one(&at, row) {
            Ok(row) if found.iter().any(|other| other.from == row.from) => {
                let from = row.from.map(|from| from.to_string());
                let message = match &from {
                    Some(from) => format!("two values hold from {from}"),
                    None => "two values hold from the beginning".to_owned(),
                };
                let problem = Problem::error(message).expected("another `from` for each value");
                problems.push(document.problem_at(&at, problem));
            }
            Ok(row) => found.push(row),
            Err((at, problem)) => problems.push(document.problem_at(&at, problem)),
        }
    }
    found.sort_by_key(|row| row.from);
    Some(found)
}

fn is_dated(rows: &[Value]) -> bool {
    rows.iter().any(|row| row.get("from").is_some())
        && rows.iter().all(Value::is_object)
        && rows.iter().any(|row| row.get("value").is_some())
}

fn is_row(value: &Value) -> bool {
    let known = ["value", "from", "reason"];
    value.as_object().is_some_and(|table| {
        table.contains_key("value") && table.keys().all(|key| known.contains(&key.as_str()))
    })
}

fn one(at: &Pointer, row: &Value) -> Result<Dated, (Pointer, Problem)> {
    if !is_row(row) {
        let problem = Problem::error("a value that holds from a day on is a table").expected(
            "`{ value = …, from = \"2027-01-01\" }`, with `reason = \"…\"` where it loosens",
        );
        return Err((at.clone(), problem));
    }
    let value = row.get("value").cloned().unwrap_or_default();
    let reason = row.get("reason").and_then(Value::as_str).map(str::trim);
    let reason = reason
        .filter(|reason| !reason.is_empty())
        .map(str::to_owned);
    let from = match row.get("from") {
        None | Some(Value::Null) => None,
        Some(said) => {
            let text = said
                .as_str()
                .map_or_else(|| said.to_string(), str::to_owned);
            let Some(day) = Date::read(text.trim()) else {
                let shown = crate::text::shorten(&text, 40);
                let meant = Date::meant(&text).map(|day| format!("write {day}"));
                let problem = Problem::error(format!("`{shown}` is no date"))
                    .expected("the first day on which the value holds, such as `2027-01-01`")
                    .suggest_maybe(meant);
                return Err((at.key("from"), problem));
            };
            Some(day)
        }
    };
    Ok(Dated {
        from,
        value,
        reason,
    })
}
