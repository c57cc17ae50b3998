//! Plugins through the whole program: real libraries, in a board's folder with its profile and its lock file.

mod authors;
mod board;
mod hostile;
mod trust;
