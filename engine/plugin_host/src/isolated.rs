//! A plugin in a process of its own.

mod batch;
mod deadline;
#[cfg(any(test, feature = "fuzz"))]
mod fuzz;
mod heard;
mod process;
mod spawn;
mod together;

use crate::error::LoadError;
use crate::frame::{self, REPLY_HEAD, Writer};
use crate::options::{HostOptions, Limits};
use crate::values::{Reply, failure};
use crate::worker::{Sandbox, Start};
use batch::{DOCUMENT_LIMIT, fitting};
use deadline::{Allowed, Left, LimitMet, Waited};
use evenhand_contract::plugin::{FailureKind, PluginError};
use heard::Answered;
use process::{Process, Silence};
use std::time::{Duration, Instant};

pub(crate) use batch::Call;
#[cfg(any(test, feature = "fuzz"))]
pub(crate) use fuzz::worker_says;
pub(crate) use together::Charge;

/// An isolated plugin: what is needed to start its worker, and the worker if one runs.
#[derive(Debug)]
pub(crate) struct Isolated {
    plugin: String,
    start: Writer,
    options: HostOptions,
    environment: Vec<(&'static str, &'static str)>,
    process: Option<Process>,
    sandbox: Sandbox,
    /// Time that workers took on the wall, that they waited, and what the work earned.
    spent: Spent,
    waited: Waited,
    /// How often a worker died or was stopped.
    deaths: u32,
    /// The end of the last one, and of whether there will be another.
    last: String,
    writer: Writer,
    /// The number of the next request. A reply with another one is not the answer to it.
    number: u64,
}

impl Drop for Isolated {
    /// What the plugin logged reaches its author where somebody asked for traces.
    fn drop(&mut self) {
        if tracing::enabled!(tracing::Level::DEBUG) {
            for line in self.words().lines() {
                tracing::debug!(plugin = self.plugin, "{line}");
            }
        }
    }
}

impl Isolated {
    /// Starts a worker for what was looked at.
    pub(crate) fn load(
        charge: &Charge<'_>,
        settings: String,
        options: &HostOptions,
        environment: &[(&'static str, &'static str)],
    ) -> Result<Self, LoadError> {
        let plugin = charge.plugin.to_owned();
        let start = Start {
            plugin: plugin.clone(),
            manifest: charge.manifest.to_owned(),
            settings,
            needed: charge.needed.to_vec(),
            linked: charge.library.is_none(),
            threads: charge.threads,
            memory: options.limits.memory,
            life: options.limits.life,
            text: options.limits.text,
        };
        let worker = |problem: String| LoadError::Worker {
            plugin: plugin.clone(),
            problem,
        };
        let mut message = Writer::default();
        message.begin(frame::START);
        message.block(&serde_json::to_vec(&start).map_err(|error| worker(error.to_string()))?);
        message.block(charge.library.unwrap_or_default());
        message.end();
        let mut made = Self {
            plugin: plugin.clone(),
            start: message,
            options: options.clone(),
            environment: environment.to_vec(),
            process: None,
            sandbox: Sandbox {
                calls: false,
                files: false,
            },
            spent: Spent::default(),
            waited: Waited::default(),
            deaths: 0,
            last: String::new(),
            writer: Writer::default(),
            number: 1,
        };
        made.begin()?;
        Ok(made)
    }

    /// Ends the worker, and gives what the plugin wrote to its log and to standard error, as far as it was kept.
    pub(crate) fn words(&mut self) -> String {
        self.process.take().map(Process::words).unwrap_or_default()
    }

    /// What the sandbox consists of.
    pub(crate) fn sandbox(&self) -> Sandbox {
        self.sandbox
    }

    /// How often a worker died so far.
    pub(crate) fn deaths(&self) -> u32 {
        self.deaths
    }

    /// The process id of the worker that runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Starts a worker and waits until it can be asked.
    fn begin(&mut self) -> Result<(), LoadError> {
        let limits = self.options.limits;
        if let Some(limit) = self.left().nothing(&limits) {
            return Err(self.worker_error(format!("was not started: it was not ready {limit}")));
        }
        let most = limits.document.max(limits.text) + REPLY_HEAD;
        let mut process =
            Process::start(&self.options, &self.environment, most).map_err(|error| {
                self.worker_error(format!(
                    "could not be started from `{}` ({error})",
                    self.options.worker.display()
                ))
            })?;
        self.waited = Waited::default();
        let began = Instant::now();
        let allowed = Allowed::start(&limits, &self.left());
        let sent = process.send(&self.start, &allowed);
        // The first message was sent before anything of the plugin ran, and says what the sandbox consists of. The second
        // one may come from code that ran while the library was loaded; nothing follows from it but that it can be asked.
        let sandbox = sent.and_then(|()| expect(&mut process, &allowed, frame::SANDBOX));
        let ready = sandbox.and_then(|words| match words {
            Answered::Expected(bits) => {
                let bits = bits.first().copied().unwrap_or(0);
                self.sandbox = Sandbox::from_bits(bits);
                expect(&mut process, &allowed.after(began.elapsed()), frame::HELLO)
            }
            refused @ Answered::Refused(_) => Ok(refused),
        });
        let time = began.elapsed();
        let waited = self.waited.during(process.id(), time);
        self.took(time, waited, Duration::ZERO);
        match ready {
            Ok(Answered::Expected(_)) => {
                self.process = Some(process);
                Ok(())
            }
            Ok(Answered::Refused(words)) => Err(match heard::refusal(&words) {
                Some(refusal) => LoadError::Refused {
                    plugin: self.plugin.clone(),
                    refusal,
                },
                None => self.worker_error(
                    "refused the plugin without a reason that can be read".to_owned(),
                ),
            }),
            Err(silence) => {
                let slow = match &silence {
                    Silence::Slow(limit) => Some(not_ready(*limit)),
                    _ => None,
                };
                let end = process.end(silence);
                Err(self.worker_error(match slow {
                    Some(slow) => format!("{slow} and {end}"),
                    None => format!("{end} (while the library was loaded)"),
                }))
            }
        }
    }

