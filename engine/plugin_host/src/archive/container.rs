//! The container of a packed plugin: a ZIP file in one form only.
//!
//! Its files stand one after another in the order of their names, stored as they are, with no date, comment or extra field. A
//! reader that accepts only what the writer would have written has no second opinion of what a file holds, nothing between
//! or behind the files, and nothing that grows when it is unpacked. Every tool that knows ZIP can still open it.

use crate::values::printable;
use std::collections::BTreeMap;
use std::ops::Range;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Bytes of the three kinds of records, without names.
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
/// The version that a reader must know: the first.
const VERSION: u16 = 10;
/// 1 January 1980, the first day that the form knows.
const DAY: u16 = 0x21;
/// Most files.
const FILES: usize = 64;
/// In the upper half of a file's attributes, where a tool of Unix made it.
const KIND: u32 = 0xf000;
const LINK: u32 = 0xa000;

/// The container of these files.
pub(super) fn write(files: &BTreeMap<String, &[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, data) in files {
        let at = bytes.len();
        let mut fields = Vec::new();
        for field in [VERSION, 0, 0, 0, DAY] {
            fields.extend_from_slice(&field.to_le_bytes());
        }
        for field in [crc32fast::hash(data), size(data.len()), size(data.len())] {
            fields.extend_from_slice(&field.to_le_bytes());
        }
        fields.extend_from_slice(&short(name.len()).to_le_bytes());
        fields.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&LOCAL.to_le_bytes());
        bytes.extend_from_slice(&fields);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(data);
        directory.extend_from_slice(&CENTRAL.to_le_bytes());
        directory.extend_from_slice(&VERSION.to_le_bytes());
        directory.extend_from_slice(&fields);
        // Comment, volume, and attributes within and without: none.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&size(at).to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (count, at) = (short(files.len()), bytes.len());
    bytes.extend_from_slice(&directory);
    bytes.extend_from_slice(&END.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&size(directory.len()).to_le_bytes());
    bytes.extend_from_slice(&size(at).to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

/// Nothing that is packed comes near these limits: the caller has measured it, and what is read is made again to compare.
fn size(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// Where each file stands in `bytes`, by its name; or everything that is wrong.
pub(super) fn read(bytes: &[u8]) -> Result<BTreeMap<String, Range<usize>>, Vec<String>> {
    let entries = entries(bytes).map_err(|problem| vec![problem])?;
    let mut files = BTreeMap::new();
    let mut problems = Vec::new();
    for entry in entries {
        problems.extend(entry.problems());
        match entry.data(bytes) {
            Ok(range) => {
                let known: Vec<&String> = files.keys().collect();
                problems.extend(same_name(&known, &entry.name));
                files.entry(entry.name).or_insert(range);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let slices = files.iter();
    let slices = slices.map(|(name, range)| {
        let data = bytes.get(range.clone()).unwrap_or_default();
        (name.clone(), data)
    });
    if write(&slices.collect()) != bytes {
        let problem = "it was not made by `evenhand plugin pack`, or was changed afterwards: \
                       pack the plugin again";
        return Err(vec![problem.to_owned()]);
    }
    Ok(files)
}

/// A name that is there already, for every system: some do not tell capitals from small letters.
fn same_name(known: &[&String], name: &str) -> Option<String> {
    let other = known
        .iter()
        .find(|other| other.eq_ignore_ascii_case(name))?;
    Some(if *other == name {
        format!("`{name}` stands in it twice")
    } else {
        format!("`{other}` and `{name}` differ only in capitals, and are one file on some systems")
    })
}

/// A file as the directory at the end lists it.
#[derive(Debug)]
struct Entry {
    name: String,
    /// Nothing of it had to be replaced to be shown.
    plain: bool,
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    size: usize,
    attributes: u32,
    at: usize,
}

fn entries(bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let cut = || "it is cut short, or no ZIP file".to_owned();
    let end = bytes.len().checked_sub(END_SIZE).ok_or_else(cut)?;
    let record = Record(bytes, end);
    if record.u32(0) != Some(END) {
        return Err(cut());
    }
    let count = usize::from(record.u16(10).unwrap_or(0));
    if count > FILES {
        return Err(format!(
            "it holds {count} files, and at most {FILES} are read"
        ));
    }
    let mut at = record.size(16).ok_or_else(cut)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        let record = Record(bytes, at);
        let lengths = [28, 30, 32].map(|field| usize::from(record.u16(field).unwrap_or(0)));
        let [name, ..] = lengths;
        let from = at.checked_add(CENTRAL_SIZE).ok_or_else(cut)?;
        let name = from.checked_add(name).and_then(|to| bytes.get(from..to));
        let (Some(CENTRAL), Some(name)) = (record.u32(0), name) else {
            return Err(cut());
        };
        let shown = printable(name).replace(char::is_control, "\u{fffd}");
        let entry = || {
            Some(Entry {
                plain: shown.as_bytes() == name,
                name: shown,
                flags: record.u16(8)?,
                method: record.u16(10)?,
                crc: record.u32(16)?,
                packed: record.size(20)?,
                size: record.size(24)?,
                attributes: record.u32(38)?,
                at: record.size(42)?,
            })
        };
        entries.push(entry().ok_or_else(cut)?);
        at = from + lengths.iter().sum::<usize>();
    }
    Ok(entries)
}

impl Entry {
    /// What is not taken, whatever stands in the file.
    fn problems(&self) -> Vec<String> {
        let name = &self.name;
        let mut problems = Vec::new();
        let mut say = |wrong, what: &str| {
            if wrong {
                problems.push(format!("`{name}` {what}"));
            }
        };
        say(
            !self.plain,
            "is a name with characters that no file has here",
        );
        say(
            name.ends_with('/'),
            "is a folder, and only files are packed",
        );
        say(
            (self.attributes >> 16) & KIND == LINK,
            "is a link, and only files are packed",
        );
        say(self.flags & 1 != 0, "is encrypted");
        say(
            self.method != 0 || self.packed != self.size,
            "is compressed, and only files stored as they are can be read: pack it with `evenhand plugin pack`",
        );
        problems
    }

    /// Where its bytes are.
    fn data(&self, bytes: &[u8]) -> Result<Range<usize>, String> {
        let name = &self.name;
        let outside = || format!("`{name}` lies beyond the end of the archive");
        let record = Record(bytes, self.at);
        let lengths = [26, 28].map(|field| record.u16(field).map(usize::from));
        let ([Some(length), Some(extra)], Some(LOCAL)) = (lengths, record.u32(0)) else {
            return Err(outside());
        };
        let from = self.at + LOCAL_SIZE;
        let here = from.checked_add(length).and_then(|to| bytes.get(from..to));
        let here = printable(here.ok_or_else(outside)?).replace(char::is_control, "\u{fffd}");
        if here != *name {
            return Err(format!(
                "`{name}` is called `{here}` in another place of the archive"
            ));
        }
        let from = from + length + extra;
        let range = from..from.checked_add(self.packed).ok_or_else(outside)?;
        let data = bytes.get(range.clone()).ok_or_else(outside)?;
        if self.method == 0 && crc32fast::hash(data) != self.crc {
            return Err(format!(
                "`{name}` was damaged: its check sum is another one"
            ));
        }
        Ok(range)
    }
}

/// Fields at offsets from a place in bytes that may end before.
#[derive(Clone, Copy)]
struct Record<'a>(&'a [u8], usize);

impl Record<'_> {
    fn field<const N: usize>(self, offset: usize) -> Option<[u8; N]> {
        let rest = self.0.get(self.1.checked_add(offset)?..)?;
        rest.first_chunk::<N>().copied()
    }

    fn u16(self, offset: usize) -> Option<u16> {
        self.field(offset).map(u16::from_le_bytes)
    }

    fn u32(self, offset: usize) -> Option<u32> {
        self.field(offset).map(u32::from_le_bytes)
    }

    fn size(self, offset: usize) -> Option<usize> {
        usize::try_from(self.u32(offset)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Files = BTreeMap<String, Vec<u8>>;

    fn packed(files: &Files) -> Vec<u8> {
        let slices = files
            .iter()
            .map(|(name, data)| (name.clone(), data.as_slice()));
        write(&slices.collect())
    }

    fn two() -> Files {
        Files::from([
            ("a/one".to_owned(), b"1".to_vec()),
            ("b".to_owned(), Vec::new()),
        ])
    }

    /// Every way in which the container of two files, changed by `change`, is refused.
    fn refused(change: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut bytes = packed(&two());
        change(&mut bytes);
        read(&bytes).unwrap_err().join("\n")
    }

    /// The first byte of the entry of `a/one` in the directory.
    fn directory(bytes: &[u8]) -> usize {
        let magic = CENTRAL.to_le_bytes();
        bytes.windows(4).position(|at| at == magic).unwrap()
    }

    #[test]
    fn what_no_packer_makes_is_refused_by_name() {
        let at = |offset: usize, value: u8| {
            move |bytes: &mut Vec<u8>| {
                let at = directory(bytes) + offset;
                bytes[at] = value;
            }
        };
        for (said, expected) in [
            (refused(at(8, 1)), "`a/one` is encrypted"),
            (refused(at(10, 8)), "`a/one` is compressed"),
            (refused(at(24, 200)), "`a/one` is compressed"),
            (refused(at(41, 0xa1)), "`a/one` is a link"),
            (refused(at(45, 0x7f)), "`a/one` lies beyond the end"),
            (
                refused(at(46, b'x')),
                "`x/one` is called `a/one` in another place",
            ),
            (refused(|bytes| bytes[35] ^= 1), "`a/one` was damaged"),
            (refused(|bytes| bytes.push(0)), "cut short, or no ZIP file"),
            (
                refused(|bytes| bytes.truncate(20)),
                "cut short, or no ZIP file",
            ),
            (refused(|bytes| bytes[0] = 0), "lies beyond the end"),
        ] {
            assert!(said.contains(expected), "{said}");
        }
    }

    #[test]
    fn what_stands_between_the_files_is_refused() {
        // Everything that a tool looks at stays right, and something is hidden before the directory.
        let said = refused(|bytes| {
            let at = directory(bytes);
            let end = bytes.len() - END_SIZE + 16;
            bytes[end..end + 4].copy_from_slice(&size(at + 6).to_le_bytes());
            bytes.splice(at..at, *b"hidden");
        });
        assert!(
            said.contains("not made by `evenhand plugin pack`"),
            "{said}"
        );
    }

    #[test]
    fn a_name_stands_once_whatever_its_capitals() {
        let double = |name: &str| {
            let mut files = two();
            files.insert(name.to_owned(), b"2".to_vec());
            let mut bytes = packed(&files);
            // Both records of the third file get the name of the first.
            for at in 0..bytes.len() - name.len() {
                if bytes[at..].starts_with(name.as_bytes()) {
                    bytes[at..at + name.len()].copy_from_slice(b"a/one");
                }
            }
            read(&bytes).unwrap_err().join("\n")
        };
        assert!(double("c/one").contains("`a/one` stands in it twice"));
        let mut files = two();
        files.insert("A/one".to_owned(), Vec::new());
        let said = read(&packed(&files)).unwrap_err().join("\n");
        assert!(
            said.contains("`A/one` and `a/one` differ only in capitals"),
            "{said}"
        );
    }

    #[test]
    fn more_files_than_any_plugin_has_are_refused() {
        let many = |count| {
            packed(
                &(0..count)
                    .map(|name| (format!("{name:03}"), Vec::new()))
                    .collect(),
            )
        };
        assert_eq!(read(&many(FILES)).unwrap().len(), FILES);
        assert_eq!(
            read(&many(FILES + 1)).unwrap_err(),
            ["it holds 65 files, and at most 64 are read"]
        );
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read(
            files in proptest::collection::btree_map("[a-z]{1,8}(/[a-z.]{1,8})?", any::<Vec<u8>>(), 0..6),
        ) {
            let bytes = packed(&files);
            let read = read(&bytes).unwrap();
            let back: Files = read.into_iter().map(|(name, range)| (name, bytes[range].to_vec())).collect();
            prop_assert_eq!(back, files);
        }

        #[test]
        fn one_changed_byte_is_noticed(at: prop::sample::Index, bit in 0..8) {
            let mut bytes = packed(&two());
            let at = at.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            prop_assert!(read(&bytes).is_err(), "{at}");
        }

        #[test]
        fn any_bytes_are_read_without_panic(mut bytes: Vec<u8>, junk: Vec<u8>) {
            drop(read(&bytes));
            bytes.extend(packed(&two()));
            bytes.extend(junk);
            drop(read(&bytes));
        }
    }
}
