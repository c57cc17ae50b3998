//! What a library file says of itself, read without running it.

use crate::error::LoadError;
use object::elf;
use object::read::elf::{ElfFile64, ProgramHeader as _};
use object::{Endianness, Object as _, ObjectKind, read};
use std::path::Path;

/// Beginnings of the names of libraries that a plugin may need: the C library, the compiler's own and the loader.
pub(crate) const ALLOWED: [&str; 8] = [
    "libc.so.",
    "libm.so.",
    "libgcc_s.so.",
    "ld-linux",
    "libpthread.so.",
    "libdl.so.",
    "librt.so.",
    "/usr/lib/libSystem.",
];

/// What stands in a library file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// Libraries it needs, in order.
    pub(crate) needed: Vec<String>,
    /// Symbols it offers, sorted.
    pub(crate) exports: Vec<String>,
    /// What it does at load time that is refused, with what to do.
    pub(crate) refused: Vec<(String, &'static str)>,
}

impl Facts {
    /// The needed libraries that are not allowed.
    pub(crate) fn foreign(&self) -> Vec<String> {
        let allowed = |name: &str| ALLOWED.iter().any(|start| name.starts_with(start));
        self.needed
            .iter()
            .filter(|name| !allowed(name))
            .cloned()
            .collect()
    }
}

/// Reads the library `bytes` of the file `path`, which is only named in errors.
pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Facts, LoadError> {
    let wrong = |problem: String| LoadError::NotALibrary {
        path: path.to_path_buf(),
        problem,
    };
    let file = object::File::parse(bytes).map_err(|error| wrong(error.to_string()))?;
    if !native(file.architecture()) {
        let problem = format!(
            "it is for {:?} processors, this one is {}",
            file.architecture(),
            std::env::consts::ARCH
        );
        return Err(wrong(problem));
    }
    if file.kind() != ObjectKind::Dynamic {
        return Err(wrong(format!(
            "it is not a shared library ({:?})",
            file.kind()
        )));
    }
    let mut facts = match &file {
        object::File::Elf64(file) if cfg!(target_os = "linux") => {
            elf_facts(bytes, file).map_err(wrong)?
        }
        object::File::MachO64(file) if cfg!(target_os = "macos") => {
            needed(file).map_err(|error| wrong(error.to_string()))?
        }
        object::File::Pe64(file) if cfg!(windows) => {
            needed(file).map_err(|error| wrong(error.to_string()))?
        }
        _ => {
            return Err(wrong(format!(
                "{:?} files are not for {}",
                file.format(),
                std::env::consts::OS
            )));
        }
    };
    for export in file.exports().map_err(|error| wrong(error.to_string()))? {
        let export = export.map_err(|error| wrong(error.to_string()))?;
        let object::NameOrOrdinal::Name(name) = export.name() else {
            continue;
        };
        let name = String::from_utf8_lossy(name).into_owned();
        // Mach-O puts an underscore before every C name.
        facts.exports.push(match name.strip_prefix('_') {
            Some(rest) if cfg!(target_os = "macos") => rest.to_owned(),
            _ => name,
        });
    }
    facts.exports.sort();
    facts.exports.dedup();
    Ok(facts)
}

fn native(architecture: object::Architecture) -> bool {
    use object::Architecture as A;
    match architecture {
        A::X86_64 => cfg!(target_arch = "x86_64"),
        A::Aarch64 => cfg!(target_arch = "aarch64"),
        A::Riscv64 => cfg!(target_arch = "riscv64"),
        _ => false,
    }
}

fn needed<'data>(file: &impl read::Object<'data>) -> read::Result<Facts> {
    let mut facts = Facts::default();
    for import in file.imports()? {
        let library = String::from_utf8_lossy(import?.library()).into_owned();
        if !library.is_empty() && !facts.needed.contains(&library) {
            facts.needed.push(library);
        }
    }
    Ok(facts)
}

