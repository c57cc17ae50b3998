//! Compares a manifest with the code beside it.

use crate::abi;
use crate::export::{Exported, Function};
use crate::table::Table;
use serde_json::Value;

/// What the manifest in `table` says otherwise than the code: its form, its id as a symbol, and the ABI.
///
/// `id` is the manifest's id with `-` as `_`, as the macro was given it.
#[expect(unsafe_code, reason = "reads the table as a host does")]
pub fn manifest_differences(table: &'static abi::Plugin, id: &str) -> Vec<String> {
    // SAFETY: a whole table that lives for ever.
    let manifest = match unsafe { Table::read(table) } {
        Ok(table) => table.manifest,
        Err(error) => return vec![error.to_string()],
    };
    let manifest: Value = match serde_json::from_str(manifest) {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("not valid JSON: {error}")],
    };
    let mut found = Vec::new();
    if manifest.get("manifest_version").and_then(Value::as_u64) != Some(1) {
        found.push("`manifest_version` must be 1".to_owned());
    }
    let text = |key: &str| {
        manifest
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    if text("id").replace('-', "_") != id {
        found.push(format!(
            "the id is `{}`, the macro was given `{id}`",
            text("id")
        ));
    }
    if !speaks(text("abi")) {
        let (ours, major, minor) = (text("abi"), abi::ABI_MAJOR, abi::ABI_MINOR);
        found.push(format!(
            "the ABI is `{ours}`, the SDK speaks {major}.0 to {major}.{minor}"
        ));
    }
    found
}

/// Whether `version` (`major.minor`) is one that this SDK makes.
fn speaks(version: &str) -> bool {
    let parts = version.split_once('.');
    let parts = parts.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    parts.is_some_and(|(major, minor): (u16, u16)| {
        major == abi::ABI_MAJOR && (0..=abi::ABI_MINOR).contains(&minor)
    })
}

/// Where the manifest's functions and those of the code differ: number, order, names, types, purity.
pub fn function_differences<P: Exported>() -> Vec<String> {
    let Ok(manifest) = serde_json::from_slice::<Value>(P::MANIFEST) else {
        return Vec::new(); // reported by `manifest_differences`
    };
    let declared = manifest.get("functions").and_then(Value::as_array);
    let declared: Vec<String> = declared
        .into_iter()
        .flatten()
        .map(declared_signature)
        .collect();
    let written: Vec<String> = P::FUNCTIONS.iter().map(written_signature).collect();
    let longer = declared.len().max(written.len());
    (0..longer)
        .filter(|index| declared.get(*index) != written.get(*index))
        .map(|index| {
            let show = |signature: Option<&String>| {
                signature.map_or_else(|| "nothing".to_owned(), |text| format!("`{text}`"))
            };
            let (manifest, code) = (show(declared.get(index)), show(written.get(index)));
            format!("function {index}: the manifest has {manifest}, the code has {code}")
        })
        .collect()
}

fn written_signature<P>(function: &Function<P>) -> String {
    format!(
        "{}{}",
        if function.pure { "pure " } else { "" },
        function.signature()
    )
}

fn declared_signature(function: &Value) -> String {
    let text = |value: &Value, key: &str| -> String {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or("?")
            .to_owned()
    };
    let params = function
        .get("params")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let params: Vec<String> = params
        .map(|param| format!("{}: {}", text(param, "name"), text(param, "type")))
        .collect();
    let pure = function
        .get("pure")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    format!(
        "{}{}({}) -> {}",
        if pure { "pure " } else { "" },
        text(function, "name"),
        params.join(", "),
        text(function, "returns")
    )
}
