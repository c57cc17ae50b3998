//! Workbooks (XLSX): sheets of text and numbers.
//!
//! Written here and not with a library: the one that is kept best reads the clock when it starts, which WebAssembly does not
//! have and which would make the same input other bytes (see `docs/decisions/office-documents.md`).

pub(crate) mod grid;

use crate::ooxml::{
    DECLARATION, Relation, content_types, core_properties, escaped, package, package_relations,
    relations,
};
use grid::{Content, Grid, STYLES, Style};

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text. Never read as a formula: it is stored as text, and what begins like a formula is marked as text besides.
    Text(String),
    /// A number; one that is not finite is left empty.
    Number(f64),
}

/// One sheet: a row of headings and rows under it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// What its tab says; made to fit what a workbook allows.
    pub name: String,
    /// The headings.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Longest text of a cell (Excel's limit is 32,767 UTF-16 units).
const TEXT: usize = 32_767;
/// Longest name of a sheet.
const NAME: usize = 31;
/// Widest and narrowest column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// Writes sheets as a workbook.
pub fn write(title: &str, language: &str, sheets: &[Sheet]) -> Vec<u8> {
    let grids: Vec<Grid> = sheets.iter().map(grid_of).collect();
    package_of(title, language, &grids)
}

/// Writes sheets as they are laid out.
pub(crate) fn package_of(title: &str, language: &str, sheets: &[Grid]) -> Vec<u8> {
    let files: Vec<String> = (1..=sheets.len())
        .map(|number| format!("xl/worksheets/sheet{number}.xml"))
        .collect();
    let mut overrides = vec![
        ("xl/workbook.xml", "spreadsheetml.sheet.main"),
        ("xl/styles.xml", "spreadsheetml.styles"),
    ];
    overrides.extend(
        files
            .iter()
            .map(|file| (file.as_str(), "spreadsheetml.worksheet")),
    );
    let mut links = vec![Relation {
        id: "rId0".to_owned(),
        kind: "styles",
        target: "styles.xml".to_owned(),
        external: false,
    }];
    links.extend((1..=sheets.len()).map(|number| Relation {
        id: format!("rId{number}"),
        kind: "worksheet",
        target: format!("worksheets/sheet{number}.xml"),
        external: false,
    }));
    let mut parts = vec![
        content_types(&overrides),
        package_relations("xl/workbook.xml"),
        core_properties(title, language),
        ("xl/workbook.xml".to_owned(), contents(sheets)),
        relations("xl/_rels/workbook.xml.rels", &links),
        ("xl/styles.xml".to_owned(), STYLES.to_owned()),
    ];
    let written = files.into_iter().zip(sheets.iter().map(grid::worksheet));
    parts.extend(written);
    package(&parts)
}

fn contents(sheets: &[Grid]) -> String {
    let mut xml = format!(
        "{DECLARATION}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
    );
    let names = sheets.iter().map(|sheet| sheet.name.as_str());
    for ((number, name), sheet) in (1..).zip(tabs(names)).zip(sheets) {
        let state = if sheet.hidden {
            " state=\"hidden\""
        } else {
            ""
        };
        xml.push_str(&format!(
            "<sheet name=\"{}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>",
            escaped(&name)
        ));
    }
    xml.push_str("</sheets></workbook>");
    xml
}

/// The names of tabs, made to fit what a workbook allows, and to differ.
pub(crate) fn tabs<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut tabs: Vec<String> = Vec::new();
    for (number, name) in (1..).zip(names) {
        let mut tab = fitted(name);
        if tabs
            .iter()
            .any(|known| known.to_lowercase() == tab.to_lowercase())
        {
            tab = fitted(&format!("{number} {tab}"));
        }
        tabs.push(tab);
    }
    tabs
}

/// A name that a tab may have.
fn fitted(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| {
            if "[]:*?/\\'".contains(c) || c.is_control() {
                ' '
            } else {
                c
            }
        })
        .take(NAME)
        .collect();
    let name = name.trim();
    if name.is_empty() {
        "-".to_owned()
    } else {
        name.to_owned()
    }
}