    fn worker_error(&self, problem: String) -> LoadError {
        LoadError::Worker {
            plugin: self.plugin.clone(),
            problem,
        }
    }

    /// What is left of the time of this plugin and of the run.
    fn left(&self) -> Left {
        let limits = &self.options.limits;
        let Spent {
            time,
            waited,
            earned,
            asked,
        } = self.spent;
        let more_waiting = Limits::CALL_ALLOWANCE.saturating_mul(asked);
        Left {
            waiting: (limits.waits + more_waiting).saturating_sub(waited),
            plugin: (limits.plugin + earned).saturating_sub(time),
            run: self.options.budget.left(limits.run),
        }
    }

    fn took(&mut self, time: Duration, waited: Duration, earned: Duration) {
        self.spent.time += time;
        self.spent.waited += waited;
        self.spent.earned += earned;
        self.options.budget.took(time, earned);
    }

    /// A worker that runs, started again if that is still allowed.
    fn running(&mut self) -> Result<(), PluginError> {
        if let Some(limit) = self.left().nothing(&self.options.limits) {
            self.process = None;
            return Err(failure(
                &self.plugin,
                FailureKind::Limit,
                format!("it is out for this run: it gave no answer {limit}"),
            ));
        }
        if self.process.is_some() {
            return Ok(());
        }
        if self.deaths > self.options.restarts {
            return Err(failure(
                &self.plugin,
                FailureKind::Died,
                format!(
                    "it is out for this run after {} failures of its worker; the last one {}",
                    self.deaths, self.last
                ),
            ));
        }
        self.begin().map_err(|error| {
            self.deaths = self.options.restarts + 1;
            self.last = error.to_string();
            failure(
                &self.plugin,
                FailureKind::Died,
                format!("it could not be started again: {error}"),
            )
        })
    }

    /// Runs an operation on one document after another, in one message where they fit. A document on which the worker
    /// dies fails alone as long as the worker may be started again.
    pub(crate) fn run(
        &mut self,
        operation: u32,
        documents: &[&[u8]],
        limit: usize,
    ) -> Vec<Result<Reply, PluginError>> {
        let mut replies = Vec::with_capacity(documents.len());
        let mut kept = 0;
        while let Some(rest) = documents
            .get(replies.len()..)
            .filter(|rest| !rest.is_empty())
        {
            if let Err(error) = self.running() {
                replies.extend(rest.iter().map(|_| Err(error.clone())));
                break;
            }
            let count = fitting(rest, kept);
            let Some(batch) = rest.get(..count).filter(|batch| !batch.is_empty()) else {
                let message = "a document, or the answers to this batch, are longer than allowed";
                replies.push(Err(failure(&self.plugin, FailureKind::Limit, message)));
                continue;
            };
            self.writer.bytes.clear();
            self.writer.begin(frame::RUN);
            self.writer.u64(self.number);
            self.writer.u32(operation);
            self.writer.u32(u32::try_from(limit).unwrap_or(u32::MAX));
            self.writer
                .u32(u32::try_from(batch.len()).unwrap_or(u32::MAX));
            for document in batch {
                self.writer.block(document);
            }
            self.writer.end();
            for reply in self.exchange(batch.len(), limit, Limits::DOCUMENT_ALLOWANCE) {
                kept += reply.as_ref().map_or(0, |reply| reply.bytes.len());
                let died = reply.is_err();
                replies.push(reply);
                if died {
                    break; // the next ones were never worked on
                }
            }
        }
        replies
    }

