//! Running the script of a rule.

use super::bindings;
use super::compiler::{Code, Compiler, Script};
use super::facts::{Fact, Run, Stop};
use super::helpers::{Answer, Proposed};
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::source::{Place, Source};
use rhai::{CallFnOptions, Dynamic, Engine, EvalAltResult, Map, Position, Scope};
use std::fmt;
use std::sync::Arc;

/// The interpreter for all rules of a rulebook.
pub(crate) struct Interpreter {
    engine: Engine,
    pub(crate) compiler: Arc<Compiler>,
}

/// Why a script gave no answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Halt {
    /// It asked for something that is not there.
    Stopped(Stop),
    /// It failed.
    Failed(String),
}

/// What a check finds odd.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Odd {
    /// Nothing.
    No,
    /// The answers as a whole.
    Whole,
    /// Some elements of a list.
    At(Vec<Pointer>),
}

impl Interpreter {
    /// An interpreter for what `compiler` compiles.
    pub(crate) fn new(compiler: Arc<Compiler>) -> Self {
        Self {
            engine: bindings::engine(),
            compiler,
        }
    }

    /// Lets scripts run over proposals of this schema.
    pub(crate) fn know(&mut self, schema: &Schema) {
        bindings::know(&mut self.engine, schema);
    }

    pub(crate) fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    fn run_code<'s>(&self, script: &'s Script) -> Result<&'s Code, Halt> {
        self.compiler.code(script).map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            Halt::Failed(first.unwrap_or_default())
        })
    }

    /// Whether the rule's question arises for the program.
    pub(crate) fn applies(
        &self,
        script: &Script,
        run: &Arc<Run>,
        param: &Map,
    ) -> Result<bool, Halt> {
        if !self.run_code(script)?.has_applies {
            return Ok(true);
        }
        let answer = self.call(script, "applies", run, param)?;
        answer
            .as_bool()
            .map_err(|_found| Halt::Failed("`applies` must return true or false".to_owned()))
    }

    /// The rule's answer for the program.
    pub(crate) fn check(
        &self,
        script: &Script,
        run: &Arc<Run>,
        param: &Map,
    ) -> Result<Answer, Halt> {
        let answer = self.call(script, "check", run, param)?;
        answer.try_cast::<Answer>().ok_or_else(|| {
            Halt::Failed(
                "`check` must return met(…), unmet(…), partly(…), ramp(…), curve(…) or between(…) with a message"
                    .to_owned(),
            )
        })
    }

    /// Facts to set that the rule proposes.
    pub(crate) fn remedy(
        &self,
        script: &Script,
        run: &Arc<Run>,
        param: &Map,
    ) -> Result<Vec<Proposed>, Halt> {
        if !self.run_code(script)?.has_remedy {
            return Ok(Vec::new());
        }
        let answer = self.call(script, "remedy", run, param)?;
        let list = answer.into_array().unwrap_or_default();
        list.into_iter()
            .map(|change| {
                change.try_cast::<Proposed>().ok_or_else(|| {
                    Halt::Failed("`remedy` must return a list of set(path, value)".to_owned())
                })
            })
            .collect()
    }

    fn call(
        &self,
        script: &Script,
        name: &str,
        run: &Arc<Run>,
        param: &Map,
    ) -> Result<Dynamic, Halt> {
        let code = self.run_code(script)?;
        let options = CallFnOptions::new()
            .eval_ast(false)
            .with_tag(Dynamic::from(Arc::clone(run)));
        let args = (Fact::root(Arc::clone(run)), param.clone());
        let result: Result<Dynamic, _> =
            self.engine
                .call_fn_with_options(options, &mut Scope::new(), &code.ast, name, args);
        // A rule cannot go on as if nothing were missing, whatever it did with the error.
        if let Some(stop) = run.state().stop.clone() {
            return Err(Halt::Stopped(stop));
        }
        result.map_err(|error| Halt::Failed(self.explain(script, &error)))
    }

    /// Says what went wrong and where, without the interpreter's jargon.
    fn explain(&self, script: &Script, error: &EvalAltResult) -> String {
        let mut file = script.source.name().to_owned();
        let mut inner = error;
        let mut at = error.position();
        while let EvalAltResult::ErrorInFunctionCall(name, _, cause, _) = inner {
            if let Some(library) = self
                .compiler
                .library_file(name.split('(').next().unwrap_or_default().trim())
            {
                library.name().clone_into(&mut file);
            }
            inner = cause;
            if !inner.position().is_none() {
                at = inner.position();
            }
        }
        let what = match inner {
            EvalAltResult::ErrorRuntime(message, _) => message.to_string(),
            EvalAltResult::ErrorTooManyOperations(_) => {
                format!(
                    "it ran for more than {} steps",
                    bindings::limits::OPERATIONS
                )
            }
            EvalAltResult::ErrorStackOverflow(_) => {
                format!(
                    "its calls nest more than {} deep",
                    bindings::limits::CALL_DEPTH
                )
            }
            EvalAltResult::ErrorDataTooLarge(what, _) => format!("a value grew too large ({what})"),
            EvalAltResult::ErrorFunctionNotFound(signature, _) => {
                format!(
                    "there is no function `{}`",
                    signature.replace("evenhand_core::rule::facts::Fact", "Fact")
                )
            }
            EvalAltResult::ErrorPropertyNotFound(name, _) => {
                format!("there is no field or parameter `{name}`")
            }
            other => plain(&other.to_string()),
        };
        let own = file == script.source.name();
        match place(at).map(|place| {
            if own {
                typed(&script.source, place)
            } else {
                place
            }
        }) {
            Some(place) => format!("{file}:{}:{}: {what}", place.line, place.column),
            None => format!("{file}: {what}"),
        }
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interpreter")
    }
}

/// Where people have typed what stands at a place of a script: on the page, where a form judges.
pub(crate) fn typed(source: &Source, place: Place) -> Place {
    let offset = source.offset(place).unwrap_or_default();
    let (typed, span) = source.typed(offset..offset);
    typed.place(span.start)
}

/// A place in a script, from the interpreter's position.
pub(crate) fn place(position: Position) -> Option<Place> {
    Some(Place {
        line: position.line()?,
        column: position.position().unwrap_or(1),
    })
}

/// Puts a problem at a place of a script.
pub fn at(source: &Source, place: Option<Place>, problem: Problem) -> Problem {
    match place.and_then(|place| source.offset(place)) {
        Some(offset) => {
            let end = source.text().get(offset..).map_or(offset, |rest| {
                let word = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                offset + word.max(rest.chars().next().map_or(0, char::len_utf8))
            });
            problem.at(source, offset..end)
        }
        None => problem.in_file(source.name()),
    }
}

/// The interpreter's message without its own position.
pub(super) fn plain(message: &str) -> String {
    let text = message.split(" (line ").next().unwrap_or(message);
    text.trim_end_matches('.').to_owned()
}
