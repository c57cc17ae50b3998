//! Laws for any text, found by trying many.

use super::{ALL, Document, Format};
use crate::document::edit::same;
use evenhand_diagnostic::pointer::Pointer;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

/// Any name; one with an invisible character is refused.
fn any_name() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|name| name.replace(crate::schema::is_invisible, "_"))
}

/// Any value that JSON has and a proposal may have.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
        any::<f64>()
            .prop_filter_map("finite", Number::from_f64)
            .prop_map(Value::Number),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 40, 6, |below| {
        prop_oneof![
            prop::collection::vec(below.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any_name(), below, 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_object() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(any_name(), any_value(), 0..6)
        .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>()))
}

/// What the formats are made of.
const PIECES: &[&str] = &[
    "a",
    "b",
    "título",
    "日本",
    "1",
    "-",
    "- ",
    "0x",
    "1e9",
    ".inf",
    "nan",
    ": ",
    ":",
    " = ",
    "=",
    ".",
    ",",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u",
    "d800",
    "#",
    "# c\n",
    "//",
    "/*",
    "*/",
    "&x ",
    "*x",
    "!t ",
    "!!str ",
    "! ",
    "|",
    ">",
    "|-\n",
    "? ",
    "<<",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "%TAG ! x\n",
    "\n",
    "\n  ",
    "\n    ",
    "\r\n",
    "\r",
    "\t",
    " ",
    "true",
    "null",
    "~",
    "2024-05-01",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{f8ff}",
    "@",
    "`",
    "_",
    "+",
];

/// Text of such pieces, so that readers get far into it.
fn near_valid() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// All pointers of a value.
fn pointers(value: &Value) -> Vec<Pointer> {
    let mut open = vec![(Pointer::root(), value)];
    let mut all = Vec::new();
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(object) => {
                open.extend(object.iter().map(|(key, value)| (pointer.key(key), value)));
            }
            Value::Array(items) => {
                open.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(at, item)| (pointer.index(at), item)),
                );
            }
            _ => {}
        }
        all.push(pointer);
    }
    all
}

/// Whatever the text, there is a document with places inside the text, or there are problems with places.
fn check_sound(bytes: &[u8], format: Format) -> Result<(), TestCaseError> {
    match Document::parse("x", bytes, format) {
        Ok(document) => {
            prop_assert!(document.value().is_object());
            for pointer in pointers(document.value()) {
                let span = document.value_span(&pointer);
                let span = span.ok_or_else(|| TestCaseError::fail(format!("{pointer:?}")))?;
                prop_assert!(document.source().text().get(span).is_some(), "{pointer:?}");
            }
        }
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            for problem in &problems {
                prop_assert_eq!(problem.file.as_deref(), Some("x"));
                let span = problem.span.clone();
                prop_assert!(
                    span.is_none_or(|span| span.start <= span.end && span.end <= bytes.len())
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_bytes_panic_any_reader(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        for format in ALL {
            check_sound(&bytes, format)?;
        }
    }

    #[test]
    fn no_text_panics_any_reader(text in any::<String>()) {
        for format in ALL {
            check_sound(text.as_bytes(), format)?;
        }
    }

    #[test]
    fn no_nearly_valid_text_panics_any_reader(text in near_valid()) {
        for format in ALL {
            check_sound(text.as_bytes(), format)?;
        }
    }
}

proptest! {
    #[test]
    fn json_that_is_written_is_read_again_and_every_span_is_its_value(value in any_object(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        let document = Document::parse("x", text.as_bytes(), Format::Json)
            .map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        prop_assert!(same(document.value(), &value));
        for pointer in pointers(&value) {
            let slice = document.source().slice(document.value_span(&pointer).unwrap());
            let again: Value = serde_json::from_str(slice).unwrap();
            prop_assert_eq!(Some(&again), value.pointer(pointer.as_str()));
        }
    }

    #[test]
    fn toml_that_is_written_is_read_again(text in any_name(), number in -(1_i64 << 53)..=1 << 53, truth: bool) {
        let mut table = toml::Table::new();
        table.insert(text.clone(), toml::Value::Array(vec![number.into(), truth.into()]));
        table.insert(format!("{text}."), toml::Value::String(text.clone()));
        let written = toml::to_string(&table).unwrap();
        let document = Document::parse("x", written.as_bytes(), Format::Toml)
            .map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        let expected = serde_json::json!({ text.clone(): [number, truth], format!("{text}."): text });
        prop_assert_eq!(document.value(), &expected);
    }

    /// YAML 1.2 contains JSON, but for characters that YAML does not print.
    #[test]
    fn json_is_yaml(values in prop::collection::btree_map("[ -~ñ日]{0,12}", prop_oneof!["[ -~ñ日]{0,20}".prop_map(Value::String), any::<bool>().prop_map(Value::Bool), any::<i32>().prop_map(Value::from)], 0..6)) {
        let value = Value::Object(values.into_iter().collect());
        let text = serde_json::to_string_pretty(&value).unwrap();
        let document = Document::parse("x", text.as_bytes(), Format::Yaml)
            .map_err(|problems| TestCaseError::fail(format!("{text} {problems:?}")))?;
        prop_assert_eq!(document.value(), &value);
        for pointer in pointers(&value) {
            let slice = document.source().slice(document.value_span(&pointer).unwrap());
            let again: Value = serde_json::from_str(slice).unwrap();
            prop_assert_eq!(Some(&again), value.pointer(pointer.as_str()));
        }
    }
}
