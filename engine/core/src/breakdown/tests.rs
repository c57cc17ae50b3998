use super::*;
use crate::pack::PackFiles;
use crate::settings::Settings;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "rooms": { "type": "array", "items": { "type": "object", "properties": {
    "name": { "type": "string" }, "warm": { "type": "boolean" }, "tags": { "type": "array", "items": { "type": "string" } },
    "cost": { "type": "number", "x-unit": "t" }, "least": { "type": "number" }, "most": { "type": "number" },
    "beds": { "type": "integer", "x-unit": "beds" }, "other": { "type": "number", "x-unit": "t" },
    "walls": { "type": "array", "items": { "type": "object", "properties": { "high": { "type": "number" } } } } } } },
  "words": { "type": "array", "items": { "type": "string" } } } }"#;

fn pack(name: &str, report: &str) -> PackFiles {
    let files = [
        (
            "pack.toml",
            format!(
                "[pack]\nname = \"{name}\"\nplugins = [\"air\"]\n[[dimensions]]\nid = \"care\"\ntitle = \"Care\"\n"
            ),
        ),
        ("schema.json", SCHEMA.to_owned()),
        (FILE, report.to_owned()),
    ];
    PackFiles {
        folder: name.to_owned(),
        files: files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.into_bytes().into()))
            .collect(),
        ..PackFiles::default()
    }
}

fn load(packs: Vec<PackFiles>) -> Result<Rulebook, Vec<Problem>> {
    Rulebook::load(packs, Vec::new(), Settings::default())
}

/// A table over the rooms, with these lines besides.
fn table(lines: &str) -> String {
    format!("[[tables]]\nid = \"a\"\ntitle = \"Rooms\"\nrows = \"rooms[]\"\n{lines}\n")
}

/// A table over the rooms with one column of these keys.
fn column(keys: &str) -> String {
    table(&format!("columns = [{{ title = \"C\", {keys} }}]"))
}

const RANGE: &str = "value = \"cost\", low = \"least\", high = \"most\"";

#[test]
fn a_table_is_read_with_its_lists_columns_and_units() {
    let text = format!(
        "[[tables]]\nid = \"a\"\ntitle = \"Rooms\"\nabout = \"Each room.\"\nrows = \"rooms[]\"\nnamed = \"rooms[]\"\n\
         label = [\"name\"]\n\
         columns = [{{ title = \"Cost\", {RANGE}, sum = true, picture = \"bar\" }}, {{ title = \"Warm\", value = \"warm\" }}, {{ title = \"Other\", value = \"other\", picture = \"line\" }}]\n\
         [[tables]]\nid = \"b\"\ntitle = \"Walls\"\nrows = \"rooms[].walls[]\"\ncolumns = [{{ title = \"High\", value = \"high\" }}]\n\
         [[tables]]\nid = \"c\"\ntitle = \"Air\"\nrows = \"derived.air.flows[]\"\ncolumns = [{{ title = \"x\", value = \"x\" }}]\n"
    );
    let book = load(vec![pack("one", &text)]).unwrap();
    // What a plugin derives that does not take part has no table, and is no mistake.
    let [first, second] = book.breakdowns() else {
        panic!("{:?}", book.breakdowns());
    };
    assert_eq!(first.rows, ["rooms"]);
    assert_eq!(second.rows, ["rooms", "walls"]);
    assert_eq!(first.named.as_deref(), Some("rooms[]"));
    assert_eq!(first.label, ["name"]);
    assert_eq!(
        first.columns[0],
        Column {
            title: "Cost".to_owned(),
            value: "cost".to_owned(),
            ends: Some(("least".to_owned(), "most".to_owned())),
            unit: Some("t".to_owned()),
            sum: true,
            picture: Some(Mark::Bar),
        }
    );
    assert_eq!(first.columns[2].picture, Some(Mark::Line));
    let texts = book.breakdown_texts();
    for wanted in ["Rooms", "Each room.", "Cost", "Warm", "Walls"] {
        assert!(texts.contains(wanted), "{wanted} in {texts:?}");
    }
}

