//! What can be said before anything runs.

use super::{CheckResult, Facts, HostOptions, PluginFile, library, manifest, result, unless};
use crate::error::quoted;
use crate::inspection::Parts;
use evenhand_contract::abi;

/// The checks of a plugin without code; none where it has some.
pub(super) fn register(file: &PluginFile, options: &HostOptions) -> Option<Vec<CheckResult>> {
    let parts = Parts::read(file).ok()?;
    let manifest = manifest::parse(&parts.place, &parts.manifest).ok()?;
    manifest.table.as_ref()?;
    let said = format!("`{}` {}", manifest.id, manifest.version);
    let fits = manifest::fits(&manifest, &options.engine).map_err(|error| error.to_string());
    let rows = crate::inspect(file, options).map_err(|error| error.to_string());
    let rows = rows.map(|found| {
        let count = found.rows.as_ref().map_or(0, |rows| rows.len());
        format!("{count} rows")
    });
    Some(vec![
        result("M01", "its manifest is valid", Ok(said)),
        result(
            "M02",
            "it works with this engine",
            fits.map(|()| format!("engine {}", options.engine)),
        ),
        result("R01", "every row fits its manifest", rows),
    ])
}

pub(super) fn check(file: &PluginFile, options: &HostOptions) -> Vec<CheckResult> {
    let mut results = Vec::new();
    let (manifest, library) = Parts::each(file);
    let manifest = manifest.and_then(|(place, bytes)| manifest::parse(&place, &bytes));
    let fits = manifest
        .as_ref()
        .map(|manifest| manifest::fits(manifest, &options.engine));
    let engine = match fits {
        Ok(Err(error)) => Err(error.to_string()),
        _ => Ok(format!("engine {}", options.engine)),
    };
    let read = manifest
        .as_ref()
        .map(|manifest| format!("`{}` {}", manifest.id, manifest.version));
    results.push(result(
        "M01",
        "its manifest is valid",
        read.map_err(ToString::to_string),
    ));
    results.push(result("M02", "it works with this engine", engine));

    let facts = library.and_then(|(path, bytes)| library::read(&path, &bytes));
    let facts = match facts {
        Ok(facts) => facts,
        Err(error) => {
            results.push(result(
                "E01",
                "it is a library for this machine",
                Err(error.to_string()),
            ));
            return results;
        }
    };
    let target = crate::lock::target().to_owned();
    results.push(result(
        "E01",
        "it is a library for this machine",
        Ok(target),
    ));
    if let Ok(manifest) = &manifest {
        results.extend(exports(&facts, &manifest.id));
    }
    let needed = if facts.needed.is_empty() {
        "none".to_owned()
    } else {
        quoted(&facts.needed)
    };
    results.push(result(
        "E04",
        "it needs no library but the system's",
        unless(facts.foreign(), needed),
    ));
    let refused = facts
        .refused
        .into_iter()
        .map(|(problem, remedy)| format!("it {problem}: {remedy}"));
    let none = "no search path, filter or executable stack".to_owned();
    results.push(result(
        "E05",
        "loading it does nothing unusual",
        unless(refused.collect(), none),
    ));
    results
}

fn exports(facts: &Facts, id: &str) -> [CheckResult; 2] {
    let named = abi::entry_symbol(id);
    let is_entry = |name: &&String| **name == named || name.as_str() == abi::PLAIN_ENTRY;
    let entries: Vec<&String> = facts.exports.iter().filter(is_entry).collect();
    let entry = match entries.as_slice() {
        [] => Err(format!(
            "neither `{named}` nor `{}` is exported",
            abi::PLAIN_ENTRY
        )),
        found => Ok(quoted(found)),
    };
    // What tools put there themselves, and plugins of Rust built as both kinds of library.
    let usual = |name: &String| {
        name.starts_with("rust_eh_personality") || ["_init", "_fini"].contains(&name.as_str())
    };
    let others = facts
        .exports
        .iter()
        .filter(|name| !is_entry(name) && !usual(name));
    let others: Vec<String> = others.map(|name| format!("`{name}`")).collect();
    [
        result("E02", "it exports its entry", entry),
        result(
            "E03",
            "it exports nothing else, which could meet another library's",
            unless(others, "one symbol".to_owned()).map_err(|others| {
                format!(
                    "{others}; compile with -fvisibility=hidden, or link with -Wl,--version-script=FILE, where FILE holds \
                     {{ global: {named}; local: *; }};"
                )
            }),
        ),
    ]
}
