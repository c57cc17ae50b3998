//! The command line: where reports go, what is read of whom, and what is never destroyed.

mod destinations;
mod manual;
mod several;
mod terminal;
mod watch;
