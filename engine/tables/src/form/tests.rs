//! Forms written and read back, and filled in as people do.

use super::*;
use crate::book::Held;
use evenhand_diagnostic::problem::Problem;
use evenhand_document::document::{Document, Format};
use evenhand_document::schema;
use serde_json::{Map, json};

fn of(json: &Value) -> Schema {
    let text = json.to_string();
    let document = Document::parse("schema.json", text.as_bytes(), Format::Json).unwrap();
    schema::parse(&document).unwrap()
}

/// A schema with a field of every kind.
fn every_kind() -> Schema {
    let text = |title: &str| json!({ "type": "string", "title": title, "description": "d", "x-question": title });
    let with = |mut field: Value, more: Value| {
        let map = field.as_object_mut().unwrap();
        map.extend(more.as_object().unwrap().clone());
        field
    };
    let number = |kind: &str| json!({ "type": kind, "title": "N", "description": "d", "x-question": "How much?" });
    let choice = with(
        text("Country"),
        json!({ "enum": ["KE", "FR", "none"], "x-labels": { "KE": "Kenya", "FR": "France", "none": "No country" } }),
    );
    let open = json!({ "type": "object", "title": "Open", "description": "d", "x-question": "Open?", "additionalProperties": true });
    let list = |items: Value| json!({ "type": "array", "title": "List", "description": "d", "x-question": "Which?", "items": items });
    let group = |properties: Value| json!({ "type": "object", "title": "G", "description": "d", "additionalProperties": false, "properties": properties });
    let leg = group(json!({ "km": number("number"), "from": text("From") }));
    let flow = group(json!({
        "to": text("To"), "weeks": number("number"), "child": { "type": "boolean", "title": "C", "description": "d", "x-question": "Children?" },
        "place": group(json!({ "city": text("City") })), "tags": list(text("Tag")), "values": open, "legs": list(leg),
    }));
    of(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "title": "T", "description": "d",
        "additionalProperties": false,
        "properties": {
            "title": text("Title"),
            "plan": group(json!({
                "id": text("Id"), "on": with(text("On"), json!({ "format": "date" })), "country": choice,
                "share": with(number("number"), json!({ "minimum": 0, "maximum": 1, "x-unit": "share" })),
                "count": number("integer"), "yes": { "type": "boolean", "title": "Y", "description": "d", "x-question": "Yes?" },
                "countries": list(choice), "custom": open, "words": list(text("Word")),
            })),
            "flows": list(flow),
        },
    }))
}

fn tongue(schema: &Schema) -> Tongue<'_> {
    Tongue {
        tag: "en",
        schema,
        yes: "yes",
        no: "no",
        none: "(none)",
        answer: "Answer",
    }
}

fn ask<'a>(schema: &'a Schema, path: &str, value: Option<&'a Value>) -> (Pointer, Ask<'a>) {
    let id = schema.find(path).unwrap();
    let ask = Ask::new(schema, id, String::new(), String::new());
    let last = path.rsplit_once("[].").map_or(path, |(_, last)| last);
    (Pointer::from_dotted(last).unwrap(), Ask { value, ..ask })
}

/// A form of the whole schema with a proposal in it.
#[expect(clippy::too_many_lines, reason = "a list of fields")]
fn form<'a>(schema: &'a Schema, proposal: &'a Value) -> Form<'a> {
    let known = |path: &str| proposal.pointer(&format!("/{}", path.replace('.', "/")));
    let fields = [
        "title",
        "plan.id",
        "plan.on",
        "plan.country",
        "plan.share",
        "plan.count",
        "plan.yes",
        "plan.countries",
        "plan.custom",
        "plan.words",
    ];
    let fields = fields.map(|path| ask(schema, path, known(path))).to_vec();
    let columns = ["to", "weeks", "child", "place.city", "tags", "values"];
    let columns = columns.map(|path| ask(schema, &format!("flows[].{path}"), None));
    let flows = proposal["flows"].as_array().map_or(&[][..], Vec::as_slice);
    let rows = |items: &'a Value, parent: usize| match items.as_array() {
        Some(items) if items.is_empty() => vec![Row {
            parent,
            entry: None,
        }],
        Some(items) => items
            .iter()
            .map(|entry| Row {
                parent,
                entry: Some(entry),
            })
            .collect(),
        None => Vec::new(),
    };
    let legs = flows
        .iter()
        .zip(1..)
        .flat_map(|(flow, number)| rows(&flow["legs"], number));
    let table = |list: &str, parent, columns: &[(Pointer, Ask<'a>)], rows| {
        Body::Table(Table {
            list: list.to_owned(),
            parent,
            columns: columns.to_vec(),
            rows,
            spare: 2,
        })
    };
    let legs_columns =
        ["km", "from"].map(|path| ask(schema, &format!("flows[].legs[].{path}"), None));
    let sheet = |name: &str, body| FormSheet {
        name: name.to_owned(),
        body,
    };
    Form {
        title: "T",
        tongue: tongue(schema),
        guide: ("Read me", vec!["How".to_owned()]),
        headings: ["Question", "What to write", "Who", "Name"],
        sheets: vec![
            sheet("Plan", Body::Fields(fields)),
            sheet(
                "Flows",
                table("flows[]", None, &columns, rows(&proposal["flows"], 0)),
            ),
            sheet(
                "Legs",
                table(
                    "flows[].legs[]",
                    Some(("flows[]".to_owned(), "Flow".to_owned())),
                    &legs_columns,
                    legs.collect(),
                ),
            ),
        ],
    }
}

