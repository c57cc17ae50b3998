//! Workbooks (XLSX): sheets of text and numbers.
//!
//! Written here and not with a library: the one that is kept best reads the clock when it starts, which WebAssembly does not
//! have and which would make the same input other bytes (see `docs/decisions/office-documents.md`).

use crate::ooxml::{
    DECLARATION, Relation, content_types, core_properties, escaped, package, package_relations,
    relations,
};

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

/// Styles of cells by their index in `styles.xml`.
const HEADING: u8 = 1;
const WRAPPED: u8 = 2;
const QUOTED: u8 = 3;

/// Writes sheets as a workbook.
pub fn write(title: &str, language: &str, sheets: &[Sheet]) -> Vec<u8> {
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
    let written = files.into_iter().zip(sheets.iter().map(worksheet));
    parts.extend(written);
    package(&parts)
}

const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills>\
<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf></cellXfs>\
<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";

fn contents(sheets: &[Sheet]) -> String {
    let mut xml = format!(
        "{DECLARATION}<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
    );
    let mut names: Vec<String> = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        let mut name = tab(&sheet.name);
        if names.contains(&name.to_lowercase()) {
            name = tab(&format!("{number} {name}"));
        }
        names.push(name.to_lowercase());
        xml.push_str(&format!(
            "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>",
            escaped(&name)
        ));
    }
    xml.push_str("</sheets></workbook>");
    xml
}

/// A name that a tab may have.
fn tab(name: &str) -> String {
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

fn worksheet(sheet: &Sheet) -> String {
    let columns = sheet
        .rows
        .iter()
        .map(Vec::len)
        .chain([sheet.head.len()])
        .max()
        .unwrap_or(0);
    let mut xml = format!(
        "{DECLARATION}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
    );
    if columns > 0 {
        xml.push_str("<cols>");
        for column in 0..columns {
            let (number, width) = (column + 1, width(sheet, column));
            xml.push_str(&format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
            ));
        }
        xml.push_str("</cols>");
    }
    xml.push_str("<sheetData>");
    let head: Vec<Cell> = sheet.head.iter().cloned().map(Cell::Text).collect();
    row(&mut xml, 1, &head, Some(HEADING));
    for (number, cells) in (2..).zip(&sheet.rows) {
        row(&mut xml, number, cells, None);
    }
    xml.push_str("</sheetData>");
    if !sheet.rows.is_empty() && columns > 0 {
        let last = sheet.rows.len() + 1;
        xml.push_str(&format!(
            "<autoFilter ref=\"A1:{}{last}\"/>",
            letters(columns - 1)
        ));
    }
    xml.push_str("</worksheet>");
    xml
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

fn row(xml: &mut String, number: usize, cells: &[Cell], style: Option<u8>) {
    xml.push_str(&format!("<row r=\"{number}\">"));
    for (column, cell) in cells.iter().enumerate() {
        let at = format!("{}{number}", letters(column));
        match cell {
            Cell::Text(text) if !text.is_empty() => {
                let style = style.unwrap_or(if is_formula(text) { QUOTED } else { WRAPPED });
                xml.push_str(&format!(
                    "<c r=\"{at}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escaped(&shortened(text))
                ));
            }
            Cell::Number(value) if value.is_finite() => {
                let value = evenhand_diagnostic::text::number(*value);
                xml.push_str(&format!("<c r=\"{at}\"><v>{value}</v></c>"));
            }
            Cell::Text(_) | Cell::Number(_) | Cell::Empty => {}
        }
    }
    xml.push_str("</row>");
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

/// The name of a column: A, B, …, Z, AA, ….
fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        name.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    name.iter().rev().collect()
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
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(column), name);
        }
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
