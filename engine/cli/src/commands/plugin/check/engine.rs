//! Whether the engine itself takes the plugin in and believes what it answers: what would happen in `evenhand check`.

use crate::bundled;
use evenhand_core::document::Document;
use evenhand_core::instances::{PluginSource, Single};
use evenhand_core::plugin::Plugin as _;
use evenhand_core::problem::Problem;
use evenhand_core::rulebook::Rulebook;
use evenhand_core::settings::Settings;
use evenhand_plugin_host::{CheckResult, LoadError, Loaded};
use evenhand_threads::Threads;
use serde_json::Value;
use std::sync::Arc;

/// Puts `plugin` beside the core pack and the bundled plugins, and judges the samples.
pub(super) fn check(plugin: Result<Loaded, LoadError>, samples: &[Document]) -> Vec<CheckResult> {
    let taken = plugin.map_err(|error| error.to_string()).and_then(taken_in);
    let (id, book) = match taken {
        Ok(taken) => taken,
        Err(detail) => return vec![result("A01", TAKEN, Err(detail))],
    };
    let mut results = vec![result(
        "A01",
        TAKEN,
        Ok("with the core pack and the other plugins".to_owned()),
    )];
    let mut refused: Vec<String> = Vec::new();
    for sample in samples {
        let card = book.judge(sample);
        let own = card.failures.iter().filter(|failure| failure.plugin == id);
        // Without its last words: the checks before this one have them.
        let cause = own.map(|failure| {
            failure
                .to_string()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned()
        });
        refused.extend(cause.map(|cause| format!("{}: {cause}", sample.name())));
    }
    let believed = if refused.is_empty() {
        Ok(format!("{} proposals judged", samples.len()))
    } else {
        let first = refused.first().cloned().unwrap_or_default();
        let more = refused.len() - 1;
        Err(if more == 0 {
            first
        } else {
            format!("{first}; and {more} more")
        })
    };
    results.push(result("A02", "the engine believes its answers", believed));
    results
}

const TAKEN: &str = "the engine takes it in";

fn taken_in(plugin: Loaded) -> Result<(String, Rulebook), String> {
    let id = plugin.manifest().id.clone();
    let mut plugins: Vec<Arc<dyn PluginSource>> = Vec::new();
    for other in bundled::PLUGINS.into_iter().filter(|other| *other != id) {
        if let Some(Ok(other)) = bundled::plugin(other, &Value::Null) {
            plugins.push(Arc::new(other));
        }
    }
    plugins.push(Arc::new(Single::new(Box::new(plugin))));
    let packs = vec![bundled::core_pack()];
    let book = Rulebook::open(packs, plugins, Settings::default(), Arc::new(Threads));
    let book = book.map_err(|problems| said(&problems))?;
    Ok((id, book))
}

fn said(problems: &[Problem]) -> String {
    let said: Vec<String> = problems
        .iter()
        .map(|problem| match &problem.expected {
            Some(expected) => format!("{}; expected {expected}", problem.message),
            None => problem.message.to_string(),
        })
        .collect();
    said.join("; ")
}

fn result(id: &'static str, title: &'static str, outcome: Result<String, String>) -> CheckResult {
    let passed = outcome.is_ok();
    let (Ok(detail) | Err(detail)) = outcome;
    CheckResult {
        id,
        title,
        passed,
        detail,
    }
}