fn book(schema: &Schema, proposal: &Value) -> Book {
    let written = write(&form(schema, proposal));
    assert_eq!(written.left_out, []);
    Book::read("plan.xlsx", &written.bytes).unwrap()
}

#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what `json!` makes"
)]
fn comes_back(proposal: Value) {
    let schema = every_kind();
    let filled = read(&book(&schema, &proposal), &[tongue(&schema)]);
    let filled = filled.unwrap_or_else(|problems| panic!("{proposal}: {problems:?}"));
    assert_eq!(*filled.document.value(), proposal);
    assert_eq!(filled.unread, []);
    assert_eq!(schema::validate(&schema, &filled.document), []);
}

#[test]
fn an_answer_that_reads_like_a_list_is_an_answer() {
    comes_back(json!({ "title": "flows[]" }));
    comes_back(
        json!({ "plan": { "id": "flows[]", "words": ["flows[].legs[]"] }, "flows": [{ "to": "flows[]" }] }),
    );
}

#[test]
fn every_kind_of_answer_comes_back() {
    comes_back(json!({
        "title": "=1+1 «São Tomé» <&>\n\tline",
        "plan": {
            "id": "007", "on": "2026-05-01", "country": "KE", "share": 0.125, "count": 6, "yes": false,
            "countries": ["FR", "none"], "custom": { "a": [1, null, "x"], "b": {} }, "words": ["yes", "1", "KE"],
        },
        "flows": [
            { "to": "a", "weeks": 2.5, "child": true, "place": { "city": "Nairobi" }, "tags": ["a", "b c"], "values": { "x.y": 1 }, "legs": [{ "km": 1 }, { "from": "b" }] },
            { "weeks": 0.1, "legs": [] },
            { "legs": [{ "km": 3 }] },
        ],
    }));
    comes_back(json!({ "title": "a", "flows": [] }));
    comes_back(json!({ "plan": { "countries": [], "words": ["a;b", "c"], "on": "1899-01-01" } }));
    comes_back(json!({ "plan": { "words": ["(none)"], "countries": ["none"] } }));
    comes_back(json!({ "plan": { "words": ["yes", "(none)", "(Aucun)"] } }));
    comes_back(json!({ "plan": { "id": "_x000D_", "words": [" a", "[b"], "on": "0001-01-01" } }));
}

/// Cells of the workbook, changed by their names.
fn filled_in(cells: &[(&str, usize, usize, Held)]) -> Result<Filled, Vec<Problem>> {
    let schema = every_kind();
    let mut book = book(&schema, &json!({ "title": "a" }));
    for (sheet, row, column, held) in cells {
        let tab = book
            .sheets
            .iter_mut()
            .find(|tab| *tab.name == **sheet)
            .unwrap();
        tab.cells.insert((*row, *column), held.clone());
    }
    read(&book, &[tongue(&schema)])
}

fn text(text: &str) -> Held {
    Held::Text(text.into())
}

/// The row of a field on the sheet of questions.
fn row_of(path: &str) -> usize {
    let schema = every_kind();
    let book = book(&schema, &Value::Object(Map::new()));
    let plan = book.sheets.iter().find(|tab| *tab.name == *"Plan").unwrap();
    let mut names = plan.cells.iter().filter(|((_, column), _)| *column == 4);
    names
        .find(|(_, held)| held.text() == Some(path))
        .unwrap()
        .0
        .0
}

