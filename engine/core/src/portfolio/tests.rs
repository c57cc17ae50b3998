use super::*;
use crate::pack::PackFiles;
use crate::settings::Settings;

const SCHEMA: &str = r#"{ "type": "object", "additionalProperties": false, "properties": {
  "kind": { "type": "string", "enum": ["camp", "course"] },
  "forms": { "type": "array", "items": { "type": "string", "enum": ["visit", "online"] } },
  "agreed": { "type": "boolean" }, "note": { "type": "string" },
  "tonnes": { "type": "number", "x-unit": "t" }, "people": { "type": "integer" },
  "flows": { "type": "array", "items": { "type": "object", "properties": { "weeks": { "type": "number" } } } } } }"#;

fn pack(name: &str, portfolio: &str) -> PackFiles {
    let files = [
        ("pack.toml", format!("[pack]\nname = \"{name}\"\nplugins = [\"air\"]\n[[dimensions]]\nid = \"care\"\ntitle = \"Care\"\n")),
        ("schema.json", SCHEMA.to_owned()),
        ("sources.toml", "[review]\nauthors = \"A\"\nyear = 2020\ntitle = \"T\"\nseen = true\n[review.sections]\nresults = \"x\"\n".to_owned()),
        (FILE, portfolio.to_owned()),
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

fn table(id: &str, rest: &str) -> String {
    format!("[[tables]]\nid = \"{id}\"\ntitle = \"Title of {id}\"\n{rest}\n")
}

#[test]
fn every_kind_of_table_is_read() {
    let text: String = [
        table("a", "kind = \"levels\""),
        table("b", "kind = \"findings\"\noutcome = \"unmet\"\nat_most = 3"),
        table("c", "kind = \"missing\""),
        table("d", "kind = \"groups\"\nrows = [\"forms\"]\ncolumns = [\"tonnes\", \"people\"]\nsplit = [\"agreed\"]\n[tables.published]\nsource = \"review#results\"\nof = 10\ngroups = [{ title = \"x\", rows = [\"visit\"], columns = [\"people\"], split = [\"true\"], count = 3 }]"),
        table("e", "kind = \"total\"\nvalue = \"tonnes\"\nlow = \"derived.air.low\"\nstated = \"people\""),
        table("f", "kind = \"share\"\npart = \"people\"\nwhole = \"tonnes\""),
    ]
    .concat();
    let tables = load(vec![pack("one", &text)]).unwrap().portfolio().unwrap();
    let ids: Vec<&str> = tables.iter().map(|table| table.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c", "d", "e", "f"]);
    let TableKind::Groups(groups) = &tables[3].kind else {
        panic!("{tables:?}");
    };
    assert_eq!(groups.rows, Category::Field("forms".to_owned()));
    let largest = vec!["tonnes".to_owned(), "people".to_owned()];
    assert_eq!(groups.columns, Some(Category::Largest(largest)));
    assert_eq!(groups.published.as_ref().unwrap().groups[0].count, 3);
    // What a plugin derives that does not take part is no mistake.
    assert!(
        matches!(&tables[4].kind, TableKind::Total { low: Some(low), .. } if low == "derived.air.low")
    );
}

#[test]
fn a_later_packs_table_takes_the_place_of_one_of_the_same_id() {
    let first = [
        table("a", "kind = \"levels\""),
        table("b", "kind = \"missing\""),
    ]
    .concat();
    let second = table(
        "a",
        "kind = \"share\"\npart = \"people\"\nwhole = \"tonnes\"",
    );
    let second = PackFiles {
        files: pack("two", &second)
            .files
            .into_iter()
            .filter(|(path, _)| path != "schema.json")
            .collect(),
        ..pack("two", "")
    };
    let book = load(vec![pack("one", &first), second]).unwrap();
    let tables = book.portfolio().unwrap();
    assert_eq!(tables.len(), 2);
    assert!(matches!(tables[0].kind, TableKind::Share { .. }));
}

/// A wrong declaration is refused when the pack is loaded, with its place and what was meant.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_is_wrong_is_said_with_its_line_and_a_suggestion() {
    let groups = |rest: &str| {
        table(
            "d",
            &format!("kind = \"groups\"\nrows = [\"forms\"]\n{rest}"),
        )
    };
    let published = |rest: &str| groups(&format!("[tables.published]\nof = 10\n{rest}"));
    let figure = |rest: &str| {
        published(&format!(
            "source = \"review\"\ngroups = [{{ title = \"x\", count = 3{rest} }}]"
        ))
    };
    for (text, line, said) in [
        (table("a", "kind = \"level\""), 4, "level"),
        (
            table("a", "kind = \"levels\"\nrows = [\"kind\"]"),
            5,
            "`rows` says nothing of a table of kind `levels`",
        ),
        (table("a", "kind = \"findings\""), 1, "needs `outcome`"),
        (
            table("a", "kind = \"total\"\nvalue = \"tones\""),
            5,
            "did you mean `tonnes`",
        ),
        (
            table("a", "kind = \"total\"\nvalue = \"note\""),
            5,
            "`note` is no number",
        ),
        (
            table("a", "kind = \"total\"\nvalue = \"flows[].weeks\""),
            5,
            "each element of a list",
        ),
        (
            table("a", "kind = \"groups\"\nrows = [\"note\"]"),
            5,
            "has no choices",
        ),
        (
            table("a", "kind = \"groups\"\nrows = []"),
            5,
            "names no field",
        ),
        (
            table("a", "kind = \"groups\"\nrows = [\"tonnes\", \"note\"]"),
            5,
            "`note` is no number",
        ),
        (
            table(
                "a",
                "kind = \"share\"\npart = \"people\"\nwhole = \"derived.air2.x\"",
            ),
            6,
            "derived",
        ),
        (
            published("source = \"reviw\"\ngroups = []"),
            8,
            "did you mean `review`",
        ),
        (
            published("source = \"review#result\"\ngroups = []"),
            8,
            "did you mean `results`",
        ),
        (figure(", rows = [\"visits\"]"), 9, "did you mean `visit`"),
        (figure(", split = [\"true\"]"), 9, "has no `split`"),
        (figure(", counts = 3"), 9, "counts"),
        (
            published("source = \"review\"\ngroups = [{ title = \"x\", count = 11 }]"),
            9,
            "11 is more than all",
        ),
        (
            [
                table("a", "kind = \"levels\""),
                table("a", "kind = \"missing\""),
            ]
            .concat(),
            6,
            "a",
        ),
        ("[[table]]\n".to_owned(), 1, "did you mean `tables`"),
    ] {
        let problems = load(vec![pack("one", &text)]).unwrap_err();
        let found = problems.iter().any(|problem| {
            problem.to_string().contains(said)
                && problem.place.is_some_and(|place| place.line == line)
                && problem.file.as_deref() == Some("one/portfolio.toml")
        });
        assert!(found, "{said} in line {line}: {problems:#?}\n{text}");
    }
    // Everything at once.
    let many = [
        table("a", "kind = \"total\"\nvalue = \"tones\""),
        table("b", "kind = \"groups\"\nrows = [\"note\"]"),
    ]
    .concat();
    assert_eq!(load(vec![pack("one", &many)]).unwrap_err().len(), 2);
}
