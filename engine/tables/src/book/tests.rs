//! Workbooks as other programs write them, and as nobody should.

use super::*;
use crate::ooxml::{DECLARATION, Part, package};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The parts of a workbook with one sheet, `Flows`, around what its data and other parts are.
fn parts(data: &str, more: &[(&str, &str)]) -> Vec<Part> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"x/{kind}\" Target=\"{target}\"/>")
    };
    let mut parts: Vec<Part> = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships>{}</Relationships>",
                relation("r1", "officeDocument", "/xl/workbook.xml")
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\"><sheets><sheet name=\"Flows\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships>{}{}{}</Relationships>",
                relation("r1", "worksheet", "worksheets/../worksheets/sheet1.xml"),
                relation("r2", "styles", "styles.xml"),
                relation("r3", "sharedStrings", "sharedStrings.xml")
            ),
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"d mmm yyyy\"/></numFmts>\
             <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
             <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>"
                .to_owned(),
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>Kenya</t></si><si><r><t>two </t></r><r><t xml:space=\"preserve\">fonts </t></r></si>\
             <si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>とうきょう</t></rPh></si></sst>"
                .to_owned(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("{DECLARATION}<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>"),
        ),
    ]
    .map(|(name, xml)| (name.to_owned(), xml))
    .to_vec();
    for (name, xml) in more {
        parts.retain(|(known, _)| known != name);
        if !xml.is_empty() {
            parts.push(((*name).to_owned(), (*xml).to_owned()));
        }
    }
    parts
}

fn book(data: &str) -> Book {
    Book::read("plan.xlsx", &package(&parts(data, &[]))).unwrap()
}

fn held(cell: &str) -> Option<Held> {
    let book = book(&format!("<row r=\"4\">{cell}</row>"));
    book.sheets[0].cells.values().next().cloned()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn cells_hold_what_spreadsheets_store_in_them() {
    let text = |text: &str| Some(Held::Text(text.into()));
    for (cell, expected) in [
        ("<c r=\"C4\"><v>6.0</v></c>", Some(Held::Number(6.0))),
        (
            "<c r=\"C4\" t=\"n\"><v> 1E-1 </v></c>",
            Some(Held::Number(0.1)),
        ),
        (
            "<c r=\"C4\" s=\"1\"><v>0.5</v></c>",
            Some(Held::Percent(0.5)),
        ),
        (
            "<c r=\"C4\" s=\"2\"><v>46143</v></c>",
            Some(Held::Date("2026-05-01".to_owned())),
        ),
        (
            "<c r=\"C4\" s=\"3\"><v>46143.25</v></c>",
            Some(Held::Date("2026-05-01".to_owned())),
        ),
        (
            "<c r=\"C4\" s=\"3\"><v>-5</v></c>",
            Some(Held::NoDate(-5.0)),
        ),
        ("<c r=\"C4\" s=\"99\"><v>1</v></c>", Some(Held::Number(1.0))),
        ("<c r=\"C4\" t=\"b\"><v>1</v></c>", Some(Held::Flag(true))),
        ("<c r=\"C4\" t=\"s\"><v>0</v></c>", text("Kenya")),
        ("<c r=\"C4\" t=\"s\"><v>1</v></c>", text("two fonts ")),
        ("<c r=\"C4\" t=\"s\"><v>2</v></c>", text("東京")),
        ("<c r=\"C4\" t=\"s\"><v>3</v></c>", None),
        (
            "<c r=\"C4\" t=\"inlineStr\"><is><t>a &amp; b_x000D_</t></is></c>",
            text("a & b\r"),
        ),
        ("<c r=\"C4\" t=\"str\"><f>A1</f><v>b</v></c>", text("b")),
        (
            "<c r=\"C4\"><f>2*3</f><v>6</v></c>",
            Some(Held::Number(6.0)),
        ),
        ("<c r=\"C4\"><f>2*3</f></c>", Some(Held::NotComputed)),
        (
            "<c r=\"C4\"><f>[1]Sheet1!A1</f><v>6</v></c>",
            Some(Held::Elsewhere),
        ),
        (
            "<c r=\"C4\"><f>'C:\\[costs.xlsx]A'!A1</f><v>6</v></c>",
            Some(Held::Elsewhere),
        ),
        (
            "<c r=\"C4\"><f>SUM(Table1[Weeks])+Other!A1</f><v>6</v></c>",
            Some(Held::Number(6.0)),
        ),
        (
            "<c r=\"C4\" t=\"e\"><v>#DIV/0!</v></c>",
            Some(Held::Fault("#DIV/0!".to_owned())),
        ),
        (
            "<c r=\"C4\"><v>NaN</v></c>",
            Some(Held::Fault("NaN".to_owned())),
        ),
        (
            "<c r=\"C4\"><v>1e999</v></c>",
            Some(Held::Fault("1e999".to_owned())),
        ),
        (
            "<c r=\"C4\" t=\"d\"><v>2026-05-01T00:00:00</v></c>",
            text("2026-05-01T00:00:00"),
        ),
        ("<c r=\"C4\"/>", None),
        ("<c r=\"C4\"><v></v></c>", None),
        (
            "<x:c r=\"C4\" t=\"b\"><x:v>0</x:v></x:c>",
            Some(Held::Flag(false)),
        ),
    ] {
        assert_eq!(held(cell), expected, "{cell}");
    }
}

#[test]
fn cells_are_where_they_say_or_where_they_stand() {
    let book = book(
        "<row r=\"2\"><c><v>1</v></c><c r=\"D2\"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>\
         <row r=\"1048577\"><c><v>5</v></c></row>",
    );
    let places: Vec<(usize, usize)> = book.sheets[0].cells.keys().copied().collect();
    assert_eq!(places, [(1, 0), (1, 3), (1, 4), (2, 0)]);
    assert_eq!(book.sheets[0].cell(1, 4).to_string(), "Flows!E2");
}

#[test]
fn a_calendar_from_1904_is_counted_from_there() {
    let data = "<row r=\"1\"><c s=\"2\"><v>44681</v></c></row>";
    let xml = "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"A\" r:id=\"r1\"/></sheets></workbook>";
    let parts = parts(data, &[("xl/workbook.xml", xml)]);
    let book = Book::read("plan.xlsx", &package(&parts)).unwrap();
    let first = book.sheets[0].cells.values().next();
    assert_eq!(first, Some(&Held::Date("2026-05-01".to_owned())));
}

/// The code of the problem a file is refused with; its words must name the file.
#[track_caller]
fn refused(bytes: &[u8], code: &str) {
    let problems = Book::read("plan.xlsx", bytes).unwrap_err();
    let codes: Vec<_> = problems.iter().filter_map(Problem::code).collect();
    assert_eq!(codes, [code], "{problems:?}");
    assert_eq!(problems[0].file.as_deref(), Some("plan.xlsx"));
}

#[test]
fn what_is_no_workbook_is_refused_in_words() {
    refused(b"", "no-workbook");
    refused(b"title: a plan", "no-workbook");
    refused(b"PK\x03\x04 broken", "no-workbook");
    refused(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1], "old-or-locked");
    refused(&vec![b'P'; (8 << 20) + 1], "large-file");
    let one = |name: &str| package(&[(name.to_owned(), "x".to_owned())]);
    refused(&one("content.xml"), "other-spreadsheet");
    refused(&one("Index/Document.iwa"), "other-spreadsheet");
    refused(&one("word/document.xml"), "no-workbook");
    let cut = package(&parts("", &[]));
    refused(&cut[..cut.len() / 2], "no-workbook");
}

