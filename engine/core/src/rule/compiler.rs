//! Compiling the scripts of rules.

use super::bindings;
use super::script::{at, place, plain};
use crate::executor::Executor;
use crate::problem::Problem;
use crate::program::code::Program;
use crate::program::stored::{Around, Stored, StoredProgram};
use crate::program::{Callable, Find, Functions, lower, lower_one};
use crate::schema::Schema;
use crate::source::Source;
use rhai::{AST, Engine, ParseErrorType};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The functions of a rule that the engine calls, with how many arguments they take.
pub const ENTRY_POINTS: [&str; 3] = ["applies", "check", "remedy"];

/// What compiles the scripts of a rulebook, with the packs' library.
pub(crate) struct Compiler {
    engine: Engine,
    /// The files of the library by their paths in a pack, each parsed when it is needed first.
    parts: BTreeMap<String, (Source, OnceLock<AST>)>,
    library: OnceLock<Library>,
    library_files: BTreeMap<String, Source>,
    /// Functions of the library that were made ready when a pack was built in.
    stored: Vec<Stored>,
}

/// The library's own scripts, put together.
struct Library {
    ast: AST,
    functions: Functions,
}

/// A rule's script. Copies share what it was compiled to.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) source: Source,
    compiled: Arc<OnceLock<Result<Code, Vec<Problem>>>>,
    program: Arc<OnceLock<Result<Program, Vec<Problem>>>>,
    /// What was made ready when its pack was built in.
    stored: Option<StoredProgram>,
}

/// A rule's compiled script.
#[derive(Clone)]
pub(crate) struct Code {
    /// Its own functions and the library's.
    pub(super) ast: AST,
    /// Only its own.
    pub(crate) own: AST,
    pub(crate) has_applies: bool,
    pub(crate) has_check: bool,
    pub(crate) has_remedy: bool,
}

impl Script {
    /// A script whose program was made ready when its pack was built in.
    pub(crate) fn stored(source: Source, program: StoredProgram) -> Self {
        Self {
            source,
            compiled: Arc::default(),
            program: Arc::default(),
            stored: Some(program),
        }
    }
}

impl Compiler {
    /// A compiler without a library.
    pub(crate) fn new() -> Self {
        Self {
            engine: bindings::grammar(),
            parts: BTreeMap::new(),
            library: OnceLock::new(),
            library_files: BTreeMap::new(),
            stored: Vec::new(),
        }
    }

    /// The library's own scripts, put together.
    pub(crate) fn library(&self) -> &AST {
        &self.parsed().ast
    }

    fn parsed(&self) -> &Library {
        self.library.get_or_init(|| {
            let mut ast = AST::empty();
            let mut functions = Functions::default();
            for (source, part) in self.parts.values() {
                // What was not parsed before stands in a pack that was read when it was built in.
                let part = part.get_or_init(|| self.compile(source).unwrap_or_default());
                functions.add(part, |_| Some(source.clone()));
                ast.combine(part.clone());
            }
            Library { ast, functions }
        })
    }

    /// The library's functions, for checking scripts that call them.
    pub(crate) fn library_functions(&self) -> &Functions {
        &self.parsed().functions
    }

    /// The names of the library's functions, each with the file it stands in.
    pub(crate) fn library_files(&self) -> impl Iterator<Item = (&str, &Source)> {
        let functions = self.library_files.iter();
        functions.map(|(name, source)| (name.as_str(), source))
    }

    /// The library's file that has the function `name`.
    pub(super) fn library_file(&self, name: &str) -> Option<&Source> {
        self.library_files.get(name)
    }

    /// Adds a library file by its path in its pack, whose functions every rule can call.
    pub(crate) fn add_library(&mut self, path: &str, source: &Source) -> Result<(), Vec<Problem>> {
        let ast = self.compile(source)?;
        for function in ast.iter_functions() {
            self.add_function(function.name, source)?;
        }
        let part = (source.clone(), OnceLock::from(ast));
        self.parts.insert(path.to_owned(), part);
        Ok(())
    }

