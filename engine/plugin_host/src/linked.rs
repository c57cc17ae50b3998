//! Links a library and checks everything in it before anything of it is called.

use crate::error::Refusal;
use crate::float;
use crate::image::Image;
use crate::instance::{Instance, Log};
use crate::{system, values};
use evenhand_contract::abi;
use evenhand_contract::plugin::Manifest;
use evenhand_contract::table::Table;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
#[cfg(windows)]
use libloading::os::windows::Library;

/// Whether a plugin from a file was linked into this process.
static LINKED: AtomicBool = AtomicBool::new(false);

/// Ends this process with `code` where plugins from files were linked into it: what they left to be done at its end is not
/// done, so they can neither hang it nor change its code. Returns where there are none. Output must have been flushed.
pub fn leave(code: u8) {
    if LINKED.load(Ordering::Acquire) {
        system::end(code);
    }
}

/// Links the library at `image` and reads its table. It is never unloaded: its code may be in use until the process ends.
pub(crate) fn link(image: Image, id: &str) -> Result<Table, Refusal> {
    let before = float::mode();
    LINKED.store(true, Ordering::Release);
    let library = open(&image).map_err(|error| Refusal::Link {
        message: said(&error),
    })?;
    image.keep();
    let library = ManuallyDrop::new(library);
    let after = float::mode();
    if after != before {
        float::restore(before);
        let when = "loading it".to_owned();
        return Err(Refusal::FloatMode {
            when,
            before,
            after,
        });
    }
    let named = abi::entry_symbol(id);
    let entry = symbol(&library, &named).or_else(|| symbol(&library, abi::PLAIN_ENTRY));
    let Some(entry) = entry else {
        let plain = abi::PLAIN_ENTRY.to_owned();
        return Err(Refusal::NoEntry { named, plain });
    };
    // SAFETY: a symbol of this name is, by the contract, a function of this type that does no work.
    let raw = unsafe { entry() };
    // SAFETY: what an entry function returned; the library is never unloaded.
    let table = unsafe { Table::read(raw) };
    table.map_err(|error| Refusal::Table {
        message: error.to_string(),
    })
}

/// Checks a table against the manifest that was read beside it.
pub(crate) fn check(table: &Table, manifest: &Manifest, beside: &str) -> Result<(), Refusal> {
    let inside = table.manifest.as_bytes();
    if inside != beside.as_bytes() {
        let same = inside
            .iter()
            .zip(beside.as_bytes())
            .take_while(|(a, b)| a == b)
            .count();
        return Err(Refusal::OtherManifest {
            inside: inside.len(),
            beside: beside.len(),
            at: same,
        });
    }
    // A later minor version only adds to the end of the table, which is not looked at.
    let named = crate::manifest::abi(manifest);
    if named.is_none_or(|(major, minor)| major != table.abi.0 || minor > table.abi.1) {
        return Err(Refusal::OtherAbi {
            manifest: manifest.abi.clone(),
            table: table.abi,
        });
    }
    let lacks = |what: &str, function: &str| {
        Err(Refusal::NoFunction {
            what: what.to_owned(),
            function: function.to_owned(),
        })
    };
    if table.call.is_none() && !manifest.functions.is_empty() {
        return lacks("functions", "call");
    }
    let provides = manifest.provides.get("properties").is_some();
    if table.run.is_none() && (provides || !manifest.rules.is_empty()) {
        return lacks(if provides { "facts" } else { "rules" }, "run");
    }
    Ok(())
}

/// Makes an instance of a checked table.
pub(crate) fn start(
    table: Table,
    settings: String,
    log: Log,
    text: usize,
) -> Result<Instance, Refusal> {
    Instance::create(table, settings, log, text).map_err(|reply| {
        let message = if reply.float_mode {
            "it switched the processor to another floating-point mode".to_owned()
        } else if reply.status == abi::STATUS_OK {
            "`create` reported success without an instance".to_owned()
        } else {
            let said = values::printable(&reply.bytes);
            if said.is_empty() {
                format!("`create` ended with status {}", reply.status)
            } else {
                said
            }
        };
        Refusal::Create { message }
    })
}

#[cfg(unix)]
fn open(image: &Image) -> Result<Library, libloading::Error> {
    // Links now, so that a missing symbol is an error here and not the end of the process in the middle of a call.
    // SAFETY: runs the library's constructors; the caller decided to, in a fenced worker or because a person trusts it.
    unsafe { Library::open(Some(&image.path), RTLD_NOW | RTLD_LOCAL) }
}

#[cfg(windows)]
fn open(image: &Image) -> Result<Library, libloading::Error> {
    // SAFETY: as above.
    unsafe {
        Library::load_with_flags(
            &image.path,
            libloading::os::windows::LOAD_LIBRARY_SEARCH_SYSTEM32,
        )
    }
}

fn symbol(library: &Library, name: &str) -> Option<abi::Entry> {
    // SAFETY: by the contract a symbol of this name has this type; nothing is called here.
    unsafe { library.get::<abi::Entry>(name.as_bytes()) }
        .ok()
        .map(|symbol| *symbol)
}

/// The loader's words are in the source of the error.
fn said(error: &libloading::Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    values::printable(cause.unwrap_or_else(|| error.to_string()).as_bytes())
}