#[test]
fn what_is_damaged_or_hostile_is_refused_in_words() {
    let with = |more: &[(&str, &str)]| package(&parts("", more));
    refused(&with(&[("xl/vbaProject.bin", "x")]), "has-macros");
    refused(&with(&[("xl/macrosheets/sheet1.xml", "x")]), "has-macros");
    refused(&with(&[("xl/workbook.xml", "")]), "missing-part");
    refused(&with(&[("xl/worksheets/sheet1.xml", "")]), "missing-part");
    refused(
        &with(&[("xl/worksheets/sheet1.xml", "<worksheet><a></worksheet>")]),
        "broken-part",
    );
    let laughs = "<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]><worksheet>&d;</worksheet>";
    refused(&with(&[("xl/worksheets/sheet1.xml", laughs)]), "xml-entity");
    let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><sst/>";
    refused(&with(&[("xl/sharedStrings.xml", outside)]), "xml-entity");
    let many = "<sheet name=\"A\" r:id=\"r1\"/>".repeat(SHEETS + 1);
    let many = format!("<workbook><sheets>{many}</sheets></workbook>");
    refused(&with(&[("xl/workbook.xml", &many)]), "too-many-sheets");
}

#[test]
fn what_unpacks_to_more_than_a_proposal_needs_is_refused() {
    let blanks = " ".repeat(100_000);
    let sheet = "xl/worksheets/sheet1.xml";
    let bytes = package(&parts("", &[(sheet, &blanks)]));
    assert!(bytes.len() < 10_000);
    let mut package_read = Package::open(&bytes).unwrap();
    package_read.left = 100_100;
    assert_eq!(package_read.part(sheet).unwrap().unwrap().len(), 100_000);
    let problem = package_read.part(sheet).unwrap_err();
    assert_eq!(problem.code(), Some("too-large"), "{problem}");
    assert!(
        problem.to_string().contains("more than 64 MiB"),
        "{problem}"
    );
}

#[test]
fn more_cells_than_a_proposal_needs_are_refused() {
    let rows = "<c><v>1</v></c>".repeat(200_001);
    refused(&package(&parts(&rows, &[])), "too-many-cells");
}

#[test]
fn a_part_that_is_only_named_is_not_looked_for_elsewhere() {
    let links = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"file:///etc/passwd\" TargetMode=\"External\"/></Relationships>";
    let parts = parts("", &[("xl/_rels/workbook.xml.rels", links)]);
    let book = Book::read("plan.xlsx", &package(&parts)).unwrap();
    assert_eq!(book.sheets, []);
}
