//! The numbers, words and tables of a rule that a board may set.

use crate::document::Document;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::profile::dated_rows;
use crate::settings::Dated;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A number, word or table of a rule that a board may set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name in the script.
    pub name: String,
    /// Its value unless somebody sets another.
    pub default: Value,
    /// Its values from a day on, where it changes with time; `default` is then the one that holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dated: Vec<Dated>,
    /// Smallest number allowed.
    pub min: Option<f64>,
    /// Largest number allowed.
    pub max: Option<f64>,
    /// Unit of a number.
    pub unit: Option<String>,
    /// In which direction the rule gets stricter, where that can be said.
    #[serde(default)]
    pub stricter: Option<Stricter>,
    /// Whether the value comes from a source or is a judgement.
    pub basis: Basis,
    /// The source of a sourced value.
    pub source: Option<String>,
    /// What it means.
    pub about: String,
}

/// In which direction a parameter makes its rule stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stricter {
    /// A smaller number asks for more.
    Lower,
    /// A larger number asks for more.
    Higher,
}

impl Stricter {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basis {
    /// From a work that is named.
    Sourced,
    /// A judgement a board should look at.
    Default,
}

impl Basis {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Default => "default",
        }
    }
}

/// Reads the parameters of a page; what is wrong with them goes to `problems`.
pub(super) fn parameters(front: &Document, problems: &mut Vec<Problem>) -> Vec<Parameter> {
    let place = Pointer::root().key("params");
    let names = front.keys_in_order(&place);
    let mut params = Vec::new();
    for name in names {
        let at = place.key(&name);
        let Some(spec) = front.value().pointer(at.as_str()) else {
            continue;
        };
        let default_at = at.key("default");
        let (default, dated) = default(front, &name, spec, &default_at, problems);
        let text = |key: &str| spec.get(key).and_then(Value::as_str).map(str::to_owned);
        for key in ["default", "basis", "about"] {
            if spec.get(key).is_none_or(Value::is_null) {
                problems.push(front.problem_at(
                    &at,
                    Problem::error(format!("parameter `{name}` has no `{key}`")),
                ));
            }
        }
        let basis = if text("basis").as_deref() == Some("sourced") {
            Basis::Sourced
        } else {
            Basis::Default
        };
        let param = Parameter {
            default,
            dated,
            min: spec.get("min").and_then(Value::as_f64),
            max: spec.get("max").and_then(Value::as_f64),
            unit: text("unit"),
            stricter: match text("stricter").as_deref() {
                Some("lower") => Some(Stricter::Lower),
                Some("higher") => Some(Stricter::Higher),
                _ => None,
            },
            basis,
            source: text("source"),
            about: text("about").unwrap_or_default(),
            name,
        };
        if param.stricter.is_some() && !param.default.is_number() {
            let problem = Problem::error(format!("parameter `{}` is no number", param.name))
                .expected("`stricter` only of a number, which can be lower or higher");
            problems.push(front.problem_at(&at.key("stricter"), problem));
        }
        let values = param.dated.iter().map(|row| &row.value);
        for problem in values
            .chain([&param.default])
            .filter_map(|value| param.refuses(value))
        {
            let problem = front.problem_at(&default_at, problem);
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        params.push(param);
    }
    params
}

/// The value from the beginning, and the rows where it changes with time.
fn default(
    front: &Document,
    name: &str,
    spec: &Value,
    at: &Pointer,
    problems: &mut Vec<Problem>,
) -> (Value, Vec<Dated>) {
    let default = spec.get("default").cloned().unwrap_or(Value::Null);
    let dated = dated_rows(front, at, &default, problems).unwrap_or_default();
    let Some(first) = dated.first() else {
        return (default, dated);
    };
    if first.from.is_some() {
        let message = format!("parameter `{name}` has no value from the beginning");
        let problem = Problem::error(message).expected("a first row without `from`");
        problems.push(front.problem_at(at, problem));
    }
    (first.value.clone(), dated)
}

impl Parameter {
    /// Whether a value is the default, or stricter than it in the direction that the page says.
    pub fn is_stricter(&self, to: &Value) -> bool {
        if self.default == *to {
            return true;
        }
        match (self.stricter, self.default.as_f64(), to.as_f64()) {
            (Some(Stricter::Lower), Some(from), Some(to)) => to <= from,
            (Some(Stricter::Higher), Some(from), Some(to)) => to >= from,
            (_, Some(from), Some(to)) => (from - to).abs() < f64::EPSILON,
            _ => false,
        }
    }

    /// Why `value` cannot be set, if it cannot.
    pub fn refuses(&self, value: &Value) -> Option<Problem> {
        let kind = |value: &Value| match value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a table",
        };
        if kind(value) != kind(&self.default) {
            return Some(
                Problem::error(format!("parameter `{}` is {}", self.name, kind(value)))
                    .expected(kind(&self.default)),
            );
        }
        let number = value.as_f64()?;
        let low = self.min.is_some_and(|min| number < min);
        let high = self.max.is_some_and(|max| number > max);
        (low || high).then(|| {
            let bound =
                |bound: Option<f64>| bound.map_or_else(|| "…".to_owned(), crate::text::number);
            Problem::error(format!(
                "parameter `{}` is {}",
                self.name,
                crate::text::number(number)
            ))
            .expected(format!(
                "between {} and {}",
                bound(self.min),
                bound(self.max)
            ))
        })
    }
}
