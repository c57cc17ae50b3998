//! Whether memory grows with the number of questions.

use super::calls::ordinary;
use super::documents::operations;
use super::{CheckResult, Suite, result, unless};
use crate::isolated::{Call, Isolated};
use crate::system;
use evenhand_core::plugin::PluginError;

/// Calls of each function.
const CALLS: usize = 20_000;
/// Runs of each operation.
const RUNS: usize = 2_000;
/// Instances made and ended.
const RENEWALS: usize = 500;
/// Calls in one message.
const BATCH: usize = 500;
/// Growth that an allocator may show by itself, in bytes.
const SLACK: u64 = 2 << 20;

pub(super) fn check(suite: &Suite<'_>) -> Vec<CheckResult> {
    vec![
        result(
            "R01",
            "memory does not grow with calls and documents",
            asking(suite),
        ),
        result(
            "R02",
            "memory does not grow with instances",
            renewing(suite),
        ),
    ]
}

fn asking(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let mut problems = Vec::new();
    for (index, function) in (0..).zip(&suite.found.manifest.functions) {
        // One that gives no answer at all would be waited for, time after time.
        let once = [Call::new(
            index,
            suite.options.limits.text,
            ordinary(function),
        )];
        if let Err(error) = worker.call(&once).into_iter().try_for_each(drop_answer) {
            problems.push(format!("`{}`: {}", function.name, error.message));
            worker = suite.start(&[])?;
            continue;
        }
        let calls: Vec<Call<'_>> = (0..BATCH)
            .map(|_| Call::new(index, suite.options.limits.text, ordinary(function)))
            .collect();
        let grown = grown(&mut worker, CALLS / BATCH, |worker| {
            worker.call(&calls).into_iter().try_for_each(drop_answer)
        });
        match grown {
            Ok(bytes) if bytes > SLACK => {
                problems.push(format!(
                    "{} KiB more after {CALLS} calls of `{}`",
                    bytes >> 10,
                    function.name
                ));
            }
            Ok(_) => {}
            Err(error) => problems.push(format!("`{}`: {}", function.name, error.message)),
        }
    }
    let documents: Vec<&[u8]> = suite
        .samples
        .iter()
        .map(|sample| sample.projected.as_bytes())
        .cycle()
        .take(BATCH)
        .collect();
    for (operation, name) in operations(&suite.found.manifest) {
        let limit = suite.options.limits.document;
        let once = worker.run(operation, documents.get(..1).unwrap_or_default(), limit);
        if let Err(error) = once.into_iter().try_for_each(drop_answer) {
            problems.push(format!("{name}: {}", error.message));
            worker = suite.start(&[])?;
            continue;
        }
        let grown = grown(&mut worker, RUNS / BATCH, |worker| {
            worker
                .run(operation, &documents, limit)
                .into_iter()
                .try_for_each(drop_answer)
        });
        match grown {
            Ok(bytes) if bytes > SLACK => problems.push(format!(
                "{} KiB more after {RUNS} documents ({name})",
                bytes >> 10
            )),
            Ok(_) => {}
            Err(error) => problems.push(format!("{name}: {}", error.message)),
        }
    }
    unless(
        problems,
        format!("{CALLS} calls of each function, {RUNS} documents"),
    )
}

fn renewing(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let bytes = grown(&mut worker, RENEWALS, |worker| worker.renew().map(drop))
        .map_err(|error| error.message)?;
    if bytes > SLACK {
        return Err(format!(
            "{} KiB more after {RENEWALS} instances: does `destroy` give everything back?",
            bytes >> 10
        ));
    }
    Ok(format!("{RENEWALS} instances"))
}

fn drop_answer<T>(answer: Result<T, PluginError>) -> Result<(), PluginError> {
    answer.map(drop)
}

/// Bytes by which a worker grows from the first quarter of `rounds` to their end.
fn grown(
    worker: &mut Isolated,
    rounds: usize,
    mut ask: impl FnMut(&mut Isolated) -> Result<(), PluginError>,
) -> Result<u64, PluginError> {
    let mut before = 0;
    for round in 0..rounds {
        if round == rounds / 4 {
            before = worker.id().and_then(system::resident).unwrap_or(0);
        }
        ask(worker)?;
    }
    let after = worker.id().and_then(system::resident).unwrap_or(0);
    Ok(after.saturating_sub(before))
}