#[test]
fn answers_are_read_as_spreadsheets_have_them() {
    for (path, held, value) in [
        (
            "plan.on",
            Held::Date("2026-05-01".to_owned()),
            json!("2026-05-01"),
        ),
        ("plan.on", text("1 May 2026"), json!("2026-05-01")),
        ("plan.share", Held::Percent(0.5), json!(0.5)),
        ("plan.share", text("12,5 %"), json!(0.125)),
        ("plan.share", text("0,5"), json!(0.5)),
        ("plan.count", Held::Number(6.000_000_000_000_1), json!(6)),
        ("plan.count", text("1 200"), json!(1200)),
        ("plan.yes", Held::Flag(true), json!(true)),
        ("plan.yes", Held::Number(0.0), json!(false)),
        ("plan.yes", text(" YES "), json!(true)),
        ("plan.country", text("kenya"), json!("KE")),
        ("plan.country", text("FR"), json!("FR")),
        ("plan.id", Held::Number(2026.0), json!("2026")),
        (
            "plan.id",
            Held::Date("2026-05-01".to_owned()),
            json!("2026-05-01"),
        ),
        ("plan.id", Held::Percent(0.07), json!("7 %")),
        ("plan.countries", text("Kenya; FR"), json!(["KE", "FR"])),
        ("plan.countries", text("(NONE)"), json!([])),
        ("plan.words", text("a\n\nb"), json!(["a", "b"])),
    ] {
        let filled = filled_in(&[("Plan", row_of(path), 1, held.clone())]);
        let filled = filled.unwrap_or_else(|problems| panic!("{path} {held:?}: {problems:?}"));
        let at = Pointer::from_dotted(path).unwrap();
        assert_eq!(
            filled.document.value().pointer(at.as_str()),
            Some(&value),
            "{path} {held:?}"
        );
        let cell = filled.document.cell(&at).unwrap();
        assert_eq!((cell.row, cell.column), (row_of(path), 1));
    }
}

#[test]
fn what_cannot_be_read_is_said_with_its_cell() {
    let flow = |column, held| ("Flows", 3, column, held);
    for (cells, said) in [
        (
            vec![flow(2, Held::Date("2026-06-05".to_owned()))],
            "plan.xlsx, Flows!C4: `flows[].weeks` is the date 2026-06-05, into which the spreadsheet may have turned what was typed; expected a number; write the number again, with the cell formatted as a number",
        ),
        (
            vec![flow(2, Held::Fault("#DIV/0!".to_owned()))],
            "plan.xlsx, Flows!C4: the cell shows the error `#DIV/0!`; write the value itself into the cell",
        ),
        (
            vec![flow(2, Held::NotComputed)],
            "plan.xlsx, Flows!C4: the cell has a formula that was never computed; open it in a spreadsheet program and save it again",
        ),
        (
            vec![flow(2, Held::Elsewhere)],
            "plan.xlsx, Flows!C4: the cell takes its value from another file; write the value itself into the cell",
        ),
        (
            vec![flow(6, text("{x"))],
            "plan.xlsx, Flows!G4: `flows[].values` begins with a bracket or a quote and is no list or group as JSON writes it",
        ),
        (
            vec![("Plan", row_of("plan.on"), 1, Held::NoDate(-3.0))],
            "plan.xlsx, Plan!B4: `plan.on` is the number -3 shown as a date, and there is no such day",
        ),
        (
            vec![
                flow(0, text("(none)")),
                flow(1, text("a")),
                ("Flows", 4, 1, text("b")),
            ],
            "plan.xlsx, Flows!B4: the list is marked as empty here, and has entries besides; delete the mark, or the other entries",
        ),
        (
            vec![("Legs", 3, 2, Held::Number(5.0))],
            "plan.xlsx, Legs!B4: the row does not say to which row of `flows` it belongs; expected the number that stands before that row, such as 1",
        ),
        (
            vec![
                ("Legs", 3, 1, Held::Number(9.0)),
                ("Legs", 3, 2, Held::Number(5.0)),
            ],
            "plan.xlsx, Legs!B4: the row belongs to row 9 of `flows`, and there is none; expected the number that stands before that row, such as 1",
        ),
        (
            vec![("Plan", 30, 1, text("b")), ("Plan", 30, 4, text("title"))],
            "plan.xlsx, Plan!B31: `title` is answered twice: here and in Plan!B2; keep one of the two",
        ),
        (
            vec![
                ("Plan", 30, 1, text("b")),
                ("Plan", 30, 4, text("plan.cuntry")),
            ],
            "plan.xlsx, Plan!E31: `plan.cuntry` is not a field of a proposal; expected a path such as `flows[0].weeks`; did you mean `plan.country`?",
        ),
    ] {
        let problems = filled_in(&cells).unwrap_err();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [said]);
    }
}

