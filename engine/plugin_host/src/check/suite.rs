//! What all checks of a plugin share: samples, workers, and how often it gave no answer.

use super::{LoadError, loaded, manifest};
use crate::isolated::{Call, Charge, Isolated};
use crate::options::{HostOptions, Limits, RunBudget};
use crate::values::{self, Reply, failure};
use crate::worker::Question;
use evenhand_contract::abi;
use evenhand_contract::plugin::{FailureKind, Manifest, PluginError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often a function or operation may give no answer in time. Each time costs as long as a call may take, so that the
/// checks would otherwise take minutes to say the same thing again.
const WAITS: u32 = 3;

/// A plugin under check.
pub(super) struct Suite<'a> {
    pub(super) manifest: &'a Manifest,
    charge: Charge<'a>,
    settings: &'a Value,
    /// Proposals, and the same with only what the plugin reads.
    pub(super) samples: Vec<Sample>,
    pub(super) options: HostOptions,
    /// How often each function and operation gave no answer in time.
    waits: Mutex<BTreeMap<What, u32>>,
}

/// A proposal.
pub(super) struct Sample {
    pub(super) whole: String,
    pub(super) projected: String,
}

/// What can be asked of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Function(u32),
    Operation(u32),
}

impl<'a> Suite<'a> {
    pub(super) fn new(
        manifest: &'a Manifest,
        charge: Charge<'a>,
        settings: &'a Value,
        samples: &[Value],
        options: &HostOptions,
    ) -> Self {
        let empty = Value::Object(serde_json::Map::new());
        let samples = samples.iter().chain([&empty]).map(|sample| Sample {
            whole: sample.to_string(),
            projected: evenhand_contract::projection::project(sample, &manifest.reads).to_string(),
        });
        // The suite asks a thousand times what a run asks once, and gives up by its own count of waits.
        let limits = Limits {
            waits: Duration::from_mins(1),
            plugin: Duration::from_mins(5),
            run: Duration::from_mins(10),
            ..options.limits
        };
        Self {
            manifest,
            charge,
            settings,
            samples: samples.collect(),
            // A check goes on after a crash, to find the next.
            options: HostOptions {
                restarts: 1000,
                limits,
                budget: RunBudget::default(),
                ..options.clone()
            },
            waits: Mutex::default(),
        }
    }

    /// A worker that sees only `environment`.
    pub(super) fn start(
        &self,
        environment: &[(&'static str, &'static str)],
    ) -> Result<Asked<'_>, String> {
        self.begin(self.charge, &self.options, environment)
    }

    /// A worker with room and time for so many instances that are asked at the same time.
    pub(super) fn start_several(&self, threads: u32) -> Result<Asked<'_>, String> {
        let mut options = self.options.clone();
        options.limits.memory *= 4;
        options.limits.call *= 40;
        options.same_core = false;
        let charge = Charge {
            threads,
            ..self.charge
        };
        self.begin(charge, &options, &[])
    }

    fn begin(
        &self,
        charge: Charge<'_>,
        options: &HostOptions,
        environment: &[(&'static str, &'static str)],
    ) -> Result<Asked<'_>, String> {
        let text = |error: LoadError| brief(&error.to_string());
        manifest::fits(self.manifest, &options.engine).map_err(text)?;
        let settings = loaded::checked(self.manifest, self.settings).map_err(text)?;
        let worker = Isolated::load(&charge, settings, options, environment).map_err(text)?;
        Ok(Asked {
            suite: self,
            worker,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.manifest.id
    }

    /// Whether anything was given up.
    pub(super) fn gave_up(&self) -> bool {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.values().any(|count| *count >= WAITS)
    }

    fn given_up(&self, what: What) -> bool {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.get(&what).is_some_and(|count| *count >= WAITS)
    }

    fn note(&self, what: What, replies: &[Result<Reply, PluginError>]) {
        let slow = |reply: &Result<Reply, PluginError>| matches!(reply, Err(error) if error.kind == FailureKind::Limit);
        if replies.iter().any(slow) {
            let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
            *waits.entry(what).or_default() += 1;
        }
    }
}

/// A worker of a plugin under check.
pub(super) struct Asked<'a> {
    suite: &'a Suite<'a>,
    worker: Isolated,
}

