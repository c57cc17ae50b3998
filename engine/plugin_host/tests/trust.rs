//! Who may change a plugin's files, and that what was locked is what runs.

use crate::build::{Built, options, sample, sample_manifest};
use evenhand_contract::plugin::Plugin as _;
use evenhand_plugin_host::lock::{Change, Difference, LockFile, Locked, Pin, target};
use evenhand_plugin_host::{HostOptions, LoadError, Loaded, Mode, Signer, inspect};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn refused(built: &Built, expected: &[&str]) {
    let message = inspect(&built.file, &options()).unwrap_err().to_string();
    for part in expected {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
}

fn open(built: &Built, pin: Option<&Pin>) -> Result<Loaded, LoadError> {
    Loaded::open(&built.file, Mode::Isolated, pin, &Value::Null, &options())
}

#[test]
fn files_that_others_can_write_are_refused() {
    let built = sample(&[]);
    for wrong in [0o666, 0o646, 0o606] {
        mode(&built.file.library, wrong);
        refused(
            &built,
            &["libsample.so", &format!("mode 0{wrong:o}"), "chmod go-w"],
        );
    }
    // A group may write if it is the owner's own, which has the owner's number.
    mode(&built.file.library, 0o664);
    let metadata = fs::metadata(&built.file.library).unwrap();
    let own = metadata.gid() == metadata.uid();
    assert_eq!(inspect(&built.file, &options()).is_ok(), own);
    if own && std::os::unix::fs::chown(&built.file.library, None, Some(metadata.gid() + 1)).is_ok()
    {
        refused(&built, &["libsample.so", "mode 0664"]);
        std::os::unix::fs::chown(&built.file.library, None, Some(metadata.gid())).unwrap();
    }
    mode(&built.file.library, 0o644);
    mode(&built.file.manifest, 0o666);
    refused(&built, &["plugin.json", "can be changed by others"]);
    mode(&built.file.manifest, 0o600);
    inspect(&built.file, &options()).unwrap();
}

#[test]
fn folders_that_others_can_write_are_refused_unless_sticky() {
    let built = sample(&[]);
    let folder = built.folder.path();
    mode(folder, 0o777);
    refused(
        &built,
        &[folder.to_str().unwrap(), "mode 0777", "chmod go-w"],
    );
    mode(folder, 0o1777);
    inspect(&built.file, &options()).unwrap();
    mode(folder, 0o755);
}

#[test]
fn links_are_refused() {
    let built = sample(&[]);
    let real = built.folder.path().join("real.so");
    fs::rename(&built.file.library, &real).unwrap();
    symlink(&real, &built.file.library).unwrap();
    refused(
        &built,
        &[
            "libsample.so",
            "symbolic link",
            "name the file it points to",
        ],
    );
}

#[test]
fn a_linked_folder_is_looked_at_on_both_ways() {
    let built = sample(&[]);
    let open_to_all = tempfile::tempdir().unwrap();
    let inner = open_to_all.path().join("inner");
    fs::create_dir(&inner).unwrap();
    symlink(built.folder.path(), inner.join("link")).unwrap();
    let through = evenhand_plugin_host::PluginFile::beside(inner.join("link/libsample.so"));
    inspect(&through, &options()).unwrap();
    mode(&inner, 0o777);
    let message = inspect(&through, &options()).unwrap_err().to_string();
    assert!(
        message.contains("inner` can be changed by others"),
        "{message}"
    );
}

#[test]
fn what_is_no_file_is_refused_without_waiting() {
    let built = sample(&[]);
    fs::remove_file(&built.file.library).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&built.file.library)
            .status()
            .unwrap()
            .success()
    );
    refused(&built, &["libsample.so", "not a regular file"]);
    fs::remove_file(&built.file.library).unwrap();
    fs::create_dir(&built.file.library).unwrap();
    refused(&built, &["libsample.so", "not a regular file"]);
    let device = evenhand_plugin_host::PluginFile {
        library: "/dev/null".into(),
        manifest: built.file.manifest,
    };
    assert!(
        inspect(&device, &options())
            .unwrap_err()
            .to_string()
            .contains("not a regular file")
    );
}

