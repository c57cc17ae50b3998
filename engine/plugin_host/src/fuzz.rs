//! For fuzzing: the readings that meet bytes of somebody who is not trusted. What was ever found stands in `fuzz/seeds`,
//! and is read again in every run of the tests.

use crate::options::engine_version;
use crate::{library, lock, manifest};
use evenhand_contract::manifest::Manifest;
use std::path::Path;

/// The host reads what a worker sends.
#[cfg(unix)]
pub fn host(bytes: &[u8]) {
    crate::isolated::worker_says(bytes);
}

/// A worker reads what a host sends.
#[cfg(unix)]
pub fn worker(bytes: &[u8]) {
    crate::worker::host_says(bytes);
}

/// The inspection of a library before it is loaded.
pub fn library(bytes: &[u8]) {
    let Ok(facts) = library::read(Path::new("library"), bytes) else {
        return;
    };
    let sorted = facts.exports.is_sorted_by(|a, b| a < b);
    assert!(sorted, "exports are sorted and stand once");
    let names = facts.needed.iter().chain(&facts.exports);
    for name in names {
        assert!(!name.contains('\0'), "a name ends at its first NUL");
    }
    for name in facts.foreign() {
        assert!(!library::ALLOWED.contains(&name.as_str()));
    }
}

/// A manifest, and after the first NUL the rows of its register.
pub fn manifest(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0);
    let (text, rows) = bytes.split_at(end.unwrap_or(bytes.len()));
    let Ok(read) = manifest::parse("plugin.json", text) else {
        return;
    };
    let again = serde_json::to_vec(&read).map(|text| manifest_again(&text));
    if read.table.is_none() {
        assert_eq!(
            again.ok().flatten().as_ref(),
            Some(&read),
            "the same when written and read"
        );
    }
    drop(manifest::fits(&read, &engine_version()));
    let grants = lock::Grants::asked(&read);
    assert!(grants.reads.is_sorted() && grants.provides.is_sorted());
    drop(crate::loaded::checked(&read, &serde_json::Value::Null));
    if let Some(table) = &read.table {
        drop(evenhand_tables::read(
            table,
            rows.get(1..).unwrap_or_default(),
        ));
    }
}

fn manifest_again(text: &[u8]) -> Option<Manifest> {
    manifest::parse("plugin.json", text).ok()
}

/// A packed plugin.
pub fn archive(bytes: &[u8]) {
    let Ok(archive) = crate::archive::Archive::of(bytes.to_vec()) else {
        return;
    };
    assert!(!archive.about.libraries.is_empty());
    drop(archive.library(Path::new("plugin.zip")));
    drop(manifest_again(archive.manifest()));
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// Reads every seed of a target, among them all that ever made one fail.
    fn check(target: &str, read: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/seeds")
            .join(target);
        let seeds = fs::read_dir(&folder).unwrap();
        let mut count = 0;
        for seed in seeds {
            let bytes = fs::read(seed.unwrap().path()).unwrap();
            read(&bytes);
            // Cut short anywhere, it is as harmless.
            for end in (0..bytes.len()).step_by(1 + bytes.len() / 100) {
                read(&bytes[..end]);
            }
            count += 1;
        }
        assert!(count > 0, "{}", folder.display());
    }

    #[test]
    fn every_seed_is_read() {
        check("host", super::host);
        check("worker", super::worker);
        check("library", super::library);
        check("manifest", super::manifest);
        check("archive", super::archive);
    }
}
