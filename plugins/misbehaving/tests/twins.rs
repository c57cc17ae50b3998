//! Every twin compiles, and is wrong in the way it says. What misbehaves while it is loaded is loaded by a process of its own.

#![cfg(target_os = "linux")]
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    reason = "loads libraries, and fails by panicking"
)]

use evenhand_plugin::abi::{self, Entry};
use evenhand_plugin::table::{Table, TableError};
use evenhand_plugin::testing::{Harness, abi_host};
use evenhand_plugin_misbehaving::fixtures::{self, TWIN_ID, TWINS};
use serde_json::json;
use std::env;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

unsafe extern "C" {
    fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, symbol: *const c_char) -> *mut c_void;
    fn dlerror() -> *const c_char;
}
const RTLD_NOW: c_int = 2;

fn built(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("twins");
    let target = folder.join("made-by-load_file");
    fixtures::build(name, &folder, target.to_str().unwrap()).unwrap()
}

fn open(library: &Path) -> Result<*mut c_void, String> {
    let path = CString::new(library.to_str().unwrap()).unwrap();
    // SAFETY: whatever its start-up code does is what the test is about.
    let opened = unsafe { dlopen(path.as_ptr(), RTLD_NOW) };
    if opened.is_null() {
        // SAFETY: after a failure there is a message.
        let message = unsafe { dlerror() };
        // SAFETY: it is a C string.
        return Err(unsafe { CStr::from_ptr(message) }
            .to_string_lossy()
            .into_owned());
    }
    Ok(opened)
}

fn table(name: &str, symbol: &str) -> Option<Result<Table, TableError>> {
    let library = open(&built(name)).unwrap();
    let symbol = CString::new(symbol).unwrap();
    // SAFETY: the library is open and stays so.
    let entry = unsafe { dlsym(library, symbol.as_ptr()) };
    if entry.is_null() {
        return None;
    }
    // SAFETY: every twin's entry has this type.
    let entry = unsafe { std::mem::transmute::<*mut c_void, Entry>(entry) };
    // SAFETY: it does no work.
    let raw = unsafe { entry() };
    // SAFETY: as wrong as the twin makes it, but as long as it says.
    Some(unsafe { Table::read(raw) })
}

fn read(name: &str) -> Result<Table, TableError> {
    table(name, &abi::entry_symbol(TWIN_ID)).unwrap()
}

fn plugin(name: &str) -> Harness {
    Harness::with_host(read(name).unwrap(), &json!({}), abi_host()).unwrap()
}

/// The child's part: loads one twin, and says that it is still there.
#[test]
#[ignore = "run by another test as a process of its own"]
fn child() {
    let name = env::var("EVENHAND_TWIN").unwrap();
    let mut plugin = plugin(&name);
    eprintln!("LOADED {:?}", plugin.call("at_load", &[]));
}

fn loading(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--ignored", "--exact", "child", "--nocapture"])
        .env("EVENHAND_TWIN", name);
    command
}

/// What `at_load` says in a process of its own.
fn at_load(name: &str) -> i64 {
    let output = loading(name).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let number = text
        .split_once("LOADED Ok(Integer(")
        .unwrap()
        .1
        .split_once(')')
        .unwrap()
        .0;
    number.parse().unwrap()
}

#[test]
fn the_well_behaved_ones_work() {
    let mut well = plugin("well");
    assert_eq!(well.call("twice", &[21.into()]), Ok(42.into()));
    assert_eq!(well.call("half", &[5.0.into()]), Ok(2.5.into()));
    assert_eq!(well.call("echo", &["Wanjirũ".into()]), Ok("Wanjirũ".into()));
    assert_eq!(well.call("at_load", &[]), Ok(0.into()));
    assert_eq!(
        well.call("twice", &[1.5.into()]).unwrap_err().status,
        abi::STATUS_BAD_ARGS
    );
    assert_eq!(well.derive(&json!({})).unwrap().facts["seen"], json!(true));
    assert_eq!(
        plugin("later_minor").call("twice", &[2.into()]),
        Ok(4.into())
    );
    assert_eq!(read("later_minor").unwrap().abi, (1, 7));
    assert!(table("plain_entry", &abi::entry_symbol(TWIN_ID)).is_none());
    assert!(table("plain_entry", abi::PLAIN_ENTRY).unwrap().is_ok());
    for symbol in [abi::PLAIN_ENTRY, &abi::entry_symbol(TWIN_ID)] {
        assert!(table("no_entry", symbol).is_none());
    }
}

#[test]
fn the_manifest_in_the_header_is_the_file() {
    let file = include_str!("../c/plugin.json");
    assert_eq!(read("well").unwrap().manifest, file);
    assert_eq!(
        fs::read_to_string(built("well").with_file_name("plugin.json")).unwrap(),
        file
    );
    let differs = read("manifest_differs").unwrap().manifest;
    assert!(differs.contains("\"reads\": [\"\"]") && differs != file);
    assert!(serde_json::from_str::<serde_json::Value>(differs).is_ok());
    assert!(
        serde_json::from_str::<serde_json::Value>(read("manifest_not_json").unwrap().manifest)
            .is_err()
    );
}

