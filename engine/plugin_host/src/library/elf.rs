//! An ELF file as the loader reads it.
//!
//! The loader finds everything through the program headers, in memory as it maps it; section headers, which most tools
//! read, can say something else. Where two readers could come to different results (a table twice, a table without an end,
//! pages that replace each other), the file is refused: no compiler makes one.

use super::{ALLOWED, Facts};
use object::Endianness;
use object::elf;
use object::read::elf::{ElfFile64, FileHeader as _, ProgramHeader as _};
use std::collections::BTreeMap;

mod symbols;

type Header = elf::ProgramHeader64<Endianness>;

/// The loader works in pages; those of 4 KiB are the smallest there are.
const PAGE: u64 = 4096;
/// Longest name in a dynamic table.
const NAME: usize = 4096;
/// Bits of `DT_FLAGS` and `DT_FLAGS_1`.
const TEXT_RELOCATIONS: u64 = 0x4;
const GLOBAL: u64 = 0x2;
const INTERPOSE: u64 = 0x400;

/// What the loader would do with the file.
pub(super) fn facts(bytes: &[u8], file: &ElfFile64<'_, Endianness>) -> Result<Facts, String> {
    let segments = Segments::of(bytes, file)?;
    let table = Dynamic::of(&segments)?;
    let mut facts = Facts {
        exports: symbols::exports(&segments, &table)?,
        ..Facts::default()
    };
    let mut refuse = |problem: String, remedy| facts.refused.push((problem, remedy));
    for value in &table.needed {
        facts.needed.push(table.name(&segments, *value)?);
    }
    for (tag, value) in &table.single {
        match *tag {
            elf::DT_RPATH | elf::DT_RUNPATH => refuse(
                format!(
                    "has its libraries searched in `{}`",
                    table.name(&segments, *value)?
                ),
                "link it without `-rpath`",
            ),
            elf::DT_FILTER | elf::DT_AUXILIARY | elf::DT_AUDIT | elf::DT_DEPAUDIT => refuse(
                format!(
                    "has the loader open `{}` as well",
                    table.name(&segments, *value)?
                ),
                "link it without filter and audit libraries",
            ),
            elf::DT_SONAME => {
                let name = table.name(&segments, *value)?;
                if name.contains('/') || ALLOWED.contains(&name.as_str()) {
                    refuse(
                        format!("calls itself `{name}`, and would be taken for it"),
                        "link it with a `-soname` of its own",
                    );
                }
            }
            elf::DT_TEXTREL => refuse(REWRITES.to_owned(), WITH_PIC),
            elf::DT_FLAGS if value & TEXT_RELOCATIONS != 0 => {
                refuse(REWRITES.to_owned(), WITH_PIC);
            }
            elf::DT_FLAGS_1 if value & (GLOBAL | INTERPOSE) != 0 => refuse(
                "wants to stand before other libraries".to_owned(),
                "link it without `-z global` and `-z interpose`",
            ),
            _ => {}
        }
    }
    if segments.executable_stack {
        refuse(
            "wants an executable stack".to_owned(),
            "link it with `-z noexecstack`",
        );
    }
    if segments.writable_code {
        refuse(
            "has memory that is both written and executed".to_owned(),
            "link it without `-N` and `--omagic`",
        );
    }
    Ok(facts)
}

const REWRITES: &str = "has its code rewritten while it is loaded";
const WITH_PIC: &str = "compile it with `-fPIC`";

/// The parts of a file that the loader maps.
struct Segments<'data> {
    bytes: &'data [u8],
    endian: Endianness,
    mapped: Vec<&'data Header>,
    table: &'data Header,
    executable_stack: bool,
    writable_code: bool,
}

impl<'data> Segments<'data> {
    fn of(bytes: &'data [u8], file: &ElfFile64<'data, Endianness>) -> Result<Self, String> {
        let endian = file.endian();
        // With that many headers the count stands elsewhere, where the loader does not look.
        if file.elf_header().e_phnum(endian) == elf::PN_XNUM {
            return Err("it has too many program headers".to_owned());
        }
        let all = file.elf_program_headers();
        let of_type = |kind| {
            all.iter()
                .filter(move |header| header.p_type(endian) == kind)
        };
        let mapped: Vec<&Header> = of_type(elf::PT_LOAD).collect();
        let mut end = 0;
        for header in &mapped {
            end = pages(header, endian, bytes.len(), end)?;
        }
        let mut tables = of_type(elf::PT_DYNAMIC);
        let (Some(table), None) = (tables.next(), tables.next()) else {
            return Err("it has not exactly one dynamic table".to_owned());
        };
        let executable_stack =
            of_type(elf::PT_GNU_STACK).any(|header| header.p_flags(endian).contains(elf::PF_X));
        let writable_code = mapped
            .iter()
            .any(|header| header.p_flags(endian).contains(elf::PF_X | elf::PF_W));
        Ok(Self {
            bytes,
            endian,
            mapped,
            table,
            executable_stack,
            writable_code,
        })
    }

