//! The lock file as text.

use super::{LockFile, Locked};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Why a lock file cannot be used; every problem is listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lock file is not valid:\n{}", problems.join("\n"))]
pub struct LockError {
    /// What is wrong, with the place where it can be said.
    pub problems: Vec<String>,
}

const HEADER: &str = "\
# Written by `evenhand plugin lock`. Review changes as you would review code: a plugin runs only if its bytes have these
# digests. `mode = \"in-process\"` takes the fence away and is never written by a program.
";

/// As written; `plugin` for each table in the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    plugin: Vec<Locked>,
}

pub(super) fn parse(text: &str) -> Result<LockFile, LockError> {
    let written: Written = toml::from_str(text).map_err(|error| LockError {
        problems: vec![error.to_string()],
    })?;
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    for plugin in &written.plugin {
        let id = &plugin.id;
        if !ids.insert(id) {
            problems.push(format!("plugin `{id}` has two entries; keep one"));
        }
        if plugin.artifacts.is_empty() {
            problems.push(format!(
                "plugin `{id}` has no artifact, so it could run nowhere; lock it again"
            ));
        }
        for value in plugin
            .artifacts
            .values()
            .chain([&plugin.manifest])
            .chain(&plugin.archive)
        {
            if let Err(problem) = digest(value) {
                problems.push(format!("plugin `{id}`: {problem}"));
            }
        }
    }
    if !problems.is_empty() {
        return Err(LockError { problems });
    }
    let mut plugins = written.plugin;
    plugins.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(LockFile { plugins })
}

/// The hexadecimal part of `sha256:…`.
pub(super) fn digest(value: &str) -> Result<&str, String> {
    let hex = value.strip_prefix("sha256:").filter(|hex| {
        hex.len() == 64
            && hex
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    });
    hex.ok_or_else(|| {
        format!("`{value}` is not a digest, expected `sha256:` and 64 small hexadecimal digits")
    })
}

pub(super) fn render(file: &LockFile) -> String {
    let mut text = HEADER.to_owned();
    let mut plugins: Vec<&Locked> = file.plugins.iter().collect();
    plugins.sort_by(|a, b| a.id.cmp(&b.id));
    for plugin in plugins {
        text.push_str("\n[[plugin]]\n");
        line(&mut text, "id", &plugin.id);
        line(&mut text, "version", &plugin.version);
        line(&mut text, "abi", &plugin.abi);
        line(&mut text, "mode", plugin.mode.word());
        line(&mut text, "manifest", &plugin.manifest);
        if let Some(signer) = &plugin.signer {
            line(&mut text, "signer", signer);
        }
        if let Some(archive) = &plugin.archive {
            line(&mut text, "archive", archive);
        }
        text.push_str("\n[plugin.artifacts]\n");
        for (target, digest) in &plugin.artifacts {
            line(&mut text, &quote(target), digest);
        }
        text.push_str("\n[plugin.grants]\n");
        for (name, list) in plugin.grants.lists() {
            let mut list = list.clone();
            list.sort();
            let quoted: Vec<String> = list.iter().map(|item| quote(item)).collect();
            // One item a line, so that a difference shows what was added.
            let value = match quoted.len() {
                0 => "[]".to_owned(),
                1 => format!("[{}]", quoted.concat()),
                _ => format!("[\n    {},\n]", quoted.join(",\n    ")),
            };
            writeln(&mut text, name, &value);
        }
    }
    text
}

fn line(text: &mut String, key: &str, value: &str) {
    writeln(text, key, &quote(value));
}

fn writeln(text: &mut String, key: &str, value: &str) {
    for part in [key, " = ", value, "\n"] {
        text.push_str(part);
    }
}

fn quote(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}
