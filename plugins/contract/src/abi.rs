//! The binary contract, version 1: what `include/evenhand_plugin.h` says, in Rust.
//!
//! Everything that crosses between host and plugin is one of these `repr(C)` types. A test compiles the header and compares
//! sizes, offsets and constants with the ones here. Additions go to the end of [`Plugin`] or [`Host`] and raise [`ABI_MINOR`];
//! anything else is a new entry symbol.

#![expect(
    unsafe_code,
    reason = "the C border: raw slices, a union and a table shared between threads"
)]

use std::ffi::c_void;
use std::fmt;
use std::slice;

/// First four bytes of a plugin's table: `EVH1`. A wrong byte order fails here.
pub const MAGIC: u32 = 0x3148_5645;
/// Version of the contract that must be equal on both sides. It is part of the entry symbol.
pub const ABI_MAJOR: u16 = 1;
/// Version of the contract that only adds to the end of [`Plugin`] and [`Host`].
pub const ABI_MINOR: u16 = 0;

/// Bytes of [`Plugin`] in version 1.0: less than this is not a table.
pub const PLUGIN_SIZE_1_0: usize = 64;
/// Bytes of [`Host`] in version 1.0.
pub const HOST_SIZE_1_0: usize = 40;

/// The entry symbol a library may export instead of the one named after its id.
pub const PLAIN_ENTRY: &str = "evenhand_plugin_v1";

/// The entry symbol of the plugin `id`: `country-facts` gives `evenhand_country_facts_v1`.
///
/// The id in the symbol lets several plugins be linked into one binary. A host looks for this one first, then for
/// [`PLAIN_ENTRY`].
pub fn entry_symbol(id: &str) -> String {
    format!("evenhand_{}_v{ABI_MAJOR}", id.replace('-', "_"))
}

/// The exported function: it does no work, and its answer is good for the life of the process.
pub type Entry = unsafe extern "C" fn() -> *const Plugin;

/// How a call ended: one of the `STATUS_` constants.
pub type Status = i32;

/// The answer is in the sink or in the returned value.
pub const STATUS_OK: Status = 0;
/// The plugin could not answer; the sink holds a sentence on why.
pub const STATUS_FAILED: Status = 1;
/// Wrong number or type of arguments, or a document that cannot be read.
pub const STATUS_BAD_ARGS: Status = 2;
/// The plugin has no such function or operation.
pub const STATUS_UNKNOWN: Status = 3;
/// The sink refused the answer because it is too long, or the plugin stopped at a limit of its own.
pub const STATUS_LIMIT: Status = 4;
/// The plugin's code panicked now or earlier; the instance answers nothing any more.
pub const STATUS_PANIC: Status = 5;
/// The contract was broken, for example by a null pointer.
pub const STATUS_INTERNAL: Status = 6;

/// Tag of a [`Value`]: nothing.
pub const TAG_UNIT: u32 = 0;
/// Tag of a [`Value`]: a truth value in `b`, 0 or 1.
pub const TAG_BOOL: u32 = 1;
/// Tag of a [`Value`]: a whole number in `i`.
pub const TAG_I64: u32 = 2;
/// Tag of a [`Value`]: a finite number in `f`.
pub const TAG_F64: u32 = 3;
/// Tag of a [`Value`]: text in `s`, or in the sink when it is an answer.
pub const TAG_STR: u32 = 4;
/// Tag of a [`Value`]: JSON text in `s`, or in the sink when it is an answer.
pub const TAG_JSON: u32 = 5;

/// Operation of [`Plugin::run`]: compute derived facts from the proposal.
pub const OP_DERIVE: u32 = 1;
/// Operation of [`Plugin::run`]: judge the proposal by the plugin's own rules.
pub const OP_ASSESS: u32 = 2;

/// Level of [`Host::log`]: something went wrong.
pub const LOG_ERROR: u32 = 1;
/// Level of [`Host::log`]: something looks wrong.
pub const LOG_WARN: u32 = 2;
/// Level of [`Host::log`]: worth knowing.
pub const LOG_INFO: u32 = 3;
/// Level of [`Host::log`]: for whoever looks for a mistake.
pub const LOG_DEBUG: u32 = 4;

/// Bytes lent for the length of a call: UTF-8, not ended by a NUL. An empty one may have a null pointer.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Slice {
    /// The first byte.
    pub ptr: *const u8,
    /// How many bytes.
    pub len: usize,
}

impl Slice {
    /// No bytes.
    pub const EMPTY: Self = Self {
        ptr: std::ptr::null(),
        len: 0,
    };

    /// Lends `bytes`; the caller keeps them alive for as long as the slice is used.
    pub const fn lend(bytes: &[u8]) -> Self {
        Self {
            ptr: bytes.as_ptr(),
            len: bytes.len(),
        }
    }

    /// The bytes, or `None` where pointer and length cannot belong together.
    ///
    /// # Safety
    ///
    /// A non-null `ptr` must be readable for `len` bytes, unchanged, for all of `'a`.
    pub const unsafe fn bytes<'a>(self) -> Option<&'a [u8]> {
        if self.len == 0 {
            return Some(&[]);
        }
        if self.ptr.is_null() || self.len > isize::MAX as usize {
            return None;
        }
        // SAFETY: not null, length checked; the rest is the caller's promise.
        Some(unsafe { slice::from_raw_parts(self.ptr, self.len) })
    }
}

impl fmt::Debug for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slice({} bytes)", self.len)
    }
}

