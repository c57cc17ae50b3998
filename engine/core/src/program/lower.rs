//! From the syntax of a script to what runs: names become numbers, functions are found, labels are read.

mod calls;

use super::check::labels::{self, arms};
use super::code::{Arm, Function, Label, Node, Op, Program, Sign, Switch};
use super::value::Value;
use super::{Callable, check};
use crate::problem::Problem;
use crate::rule::compiler::ENTRY_POINTS;
use crate::rule::facts::{Step, step};
use crate::rule::script::{at, place};
use crate::schema::Schema;
use crate::source::Source;
use rhai::{
    ASTFlags, BinaryExpr, Dynamic, Expr, FnPtr, ImmutableString, OpAssignment, Position, Stmt,
    SwitchCasesCollection,
};
use std::collections::BTreeMap;

/// Finds a plugin's function: the plugin's place in the list, and the function's place in the manifest.
pub(crate) type Find<'a> = &'a dyn Fn(&str) -> Option<(usize, usize)>;

/// Makes a script ready to run; everything that is not part of the language where it is not.
pub(crate) fn lower(
    schema: &Schema,
    functions: &Callable<'_>,
    plugins: Find<'_>,
) -> Result<Program, Vec<Problem>> {
    let mut lower = Lower::new(schema, functions, plugins);
    let entries = ENTRY_POINTS.map(|name| lower.function(name));
    lower.program(entries)
}

/// Makes one function of the library ready to run.
pub(crate) fn lower_one(
    schema: &Schema,
    functions: &Callable<'_>,
    plugins: Find<'_>,
    name: &str,
) -> Result<Program, Vec<Problem>> {
    let mut lower = Lower::new(schema, functions, plugins);
    let entries = [lower.function(name), None, None];
    lower.program(entries)
}

struct Lower<'a> {
    schema: &'a Schema,
    functions: &'a Callable<'a>,
    plugins: Find<'a>,
    numbers: BTreeMap<String, usize>,
    ready: Vec<Function>,
    /// The names in scope; a name's place is its number.
    names: Vec<String>,
    most: usize,
    source: Option<Source>,
    problems: Vec<Problem>,
}

impl<'a> Lower<'a> {
    fn new(schema: &'a Schema, functions: &'a Callable<'a>, plugins: Find<'a>) -> Self {
        Self {
            schema,
            functions,
            plugins,
            numbers: BTreeMap::new(),
            ready: Vec::new(),
            names: Vec::new(),
            most: 0,
            source: None,
            problems: Vec::new(),
        }
    }

