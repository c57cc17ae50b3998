use super::*;
use crate::paper::{Paper, docx, html, markdown};
use evenhand_analysis::breakdown::Element;
use evenhand_diagnostic::words::English;
use std::io::Cursor;

/// What would end a cell, a tag, an attribute, a comment, a code span or a link, or turn the direction of a text.
const HOSTILE: &str =
    "</td></svg><script>alert(1)</script>\"'&|`[x](javascript:y)\n# x\u{202e}\u{0}=1+1";

fn table() -> Breakdown {
    let column = |title: &str, ends: bool, sum, picture| Column {
        title: title.to_owned(),
        value: "x".to_owned(),
        ends: ends.then(|| ("low".to_owned(), "high".to_owned())),
        unit: Some("kg".to_owned()),
        sum,
        picture,
    };
    Breakdown {
        id: "t".to_owned(),
        title: "Emissions".to_owned(),
        about: String::new(),
        rows: vec!["derived.x.flows".to_owned()],
        named: Some("flows[]".to_owned()),
        label: Vec::new(),
        columns: vec![
            column("Each", true, false, Some(Mark::Bar)),
            column("Online", false, false, Some(Mark::Line)),
            column("All", true, true, None),
        ],
    }
}

fn amount(value: f64, ends: Option<(f64, f64)>) -> Cell {
    Cell::Amount(Amount { value, ends })
}

fn row(number: usize, name: Option<&str>, cells: Vec<Cell>) -> Row {
    Row {
        element: Some(Element {
            title: "Flow".to_owned(),
            number,
            name: name.map(str::to_owned),
        }),
        label: Vec::new(),
        number,
        cells,
    }
}

fn blocks(table: &Breakdown, filled: &Filled) -> Vec<Block> {
    let words = &English;
    Writer {
        table,
        filled,
        words,
    }
    .blocks()
}

fn bars(blocks: &[Block]) -> Option<&Bars> {
    blocks.iter().find_map(|block| match block {
        Block::Bars(bars) => Some(bars),
        _ => None,
    })
}

fn cells(blocks: &[Block]) -> Vec<Vec<String>> {
    let tables = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let rows = tables.flat_map(|table| &table.rows);
    let plain = |cell: &Vec<Inline>| crate::paper::plain(cell);
    rows.map(|row| row.iter().map(plain).collect()).collect()
}

#[test]
fn the_picture_and_the_table_beside_it_hold_the_same_numbers() {
    let filled = Filled {
        rows: vec![
            row(
                1,
                Some("Leiden → Kumasi"),
                vec![
                    amount(1234.56, Some((987.6, 2345.6))),
                    amount(12.34, None),
                    amount(0.0123, Some((0.0, 0.5))),
                ],
            ),
            row(2, None, vec![Cell::Unknown, Cell::Unknown, Cell::Unknown]),
        ],
        more: 3,
        sums: vec![None, None, None],
    };
    let found = blocks(&table(), &filled);
    let bars = bars(&found).unwrap();
    assert_eq!(bars.title, "Emissions: Each (kg)");
    // What is not known has no bar.
    let [bar] = bars.rows.as_slice() else {
        panic!("{bars:?}");
    };
    assert_eq!(bar.shown, "1235 (988–2346)");
    assert_eq!(
        bar.words,
        "Flow 1: Leiden → Kumasi: 1235 (988–2346), Online: 12.3"
    );
    assert_eq!(bar.beside, Some(12.34));
    assert!(bars.legend.ends_with("Dashed: Online."), "{}", bars.legend);
    assert_eq!(
        cells(&found),
        [
            [
                "Flow 1: Leiden → Kumasi",
                "1235 (988–2346)",
                "12.3",
                "0.012 (0–0.5)"
            ],
            ["Flow 2", "–", "–", "–"],
            ["Sum", "", "", "–"],
        ]
    );
    assert_eq!(found.last(), Some(&paragraph("and others: 3")));
}

#[test]
fn rows_within_a_flow_are_told_apart_by_their_label_or_their_number() {
    let table = Breakdown {
        rows: vec!["derived.x.flows".to_owned(), "legs".to_owned()],
        ..table()
    };
    let filled = Filled {
        rows: Vec::new(),
        more: 0,
        sums: Vec::new(),
    };
    let writer = Writer {
        table: &table,
        filled: &filled,
        words: &English,
    };
    let mut one = row(2, Some("A → B"), Vec::new());
    one.number = 3;
    assert_eq!(writer.name(&one), "Flow 2: A → B · 3");
    one.label = vec!["AMS".to_owned(), "ACC".to_owned()];
    assert_eq!(writer.name(&one), "Flow 2: A → B · AMS → ACC");
    one.label = vec!["A".to_owned(), "B".to_owned()];
    assert_eq!(writer.name(&one), "Flow 2: A → B");
    one.label = vec!["AMS".to_owned(), "ACC".to_owned()];
    one.element = None;
    assert_eq!(writer.name(&one), "AMS → ACC");
}

/// Whatever a plugin or a proposal says stays text, in every format, and no number is longer than its column.
#[test]
fn nothing_breaks_out_of_a_format_and_nothing_is_endless() {
    let mut table = table();
    table.columns[1].picture = None;
    let huge = amount(1e308, Some((-1e308, f64::MAX)));
    let many: Vec<Row> = (1..=100)
        .map(|number| {
            let cells = vec![huge.clone(), Cell::Text(HOSTILE.to_owned()), huge.clone()];
            row(number, Some(HOSTILE), cells)
        })
        .collect();
    let filled = Filled {
        rows: many,
        more: 99_900,
        sums: vec![None; 3],
    };
    let found = blocks(&table, &filled);
    assert_eq!(bars(&found).unwrap().rows.len(), BARS);
    assert!(bars(&found).unwrap().legend.ends_with("and others: 60"));
    let first = &cells(&found)[0];
    assert_eq!(first[1], "1.00e308 (-1.00e308–1.80e308)");
    let paper = Paper {
        title: "T".to_owned(),
        language: "en".to_owned(),
        opening: Vec::new(),
        sections: vec![Section {
            id: "t".to_owned(),
            title: vec![text("T")],
            blocks: found,
            sections: Vec::new(),
        }],
    };
    let page = html(&paper, &English);
    assert!(!page.contains("<script"));
    assert_eq!(page.matches("</svg>").count(), 1);
    assert_eq!(page.matches("<tr>").count(), 102);
    let written = markdown(&paper);
    let rows = written.lines().filter(|line| line.starts_with("| "));
    assert_eq!(rows.count(), 103);
    // What could be read as markup stands behind a backslash.
    let bare = written.replace("\\<", "").replace("\\]", "");
    assert!(!bare.contains("<script") && !bare.contains("](javascript"));
    let mut archive = zip::ZipArchive::new(Cursor::new(docx(&paper, &English))).unwrap();
    let body = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    assert_eq!(body.matches("<w:tr>").count(), 102);
    assert!(!body.contains("<script"));
    for text in [&page, &written, &body] {
        assert!(!text.contains(['\u{202e}', '\u{0}']));
    }
}
