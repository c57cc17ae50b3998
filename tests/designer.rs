//! A designer's way from a first idea to a verdict.

mod answers;
mod dialogue;
mod plans;
mod screen;
