//! Values, degrees and parameters.

use super::{Node, Reader, shown};
use crate::problem::{Problem, did_you_mean};
use crate::rule::Parameter;
use crate::rule::form::raw::RawData;
use crate::rule::form::{Deg, ParamRef, Path, Value};
use crate::schema::{FieldId, Kind, expectation};
use serde_json::Value as Json;

impl<'a> Reader<'a> {
    /// A value that a fact can have.
    pub(super) fn value(&mut self, node: &Node<'a>, path: &Path) -> Option<Value> {
        if let Some(text) = node.text().filter(|text| text.starts_with('$')) {
            let (param, found) = self.parameter(node, text)?;
            let fits = path.field.is_none_or(|field| self.fits(field, found));
            if !fits {
                let field = path.field?;
                let problem =
                    Problem::error(format!("`{text}` is no value of `{}`", self.name(field)))
                        .expected(expectation(self.schema.field(field)));
                self.at_node(node, problem);
                return None;
            }
            self.unit(node, self.param(&param.name), path.field);
            return Some(Value::Param(param));
        }
        let value = match &node.raw.data {
            RawData::Flag(flag) => Value::Flag(*flag),
            RawData::Number(number) => Value::Number(*number),
            RawData::Text(text) => Value::Text(text.clone()),
            _ => {
                let problem = Problem::error(format!("this is {}", shown(node.raw)))
                    .expected("one value, or `$` with the name of a parameter");
                self.at_node(node, problem);
                return None;
            }
        };
        let Some(field) = path.field else {
            return Some(value);
        };
        match self.refused(field, &value) {
            None => Some(value),
            Some(problem) => {
                self.at_node(node, problem);
                None
            }
        }
    }

    /// Why a field never has a value, if it never has.
    fn refused(&self, id: FieldId, value: &Value) -> Option<Problem> {
        let field = self.schema.field(id);
        let name = self.name(id);
        let typed = match value {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => crate::text::number(*number),
            Value::Text(text) => text.chars().take(40).collect(),
            Value::Param(param) => format!("${}", param.name),
        };
        let problem =
            Problem::error(format!("`{name}` is never `{typed}`")).expected(expectation(field));
        let suggestion = match (field.kind, value) {
            (Kind::Any, _) | (Kind::Boolean, Value::Flag(_)) => return None,
            (Kind::Boolean, Value::Text(text)) => match text.to_lowercase().as_str() {
                "yes" => Some("did you mean `true`?".to_owned()),
                "no" => Some("did you mean `false`?".to_owned()),
                _ => None,
            },
            (Kind::Number | Kind::Integer, Value::Number(number)) => {
                let whole = field.kind == Kind::Number || number.fract() == 0.0;
                let low = field.minimum.is_some_and(|minimum| *number < minimum);
                let high = field.maximum.is_some_and(|maximum| *number > maximum);
                if whole && !low && !high {
                    return None;
                }
                None
            }
            (Kind::Text, Value::Text(text)) => {
                if field.choices.is_empty() || field.choices.contains(text) {
                    return None;
                }
                did_you_mean(text, field.choices.iter().map(String::as_str))
            }
            (Kind::Text, Value::Flag(_) | Value::Number(_)) if field.choices.contains(&typed) => {
                Some(format!("write it in quotes: `\"{typed}\"`"))
            }
            (Kind::List, _) => Some(format!(
                "`{name}` is a list: write `{{ {name}: {{ includes: {typed} }} }}`"
            )),
            _ => None,
        };
        Some(problem.suggest_maybe(suggestion))
    }

    /// Whether a parameter's value is one that a field can have.
    fn fits(&self, field: FieldId, value: &Json) -> bool {
        match value {
            Json::Bool(flag) => self.refused(field, &Value::Flag(*flag)).is_none(),
            Json::Number(number) => {
                matches!(
                    self.schema.field(field).kind,
                    Kind::Number | Kind::Integer | Kind::Any
                ) && number.as_f64().is_some()
            }
            Json::String(text) => self.refused(field, &Value::Text(text.clone())).is_none(),
            Json::Array(items) => items.iter().all(|item| self.fits(field, item)),
            _ => false,
        }
    }

