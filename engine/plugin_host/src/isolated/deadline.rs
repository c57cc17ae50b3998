//! How long a host waits for a worker, and the name of the limit that ends it.

use super::process::Silence;
use crate::options::{Limits, PATIENCE};
use crate::system::{self, Usage, Wait};
use std::fmt;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// Longest time between two looks at what a worker does.
const STEP: Duration = Duration::from_millis(50);
/// An exchange that is over sooner is not looked at: it can hardly have waited.
const SHORT: Duration = Duration::from_millis(2);

/// A limit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitMet {
    /// Processor time of one exchange.
    Processor(Duration),
    /// Time in one exchange in which it did not compute.
    Waiting(Duration),
    /// Time on the wall of one exchange.
    Wall(Duration),
    /// What the waiting of one plugin in a run may come to.
    PluginWaiting(Duration),
    /// Time on the wall of one plugin in a run.
    Plugin(Duration),
    /// Time on the wall of all plugins in a run.
    Run(Duration),
}

impl fmt::Display for LimitMet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |time: &Duration| {
            if *time < Duration::from_secs(1) {
                format!("{} ms", time.as_millis())
            } else {
                format!("{} s", time.as_secs_f64())
            }
        };
        match self {
            Self::Processor(most) => write!(f, "within {} of processor time", time(most)),
            Self::Waiting(most) => write!(f, "and waited for {} without computing", time(most)),
            Self::Wall(most) => write!(f, "within {} on the clock", time(most)),
            Self::PluginWaiting(most) => write!(
                f,
                "and waited without computing for more than the {} that a plugin may wait in one run",
                time(most)
            ),
            Self::Plugin(most) => {
                write!(
                    f,
                    "within the {} that one plugin may take in one run",
                    time(most)
                )
            }
            Self::Run(most) => {
                write!(
                    f,
                    "within the {} that all plugins may take in one run",
                    time(most)
                )
            }
        }
    }
}

/// What one exchange with a worker may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    processor: Duration,
    waiting: (Duration, LimitMet),
    wall: (Duration, LimitMet),
}

impl Allowed {
    /// For a call or a document, with `left` of the budgets.
    pub(super) fn call(limits: &Limits, left: &Left) -> Self {
        let wall = limits.call.saturating_mul(PATIENCE);
        Self::within(limits, limits.call, wall, left)
    }

    /// For starting a worker.
    pub(super) fn start(limits: &Limits, left: &Left) -> Self {
        Self::within(limits, limits.start, limits.start_wall, left)
    }

    fn within(limits: &Limits, processor: Duration, wall: Duration, left: &Left) -> Self {
        let waiting = [
            (limits.wait, LimitMet::Waiting(limits.wait)),
            (left.waiting, LimitMet::PluginWaiting(limits.waits)),
        ];
        let wall = [
            (wall, LimitMet::Wall(wall)),
            (left.plugin, LimitMet::Plugin(limits.plugin)),
            (left.run, LimitMet::Run(limits.run)),
        ];
        Self {
            processor,
            waiting: shortest(waiting),
            wall: shortest(wall),
        }
    }

    /// The same with `passed` of it gone.
    pub(super) fn after(mut self, passed: Duration) -> Self {
        self.wall.0 = self.wall.0.saturating_sub(passed);
        self
    }
}

fn shortest<const N: usize>(limits: [(Duration, LimitMet); N]) -> (Duration, LimitMet) {
    let none = (Duration::MAX, LimitMet::Wall(Duration::MAX));
    let shorter = |least: (Duration, LimitMet), next: (Duration, LimitMet)| {
        if next.0 < least.0 { next } else { least }
    };
    limits.into_iter().fold(none, shorter)
}

/// What is left of the budgets of a plugin and of its run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Left {
    pub(super) waiting: Duration,
    pub(super) plugin: Duration,
    pub(super) run: Duration,
}

impl Left {
    /// The budget that is used up, if one is.
    pub(super) fn nothing(&self, limits: &Limits) -> Option<LimitMet> {
        [
            (self.waiting, LimitMet::PluginWaiting(limits.waits)),
            (self.plugin, LimitMet::Plugin(limits.plugin)),
            (self.run, LimitMet::Run(limits.run)),
        ]
        .into_iter()
        .find_map(|(left, limit)| left.is_zero().then_some(limit))
    }
}

/// When to stop waiting.
///
/// When half of the processor time could be over, the worker is looked at from time to time: what it computed, what it
/// wanted to compute on a busy machine and could not, and the rest, in which it waited.
#[derive(Debug)]
pub(super) struct Deadline {
    began: Instant,
    allowed: Allowed,
    /// What it had done, and when that was looked at first.
    first: Option<(Instant, Usage)>,
}

impl Deadline {
    pub(super) fn new(allowed: &Allowed) -> Self {
        Self {
            began: Instant::now(),
            allowed: *allowed,
            first: None,
        }
    }

    /// Waits until `fd` is ready.
    pub(super) fn wait(&mut self, pid: u32, fd: &impl AsFd, what: Wait) -> Result<(), Silence> {
        let half = (self.allowed.processor / 2).min(self.allowed.wall.0);
        loop {
            let mut left = half.saturating_sub(self.began.elapsed());
            if left.is_zero() {
                left = self.more(pid)?;
            }
            // At least a millisecond, the shortest that `poll` knows.
            let left = left.max(Duration::from_millis(1));
            if system::wait(fd.as_fd(), what, left).map_err(Silence::System)? {
                return Ok(());
            }
        }
    }

    /// How much longer to wait before the next look.
    fn more(&mut self, pid: u32) -> Result<Duration, Silence> {
        let passed = self.began.elapsed();
        let (wall, limit) = self.allowed.wall;
        if passed >= wall {
            return Err(Silence::Slow(limit));
        }
        let step = STEP.min(wall.saturating_sub(passed));
        let Some(usage) = system::usage(pid) else {
            // No such clock: the wall decides. A worker that is gone shows at the next read.
            let processor = self.allowed.processor;
            return if passed >= processor {
                Err(Silence::Slow(LimitMet::Processor(processor)))
            } else {
                Ok(step.min(processor.saturating_sub(passed)))
            };
        };
        let (since, before) = *self.first.get_or_insert((Instant::now(), usage));
        let ran = usage.ran.saturating_sub(before.ran);
        let queued = usage.queued.saturating_sub(before.queued);
        let half = self.allowed.processor / 2;
        if ran >= half {
            return Err(Silence::Slow(LimitMet::Processor(self.allowed.processor)));
        }
        let (most, limit) = self.allowed.waiting;
        let waited = since.elapsed().saturating_sub(ran + queued);
        if waited >= most {
            return Err(Silence::Slow(limit));
        }
        Ok(step
            .min(half.saturating_sub(ran))
            .min(most.saturating_sub(waited)))
    }
}

/// How long a worker waited, from one look at it to the next.
#[derive(Debug, Default)]
pub(super) struct Waited {
    last: Usage,
}

impl Waited {
    /// What of the `time` that an exchange took was waiting. Computing since the last look counts in its favour.
    pub(super) fn during(&mut self, pid: u32, time: Duration) -> Duration {
        if time < SHORT {
            return Duration::ZERO;
        }
        let Some(now) = system::usage(pid) else {
            return Duration::ZERO;
        };
        let ran = now.ran.saturating_sub(self.last.ran);
        let queued = now.queued.saturating_sub(self.last.queued);
        self.last = now;
        time.saturating_sub(ran + queued)
    }
}
