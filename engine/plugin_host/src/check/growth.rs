//! Whether memory grows with the number of questions.

use super::calls::ordinary;
use super::documents::operations;
use super::{Asked, CheckResult, Suite, result, unless};
use crate::isolated::Call;
use crate::system;
use evenhand_contract::plugin::PluginError;
use std::time::{Duration, Instant};

/// Calls of each function.
const CALLS: usize = 20_000;
/// Runs of each operation.
const RUNS: usize = 2_000;
/// Instances made and ended.
const RENEWALS: usize = 500;
/// Calls in one message, at most.
const BATCH: usize = 500;
/// Messages, at least: memory is looked at between them.
const ROUNDS: usize = 8;
/// How long the questions to one function or operation may take all together, as a few of them foretell.
const BUDGET: Duration = Duration::from_secs(4);
/// Questions that foretell it.
const PROBES: usize = 8;
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
    let limits = suite.options.limits;
    let mut problems = Vec::new();
    let mut fewest = CALLS;
    for (index, function) in (0..).zip(&suite.manifest.functions) {
        let call = || Call::new(index, limits.text, ordinary(function));
        let asked = grown_by(&mut worker, CALLS, |worker, count| {
            let calls: Vec<Call<'_>> = (0..count).map(|_| call()).collect();
            worker.call(&calls).into_iter().try_for_each(drop_answer)
        });
        let name = format!("`{}`", function.name);
        match asked {
            Ok((bytes, count)) => {
                fewest = fewest.min(count);
                if bytes > SLACK {
                    problems.push(format!(
                        "{} KiB more after {count} calls of {name}",
                        bytes >> 10
                    ));
                }
            }
            Err(error) => {
                problems.push(format!("{name}: {}", error.message));
                worker = suite.start(&[])?;
            }
        }
    }
    let mut documents = suite.samples.iter().cycle();
    for (operation, name) in operations(suite.manifest) {
        let asked = grown_by(&mut worker, RUNS, |worker, count| {
            let some: Vec<&[u8]> = documents
                .by_ref()
                .take(count)
                .map(|sample| sample.projected.as_bytes())
                .collect();
            worker
                .run(operation, &some, limits.document)
                .into_iter()
                .try_for_each(drop_answer)
        });
        match asked {
            Ok((bytes, count)) if bytes > SLACK => problems.push(format!(
                "{} KiB more after {count} documents ({name})",
                bytes >> 10
            )),
            Ok(_) => {}
            Err(error) => {
                problems.push(format!("{name}: {}", error.message));
                worker = suite.start(&[])?;
            }
        }
    }
    unless(
        problems,
        format!("{fewest} calls of each function, up to {RUNS} documents"),
    )
}

fn renewing(suite: &Suite<'_>) -> Result<String, String> {
    let mut worker = suite.start(&[])?;
    let renew = |worker: &mut Asked<'_>, count: usize| {
        (0..count).try_for_each(|_| worker.renew().map(drop))
    };
    let (bytes, count) = grown_by(&mut worker, RENEWALS, renew).map_err(|error| error.message)?;
    if bytes > SLACK {
        return Err(format!(
            "{} KiB more after {count} instances: does `destroy` give everything back?",
            bytes >> 10
        ));
    }
    Ok(format!("{count} instances"))
}

fn drop_answer<T>(answer: Result<T, PluginError>) -> Result<(), PluginError> {
    answer.map(drop)
}

/// How long one question takes: the quickest of a few, since a busy machine makes some of them wait. A slow one is asked once.
fn quickest(mut ask: impl FnMut() -> Result<(), PluginError>) -> Result<Duration, PluginError> {
    let began = Instant::now();
    let mut best = Duration::MAX;
    for _ in 0..PROBES {
        let before = Instant::now();
        ask()?;
        best = best.min(before.elapsed());
        if began.elapsed() > BUDGET / 10 {
            break;
        }
    }
    Ok(best)
}

/// Bytes by which a worker grows from the first quarter of `most` questions to their end, and how many were asked: fewer
/// where a single one takes long.
fn grown_by(
    worker: &mut Asked<'_>,
    most: usize,
    mut ask: impl FnMut(&mut Asked<'_>, usize) -> Result<(), PluginError>,
) -> Result<(u64, usize), PluginError> {
    // The first may prepare something. One that gives no answer at all is found here, before many wait for it.
    ask(worker, 1)?;
    let one = quickest(|| ask(worker, 1))?.max(Duration::from_nanos(100));
    let affordable = BUDGET.as_nanos() / one.as_nanos();
    let count = most
        .min(usize::try_from(affordable).unwrap_or(most))
        .max(ROUNDS);
    let batch = (count / ROUNDS).min(BATCH);
    let (mut before, mut asked) = (0, 0);
    while asked + batch <= count {
        if before == 0 && asked >= count / 4 {
            before = worker.id().and_then(system::resident).unwrap_or(0);
        }
        ask(worker, batch)?;
        asked += batch;
    }
    let after = worker.id().and_then(system::resident).unwrap_or(0);
    Ok((after.saturating_sub(before), asked))
}