/// Where answers go. The host copies at once and may refuse.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Sink {
    /// Handed back to `write`.
    pub ctx: *mut c_void,
    /// Takes some bytes of the answer; anything but 0 means: stop, and return [`STATUS_LIMIT`].
    pub write: Option<unsafe extern "C" fn(ctx: *mut c_void, ptr: *const u8, len: usize) -> i32>,
}

/// A flat value: an argument, or the answer of a function.
///
/// Text given as an argument is lent for the call. Text given as an answer goes to the sink: the plugin sets only the tag,
/// and the host does not read `payload.s`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Value {
    /// One of the `TAG_` constants; it says which field of `payload` counts.
    pub tag: u32,
    /// 0.
    pub reserved: u32,
    /// The value itself.
    pub payload: Payload,
}

/// The inside of a [`Value`].
#[repr(C)]
#[derive(Clone, Copy)]
pub union Payload {
    /// For [`TAG_BOOL`]: 0 or 1.
    pub b: u8,
    /// For [`TAG_I64`].
    pub i: i64,
    /// For [`TAG_F64`].
    pub f: f64,
    /// For [`TAG_STR`] and [`TAG_JSON`].
    pub s: Slice,
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payload") // which field counts is known only to the `Value` around it
    }
}

impl Value {
    /// Nothing.
    pub const UNIT: Self = Self::of(TAG_UNIT);

    /// A value of the type `tag` whose payload is all zero: an answer whose text is in the sink.
    pub const fn of(tag: u32) -> Self {
        Self {
            tag,
            reserved: 0,
            payload: Payload { s: Slice::EMPTY },
        }
    }

    /// A truth value.
    pub const fn bool(value: bool) -> Self {
        let mut made = Self::of(TAG_BOOL);
        made.payload.b = value as u8;
        made
    }

    /// A whole number.
    pub const fn i64(value: i64) -> Self {
        let mut made = Self::of(TAG_I64);
        made.payload.i = value;
        made
    }

    /// A number.
    pub const fn f64(value: f64) -> Self {
        let mut made = Self::of(TAG_F64);
        made.payload.f = value;
        made
    }

    /// Lends text; the caller keeps it alive for as long as the value is used.
    pub const fn str(value: &str) -> Self {
        let mut made = Self::of(TAG_STR);
        made.payload.s = Slice::lend(value.as_bytes());
        made
    }

    /// Lends JSON text; the caller keeps it alive for as long as the value is used.
    pub const fn json(value: &str) -> Self {
        let mut made = Self::str(value);
        made.tag = TAG_JSON;
        made
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value(tag {})", self.tag)
    }
}

/// What the host offers a plugin. It outlives every instance made with it.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// Bytes of this struct as the host was compiled; a field beyond it counts as null.
    pub struct_size: u64,
    /// The host's [`ABI_MAJOR`].
    pub abi_major: u16,
    /// The host's [`ABI_MINOR`].
    pub abi_minor: u16,
    /// 0.
    pub reserved: u32,
    /// Handed back to the functions below.
    pub ctx: *mut c_void,
    /// Notes a message at one of the `LOG_` levels; may be null.
    pub log: Option<unsafe extern "C" fn(ctx: *mut c_void, level: u32, message: Slice)>,
    /// Not 0 when the answer is no longer wanted; may be null. To be asked in long computations.
    pub cancelled: Option<unsafe extern "C" fn(ctx: *mut c_void) -> i32>,
}

/// A running plugin, known only to the plugin itself.
#[repr(C)]
#[derive(Debug)]
pub struct Instance {
    _opaque: [u8; 0],
}

/// Makes an instance: settings as a JSON object in, the instance to `out`, a message to `err` on failure.
pub type Create = unsafe extern "C" fn(
    host: *const Host,
    settings: Slice,
    out: *mut *mut Instance,
    err: *const Sink,
) -> Status;
/// Ends an instance.
pub type Destroy = unsafe extern "C" fn(instance: *mut Instance);
/// Calls the function at an index of the manifest's list.
pub type Call = unsafe extern "C" fn(
    instance: *mut Instance,
    function: u32,
    args: *const Value,
    count: usize,
    answer: *mut Value,
    out: *const Sink,
) -> Status;
/// Runs one of the `OP_` operations on a JSON document.
pub type Run = unsafe extern "C" fn(
    instance: *mut Instance,
    operation: u32,
    input: Slice,
    out: *const Sink,
) -> Status;

/// The table behind the entry symbol.
///
/// A table from somewhere else is read with [`Table::read`](crate::table::Table::read), which checks what must be checked
/// before a reference to it may exist.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct Plugin {
    /// [`MAGIC`].
    pub magic: u32,
    /// The plugin's [`ABI_MAJOR`].
    pub abi_major: u16,
    /// The plugin's [`ABI_MINOR`].
    pub abi_minor: u16,
    /// Bytes of this struct as the plugin was compiled; a field beyond it counts as null.
    pub struct_size: u64,
    /// The manifest, static, byte for byte the `plugin.json` beside the library.
    pub manifest: Slice,
    /// Makes an instance.
    pub create: Option<Create>,
    /// Ends an instance.
    pub destroy: Option<Destroy>,
    /// Calls a function; null where the manifest declares none.
    pub call: Option<Call>,
    /// Runs an operation; null where the plugin neither derives nor assesses.
    pub run: Option<Run>,
}

// SAFETY: a table is never written after it was made, and its manifest and functions are static.
unsafe impl Sync for Plugin {}
// SAFETY: as above; nothing in it belongs to a thread.
unsafe impl Send for Plugin {}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Slice>() == 16 && size_of::<Sink>() == 16);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Value>() == 24 && align_of::<Value>() == 8);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Host>() == HOST_SIZE_1_0 && size_of::<Plugin>() == PLUGIN_SIZE_1_0);