#[test]
fn a_manifest_is_found_beside_its_library() {
    let built = sample(&[]);
    let found = |name: &str| {
        fs::write(built.folder.path().join(name), "{}").unwrap();
        let file = evenhand_plugin_host::PluginFile::beside(&built.file.library);
        file.manifest.file_name().unwrap().to_owned()
    };
    assert_eq!(found("plugin.json"), "plugin.json");
    assert_eq!(found("sample.json"), "sample.json");
    assert_eq!(found("libsample.json"), "libsample.json");
}

#[test]
fn inspection_says_what_is_in_the_file_and_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("ran");
    let code = format!("-DAT_LOAD=fopen(\"{}\", \"w\")", marker.display());
    let built = crate::build::misbehaving(&[&code]);
    let found = inspect(&built.file, &options()).unwrap();
    assert!(!marker.exists());
    Loaded::inspected(&found, Mode::InProcess, &Value::Null, &options()).unwrap();
    assert!(marker.exists(), "what would have shown it");
    assert_eq!(found.exports, ["evenhand_plugin_v1"]);
    assert!(
        found
            .needed
            .iter()
            .all(|name| name.starts_with("lib") || name.starts_with("ld-")),
        "{:?}",
        found.needed
    );
    assert_eq!(found.size, fs::metadata(&built.file.library).unwrap().len());
    assert_eq!(found.signer, Signer::Nobody);
    let sum = std::process::Command::new("sha256sum")
        .arg(&built.file.library)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&sum.stdout).starts_with(&found.sha256));
}

#[test]
fn only_the_pinned_bytes_are_loaded() {
    let built = sample(&[]);
    let pin = Pin::of(&inspect(&built.file, &options()).unwrap(), Mode::Isolated);
    open(&built, Some(&pin)).unwrap();

    // The same plugin, with one other instruction.
    let other = sample(&["-O0"]);
    fs::rename(&other.file.library, &built.file.library).unwrap();
    let message = open(&built, Some(&pin)).unwrap_err().to_string();
    let now = inspect(&built.file, &options()).unwrap().sha256;
    for part in [
        "library",
        "`sample`",
        &pin.library,
        &now,
        "plugin lock --update sample",
    ] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }

    let built = sample(&[]);
    let mut manifest = sample_manifest();
    manifest["title"] = json!("Another");
    built.set_manifest(&manifest);
    let message = open(&built, Some(&pin)).unwrap_err().to_string();
    assert!(
        message.contains("the manifest of plugin `sample`"),
        "{message}"
    );
}

#[test]
fn a_swap_between_check_and_load_changes_nothing() {
    let built = sample(&[]);
    let found = inspect(&built.file, &options()).unwrap();
    let pin = Pin::of(&found, Mode::Isolated);
    let evil = crate::build::build("misbehaving", &sample_manifest(), &["-DAT_LOAD=abort()"]);
    fs::rename(&evil.file.library, &built.file.library).unwrap();
    for mode in [Mode::Isolated, Mode::InProcess] {
        let mut plugin = Loaded::inspected(&found, mode, &Value::Null, &options()).unwrap();
        assert_eq!(plugin.origin().sha256, pin.library);
        assert!(
            plugin
                .derive(r#"{"flows":[{"kg":5}]}"#)
                .unwrap()
                .contains(":5}")
        );
    }
    // A worker that is started again gets the same bytes again.
    let mut plugin = Loaded::inspected(&found, Mode::Isolated, &Value::Null, &options()).unwrap();
    let worker = plugin.status().worker.unwrap().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-9", &worker])
            .status()
            .unwrap()
            .success()
    );
    assert!(plugin.derive("{}").unwrap_err().message.contains("SIGKILL"));
    assert!(
        plugin
            .derive(r#"{"flows":[{"kg":5}]}"#)
            .unwrap()
            .contains(":5}")
    );
}

#[test]
fn the_mode_in_the_lock_file_is_a_persons() {
    let built = sample(&[]);
    let found = inspect(&built.file, &options()).unwrap();
    let isolated = Pin::of(&found, Mode::Isolated);
    let message = isolated
        .verify(&found, Mode::InProcess)
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("`sample`") && message.contains("mode = \"in-process\""),
        "{message}"
    );
    let in_process = Pin::of(&found, Mode::InProcess);
    in_process.verify(&found, Mode::InProcess).unwrap();
    in_process.verify(&found, Mode::Isolated).unwrap();
}