#[test]
fn a_later_packs_table_takes_the_place_of_one_of_the_same_id() {
    let second = pack("two", &column("value = \"beds\""));
    let second = PackFiles {
        files: second
            .files
            .into_iter()
            .filter(|(path, _)| path != "schema.json")
            .collect(),
        ..pack("two", "")
    };
    let book = load(vec![pack("one", &column("value = \"cost\"")), second]).unwrap();
    let [only] = book.breakdowns() else {
        panic!("{:?}", book.breakdowns());
    };
    assert_eq!(only.columns[0].value, "beds");
}

/// A wrong declaration is refused when the pack is loaded, with its place and what was meant.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_is_wrong_is_said_with_its_line_and_a_suggestion() {
    let rows = |rows: &str| {
        format!(
            "[[tables]]\nid = \"a\"\ntitle = \"A\"\nrows = \"{rows}\"\ncolumns = [{{ title = \"C\", value = \"cost\" }}]\n"
        )
    };
    let good = "columns = [{ title = \"C\", value = \"cost\" }]";
    for (text, line, said) in [
        (rows("room[]"), 4, "did you mean `rooms"),
        (rows("rooms"), 4, "`rooms` has no rows"),
        (rows("words[]"), 4, "`words[]` has no rows"),
        (rows("derived.water.x[]"), 4, "derived"),
        (table(""), 1, "has no `columns`"),
        (
            table(&format!("named = \"words[]\"\n{good}")),
            5,
            "does not name rows",
        ),
        (
            table(&format!("named = \"rooms[].walls[]\"\n{good}")),
            5,
            "does not name rows",
        ),
        (
            table(&format!("label = [\"beds\"]\n{good}")),
            5,
            "`beds` is no text",
        ),
        (column("value = \"costs\""), 5, "did you mean `rooms[].cost"),
        (
            column("value = \"walls[].high\""),
            5,
            "each element of a list",
        ),
        (column("value = \"walls\""), 5, "does not fit in a cell"),
        (column("value = \"cost\", low = \"least\""), 5, "two ends"),
        (
            column("value = \"cost\", low = \"name\", high = \"most\""),
            5,
            "`name` is not the end of a range",
        ),
        (
            column("value = \"name\", low = \"least\", high = \"most\""),
            5,
            "`least` is not the end of a range",
        ),
        (column("value = \"name\", sum = true"), 5, "has no sum"),
        (
            column("value = \"cost\", picture = \"bar\""),
            5,
            "a bar shows a range",
        ),
        (
            column("value = \"warm\", picture = \"line\""),
            5,
            "no line shows it",
        ),
        (
            column("value = \"cost\", picture = \"line\""),
            5,
            "a line across no bar",
        ),
        (
            table(&format!(
                "columns = [{{ title = \"A\", {RANGE}, picture = \"bar\" }}, {{ title = \"B\", value = \"beds\", picture = \"line\" }}]"
            )),
            5,
            "of the same unit",
        ),
        (
            table(&format!(
                "columns = [{{ title = \"A\", {RANGE}, picture = \"bar\" }}, {{ title = \"B\", {RANGE}, picture = \"bar\" }}]"
            )),
            5,
            "one column as a bar",
        ),
        (column("value = \"cost\", picture = \"pie\""), 5, "pie"),
        ("[[table]]\n".to_owned(), 1, "did you mean `tables`"),
    ] {
        let problems = load(vec![pack("one", &text)]).unwrap_err();
        let found = problems.iter().any(|problem| {
            problem.to_string().contains(said)
                && problem.place.is_some_and(|place| place.line == line)
                && problem.file.as_deref() == Some("one/report.toml")
        });
        assert!(found, "{said} in line {line}: {problems:#?}\n{text}");
    }
    // Everything at once.
    let many =
        table("label = [\"beds\", \"names\"]\ncolumns = [{ title = \"C\" }, { value = \"cost\" }]");
    assert_eq!(load(vec![pack("one", &many)]).unwrap_err().len(), 4);
}
