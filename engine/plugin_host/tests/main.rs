//! Real libraries, built by the system's C compiler, through every way of running them.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod build;
mod conformance;
mod containment;
mod hostile;
mod inspection;
mod loading;
mod packed;
mod trust;
mod twins;