    /// The same for a file that was read when its pack was built in, and has these functions: it is parsed when a script is
    /// compiled that may call them.
    pub(crate) fn add_known_library<'n>(
        &mut self,
        path: &str,
        source: &Source,
        functions: impl Iterator<Item = &'n str>,
    ) -> Result<(), Vec<Problem>> {
        for function in functions {
            self.add_function(function, source)?;
        }
        let part = (source.clone(), OnceLock::new());
        self.parts.insert(path.to_owned(), part);
        Ok(())
    }

    /// Takes functions of the library that were made ready when a pack was built in.
    pub(crate) fn add_stored(&mut self, stored: Stored) {
        self.stored.push(stored);
    }

    fn add_function(&mut self, name: &str, source: &Source) -> Result<(), Vec<Problem>> {
        let before = self.library_files.insert(name.to_owned(), source.clone());
        let Some(other) = before else {
            return Ok(());
        };
        let message = format!("the function `{name}` stands in {} already", other.name());
        Err(vec![Problem::error(message).in_file(source.name())])
    }

    /// Whether a script's program is read as it was stored.
    pub(crate) fn was_stored(&self, script: &Script, schema: &Schema, plugins: Find<'_>) -> bool {
        let stored = script.stored.as_ref();
        stored.is_some_and(|stored| self.read(stored, &script.source, schema, plugins).is_some())
    }

    /// A program as it was stored; nothing where it has to be made ready anew.
    fn read(
        &self,
        stored: &StoredProgram,
        source: &Source,
        schema: &Schema,
        plugins: Find<'_>,
    ) -> Option<Program> {
        let around = Around {
            schema,
            plugins,
            file: &|path| Some(self.parts.get(path)?.0.clone()),
        };
        stored.read(&around, source)
    }

    /// Compiles the script of a rule.
    pub(crate) fn rule(&self, source: Source) -> Result<Script, Vec<Problem>> {
        let code = self.compile_rule(&source)?;
        Ok(Script {
            source,
            compiled: Arc::new(OnceLock::from(Ok(code))),
            program: Arc::default(),
            stored: None,
        })
    }

    /// A script that is known to compile. It is compiled on another thread as soon as one has time, or else when it is
    /// first asked for.
    pub(crate) fn rule_soon(self: &Arc<Self>, source: Source, executor: &dyn Executor) -> Script {
        let script = Script {
            source,
            compiled: Arc::default(),
            program: Arc::default(),
            stored: None,
        };
        let (compiler, own) = (Arc::clone(self), script.clone());
        executor.spawn_background(Box::new(move || {
            // What asks for it is told what is wrong with it.
            let _in_time = compiler.code(&own).is_ok();
        }));
        script
    }

    /// The compiled script of a rule; compiles it if nobody has yet.
    pub(crate) fn code<'s>(&self, script: &'s Script) -> Result<&'s Code, &'s [Problem]> {
        let compiled = script
            .compiled
            .get_or_init(|| self.compile_rule(&script.source));
        compiled.as_ref().map_err(Vec::as_slice)
    }

    /// What runs of a rule's script; it is made ready when it is first asked for.
    pub(crate) fn program<'s>(
        &self,
        script: &'s Script,
        schema: &Schema,
        plugins: Find<'_>,
    ) -> Result<&'s Program, &'s [Problem]> {
        let program = script.program.get_or_init(|| {
            let stored = script.stored.as_ref();
            let stored =
                stored.and_then(|stored| self.read(stored, &script.source, schema, plugins));
            if let Some(program) = stored {
                return Ok(program);
            }
            let code = self.code(script).map_err(<[Problem]>::to_vec)?;
            let mut own = Functions::default();
            own.add(&code.own, |_| Some(script.source.clone()));
            let functions = Callable {
                own: &own,
                library: self.library_functions(),
            };
            lower(schema, &functions, plugins)
        });
        program.as_ref().map_err(Vec::as_slice)
    }

    /// What runs of a function of the library; nothing where it is wrong.
    pub(crate) fn library_program(
        &self,
        name: &str,
        schema: &Schema,
        plugins: Find<'_>,
    ) -> Option<Program> {
        let source = self.library_files.get(name)?;
        let stored = self.stored.iter();
        let mut stored = stored.filter_map(|stored| stored.program(&format!("lib/{name}")));
        if let Some(stored) = stored.next()
            && let Some(program) = self.read(&stored, source, schema, plugins)
        {
            return Some(program);
        }
        let functions = Callable {
            own: &Functions::default(),
            library: self.library_functions(),
        };
        lower_one(schema, &functions, plugins, name).ok()
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
        if !has_check && !has_applies {
            problems.push(
                Problem::error("the script has no function `check`")
                    .in_file(source.name())
                    .expected("`fn check(program, param)`"),
            );
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let ast = self.library().merge(&own);
        Ok(Code {
            ast,
            own,
            has_applies,
            has_check,
            has_remedy,
        })
    }

    fn compile(&self, source: &Source) -> Result<AST, Vec<Problem>> {
        let ast = self.engine.compile(source.text()).map_err(|error| {
            let place = place(error.position());
            let message = match error.err_type() {
                ParseErrorType::VariableUndefined(name) => {
                    format!("there is nothing called `{name}` here")
                }
                other => plain(&other.to_string()),
            };
            vec![at(source, place, Problem::error(message))]
        })?;
        if let Some(first) = ast.statements().first() {
            let problem = Problem::error("a rule script holds only functions")
                .expected("`fn check(program, param) { … }`");
            return Err(vec![at(source, place(first.position()), problem)]);
        }
        Ok(ast)
    }
}

impl fmt::Debug for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiler")
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Script({})", self.source.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(script: &Script, compiler: &Compiler) -> Vec<String> {
        let found = compiler.code(script).err().unwrap_or_default();
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn copies_share_what_was_compiled_whoever_came_first() {
        let compiler = Arc::new(Compiler::new());
        let source = Source::new("a.rhai", "fn check(program, param) { met() }");
        let script = compiler.rule_soon(source, &crate::executor::Sequential);
        let copy = script.clone();
        let code = compiler.code(&script).unwrap();
        assert!(std::ptr::eq(code, compiler.code(&copy).unwrap()));
        assert!(!code.has_applies && !code.has_remedy);
    }

    #[test]
    fn what_is_wrong_is_told_to_whoever_asks() {
        let compiler = Arc::new(Compiler::new());
        for text in ["fn check(program", "fn chek(program, param) { met() }"] {
            let soon =
                compiler.rule_soon(Source::new("a.rhai", text), &crate::executor::Sequential);
            let now = compiler.rule(Source::new("a.rhai", text)).unwrap_err();
            let now: Vec<String> = now.iter().map(ToString::to_string).collect();
            assert!(!now.is_empty());
            assert_eq!(problems(&soon, &compiler), now, "{text}");
        }
    }

    #[test]
    fn the_grammar_is_that_of_the_interpreter() {
        let (grammar, engine) = (bindings::grammar(), bindings::engine());
        for text in [
            "fn check(program, param) { eval(\"1\") }",
            "fn check(program, param) { import \"x\" as y; }",
            "fn check(program, param) { unknown }",
            "fn check(program, param) { try { 1 } catch { 2 } }",
            "fn check(program, param) { program.flows.map(|flow| flow.weeks) }",
        ] {
            let said = |engine: &Engine| engine.compile(text).map(drop).map_err(|e| e.to_string());
            assert_eq!(said(&grammar), said(&engine), "{text}");
        }
    }
}
