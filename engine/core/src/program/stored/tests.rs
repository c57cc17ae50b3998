//! What is written is read as it was; what was cut short or changed is refused, or made ready from the script.

use super::write::Writer;
use super::{Around, Stored};
use crate::program::code::Program;
use crate::rule::compiler::{Compiler, Script};
use crate::schema::{self, Schema};
use crate::source::Source;
use std::cell::RefCell;

const SCHEMA: &str = r#"{ "type": "object", "properties": {
  "weeks": { "type": "number" }, "kind": { "enum": ["a", "b"] }, "names": { "type": "array", "items": { "type": "string" } },
  "flows": { "type": "array", "items": { "type": "object", "properties": { "weeks": { "type": "number" } } } } } }"#;

const LIBRARY: &str = "fn long(flow) { flow.weeks > 4 }";

/// A script with everything that the language has.
const SCRIPT: &str = r#"fn applies(program, param) { !(program.weeks in [1, 2]) || program.kind != "a" && true }
fn check(program, param) {
    let list = [["x", 1], ["y", -2.5]];
    let total = -program.weeks % 3 + list[-1][1] * 2 / 4 - 1;
    for flow in program.flows { if long(flow) { break; } else { continue; } }
    total += 1;
    let table = #{ "a": 1, "b": () };
    table["c"] = 2;
    list.push(["z", 3]);
    list.sort(|x, y| x[1] - y[1]);
    let least = param.least;
    let found = program.flows.filter(|flow| flow.weeks >= least).len();
    if program.has("names") && program.get_or("weeks", 3) <= 5 { return met(`so {found} ${found}`, #{ found: found }); }
    let km = great_circle_km("FRA", "NBO");
    switch program.kind { "a" if km < 2 => met("x"), "b" => partly(0.5, "y"), _ => { switch found { 4 => met("s"), 1..3 => met("r"), _ => unmet("t") } } }
}
fn remedy(program, param) { [set("weeks", 3)] }
"#;

fn read_schema() -> Schema {
    let source = crate::document::Document::parse(
        "schema.json",
        SCHEMA.as_bytes(),
        crate::document::Format::Json,
    );
    schema::parse(&source.unwrap()).unwrap()
}

fn compiled(compiler: &mut Compiler) -> (Script, Vec<u8>) {
    let library = Source::new("lib/all.rhai", LIBRARY);
    compiler.add_library("lib/all.rhai", &library).unwrap();
    let script = compiler.rule(Source::new("a/b.rhai", SCRIPT)).unwrap();
    let schema = read_schema();
    let named = RefCell::new(Vec::new());
    let plugins = |name: &str| {
        named.borrow_mut().push(name.to_owned());
        Some((0, named.borrow().len() - 1))
    };
    let program = compiler.program(&script, &schema, &plugins).unwrap();
    let mut writer = Writer::default();
    writer.library("long", "lib/all.rhai");
    assert!(writer.add("a/b", None, &script.source, program, &named.borrow()));
    let bytes = writer.into_bytes();
    (script, bytes)
}

fn read(bytes: &[u8], plugin: Option<(usize, usize)>) -> Option<Program> {
    let stored = Stored::from_bytes(bytes.to_vec().leak()).program("a/b")?;
    let schema = read_schema();
    let around = Around {
        schema: &schema,
        plugins: &|name| plugin.filter(|_| name == "great_circle_km"),
        file: &|path| Some(Source::new(path.to_owned(), LIBRARY)),
    };
    stored.read(&around, &Source::new("a/b.rhai", SCRIPT))
}

#[test]
fn a_program_is_read_as_it_was_written() {
    let mut compiler = Compiler::new();
    let (script, bytes) = compiled(&mut compiler);
    let schema = read_schema();
    let again = compiler.rule(script.source).unwrap();
    let program = compiler.program(&again, &schema, &|_| Some((3, 5)));
    let program = program.unwrap().with_places();
    assert!(program.contains("Plugin(3, 5"), "{program}");
    let found = read(&bytes, Some((3, 5))).unwrap();
    assert_eq!(found.with_places(), program);
}

#[test]
fn what_does_not_fit_is_not_read() {
    let (_, bytes) = compiled(&mut Compiler::new());
    assert!(read(&bytes, None).is_none(), "the plugin is not there");
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length], Some((0, 0))).is_none(), "{length}");
    }
    // Any byte changed: no panic, whatever is read.
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x55;
        drop(read(&changed, Some((0, 0))));
    }
    assert!(
        Stored::from_bytes(b"something else")
            .program("a/b")
            .is_none()
    );
}