impl Asked<'_> {
    /// Calls one function, once or several times.
    pub(super) fn call(&mut self, calls: &[Call<'_>]) -> Vec<Result<Reply, PluginError>> {
        let Some(what) = calls.first().map(|call| What::Function(call.function)) else {
            return Vec::new();
        };
        if self.suite.given_up(what) {
            return calls.iter().map(|_| Err(self.no_more())).collect();
        }
        let replies = shortened(self.worker.call(calls));
        self.suite.note(what, &replies);
        replies
    }

    /// One call.
    pub(super) fn once(&mut self, call: Call<'_>) -> Result<Reply, PluginError> {
        let silent = || {
            Err(failure(
                self.suite.id(),
                FailureKind::Died,
                "it gave no answer",
            ))
        };
        self.call(&[call]).pop().unwrap_or_else(silent)
    }

    /// Runs an operation on documents one after another.
    pub(super) fn run(
        &mut self,
        operation: u32,
        documents: &[&[u8]],
        limit: usize,
    ) -> Vec<Result<Reply, PluginError>> {
        let what = What::Operation(operation);
        let mut replies = Vec::with_capacity(documents.len());
        while let Some(rest) = documents
            .get(replies.len()..)
            .filter(|rest| !rest.is_empty())
        {
            if self.suite.given_up(what) {
                replies.extend(rest.iter().map(|_| Err(self.no_more())));
                break;
            }
            // Where it gave no answer before, the next document alone shows whether to go on.
            let waited = self
                .suite
                .waits
                .lock()
                .is_ok_and(|waits| waits.contains_key(&what));
            let some = if waited {
                rest.get(..1)
            } else {
                rest.get(..64)
            };
            let answers = shortened(self.worker.run(operation, some.unwrap_or(rest), limit));
            self.suite.note(what, &answers);
            if answers.is_empty() {
                break;
            }
            replies.extend(answers);
        }
        replies
    }

    /// Has the worker make a fresh instance.
    pub(super) fn renew(&mut self) -> Result<Reply, PluginError> {
        self.worker.renew()
    }

    /// All questions to several instances at the same time.
    pub(super) fn together(
        &mut self,
        threads: usize,
        questions: &[Question<'_>],
        limit: usize,
    ) -> Vec<Result<Reply, PluginError>> {
        shortened(self.worker.together(threads, questions, limit))
    }

    /// The process id of the worker that runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.worker.id()
    }

    fn no_more(&self) -> PluginError {
        let message = format!("it gave no answer {WAITS} times, and was not asked again");
        failure(self.suite.id(), FailureKind::Limit, message)
    }
}

fn shortened(replies: Vec<Result<Reply, PluginError>>) -> Vec<Result<Reply, PluginError>> {
    let short = |error: PluginError| PluginError {
        message: brief(&error.message),
        ..error
    };
    replies
        .into_iter()
        .map(|reply| reply.map_err(short))
        .collect()
}

/// The cause, and the beginning of what the plugin said last: a report is no place for a backtrace.
fn brief(message: &str) -> String {
    const LINES: usize = 3;
    const LENGTH: usize = 160;
    let cut = |line: &str| {
        let mut text: String = line.chars().take(LENGTH).collect();
        if text.len() < line.len() {
            text.push('…');
        }
        text
    };
    let mut lines = message.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let said = lines
        .map(|line| line.trim_start_matches([' ', '|']).trim_end())
        .filter(|line| !line.is_empty() && !line.starts_with("note: "))
        .take_while(|line| !line.starts_with("stack backtrace:"))
        .take(LINES);
    let said: Vec<String> = said.map(cut).collect();
    if said.is_empty() {
        first
    } else {
        format!("{first} {}", said.join(" / "))
    }
}

/// A status as people know it.
pub(super) fn status(status: abi::Status) -> String {
    let name = match status {
        abi::STATUS_OK => "OK",
        abi::STATUS_FAILED => "FAILED",
        abi::STATUS_BAD_ARGS => "BAD_ARGS",
        abi::STATUS_UNKNOWN => "UNKNOWN",
        abi::STATUS_LIMIT => "LIMIT",
        abi::STATUS_PANIC => "PANIC",
        abi::STATUS_INTERNAL => "INTERNAL",
        other => return format!("status {other}, which the contract does not know"),
    };
    format!("status {name}")
}

/// The same with what the plugin said, for a reply that is not expected.
pub(super) fn told(reply: &Reply) -> String {
    let said = brief(&values::printable(&reply.bytes));
    if reply.status == abi::STATUS_OK || said.is_empty() {
        status(reply.status)
    } else {
        format!("{} ({said})", status(reply.status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_without_its_backtrace() {
        let long = "its worker ended by signal 6; its last lines on standard error:\n  | thread panicked at x.rs:1:\n  | \n  \
                    | note: run with `RUST_BACKTRACE=1`\n  | stack backtrace:\n  | 0: 0x1 - <unknown>";
        assert_eq!(
            brief(long),
            "its worker ended by signal 6; its last lines on standard error: thread panicked at x.rs:1:"
        );
        assert_eq!(brief("one line"), "one line");
        assert_eq!(status(5), "status PANIC");
    }
}
