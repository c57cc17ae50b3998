//! Calls every function of the manifest: with arguments of every wrong number and type, and with unusual text.

use super::{Checked, Found, Subject};
use crate::abi;
use crate::testing::Failure;
use crate::value::{Argument, ValueType};
use serde_json::{Map, Value};

pub(super) fn check(subject: &Subject<'_>, found: &mut Found) -> Checked {
    let mut instance = subject.fresh()?;
    let functions = instance
        .manifest
        .get("functions")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for (function, index) in functions.iter().zip(0_u32..) {
        let name = function.get("name").and_then(Value::as_str).unwrap_or("?");
        let params = function
            .get("params")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let Some(types) = params
            .map(|param| {
                param
                    .get("type")
                    .and_then(Value::as_str)
                    .and_then(ValueType::named)
            })
            .collect::<Option<Vec<_>>>()
        else {
            found.add(format!("function `{name}`: a parameter has no known type"));
            continue;
        };
        let right: Vec<Argument> = types.iter().map(|kind| sample(*kind)).collect();
        let mut wrong = vec![[right.clone(), vec![Argument::Unit]].concat()];
        for (place, kind) in types.iter().enumerate() {
            wrong.push(right.get(..place).unwrap_or_default().to_vec());
            for other in ValueType::ALL.into_iter().filter(|other| other != kind) {
                let mut args = right.clone();
                args.splice(place..=place, [sample(other)]);
                wrong.push(args);
            }
        }
        for args in wrong {
            let status = instance
                .call_index(index, &args)
                .map_or_else(|failure| failure.status, |_| abi::STATUS_OK);
            if status != abi::STATUS_BAD_ARGS {
                found.add(format!(
                    "function `{name}`: status {status} for wrong arguments {args:?}"
                ));
            }
        }
        answers(subject, index, name, function, &right, found)?;
    }
    match instance.call_index(u32::MAX, &[]) {
        Err(failure) if failure.status == abi::STATUS_UNKNOWN => {}
        other => found.add(format!("a function that does not exist: {other:?}")),
    }
    Ok(())
}

/// A call with arguments of the right types: the answer has its type, a pure one is the same in every instance, and unusual text
/// does no harm.
fn answers(
    subject: &Subject<'_>,
    index: u32,
    name: &str,
    function: &Value,
    right: &[Argument],
    found: &mut Found,
) -> Checked {
    let returns = function
        .get("returns")
        .and_then(Value::as_str)
        .and_then(ValueType::named);
    let pure = function
        .get("pure")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    for text in ["", "\u{0}\u{1F600}", "Ä", &"x".repeat(1 << 20)] {
        let args: Vec<Argument> = right
            .iter()
            .map(|arg| match arg {
                Argument::Text(_) => Argument::from(text),
                other => other.clone(),
            })
            .collect();
        let mut instance = subject.fresh()?;
        let first = instance.call_index(index, &args);
        if pure
            && (instance.call_index(index, &args) != first
                || subject.fresh()?.call_index(index, &args) != first)
        {
            found.add(format!(
                "function `{name}` is declared pure, but its answer changes"
            ));
        }
        match first {
            Ok(answer) if Some(answer.value_type()) == returns => {}
            Ok(answer) => found.add(format!("function `{name}` gives {}", answer.value_type())),
            Err(Failure {
                status: abi::STATUS_FAILED,
                ..
            }) => {}
            Err(failure) => found.add(format!("function `{name}`: {failure}")),
        }
    }
    Ok(())
}

fn sample(kind: ValueType) -> Argument {
    match kind {
        ValueType::Unit => Argument::Unit,
        ValueType::Bool => Argument::Bool(true),
        ValueType::I64 => Argument::Integer(1),
        ValueType::F64 => Argument::Number(1.0),
        ValueType::Str => Argument::from("x"),
        ValueType::Json => Argument::Json(Value::Object(Map::new())),
    }
}