#[test]
fn wrong_tables_are_refused() {
    assert_eq!(
        read("wrong_magic").unwrap_err(),
        TableError::Magic { found: 0x4556_4831 }
    );
    assert_eq!(
        read("wrong_abi").unwrap_err(),
        TableError::Major { found: 2, minor: 0 }
    );
    assert_eq!(
        read("old_abi").unwrap_err(),
        TableError::Major { found: 0, minor: 0 }
    );
    assert_eq!(
        read("short_table").unwrap_err(),
        TableError::Short { found: 16 }
    );
    assert_eq!(read("null_table").unwrap_err(), TableError::Null);
    assert_eq!(
        read("null_create").unwrap_err(),
        TableError::NoFunction { name: "create" }
    );
    assert_eq!(read("manifest_null").unwrap_err(), TableError::NoManifest);
    assert_eq!(
        read("manifest_not_utf8").unwrap_err(),
        TableError::ManifestNotText { at: 11 }
    );
    assert!(read("null_call").unwrap().call.is_none());
    assert!(read("null_run").unwrap().run.is_none());
}

#[test]
fn start_up_code_runs_before_any_check() {
    let made = built("load_file")
        .parent()
        .unwrap()
        .with_file_name("made-by-load_file");
    if made.exists() {
        fs::remove_file(&made).unwrap();
    }
    assert!(at_load("load_file") > 0);
    assert!(made.is_file());
    assert!(at_load("load_socket") > 0);
    assert!(at_load("load_fork") > 0);
    assert!(at_load("load_environment") > 0);
    assert_eq!(
        loading("load_crash").output().unwrap().status.signal(),
        Some(11)
    );
    let exited = loading("load_exit").output().unwrap();
    assert_eq!(exited.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&exited.stderr).contains("LOADED"));
    built("load_loop");
    let mut looping = loading("load_loop").stdout(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_secs(1));
    assert_eq!(looping.try_wait().unwrap(), None);
    looping.kill().unwrap();
    looping.wait().unwrap();
}

#[test]
fn the_floating_point_mode_is_changed() {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    assert_eq!(at_load("fast_math"), 1);
}

#[test]
fn the_linker_leaves_its_marks() {
    let error = open(&built("undefined_symbol")).unwrap_err();
    assert!(
        error.contains("evenhand_function_that_is_nowhere"),
        "{error}"
    );
    let holds = |name: &str, text: &str| {
        let bytes = fs::read(built(name)).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("evil_rpath", "/opt/evil") && !holds("well", "/opt/evil"));
    assert!(holds("needs_library", "libresolv.so") && !holds("well", "libresolv.so"));
    let library = open(&built("visible_helper")).unwrap();
    // SAFETY: the library is open and stays so.
    assert!(!unsafe { dlsym(library, c"helper".as_ptr()) }.is_null());
}

#[test]
fn wrong_answers_are_wrong() {
    let message = plugin("nan_answer")
        .call("half", &[1.0.into()])
        .unwrap_err()
        .message;
    assert!(message.contains("not a finite number"), "{message}");
    let message = plugin("type_lie")
        .call("twice", &[1.into()])
        .unwrap_err()
        .message;
    assert!(
        message.contains("gave f64, the manifest declares i64"),
        "{message}"
    );
    let mut counter = plugin("counter");
    assert_ne!(
        counter.call("twice", &[1.into()]),
        counter.call("twice", &[1.into()])
    );
    assert_ne!(plugin("address").call("twice", &[1.into()]), Ok(2.into()));
    let mut unchecked = plugin("unchecked_args");
    for args in [vec![], vec![1.5.into()], vec![1.into(), 2.into()]] {
        assert!(unchecked.call("twice", &args).is_ok(), "{args:?}");
    }
    assert!(unchecked.call_index(99, &[]).is_ok());
    // Right as long as nobody asks at the same time, from elsewhere, or refuses in the middle.
    for name in [
        "shared_state",
        "half_refusal",
        "slow_answer",
        "loose_answer",
    ] {
        let mut plugin = plugin(name);
        assert_eq!(plugin.call("twice", &[4.into()]), Ok(8.into()), "{name}");
        assert_eq!(
            plugin.call("echo", &["ab".into()]),
            Ok("ab".into()),
            "{name}"
        );
    }
    assert!(plugin("time_zone").call("twice", &[4.into()]).is_ok());
}

#[test]
fn memory_is_lost() {
    let resident = || -> usize {
        let pages = fs::read_to_string("/proc/self/statm").unwrap();
        pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4
    };
    let mut plugin = plugin("leak");
    let before = resident();
    for _ in 0..20_000 {
        plugin.call("twice", &[1.into()]).unwrap();
    }
    assert!(
        resident() > before + 10_000,
        "{before} kB before, {} kB after",
        resident()
    );
}

#[test]
fn every_twin_is_listed() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(here.join("c"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "c"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    files.sort_unstable();
    let mut listed: Vec<&str> = TWINS.iter().map(|twin| twin.name).collect();
    listed.sort_unstable();
    assert_eq!(files, listed);
    let readme = include_str!("../README.md");
    let (_, readme) = readme.split_once("## Twins in C").unwrap();
    for name in listed {
        assert!(
            readme.contains(&format!("| `{name}` ")),
            "the README says nothing of `{name}`"
        );
    }
}

#[test]
fn the_library_can_be_installed() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("installed");
    let library = fixtures::install(&folder).unwrap();
    let opened = open(&library).unwrap();
    let symbol = CString::new(abi::entry_symbol("misbehaving")).unwrap();
    // SAFETY: the library is open and stays so.
    assert!(!unsafe { dlsym(opened, symbol.as_ptr()) }.is_null());
    assert!(folder.join("plugin.json").is_file());
}