#[test]
fn more_than_was_granted_is_refused() {
    let built = sample(&[]);
    let found = inspect(&built.file, &options()).unwrap();
    let mut pin = Pin::of(&found, Mode::Isolated);
    pin.grants.reads.clear();
    let message = pin.verify(&found, Mode::Isolated).unwrap_err().to_string();
    assert!(message.contains("reads `/flows` not granted"), "{message}");
}

#[test]
fn a_signature_that_is_demanded_must_be_there() {
    const KEY: &str = "RWSlYUUnDOazvqhI7kg/YPVoddUPmpaibX1s2Mi8HkTpHj40tuyX4ITG";
    let built = sample(&[]);
    let options = HostOptions {
        keys: vec![KEY.to_owned()],
        ..options()
    };
    let found = inspect(&built.file, &options).unwrap();
    let mut pin = Pin::of(&found, Mode::Isolated);
    pin.signer = Some(KEY.to_owned());
    let message = pin.verify(&found, Mode::Isolated).unwrap_err().to_string();
    assert!(
        message.contains(KEY) && message.contains("`sample`"),
        "{message}"
    );

    // A signature of other bytes by that key.
    let minisig = built.folder.path().join("libsample.so.minisig");
    fs::write(
        &minisig,
        "untrusted comment: signature from a test key\n\
         RUSlYUUnDOazvlOdjPfqJZydhnDgea9HkQOwLJ+bcSaKOrsu4WcnyPH366JVhe80iCHWiKE83PzscJ1wLa6SzW7bZga5zuVfoQ0=\n\
         trusted comment: test\n\
         hPzNt5t+Z3Vze1UEKWpDIhNJLyy9AowM6RbR/HVezx/YIzjpn34lLwNQGnSYha3ld5v5pQW1a6e1WIsRanbEBg==\n",
    )
    .unwrap();
    let message = inspect(&built.file, &options).unwrap_err().to_string();
    assert!(message.contains("does not fit its library"), "{message}");
    // Nobody's key: it says nothing, and does not stop what is not signed.
    let found = inspect(
        &built.file,
        &HostOptions {
            keys: Vec::new(),
            ..options
        },
    )
    .unwrap();
    assert_eq!(found.signer, Signer::Stranger);
}

fn locked(built: &Built) -> Locked {
    Locked::of(&inspect(&built.file, &options()).unwrap(), Mode::Isolated)
}

#[test]
fn a_lock_file_is_read_as_it_was_written() {
    let mut file = LockFile::default();
    file.put(locked(&sample(&[])));
    let mut other = locked(&crate::build::misbehaving(&[]));
    other.signer = Some("RWS\"quoted\\".to_owned());
    other.artifacts.insert(
        "aarch64-apple-darwin".to_owned(),
        format!("sha256:{}", "0".repeat(64)),
    );
    file.put(other);
    let text = file.render();
    let read = LockFile::parse(&text).unwrap();
    assert_eq!(read, file);
    assert_eq!(read.render(), text);
    let ids: Vec<&str> = read
        .plugins
        .iter()
        .map(|plugin| plugin.id.as_str())
        .collect();
    assert_eq!(ids, ["misbehaving", "sample"]);
    assert!(text.contains("reads = [\"/flows\"]"), "{text}");
    assert!(text.contains("    \"greet\",\n"), "{text}");
}

