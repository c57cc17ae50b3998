//! Library files that say one thing to most tools and another to the loader.
#![cfg(target_os = "linux")]

use crate::build::{Built, options, sample};
use evenhand_plugin_host::{Loaded, Mode, inspect};
use serde_json::Value;
use std::fs;
use std::process::Command;

const DYNAMIC: u32 = 2;
const LOAD: u32 = 1;
const STRTAB: u64 = 5;

/// The bytes of a library with the means to change them.
struct Elf(Vec<u8>);

impl Elf {
    fn of(built: &Built) -> Self {
        Self(fs::read(&built.file.library).unwrap())
    }

    fn write(self, built: &Built) {
        fs::write(&built.file.library, self.0).unwrap();
    }

    fn word(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap())
    }

    fn set(&mut self, at: usize, value: u64) {
        self.0[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }

    /// Where the program headers of a type begin.
    fn headers(&self, kind: u32) -> Vec<usize> {
        let start = usize::try_from(self.word(0x20)).unwrap();
        let count = usize::from(u16::from_le_bytes([self.0[0x38], self.0[0x39]]));
        let kind_at = |at: &usize| u32::from_le_bytes(self.0[*at..at + 4].try_into().unwrap());
        (0..count)
            .map(|number| start + number * 56)
            .filter(|at| kind_at(at) == kind)
            .collect()
    }

    /// Where the entries of the dynamic table stand, up to and with the first end mark.
    fn entries(&self) -> Vec<usize> {
        let header = self.headers(DYNAMIC)[0];
        let start = usize::try_from(self.word(header + 8)).unwrap();
        let mut entries = vec![start];
        while self.word(entries[entries.len() - 1]) != 0 {
            entries.push(entries[entries.len() - 1] + 16);
        }
        entries
    }

    /// Puts an entry in the place of the end mark; the linker leaves several.
    fn add(&mut self, tag: u64, value: u64) {
        let end = *self.entries().last().unwrap();
        assert_eq!(self.word(end + 16), 0, "there is a spare one");
        self.set(end, tag);
        self.set(end + 8, value);
    }
}

fn refused(built: &Built, words: &str) {
    let message = inspect(&built.file, &options()).unwrap_err().to_string();
    assert!(message.contains(words), "`{words}` is not in:\n{message}");
    for mode in [Mode::Isolated, Mode::InProcess] {
        let opened = Loaded::open(&built.file, mode, None, &Value::Null, &options());
        assert_eq!(opened.unwrap_err().to_string(), message);
    }
}

fn changed(words: &str, change: impl FnOnce(&mut Elf)) {
    let built = sample(&[]);
    let mut elf = Elf::of(&built);
    change(&mut elf);
    elf.write(&built);
    refused(&built, words);
}

#[test]
fn a_table_that_stands_twice_is_refused() {
    for tag in [STRTAB, 6, 10, 14, 0x6fff_fef5] {
        changed("twice", |elf| {
            let known = elf.entries().into_iter().find(|at| elf.word(*at) == tag);
            if known.is_none() {
                elf.add(tag, 1);
            }
            let value = known.map_or(1, |at| elf.word(at + 8));
            elf.add(tag, value + 8);
        });
    }
}

#[test]
fn a_dynamic_table_that_its_header_cuts_short_is_refused() {
    // Everything but the last entries is hidden from a reader that believes the header.
    for kept in [1, 3] {
        changed("no end mark", |elf| {
            let header = elf.headers(DYNAMIC)[0];
            elf.set(header + 32, kept * 16);
            elf.set(header + 40, kept * 16);
        });
    }
    changed("not in a segment", |elf| {
        let header = elf.headers(DYNAMIC)[0];
        let offset = elf.word(header + 8);
        elf.set(header + 8, offset - 16);
    });
}

