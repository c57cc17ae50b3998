//! Writing into a document changes what it says, and nothing else.

use super::{Change, EditError, same, write_name};
use crate::document::{Document, Format};
use evenhand_diagnostic::pointer::Pointer;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

mod layouts;

use layouts::Layout;

fn parse(text: &str, format: Format) -> Document {
    Document::parse("p", text.as_bytes(), format).unwrap_or_else(|problems| {
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{format}\n{text}\n{}", said.join("\n"))
    })
}

fn edited(text: &str, format: Format, change: &Change) -> Result<String, EditError> {
    let document = parse(text, format);
    let fix = document.edit(change)?;
    Ok(fix.apply(text).unwrap())
}

fn set(at: &str, value: Value) -> Change {
    Change::Set(Pointer::from_json(at), value)
}

fn remove(at: &str) -> Change {
    Change::Remove(Pointer::from_json(at))
}

fn rename(at: &str, name: &str) -> Change {
    Change::Rename(Pointer::from_json(at), name.to_owned())
}

#[track_caller]
fn check(format: Format, cases: &[(&str, Change, &str)]) {
    for (text, change, expected) in cases {
        assert_eq!(
            edited(text, format, change).as_deref(),
            Ok(*expected),
            "{text}\n{change:?}"
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn yaml_keeps_its_layout() {
    check(
        Format::Yaml,
        &[
            (
                "a: 1 # one\nb: 2\n",
                set("/a", json!(5)),
                "a: 5 # one\nb: 2\n",
            ),
            (
                "a: 'x' # one\n",
                set("/a", json!("y: z")),
                "a: \"y: z\" # one\n",
            ),
            ("a:\nb: 2\n", set("/a", json!("x")), "a: x\nb: 2\n"),
            (
                "a: # later\nb: 2\n",
                set("/a", json!(1)),
                "a: 1 # later\nb: 2\n",
            ),
            (
                "a: |\n  two\n  lines\nb: 2\n",
                set("/a", json!("x")),
                "a: x\nb: 2\n",
            ),
            ("a:\n- 1\n- 2\nb: 2\n", set("/a", json!(1)), "a: 1\nb: 2\n"),
            ("a: !!str 12\n", set("/a", json!(1)), "a: 1\n"),
            (
                "a: 1 # one\n# two\n",
                set("/b", json!(2)),
                "a: 1 # one\nb: 2\n# two\n",
            ),
            ("a: 1", set("/b", json!(2)), "a: 1\nb: 2"),
            (
                "a: 1\r\nb:\r\n  c: 2\r\n",
                set("/b/d", json!(true)),
                "a: 1\r\nb:\r\n  c: 2\r\n  d: true\r\n",
            ),
            ("a: 1\n", set("/b/c", json!([1])), "a: 1\nb:\n  c: [1]\n"),
            ("a: 1\nb: ~\n", set("/b/c", json!(2)), "a: 1\nb:\n  c: 2\n"),
            (
                "l:\n  - x: 1\n    y: 2 # y\nz: 1\n",
                set("/l/0/w", json!(3)),
                "l:\n  - x: 1\n    y: 2 # y\n    w: 3\nz: 1\n",
            ),
            (
                "l:\n- x: 1\n",
                set("/l/1", json!({"x": 2, "y": [1]})),
                "l:\n- x: 1\n- x: 2\n  y: [1]\n",
            ),
            (
                "l:\n  - 1 # a\n  - 2\n",
                set("/l/2", json!(3)),
                "l:\n  - 1 # a\n  - 2\n  - 3\n",
            ),
            (
                "a: { b: 1 } # c\n",
                set("/a/d", json!(2)),
                "a: { b: 1, d: 2 } # c\n",
            ),
            ("a: {}\n", set("/a/d", json!(2)), "a: {d: 2}\n"),
            (
                "a: 1 # a\nb: 2 # b\nc: 3\n",
                remove("/b"),
                "a: 1 # a\nc: 3\n",
            ),
            ("a:\n  b: 1\nc: 3\n", remove("/a/b"), "a:\n  {}\nc: 3\n"),
            (
                "l:\n  - a: 1\n    b: 2\n",
                remove("/l/0/a"),
                "l:\n  - b: 2\n",
            ),
            (
                "l:\n  - a\n  - b # b\n  - c\n",
                remove("/l/1"),
                "l:\n  - a\n  - c\n",
            ),
            ("{a: 1, b: [1, 2]}\n", remove("/a"), "{b: [1, 2]}\n"),
            (
                "titel: x # t\n",
                rename("/titel", "title"),
                "title: x # t\n",
            ),
            ("a: 1\n", rename("/a", "12"), "\"12\": 1\n"),
        ],
    );
}

#[test]
fn json_keeps_its_layout() {
    check(
        Format::Json,
        &[
            (
                "{\"a\": 1, /* x */ \"b\": 2}",
                set("/b", json!("é\u{7f}")),
                "{\"a\": 1, /* x */ \"b\": \"é\\u007f\"}",
            ),
            (
                "{\n\t\"a\": 1 // one\n}\n",
                set("/b", json!({"c": null})),
                "{\n\t\"a\": 1, // one\n\t\"b\": {\"c\": null}\n}\n",
            ),
            (
                "{\n  \"a\": [\n    1,\n    2,\n  ],\n}\n",
                set("/a/2", json!(3)),
                "{\n  \"a\": [\n    1,\n    2,\n    3,\n  ],\n}\n",
            ),
            ("{\"a\": {}}", set("/a/b", json!(1)), "{\"a\": {\"b\": 1}}"),
            ("{\"a\": 1, \"b\": 2,}", remove("/b"), "{\"a\": 1,}"),
            ("{\"a\": 1}", remove("/a"), "{}"),
            ("{\"a\": [1, 2, 3]}", remove("/a/0"), "{\"a\": [2, 3]}"),
            (
                "{\"titel\": 1}",
                rename("/titel", "title"),
                "{\"title\": 1}",
            ),
        ],
    );
}

#[test]
fn toml_keeps_its_layout() {
    check(
        Format::Toml,
        &[
            ("a = 1 # one\n", set("/a", json!("x")), "a = \"x\" # one\n"),
            (
                "[a]\nb = 1 # b\n\n[c]\nd = 1\n",
                set("/a/e", json!([1, "x"])),
                "[a]\nb = 1 # b\ne = [1, \"x\"]\n\n[c]\nd = 1\n",
            ),
            (
                "# top\n[a]\nb = 1\n",
                set("/x", json!(1)),
                "# top\nx = 1\n[a]\nb = 1\n",
            ),
            ("a = 1\n", set("/b/c", json!(2)), "a = 1\n\n[b]\nc = 2\n"),
            (
                "[[f]]\na = 1\n",
                set("/f/1", json!({"a": 2})),
                "[[f]]\na = 1\n\n[[f]]\na = 2\n",
            ),
            (
                "[[f]]\na = 1\n[[f]]\na = 2\n",
                set("/f/0/b", json!(3)),
                "[[f]]\na = 1\nb = 3\n[[f]]\na = 2\n",
            ),
            (
                "a = { b = 1 }\n",
                set("/a/c", json!(2)),
                "a = { b = 1, c = 2 }\n",
            ),
            ("[a]\nb = 1\nc = 2\n", remove("/a/b"), "[a]\nc = 2\n"),
            (
                "[a]\nb = 1\n[a.c]\nd = 1\n[e]\nf = 1\n",
                remove("/a/c"),
                "[a]\nb = 1\n[e]\nf = 1\n",
            ),
            ("a = [1, 2]\n", remove("/a/1"), "a = [1]\n"),
            ("titel = 1\n", rename("/titel", "a b"), "\"a b\" = 1\n"),
        ],
    );
}

#[test]
fn what_stands_elsewhere_is_refused_and_not_spoilt() {
    let shared = "a: &x {b: 1}\nc: *x\n";
    assert_eq!(
        edited(shared, Format::Yaml, &set("/a/b", json!(2))),
        Err(EditError::Layout("a.b".to_owned()))
    );
    for change in [
        remove("/x"),
        remove("/a/b/c"),
        set("/a/b/c", json!(1)),
        rename("/x", "y"),
        remove(""),
    ] {
        let refused = edited(shared, Format::Yaml, &change);
        assert!(
            matches!(refused, Err(EditError::Absent(_))),
            "{change:?}: {refused:?}"
        );
    }
    let taken = edited("a: 1\nb: 2\n", Format::Yaml, &rename("/a", "b"));
    assert_eq!(taken, Err(EditError::Taken("b".to_owned())));
}

#[test]
fn several_changes_are_made_one_after_the_other() {
    let document = parse("a: 1\n", Format::Yaml);
    let changed = document
        .edited(&[set("/b/c", json!(1)), set("/b/d", json!(2)), remove("/a")])
        .unwrap();
    assert_eq!(changed.source().text(), "b:\n  c: 1\n  d: 2\n");
}

#[test]
fn names_and_values_that_are_there_are_written_at_once() {
    let document = parse("f:\n- a: 1 # one\n- {a: 2, b: x}\n- a: 3\n", Format::Yaml);
    let all = [
        rename("/f/0/a", "c"),
        rename("/f/1/a", "c"),
        set("/f/1/b", json!("y")),
        rename("/f/2/a", "c"),
    ];
    let at_once = document.edited_at_once(&all).unwrap();
    assert_eq!(
        at_once.source().text(),
        "f:\n- c: 1 # one\n- {c: 2, b: y}\n- c: 3\n"
    );
    // Changes of which one depends on another are not.
    for dependent in [
        [rename("/f/0/a", "c"), set("/f/0/c", json!(2))],
        [rename("/f/0/a", "c"), rename("/f/0/a", "d")],
        [set("/f/1", json!({ "d": 1 })), rename("/f/1/a", "c")],
        [set("/f/0/a", json!(2)), remove("/f/2")],
    ] {
        let at_once = document.edited_at_once(&dependent);
        assert!(at_once.is_none(), "{dependent:?}");
    }
}

#[test]
fn values_on_a_line_of_yaml_read_back_as_they_are() {
    for (value, written) in [
        (json!("lead"), "lead"),
        (json!("no"), "\"no\""),
        (json!("NO"), "\"NO\""),
        (json!("a: b"), "\"a: b\""),
        (json!("007"), "\"007\""),
        (json!("null"), "\"null\""),
        (json!("True"), "\"True\""),
        (json!(0.5), "0.5"),
        (json!(["a", "on"]), "[a, \"on\"]"),
    ] {
        assert_eq!(super::write_inline(Format::Yaml, &value), written);
    }
}

#[test]
fn what_a_reader_would_not_see_is_written_as_an_escape() {
    let hidden = "a\u{202e}\u{200b}\u{85}\u{2028}\u{feff}\u{1b}\u{7f}\u{e0041}b";
    let tag = [r"\U000e0041", r"\U000e0041", r"\udb40\udc41"];
    for (format, tag) in [Format::Yaml, Format::Toml, Format::Json]
        .into_iter()
        .zip(tag)
    {
        for value in [json!(hidden), json!([hidden]), json!({ "w": [hidden] })] {
            let text = super::write_inline(format, &value);
            assert!(text.contains(tag), "{text}");
            assert!(text.is_ascii(), "{text}");
            let name = write_name(format, "v");
            let whole = match format {
                Format::Yaml => format!("{name}: {text}\n"),
                Format::Toml => format!("{name} = {text}\n"),
                Format::Json => format!("{{{name}: {text}}}\n"),
            };
            assert_eq!(parse(&whole, format).value()["v"], value, "{whole}");
        }
    }
}

/// Every pointer into a value, below the root.
fn pointers(value: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let mut open = vec![(Pointer::root(), value)];
    while let Some((at, value)) = open.pop() {
        let below: Vec<(Pointer, &Value)> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (at.key(key), value))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(i, value)| (at.index(i), value))
                .collect(),
            _ => Vec::new(),
        };
        found.extend(below.iter().map(|(at, _)| at.clone()));
        open.extend(below);
    }
    found
}

