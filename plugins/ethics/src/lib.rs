//! The ethics plugin: the language a program is described in, and how closely clinical work is supervised.

pub mod language;
pub mod lexicon;
pub mod marks;
mod pattern;
mod words;