#[test]
fn a_lock_file_allows_what_it_names_and_nothing_else() {
    let built = sample(&[]);
    let found = inspect(&built.file, &options()).unwrap();
    let mut file = LockFile::default();
    let message = file.verify(&found, Mode::Isolated).unwrap_err().to_string();
    assert!(
        message.contains("not in evenhand.lock") && message.contains("plugin lock sample"),
        "{message}"
    );
    file.put(Locked::of(&found, Mode::Isolated));
    let pin = file.verify(&found, Mode::Isolated).unwrap();
    open(&built, Some(&pin)).unwrap();

    let digest = file.plugins[0].artifacts.remove(target()).unwrap();
    file.plugins[0]
        .artifacts
        .insert("aarch64-apple-darwin".to_owned(), digest);
    let message = file.verify(&found, Mode::Isolated).unwrap_err().to_string();
    assert!(
        message.contains(target()) && message.contains("`aarch64-apple-darwin`"),
        "{message}"
    );
    assert!(file.remove("sample") && !file.remove("sample"));
}

#[test]
fn an_update_keeps_other_machines_and_the_mode_a_person_wrote() {
    let built = sample(&[]);
    let mut old = locked(&built);
    old.mode = Mode::InProcess;
    old.artifacts.insert(
        "aarch64-apple-darwin".to_owned(),
        format!("sha256:{}", "1".repeat(64)),
    );
    let mut file = LockFile { plugins: vec![old] };
    file.put(locked(&built));
    assert_eq!(file.plugins[0].mode, Mode::InProcess);
    assert_eq!(file.plugins[0].artifacts.len(), 2);
    let mut newer = locked(&built);
    newer.version = "0.2.0".to_owned();
    file.put(newer);
    assert_eq!(
        file.plugins[0].artifacts.len(),
        1,
        "digests of another version say nothing"
    );
}

#[test]
fn every_problem_of_a_lock_file_is_listed() {
    let good = format!("sha256:{}", "a".repeat(64));
    let entry = |digest: &str| {
        format!(
            "[[plugin]]\nid = \"x\"\nversion = \"1.0.0\"\nabi = \"1.0\"\nmanifest = \"{digest}\"\n\
             [plugin.artifacts]\nx86_64-unknown-linux-gnu = \"{digest}\"\n"
        )
    };
    LockFile::parse(&entry(&good)).unwrap();
    let message = LockFile::parse(&format!("{}{}", entry("sha256:12"), entry(&good)))
        .unwrap_err()
        .to_string();
    assert_eq!(message.matches("is not a digest").count(), 2, "{message}");
    assert!(message.contains("`x` has two entries"), "{message}");
    for (wrong, expected) in [
        ("[[plugin]]\nid = 1\n", "line 2"),
        ("[[plugins]]\n", "plugins"),
        (
            &entry(&good).replace("abi =", "mode = \"free\"\nabi ="),
            "in-process",
        ),
        (
            &entry(&good).replace("abi =", "allow = true\nabi ="),
            "allow",
        ),
    ] {
        let message = LockFile::parse(wrong).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn an_update_shows_what_is_asked_for() {
    let old = locked(&sample(&[]));
    let mut manifest = sample_manifest();
    manifest["version"] = json!("0.2.0");
    manifest["reads"] = json!(["/budget", "/flows"]);
    manifest["provides"]["properties"]["flows"] =
        json!({ "type": "array", "items": { "type": "number" } });
    manifest["functions"].as_array_mut().unwrap().pop();
    let new = locked(&crate::build::build("sample", &manifest, &[]));
    let difference = Difference::between(Some(&old), &new);
    assert!(difference.asks_for_more());
    let lists: Vec<String> = difference
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Added { list, item } => Some(format!("+{list} {item}")),
            Change::Removed { list, item } => Some(format!("-{list} {item}")),
            Change::Value { key, from, to } if key == "version" => Some(format!("{from:?} {to:?}")),
            Change::Value { .. } | Change::New => None,
        })
        .collect();
    assert_eq!(
        lists,
        [
            "Some(\"0.1.0\") Some(\"0.2.0\")",
            "+reads /budget",
            "+provides /flows/*",
            "-functions nothing"
        ]
    );
    assert_eq!(Difference::between(Some(&old), &old).changes, []);
    assert_eq!(Difference::between(None, &old).changes[0], Change::New);
}