fn changes(data: &Value, pick: usize, name: &str, value: &Value) -> Vec<Change> {
    let known = pointers(data);
    let at = known[pick % known.len()].clone();
    let parent = at.parent().unwrap();
    let mut all = vec![
        Change::Set(at.clone(), value.clone()),
        Change::Remove(at.clone()),
        Change::Set(Pointer::root().key(name), value.clone()),
    ];
    match parent.of(data) {
        Some(Value::Object(_)) => {
            all.push(Change::Set(parent.key(name), value.clone()));
            all.push(Change::Set(parent.key(name).key("below"), value.clone()));
            all.push(Change::Rename(at, name.to_owned()));
        }
        Some(Value::Array(items)) => {
            all.push(Change::Set(parent.index(items.len()), value.clone()));
        }
        _ => {}
    }
    all
}

fn check_law(
    data: &Value,
    layout: &Layout,
    format: Format,
    change: &Change,
) -> Result<(), TestCaseError> {
    let text = layout.write(format, data);
    let document = parse(&text, format);
    prop_assert!(same(document.value(), data), "{format}\n{text}");
    let mut expected = data.clone();
    let applied = change.apply(&mut expected);
    match document.edit(change) {
        Ok(fix) => {
            let edited = fix.apply(&text).unwrap();
            let read = parse(&edited, format);
            prop_assert!(
                same(read.value(), &expected),
                "{change:?}\n{text}\n---\n{edited}"
            );
            if matches!(change, Change::Set(..)) {
                let comments = |text: &str| text.matches("keep").count();
                let kept = comments(&edited)
                    + usize::from(
                        change
                            .pointer()
                            .of(data)
                            .is_some_and(|old| old.is_array() || old.is_object()),
                    ) * 100;
                prop_assert!(kept >= comments(&text), "{change:?}\n{text}\n---\n{edited}");
            }
        }
        // A file of TOML with nothing in it is no document.
        Err(_) if format == Format::Toml && expected == json!({}) => {}
        Err(EditError::Layout(_)) if format == Format::Toml => {
            // A table with headings can be anywhere in the file; only its lines are written.
            let old = change.pointer().of(data);
            let is_table = |value: &Value| {
                value.is_object()
                    || value
                        .as_array()
                        .is_some_and(|list| list.iter().any(Value::is_object))
            };
            let headed = old.is_some_and(is_table)
                || change
                    .pointer()
                    .steps()
                    .any(|step| step.parse::<usize>().is_ok());
            prop_assert!(headed, "{change:?}\n{text}");
        }
        Err(error) => prop_assert!(applied.is_err(), "{error}: {change:?}\n{text}"),
    }
    Ok(())
}

