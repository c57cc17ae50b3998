//! The settings of a rule: what is in force, where it comes from, between which bounds a board may set it.

use super::Writer;
use evenhand_core::rule::{Basis, Parameter, page};
use evenhand_core::rulebook::Rule;
use evenhand_diagnostic::text::number;
use evenhand_report::paper::{Block, Chart, Inline, Table, Term, code, paragraph, strong, text};
use serde_json::Value;

impl Writer<'_> {
    pub(super) fn settings(&self, rule: &Rule) -> Vec<Block> {
        let terms: Vec<Term> = rule
            .page
            .params
            .iter()
            .map(|param| self.setting(rule, param))
            .collect();
        if terms.is_empty() {
            return Vec::new();
        }
        vec![Block::Terms(terms)]
    }

    fn setting(&self, rule: &Rule, param: &Parameter) -> Term {
        let value = rule.params.get(&param.name).unwrap_or(&param.default);
        let changed = *value != param.default;
        let mut name = vec![code(param.name.clone())];
        if let Some(short) = short(value, param.unit.as_deref()) {
            name.push(text(format!(" = {short}")));
        }
        let mut about = vec![text(param.about.clone())];
        if !param.about.ends_with(['.', '?', '!']) {
            about.push(text("."));
        }
        about.push(text(" "));
        about.extend(self.basis(rule, param, changed));
        let mut blocks = vec![Block::Paragraph(about)];
        blocks.extend(shape(&rule.page.title, param, value, changed));
        Term {
            id: None,
            name,
            blocks,
        }
    }

    /// Where the value comes from, what it is usually, and what a board may set.
    fn basis(&self, rule: &Rule, param: &Parameter, changed: bool) -> Vec<Inline> {
        let mut line = Vec::new();
        if changed {
            line.push(strong("Set by the board."));
            let usual = short(&param.default, param.unit.as_deref());
            line.push(text(usual.map_or_else(
                || " ".to_owned(),
                |usual| format!(" Usually {usual}. "),
            )));
        }
        match (param.basis, &param.source) {
            (Basis::Sourced, Some(source)) => {
                line.push(text("From a source: "));
                line.push(self.work(&page::citation(source).key));
                line.push(text("."));
            }
            (Basis::Sourced, None) => {
                line.push(text("From a source: "));
                let keys: Vec<String> = rule
                    .page
                    .sources
                    .iter()
                    .map(|citation| citation.key.clone())
                    .collect();
                line.extend(self.cited(&keys));
                line.push(text("."));
            }
            (Basis::Default, Some(source)) => {
                line.push(text(
                    "A judgement that a board should look at; it leans on ",
                ));
                line.push(self.work(&page::citation(source).key));
                line.push(text("."));
            }
            (Basis::Default, None) => {
                line.push(text("A judgement that a board should look at."));
            }
        }
        let range = match (param.min, param.max) {
            (Some(min), Some(max)) => {
                format!(" May be set from {} to {}.", number(min), number(max))
            }
            (Some(min), None) => format!(" May be set to {} or more.", number(min)),
            (None, Some(max)) => format!(" May be set to {} or less.", number(max)),
            (None, None) => String::new(),
        };
        if !range.is_empty() {
            line.push(text(range));
        }
        line
    }
}

/// A value that fits in a line.
fn short(value: &Value, unit: Option<&str>) -> Option<String> {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match value {
        Value::Number(_) => Some(format!("{}{unit}", number(value.as_f64()?))),
        Value::String(words) => Some(format!("{words}{unit}")),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            Some(words.join(", "))
        }
        _ => None,
    }
}

/// A value that needs a picture or a table.
fn shape(title: &str, param: &Parameter, value: &Value, changed: bool) -> Vec<Block> {
    if let Some(points) = curve(value) {
        let usual = curve(&param.default).filter(|_| changed);
        return vec![Block::Chart(Chart {
            title: format!("{title}: {}", param.name),
            across: param
                .unit
                .clone()
                .unwrap_or_else(|| "what is measured".to_owned()),
            up: "degree".to_owned(),
            points,
            usual,
        })];
    }
    let Value::Object(map) = value else {
        return match value {
            Value::Array(items) if !items.iter().all(Value::is_string) => {
                vec![Block::Code(value.to_string())]
            }
            _ => Vec::new(),
        };
    };
    let columns = columns(map.values());
    let usual = |row: &str, column: Option<&str>| {
        let row = param.default.get(row);
        let cell = column.map_or(row, |column| row.and_then(|row| row.get(column)));
        cell.cloned().unwrap_or(Value::Null)
    };
    let cell = |row: &str, column: Option<&str>, value: &Value| {
        let own = plain(value);
        let before = plain(&usual(row, column));
        if own == before {
            vec![text(own)]
        } else {
            vec![strong(own), text(format!(" (usually {before})"))]
        }
    };
    let rows = map.iter().map(|(row, value)| {
        let mut cells = vec![vec![code(row.clone())]];
        match value {
            Value::Object(inner) if !columns.is_empty() => {
                cells.extend(columns.iter().map(|column| {
                    let value = inner.get(column).unwrap_or(&Value::Null);
                    cell(row, Some(column), value)
                }));
            }
            value => cells.push(cell(row, None, value)),
        }
        cells
    });
    let mut rows: Vec<_> = rows.collect();
    let mut head = vec!["Answer".to_owned()];
    if columns.is_empty() {
        head.push(param.unit.clone().unwrap_or_else(|| "Value".to_owned()));
    } else {
        head.extend(columns.iter().map(|column| column.replace('_', " ")));
        for row in &mut rows {
            row.resize(head.len(), Vec::new());
        }
    }
    let table = Block::Table(Table {
        caption: String::new(),
        head,
        rows,
    });
    if changed && !param.default.is_object() {
        return vec![table, paragraph(format!("Usually {}.", param.default))];
    }
    vec![table]
}

/// The keys of the inner tables, where every value is one.
fn columns<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for value in values {
        let Value::Object(inner) = value else {
            return Vec::new();
        };
        for key in inner.keys() {
            if !columns.contains(key) {
                columns.push(key.clone());
            }
        }
    }
    columns
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        value => short(value, None).unwrap_or_else(|| value.to_string()),
    }
}

/// The break points of a curve: two or more pairs of numbers, rising from left to right.
pub(super) fn curve(value: &Value) -> Option<Vec<(f64, f64)>> {
    let points = value
        .as_array()?
        .iter()
        .map(|pair| match pair.as_array()?.as_slice() {
            [x, y] => Some((x.as_f64()?, y.as_f64()?)),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()?;
    let rising = points
        .windows(2)
        .all(|pair| matches!(pair, [(before, _), (after, _)] if before < after));
    (points.len() > 1 && rising).then_some(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_rising_pairs_are_a_curve() {
        assert_eq!(
            curve(&json!([[0, 1], [2, 0.5]])),
            Some(vec![(0.0, 1.0), (2.0, 0.5)])
        );
        for other in [
            json!([[0, 1]]),
            json!([[2, 1], [1, 0]]),
            json!([1, 2]),
            json!({}),
            json!([[0, "a"], [1, 2]]),
        ] {
            assert_eq!(curve(&other), None, "{other}");
        }
    }
}
