//! The functions of plugins, as scripts call them.

use super::Plugins;
use crate::plugin::{Argument, FailureKind, Function, ValueType};
use crate::rule::compare::{as_number, script_error, text};
use crate::rule::facts::{Facts, Run, Stop, plain};
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
                    call(&context, &plugins, (number, index), args)
                });
            }
        }
    }
}

/// Why a function gave no answer.
pub(crate) enum NoAnswer {
    /// The script is wrong.
    Wrong(String),
    /// The plugin is.
    Unavailable(String),
}

impl Plugins {
    /// The plugin's place in the list and the function's in its manifest.
    pub(crate) fn function(&self, name: &str) -> Option<(usize, usize)> {
        let entries = self.entries.iter().enumerate();
        let mut found = entries.filter_map(|(number, entry)| {
            let mut functions = entry.manifest.functions.iter();
            let index = functions.position(|function| function.name == name)?;
            Some((number, index))
        });
        found.next()
    }

    /// Calls a function; what it answered to the same arguments before is remembered with the facts.
    pub(crate) fn call(
        &self,
        number: usize,
        index: usize,
        args: Vec<Argument>,
        facts: &Facts,
    ) -> Result<Argument, NoAnswer> {
        let entry = self.entries.get(number);
        let Some((entry, function)) =
            entry.and_then(|entry| Some((entry, entry.manifest.functions.get(index)?)))
        else {
            return Err(NoAnswer::Wrong("there is no such function".to_owned()));
        };
        let args = arguments(function, args).map_err(NoAnswer::Wrong)?;
        let key = function.pure.then(|| (number, key(index, &args)));
        if let Some(known) = key.as_ref().and_then(|key| facts.remembered(key)) {
            return Ok(known);
        }
        let answer = entry.pool.with(|plugin| plugin.call(index, &args));
        let answer = answer.map_err(|failure| match failure.kind {
            FailureKind::BadArguments => NoAnswer::Wrong(failure.to_string()),
            _ => NoAnswer::Unavailable(failure.to_string()),
        })?;
        if let Some(key) = key {
            facts.remember(key, answer.clone());
        }
        Ok(answer)
    }
}

fn call(
    context: &NativeCallContext<'_>,
    plugins: &Plugins,
    (number, index): (usize, usize),
    args: &[&mut Dynamic],
) -> Result<Dynamic, Box<EvalAltResult>> {
    let given = args.iter().map(|arg| plain_argument(arg));
    let given = given.collect::<Result<Vec<_>, _>>()?;
    let Some(run) = run(context) else {
        return Err(script_error("there are no facts"));
    };
    match plugins.call(number, index, given, &run.facts) {
        Ok(answer) => Ok(dynamic(answer)),
        Err(NoAnswer::Wrong(message)) => Err(script_error(message)),
        // A plugin that gives no answer makes the rule unknown, not wrong.
        Err(NoAnswer::Unavailable(reason)) => {
            run.stop(Stop::Unavailable(reason));
            Err(Box::new(EvalAltResult::ErrorTerminated(
                Dynamic::UNIT,
                Position::NONE,
            )))
        }
    }
}

fn plain_argument(arg: &Dynamic) -> Result<Argument, Box<EvalAltResult>> {
    if arg.is_unit() {
        return Ok(Argument::Unit);
    }
    if let Ok(flag) = arg.as_bool() {
        return Ok(Argument::Bool(flag));
    }
    if let Some(number) = as_number(arg) {
        return Ok(Argument::Number(number));
    }
    if let Some(text) = text(arg) {
        return Ok(Argument::Text(text));
    }
    json(arg).map(Argument::Json)
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

/// The arguments as the function takes them.
fn arguments(function: &Function, args: Vec<Argument>) -> Result<Vec<Argument>, String> {
    if args.len() != function.params.len() {
        return Err(format!(
            "{}() takes {} arguments and gets {}",
            function.name,
            function.params.len(),
            args.len()
        ));
    }
    let all = function.params.iter().zip(args);
    all.map(|(param, arg)| {
        let given = given(&arg);
        argument(param.kind, arg).ok_or_else(|| {
            format!(
                "`{}` of {}() must be {}, not {given}",
                param.name,
                function.name,
                word(param.kind),
            )
        })
    })
    .collect()
}

fn argument(kind: ValueType, arg: Argument) -> Option<Argument> {
    match (kind, arg) {
        (ValueType::Unit, Argument::Unit) => Some(Argument::Unit),
        (ValueType::Bool, arg @ Argument::Bool(_))
        | (ValueType::Str, arg @ Argument::Text(_))
        | (ValueType::Json, arg @ Argument::Json(_)) => Some(arg),
        (ValueType::F64, Argument::Number(number)) => {
            number.is_finite().then_some(Argument::Number(number))
        }
        (ValueType::I64, Argument::Number(number)) => {
            let whole = number.fract() == 0.0 && number.abs() < 9.0e15;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a whole number within 2^53"
            )]
            whole.then_some(Argument::Integer(number as i64))
        }
        (ValueType::Json, Argument::Bool(flag)) => Some(Argument::Json(flag.into())),
        (ValueType::Json, Argument::Text(text)) => Some(Argument::Json(text.into())),
        (ValueType::Json, Argument::Number(number)) => {
            crate::text::json_number(number).map(Argument::Json)
        }
        _ => None,
    }
}

/// What was given, in the words of authors.
fn given(arg: &Argument) -> &'static str {
    match arg {
        Argument::Unit => "nothing",
        Argument::Bool(_) => "yes or no",
        Argument::Integer(_) | Argument::Number(_) => "a number",
        Argument::Text(_) => "text",
        Argument::Json(serde_json::Value::Array(_)) => "a list",
        Argument::Json(_) => "a table",
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
