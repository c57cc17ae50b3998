//! A designer's way from a first idea to a verdict.

mod answers;
mod contested;
mod copies;
mod dialogue;
mod init;
mod names;
mod plans;
mod questionnaires;
mod screen;
mod workbook;
