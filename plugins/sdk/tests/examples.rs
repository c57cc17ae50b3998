//! The plugins under `examples/plugins` build as their READMEs say, and work.

#![cfg(target_os = "linux")]
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    reason = "loads a library, and fails by panicking"
)]

use evenhand_plugin::abi::{self, Entry};
use evenhand_plugin::table::Table;
use evenhand_plugin::testing::{Harness, assert_lawful};
use serde_json::json;
use std::ffi::{CString, c_char, c_int, c_void};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Rust example as a module: its own tests run here too, and its symbol is in this program.
#[path = "../../../examples/plugins/word-count-rust/src/lib.rs"]
#[expect(
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    reason = "an author's own project, with lints of its own"
)]
mod word_count;

unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, symbol: *const c_char) -> *mut c_void;
}
const RTLD_NOW: c_int = 2;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/plugins")
        .join(name)
}

/// Copies the C example, builds it with the command of its README, and returns the library.
fn built() -> PathBuf {
    let source = example("tiny-c");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("tiny-c");
    fs::create_dir_all(&folder).unwrap();
    for name in ["tiny.c", "plugin.json"] {
        fs::copy(source.join(name), folder.join(name)).unwrap();
    }
    let readme = fs::read_to_string(source.join("README.md")).unwrap();
    let mut lines = readme.lines().skip_while(|line| !line.starts_with("```sh"));
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let command = lines
        .nth(1)
        .unwrap()
        .replace("../../../plugins/sdk/include", include.to_str().unwrap());
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    folder.join("libtiny.so")
}

#[test]
fn the_c_example_works() {
    let path = CString::new(built().to_str().unwrap()).unwrap();
    // SAFETY: our own library, without start-up code.
    let library = unsafe { dlopen(path.as_ptr(), RTLD_NOW) };
    let symbol = CString::new(abi::entry_symbol("tiny")).unwrap();
    // SAFETY: the library is open, and stays so.
    let entry = unsafe { dlsym(library, symbol.as_ptr()) };
    assert!(!entry.is_null());
    // SAFETY: the symbol is that of an entry function.
    let entry = unsafe { std::mem::transmute::<*mut c_void, Entry>(entry) };
    // SAFETY: it takes nothing and does no work.
    let raw = unsafe { entry() };
    // SAFETY: a static table of a library that is never closed.
    let table = unsafe { &*raw };
    // SAFETY: as above.
    let manifest = unsafe { Table::read(raw) }.unwrap().manifest;
    assert_eq!(
        manifest,
        fs::read_to_string(example("tiny-c/plugin.json")).unwrap()
    );
    let proposal = json!({"program": {"duration_years": 2.5, "id": "x"}});
    assert_lawful(table, &json!({}), std::slice::from_ref(&proposal));
    let mut tiny = Harness::new(table, &json!({})).unwrap();
    assert_eq!(tiny.call("months", &[2.5.into()]), Ok(30.0.into()));
    assert_eq!(
        tiny.call("months", &[1e308.into()]).unwrap_err().status,
        abi::STATUS_FAILED
    );
    assert_eq!(tiny.derive(&proposal).unwrap().facts["months"], json!(30));
    let unknown = tiny
        .derive(&json!({"program": {"duration_years": null}}))
        .unwrap();
    assert_eq!(unknown.missing["/months"], ["/program/duration_years"]);
}

#[test]
fn the_rust_example_is_lawful() {
    let proposal =
        json!({"program": {"title": "a b", "summary": "c"}, "motivation": {"statement": "d e f"}});
    assert_lawful(
        word_count::plugin_table(),
        &json!({"least_words": 2}),
        std::slice::from_ref(&proposal),
    );
    let mut plugin = Harness::new(word_count::plugin_table(), &json!({})).unwrap();
    assert_eq!(plugin.derive(&proposal).unwrap().facts["total"], json!(6));
}
