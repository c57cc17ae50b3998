//! Settings that are more than one value, in lines that people can read.

use super::style::columns as width;
use evenhand_diagnostic::words::Words;
use serde_json::{Map, Value};

/// A value that fits in a line: a number, a word, a list of words, the points of a curve; nothing for a table.
pub(super) fn short(value: &Value, unit: Option<&str>, locale: &dyn Words) -> Option<String> {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match value {
        Value::Object(_) => None,
        Value::Array(items) => {
            let points: Option<Vec<String>> = items
                .iter()
                .map(|point| match point.as_array()?.as_slice() {
                    [x, y] => Some(format!("{}{unit} → {}", plain(x, locale), plain(y, locale))),
                    _ => None,
                })
                .collect();
            Some(points.map_or_else(
                || {
                    let items: Vec<String> = items.iter().map(|item| plain(item, locale)).collect();
                    format!("{}{unit}", items.join(", "))
                },
                |points| points.join("; "),
            ))
        }
        value => Some(format!("{}{unit}", plain(value, locale))),
    }
}

/// A table of values with a line for each key; where it is too wide for `columns`, one line names all of a row.
pub(super) fn table(value: &Value, locale: &dyn Words, columns: usize) -> Vec<String> {
    let Value::Object(map) = value else {
        return Vec::new();
    };
    let inner: Option<Vec<&Map<String, Value>>> = map.values().map(Value::as_object).collect();
    let Some(inner) = inner.filter(|inner| !inner.is_empty()) else {
        let rows = map
            .iter()
            .map(|(key, value)| vec![key.clone(), plain(value, locale)]);
        return aligned(&rows.collect::<Vec<_>>());
    };
    let mut heads: Vec<&String> = Vec::new();
    for key in inner.iter().flat_map(|row| row.keys()) {
        if !heads.contains(&key) {
            heads.push(key);
        }
    }
    let cell = |row: &Map<String, Value>, head: &String| {
        row.get(head)
            .map(|value| plain(value, locale))
            .unwrap_or_default()
    };
    let body: Vec<Vec<String>> = map
        .keys()
        .zip(&inner)
        .map(|(key, row)| {
            let cells = heads.iter().map(|head| cell(row, head));
            std::iter::once(key.clone()).chain(cells).collect()
        })
        .collect();
    for broken in [false, true] {
        let mut rows = head(&heads, broken);
        rows.extend_from_slice(&body);
        let lines = aligned(&rows);
        if lines.iter().all(|line| width(line) <= columns) {
            return lines;
        }
    }
    let named = map.keys().zip(&inner).map(|(key, row)| {
        let cells = row
            .iter()
            .map(|(head, value)| format!("{head} {}", plain(value, locale)));
        format!("{key}: {}", cells.collect::<Vec<_>>().join("; "))
    });
    named.collect()
}

/// The line of heads over a table; where they are broken at their joints, as many lines as the longest needs.
fn head(heads: &[&String], broken: bool) -> Vec<Vec<String>> {
    let parts: Vec<Vec<&str>> = heads
        .iter()
        .map(|head| {
            if broken {
                head.split_inclusive('_').collect()
            } else {
                vec![head.as_str()]
            }
        })
        .collect();
    let lines = parts.iter().map(Vec::len).max().unwrap_or(0);
    (0..lines)
        .map(|line| {
            // The last part stands right over the numbers.
            let part = |parts: &Vec<&str>| {
                let index = (line + parts.len()).checked_sub(lines)?;
                parts.get(index).map(|part| (*part).to_owned())
            };
            let cells = parts.iter().map(|parts| part(parts).unwrap_or_default());
            std::iter::once(String::new()).chain(cells).collect()
        })
        .collect()
}

/// Columns under each other, the first to the left and numbers to the right.
fn aligned(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (index, (cell, wide)) in row.iter().zip(&widths).enumerate() {
                let space = " ".repeat(wide.saturating_sub(width(cell)));
                if index == 0 {
                    line.push_str(&format!("{cell}{space}"));
                } else {
                    line.push_str(&format!("  {space}{cell}"));
                }
            }
            line
        })
        .collect()
}

fn plain(value: &Value, locale: &dyn Words) -> String {
    match (value.as_f64(), value) {
        (Some(number), _) => locale.number(number),
        (None, Value::String(text)) => text.clone(),
        (None, Value::Bool(flag)) => locale.flag(*flag).to_owned(),
        (None, value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_diagnostic::words::English;
    use serde_json::json;

    #[test]
    fn what_fits_in_a_line_is_said_in_one() {
        let english = &English;
        let said = |value: Value, unit| short(&value, unit, english);
        assert_eq!(said(json!(0.4), None).unwrap(), "0.4");
        assert_eq!(said(json!(26), Some("weeks")).unwrap(), "26 weeks");
        assert_eq!(said(json!(true), None).unwrap(), "yes");
        assert_eq!(said(json!(["a", "b"]), None).unwrap(), "a, b");
        assert_eq!(
            said(json!([[0, 0], [0.5, 1]]), Some("t")).unwrap(),
            "0 t → 0; 0.5 t → 1"
        );
        assert_eq!(said(json!({ "a": 1 }), None), None);
    }

    #[test]
    fn a_table_stands_in_columns_or_in_names_where_they_are_too_wide() {
        let english = &English;
        assert_eq!(
            table(&json!({ "none": 0, "informal": 0.4 }), english, 80),
            ["informal  0.4", "none        0"]
        );
        let fit =
            json!({ "trip": { "liberal": 0.2 }, "exchange": { "liberal": 1, "market": 0.5 } });
        assert_eq!(
            table(&fit, english, 80),
            [
                "          liberal  market",
                "exchange        1     0.5",
                "trip          0.2        ",
            ]
        );
        let long = json!({ "trip": { "far_away": 0.2, "near": 1 } });
        assert_eq!(
            table(&long, english, 18),
            ["      far_      ", "      away  near", "trip   0.2     1",]
        );
        assert_eq!(
            table(&fit, english, 20),
            ["exchange: liberal 1; market 0.5", "trip: liberal 0.2"]
        );
    }
}
