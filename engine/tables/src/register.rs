//! A register as a plugin: facts for each element of a list of the proposal, and a function for each column.

use crate::read::{Rows, fits};
use evenhand_contract::manifest::{ColumnType, Function, Manifest, Parameter, Table};
use evenhand_contract::plugin::{FailureKind, Origin, Plugin, PluginError};
use evenhand_contract::value::{Argument, ValueType};
use evenhand_contract::wire::Derived;
use serde_json::{Map, Value, json};

/// The fact, and the function, that says whether there is a row.
const LISTED: &str = "listed";

/// A register that can be asked.
#[derive(Debug)]
pub struct Register {
    manifest: Manifest,
    origin: Origin,
    rows: Rows,
}

/// Fills in what the manifest of a register leaves to it: what it reads, its facts and functions. Every problem comes back.
pub fn expand(manifest: &mut Manifest) -> Vec<String> {
    let Some(table) = manifest.table.clone() else {
        return Vec::new();
    };
    let mut problems = problems(manifest, &table);
    let Some(list) = table.list.strip_prefix('/').filter(|name| is_name(name)) else {
        problems.push(format!(
            "`table.list` is `{}`, expected a list at the top of a proposal, such as `/partners`",
            table.list
        ));
        return problems;
    };
    let listed =
        json!({ "type": "boolean", "description": "Whether the register has a row for it" });
    let mut facts = Map::from_iter([(LISTED.to_owned(), listed)]);
    for column in &table.columns {
        let mut fact = json!({ "type": schema_type(column.kind), "description": column.about });
        if let (Some(unit), Some(fact)) = (&column.unit, fact.as_object_mut()) {
            fact.insert("x-unit".to_owned(), unit.clone().into());
        }
        facts.insert(column.name.clone(), fact);
    }
    let items = json!({ "type": "object", "properties": facts, "additionalProperties": false });
    manifest.provides = json!({ "type": "object", "additionalProperties": false,
        "properties": { list: { "type": "array", "items": items } } });
    manifest.reads = vec![table.list.clone()];
    manifest.functions = functions(manifest, &table);
    problems
}

fn problems(manifest: &Manifest, table: &Table) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, given) in [
        ("reads", !manifest.reads.is_empty()),
        ("provides", !manifest.provides.is_null()),
        ("functions", !manifest.functions.is_empty()),
        ("rules", !manifest.rules.is_empty()),
        ("settings", !manifest.settings.is_null()),
    ] {
        if given {
            problems.push(format!("`{name}` follows from `table`: leave it out"));
        }
    }
    if table.columns.is_empty() {
        problems.push("`table.columns` is empty".to_owned());
    }
    if !manifest
        .sources
        .iter()
        .any(|source| source.key == table.source)
    {
        problems.push(format!(
            "`table.source` is `{}`, which is not in `sources`",
            table.source
        ));
    }
    if !is_name(&table.by) {
        problems.push(format!(
            "`table.by` is `{}`, expected the name of a field",
            table.by
        ));
    }
    for (number, column) in table.columns.iter().enumerate() {
        let name = &column.name;
        let again = table
            .columns
            .iter()
            .take(number)
            .any(|other| other.name == *name);
        if !is_name(name) || name == LISTED || *name == table.key || again {
            problems.push(format!(
                "column `{name}` needs a name of its own in small letters, digits and underscores"
            ));
        }
        if column
            .otherwise
            .as_ref()
            .is_some_and(|value| !fits(column, value))
        {
            problems.push(format!("column `{name}`: `otherwise` is not of its type"));
        }
    }
    problems
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn schema_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "string",
        ColumnType::Number => "number",
        ColumnType::Integer => "integer",
        ColumnType::Boolean => "boolean",
    }
}

