//! Reads the table behind an entry symbol: everything is checked before anything is called.

#![expect(
    unsafe_code,
    reason = "the table comes from another compiler as a raw pointer"
)]

use crate::abi::{self, Call, Create, Destroy, Run};
use std::fmt;
use std::str;

/// A checked copy of a plugin's table; only [`Table::read`] makes one.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Table {
    /// The contract the plugin was built for, major and minor.
    pub abi: (u16, u16),
    /// The manifest inside the plugin: UTF-8, not yet parsed.
    pub manifest: &'static str,
    /// Makes an instance.
    pub create: Create,
    /// Ends an instance.
    pub destroy: Destroy,
    /// Calls a function, where there are any.
    pub call: Option<Call>,
    /// Runs an operation, where there are any.
    pub run: Option<Run>,
}

/// The beginning of every table of every version.
#[repr(C)]
struct Head {
    magic: u32,
    abi_major: u16,
    abi_minor: u16,
    struct_size: u64,
}

/// Why a table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableError {
    /// The entry gave a null pointer.
    Null,
    /// The entry gave a pointer that cannot be that of a table.
    Misaligned,
    /// The first four bytes are not [`abi::MAGIC`].
    Magic {
        /// What they are.
        found: u32,
    },
    /// The plugin was built for another major version of the contract.
    Major {
        /// The plugin's major version.
        found: u16,
        /// The plugin's minor version.
        minor: u16,
    },
    /// The table is shorter than the first version of it.
    Short {
        /// The plugin's `struct_size`.
        found: u64,
    },
    /// The manifest's pointer is null, or its length impossible.
    NoManifest,
    /// The manifest is not UTF-8.
    ManifestNotText {
        /// Offset of the first wrong byte.
        at: usize,
    },
    /// A function that every plugin needs is null.
    NoFunction {
        /// `create` or `destroy`.
        name: &'static str,
    },
}

impl Table {
    /// Checks and copies the table at `raw`.
    ///
    /// The first 16 bytes are looked at alone, so that a table of another version or length is never read beyond its end.
    ///
    /// # Safety
    ///
    /// `raw` is null, or what an entry function returned: readable for 16 bytes, and, where its magic and major version are
    /// ours, for its `struct_size`; manifest and functions stay as they are for the life of the process.
    pub unsafe fn read(raw: *const abi::Plugin) -> Result<Self, TableError> {
        if raw.is_null() {
            return Err(TableError::Null);
        }
        if !raw.is_aligned() {
            return Err(TableError::Misaligned);
        }
        // SAFETY: not null, aligned; the caller promises the first 16 bytes.
        let head = unsafe { raw.cast::<Head>().read() };
        if head.magic != abi::MAGIC {
            return Err(TableError::Magic { found: head.magic });
        }
        let (found, minor) = (head.abi_major, head.abi_minor);
        if found != abi::ABI_MAJOR {
            return Err(TableError::Major { found, minor });
        }
        if head.struct_size < abi::PLUGIN_SIZE_1_0 as u64 {
            return Err(TableError::Short {
                found: head.struct_size,
            });
        }
        // SAFETY: the table is at least as long as ours; fields that a later version adds are not looked at.
        let table = unsafe { raw.read() };
        Ok(Self {
            abi: (found, minor),
            // SAFETY: the caller promises that the manifest is static.
            manifest: unsafe { manifest(table.manifest) }?,
            create: table
                .create
                .ok_or(TableError::NoFunction { name: "create" })?,
            destroy: table
                .destroy
                .ok_or(TableError::NoFunction { name: "destroy" })?,
            call: table.call,
            run: table.run,
        })
    }
}

/// # Safety
///
/// A non-null slice is readable for the life of the process.
unsafe fn manifest(slice: abi::Slice) -> Result<&'static str, TableError> {
    // SAFETY: the caller's promise.
    match unsafe { slice.bytes() } {
        None | Some([]) => Err(TableError::NoManifest),
        Some(bytes) => str::from_utf8(bytes).map_err(|error| TableError::ManifestNotText {
            at: error.valid_up_to(),
        }),
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = (abi::ABI_MAJOR, abi::ABI_MINOR);
        match self {
            Self::Null => write!(f, "its entry function returned no table"),
            Self::Misaligned => write!(
                f,
                "its entry function returned an address that cannot be a table"
            ),
            Self::Magic { found } => write!(
                f,
                "it is not an Evenhand plugin: its table begins with {found:#010x} instead of {:#010x}",
                abi::MAGIC
            ),
            Self::Major {
                found,
                minor: theirs,
            } => {
                let advice = if *found > major {
                    "update Evenhand"
                } else {
                    "rebuild the plugin with a current SDK"
                };
                write!(
                    f,
                    "it was built for ABI {found}.{theirs}, this host speaks {major}.{minor}: {advice}"
                )
            }
            Self::Short { found } => write!(
                f,
                "its table has {found} bytes where ABI {major}.0 has {}: the plugin must set `struct_size` to the size of the whole table",
                abi::PLUGIN_SIZE_1_0
            ),
            Self::NoManifest => write!(f, "its table holds no manifest"),
            Self::ManifestNotText { at } => {
                write!(f, "its manifest is not UTF-8 from byte {at} on")
            }
            Self::NoFunction { name } => write!(f, "its table has no `{name}` function"),
        }
    }
}

impl std::error::Error for TableError {}
