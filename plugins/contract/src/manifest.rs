//! A plugin's manifest: what it reads, provides and contributes.

use crate::value::ValueType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The manifest of a plugin, as in its `plugin.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this form; 1.
    pub manifest_version: u32,
    /// Kebab-case id; its facts land under `derived.<id>` with `-` as `_`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Its own semantic version.
    pub version: String,
    /// Version of the binary contract, `major.minor`.
    pub abi: String,
    /// The engines it works with, such as `>=0.1, <0.2`.
    pub engine: String,
    /// SPDX expression.
    pub licence: String,
    /// Markdown: method, assumptions, limits.
    #[serde(default)]
    pub about: String,
    /// What it rests on.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// JSON Pointers into the proposal; the plugin is handed nothing else.
    #[serde(default)]
    pub reads: Vec<String>,
    /// Whether it takes a range, `{"from": 20, "to": 25}`, where it reads a number, and may give ranges back. For a plugin
    /// that does not say so, what is told as a range is missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ranges: bool,
    /// JSON Schema of its derived facts.
    #[serde(default)]
    pub provides: Value,
    /// Functions that rules may call.
    #[serde(default)]
    pub functions: Vec<Function>,
    /// Rules of its own.
    #[serde(default)]
    pub rules: Vec<PluginRule>,
    /// JSON Schema of its settings.
    #[serde(default)]
    pub settings: Value,
    /// For a plugin without code: the register that it is. What it reads, its facts and functions follow from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
}

/// A register: which file, and what is looked up in it for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Name of the file with the rows, `.csv` or `.json`, beside the manifest.
    pub data: String,
    /// The column by which a row is found.
    pub key: String,
    /// JSON Pointer to a list at the top of a proposal; each element gets facts.
    pub list: String,
    /// The field of an element that holds the key.
    pub by: String,
    /// The year that the rows are of.
    pub year: i32,
    /// Key of the source in `sources`.
    pub source: String,
    /// What a row holds beside its key.
    pub columns: Vec<Column>,
}

/// A column of a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the file, and of the fact.
    pub name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Their unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// What they say, in a sentence.
    #[serde(default)]
    pub about: String,
    /// The value for keys that have no row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Value>,
}

/// The types of values of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    /// Text.
    Text,
    /// A finite number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
}

impl Manifest {
    /// The name of its facts under `derived`.
    pub fn facts_key(&self) -> String {
        self.id.replace('-', "_")
    }
}

/// A work a plugin or a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short key by which it is cited.
    pub key: String,
    /// Who wrote it.
    #[serde(default)]
    pub authors: String,
    /// When it appeared.
    #[serde(default)]
    pub year: Option<i32>,
    /// What it is called.
    pub title: String,
    /// Digital object identifier without a prefix.
    #[serde(default)]
    pub doi: Option<String>,
    /// Address, where there is no DOI.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether the text was read, or is quoted from memory.
    #[serde(default)]
    pub seen: bool,
}

/// A function that rules may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Name in scripts, `snake_case`.
    pub name: String,
    /// What it gives, in a sentence.
    #[serde(default)]
    pub about: String,
    /// Whether the same arguments always give the same answer.
    #[serde(default)]
    pub pure: bool,
    /// Its parameters in order.
    #[serde(default)]
    pub params: Vec<Parameter>,
    /// What it returns.
    pub returns: ValueType,
    /// Unit of the answer.
    #[serde(default)]
    pub unit: Option<String>,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name, for documentation.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ValueType,
}

/// A rule that a plugin assesses itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PluginRule {
    /// `dimension/name`.
    pub id: String,
    /// The requirement in one line.
    pub title: String,
    /// The dimension it counts in.
    pub dimension: String,
    /// `critical`, `major`, `minor` or `info`.
    pub severity: String,
    /// Keys of the manifest's sources.
    #[serde(default)]
    pub sources: Vec<String>,
    /// How it may over- or under-report.
    #[serde(default)]
    pub limits: String,
    /// Why it is asked and how it is judged, in Markdown.
    #[serde(default)]
    pub about: String,
    /// What helps, in Markdown.
    #[serde(default)]
    pub helps: String,
}