    /// Calls functions one after another, in one message.
    pub(crate) fn call(&mut self, calls: &[Call<'_>]) -> Vec<Result<Reply, PluginError>> {
        if let Err(error) = self.running() {
            return calls.iter().map(|_| Err(error.clone())).collect();
        }
        let most = calls.iter().map(|call| call.limit).max().unwrap_or(0);
        self.writer.bytes.clear();
        self.writer.begin(frame::CALL);
        self.writer.u64(self.number);
        self.writer
            .u32(u32::try_from(calls.len()).unwrap_or(u32::MAX));
        for call in calls {
            self.writer.u32(call.function);
            self.writer
                .u32(u32::try_from(call.limit).unwrap_or(u32::MAX));
            self.writer
                .u32(u32::try_from(call.args.len()).unwrap_or(u32::MAX));
            for arg in &call.args {
                self.writer.flat(arg);
            }
        }
        self.writer.end();
        if self.writer.bytes.len() > DOCUMENT_LIMIT {
            let error = failure(
                &self.plugin,
                FailureKind::Limit,
                "its arguments are longer than allowed",
            );
            return calls.iter().map(|_| Err(error.clone())).collect();
        }
        let mut replies = self.exchange(calls.len(), most, Limits::CALL_ALLOWANCE);
        while replies.len() < calls.len() {
            // Short calls are answered together: which of the rest the worker died of is not known.
            let Some(Err(error)) = replies.last().cloned() else {
                break;
            };
            replies.push(Err(error));
        }
        replies
    }

    /// Has the worker make a fresh instance.
    pub(crate) fn renew(&mut self) -> Result<Reply, PluginError> {
        self.running()?;
        self.writer.bytes.clear();
        self.writer.begin(frame::RENEW);
        self.writer.u64(self.number);
        self.writer.end();
        let text = self.options.limits.text;
        self.exchange(1, text, Limits::CALL_ALLOWANCE)
            .pop()
            .unwrap_or_else(|| {
                Err(failure(
                    &self.plugin,
                    FailureKind::Died,
                    "it gave no answer",
                ))
            })
    }

    /// Sends the message in `writer` and reads `count` replies, each of which earns `allowance`; a failure is the last one.
    fn exchange(
        &mut self,
        count: usize,
        limit: usize,
        allowance: Duration,
    ) -> Vec<Result<Reply, PluginError>> {
        let mut replies = Vec::with_capacity(count.min(1 << 16));
        let mut allowed = Allowed::call(&self.options.limits, &self.left());
        let Some(process) = &mut self.process else {
            return replies;
        };
        let pid = process.id();
        let mut began = Instant::now();
        let mut fault = process.send(&self.writer, &allowed).err();
        while fault.is_none() && replies.len() < count {
            let Some(process) = &mut self.process else {
                break;
            };
            match receive(process, self.number, &allowed, limit) {
                Ok(reply) => {
                    self.number += 1;
                    replies.push(Ok(reply));
                    self.spent.asked = self.spent.asked.saturating_add(1);
                }
                Err(silence) => fault = Some(silence),
            }
            let time = began.elapsed();
            began = Instant::now();
            let waited = self.waited.during(pid, time);
            self.took(time, waited, allowance);
            if replies.len() < count {
                allowed = Allowed::call(&self.options.limits, &self.left());
            }
        }
        let unread = self
            .process
            .as_ref()
            .is_some_and(|process| !process.inbox.is_empty());
        if fault.is_none() && unread {
            fault = Some(Silence::Garbled(frame::FrameError::Unasked));
            replies.pop();
        }
        if let Some(silence) = fault {
            replies.push(Err(self.died(silence)));
        }
        replies
    }

    /// Ends the worker after a failure.
    fn died(&mut self, silence: Silence) -> PluginError {
        self.deaths += 1;
        self.number += 1;
        let (kind, before) = match &silence {
            Silence::Slow(limit) => (FailureKind::Limit, format!("it gave no answer {limit}; ")),
            Silence::Garbled(_) => (FailureKind::BadAnswer, String::new()),
            Silence::Gone | Silence::System(_) => (FailureKind::Died, String::new()),
        };
        self.last = self
            .process
            .take()
            .map_or_else(String::new, |process| process.end(silence));
        failure(
            &self.plugin,
            kind,
            format!("{before}its worker {}", self.last),
        )
    }
}

/// What was spent on a plugin in this run.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    time: Duration,
    waited: Duration,
    earned: Duration,
    /// Documents and calls that were answered.
    asked: u32,
}

/// Waits for a message of the kind `expected`, or for a refusal.
fn expect(process: &mut Process, allowed: &Allowed, expected: u8) -> Result<Answered, Silence> {
    process.receive(allowed)?;
    let Some(frame) = process.inbox.first().map_err(Silence::Garbled)? else {
        return Err(Silence::Gone);
    };
    let answered = heard::answered(frame, expected).map_err(Silence::Garbled)?;
    let size = frame.size;
    process.inbox.consume(size);
    Ok(answered)
}

/// For a worker that did not get as far as being asked.
fn not_ready(limit: LimitMet) -> String {
    match limit {
        LimitMet::Processor(most) => {
            format!(
                "was not ready after {} s of processor time",
                most.as_secs_f64()
            )
        }
        other => format!("was not ready {other}"),
    }
}

fn receive(
    process: &mut Process,
    expected: u64,
    allowed: &Allowed,
    limit: usize,
) -> Result<Reply, Silence> {
    process.receive(allowed)?;
    let Some(frame) = process.inbox.first().map_err(Silence::Garbled)? else {
        return Err(Silence::Gone);
    };
    let reply = heard::reply(frame, expected, limit).map_err(Silence::Garbled)?;
    let size = frame.size;
    process.inbox.consume(size);
    Ok(reply)
}
