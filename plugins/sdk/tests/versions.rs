//! Plugins and hosts of other versions: what is shorter or longer than ours works, what is something else is refused in words.

#![expect(
    unsafe_code,
    clippy::unwrap_used,
    reason = "plays hosts and plugins of other versions"
)]

use evenhand_plugin::abi::{self, Host, Plugin as RawPlugin, Slice};
use evenhand_plugin::table::{Table, TableError};
use evenhand_plugin::testing::{Harness, abi_host};
use evenhand_plugin::{Derived, Error, Level, Plugin, Value, log, plugin_table};
use serde_json::json;
use std::mem::offset_of;
use std::ptr;

#[derive(Debug)]
struct Logger;

impl Plugin for Logger {
    fn create(_: &Value) -> Result<Self, Error> {
        Ok(Self)
    }

    fn derive(&mut self, _: &Value) -> Result<Derived, Error> {
        log(Level::Info, "deriving");
        Ok(Derived::new())
    }
}

plugin_table! { Logger, manifest = br#"{"id": "logger"}"#; }

fn read(table: *const RawPlugin) -> Result<Table, TableError> {
    // SAFETY: every test gives a table that is as long as it says.
    unsafe { Table::read(table) }
}

/// A table as a later minor version would have it.
#[repr(C)]
struct Later {
    table: RawPlugin,
    more: [u64; 3],
}

#[test]
fn a_longer_table_works() {
    let table = RawPlugin {
        abi_minor: 9,
        struct_size: size_of::<Later>() as u64,
        ..*plugin_table()
    };
    let later: &'static Later = Box::leak(Box::new(Later {
        table,
        more: [u64::MAX; 3],
    }));
    let read = read(&raw const later.table).unwrap();
    assert_eq!((read.abi, later.more[0]), ((1, 9), u64::MAX));
    let mut plugin = Harness::with_host(read, &json!({}), abi_host()).unwrap();
    assert_eq!(plugin.derive(&json!({})), Ok(Derived::new()));
}

#[test]
fn a_shorter_table_is_refused_without_reading_beyond_it() {
    #[repr(C, align(8))]
    struct Head {
        magic: u32,
        major: u16,
        minor: u16,
        size: u64,
    }
    let head = Box::new(Head {
        magic: abi::MAGIC,
        major: 1,
        minor: 0,
        size: 16,
    });
    assert_eq!((head.magic, head.major, head.minor), (abi::MAGIC, 1, 0));
    let error = read(ptr::from_ref(&*head).cast()).unwrap_err();
    assert_eq!(error, TableError::Short { found: head.size });
    assert!(
        error.to_string().contains("16 bytes where ABI 1.0 has 64"),
        "{error}"
    );
}

#[test]
fn what_is_not_ours_is_refused_with_both_versions() {
    let check = |change: fn(&mut RawPlugin), words: &str| {
        let mut table = *plugin_table();
        change(&mut table);
        let error = read(&raw const table).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    };
    check(
        |table| table.magic = abi::MAGIC.swap_bytes(),
        "begins with 0x45564831 instead of 0x31485645",
    );
    check(
        |table| table.abi_major = 2,
        "built for ABI 2.0, this host speaks 1.0: update Evenhand",
    );
    check(
        |table| table.abi_major = 0,
        "built for ABI 0.0, this host speaks 1.0: rebuild the plugin",
    );
    check(|table| table.struct_size = 63, "63 bytes");
    check(|table| table.manifest = Slice::EMPTY, "no manifest");
    check(|table| table.manifest.ptr = ptr::null(), "no manifest");
    check(
        |table| table.manifest = Slice::lend(b"{\xff}"),
        "not UTF-8 from byte 1 on",
    );
    check(|table| table.create = None, "no `create`");
    check(|table| table.destroy = None, "no `destroy`");
    assert_eq!(read(ptr::null()).unwrap_err(), TableError::Null);
    let odd = ptr::from_ref(plugin_table()).wrapping_byte_add(1);
    assert_eq!(read(odd).unwrap_err(), TableError::Misaligned);
}

#[test]
fn a_plugin_without_functions_or_operations_is_one() {
    let table = RawPlugin {
        call: None,
        run: None,
        ..*plugin_table()
    };
    let mut plugin =
        Harness::with_host(read(&raw const table).unwrap(), &json!({}), abi_host()).unwrap();
    assert_eq!(
        plugin.derive(&json!({})).unwrap_err().status,
        abi::STATUS_UNKNOWN
    );
    assert!(plugin.call_index(0, &[]).is_err());
}

