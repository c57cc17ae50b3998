//! The conformance suite: whether a plugin keeps the contract, found out by asking it what nobody would ask.
//!
//! Everything runs isolated, each check with a worker of its own. The results are data, for whoever reports them.

mod calls;
mod documents;
mod files;
mod growth;
mod same;
mod suite;
mod together;

use crate::error::LoadError;
use crate::inspection::{PluginFile, inspect};
use crate::isolated::Charge;
use crate::library::{self, Facts};
use crate::loaded;
use crate::manifest;
use crate::options::HostOptions;
use crate::{Refusal, Table};
use serde_json::Value;
use suite::{Asked, Suite};

/// How one check came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    /// A short name that stays, such as `D01`.
    pub id: &'static str,
    /// What was checked.
    pub title: &'static str,
    /// Whether it was found to be so.
    pub passed: bool,
    /// What was found instead, or how much was tried.
    pub detail: String,
}

/// Runs every check on the plugin in `file`. `samples` are proposals as they would come in; the more there are, the more is
/// found. Checks that need a plugin that loads are left out if it does not.
pub fn run(
    file: &PluginFile,
    settings: &Value,
    samples: &[Value],
    options: &HostOptions,
) -> Vec<CheckResult> {
    if let Some(results) = files::register(file, options) {
        return results;
    }
    let mut results = files::check(file, options);
    let found = match inspect(file, options) {
        Ok(found) => found,
        Err(error) => {
            if results.iter().all(|result| result.passed) {
                results.push(result(
                    "T01",
                    "its files are safe to load from",
                    Err(error.to_string()),
                ));
            }
            return results;
        }
    };
    let charge = Charge::from(&found);
    let suite = Suite::new(&found.manifest, charge, settings, samples, options);
    results.extend(loaded(&suite, "with every symbol, inside the fence"));
    results
}

/// Runs every check that needs no file on a plugin that is part of the worker's program, as it is part of this one.
pub fn linked(
    table: &'static Table,
    settings: &Value,
    samples: &[Value],
    options: &HostOptions,
) -> Vec<CheckResult> {
    let read = |error: &dyn std::fmt::Display| {
        let message = error.to_string();
        Refusal::Table { message }.to_string()
    };
    // SAFETY: a static table, whose manifest and functions are static too.
    let inside = unsafe { evenhand_contract::table::Table::read(table) };
    let inside = inside.map_err(|error| read(&error)).and_then(|table| {
        let manifest = manifest::parse("bundled", table.manifest.as_bytes());
        let manifest = manifest.map_err(|error| error.to_string())?;
        Ok((manifest, table.manifest))
    });
    let said = inside
        .as_ref()
        .map(|(manifest, _)| format!("`{}` {}", manifest.id, manifest.version));
    let mut results = vec![result(
        "M01",
        "its manifest is valid",
        said.map_err(Clone::clone),
    )];
    let Ok((manifest, text)) = inside else {
        return results;
    };
    let fits = manifest::fits(&manifest, &options.engine).map_err(|error| error.to_string());
    results.push(result(
        "M02",
        "it works with this engine",
        fits.map(|()| format!("engine {}", options.engine)),
    ));
    let charge = Charge {
        plugin: &manifest.id,
        manifest: text,
        needed: &[],
        library: None,
        threads: 0,
    };
    let suite = Suite::new(&manifest, charge, settings, samples, options);
    results.extend(loaded(&suite, "as part of this program, inside the fence"));
    results
}

/// The checks of a plugin that loads; the first says whether it does.
fn loaded(suite: &Suite<'_>, how: &str) -> Vec<CheckResult> {
    let loads = suite.start(&[]).map(|_| how.to_owned());
    let failed = loads.is_err();
    let mut results = vec![result("L01", "it loads and starts in the fence", loads)];
    if failed {
        return results;
    }
    results.extend(calls::check(suite));
    results.extend(documents::check(suite));
    results.extend(same::check(suite));
    results.push(together::check(suite));
    results.extend(growth::check(suite));
    results
}

/// Makes a result: what was tried, or what is wrong.
fn result(id: &'static str, title: &'static str, outcome: Result<String, String>) -> CheckResult {
    let (passed, detail) = match outcome {
        Ok(detail) => (true, detail),
        Err(detail) => (false, detail),
    };
    CheckResult {
        id,
        title,
        passed,
        detail,
    }
}

/// The first few of `problems`, or that nothing was wrong with what was `tried`.
fn unless(problems: Vec<String>, tried: String) -> Result<String, String> {
    const SHOWN: usize = 5;
    if problems.is_empty() {
        return Ok(tried);
    }
    let more = problems.len().saturating_sub(SHOWN);
    let mut text = problems
        .into_iter()
        .take(SHOWN)
        .collect::<Vec<_>>()
        .join("; ");
    if more > 0 {
        text = format!("{text}; and {more} more");
    }
    Err(text)
}
