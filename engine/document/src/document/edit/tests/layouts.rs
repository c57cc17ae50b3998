//! Data, and odd ways of laying it out.

use crate::document::Format;
use crate::document::edit::scalar::{quoted, write_inline, write_name};
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::cell::Cell;

/// Names that need quotes here and there.
pub(super) fn name() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-z]{1,3}",
        1 => prop_oneof![Just("true"), Just("12"), Just("a: b"), Just("ñ"), Just("x y"), Just("#"), Just("- a"), Just("~")].prop_map(str::to_owned),
    ]
    .boxed()
}

fn scalar(no_null: bool) -> BoxedStrategy<Value> {
    let texts = prop_oneof![
        "[a-z]{0,4}",
        prop_oneof![
            Just("yes"),
            Just("true"),
            Just("# no"),
            Just("a: b"),
            Just("two\nlines"),
            Just("it's \"so\""),
            Just("12"),
            Just(" edge "),
            Just("日本, 中"),
            Just("{x}"),
            Just("")
        ]
        .prop_map(str::to_owned),
    ];
    let known = prop_oneof![
        texts.prop_map(Value::String),
        any::<bool>().prop_map(Value::Bool),
        (-1000..1000_i64).prop_map(Value::from),
        (-8..8_i32).prop_map(|n| Value::from(f64::from(n) / 4.0 + 0.1)),
    ];
    if no_null {
        known.boxed()
    } else {
        prop_oneof![5 => known, 1 => Just(Value::Null)].boxed()
    }
}

