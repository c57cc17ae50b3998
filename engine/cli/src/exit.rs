//! How a command ended, as scripts see it.

use std::process::ExitCode;

/// Exit codes; the output format never changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing at or above `--fail-on`.
    Fine = 0,
    /// Something at or above `--fail-on`, or a failed test.
    Found = 1,
    /// The input or the configuration is wrong.
    Wrong = 2,
    /// It could not be decided: `incomplete`, or a rule or plugin failed.
    Undecided = 3,
}

impl Exit {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self as u8)
    }

    /// The graver of two: wrong input, then found, then undecided.
    pub(crate) fn and(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Fine => 0,
            Self::Undecided => 1,
            Self::Found => 2,
            Self::Wrong => 3,
        };
        if rank(other) > rank(self) {
            other
        } else {
            self
        }
    }
}