    fn program(self, entries: [Option<usize>; 3]) -> Result<Program, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(Program {
                functions: self.ready,
                entries,
            });
        }
        Err(self.problems)
    }

    /// The number of a function, which is made ready when it is first asked for.
    fn function(&mut self, name: &str) -> Option<usize> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        let function = self.functions.get(name)?;
        let number = self.ready.len();
        self.ready.push(Function::default());
        self.numbers.insert(name.to_owned(), number);
        let names = std::mem::replace(&mut self.names, function.params.clone());
        let most = std::mem::replace(&mut self.most, function.params.len());
        let source = self.source.clone();
        if function.source.is_some() {
            self.source.clone_from(&function.source);
        }
        let body = self.statements(&function.body);
        let made = Function {
            params: function.params.len(),
            names: self.most,
            body,
            source: self.source.clone(),
        };
        self.source = source;
        self.most = most;
        self.names = names;
        if let Some(slot) = self.ready.get_mut(number) {
            *slot = made;
        }
        Some(number)
    }

    fn no(&mut self, position: Position, message: impl Into<String>) -> Op {
        let problem = Problem::error(message.into());
        self.problems.push(match &self.source {
            Some(source) => at(source, place(position), problem),
            None => problem,
        });
        Op::Constant(Value::Nothing)
    }

    fn name(&mut self, name: &str) -> usize {
        self.names.push(name.to_owned());
        self.most = self.most.max(self.names.len());
        self.names.len() - 1
    }

    fn known(&self, name: &str) -> Option<usize> {
        self.names.iter().rposition(|own| own == name)
    }

    fn statements(&mut self, statements: &[Stmt]) -> Vec<Node> {
        let before = self.names.len();
        let all = statements
            .iter()
            .filter(|statement| !matches!(statement, Stmt::Noop(_) | Stmt::Share(_)))
            .map(|statement| Node {
                at: check::statements::start(statement),
                op: self.statement(statement),
            })
            .collect();
        self.names.truncate(before);
        all
    }

    /// Statements as one step.
    fn block(&mut self, statements: &[Stmt], at: Position) -> Node {
        let mut all = self.statements(statements);
        match all.len() {
            1 => all.remove(0),
            _ => Node {
                at,
                op: Op::Block(all),
            },
        }
    }

    fn statement(&mut self, statement: &Stmt) -> Op {
        match statement {
            Stmt::Expr(expr) => self.expr(expr).op,
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => Op::Block(self.statements(block.statements())),
            Stmt::If(flow, position) => {
                let condition = self.expr(&flow.expr);
                let then = self.block(flow.body.statements(), *position);
                let other = self.block(flow.branch.statements(), *position);
                Op::If(Box::new((condition, then, other)))
            }
            Stmt::Switch(parts, position) => self.switch(&parts.0, &parts.1, *position),
            Stmt::For(parts, position) if parts.1.is_none() => {
                let list = self.expr(&parts.2.expr);
                let name = self.name(&parts.0.name);
                let body = self.block(parts.2.body.statements(), *position);
                self.names.pop();
                Op::For(name, Box::new((list, body)))
            }
            Stmt::Var(parts, _, _) => {
                let value = self.expr(&parts.1);
                Op::Let(self.name(&parts.0.name), Box::new(value))
            }
            Stmt::Assignment(parts) => self.assign(&parts.0, &parts.1.lhs, &parts.1.rhs),
            Stmt::Return(value, flags, _) if !flags.intersects(ASTFlags::BREAK) => {
                let value = value.as_ref().map(|value| Box::new(self.expr(value)));
                Op::Return(value)
            }
            Stmt::BreakLoop(None, flags, _) => {
                if flags.intersects(ASTFlags::BREAK) {
                    Op::Break
                } else {
                    Op::Continue
                }
            }
            other => self.no(
                other.position(),
                "this statement is not part of the language: every rule has to end",
            ),
        }
    }

    fn assign(&mut self, sign: &OpAssignment, to: &Expr, value: &Expr) -> Op {
        let position = to.start_position();
        let mut value = self.expr(value);
        if let Some((.., operator)) = sign.get_op_assignment_info() {
            let Some(operator) = Sign::of(operator) else {
                return self.no(
                    sign.position(),
                    format!("`{operator}` is not part of the language"),
                );
            };
            let before = self.expr(to);
            value = Node {
                at: sign.position(),
                op: Op::Sum(Box::new((before, value)), operator),
            };
        }
        match to {
            Expr::Variable(parts, ..) => match self.known(&parts.1) {
                Some(name) => Op::Let(name, Box::new(value)),
                None => self.no(
                    position,
                    format!("there is nothing called `{}` here", parts.1),
                ),
            },
            Expr::Dot(parts, ..) | Expr::Index(parts, ..) => {
                let name = match &parts.lhs {
                    Expr::Variable(name, ..) => self.known(&name.1),
                    _ => None,
                };
                let key = match &parts.rhs {
                    Expr::Property(property, at) => Some(Node {
                        at: *at,
                        op: Op::Constant(Value::Text(property.2.clone())),
                    }),
                    Expr::Dot(..) | Expr::Index(..) | Expr::MethodCall(..) => None,
                    key => Some(self.expr(key)),
                };
                match (name, key) {
                    (Some(name), Some(key)) => Op::Entry(name, Box::new((key, value))),
                    _ => self.no(position, "nothing can be assigned to this"),
                }
            }
            _ => self.no(position, "nothing can be assigned to this"),
        }
    }

    fn switch(&mut self, on: &Expr, cases: &SwitchCasesCollection, position: Position) -> Op {
        let on = self.expr(on);
        let read = self.source.as_ref().and_then(|source| {
            let offset = source.offset(place(position)?)?;
            arms(source.text(), offset)
        });
        let Some(read) = read.filter(|read| read.len() == cases.expressions.len()) else {
            return self.no(position, "the labels of this `switch` cannot be read");
        };
        let arms = read.iter().zip(&cases.expressions).map(|(read, arm)| Arm {
            labels: read
                .labels
                .iter()
                .map(|(label, _)| lowered(label))
                .collect(),
            condition: (!matches!(arm.lhs, Expr::BoolConstant(true, _)))
                .then(|| self.expr(&arm.lhs)),
            gives: self.expr(&arm.rhs),
        });
        let arms = arms.collect();
        Op::Switch(Box::new(Switch { on, arms }))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Node {
        Node {
            at: expr.start_position(),
            op: self.op(expr),
        }
    }

    fn op(&mut self, expr: &Expr) -> Op {
        if let Some(value) = constant(expr) {
            return Op::Constant(value);
        }
        match expr {
            Expr::Variable(parts, _, position) => match self.known(&parts.1) {
                Some(name) => Op::Name(name),
                None => self.no(
                    *position,
                    format!("there is nothing called `{}` here", parts.1),
                ),
            },
            Expr::DynamicConstant(value, position) => match value.clone().try_cast::<FnPtr>() {
                Some(closure) => self.closure(closure.fn_name(), &[], *position),
                None => self.no(*position, "this value is not part of the language"),
            },
            Expr::Array(items, _) => Op::List(items.iter().map(|item| self.expr(item)).collect()),
            Expr::Map(parts, _) => {
                let entries = parts.0.iter();
                let entries = entries.map(|(key, value)| {
                    (ImmutableString::from(key.name.as_str()), self.expr(value))
                });
                Op::Table(entries.collect())
            }
            Expr::InterpolatedString(parts, _) => {
                Op::Text(parts.iter().map(|part| self.expr(part)).collect())
            }
            Expr::And(parts, _) => Op::And(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Or(parts, _) => Op::Or(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Stmt(block) => self.block(block.statements(), block.position()).op,
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::Dot(parts, ..) | Expr::Index(parts, ..) => {
                let base = self.expr(&parts.lhs);
                self.chain(base, &parts.lhs, expr, parts).op
            }
            other => self.no(
                other.position(),
                "this expression is not part of the language",
            ),
        }
    }

    /// Follows `.a.b(c)[d]` from a base; chains lean to the right.
    fn chain(&mut self, base: Node, first: &Expr, whole: &Expr, parts: &BinaryExpr) -> Node {
        let (index, flags) = match whole {
            Expr::Index(_, flags, _) => (true, *flags),
            Expr::Dot(_, flags, _) => (false, *flags),
            _ => return base,
        };
        match &parts.rhs {
            Expr::Dot(inner, ..) | Expr::Index(inner, ..) if !flags.intersects(ASTFlags::BREAK) => {
                let here = self.step(base, first, index, &inner.lhs);
                self.chain(here, &inner.lhs, &parts.rhs, inner)
            }
            last => self.step(base, first, index, last),
        }
    }

    fn step(&mut self, base: Node, from: &Expr, index: bool, expr: &Expr) -> Node {
        let at = expr.start_position();
        let op = match expr {
            Expr::Property(parts, _) if !index => {
                Op::Property(Box::new(base), self.named(&parts.2))
            }
            Expr::MethodCall(call, position) if !index => self.method(base, from, call, *position),
            Expr::IntegerConstant(number, _) if *number < 0 => {
                let back = usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX);
                Op::End(Box::new(base), back)
            }
            Expr::StringConstant(name, _) => Op::Property(Box::new(base), self.named(name)),
            key => Op::Index(Box::new((base, self.expr(key)))),
        };
        Node { at, op }
    }

    fn named(&self, name: &str) -> Step {
        step(self.schema, name)
    }

    fn closure(&mut self, name: &str, captured: &[Expr], position: Position) -> Op {
        let mut names = Vec::new();
        for captured in captured {
            match captured {
                Expr::Variable(parts, ..) => names.extend(self.known(&parts.1)),
                _ => return self.no(position, "a closure captures names only"),
            }
        }
        match self.function(name) {
            Some(function) => Op::Closure(function, names),
            None => self.no(position, format!("there is no function `{name}`")),
        }
    }
}

fn lowered(label: &labels::Label) -> Label {
    match label {
        labels::Label::Text(text) => Label::Value(Value::text(text.as_str())),
        labels::Label::Number(number) => Label::Value(Value::Number(*number)),
        labels::Label::YesNo(flag) => Label::Value(Value::YesNo(*flag)),
        labels::Label::Range(from, to, inclusive) => Label::Range(*from, *to, *inclusive),
        labels::Label::Other => Label::Other,
    }
}

/// A value that is written in the script.
fn constant(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Unit(_) => Some(Value::Nothing),
        Expr::Map(..) | Expr::InterpolatedString(..) | Expr::FnCall(..) => None,
        _ => plain(&expr.get_literal_value(None)?),
    }
}

fn plain(value: &Dynamic) -> Option<Value> {
    if let Some(number) = crate::rule::compare::as_number(value) {
        return Some(Value::Number(number));
    }
    if let Ok(flag) = value.as_bool() {
        return Some(Value::YesNo(flag));
    }
    if let Some(text) = crate::rule::compare::text(value) {
        return Some(Value::text(text));
    }
    let items = value.as_array_ref().ok()?;
    let items = items.iter().map(plain).collect::<Option<Vec<_>>>()?;
    Value::list(items)
}
