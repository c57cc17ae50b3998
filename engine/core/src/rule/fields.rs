//! Checking scripts before any proposal is seen: every field a script reads, every parameter, every word it compares
//! with. A script is walked with the *kinds* of values in place of values, through the functions it calls, so that
//! `flow.week` is found in a helper three calls down as well.

mod walk;

use super::Page;
use super::compiler::Script;
use super::script::{Interpreter, at};
use crate::pointer::Pointer;
use crate::problem::{Problem, did_you_mean};
use crate::schema::Schema;
use crate::source::{Place, Source};
use rhai::{AST, ASTNode, Expr, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// Everything in a script that does not fit the schema or the page.
pub(crate) fn check(
    schema: &Schema,
    page: &Page,
    script: &Script,
    interpreter: &Interpreter,
) -> Vec<Problem> {
    let code = match interpreter.compiler.code(script) {
        Ok(code) => code,
        Err(problems) => return problems.to_vec(),
    };
    let mut own = Functions::default();
    own.add(&code.own, |_| Some(script.source.clone()));
    let functions = Callable {
        own: &own,
        library: interpreter.compiler.library_functions(),
    };
    let mut walker = walk::Walker::new(schema, page, &functions);
    walker.entry_points();
    let (mut problems, used) = walker.finish();
    problems.extend(labels(schema, script));
    for param in page
        .params
        .iter()
        .filter(|param| !used.contains(&param.name))
    {
        let place = Pointer::root().key("params").key(&param.name);
        let problem = Problem::error(format!(
            "the script never uses the parameter `{}`",
            param.name
        ))
        .suggest(format!(
            "take it out of the page, or use `param.{}`",
            param.name
        ));
        problems.push(page.problem_at(&place, problem));
    }
    problems
}

/// Functions by name, with their statements.
#[derive(Default)]
pub(crate) struct Functions(BTreeMap<String, Function>);

/// The functions a script can call.
pub(super) struct Callable<'a> {
    own: &'a Functions,
    library: &'a Functions,
}

impl Callable<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&Function> {
        self.own.0.get(name).or_else(|| self.library.0.get(name))
    }
}

/// One function.
pub(super) struct Function {
    pub(super) params: Vec<String>,
    pub(super) body: Vec<Stmt>,
    pub(super) source: Option<Source>,
}

impl Functions {
    pub(crate) fn add(&mut self, ast: &AST, source: impl Fn(&str) -> Option<Source>) {
        for function in ast.iter_fn_def() {
            let name = function.name.to_string();
            let params = function.params.iter().map(ToString::to_string).collect();
            // The interpreter walks all functions in one go; one at a time tells whose statements they are. (Its
            // `clone_functions_only_filtered` lets all through.)
            let mut alone = ast.clone();
            alone.retain_functions(|_, _, own, _| own == name);
            let mut body = Vec::new();
            alone.walk(&mut |nodes| {
                if let [ASTNode::Stmt(statement)] = nodes {
                    body.push((*statement).clone());
                }
                true
            });
            let source = source(&name);
            self.0.insert(
                name,
                Function {
                    params,
                    body,
                    source,
                },
            );
        }
    }
}

/// The labels of a `switch` must be values that some field can have: a misspelt one would silently never match.
fn labels(schema: &Schema, script: &Script) -> Vec<Problem> {
    let known: BTreeSet<&str> = schema
        .walk()
        .into_iter()
        .flat_map(|id| schema.field(id).choices.iter().map(String::as_str))
        .collect();
    let mut problems = Vec::new();
    for (number, line) in script.source.text().lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let mut column = 1;
        let mut pieces = code.split("=>").peekable();
        while let Some(piece) = pieces.next() {
            // The labels stand between the last brace or comma and the arrow.
            let start = piece.rfind(['{', ',']).map_or(0, |at| at + 1);
            let (before, own) = piece.split_at_checked(start).unwrap_or(("", piece));
            let mut at = column + before.chars().count();
            for (index, part) in own
                .split('"')
                .enumerate()
                .take_while(|_| pieces.peek().is_some())
            {
                if index % 2 == 1 && !known.contains(part) {
                    let problem = Problem::error(format!("`{part}` is not a value of any field"))
                        .expected("a value of an enumeration in the schema")
                        .suggest_maybe(did_you_mean(part, known.iter().copied()));
                    let place = Place {
                        line: number + 1,
                        column: at,
                    };
                    problems.push(at_place(script, place, problem));
                }
                at += part.chars().count() + 1;
            }
            column += piece.chars().count() + 2;
        }
    }
    problems
}

fn at_place(script: &Script, place: Place, problem: Problem) -> Problem {
    at(&script.source, Some(place), problem)
}

/// What to say of a path in a script that is no field.
pub(super) fn unknown_path(schema: &Schema, path: &str) -> Problem {
    crate::schema::unknown_path(schema, path)
}

/// The names of all functions a script calls.
pub(crate) fn called(ast: &AST) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    ast.walk(&mut |nodes| {
        let call = match nodes.last() {
            Some(
                ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
                | ASTNode::Stmt(Stmt::FnCall(call, _)),
            ) => Some(call),
            _ => None,
        };
        names.extend(call.map(|call| call.name.to_string()));
        true
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_its_own_statements_and_no_others() {
        let ast = rhai::Engine::new_raw()
            .compile("fn a(x) { let y = x; y } fn b(x, z) { [x].map(|v| v + z) } fn c() { 1 }")
            .unwrap();
        let mut functions = Functions::default();
        functions.add(&ast, |_| None);
        let statements = |name: &str| functions.0.get(name).map(|found| found.body.len());
        assert_eq!(["a", "b", "c"].map(statements), [Some(2), Some(1), Some(1)]);
    }
}