/// What the plugin logs when its host says it is so long, and speaks that ABI.
fn logged_with(table: Table, host: Host) -> Vec<(u32, String)> {
    let mut plugin = Harness::with_host(table, &json!({}), host).unwrap();
    plugin.derive(&json!({})).unwrap();
    plugin.logged()
}

fn hosts_of_every_length(table: Table) {
    let heard = [(abi::LOG_INFO, "deriving".to_owned())];
    let host = |struct_size: usize| Host {
        struct_size: struct_size as u64,
        ..abi_host()
    };
    assert_eq!(logged_with(table, host(size_of::<Host>())), heard);
    assert_eq!(
        logged_with(table, host(size_of::<Host>() + 64)),
        heard,
        "a later host"
    );
    assert_eq!(
        logged_with(table, host(offset_of!(Host, cancelled))),
        heard,
        "ends after `log`"
    );
    assert_eq!(
        logged_with(table, host(offset_of!(Host, log))),
        [],
        "ends before `log`"
    );
    assert_eq!(
        logged_with(table, host(offset_of!(Host, log) + 4)),
        [],
        "ends in the middle of `log`"
    );
    assert_eq!(
        logged_with(
            table,
            Host {
                log: None,
                ..abi_host()
            }
        ),
        [],
        "has none"
    );
    assert_eq!(
        logged_with(
            table,
            Host {
                abi_minor: 9,
                ..abi_host()
            }
        ),
        heard
    );
    let other = Harness::with_host(
        table,
        &json!({}),
        Host {
            abi_major: 2,
            ..abi_host()
        },
    );
    assert_eq!(other.unwrap_err().status, abi::STATUS_FAILED);
}

#[test]
fn a_rust_plugin_works_with_hosts_of_every_length() {
    hosts_of_every_length(read(plugin_table()).unwrap());
}

#[cfg(unix)]
mod compiled {
    use super::{hosts_of_every_length, read};
    use evenhand_plugin::abi::{self, Entry};
    use evenhand_plugin::table::Table;
    use evenhand_plugin::testing::{Harness, abi_host};
    use serde_json::json;
    use std::ffi::{CStr, CString, c_char, c_int, c_void};
    use std::path::{Path, PathBuf};
    use std::process::Command;

    unsafe extern "C" {
        fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
        fn dlsym(library: *mut c_void, symbol: *const c_char) -> *mut c_void;
    }
    const RTLD_NOW: c_int = 2;

    fn load(source: &str, include: &str, symbol: &CStr) -> Table {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let library = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{source}.so"));
        let compiled = Command::new("cc")
            .args([
                "-std=c99",
                "-pedantic-errors",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-O2",
            ])
            .args(["-shared", "-fPIC", "-fvisibility=hidden", "-I"])
            .arg(here.join(include))
            .arg(here.join("tests/plugins").join(source))
            .arg("-o")
            .arg(&library)
            .output()
            .unwrap();
        assert!(
            compiled.status.success(),
            "{}",
            String::from_utf8_lossy(&compiled.stderr)
        );
        let path = CString::new(library.to_str().unwrap()).unwrap();
        // SAFETY: our own library, without start code.
        let library = unsafe { dlopen(path.as_ptr(), RTLD_NOW) };
        assert!(!library.is_null());
        // SAFETY: the library is open, and stays so.
        let entry = unsafe { dlsym(library, symbol.as_ptr()) };
        assert!(!entry.is_null());
        // SAFETY: the symbol is that of an entry function.
        let entry = unsafe { std::mem::transmute::<*mut c_void, Entry>(entry) };
        // SAFETY: it takes nothing and does no work.
        read(unsafe { entry() }).unwrap()
    }

    #[test]
    fn a_plugin_of_the_frozen_header_works() {
        let table = load("first.c", "include/frozen", c"evenhand_first_v1");
        hosts_of_every_length(table);
        let mut plugin = Harness::with_host(table, &json!({}), abi_host()).unwrap();
        assert_eq!(plugin.call("twice", &[21.into()]), Ok(42.into()));
        assert_eq!(
            plugin.call("echo", &["Wanjirũ".into()]),
            Ok("Wanjirũ".into())
        );
        assert_eq!(
            plugin.call("twice", &[]).unwrap_err().status,
            abi::STATUS_BAD_ARGS
        );
        assert_eq!(
            plugin.derive(&json!({"weeks": 1})).unwrap().facts["seen"],
            json!(true)
        );
    }
}