pub(super) fn value(no_null: bool) -> BoxedStrategy<Value> {
    scalar(no_null)
        .prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map(name(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
        .boxed()
}

pub(super) fn group(no_null: bool) -> BoxedStrategy<Value> {
    prop::collection::btree_map(name(), value(no_null), 1..5)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
        .boxed()
}

/// A way of writing, as choices that are used one after the other.
#[derive(Debug)]
pub(super) struct Layout {
    choices: Vec<u8>,
    at: Cell<usize>,
}

pub(super) fn layout() -> impl Strategy<Value = Layout> {
    prop::collection::vec(any::<u8>(), 1..24).prop_map(|choices| Layout {
        choices,
        at: Cell::new(0),
    })
}

impl Layout {
    fn choose(&self, of: u8) -> u8 {
        let at = self.at.get();
        self.at.set(at + 1);
        self.choices[at % self.choices.len()]
            .wrapping_add(u8::try_from(at / self.choices.len() % 7).unwrap())
            % of
    }

    pub(super) fn write(&self, format: Format, data: &Value) -> String {
        self.at.set(0);
        let crlf = self.choose(4) == 0;
        let text = match format {
            Format::Yaml => self.yaml_document(data),
            Format::Json => format!(
                "{}{}",
                self.flow(Format::Json, data, 0),
                ["", "\n", " // keep"][usize::from(self.choose(3))]
            ),
            Format::Toml => self.toml(data),
        };
        if crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    }

    fn comment(&self) -> &'static str {
        ["", "", " # keep", "  # keep: [x]"][usize::from(self.choose(4))]
    }

    fn yaml_document(&self, data: &Value) -> String {
        let mut text = ["", "# keep\n", "---\n"][usize::from(self.choose(3))].to_owned();
        if self.choose(6) == 0 || data.as_object().unwrap().is_empty() {
            text.push_str(&self.flow(Format::Yaml, data, 0));
            text.push('\n');
        } else {
            text.push_str(&self.block(data, 0));
        }
        if self.choose(3) == 0 {
            text.truncate(text.trim_end_matches('\n').len());
        }
        text
    }

    /// Lines that begin with the indentation.
    fn block(&self, value: &Value, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let mut text = String::new();
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let blank = ["", "", "\n", "# keep\n"][usize::from(self.choose(4))];
                    text.push_str(&format!(
                        "{blank}{pad}{}:{}",
                        write_name(Format::Yaml, key),
                        self.after(value, indent, false)
                    ));
                }
            }
            Value::Array(items) => {
                for item in items {
                    text.push_str(&format!("{pad}-{}", self.after(item, indent, true)));
                }
            }
            _ => unreachable!(),
        }
        text
    }

    fn after(&self, value: &Value, indent: usize, in_list: bool) -> String {
        let filled = match value {
            Value::Object(map) => !map.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if filled && self.choose(3) != 0 {
            let same_column = value.is_array() && !in_list && self.choose(2) == 0;
            let step = if same_column {
                0
            } else {
                1 + usize::from(self.choose(4))
            };
            let block = self.block(value, indent + step);
            if in_list
                && step > 1
                && value.is_object()
                && self.choose(2) == 0
                && !block.starts_with(['\n', '#'])
            {
                // The first name beside the dash.
                return format!(
                    "{}{}",
                    " ".repeat(step - 1),
                    block.get(indent + step..).unwrap()
                );
            }
            return format!("{}\n{block}", self.comment());
        }
        let text = match value {
            Value::Null if self.choose(2) == 0 => return format!("{}\n", self.comment()),
            Value::String(text)
                if !text.is_empty() && self.choose(3) == 0 && text.trim() == text =>
            {
                let pad = " ".repeat(indent + 2);
                return format!(" |-\n{pad}{}\n", text.replace('\n', &format!("\n{pad}")));
            }
            Value::String(text) if self.choose(2) == 0 && !text.contains('\n') => {
                format!("'{}'", text.replace('\'', "''"))
            }
            other if filled => self.flow(Format::Yaml, other, indent),
            other => write_inline(Format::Yaml, other),
        };
        format!(" {text}{}\n", self.comment())
    }

    /// In brackets, on one line or several.
    fn flow(&self, format: Format, value: &Value, indent: usize) -> String {
        let (open, close, entries): (_, _, Vec<String>) = match value {
            Value::Object(map) => (
                '{',
                '}',
                map.iter()
                    .map(|(key, value)| {
                        format!(
                            "{}:{}{}",
                            if format == Format::Json {
                                quoted(key)
                            } else {
                                write_name(format, key)
                            },
                            [" ", "  "][usize::from(self.choose(2))],
                            self.flow(format, value, indent + 2)
                        )
                    })
                    .collect(),
            ),
            Value::Array(items) => (
                '[',
                ']',
                items
                    .iter()
                    .map(|item| self.flow(format, item, indent + 2))
                    .collect(),
            ),
            other => return write_inline(format, other),
        };
        if entries.is_empty() {
            return format!("{open}{}{close}", ["", " "][usize::from(self.choose(2))]);
        }
        let trailing = if self.choose(3) == 0 { "," } else { "" };
        if self.choose(2) == 0 {
            let pad = format!("\n{}", " ".repeat(indent + 2));
            let note = match (format, self.choose(3)) {
                (Format::Json, 0) => " // keep",
                (Format::Yaml, 0) => " # keep",
                _ => "",
            };
            let end = if format == Format::Yaml {
                format!("\n{}", " ".repeat(indent + 1))
            } else {
                format!("\n{}", " ".repeat(indent))
            };
            return format!(
                "{open}{pad}{}{trailing}{note}{end}{close}",
                entries.join(&format!(",{note}{pad}"))
            );
        }
        let blank = ["", " "][usize::from(self.choose(2))];
        format!(
            "{open}{blank}{}{trailing}{blank}{close}",
            entries.join(", ")
        )
    }

    fn toml(&self, data: &Value) -> String {
        let mut text = ["", "# keep\n\n"][usize::from(self.choose(2))].to_owned();
        self.table(data.as_object().unwrap(), "", &mut text);
        text
    }

    fn table(&self, map: &Map<String, Value>, path: &str, text: &mut String) {
        let headed = |value: &Value| match value {
            Value::Object(_) => 1,
            Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => 2,
            _ => 0,
        };
        let mut later = Vec::new();
        for (key, value) in map {
            let name = write_name(Format::Toml, key);
            let kind = if self.choose(3) == 0 {
                0
            } else {
                headed(value)
            };
            if kind == 0 {
                let pad = ["", "  "][usize::from(self.choose(2))];
                let inline = self.toml_inline(value);
                text.push_str(&format!(
                    "{pad}{name}{}{inline}{}\n",
                    [" = ", "="][usize::from(self.choose(2))],
                    self.comment()
                ));
            } else {
                let below = if path.is_empty() {
                    name
                } else {
                    format!("{path}.{name}")
                };
                later.push((below, value, kind));
            }
        }
        for (path, value, kind) in later {
            if kind == 1 {
                text.push_str(&format!("\n[{path}]{}\n", self.comment()));
                self.table(value.as_object().unwrap(), &path, text);
            } else {
                for item in value.as_array().unwrap() {
                    text.push_str(&format!("\n[[{path}]]\n"));
                    self.table(item.as_object().unwrap(), &path, text);
                }
            }
        }
    }

    fn toml_inline(&self, value: &Value) -> String {
        match value {
            Value::Array(items) if !items.is_empty() && self.choose(2) == 0 => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| write_inline(Format::Toml, item))
                    .collect();
                format!(
                    "[\n  {}{}\n]",
                    items.join(",\n  "),
                    [",", ", # keep"][usize::from(self.choose(2))]
                )
            }
            Value::String(text) if !text.contains(['\'', '\n']) && self.choose(2) == 0 => {
                format!("'{text}'")
            }
            other => write_inline(Format::Toml, other),
        }
    }
}
