//! A sheet as it is written: cells with styles, widths, what stays in view, what a cell may hold.

use crate::book::xml;
use crate::ooxml::{DECLARATION, escaped};
use crate::workbook::shortened;
use evenhand_diagnostic::source::Cell;

/// How a cell looks; the index in `styles.xml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain = 0,
    Heading = 1,
    Wrapped = 2,
    /// Text that begins like a formula.
    Quoted = 3,
    /// A framed cell for an answer.
    Answer = 4,
    /// The same for text that must not be taken for a number or a date.
    AnswerText = 5,
    AnswerPercent = 6,
    AnswerDate = 7,
    /// Small and grey: for the program.
    Small = 8,
}

/// The styles, in the order of [`Style`]. What looks like an answer has a frame and a fill, so that it is seen without colour.
pub(super) const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"0.##%\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>\
<fonts count=\"3\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font>\
<font><sz val=\"8\"/><color rgb=\"FF595959\"/><name val=\"Calibri\"/></font></fonts>\
<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>\
<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FFFFF8E1\"/><bgColor indexed=\"64\"/></patternFill></fill></fills>\
<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left style=\"thin\"><color rgb=\"FF808080\"/></left><right style=\"thin\"><color rgb=\"FF808080\"/></right>\
<top style=\"thin\"><color rgb=\"FF808080\"/></top><bottom style=\"thin\"><color rgb=\"FF808080\"/></bottom><diagonal/></border></borders>\
<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
<cellXfs count=\"9\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" quotePrefix=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"0\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"49\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>\
<xf numFmtId=\"164\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf>\
<xf numFmtId=\"165\" fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf>\
<xf numFmtId=\"0\" fontId=\"2\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"/></xf></cellXfs>\
<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Empty,
    /// Text to be shown; hidden characters are replaced, and what is too long is cut.
    Text(String),
    /// Text that is read back as it is.
    Exact(String),
    /// A number; one that is not finite is left empty.
    Number(f64),
    Flag(bool),
}

/// A rectangle of cells: rows and columns from 0, the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) column: usize,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// What a cell may hold, as far as a spreadsheet can check it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Allowed {
    Anything,
    /// What stands in these cells of the sheet of this name.
    List {
        sheet: String,
        range: Range,
    },
    /// Anything; what stands in these cells is offered.
    Offer {
        sheet: String,
        range: Range,
    },
    /// A number between bounds.
    Number {
        whole: bool,
        least: Option<f64>,
        most: Option<f64>,
    },
    Date,
}

/// A note that is shown where a cell is chosen, and what the cell may hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    pub(crate) cells: Range,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) allowed: Allowed,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grid {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    /// In characters.
    pub(crate) widths: Vec<usize>,
    /// Rows and columns that stay in view.
    pub(crate) frozen: (usize, usize),
    pub(crate) rows: Vec<Vec<(Style, Content)>>,
    /// Whether rows under the first can be filtered.
    pub(crate) filter: bool,
    pub(crate) notes: Vec<Note>,
}

/// The XML of a sheet.
pub(super) fn worksheet(grid: &Grid) -> String {
    let mut xml = format!(
        "{DECLARATION}<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
    );
    if !grid.notes.is_empty() {
        xml.push_str("<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>");
    }
    xml.push_str(&format!(
        "<sheetViews><sheetView workbookViewId=\"0\">{}</sheetView></sheetViews>",
        pane(grid.frozen)
    ));
    if !grid.widths.is_empty() {
        xml.push_str("<cols>");
        for (number, width) in (1..).zip(&grid.widths) {
            xml.push_str(&format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
            ));
        }
        xml.push_str("</cols>");
    }
    xml.push_str("<sheetData>");
    for (number, cells) in (1..).zip(&grid.rows) {
        row(&mut xml, number, cells);
    }
    xml.push_str("</sheetData>");
    if grid.filter && grid.rows.len() > 1 && !grid.widths.is_empty() {
        xml.push_str(&format!(
            "<autoFilter ref=\"A1:{}{}\"/>",
            Cell::letters(grid.widths.len() - 1),
            grid.rows.len()
        ));
    }
    if !grid.notes.is_empty() {
        xml.push_str(&format!("<dataValidations count=\"{}\">", grid.notes.len()));
        for note in &grid.notes {
            validation(&mut xml, note);
        }
        xml.push_str("</dataValidations><pageSetup orientation=\"landscape\" fitToHeight=\"0\"/>");
    }
    xml.push_str("</worksheet>");
    xml
}

