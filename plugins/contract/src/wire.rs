//! The JSON documents that a plugin answers with. Host and SDK read and write the same types.
//!
//! Unknown fields are refused: a misspelt field that is silently dropped would lose a finding.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What deriving gives: facts, what each rests on, what could not be computed, and what is wrong with the proposal.
///
/// Pointers are JSON Pointers: into `facts` on the left, into the proposal on the right.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// The facts that could be computed; what is missing is left out.
    pub facts: Map<String, Value>,
    /// Pointer into `facts` → the places of the proposal it rests on. The entry with the longest matching prefix counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, Vec<String>>,
    /// Pointer into `facts` that could not be computed → the places of the proposal whose absence prevented it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<String, Vec<String>>,
    /// Values of the proposal that cannot be right, for people to correct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Values that are odd, for people to confirm or to correct: until then they buy nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// Answers that are odd, each by itself or beside another: they may be right, and somebody has to say so.
///
/// The proposal is judged as given and once more without what is doubted, or as `reading` has it, and the lower result counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Which check it is: small letters and digits with single dashes, such as `nights-and-weeks`.
    pub code: String,
    /// The places of the proposal that were compared.
    pub compares: Vec<String>,
    /// The places that count as not known until it is settled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// What people are asked, a sentence with `{named}` arguments.
    pub question: String,
    /// The arguments of `question`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Value>,
    /// What may have been meant, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
}

/// Another way to read the answers, which the proposal is judged by as well.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// What it is in a few words, such as `counted once`.
    pub says: String,
    /// What the proposal would say then.
    pub changes: Vec<Edit>,
}

/// A value of the proposal that cannot be right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// Where it stands in the proposal.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was probably meant, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The same as the value to write in its place, where there is one and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// What assessing gives.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// One entry for each time a rule of the manifest was judged.
    pub findings: Vec<Finding>,
}

/// How one rule of the plugin came out, at one place or for the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Id of a rule in the manifest.
    pub rule: String,
    /// How it came out.
    pub outcome: Outcome,
    /// How far it is met, from 0 to 1; absent where the outcome alone says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<f64>,
    /// A sentence with `{named}` arguments.
    pub message: String,
    /// The arguments of `message`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Value>,
    /// The places of the proposal it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// For [`Outcome::Unknown`]: the places of the proposal that would have to be filled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What helps, where the rule's page does not say it better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Changes to the proposal that would meet the rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedy: Vec<Edit>,
}

/// The five ways a rule can come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Fully met: degree 1.
    Met,
    /// Met in part: a degree between 0 and 1.
    Partly,
    /// Not met: degree 0.
    Unmet,
    /// Cannot be told, because something is missing.
    Unknown,
    /// The rule does not concern this proposal.
    NotApplicable,
}

/// A place of the proposal that a finding rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where it stands.
    pub path: String,
    /// The words concerned, where the value is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// First character of the quote in the text, counted in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// First character after the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
}

/// One change to the proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Where.
    pub path: String,
    /// The value to put there.
    pub value: Value,
}