#[test]
fn names_are_compared_whole() {
    for name in [
        "ld-linux/evil.so",
        "libc.so.6.evil",
        "libm.so.6/../evil.so",
        "libc.so.",
        "LIBC.so.6",
    ] {
        let built = sample(&[]);
        let evil = built.folder.path().join("evil.so");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-x", "c", "/dev/null", "-o"])
            .arg(&evil)
            .arg(format!("-Wl,-soname,{name}"))
            .status()
            .unwrap();
        assert!(made.success());
        let linked = sample(&["-Wl,--no-as-needed", evil.to_str().unwrap()]);
        refused(&linked, &format!("needs `{name}`"));
    }
}

#[test]
fn a_library_that_would_stand_for_another_is_refused() {
    refused(
        &sample(&["-Wl,-soname,libm.so.6"]),
        "calls itself `libm.so.6`",
    );
    refused(&sample(&["-Wl,-soname,a/b.so"]), "calls itself `a/b.so`");
    refused(
        &sample(&["-Wl,-z,interpose"]),
        "stand before other libraries",
    );
    refused(&sample(&["-Wl,-z,global"]), "stand before other libraries");
}

#[test]
fn code_that_is_written_is_refused() {
    changed("rewritten while it is loaded", |elf| elf.add(22, 0));
    changed("both written and executed", |elf| {
        for header in elf.headers(LOAD) {
            elf.0[header + 4] |= 3;
        }
    });
}

#[test]
fn segments_that_the_loader_maps_otherwise_are_refused() {
    changed("does not fit the file", |elf| {
        let header = elf.headers(LOAD)[0];
        let offset = elf.word(header + 8);
        elf.set(header + 8, offset + 8);
    });
    changed("overlap", |elf| {
        let headers = elf.headers(LOAD);
        let first = elf.word(headers[0] + 16);
        elf.set(headers[1] + 16, first);
    });
    changed("does not fit the file", |elf| {
        let header = elf.headers(LOAD)[0];
        elf.set(header + 40, 16);
    });
}

/// Section headers are for other tools: without them a library loads, and with false ones nothing is hidden.
#[test]
fn sections_are_not_believed() {
    let built = sample(&["-Wl,--build-id=none"]);
    let honest = inspect(&built.file, &options()).unwrap();
    let mut elf = Elf::of(&built);
    elf.set(0x28, 0);
    elf.0[0x3c..0x40].fill(0);
    elf.write(&built);
    let stripped = inspect(&built.file, &options()).unwrap();
    assert_eq!(stripped.exports, honest.exports);
    assert_eq!(stripped.needed, honest.needed);
    let mut plugin =
        Loaded::inspected(&stripped, Mode::Isolated, &Value::Null, &options()).unwrap();
    assert!(evenhand_contract::plugin::Plugin::derive(&mut plugin, "{}").is_ok());
}

#[test]
fn what_compilers_make_is_read() {
    for flags in [
        &["-Wl,--hash-style=sysv"][..],
        &["-Wl,--hash-style=gnu"],
        &["-Wl,--hash-style=both", "-s"],
        &["-Wl,-z,now", "-Wl,-z,relro", "-Wl,-z,noseparate-code"],
        &["-O2", "-flto"],
    ] {
        let found = inspect(&sample(flags).file, &options()).unwrap();
        assert_eq!(found.exports, ["evenhand_sample_v1"], "{flags:?}");
    }
}

/// Any byte changed, any length cut: read or refused, without a panic.
#[test]
fn damaged_files_are_read_without_a_panic() {
    let built = sample(&["-s"]);
    let whole = Elf::of(&built).0;
    let mut state = 0x9e37_79b9_u64;
    for round in 0..400 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let mut bytes = whole.clone();
        let at = usize::try_from(state >> 33).unwrap()
            % bytes
                .len()
                .min(if round % 2 == 0 { 1024 } else { usize::MAX });
        bytes[at] = u8::try_from(state >> 24 & 0xff).unwrap();
        if round % 5 == 0 {
            bytes.truncate(at);
        }
        fs::write(&built.file.library, bytes).unwrap();
        drop(inspect(&built.file, &options()));
    }
}
