//! The functions of plugins, as scripts call them.

use super::{Entry, Plugins};
use crate::plugin::{Argument, FailureKind, Function, PluginError, ValueType};
use crate::rule::compare::{as_number, script_error, text, type_word};
use crate::rule::facts::{Run, Stop, plain};
use crate::rule::helpers::json;
use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext, Position};
use std::any::TypeId;
use std::sync::Arc;

impl Plugins {
    /// Gives scripts every function of every plugin.
    pub(crate) fn register_functions(self: &Arc<Self>, engine: &mut Engine) {
        for (number, entry) in self.entries.iter().enumerate() {
            for (index, function) in entry.manifest.functions.iter().enumerate() {
                let plugins = Arc::clone(self);
                let types = vec![TypeId::of::<Dynamic>(); function.params.len()];
                engine.register_raw_fn(function.name.as_str(), types, move |context, args| {
                    let Some(entry) = plugins.entries.get(number) else {
                        return Ok(Dynamic::UNIT);
                    };
                    call(&context, (number, entry), index, args)
                });
            }
        }
    }
}

fn call(
    context: &NativeCallContext<'_>,
    (number, entry): (usize, &Entry),
    index: usize,
    args: &[&mut Dynamic],
) -> Result<Dynamic, Box<EvalAltResult>> {
    let Some(function) = entry.manifest.functions.get(index) else {
        return Ok(Dynamic::UNIT);
    };
    let args = arguments(function, args)?;
    let run = run(context);
    let key = function.pure.then(|| (number, key(index, &args)));
    if let Some((run, key)) = run.as_ref().zip(key.as_ref())
        && let Some(known) = run.facts.remembered(key)
    {
        return Ok(known);
    }
    let answer = entry.pool.with(|plugin| plugin.call(index, &args));
    match answer {
        Ok(answer) => {
            let answer = dynamic(answer);
            if let (Some(run), Some(key)) = (run, key) {
                run.facts.remember(key, answer.clone());
            }
            Ok(answer)
        }
        Err(failure) if failure.kind == FailureKind::BadArguments => {
            Err(script_error(failure.to_string()))
        }
        Err(failure) => Err(stop(context, &failure)),
    }
}

/// A function and its arguments as bytes: no two calls that differ have the same. Made at every call, so no text is composed.
fn key(index: usize, args: &[Argument]) -> Vec<u8> {
    let mut key = Vec::with_capacity(48);
    key.extend_from_slice(&index.to_le_bytes());
    for arg in args {
        let mut put = |tag: u8, bytes: &[u8]| {
            key.push(tag);
            key.extend_from_slice(&bytes.len().to_le_bytes());
            key.extend_from_slice(bytes);
        };
        match arg {
            Argument::Unit => put(0, &[]),
            Argument::Bool(flag) => put(1, &[u8::from(*flag)]),
            Argument::Integer(number) => put(2, &number.to_le_bytes()),
            Argument::Number(number) => put(3, &number.to_bits().to_le_bytes()),
            Argument::Text(text) => put(4, text.as_bytes()),
            Argument::Json(value) => put(5, value.to_string().as_bytes()),
        }
    }
    key
}

/// The run of the script that calls.
fn run(context: &NativeCallContext<'_>) -> Option<Arc<Run>> {
    context.tag()?.clone().try_cast::<Arc<Run>>()
}

/// A plugin that gives no answer makes the rule unknown, not wrong.
fn stop(context: &NativeCallContext<'_>, failure: &PluginError) -> Box<EvalAltResult> {
    match run(context) {
        Some(run) => {
            run.stop(Stop::Unavailable(failure.to_string()));
            Box::new(EvalAltResult::ErrorTerminated(
                Dynamic::UNIT,
                Position::NONE,
            ))
        }
        None => script_error(failure.to_string()),
    }
}

fn arguments(
    function: &Function,
    args: &[&mut Dynamic],
) -> Result<Vec<Argument>, Box<EvalAltResult>> {
    function
        .params
        .iter()
        .zip(args)
        .map(|(param, arg)| {
            argument(param.kind, arg).ok_or_else(|| {
                script_error(format!(
                    "`{}` of {}() must be {}, not {}",
                    param.name,
                    function.name,
                    word(param.kind),
                    type_word(arg)
                ))
            })
        })
        .collect()
}

fn argument(kind: ValueType, arg: &Dynamic) -> Option<Argument> {
    match kind {
        ValueType::Unit => arg.is_unit().then_some(Argument::Unit),
        ValueType::Bool => arg.as_bool().ok().map(Argument::Bool),
        ValueType::Str => text(arg).map(Argument::Text),
        ValueType::F64 => as_number(arg)
            .filter(|number| number.is_finite())
            .map(Argument::Number),
        ValueType::I64 => {
            let number = as_number(arg)?;
            let whole = number.fract() == 0.0 && number.abs() < 9.0e15;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number within 2^53"
            )]
            whole.then_some(Argument::Integer(number as i64))
        }
        ValueType::Json => json(arg).ok().map(Argument::Json),
    }
}

fn word(kind: ValueType) -> &'static str {
    match kind {
        ValueType::Unit => "nothing",
        ValueType::Bool => "true or false",
        ValueType::I64 => "a whole number",
        ValueType::F64 => "a number",
        ValueType::Str => "text",
        ValueType::Json => "a value",
    }
}

fn dynamic(answer: Argument) -> Dynamic {
    match answer {
        Argument::Unit => Dynamic::UNIT,
        Argument::Bool(flag) => flag.into(),
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers reach scripts as floats, by design"
        )]
        Argument::Integer(number) => (number as f64).into(),
        Argument::Number(number) => number.into(),
        Argument::Text(text) => text.into(),
        Argument::Json(value) => plain(&value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_differ_have_different_keys() {
        let text = |text: &str| Argument::Text(text.to_owned());
        let calls = [
            (0, vec![]),
            (1, vec![]),
            (0, vec![Argument::Unit]),
            (0, vec![Argument::Bool(false)]),
            (0, vec![Argument::Integer(1)]),
            (0, vec![Argument::Number(1.0)]),
            (0, vec![Argument::Number(-0.0)]),
            (0, vec![Argument::Number(0.0)]),
            (0, vec![text("ab"), text("c")]),
            (0, vec![text("a"), text("bc")]),
            (0, vec![text("abc")]),
            (0, vec![text("1")]),
            (0, vec![Argument::Json(serde_json::json!(1))]),
        ];
        let keys: std::collections::BTreeSet<Vec<u8>> = calls
            .iter()
            .map(|(index, args)| key(*index, args))
            .collect();
        assert_eq!(keys.len(), calls.len());
    }
}
