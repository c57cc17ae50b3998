//! Plugins through the whole program: real libraries, in a board's folder with its profile and its lock file.

// The libraries are built as Linux builds them; elsewhere the host's own tests and those of the SDK have to do.
#![cfg(target_os = "linux")]

mod authors;
mod board;
mod hostile;
mod impact;
mod memory;
mod packed;
mod printed;
mod registers;
mod trust;
mod ways;