    /// The bytes of the file that are mapped from `address` to the end of its segment.
    fn from(&self, address: u64) -> Option<&'data [u8]> {
        self.mapped.iter().find_map(|header| {
            let inside = address.checked_sub(header.p_vaddr(self.endian))?;
            let data = header.data(self.endian, self.bytes).ok()?;
            data.get(usize::try_from(inside).ok()?..)
        })
    }

    /// Where in the file the loader finds `address`.
    fn offset(&self, address: u64) -> Option<u64> {
        self.mapped.iter().find_map(|header| {
            let inside = address.checked_sub(header.p_vaddr(self.endian))?;
            let within = inside < header.p_filesz(self.endian);
            within.then(|| header.p_offset(self.endian).checked_add(inside))?
        })
    }
}

/// The end of the pages of a segment, which must begin behind those of the one before, at `before`: the loader maps whole
/// pages, and later ones replace earlier ones.
fn pages(header: &Header, endian: Endianness, size: usize, before: u64) -> Result<u64, String> {
    let (start, offset) = (header.p_vaddr(endian), header.p_offset(endian));
    let (in_file, in_memory) = (header.p_filesz(endian), header.p_memsz(endian));
    let file_end = offset.checked_add(in_file);
    let end = start
        .checked_add(in_memory)
        .and_then(|end| end.checked_next_multiple_of(PAGE));
    let (Some(file_end), Some(end)) = (file_end, end) else {
        return Err("a segment ends beyond all addresses".to_owned());
    };
    if file_end > size as u64 || in_file > in_memory || start % PAGE != offset % PAGE {
        return Err("a segment does not fit the file".to_owned());
    }
    if start - start % PAGE < before {
        return Err("its segments overlap".to_owned());
    }
    Ok(end)
}

/// The dynamic table: what else the loader opens, and where it finds symbols.
struct Dynamic {
    needed: Vec<u64>,
    single: BTreeMap<elf::DynamicTag, u64>,
}

impl Dynamic {
    fn of(segments: &Segments<'_>) -> Result<Self, String> {
        let endian = segments.endian;
        let (address, size) = (
            segments.table.p_vaddr(endian),
            segments.table.p_filesz(endian),
        );
        if segments.offset(address) != Some(segments.table.p_offset(endian)) {
            return Err("its dynamic table is not in a segment".to_owned());
        }
        let rest = segments
            .from(address)
            .ok_or("its dynamic table is not in a segment")?;
        // The loader reads on to the end mark, wherever the header says the table ends.
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let bytes = rest.get(..size).ok_or("its dynamic table is cut short")?;
        let mut table = Self {
            needed: Vec::new(),
            single: BTreeMap::new(),
        };
        for entry in bytes.chunks_exact(16) {
            let (tag, value) = (word(entry, 0), word(entry, 8));
            let tag = elf::DynamicTag(tag.cast_signed());
            match tag {
                elf::DT_NULL => return Ok(table),
                elf::DT_NEEDED => table.needed.push(value),
                tag => {
                    if table.single.insert(tag, value).is_some() {
                        return Err(format!(
                            "its dynamic table has the entry {:#x} twice",
                            tag.0
                        ));
                    }
                }
            }
        }
        Err("its dynamic table has no end mark".to_owned())
    }

    fn get(&self, tag: elf::DynamicTag) -> Option<u64> {
        self.single.get(&tag).copied()
    }

    /// The text at `offset` of the string table.
    fn name(&self, segments: &Segments<'_>, offset: u64) -> Result<String, String> {
        let wrong = || "a name in its dynamic table is not in a segment".to_owned();
        let name = self.text(segments, offset).ok_or_else(wrong)?;
        Ok(String::from_utf8_lossy(name).into_owned())
    }

    fn text<'data>(&self, segments: &Segments<'data>, offset: u64) -> Option<&'data [u8]> {
        if offset >= self.get(elf::DT_STRSZ)? {
            return None;
        }
        let rest = segments.from(self.get(elf::DT_STRTAB)?.checked_add(offset)?)?;
        let end = rest.iter().take(NAME).position(|byte| *byte == 0)?;
        rest.get(..end)
    }
}

/// The little-endian word at `offset`; targets with another byte order are refused before.
fn word(bytes: &[u8], offset: usize) -> u64 {
    let part = bytes.get(offset..).and_then(|rest| rest.first_chunk::<8>());
    part.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
