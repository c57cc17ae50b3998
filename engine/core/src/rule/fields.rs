//! Checking scripts against the schema.
use super::{Page, script::Script};
use crate::problem::Problem;
use crate::schema::Schema;
pub(crate) fn check(_schema: &Schema, _page: &Page, _script: &Script) -> Vec<Problem> { Vec::new() }
pub(crate) fn called(ast: &rhai::AST) -> std::collections::BTreeSet<String> {
    let mut names = std::collections::BTreeSet::new();
    ast.walk(&mut |nodes| {
        if let Some(rhai::ASTNode::Expr(rhai::Expr::FnCall(call, _) | rhai::Expr::MethodCall(call, _))) = nodes.last() {
            names.insert(call.name.to_string());
        }
        if let Some(rhai::ASTNode::Stmt(rhai::Stmt::FnCall(call, _))) = nodes.last() {
            names.insert(call.name.to_string());
        }
        true
    });
    names
}
