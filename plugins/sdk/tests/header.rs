//! The C header says what the Rust definitions say: a C program compiled from it prints its sizes, offsets and constants.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use evenhand_plugin::abi::{self, Host, Payload, Plugin, Sink, Slice, Value};
use std::fmt::Write as _;
use std::fs;
use std::mem::offset_of;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A C expression and what it must be.
type Expectation = (String, u64);

/// Size of a struct and offset of each field, in C's and in Rust's words.
macro_rules! layout {
    ($c:literal, $rust:ty; $($c_field:literal = $($field:ident).+),+) => {
        [
            (format!("sizeof({})", $c), size_of::<$rust>() as u64),
            (concat!("offsetof(struct { char c; ", $c, " v; }, v)").to_owned(), align_of::<$rust>() as u64),
            $((format!("offsetof({}, {})", $c, $c_field), offset_of!($rust, $($field).+) as u64),)+
        ]
    };
}

fn structs() -> Vec<Expectation> {
    let mut all = Vec::new();
    all.extend(layout!("eh_slice", Slice; "ptr" = ptr, "len" = len));
    all.extend(layout!("eh_sink", Sink; "ctx" = ctx, "write" = write));
    all.extend(layout!("eh_value", Value;
        "tag" = tag, "reserved" = reserved, "u" = payload,
        "u.b" = payload.b, "u.i" = payload.i, "u.f" = payload.f, "u.s" = payload.s));
    all.push((
        "sizeof(((eh_value *)0)->u)".to_owned(),
        size_of::<Payload>() as u64,
    ));
    all.extend(layout!("eh_host", Host;
        "struct_size" = struct_size, "abi_major" = abi_major, "abi_minor" = abi_minor,
        "reserved" = reserved, "ctx" = ctx, "log" = log, "cancelled" = cancelled));
    all.extend(layout!("eh_plugin", Plugin;
        "magic" = magic, "abi_major" = abi_major, "abi_minor" = abi_minor,
        "struct_size" = struct_size, "manifest" = manifest,
        "create" = create, "destroy" = destroy, "call" = call, "run" = run));
    all
}

fn constants() -> Vec<Expectation> {
    let status = |value: i32| u32::try_from(value).unwrap();
    [
        ("EH_MAGIC", abi::MAGIC),
        ("EH_ABI_MAJOR", u32::from(abi::ABI_MAJOR)),
        ("EH_OK", status(abi::STATUS_OK)),
        ("EH_FAILED", status(abi::STATUS_FAILED)),
        ("EH_BAD_ARGS", status(abi::STATUS_BAD_ARGS)),
        ("EH_UNKNOWN", status(abi::STATUS_UNKNOWN)),
        ("EH_LIMIT", status(abi::STATUS_LIMIT)),
        ("EH_PANIC", status(abi::STATUS_PANIC)),
        ("EH_INTERNAL", status(abi::STATUS_INTERNAL)),
        ("EH_UNIT", abi::TAG_UNIT),
        ("EH_BOOL", abi::TAG_BOOL),
        ("EH_I64", abi::TAG_I64),
        ("EH_F64", abi::TAG_F64),
        ("EH_STR", abi::TAG_STR),
        ("EH_JSON", abi::TAG_JSON),
        ("EH_DERIVE", abi::OP_DERIVE),
        ("EH_ASSESS", abi::OP_ASSESS),
        ("EH_LOG_ERROR", abi::LOG_ERROR),
        ("EH_LOG_WARN", abi::LOG_WARN),
        ("EH_LOG_INFO", abi::LOG_INFO),
        ("EH_LOG_DEBUG", abi::LOG_DEBUG),
    ]
    .map(|(name, value)| (name.to_owned(), u64::from(value)))
    .into()
}

fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include")
}

/// Compiles a program that includes `header` and prints each expression, and returns its lines.
fn printed(header: &Path, expectations: &[Expectation]) -> Vec<u64> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let stem = format!("layout-{}", header.file_stem().unwrap().display());
    let (source, program) = (folder.join(format!("{stem}.c")), folder.join(&stem));
    let mut text = format!(
        "#include \"{}\"\n#include <stdio.h>\nint main(void) {{\n",
        header.display()
    );
    for (expression, _) in expectations {
        writeln!(
            text,
            "printf(\"%llu\\n\", (unsigned long long)({expression}));"
        )
        .unwrap();
    }
    text.push_str("return 0; }\n");
    fs::write(&source, text).unwrap();
    let strict = [
        "-std=c99",
        "-pedantic-errors",
        "-Wall",
        "-Wextra",
        "-Werror",
    ];
    let compiled = Command::new("cc")
        .args(strict)
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .output()
        .unwrap();
    assert!(
        compiled.status.success(),
        "{}",
        String::from_utf8_lossy(&compiled.stderr)
    );
    let output = Command::new(&program).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.parse().unwrap()).collect()
}

fn check(header: &Path, minor: u16) {
    let minor = ("EH_ABI_MINOR".to_owned(), u64::from(minor));
    let expected: Vec<Expectation> = [structs(), constants(), vec![minor]].concat();
    let found = printed(header, &expected);
    assert_eq!(found.len(), expected.len());
    for ((expression, expected), found) in expected.into_iter().zip(found) {
        assert_eq!(found, expected, "{expression} in {}", header.display());
    }
}

#[test]
fn header_and_rust_agree() {
    check(&include().join("evenhand_plugin.h"), abi::ABI_MINOR);
}

#[test]
fn the_frozen_header_still_agrees() {
    check(&include().join("frozen/evenhand_plugin_1_0.h"), 0);
}

#[test]
fn every_constant_of_the_header_is_compared() {
    let text = fs::read_to_string(include().join("evenhand_plugin.h")).unwrap();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let helpers = ["EH_EXPORT", "EH_TEXT", "EH_HAS", "EH_ABI_MINOR"];
    let in_header: Vec<&str> = words
        .filter(|word| word.starts_with("EH_") && !helpers.contains(word))
        .collect();
    assert!(in_header.contains(&"EH_MAGIC"), "the header was read");
    let compared = constants();
    for constant in in_header {
        assert!(
            compared.iter().any(|(name, _)| name == constant),
            "{constant} is not compared"
        );
    }
}