/// A report's sheet as it is laid out: the headings in view, every column as wide as it needs, filters over it.
fn grid_of(sheet: &Sheet) -> Grid {
    let columns = sheet.rows.iter().map(Vec::len);
    let columns = columns.chain([sheet.head.len()]).max().unwrap_or(0);
    let head = sheet.head.iter();
    let head = head.map(|text| (Style::Heading, Content::Text(text.clone())));
    let rows = sheet.rows.iter();
    let rows = rows.map(|cells| cells.iter().map(styled).collect());
    Grid {
        name: sheet.name.clone(),
        hidden: false,
        widths: (0..columns).map(|column| width(sheet, column)).collect(),
        frozen: (1, 0),
        rows: std::iter::once(head.collect()).chain(rows).collect(),
        filter: true,
        notes: Vec::new(),
    }
}

fn styled(cell: &Cell) -> (Style, Content) {
    match cell {
        Cell::Empty => (Style::Plain, Content::Empty),
        Cell::Number(value) => {
            // As people write it.
            let shown = evenhand_diagnostic::text::number(*value);
            let value = shown.parse().unwrap_or(f64::NAN);
            (Style::Plain, Content::Number(value))
        }
        Cell::Text(text) if is_formula(text) => (Style::Quoted, Content::Text(text.clone())),
        Cell::Text(text) => (Style::Wrapped, Content::Text(text.clone())),
    }
}

/// As wide as its longest line, within bounds.
fn width(sheet: &Sheet, column: usize) -> usize {
    let cells = sheet.rows.iter().filter_map(|row| row.get(column));
    let texts = cells.map(|cell| match cell {
        Cell::Text(text) => text
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap_or(0),
        Cell::Number(_) | Cell::Empty => 0,
    });
    let head = sheet
        .head
        .get(column)
        .map_or(0, |head| head.chars().count());
    (texts.chain([head]).max().unwrap_or(0) + 2).clamp(WIDTHS.0, WIDTHS.1)
}

/// What a spreadsheet would read as a formula, were it typed or kept as plain text (OWASP, CSV injection).
pub fn is_formula(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    start.starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n'])
}

fn shortened(text: &str) -> String {
    let mut units = 0;
    let mut end = text.len();
    for (index, c) in text.char_indices() {
        units += c.len_utf16();
        if units >= TEXT {
            end = index;
            break;
        }
    }
    match text.get(..end) {
        Some(start) if end < text.len() => format!("{start}…"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn sheet_of(rows: Vec<Vec<Cell>>) -> Sheet {
        Sheet {
            name: "A".to_owned(),
            head: vec!["File".to_owned(), "Points".to_owned()],
            rows,
        }
    }

    fn part(bytes: Vec<u8>, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
    }

    #[test]
    fn text_stays_text_and_numbers_are_numbers() {
        let sheet = sheet_of(vec![vec![
            Cell::Text("=HYPERLINK(\"x\")".to_owned()),
            Cell::Number(70.0),
        ]]);
        let xml = part(write("t", "en", &[sheet]), "xl/worksheets/sheet1.xml");
        assert!(
            xml.contains("<c r=\"A2\" s=\"3\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=HYPERLINK(&quot;x&quot;)</t>"),
            "{xml}"
        );
        assert!(xml.contains("<c r=\"B2\"><v>70</v></c>"), "{xml}");
        assert!(!xml.contains("<f>"));
        assert!(xml.contains("<autoFilter ref=\"A1:B2\"/>"), "{xml}");
    }

    #[test]
    fn names_of_sheets_are_made_to_fit_and_differ() {
        let named = |name: &str| Sheet {
            name: name.to_owned(),
            ..Sheet::default()
        };
        let long = "a/b:c".repeat(10);
        let xml = part(
            write("t", "en", &[named(&long), named(&long), named("")]),
            "xl/workbook.xml",
        );
        assert!(
            xml.contains("name=\"a b ca b ca b ca b ca b ca b ca\""),
            "{xml}"
        );
        assert!(
            xml.contains("name=\"2 a b ca b ca b ca b ca b ca b\""),
            "{xml}"
        );
        assert!(xml.contains("name=\"-\""), "{xml}");
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_between_characters() {
        let text = shortened(&"𝄞".repeat(20_000));
        assert_eq!(text.encode_utf16().count(), TEXT - 1 + 1);
        assert!(text.ends_with('…'));
        assert_eq!(shortened("short"), "short");
    }
}
