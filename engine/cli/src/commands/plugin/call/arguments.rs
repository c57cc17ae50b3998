//! What was typed, as values of the types that the manifest declares.

use super::typed;
use crate::commands::plugin::docs::signature;
use evenhand_core::plugin::{Argument, Function, ValueType};
use evenhand_core::problem::Problem;

/// Reads the arguments of a call; every one that is wrong is a problem.
pub(super) fn parse(function: &Function, given: &[String]) -> Result<Vec<Argument>, Vec<Problem>> {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for (index, (param, text)) in function.params.iter().zip(given).enumerate() {
        match value(param.kind, text) {
            Ok(value) => values.push(value),
            Err(reason) => {
                let reason = reason
                    .map(|reason| format!(" ({reason})"))
                    .unwrap_or_default();
                let message = format!(
                    "`{text}` cannot be `{}` of `{}`{reason}",
                    param.name,
                    signature(function)
                );
                problems.push(Problem::error(message).expected(typed(function, index)));
            }
        }
    }
    let (wanted, got) = (function.params.len(), given.len());
    if wanted != got {
        let noun = if wanted == 1 { "argument" } else { "arguments" };
        let message = format!("`{}` takes {wanted} {noun}, {got} given", function.name);
        problems.push(Problem::error(message).expected(format!("`{}`", signature(function))));
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(problems)
    }
}

/// The value, or why there is none, where more can be said than its type.
fn value(kind: ValueType, text: &str) -> Result<Argument, Option<String>> {
    match kind {
        ValueType::Unit => text.is_empty().then_some(Argument::Unit).ok_or(None),
        ValueType::Bool => text.parse().map(Argument::Bool).or(Err(None)),
        ValueType::I64 => text.parse().map(Argument::Integer).map_err(|error| {
            use std::num::IntErrorKind::{NegOverflow, PosOverflow};
            let number = text.parse::<f64>();
            let whole = number.is_ok_and(|number| number.fract() == 0.0);
            match std::num::ParseIntError::kind(&error) {
                PosOverflow | NegOverflow => Some("it does not fit into 64 bits".to_owned()),
                _ => whole.then(|| "write it without point and exponent".to_owned()),
            }
        }),
        ValueType::F64 => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Argument::Number(number)),
            Ok(_) => Err(Some("it is not finite".to_owned())),
            Err(_) => Err(None),
        },
        ValueType::Str => Ok(Argument::Text(text.to_owned())),
        ValueType::Json => match serde_json::from_str(text) {
            Ok(value) => Ok(Argument::Json(value)),
            Err(error) => Err(Some(error.to_string())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::plugin::Parameter;

    fn function(kinds: &[ValueType]) -> Function {
        let name = |index: usize| format!("p{index}");
        let params = kinds.iter().enumerate();
        Function {
            name: "f".to_owned(),
            about: String::new(),
            pure: true,
            params: params
                .map(|(index, kind)| Parameter {
                    name: name(index),
                    kind: *kind,
                })
                .collect(),
            returns: ValueType::Unit,
            unit: None,
        }
    }

    fn parsed(kinds: &[ValueType], given: &[&str]) -> Result<Vec<Argument>, Vec<String>> {
        let given: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
        parse(&function(kinds), &given)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn each_type_is_read_as_declared() {
        use ValueType::{Bool, F64, I64, Json, Str};
        assert_eq!(
            parsed(
                &[Bool, I64, F64, Str, Json],
                &["true", "-7", "1e3", "007", "[1]"]
            ),
            Ok(vec![
                Argument::Bool(true),
                Argument::Integer(-7),
                Argument::Number(1000.0),
                Argument::Text("007".to_owned()),
                Argument::Json(serde_json::json!([1])),
            ])
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        use ValueType::{Bool, F64, I64, Json};
        let problems =
            parsed(&[Bool, I64, F64, Json], &["yes", "1e3", "NaN", "{", "more"]).unwrap_err();
        assert_eq!(problems.len(), 5, "{problems:#?}");
        assert!(
            problems[0].contains("`yes` cannot be `p0`"),
            "{}",
            problems[0]
        );
        assert!(
            problems[0].ends_with("expected `true` or `false` (bool)"),
            "{}",
            problems[0]
        );
        assert!(
            problems[1].contains("without point and exponent"),
            "{}",
            problems[1]
        );
        assert!(problems[2].contains("it is not finite"), "{}", problems[2]);
        assert!(
            problems[4].contains("takes 4 arguments, 5 given"),
            "{}",
            problems[4]
        );
    }
}