/// Entries of the dynamic table decide what else the loader opens.
///
/// The loader finds the table through the program headers and reads it where it is mapped; section headers, which
/// most tools read, can say something else. So it is read here as the loader reads it.
fn elf_facts(bytes: &[u8], file: &ElfFile64<'_, Endianness>) -> Result<Facts, String> {
    let segments = Segments::of(bytes, file)?;
    let mut facts = Facts::default();
    let text = |offset: u64| segments.text(offset);
    for (tag, value) in segments.dynamic()? {
        match tag {
            elf::DT_NEEDED => facts.needed.push(text(value)?),
            elf::DT_RPATH | elf::DT_RUNPATH => facts.refused.push((
                format!("has its libraries searched in `{}`", text(value)?),
                "link it without `-rpath`",
            )),
            elf::DT_FILTER | elf::DT_AUXILIARY | elf::DT_AUDIT | elf::DT_DEPAUDIT => {
                facts.refused.push((
                    format!("has the loader open `{}` as well", text(value)?),
                    "link it without filter and audit libraries",
                ));
            }
            _ => {}
        }
    }
    if segments.executable_stack {
        facts.refused.push((
            "wants an executable stack".to_owned(),
            "link it with `-z noexecstack`",
        ));
    }
    Ok(facts)
}

type Header = elf::ProgramHeader64<Endianness>;

/// The parts of a file that the loader maps.
struct Segments<'data> {
    bytes: &'data [u8],
    endian: Endianness,
    mapped: Vec<&'data Header>,
    table: &'data Header,
    executable_stack: bool,
}

impl<'data> Segments<'data> {
    fn of(bytes: &'data [u8], file: &ElfFile64<'data, Endianness>) -> Result<Self, String> {
        let endian = file.endian();
        let all = file.elf_program_headers();
        let of_type = |kind| {
            all.iter()
                .filter(move |header| header.p_type(endian) == kind)
        };
        let mapped: Vec<&Header> = of_type(elf::PT_LOAD).collect();
        let mut end = 0;
        for header in &mapped {
            // Pages of a later segment would replace those of an earlier one.
            if header.p_vaddr(endian) < end {
                return Err("its segments overlap".to_owned());
            }
            end = header
                .p_vaddr(endian)
                .saturating_add(header.p_memsz(endian));
        }
        let mut tables = of_type(elf::PT_DYNAMIC);
        let (Some(table), None) = (tables.next(), tables.next()) else {
            return Err("it has not exactly one dynamic table".to_owned());
        };
        let executable_stack =
            of_type(elf::PT_GNU_STACK).any(|header| header.p_flags(endian).contains(elf::PF_X));
        Ok(Self {
            bytes,
            endian,
            mapped,
            table,
            executable_stack,
        })
    }

    /// Tags and values of the dynamic table, up to its end mark.
    fn dynamic(&self) -> Result<Vec<(elf::DynamicTag, u64)>, String> {
        let (address, size) = (
            self.table.p_vaddr(self.endian),
            self.table.p_memsz(self.endian),
        );
        let bytes = self
            .at(address, size)
            .ok_or("its dynamic table is not in a segment")?;
        let mut entries = Vec::new();
        for entry in bytes.chunks_exact(16) {
            let (tag, value) = (word(entry, 0), word(entry, 8));
            if tag == 0 {
                break;
            }
            entries.push((elf::DynamicTag(tag.cast_signed()), value));
        }
        Ok(entries)
    }

    /// The text at `offset` of the dynamic table's string table.
    fn text(&self, offset: u64) -> Result<String, String> {
        let strings = self
            .dynamic()?
            .into_iter()
            .find(|(tag, _)| *tag == elf::DT_STRTAB);
        let address = strings.and_then(|(_, address)| address.checked_add(offset));
        let rest = address.and_then(|address| self.from(address));
        let name = rest.and_then(|rest| rest.split(|byte| *byte == 0).next());
        match name {
            Some(name) if name.len() < 4096 => Ok(String::from_utf8_lossy(name).into_owned()),
            _ => Err("a name in its dynamic table is not in a segment".to_owned()),
        }
    }

    fn at(&self, address: u64, size: u64) -> Option<&'data [u8]> {
        self.from(address)?.get(..usize::try_from(size).ok()?)
    }

    /// The bytes of the file that are mapped from `address` to the end of its segment.
    fn from(&self, address: u64) -> Option<&'data [u8]> {
        self.mapped.iter().find_map(|header| {
            let inside = address.checked_sub(header.p_vaddr(self.endian))?;
            let data = header.data(self.endian, self.bytes).ok()?;
            data.get(usize::try_from(inside).ok()?..)
        })
    }
}

/// The little-endian word at `offset`; targets with another byte order are refused before.
fn word(bytes: &[u8], offset: usize) -> u64 {
    let part = bytes.get(offset..).and_then(|rest| rest.first_chunk::<8>());
    part.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