fn pane((rows, columns): (usize, usize)) -> String {
    let (split, corner) = match (rows, columns) {
        (0, 0) => return String::new(),
        (rows, 0) => (format!("ySplit=\"{rows}\""), "bottomLeft"),
        (0, columns) => (format!("xSplit=\"{columns}\""), "topRight"),
        (rows, columns) => (
            format!("xSplit=\"{columns}\" ySplit=\"{rows}\""),
            "bottomRight",
        ),
    };
    let first = Cell::letters(columns);
    format!(
        "<pane {split} topLeftCell=\"{first}{}\" activePane=\"{corner}\" state=\"frozen\"/>",
        rows + 1
    )
}

fn row(xml: &mut String, number: usize, cells: &[(Style, Content)]) {
    xml.push_str(&format!("<row r=\"{number}\">"));
    for (column, (style, content)) in cells.iter().enumerate() {
        let at = format!("{}{number}", Cell::letters(column));
        let framed = (*style as u8) > Style::Quoted as u8;
        let style = match style {
            Style::Plain => String::new(),
            style => format!(" s=\"{}\"", *style as u8),
        };
        let text = match content {
            Content::Text(text) if !text.is_empty() => escaped(&shortened(text)),
            Content::Exact(text) if !text.is_empty() => xml::escaped(text),
            Content::Number(value) if value.is_finite() => {
                xml.push_str(&format!("<c r=\"{at}\"{style}><v>{value}</v></c>"));
                continue;
            }
            Content::Flag(flag) => {
                let flag = u8::from(*flag);
                xml.push_str(&format!("<c r=\"{at}\"{style} t=\"b\"><v>{flag}</v></c>"));
                continue;
            }
            // A frame is seen round an empty cell too.
            _ if framed => {
                xml.push_str(&format!("<c r=\"{at}\"{style}/>"));
                continue;
            }
            _ => continue,
        };
        xml.push_str(&format!(
            "<c r=\"{at}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
        ));
    }
    xml.push_str("</row>");
}

fn validation(xml: &mut String, note: &Note) {
    let (kind, formulas) = allowed(&note.allowed);
    let Range {
        column,
        first,
        last,
    } = note.cells;
    let column = Cell::letters(column);
    // What is offered binds nobody.
    let checked = u8::from(!matches!(note.allowed, Allowed::Offer { .. }));
    xml.push_str(&format!(
        "<dataValidation{kind} allowBlank=\"1\" showInputMessage=\"1\" showErrorMessage=\"{checked}\" promptTitle=\"{}\" prompt=\"{}\" sqref=\"{column}{}:{column}{}\">{formulas}</dataValidation>",
        escaped(&cut(&note.title, 32)),
        escaped(&cut(&note.text, 255)).replace('\n', "&#10;"),
        first + 1,
        last + 1,
    ));
}

/// The attributes and elements that say what a cell may hold. Whoever insists can write something else where a spreadsheet's
/// check is coarser than the one that follows.
fn allowed(allowed: &Allowed) -> (&'static str, String) {
    match allowed {
        Allowed::Anything => ("", String::new()),
        Allowed::List { sheet, range } | Allowed::Offer { sheet, range } => {
            let column = Cell::letters(range.column);
            let cells = format!(
                "'{}'!${column}${}:${column}${}",
                sheet.replace('\'', "''"),
                range.first + 1,
                range.last + 1
            );
            (
                " type=\"list\" errorStyle=\"warning\"",
                format!("<formula1>{}</formula1>", escaped(&cells)),
            )
        }
        Allowed::Number { whole, least, most } => {
            // Without a bound of its own, the largest that spreadsheets know.
            let bound = |bound: Option<f64>, otherwise: f64| bound.unwrap_or(otherwise);
            let kind = if *whole {
                " type=\"whole\" errorStyle=\"warning\""
            } else {
                " type=\"decimal\" errorStyle=\"warning\""
            };
            let (least, most) = (bound(*least, -1e15), bound(*most, 1e15));
            (
                kind,
                format!("<formula1>{least}</formula1><formula2>{most}</formula2>"),
            )
        }
        Allowed::Date => (
            " type=\"date\" errorStyle=\"warning\" operator=\"greaterThan\"",
            "<formula1>61</formula1>".to_owned(),
        ),
    }
}

/// At most so many UTF-16 units, which spreadsheets count.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut units = 1;
    let mut out: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect();
    out.push('…');
    out
}
