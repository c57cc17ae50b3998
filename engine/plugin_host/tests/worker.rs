//! The plugin worker as a program of its own, for tests and benchmarks.

use std::process::ExitCode;

fn main() -> ExitCode {
    evenhand_plugin_host::worker::main(std::env::args().skip(1), |_| None)
}
