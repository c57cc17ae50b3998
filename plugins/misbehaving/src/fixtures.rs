//! For tests of hosts: finds the built library, compiles the C twins, and lays each out as a plugin is installed.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};

/// A C library that misbehaves while it is loaded, in its table, or in its answers. Its source is `c/<name>.c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Twin {
    /// Name of the source without `.c`.
    pub name: &'static str,
    /// What the compiler is told beyond the usual.
    pub flags: &'static [&'static str],
}

/// All twins.
pub const TWINS: &[Twin] = &[
    twin("well"),
    twin("plain_entry"),
    twin("later_minor"),
    twin("no_entry"),
    twin("load_socket"),
    twin("load_file"),
    twin("load_fork"),
    twin("load_environment"),
    twin("load_crash"),
    twin("load_loop"),
    twin("load_exit"),
    twin("load_inherits"),
    twin("load_greets"),
    twin("load_waits"),
    twin("load_opens"),
    twin("exit_handler"),
    twin("x87_mode"),
    twin("mxcsr_mode"),
    twin("closes"),
    twin("load_signals"),
    twin("undefined_symbol"),
    twin("visible_helper"),
    Twin {
        name: "evil_rpath",
        flags: &["-Wl,-rpath,/opt/evil"],
    },
    Twin {
        name: "needs_library",
        flags: &["-Wl,--no-as-needed", "-lresolv"],
    },
    Twin {
        name: "fast_math",
        flags: &["-ffast-math"],
    },
    twin("wrong_magic"),
    twin("wrong_abi"),
    twin("old_abi"),
    twin("short_table"),
    twin("null_table"),
    twin("null_create"),
    twin("null_call"),
    twin("null_run"),
    twin("manifest_null"),
    twin("manifest_not_utf8"),
    twin("manifest_not_json"),
    twin("manifest_differs"),
    twin("nan_answer"),
    twin("type_lie"),
    twin("counter"),
    twin("address"),
    twin("leak"),
    twin("unchecked_args"),
    twin("shared_state"),
    twin("time_zone"),
    twin("half_refusal"),
    twin("slow_answer"),
    twin("loose_answer"),
];

const fn twin(name: &'static str) -> Twin {
    Twin { name, flags: &[] }
}

/// The id that all twins share; their symbol is `evenhand_twin_v1`.
pub const TWIN_ID: &str = "twin";

/// Compiles a twin into `folder/<name>/libtwin.so`, with `plugin.json` beside it, and returns the library's path.
///
/// `define` is a string that the source knows as `TARGET`: the file that `load_file` makes.
pub fn build(name: &str, folder: &Path, define: &str) -> io::Result<PathBuf> {
    let unknown = || {
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("there is no twin `{name}`"),
        )
    };
    let twin = TWINS
        .iter()
        .find(|twin| twin.name == name)
        .ok_or_else(unknown)?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    put(&folder.join("plugin.json"), |new| {
        fs::copy(here.join("c/plugin.json"), new).map(drop)
    })?;
    let library = folder.join("libtwin.so");
    put(&library, |new| {
        let output = Command::new("cc")
            .args([
                "-std=gnu99",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-shared",
                "-fPIC",
            ])
            .args(["-fvisibility=hidden", "-I"])
            .arg(here.join("../sdk/include"))
            .arg(format!("-DTARGET=\"{define}\""))
            .arg(here.join("c").join(name).with_extension("c"))
            .args(twin.flags)
            .arg("-o")
            .arg(new)
            .output()?;
        let message = String::from_utf8_lossy(&output.stderr);
        let failed = || io::Error::other(format!("`{name}` does not compile: {message}"));
        output.status.success().then_some(()).ok_or_else(failed)
    })?;
    Ok(library)
}

/// Makes a file under another name and moves it into place: another test may be loading it.
fn put(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let new = path.with_extension(format!("new-{}-{count}", process::id()));
    make(&new)?;
    fs::rename(new, path)
}

/// The Rust library of this crate, as built for the test that asks.
pub fn library() -> io::Result<PathBuf> {
    let name = format!(
        "{}evenhand_plugin_misbehaving{}",
        env::consts::DLL_PREFIX,
        env::consts::DLL_SUFFIX
    );
    let test = env::current_exe()?;
    let found = test
        .ancestors()
        .skip(1)
        .take(2)
        .flat_map(|folder| [folder.join(&name), folder.join("deps").join(&name)])
        .find(|path| path.is_file());
    found.ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("`{name}` is not beside the test"),
        )
    })
}

/// Puts the Rust library and its manifest into `folder`, and returns the library's path there.
pub fn install(folder: &Path) -> io::Result<PathBuf> {
    let library = library()?;
    let copy = folder.join(library.file_name().unwrap_or(OsStr::new("library")));
    fs::create_dir_all(folder)?;
    put(&copy, |new| fs::copy(&library, new).map(drop))?;
    put(&folder.join("plugin.json"), |new| {
        fs::write(new, crate::MANIFEST)
    })?;
    Ok(copy)
}
