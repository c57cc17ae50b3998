//! Builds plugins from the C sources beside this file with the system's compiler.

use evenhand_plugin_host::{HostOptions, PluginFile};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A plugin in a folder of its own, which lives as long as this.
pub(crate) struct Built {
    pub(crate) folder: TempDir,
    pub(crate) file: PluginFile,
}

impl Built {
    /// Writes another manifest beside the library.
    pub(crate) fn set_manifest(&self, manifest: &Value) {
        fs::write(&self.file.manifest, manifest.to_string()).unwrap();
    }
}

/// The manifest of `sample.c`.
pub(crate) fn sample_manifest() -> Value {
    let one = |name: &str, kind: &str| json!({ "name": name, "pure": true, "params": [{ "name": "value", "type": kind }], "returns": kind });
    json!({
        "manifest_version": 1, "id": "sample", "title": "Sample", "version": "0.1.0", "abi": "1.0",
        "engine": ">=0.1, <0.2", "licence": "MIT", "reads": ["/flows"],
        "provides": { "type": "object", "additionalProperties": false,
            "properties": { "total_kg": { "type": "number", "minimum": 0, "x-unit": "kg" } } },
        "functions": [
            { "name": "add", "pure": true, "returns": "f64",
              "params": [{ "name": "a", "type": "f64" }, { "name": "b", "type": "f64" }] },
            one("greet", "str"), one("echo", "json"), one("minus", "i64"), one("other", "bool"),
            { "name": "nothing", "pure": true, "params": [], "returns": "unit" } ],
        "rules": [{ "id": "ethics/sample", "title": "Sample", "dimension": "ethics", "severity": "minor" }],
        "settings": { "type": "object", "additionalProperties": false,
            "properties": { "refuse": { "type": "boolean", "default": false } } },
    })
}

/// The manifest of `misbehaving.c`.
pub(crate) fn misbehaving_manifest() -> Value {
    json!({
        "manifest_version": 1, "id": "misbehaving", "title": "Misbehaving", "version": "0.1.0", "abi": "1.0",
        "engine": "0.1", "licence": "MIT", "reads": ["/how"],
        "provides": { "type": "object", "additionalProperties": false, "properties": { "x": { "type": "number" } } },
        "functions": [{ "name": "misbehave", "params": [{ "name": "how", "type": "str" }], "returns": "f64" }],
    })
}

pub(crate) fn sample(flags: &[&str]) -> Built {
    build("sample", &sample_manifest(), flags)
}

pub(crate) fn misbehaving(flags: &[&str]) -> Built {
    build("misbehaving", &misbehaving_manifest(), flags)
}

/// Compiles `tests/c/<source>.c` with `manifest` inside and beside it.
pub(crate) fn build(source: &str, manifest: &Value, flags: &[&str]) -> Built {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join(format!("lib{source}.so"));
    let text = manifest.to_string();
    let header = folder.path().join("manifest.h");
    fs::write(&header, format!("#define MANIFEST {}\n", c_string(&text))).unwrap();
    compile(
        &here(&format!("tests/c/{source}.c")),
        &library,
        Some(&header),
        flags,
    );
    let file = PluginFile {
        library,
        manifest: folder.path().join("plugin.json"),
    };
    fs::write(&file.manifest, text).unwrap();
    Built { folder, file }
}

/// Runs the system's C compiler.
pub(crate) fn compile(source: &Path, library: &Path, header: Option<&Path>, flags: &[&str]) {
    let mut command = Command::new("cc");
    command.args([
        "-std=c99",
        "-O1",
        "-g0",
        "-w",
        "-shared",
        "-fPIC",
        "-fvisibility=hidden",
    ]);
    command.arg("-I").arg(here("../../plugins/sdk/include"));
    if let Some(header) = header {
        command.arg("-include").arg(header);
    }
    command.arg(source).arg("-o").arg(library).args(flags);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Options with the worker that Cargo built for these tests.
pub(crate) fn options() -> HostOptions {
    HostOptions::new(env!("CARGO_BIN_EXE_evenhand-plugin-worker"))
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn c_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
