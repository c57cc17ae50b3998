//! Scorecards and problems as people and programs read them. A form is one file with one function.

mod answers;
mod breakdown;
pub(crate) mod checks;
pub mod comparison;
pub(crate) mod contested;
pub mod csv;
pub mod differences;
pub mod formats;
pub mod impact;
pub mod json;
pub mod junit;
mod lines;
pub mod list;
pub mod merged;
mod obligations;
pub mod page;
pub mod paper;
pub mod perspectives;
pub mod plan;
pub mod portfolio;
pub mod problems;
pub mod profile;
pub mod questionnaire;
pub mod questions;
pub mod record;
pub mod respondents;
pub mod sarif;
pub mod scorecard;
pub mod since;
pub mod start;
pub mod style;
pub mod text;
mod values;
pub mod waivers;
pub mod xlsx;

pub use style::Look;
