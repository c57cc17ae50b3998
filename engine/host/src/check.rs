//! The conformance suite: whether a plugin keeps the contract, found out by asking it what nobody would ask.
//!
//! Everything runs isolated, each check with a worker of its own. The results are data, for whoever reports them.

mod calls;
mod documents;
mod files;
mod growth;
mod same;

use crate::error::LoadError;
use crate::file;
use crate::inspection::{Inspection, PluginFile, inspect};
use crate::isolated::Isolated;
use crate::library::{self, Facts};
use crate::loaded;
use crate::manifest;
use crate::options::HostOptions;
use serde_json::Value;

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
    let suite = Suite::new(&found, settings, samples, options);
    let loads = suite
        .start(&[])
        .map(|_| "with every symbol, inside the fence".to_owned());
    let failed = loads.is_err();
    results.push(result("L01", "it loads and starts in the fence", loads));
    if failed {
        return results;
    }
    results.extend(calls::check(&suite));
    results.extend(documents::check(&suite));
    results.extend(same::check(&suite));
    results.extend(growth::check(&suite));
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

/// What all checks of a plugin share.
struct Suite<'a> {
    found: &'a Inspection,
    settings: &'a Value,
    /// Proposals, and the same with only what the plugin reads.
    samples: Vec<Sample>,
    options: HostOptions,
}

/// A proposal.
struct Sample {
    whole: String,
    projected: String,
}

impl<'a> Suite<'a> {
    fn new(
        found: &'a Inspection,
        settings: &'a Value,
        samples: &[Value],
        options: &HostOptions,
    ) -> Self {
        let empty = Value::Object(serde_json::Map::new());
        let samples = samples.iter().chain([&empty]).map(|sample| Sample {
            whole: sample.to_string(),
            projected: evenhand_plugin::projection::project(sample, &found.manifest.reads)
                .to_string(),
        });
        Self {
            found,
            settings,
            samples: samples.collect(),
            // A check goes on after a crash, to find the next.
            options: HostOptions {
                restarts: 1000,
                ..options.clone()
            },
        }
    }

    /// A worker that sees only `environment`.
    fn start(&self, environment: &[(&'static str, &'static str)]) -> Result<Isolated, String> {
        let text = |error: LoadError| error.to_string();
        manifest::fits(&self.found.manifest, &self.options.engine).map_err(text)?;
        let settings = loaded::checked(&self.found.manifest, self.settings).map_err(text)?;
        Isolated::load(self.found, settings, &self.options, environment).map_err(text)
    }

    fn id(&self) -> &str {
        &self.found.manifest.id
    }
}