/// First whether there is a row, then one for each column, in their order.
fn functions(manifest: &Manifest, table: &Table) -> Vec<Function> {
    let prefix = manifest.facts_key();
    let make = |name: &str, about: String, returns, unit| Function {
        name: format!("{prefix}_{name}"),
        about,
        pure: true,
        params: vec![Parameter {
            name: "key".to_owned(),
            kind: ValueType::Str,
        }],
        returns,
        unit,
    };
    let listed = make(
        LISTED,
        "Whether the register has a row for the key".to_owned(),
        ValueType::Bool,
        None,
    );
    let columns = table.columns.iter().map(|column| {
        let returns = match column.kind {
            ColumnType::Text => ValueType::Str,
            ColumnType::Number => ValueType::F64,
            ColumnType::Integer => ValueType::I64,
            ColumnType::Boolean => ValueType::Bool,
        };
        make(
            &column.name,
            column.about.clone(),
            returns,
            column.unit.clone(),
        )
    });
    [listed].into_iter().chain(columns).collect()
}

impl Register {
    /// A register with the manifest that [`expand`] filled in, and the digest of its data.
    pub fn new(manifest: Manifest, rows: Rows, sha256: String, signer: Option<String>) -> Self {
        let origin = Origin {
            sha256,
            mode: "table",
            signer,
        };
        Self {
            manifest,
            origin,
            rows,
        }
    }

    fn failure(&self, kind: FailureKind, message: impl Into<String>) -> PluginError {
        PluginError {
            plugin: self.manifest.id.clone(),
            kind,
            message: message.into(),
        }
    }

    /// The facts of one element, by what names its row.
    fn element(&self, table: &Table, at: &str, key: Option<&str>, derived: &mut Derived) {
        let from = table.list.clone() + at + "/" + &table.by;
        let fact = |name: &str| format!("{}{at}/{name}", table.list);
        let Some(key) = key else {
            derived.lacks(&fact(LISTED), [&from]);
            for column in &table.columns {
                derived.lacks(&fact(&column.name), [&from]);
            }
            return;
        };
        let row = self.rows.get(key);
        derived.fact(&fact(LISTED), row.is_some(), [&from]);
        for column in &table.columns {
            let value = row.map_or(column.otherwise.as_ref(), |row| row.get(&column.name));
            if let Some(value) = value {
                derived.fact(&fact(&column.name), value.clone(), [&from]);
            }
        }
    }
}

impl Plugin for Register {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn origin(&self) -> &Origin {
        &self.origin
    }

    fn derive(&mut self, document: &str) -> Result<String, PluginError> {
        let document: Value = serde_json::from_str(document)
            .map_err(|error| self.failure(FailureKind::BadArguments, error.to_string()))?;
        let mut derived = Derived::new();
        if let Some(table) = &self.manifest.table {
            let list = document.pointer(&table.list).and_then(Value::as_array);
            for (number, element) in list.into_iter().flatten().enumerate() {
                let key = element.get(&table.by).and_then(Value::as_str);
                self.element(table, &format!("/{number}"), key, &mut derived);
            }
        }
        serde_json::to_string(&derived)
            .map_err(|error| self.failure(FailureKind::Failed, error.to_string()))
    }

    fn assess(&mut self, _document: &str) -> Result<String, PluginError> {
        Err(self.failure(FailureKind::Unknown, "a register has no rules"))
    }

    fn call(&mut self, index: usize, args: &[Argument]) -> Result<Argument, PluginError> {
        let columns = self.manifest.table.iter().flat_map(|table| &table.columns);
        let [Argument::Text(key)] = args else {
            return Err(self.failure(FailureKind::BadArguments, "it takes one text, the key"));
        };
        let row = self.rows.get(key);
        let Some(column) = index.checked_sub(1) else {
            return Ok(Argument::Bool(row.is_some()));
        };
        let Some(column) = columns.into_iter().nth(column) else {
            return Err(self.failure(FailureKind::Unknown, "it has no such function"));
        };
        let value = row.map_or(column.otherwise.as_ref(), |row| row.get(&column.name));
        let none = || {
            let message = format!("the register has no `{}` for `{key}`", column.name);
            self.failure(FailureKind::Failed, message)
        };
        Ok(match value.ok_or_else(none)? {
            Value::String(text) => Argument::Text(text.clone()),
            Value::Bool(flag) => Argument::Bool(*flag),
            other if column.kind == ColumnType::Integer => {
                Argument::Integer(other.as_i64().unwrap_or_default())
            }
            other => Argument::Number(other.as_f64().unwrap_or_default()),
        })
    }
}

#[cfg(test)]
mod tests;
