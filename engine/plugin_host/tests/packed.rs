//! Real libraries in archives: what is packed, what is read from it, and what pins it.

use crate::build::{Built, options, sample, sample_manifest};
use evenhand_contract::plugin::{Argument, Plugin as _};
use evenhand_plugin_host::lock::{Difference, LockFile, Locked, target};
use evenhand_plugin_host::{Contents, Library, LoadError, Loaded, Mode, PluginFile, inspect, pack};
use serde_json::{Value, json};
use std::fs;

/// The sample for this machine.
fn library(built: &Built) -> Library {
    Library {
        system: None,
        name: "libsample.so".to_owned(),
        bytes: fs::read(&built.file.library).unwrap(),
    }
}

/// The same said to be for another processor, in its ELF header.
fn foreign(built: &Built) -> Library {
    const AARCH64: u8 = 183;
    let mut library = library(built);
    library.bytes[18] = if library.bytes[18] == AARCH64 {
        62
    } else {
        AARCH64
    };
    library
}

fn contents(built: &Built, libraries: Vec<Library>) -> Contents {
    Contents {
        manifest: fs::read(&built.file.manifest).unwrap(),
        libraries,
        signature: None,
    }
}

/// Writes an archive beside the library.
fn packed(built: &Built, libraries: Vec<Library>) -> PluginFile {
    let packed = pack(&contents(built, libraries)).unwrap();
    let path = built.folder.path().join("sample.zip");
    fs::write(&path, packed.bytes).unwrap();
    PluginFile::beside(path)
}

#[test]
fn a_library_runs_from_an_archive_and_nothing_is_unpacked() {
    let built = sample(&[]);
    let file = packed(&built, vec![library(&built), foreign(&built)]);
    // What lies beside it is not needed any more.
    fs::remove_file(&built.file.library).unwrap();
    fs::remove_file(&built.file.manifest).unwrap();
    for mode in [Mode::Isolated, Mode::InProcess] {
        let mut loaded = Loaded::open(&file, mode, None, &Value::Null, &options()).unwrap();
        let sum = loaded.call(0, &[Argument::Number(1.5), Argument::Number(2.0)]);
        assert_eq!(sum.unwrap(), Argument::Number(3.5));
        assert_eq!(loaded.origin().mode, mode.word());
    }
    let there = fs::read_dir(built.folder.path()).unwrap();
    let names: Vec<_> = there.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !names.iter().any(|name| name == "libsample.so"),
        "{names:?}"
    );
}

#[test]
fn a_pin_holds_the_archive_and_the_library_for_every_system() {
    let built = sample(&[]);
    let both = packed(&built, vec![library(&built), foreign(&built)]);
    let found = inspect(&both, &options()).unwrap();
    let locked = Locked::of(&found, Mode::Isolated);
    assert_eq!(locked.artifacts.len(), 2, "{:?}", locked.artifacts);
    let mut lock = LockFile::default();
    lock.put(locked.clone());
    let lock = LockFile::parse(&lock.render()).unwrap();
    assert_eq!(lock.get("sample"), Some(&locked));
    lock.verify(&found, Mode::Isolated).unwrap();

    // The same library in another archive is another file.
    let one = packed(&built, vec![library(&built)]);
    let other = inspect(&one, &options()).unwrap();
    assert_eq!(other.sha256, found.sha256);
    let error = lock.verify(&other, Mode::Isolated).unwrap_err();
    assert!(
        matches!(
            &error,
            LoadError::Digest {
                what: "archive",
                ..
            }
        ),
        "{error}"
    );
    let difference = Difference::between(Some(&locked), &Locked::of(&other, Mode::Isolated));
    assert_eq!(difference.changes.len(), 1, "{:?}", difference.changes);

    // So is the library by itself.
    let loose = inspect(&built.file, &options()).unwrap();
    let error = lock.verify(&loose, Mode::Isolated).unwrap_err().to_string();
    assert!(
        error.contains("pins an archive, the profile names a library"),
        "{error}"
    );
    let mut lock = LockFile::default();
    lock.put(Locked::of(&loose, Mode::Isolated));
    let error = lock.verify(&found, Mode::Isolated).unwrap_err().to_string();
    assert!(
        error.contains("pins a library, the profile names an archive"),
        "{error}"
    );
}

#[test]
fn an_archive_for_other_systems_is_refused_in_words() {
    let built = sample(&[]);
    let file = packed(&built, vec![foreign(&built)]);
    let error = inspect(&file, &options()).unwrap_err().to_string();
    assert!(error.contains("holds libraries for `"), "{error}");
    assert!(
        error.contains(&format!("none for this system, {}", target())),
        "{error}"
    );
}

#[test]
fn what_is_in_an_archive_is_inspected_as_what_lies_on_a_disk() {
    let built = sample(&["-Wl,-rpath,/opt/evil"]);
    let file = packed(&built, vec![library(&built)]);
    let error = inspect(&file, &options()).unwrap_err().to_string();
    assert!(error.contains("/opt/evil"), "{error}");
    // A file that others can change is no archive to trust.
    let built = sample(&[]);
    let file = packed(&built, vec![library(&built)]);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    fs::set_permissions(&file.library, mode).unwrap();
    let error = inspect(&file, &options()).unwrap_err().to_string();
    assert!(error.contains("can be changed by others"), "{error}");
}

#[test]
fn every_changed_byte_of_an_archive_is_noticed() {
    let built = sample(&[]);
    let file = packed(&built, vec![library(&built)]);
    let bytes = fs::read(&file.library).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&file.library, changed).unwrap();
        let error = inspect(&file, &options()).unwrap_err();
        assert!(matches!(error, LoadError::Archive { .. }), "{at}: {error}");
    }
}

/// What is said when the sample is packed after `change`.
#[track_caller]
fn refused(change: impl FnOnce(&mut Contents), expected: &str) {
    let built = sample(&[]);
    let mut contents = contents(&built, vec![library(&built)]);
    change(&mut contents);
    let problems = pack(&contents).map(|packed| packed.sums).unwrap_err();
    assert!(
        problems.iter().any(|said| said.contains(expected)),
        "{problems:#?}"
    );
}

#[test]
fn a_library_must_be_the_manifests_and_for_the_system_it_is_said_to_be_for() {
    let system = |name: &str| {
        let name = name.to_owned();
        move |contents: &mut Contents| contents.libraries[0].system = Some(name)
    };
    refused(
        system("amiga"),
        "`amiga` is no system that evenhand knows; expected one of x86_64-",
    );
    refused(
        system("aarch64-apple-darwin"),
        "`libsample.so` is not for aarch64-apple-darwin, but for ",
    );
    refused(
        |contents| contents.libraries.push(contents.libraries[0].clone()),
        "are both for ",
    );
    refused(
        |contents| {
            let mut manifest = sample_manifest();
            manifest["version"] = json!("0.2.0");
            contents.manifest = manifest.to_string().into();
        },
        "`libsample.so` does not hold this manifest",
    );
    refused(
        |contents| {
            let mut manifest = sample_manifest();
            manifest["id"] = json!("other");
            contents.manifest = manifest.to_string().into();
        },
        "exports neither `evenhand_other_v1` nor `evenhand_plugin_v1`",
    );
}