/// Changes made at once are those made one after the other, to the byte.
fn check_at_once(
    data: &Value,
    layout: &Layout,
    format: Format,
    changes: &[Change],
) -> Result<(), TestCaseError> {
    let text = layout.write(format, data);
    let document = parse(&text, format);
    let Some(at_once) = document.edited_at_once(changes) else {
        return Ok(());
    };
    let one_by_one = changes.iter().try_fold(document, |document, change| {
        document.edit_with(change).map(|(_, document)| document)
    });
    let one_by_one = one_by_one.unwrap();
    prop_assert_eq!(
        at_once.source().text(),
        one_by_one.source().text(),
        "{:?}\n{}",
        changes,
        text
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_edited_text_reads_as_the_edited_data(
        data in layouts::group(false),
        value in layouts::value(false),
        name in layouts::name(),
        pick in 0..1000_usize,
        layout in layouts::layout(),
    ) {
        for format in [Format::Yaml, Format::Json] {
            for change in changes(&data, pick, &name, &value) {
                check_law(&data, &layout, format, &change)?;
            }
        }
    }

    #[test]
    fn the_edited_toml_reads_as_the_edited_data(
        data in layouts::group(true),
        value in layouts::value(true),
        name in layouts::name(),
        pick in 0..1000_usize,
        layout in layouts::layout(),
    ) {
        for change in changes(&data, pick, &name, &value) {
            check_law(&data, &layout, Format::Toml, &change)?;
        }
    }

    #[test]
    fn changes_made_at_once_are_those_made_one_by_one(
        data in layouts::group(false),
        values in prop::collection::vec(layouts::value(false), 3),
        names in prop::collection::vec(layouts::name(), 3),
        picks in prop::collection::vec(0..1000_usize, 3),
        layout in layouts::layout(),
    ) {
        let known = pointers(&data);
        let of = picks.iter().map(|pick| known[pick % known.len()].clone());
        let of: Vec<Pointer> = of.collect();
        let named = of.iter().zip(&names).map(|(at, name)| Change::Rename(at.clone(), name.clone()));
        let named: Vec<Change> = named.collect();
        let valued = of.iter().zip(&values).map(|(at, value)| Change::Set(at.clone(), value.clone()));
        let valued: Vec<Change> = valued.collect();
        let mixed = [named[0].clone(), valued[1].clone(), named[2].clone()];
        for format in [Format::Yaml, Format::Json] {
            for changes in [&named[..], &valued[..], &mixed[..]] {
                check_at_once(&data, &layout, format, changes)?;
            }
        }
    }
}
