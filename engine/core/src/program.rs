//! What a rule's script means before any proposal is seen: its language is closed, every expression has a type, and whatever does
//! not fit is said at once with its place. Nothing here runs a script, and nothing depends on what does.

mod check;
pub(crate) mod code;
pub mod lexer;
mod lower;
pub(crate) mod machine;
mod natives;
pub(crate) mod stored;
mod types;
pub(crate) mod value;

use crate::plugin::Manifest;
use crate::problem::Problem;
use crate::rule::Page;
use crate::rule::compiler::{Compiler, ENTRY_POINTS};
use crate::schema::Schema;
use crate::source::Source;
use rhai::{AST, ASTNode, Stmt};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use check::check;
pub(crate) use lower::{Find, lower, lower_one};
pub(crate) use natives::native;
pub use natives::{FORMATS, Native, natives};

/// Everything wrong with the text of a rule's script, over this schema and under this page: syntax, types, paths, words. The
/// script stands alone, without a pack's library and without plugins.
pub fn check_text(schema: &Schema, page: &Page, source: &Source) -> Vec<Problem> {
    let compiler = Compiler::new();
    let script = match compiler.rule(source.clone()) {
        Ok(script) => script,
        Err(problems) => return problems,
    };
    let surroundings = Surroundings {
        schema,
        compiler: &compiler,
        plugins: &[],
        params: BTreeMap::new(),
    };
    check(&surroundings, page, &script)
}

/// What a script is checked against, beside its page.
pub(crate) struct Surroundings<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) compiler: &'a Compiler,
    /// The plugins whose functions scripts can call.
    pub(crate) plugins: &'a [&'a Manifest],
    /// Parameters that settings give another value than the page.
    pub(crate) params: BTreeMap<String, Value>,
}

/// Functions by name, with their statements.
#[derive(Default)]
pub(crate) struct Functions(BTreeMap<String, Function>);

/// The functions a script can call.
pub(crate) struct Callable<'a> {
    pub(crate) own: &'a Functions,
    pub(crate) library: &'a Functions,
}

impl Callable<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&Function> {
        self.own.0.get(name).or_else(|| self.library.0.get(name))
    }

    /// The names that a person wrote: closures have none.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.own.0.keys().chain(self.library.0.keys());
        all.map(String::as_str).filter(|name| !name.contains('$'))
    }
}

/// One function.
pub(crate) struct Function {
    pub(crate) params: Vec<String>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) source: Option<Source>,
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

    /// The functions that a person wrote and the engine does not call.
    pub(crate) fn helpers(&self) -> impl Iterator<Item = (&str, &Function)> {
        self.0
            .iter()
            .map(|(name, function)| (name.as_str(), function))
            .filter(|(name, _)| !name.contains('$') && !ENTRY_POINTS.contains(name))
    }
}

/// The names of all functions a script calls.
pub(crate) fn called(ast: &AST) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    ast.walk(&mut |nodes| {
        let call = match nodes.last() {
            Some(
                ASTNode::Expr(rhai::Expr::FnCall(call, _) | rhai::Expr::MethodCall(call, _))
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