    /// The parameter that `$name` or `$name.entry` names, with its value unless somebody sets another.
    pub(super) fn parameter(
        &mut self,
        node: &Node<'a>,
        text: &str,
    ) -> Option<(ParamRef, &'a Json)> {
        let name = text.strip_prefix('$').unwrap_or(text);
        let (name, key) = match name.split_once('.') {
            Some((name, key)) => (name, Some(key)),
            None => (name, None),
        };
        let Some(param) = self.param(name) else {
            let known: Vec<&str> = self
                .page
                .params
                .iter()
                .map(|param| param.name.as_str())
                .collect();
            let problem = Problem::error(format!("`{name}` is not a parameter of this rule"))
                .expected("a name under `params`")
                .suggest_maybe(did_you_mean(name, known));
            self.at_node(node, problem);
            return None;
        };
        let value = match key {
            None => Some(&param.default),
            Some(key) => param.default.get(key),
        };
        let Some(value) = value else {
            let keys: Vec<&str> = param
                .default
                .as_object()
                .map(|table| table.keys().map(String::as_str).collect())
                .unwrap_or_default();
            let key = key.unwrap_or_default();
            let problem = Problem::error(format!("the parameter `{name}` has no entry `{key}`"))
                .suggest_maybe(did_you_mean(key, keys));
            self.at_node(node, problem);
            return None;
        };
        let found = ParamRef {
            name: name.to_owned(),
            key: key.map(str::to_owned),
        };
        Some((found, value))
    }

    /// Says where a parameter is counted in another unit than the fact.
    pub(super) fn unit(
        &mut self,
        node: &Node<'a>,
        param: Option<&Parameter>,
        field: Option<FieldId>,
    ) {
        let (Some(param), Some(field)) = (param, field) else {
            return;
        };
        let field = self.schema.field(field);
        if !param.default.is_number() && !param.default.is_array() {
            return;
        }
        let Some(unit) = &field.unit else { return };
        let problem = match &param.unit {
            Some(own) if own == unit => return,
            // A share is a number without a unit.
            None if unit == "share" => return,
            Some(own) => Problem::error(format!(
                "`${}` is in {own}, and `{}` is in {unit}",
                param.name, field.path
            ))
            .expected(format!("a parameter with `unit: {unit}`")),
            None => Problem::error(format!(
                "`${}` has no unit, and `{}` is in {unit}",
                param.name, field.path
            ))
            .expected(format!("`unit: {unit}` in the parameter")),
        };
        self.at_node(node, problem);
    }

    /// A degree between 0 and 1.
    pub(super) fn degree(&mut self, node: &Node<'a>) -> Option<Deg> {
        let expected = "a degree from 0 (counts nothing) to 1 (counts in full)";
        if let Some(text) = node.text().filter(|text| text.starts_with('$')) {
            let (param, value) = self.parameter(node, text)?;
            let degree = value.as_f64().filter(|degree| (0.0..=1.0).contains(degree));
            if degree.is_none() {
                let problem = Problem::error(format!("`{text}` is no degree")).expected(expected);
                self.at_node(node, problem);
            }
            return Some(Deg::Param(param, degree?));
        }
        match node.raw.data {
            RawData::Number(degree) if (0.0..=1.0).contains(&degree) => Some(Deg::Known(degree)),
            _ => {
                let problem =
                    Problem::error(format!("this is {}", shown(node.raw))).expected(expected);
                let percent = match node.raw.data {
                    RawData::Number(number) if (5.0..=100.0).contains(&number) => Some(format!(
                        "did you mean `{}`?",
                        crate::text::number(number / 100.0)
                    )),
                    _ => None,
                };
                self.at_node(node, problem.suggest_maybe(percent));
                None
            }
        }
    }

    /// What something weighs: a number above zero.
    pub(super) fn weight(&mut self, node: Option<&Node<'a>>) -> Option<Value> {
        let Some(node) = node else {
            return Some(Value::Number(1.0));
        };
        if let Some(text) = node.text().filter(|text| text.starts_with('$')) {
            let (param, value) = self.parameter(node, text)?;
            if value.as_f64().is_some_and(|weight| weight > 0.0) {
                return Some(Value::Param(param));
            }
        }
        if let RawData::Number(weight) = node.raw.data
            && weight > 0.0
        {
            return Some(Value::Number(weight));
        }
        let problem = Problem::error(format!("this is {}", shown(node.raw)))
            .expected("a weight: a number above 0");
        self.at_node(node, problem);
        None
    }

    /// Whether an enumeration has this word.
    pub(super) fn has_choice(&self, path: &Path, word: &str) -> bool {
        let field = path.field.map(|field| self.schema.field(field));
        field.is_some_and(|field| field.choices.iter().any(|choice| choice == word))
    }
}