#[test]
fn what_does_not_fit_is_said_together_with_what_cannot_be_read() {
    let problems = filled_in(&[
        ("Flows", 3, 2, text("lots")),
        ("Flows", 4, 2, Held::NotComputed),
        ("Plan", row_of("plan.country"), 1, text("Kenia")),
    ]);
    let problems = problems.unwrap_err();
    let cells: Vec<String> = problems
        .iter()
        .filter_map(|one| one.cell.as_ref())
        .map(ToString::to_string)
        .collect();
    assert_eq!(cells, ["Flows!C5", "Flows!C4", "Plan!B5"]);
    assert!(
        problems[2]
            .to_string()
            .contains("did you mean `KE` (Kenya)?"),
        "{}",
        problems[2]
    );
    assert!(
        problems
            .iter()
            .all(|one| one.fix.is_none() && one.place.is_none())
    );
}

#[test]
fn what_is_not_read_is_said() {
    let filled = filled_in(&[
        ("Flows", 2, 7, text("wekes")),
        ("Flows", 3, 7, Held::Number(4.0)),
        ("Flows", 5, 9, text("ask Ana")),
        ("Plan", 40, 1, text("a remark")),
    ]);
    let unread = filled.unwrap().unread;
    let unread: Vec<String> = unread.iter().map(ToString::to_string).collect();
    assert_eq!(
        unread,
        [
            "plan.xlsx, Plan!B41: the row has no name of a field, and its answer is not read",
            "plan.xlsx, Flows!H3: `wekes` is not a field of this list, and the column is not read; did you mean `weeks`?",
            "plan.xlsx, Flows!J6: the column has no name of a field, and is not read",
        ]
    );
    let schema = every_kind();
    let mut book = book(&schema, &json!({ "title": "a" }));
    let mut extra = book.sheets[1].clone();
    extra.name = "Budget".into();
    extra.cells = [((0, 0), text("rent"))].into();
    book.sheets.push(extra);
    let filled = read(&book, &[tongue(&schema)]).unwrap();
    assert_eq!(
        filled.unread[0].to_string(),
        "plan.xlsx: the sheet `Budget` is not part of the form, and is not read"
    );
    book.sheets.retain(|tab| *tab.name == *"Budget");
    let problems = read(&book, &[tongue(&schema)]).unwrap_err();
    assert_eq!(problems[0].code(), Some("no-form"));
}

#[test]
fn rows_columns_and_sheets_may_be_moved() {
    let schema = every_kind();
    let proposal = json!({ "title": "a", "plan": { "count": 3 }, "flows": [{ "to": "b" }, { "to": "c", "legs": [{ "km": 1 }] }] });
    let mut book = book(&schema, &proposal);
    book.sheets.reverse();
    for tab in &mut book.sheets {
        if *tab.name != *LISTS {
            tab.name = format!("{} 2", tab.name).into();
            let moved = |((row, column), held): (&(usize, usize), &Held)| {
                ((row + 2, column + 1), held.clone())
            };
            tab.cells = tab.cells.iter().map(moved).collect();
        }
    }
    // A blank row between the entries.
    let flows = book
        .sheets
        .iter_mut()
        .find(|tab| *tab.name == *"Flows 2")
        .unwrap();
    flows.cells = flows
        .cells
        .iter()
        .map(|((row, column), held)| ((row + usize::from(*row > 5), *column), held.clone()))
        .collect();
    let filled = read(&book, &[tongue(&schema)]).unwrap();
    assert_eq!(*filled.document.value(), proposal);
}

#[test]
fn a_text_too_long_for_a_cell_is_left_out_and_named() {
    let schema = every_kind();
    let proposal = json!({ "title": "é".repeat(32_768) });
    let written = write(&form(&schema, &proposal));
    assert_eq!(written.left_out, [Pointer::from_dotted("title").unwrap()]);
    assert_eq!(write(&form(&schema, &proposal)), written);
}

#[test]
fn answers_longer_than_a_proposal_are_refused() {
    let long = "a".repeat(32_000);
    let cells: Vec<_> = (3..600).map(|row| ("Flows", row, 1, text(&long))).collect();
    let problems = filled_in(&cells).unwrap_err();
    assert_eq!(
        problems
            .iter()
            .filter(|one| one.code() == Some("too-much-text"))
            .count(),
        1
    );
}
