//! Compiling and running the script of a rule.

use super::bindings;
use super::facts::{Fact, Run, Stop};
use super::fields::Functions;
use super::helpers::{Answer, Proposed};
use crate::problem::Problem;
use crate::schema::Schema;
use crate::source::{Place, Source};
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Map, Position, Scope};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The functions of a rule that the engine calls, with how many arguments they take.
pub(crate) const ENTRY_POINTS: [&str; 3] = ["applies", "check", "remedy"];

/// The interpreter for all rules of a pack, with the pack's library.
pub(crate) struct Interpreter {
    engine: Engine,
    library: AST,
    library_files: BTreeMap<String, Source>,
    library_functions: Functions,
}

/// A rule's script.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) source: Source,
    compiled: OnceLock<Result<Code, Vec<Problem>>>,
}

/// A rule's compiled script.
#[derive(Clone)]
pub(crate) struct Code {
    /// Its own functions and the library's.
    ast: AST,
    /// Only its own.
    pub(crate) own: AST,
    pub(crate) has_applies: bool,
    pub(crate) has_remedy: bool,
}

impl Script {
    /// A script that is known to compile, and is compiled when it is first run.
    pub(crate) fn unread(source: Source) -> Self {
        let compiled = OnceLock::new();
        Self { source, compiled }
    }
}

/// Why a script gave no answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Halt {
    /// It asked for something that is not there.
    Stopped(Stop),
    /// It failed.
    Failed(String),
}

impl Interpreter {
    /// An interpreter that can compile scripts.
    pub(crate) fn new() -> Self {
        Self {
            engine: bindings::engine(),
            library: AST::empty(),
            library_files: BTreeMap::new(),
            library_functions: Functions::default(),
        }
    }

    /// Lets scripts run over proposals of this schema.
    pub(crate) fn know(&mut self, schema: &Schema) {
        bindings::know(&mut self.engine, schema);
    }

    pub(crate) fn engine_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// The library's own scripts, put together.
    pub(crate) fn library(&self) -> &AST {
        &self.library
    }

    /// The library's functions, for checking scripts that call them.
    pub(crate) fn library_functions(&self) -> &Functions {
        &self.library_functions
    }

    /// Adds a library file, whose functions every rule can call; `keep` them also for checking scripts.
    pub(crate) fn add_library(&mut self, source: &Source, keep: bool) -> Result<(), Vec<Problem>> {
        let ast = self.compile(source)?;
        for function in ast.iter_functions() {
            if let Some(other) = self
                .library_files
                .insert(function.name.to_owned(), source.clone())
            {
                let message = format!(
                    "the function `{}` stands in {} already",
                    function.name,
                    other.name()
                );
                return Err(vec![Problem::error(message).in_file(source.name())]);
            }
        }
        if keep {
            self.library_functions.add(&ast, |_| Some(source.clone()));
        }
        self.library.combine(ast);
        Ok(())
    }

    /// Compiles the script of a rule.
    pub(crate) fn rule(&self, source: Source) -> Result<Script, Vec<Problem>> {
        let code = self.compile_rule(&source)?;
        Ok(Script {
            source,
            compiled: OnceLock::from(Ok(code)),
        })
    }

    /// The compiled script of a rule; compiles it if nobody has yet.
    pub(crate) fn code<'s>(&self, script: &'s Script) -> Result<&'s Code, &'s [Problem]> {
        let compiled = script
            .compiled
            .get_or_init(|| self.compile_rule(&script.source));
        compiled.as_ref().map_err(Vec::as_slice)
    }

    fn compile_rule(&self, source: &Source) -> Result<Code, Vec<Problem>> {
        let own = self.compile(source)?;
        let mut problems = Vec::new();
        let mut has = [false; 3];
        for function in own.iter_functions() {
            let entry = ENTRY_POINTS.iter().position(|name| *name == function.name);
            if let Some(slot) = entry.and_then(|entry| has.get_mut(entry)) {
                *slot = true;
                if function.params.len() != 2 {
                    problems.push(
                        Problem::error(format!(
                            "`{}` takes {} arguments",
                            function.name,
                            function.params.len()
                        ))
                        .in_file(source.name())
                        .expected(format!("`fn {}(program, param)`", function.name)),
                    );
                }
            }
            if let Some(file) = self.library_files.get(function.name) {
                problems.push(
                    Problem::error(format!(
                        "`{}` has the name of a function in {}",
                        function.name,
                        file.name()
                    ))
                    .in_file(source.name())
                    .expected("a name of its own"),
                );
            }
        }
        let [has_applies, has_check, has_remedy] = has;
        if !has_check {
            problems.push(
                Problem::error("the script has no function `check`")
                    .in_file(source.name())
                    .expected("`fn check(program, param)`"),
            );
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let ast = self.library.merge(&own);
        Ok(Code {
            ast,
            own,
            has_applies,
            has_remedy,
        })
    }

    fn run_code<'s>(&self, script: &'s Script) -> Result<&'s Code, Halt> {
        self.code(script).map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            Halt::Failed(first.unwrap_or_default())
        })
    }

    fn compile(&self, source: &Source) -> Result<AST, Vec<Problem>> {
        let ast = self.engine.compile(source.text()).map_err(|error| {
            let place = place(error.position());
            vec![at(
                source,
                place,
                Problem::error(plain(&error.err_type().to_string())),
            )]
        })?;
        if let Some(first) = ast.statements().first() {
            let problem = Problem::error("a rule script holds only functions")
                .expected("`fn check(program, param) { … }`");
            return Err(vec![at(source, place(first.position()), problem)]);
        }
        Ok(ast)
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
                .library_files
                .get(name.split('(').next().unwrap_or_default().trim())
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
        match place(at) {
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

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script({})", self.source.name())
    }
}

/// A place in a script, from the interpreter's position.
pub(crate) fn place(position: Position) -> Option<Place> {
    Some(Place {
        line: position.line()?,
        column: position.position().unwrap_or(1),
    })
}

/// Puts a problem at a place of a script.
pub(crate) fn at(source: &Source, place: Option<Place>, problem: Problem) -> Problem {
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
fn plain(message: &str) -> String {
    let text = message.split(" (line ").next().unwrap_or(message);
    text.trim_end_matches('.').to_owned()
}
