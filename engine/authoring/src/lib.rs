//! What authors of rules and boards need: cases and their tests, coverage, mutation, lint, the glossary, what answers the
//! founding documents, and the rulebook as a document.

pub mod cases;
pub mod convert;
pub mod coverage;
pub mod glossary;
pub mod lint;
pub mod mutation;
pub mod profile;
pub mod published;
pub mod report;
pub mod rulebook;
pub mod ruletest;
pub mod silence;
pub mod traceability;
pub mod translation;
