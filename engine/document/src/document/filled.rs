//! Documents that were filled in cell by cell: the data is written as text, and each line knows its cell.

use super::edit::{write_inline, write_name};
use super::{Document, Format};
use evenhand_diagnostic::problem::Problem;
use evenhand_diagnostic::source::{Cell, Source};
use serde_json::Value;

/// An answer, or what is made of answers, with the cells they stand in.
#[derive(Debug, Clone, PartialEq)]
pub enum Filled {
    /// What stands in a cell.
    Value(Value, Cell),
    /// A list; the cell is where it begins.
    List(Vec<Self>, Cell),
    /// Named answers, in the order in which they are to be written; the cell is where they begin.
    Group(Vec<(String, Self)>, Cell),
}

impl Filled {
    /// Where it begins.
    pub fn cell(&self) -> &Cell {
        match self {
            Self::Value(_, cell) | Self::List(_, cell) | Self::Group(_, cell) => cell,
        }
    }
}

type Line = (String, Cell);

impl Document {
    /// A document from answers in cells. Its text is YAML that nobody has typed; its places are cells.
    pub fn from_cells(name: &str, answers: &[(String, Filled)]) -> Result<Self, Vec<Problem>> {
        let written = entries(answers);
        let (lines, cells): (Vec<String>, Vec<Cell>) = written.into_iter().unzip();
        if lines.is_empty() {
            let problem = Problem::error("nothing is filled in").in_file(name);
            return Err(vec![
                problem.expected("answers in the cells that are framed"),
            ]);
        }
        let mut text = lines.join("\n");
        text.push('\n');
        let source = Source::of_cells(name, text, cells);
        let range = 0..source.text().len();
        Self::parse_part(&source, range, Format::Yaml)
    }
}

fn entries(group: &[(String, Filled)]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, value) in group {
        let name = write_name(Format::Yaml, name);
        match value {
            Filled::Group(below, cell) if !below.is_empty() => {
                lines.push((format!("{name}:"), cell.clone()));
                lines.extend(entries(below).into_iter().map(indented));
            }
            Filled::List(items, cell) if !items.is_empty() => {
                lines.push((format!("{name}:"), cell.clone()));
                lines.extend(items.iter().flat_map(element).map(indented));
            }
            other => lines.push((format!("{name}: {}", inline(other)), other.cell().clone())),
        }
    }
    lines
}

fn element(item: &Filled) -> Vec<Line> {
    let mut lines = match item {
        Filled::Group(below, _) if !below.is_empty() => entries(below),
        Filled::List(items, _) if !items.is_empty() => items.iter().flat_map(element).collect(),
        other => vec![(inline(other), other.cell().clone())],
    };
    for (index, (text, _)) in lines.iter_mut().enumerate() {
        let before = if index == 0 { "- " } else { "  " };
        text.insert_str(0, before);
    }
    lines
}

fn indented((text, cell): Line) -> Line {
    (format!("  {text}"), cell)
}

fn inline(filled: &Filled) -> String {
    match filled {
        Filled::Value(value, _) => write_inline(Format::Yaml, value),
        Filled::List(..) => "[]".to_owned(),
        Filled::Group(..) => "{}".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_diagnostic::pointer::Pointer;
    use serde_json::json;

    fn cell(column: usize, row: usize) -> Cell {
        let sheet = "Flows".into();
        Cell { sheet, column, row }
    }

    #[test]
    fn every_value_keeps_its_cell() {
        let value = |value, column, row| Filled::Value(value, cell(column, row));
        let named = |name: &str, filled| (name.to_owned(), filled);
        let place = vec![named("city", value(json!("São: Paulo"), 2, 4))];
        let flow = vec![
            named("weeks", value(json!(2.5), 1, 4)),
            named("place", Filled::Group(place, cell(2, 4))),
        ];
        let text = json!("a\n\u{85}# b\u{1f600}");
        let answers = vec![
            named("title", value(text.clone(), 1, 1)),
            named("none", Filled::List(Vec::new(), cell(1, 2))),
            named(
                "flows",
                Filled::List(
                    vec![
                        Filled::Group(flow, cell(1, 4)),
                        Filled::Group(Vec::new(), cell(1, 5)),
                    ],
                    cell(1, 4),
                ),
            ),
            named(
                "formats",
                Filled::List(
                    vec![value(json!("no"), 3, 6), value(json!({"x": [1]}), 3, 7)],
                    cell(3, 6),
                ),
            ),
        ];
        let document = Document::from_cells("plan.xlsx", &answers).unwrap();
        assert_eq!(
            *document.value(),
            json!({
                "title": text, "none": [],
                "flows": [{ "weeks": 2.5, "place": { "city": "São: Paulo" } }, {}],
                "formats": ["no", { "x": [1] }],
            })
        );
        for (path, shown) in [
            ("title", "Flows!B2"),
            ("none", "Flows!B3"),
            ("flows", "Flows!B5"),
            ("flows[0].weeks", "Flows!B5"),
            ("flows[0].place.city", "Flows!C5"),
            ("flows[1]", "Flows!B6"),
            ("formats[0]", "Flows!D7"),
            ("formats[1].x[0]", "Flows!D8"),
        ] {
            let at = Pointer::from_dotted(path).unwrap();
            assert_eq!(document.cell(&at).unwrap().to_string(), shown, "{path}");
            assert_eq!(document.place(&at), None);
        }
        let at = Pointer::from_dotted("flows[0].weeks").unwrap();
        let problem = document.problem_at(&at, Problem::error("is odd"));
        assert_eq!(problem.to_string(), "plan.xlsx, Flows!B5: is odd");
    }

    #[test]
    fn nothing_filled_in_is_said() {
        let problems = Document::from_cells("plan.xlsx", &[]).unwrap_err();
        assert_eq!(
            problems[0].to_string(),
            "plan.xlsx: nothing is filled in; expected answers in the cells that are framed"
        );
    }
}
